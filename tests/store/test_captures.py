"""The evidence log: what was damaged is found and named."""

import pytest

from model.errors import DamageError
from model.source import Source, SourceState
from tests.store.makers import NOON, keep, make_capture, make_reading


@pytest.fixture
def logged(store):
    """Return a store with three captures: two of one file, one import."""
    first = make_capture(store.data, b"first page")
    second = make_capture(store.data, b"second page", offset=first.length)
    keep(store, make_reading("https://a.example/1"), capture=first)
    keep(store, make_reading("https://a.example/2"), capture=second)
    keep(store, make_reading("https://a.example/3"), raw=b"an imported file", record_path="x.md")
    assert store.verify().captures == 3
    return store


def alter(store, sql):
    """Change rows behind the program's back."""
    for trigger in ("capture_is_never_changed", "capture_is_never_deleted"):
        store.database.execute(f"DROP TRIGGER IF EXISTS {trigger}")
    store.database.execute("PRAGMA foreign_keys = OFF")
    store.database.execute(sql)


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ("UPDATE capture SET status = 404 WHERE id = 2", "capture 2 .* was changed"),
        ("UPDATE capture SET fetched_at = '2020-01-01T00:00:00Z' WHERE id = 1", "capture 1 .* was"),
        ("UPDATE capture SET chain = 'x' WHERE id = 3", "capture 3 .* was changed"),
        ("DELETE FROM capture WHERE id = 1", "capture 1 is missing"),
        ("DELETE FROM capture WHERE id = 2", "capture 2 is missing"),
        ("DELETE FROM capture WHERE id = 3", "capture 3 is missing"),
        ("DELETE FROM capture", "captures 1 to 3 are missing"),
        ("UPDATE chain_head SET chain = 'x'", "capture 3 is not the one"),
    ],
)
def test_a_row_that_was_changed_or_removed_is_named(logged, sql, named):
    alter(logged, sql)
    with pytest.raises(DamageError, match=named) as damage:
        logged.verify()
    assert damage.value.exit_status == 5


@pytest.mark.parametrize(
    ("file", "place", "named"),
    [
        ("captures/a.warc.gz", 3, "capture 1 "),
        ("captures/a.warc.gz", 12, "capture 2 "),
        ("imports/*/*", 0, "capture 3 "),
    ],
)
def test_one_flipped_byte_is_found_and_named(logged, file, place, named):
    (path,) = logged.data.glob(file)
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    with pytest.raises(DamageError, match=named + r".*were changed"):
        logged.verify()


def test_a_missing_file_is_named(logged):
    (logged.data / "captures" / "a.warc.gz").unlink()
    with pytest.raises(DamageError, match=r"capture 1 .*cannot be read"):
        logged.verify()


def test_a_flipped_byte_in_the_database_is_found(tmp_path):
    from store import open_store

    with open_store(tmp_path) as store:
        for number in range(200):
            keep(store, make_reading(f"https://a.example/{number}", text=f"mot {number} " * 200))
        store.database.value("PRAGMA wal_checkpoint(TRUNCATE)")
        page = store.database.value("SELECT rootpage FROM sqlite_schema WHERE name = 'address'")
        size = store.database.value("PRAGMA page_size")
    file = tmp_path / "vigie.db"
    content = bytearray(file.read_bytes())
    content[(page - 1) * size + 3] ^= 0xFF
    file.write_bytes(content)
    with open_store(tmp_path) as store, pytest.raises(DamageError, match="damaged"):
        store.verify()


def test_a_capture_is_logged_once(store):
    capture = make_capture(store.data)
    store.save_sources([Source(url="https://a.example/feed")], now=NOON)
    state = SourceState(url="https://a.example/feed", state="ok")
    for _ in range(2):
        store.record_poll(state, [], capture, now=NOON)
    assert store.verify().captures == 1
