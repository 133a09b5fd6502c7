"""`vigie run`: one pass over what is due."""

import asyncio

import click

from app.output import note, print_json
from app.pipeline import RunSummary, make_pass
from app.progress import Shower
from app.workplace import Workplace, utc_now
from nlp.tagging import Tagger

PARTLY = 4
SHOWN_FAULTS = 20


@click.command("run")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.pass_obj
def command(workplace: Workplace, *, as_json: bool) -> int:
    """Make one pass: poll due sources, read new pages, process what the rule keeps.

    It may be killed at any moment: the next pass goes on from there. Exit status 4 when a
    source or a page failed (each is named), 1 when a bug of ours was met (the others are done),
    75 when another pass is at work.

    \b
    Examples:
      vigie run
      vigie --config harbour/config.toml run --json
    """
    config = workplace.config()
    tagger = Tagger(config.entities, config.nlp, config.affair.timezone)
    with workplace.store() as store, store.lock("run"), Shower() as shower:
        summary = asyncio.run(make_pass(config, store, tagger, utc_now, shower.notify))
    for fault in summary.faults[:SHOWN_FAULTS]:
        note(f"vigie: {fault.url}: {fault.reason}")
    if len(summary.faults) > SHOWN_FAULTS:
        note(f"vigie: and {len(summary.faults) - SHOWN_FAULTS} more; `vigie sources` has them")
    for sentence in tagger.missing:
        note(f"vigie: {sentence}")
    if as_json:
        print_json(summary)
    else:
        click.echo(summary_sentence(summary))
    if summary.has_bug:
        return 1
    return PARTLY if summary.is_partial else 0


def summary_sentence(summary: RunSummary) -> str:
    """Return what a pass did in one sentence; a second says what it left for later."""
    counts = summary.counts
    return (
        f"{counts['sources_polled'] + counts['sources_failed']} sources asked"
        f" ({counts['sources_unchanged']} unchanged, {counts['sources_failed']} failed);"
        f" {counts['entries_new']} new entries; {counts['pages_read']} pages read"
        f" ({counts['pages_failed']} could not be): {counts['articles_kept']} kept,"
        f" {counts['articles_unkept']} not about the affair;"
        f" {counts['articles_reread']} read again: {counts['articles_changed']} changed,"
        f" {counts['articles_absent']} absent; {counts['articles_tagged']} tagged."
        f"{_left_for_later(counts)}"
    )


def _left_for_later(counts: dict[str, int]) -> str:
    left = ((counts["sources_put_off"], "source"), (counts["pages_put_off"], "page"))
    told = [f"{number} {noun}{'' if number == 1 else 's'}" for number, noun in left if number]
    return f" Left for later, to give their sites a rest: {' and '.join(told)}." if told else ""
