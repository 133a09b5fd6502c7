"""`vigie export atom`: articles as a feed for feed readers."""

from pathlib import Path

import click

from app.exporting.writing import TAKES_QUERY, asked_query, export_query, query_argument, to_option
from app.workplace import Workplace, utc_now


@click.command("atom", context_settings=TAKES_QUERY)
@query_argument
@to_option
@click.pass_obj
def command(workplace: Workplace, query: tuple[str, ...], to: Path | None) -> None:
    """Write the articles that answer QUERY as an Atom feed, all that is held without one.

    The newest comes first, each with its whole text. An article keeps its id wherever and whenever
    the feed is made, so that no reader shows it twice.

    \b
    Examples:
      vigie export atom is:relevant date:P30D --to public/affair.atom
      vigie export atom entity:CNIL --to cnil.atom
    """
    from app.exporting.feeds import FeedFacts, write_atom

    facts = FeedFacts(
        affair=workplace.config().affair.name, asked=asked_query(query), made_at=utc_now()
    )
    export_query(workplace, query, to, lambda articles, out: write_atom(articles, facts, out))
