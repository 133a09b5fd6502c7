"""Whether what no chain proves is still as it was written: rows, packed values, finds in texts.

One flipped bit leaves a database well formed. Versions and captures have hashes; here the others
are held to what can be known of them: how values are spelt, what was compressed, and the words
that stand at a place. The words of the search index are not read again: it is made anew at will.
"""

import re
import zlib
from collections.abc import Iterator, Mapping

from store.database import Database, Row
from store.derived import TABLES
from store.evidence.warc_files import Finding, Kind

_PROVEN = {"capture", "version", "change", "ledger", "stamp"}
_PACKED = {("entry", "content"), ("unkept", "reading"), ("digest", "content")}
_PART_OF = {table: part for part, tables in TABLES.items() for table in tables}

_TIME = rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
_DAY = rb"\d{4}-\d\d-\d\d"
_SPELT: Mapping[str, re.Pattern[bytes]] = {
    "_at": re.compile(_TIME),
    "_since": re.compile(_TIME),
    "_on": re.compile(_DAY),
    "_sha256": re.compile(rb"[0-9a-f]{64}"),
}
"""How values are spelt, by how the names of their columns end."""

_PLACED = {
    "mention": ("text", "version_id"),
    "date_mention": ("text", "version_id"),
    "quote": ("text", "version_id"),
    "dated_sentence": ("sentence", "article_id"),
    "citation": ("sentence", "article_id"),
}
"""What stands at a place of a text: the column that repeats it, and what names the text."""


class ContentsCheck:
    """One walk through the tables that no chain proves."""

    def __init__(self, db: Database) -> None:
        """Prepare to read one state of a database."""
        self._db = db

    def find_misspelt(self) -> Iterator[Finding]:
        """Look for values that this program never writes so: a row is named once."""
        sql = (
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%STRICT%'"
            " AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
        )
        for row in list(self._db.rows(sql)):
            if row["name"] not in _PROVEN:
                yield from self._of_table(row["name"])

    def _of_table(self, table: str) -> Iterator[Finding]:
        described = list(self._db.rows(f"PRAGMA table_info({table})"))
        texts = [row["name"] for row in described if row["type"] == "TEXT"]
        keys = [row["name"] for row in described if row["pk"]] or [described[0]["name"]]
        with self._db.any_text(bytes):
            for row in self._db.rows(f"SELECT * FROM {table}"):  # noqa: S608 - names of the schema
                wrong = next(_misspelt(table, row, texts), None)
                if wrong:
                    name = ", ".join(_shown(row[key]) for key in keys)
                    yield _finding(table, f"{table} {name}: its {wrong} was changed")

    def find_misplaced(self) -> Iterator[Finding]:
        """Compare names, dates, quotes and cited sentences with the texts they stand in."""
        for table, (column, owner) in _PLACED.items():
            # of an article, any version will do: the current one may not have been read yet
            text = "v.article_id = f.article_id" if owner == "article_id" else "v.id = f.version_id"
            sql = (
                f'SELECT f.start, f."end", f.{column} AS held, f.{owner} AS owner FROM {table} f'  # noqa: S608
                f" WHERE NOT EXISTS (SELECT 1 FROM version v WHERE {text}"
                f' AND substr(v.text, f.start + 1, f."end" - f.start) = f.{column})'
            )
            for row in list(self._db.rows(sql)):
                if not self._stands_there(row, text.replace(f"f.{owner}", "?")):
                    named = f"{owner.removesuffix('_id')} {row['owner']}"
                    yield _finding(table, f"a {table} does not say what {named} says at its place")

    def _stands_there(self, row: Row, text: str) -> bool:
        """Ask again without `substr`, to which a text ends at its first NUL."""
        texts = self._db.rows(f"SELECT v.text FROM version v WHERE {text}", (row["owner"],))  # noqa: S608
        return any(one["text"][row["start"] : row["end"]] == row["held"] for one in texts)


def _misspelt(table: str, row: Row, texts: list[str]) -> Iterator[str]:
    """Yield the columns of a row that no program of ours wrote as they are."""
    for name in texts:
        value = row[name]
        if isinstance(value, bytes) and value and not _is_spelt(name, value):
            yield name
    for name in (column for owner, column in _PACKED if owner == table):
        if not _is_packed(row[name]):
            yield name


def _is_spelt(name: str, value: bytes) -> bool:
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        return False
    pattern = next((one for end, one in _SPELT.items() if name.endswith(end)), None)
    return pattern is None or pattern.fullmatch(value) is not None


def _is_packed(value: bytes) -> bool:
    try:
        zlib.decompress(value)
    except zlib.error:
        return False
    return True


def _shown(key: object) -> str:
    return key.decode("utf-8", "backslashreplace") if isinstance(key, bytes) else str(key)


def _finding(table: str, sentence: str) -> Finding:
    part = _PART_OF.get(table)
    if part is None:
        return Finding(Kind.DAMAGE, sentence)
    return Finding(Kind.DERIVED, f"{sentence}: `vigie rebuild {part}` makes it again")
