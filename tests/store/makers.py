"""What the store's tests put into it."""

from datetime import UTC, date, datetime
from pathlib import Path

from model.article import Reading
from model.capture import Capture
from model.event import Citation, DatedSentence, Event
from model.mention import Precision
from store.database import load_migrations
from store.files import write_file
from store.inspection import APPLICATION_ID
from store.sqlite import sqlite3
from store.values import sha256

NOON = datetime(2023, 11, 21, 12, tzinfo=UTC)
A_DAY = date(2023, 11, 14)


def make_reading(url="https://a.example/1", title="Un titre", text="Un texte.", **fields):
    """Return a reading in which only what matters to a test is said."""
    fields = {"canonical_url": url, "site": "a.example", "lang": "fr"} | fields
    return Reading(url=url, title=title, text=text, **fields)


def keep(store, reading=None, *, now=NOON, relevant=True, reasons=("x",), **rest):
    """Keep a reading as relevant."""
    return store.keep(
        reading or make_reading(), relevant=relevant, reasons=reasons, now=now, **rest
    )


def make_capture(data: Path, body: bytes = b"page", offset: int = 0, name: str = "a.warc.gz"):
    """Write the record of one response into a capture file and return its capture."""
    file = data / "captures" / name
    before = file.read_bytes() if offset else b""
    write_file(file, before + body)
    return Capture(
        url="https://a.example/1",
        final_url="https://a.example/1",
        status=200,
        fetched_at=NOON,
        sha256=sha256(body),
        record_sha256=sha256(body),
        file=f"captures/{name}",
        offset=offset,
        length=len(body),
    )


def make_sentence(article, first=A_DAY, last=None, sentence="Il s'est passé ceci.", **fields):
    """Return a dated sentence; the store fills in what it knows of the article itself."""
    return DatedSentence(
        article=article,
        url="",
        title="",
        site="",
        lang="fr",
        published_at=None,
        copy_group=0,
        sentence=sentence,
        start=fields.pop("start", 0),
        end=len(sentence),
        position=0,
        from_on=first,
        to_on=last or first,
        precision=Precision.DAY,
        **fields,
    )


def make_event(article, first=A_DAY, last=None, score=1.0, sentence="Ceci.", entities=()):
    """Return an event that one article cites."""
    return Event(
        date=first,
        to=last or first,
        precision=Precision.DAY,
        text=sentence,
        lang="fr",
        independent_sources=1,
        score=score,
        inferred=False,
        entities=entities,
        citations=(
            Citation(
                article=article,
                url="",
                title="",
                site="",
                published_at=None,
                sentence=sentence,
                start=0,
                end=len(sentence),
            ),
        ),
    )


def dump(store):
    """Return all rows of all tables of the store's own."""
    names = [
        row["name"]
        for row in store.database.rows(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            " AND name NOT LIKE '%_index%'"
        )
    ]
    return {name: list(store.database.rows(f"SELECT * FROM {name}")) for name in names}  # noqa: S608


def make_older(file: Path, schema: int) -> None:
    """Turn a database into one that an older program wrote: its schema, and the rows it has."""
    now = file.with_name("now.db")
    file.rename(now)
    older = sqlite3.connect(file, isolation_level=None)
    for script in load_migrations()[:schema]:
        older.executescript(script)
    triggers = list(older.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"))
    for name, _ in triggers:
        older.execute(f"DROP TRIGGER {name}")
    older.execute("ATTACH ? AS now", (str(now),))
    for (table,) in list(
        older.execute(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
            " AND name NOT LIKE 'sqlite_%'"
        )
    ):
        columns = [row[1] for row in older.execute(f"PRAGMA main.table_info({table})")]
        there = {row[1] for row in older.execute(f"PRAGMA now.table_info({table})")}
        named = ", ".join(f'"{column}"' for column in columns if column in there)
        if there:
            older.execute(f"DELETE FROM main.{table}")  # noqa: S608
            older.execute(f"INSERT INTO main.{table} ({named}) SELECT {named} FROM now.{table}")  # noqa: S608
    for _, made in triggers:
        older.execute(made)
    older.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    older.execute(f"PRAGMA user_version = {schema}")
    older.close()
    now.unlink()
