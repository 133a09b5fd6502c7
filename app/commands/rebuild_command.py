"""`vigie rebuild`: what is derived, made again from what was kept."""

from typing import TYPE_CHECKING

import click

from app.asking import opened
from app.output import note, print_json, print_sentence, print_table
from app.workplace import Workplace, utc_now
from store.derived import Part

if TYPE_CHECKING:
    from app.rebuilding import Checked, Made

OUT_OF_DATE = 1
CHECKED = ("part", "held", "made by", "to do", "what this program makes it by")
MADE = ("part", "held", "from articles", "made by")


@click.command("rebuild")
@click.argument("parts", nargs=-1, type=click.Choice([part.value for part in Part]))
@click.option("--check", is_flag=True, help="Say how the parts stand, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(workplace: Workplace, parts: tuple[str, ...], *, check: bool, as_json: bool) -> int:
    """Make again what is derived: index, tags, copies, stories, events; all unless told.

    What is made from a part is made again with it: stories and events follow tags and copies.
    Captures, versions, changes and what people noted are not touched. It may be killed at any
    moment: the next `vigie rebuild` or `vigie run` finishes it. Others can read meanwhile. With
    --check, exit status 1 when a part was made by other rules or models, or not wholly.

    \b
    Examples:
      vigie rebuild
      vigie rebuild events
      vigie rebuild --check --json
    """
    asked = tuple(map(Part, parts))
    return _check(workplace, asked, as_json) if check else _rebuild(workplace, asked, as_json)


def _check(workplace: Workplace, asked: tuple[Part, ...], as_json: bool) -> int:
    from app.rebuilding import check
    from nlp.tagging import Tagger
    from store import open_store

    config = workplace.config()
    tagger = Tagger(config.entities, config.nlp, config.affair.timezone)
    with open_store(workplace.data, timezone=config.affair.timezone, read_only=True) as store:
        found = check(store, tagger, asked, utc_now())
    if as_json:
        print_json(found)
    else:
        print_table("", CHECKED, list(map(_checked_row, found)))
        print_sentence(_verdict(found))
    return 0 if all(part.is_current for part in found) else OUT_OF_DATE


def _rebuild(workplace: Workplace, asked: tuple[Part, ...], as_json: bool) -> int:
    from app.progress import Shower
    from app.rebuilding import rebuild
    from app.steps.parts import Progress
    from nlp.tagging import Tagger

    with opened(workplace) as held:
        config = held.config
    tagger = Tagger(config.entities, config.nlp, config.affair.timezone)
    with workplace.store() as store, store.lock("run"), Shower() as shower:
        made = rebuild(
            store,
            tagger,
            asked,
            utc_now,
            lambda step, done, total: shower.notify(Progress(step, done, total)),
        )
    for sentence in tagger.missing:
        note(f"vigie: {sentence}")
    if as_json:
        print_json(made)
    else:
        print_table("Made again", MADE, list(map(_made_row, made)))
        print_sentence(_told(made))
    return 0


def _checked_row(checked: "Checked") -> tuple[str, ...]:
    told = checked.rules
    if checked.differing:
        told += f"; {checked.differing} would be others by today's coverage"
    return (
        checked.part, str(checked.rows), checked.made_by or "nothing yet", str(checked.left), told,
    )  # fmt: skip


def _verdict(found: "tuple[Checked, ...]") -> str:
    stale = [part.part for part in found if not part.is_current]
    if not stale:
        return "All of it was made by this program's rules and models."
    return f"To be made again: {', '.join(stale)}: `vigie rebuild {' '.join(stale)}` does it."


def _made_row(made: "Made") -> tuple[str, ...]:
    articles = "-" if made.articles is None else str(made.articles)
    return made.part, str(made.rows), articles, made.made_by


def _told(made: "tuple[Made, ...]") -> str:
    went_on = [one.part for one in made if one.went_on]
    finished = f" What was begun before was finished: {', '.join(went_on)}." if went_on else ""
    return f"Captures, versions and notes are as they were.{finished}"
