"""What repeats across the pages of one site, and so is no part of any article.

Pure functions over what pages showed. It never keeps a word of a page, only hashes, and it never
takes a sentence out of the middle of a body because two articles share it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from functools import partial
from hashlib import blake2b
from itertools import takewhile
from typing import Self

import msgspec

from crawler.body_blocks import Signature
from crawler.furniture import is_call, is_note

FORMAT = 1
MAX_PAGES = 50
MIN_PAGES = 3
_FEW_PAGES = 2
_MAX_LINES = 80
_MAX_PLACES = 12
_HASH_BYTES = 4
_CHARS_A_UNIT = 8
_SAME_ARTICLE = 0.5
_MAX_SHARE = 1 / 3
_WHOLE_CHARS = 1000
_DIGITS = dict.fromkeys(map(ord, "0123456789"))


class Shown(msgspec.Struct, frozen=True):
    """One line of a text: its letters, where it stands, and what kind of line it is.

    `is_ours` says that the place carries the body, `is_lasting` that the line is a sentence or a
    heading, which only a repetition at the edge of a body can put out.
    """

    key: str
    place: Signature
    is_ours: bool
    is_links: bool
    is_lasting: bool
    text: str = ""


class Trace(msgspec.Struct, frozen=True, array_like=True):
    """What one page showed: its address and its lines and places, as hashes one after another.

    `sizes` holds one byte a line, its length in units; `bodies` are the places that carried the
    body, `boxes` the other places that held nothing but links.
    """

    page: bytes
    lines: bytes = b""
    sizes: bytes = b""
    bodies: bytes = b""
    boxes: bytes = b""


class SiteMemory(msgspec.Struct, frozen=True):
    """What the last pages of one site showed, the oldest first; at most 32 KB once encoded.

    `doubted` are lines that came to a page or left it while other articles of the site show them
    too, as hashes; it is set for one comparison and never remembered.
    """

    pages: tuple[Trace, ...] = ()
    format: int = FORMAT
    doubted: bytes = b""

    def encode(self) -> bytes:
        """Return the memory as bytes for `decode`."""
        return msgspec.msgpack.encode(self)

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Return the memory in `data`; one that this program did not write is begun anew."""
        try:
            memory = msgspec.msgpack.decode(data, type=cls)
        except msgspec.MsgspecError:
            return cls()
        return memory if memory.format == FORMAT else cls()


def remember(memory: SiteMemory | None, trace: Trace) -> SiteMemory:
    """Return the memory with one more page; a page read again takes its own place."""
    known = memory.pages if memory else ()
    if not trace.lines:
        return SiteMemory(known)
    others = tuple(page for page in known if page.page != trace.page)
    return SiteMemory((*others, trace)[-MAX_PAGES:])


def doubt(memory: SiteMemory | None, before: Trace, after: Trace) -> SiteMemory | None:
    """Return the memory that doubts what two readings of a page do not share, None without doubt.

    In doubt are the lines that another article of the site shows as well: what comes to several
    articles, or leaves them, is likely to be the site's.
    """
    moved = set(_cut(before.lines)) ^ set(_cut(after.lines))
    pages = memory.pages if memory and moved else ()
    others = [page for page in pages if page.page not in {before.page, after.page}]
    doubted = moved.intersection(line for page in others for line in _cut(page.lines))
    return SiteMemory(tuple(pages), doubted=b"".join(sorted(doubted))) if doubted else None


def is_shared(memory: SiteMemory | None, address: str, lines: Iterable[str]) -> bool:
    """Tell whether another article of the site than the one at an address shows any of the lines.

    `lines` are letters as `key_of` gives them.
    """
    own, sought = _hashed(address), set(map(_hashed, lines))
    pages = memory.pages if memory and sought else ()
    return any(page.page != own and not sought.isdisjoint(_cut(page.lines)) for page in pages)


def trace_page(address: str, shown: Sequence[Shown]) -> Trace:
    """Return what a page at a canonical address showed, its first and last lines if it is long."""
    half = _MAX_LINES // 2
    ends = shown if len(shown) <= _MAX_LINES else (*shown[:half], *shown[-half:])
    return Trace(
        page=_hashed(address),
        lines=b"".join(_hashed(line.key) for line in ends),
        sizes=bytes(min(255, len(line.key) // _CHARS_A_UNIT + 1) for line in ends),
        bodies=_joined(line.place for line in shown if line.is_ours),
        boxes=_joined(_boxes(shown)),
    )


def known_places(memory: SiteMemory | None) -> Callable[[Signature], bool] | None:
    """Return what tells whether a place carried the body on several pages; None if none did."""
    counts: dict[bytes, int] = {}
    for page in memory.pages if memory else ():
        for place in _cut(page.bodies):
            counts[place] = counts.get(place, 0) + 1
    proved = {place for place, pages in counts.items() if pages >= MIN_PAGES}
    return (lambda place: _hashed_place(place) in proved) if proved else None


def find_repeated(
    memory: SiteMemory | None, address: str, shown: Sequence[Shown]
) -> frozenset[int]:
    """Return which lines of a page are its site's furniture, by their position.

    It takes three different articles, this one included, and two for what stands outside the body
    or is in doubt. No more than a third of the text goes unless the rest is still a whole text.
    """
    if memory is None or len(memory.pages) < _FEW_PAGES - 1:
        return frozenset()
    trace = trace_page(address, shown)
    others = [page for page in memory.pages if page.page != trace.page]
    repeats = _repeats(shown, others, trace, frozenset(_cut(memory.doubted)))
    out = {number for number in repeats if not (shown[number].is_ours and shown[number].is_lasting)}
    out.update(_edges(shown, repeats))
    out.update(_in_boxes(shown, others, trace))
    return _bounded(out, shown, repeats)


def _repeats(
    shown: Sequence[Shown], others: Sequence[Trace], trace: Trace, doubted: Set[bytes]
) -> dict[int, int]:
    """Return the lines that stand on enough different articles, each with their number."""
    hashes = [_hashed(line.key) for line in shown]
    ours = set(hashes)
    holders: dict[bytes, list[Trace]] = {}
    for page in others:
        for known in ours.intersection(_cut(page.lines)):
            holders.setdefault(known, []).append(page)
    apart = _Apart(trace)
    found: dict[int, int] = {}
    for number, (line, hashed) in enumerate(zip(shown, hashes, strict=True)):
        pages = holders.get(hashed, [])
        if not pages or is_note(line.text):
            continue
        least = _least(line, is_doubted=hashed in doubted)
        if len(pages) >= least - 1 and (count := apart.count(pages)) >= least:
            found[number] = count
    return found


def _least(line: Shown, *, is_doubted: bool) -> int:
    """Return how many articles must show a line for it to be furniture.

    A sentence of the body that came to several articles at once is one that was added to each of
    them, unless it speaks to the reader.
    """
    if not line.is_ours or (is_doubted and (not line.is_lasting or is_call(line.text))):
        return _FEW_PAGES
    return MIN_PAGES


class _Apart:
    """Counts articles: pages that share half of their text are copies of one."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._sizes: dict[bytes, dict[bytes, int]] = {}
        self._counts: dict[tuple[bytes, ...], int] = {}

    def count(self, pages: Sequence[Trace]) -> int:
        """Return how many different articles the page at hand and `pages` are."""
        names = tuple(page.page for page in pages)
        if names not in self._counts:
            chosen = [self._trace]
            for page in pages:
                if not any(map(partial(self._is_copy, page), chosen)):
                    chosen.append(page)
            self._counts[names] = len(chosen)
        return self._counts[names]

    def _is_copy(self, page: Trace, other: Trace) -> bool:
        first, second = self._sized(page), self._sized(other)
        shared = sum(size for line, size in first.items() if line in second)
        return shared >= _SAME_ARTICLE * min(sum(first.values()), sum(second.values()))

    def _sized(self, page: Trace) -> dict[bytes, int]:
        if page.page not in self._sizes:
            self._sizes[page.page] = dict(zip(_cut(page.lines), page.sizes, strict=False))
        return self._sizes[page.page]


def _edges(shown: Sequence[Shown], repeats: dict[int, int]) -> Iterator[int]:
    """Yield the repeated lines that a body begins or ends with."""
    numbers = range(len(shown))
    yield from takewhile(repeats.__contains__, numbers)
    yield from takewhile(repeats.__contains__, reversed(numbers))


def _in_boxes(shown: Sequence[Shown], others: Sequence[Trace], trace: Trace) -> Iterator[int]:
    """Yield the lines in places that hold nothing but links, here and on other pages."""
    boxes = set(_cut(trace.boxes))
    proved = {
        box
        for box in boxes
        if sum(box in set(_cut(page.boxes)) for page in others) >= MIN_PAGES - 1
    }
    for number, line in enumerate(shown):
        if proved and not line.is_ours and _hashed_place(line.place) in proved:
            yield number


def _bounded(out: Iterable[int], shown: Sequence[Shown], repeats: dict[int, int]) -> frozenset[int]:
    """Keep to what may go, those lines first that most pages repeat."""
    left = total = sum(len(line.key) for line in shown)
    least = min(_WHOLE_CHARS, total * (1 - _MAX_SHARE))
    gone: set[int] = set()
    for number in sorted(out, key=lambda number: (-repeats.get(number, 0), number)):
        left -= len(shown[number].key)
        if left < least:
            break
        gone.add(number)
    return frozenset(gone)


def _boxes(shown: Sequence[Shown]) -> Iterator[Signature]:
    mixed = {line.place for line in shown if line.is_ours or not line.is_links}
    return (line.place for line in shown if line.place and line.place not in mixed)


def _joined(places: Iterable[Signature]) -> bytes:
    distinct = list(dict.fromkeys(place for place in places if place))
    return b"".join(_hashed_place(place) for place in distinct[:_MAX_PLACES])


def _hashed_place(place: Signature) -> bytes:
    """Return the hash of a place without the digits in its names, which name one page."""
    return _hashed(repr(place).translate(_DIGITS))


def _hashed(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "replace"), digest_size=_HASH_BYTES).digest()


def _cut(hashes: bytes) -> Iterator[bytes]:
    """Yield hashes that stand one after another."""
    return (hashes[start : start + _HASH_BYTES] for start in range(0, len(hashes), _HASH_BYTES))
