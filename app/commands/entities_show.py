"""`vigie entities show`: one entity, by which names and why, when, with whom, in what words."""

from datetime import date

import click

from app.asking import day_of, opened
from app.commands.entities_deciding import tell_decision
from app.naming_entities import find_entity
from app.output import print_json, print_sentence, print_table, short
from app.workplace import Workplace, utc_now
from model.plurals import count
from store.entities.told import NameReport
from store.records import Hit
from web.entity_facts import EntityFacts, Week, gather_entity

FEW_WEEKS = 26
BAR_CHARS = 40


@click.command("show")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def show(workplace: Workplace, name: str, *, as_json: bool) -> None:
    """Show one entity: its names and why they mean it, when, with whom, and what it said.

    NAME is any name it goes by, or its number as '#12' where a name could be several.

    \b
    Examples:
      vigie entities show CNIL
      vigie entities show '#12' --json
    """
    with opened(workplace) as held:
        facts = gather_entity(held.store, find_entity(held, name).id, now=utc_now())
    if as_json:
        print_json(facts)
    else:
        _print(facts, held.timezone)


def _print(facts: EntityFacts, timezone: str) -> None:
    told = facts.told
    watched = ", watched for" if told.is_watched else ""
    print_sentence(f"{told.name} (#{told.id}): {told.kind}{watched}; {_span(facts)}")
    if told.names:
        print_table("Names", ("name", "articles", "why"), list(map(_name_row, told.names)))
    if told.decisions:
        rows = [(str(one.id), tell_decision(one)) for one in told.decisions]
        print_table("Decided", ("no.", "what"), rows)
    if facts.weeks:
        _print_weeks(facts.weeks)
    if facts.beside:
        rows = [(one.label, str(one.articles)) for one in facts.beside]
        print_table("Named together with", ("name", "articles"), rows)
    if told.quotes:
        rows = [
            (str(one.on), f"{short(one.words, 300)}\n  article {one.article}, {one.site}")
            for one in told.quotes
        ]
        print_table("Quotes, the newest first", ("on", "words"), rows)
    if facts.newest:
        hits = [(str(one.article), day_of(one, timezone), one.title) for one in facts.newest]
        print_table("Newest articles", ("id", "on", "headline"), hits)


def _span(facts: EntityFacts) -> str:
    told = count(facts.told.articles, "article")
    if facts.first is None or facts.last is None:
        return f"{told}."
    first, last = (_place(one, on) for one, on in
                   ((facts.first, facts.first_on), (facts.last, facts.last_on)))  # fmt: skip
    return f"{told}, the first on {first}, the last on {last}."


def _place(hit: Hit, on: date | None) -> str:
    return f"{on} (article {hit.article})"


def _name_row(name: NameReport) -> tuple[str, ...]:
    why = name.why
    if name.decision is not None:
        why += f" (no. {name.decision})"
    if name.via and name.via != name.name:
        why += f": {name.via}"
    if name.doubt:
        why += f"; doubt: {name.doubt}"
    if name.could_be:
        why += f"; could also be {', '.join(name.could_be)}"
    return name.name, str(name.articles) if name.articles else "-", why


def _print_weeks(weeks: tuple[Week, ...]) -> None:
    shown = weeks[-FEW_WEEKS:]
    most = max(week.articles for week in shown)
    rows = [
        (str(week.starts_on), str(week.articles), "▇" * max(1, week.articles * BAR_CHARS // most))
        for week in shown
    ]
    title = (
        "Articles per week" if len(shown) == len(weeks) else f"The last {len(shown)} weeks of any"
    )
    print_table(title, ("week of", "articles", ""), rows)
