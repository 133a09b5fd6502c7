"""Fault 86: what a spreadsheet would run."""

import csv
import io
import json

import pytest

from app.cli import main
from store import open_store
from tests.faults.running import write_config
from tests.store.makers import keep, make_reading

OPENINGS = {
    "equals": "=",
    "plus": "+",
    "minus": "-",
    "at": "@",
    "tab": "\t",
    "CR": "\r",
    "LF": "\n",
    "wide equals": "＝",  # noqa: RUF001
    "wide plus": "＋",  # noqa: RUF001
    "wide minus": "－",  # noqa: RUF001
    "wide at": "＠",  # noqa: RUF001
    "behind a blank": "\u00a0 =",
    "behind what is not seen": "\u200b\u202e\x00=",
    "behind a quote": '"=',
    "behind an apostrophe": "'=",
}
CALL = "2+5+cmd|' /C calc'!A0"


def exported(folder, name, capfdbinary):
    with pytest.raises(SystemExit) as left:
        main(args=["--config", str(folder / "config.toml"), "export", name])
    assert left.value.code == 0
    return capfdbinary.readouterr()[0].decode()


@pytest.mark.parametrize("opening", OPENINGS.values(), ids=OPENINGS)
def test_fault_86_no_cell_of_a_table_is_a_formula(opening, tmp_path, capfdbinary):
    write_config(tmp_path)
    text = f"{opening}{CALL}"
    inside = f"Bonjour;{opening}{CALL}\n{opening}{CALL}"
    with open_store(tmp_path / "data") as store:
        keep(store, make_reading(title=text, text=inside, authors=(text,), summary=text))
    held = exported(tmp_path, "csv", capfdbinary)
    (row,) = csv.DictReader(io.StringIO(held, newline=""))
    for name in ("title", "authors", "summary"):
        assert row[name].startswith("'"), name
        assert row[name].replace("'", "") == text.replace("'", "").replace("\x00", "\ufffd")
    # what a spreadsheet set up for semicolons would take for cells and rows
    for piece in row["text"].replace("\r", "\n").replace("\t", "\n").replace(";", "\n").split("\n"):
        assert not piece.strip('" \u00a0\u200b\u202e\ufffd').startswith(tuple("=+-@＝＋－＠"))  # noqa: RUF001
    (line,) = exported(tmp_path, "jsonl", capfdbinary).splitlines()
    told = json.loads(line)
    assert (told["title"], told["text"], told["authors"]) == (text, inside, [text])


def test_fault_86_numbers_and_flags_are_left_alone(tmp_path, capfdbinary):
    write_config(tmp_path)
    with open_store(tmp_path / "data") as store:
        keep(store)
    (row,) = csv.DictReader(io.StringIO(exported(tmp_path, "csv", capfdbinary), newline=""))
    assert (row["article"], row["version"], row["relevant"]) == ("1", "1", "true")
    assert row["first_seen_at"] == "2023-11-21T12:00:00Z"
    assert "'" not in "".join(row.values())
