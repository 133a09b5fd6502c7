"""What a digest is chosen from, what was sent, and how the watch is doing.

It never chooses, renders or sends.
"""

from collections import Counter
from datetime import date, datetime
from urllib.parse import urlsplit

import msgspec

from model.digest import Digest, DigestChange, DigestHealth, DigestItem
from model.query import Query
from model.words import words
from store.article_facts import article_facts
from store.database import Database, Row
from store.records import Delivery, Run
from store.search.searching import find_articles
from store.values import pack, to_json, to_text, to_time, to_time_or_none, unpack, well_formed

# A source that failed once may answer in an hour: only one that keeps failing is worth a line,
# and one that never answered, which is how a wrong address looks.
FAILURES_TO_TELL = 3
MAX_ENTITIES = 6


def digest_items(
    db: Database, query: Query, from_at: datetime, to_at: datetime, today: date
) -> tuple[DigestItem, ...]:
    """Return the articles first seen after `from_at`, up to `to_at`, that answer, newest first."""
    seen = to_text(from_at), to_text(to_at)
    return tuple(_item(db, article) for article in find_articles(db, query, today, seen))


def _item(db: Database, article_id: int) -> DigestItem:
    row = next(
        db.rows(
            "SELECT a.*, v.title, v.summary, (SELECT count(DISTINCT o.site) FROM article o"
            " WHERE o.copy_group = a.copy_group AND o.id <> a.id AND o.site <> a.site) AS copies"
            " FROM article a JOIN version v ON v.id = a.current_id WHERE a.id = ?",
            (article_id,),
        )
    )
    entities = db.rows(
        "SELECT entity.name FROM mention JOIN entity ON entity.id = mention.entity_id"
        " WHERE mention.version_id = ? GROUP BY entity.id"
        " ORDER BY sum(mention.by = 'list') DESC, count(*) DESC, min(mention.start) LIMIT ?",
        (row["current_id"], MAX_ENTITIES),
    )
    return DigestItem(
        **article_facts(row),
        summary=row["summary"],
        entities=tuple(entity["name"] for entity in entities),
        copies=row["copies"],
    )


def changes(db: Database, from_at: datetime, to_at: datetime) -> tuple[DigestChange, ...]:
    """Return what changed in relevant articles after `from_at`, up to `to_at`, newest first.

    An edit that was found to be furniture is not told, unless an earlier digest told of it: then
    what was found is.
    """
    rows = db.rows(
        "SELECT change.*, a.url, a.site, v.title, after.text AS text, before.text AS text_before"
        " FROM change"
        " JOIN article a ON a.id = change.article_id JOIN version v ON v.id = a.current_id"
        " LEFT JOIN version after ON after.id = change.version_id"
        " LEFT JOIN version before"
        " ON before.article_id = after.article_id AND before.number = after.number - 1"
        " LEFT JOIN change found ON found.article_id = change.article_id"
        " AND found.version_id = change.version_id AND found.what = 'furniture'"
        " AND found.id > change.id AND found.seen_at <= :to"
        " LEFT JOIN change told ON told.article_id = change.article_id"
        " AND told.version_id = change.version_id AND told.id < change.id"
        " AND told.seen_at <= :from"
        " WHERE change.seen_at > :from AND change.seen_at <= :to AND a.relevant = 1"
        " AND found.id IS NULL AND (change.what <> 'furniture' OR told.id IS NOT NULL)"
        " ORDER BY change.seen_at DESC, change.id DESC",
        {"from": to_text(from_at), "to": to_text(to_at)},
    )
    return tuple(
        DigestChange(
            article=row["article_id"],
            url=row["url"],
            title=row["title"],
            site=row["site"],
            what=row["what"],
            detail=row["detail"],
            seen_at=to_time(row["seen_at"]),
            present_at=to_time_or_none(row["present_at"]),
            changed_words=_changed_words(row["text_before"], row["text"]),
        )
        for row in rows
    )


def _changed_words(before: str | None, after: str | None) -> int:
    """Return how many words came or went; 0 without two texts. Words that only moved are none."""
    if before is None or after is None or before == after:
        return 0
    old, new = Counter(words(before)), Counter(words(after))
    return (old - new).total() + (new - old).total()


def health(db: Database, now: datetime) -> DigestHealth:
    """Return how many sources are polled, which fail or ask for a look, and the last run."""
    active = db.value("SELECT count(*) FROM source WHERE active = 1")
    failing = db.rows(
        "SELECT name, url, reason FROM source"
        " WHERE active = 1 AND (failures >= ? OR (failures > 0 AND last_success_at IS NULL))"
        " ORDER BY coalesce(nullif(name, ''), url)",
        (FAILURES_TO_TELL,),
    )
    noticed = db.rows(
        "SELECT name, url, detail FROM source_notice JOIN source ON source.id = source_id"
        " WHERE settled_at IS NULL AND active = 1 ORDER BY noticed_at DESC, source_notice.id DESC"
    )
    last = db.value("SELECT max(ended_at) FROM run WHERE ended_at <= ?", (to_text(now),))
    return DigestHealth(
        sources=active,
        failing=tuple(f"{row['name'] or _place(row['url'])}: {row['reason']}" for row in failing),
        last_run_at=to_time_or_none(last),
        noticed=tuple(f"{row['name'] or _place(row['url'])}: {row['detail']}" for row in noticed),
    )


def _place(url: str) -> str:
    """Return the host and path of an address: the rest may hold a password, and this is mailed."""
    parts = urlsplit(url)
    return f"{parts.hostname or ''}{parts.path}"


def save_digest(db: Database, digest: Digest, now: datetime) -> bool:
    """Save what a list is told on one date, once; tell whether it was not there before."""
    with db.writing():
        cursor = db.execute(
            "INSERT INTO digest (list_name, on_date, made_at, content) VALUES (?, ?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            (digest.list_name, digest.on.isoformat(), to_text(now), pack(digest)),
        )
        return bool(cursor.rowcount)


def find_digest(db: Database, list_name: str, on: date) -> Digest | None:
    """Return what a list was told on one date."""
    content = db.value(
        "SELECT content FROM digest WHERE list_name = ? AND on_date = ?",
        (list_name, on.isoformat()),
    )
    return None if content is None else unpack(content, Digest)


def last_digest_on(db: Database, list_name: str) -> date | None:
    """Return the last date for which a list has a digest."""
    last = db.value("SELECT max(on_date) FROM digest WHERE list_name = ?", (list_name,))
    return None if last is None else date.fromisoformat(last)


def save_delivery(db: Database, list_name: str, on: date, delivery: Delivery) -> None:
    """Save what the mail server answered for one recipient."""
    row = msgspec.structs.asdict(delivery) | {
        "list_name": list_name,
        "on_date": on.isoformat(),
        "reason": well_formed(delivery.reason),
        "tried_at": to_text(delivery.tried_at),
    }
    with db.writing():
        db.execute(
            "INSERT OR REPLACE INTO delivery (list_name, on_date, recipient, state, reason,"
            " message_id, tried_at, tries) VALUES (:list_name, :on_date, :recipient, :state,"
            " :reason, :message_id, :tried_at, :tries)",
            row,
        )


def deliveries(db: Database, list_name: str, on: date) -> tuple[Delivery, ...]:
    """Return how each recipient of one digest stands."""
    rows = db.rows(
        "SELECT * FROM delivery WHERE list_name = ? AND on_date = ? ORDER BY recipient",
        (list_name, on.isoformat()),
    )
    return tuple(
        Delivery(
            recipient=row["recipient"],
            state=row["state"],
            reason=row["reason"],
            message_id=row["message_id"],
            tried_at=to_time(row["tried_at"]),
            tries=row["tries"],
        )
        for row in rows
    )


def start_run(db: Database, now: datetime) -> int:
    """Note that a pass starts and return its id."""
    with db.writing():
        return db.insert("run", {"started_at": to_text(now), "status": "running", "summary": "{}"})


def finish_run(
    db: Database, run_id: int, status: str, summary: dict[str, int], now: datetime
) -> None:
    """Note how a pass ended."""
    with db.writing():
        db.execute(
            "UPDATE run SET ended_at = ?, status = ?, summary = ? WHERE id = ?",
            (to_text(now), status, to_json(summary), run_id),
        )


def last_runs(db: Database, limit: int) -> tuple[Run, ...]:
    """Return the last passes, the newest first."""
    rows = db.rows("SELECT * FROM run ORDER BY id DESC LIMIT ?", (limit,))
    return tuple(map(_run, rows))


def ended_runs(db: Database, limit: int) -> tuple[datetime, ...]:
    """Return when the last passes that came to their end did so, the last one first."""
    rows = db.rows(
        "SELECT ended_at FROM run WHERE ended_at IS NOT NULL ORDER BY id DESC LIMIT ?", (limit,)
    )
    return tuple(to_time(row["ended_at"]) for row in rows)


def _run(row: Row) -> Run:
    return Run(
        id=row["id"],
        started_at=to_time(row["started_at"]),
        ended_at=to_time_or_none(row["ended_at"]),
        status=row["status"],
        summary=msgspec.json.decode(row["summary"], type=dict[str, int]),
    )
