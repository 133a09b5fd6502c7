"""`vigie sources`: every source in plain words, what needs a look first, secrets hidden."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.config_file import add_sources
from app.rhythms import estimate_rhythm, say_length, say_rhythm
from model.source import Entry, Notice, NoticeKind, Source, SourceKind, SourceState
from store import open_store
from store.records import Arrival, Outcomes
from tests.faults.running import call_vigie, write_config

NOW = datetime.now(UTC).replace(microsecond=0)
HOUR = timedelta(hours=1)

WELL = Source(url="https://gazette.example/feed", name="La Gazette", lang="fr")
MUTE = Source(url="https://u:motdepasse1@muet.example/feed?token=jeton2", name="Le Muet")
SILENT = Source(url="https://lent.example/feed", name="Le Lent")
MOVED = Source(url="https://bouge.example/feed", name="Le Bouge")
TAKEN = Source(url="https://pris.example/feed", name="Le Pris")
GONE = Source(url="https://parti.example/feed", name="Le Parti")
BUSY = Source(url="https://presse.example/feed", name="Le Pressé")
NEW = Source(url="https://cour.example/decisions/", kind=SourceKind.PAGE, checked=False)
UNUSED = Source(url="https://ancien.example/feed", name="L'Ancien")

STATES = {
    WELL: SourceState(url=WELL.url, state="ok", last_success_at=NOW, rhythm_s=10_800,
                      last_new_at=NOW, next_poll_at=NOW + HOUR),
    MUTE: SourceState(url=MUTE.url, state="unreachable", reason="it cannot be reached",
                      failures=4, next_poll_at=NOW + HOUR),
    SILENT: SourceState(url=SILENT.url, state="ok", last_success_at=NOW, rhythm_s=10_800,
                        last_new_at=NOW - timedelta(days=12)),
    MOVED: SourceState(url=MOVED.url, state="ok", last_success_at=NOW),
    TAKEN: SourceState(url=TAKEN.url, state="ok", last_success_at=NOW),
    BUSY: SourceState(url=BUSY.url, state="busy", reason="its host asked for rest",
                      last_success_at=NOW, next_poll_at=NOW + HOUR),
    GONE: SourceState(url=GONE.url, state="gone", reason="it answers 410", failures=1),
    UNUSED: SourceState(url=UNUSED.url, state="ok", last_success_at=NOW),
}  # fmt: skip
NOTICED = {
    MOVED: (NoticeKind.MOVED, "moved for good to https://www.bouge.example/rss"),
    TAKEN: (NoticeKind.TAKEOVER, "another site answers"),
    GONE: (NoticeKind.GONE, "it says that it is gone"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    configured = [*(one for one in STATES if one is not UNUSED), NEW]
    add_sources(write_config(tmp_path), configured)
    with open_store(tmp_path / "data") as store:
        store.save_sources((*STATES, NEW), now=NOW)
        for source, state in STATES.items():
            site = source.url.partition("@")[2] or source.url.partition("//")[2]
            entry = Entry(source_url=source.url, key="k", url=f"https://{site.partition('/')[0]}/1")
            noticed = [
                Notice(what=what, detail=detail, noticed_at=NOW)
                for noticing, (what, detail) in NOTICED.items()
                if noticing is source
            ]
            held = frozenset({"k"} if source is TAKEN else ())
            store.record_poll(
                state, (entry,), None, now=NOW, arrival=Arrival(held=held),
                outcomes=Outcomes(noticed=tuple(noticed)),
            )  # fmt: skip
        store.save_sources(configured, now=NOW)
    return tmp_path


def blocks(folder: Path, *options: str) -> dict[str, str]:
    """Return what is printed of each source, by the line that names it."""
    done = call_vigie(folder, "sources", *options)
    assert done.returncode == 0, done.stderr
    _, *told = done.stdout.rstrip().split("\n\n")
    return {block.partition("\n")[0]: block for block in told}


def test_what_needs_a_look_stands_first_and_each_source_once(folder: Path) -> None:
    assert list(blocks(folder)) == [
        "FAILING  Le Muet (feed)",
        "FAILING  Le Parti (feed)",
        "SILENT   Le Lent (feed)",
        "LOOK     Le Bouge (feed)",
        "LOOK     Le Pris (feed)",
        "new      https://cour.example/decisions/ (page)",
        "ok       La Gazette (feed, fr)",
        "ok       Le Pressé (feed)",
        "unused   L'Ancien (feed)",
    ]
    first = call_vigie(folder, "sources").stdout.partition("\n")[0]
    assert first == (
        "9 sources: 2 failing, 1 silent, 2 to be looked at, 1 not asked yet, 2 well,"
        " 1 no longer in the configuration."
    )


TOLD = {
    "ok       La Gazette (feed, fr)": (
        "https://gazette.example/feed",
        "Kept 0 of 1 entry seen, 1 still to be read; about every 3 h.",
        "Asked again: ",
    ),
    "FAILING  Le Muet (feed)": (
        "Last answered well: never yet.",
        "! It cannot be reached, 4 times in a row.",
        "look whether its site still exists",
    ),
    "SILENT   Le Lent (feed)": ("! Silent since ", "longer than its own rhythm (about every 3 h)"),
    "LOOK     Le Bouge (feed)": (
        "! Moved for good to https://www.bouge.example/rss",
        "`vigie sources --accept https://bouge.example/feed` puts this note away.",
    ),
    "LOOK     Le Pris (feed)": ("1 held back", "! Another site answers", "lets them be read"),
    "ok       Le Pressé (feed)": ("It waits: its host asked for rest.",),
    "FAILING  Le Parti (feed)": ("! It says that it is gone", "`vigie add` finds where"),
    "new      https://cour.example/decisions/ (page)": ("Nobody has seen it answer yet",),
}


@pytest.mark.parametrize(("head", "sentences"), TOLD.items(), ids=TOLD)
def test_a_source_says_in_plain_words_how_it_stands_and_what_to_do(
    folder: Path, head: str, sentences: tuple[str, ...]
) -> None:
    block = blocks(folder)[head]
    assert [sentence for sentence in sentences if sentence not in block] == []


@pytest.mark.parametrize(
    ("options", "names"),
    [
        (("--silent",), {"Le Lent"}),
        (("--failing",), {"Le Muet", "Le Parti"}),
        (("--silent", "--failing"), {"Le Lent", "Le Muet", "Le Parti"}),
    ],
    ids=["silent", "failing", "silent or failing"],
)
def test_the_list_narrows_to_what_is_asked(
    folder: Path, options: tuple[str, ...], names: set[str]
) -> None:
    told = json.loads(call_vigie(folder, "sources", *options, "--json").stdout)
    assert {one["name"] for one in told} == names


def test_json_says_all_of_it_and_no_secret(folder: Path) -> None:
    done = call_vigie(folder, "sources", "--json")
    told = {one["name"]: one for one in json.loads(done.stdout)}
    assert told["Le Lent"]["silent_since"].endswith("Z")
    assert told["Le Bouge"]["notices"][0]["what"] == "moved"
    assert (told["La Gazette"]["rhythm_s"], told["La Gazette"]["silent_since"]) == (10_800, None)
    assert told["Le Muet"]["url"] == "https://muet.example/feed?token=..."
    for text in (done.stdout, call_vigie(folder, "sources").stdout):
        assert "motdepasse1" not in text
        assert "jeton2" not in text


@pytest.mark.parametrize(
    "spelling", [TAKEN.url, "http://www.pris.example/feed/"], ids=["as it is", "another spelling"]
)
def test_accepting_settles_what_was_noticed_and_lets_it_go_on(folder: Path, spelling: str) -> None:
    done = call_vigie(folder, "sources", "--accept", spelling)
    assert (done.returncode, done.stdout) == (0, "Settled: another site answers\n")
    assert "ok       Le Pris (feed)" in blocks(folder)
    assert "1 still to be read" in blocks(folder)["ok       Le Pris (feed)"]
    again = call_vigie(folder, "sources", "--accept", spelling)
    assert (again.stdout, again.stderr) == ("", "Nothing was open about that source.\n")


def test_a_source_with_a_secret_is_accepted_as_it_is_shown(folder: Path) -> None:
    done = call_vigie(folder, "sources", "--accept", "https://muet.example/feed?token=...")
    assert done.stderr == "Nothing was open about that source.\n"


@pytest.mark.parametrize("url", ["https://nobody.example/feed", "nonsense", ""])
def test_what_is_no_source_cannot_be_accepted(folder: Path, url: str) -> None:
    done = call_vigie(folder, "sources", "--accept", url)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, "rhythm not known yet"),
        (30, "about every minute"),
        (1200, "about every 20 min"),
        (10_800, "about every 3 h"),
        (86_400, "about every 24 h"),
        (3 * 86_400, "about every 3 days"),
        (90 * 86_400, "about every 3 months"),
    ],
)
def test_a_rhythm_is_said_as_people_say_it(seconds: int | None, said: str) -> None:
    assert say_rhythm(seconds) == said


def test_a_rhythm_is_the_usual_time_between_the_newest_dates() -> None:
    days = [NOW - timedelta(hours=3 * number) for number in range(6)]
    assert estimate_rhythm([*days, NOW - timedelta(days=400)]) == 3 * 3600
    assert estimate_rhythm(days[:2]) is None
    assert estimate_rhythm([NOW] * 5) is None
    assert say_length(5_400) == "2 h"


def test_before_any_pass_the_configured_sources_are_listed_as_new(tmp_path: Path) -> None:
    add_sources(write_config(tmp_path), [WELL])
    done = call_vigie(tmp_path, "sources")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("1 source: 1 not asked yet.\n\nnew      La Gazette (feed, fr)")
    assert not (tmp_path / "data").exists()


def test_what_was_configured_since_the_last_pass_is_told_at_once(folder: Path) -> None:
    added = Source(url="https://neuf.example/feed", name="Le Neuf")
    add_sources(folder / "config.toml", [added, UNUSED])
    heads = list(blocks(folder))
    assert "new      Le Neuf (feed)" in heads
    assert "ok       L'Ancien (feed)" in heads


def test_what_was_taken_out_since_the_last_pass_is_told_at_once(folder: Path) -> None:
    write_config(folder)
    assert {head.partition(" ")[0] for head in blocks(folder)} == {"unused"}
