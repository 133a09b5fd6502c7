"""Whoever opens the store while its search index is made anew: readers read, writers wait."""

import threading
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import vigie
from model.errors import BusyError
from model.query import parse_query
from store import Store, open_store
from store.files import hold_lock
from store.search import reindexing
from tests.store.makers import NOON, keep, make_reading

CONFIG = '[affair]\nname = "Le port"\nmatch = "texte"\n[nlp]\nmodels = {}\n'
GAP = "another program is making the search index anew, 1 of 3 articles so far"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a data folder whose index is half made by a program that is still at work."""
    data = tmp_path / "data"
    with open_store(data) as store:
        for number in range(3):
            keep(store, make_reading(f"https://a.example/{number}"))
        half_make(store)
    return data


def half_make(store: Store) -> None:
    with store.database.writing():
        reindexing._drop(store.database)
        reindexing._note_made(store.database, reindexing._MAKING, "2024-01-01T00:00:00Z")
    batch, reindexing.BATCH = reindexing.BATCH, 1
    reindexing._index_some(store.database, store._zone, 0)
    reindexing.BATCH = batch


def test_a_reader_goes_on_with_what_is_indexed_and_is_told(data: Path) -> None:
    with hold_lock(data / "indexing.lock"), open_store(data, read_only=True) as reader:
        assert reader.search(parse_query("texte"), now=NOON).total == 1
        assert reader.index_gap().startswith(GAP)
        assert reader.database.value("PRAGMA query_only") == 1
    with open_store(data, read_only=True) as reader:
        assert reader.search(parse_query("texte"), now=NOON).total == 3  # nobody was at work
        assert reader.index_gap() == ""
        assert reader.database.value("PRAGMA query_only") == 1


def test_a_writer_waits_for_the_whole_index(data: Path) -> None:
    opened = threading.Event()

    def write() -> None:
        with open_store(data) as store:
            assert store.index_gap() == ""
            opened.set()

    with hold_lock(data / "indexing.lock"):
        writer = threading.Thread(target=write)
        writer.start()
        assert not opened.wait(0.05)
    writer.join()
    assert opened.is_set()


def call(data: Path, *words: str) -> tuple[int, str, str]:
    config = data.parent / "config.toml"
    config.write_text(CONFIG, encoding="utf-8")
    done = CliRunner().invoke(vigie, ["--config", str(config), *words], standalone_mode=False)
    if isinstance(done.exception, BusyError):
        return done.exception.exit_status, done.stdout, str(done.exception)
    assert done.exception is None
    return done.exit_code, done.stdout, done.stderr


def test_a_search_says_so_in_one_sentence_beside_its_answer(data: Path) -> None:
    with hold_lock(data / "indexing.lock"):
        status, out, err = call(data, "search", "texte")
    assert (status, err.count("\n"), err.startswith(f"vigie: {GAP}")) == (0, 1, True)
    assert "a.example" in out


def test_no_digest_is_made_of_half_an_index(data: Path) -> None:
    with hold_lock(data / "indexing.lock"):
        status, out, err = call(data, "digest", "--date", date.today().isoformat())
    assert (status, out) == (75, "")
    assert err.startswith(f"no digest is made now: {GAP}")
    assert not (data / "digests").exists()
    assert call(data, "digest", "--date", "yesterday")[0] == 0
