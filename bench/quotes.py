"""Quotes and their speakers beside a floor and textacy, on texts labelled by hand.

26 English and French texts, drawn with seed 5 from the news pages (English bodies of 1,500 to
9,000 characters, all four French ones) and from the French timelines; odd ones are the test half.
The rules of nlp/ were written and mended on the development half and on other texts of the same
sets. Whoever wrote them had labelled both halves before, and so had read the test texts, but not
what the rules made of them; the test half's figures were looked at a few times meanwhile, its
errors never. The names are the product's own (`Tagger` without a watch list).

The floor takes whatever stands between marks for a quote and the nearest person for its speaker.
textacy (Apache-2.0, English only, direct quotes only, some 290 MB with what it needs) is measured
where it is installed: `pip install textacy`. It gives up on a text with an odd number of marks;
a pronoun it gives as the speaker counts as none. From the text on means our whole tagging (names,
dates, quotes) beside its parser and its quotes. It never writes to the corpora.
"""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from math import isnan, nan
from pathlib import Path

import msgspec

from bench.quote_truth import (
    OVERLAP,
    Found,
    Labelled,
    Score,
    load_labelled,
    score_spans,
    score_speakers,
)
from bench.rows import Row
from model.config import NlpSettings
from model.mention import EntityKind, Mention
from nlp.models import load_pipeline
from nlp.quotes.finding import find_quotes
from nlp.quotes.marks import find_marked
from nlp.tagging import Tagger

FLOOR = "marks, nearest person"
PEER = "textacy"
HALVES = ("development", "test")
_BETWEEN_MARKS = re.compile(r"«([^»]*)»|“([^”]*)”|\"([^\"]*)\"")
TRIES = 5
_UNMEASURED = Score()


class Read(msgspec.Struct, frozen=True):
    """A labelled text and the names in it."""

    labelled: Labelled
    text: str
    mentions: tuple[Mention, ...]


Finder = Callable[[Read], Sequence[Found]]


def bench_quotes(shared: Path, *, quick: bool) -> list[Row]:
    """Return precision and recall on both halves and languages, then documents per CPU second."""
    tagger = Tagger((), NlpSettings())
    reads = [
        Read(labelled, text, tagger.tag(text, lang=labelled.lang).mentions)
        for labelled, text in load_labelled(shared)
    ]
    if not reads:
        return []
    peer = load_peer()
    rows = [row for part in _parts(reads) for row in _quality(*part, find_ours, FLOOR, find_floor)]
    english = [part for part in _parts(reads) if part[0].endswith("/en")]
    rows += [row for part in english for row in _quality(*part, find_ours, PEER, peer)]
    return [*rows, *_speed(reads, tagger, peer, 1 if quick else TRIES)]


def _parts(reads: Sequence[Read]) -> Iterator[tuple[str, list[Read]]]:
    for half in HALVES:
        for lang in ("fr", "en"):
            part = [one for one in reads if (one.labelled.half, one.labelled.lang) == (half, lang)]
            yield f"{half}/{lang}", part


def _quality(
    name: str, part: Sequence[Read], ours: Finder, peer: str, theirs: Finder | None
) -> Iterator[Row]:
    for measure, score in _MEASURES.items():
        if peer == PEER and measure in _OF_REPORTED:
            continue
        one, other = score(part, ours), score(part, theirs) if theirs else _UNMEASURED
        for kind in ("precision", "recall"):
            count = one.found if kind == "precision" else one.wanted
            values = getattr(one, kind), getattr(other, kind)
            yield _row(name, f"{measure}: {kind} (of {count})", values, peer)


def _row(name: str, measure: str, values: tuple[float, float], peer: str) -> Row:
    ours, theirs = values
    ratio = ours / theirs if theirs and not isnan(theirs) else nan
    return Row(
        stage="quotes",
        set=name,
        measure=measure,
        vigie=ours,
        peer=peer,
        peer_value=theirs,
        ratio=ratio,
        loses=not isnan(theirs) and theirs > ours,
    )


def _spans(part: Sequence[Read], find: Finder, kind: str, least: float) -> Score:
    total = Score()
    for one in part:
        total.add(score_spans(one.text, one.labelled.labels, find(one), kind, least))
    return total


def _speakers(part: Sequence[Read], find: Finder, *kinds: str) -> Score:
    total = Score()
    for one in part:
        total.add(score_speakers(one.text, one.labelled.labels, find(one), one.mentions, kinds))
    return total


_MEASURES: dict[str, Callable[[Sequence[Read], Finder], Score]] = {
    "direct, overlap ≥ .8": lambda part, find: _spans(part, find, "direct", OVERLAP),
    "direct, exact": lambda part, find: _spans(part, find, "direct", 1),
    "reported, overlap ≥ .8": lambda part, find: _spans(part, find, "reported", OVERLAP),
    "reported, exact": lambda part, find: _spans(part, find, "reported", 1),
    "speaker, direct": lambda part, find: _speakers(part, find, "direct"),
    "speaker, both kinds": lambda part, find: _speakers(part, find, "direct", "reported"),
}
_OF_REPORTED = ("reported, overlap ≥ .8", "reported, exact", "speaker, both kinds")


def find_ours(read: Read) -> list[Found]:
    """Return what the product finds; a direct quote is one that quotation marks open."""
    marks = {mark.start for mark in find_marked(read.text)}
    return [
        Found("direct" if one.start in marks else "reported", one.start, one.end, one.speaker)
        for one in find_quotes(read.text, read.labelled.lang, read.mentions)
    ]


def find_floor(read: Read) -> list[Found]:
    """Return all that stands between marks, each by the person named nearest to it."""
    people = [one for one in read.mentions if one.kind is EntityKind.PERSON]
    found = []
    for pair in _BETWEEN_MARKS.finditer(read.text):
        start, end = pair.span(pair.lastindex or 0)
        near = min(people, key=lambda one: _gap(one, start, end), default=None)
        found.append(Found("direct", start, end, near.entity if near else None))
    return found


def _gap(name: Mention, start: int, end: int) -> int:
    return max(start - name.end, name.start - end, 0) if not start <= name.start < end else 10**9


def load_peer() -> Finder | None:
    """Return textacy's direct quotations in an English text, None where it is not installed."""
    if find_spec("textacy") is None:
        return None
    direct_quotations = import_module("textacy.extract.triples").direct_quotations
    nlp = import_module("spacy").load(NlpSettings().models["en"])

    def find(read: Read) -> list[Found]:
        doc = nlp(read.text)
        try:
            triples = list(direct_quotations(doc))
        except ValueError:  # an odd number of quotation marks
            return []
        return [
            Found(
                "direct",
                one.content.start_char,
                one.content.end_char,
                _spelt(" ".join(token.text for token in one.speaker)),
            )
            for one in triples
        ]

    return find


def _spelt(speaker: str) -> str | None:
    """Return a name, None for a pronoun or a common noun."""
    words = [word for word in speaker.split() if word[0].isupper()]
    return " ".join(words) if words and words[0].lower() not in ("he", "she", "they", "i") else None


def _speed(reads: Sequence[Read], tagger: Tagger, peer: Finder | None, tries: int) -> Iterator[Row]:
    ours, floor = _rates(reads, tries, find_ours, find_floor)
    yield _row("all/fr+en", "documents per CPU s, names given", (ours, floor), FLOOR)
    english = [one for one in reads if one.labelled.lang == "en"]
    load_pipeline(NlpSettings().models["en"])
    whole, other = _rates(english, tries, lambda one: _tagged(tagger, one), peer)
    yield _row("all/en", "documents per CPU s, from the text on", (whole, other), PEER)


def _tagged(tagger: Tagger, read: Read) -> list[Found]:
    tagger.tag(read.text, lang="en")
    return []


def _rates(
    reads: Sequence[Read], tries: int, one: Finder, other: Finder | None
) -> tuple[float, float]:
    """Return the documents per CPU second of two finders, in turns, the best of a few."""
    ours = theirs = nan
    for _ in range(tries):
        ours = max(_rate(reads, one), 0.0 if isnan(ours) else ours)
        if other:
            theirs = max(_rate(reads, other), 0.0 if isnan(theirs) else theirs)
    return ours, theirs


def _rate(reads: Sequence[Read], find: Finder) -> float:
    started = time.process_time()
    for read in reads:
        find(read)
    return len(reads) / max(time.process_time() - started, 1e-9)
