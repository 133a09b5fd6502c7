"""`vigie export bibtex`: articles as a bibliography in BibTeX."""

from pathlib import Path

import click

from app.exporting.writing import TAKES_QUERY, export_query, query_argument, to_option
from app.workplace import Workplace


@click.command("bibtex", context_settings=TAKES_QUERY)
@query_argument
@to_option
@click.pass_obj
def command(workplace: Workplace, query: tuple[str, ...], to: Path | None) -> None:
    """Write the articles that answer QUERY as BibTeX entries, all that is held without one.

    For LaTeX, with the fields of biblatex. Each entry says the outlet, the authors, the date, the
    address, when it was captured and the SHA-256 of what was; its key never changes.

    \b
    Examples:
      vigie export bibtex is:relevant --to affair.bib
      vigie export bibtex is:starred --to cited.bib
    """
    from app.exporting.bibliographies import write_bibtex

    export_query(workplace, query, to, write_bibtex)
