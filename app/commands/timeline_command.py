"""`vigie timeline`: what happened, what was published or what was first seen, by date."""

import shlex
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import click
import msgspec

from app.asking import Days, Held, between, opened
from app.bucketing import Size
from app.histograms import Histogram, make_histogram, print_histogram
from app.output import note, print_json, print_table
from app.timelines import (
    Asked,
    Begun,
    By,
    Standing,
    count_articles,
    count_events,
    find_articles,
    find_events,
)
from app.workplace import Workplace, utc_now
from model.event import Event
from model.hosts import spell_host
from model.phrases import spell_date
from model.plurals import count
from model.source import DateSource
from store.buckets import Basis
from store.search.suggesting import suggest, suggest_name

SHOWN_SITES = 4
ORDERS = {By.PUBLISHED: "the newest first", By.SEEN: "the last one seen first"}
LONGEST_DAYS = {Size.DAY: 1, Size.WEEK: 7, Size.MONTH: 31, Size.YEAR: 366}
UNSURE = {DateSource.TEXT, DateSource.INFERRED, DateSource.GUESS}


@click.command("timeline")
@click.option(
    "--by",
    type=click.Choice([by.value for by in By]),
    default="event",
    show_default=True,
    help="What happened, what was published, or what Vigie saw first.",
)
@click.option(
    "--bucket",
    type=click.Choice([size.value for size in Size]),
    help="Count by day, ISO week, month or year instead of listing.",
)
@click.option(
    "--from", "first", type=Days(), metavar="DATE", help="2023, 2023-11, 2023-W47 or 2023-11-21."
)
@click.option("--to", "last", type=Days(), metavar="DATE", help="The same; its end is included.")
@click.option("--entity", metavar="NAME", help="Only where it is named; an alias does.")
@click.option("--story", type=click.IntRange(1), metavar="ID", help="Only one of `vigie stories`.")
@click.option("--query", default="", help="Only what answers a query, as in `vigie search`.")
@click.option(
    "--limit", type=click.IntRange(1), help="The N most important events, or the N newest articles."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(
    workplace: Workplace, /, *, bucket: str | None, as_json: bool, **options: object
) -> None:
    """Show the affair by date: each event with the sentences that say it, or each article.

    Only what the affair's rule keeps is shown, on days of the affair's time zone. Copies of one
    text count as one source. An article without a date, or dated in the future, stands where it
    was first seen, and says so.

    \b
    Examples:
      vigie timeline
      vigie timeline --by event --from 2023-11 --to 2023-12 --limit 10
      vigie timeline --by published --entity CNIL --query 'title:recours' --json
      vigie timeline --by published --bucket month
      vigie timeline --by seen --from 2023-W47 --to 2023-W47
      vigie timeline --story 3
    """
    asked = _read(options)
    if bucket and asked.limit:
        raise click.UsageError("--bucket counts all there is: leave out --limit")
    with opened(workplace) as held:
        if bucket:
            _show_buckets(held, asked, Size(bucket), as_json=as_json)
        elif asked.by is By.EVENT:
            _show_events(held, asked, as_json=as_json)
        else:
            _show_articles(held, asked, as_json=as_json)


def _read(options: dict[str, object]) -> Asked:
    days = between(options.pop("first"), options.pop("last"))  # type: ignore[arg-type]
    return msgspec.convert({**options, "days": days}, Asked)


def _show_buckets(held: Held, asked: Asked, size: Size, *, as_json: bool) -> None:
    histogram = _count(held, asked, size, utc_now())
    if as_json:
        print_json(histogram.facts())
    elif histogram.total:
        print_histogram(histogram)
    if not histogram.total:
        _tell_nothing(held, asked)


def _count(held: Held, asked: Asked, size: Size, now: datetime) -> Histogram:
    if asked.by is By.EVENT:
        begun = count_events(find_events(held, asked, now=now), asked, LONGEST_DAYS[size])
    else:
        begun = Begun(days=count_articles(held, asked, now=now))
    return make_histogram(begun, size, by=asked.by, days=asked.days, timezone=held.timezone)


def _show_events(held: Held, asked: Asked, *, as_json: bool) -> None:
    events = find_events(held, asked, now=utc_now())
    if as_json:
        print_json([event_facts(event) for event in events])
    elif events:
        columns = "date", "what happened, and who tells it"
        print_table(count(len(events), "event"), columns, list(map(_event_row, events)))
    if not events:
        _tell_nothing(held, asked)


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
    lines = [event.text, told, *_dated_otherwise(event)]
    return f"{when} (inferred)" if event.inferred else when, "\n".join(lines)


def _dated_otherwise(event: Event) -> Iterator[str]:
    """Yield a line on the other dates that sources give what may be the same event."""
    dates = [
        f"{spell_date(other.date, other.to, other.precision, 'en')}"
        f" ({count(other.independent_sources, 'independent source')})"
        for other in event.others
        if other.conflicting
    ]
    if dates:
        yield f"others date it {', '.join(dates)}"


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


def _show_articles(held: Held, asked: Asked, *, as_json: bool) -> None:
    found = tuple(find_articles(held, asked, now=utc_now()))
    if as_json:
        print_json([article_facts(standing) for standing in found])
    elif found:
        zone = ZoneInfo(held.timezone)
        rows = [_article_row(standing, asked.by, zone) for standing in found]
        title = f"{count(len(found), 'article')}, {ORDERS[asked.by]}"
        print_table(title, ("id", "date", "site", "article"), rows)
    if not found:
        _tell_nothing(held, asked)


def article_facts(standing: Standing) -> dict[str, object]:
    """Return an article as `--json` gives it: a hit of `vigie search`, its day and why there."""
    hit: dict[str, object] = msgspec.to_builtins(standing.hit)
    return {"on": standing.on.isoformat(), "basis": standing.basis, **hit}


def _article_row(standing: Standing, by: By, zone: ZoneInfo) -> tuple[str, str, str, str]:
    hit = standing.hit
    when = f"{standing.on}"
    if by is By.SEEN:
        when = f"{hit.first_seen_at.astimezone(zone):%Y-%m-%d %H:%M}"
    lines = [hit.title or "(no title)", hit.url]
    if badge := _badge(standing, zone):
        lines.insert(1, badge)
    return str(hit.article), when, spell_host(hit.site), "\n".join(lines)


def _badge(standing: Standing, zone: ZoneInfo) -> str:
    """Return what a reader should know of a date before citing it."""
    hit = standing.hit
    if hit.published_at is None:
        return "[undated: stands where it was first seen]"
    published = hit.published_at.astimezone(zone).date()
    if hit.dated_in_future:
        return f"[dated in the future, {published}: stands where it was first seen]"
    if standing.basis is Basis.SEEN and published != standing.on:
        return f"[published {published}{_source(hit.date_source)}]"
    return f"[date{_source(hit.date_source)}]" if hit.date_source in UNSURE else ""


def _source(source: DateSource) -> str:
    """Return where a date that nobody declared comes from."""
    return f" {SAID[source]}" if source in UNSURE else ""


SAID = {
    DateSource.TEXT: "read in the text",
    DateSource.INFERRED: "inferred",
    DateSource.GUESS: "guessed",
}


def _tell_nothing(held: Held, asked: Asked) -> None:
    watched = held.config.entities
    entity = suggest_name(held.store, watched, asked.entity) if asked.entity else ""
    query = suggest(held.store, watched, asked.query, 0, now=utc_now())
    meant = [f"--{option} {shlex.quote(near)}"
             for option, near in (("entity", entity), ("query", query)) if near]  # fmt: skip
    if meant:
        note(f"Did you mean: {' '.join(meant)}")
        return
    what = "No dated event" if asked.by is By.EVENT else "No article"
    note(
        f"{what} of the affair answers. Widen --from and --to or the query; "
        "`vigie search` looks at all that is held, `vigie run` brings more."
    )
