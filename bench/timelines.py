"""Timelines beside journalists' chronologies: date F1 on six topics.

The product's own way: the affair's rule keeps articles, their sentences are dated, events built,
the most important taken. Peers are the best of three ways of counting, from the corpora's README.
The weights of `nlp/events/importance.py` were chosen on these six topics: decision 0049 says what
they reach on a topic that had no part in the choice. It never writes to the corpora.
"""

import gzip
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from time import process_time

import msgspec

from bench.rows import Row
from model.event import DatedSentence, Event
from model.matching import Subject, matches
from model.query import parse_query
from nlp.dates.finding import find_dates
from nlp.events.building import ArticleFacts, build_events, dated_sentences
from nlp.events.centre import gather_centre
from nlp.sentences import split_sentences
from nlp.vectors import embed

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
    """Return the rows of each topic that is there: mean date F1 over its gold timelines.

    Beside it, the same between each chronology's first and last day, as `--from` and `--to` ask;
    and how many articles are dated and built into events in a CPU second.
    """
    folder = shared / "corpora" / "timelines"
    topics = [topic for topic in RULES if (folder / topic).is_dir()]
    return [row for topic in topics for row in _rows(topic, folder / topic)]


def _rows(topic: str, folder: Path) -> Iterator[Row]:
    golds = _load_golds(folder / "gold.json")
    articles = tuple(_load_articles(folder / "articles.jsonl.gz"))
    started = process_time()
    dated = date_kept(articles, RULES[topic])
    dated_s = process_time() - started
    ranked = rank_events(dated)
    took_s = process_time() - started
    value = sum(date_f1(ranked[: len(gold)], gold) for gold in golds) / len(golds)
    between = sum(date_f1(_between(ranked, gold), gold) for gold in golds) / len(golds)
    speeds = len(articles) / took_s, len(articles) / dated_s
    yield _row(topic, "date F1", value, "best of three counts", BEST_COUNTING[topic])
    yield _row(topic, "date F1, between its ends", between, "no days asked", value)
    yield _row(topic, "articles/CPU s", speeds[0], "rule and dates alone", speeds[1])


def _row(topic: str, measure: str, value: float, peer: str, peer_value: float) -> Row:
    return Row(
        stage="events",
        set=f"timelines/{topic}",
        measure=measure,
        vigie=value,
        peer=peer,
        peer_value=peer_value,
        ratio=value / peer_value,
    )


def _between(ranked: Sequence[Event], gold: frozenset[date]) -> list[Event]:
    """Return as many events as a chronology has, between its first day and its last."""
    first, last = min(gold), max(gold)
    return [event for event in ranked if first <= event.date <= last][: len(gold)]


def date_f1(events: Sequence[Event], gold: frozenset[date]) -> float:
    """Return F1 between the dates of as many events as the gold timeline has and its dates."""
    predicted = {event.date for event in events}
    return 2 * len(predicted & gold) / (len(predicted) + len(gold)) if predicted else 0.0


def date_kept(articles: Sequence[_Article], rule: str) -> list[tuple[DatedSentence, ...]]:
    """Return the dated sentences of each article that a rule keeps."""
    query = parse_query(rule)
    kept = [each for each in articles if matches(query, Subject(title="", text=each.text))]
    return [_date_sentences(number, each) for number, each in enumerate(kept, 1)]


def rank_events(dated: Sequence[Sequence[DatedSentence]]) -> list[Event]:
    """Return the events that articles tell, the most important first."""
    sentences = [one for each in dated for one in each]
    events = build_events(sentences, gather_centre(dated), meaning=embed)
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
