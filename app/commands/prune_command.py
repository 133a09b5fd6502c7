"""`vigie prune`: what age lets go of, and letting go of it."""

from datetime import timedelta
from typing import TYPE_CHECKING

import click

from app.asking import opened
from app.output import note, print_json, print_sentence, print_table, short
from app.workplace import Workplace, utc_now
from model.plurals import count
from model.secrets import hide_secrets

if TYPE_CHECKING:
    from store.retention import Ages, Pruning

LEAST_ENTRY_DAYS = 365
LEAST_ENTRY_AGE = timedelta(days=LEAST_ENTRY_DAYS)


@click.command("prune")
@click.option("--dry-run", is_flag=True, help="Say what would be let go, and change nothing.")
@click.option(
    "--entries",
    "entry_days",
    type=click.IntRange(LEAST_ENTRY_DAYS),
    metavar="DAYS",
    help="Also entries outside the affair that no source has listed for DAYS (365 or more).",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(workplace: Workplace, entry_days: int | None, *, dry_run: bool, as_json: bool) -> None:
    """Let go of texts that never belonged to the affair and are older than keep_unkept_days.

    Their entries stay, so that nothing is read twice. Every pass does the same. No capture, no
    article, no version, nothing cited, starred or noted is ever let go, by this or by anything
    else. With --entries, entries that no source lists any more go too; one that is listed again
    later is read again.

    \b
    Examples:
      vigie prune --dry-run
      vigie prune
      vigie prune --entries 400 --dry-run
    """
    from store.retention import Ages

    now = utc_now()
    days = workplace.config().crawler.keep_unkept_days
    ages = Ages(
        before=now - timedelta(days=days),
        unlisted_before=None if entry_days is None else now - timedelta(days=entry_days),
    )
    pruning = _plan(workplace, ages)
    if not dry_run:
        _let_go(workplace, ages)
    if as_json:
        print_json({"dry_run": dry_run, "pruning": pruning})
        return
    _show(pruning, days, dry_run=dry_run)
    if dry_run and entry_days is None:
        _tell_entries(workplace, Ages(before=ages.before, unlisted_before=now - LEAST_ENTRY_AGE))


def _plan(workplace: Workplace, ages: "Ages") -> "Pruning":
    with opened(workplace) as held:
        return held.store.plan_pruning(ages)


def _let_go(workplace: Workplace, ages: "Ages") -> None:
    """Let go while no pass is at work, so that what was told is what goes."""
    with workplace.store() as store, store.lock("run"):
        store.let_go(ages)


def _tell_entries(workplace: Workplace, ages: "Ages") -> None:
    """Say how many entries --entries would let go as well."""
    entries = _plan(workplace, ages).entries
    if entries:
        told = count(entries, "entry", "entries")
        note(f"With --entries {LEAST_ENTRY_DAYS}, {told} would be let go as well.")


def _show(pruning: "Pruning", days: int, *, dry_run: bool) -> None:
    if not (pruning.texts or pruning.entries):
        click.echo(f"Nothing to let go: no text outside the affair is older than {days} days.")
        return
    print_table(
        "By source",
        ("source", "texts", "bytes", "entries"),
        [
            (one.name or hide_secrets(one.source), str(one.texts), str(one.text_bytes),
             str(one.entries))
            for one in pruning.sources
        ],
    )  # fmt: skip
    if pruning.sample:
        click.echo("")
        print_table(
            "The oldest texts",
            ("read", "title", "address"),
            [(one.read_at[:10], short(one.title, 60), one.url) for one in pruning.sample],
        )
    told = "would be" if dry_run else "were"
    texts = f"{count(pruning.texts, 'text')} ({count(pruning.text_bytes, 'byte')})"
    click.echo()
    print_sentence(
        f"{texts} and {count(pruning.entries, 'entry', 'entries')} outside the affair"
        f" {told} let go; every capture, article and version stays."
    )
