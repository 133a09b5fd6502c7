"""Timelines beside journalists' chronologies: date F1 on six topics.

The product's own way: the affair's rule keeps articles, their sentences are dated, events built,
the most important taken. Peers are the best of three ways of counting, from the corpora's README.
It never writes to the corpora.
"""

import gzip
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path

import msgspec

from bench.rows import Row
from model.event import DatedSentence, Event
from model.matching import Subject, matches
from model.query import parse_query
from nlp.centre import gather_centre
from nlp.dates import find_dates
from nlp.events import ArticleFacts, build_events, dated_sentences
from nlp.sentences import split_sentences

RULES = {
    "fr-syria": "syri* OR assad",
    "fr-libya": "liby* OR kadhafi",
    "en-syria": "syria* OR assad",
    "en-libya": "libya* OR gaddafi OR gadhafi OR qaddafi",
    "en-mj": '"michael jackson" OR "conrad murray"',
    "en-finan": '"financial crisis" OR bank* OR bailout* OR stock* OR credit',
}
"""What a reader would type for each topic, from its name alone."""

BEST_COUNTING = {
    "fr-syria": 0.20,
    "fr-libya": 0.36,
    "en-syria": 0.09,
    "en-libya": 0.29,
    "en-mj": 0.39,
    "en-finan": 0.37,
}


class _Article(msgspec.Struct):
    published: date
    lang: str
    text: str


def bench_timelines(shared: Path) -> list[Row]:
    """Return a row for each topic that is there: mean date F1 over its gold timelines."""
    folder = shared / "corpora" / "timelines"
    topics = [topic for topic in RULES if (folder / topic).is_dir()]
    return [_row(topic, folder / topic) for topic in topics]


def _row(topic: str, folder: Path) -> Row:
    golds = _load_golds(folder / "gold.json")
    ranked = rank_events(tuple(_load_articles(folder / "articles.jsonl.gz")), RULES[topic])
    value = sum(date_f1(ranked[: len(gold)], gold) for gold in golds) / len(golds)
    return Row(
        stage="events",
        set=f"timelines/{topic}",
        measure="date F1",
        vigie=value,
        peer="best of three counts",
        peer_value=BEST_COUNTING[topic],
        ratio=value / BEST_COUNTING[topic],
    )


def date_f1(events: Sequence[Event], gold: frozenset[date]) -> float:
    """Return F1 between the dates of as many events as the gold timeline has and its dates."""
    predicted = {event.date for event in events}
    return 2 * len(predicted & gold) / (len(predicted) + len(gold)) if predicted else 0.0


def rank_events(articles: Sequence[_Article], rule: str) -> list[Event]:
    """Return the events the kept articles tell, the most important first."""
    query = parse_query(rule)
    kept = [each for each in articles if matches(query, Subject(title="", text=each.text))]
    dated = [_date_sentences(number, each) for number, each in enumerate(kept, 1)]
    events = build_events([one for each in dated for one in each], gather_centre(dated))
    return sorted(events, key=lambda event: -event.score)


def _date_sentences(number: int, article: _Article) -> tuple[DatedSentence, ...]:
    facts = ArticleFacts(
        article=number,
        url=f"urn:article:{number}",
        lang=article.lang,
        published_at=datetime.combine(article.published, time(12), UTC),
        published_on=article.published,
    )
    spans = split_sentences(article.text, article.lang)
    return dated_sentences(
        facts, article.text, spans, find_dates(article.text, article.lang, article.published)
    )


def _load_articles(path: Path) -> Iterator[_Article]:
    with gzip.open(path, "rb") as lines:
        for line in lines:
            yield msgspec.json.decode(line, type=_Article)


def _load_golds(path: Path) -> list[frozenset[date]]:
    timelines = msgspec.json.decode(path.read_bytes(), type=list[dict[date, list[str]]])
    return [frozenset(timeline) for timeline in timelines]
