"""`vigie export graphml`: who and what is named together, as GraphML."""

from pathlib import Path

import click

from app.exporting import TAKES_QUERY, query_argument, to_option
from app.workplace import Workplace


@click.command("graphml", context_settings=TAKES_QUERY)
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
    """Write who is named together in the articles that answer QUERY, as GraphML.

    A name is a node with its kind, how many articles name it and from when to when; an article
    that names two of them joins them, and the weight of an edge is the number of such articles.

    \b
    Examples:
      vigie export graphml is:relevant --to affair.graphml
      vigie export graphml entity:CNIL date:2023 --least 3 --to cnil.graphml
    """
    from app.exporting_graphs import export_graph, write_graphml

    export_graph(workplace, query, to, least, write_graphml)
