"""PostgreSQL: `tsvector` with GIN in both languages, indexes on days and entities.

Its server is the bench's own (`bench.postgres_server`).
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import psycopg

from bench.corpus import Article
from bench.search_engines import (
    FACETS,
    MONTH,
    MOST_COUNTED,
    PAGE,
    TOP,
    Answer,
    first_counts,
    local_day,
)
from bench.search_questions import Kind, Question

# unaccent before the stemmer, as its manual tells, so that accents need not be typed
_CONFIGURATION = """
CREATE TEXT SEARCH CONFIGURATION press_{lang} (COPY = {stemmer});
ALTER TEXT SEARCH CONFIGURATION press_{lang}
  ALTER MAPPING FOR hword, hword_part, word WITH unaccent, {stemmer}_stem;
"""
_TABLE = """
CREATE TABLE article (id bigint PRIMARY KEY, url text, title text, text text,
  published_at timestamptz, day date, source text, lang text, story bigint, access text,
  entities text[], words tsvector GENERATED ALWAYS AS (CASE lang
    WHEN 'fr' THEN to_tsvector('press_fr', title || ' ' || text)
    ELSE to_tsvector('press_en', title || ' ' || text) END) STORED);
"""
# with the usual statistics it takes rare words for common ones at 100,000 articles, and walks all
# articles by time instead of asking the index: 323 ms in the place of 1
_INDEXES = """
ALTER TABLE article ALTER words SET STATISTICS 1000;
CREATE INDEX ON article USING gin (words);
CREATE INDEX ON article USING gin (entities);
CREATE INDEX ON article (published_at);
CREATE INDEX ON article (day);
"""
_COPY = (
    "COPY article (id, url, title, text, published_at, day, source, lang, story, access, entities)"
    " FROM STDIN"
)
_SOUGHT = {
    Kind.PHRASE: "phraseto_tsquery('press_fr', %(q)s) || phraseto_tsquery('press_en', %(q)s)",
    Kind.PREFIX: "to_tsquery('simple', %(q)s)",
}
_WORDS = "to_tsquery('press_fr', %(q)s) || to_tsquery('press_en', %(q)s)"


class Postgres:
    """One database; `folder` is where its server's socket is."""

    def __init__(self, folder: Path) -> None:
        """Take the folder; ask the server which version it is."""
        self._folder = folder
        with self._connect() as db:
            self.name = f"PostgreSQL {db.info.server_version // 10_000}"

    def build(self, articles: Iterable[Article]) -> None:
        """Copy all articles in, then make the indexes."""
        self.open()
        self._make()
        with self._db.cursor().copy(_COPY) as copy:
            for article in articles:
                copy.write_row(_row(article))
        self._db.execute(_INDEXES)
        self._db.execute("VACUUM ANALYZE article")
        self.close()

    def _make(self) -> None:
        self._db.execute("CREATE EXTENSION unaccent")
        for lang, stemmer in {"fr": "french", "en": "english"}.items():
            self._db.execute(_CONFIGURATION.format(lang=lang, stemmer=stemmer))
        self._db.execute(_TABLE)

    def open(self) -> None:
        """Connect."""
        self._db: Any = self._connect()

    def _connect(self) -> "psycopg.Connection[Any]":
        return psycopg.connect(
            host=str(self._folder), user="bench", dbname="postgres", autocommit=True,
            prepare_threshold=None,
        )  # fmt: skip

    def ask(self, question: Question) -> Answer:
        """Answer one question."""
        sought = f"words @@ ({_SOUGHT.get(question.kind, _WORDS)})"
        match question.kind:
            case Kind.DAYS:
                sql = f"SELECT day::text, count(*) FROM article WHERE {sought} GROUP BY day"  # noqa: S608
                return dict(self._rows(sql, question))
            case Kind.FACETS | Kind.ALL_FACETS:
                return self._facets(sought, question)
            case _:
                return self._page(sought, question)

    def _page(self, sought: str, question: Question) -> int:
        where = sought
        if question.month:
            where += " AND day >= %(month)s AND day < %(month)s::date + interval '1 month'"
        if question.entity:
            where += " AND entities @> ARRAY[%(entity)s]"
        order = "published_at"
        if question.kind is Kind.RELEVANCE:
            order = f"ts_rank(words, {_WORDS})"
        self._rows(
            "SELECT id, title, url, published_at, source, lang FROM article"  # noqa: S608
            f" WHERE {where} ORDER BY {order} DESC LIMIT {PAGE}",
            question,
        )
        total = f"SELECT count(*) FROM (SELECT 1 FROM article WHERE {where} LIMIT {MOST_COUNTED}) a"  # noqa: S608
        return int(self._rows(total, question)[0][0])

    def _facets(self, sought: str, question: Question) -> dict[str, list[int]]:
        counted = [
            f"(SELECT '{facet}', count(*) FROM found WHERE {facet} IS NOT NULL GROUP BY {facet}"  # noqa: S608
            f" ORDER BY 2 DESC LIMIT {TOP})"
            for facet in (*FACETS, MONTH)
            if facet != "entity"
        ]
        names = "(SELECT unnest(entities) AS name FROM found) names"
        counted.append(
            f"(SELECT 'entity', count(*) FROM {names} GROUP BY name"  # noqa: S608
            f" ORDER BY 2 DESC LIMIT {TOP})"
        )
        sql = (
            "WITH found AS MATERIALIZED (SELECT source, lang, story, access, entities,"  # noqa: S608
            f" date_trunc('month', day) AS month FROM article WHERE {sought})"
            f" {' UNION ALL '.join(counted)}"
        )
        rows = self._rows(sql, question)
        return {facet: first_counts(n for name, n in rows if name == facet) for facet in FACETS}

    def _rows(self, sql: str, question: Question) -> list[tuple[Any, ...]]:
        values = {
            "q": _typed(question),
            "month": f"{question.month}-01",
            "entity": question.entity,
        }
        return list(self._db.execute(sql, values).fetchall())

    def size_bytes(self) -> int:
        """Return the size of the table with its indexes."""
        return int(self._db.execute("SELECT pg_total_relation_size('article')").fetchone()[0])

    def close(self) -> None:
        """Leave the server."""
        self._db.close()


def _row(article: Article) -> tuple[object, ...]:
    return (
        *(article.number, article.url, article.title, article.text, article.published_at),
        *(local_day(article), article.source, article.lang, article.story, article.access),
        list(article.entities),
    )


def _typed(question: Question) -> str:
    match question.kind:
        case Kind.PHRASE:
            return " ".join(question.words)
        case Kind.PREFIX:
            return f"{question.words[0]}:*"
        case _:
            return " & ".join(question.words)
