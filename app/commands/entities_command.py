"""`vigie entities`: who and what is named, how often, and who is whom."""

import click

from app.asking import opened
from app.commands.entities_deciding import alias, decisions, merge, rename, split, undo
from app.commands.entities_show import show
from app.output import note, print_json, print_table
from app.workplace import Workplace
from model.mention import EntityKind
from store.records import EntityReport

COLUMNS = ("name", "kind", "articles", "mentions", "first", "last")


@click.group("entities", invoke_without_command=True)
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
@click.pass_context
def command(ctx: click.Context, kind: str | None, limit: int, *, as_json: bool) -> None:
    """List who and what the affair's articles name, the most widely named first.

    Names that mean one entity are joined; `show` tells by which names and why. What you decide
    with `merge`, `split`, `rename` and `alias` stands above that: nothing but `undo` changes it,
    no pass, no other model and no `vigie rebuild`. Every old name stays searchable.

    \b
    Examples:
      vigie entities
      vigie entities --kind person --limit 10 --json
      vigie entities show CNIL
      vigie entities merge "la commission" CNIL
      vigie entities undo
    """
    if ctx.invoked_subcommand is None:
        _list(ctx.obj, kind, limit, as_json=as_json)


def _list(workplace: Workplace, kind: str | None, limit: int, *, as_json: bool) -> None:
    with opened(workplace) as held:
        named = held.store.entities(limit=limit, kind=kind)
    if as_json:
        print_json(named)
    elif named:
        print_table(f"{len(named)} named", COLUMNS, list(map(_row, named)))
    if not named:
        note("Nobody is named yet: `vigie import` and `vigie run` read articles and tag them.")


def _row(entity: EntityReport) -> tuple[str, ...]:
    days = (str(day or "-") for day in (entity.first_on, entity.last_on))
    return entity.name, entity.kind, str(entity.articles), str(entity.mentions), *days


for _inner in (show, merge, split, rename, alias, undo, decisions):
    command.add_command(_inner)
