"""`vigie run`: one pass over what is due."""

import asyncio
from collections.abc import Iterator

import click

from app.output import note, print_json, print_sentence
from app.pipeline import RunSummary, make_pass
from app.progress import Shower
from app.starting import ClockWatch, refuse_damage
from app.workplace import Workplace, utc_now
from model.plurals import count
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
    5 when the check at the start, once a day, finds damage, 75 when another pass is at work.

    \b
    Examples:
      vigie run
      vigie --config harbour/config.toml run --json
    """
    config = workplace.config()
    refuse_damage(workplace.data, utc_now())
    tagger = Tagger(config.entities, config.nlp, config.affair.timezone)
    with workplace.store() as store, store.lock("run"), Shower() as shower:
        clock = ClockWatch(utc_now, store.last_runs(limit=1))
        summary = asyncio.run(make_pass(config, store, tagger, utc_now, shower.notify))
    for sentence in clock.warnings():
        note(f"vigie: {sentence}")
    for fault in summary.faults[:SHOWN_FAULTS]:
        note(f"vigie: {fault.url}: {fault.reason}")
    if len(summary.faults) > SHOWN_FAULTS:
        note(f"vigie: and {len(summary.faults) - SHOWN_FAULTS} more; `vigie sources` has them")
    for sentence in tagger.missing:
        note(f"vigie: {sentence}")
    if as_json:
        print_json(summary)
    else:
        print_sentence(summary_sentence(summary))
    if summary.has_bug:
        return 1
    return PARTLY if summary.is_partial else 0


def summary_sentence(summary: RunSummary) -> str:
    """Return what a pass did, in a sentence for each kind of work that there was."""
    told = [
        *_judged(summary.counts),
        *_asked(summary.counts),
        *_read(summary.counts),
        *_left_for_later(summary.counts),
    ]
    return " ".join(f"{sentence}." for sentence in told) or "Nothing was due."


def _judged(counts: dict[str, int]) -> Iterator[str]:
    moved = _named(
        counts, ("articles_taken_in", "now of the affair"), ("articles_left_out", "no longer")
    )
    if moved:
        yield f"By the changed rule: {moved}"


def _asked(counts: dict[str, int]) -> Iterator[str]:
    asked = counts["sources_polled"] + counts["sources_failed"]
    if asked:
        apart = _named(counts, ("sources_unchanged", "unchanged"), ("sources_failed", "failed"))
        how = f" ({apart})" if apart else ""
        new = count(counts["entries_new"], "new entry", "new entries")
        yield f"{count(asked, 'source')} asked{how}: {new}"


def _read(counts: dict[str, int]) -> Iterator[str]:
    if counts["pages_read"]:
        became = _named(
            counts, ("articles_kept", "kept"), ("articles_unkept", "not about the affair")
        )
        yield f"{count(counts['pages_read'], 'page')} read: {became or 'nothing new'}"
    if counts["pages_failed"]:
        yield f"{count(counts['pages_failed'], 'page')} could not be read"
    changed = _named(counts, ("articles_changed", "changed"), ("articles_absent", "absent"))
    if counts["articles_reread"]:
        again = count(counts["articles_reread"], "article")
        yield f"{again} read again: {changed or 'none changed'}"
    elif changed:
        yield f"Of known articles {changed}"
    if counts["articles_tagged"]:
        yield f"{count(counts['articles_tagged'], 'article')} tagged"


def _named(counts: dict[str, int], *named: tuple[str, str]) -> str:
    """Return what was counted and is not none, each with its name."""
    return ", ".join(f"{counts[what]} {name}" for what, name in named if counts[what])


def _left_for_later(counts: dict[str, int]) -> Iterator[str]:
    left = ((counts["sources_put_off"], "source"), (counts["pages_put_off"], "page"))
    told = [count(number, noun) for number, noun in left if number]
    if told:
        yield f"Left for later, to give their sites a rest: {' and '.join(told)}"
