"""Names that a person marked in the corpora: places, kinds and whose they are.

The labels hold no word of the texts: a file, a line, offsets and eight digits of each span's
SHA-256, which must still match. It never writes to the corpora.
"""

import gzip
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import msgspec

LABELS = Path(__file__).with_name("labels")
FREE = "free"
"""The kind of a span that counts neither for nor against: platforms, offices, peoples, titles."""


class LabelError(ValueError):
    """A corpus is not the one that was labelled."""


class LabelledName(NamedTuple):
    """A name at a place; `entity` is a number that all its mentions in one language share."""

    start: int
    end: int
    kind: str
    entity: int
    digest: str


class LabelledStretch(msgspec.Struct, frozen=True):
    """All names in the characters `start` to `end` of one text; `part` is development or test."""

    file: str
    line: int
    lang: str
    part: str
    start: int
    end: int
    names: tuple[LabelledName, ...]


class WatchedPlace(NamedTuple):
    """Where a text has the letters of a watched name; `label` is yes, no or open."""

    start: int
    end: int
    entity: str
    label: str
    digest: str


class WatchedText(msgspec.Struct, frozen=True):
    """The places of one text that a naive look found, each judged by reading around it.

    `sample` is the round in which it was drawn; `way` is `whole` where all places of the text
    are there, `hard` where only names that are also words or shared surnames were drawn.
    """

    sample: int
    way: str
    list: str
    file: str
    line: int
    names: tuple[WatchedPlace, ...]


def load_stretches(corpora: Path) -> list[tuple[LabelledStretch, str]]:
    """Return the labelled stretches, each with the whole text that holds it."""
    stretches = msgspec.json.decode(
        (LABELS / "names.json").read_bytes(), type=list[LabelledStretch]
    )
    there = [one for one in stretches if (corpora / one.file).is_file()]
    return [(one, _checked(corpora / one.file, one.line, one.names)) for one in there]


def load_watched(corpora: Path) -> list[tuple[WatchedText, str]]:
    """Return the judged places of the watch lists, each with its text."""
    watched = msgspec.json.decode((LABELS / "watched.json").read_bytes(), type=list[WatchedText])
    there = [one for one in watched if (corpora / one.file).is_file()]
    return [(one, _checked(corpora / one.file, one.line, one.names)) for one in there]


def _checked(file: Path, line: int, places: Iterable[LabelledName | WatchedPlace]) -> str:
    """Return one text of a corpus in which the labelled places read what they did."""
    text = read_texts(file)[line]
    for place in places:
        if digest(text[place.start : place.end]) != place.digest:
            msg = f"{file} line {line}: characters {place.start} to {place.end} are others"
            raise LabelError(msg)
    return text


class _Line(msgspec.Struct):
    text: str = ""
    body: str = ""


@cache
def read_texts(file: Path) -> tuple[str, ...]:
    """Return the texts of a corpus of timelines, or the bodies of one of pages."""
    data = file.read_bytes()
    lines = (gzip.decompress(data) if file.suffix == ".gz" else data).splitlines()
    decoded = (msgspec.json.decode(line, type=_Line) for line in lines)
    return tuple(one.text or one.body for one in decoded)


def digest(span: str) -> str:
    """Return what tells a span from another without saying it."""
    return sha256(span.encode("utf-8", "surrogatepass")).hexdigest()[:8]
