"""`vigie export jsonl`: articles as lines of JSON."""

from pathlib import Path

import click

from app.exporting.writing import TAKES_QUERY, export_query, query_argument, to_option
from app.workplace import Workplace


@click.command("jsonl", context_settings=TAKES_QUERY)
@query_argument
@to_option
@click.pass_obj
def command(workplace: Workplace, query: tuple[str, ...], to: Path | None) -> None:
    """Write the articles that answer QUERY as lines of JSON, all that is held without one.

    Each line holds one article as it stands today with all that belongs to it, exactly; the
    newest comes first. `vigie import` reads the file into another store.

    \b
    Examples:
      vigie export jsonl --to all.jsonl
      vigie export jsonl is:relevant date:2023 | jq -r .title
    """
    from app.exporting.tables import write_jsonl

    export_query(workplace, query, to, write_jsonl)
