"""Raw FTS5: the plain contentless table that an engineer would write first.

It has no stems, no snippets, no versions and no proof; an article's number is its place in time.
"""

from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any

from bench.corpus import Article
from bench.search_engines import MONTH, MOST_COUNTED, PAGE, TOP, Answer, first_counts, local_day
from bench.search_questions import Kind, Question
from store.sqlite import sqlite3

BATCH = 1_000

_SCHEMA = """
CREATE TABLE article (id INTEGER PRIMARY KEY, url TEXT, title TEXT, text TEXT, published_at TEXT,
  day TEXT, month TEXT, source TEXT, lang TEXT, story INTEGER, access TEXT);
CREATE INDEX article_day ON article (day);
CREATE TABLE article_entity (entity TEXT, article INTEGER, PRIMARY KEY (entity, article))
  WITHOUT ROWID;
CREATE INDEX entity_article ON article_entity (article);
CREATE VIRTUAL TABLE words USING fts5 (title, text, content = '',
  tokenize = 'unicode61 remove_diacritics 2');
"""
_FROM = "FROM words JOIN article a ON a.id = words.rowid WHERE words MATCH ?"
_IN_MONTH = " AND a.month = ?"
_NAMING = " AND a.id IN (SELECT article FROM article_entity WHERE entity = ?)"
_ENTITIES = (
    "SELECT e.entity, count(*) FROM words JOIN article_entity e ON e.article = words.rowid"
    " WHERE words MATCH ? GROUP BY e.entity ORDER BY 2 DESC LIMIT ?"
)


class RawFts5:
    """One SQLite file."""

    name = "raw FTS5"

    def __init__(self, folder: Path) -> None:
        """Take a folder."""
        self._file = folder / "raw.db"

    def build(self, articles: Iterable[Article]) -> None:
        """Insert all articles, a thousand a transaction."""
        self.make()
        remaining = iter(articles)
        while batch := list(islice(remaining, BATCH)):
            self.insert(batch)
        self._db.execute("PRAGMA wal_checkpoint (TRUNCATE)")
        self._db.execute("ANALYZE")
        self.close()

    def make(self) -> None:
        """Make an empty file."""
        self.open()
        self._db.execute("PRAGMA journal_mode = wal")
        self._db.executescript(_SCHEMA)

    def open(self) -> None:
        """Open the file."""
        self._db: Any = sqlite3.connect(str(self._file), isolation_level=None)

    def insert(self, batch: Iterable[Article]) -> None:
        """Insert some articles in one transaction."""
        batch = list(batch)
        self._db.execute("BEGIN")
        self._db.executemany(
            "INSERT INTO article VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", map(_row, batch)
        )
        self._db.executemany(
            "INSERT INTO words (rowid, title, text) VALUES (?, ?, ?)",
            ((each.number, each.title, each.text) for each in batch),
        )
        self._db.executemany(
            "INSERT INTO article_entity VALUES (?, ?)",
            ((name, each.number) for each in batch for name in each.entities),
        )
        self._db.execute("COMMIT")

    def ask(self, question: Question) -> Answer:
        """Answer one question."""
        match question.kind:
            case Kind.DAYS:
                sql = f"SELECT a.day, count(*) {_FROM} GROUP BY a.day"
                return dict(self._db.execute(sql, (_match(question),)).fetchall())
            case Kind.FACETS | Kind.ALL_FACETS:
                return self._facets(_match(question))
            case _:
                return self._page(question)

    def _page(self, question: Question) -> int:
        values = [_match(question)]
        where = _FROM
        if question.month:
            where, values = where + _IN_MONTH, [*values, question.month]
        if question.entity:
            where, values = where + _NAMING, [*values, question.entity]
        order = "rank" if question.kind is Kind.RELEVANCE else "words.rowid DESC"
        columns = "a.id, a.title, a.url, a.published_at, a.source, a.lang"
        page = f"SELECT {columns} {where} ORDER BY {order} LIMIT {PAGE}"
        self._db.execute(page, values).fetchall()
        counted = where
        if not question.month and not question.entity:
            counted = "FROM words WHERE words MATCH ?"
        total = f"SELECT count(*) FROM (SELECT 1 {counted} LIMIT {MOST_COUNTED})"  # noqa: S608
        return int(self._db.execute(total, values).fetchone()[0])

    def _facets(self, match: str) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for facet in ("source", "lang", "story", "access", MONTH):
            sql = (
                f"SELECT a.{facet}, count(*) {_FROM} AND a.{facet} IS NOT NULL"
                f" GROUP BY a.{facet} ORDER BY 2 DESC LIMIT {TOP}"
            )
            found[facet] = first_counts(n for _, n in self._db.execute(sql, (match,)))
        rows = self._db.execute(_ENTITIES, (match, TOP))
        del found[MONTH]
        return found | {"entity": first_counts(n for _, n in rows)}

    def size_bytes(self) -> int:
        """Return the file's size."""
        return self._file.stat().st_size

    def close(self) -> None:
        """Close the file."""
        self._db.close()


def _row(article: Article) -> tuple[object, ...]:
    day = local_day(article).isoformat()
    return (
        *(article.number, article.url, article.title, article.text),
        *(article.published_at.isoformat(), day, day[:7]),
        *(article.source, article.lang, article.story, article.access),
    )


def _match(question: Question) -> str:
    match question.kind:
        case Kind.PHRASE:
            return f'"{" ".join(question.words)}"'
        case Kind.PREFIX:
            return f'"{question.words[0]}" *'
        case _:
            return _all_of(question.words)


def _all_of(words: Iterable[str]) -> str:
    return " AND ".join(f'"{word}"' for word in words)
