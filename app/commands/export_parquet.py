"""`vigie export parquet`: articles as a table for statistics over many of them."""

from pathlib import Path

import click

from app.exporting.writing import (
    TAKES_QUERY,
    export_query,
    query_argument,
    refuse_terminal,
    to_option,
)
from app.workplace import Workplace


@click.command("parquet", context_settings=TAKES_QUERY)
@query_argument
@to_option
@click.pass_obj
def command(workplace: Workplace, query: tuple[str, ...], to: Path | None) -> None:
    """Write the articles that answer QUERY as Parquet, all that is held without one.

    For DuckDB, pandas, R and their like: typed and compressed, with the names and values of
    `vigie export jsonl`.

    \b
    Examples:
      vigie export parquet --to all.parquet
      vigie export parquet is:relevant --to affair.parquet
    """
    from app.exporting.parquet import write_parquet

    refuse_terminal(to, "vigie export parquet")
    export_query(workplace, query, to, write_parquet)
