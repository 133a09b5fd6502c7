"""What the demo shows of its result, section by section, with the command that shows more.

It prints what the store holds and works nothing out that a command could not.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from app.commands.run_command import summary_sentence
from app.demo import SECOND_MORNING, Demonstration
from app.digests import make_digest, write_digest
from app.output import heading, print_table, print_wrapped, printable, short
from digest.render import render_digest
from model.matching import Subject, matches
from model.phrases import say_change, spell_date
from model.plurals import count
from model.query import Flag, Is, parse_query
from store import Store
from store.records import Hit

RELEVANT = Is(typed="is:relevant", flag=Flag.RELEVANT)
NEAR_MISS = """
"reconnaissance faciale" OR "facial recognition" OR visages OR faces OR biométr* OR biometr*
OR caméras OR cameras OR (police (logiciel OR software)) OR Cnil
"""


def show_all(demo: Demonstration) -> None:
    """Show what the two mornings brought."""
    now = SECOND_MORNING.astimezone(UTC)
    with demo.workplace.store() as store:
        _show_sources(store, demo)
        _show_kept(store, now)
        _show_faults(demo)
        _show_timeline(store, now)
        _show_entities(store)
        _show_copies(store)
        edited = _show_changes(store, now)
        _show_digest(store, demo, now)
    _show_further(demo, edited)


def _show_sources(store: Store, demo: Demonstration) -> None:
    heading("What was asked")
    print_wrapped(f"Monday: {summary_sentence(demo.first)}")
    print_wrapped(f"Tuesday: {summary_sentence(demo.second)}")
    click.echo()
    rows = [
        (
            report.source.name,
            report.source.kind.value,
            report.state.state,
            str(report.entries),
            str(report.kept),
            short(report.state.reason, 60),
        )
        for report in store.source_states()
    ]
    print_table("", ("site", "kind", "state", "listed", "kept", "why"), rows)


def _show_kept(store: Store, now: datetime) -> None:
    found = store.search(RELEVANT, now=now, limit=8)
    heading(f"What was kept, and why ({count(found.total, 'article')})")
    rows = [(_day(hit), f"{short(hit.title, 66)}\n{_why(hit)}") for hit in found.hits]
    print_table("", ("date", "article, its site, and the words of the rule it was kept for"), rows)
    misses = _near_misses(store)
    heading("What was not kept, though it comes near")
    for title in misses[:6]:
        click.echo(f"  {printable(title)}")


def _why(hit: Hit) -> str:
    return f"  {hit.site}: {short(', '.join(hit.reasons), 64)}"


def _day(hit: Hit) -> str:
    if hit.dated_in_future:
        return "future!"
    return hit.published_at.strftime("%Y-%m-%d") if hit.published_at else "undated"


def _near_misses(store: Store) -> list[str]:
    query = parse_query(NEAR_MISS)
    readings = [unkept.reading for unkept in store.unkept_readings(limit=500)]
    return [
        short(reading.title, 90)
        for reading in readings
        if matches(query, Subject(title=reading.title, text=reading.text))
    ]


def _show_faults(demo: Demonstration) -> None:
    heading("What could not be read, and was not passed off as an article")
    for fault in demo.second.faults:
        click.echo(f"  {printable(short(fault.url, 70))}\n    {printable(short(fault.reason, 90))}")


def _show_timeline(store: Store, now: datetime) -> None:
    events = store.events(RELEVANT, now=now, limit=14)
    heading("What happened (the 14 best supported facts; every one is a source's own sentence)")
    rows = [
        (
            spell_date(event.date, event.to, event.precision, "en"),
            short(event.text, 110),
            str(event.independent_sources),
        )
        for event in events
    ]
    print_table("", ("when", "what the source says", "sources"), rows)


def _show_entities(store: Store) -> None:
    heading("Who is named")
    rows = [
        (one.name, one.kind, str(one.articles), str(one.mentions))
        for one in store.entities(limit=12)
    ]
    print_table("", ("name", "kind", "articles", "mentions"), rows)


def _show_copies(store: Store) -> None:
    heading("Who repeats whom (copies of one text count as one source)")
    rows = [
        (copy.kind, f"{short(copy.title, 60)}\n  {copy.site} repeats {copy.of_site}")
        for copy in store.copies()
    ]
    print_table("", ("as", "article"), rows)


def _show_changes(store: Store, now: datetime) -> int:
    """Show what changed and return the id of an article that was edited."""
    heading("What changed overnight")
    changes = store.changes(now - timedelta(hours=12), now)
    for change in changes:
        said = say_change(
            change.what,
            change.detail,
            "en",
            present_at=change.present_at,
            seen_at=change.seen_at,
        )
        click.echo(f"  {printable(short(change.title, 80))}")
        click.echo(f"    {change.site}, {printable(said)}")
        if change.what == "edited":
            _show_titles(store, change.article)
    return next((change.article for change in changes if change.what == "edited"), 1)


def _show_titles(store: Store, article: int) -> None:
    titles = [version.reading.title for version in store.versions(article)][-2:]
    if titles[0] != titles[-1]:
        click.echo(f"    was: {printable(titles[0])}\n    is:  {printable(titles[-1])}")


def _show_digest(store: Store, demo: Demonstration, now: datetime) -> None:
    heading("The digest that would be sent")
    config = demo.config
    digest = make_digest(store, config, config.digests[0], SECOND_MORNING.date(), now=now)
    rendered = render_digest(digest, timezone=config.affair.timezone, now=now)
    paths = write_digest(demo.workplace.data, digest, rendered)
    click.echo(f"Subject: {rendered.subject}\n")
    lines = rendered.text.splitlines()
    for line in lines[:34]:
        click.echo(f"  {printable(line)}")
    if len(lines) > 34:
        click.echo(f"  … {count(len(lines) - 34, 'more line')}")
    click.echo()
    for path in paths:
        click.echo(f"  {_from_here(path)}")


def _show_further(demo: Demonstration, edited: int) -> None:
    heading("How to look further")
    vigie = f"./run vigie --config {_from_here(demo.workplace.config_path)}"
    for words in (
        "search 'CNIL -Darmanin'",
        'timeline --by event --entity "Conseil d\'État"',
        "stories",
        f"diff {edited}",
        "verify",
        "serve",
    ):
        click.echo(f"  {vigie} {words}")
    click.echo("  ./run vigie import ../shared/seeds      # your own affair: edit config.toml")


def _from_here(path: Path) -> str:
    """Return a path as it can be typed where one is."""
    here = Path.cwd()
    spelt = str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
    return f"'{spelt}'" if " " in spelt else spelt
