"""Whether a text in memory answers a query, and through which of its words.

The same answer as the search index gives. It never reads the database.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

import msgspec

from model.errors import QueryError
from model.period import resolve_period
from model.query import (
    And,
    Column,
    Day,
    Everything,
    Facet,
    Flag,
    Has,
    Is,
    Leaf,
    Near,
    Not,
    Or,
    Query,
    Within,
    Words,
)
from model.words import words


class Subject(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """What a query can be asked of.

    `flags` holds `relevant`, `starred`, `read`, `changed`, `removed`, `copy` where they are
    true: `is:unread` and `is:original` are their absence. `stories` are ids and titles;
    `event_days` the first and last days its dated sentences tell of.
    """

    title: str
    text: str
    authors: tuple[str, ...] = ()
    site: str = ""
    source: str = ""
    lang: str = ""
    published_on: date | None = None
    seen_on: date | None = None
    entities: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()
    stories: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    event_days: tuple[tuple[date, date], ...] = ()

    @cached_property
    def places(self) -> "dict[Column, _Places]":
        """Where each word stands, by column."""
        return {
            Column.TITLE: _Places(words(self.title)),
            Column.TEXT: _Places(words(self.text)),
            Column.AUTHOR: _Places(words(join_authors(self.authors))),
        }


class _Places:
    """The words of one column, by place and by word."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.by_word: dict[str, list[int]] = {}
        for place, token in enumerate(tokens):
            self.by_word.setdefault(token, []).append(place)


def join_authors(authors: Iterable[str]) -> str:
    """Return the authors as one text; the mark between them stands in no name."""
    return " | ".join(authors)


def local_day(at: datetime, zone: ZoneInfo, precision: str = "second") -> date:
    """Return the day of `at` on the affair's calendar; a bare date keeps its own."""
    return at.date() if precision == "day" else at.astimezone(zone).date()


def matches(query: Query, subject: Subject, *, today: date | None = None) -> bool:
    """Tell whether `subject` answers `query`.

    Raises QueryError when the query counts from today and `today` is not given.
    """
    match query:
        case Everything():
            return True
        case Not(part):
            return not matches(part, subject, today=today)
        case And(parts):
            return all(matches(part, subject, today=today) for part in parts)
        case Or(parts):
            return any(matches(part, subject, today=today) for part in parts)
        case _:
            return _matches_leaf(query, subject, today)


def explain(query: Query, subject: Subject, *, today: date | None = None) -> tuple[str, ...]:
    """Return the positive parts that made `subject` match, as typed, each once."""
    if not matches(query, subject, today=today):
        return ()
    return tuple(dict.fromkeys(_reasons(query, subject, today)))


def _reasons(query: Query, subject: Subject, today: date | None) -> Iterable[str]:
    match query:
        case Everything() | Not():
            return
        case And(parts) | Or(parts):
            for part in parts:
                if matches(part, subject, today=today):
                    yield from _reasons(part, subject, today)
        case _:
            yield query.typed


def _matches_leaf(leaf: Leaf, subject: Subject, today: date | None) -> bool:
    match leaf:
        case Words():
            return any(_holds_words(leaf, places) for places in _columns(leaf.column, subject))
        case Near():
            return any(_holds_near(leaf, places) for places in _columns(leaf.column, subject))
        case Has(facet=facet, value=value):
            return _FACETS[facet](value, subject)
        case Is(flag=flag):
            return _is(flag, subject)
        case Within():
            return _is_within(leaf, subject, today)


def _columns(column: Column, subject: Subject) -> tuple[_Places, ...]:
    if column is Column.ANY:
        return subject.places[Column.TITLE], subject.places[Column.TEXT]
    return (subject.places[column],)


def _holds_words(leaf: Words, places: _Places) -> bool:
    first, length = leaf.tokens[0], len(leaf.tokens)
    if length == 1:
        return _holds_word(first, places, prefix=leaf.prefix)
    whole, last = list(leaf.tokens[:-1]), leaf.tokens[-1]
    for start in places.by_word.get(first, ()):
        end = start + length - 1
        if places.tokens[start:end] != whole or end >= len(places.tokens):
            continue
        found = places.tokens[end]
        if found == last or (leaf.prefix and found.startswith(last)):
            return True
    return False


def _holds_word(word: str, places: _Places, *, prefix: bool) -> bool:
    if not prefix:
        return word in places.by_word
    return any(held.startswith(word) for held in places.by_word)


def _holds_near(leaf: Near, places: _Places) -> bool:
    """Look for the tightest window that holds every word once."""
    found = [(place, token) for token in leaf.tokens for place in places.by_word.get(token, ())]
    latest: dict[str, int] = {}
    for place, token in sorted(found):
        latest[token] = place
        if len(latest) == len(leaf.tokens) and place - min(latest.values()) - 1 <= leaf.gap:
            return True
    return False


def holds_run(needle: str, text: str) -> bool:
    """Tell whether the words of `needle` stand in `text` one after another."""
    return f" {' '.join(words(needle))} " in f" {' '.join(words(text))} "


def same_name(one: str, other: str) -> bool:
    """Tell whether two names differ at most by accents, case and punctuation."""
    return words(one) == words(other)


def primary_language(lang: str) -> str:
    """Return the language without its region: `fr` for `fr-FR`."""
    return lang.replace("_", "-").partition("-")[0].strip().lower()


def holds_site(value: str, site: str) -> bool:
    """Tell whether a host is the one named, below it, or has it as one of its parts."""
    return f".{value.strip('.').lower()}." in f".{site.lower()}."


def names_story(value: str, story: str) -> bool:
    """Tell whether `value` is a story's id, or words of its title."""
    return value == story if value.isdecimal() else holds_run(value, story)


_FACETS: dict[Facet, Callable[[str, Subject], bool]] = {
    Facet.SITE: lambda value, subject: holds_site(value, subject.site),
    Facet.SOURCE: lambda value, subject: holds_run(value, subject.source),
    Facet.LANG: lambda value, subject: primary_language(value) == primary_language(subject.lang),
    Facet.ENTITY: lambda value, subject: any(same_name(value, e) for e in subject.entities),
    Facet.STORY: lambda value, subject: any(names_story(value, s) for s in subject.stories),
    Facet.TAG: lambda value, subject: any(same_name(value, tag) for tag in subject.tags),
}


def _is(flag: Flag, subject: Subject) -> bool:
    if flag is Flag.UNREAD:
        return "read" not in subject.flags
    if flag is Flag.ORIGINAL:
        return Flag.COPY not in subject.flags
    return flag in subject.flags


def _is_within(leaf: Within, subject: Subject, today: date | None) -> bool:
    first, last = resolve_days(leaf, today)
    if leaf.day is Day.EVENT:
        return any(begin <= last and first <= end for begin, end in subject.event_days)
    day = subject.published_on if leaf.day is Day.DATE else subject.seen_on
    return day is not None and first <= day <= last


def resolve_days(leaf: Within, today: date | None) -> tuple[date, date]:
    """Return the days a period means.

    Raises QueryError when it counts from today and `today` is not given.
    """
    try:
        return resolve_period(leaf.period, today)
    except ValueError as error:
        raise QueryError(leaf.typed, 0, f"{error}.") from error
