"""Where the names that a query asks for stand in the texts that answer: marked as its words are.

It reads what the tagger found, and finds no name itself.
"""

from collections.abc import Sequence

from model.query import And, Facet, Has, Or, Query
from model.words import words
from store.database import Database, Row
from store.entities.names import find_named
from store.search.snippets import Marks, Sought
from store.values import marks


def sought_names(query: Query) -> tuple[str, ...]:
    """Return the names that a query asks for; not those it forbids."""
    match query:
        case Has(facet=Facet.ENTITY, value=value):
            return (value,)
        case And(parts) | Or(parts):
            return tuple(dict.fromkeys(name for part in parts for name in sought_names(part)))
        case _:
            return ()


def find_places(db: Database, query: Query, versions: Sequence[int]) -> dict[int, list[Row]]:
    """Return the mentions of what a query names in some versions, in order, by version."""
    found: dict[int, list[Row]] = {}
    ids = sorted({one for name in sought_names(query) for one in find_named(db, name)})
    if ids and versions:
        rows = db.rows(
            'SELECT m.version_id, m.start, m."end", m.text FROM mention m'  # noqa: S608
            f" WHERE m.entity_id IN ({marks(ids)})"
            f" AND m.version_id IN ({marks(versions)}) ORDER BY m.start",
            (*ids, *versions),
        )
        for row in rows:
            found.setdefault(row["version_id"], []).append(row)
    return found


def marks_of(places: Sequence[Row]) -> Marks:
    """Return where mentions stand in their text."""
    return tuple((place["start"], place["end"]) for place in places)


def runs_of(places: Sequence[Row]) -> tuple[Sought, ...]:
    """Return what mentions say, as words to be marked elsewhere in the article."""
    said = dict.fromkeys(tuple(words(place["text"])) for place in places)
    return tuple(Sought(run, prefix=False) for run in said if run)
