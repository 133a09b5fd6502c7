"""The rows of search as one table a corpus: a kind of query a line, an engine a column.

It measures nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from math import isnan

import click

from app.output import print_table
from bench.rows import Row
from bench.table import spelt

TIMES = ("p50", "p95", "max")
CHEAPEST = "p95"
"""The quantile by which a kind of query is lost or not."""

SAME = ", same answer of "
HEARD = ", asked of "


def print_side_by_side(rows: Sequence[Row]) -> None:
    """Print a table for each set, and how many answers were the same."""
    for name in dict.fromkeys(row.set for row in rows):
        ours = [row for row in rows if row.set == name]
        click.echo()
        peers = list(dict.fromkeys(row.peer for row in ours))
        title = f"search, {name}: ms {' / '.join(TIMES)}"
        print_table(title, ("what", "vigie", *peers, "vigie loses to"), list(_lines(ours, peers)))
        for sentence in (*_sameness(ours, peers), *_unasked(ours, peers)):
            click.echo(sentence)


def _lines(rows: Sequence[Row], peers: Sequence[str]) -> Iterator[tuple[str, ...]]:
    timed = [row for row in rows if ", ms " in row.measure]
    for kind in dict.fromkeys(row.measure.rpartition(", ms ")[0] for row in timed):
        measures = [f"{kind}, ms {time}" for time in TIMES]
        yield _line(kind, timed, measures, f"{kind}, ms {CHEAPEST}", peers)
    others = [
        row for row in rows if not any(sign in row.measure for sign in (", ms ", SAME, HEARD))
    ]
    for measure in dict.fromkeys(row.measure for row in others):
        yield _line(measure, others, [measure], measure, peers)


def _line(
    name: str, rows: Sequence[Row], measures: Sequence[str], judged: str, peers: Sequence[str]
) -> tuple[str, ...]:
    found = {(row.measure, row.peer): row for row in rows}
    first = {row.measure: row.vigie for row in rows}
    cells = [" / ".join(spelt(first[measure]) for measure in measures)]
    for peer in peers:
        values = [found[m, peer].peer_value for m in measures if (m, peer) in found]
        told = [spelt(value) for value in values if not isnan(value)]
        cells.append(" / ".join(told) or "–")
    losses = [peer for peer in peers if (judged, peer) in found and found[judged, peer].loses]
    return (name, *cells, ", ".join(losses))


def _sameness(rows: Iterable[Row], peers: Sequence[str]) -> Iterator[str]:
    compared = [row for row in rows if SAME in row.measure]
    for peer in peers:
        told = [
            f"{row.measure.partition(SAME)[0]} {row.peer_value:.0f}"
            for row in compared
            if row.peer == peer
        ]
        asked = {int(row.vigie) for row in compared}
        if told:
            yield f"same answer as {peer}, of {max(asked)}: {'; '.join(told)}"


def _unasked(rows: Iterable[Row], peers: Sequence[str]) -> Iterator[str]:
    fewer = [row for row in rows if HEARD in row.measure and row.peer_value < row.vigie]
    for peer in peers:
        told = [
            f"{row.measure.partition(HEARD)[0]} {row.peer_value:.0f} of {row.vigie:.0f}"
            for row in fewer
            if row.peer == peer
        ]
        if told:
            yield f"{peer} took too long to be asked all: {'; '.join(told)}"
