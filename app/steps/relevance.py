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
from model.mention import Mention
from model.query import parse_query
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


class Rule:
    """The affair's `match`, ready to judge readings."""

    def __init__(
        self, config: Config, finder: FindsListed, searches: Queries = NO_SEARCHES
    ) -> None:
        """Compile the rule once, with the saved searches that it may name; raises QueryError."""
        self._query = read_rule(config, searches)
        # a tree says of itself what it asks for, saved searches and stems included
        told = msgspec.json.encode((repr(self._query), config.entities))
        self.fingerprint = hashlib.sha256(told).hexdigest()
        """Tells this rule from another one."""
        self._finder = finder

    def judge(self, reading: Reading, listed_by: Source | None = None) -> Verdict:
        """Say whether a reading belongs to the affair; what no source listed is imported."""
        text = "\n".join(_once([reading.summary, reading.text]))
        return self._judge(
            Subject(
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
        )

    def judge_text(
        self, title: str, text: str, lang: str | None = None, listed_by: Source | None = None
    ) -> Verdict:
        """Say whether a bare text belongs to the affair; without a language, by whole words."""
        return self._judge(
            Subject(
                title=title,
                text=text,
                lang=lang or "",
                source=listed_by.name if listed_by else "",
                kind=listed_by.kind if listed_by else "",
                entities=self._entities(title, text),
            )
        )

    def _entities(self, title: str, text: str) -> frozenset[str]:
        return frozenset(mention.entity for mention in self._finder.find_listed(f"{title}\n{text}"))

    def _judge(self, subject: Subject) -> Verdict:
        if not matches(self._query, subject):
            return Verdict(relevant=False)
        return Verdict(relevant=True, reasons=explain(self._query, subject))


def _once(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text))


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
