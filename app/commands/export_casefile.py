"""`vigie export casefile`: articles and their events as one page to read, hand over and print."""

from pathlib import Path

import click

from app.exporting.events import lang_option
from app.exporting.writing import TAKES_QUERY, query_argument, to_option
from app.workplace import Workplace


@click.command("casefile", context_settings=TAKES_QUERY)
@query_argument
@to_option
@lang_option
@click.option("--full", "is_full", is_flag=True, help="With the articles' whole texts.")
@click.pass_obj
def command(
    workplace: Workplace,
    query: tuple[str, ...],
    to: Path | None,
    language: str | None,
    *,
    is_full: bool,
) -> None:
    """Write the articles that answer QUERY, and their events, as one HTML page for a person.

    It holds what was asked, a timeline whose sentences cite the numbered articles, each article
    with its versions and hashes, a bibliography, and how to check it all. Printed, it has pages
    with numbers. Your stars, tags and notes are not in it.

    \b
    Examples:
      vigie export casefile tag:recours --to recours.html
      vigie export casefile entity:CNIL date:2023 --full --lang en --to cnil.html
    """
    from app.exporting.casefile_making import export_casefile

    export_casefile(workplace, query, to, language, is_full=is_full)
