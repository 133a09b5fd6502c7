"""All that is held of articles, one after another, for others to use.

It never holds more than one text in memory, and never changes anything.
"""

from collections import defaultdict
from collections.abc import Generator, Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

import msgspec

from model.article import Access
from model.query import Query
from model.secrets import hide_secrets
from model.source import DateSource
from store.annotations import Annotation
from store.database import Database, Row
from store.search.searching import iterate_articles
from store.values import marks, names, to_day, to_time, to_time_or_none
from store.versions import Rest

BATCH = 100
"""For so many articles at once is asked what other tables say of them."""

NO_SOURCE = "import"


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """One article as it stands today, with all that belongs to it.

    `version` is the number of the current text and `versions` how many there are. `outlet` is
    what the site calls itself, or one of its sources is called, or the site. `kind` is the one of
    the `source` that listed it, `import` when none did; a source without a name is told by its
    address, without what lets a reader in. `published_on` is the day on the affair's calendar.
    `copy_of` are articles that it repeats. `text_sha256` is of the exact title, text, summary and
    authors, as `vigie verify` checks it; `capture_sha256` of the bytes that were captured at
    `capture_url`, or of the record of the file `imported_from`. `details` is what the page or
    record says beyond that.
    """

    article: int
    url: str
    title: str
    outlet: str
    site: str
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    published_on: date | None = None
    published_precision: str = "second"
    date_source: DateSource = DateSource.FIRST_SEEN
    dated_in_future: bool = False
    modified_at: datetime | None = None
    first_seen_at: datetime
    seen_at: datetime
    lang: str = ""
    summary: str = ""
    text: str = ""
    access: Access = Access.FREE
    source: str = ""
    kind: str = NO_SOURCE
    addresses: tuple[str, ...] = ()
    version: int = 1
    versions: int = 1
    relevant: bool = False
    reasons: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    stories: tuple[str, ...] = ()
    copy_of: tuple[int, ...] = ()
    starred: bool = False
    tags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    present_at: datetime | None = None
    absent_since: datetime | None = None
    text_sha256: str = ""
    capture_sha256: str | None = None
    captured_at: datetime | None = None
    capture_url: str | None = None
    imported_from: str = ""
    details: dict[str, str] = {}


def iterate(db: Database, query: Query, today: date) -> Generator[Exported]:
    """Yield all articles that answer, the newest first, as they stood when it began."""
    with db.reading():
        found = iterate_articles(db, query, today)
        while batch := list(islice(found, BATCH)):
            yield from _read_batch(db, batch)


_ARTICLE = (
    "SELECT a.id, a.url, a.site, a.lang, a.published_at, a.published_on, a.date_source,"
    " a.dated_in_future, a.first_seen_at, a.relevant, a.reasons, a.versions, a.present_at,"
    " a.absent_since, a.current_id, v.number, v.seen_at, v.title, v.text, v.authors, v.summary,"
    " v.modified_at, v.access, v.rest, v.text_sha256, s.name AS source_name, s.url AS source_url,"
    " s.kind AS kind, c.sha256 AS capture_sha256, c.fetched_at AS captured_at,"
    " c.final_url AS capture_url, c.imported_from"
    " FROM article a JOIN version v ON v.id = a.current_id"
    " LEFT JOIN source s ON s.id = a.source_id LEFT JOIN capture c ON c.id = v.capture_id"
    " WHERE a.id = ?"
)


def _read_batch(db: Database, ids: list[int]) -> Iterator[Exported]:
    beside = _Beside(db, ids)
    for article_id in ids:
        # one by one: a text can be as large as a document
        for row in db.rows(_ARTICLE, (article_id,)):
            yield _to_exported(row, beside, _precision(db, row))


class _Beside:
    """What other tables say of some articles, by their ids."""

    def __init__(self, db: Database, ids: list[int]) -> None:
        listed = marks(ids)
        self.addresses = _grouped(
            db.rows(
                "SELECT article_id, url AS value FROM address"  # noqa: S608
                f" WHERE article_id IN ({listed}) ORDER BY added_at, url",
                ids,
            )
        )
        self.entities = _grouped(
            db.rows(
                "SELECT DISTINCT a.id AS article_id, e.name AS value FROM article a"  # noqa: S608
                " JOIN mention m ON m.version_id = a.current_id JOIN entity e ON e.id = m.entity_id"
                f" WHERE a.id IN ({listed}) ORDER BY e.key",
                ids,
            )
        )
        self.stories = _grouped(
            db.rows(
                "SELECT article_id, title AS value FROM story_article"  # noqa: S608
                " JOIN story ON story.id = story_id"
                f" WHERE article_id IN ({listed}) ORDER BY story.id",
                ids,
            )
        )
        self.copies = _grouped(
            db.rows(
                "SELECT article_id, of_id AS value FROM copy"  # noqa: S608
                f" WHERE article_id IN ({listed}) ORDER BY of_id",
                ids,
            )
        )
        self._notes = defaultdict[int, list[tuple[str, str]]](list)
        for row in db.rows(
            "SELECT article_id, kind, value FROM annotation"  # noqa: S608
            f" WHERE article_id IN ({listed}) ORDER BY value",
            ids,
        ):
            self._notes[row["article_id"]].append((row["kind"], row["value"]))

    def noted(self, article_id: int, kind: Annotation) -> tuple[str, ...]:
        """Return the values of one kind of annotation."""
        return tuple(value for held, value in self._notes.get(article_id, ()) if held == kind)


def _grouped(rows: Iterable[Row]) -> Mapping[int, list[Any]]:
    grouped: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[row["article_id"]].append(row["value"])
    return grouped


def _precision(db: Database, row: Row) -> str:
    """Return how exactly an article's date is known, by the version that it was last found in."""
    rest = db.value(
        "SELECT rest FROM version WHERE article_id = ? AND published_at IS NOT NULL"
        " ORDER BY number DESC LIMIT 1",
        (row["id"],),
    )
    return "second" if rest is None else msgspec.json.decode(rest, type=Rest).published_precision


def _to_exported(row: Row, beside: _Beside, precision: str) -> Exported:
    article_id = row["id"]
    details = msgspec.json.decode(row["rest"], type=Rest).details
    return Exported(
        article=article_id,
        url=row["url"],
        title=row["title"],
        outlet=_outlet(row, details),
        site=row["site"],
        authors=names(row["authors"]),
        published_at=to_time_or_none(row["published_at"]),
        published_on=None if row["published_on"] is None else to_day(row["published_on"]),
        published_precision=precision,
        date_source=DateSource(row["date_source"]),
        dated_in_future=bool(row["dated_in_future"]),
        modified_at=to_time_or_none(row["modified_at"]),
        first_seen_at=to_time(row["first_seen_at"]),
        seen_at=to_time(row["seen_at"]),
        lang=row["lang"],
        summary=row["summary"],
        text=row["text"],
        access=Access(row["access"]),
        source=row["source_name"] or hide_secrets(row["source_url"] or ""),
        kind=row["kind"] or NO_SOURCE,
        addresses=tuple(beside.addresses.get(article_id, ())),
        version=row["number"],
        versions=row["versions"],
        relevant=bool(row["relevant"]),
        reasons=names(row["reasons"]),
        entities=tuple(beside.entities.get(article_id, ())),
        stories=tuple(beside.stories.get(article_id, ())),
        copy_of=tuple(beside.copies.get(article_id, ())),
        starred=bool(beside.noted(article_id, Annotation.STAR)),
        tags=beside.noted(article_id, Annotation.TAG),
        notes=beside.noted(article_id, Annotation.NOTE),
        present_at=to_time_or_none(row["present_at"]),
        absent_since=to_time_or_none(row["absent_since"]),
        text_sha256=row["text_sha256"],
        capture_sha256=row["capture_sha256"],
        captured_at=to_time_or_none(row["captured_at"]),
        capture_url=row["capture_url"],
        imported_from=row["imported_from"] or "",
        details=details,
    )


def _outlet(row: Row, details: Mapping[str, str]) -> str:
    """Return what an article's site calls itself, or a source of the same site is called."""
    called = details.get("site_name") or details.get("provider") or None
    if called in (None, row["site"]) and _host(row["source_url"] or "") == row["site"]:
        called = row["source_name"]
    return called or str(row["site"])


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
