"""A text cut into paragraphs and segments, so that a page can mark names and dates in it.

It escapes nothing: the template does.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import msgspec

from model.mention import DateMention, Mention

Span = tuple[int, int]


class Segment(msgspec.Struct, frozen=True):
    """A run of text; `kind` is an entity kind, `date`, `found` or empty.

    `label` says what it names; `said` is true inside the sentence that was asked for.
    """

    text: str
    kind: str = ""
    label: str = ""
    listed: bool = False
    said: bool = False


Paragraph = tuple[Segment, ...]


class _Mark(msgspec.Struct, frozen=True):
    start: int
    end: int
    kind: str
    label: str
    listed: bool


def mark_text(
    text: str,
    mentions: Sequence[Mention],
    dates: Sequence[DateMention],
    said: Span | None = None,
) -> tuple[Paragraph, ...]:
    """Return the paragraphs of `text`, each as its segments in order.

    Where marks overlap the earlier one stands, names before dates.
    """
    marks = [*map(_name_mark, mentions), *map(_date_mark, dates)]
    return tuple(_paragraphs(text, list(_without_overlaps(marks)), said))


def mark_found(text: str, spans: Sequence[Span]) -> Paragraph:
    """Return a stretch of text with what was found in it marked."""
    marks = [_Mark(start, end, "found", "", listed=True) for start, end in spans]
    return tuple(_segments(text, (0, len(text)), list(_without_overlaps(marks)), None))


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


def _paragraphs(text: str, marks: Sequence[_Mark], said: Span | None) -> Iterator[Paragraph]:
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        if line.strip():
            inside = [mark for mark in marks if mark.start < end and mark.end > start]
            yield tuple(_segments(text, (start, end), inside, said))
        start = end + 1


def _segments(
    text: str, within: Span, marks: Sequence[_Mark], said: Span | None
) -> Iterator[Segment]:
    """Yield the runs of text between the borders of marks and of the sentence asked for."""
    borders = {bound for mark in marks for bound in (mark.start, mark.end)} | set(said or ())
    points = sorted({*within, *(point for point in borders if within[0] < point < within[1])})
    for start, end in pairwise(points):
        mark = next((one for one in marks if one.start <= start and end <= one.end), None)
        is_said = said is not None and said[0] <= start and end <= said[1]
        if mark is None:
            yield Segment(text[start:end], said=is_said)
        else:
            yield Segment(text[start:end], mark.kind, mark.label, mark.listed, is_said)
