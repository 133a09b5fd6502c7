"""What `vigie doctor` finds wrong, and what it says to do."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.health import Finding, Level, examine
from app.workplace import Workplace

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


def test_a_clock_before_the_data_is_named(tmp_path: Path) -> None:
    before = datetime(2001, 1, 1, tzinfo=UTC)
    assert findings(tmp_path, AFFAIR, before)["clock"][0].level is Level.BAD


def test_sources_that_nobody_saw_answer_are_counted(tmp_path: Path) -> None:
    sources = '[[sources]]\nurl = "https://a.example/f"\nchecked = false\n'
    assert "1 of 1" in findings(tmp_path, AFFAIR + sources)["sources"][0].fact
