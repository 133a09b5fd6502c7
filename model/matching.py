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
    IMPORTED,
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
    Saved,
    Versions,
    Within,
    Words,
)
from model.stems import Lexicon, learn
from model.words import words


class Older(msgspec.Struct, frozen=True, kw_only=True):
    """What an article said before, or says elsewhere in its history."""

    title: str
    text: str
    authors: tuple[str, ...] = ()
    lang: str = ""


class Subject(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """What a query can be asked of.

    `flags` holds `relevant`, `starred`, `read`, `changed`, `removed`, `copy` where they are
    true: `is:unread` and `is:original` are their absence. `stories` are ids and titles;
    `event_days` the first and last days its dated sentences tell of. `kind` is of the source
    that listed it, empty where none did; `older` are all versions but the current one.
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
    access: str = ""
    kind: str = ""
    older: tuple[Older, ...] = ()

    @cached_property
    def places(self) -> "dict[Column, _Places]":
        """Where each word stands, by column."""
        return _places(self)

    @cached_property
    def all_places(self) -> "tuple[dict[Column, _Places], ...]":
        """Where each word stands, in every version."""
        return (self.places, *map(_places, self.older))


def _places(version: Subject | Older) -> "dict[Column, _Places]":
    lang = primary_language(version.lang)
    return {
        Column.TITLE: _Places(words(version.title), lang),
        Column.TEXT: _Places(words(version.text), lang),
        Column.AUTHOR: _Places(words(join_authors(version.authors)), ""),
    }


class _Places:
    """The words of one column, in their order.

    Words hold no space, so that a run of them is sought as text: twice as quick as by places.
    """

    def __init__(self, tokens: list[str], lang: str) -> None:
        self.tokens = tokens
        self.joined = f" {' '.join(tokens)} "
        self._lang = lang

    @cached_property
    def words(self) -> frozenset[str]:
        """Its words, each once."""
        return frozenset(self.tokens)

    @cached_property
    def lexicon(self) -> Lexicon:
        """What its words are forms of, by the rules of its language."""
        return learn(self.words, self._lang)


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
    found = find_matching(query, subject, today=today)
    return tuple(dict.fromkeys(leaf.typed for leaf in found))


def find_matching(
    query: Query, subject: Subject, *, today: date | None = None
) -> tuple[Leaf | Saved, ...]:
    """Return the positive parts that made `subject` match, in the order of the query."""
    return tuple(_matching(query, subject, today)) if matches(query, subject, today=today) else ()


def _matching(query: Query, subject: Subject, today: date | None) -> Iterable[Leaf | Saved]:
    match query:
        case Everything() | Not():
            return
        case And(parts) | Or(parts):
            for part in parts:
                if matches(part, subject, today=today):
                    yield from _matching(part, subject, today)
        case _:
            yield query


def _matches_leaf(leaf: Leaf | Saved, subject: Subject, today: date | None) -> bool:
    match leaf:
        case Words():
            return any(_holds_words(leaf, places) for places in _columns(leaf, subject))
        case Near():
            return any(_holds_near(leaf, places) for places in _columns(leaf, subject))
        case Has(facet=facet, value=value):
            return _FACETS[facet](value, subject)
        case Is(flag=flag):
            return _is(flag, subject)
        case Within():
            return _is_within(leaf, subject, today)
        case Saved():
            raise QueryError(leaf.typed, 0, "A saved search cannot be asked here.")


def _columns(leaf: Words | Near, subject: Subject) -> Iterable[_Places]:
    is_any = leaf.versions is Versions.ANY
    columns = (Column.TITLE, Column.TEXT) if leaf.column is Column.ANY else (leaf.column,)
    for places in subject.all_places if is_any else (subject.places,):
        for column in columns:
            yield places[column]


def _holds_words(leaf: Words, places: _Places) -> bool:
    if f" {' '.join(leaf.tokens)}{'' if leaf.prefix else ' '}" in places.joined:
        return True
    # a name has no stem: Martin is not Martine
    is_stemmed = leaf.plain and leaf.column is not Column.AUTHOR
    return is_stemmed and places.lexicon.holds_form(leaf.tokens[0], places.words)


def _holds_near(leaf: Near, places: _Places) -> bool:
    """Look for the tightest window that holds every word once."""
    if not all(f" {token} " in places.joined for token in leaf.tokens):
        return False
    latest: dict[str, int] = {}
    for place, token in enumerate(places.tokens):
        if token not in leaf.tokens:
            continue
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
    Facet.ACCESS: lambda value, subject: value == subject.access,
    Facet.KIND: lambda value, subject: value == (subject.kind or IMPORTED),
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
