"""Whether a text belongs to the affair, by the configured rule, and for what reason.

It stores nothing; a changed rule is a new `Rule`.
"""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from types import MappingProxyType
from typing import Protocol

import msgspec

from app.configured_queries import read_rule
from app.workplace import Workplace
from model.article import Reading
from model.config import Config
from model.matching import Subject, explain, matches
from model.mention import Entity, Mention
from model.query import And, Facet, Has, Not, Or, Query, parse_query
from model.saved_searches import Queries, named_searches
from model.source import Source


class FindsListed(Protocol):
    """What finds the watched entities in a text: a Tagger, or a fake in tests."""

    def find_listed(self, text: str) -> tuple[Mention, ...]:
        """Return the mentions of watched entities."""
        ...


class Verdict(msgspec.Struct, frozen=True):
    """What the rule answered, and the terms of it that were found."""

    relevant: bool
    reasons: tuple[str, ...] = ()


NO_SEARCHES: Queries = MappingProxyType({})


def searches_of_rule(workplace: Workplace, config: Config) -> Queries:
    """Return the saved searches where the affair's rule names one, for commands without a store."""
    if not named_searches(parse_query(config.affair.match)):
        return NO_SEARCHES
    # few rules do, and the store is slow to import
    from app.asking import has_database, opened

    if not has_database(workplace):
        return NO_SEARCHES
    with opened(workplace) as held:
        return held.store.saved_queries()


class RuleFacts(msgspec.Struct, frozen=True, kw_only=True):
    """All that decides what a rule answers; the watch list where it asks who is named."""

    query: str
    entities: tuple[Entity, ...]


class Rule:
    """The affair's `match`, ready to judge readings."""

    def __init__(
        self, config: Config, finder: FindsListed, searches: Queries = NO_SEARCHES
    ) -> None:
        """Compile the rule once, with the saved searches that it may name; raises QueryError."""
        self.query = read_rule(config, searches)
        # a tree says of itself what it asks for, saved searches and stems included
        named = config.entities if asks_for_names(self.query) else ()
        self.facts = RuleFacts(query=repr(self.query), entities=named)
        self.fingerprint = hashlib.sha256(msgspec.json.encode(self.facts)).hexdigest()
        """Tells this rule from another one."""
        self._finder = finder

    def judge(self, reading: Reading, listed_by: Source | None = None) -> Verdict:
        """Say whether a reading belongs to the affair; what no source listed is imported."""
        return self.judge_subject(self.subject(reading, listed_by))

    def subject(self, reading: Reading, listed_by: Source | None = None) -> Subject:
        """Return what the rule is asked of: a reading with the watched names in it."""
        text = judged_text(reading)
        return Subject(
            title=reading.title,
            text=text,
            authors=reading.authors,
            site=reading.site,
            source=listed_by.name if listed_by else "",
            kind=listed_by.kind if listed_by else "",
            lang=reading.lang or "",
            published_on=_day(reading.published_at),
            access=reading.access,
            entities=self._entities(reading.title, text),
        )

    def judge_text(
        self, title: str, text: str, lang: str | None = None, listed_by: Source | None = None
    ) -> Verdict:
        """Say whether a bare text belongs to the affair; without a language, by whole words."""
        return self.judge_subject(
            Subject(
                title=title,
                text=text,
                lang=lang or "",
                source=listed_by.name if listed_by else "",
                kind=listed_by.kind if listed_by else "",
                entities=self._entities(title, text),
            )
        )

    def find_named(self, text: str) -> tuple[Mention, ...]:
        """Return where the watched names stand in a text."""
        return self._finder.find_listed(text)

    def _entities(self, title: str, text: str) -> frozenset[str]:
        return frozenset(mention.entity for mention in self._finder.find_listed(f"{title}\n{text}"))

    def judge_subject(self, subject: Subject) -> Verdict:
        """Say whether what is known of a text belongs to the affair."""
        if not matches(self.query, subject):
            return Verdict(relevant=False)
        return Verdict(relevant=True, reasons=explain(self.query, subject))


def judged_text(reading: Reading) -> str:
    """Return the text that the rule looks at beside the title."""
    return "\n".join(_once([reading.summary, reading.text]))


def asks_for_names(query: Query) -> bool:
    """Say whether a query asks who is named, so that the watch list decides with it."""
    match query:
        case Has(facet=Facet.ENTITY):
            return True
        case Not(part):
            return asks_for_names(part)
        case And(parts) | Or(parts):
            return any(map(asks_for_names, parts))
        case _:
            return False


def _once(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text))


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
