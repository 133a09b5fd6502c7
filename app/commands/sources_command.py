"""`vigie sources`: what is polled, how it goes and why."""

from collections import Counter
from collections.abc import Sequence

import click

from app.asking import Held, has_database, opened
from app.config_file import source_key_or_same
from app.output import local_time, note, print_block, print_json, print_sentence, print_table
from app.source_lines import (
    Standing,
    as_configured,
    say_head,
    say_lines,
    say_standings,
    source_facts,
    standing_of,
)
from app.workplace import Workplace, utc_now
from model.config import Config
from model.errors import ConfigError
from model.plurals import count
from model.secrets import hide_secrets
from store.records import SourceReport


@click.command("sources")
@click.option("--silent", is_flag=True, help="Only those silent for longer than their own rhythm.")
@click.option("--failing", is_flag=True, help="Only those that did not answer well.")
@click.option("--leads", is_flag=True, help="Known addresses that nothing has captured yet.")
@click.option("--accept", metavar="URL", help="Settle what is to be looked at about a source.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(
    workplace: Workplace,
    *,
    silent: bool,
    failing: bool,
    leads: bool,
    accept: str | None,
    as_json: bool,
) -> None:
    """List what is polled: how it goes and why, what it brought, when it is asked again.

    What needs a look stands first: sources that fail, that are silent for longer than their own
    rhythm, or that have moved, gone or changed hands. A lead is an address that an imported
    record names and that is not captured yet.

    \b
    Examples:
      vigie sources
      vigie sources --silent
      vigie sources --failing --json
      vigie sources --accept https://paper.example/feed.xml
      vigie sources --leads
    """
    if accept is not None:
        _accept(workplace, accept)
        return
    wanted = {
        kind for kind, asked in ((Standing.SILENT, silent), (Standing.FAILING, failing)) if asked
    }
    if leads:
        with opened(workplace) as held:
            _show_leads(held, as_json=as_json)
        return
    config = workplace.config()
    reports = [one for one in _reports(workplace, config) if _is_wanted(one, wanted)]
    if as_json:
        print_json(list(map(source_facts, reports)))
    elif reports:
        _show(reports, config.affair.timezone)
    if not reports:
        note(_nothing(wanted))


def _reports(workplace: Workplace, config: Config) -> tuple[SourceReport, ...]:
    """Return how the configured sources stand, and those that were configured before."""
    known: tuple[SourceReport, ...] = ()
    if has_database(workplace):
        with opened(workplace) as held:
            known = held.store.source_states()
    return as_configured(known, config.sources)


def _is_wanted(report: SourceReport, wanted: set[Standing]) -> bool:
    """Return whether a source is asked for; one that fails may be silent as well."""
    if not wanted:
        return True
    is_silent = report.active and report.silent_since is not None
    return standing_of(report) in wanted or (Standing.SILENT in wanted and is_silent)


def _show(reports: Sequence[SourceReport], timezone: str) -> None:
    now = utc_now()
    counts = Counter(map(standing_of, reports))
    print_sentence(f"{count(len(reports), 'source')}: {say_standings(counts)}.")
    for report in sorted(reports, key=_by_need):
        click.echo()
        print_block(say_head(report), say_lines(report, timezone, now))


def _by_need(report: SourceReport) -> tuple[Standing, str]:
    """Return the order of sources: what needs a look first, then by name."""
    return standing_of(report), (report.source.name or report.source.url).casefold()


def _show_leads(held: Held, *, as_json: bool) -> None:
    found = held.store.leads()
    if as_json:
        print_json(found)
    elif found:
        rows = [
            (local_time(one.published_at, held.timezone)[:10], one.site, f"{one.title}\n{one.url}")
            for one in found
        ]
        print_table(count(len(found), "lead"), ("date", "site", "address"), rows)
    if not found:
        note("No lead is open: imported records and lists of addresses bring some.")


def _nothing(wanted: set[Standing]) -> str:
    if wanted == {Standing.SILENT}:
        return "Every source that was asked keeps its rhythm."
    if wanted:
        return "Every source that was asked answered well."
    return "No source is known yet: `vigie add URL` finds some, then `vigie run` asks them."


def _accept(workplace: Workplace, written: str) -> None:
    """Settle the open notices of one source, given by any spelling of its address."""
    with opened(workplace) as held:
        wanted = source_key_or_same(written)
        found = [
            one
            for one in held.store.source_states()
            if source_key_or_same(one.source.url) == wanted
            or hide_secrets(one.source.url) == written
        ]
    if not found:
        raise ConfigError(f"{hide_secrets(written)!r} is no source: `vigie sources` lists them")
    with workplace.store() as store:
        settled = [
            one
            for report in found
            for one in store.settle_notices(report.source.url, now=utc_now())
        ]
    if not settled:
        note("Nothing was open about that source.")
    for notice in settled:
        print_sentence(f"Settled: {notice.detail}")
