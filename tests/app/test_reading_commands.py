"""The commands that show what is held."""

import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from app.cli import COMMANDS, main
from app.comparing import Op, compare_texts, compare_words
from app.output import note
from store import open_store
from tests.cost import cheapest_s
from tests.held_affair import (
    CONFIG,
    FIRST_TEXT,
    LONG,
    SECOND_TEXT,
    SEEN,
    fill,
    make_reading,
    sought,
)

ROOT = Path(__file__).resolve().parents[2]

SOURCES = """
[[sources]]
url = "https://gazette.example/feed"
name = "La Gazette"

[[sources]]
url = "https://muet.example/feed"
name = "Le Muet"
"""

READING = (
    *("search", "timeline", "timeline --by published", "show 1", "diff 1", "entities", "stories"),
    *("copies", "sources", "verify", "digest --date 2023-11-21 --preview"),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A configuration and its filled data folder, which no test changes."""
    folder = tmp_path_factory.mktemp("affair")
    (folder / "config.toml").write_text(CONFIG + SOURCES, encoding="utf-8")
    fill(folder / "data")
    return folder


@pytest.fixture
def empty(tmp_path):
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    with open_store(tmp_path / "data"):
        pass
    return tmp_path


@pytest.fixture
def vigie(capsys):
    """Run the program in a folder; return its exit status, standard output and error."""

    def run(folder, line, *more):
        args = ["--config", f"{folder / 'config.toml'}", *line.split(), *more]
        with pytest.raises(SystemExit) as left:
            main(args=args)
        told = capsys.readouterr()
        return left.value.code, told.out, told.err

    return run


@pytest.fixture
def asked(vigie, folder):
    """Return what a command gives as JSON."""

    def ask(line, *more):
        status, out, err = vigie(folder, f"{line} --json", *more)
        assert status == 0, err
        return json.loads(out)

    return ask


@pytest.mark.parametrize("line", READING)
def test_everything_that_reads_prints_tables_and_json(vigie, asked, folder, line):
    status, out, _ = vigie(folder, line)
    assert status == 0
    assert out.strip()
    assert asked(line)


@pytest.mark.parametrize("line", [*READING[:3], *READING[5:]])
def test_an_empty_store_says_so_and_what_to_try(vigie, empty, line):
    status, _, err = vigie(empty, line)
    assert status == 0
    assert "`vigie " in err


@pytest.mark.parametrize("line", [line for line in READING if line != "sources"])
def test_without_any_store_one_sentence_says_what_to_do(vigie, tmp_path, line):
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    status, out, err = vigie(tmp_path, line)
    assert (status, out, err.count("\n")) == (1, "", 1)
    assert "`vigie run` or `vigie import` first" in err


@pytest.mark.parametrize(
    "line",
    [
        "timeline --from 2023-13",
        "timeline --from yesterday",
        "timeline --from 2024 --to 2023",
        "timeline --entity ?!",
        "timeline --query (",
        "search title:",
        "show 99",
        "show https://nowhere.example/",
        "diff 1 --to 7",
        "diff 99",
        "copies 99",
        "digest --date 2023-11-31",
        "digest --date 2999-01-01",
        "digest --list nobody",
    ],
)
def test_a_wrong_date_id_or_query_is_one_sentence(vigie, folder, line):
    status, out, err = vigie(folder, line)
    assert (status, out) == (2, "")
    assert err.startswith("vigie: ")
    assert "Traceback" not in err


def test_an_unknown_option_is_not_a_word_to_leave_out(vigie, folder):
    assert vigie(folder, "search port --limt 3")[0] == 2
    assert vigie(folder, "search port -soupe")[0] == 0


# --- search


def test_search_finds_all_and_is_relevant_narrows(asked):
    assert {hit["article"] for hit in asked("search")} == {1, 2, 3, 4, 5}
    assert {hit["article"] for hit in asked("search is:relevant")} == {1, 2, 3, 4}


def test_an_alias_finds_its_entity(asked):
    by_alias = asked("search", 'entity:"Commission nationale de l\'informatique et des libertés"')
    assert [hit["article"] for hit in by_alias] == [1]


def test_search_tells_how_to_go_on(vigie, folder, asked):
    _, out, err = vigie(folder, "search --limit 2 --json")
    place = sought(r"--before (\d+)", err)
    first = [hit["article"] for hit in json.loads(out)]
    rest = [hit["article"] for hit in asked(f"search --before {place}")]
    assert sorted(first + rest) == [1, 2, 3, 4, 5]


def test_times_are_local_in_tables_and_utc_in_json(vigie, asked, folder):
    assert asked("search CNIL site:gazette.example title:port")[0]["published_at"] == (
        "2023-11-20T23:30:00Z"
    )
    assert "2023-11-21  gazette.example" in vigie(folder, "search title:port")[1]


def test_long_addresses_are_whole_in_a_pipe(vigie, folder):
    for line in ("search harbour", "timeline --by published", "show 2"):
        assert LONG in vigie(folder, line)[1], line


@pytest.mark.parametrize("line", ["search", "timeline --by published", "show 4"])
def test_a_hostile_headline_drives_no_terminal(vigie, folder, line):
    out = vigie(folder, line)[1]
    assert "\\u001b[31m\\u202e" in out
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_what_a_site_wrote_drives_no_terminal_in_a_note_either(capsys):
    note("Added: \x1b[2JLe Monde\u202e\x9b1m")
    assert capsys.readouterr().err == "Added: \\u001b[2JLe Monde\\u202e\\u009b1m\n"


# --- timeline


def test_the_timeline_gives_the_promised_keys_in_date_order(asked):
    events = asked("timeline")
    assert [event["date"] for event in events] == ["2023-11-15", "2023-11-17", "2024-01-08"]
    promised = ["date", "to", "precision", "text", "independent_sources", "citations"]
    assert list(events[0])[:6] == promised
    cited = ["article", "url", "title", "site", "published_at", "sentence", "start", "end"]
    assert list(events[0]["citations"][0]) == cited


def test_a_limit_keeps_the_most_important_events_in_date_order(asked):
    assert [event["date"] for event in asked("timeline --limit 2")] == ["2023-11-15", "2024-01-08"]


@pytest.mark.parametrize(
    ("options", "days"),
    [
        ("--from 2023-11-16", ["2023-11-17", "2024-01-08"]),
        ("--from 2023-11 --to 2023-11", ["2023-11-15", "2023-11-17"]),
        ("--to 2023", ["2023-11-15", "2023-11-17"]),
        ("--from 2024", ["2024-01-08"]),
        ("--entity Cnil", ["2023-11-15"]),
        ("--query rien", ["2024-01-08"]),
        ("--query lang:en", ["2023-11-17"]),
    ],
    ids=["a day", "a month", "a year", "open", "an entity", "words", "a label"],
)
def test_the_timeline_narrows(asked, options, days):
    assert [event["date"] for event in asked(f"timeline {options}")] == days


def test_by_publication_only_the_relevant_stand_there_newest_first(asked):
    articles = [hit["article"] for hit in asked("timeline --by published")]
    assert set(articles) == {1, 2, 3, 4}
    assert articles[-1] == 1
    assert [hit["article"] for hit in asked("timeline --by published --entity CNIL")] == [1]
    assert len(asked("timeline --by published --limit 2")) == 2


def test_an_inferred_date_is_shown_as_such(vigie, folder):
    assert "17 November 2023 (inferred)" in vigie(folder, "timeline")[1]


# --- show and diff


def test_an_article_is_shown_by_its_id_or_an_address(asked):
    assert asked("show 1") == asked("show https://gazette.example/1")


def test_an_article_shows_why_it_was_kept_and_its_proof(asked):
    shown = asked("show 1")
    assert shown["reasons"] == ["caméras"]
    assert [one["number"] for one in shown["versions"]] == [1, 2]
    assert all(re.fullmatch(r"[0-9a-f]{64}", one["sha256"]) for one in shown["captures"])
    mention = shown["tags"]["mentions"][0]
    assert shown["text"][mention["start"] : mention["end"]] == "CNIL"
    assert asked("show 1 --version 1")["text"] == FIRST_TEXT


def test_a_difference_keeps_the_parts_apart_and_marks_words_without_colour(vigie, asked, folder):
    out = vigie(folder, "diff 1")[1]
    assert "headline: La CNIL contrôle {+enfin +}les caméras du port" in out
    assert "byline (same): Jeanne Roy" in out
    assert "[-ne dit rien-]{+refuse de répondre+}" in out
    assert "2 paragraphs unchanged" in out
    found = asked("diff 1")
    assert (found["from"], found["to"]) == (1, 2)
    for kept, text in (("gone", FIRST_TEXT), ("new", SECOND_TEXT)):
        pieces = [
            "".join(p["text"] for p in block["pieces"] if p["op"] in ("same", kept))
            for block in found["text"]
        ]
        assert "\n".join(pieces) == text


def test_marks_that_a_site_wrote_are_told_from_ours(vigie, tmp_path):
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    with open_store(tmp_path / "data") as store:
        for text in ("Il dit [-tout-] et {+rien+} hier.", "Il dit [-tout-] et {+rien+} demain."):
            kept = store.keep(
                make_reading(1, "Un titre", text), relevant=True, reasons=("x",), now=SEEN
            )
    out = vigie(tmp_path, f"diff {kept.article_id}")[1]
    assert r"Il dit \[-tout\-] et \{+rien\+} [-hier-]{+demain+}." in out


def test_a_version_beside_itself_is_said_to_be_one(vigie, folder):
    code, out, _ = vigie(folder, "diff 1 --from 1 --to 1")
    assert (code, "one and the same version: nothing to compare" in out) == (0, True)


def test_one_version_has_no_difference(vigie, folder):
    status, out, err = vigie(folder, "diff 2")
    assert (status, out) == (0, "")
    assert "nothing to compare" in err


def whole(pieces, kept):
    return "".join(piece.text for piece in pieces if piece.op in (Op.SAME, kept))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        ("", "un"),
        ("un deux", ""),
        ("a b c", "a x c"),
        ("l'été", "l’hiver"),
        ("a\nb", "b"),
    ],
)
def test_both_texts_can_be_read_from_their_difference(before, after):
    pieces = compare_words(before, after)
    assert whole(pieces, Op.GONE) == before
    assert whole(pieces, Op.NEW) == after


@pytest.mark.timeout(20)
def test_fault_48_three_thousand_changed_lines_take_under_two_seconds():
    before = "\n".join(
        f"Ligne {n} : " + " ".join(f"m{n * k}" for k in range(12)) for n in range(3000)
    )
    after = "\n".join(
        f"Autre {n} ; " + " ".join(f"w{n * k}" for k in range(12)) for n in range(3000)
    )
    assert cheapest_s(lambda: compare_texts(before, after), 2) < 2
    blocks = compare_texts(before, after)
    assert whole([p for b in blocks for p in b.pieces], Op.NEW) == after


# --- the others


def test_entities_stories_copies_and_sources_say_what_is_known(asked):
    assert asked("entities --kind organisation")[0]["name"] == "CNIL"
    assert asked("entities --kind person") == []
    assert asked("stories")[0]["articles"] == [1, 2]
    assert (asked("copies 1")[0]["article"], asked("copies 2")) == (3, [])
    failing = asked("sources --failing")
    assert [(one["name"], one["reason"]) for one in failing] == [
        ("Le Muet", "it cannot be reached")
    ]


def test_a_changed_capture_is_named(vigie, tmp_path):
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    fill(tmp_path / "data")
    assert vigie(tmp_path, "verify")[0] == 0
    kept = next(path for path in (tmp_path / "data/imports").rglob("*") if path.is_file())
    kept.write_bytes(b"another")
    status, _, err = vigie(tmp_path, "verify")
    assert status == 5
    assert "its bytes" in err


# --- digest


def test_a_digest_is_written_for_its_owner_alone(vigie, folder):
    status, out, _ = vigie(folder, "digest --date 2023-11-21")
    assert status == 0
    paths = [Path(line) for line in out.split()]
    assert [path.name for path in paths] == ["2023-11-21.txt", "2023-11-21.html"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths} == {0o600}
    assert paths[0].parent == folder / "data/digests/quotidien"


def test_a_preview_writes_nothing(vigie, folder):
    out = vigie(folder, "digest --date 2023-11-22 --preview")[1]
    assert "modifié : titre, texte" in out
    assert not (folder / "data/digests/quotidien/2023-11-22.txt").exists()


@pytest.mark.parametrize(
    ("day", "is_empty"), [("2023-11-22", False), ("2020-01-01", True)], ids=["a change", "nothing"]
)
def test_a_day_that_only_changed_something_is_not_called_empty(vigie, folder, day, is_empty):
    told = vigie(folder, f"digest --date {day} --preview")[2]
    assert ("takes another day" in told) is is_empty


def test_a_digest_holds_the_relevant_and_the_events_they_tell(asked):
    told = asked("digest --date 2023-11-21 --preview")
    assert {item["article"] for item in told["items"]} == {1, 2, 3, 4}
    assert told["items"][-1]["dated_in_future"]
    assert [event["date"] for event in told["events"]] == ["2023-11-15", "2023-11-17", "2024-01-08"]


def test_nothing_is_sent_without_a_mail_server(vigie, folder):
    status, _, err = vigie(folder, "digest --date 2023-11-21 --send")
    assert status == 1
    assert "[mail] host is not set" in err


def test_the_name_of_a_list_is_no_path(vigie, tmp_path):
    config = CONFIG.replace('"quotidien"', '"../../evil/\\u0007"')
    (tmp_path / "config.toml").write_text(config, encoding="utf-8")
    fill(tmp_path / "data")
    out = vigie(tmp_path, "digest --date 2023-11-21")[1]
    for line in out.splitlines():
        assert Path(line).resolve().parent.parent == tmp_path / "data/digests"


# --- the whole program


def test_no_command_imports_what_it_does_not_use(folder):
    lines = [["--config", f"{folder / 'config.toml'}", *line.split()] for line in READING]
    heavy = {"spacy", "trafilatura", "litestar", "aiohttp", "uvicorn", "feedparser", "pypdf", "nlp",
             "crawler", "dateparser"}  # fmt: skip
    program = (
        "import sys\nfrom app.cli import vigie\n"
        f"for line in {lines!r}: vigie.main(line, standalone_mode=False)\n"
        f"sys.exit(', '.join({heavy!r} & set(sys.modules)) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_page_is_served_until_interrupted(folder):
    program = [sys.executable, "-m", "app", "--config", f"{folder / 'config.toml'}"]
    served = subprocess.Popen(
        [*program, "serve", "--port", "0"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    assert served.stdout
    try:
        address = served.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", address)
        with urllib.request.urlopen(address, timeout=20) as answer:  # noqa: S310 - http, above
            assert b"Le port et ses cam" in answer.read()
        served.send_signal(signal.SIGINT)
        _, err = served.communicate(timeout=20)
    finally:
        served.kill()
        served.wait()
    assert served.returncode == 0, err
    assert "Traceback" not in err


def test_a_taken_port_is_one_sentence(vigie, folder):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        status, _, err = vigie(folder, f"serve --port {taken.getsockname()[1]}")
    assert status == 2, err
    assert "give another with --port" in err


def test_other_machines_are_never_served(vigie, folder, tmp_path):
    config = CONFIG + '\n[web]\nhost = "0.0.0.0"\n'
    (tmp_path / "config.toml").write_text(config, encoding="utf-8")
    status, _, err = vigie(tmp_path, "serve")
    assert status == 2
    assert "no login yet" in err


@pytest.mark.parametrize("name", [line.split()[0] for line in READING] + ["serve"])
def test_help_shows_examples(vigie, folder, name):
    assert name in COMMANDS
    out = vigie(folder, f"{name} --help")[1]
    assert f"vigie {name}" in out.partition("Examples:")[2]


def test_a_text_of_one_version_can_be_chosen(vigie, folder):
    assert vigie(folder, "show 1 --version 9")[0] == 2


def test_a_timeline_longer_than_a_page_is_whole(asked, monkeypatch):
    monkeypatch.setattr("app.timelines.PAGE", 3)
    whole = [hit["article"] for hit in asked("timeline --by published")]
    assert sorted(whole) == [1, 2, 3, 4]
    limited = [hit["article"] for hit in asked("timeline --by published --limit 4")]
    assert limited == whole
