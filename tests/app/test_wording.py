"""What people read: no plural beside a number of one, no help wider than a terminal."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import COMMANDS, vigie

ROOT = Path(__file__).resolve().parents[2]
SPOKEN = ("app", "digest", "web", "store", "crawler")
NOUNS = (
    "articles captures changes characters copies developments digests documents entities entries"
    " errors events facts files finds leads lists mentions packages pages passes records sites"
    " sources stories stamps texts versions words bytes changements faits sites textes"
).split()
_NUMBER = r"\{(?![A-Z_]+(?::,)?\})[^{}]*\}\}?"
"""A number in a sentence or a template; a name in capitals is a limit, and never one."""

COUNTED = re.compile(rf"{_NUMBER} (?:[a-zé]+ )?(?:{'|'.join(NOUNS)})\b")
MEANT = (
    "new entries at once",  # more than fifty
    "of {len(fresh)} new entries are",  # ten or more
    "it announces {answer.content_length} bytes",  # more than the limit
    "its answer has {len(response.body)} bytes",
    "one.capture.length }} bytes of the file",
    "{host} leads to",
    "{+new+} mark words",
)
"""What no number of one ever stands beside, and what is no number."""


def spoken_files() -> list[Path]:
    """Return the code and the templates that speak to people."""
    return sorted(
        path
        for folder in SPOKEN
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".py", ".html", ".txt")
    )


def test_no_sentence_writes_a_plural_beside_a_number_that_may_be_one() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in spoken_files()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if COUNTED.search(line) and not any(meant in line for meant in MEANT)
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    ['f"{found.articles} articles"', "{{ n }} sources suivies", 'f"{new} new entries"'],
)
def test_such_a_sentence_would_be_found(line: str) -> None:
    assert COUNTED.search(line)


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_fits_a_terminal_of_80_columns(command: str) -> None:
    shown = CliRunner().invoke(vigie, [*command.split(), "--help"], terminal_width=80)
    assert shown.exit_code == 0, shown.output
    assert [line for line in shown.output.splitlines() if len(line) > 80] == []
