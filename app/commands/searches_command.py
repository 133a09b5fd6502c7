"""`vigie searches`: queries with a name."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import click
import msgspec

from app.asking import Held, has_database, opened
from app.exporting.writing import TAKES_QUERY, asked_query, query_argument
from app.output import local_time, note, print_json, print_sentence, print_table
from app.workplace import Workplace, utc_now
from model.errors import ConfigError, MissingError, QueryError
from model.plurals import count
from model.query import Everything, parse_query
from model.saved_searches import SavedSearch, named_searches, read_query, search_key, spelt

COLUMNS = ("name", "articles", "saved", "query")


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A saved search and how many articles it finds today; why not, where it cannot be asked."""

    name: str
    query: str
    saved_at: datetime
    articles: int | None
    fault: str


@click.group("searches")
def command() -> None:
    """Keep queries under names; other queries use them as search:NAME.

    A saved search stands wherever a query does: in search, timeline and exports, in digest lists,
    in the affair's rule, and in other saved searches.

    \b
    Examples:
      vigie searches save justice '(plainte OR recours) is:relevant'
      vigie searches save "justice this year" search:justice date:P1Y
      vigie search search:justice entity:CNIL
      vigie searches list
    """


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def list_(workplace: Workplace, *, as_json: bool) -> None:
    """List the saved searches, with how many articles each finds today.

    \b
    Examples:
      vigie searches list
    """
    found: list[Told] = []
    timezone = workplace.config().affair.timezone
    if has_database(workplace):
        with opened(workplace) as held:
            found = [_told(held, search) for search in held.store.searches()]
    if as_json:
        print_json(found)
    elif found:
        _print(found, timezone)
    if not found:
        note("No search is saved yet: `vigie searches save NAME QUERY` saves one.")


@command.command("show")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def show(workplace: Workplace, name: str, *, as_json: bool) -> None:
    """Show one saved search, and those that it names.

    \b
    Examples:
      vigie searches show justice
    """
    with opened(workplace) as held:
        saved = {search_key(search.name): search for search in held.store.searches()}
        found = [_told(held, search) for search in _with_those_it_names(saved, name)]
    if as_json:
        print_json(found)
    else:
        _print(found, held.timezone)


@command.command("save", context_settings=TAKES_QUERY)
@click.argument("name")
@query_argument
@click.pass_obj
def save(workplace: Workplace, name: str, query: tuple[str, ...]) -> None:
    """Save a query under a name, in place of what the name stood for before.

    \b
    Examples:
      vigie searches save justice '(plainte OR recours) is:relevant'
    """
    typed = asked_query(query)
    config = workplace.config()
    if not typed.strip():
        raise ConfigError(f"what is to be saved? vigie searches save {spelt(name)} QUERY")
    with workplace.store() as store:
        if read_query(typed, store.saved_queries() | {name: typed}) == Everything():
            raise ConfigError(f"{typed!r} asks for everything: name some words")
        before = store.save_search(name, typed, now=utc_now())
        asked = read_query(typed, store.saved_queries(), config.entities)
        total = store.search(asked, now=utc_now(), limit=1, count_all=True).total
    told = f"; it was: {before.query}" if before and before.query != typed else ""
    print_sentence(f"Saved: search:{spelt(name)}, with {count(total, 'article')}{told}")


@command.command("delete")
@click.argument("name")
@click.pass_obj
def delete(workplace: Workplace, name: str) -> None:
    """Delete a saved search that no other one names.

    \b
    Examples:
      vigie searches delete justice
    """
    _refuse_while_configured(workplace, name)
    if not has_database(workplace):
        raise MissingError(f"there is no saved search {name!r}")
    with workplace.store() as store:
        deleted = store.delete_search(name)
    print_sentence(f"Deleted search:{spelt(deleted.name)}; it was: {deleted.query}")


def _told(held: Held, search: SavedSearch) -> Told:
    """Say what a search finds; one saved by an older program may have become unreadable."""
    total, fault = None, ""
    try:
        asked = held.query(f"search:{spelt(search.name)}")
        total = held.store.search(asked, now=utc_now(), limit=1, count_all=True).total
    except QueryError as error:
        fault = error.reason
    return Told(
        name=search.name,
        query=search.query,
        saved_at=search.saved_at,
        articles=total,
        fault=fault,
    )


def _with_those_it_names(saved: Mapping[str, SavedSearch], name: str) -> Iterator[SavedSearch]:
    """Yield a search, then those that it names, each once."""
    if search_key(name) not in saved:
        raise MissingError(
            f"there is no saved search {name!r}: `vigie searches list` shows those there are"
        )
    wanted = {search_key(name): None}
    done: set[str] = set()
    while left := [key for key in wanted if key in saved and key not in done]:
        yield saved[left[0]]
        done.add(left[0])
        named = named_searches(parse_query(saved[left[0]].query))
        wanted |= dict.fromkeys(search_key(leaf.name) for leaf in named)


def _print(found: Sequence[Told], timezone: str) -> None:
    rows = [
        (
            one.name,
            "-" if one.articles is None else f"{one.articles:,}",
            local_time(one.saved_at, timezone),
            f"{one.query}\n{one.fault}".rstrip(),
        )
        for one in found
    ]
    print_table(count(len(found), "saved search", "saved searches"), COLUMNS, rows)


def _refuse_while_configured(workplace: Workplace, name: str) -> None:
    """Refuse to delete what the affair's rule or a digest list asks for."""
    config = workplace.config()
    asked = {"the affair's rule": config.affair.match}
    asked |= {f"the digest list {one.name}": one.query for one in config.digests}
    for where, query in asked.items():
        named = {search_key(leaf.name) for leaf in named_searches(parse_query(query))}
        if search_key(name) in named:
            raise ConfigError(f"{name} is named by {where}: change that first")
