"""The plain items of an RSS or Atom feed, read at a fraction of feedparser's cost.

An item is plain that holds each of the usual elements once at most, with text alone in it: nearly
all items of nearly all feeds. They are cut out and read here as feedparser reads them; it is given
the feed with what is left. Whatever is unusual, an ill-formed document first, is left to it:
nothing is guessed here, no entity is looked up and nothing outside the document is read.
"""

from typing import Any
from xml.parsers import expat

import msgspec

from crawler.plain_fields import (
    ATOM_SHAPE,
    CONTENT,
    DC,
    MARKUP,
    RSS1,
    SHAPES,
    Attributes,
    Field,
    Item,
)

_BASES = frozenset({"base", "http://www.w3.org/XML/1998/namespace base"})
# names that make feedparser take Atom for another format
_OTHER_FORMATS = (RSS1, "http://my.netscape.com/rdf/simple/0.9/")
_TRIED = 20


class Taken(msgspec.Struct, frozen=True):
    """A feed without its plain items, and all items in order: None for each that is left in it."""

    rest: bytes
    items: tuple[Item | None, ...]

    def put_back(self, left: list[Any]) -> list[Any] | None:
        """Return all items, given those that were read in the rest; None when these do not fit."""
        if len(left) != self.items.count(None):
            return None
        others = iter(left)
        return [next(others) if item is None else item for item in self.items]


def take_plain_items(document: bytes) -> Taken | None:
    """Return a feed taken apart; None when it is no feed, ill-formed, or holds nothing plain."""
    reader = _Reader(document)
    try:
        reader.parser.Parse(document, True)
    except (_UnusualError, expat.ExpatError):
        return None
    return Taken(reader.rest(), tuple(reader.items)) if reader.spans else None


def is_well_formed(document: bytes) -> bool:
    """Tell whether a document is XML, each of its prefixes declared."""
    try:
        expat.ParserCreate("utf-8", " ").Parse(document, True)
    except expat.ExpatError:
        return False
    return True


class _UnusualError(Exception):
    """The feed as a whole is for feedparser."""


class _Reader:
    """What is known of a feed at one place of it."""

    def __init__(self, document: bytes) -> None:
        self.items: list[Item | None] = []
        self.spans: list[tuple[int, int]] = []
        self._document = document
        self._shape = SHAPES[0]
        self._depth = 0
        # how deep an item stands, its element counted
        self._within = len(self._shape.around) + 1
        self._is_over = self._declares = self._is_plain = self._is_mixed = False
        self._began = 0
        self._item: Item = {}
        self._seen: set[str] = set()
        self._field: Field | None = None
        self._attributes: Attributes = {}
        self._parts: dict[str, str] = {}
        self._pieces: list[str] = []
        self.parser = expat.ParserCreate("utf-8", " ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._hear
        self.parser.StartNamespaceDeclHandler = self._declare
        self.parser.StartDoctypeDeclHandler = self._refuse

    def rest(self) -> bytes:
        """Return the document without what stands in `spans`."""
        starts = [0, *(end for _, end in self.spans)]
        ends = [*(start for start, _ in self.spans), len(self._document)]
        return b"".join(self._document[start:end] for start, end in zip(starts, ends, strict=True))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > self._within:
            if self._is_plain:
                self._start_part(name, attributes)
        elif self._depth == self._within:
            self._start_item(name, attributes)
        else:
            self._start_around(name, attributes)

    def _start_item(self, name: str, attributes: dict[str, str]) -> None:
        self._item, self._seen = {"links": []}, set()
        if about := attributes.get(self._shape.about):
            self._item["id"] = about
        self._is_plain = (
            name == self._shape.item
            and not self._declares
            and len(attributes) == ("id" in self._item)
        )
        self._declares = False
        self._began = self.parser.CurrentByteIndex

    def _start_around(self, name: str, attributes: dict[str, str]) -> None:
        if self._depth == 1:
            self._shape = next((one for one in SHAPES if one.around[0] == name), SHAPES[0])
            self._within = len(self._shape.around) + 1
            if self._is_mixed and self._shape is ATOM_SHAPE:
                raise _UnusualError
        is_expected = name == self._shape.around[self._depth - 1]
        if self._is_over or not is_expected or not _BASES.isdisjoint(attributes):
            raise _UnusualError

    def _start_part(self, name: str, attributes: dict[str, str]) -> None:
        """Note what begins in an item that is plain up to here."""
        if self._field is not None:
            if self._field.is_bare and name in MARKUP:
                return
            is_part = name in self._field.parts and self._depth == self._within + 2
            has_text = bool("".join(self._pieces).strip())
            self._is_plain = is_part and not attributes and not has_text
            self._pieces = []
        elif field := self._shape.fields.get(name):
            is_first = not field.is_single or field.name not in self._seen
            self._is_plain = (
                is_first and self._depth == self._within + 1 and field.allows(attributes)
            )
            self._seen.add(field.name)
            self._field, self._attributes, self._pieces = field, attributes, []
        elif name not in self._shape.no_matter:
            self._is_plain = False

    def _end(self, name: str) -> None:
        self._depth -= 1
        if self._depth > self._within:
            if self._field is not None and not self._field.is_bare:
                self._parts[name] = "".join(self._pieces).strip()
                self._pieces = []
        elif self._depth == self._within:
            if self._field is not None:
                self._end_field(self._field)
        elif self._depth == self._within - 1:
            if name == self._shape.item:
                self._end_item()
        elif self._depth == self._within - 2:
            self._is_over = True

    def _end_field(self, field: Field) -> None:
        if self._is_plain:
            said = {**self._attributes, **self._parts} if self._parts else self._attributes
            field.read(self._item, "".join(self._pieces).strip(), said)
        self._field = None
        if self._parts:
            self._parts = {}

    def _end_item(self) -> None:
        if self._is_plain and self._seen:
            self.items.append(self._item)
            end = self._document.index(b">", self.parser.CurrentByteIndex) + 1
            self.spans.append((self._began, end))
        else:
            self.items.append(None)
            if len(self.items) == _TRIED and not self.spans:
                raise _UnusualError
        self._is_plain = self._declares = False

    def _hear(self, text: str) -> None:
        if self._field is not None:
            self._pieces.append(text)

    def _declare(self, prefix: str | None, uri: str | None) -> None:
        # feedparser keeps a prefix that it does not know for the rest of the feed, so it must see
        # where that is declared
        if self._depth == 0:
            self._is_mixed |= (uri or "").lower() in _OTHER_FORMATS
        elif uri not in {DC, CONTENT} and self._depth >= self._within - 1:
            self._declares, self._is_plain = True, False

    def _refuse(self, *declaration: object) -> None:
        raise _UnusualError
