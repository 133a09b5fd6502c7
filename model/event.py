"""What happened when, and the passages that say so.

Nothing here decides that two passages tell of one event.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime

import msgspec

from model.mention import Precision

Day = date
"""The type, where `date` is a field's name."""


Held = Mapping[str, Collection[str]]
"""What one article holds that is counted over all of them: words, names, days …, by their sort."""


class DatedSentence(msgspec.Struct, frozen=True, kw_only=True):
    """One sentence of an article that dates something.

    `start` and `end` are offsets in the version's text. `copy_group` is shared by articles that
    repeat one text (an article that copies nobody is a group of its own): its members count as
    one source, the site of the earliest. `position` is the sentence's number in the text, from
    0; `entities` are the watched entities it names.
    """

    article: int
    url: str
    title: str
    site: str
    lang: str
    published_at: datetime | None
    copy_group: int
    sentence: str
    start: int
    end: int
    position: int
    from_on: date
    to_on: date
    precision: Precision
    inferred: bool = False
    entities: tuple[str, ...] = ()


class Citation(msgspec.Struct, frozen=True, kw_only=True):
    """The passage of one article that says an event happened."""

    article: int
    url: str
    title: str
    site: str
    published_at: datetime | None
    sentence: str
    start: int
    end: int


class OtherDate(msgspec.Struct, frozen=True, kw_only=True):
    """Another date that sources give what may be the same event, in the words of one of them.

    It is `conflicting` where both cannot be right: a month is no conflict with a day of it.
    """

    date: date
    to: Day
    precision: Precision
    text: str
    independent_sources: int
    conflicting: bool


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened from `date` to `to`, told by its citations.

    `text` is one of the cited sentences, and of no other event of the same days.
    `independent_sources` counts sites: a copy group counts as the site of its earliest article,
    an article whose site is not known as one of its own.
    `score` orders events by importance, the greater the more.
    """

    date: date
    to: Day
    precision: Precision
    text: str
    lang: str
    independent_sources: int
    score: float
    inferred: bool
    entities: tuple[str, ...]
    citations: tuple[Citation, ...]
    others: tuple[OtherDate, ...] = ()
