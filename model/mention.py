"""Who is named, which dates are named and who is quoted, each at its place in a text.

Offsets are code points of the text they belong to. Nothing here searches.
"""

from datetime import date
from enum import StrEnum

import msgspec


class EntityKind(StrEnum):
    """What an entity is."""

    PERSON = "person"
    ORGANISATION = "organisation"
    PLACE = "place"
    PRODUCT = "product"
    LAW = "law"
    OTHER = "other"


class Case(StrEnum):
    """How the case of an entity's names counts in a text."""

    AUTO = "auto"
    """By the look of each name: capitals for an acronym, a capital for one capitalised word."""
    EXACT = "exact"
    """As written in the configuration, accents aside."""
    ANY = "any"


class Entity(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who or what is watched for, with its other names.

    `unless` are words that forbid a match: see `nlp.names.forbidding`.
    """

    name: str
    kind: EntityKind = EntityKind.OTHER
    aliases: tuple[str, ...] = ()
    case: Case = Case.AUTO
    unless: tuple[str, ...] = ()


class Mention(msgspec.Struct, frozen=True, kw_only=True):
    """A name at a place: `text` is what stands there, `entity` whom it names.

    `by` says what found it: `list` (the configuration's entities) or the name of a model.
    """

    start: int
    end: int
    text: str
    entity: str
    kind: EntityKind
    by: str


class Precision(StrEnum):
    """How exactly a date is known."""

    DAY = "day"
    MONTH = "month"
    SEASON = "season"
    QUARTER = "quarter"
    YEAR = "year"
    INTERVAL = "interval"


class DateMention(msgspec.Struct, frozen=True, kw_only=True):
    """A dated expression at a place: it means the days `from_on` to `to_on`, both included.

    `basis` says what the part that is not written (the year, the month) follows from. `inferred`
    is true when it does not follow from a known day of publication: that day is not known, or
    figures alone leave open which of them is the month.
    """

    start: int
    end: int
    text: str
    from_on: date = msgspec.field(name="from")
    to_on: date = msgspec.field(name="to")
    precision: Precision
    inferred: bool = False
    basis: str = ""


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """Words somebody is said to have spoken; `speaker` is an entity or None when left open."""

    start: int
    end: int
    text: str
    speaker: str | None = None
    verb: str | None = None


_OPENING, _CLOSING = "«“„\"‘‹'»", "»”\"’›'“"


def is_direct(quote: Quote, text: str) -> bool:
    """Say whether a quote of `text` stands in quotation marks there, not in reported speech.

    One that never closes ends with its line.
    """
    before = text[max(0, quote.start - 3) : quote.start].rstrip()
    after = text[quote.end : quote.end + 3]
    is_elided = before[-2:-1].isalnum() and before.endswith("'")
    closes = not after or after.startswith("\n") or after.lstrip()[:1] in tuple(_CLOSING)
    return before.endswith(tuple(_OPENING)) and not is_elided and closes


class Tags(msgspec.Struct, frozen=True, kw_only=True):
    """All that is found in one text."""

    lang: str
    mentions: tuple[Mention, ...] = ()
    dates: tuple[DateMention, ...] = ()
    quotes: tuple[Quote, ...] = ()
