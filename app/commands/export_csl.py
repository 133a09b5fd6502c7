"""`vigie export csl`: articles as a bibliography in CSL-JSON."""

from pathlib import Path

import click

from app.exporting.writing import TAKES_QUERY, export_query, query_argument, to_option
from app.workplace import Workplace


@click.command("csl", context_settings=TAKES_QUERY)
@query_argument
@to_option
@click.pass_obj
def command(workplace: Workplace, query: tuple[str, ...], to: Path | None) -> None:
    """Write the articles that answer QUERY as CSL-JSON, all that is held without one.

    For Zotero, pandoc and all that cites with CSL styles. Each item says the outlet, the authors,
    the date, the address, when it was captured and the SHA-256 of what was.

    \b
    Examples:
      vigie export csl is:relevant --to affair.json
      vigie export csl is:starred --to cited.json
    """
    from app.exporting.bibliographies import write_csl

    export_query(workplace, query, to, write_csl)
