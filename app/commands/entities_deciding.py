"""`vigie entities merge`, `split`, `rename`, `alias`, `undo` and `decisions`."""

from collections.abc import Callable, Sequence

import click

from app.asking import find_id, opened
from app.naming_entities import find_entity
from app.output import local_time, note, print_json, print_sentence, print_table
from app.workplace import Workplace, utc_now
from model.errors import ConfigError
from model.plurals import count
from store import Store
from store.entities.decided import LONGEST_NAME, Decision, DecisionKind

COLUMNS = ("no.", "decided", "what", "undone")
as_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
Decide = Callable[[Store], Sequence[Decision]]


@click.command("merge")
@click.argument("name")
@click.argument("into")
@as_json_option
@click.pass_obj
def merge(workplace: Workplace, name: str, into: str, *, as_json: bool) -> None:
    """Say that NAME is INTO, whose name stays; all that names the one then names the other.

    \b
    Examples:
      vigie entities merge "la commission" CNIL
    """
    with opened(workplace) as held:
        one, other = find_entity(held, name), find_entity(held, into)
    _decide(
        workplace,
        lambda store: [store.merge_entities(one.id, other.id, now=utc_now())],
        as_json=as_json,
    )


@click.command("split")
@click.argument("name")
@click.argument("called")
@click.option("--as", "other", metavar="OTHER", help="What the other one is called; else CALLED.")
@click.option("--article", "articles", multiple=True, metavar="ID", help="Only there; repeatable.")
@as_json_option
@click.pass_obj
def split(
    workplace: Workplace,
    name: str,
    called: str,
    other: str | None,
    articles: tuple[str, ...],
    *,
    as_json: bool,
) -> None:
    """Say that CALLED does not mean NAME: it is somebody else, in all articles or in some.

    CALLED is one of the names that `vigie entities show NAME` lists.

    \b
    Examples:
      vigie entities split "Anne Roy" Roy
      vigie entities split "Anne Roy" Roy --as "Paul Roy" --article 12
    """
    with opened(workplace) as held:
        entity = find_entity(held, name)
        ids = list(dict.fromkeys(find_id(held.store, one) for one in articles))
        for one in ids:
            held.store.article(one)
    asked, shown = _checked(called), None if other is None else _checked(other)
    _decide(
        workplace,
        lambda store: store.split_entity(
            entity.id, asked, called=shown, articles=ids, now=utc_now()
        ),
        as_json=as_json,
    )


@click.command("rename")
@click.argument("name")
@click.argument("new")
@as_json_option
@click.pass_obj
def rename(workplace: Workplace, name: str, new: str, *, as_json: bool) -> None:
    """Show NAME under another name; searches still find it by the old one.

    \b
    Examples:
      vigie entities rename CNIL "CNIL (France)"
    """
    with opened(workplace) as held:
        entity = find_entity(held, name)
    shown = _checked(new)
    _decide(
        workplace,
        lambda store: [store.rename_entity(entity.id, shown, now=utc_now())],
        as_json=as_json,
    )


@click.command("alias")
@click.argument("name")
@click.argument("other")
@as_json_option
@click.pass_obj
def alias(workplace: Workplace, name: str, other: str, *, as_json: bool) -> None:
    """Say that texts which call somebody OTHER always mean NAME.

    \b
    Examples:
      vigie entities alias "Anne Roy" "la maire"
    """
    with opened(workplace) as held:
        entity = find_entity(held, name)
    called = _checked(other)
    _decide(
        workplace,
        lambda store: [store.alias_entity(entity.id, called, now=utc_now())],
        as_json=as_json,
    )


@click.command("undo")
@click.argument("number", type=click.IntRange(1), required=False)
@as_json_option
@click.pass_obj
def undo(workplace: Workplace, number: int | None, *, as_json: bool) -> None:
    """Undo a decision by its number, or the last one that stands.

    \b
    Examples:
      vigie entities undo
      vigie entities undo 3
    """
    with opened(workplace):
        pass  # says so where there is no database, and makes none
    _decide(workplace, lambda store: [store.undo_decision(number, now=utc_now())], as_json=as_json)


@click.command("decisions")
@click.option(
    "--limit",
    type=click.IntRange(1, 1_000_000),
    default=50,
    show_default=True,
    help="How many at most.",
)
@as_json_option
@click.pass_obj
def decisions(workplace: Workplace, limit: int, *, as_json: bool) -> None:
    """List what was decided of who is whom, the last first, also what was undone.

    \b
    Examples:
      vigie entities decisions
    """
    with opened(workplace) as held:
        found = held.store.decisions(limit=limit)
    timezone = held.timezone
    if as_json:
        print_json(found)
    elif found:
        rows = [
            (
                str(one.id),
                local_time(one.made_at, timezone),
                tell_decision(one),
                local_time(one.undone_at, timezone),
            )
            for one in found
        ]
        print_table(count(len(found), "decision"), COLUMNS, rows)
    if not found:
        note("Nothing is decided yet: `vigie entities merge NAME INTO` says that two are one.")


def tell_decision(decision: Decision) -> str:
    """Return a decision in words."""
    where = "" if decision.article is None else f" in article {decision.article}"
    match decision.kind:
        case DecisionKind.MERGE:
            return f"{decision.name} is {decision.other}"
        case DecisionKind.SPLIT:
            return f"{decision.name}{where} is not {decision.was}, it is {decision.other}"
        case DecisionKind.RENAME:
            return f"{decision.name} is shown as {decision.other}"
        case DecisionKind.ALIAS:
            return f"{decision.name} always means {decision.other}"


def _decide(workplace: Workplace, decide: Decide, *, as_json: bool) -> None:
    """Make a decision and settle it in all texts; killed meanwhile, the next pass goes on."""
    with workplace.store() as store:
        made = decide(store)
        if made[-1].waiting:
            note(f"vigie: settled in the first texts, {made[-1].waiting} to go")
        while store.settle_joinings():
            pass
    if as_json:
        print_json(made)
        return
    for one in made:
        print_sentence(_told(one))


def _told(made: Decision) -> str:
    """Return what a decision did and how to take it back, or that it was taken back."""
    where = f", in {count(made.texts, 'text')}" if made.texts else ""
    if made.undone_at is not None:
        return f"Decision {made.id} is undone{where}; it said: {tell_decision(made)}."
    nobody = made.kind is DecisionKind.ALIAS and not made.texts
    more = (
        " No text is found to name it so yet: what [[entities]] lists is found." if nobody else ""
    )
    return (
        f"Decision {made.id}: {tell_decision(made)}{where}."
        f" `vigie entities undo {made.id}` takes it back.{more}"
    )


def _checked(name: str) -> str:
    """Return a name on one line, or raise ConfigError."""
    shown = " ".join(name.encode("utf-8", "replace").decode().split())
    if not any(character.isalnum() for character in shown):
        raise ConfigError(f"{name!r} is no name: it has neither a letter nor a digit")
    if len(shown) > LONGEST_NAME:
        raise ConfigError(
            f"this name is too long: its length is {len(shown)}, at most {LONGEST_NAME} will do"
        )
    return shown
