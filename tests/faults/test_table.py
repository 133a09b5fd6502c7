"""The table of faults is whole, and the tests it names exist."""

import re
from collections import Counter
from pathlib import Path

import pytest

FAULTS = Path(__file__).parent
TESTS = FAULTS.parent
README = (FAULTS / "README.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (\d+) \| ([a-z ]+) \| (.*) \| (.*) \|$", README, re.MULTILINE)
NAMED = sorted(set(re.findall(r"`([\w/]+\.py)::(test_\w+)`", README)))


def names_of(file: Path) -> set[str]:
    """Return the tests of a file."""
    return set(re.findall(r"^(?:async )?def (test_\w+)", file.read_text("utf-8"), re.MULTILINE))


def test_every_fault_stands_in_the_table_once() -> None:
    assert [int(number) for number, *_ in ROWS] == list(range(1, 100))


def test_a_fault_is_survived_only_where_a_test_shows_it() -> None:
    for number, state, shown, missing in ROWS:
        assert state in ("survived", "partly", "not yet"), number
        assert ("::test_" in shown) == (state != "not yet"), number
        assert missing.strip() or state == "survived", number


def test_the_count_is_the_tables() -> None:
    states = Counter(state for _, state, *_ in ROWS)
    told = re.findall(r"(\d+) (survived|partly|not yet)", README)
    assert {state: int(number) for number, state in told} == dict(states)


@pytest.mark.parametrize("file", sorted({file for file, _ in NAMED}))
def test_every_test_that_the_table_names_exists(file: str) -> None:
    named = {name for where, name in NAMED if where == file}
    assert named - names_of(TESTS / file) == set()


def test_every_test_of_a_fault_stands_in_the_table_under_its_number() -> None:
    shown = {int(number): tests for number, _, tests, _ in ROWS}
    for file in sorted(TESTS.rglob("test_*.py")):
        for name in names_of(file):
            numbers = re.match(r"test_fault_((?:\d+_)+)", name)
            for number in re.findall(r"\d+", numbers[1]) if numbers else ():
                assert f"::{name}`" in shown[int(number)], name
