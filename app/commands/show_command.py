"""`vigie show`: one article, its text, and all that is held about it."""

import textwrap
from collections import defaultdict
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

import click
import msgspec

from app.asking import Held, find_id, opened
from app.output import local_time, print_json, print_table, printable, short, text_width
from app.workplace import Workplace
from model.article import PAGE_BREAK, Version
from model.capture import Capture
from model.hosts import spell_host
from model.mention import DateMention, Quote, is_direct
from model.phrases import say_change
from model.plurals import count
from store.annotations import Annotation, Noted
from store.records import Change
from web.entity import say_why
from web.facts import ArticleFacts, gather_facts

Rows = list[tuple[str, ...]]


@click.command("show")
@click.argument("article", metavar="ID")
@click.option(
    "--version",
    "number",
    type=click.IntRange(1),
    metavar="N",
    help="The text of another version than the current one.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(workplace: Workplace, article: str, number: int | None, *, as_json: bool) -> None:
    """Show one article: its text, who it names, its dates and quotes, its versions and proof.

    ID is the number that the other commands show, or an address.

    \b
    Examples:
      vigie show 12
      vigie show https://disclose.ngo/fr/article/briefcam
      vigie show 12 --version 1 --json
    """
    with opened(workplace) as held:
        facts = gather_facts(held.store, find_id(held.store, article))
        version = _chosen(facts, number)
        if as_json:
            unlisted = {"unlisted_since": held.store.unlisted_since(facts.article.id)}
            print_json(article_facts(facts, version) | unlisted)
        else:
            _show(facts, version, held)


def _chosen(facts: ArticleFacts, number: int | None) -> Version:
    if number is None:
        return facts.article.current
    if number > len(facts.versions):
        raise click.BadParameter(
            f"this article has {count(len(facts.versions), 'version')}", param_hint="--version"
        )
    return facts.versions[number - 1]


def article_facts(facts: ArticleFacts, version: Version) -> dict[str, object]:
    """Return an article as `--json` gives it; the tags are those of the current version."""
    article, reading = facts.article, version.reading
    return {
        "article": article.id,
        "version": version.number,
        "url": article.url,
        "relevant": article.relevant,
        "reasons": facts.article.reasons,
        "first_seen_at": article.first_seen_at,
        "present_at": article.present_at,
        "absent_since": article.absent_since,
        "dated_in_future": facts.article.dated_in_future,
        **msgspec.structs.asdict(reading),
        "addresses": facts.addresses,
        "tags": facts.tags,
        "versions": [
            {"number": one.number, "seen_at": one.seen_at, "title": one.reading.title}
            for one in facts.versions
        ],
        "changes": facts.changes,
        "copies": facts.copies,
        "stories": facts.stories,
        "captures": facts.captures,
        "annotations": facts.annotations,
        "joinings": facts.joinings,
    } | {"url": article.url, "read_at": reading.url}


def _show(facts: ArticleFacts, version: Version, held: Held) -> None:
    print_table("", ("article", str(facts.article.id)), _head(facts, version, held))
    click.echo("")
    _show_text(version.reading.text)
    _table("Who is named", ("name", "kind", "times", "as"), _named(facts))
    _table(
        "Dates", ("written", "means", "precision", "because"), list(map(_dated, facts.tags.dates))
    )
    text = facts.article.current.reading.text
    _table("Quotes", ("speaker", "words"), [_quoted(one, text) for one in facts.tags.quotes])
    if len(facts.versions) > 1:
        _table("Versions", ("n", "seen", "headline"), _versions(facts, held))
    _table("Changes", ("seen", "what"), [_change(change, held) for change in facts.changes])
    _table("Copies", ("article", "how", "repeats"), _copies(facts))
    _table("Proof", ("fetched", "status", "SHA-256 of the body", "kept in"),
           [_capture(capture, held) for capture in facts.captures])  # fmt: skip


def _show_text(text: str) -> None:
    """Print paragraphs; in a document of several pages, each under the number of its page."""
    pages = text.split(PAGE_BREAK)
    for number, page in enumerate(pages, start=1):
        if len(pages) > 1:
            click.echo(f"p. {number}\n")
        for paragraph in page.split("\n"):
            click.echo("\n".join(textwrap.wrap(printable(paragraph), text_width())) + "\n")


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    if rows:
        print_table(title, columns, rows)
        click.echo("")


def _pages(details: Mapping[str, str]) -> str:
    """Return how many pages a document has, and what of them could not be read."""
    parts = [details.get("pages", "")]
    if read := details.get("pages_read"):
        parts.append(f"the first {read} were read")
    if scanned := details.get("scanned_pages"):
        parts.append(f"pictures without text: {scanned}")
    return "; ".join(filter(None, parts))


def _head(facts: ArticleFacts, version: Version, held: Held) -> Rows:
    article, reading = facts.article, version.reading
    unlisted_since = held.store.unlisted_since(article.id)
    rows = [
        ("headline", reading.title),
        ("byline", ", ".join(reading.authors)),
        ("site", spell_host(reading.site)),
        ("published", _published(facts, version, held)),
        ("language", reading.lang or ""),
        ("access", str(reading.access)),
        ("addresses", "\n".join(facts.addresses)),
        ("first seen", local_time(article.first_seen_at, held.timezone)),
        ("pages", _pages(reading.details)),
        ("version", f"{version.number} of {article.versions}"),
        ("present on", local_time(article.present_at, held.timezone)),
        ("absent since", local_time(article.absent_since, held.timezone)),
        ("no longer in the feed since", local_time(unlisted_since, held.timezone)),
        ("in the affair", "yes" if article.relevant else "no"),
        ("kept for", ", ".join(facts.article.reasons)),
        ("stories", "\n".join(f"{story.id}  {story.title}" for story in facts.stories)),
        ("marked", _marks(facts.annotations)),
        ("tags", ", ".join(_noted(facts.annotations, Annotation.TAG))),
        ("notes", "\n".join(_noted(facts.annotations, Annotation.NOTE))),
    ]
    return [row for row in rows if row[1] and row[1] != "-"]


def _marks(noted: Sequence[Noted]) -> str:
    names = {Annotation.STAR: "starred", Annotation.READ: "read"}
    return ", ".join(names[one.kind] for one in noted if one.kind in names)


def _noted(noted: Sequence[Noted], kind: Annotation) -> list[str]:
    return [one.value for one in noted if one.kind is kind]


def _published(facts: ArticleFacts, version: Version, held: Held) -> str:
    reading = version.reading
    if reading.published_at is None:
        return "not said"
    when = local_time(reading.published_at, held.timezone)
    if reading.published_precision == "day":
        when = f"{reading.published_at:%Y-%m-%d}"
    future = ", dated in the future" if facts.article.dated_in_future else ""
    return f"{when} (from {reading.date_source or 'an unnamed place'}{future})"


def _named(facts: ArticleFacts) -> Rows:
    by_entity: dict[tuple[str, str], list[str]] = defaultdict(list)
    for mention in facts.tags.mentions:
        by_entity[mention.entity, mention.kind].append(mention.text)
    ordered = sorted(by_entity.items(), key=lambda item: (-len(item[1]), item[0]))
    return [
        (name, kind, str(len(texts)),
         "\n".join((", ".join(dict.fromkeys(texts)), *_why(facts, name))))
        for (name, kind), texts in ordered
    ]  # fmt: skip


def _why(facts: ArticleFacts, name: str) -> list[str]:
    """Return by which other names the text calls an entity, and why it is meant."""
    return [f"{one.called}: {say_why(one, 'en')}" for one in facts.joinings if one.entity == name]


def _dated(found: DateMention) -> tuple[str, ...]:
    days = f"{found.from_on}" if found.from_on == found.to_on else f"{found.from_on}/{found.to_on}"
    basis = f"inferred: {found.basis}" if found.inferred else ""
    return found.text, days, str(found.precision), basis


def _quoted(quote: Quote, text: str) -> tuple[str, ...]:
    """Return who speaks by which verb, and the words: in marks where the text has them in marks."""
    speaker = quote.speaker or "not named"
    words = short(quote.text, 400)
    spoken = f"“{words}”" if is_direct(quote, text) else words
    return f"{speaker} ({quote.verb})" if quote.verb else speaker, spoken


def _versions(facts: ArticleFacts, held: Held) -> Rows:
    return [
        (str(one.number), local_time(one.seen_at, held.timezone), one.reading.title)
        for one in facts.versions
    ]


def _change(change: Change, held: Held) -> tuple[str, ...]:
    zone, present = ZoneInfo(held.timezone), change.present_at
    said = say_change(
        change.what,
        change.detail,
        "en",
        present_at=None if present is None else present.astimezone(zone),
        seen_at=change.seen_at.astimezone(zone),
    )
    why = f" ({change.detail})" if change.what == "absent" and change.detail else ""
    return local_time(change.seen_at, held.timezone), said + why


def _copies(facts: ArticleFacts) -> Rows:
    return [
        (f"{copy.article}  {spell_host(copy.site)}", f"{copy.kind} {copy.score:.0%}",
         f"{copy.of}  {spell_host(copy.of_site)}")
        for copy in facts.copies
    ]  # fmt: skip


def _capture(capture: Capture, held: Held) -> tuple[str, ...]:
    status = str(capture.status) if capture.status else "file"
    fetched = local_time(capture.fetched_at, held.timezone)
    return fetched, status, capture.sha256, f"{capture.file} at {capture.offset}"
