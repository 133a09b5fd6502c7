"""Which versions an older tagger read, and that some of them need not be read again.

It reads no text to find anything, and never says that a text was tagged which was not.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from model.mention import EntityKind
from store.database import Database
from store.values import marks, to_text

TAGGER, RULE = "tagger", "rule"
"""What `made_with` holds the facts of."""


class TaggedText(msgspec.Struct, frozen=True, kw_only=True):
    """A version as an older tagger read it; `named` is what it calls those whom it names."""

    version_id: int
    text: str
    lang: str
    named: tuple[tuple[str, EntityKind], ...]


def note_facts(db: Database, what: str, fingerprint: str, facts: bytes, now: datetime) -> None:
    """Note by what a tagger or a rule works, once; what nothing was left by is forgotten."""
    if find_facts(db, what, fingerprint) is not None:
        return
    with db.writing():
        db.execute(
            f"DELETE FROM made_with WHERE what = ? AND fingerprint NOT IN ({_USED[what]})",  # noqa: S608
            (what,),
        )
        db.execute(
            "INSERT INTO made_with (what, fingerprint, facts, noted_at) VALUES (?, ?, ?, ?)",
            (what, fingerprint, facts, to_text(now)),
        )


_USED = {
    TAGGER: "SELECT tagger FROM tagging",
    RULE: "SELECT judged_by FROM unkept UNION SELECT rule FROM judging"
    " UNION SELECT before FROM judging",
}


def find_facts(db: Database, what: str, fingerprint: str) -> bytes | None:
    """Return by what a tagger or a rule worked, None where that is not known."""
    sql = "SELECT facts FROM made_with WHERE what = ? AND fingerprint = ?"
    found: bytes | None = db.value(sql, (what, fingerprint))
    return found


def older_taggers(db: Database, tagger: str) -> tuple[str, ...]:
    """Return the other taggers that left something."""
    rows = db.rows("SELECT DISTINCT tagger FROM tagging WHERE tagger <> ?", (tagger,))
    return tuple(row["tagger"] for row in rows)


def tagged_texts(db: Database, tagger: str, after: int, limit: int) -> tuple[TaggedText, ...]:
    """Return versions that a tagger read, in the order of their ids, those after `after`."""
    rows = list(
        db.rows(
            "SELECT t.version_id, t.lang, v.text FROM tagging t"
            " JOIN version v ON v.id = t.version_id WHERE t.tagger = ? AND t.version_id > ?"
            " ORDER BY t.version_id LIMIT ?",
            (tagger, after, limit),
        )
    )
    named = _named(db, [row["version_id"] for row in rows])
    return tuple(TaggedText(**row, named=tuple(named.get(row["version_id"], ()))) for row in rows)


def _named(db: Database, versions: Sequence[int]) -> dict[int, list[tuple[str, EntityKind]]]:
    named: dict[int, list[tuple[str, EntityKind]]] = {}
    sql = f"SELECT version_id, called, kind FROM joining WHERE version_id IN ({marks(versions)})"  # noqa: S608
    for row in db.rows(sql, tuple(versions)):
        named.setdefault(row["version_id"], []).append((row["called"], EntityKind(row["kind"])))
    return named


def spare(db: Database, versions: Sequence[int], was: str, tagger: str) -> None:
    """Say of versions that `tagger` finds what the one before found."""
    if not versions:
        return
    held = marks(versions)
    with db.writing():
        db.execute(
            f"UPDATE tagging SET tagger = ? WHERE tagger = ? AND version_id IN ({held})",  # noqa: S608
            (tagger, was, *versions),
        )
        db.execute(
            f"UPDATE article SET tagged_by = ? WHERE tagged_by = ? AND current_id IN ({held})",  # noqa: S608
            (tagger, was, *versions),
        )
