"""Which version shows what was found, where the current one no longer does.

It finds no article: it only chooses what to show of one.
"""

from collections.abc import Sequence

from model.query import And, Near, Not, Or, Query, Words
from model.query_tree import Versions
from store.database import Database, Row
from store.search.snippets import MAX_SEARCHED_CHARS, Sought, find_marks

MOST_READ = 20
"""So many older versions of an article are looked at, the newest first."""


def choose_versions(
    db: Database, query: Query, sought: Sequence[Sought], rows: Sequence[Row]
) -> dict[int, Row]:
    """Return, by article, the older version that holds more of what is sought than today's."""
    if not sought or not _asks_older(query):
        return {}
    chosen = ((row["id"], _choose(db, sought, row)) for row in rows if row["versions"] > 1)
    return {article: version for article, version in chosen if version is not None}


def _asks_older(query: Query) -> bool:
    match query:
        case Words() | Near():
            return query.versions is Versions.ANY
        case Not(part):
            return _asks_older(part)
        case And(parts) | Or(parts):
            return any(map(_asks_older, parts))
        case _:
            return False


def _choose(db: Database, sought: Sequence[Sought], row: Row) -> Row | None:
    best, most = None, _held(row, sought)
    if most == len(sought):
        return None
    older = db.rows(
        "SELECT number, title, text, lang FROM version WHERE article_id = ? AND id <> ?"
        " ORDER BY number DESC LIMIT ?",
        (row["id"], row["current_id"], MOST_READ),
    )
    for version in older:
        if (held := _held(version, sought)) > most:
            best, most = version, held
    return best


def _held(version: Row, sought: Sequence[Sought]) -> int:
    """Return how many of the things sought a version holds."""
    text, lang = version["text"][:MAX_SEARCHED_CHARS], version["lang"] or ""
    return sum(
        bool(find_marks(version["title"], [one], lang) or find_marks(text, [one], lang))
        for one in sought
    )
