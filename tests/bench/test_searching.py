"""The engines of the bench of search answer alike, and nothing of theirs stays."""

import os
import signal
import tempfile
from itertools import islice
from math import nan
from pathlib import Path

import pytest

from bench import ingest, postgres_server, searching
from bench.corpus import find_corpus, read_corpus
from bench.ingest import FLOOR, bench_ingest
from bench.postgres_server import NoPostgresError, find_program, running_postgres
from bench.rows import Row
from bench.search_questions import Kind, Question, draw_questions
from bench.search_vigie import typed
from bench.searching import bench_search, quantile
from bench.side_by_side import print_side_by_side
from bench.table import cells

SIZE = 1_000
has_postgres = pytest.mark.skipif(
    find_program("initdb") is None, reason="PostgreSQL is absent: apt install postgresql-15"
)


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    cache = tmp_path_factory.mktemp("cache")
    find_corpus(cache, SIZE)
    return cache


def test_each_kind_has_its_own_questions_the_same_each_time(cache):
    path = find_corpus(cache, SIZE)
    drawn = draw_questions(path)
    assert drawn == draw_questions(path)
    for kind in Kind:
        assert len({each for each in drawn if each.kind is kind}) == 50, kind


@pytest.mark.parametrize(
    ("question", "text"),
    [
        (Question(kind=Kind.TWO, words=("port", "vote")), "port vote"),
        (Question(kind=Kind.PHRASE, words=("le", "port")), '"le port"'),
        (Question(kind=Kind.PREFIX, words=("port",)), "port*"),
        (Question(kind=Kind.MONTH, words=("port",), month="2019-03"), "port date:2019-03"),
        (
            Question(kind=Kind.ENTITY, words=("port",), month="2019-03", entity="Ada Quill"),
            'port entity:"Ada Quill" date:2019-03',
        ),
    ],
    ids=["words", "phrase", "prefix", "month", "entity"],
)
def test_a_question_is_typed_as_a_person_would(question, text):
    assert typed(question) == text


@pytest.fixture(scope="module")
def rows(cache):
    """The rows of a quick run on few articles."""
    return bench_search(cache, SIZE, quick=True)


# the words of unicode61 have no stems, those of PostgreSQL no small ones
ALIKE = {
    "raw FTS5": {Kind.PREFIX},
    "tantivy": {Kind.PREFIX, Kind.ENTITY},
    "PostgreSQL 15": {Kind.RARE, Kind.ENTITY},
}


def test_engines_answer_alike_where_they_mean_the_same(rows):
    compared = [row for row in rows if "same answer" in row.measure]
    assert {row.peer for row in compared} >= {"raw FTS5", "tantivy"}
    for row in compared:
        if row.measure.partition(",")[0] in ALIKE.get(row.peer, ()):
            assert row.peer_value == row.vigie, row


def test_every_kind_is_measured_beside_every_peer(rows):
    measured = {(row.measure, row.peer) for row in rows}
    for kind in Kind:
        for time in ("p50", "p95", "max"):
            assert {(f"{kind}, ms {time}", peer) for peer in ("raw FTS5", "tantivy")} <= measured
    assert all(row.vigie > 0 for row in rows)


@pytest.mark.parametrize(
    ("part", "value"), [(0.5, 50), (0.95, 95), (1.0, 100)], ids=["median", "p95", "max"]
)
def test_a_quantile_is_one_of_the_values(part, value):
    assert quantile(list(range(100, 0, -1)), part) == value


def made(measure, vigie, peer_value, *, peer="tantivy", loses=False):
    return Row(
        stage="search",
        set="10 articles",
        measure=measure,
        vigie=vigie,
        peer=peer,
        peer_value=peer_value,
        ratio=vigie / peer_value,
        loses=loses,
    )


def test_what_vigie_loses_is_marked(capsys):
    times = [made(f"phrase, ms {time}", 4.0, 2.0, loses=True) for time in ("p50", "p95", "max")]
    won = [made(f"facets, ms {time}", 1.0, 2.0) for time in ("p50", "p95", "max")]
    print_side_by_side([*times, *won, made("phrase, same answer of 50", 50, 49)])
    told = capsys.readouterr().out.splitlines()
    (phrase,) = (line for line in told if line.startswith("phrase"))
    (facets,) = (line for line in told if line.startswith("facets"))
    assert phrase.split()[-1] == "tantivy"
    assert facets.split()[-1] == "2.00"
    assert "same answer as tantivy, of 50: phrase 49" in told
    assert cells(times[0])[-1] == "×2.00 loses"


def test_postgresql_that_is_absent_is_named_with_how_to_install_it(cache, monkeypatch, capsys):
    monkeypatch.setattr(postgres_server, "find_program", lambda name: None)
    monkeypatch.setattr(searching, "ENGINES", {"raw FTS5": searching.ENGINES["raw FTS5"]})
    rows = bench_search(cache, SIZE, quick=True)
    assert {row.peer for row in rows} == {"PostgreSQL: absent; apt install postgresql-15"}
    print_side_by_side(rows)
    assert "–" in capsys.readouterr().out


def test_an_engine_that_takes_too_long_is_asked_less_and_that_is_told(cache, monkeypatch, capsys):
    monkeypatch.setattr(postgres_server, "find_program", lambda name: None)
    two = {name: searching.ENGINES[name] for name in ("vigie", "raw FTS5")}
    monkeypatch.setattr(searching, "ENGINES", two)
    monkeypatch.setattr(searching, "PATIENCE_S", 0)
    rows = bench_search(cache, SIZE, quick=True)
    heard = {row.peer_value for row in rows if "asked of 5" in row.measure}
    assert heard == {1}
    print_side_by_side(rows)
    told = capsys.readouterr().out
    assert "raw FTS5 took too long to be asked all: rare word 1 of 5; two words 1 of 5" in told


def left_behind():
    return set(Path(tempfile.gettempdir()).glob("vpg-*"))


@has_postgres
def test_postgresql_is_stopped_and_removed_even_after_a_failure():
    psycopg = pytest.importorskip("psycopg")
    before, handler = left_behind(), signal.getsignal(signal.SIGTERM)
    with pytest.raises(ZeroDivisionError), running_postgres() as socket:
        with psycopg.connect(host=str(socket), user="bench", dbname="postgres") as db:
            assert db.execute("SHOW listen_addresses").fetchone() == ("",)
        server = int((socket / "data" / "postmaster.pid").read_text().split()[0])
        raise ZeroDivisionError
    with pytest.raises(ProcessLookupError):
        os.kill(server, 0)
    assert not socket.exists()
    assert left_behind() == before
    assert signal.getsignal(signal.SIGTERM) is handler


@has_postgres
def test_postgresql_that_does_not_start_says_why_and_leaves_nothing(monkeypatch):
    monkeypatch.setattr(postgres_server, "OPTIONS", {"no_such_setting": "1"})
    before = left_behind()
    with pytest.raises(NoPostgresError, match="no_such_setting"), running_postgres():
        pass
    assert left_behind() == before


def test_the_floor_of_ingest_writes_the_rows_that_the_store_wrote(cache, monkeypatch):
    kept: dict[str, dict[str, list[object]]] = {}

    def dump_both(taken, *rest, cut_first):
        take_in(taken, *rest, cut_first=cut_first)
        for name, each in (("ours", taken.many), ("floor", taken.floor)):
            tables = each.database.rows(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
                # it says at which second each was opened
                " AND sql NOT LIKE 'CREATE VIRTUAL%' AND name != 'derived'"
            )
            kept[name] = {
                table: list(each.database.rows(f"SELECT * FROM '{table}'"))  # noqa: S608
                for table in [row["name"] for row in tables]
            }

    take_in = ingest._take_in
    monkeypatch.setattr(ingest, "_take_in", dump_both)
    monkeypatch.setattr(ingest, "read_corpus", lambda path: islice(read_corpus(path), 60))
    monkeypatch.setattr(ingest, "BATCH", 60)
    rows = bench_ingest(cache, SIZE, quick=True)
    assert len(kept["ours"]["version"]) == 60
    assert {n: t for n, t in kept["ours"].items() if "_index_" not in n} == {
        n: t for n, t in kept["floor"].items() if "_index_" not in n
    }
    assert {row.measure for row in rows} == {
        f"{what}/{unit}"
        for what in (ingest.MANY, ingest.ONE, "imported")
        for unit in ("CPU s", "s")
    }
    assert FLOOR in {row.peer for row in rows}


def test_a_dash_stands_for_what_was_not_measured():
    assert cells(made("phrase, ms p50", 1.0, nan))[-2:] == ("–", "×–")
