"""Saved searches: queries with a name.

It asks them of nothing; what they mean is `model.saved_searches`.
"""

from datetime import datetime

from model.errors import ConfigError, MissingError
from model.query import parse_query
from model.saved_searches import (
    MAX_NAME_CHARS,
    SavedSearch,
    expand_searches,
    named_searches,
    search_key,
    spelt,
)
from store.database import Database
from store.values import to_text, to_time, well_formed


def list_searches(db: Database) -> tuple[SavedSearch, ...]:
    """Return all saved searches by name."""
    rows = db.rows("SELECT name, query, saved_at FROM saved_search ORDER BY key")
    return tuple(
        SavedSearch(name=row["name"], query=row["query"], saved_at=to_time(row["saved_at"]))
        for row in rows
    )


def saved_queries(db: Database) -> dict[str, str]:
    """Return what each saved search asks for, by its name."""
    return {search.name: search.query for search in list_searches(db)}


def save_search(db: Database, name: str, query: str, now: datetime) -> SavedSearch | None:
    """Save a query under a name; return what the name stood for before.

    Raises ConfigError for a name that no query could spell, QueryError for a query that cannot
    be read, names a search that is not there, or would come to name itself.
    """
    name, query = _checked_name(name), well_formed(query).strip()
    key = search_key(name)
    with db.writing():
        known = list_searches(db)
        before = next((search for search in known if search_key(search.name) == key), None)
        others = {search.name: search.query for search in known if search is not before}
        expand_searches(parse_query(query), {**others, name: query}, query)
        _check_those_that_name(key, {**others, name: query})
        db.execute(
            "INSERT INTO saved_search (key, name, query, saved_at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (key) DO UPDATE SET name = excluded.name, query = excluded.query,"
            " saved_at = excluded.saved_at",
            (key, name, query, to_text(now)),
        )
    return before


def _check_those_that_name(key: str, saved: dict[str, str]) -> None:
    """Refuse a change by which a search that names this one could no longer be asked."""
    for query in saved.values():
        if key in _named_keys(query):
            expand_searches(parse_query(query), saved, query)


def _named_keys(query: str) -> set[str]:
    return {search_key(leaf.name) for leaf in named_searches(parse_query(query))}


def _checked_name(name: str) -> str:
    name = " ".join(well_formed(name).split())
    if not search_key(name):
        raise ConfigError(f"a saved search needs a name with a letter or a digit, not {name!r}")
    if len(name) > MAX_NAME_CHARS:
        raise ConfigError(f"the name of a saved search has at most {MAX_NAME_CHARS} characters")
    if any(not (character.isalnum() or character in " -_.'’") for character in name):
        raise ConfigError(
            f"the name {name!r} cannot stand in a query: use letters, digits, spaces and - _ . '"
        )
    return name


def delete_search(db: Database, name: str) -> SavedSearch:
    """Delete a saved search and return what it was.

    Raises MissingError when there is none, ConfigError while another one names it.
    """
    key = search_key(name)
    with db.writing():
        known = list_searches(db)
        found = next((search for search in known if search_key(search.name) == key), None)
        if found is None:
            raise MissingError(
                f"there is no saved search {name!r}: `vigie searches list` shows those there are"
            )
        naming = [search.name for search in known if key in _named_keys(search.query)]
        if naming:
            named = ", ".join(f"search:{spelt(one)}" for one in naming)
            raise ConfigError(f"{found.name} is named by {named}: change or delete that first")
        db.execute("DELETE FROM saved_search WHERE key = ?", (key,))
    return found
