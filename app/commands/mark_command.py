"""`vigie mark`: stars, what is read, tags and notes."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import click
import msgspec

from app.asking import Held, find_id, opened
from app.output import note, print_json, print_table, short
from app.workplace import Workplace, utc_now
from model.errors import ConfigError
from model.matching import same_name
from model.plurals import count
from store.annotations import Annotation, Noted

COLUMNS = ("article", "marks", "headline, tags and notes")
LONGEST_TAG, LONGEST_NOTE = 100, 10_000

Wanted = list[tuple[Annotation, str]]


class Note(msgspec.Struct, frozen=True):
    """One note and when it was made."""

    text: str
    made_at: datetime


class Marked(msgspec.Struct, frozen=True, kw_only=True):
    """An article and all that was noted on it."""

    article: int
    url: str
    title: str
    starred: bool
    read: bool
    tags: tuple[str, ...]
    notes: tuple[Note, ...]


@click.command("mark")
@click.argument("articles", nargs=-1, metavar="ID...")
@click.option("--star/--unstar", default=None, help="Star them, or take the star back.")
@click.option("--read/--unread", default=None, help="Say that they are read, or not any more.")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="Give them a tag; repeatable.")
@click.option("--untag", "untags", multiple=True, metavar="TAG", help="Take a tag back.")
@click.option("--note", "notes", multiple=True, metavar="TEXT", help="Write a note; repeatable.")
@click.option("--unnote", "unnotes", multiple=True, metavar="TEXT", help="Take a note back.")
@click.option("--list", "is_list", is_flag=True, help="List all that is marked.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(
    workplace: Workplace,
    /,
    articles: tuple[str, ...],
    *,
    is_list: bool,
    as_json: bool,
    **asked: bool | tuple[str, ...] | None,
) -> None:
    """Star articles, say that they are read, give them tags and notes, or take these back.

    ID is the number that the other commands show, or an address; several are marked together or
    not at all. Without an option, what was noted on them is printed. Marks are yours: no pass, no
    new version and no `vigie rebuild` changes them. Searches find them: is:starred, is:unread,
    tag:TAG.

    \b
    Examples:
      vigie mark 12 15 --star --tag "to quote"
      vigie mark 12 --unstar --read --note "answered by the town hall on Monday"
      vigie mark --list --json
    """
    added, removed = _wanted(asked)
    if bool(articles) == is_list:
        raise click.UsageError("name articles by their ids or addresses, or give --list alone")
    if is_list and (added or removed):
        raise click.UsageError("--list changes nothing: name the articles to mark")
    marked = _mark(workplace, articles, added, removed)
    if as_json:
        print_json(marked)
    elif marked:
        print_table(count(len(marked), "article"), COLUMNS, list(map(_row, marked)))
    if not marked:
        note("Nothing is marked yet: `vigie mark ID --star` stars an article.")


def _mark(
    workplace: Workplace, asked: Sequence[str], added: Wanted, removed: Wanted
) -> list[Marked]:
    """Mark the articles asked for, where anything is to be marked, and return how they stand."""
    with opened(workplace) as held:
        ids = list(dict.fromkeys(find_id(held.store, one) for one in asked))
        before = [_marked(held, article) for article in ids or held.store.annotated()]
    if not (added or removed):
        return before
    with workplace.store() as store:
        store.mark(ids, added, removed, now=utc_now())
    with opened(workplace) as held:
        return [_marked(held, article) for article in ids]


def _wanted(asked: dict[str, bool | tuple[str, ...] | None]) -> tuple[Wanted, Wanted]:
    """Return what is to be noted and what is to be taken back."""
    added: Wanted = []
    removed: Wanted = []
    for option, kind in (("star", Annotation.STAR), ("read", Annotation.READ)):
        if asked[option] is not None:
            (added if asked[option] else removed).append((kind, ""))
    for option, kind in (("tags", Annotation.TAG), ("notes", Annotation.NOTE)):
        added += [(kind, _value(kind, text)) for text in _texts(asked[option])]
        removed += [(kind, _value(kind, text)) for text in _texts(asked[f"un{option}"])]
    for kind, text in added:
        if text and any(kind is one and same_name(text, other) for one, other in removed):
            raise click.UsageError(f"{text!r} is both given and taken back")
    return added, removed


def _texts(value: bool | tuple[str, ...] | None) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _value(kind: Annotation, text: str) -> str:
    """Return a tag on one line, or a note, or raise ConfigError."""
    value = " ".join(text.split()) if kind is Annotation.TAG else text.strip()
    longest = LONGEST_TAG if kind is Annotation.TAG else LONGEST_NOTE
    if not value:
        raise ConfigError(f"a {kind} without a word says nothing")
    if len(value) > longest:
        raise ConfigError(f"this {kind} is too long ({len(value)}, where {longest} is the most)")
    return value.encode("utf-8", "replace").decode()


def _marked(held: Held, article_id: int) -> Marked:
    article, noted = held.store.article(article_id), held.store.annotations(article_id)
    return Marked(
        article=article_id,
        url=article.url,
        title=article.current.reading.title,
        starred=any(one.kind is Annotation.STAR for one in noted),
        read=any(one.kind is Annotation.READ for one in noted),
        tags=tuple(one.value for one in _of(noted, Annotation.TAG)),
        notes=tuple(Note(one.value, one.made_at) for one in _of(noted, Annotation.NOTE)),
    )


def _of(noted: Sequence[Noted], kind: Annotation) -> Iterator[Noted]:
    return (one for one in sorted(noted, key=lambda one: one.made_at) if one.kind is kind)


def _row(marked: Marked) -> tuple[str, ...]:
    marks = ", ".join(
        name for name, is_set in (("starred", marked.starred), ("read", marked.read)) if is_set
    )
    lines = [marked.title]
    if marked.tags:
        lines.append(f"tags: {', '.join(marked.tags)}")
    lines += [f"note: {short(one.text, 400)}" for one in marked.notes]
    return str(marked.article), marks or "-", "\n".join(lines)
