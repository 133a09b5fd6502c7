"""`vigie sources`: what is polled, how it goes and why."""

import click

from app.asking import Held, opened
from app.output import local_time, note, print_json, print_table
from app.workplace import Workplace
from model.secrets import hide_secrets
from store.records import SourceReport

COLUMNS = ("state", "source", "kept", "last answer", "next poll")


@click.command("sources")
@click.option("--failing", is_flag=True, help="Only those that did not answer well.")
@click.option("--leads", is_flag=True, help="Known addresses that nothing has captured yet.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(workplace: Workplace, *, failing: bool, leads: bool, as_json: bool) -> None:
    """List what is polled: its state and why, what it brought, when it is asked again.

    A lead is an address that an imported record names and that is not captured yet.

    \b
    Examples:
      vigie sources
      vigie sources --failing --json
      vigie sources --leads
    """
    with opened(workplace) as held:
        if leads:
            _show_leads(held, as_json=as_json)
            return
        reports = [one for one in held.store.source_states() if not failing or _is_failing(one)]
        if as_json:
            print_json(list(map(source_facts, reports)))
        elif reports:
            rows = [_row(report, held) for report in reports]
            print_table(f"{len(reports)} sources", COLUMNS, rows)
    if not reports:
        note(_nothing(failing=failing))


def _show_leads(held: Held, *, as_json: bool) -> None:
    found = held.store.leads()
    if as_json:
        print_json(found)
    elif found:
        rows = [
            (local_time(one.published_at, held.timezone)[:10], one.site, f"{one.title}\n{one.url}")
            for one in found
        ]
        print_table(f"{len(found)} leads", ("date", "site", "address"), rows)
    if not found:
        note("No lead is open: imported records and lists of addresses bring some.")


def _nothing(*, failing: bool) -> str:
    if failing:
        return "Every source that was asked answered well."
    return "No source is known yet: name some in the configuration, then `vigie run` asks them."


def _is_failing(report: SourceReport) -> bool:
    return report.active and report.state.state not in ("ok", "new")


def source_facts(report: SourceReport) -> dict[str, object]:
    """Return a source as `--json` gives it."""
    source, state = report.source, report.state
    return {
        "url": hide_secrets(source.url),
        "name": source.name,
        "kind": source.kind,
        "lang": source.lang,
        "checked": source.checked,
        "active": report.active,
        "state": state.state,
        "reason": state.reason,
        "failures": state.failures,
        "entries": report.entries,
        "kept": report.kept,
        "pending": report.pending,
        "last_polled_at": state.last_polled_at,
        "last_success_at": state.last_success_at,
        "next_poll_at": state.next_poll_at,
    }


def _row(report: SourceReport, held: Held) -> tuple[str, ...]:
    source, state = report.source, report.state
    kind = f"{source.name} ({source.kind})" if source.name else str(source.kind)
    lines = [kind, hide_secrets(source.url)]
    if state.reason:
        lines.append(state.reason)
    kept = f"{report.kept} of {report.entries}"
    if report.pending:
        kept += f"\n{report.pending} waiting"
    times = (local_time(at, held.timezone) for at in (state.last_success_at, state.next_poll_at))
    return state.state if report.active else "inactive", "\n".join(lines), kept, *times
