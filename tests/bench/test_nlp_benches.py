"""The benches of memory and of the speed of nlp skip what is absent, and tell what they measure."""

from pathlib import Path

import pytest

from bench import memory, nlp_speed
from bench.memory import Held, bench_memory, peak_mb
from bench.nlp_speed import WHOLE, bench_nlp_speed

SHARED = Path(__file__).resolve().parents[3] / "shared"


@pytest.mark.parametrize("bench", [bench_memory, bench_nlp_speed], ids=["memory", "speed"])
def test_absent_corpora_are_no_failure(bench, tmp_path):
    assert bench(tmp_path, quick=True) == []


def test_memory_stands_beside_the_bound_and_what_passes_it_loses(tmp_path, monkeypatch):
    for topic in memory.TOPICS:
        (tmp_path / "corpora/timelines" / topic).mkdir(parents=True)
    told = {
        "vigie": [Held("store", 50), Held("both models", 300), Held("a long text", 1_100)],
        "spacy": [Held("2 models", 400)],
        "bare": [Held("nothing", 10)],
    }
    monkeypatch.setattr(memory, "_ask", lambda program, *_: told[program])
    rows = bench_memory(tmp_path, quick=True)
    assert [(row.set, row.vigie, row.peer_value, row.loses) for row in rows] == [
        ("store", 50, 1024, False),
        ("both models", 300, 1024, False),
        ("a long text", 1_100, 1024, True),
        ("both models", 300, 400, False),
        ("a long text", 1_100, 10, False),
    ]


def test_a_process_knows_the_most_it_held():
    before = peak_mb()
    held = bytearray(64 * 1024 * 1024)
    assert len(held) and peak_mb() >= before > 5


def test_a_process_of_its_own_tells_what_it_held():
    (told,) = memory._ask("bare", SHARED, 1)
    assert told.done == "nothing"
    assert 5 < told.peak_mb < 100


def test_each_part_is_measured_over_the_same_documents(monkeypatch):
    if not (SHARED / "corpora/timelines").is_dir():
        pytest.skip(f"no corpora in {SHARED}")
    parts = {name: lambda one: len(one.text) for name in (nlp_speed.FLOOR, WHOLE, nlp_speed.PEER)}
    monkeypatch.setattr(nlp_speed, "_parts", lambda *_: parts)
    rows = bench_nlp_speed(SHARED, quick=True)
    assert [(row.set, row.peer) for row in rows] == [
        (WHOLE, nlp_speed.FLOOR),
        (WHOLE, nlp_speed.PEER),
    ]
    assert all(row.vigie > 0 for row in rows)
