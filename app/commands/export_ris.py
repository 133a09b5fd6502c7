"""`vigie export ris`: articles as a bibliography in RIS."""

from pathlib import Path

import click

from app.exporting.writing import TAKES_QUERY, export_query, query_argument, to_option
from app.workplace import Workplace


@click.command("ris", context_settings=TAKES_QUERY)
@query_argument
@to_option
@click.pass_obj
def command(workplace: Workplace, query: tuple[str, ...], to: Path | None) -> None:
    """Write the articles that answer QUERY as RIS records, all that is held without one.

    For Zotero, EndNote, Mendeley and their like. Each record says the outlet, the authors, the
    date, the address, when it was captured and the SHA-256 of what was.

    \b
    Examples:
      vigie export ris is:relevant --to affair.ris
      vigie export ris is:starred --to cited.ris
    """
    from app.exporting.bibliographies import write_ris

    export_query(workplace, query, to, write_ris)
