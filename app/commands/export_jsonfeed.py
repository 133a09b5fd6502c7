"""`vigie export jsonfeed`: articles as a feed in JSON."""

from pathlib import Path

import click

from app.exporting.writing import TAKES_QUERY, asked_query, export_query, query_argument, to_option
from app.workplace import Workplace, utc_now


@click.command("jsonfeed", context_settings=TAKES_QUERY)
@query_argument
@to_option
@click.pass_obj
def command(workplace: Workplace, query: tuple[str, ...], to: Path | None) -> None:
    """Write the articles that answer QUERY as a JSON Feed, all that is held without one.

    The newest comes first, each with its whole text and the SHA-256 of what was captured. An
    article keeps its id wherever and whenever the feed is made.

    \b
    Examples:
      vigie export jsonfeed is:relevant date:P30D --to public/affair.json
      vigie export jsonfeed | jq -r '.items[].title'
    """
    from app.exporting.feeds import FeedFacts, write_json_feed

    facts = FeedFacts(
        affair=workplace.config().affair.name, asked=asked_query(query), made_at=utc_now()
    )
    export_query(workplace, query, to, lambda articles, out: write_json_feed(articles, facts, out))
