"""`vigie export timelinejs`: events as TimelineJS shows them."""

from pathlib import Path

import click

from app.exporting.events import export_events, lang_option
from app.exporting.writing import TAKES_QUERY, query_argument, to_option
from app.workplace import Workplace


@click.command("timelinejs", context_settings=TAKES_QUERY)
@query_argument
@to_option
@lang_option
@click.pass_obj
def command(
    workplace: Workplace, query: tuple[str, ...], to: Path | None, language: str | None
) -> None:
    """Write the events that answer QUERY for TimelineJS 3, all of them without one.

    QUERY is asked as `vigie timeline --query` asks it. Each event is a slide whose text is the
    passages that tell it, with links to their pages; dates are as exact as they are known.

    \b
    Examples:
      vigie export timelinejs --to affair.json
      vigie export timelinejs entity:CNIL --lang en --to cnil.json
    """
    from app.exporting.timelinejs import write_timelinejs

    export_events(workplace, query, to, language, write_timelinejs)
