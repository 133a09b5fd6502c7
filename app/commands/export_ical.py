"""`vigie export ical`: events as a calendar."""

from pathlib import Path

import click

from app.exporting.events import export_events, lang_option
from app.exporting.writing import TAKES_QUERY, query_argument, to_option
from app.workplace import Workplace


@click.command("ical", context_settings=TAKES_QUERY)
@query_argument
@to_option
@lang_option
@click.pass_obj
def command(
    workplace: Workplace, query: tuple[str, ...], to: Path | None, language: str | None
) -> None:
    """Write the events that answer QUERY as a calendar, all of them without one.

    QUERY is asked as `vigie timeline --query` asks it. Each event takes the days on which it may
    have happened, says in words how exactly they are known, and cites the passages that tell it.
    Taken in again, it replaces what it was before.

    \b
    Examples:
      vigie export ical --to affair.ics
      vigie export ical event:2026 --lang fr --to deadlines.ics
    """
    from app.exporting.ical import write_ical

    export_events(workplace, query, to, language, write_ical)
