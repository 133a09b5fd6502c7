"""What `vigie doctor` finds wrong, and what it says to do."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.health import Finding, Level, examine
from app.workplace import Workplace
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
    assert loose.remedy == f"chmod 600 '{data / 'vigie.db'}'"


def fill(data: Path) -> None:
    """Keep one imported article in a data folder."""
    with open_store(data) as store:
        keep(store, raw=b"x")


DATABASES = [
    ("none", Level.GOOD, "will be made by the first run"),
    ("ours", Level.GOOD, "1 articles, 1 captures, last pass none yet"),
    ("gone", Level.BAD, "is missing although imports were kept"),
    ("emptied", Level.BAD, "is empty although imports were kept"),
    ("random", Level.BAD, "is damaged"),
    ("half", Level.BAD, "is damaged"),
    ("another's", Level.BAD, "is another program's database"),
    ("newer", Level.BAD, "has schema 9"),
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
    statements = {"another's": "CREATE TABLE theirs (x)", "newer": "PRAGMA user_version = 9"}
    if what in statements:
        connection = sqlite3.connect(file)
        connection.execute(statements[what])
        connection.close()


def test_a_clock_before_the_data_is_named(tmp_path: Path) -> None:
    before = datetime(2001, 1, 1, tzinfo=UTC)
    assert findings(tmp_path, AFFAIR, before)["clock"][0].level is Level.BAD


def test_sources_that_nobody_saw_answer_are_counted(tmp_path: Path) -> None:
    sources = '[[sources]]\nurl = "https://a.example/f"\nchecked = false\n'
    assert "1 of 1" in findings(tmp_path, AFFAIR + sources)["sources"][0].fact
