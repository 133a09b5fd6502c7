"""`vigie entities`: who and what is named, and how often."""

import click

from app.asking import opened
from app.output import note, print_json, print_table
from app.workplace import Workplace
from model.mention import EntityKind
from store.records import EntityReport

COLUMNS = ("name", "kind", "articles", "mentions", "first", "last")
ALL = 1_000_000


@click.command("entities")
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in EntityKind]),
    help="Only entities of one kind.",
)
@click.option(
    "--limit",
    type=click.IntRange(1, 1_000_000),
    default=50,
    show_default=True,
    help="How many at most.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(workplace: Workplace, kind: str | None, limit: int, *, as_json: bool) -> None:
    """List who and what the affair's articles name, the most widely named first.

    \b
    Examples:
      vigie entities
      vigie entities --kind person --limit 10 --json
    """
    with opened(workplace) as held:
        named = held.store.entities(limit=ALL if kind else limit)
        chosen = [entity for entity in named if kind in (None, entity.kind)][:limit]
    if as_json:
        print_json(chosen)
    elif chosen:
        print_table(f"{len(chosen)} named", COLUMNS, list(map(_row, chosen)))
    if not chosen:
        note("Nobody is named yet: `vigie import` and `vigie run` read articles and tag them.")


def _row(entity: EntityReport) -> tuple[str, ...]:
    days = (str(day or "-") for day in (entity.first_on, entity.last_on))
    return entity.name, entity.kind, str(entity.articles), str(entity.mentions), *days
