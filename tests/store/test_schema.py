"""The file opens for others: every table and column is documented, in SQLite and in Datasette."""

import asyncio
import hashlib
import re
import sqlite3
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import yaml  # type: ignore[import-untyped]
from datasette.app import Datasette

from model.digest import Digest, DigestHealth
from model.secrets import hide_secrets, holds_secret
from model.source import Entry, Source, SourceState
from model.story import Credit
from store import Annotation, open_store
from store.derived import TABLES as TABLES_OF
from store.records import Delivery
from tests import held_affair
from tests.store.makers import NOON, make_reading

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/reference/schema.md").read_text("utf-8")
METADATA = yaml.safe_load((ROOT / "docs/reference/datasette.yaml").read_text("utf-8"))
TABLES = METADATA["databases"]["vigie"]["tables"]
SECRET = "https://anne:pass0rd@closed.example:8443/feed?lang=fr&api_key=s3same#top"
RECIPIENT = "lectrice@lecteurs.example"
HIDDEN = ("pass0rd", "s3same", RECIPIENT, "lectrice")


def documented():
    """Return the columns of each view and table on the page, in order, with their units."""
    parts = re.split(r"^### `(\w+)`$", PAGE, flags=re.MULTILINE)
    return {
        name: dict(re.findall(r"^\| `(\w+)` \| `([^`]+)` \| \S", text, flags=re.MULTILINE))
        for name, text in zip(parts[1::2], parts[2::2], strict=True)
    }


DOCUMENTED = documented()
UNITS = set(re.findall(r"^\| `([^`]+)` \| ", PAGE.split("## Views")[0], flags=re.MULTILINE))


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Return a data folder in which every view has rows, and secrets lie in the tables."""
    folder = tmp_path_factory.mktemp("held") / "data"
    held_affair.fill(folder)
    with open_store(folder) as store:
        source = Source(url=SECRET, name="Fermé")
        store.save_sources((source, Source(url="https://gazette.example/feed")), now=NOON)
        entry = Entry(source_url=SECRET, key="k", url="https://closed.example/1?token=s3same")
        store.record_poll(SourceState(url=SECRET), (entry,), None, now=NOON)
        (pending,) = (
            one for one in store.pending_entries(now=NOON + timedelta(days=1), limit=9)
            if one.entry.source_url == SECRET
        )  # fmt: skip
        reading = make_reading("https://closed.example/1?token=s3same", "Fermé", "caméras")
        store.keep(
            reading, relevant=True, reasons=("x",), now=NOON, raw=b"closed",
            record_path="x", entry_id=pending.id,
        )  # fmt: skip
        store.annotate(1, Annotation.NOTE, "ma note privée", now=NOON)
        (cnil,) = store.who_is("CNIL")
        store.rename_entity(cnil.id, "La CNIL", now=NOON)
        store.undo_decision(now=NOON)
        store.leave_story(2, now=NOON)
        store.undo_story_decision(None, now=NOON)
        store.save_credits(1, [Credit(article=1, name="Le Port", start=0, end=9, said=True)])
        digest = Digest(
            list_name="q", affair="Le port", on=NOON.date(), language="fr", items=(), events=(),
            changes=(), health=DigestHealth(sources=1, failing=(), last_run_at=NOON),
        )  # fmt: skip
        store.save_digest(digest, now=NOON)
        delivery = Delivery(
            recipient=RECIPIENT, state="sent", reason=f"to {RECIPIENT}", message_id="<m>",
            tried_at=NOON, tries=1,
        )  # fmt: skip
        store.save_delivery("q", NOON.date(), delivery)
    return folder


@pytest.fixture
def connection(data):
    """Open the file as anybody would."""
    opened = sqlite3.connect(f"file:{data / 'vigie.db'}?mode=ro", uri=True)
    opened.row_factory = sqlite3.Row
    opened.execute("PRAGMA trusted_schema = OFF")
    yield opened
    opened.close()


def objects(connection):
    """Return the columns of each view and table of the file, without what FTS5 and SQLite keep."""
    listed = connection.execute("PRAGMA table_list").fetchall()
    names = [
        row["name"] for row in listed
        if row["type"] != "shadow" and not row["name"].startswith("sqlite_")
    ]  # fmt: skip
    return {
        name: [
            row["name"] for row in connection.execute(f"PRAGMA table_xinfo({name})")
            if row["hidden"] != 1
        ]
        for name in names
    }  # fmt: skip


def views(connection):
    """Return the names of the views."""
    rows = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'view'")
    return [row["name"] for row in rows]


def test_every_view_table_and_column_is_documented_and_nothing_else(connection):
    there = objects(connection)
    assert sorted(DOCUMENTED) == sorted(there)
    for name, columns in there.items():
        assert list(DOCUMENTED[name]) == columns, name


def test_what_is_derived_is_documented_so_by_its_part():
    told = dict(re.findall(r"^### `(\w+)`\n\nDerived \(`(\w+)`\)", PAGE, flags=re.MULTILINE))
    assert told == {table: str(part) for part, tables in TABLES_OF.items() for table in tables}


def test_every_unit_is_explained():
    used = {unit for columns in DOCUMENTED.values() for unit in columns.values()}
    assert used == UNITS - {"unit"}


SPELT = {
    "time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
    "day": r"\d{4}-\d\d-\d\d",
    "0/1": "[01]",
    "number": r"\d+",
    "seconds": r"\d+",
    "bytes": r"\d+",
    "place": r"\d+",
    "id": r"\d+",
    "sha256": "[0-9a-f]{64}",
    "score": r"\d+(\.\d+)?(e-?\d+)?",
}


def test_values_are_spelt_as_their_units_say(connection):
    for name, columns in DOCUMENTED.items():
        if "_index" in name:
            continue
        for row in connection.execute(f"SELECT * FROM {name}"):  # noqa: S608
            for column, unit in columns.items():
                value = row[column]
                if unit in SPELT and value not in (None, ""):
                    assert re.fullmatch(SPELT[unit], str(value)), (name, column, value)


def test_the_views_have_something_to_show(connection):
    counts = {
        name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]  # noqa: S608
        for name in views(connection)
    }
    empty = {name for name, count in counts.items() if not count}
    assert counts["aliases"]
    assert empty <= {"leads", "open_lead", "stamps", "notices", "searches"}


def test_a_view_says_what_the_tables_say(connection):
    article = connection.execute("SELECT * FROM articles WHERE id = 1").fetchone()
    assert (article["authors"], article["entities"], article["versions"]) == (
        "Jeanne Roy",
        "CNIL",
        2,
    )
    assert connection.execute("SELECT count(*) FROM articles").fetchone()[0] == 6
    assert connection.execute("SELECT count(*) FROM versions WHERE is_current").fetchone()[0] == 6
    assert tuple(connection.execute("SELECT recipients, handed_over FROM digests").fetchone()) == (
        1,
        1,
    )
    (kept,) = connection.execute("SELECT articles_kept IS counts ->> 'kept' FROM runs").fetchone()
    assert kept == 0


OPEN_VIEWS = set(DOCUMENTED) - {"shown_address"}


def test_no_view_shows_a_login_a_key_or_a_recipient(connection):
    for name in views(connection):
        if name in OPEN_VIEWS:
            shown = repr([tuple(row) for row in connection.execute(f"SELECT * FROM {name}")])  # noqa: S608
            assert not [secret for secret in HIDDEN if secret in shown], name


ADDRESSES = (
    SECRET,
    "https://a.example/@joe/2?author=x",
    "https://user@a.example",
    "https://a:b@c@d.example/x@y?z=1",
    "http:/u:p@a.example/x",
    "https://a.example/x;token=1",
    "https://a.example/?q=1&X_SIGNATURE=2",
    "https://a.example/plain?page=2&lang=fr",
    "https://a.example\\u:p@b.example",
    "https://a.example?u@b=token",
    "HTTPS://U:P@A.EXAMPLE/?PassWord=1&other=2",
    "https://é:à@a.example/?token=é",
    "a.example/x?key=1",
    "https://",
)


def test_what_the_program_hides_is_hidden_in_the_views_too(tmp_path):
    with open_store(tmp_path) as store:
        store.save_sources([Source(url=url) for url in ADDRESSES], now=NOON)
        rows = {
            row["url"]: row["address"] for row in store.database.rows("SELECT * FROM shown_address")
        }
        held = {row["id"] for row in store.database.rows("SELECT id FROM secret_source")}
    assert len(held) == sum(holds_secret(url) for url in ADDRESSES)
    for url in ADDRESSES:
        shown, hidden = rows[url], hide_secrets(url)
        assert not holds_secret(shown) or shown.endswith("?..."), url
        assert shown == hidden or (shown.endswith("?...") and hidden.startswith(shown[:-4])), url


# --- migrations

LANDED = {
    "0001_first": "6fc4d783bd5e0dbe4a1ceedda30f5d95fefcb194ccf32e15b800881450c28184",
    "0002_crawler": "e915e5aba8be8dc912666bd6e72e927c4d35ad0a3dff02dfb161f426512be684",
    "0003_chained_versions": "3f7db6bc212e4b5ee4b64968a4912493fb98e673c3f87fca6aa5f995f6179b1e",
    "0004_search": "516cea77d549bfd16d53841bd63e8cd4a91bb9f4fd0b90792f343a1a86b4e730",
    "0005_saved_searches": "c58c59ae413cf51e250c031bbd7fd492e7ea9f4ef113984b0d4de41a4a2d4bff",
    "0006_views": "0cc7bd5f0d78626214fbb2bd8e1b1a642eae8981211a38155a818f8e95a6a412",
    "0007_restored": "2009d0596475d3996e0dc55f7a1c008168a8e1f689bdb61cf78177d5ce791c07",
    "0008_facets": "af5425a1e501b9bfad4da14dfafb63aa5c8cd0e09674d2f9c7fc463ad7d14fb3",
    "0009_event_names": "24058d25c805c7aff84ddd9ca5770eaee4e162f5b8264e7445686eb2ffc07f1c",
    "0010_aliases": "248bfaeb432b7189e59b9ee577d280b0bcfd5e866bf70c264fad44051cd3f44e",
    "0011_entities": "d023eb3c076524ea47eaaa27d4a4af80fb70d7ad76d4ccc85bfb3745442d5570",
    "0012_centre": "6b297b7b4e014236a318737c618b4d4fddd4bd6ed3379243dd852eda724751f9",
    "0013_copies": "253f51523c5dc3fc863e3ecbeb07d8e67c3ddb95b8e8bce5cbcd55ee286cdc5a",
}
"""Migrations that files were made with: a change of schema is a new one."""


@pytest.mark.parametrize("name", LANDED)
def test_a_migration_that_landed_is_never_edited(name):
    script = (ROOT / "store/migrations" / f"{name}.sql").read_bytes()
    assert hashlib.sha256(script).hexdigest() == LANDED[name]


def test_every_migration_before_the_newest_is_held_to_what_it_was():
    scripts = sorted(path.stem for path in (ROOT / "store/migrations").glob("*.sql"))
    assert set(scripts[:-1]) <= set(LANDED) <= set(scripts)


# --- Datasette


def serve(data, *paths, folder, root=False, metadata=None):
    """Return the answers of Datasette to paths, in-process, over a copy that is only read."""
    copy = folder / "vigie.db"
    with sqlite3.connect(data / "vigie.db") as source, sqlite3.connect(copy) as target:
        source.backup(target)
    server = Datasette(
        [], immutables=[str(copy)], metadata=metadata, settings={"allow_download": False}
    )

    async def ask():
        await server.invoke_startup()
        cookies = {"ds_actor": server.sign({"a": {"id": "root"}}, "actor")} if root else {}
        transport = httpx.ASGITransport(app=server.app())
        async with httpx.AsyncClient(
            transport=transport, base_url="http://localhost", cookies=cookies
        ) as client:
            return {path: await client.get(path) for path in paths}

    answers = asyncio.run(ask())
    assert (folder / "vigie.db").exists()
    return answers


def pages():
    """Return the pages of every view and table, as JSON, with a facet, a filter and a sort."""
    for name, columns in DOCUMENTED.items():
        first = next(iter(columns))
        yield f"/vigie/{name}"
        yield f"/vigie/{name}.json?_facet={first}&{first}__notnull=1&_sort={first}"


def test_every_view_and_table_opens_in_datasette(data, tmp_path):
    answers = serve(data, "/", "/vigie", *pages(), folder=tmp_path)
    # FTS5 without content answers no plain SELECT: nobody would look for text there
    wrong = {path: answer.status_code for path, answer in answers.items()
             if answer.status_code != 200 and "_index" not in path}  # fmt: skip
    assert wrong == {}


def test_the_description_that_is_shipped_names_what_there_is(connection):
    there = objects(connection)
    assert sorted(TABLES) == sorted(there)
    for name, told in TABLES.items():
        named = {*told.get("facets", ()), told.get("sort_desc"), told.get("fts_pk")} - {None}
        assert named <= set(there[name]), name
        assert ("description" in told) == (not told.get("hidden")), name


def test_others_see_the_views_alone_and_search_them(data, tmp_path):
    paths = [f"/vigie/{name}" for name in TABLES]
    search = "/vigie/articles?_search=cameras"
    more = [f"{search}&_facet=source_kind", "/vigie/articles.json?_search=cameras&_shape=array",
            "/vigie/articles?site=gazette.example", "/vigie?sql=select+*+from+source",
            "/vigie.db"]  # fmt: skip
    answers = serve(data, "/", "/vigie", *paths, search, *more, folder=tmp_path, metadata=METADATA)
    for name, told in TABLES.items():
        if "_index" not in name:
            expected = 403 if "allow" in told else 200
            assert answers[f"/vigie/{name}"].status_code == expected, name
    assert [answers[path].status_code for path in (search, *more)] == [200, 200, 200, 200, 403, 403]
    assert 'name="_search"' in answers[search].text
    found = answers["/vigie/articles.json?_search=cameras&_shape=array"].json()
    assert {row["id"] for row in found} == {1, 2, 3, 4, 6}
    assert "Every article with its current text" in answers["/vigie/articles"].text
    for path, answer in answers.items():
        assert not [secret for secret in (*HIDDEN, "ma note") if secret in answer.text], path


def test_root_sees_all(data, tmp_path):
    paths = [f"/vigie/{name}" for name, told in TABLES.items() if "allow" in told]
    answers = serve(
        data, *paths, "/vigie?sql=select+count(*)+from+source", folder=tmp_path, root=True,
        metadata=METADATA,
    )  # fmt: skip
    assert {answer.status_code for answer in answers.values()} == {200}
