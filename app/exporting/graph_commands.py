"""The commands that export a graph, which differ in its format alone.

It imports no library of graphs before one is called.
"""

from pathlib import Path

import click

from app.exporting.writing import TAKES_QUERY, query_argument, to_option
from app.workplace import Workplace

HELP = """Write who is named together in the articles that answer QUERY, as {spelt}.

A name is a node with its kind, how many articles name it and from when to when; an article
that names two of them joins them, and the weight of an edge is the number of such articles.

\b
Examples:
  vigie export {name} is:relevant --to affair.{name}
  vigie export {name} entity:CNIL date:2023 --least 3 --to cnil.{name}
"""


def graph_command(name: str, spelt: str) -> click.Command:
    """Return the command that exports a graph in a format of `app.exporting.graphs.WRITERS`."""

    @click.command(name, help=HELP.format(name=name, spelt=spelt), context_settings=TAKES_QUERY)
    @query_argument
    @to_option
    @click.option(
        "--least",
        type=click.IntRange(1),
        default=1,
        show_default=True,
        metavar="N",
        help="Only what at least N of the articles name.",
    )
    @click.pass_obj
    def command(workplace: Workplace, query: tuple[str, ...], to: Path | None, least: int) -> None:
        from app.exporting.graphs import WRITERS, export_graph

        export_graph(workplace, query, to, least, WRITERS[name])

    return command
