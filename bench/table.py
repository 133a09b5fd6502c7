"""The bench's rows as a table: one a stage, what is absent in one line above it.

It measures nothing.
"""

from collections.abc import Sequence
from math import isnan

import click

from app.output import print_table
from bench.rows import Row

COLUMNS = ("set", "measure", "vigie", "beside", "its value", "ratio")


def print_stage(name: str, rows: Sequence[Row], absent: Sequence[str], folder: str) -> None:
    """Print what was measured in one stage, and what was not because it is not there."""
    click.echo()
    if absent:
        click.echo(absence(name, absent, folder))
    if rows:
        print_table(name, COLUMNS, [cells(row) for row in rows])


def absence(stage: str, absent: Sequence[str], folder: str) -> str:
    """Return the sentence that names what is absent."""
    return f"{stage}: absent from {folder}, not measured: {', '.join(absent)}"


def cells(row: Row) -> tuple[str, ...]:
    """Return one row as it is printed."""
    return (
        row.set,
        row.measure,
        spelt(row.vigie),
        row.peer,
        spelt(row.peer_value),
        f"×{spelt(row.ratio)}{' loses' if row.loses else ''}",
    )


def spelt(value: float) -> str:
    """Return a number with three significant digits, whole from a hundred on; a dash for none."""
    if isnan(value):
        return "–"
    if abs(value) >= 99.95:
        return f"{value:,.0f}"
    decimals = 1 if abs(value) >= 9.995 else 2 if abs(value) >= 0.9995 else 3
    return f"{value:.{decimals}f}"
