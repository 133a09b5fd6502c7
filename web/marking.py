"""A text cut into paragraphs and segments, so that a page can mark names and dates in it.

It escapes nothing: the template does.
"""

from collections.abc import Iterator, Sequence

import msgspec

from model.mention import DateMention, Mention


class Segment(msgspec.Struct, frozen=True):
    """A run of text; `kind` is an entity kind, `date` or empty; `label` says what it names."""

    text: str
    kind: str = ""
    label: str = ""
    listed: bool = False


class _Mark(msgspec.Struct, frozen=True):
    start: int
    end: int
    kind: str
    label: str
    listed: bool


def mark_text(
    text: str, mentions: Sequence[Mention], dates: Sequence[DateMention]
) -> tuple[tuple[Segment, ...], ...]:
    """Return the paragraphs of `text`, each as its segments in order.

    Where marks overlap the earlier one stands, names before dates.
    """
    marks = _without_overlaps([*map(_name_mark, mentions), *map(_date_mark, dates)])
    paragraphs: list[list[Segment]] = [[]]
    for segment in _segments(text, marks):
        first, *others = segment.text.split("\n")
        for number, part in enumerate((first, *others)):
            if number:
                paragraphs.append([])
            if part:
                paragraphs[-1].append(msgspec.structs.replace(segment, text=part))
    return tuple(tuple(paragraph) for paragraph in paragraphs if paragraph)


def _name_mark(mention: Mention) -> _Mark:
    return _Mark(mention.start, mention.end, mention.kind, mention.entity, mention.by == "list")


def _date_mark(found: DateMention) -> _Mark:
    days = f"{found.from_on}" if found.from_on == found.to_on else f"{found.from_on}/{found.to_on}"
    return _Mark(found.start, found.end, "date", days, listed=True)


def _without_overlaps(marks: Sequence[_Mark]) -> Iterator[_Mark]:
    reached = 0
    for mark in sorted(marks, key=lambda mark: (mark.start, mark.kind == "date", -mark.end)):
        if mark.start >= reached:
            reached = mark.end
            yield mark


def _segments(text: str, marks: Iterator[_Mark]) -> Iterator[Segment]:
    reached = 0
    for mark in marks:
        if mark.start > reached:
            yield Segment(text[reached : mark.start])
        yield Segment(text[mark.start : mark.end], mark.kind, mark.label, mark.listed)
        reached = mark.end
    if reached < len(text):
        yield Segment(text[reached:])
