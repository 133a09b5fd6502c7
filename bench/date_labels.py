"""Dates labelled by hand in sentences of the corpora, and how well found ones agree with them.

`labels/dates.jsonl` holds places and values, never a word: a sentence a line, by its file, its line
there and offsets, each place with eight digits of the SHA-256 of what stands there. It never
writes to the corpora.

The sentences were drawn by a fixed seed, 300 in French and 300 in English, from the articles of
`timelines/` and `articles/`: 85 in 100 hold a digit or a word of time, the rest are any. All were
labelled before the rules were touched, then parted by article into a development half, whose
errors were read while the rules were deepened, and a test half, of which only the totals were
looked at; one of its sentences was met by chance, and nothing was changed for it. The 200 of part
`fresh`, all with a digit or a word of time, come from other articles and were drawn and labelled
once the rules stood still; a few rows changed later for what other texts showed. Whoever labelled
wrote the rules.

What was labelled, after TIMEX3's rules for dates: what names a day, month, quarter, season, year,
decade, week, weekend or interval with its value at publication, or counted from another date of
the text; the part of a day beside it belongs to it ("Tuesday evening"). An interval with both ends
is one. Early, mid and late are thirds: of a month from 1, 11 and 21, of a year from January, May
and September, of a decade its years 0 to 3, 4 to 6 and 7 to 9. Left out: lengths of time that
anchor nothing, habits, hours alone, days told by an event alone, years in names of events. Open,
which counts neither way: "today" for these days, centuries, approximate counts, and what the
article itself leaves doubtful.
"""

import gzip
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import msgspec

LABELS = Path(__file__).with_name("labels")
TRUTH = LABELS / "dates.jsonl"
KEPT = LABELS / "dates_heideltime.jsonl"
OPEN = "open"
PARTS = ("development", "test", "fresh")


class LabelError(ValueError):
    """A corpus is not the one that was labelled."""


class Label(NamedTuple):
    """A date at a place; an open one has no value."""

    start: int
    end: int
    from_on: date | None
    to_on: date | None
    precision: str
    digest: str


class Found(NamedTuple):
    """What a reader found at a place; without a precision its day needs only lie in the label's."""

    start: int
    end: int
    from_on: date
    to_on: date
    precision: str = ""


class Labelled(msgspec.Struct, frozen=True, kw_only=True):
    """All dates between two offsets of one text; `part` is development or test."""

    file: str
    line: int
    lang: str
    part: str
    start: int
    end: int
    digest: str
    dates: tuple[Label, ...]


class Sentence(msgspec.Struct, frozen=True, kw_only=True):
    """A labelled sentence in the whole text that holds it."""

    label: Labelled
    text: str
    published_on: date

    @property
    def words(self) -> str:
        """Return the sentence alone."""
        return self.text[self.label.start : self.label.end]


class _Kept(msgspec.Struct):
    """What another reader found in a sentence."""

    file: str
    line: int
    start: int
    found: tuple[Found, ...]


class _Line(msgspec.Struct):
    published: str | None = None
    text: str = ""
    title: str = ""
    body: str | None = None


def load_sentences(corpora: Path) -> list[Sentence]:
    """Return the labelled sentences of the files that are there."""
    labels = map(msgspec.json.Decoder(Labelled).decode, TRUTH.read_bytes().splitlines())
    return [
        _sentence(label, _lines(corpora / label.file)[label.line])
        for label in labels
        if (corpora / label.file).is_file()
    ]


def find_kept(sentence: Sentence) -> list[Found]:
    """Return what HeidelTime found in a sentence when it was asked."""
    label = sentence.label
    return list(_kept()[label.file, label.line, label.start])


@cache
def _kept() -> dict[tuple[str, int, int], tuple[Found, ...]]:
    lines = map(msgspec.json.Decoder(_Kept).decode, KEPT.read_bytes().splitlines())
    return {(one.file, one.line, one.start): one.found for one in lines}


def _sentence(label: Labelled, line: _Line) -> Sentence:
    text = line.text or f"{line.title}\n\n{line.body or ''}"
    places: list[Labelled | Label] = [label, *label.dates]
    for place in places:
        if sha256(text[place.start : place.end].encode()).hexdigest()[:8] != place.digest:
            msg = f"{label.file} line {label.line}: {place.start} to {place.end} is another text"
            raise LabelError(msg)
    published_on = date.fromisoformat((line.published or "")[:10])
    return Sentence(label=label, text=text, published_on=published_on)


@cache
def _lines(file: Path) -> tuple[_Line, ...]:
    content = file.read_bytes()
    whole = gzip.decompress(content) if file.suffix == ".gz" else content
    return tuple(msgspec.json.decode(line, type=_Line) for line in whole.splitlines())


# Agreement


class Counts(msgspec.Struct):
    """Labels, finds and how many of them agree: in overlap, in exact extent, in value."""

    labels: int = 0
    found: int = 0
    relaxed: int = 0
    strict: int = 0
    valued: int = 0
    strictly_valued: int = 0

    def f1(self, agreed: int) -> float:
        """Return F1 of as many agreements."""
        return 2 * agreed / (self.labels + self.found) if self.labels + self.found else 0.0


class Verdict(NamedTuple):
    """A label with what was found there, or one of them alone."""

    label: Label | None
    found: Found | None


def compare(sentence: Sentence, found: Sequence[Found]) -> Iterator[Verdict]:
    """Pair labels with what overlaps them, in order; what only touches an open label is left."""
    firm = [label for label in sentence.label.dates if label.precision != OPEN]
    unclear = [label for label in sentence.label.dates if label.precision == OPEN]
    left = list(found)
    for label in firm:
        here = [one for one in left if _overlap(one, label)]
        best = max(here, key=lambda one: _agreement(sentence, label, one), default=None)
        if best is not None:
            left.remove(best)
        yield Verdict(label, best)
    for one in left:
        if not any(_overlap(one, label) for label in unclear):
            yield Verdict(None, one)


def count(verdicts: Iterable[tuple[Sentence, Verdict]]) -> Counts:
    """Return the counts of all verdicts."""
    counts = Counts()
    for sentence, (label, found) in verdicts:
        counts.labels += label is not None
        counts.found += found is not None
        if label is None or found is None:
            continue
        strict = extent(sentence.text, label) == extent(sentence.text, found)
        right = is_right(label, found)
        counts.relaxed += 1
        counts.strict += strict
        counts.valued += right
        counts.strictly_valued += right and strict
    return counts


def is_right(label: Label, found: Found) -> bool:
    """Say whether a find has the label's days and precision."""
    if label.from_on is None or label.to_on is None:
        return True
    if not found.precision:
        return label.from_on <= found.from_on <= label.to_on
    same = (label.from_on, label.to_on) == (found.from_on, found.to_on)
    return same and label.precision == found.precision


_LEADING = re.compile(
    r"(?:(?:the|on|in|at|over|since|from|between|le|la|les|l['’]|du|de|en|au|ce|entre|dès|depuis)"
    r"(?:\s+|(?<=['’]))|[\s,(])+",
    re.IGNORECASE,
)


def extent(text: str, place: Label | Found) -> tuple[int, int]:
    """Return a place without the articles and prepositions before, the marks and blanks after."""
    words = text[place.start : place.end]
    leading = _LEADING.match(words)
    first = leading.end() if leading and leading.end() < len(words) else 0
    return place.start + first, place.start + len(words.rstrip(" \n\t,.;:)"))


def _overlap(one: Found, label: Label) -> bool:
    return one.start < label.end and label.start < one.end


def _agreement(sentence: Sentence, label: Label, one: Found) -> tuple[bool, bool]:
    return extent(sentence.text, label) == extent(sentence.text, one), is_right(label, one)
