"""Documents per CPU second of each part that reads a text, beside cutting it into words.

The same real articles in French and English, all parts in turn, the cheapest of a few rounds. The
whole tagging stands beside spaCy's own pipelines as they come, which find names alone. Peers of
single parts stand with those: `names`, `dates`, `copies`. It never writes to the corpora.
"""

import time
from collections.abc import Callable, Sequence
from functools import cache, partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from bench.interleaving import best_interleaved
from bench.memory import TOPICS, read_articles
from bench.rows import Row
from model.article import Reading
from model.config import Config, NlpSettings, load_config
from model.mention import Mention
from model.words import words
from nlp.tagging import Tagger

if TYPE_CHECKING:
    from spacy.language import Language

ROOT = Path(__file__).resolve().parents[1]
ARTICLES, QUICK_ARTICLES = 80, 16
REPEATS, QUICK_REPEATS = 3, 1
FLOOR, PEER, WHOLE = "words cut", "spaCy's pipelines as they come", "whole tagging"
MODELS = NlpSettings().models

Read = Callable[["Document"], object]


class Document(msgspec.Struct, frozen=True):
    """An article to read, with the watched names in it."""

    text: str
    lang: str
    listed: tuple[Mention, ...] = ()


class Spent(msgspec.Struct, frozen=True):
    """The CPU seconds that all documents took."""

    cpu_s: float


def bench_nlp_speed(shared: Path, *, quick: bool) -> list[Row]:
    """Return the documents per CPU second of each part."""
    folder = shared / "corpora" / "timelines"
    if not all((folder / topic).is_dir() for topic in TOPICS):
        return []
    each = (QUICK_ARTICLES if quick else ARTICLES) // len(TOPICS)
    documents = [
        Document(text, topic[:2])
        for topic in TOPICS
        for text in read_articles(folder / topic, each)
    ]
    config = load_config(ROOT / "config.toml")
    tagger = Tagger(config.entities, NlpSettings(), config.affair.timezone)
    parts = _parts(config, tagger)
    for read in parts.values():
        for document in (documents[0], documents[-1]):
            read(document)  # what a part loads is not its speed
    contenders = {name: partial(_spend, read, documents, tagger) for name, read in parts.items()}
    best = best_interleaved(contenders, QUICK_REPEATS if quick else REPEATS)
    speeds = {name: len(documents) / max(spent.cpu_s, 1e-9) for name, spent in best.items()}
    ours = [name for name in speeds if name not in (FLOOR, PEER)]
    return [
        *(_row(name, speeds[name], FLOOR, speeds[FLOOR]) for name in ours),
        _row(WHOLE, speeds[WHOLE], PEER, speeds[PEER]),
    ]


def _spend(read: Read, documents: Sequence[Document], tagger: Tagger) -> Spent:
    # what is remembered of a text is of no use to the next round: it is another text
    ending = f"\n{next(_ROUNDS)}"
    fresh = [
        Document(one.text + ending, one.lang, tagger.find_listed(one.text)) for one in documents
    ]
    started = time.process_time()
    for document in fresh:
        read(document)
    return Spent(time.process_time() - started)


_ROUNDS = count()


def _parts(config: Config, tagger: Tagger) -> dict[str, Read]:
    """Return what reads a document in each part, the cheap ones first, and what it is beside."""
    from app.steps.relevance import Rule
    from nlp.dates.finding import find_dates
    from nlp.language import detect_language
    from nlp.names.reading import find_names
    from nlp.quotes.finding import find_quotes
    from nlp.retellings.copies import compare
    from nlp.retellings.copy_texts import Text
    from nlp.retellings.credits import find_credits
    from nlp.retellings.prints import prints_of
    from nlp.sentences import split_sentences
    from nlp.vectors import embed_lead

    rule = Rule(config, tagger)
    return {
        FLOOR: lambda one: words(one.text),
        "language": lambda one: detect_language(one.text),
        "watch list": lambda one: tagger.find_listed(one.text),
        "rule": lambda one: rule.judge(_reading(one)),
        "sentences": lambda one: split_sentences(one.text, one.lang),
        "dates": lambda one: find_dates(one.text, one.lang, None),
        "quotes, names given": lambda one: find_quotes(one.text, one.lang, one.listed),
        "credits": lambda one: find_credits(one.text),
        "prints of copies": lambda one: prints_of(one.text),
        "one pair compared": lambda one: compare(
            Text(article=1, text=one.text, lang=one.lang),
            Text(article=2, text=one.text[len(one.text) // 3 :], lang=one.lang),
        ),
        "vector of the lead": lambda one: embed_lead("", one.text),
        "names, with the model": lambda one: find_names(one.text, MODELS[one.lang], one.listed),
        WHOLE: lambda one: tagger.tag(one.text, lang=one.lang),
        PEER: lambda one: _pipeline(MODELS[one.lang])(one.text),
    }


@cache
def _pipeline(name: str) -> "Language":
    import spacy

    return spacy.load(name)


def _reading(one: Document) -> Reading:
    url = "https://a.example/1"
    return Reading(
        url=url, canonical_url=url, title="", text=one.text, site="a.example", lang=one.lang
    )


def _row(name: str, ours: float, peer: str, theirs: float) -> Row:
    return Row(
        stage="speed of nlp",
        set=name,
        measure="documents per CPU s",
        vigie=ours,
        peer=peer,
        peer_value=theirs,
        ratio=ours / theirs,
        loses=peer == PEER and ours < theirs,
    )
