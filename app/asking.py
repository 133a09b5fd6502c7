"""What a person asks, read from options: a query, days, an article; and the store it is asked of.

It answers nothing and never writes.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import click
import msgspec

from app.output import note
from app.workplace import Workplace
from model.config import Config
from model.errors import ConfigError
from model.period import parse_period
from model.query import And, Everything, Flag, Has, Is, Query, expand_entities, parse_query
from model.saved_searches import read_query
from store import open_store
from store.inspection import kept_beside
from store.reader import Reader
from store.records import Hit
from store.store import DATABASE_NAME

PAGE = 500
RELEVANT = Is(typed="is:relevant", flag=Flag.RELEVANT)


class Held(msgspec.Struct, frozen=True):
    """The configuration of a call and the store that is read."""

    config: Config
    store: Reader

    @property
    def timezone(self) -> str:
        """Return the affair's time zone."""
        return self.config.affair.timezone

    def query(self, text: str) -> Query:
        """Return what `text` asks for; raises QueryError."""
        return read_query(text, self.store.saved_queries(), self.config.entities)


def has_database(workplace: Workplace) -> bool:
    """Tell whether there is, or was, a database: opening one that was lost says so."""
    file = workplace.data / DATABASE_NAME
    return file.exists() or kept_beside(file) is not None


@contextmanager
def opened(workplace: Workplace) -> Iterator[Held]:
    """Open the store for reading for the length of a `with`."""
    config = workplace.config()
    with open_store(workplace.data, timezone=config.affair.timezone, read_only=True) as store:
        if gap := store.index_gap():
            note(f"vigie: {gap}")
        yield Held(config, store)


def both(first: Query, second: Query) -> Query:
    """Return the query that asks for what both ask for."""
    if isinstance(first, Everything):
        return second
    return first if isinstance(second, Everything) else And((first, second))


def naming(entity: str, config: Config) -> Query:
    """Return the query for an entity, given by its name or one of its aliases."""
    if not any(character.isalnum() for character in entity):
        raise ConfigError(f"--entity {entity!r} names nobody: `vigie entities` lists the names")
    asked = parse_query(f'entity:"{entity.replace(chr(34), " ")}"')
    return expand_entities(asked, config.entities)


def entity_name(entity: str, config: Config) -> str:
    """Return the name of an entity, given by it or by one of its aliases."""
    asked = naming(entity, config)
    return asked.value if isinstance(asked, Has) else entity


class Days(click.ParamType[tuple[date, date]]):
    """A year, a month, a week or a day, as its first and last day."""

    name = "date"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[date, date]:
        """Return the first and the last day of what was typed."""
        text = str(value).strip()
        wanted = "a date is written 2023, 2023-11, 2023-W47 or 2023-11-21"
        if not re.fullmatch(r"\d{4}(-\d{1,2}){0,2}|\d{4}-?[Ww]\d{1,2}", text):
            raise ConfigError(f"{_name(param)} {text!r}: {wanted}")
        try:
            period = parse_period(text)
        except ValueError as error:
            raise ConfigError(f"{_name(param)}: {error}; {wanted}") from error
        return period.from_on or date.min, period.to_on or date.max


def _name(param: click.Parameter | None) -> str:
    return param.opts[0] if param and param.opts else "date"


def between(first: tuple[date, date] | None, last: tuple[date, date] | None) -> "Between":
    """Return the days from the start of `first` to the end of `last`, None where open."""
    asked = Between(first[0] if first else None, last[1] if last else None)
    if asked.from_on and asked.to_on and asked.to_on < asked.from_on:
        raise ConfigError(f"--from {asked.from_on} is after --to {asked.to_on}: exchange them")
    return asked


class Between(msgspec.Struct, frozen=True):
    """The days of a question, both included, None where open."""

    from_on: date | None
    to_on: date | None


def find_id(store: Reader, asked: str) -> int:
    """Return the id of the article asked for by its id or by an address it had."""
    if re.fullmatch(r"#?\d{1,18}", asked):
        return int(asked.lstrip("#"))
    found = store.find_article(asked.encode("utf-8", "replace").decode())
    if found is None:
        raise ConfigError(
            f"{asked!r} is neither the id nor the address of an article that is held: "
            "`vigie search` shows the ids"
        )
    return found


def day_of(hit: Hit, timezone: str) -> str:
    """Return the local day an article stands on, and how sure it is."""
    from zoneinfo import ZoneInfo

    zone = ZoneInfo(timezone)
    if hit.published_at is None:
        return f"seen {hit.first_seen_at.astimezone(zone):%Y-%m-%d}"
    day = f"{hit.published_at.astimezone(zone):%Y-%m-%d}"
    return f"{day} (future)" if hit.dated_in_future else day
