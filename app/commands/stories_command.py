"""`vigie stories`: developments and who was first to tell them."""

import click

from app.asking import Held, opened
from app.output import local_time, note, print_json, print_table
from app.workplace import Workplace
from model.plurals import count
from model.story import Story

COLUMNS = ("id", "first told", "last told", "articles", "independent", "story")


@click.command("stories")
@click.option(
    "--limit",
    type=click.IntRange(1, 1_000_000),
    default=30,
    show_default=True,
    help="How many at most.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(workplace: Workplace, limit: int, *, as_json: bool) -> None:
    """List developments, the last one that moved first, and who was first to tell each.

    \b
    Examples:
      vigie stories
      vigie stories --limit 5 --json
    """
    with opened(workplace) as held:
        stories = held.store.stories(limit=limit)
        if as_json:
            print_json(stories)
        elif stories:
            rows = [_row(story, held) for story in stories]
            print_table(count(len(stories), "story", "stories"), COLUMNS, rows)
    if not stories:
        note("No story yet: `vigie run` and `vigie import` bring articles that tell some.")


def _row(story: Story, held: Held) -> tuple[str, ...]:
    counts = str(len(story.articles)), str(story.independent_sources)
    told_by = "article" if len(story.articles) == 1 else "articles"
    lines = [story.title, f"{told_by} {' '.join(map(str, story.articles))}"]
    if story.origin is not None:
        origin = held.store.article(story.origin)
        lines.append(f"first told by {origin.current.reading.site} ({story.origin}): {origin.url}")
    times = (local_time(at, held.timezone) for at in (story.first_at, story.last_at))
    return str(story.id), *times, *counts, "\n".join(lines)
