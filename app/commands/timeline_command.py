"""`vigie timeline`: what happened, or what was published, by date."""

from collections.abc import Iterator

import click
import msgspec

from app.asking import (
    PAGE,
    RELEVANT,
    Between,
    Days,
    Held,
    between,
    both,
    day_of,
    entity_name,
    naming,
    opened,
)
from app.output import note, print_json, print_table
from app.workplace import Workplace, utc_now
from model.event import Event
from model.hosts import spell_host
from model.phrases import spell_date
from model.plurals import count
from model.query import Query
from store.records import Hit

SHOWN_SITES = 4


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """One question to the timeline."""

    query: str
    entity: str | None
    days: Between
    limit: int | None


@click.command("timeline")
@click.option(
    "--by",
    type=click.Choice(["event", "published"]),
    default="event",
    show_default=True,
    help="What happened, or what was published.",
)
@click.option("--from", "first", type=Days(), metavar="DATE", help="2023, 2023-11 or 2023-11-21.")
@click.option("--to", "last", type=Days(), metavar="DATE", help="The same; its end is included.")
@click.option("--entity", metavar="NAME", help="Only where it is named; an alias does.")
@click.option("--query", default="", help="Only what answers a query, as in `vigie search`.")
@click.option(
    "--limit", type=click.IntRange(1), help="The N most important events, or the N newest articles."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(workplace: Workplace, /, by: str, *, as_json: bool, **asked: object) -> None:
    """Show the affair by date: each event with the sentences that say it, or each article.

    Only what the affair's rule keeps is shown. Copies of one text count as one source.

    \b
    Examples:
      vigie timeline
      vigie timeline --by event --from 2023-11 --to 2023-12 --limit 10
      vigie timeline --by published --entity CNIL --query 'title:recours' --json
    """
    question = _read(asked)
    with opened(workplace) as held:
        if by == "event":
            _show_events(held, question, as_json=as_json)
        else:
            _show_published(held, question, as_json=as_json)


def _read(asked: dict[str, object]) -> Asked:
    days = between(asked.pop("first"), asked.pop("last"))  # type: ignore[arg-type]
    return msgspec.convert({**asked, "days": days}, Asked)


def _show_events(held: Held, asked: Asked, *, as_json: bool) -> None:
    events = held.store.events(
        held.query(asked.query),
        now=utc_now(),
        from_on=asked.days.from_on,
        to_on=asked.days.to_on,
        entity=entity_name(asked.entity, held.config) if asked.entity else None,
        limit=asked.limit,
    )
    if as_json:
        print_json([event_facts(event) for event in events])
    elif events:
        title = f"{len(events)} event{'s' if len(events) != 1 else ''}"
        print_table(
            title, ("date", "what happened, and who tells it"), list(map(_event_row, events))
        )
    if not events:
        _tell_nothing("No dated event")


def event_facts(event: Event) -> dict[str, object]:
    """Return an event as `--json` gives it: the promised keys first."""
    built: dict[str, object] = msgspec.to_builtins(event)
    promised = ("date", "to", "precision", "text", "independent_sources", "citations")
    return {key: built[key] for key in promised} | built


def _event_row(event: Event) -> tuple[str, str]:
    when = spell_date(event.date, event.to, event.precision, "en")
    ids = dict.fromkeys(str(citation.article) for citation in event.citations)
    articles = "article" if len(ids) == 1 else "articles"
    told = f"{_told_by(event)}; {articles} {' '.join(ids)}"
    return f"{when} (inferred)" if event.inferred else when, f"{event.text}\n{told}"


def _told_by(event: Event) -> str:
    """Return who tells an event: how many independent sources, and the first sites."""
    sites = list(
        dict.fromkeys(spell_host(citation.site) or "an import" for citation in event.citations)
    )
    named = ", ".join(sites[:SHOWN_SITES])
    if len(sites) > SHOWN_SITES:
        named += f" and {len(sites) - SHOWN_SITES} more"
    sources = event.independent_sources
    return f"{count(sources, 'independent source')}: {named}" if sources > 1 else named


def _show_published(held: Held, asked: Asked, *, as_json: bool) -> None:
    query = both(RELEVANT, held.query(asked.query))
    if asked.entity:
        query = both(query, naming(asked.entity, held.config))
    hits = tuple(_hits(held, query, asked))
    if as_json:
        print_json(hits)
    elif hits:
        title = f"{len(hits)} article{'s' if len(hits) != 1 else ''}, the newest first"
        print_table(title, ("id", "date", "site", "article"), [_row(hit, held) for hit in hits])
    if not hits:
        _tell_nothing("No article")


def _hits(held: Held, query: Query, asked: Asked) -> Iterator[Hit]:
    """Yield the articles asked for, page after page."""
    left, before, now = asked.limit, None, utc_now()
    while left is None or left > 0:
        found = held.store.timeline(
            query,
            now=now,
            from_on=asked.days.from_on,
            to_on=asked.days.to_on,
            limit=PAGE if left is None else min(left, PAGE),
            before=before,
        )
        yield from found.hits
        before = found.before
        if before is None:
            return
        left = None if left is None else left - len(found.hits)


def _row(hit: Hit, held: Held) -> tuple[str, str, str, str]:
    article = f"{hit.title or '(no title)'}\n{hit.url}"
    return str(hit.article), day_of(hit, held.timezone), spell_host(hit.site), article


def _tell_nothing(what: str) -> None:
    note(
        f"{what} of the affair answers. Widen --from and --to or the query; "
        "`vigie search` looks at all that is held, `vigie run` brings more."
    )
