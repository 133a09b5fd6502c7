"""How commands print: nothing wider than the terminal but addresses, which stay whole."""

import io
import re
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from datetime import date

import pytest

from app.asking import Between
from app.bucketing import Size
from app.histograms import make_histogram, print_histogram
from app.output import note, print_hanging, print_sentence, print_table
from app.timelines import Begun, By

URL = f"https://gazette.example/{'une-adresse-' * 8}longue.html"
LONG = "un titre assez long pour ne pas tenir sur une seule ligne d'un terminal de 80 colonnes"

Show = Callable[..., str]
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class Terminal(io.StringIO):
    """A terminal that keeps what is printed."""

    def isatty(self) -> bool:
        return True


def printed(screen: io.StringIO, say: Callable[..., None], *what: object) -> str:
    """Return what is printed on a screen, without colours."""
    with redirect_stdout(screen), redirect_stderr(screen):
        say(*what)
    return _COLOUR.sub("", screen.getvalue())


@pytest.fixture
def on_terminal(monkeypatch: pytest.MonkeyPatch) -> Show:
    """Return what gives what is printed on a terminal of 80 columns."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "dumb")
    return lambda say, *what: printed(Terminal(), say, *what)


def in_pipe(say: Callable[..., None], *what: object) -> str:
    """Return what is printed in a pipe."""
    return printed(io.StringIO(), say, *what)


def wide(text: str) -> list[str]:
    """Return the lines that a terminal of 80 columns breaks, those of an address apart."""
    return [line for line in text.splitlines() if len(line) > 80 and "https://" not in line]


@pytest.mark.parametrize("say", [note, print_sentence], ids=["a note", "a result"])
def test_sentences_break_at_words_on_a_terminal_and_nowhere_in_a_pipe(on_terminal, say) -> None:
    sentence = f"vigie: {URL}: {LONG}, {LONG}"
    told = on_terminal(say, sentence)
    assert wide(told) == []
    assert f"{URL}:\n" in told
    assert not told.startswith("vigie:\n")
    assert in_pipe(say, sentence) == f"{sentence}\n"


def test_a_table_without_room_for_its_last_column_puts_it_below(on_terminal) -> None:
    columns = ("id", "date", "site", "article")
    rows = [
        ("7", "2023-11-21 (future)", "quotidien.example", f"{LONG}\n{URL}"),
        ("12", "2024", "b.example", "un titre court"),
    ]
    told = on_terminal(print_table, "2 articles", columns, rows)
    assert wide(told) == []
    assert f"\n    {URL}\n" in told
    _, *heads = [line for line in told.splitlines() if line and line[0] != " "]
    sites = zip(heads, ("site", "quotidien", "b.example"), strict=True)
    assert len({line.index(site) for line, site in sites}) == 1
    assert f"quotidien.example  {LONG}" in in_pipe(print_table, "2 articles", columns, rows)


def test_on_forty_columns_too(on_terminal, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    columns = ("id", "date", "site", "article")
    rows = [("7", "2023-11-21 (future)", "courrier-national.example", LONG)]
    told = on_terminal(print_table, "1 article", columns, rows)
    assert [line for line in told.splitlines() if len(line) > 40] == []
    assert "courrier-national.example" in told
    assert "un titre assez long pour ne pas" in told


def test_a_table_with_room_stays_one(on_terminal) -> None:
    told = on_terminal(print_table, "2 sites", ("id", "site"), [("1", LONG), ("2", "b.example")])
    assert "──" in told
    assert wide(told) == []


def test_what_hangs_stays_behind_its_start(on_terminal) -> None:
    told = on_terminal(print_hanging, "WRONG  data  ", f"{LONG} {LONG}")
    first, *others = told.splitlines()
    assert first.startswith("WRONG  data  un titre")
    assert others
    assert {line[:13].strip() for line in others} == {""}
    assert wide(told) == []


@pytest.mark.parametrize("columns", ["30", "40", "80"])
def test_bars_end_where_the_terminal_does(on_terminal, monkeypatch, columns) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    days: list[tuple[date, int, dict[str, int]]] = [
        (date(2023, 11, 1), 1_234, {}), (date(2023, 12, 1), 1, {}),
    ]  # fmt: skip
    histogram = make_histogram(
        Begun(days=days), Size.MONTH, by=By.SEEN, days=Between(None, None), timezone="UTC"
    )
    bars = [line for line in on_terminal(print_histogram, histogram).splitlines() if "█" in line]
    assert len(bars) == 2
    assert max(map(len, bars)) <= int(columns)
    assert bars[0].count("█") > bars[1].count("█") == 1
