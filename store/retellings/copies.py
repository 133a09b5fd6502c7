"""Prints, vectors and copies.

It never compares two texts.
"""

import struct
from collections.abc import Sequence
from datetime import datetime

import msgspec

from model.story import Copy, CopyKind, Direction, SharedRun
from store.database import Database, Row
from store.events.keeping import mark_stale
from store.identity import time_of
from store.records import CopyReport, CopyText, StoredVector
from store.search.indexing import relabel
from store.values import marks, to_json, to_text, to_time, to_time_or_none, well_formed

LEAST_SHARE = 0.5
"""An article of which less repeats another text is a source of its own."""
MAX_CANDIDATES = 24
MAX_SHARERS = 40
"""A print that more texts hold is read no further: of a text that many carry these are the first
that were kept, and a phrase that many use points at nobody."""
FEW_PRINTS = 20
"""A longer text that shares one print alone shares a phrase."""
MAX_VECTORS = 2_000
"""So many articles of the days around are weighed by their meaning: 1 MB read, 3 ms. An affair
brings that many in two weeks only at its height, when those of the same hours are the likelier
translations; shared words are sought among all that is held, whatever their number."""

_TEXT = (
    "SELECT article.id, article.order_id, article.url, article.site, article.lang,"
    " article.published_at, article.copy_group, version.id AS version, version.title,"
    " version.text FROM article JOIN version ON version.id = article.current_id"
)


def unsigned(db: Database, signer: str, limit: int) -> tuple[CopyText, ...]:
    """Return relevant articles whose copies were not sought yet by `signer`, the earliest first."""
    # the ids first: what is not chosen is sorted without its text
    rows = db.rows(
        "SELECT id FROM article WHERE (relevant = 1 AND signed_by < :signer)"
        " OR (relevant = 1 AND signed_by > :signer) ORDER BY order_id LIMIT :limit",
        {"signer": signer, "limit": limit},
    )
    return get_texts(db, [row["id"] for row in rows])


def get_texts(db: Database, articles: Sequence[int]) -> tuple[CopyText, ...]:
    """Return the current texts of articles, the earliest first."""
    rows = db.rows(
        f"{_TEXT} WHERE article.id IN ({marks(articles)}) ORDER BY article.order_id",
        tuple(articles),
    )
    return tuple(_copy_text(db, row) for row in rows)


def save_prints(
    db: Database, article_id: int, prints: Sequence[int], vector: bytes | None, signer: str
) -> None:
    """Replace an article's prints and, where given, its vector."""
    with db.writing():
        _drop_prints(db, article_id)
        db.execute_many(
            "INSERT OR IGNORE INTO print (value, article_id) VALUES (?, ?)",
            [(value, article_id) for value in prints],
        )
        db.execute("INSERT INTO text_prints VALUES (?, ?)", (article_id, _packed(prints)))
        if vector is not None:
            place = db.value("SELECT order_id FROM article WHERE id = ?", (article_id,))
            db.execute(
                "INSERT INTO vector (article_id, ordered_at, numbers) VALUES (?, ?, ?)"
                " ON CONFLICT (article_id) DO UPDATE SET ordered_at = excluded.ordered_at,"
                " numbers = excluded.numbers",
                (article_id, to_text(time_of(place)), vector),
            )
        db.execute("UPDATE article SET signed_by = ? WHERE id = ?", (signer, article_id))


def _drop_prints(db: Database, article_id: int) -> None:
    held = db.value("SELECT numbers FROM text_prints WHERE article_id = ?", (article_id,))
    if held is not None:
        db.execute_many(
            "DELETE FROM print WHERE value = ? AND article_id = ?",
            [(value, article_id) for (value,) in struct.iter_unpack("<i", held)],
        )
        db.execute("DELETE FROM text_prints WHERE article_id = ?", (article_id,))


def _packed(prints: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(prints)}i", *prints)


def candidates(db: Database, prints: Sequence[int], but: int = 0) -> tuple[CopyText, ...]:
    """Return the articles, without `but`, that share most prints, a rare one counting more."""
    weights: dict[int, float] = {}
    shared: dict[int, int] = {}
    sql = "SELECT article_id FROM print WHERE value = ? AND article_id <> ? LIMIT ?"
    for value in prints:
        found = [row["article_id"] for row in db.rows(sql, (value, but, MAX_SHARERS))]
        for article in found:
            weights[article] = weights.get(article, 0.0) + 1 / len(found)
            shared[article] = shared.get(article, 0) + 1
    least = 1 if len(prints) < FEW_PRINTS else 2
    chosen = sorted(
        (article for article in weights if shared[article] >= least),
        key=lambda article: (-round(weights[article], 6), article),
    )[:MAX_CANDIDATES]
    texts = {text.article: text for text in get_texts(db, chosen)}
    return tuple(texts[article] for article in chosen if article in texts)


def recent_vectors(
    db: Database, from_at: datetime, at: datetime, to_at: datetime
) -> tuple[StoredVector, ...]:
    """Return the vectors of the articles that stand between two times, both included.

    Where there are too many, those nearest in time to `at`.
    """
    before = db.rows(
        f"{_VECTOR} WHERE ordered_at BETWEEN ? AND ? ORDER BY ordered_at DESC, article_id DESC"
        " LIMIT ?",
        (to_text(from_at), to_text(at), MAX_VECTORS),
    )
    after = db.rows(
        f"{_VECTOR} WHERE ordered_at > ? AND ordered_at <= ? ORDER BY ordered_at, article_id"
        " LIMIT ?",
        (to_text(at), to_text(to_at), MAX_VECTORS),
    )
    found = [
        StoredVector(
            article=row["article_id"], at=to_time(row["ordered_at"]), numbers=row["numbers"]
        )
        for row in (*before, *after)
    ]
    found.sort(key=lambda one: (abs(one.at - at), one.article))
    return tuple(sorted(found[:MAX_VECTORS], key=lambda one: (one.at, one.article)))


_VECTOR = "SELECT article_id, ordered_at, numbers FROM vector"


def save_copies(db: Database, article_id: int, copies: Sequence[Copy]) -> None:
    """Replace what an article is a copy of; the groups of what it touches follow."""
    with db.writing():
        touched = _group_members(db, article_id)
        db.execute("DELETE FROM copy WHERE article_id = ?", (article_id,))
        db.execute_many(_PUT_COPY, [_copy_row(copy) for copy in copies])
        for other in {copy.of for copy in copies}:
            touched |= _group_members(db, other)
        _regroup(db, touched)
        relabel(db, [article_id])


_PUT_COPY = (
    "INSERT OR REPLACE INTO copy (article_id, of_id, kind, score, evidence, share, runs, facts,"
    " direction, version_id, of_version_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?,"
    " (SELECT current_id FROM article WHERE id = ?), (SELECT current_id FROM article WHERE id = ?))"
)


def _copy_row(copy: Copy) -> tuple[object, ...]:
    runs = [(run.start, run.end, run.of_start, run.of_end) for run in copy.runs]
    facts = [well_formed(fact) for fact in copy.facts]
    return (
        copy.article, copy.of, copy.kind, copy.score, well_formed(copy.evidence), copy.share,
        to_json(runs), to_json(facts), copy.direction, copy.article, copy.of,
    )  # fmt: skip


def _group_members(db: Database, article_id: int) -> set[int]:
    rows = db.rows(
        "SELECT id FROM article WHERE copy_group = (SELECT copy_group FROM article WHERE id = ?)",
        (article_id,),
    )
    return {row["id"] for row in rows}


def _regroup(db: Database, members: set[int]) -> None:
    """Give each set of articles that copies join the number of its lowest article.

    One that holds a passage of another's text within its own is no carrier of that text.
    """
    links: dict[int, set[int]] = {member: set() for member in members}
    ids = tuple(members)
    sql = f"SELECT article_id, of_id FROM copy WHERE share >= ? AND article_id IN ({marks(ids)})"  # noqa: S608
    rows = db.rows(sql, (LEAST_SHARE, *ids))
    for row in rows:
        links[row["article_id"]].add(row["of_id"])
        links.setdefault(row["of_id"], set()).add(row["article_id"])
    while links:
        group = _reachable(min(links), links)
        for member in group:
            _join_group(db, member, min(group))
            del links[member]


def _join_group(db: Database, article_id: int, group: int) -> None:
    """Move an article into a group: the events it tells of are to be counted anew."""
    moved = db.execute(
        "UPDATE article SET copy_group = :group WHERE id = :id AND copy_group <> :group",
        {"group": group, "id": article_id},
    )
    if moved.rowcount:
        mark_stale(db, article_id)


def _reachable(start: int, links: dict[int, set[int]]) -> set[int]:
    seen, waiting = {start}, [start]
    while waiting:
        new = links[waiting.pop()] - seen
        seen |= new
        waiting.extend(new)
    return seen


def list_copies(db: Database, article_id: int | None = None) -> tuple[CopyReport, ...]:
    """Return all copies, or those that an article makes or suffers, the newest first."""
    rows = db.rows(
        "SELECT copy.*, a.url, a.site, v.title, o.url AS of_url, o.site AS of_site,"
        " w.title AS of_title, cv.text_sha256, ov.text_sha256 AS of_text_sha256 FROM copy"
        " JOIN article a ON a.id = copy.article_id JOIN version v ON v.id = a.current_id"
        " JOIN article o ON o.id = copy.of_id JOIN version w ON w.id = o.current_id"
        " LEFT JOIN version cv ON cv.id = copy.version_id"
        " LEFT JOIN version ov ON ov.id = copy.of_version_id"
        " WHERE :id IS NULL OR copy.article_id = :id OR copy.of_id = :id"
        " ORDER BY a.order_id DESC, copy.of_id",
        {"id": article_id},
    )
    return tuple(map(_copy_report, rows))


def copies_among(
    db: Database, articles: Sequence[int], least_share: float = 0.0
) -> tuple[tuple[int, int], ...]:
    """Return who repeats whom among articles, as pairs of the copy and what it repeats."""
    sql = f"SELECT article_id, of_id FROM copy WHERE article_id IN ({marks(articles)})"  # noqa: S608
    rows = db.rows(f"{sql} AND share >= ?", (*articles, least_share))
    return tuple((row["article_id"], row["of_id"]) for row in rows)


def is_copy(db: Database, article_id: int) -> bool:
    """Return whether an article is known to repeat another."""
    return bool(db.value("SELECT 1 FROM copy WHERE article_id = ?", (article_id,)))


def _copy_report(row: Row) -> CopyReport:
    return CopyReport(
        article=row["article_id"],
        of=row["of_id"],
        kind=CopyKind(row["kind"]),
        direction=Direction(row["direction"]),
        runs=tuple(SharedRun(*run) for run in msgspec.json.decode(row["runs"])),
        facts=tuple(msgspec.json.decode(row["facts"])),
        text_sha256=row["text_sha256"] or "",
        of_text_sha256=row["of_text_sha256"] or "",
        **{name: row[name] for name in _COPY_FIELDS},
    )


_COPY_FIELDS = (
    "url", "title", "site", "of_url", "of_title", "of_site", "score", "evidence", "share",
)  # fmt: skip


def _copy_text(db: Database, row: Row) -> CopyText:
    entities = db.rows(
        "SELECT DISTINCT entity.name FROM mention JOIN entity ON entity.id = mention.entity_id"
        " WHERE mention.version_id = ? ORDER BY entity.name",
        (row["version"],),
    )
    return CopyText(
        article=row["id"],
        version=row["version"],
        url=row["url"],
        title=row["title"],
        text=row["text"],
        site=row["site"],
        lang=row["lang"],
        published_at=to_time_or_none(row["published_at"]),
        at=time_of(row["order_id"]),
        copy_group=row["copy_group"],
        entities=tuple(entity["name"] for entity in entities),
    )
