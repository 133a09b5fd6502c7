"""How many articles of the affair hold each word, name and day, kept one article at a time.

What counts in an article is for others to say. The work of one article follows what it holds,
never how many are held.
"""

from collections.abc import Collection, Mapping

from model.event import Held
from store.database import Database
from store.values import pack, to_json, unpack

WHOLE = "article"
"""What the number of all counted articles stands under, with an empty key."""


def uncounted(db: Database, limit: int) -> tuple[int, ...]:
    """Return articles whose share in the counts may be another now."""
    rows = db.rows("SELECT article_id FROM uncounted ORDER BY article_id LIMIT ?", (limit,))
    return tuple(row["article_id"] for row in rows)


def save_counted(db: Database, counted: Mapping[int, Held]) -> None:
    """Count articles by what each holds now, instead of what it held; nothing leaves it out."""
    with db.writing():
        for article_id, held in counted.items():
            _recount(db, article_id, _keys(held))
            db.execute("DELETE FROM uncounted WHERE article_id = ?", (article_id,))


def _keys(held: Held) -> list[tuple[str, str]]:
    keys = [(what, key) for what, found in held.items() for key in found]
    return sorted([(WHOLE, ""), *keys]) if keys else []


def _recount(db: Database, article_id: int, keys: list[tuple[str, str]]) -> None:
    packed = db.value("SELECT held FROM counted WHERE article_id = ?", (article_id,))
    before = unpack(packed, list[tuple[str, str]]) if packed else []
    if before == keys:
        return
    gone, come = set(before) - set(keys), set(keys) - set(before)
    db.execute_many(
        "UPDATE centre SET articles = articles - 1 WHERE what = ? AND key = ?", sorted(gone)
    )
    db.execute_many("DELETE FROM centre WHERE what = ? AND key = ? AND articles < 1", sorted(gone))
    db.execute_many(
        "INSERT INTO centre (what, key, articles) VALUES (?, ?, 1)"
        " ON CONFLICT (what, key) DO UPDATE SET articles = articles + 1",
        sorted(come),
    )
    db.execute("DELETE FROM counted WHERE article_id = ?", (article_id,))
    if keys:
        db.execute("INSERT INTO counted (article_id, held) VALUES (?, ?)", (article_id, pack(keys)))


def count_whole(db: Database) -> int:
    """Return how many articles are counted."""
    sql = "SELECT articles FROM centre WHERE what = ? AND key = ''"
    return int(db.value(sql, (WHOLE,)) or 0)


def count_holders(db: Database, what: str, keys: Collection[str]) -> dict[str, int]:
    """Return how many articles hold each of some keys, of one sort; those that none holds lack."""
    rows = db.rows(
        "SELECT key, articles FROM centre WHERE what = ?"
        " AND key IN (SELECT value FROM json_each(?))",
        (what, to_json(sorted(keys))),
    )
    return {row["key"]: row["articles"] for row in rows}


def find_nth(db: Database, what: str, number: float) -> str | None:
    """Return by which key, in their order, so many articles are reached; None where none is."""
    reached = 0
    key = None
    rows = db.rows("SELECT key, articles FROM centre WHERE what = ? ORDER BY key", (what,))
    for row in rows:
        key = str(row["key"])
        reached += row["articles"]
        if reached >= number:
            break
    return key


def forget_counts(db: Database) -> None:
    """Forget all counts, within `writing`: every article of the affair is yet to be counted."""
    for table in ("centre", "counted", "uncounted"):
        db.execute(f"DELETE FROM {table}")  # noqa: S608
    db.execute("INSERT INTO uncounted SELECT id FROM article WHERE relevant = 1")
