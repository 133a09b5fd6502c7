"""The bench prints its tables, names what is absent and counts right on cases made by hand."""

import gzip
import json
import os
import subprocess
import sys
from datetime import date
from functools import partial
from itertools import repeat
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from bench.__main__ import STAGES, Stage, bench
from bench.end_to_end import RULES, measure_peer
from bench.interleaving import best_interleaved
from bench.ledger import Ledger, Timed
from bench.pages import load_pages
from bench.rows import Row
from bench.shingles import compare, f1
from bench.table import cells, spelt
from bench.timelines import date_f1
from bench.whole_pass import forget_texts, load_program, make_pass
from model.config import parse_config
from model.event import Event
from model.mention import Precision
from nlp import vectors
from nlp.retellings import prints

ROOT = Path(__file__).resolve().parents[2]

ROW = Row(
    stage="tea",
    set="leaves",
    measure="cups/CPU s",
    vigie=1234.5,
    peer="kettle",
    peer_value=0.9471,
    ratio=1.3034,
)


def run(*words):
    return CliRunner().invoke(bench, [str(word) for word in words])


# --- what is printed


@pytest.fixture
def tea(monkeypatch):
    """A stage that measures nothing and needs a set that is not there."""
    monkeypatch.setitem(STAGES, "tea", Stage(lambda _: [ROW], ("cups",)))


@pytest.mark.usefixtures("tea")
def test_a_stage_is_a_table_under_its_name(tmp_path):
    told = run("tea", "--shared", tmp_path)
    assert told.exit_code == 0
    lines = [line.split() for line in told.stdout.splitlines()]
    assert ["tea"] in lines
    assert ["leaves", "cups/CPU", "s", "1,234", "kettle", "0.947", "×1.30"] in lines


@pytest.mark.usefixtures("tea")
def test_json_holds_the_rows_and_what_is_absent(tmp_path):
    told = json.loads(run("tea", "--json", "--shared", tmp_path).stdout)
    assert told["rows"] == {"tea": [msgspec.to_builtins(ROW)]}
    assert told["absent"] == {"tea": ["cups"]}
    assert told["cpus"] >= 1


TOPICS = ("fr-syria", "fr-libya", "en-syria", "en-libya", "en-mj", "en-finan")


@pytest.mark.parametrize(
    ("stage", "sets"),
    [
        ("extraction", "articles, extraction-benchmark, trafilatura-fr"),
        ("pipeline", "articles"),
        ("timelines", ", ".join(f"timelines/{topic}" for topic in TOPICS)),
    ],
    ids=["extraction", "pipeline", "timelines"],
)
def test_absent_corpora_are_named_in_one_line_and_are_no_failure(stage, sets, tmp_path):
    told = run(stage, "--shared", tmp_path)
    assert told.exit_code == 0
    place = tmp_path / "corpora"
    assert told.stdout.strip() == f"{stage}: absent from {place}, not measured: {sets}"


@pytest.mark.parametrize(
    ("typed", "hint"),
    [("extracton", "did you mean `extraction`?"), ("xyz", "there are extraction, crawler")],
    ids=["nearly right", "nothing like it"],
)
def test_a_stage_that_there_is_not_is_refused_before_anything_is_measured(typed, hint):
    told = run("startup", typed)
    assert told.exit_code == 2
    assert f"there is no stage `{typed}`; {hint}" in told.stderr
    assert "measuring" not in told.stderr


@pytest.mark.parametrize(
    ("value", "written"),
    [
        *((0.0, "0.000"), (0.0426, "0.043"), (0.9994, "0.999"), (0.9996, "1.00")),
        *((9.994, "9.99"), (9.996, "10.0"), (99.96, "100"), (1234.6, "1,235")),
    ],
)
def test_numbers_have_three_digits(value, written):
    assert spelt(value) == written


def test_a_row_says_beside_whom():
    assert cells(ROW) == ("leaves", "cups/CPU s", "1,234", "kettle", "0.947", "×1.30")


# --- how it is measured


class Cost(msgspec.Struct, frozen=True):
    cpu_s: float


def test_contenders_take_turns_and_the_cheapest_of_each_counts():
    order = []
    costs = {"ours": iter([3.0, 1.0, 2.0]), "theirs": iter([5.0, 6.0, 4.0])}

    def ask(name):
        order.append(name)
        return Cost(next(costs[name]))

    best = best_interleaved({name: partial(ask, name) for name in costs}, 3)
    assert order == ["ours", "theirs"] * 3
    assert best == {"ours": Cost(1.0), "theirs": Cost(4.0)}


def ledger_at(*times):
    return Ledger(iter(times).__next__)


def test_a_part_inside_another_is_counted_once():
    ledger = ledger_at(0, 10, 11, 13, 17)
    with ledger.part("comparing"), ledger.part("store"):
        pass
    assert ledger.seconds == {"comparing": 1 + 4, "store": 2}
    assert ledger.total == 7


def test_what_passes_outside_every_part_is_not_counted():
    ledger = ledger_at(0, 10, 11, 50, 52)
    for _ in range(2):
        with ledger.part("extraction"):
            pass
    assert ledger.seconds == {"extraction": 1 + 2}


class Shelf:
    size = 3

    def take(self, what):
        return f"a {what}"


def test_calls_of_a_timed_object_are_counted_and_may_begin_another_part():
    ledger = ledger_at(0, 0, 1, 3, 7, 15)
    shelf = Timed(Shelf(), ledger, "shelf", {"take": "after"})
    with ledger.part("before"):
        assert shelf.take("cup") == "a cup"
    assert ledger.seconds == {"before": 1, "after": 2 + 8, "shelf": 4}
    assert shelf.size == 3


def test_a_repeat_gains_nothing_from_the_texts_of_the_one_before():
    prints.words_of("some words")
    encoder = vectors.load_encoder()
    forget_texts()
    assert len(prints.words_of) == 0
    assert vectors.load_encoder() is encoder


# --- quality

WORDS = "one two three four five six"


@pytest.mark.parametrize(
    ("true", "found", "precision", "recall"),
    [
        (WORDS, WORDS, 1, 1),
        (WORDS, "One, two; three!", 0, 0),
        (WORDS, "one two three four five", 1, 2 / 3),
        (WORDS, f"{WORDS} seven eight nine", 3 / 6, 1),
        (WORDS, "", 0, 0),
        ("", "", 1, 1),
    ],
    ids=["the same", "too short", "its end is missing", "too much", "nothing found", "nothing"],
)
def test_shingles_count_shared_runs_of_four_words(true, found, precision, recall):
    assert compare(true, found) == pytest.approx((precision, recall))


def test_f1_is_of_the_mean_precision_and_the_mean_recall():
    assert f1([(1.0, 1.0), (0.5, 0.0)]) == pytest.approx(2 * 0.75 * 0.5 / (0.75 + 0.5))
    assert f1([(0.0, 0.0)]) == 0


def event_on(day):
    return Event(
        date=date(2023, 11, day),
        to=date(2023, 11, day),
        precision=Precision.DAY,
        text="It happened.",
        lang="en",
        independent_sources=1,
        score=1.0,
        inferred=False,
        entities=(),
        citations=(),
    )


@pytest.mark.parametrize(
    ("predicted", "score"),
    [([14, 15, 21, 22], 1.0), ([14, 15, 1, 2], 0.5), ([14, 14], 0.4), ([1], 0.0), ([], 0.0)],
    ids=["all right", "half right", "one day twice", "none right", "none told"],
)
def test_dates_are_compared_as_sets(predicted, score):
    gold = frozenset(date(2023, 11, day) for day in (14, 15, 21, 22))
    assert date_f1([event_on(day) for day in predicted], gold) == pytest.approx(score)


# --- the whole way, on pages made here

TEXTS = [
    "The harbour council of Averley voted on 14 November 2023 to open its contract to all. "
    "Its president, Ada Quill, said that nobody had read the annex about the cranes.",
    "Bakers in the town of Lurne sold more rye bread than ever in the spring of 2023. "
    "Their guild explains it by the price of wheat, which rose by a third in one year.",
    "Police in Averley searched the offices of the harbour company on 21 November 2023. "
    "The search follows a complaint that the council filed a week before, a judge said.",
]


@pytest.fixture
def folder(tmp_path):
    """Three articles and an empty page, laid out as the set of stored pages is."""
    folder = tmp_path / "corpora" / "articles"
    folder.mkdir(parents=True)
    with (folder / "truth.jsonl").open("w", encoding="utf-8") as truths:
        for number, text in enumerate([*TEXTS, ""]):
            paragraphs = "".join(repeat(f"<p>{text}</p>", 2))
            html = f"<html><title>No. {number}</title><article>{paragraphs}</article></html>"
            (folder / f"{number}.gz").write_bytes(gzip.compress(html.encode()))
            truth = {"file": f"{number}.gz", "url": f"https://paper.example/{number}.html"}
            truths.write(json.dumps(truth) + "\n")
    return folder


CONFIG = '[affair]\nname = "harbour"\nmatch = "harbour"\n[nlp]\nmodels = {}\n'


@pytest.mark.parametrize(("keeps", "kept"), [("everything", 3), ("one in ten", 1)])
def test_a_pass_counts_the_cost_of_every_part(keeps, kept, folder, tmp_path):
    program = load_program(parse_config(CONFIG))
    match = RULES[keeps].format(match='"no page says this"')
    passed = make_pass(program, load_pages(folder), match, tmp_path / "data", Ledger())
    assert (passed.kept, passed.unreadable) == (kept, 1)
    assert set(passed.parts) == {"extraction", "rule", "store", "tagging", "comparing", "events"}
    assert all(seconds > 0 for seconds in passed.parts.values())


def test_a_peer_is_measured_on_the_same_pages(folder):
    measured = measure_peer("lxml parse alone", folder, 2)
    assert measured.pages == 2
    assert set(measured.parts) == {"extraction"}
    assert measured.pages_per_s > 0
    assert measured.peak_mb > 1


@pytest.mark.parametrize(
    ("limit", "files"),
    [(None, "0123"), (2, "02"), (9, "0123")],
    ids=["all", "spread over the set", "more than there are"],
)
def test_fewer_pages_are_spread_over_the_set(limit, files, folder):
    assert [page.file.stem for page in load_pages(folder, limit)] == list(files)


@pytest.mark.slow
def test_the_whole_bench_is_one_command(folder, tmp_path):
    words = ("pipeline", "startup", "--quick", "--json")
    told = subprocess.run(
        [sys.executable, "-P", "-m", "bench", *words, "--shared", str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
    )
    rows = json.loads(told.stdout)["rows"]
    measured = {(row["measure"], row["peer"]) for row in rows["pipeline"]}
    for peer in ("trafilatura", "newspaper4k", "lxml parse alone"):
        assert {("pages/CPU s", peer), ("CPU s to load", peer), ("peak MB", peer)} <= measured
    assert {row["peer"] for row in rows["startup"]} == {"python -c pass", "import spacy"}
