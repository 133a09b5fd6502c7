"""What `vigie doctor` finds wrong, and what it says to do."""

import shlex
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.health import SHOWN_LOOSE, Finding, Level, examine
from app.workplace import Workplace
from model.source import Source, SourceState
from store import open_store
from store.sqlite import sqlite3
from tests.store.makers import keep

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
AFFAIR = '[affair]\nname = "Harbour"\nmatch = "harbour"\n'


def findings(folder: Path, config: str, now: datetime = NOW) -> dict[str, list[Finding]]:
    """Return what is found with a configuration, by subject."""
    path = folder / "config.toml"
    path.write_text(config, encoding="utf-8")
    found: dict[str, list[Finding]] = {}
    for finding in examine(Workplace(config_path=path, data=folder / "data"), now):
        found.setdefault(finding.subject, []).append(finding)
    return found


WRONG = [
    ("models", '[nlp.models]\nfr = "no_such_model"\n', "no_such_model is not installed"),
    ("mail", '[[digests]]\nname = "d"\nto = ["a@b.example"]\n', "none is sent"),
    ("mail", '[mail]\nhost = "m"\nuser = "u"\npassword_file = "absent"\n', "does not exist"),
]


@pytest.mark.parametrize(("subject", "config", "fact"), WRONG, ids=[row[2] for row in WRONG])
def test_what_is_wrong_is_said_with_its_remedy(
    tmp_path: Path, subject: str, config: str, fact: str
) -> None:
    bad = [one for one in findings(tmp_path, AFFAIR + config)[subject] if one.level is Level.BAD]
    assert len(bad) == 1
    assert fact in bad[0].fact
    assert bad[0].remedy


NAMING = (
    '[affair]\nname = "H"\nmatch = "harbour search:justise"\n[[digests]]\nname = "d"\nquery = {}'
)


def test_a_saved_search_that_is_named_and_not_there_is_said_with_those_near(tmp_path: Path) -> None:
    with open_store(tmp_path / "data") as store:
        store.save_search("justice", "plainte", now=NOW)
        store.save_search("quai", "recours", now=NOW)
    wrong = findings(tmp_path, NAMING.format("'search:quais'"))["queries"]
    assert [one.fact for one in wrong] == [
        "[affair] match: There is no saved search 'justise': did you mean search:justice?",
        "[[digests]] d: There is no saved search 'quais': did you mean search:quai?",
    ]
    assert {one.level for one in wrong} == {Level.BAD}
    right = findings(tmp_path, NAMING.format("'search:quai'").replace("justise", "justice"))
    assert "queries" not in right


def test_where_the_database_cannot_be_read_no_saved_search_is_called_missing(
    tmp_path: Path,
) -> None:
    assert "queries" in findings(tmp_path, NAMING.format("''"))
    (tmp_path / "data").mkdir(mode=0o700)
    (tmp_path / "data/vigie.db").write_bytes(b"no database" * 99)
    assert "queries" not in findings(tmp_path, NAMING.format("''"))


def test_a_broken_configuration_is_one_finding_among_the_machines(tmp_path: Path) -> None:
    found = findings(tmp_path, "[affair]\nnmae = 1\n")
    assert found["configuration"][0].level is Level.BAD
    assert "sqlite" in found


def test_files_that_others_can_read_are_named(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    (data / "vigie.db").write_bytes(b"")
    (data / "vigie.db").chmod(0o644)
    loose = findings(tmp_path, AFFAIR)["data"][0]
    assert loose.level is Level.BAD
    assert loose.remedy == f"chmod 600 {shlex.quote(str(data / 'vigie.db'))}"


def fill(data: Path) -> None:
    """Keep one imported article in a data folder."""
    with open_store(data) as store:
        keep(store, raw=b"x")


DATABASES = [
    ("none", Level.GOOD, "will be made by the first run"),
    ("ours", Level.GOOD, "1 article, 1 capture, last pass none yet"),
    ("gone", Level.BAD, "is missing although imports were kept"),
    ("emptied", Level.BAD, "is empty although imports were kept"),
    ("random", Level.BAD, "is damaged"),
    ("half", Level.BAD, "is damaged"),
    ("another's", Level.BAD, "is another program's database"),
    ("newer", Level.BAD, "has schema 99"),
]


@pytest.mark.parametrize(("what", "level", "fact"), DATABASES, ids=[row[0] for row in DATABASES])
def test_how_the_database_is_is_said_and_nothing_is_written(
    tmp_path: Path, what: str, level: Level, fact: str
) -> None:
    data = tmp_path / "data"
    if what != "none":
        fill(data)
        make_so(data / "vigie.db", what)
    before = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    (found,) = findings(tmp_path, AFFAIR)["database"]
    assert (found.level, fact in found.fact) == (level, True), found
    assert bool(found.remedy) is (level is Level.BAD)
    assert {path: path.read_bytes() for path in data.rglob("*") if path.is_file()} == before


def make_so(file: Path, what: str) -> None:
    """Do to a database what the table above names."""
    whole = file.read_bytes()
    contents = {"emptied": b"", "random": bytes(range(256)) * 20, "half": whole[: len(whole) // 2]}
    if what in contents:
        file.write_bytes(contents[what])
    elif what in ("gone", "another's"):
        file.unlink()
    statements = {"another's": "CREATE TABLE theirs (x)", "newer": "PRAGMA user_version = 99"}
    if what in statements:
        connection = sqlite3.connect(file)
        connection.execute(statements[what])
        connection.close()


def test_a_clock_before_the_data_is_named(tmp_path: Path) -> None:
    before = datetime(2001, 1, 1, tzinfo=UTC)
    assert findings(tmp_path, AFFAIR, before)["clock"][0].level is Level.BAD


def test_of_many_loose_files_the_rest_is_counted_with_one_remedy(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o700)
    for number in range(SHOWN_LOOSE + 2):
        (tmp_path / "data" / str(number)).touch(mode=0o644)
    *named, rest = findings(tmp_path, AFFAIR)["data"]
    assert (len(named), rest.fact) == (SHOWN_LOOSE, "others can read 2 more paths there")
    assert rest.remedy.startswith("chmod -R go-rwx ")


A, B, GONE = (f"https://{name}.example/f" for name in "abg")
TWO = f'[[sources]]\nurl = "{A}"\n[[sources]]\nurl = "{B}"\nchecked = false\n'
WELL = SourceState(url=A, state="ok", last_success_at=NOW)
OFF = SourceState(url=A, state="timeout", reason="it did not answer", failures=1)
STANDINGS = {
    "never asked": ((), Level.WARNING, "2 not asked yet", "`vigie run`"),
    "one asked": ((WELL,), Level.WARNING, "1 not asked yet, 1 well", "`vigie run`"),
    "both well": ((WELL, replace(WELL, url=B)), Level.GOOD, "2 well", ""),
    "one fails": ((OFF, replace(WELL, url=B)), Level.WARNING, "1 failing, 1 well", "--failing"),
    "both fail": ((OFF, replace(OFF, url=B)), Level.BAD, "2 failing", "online"),
    "one taken out": ((WELL, replace(WELL, url=B), replace(OFF, url=GONE)), Level.GOOD, "2 w", ""),
}


@pytest.mark.parametrize(
    ("states", "level", "fact", "remedy"), STANDINGS.values(), ids=list(STANDINGS)
)
def test_sources_are_counted_by_how_they_answer_and_nothing_is_written(
    tmp_path: Path, states: tuple[SourceState, ...], level: Level, fact: str, remedy: str
) -> None:
    if states:
        with open_store(tmp_path / "data") as store:
            store.save_sources([Source(url=state.url) for state in states], now=NOW)
            for state in states:
                store.record_poll(state, (), None, now=NOW)
    before = {path: path.read_bytes() for path in (tmp_path / "data").rglob("*")}
    (found,) = findings(tmp_path, AFFAIR + TWO)["sources"]
    assert (found.level, fact in found.fact, remedy in found.remedy) == (level, True, True), found
    assert {path: path.read_bytes() for path in (tmp_path / "data").rglob("*")} == before


def test_of_a_damaged_database_doctor_says_no_more_than_it_knows(tmp_path: Path) -> None:
    fill(tmp_path / "data")
    make_so(tmp_path / "data" / "vigie.db", "random")
    (found,) = findings(tmp_path, AFFAIR + TWO)["sources"]
    assert (found.level, "cannot tell" in found.fact) == (Level.WARNING, True)


LOGIN = '[[sources]]\nurl = "https://u:motdepasse@a.example/f"\n'


@pytest.mark.parametrize(
    ("config", "mode", "is_wrong"),
    [(LOGIN, 0o644, True), (LOGIN, 0o640, True), (LOGIN, 0o600, False), (TWO, 0o644, False)],
    ids=["all can read it", "a group can", "you alone", "it holds no login"],
)
def test_a_configuration_with_a_login_that_others_can_read_is_wrong(
    tmp_path: Path, config: str, mode: int, is_wrong: bool
) -> None:
    path = tmp_path / "config.toml"
    path.touch(mode)
    path.chmod(mode)
    wrong = [one for one in findings(tmp_path, AFFAIR + config)["configuration"] if one.remedy]
    assert [one.remedy for one in wrong] == [f"chmod 600 {shlex.quote(str(path))}"] * is_wrong
    assert all("motdepasse" not in one.fact for one in wrong)
