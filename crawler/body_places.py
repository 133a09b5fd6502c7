"""Where lines stand on their page, and which others stand in the same kind of place.

It never drops a line, and never adds words that the page does not show.
"""

from collections import Counter
from collections.abc import Sequence, Set

from crawler.body_blocks import TEXT_TAGS, Blocks, Signature, holds_box, key_of
from crawler.body_lines import Line, block_text, ends_sentence

_HEAD_TAGS = frozenset({"h2", "h3", "h4", "h5"})
_MIN_ADDED_CHARS = 60
_MIN_PROOF_CHARS = 400
_MIN_KNOWN_CHARS = 100


def place_lines(lines: Sequence[Line], blocks: Blocks) -> list[Line]:
    """Note for every line which block of the page it is, and mend one that lost words on the way.

    What a mended line now holds is not said twice.
    """
    last, mended = -1, ""
    placed: list[Line] = []
    for line in lines:
        if mended and line.key in mended:
            continue
        line.index = blocks.find(line.key, last)
        if line.index is None:
            mended = _mend(line, blocks)
        elif holds_box(blocks.elements[line.index]):
            line.text = block_text(blocks.elements[line.index])
        if line.index is not None:
            last = max(last, line.index)
        placed.append(line)
    return placed


def _mend(line: Line, blocks: Blocks) -> str:
    """Give a line the whole text of its paragraph, and return its letters when that changed it."""
    line.index = index = blocks.find_opening(line.key)
    if index is None or not len(line.key) < len(blocks.keys[index]) < 3 * len(line.key):
        return ""
    text = block_text(blocks.elements[index])
    if len(text) < len(line.text):
        return ""
    line.text, line.key = text, key_of(text)
    return line.key


def in_known_place(lines: list[Line], blocks: Blocks) -> list[Line]:
    """Return what stands where the site always puts its text, when nothing of it was found."""
    places = blocks.known_places
    if not places or any(
        line.index is not None and blocks.signature(line.index) in places for line in lines
    ):
        return lines
    known = paragraphs_at(places, blocks)
    return known if sum(len(line.key) for line in known) > _MIN_KNOWN_CHARS else lines


def paragraphs_at(places: Set[Signature], blocks: Blocks) -> list[Line]:
    """Return the paragraphs that stand in any of the places, as lines."""
    return [
        Line(block_text(element), "p", key, index)
        for index, (element, key) in enumerate(zip(blocks.elements, blocks.keys, strict=True))
        if key and element.tag == "p" and blocks.signature(index) in places
    ]


def complete(lines: list[Line], blocks: Blocks) -> list[Line]:
    """Add the paragraphs that stand in the same kind of place as those found."""
    whole = "".join(line.key for line in lines)
    places = places_of(lines, blocks)
    first, last = _span(lines, blocks, places)
    added: list[Line] = []
    for index, key in enumerate(blocks.keys):
        is_head = blocks.elements[index].tag in _HEAD_TAGS and first < index < last
        if (len(key) < _MIN_ADDED_CHARS and not is_head) or not key or key in whole:
            continue
        is_ours = _belongs(index, blocks, places, first)
        if is_ours and not is_in(key, whole):
            kind = "head" if is_head else "p"
            added.append(Line(block_text(blocks.elements[index]), kind, key, index))
    return _merged(lines, added) if added else lines


def places_of(lines: Sequence[Line], blocks: Blocks) -> frozenset[Signature]:
    """Return the signatures that hold at least a quarter of the text found."""
    weight: Counter[Signature] = Counter()
    for line in lines:
        if line.index is not None and blocks.elements[line.index].tag == "p":
            weight[blocks.signature(line.index)] += len(line.key)
    total = sum(len(line.key) for line in lines)
    places = {place for place, chars in weight.items() if chars * 4 >= total}
    return frozenset(places | missed_place(blocks, total) | blocks.known_places)


def missed_place(blocks: Blocks, found: int) -> set[Signature]:
    """Return the place that holds several times the text found, when there is one."""
    place, chars = blocks.heaviest
    return {place} if chars > 2 * found and chars > _MIN_PROOF_CHARS else set()


def _span(lines: Sequence[Line], blocks: Blocks, places: frozenset[Signature]) -> tuple[int, int]:
    """Return the first block found and the last one in a place of the body."""
    first = min((line.index for line in lines if line.index is not None), default=0)
    indexes = range(len(blocks.elements) - 1, -1, -1)
    last = next((i for i in indexes if blocks.signature(i) in places), -1)
    return first, last


def _belongs(
    index: int,
    blocks: Blocks,
    places: frozenset[Signature],
    first: int,
) -> bool:
    element = blocks.elements[index]
    if blocks.aside_of(index) is not None or blocks.is_link(index):
        return False
    if index < first:
        return (
            blocks.is_standfirst(index)
            or blocks.signature(index) in blocks.known_places
            or _opens(index, blocks, places)
        )
    if element.tag == "li":
        return _opens(index, blocks, places)
    return element.tag in {"p", *_HEAD_TAGS} and blocks.signature(index) in places


def _opens(index: int, blocks: Blocks, places: frozenset[Signature]) -> bool:
    """Tell whether a block below the heading is running text of the body, be it in a list."""
    if index < blocks.heading or not ends_sentence(blocks.texts[index].strip()):
        return False
    signature = blocks.signature(index)
    if blocks.elements[index].tag == "li":
        return any(signature[: len(place)] == place for place in places)
    return blocks.elements[index].tag == "p" and signature in places


def _merged(lines: Sequence[Line], added: Sequence[Line]) -> list[Line]:
    """Return both in page order; a line that is no block stays behind the one before it."""
    ordered: list[tuple[int, int, Line]] = []
    position = -1
    for rank, line in enumerate(lines):
        position = line.index if line.index is not None else position
        ordered.append((position, rank, line))
    ordered.extend((line.index or 0, -1, line) for line in added)
    return [line for _, _, line in sorted(ordered, key=lambda item: item[:2])]


def is_running(line: Line, blocks: Blocks, places: frozenset[Signature]) -> bool:
    """Tell whether a line stands in a place of the body, or in a list or quotation there."""
    if line.index is None:
        return True
    signature = blocks.signature(line.index)
    return any(
        signature[: len(place)] == place
        and all(tag in TEXT_TAGS for tag, _ in signature[len(place) :])
        for place in places
    )


def is_within(line: Line, blocks: Blocks, places: frozenset[Signature]) -> bool:
    """Tell whether a line stands in a place of the body, be it deep inside."""
    if line.index is None:
        return True
    signature = blocks.signature(line.index)
    return any(signature[: len(place)] == place for place in places)


def is_at(line: Line, blocks: Blocks, places: frozenset[Signature]) -> bool:
    """Tell whether a line stands where the body stands, so that no box can hold it."""
    return line.index is None or blocks.signature(line.index) in places


def is_in(key: str, declared: str) -> bool:
    """Tell whether a third of a line's pieces stand in the declared body."""
    if key in declared:
        return True
    pieces = [key[start : start + 12] for start in range(0, max(1, len(key) - 11), 12)]
    return sum(piece in declared for piece in pieces) * 3 >= len(pieces)
