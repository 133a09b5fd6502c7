"""`vigie export csv`: articles as a table for spreadsheets and statistics."""

from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

import click

from app.exporting.writing import TAKES_QUERY, export_query, query_argument, to_option
from app.output import note
from app.workplace import Workplace
from model.plurals import count
from store.exports import Exported


@click.command("csv", context_settings=TAKES_QUERY)
@query_argument
@to_option
@click.option("--excel", is_flag=True, help="Write what Excel opens, as it is set up in France.")
@click.pass_obj
def command(workplace: Workplace, query: tuple[str, ...], to: Path | None, *, excel: bool) -> None:
    """Write the articles that answer QUERY as CSV, all that is held without one.

    One row an article, the newest first; times are UTC. Where a text could be taken for a
    formula an apostrophe stands before it; `vigie export jsonl` is exact.

    \b
    Examples:
      vigie export csv --to all.csv
      vigie export csv is:relevant date:2023-11 --excel --to novembre.csv
    """
    from app.exporting.tables import EXCEL_CELL, Table

    cut = 0

    def write(articles: Iterable[Exported], out: BinaryIO) -> None:
        nonlocal cut
        table = Table(out, is_for_excel=excel)
        for article in articles:
            table.write(article)
        cut = table.cut

    export_query(workplace, query, to, write)
    if cut:
        cells = f"{count(cut, 'cell')} {'was' if cut == 1 else 'were'}"
        note(f"{cells} cut at {EXCEL_CELL} characters, the most that Excel holds in one.")
