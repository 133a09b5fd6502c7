"""How commands print: tables on a terminal, plain lines in a pipe, JSON when asked.

It decides nothing about what is printed.
"""

import re
import shutil
import sys
import textwrap
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TextIO
from zoneinfo import ZoneInfo

import click
import msgspec

from model.errors import QueryError
from model.visible import visible

if TYPE_CHECKING:
    from rich.table import Table

PIPE_WIDTH = 200
WIDEST = 100
PADDING = 3
LEAST_ROOM = 44
MOST_TAKEN = 66
"""The columns before the last one may take so many, and still be the head of what is below them."""


def print_json(value: object) -> None:
    """Print one value as indented JSON on standard output."""
    encoded = msgspec.json.format(msgspec.json.encode(value), indent=2)
    click.echo(encoded.decode("utf-8"))


def print_json_line(value: object) -> None:
    """Print one value as one line of JSON."""
    click.echo(msgspec.json.encode(value).decode("utf-8"))


def note(text: str) -> None:
    """Say something to the person, on standard error, with its control characters visible."""
    click.echo(_fitted(printable(text), sys.stderr), err=True)


def note_place(reason: str, error: QueryError) -> None:
    """Say what is wrong with a query, on standard error, with a mark under the place."""
    note(reason)
    for line in error.pointed((_width() if sys.stderr.isatty() else WIDEST) - 2):
        click.echo(f"  {line}", err=True)


def print_sentence(text: str) -> None:
    """Print a result in words, broken at words on a terminal and on one line in a pipe."""
    click.echo(_fitted(printable(text), sys.stdout))


def _fitted(text: str, stream: TextIO) -> str:
    """Return text whose lines a terminal need not break within words; addresses stay whole."""
    if not stream.isatty():
        return text
    # a no-break space: the program's name never stands alone before a long address
    text = re.sub(r"^vigie: ", "vigie:\u00a0", text)
    return "\n".join(
        textwrap.fill(
            line,
            _width(),
            subsequent_indent="  ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        for line in text.split("\n")
    )


def printable(text: str) -> str:
    """Return `text` with its control and direction characters made visible.

    What sites publish is hostile: an escape sequence in a headline must not drive a terminal,
    nor a U+202E turn it round.
    """
    return "".join("\n" if character == "\n" else visible(character) for character in text)


def heading(text: str) -> None:
    """Print a heading: bold on a terminal, underlined in a pipe."""
    click.echo()
    if sys.stdout.isatty():
        click.secho(text, bold=True, fg="cyan")
    else:
        click.echo(f"{text}\n{'-' * len(text)}")


def print_wrapped(text: str) -> None:
    """Print a paragraph, broken at words to the width of the terminal."""
    click.echo("\n".join(textwrap.wrap(text, _width(), subsequent_indent="  ")))


def print_block(head: str, lines: Sequence[str]) -> None:
    """Print a line and what belongs to it below, indented and broken at words on a terminal."""
    width = _width() if sys.stdout.isatty() else PIPE_WIDTH
    click.secho(_fitted(printable(head), sys.stdout), bold=sys.stdout.isatty())
    for line in lines:
        for piece in textwrap.wrap(
            printable(line),
            width - 4,
            subsequent_indent="  ",
            break_long_words=False,
            break_on_hyphens=False,
        ):
            click.echo(f"    {piece}")


def print_hanging(start: str, text: str) -> None:
    """Print text behind a start, below which its further lines stay indented on a terminal."""
    line = start + printable(text)
    if sys.stdout.isatty():
        line = textwrap.fill(
            line,
            _width(),
            subsequent_indent=" " * len(start),
            break_long_words=False,
            break_on_hyphens=False,
        )
    click.echo(line)


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under their columns: a table on a terminal, aligned text in a pipe.

    Where a terminal leaves the last column too little room, it stands below the others.
    """
    if sys.stdout.isatty() and _is_cramped(columns, rows):
        _print_stacked(title, columns, rows)
    else:
        _print_columns(title, columns, rows)


def _is_cramped(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    others = _widths(columns, rows)[:-1]
    taken = sum(others) + PADDING * len(others)
    room = _width() - taken
    lasts = (max(map(len, row[-1].split("\n"))) for row in rows)
    are_wide = 2 * sum(last > room for last in lasts) >= len(rows)
    return bool(rows) and taken <= MOST_TAKEN and room < LEAST_ROOM and are_wide


def _widths(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    return [
        max((len(line) for cell in cells for line in cell.split("\n")), default=0)
        for cells in zip(columns, *rows, strict=True)
    ]


def _print_stacked(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print each row in two: all its cells but the last, then that one indented and whole."""
    widths = _widths(columns, rows)[:-1]
    if title:
        click.secho(title, bold=True)
    for number, row in enumerate((columns, *rows)):
        pairs = zip(row[:-1], widths, strict=True)
        head = (" " * PADDING).join(cell.ljust(width) for cell, width in pairs)
        click.echo()
        print_block(head.rstrip(), row[-1].split("\n") if number else [f"{row[-1]}:"])
    click.echo()


def text_width() -> int:
    """Return how wide a text is printed: as a terminal is, or 100 columns in a pipe."""
    return _width() if sys.stdout.isatty() else WIDEST


def _width() -> int:
    """Return how many columns of a terminal are used."""
    return min(shutil.get_terminal_size().columns, WIDEST)


def _print_columns(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    is_terminal = sys.stdout.isatty()
    table = Table(
        title=title if is_terminal else None,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD if is_terminal else None,
        pad_edge=False,
        header_style="bold",
    )
    for index, column in enumerate(columns):
        table.add_column(column, overflow="fold", style="cyan" if index == 0 else None)
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    _print_rich(table, is_terminal=is_terminal, title=title)


def _print_rich(table: "Table", *, is_terminal: bool, title: str) -> None:
    """Print a table; in a pipe without colour, nor spaces at the ends of lines."""
    from rich.console import Console

    if is_terminal:
        Console(highlight=False).print(table)
        return
    console = Console(width=PIPE_WIDTH, color_system=None, highlight=False)
    with console.capture() as captured:
        console.print(table)
    lines = [line.rstrip() for line in captured.get().splitlines()]
    click.echo("\n".join([title, *lines] if title else lines))


def local_time(moment: datetime | None, timezone: str) -> str:
    """Return a moment as `2023-11-21 18:04` in the affair's time zone, `-` for none."""
    if moment is None:
        return "-"
    return moment.astimezone(ZoneInfo(timezone)).strftime("%Y-%m-%d %H:%M")


def short(text: str, length: int) -> str:
    """Return `text` on one line, cut at a word to at most `length` characters."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    return line[: length - 1].rsplit(" ", 1)[0] + "…"
