"""`vigie diff`: what changed between two versions of an article."""

import re
import textwrap
from collections.abc import Iterator
from datetime import datetime

import click
import msgspec

from app.asking import Held, find_id, opened
from app.comparing import Block, Op, Piece, compare_texts, compare_words
from app.output import local_time, note, print_json, printable, text_width
from app.workplace import Workplace
from model.article import Reading, Version
from model.errors import ConfigError
from model.phrases import say, say_parts
from model.plurals import count
from store.edits import find_edit

MARKS = {Op.SAME: ("", ""), Op.GONE: ("[-", "-]"), Op.NEW: ("{+", "+}")}
_MARKED = re.compile(r"\[-.*?-\]|\{\+.*?\+\}", re.DOTALL)


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """Two versions of an article, part by part; `published_at` is what each of them says.

    `what` and `changed` are those of an `Edit`, empty where nothing counts as a change.
    """

    article: int
    url: str
    from_version: int = msgspec.field(name="from")
    to_version: int = msgspec.field(name="to")
    from_seen_at: datetime
    to_seen_at: datetime
    what: str
    changed: tuple[str, ...]
    title: tuple[Piece, ...]
    authors: tuple[Piece, ...]
    published_at: tuple[Piece, ...]
    text: tuple[Block, ...]


@click.command("diff")
@click.argument("article", metavar="ID")
@click.option(
    "--from",
    "first",
    type=click.IntRange(1),
    metavar="N",
    help="The older version (default: the one before the newer).",
)
@click.option(
    "--to",
    "last",
    type=click.IntRange(1),
    metavar="N",
    help="The newer version (default: the last).",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(
    workplace: Workplace, article: str, first: int | None, last: int | None, *, as_json: bool
) -> None:
    """Show what changed between two versions of an article: headline, byline, date, text.

    [-gone-] and {+new+} mark words; paragraphs that stayed the same are only counted.

    \b
    Examples:
      vigie diff 12
      vigie diff 12 --from 1 --to 3 --json
    """
    with opened(workplace) as held:
        versions = held.store.versions(find_id(held.store, article))
        if len(versions) == 1 and first is None and last is None:
            note(
                "This article has one version: nothing to compare. `vigie search is:changed` "
                "lists those with more."
            )
            if as_json:
                print_json(None)
            return
        newer = _chosen(versions, last or len(versions), "--to")
        older = _chosen(versions, first or max(1, newer.number - 1), "--from")
        found = compare_versions(older, newer)
        if as_json:
            print_json(found)
        else:
            _show(found, held)


def _chosen(versions: tuple[Version, ...], number: int, option: str) -> Version:
    for version in versions:
        if version.number == number:
            return version
    raise ConfigError(f"{option} {number}: this article has {count(len(versions), 'version')}")


def compare_versions(older: Version, newer: Version) -> Difference:
    """Return what changed between two versions of one article."""
    before, after = older.reading, newer.reading
    edit = find_edit(before, after)
    return Difference(
        article=newer.article_id,
        url=after.canonical_url,
        from_version=older.number,
        to_version=newer.number,
        from_seen_at=older.seen_at,
        to_seen_at=newer.seen_at,
        what="" if edit is None else edit.what,
        changed=() if edit is None else edit.parts,
        title=compare_words(before.title, after.title),
        authors=compare_words(", ".join(before.authors), ", ".join(after.authors)),
        published_at=_whole(_date(before), _date(after)),
        text=compare_texts(before.text, after.text),
    )


def _date(reading: Reading) -> str:
    encoded: str = msgspec.to_builtins(reading.published_at) or ""
    return encoded[:10] if reading.published_precision == "day" else encoded


def _whole(before: str, after: str) -> tuple[Piece, ...]:
    if before == after:
        return (Piece(Op.SAME, before),) if before else ()
    pieces = (Piece(Op.GONE, before), Piece(Op.NEW, after))
    return tuple(piece for piece in pieces if piece.text)


def _show(found: Difference, held: Held) -> None:
    times = [local_time(at, held.timezone) for at in (found.from_seen_at, found.to_seen_at)]
    click.echo(printable(found.url))
    click.echo(
        f"version {found.from_version}, seen {times[0]}  →  "
        f"version {found.to_version}, seen {times[1]}"
    )
    click.echo(f"{_summary(found)}\n")
    for label, pieces in (
        ("headline", found.title), ("byline", found.authors), ("date", found.published_at)
    ):  # fmt: skip
        if pieces:
            state = "" if _is_changed(pieces) else " (same)"
            click.echo(_wrapped(f"{label}{state}: {_marked(pieces)}"))
    click.echo("")
    for line in _text_lines(found.text):
        click.echo(line)


def _summary(found: Difference) -> str:
    """Return which parts changed, in a few words."""
    if not found.what:
        return "nothing changed but commas, spaces, case or counters"
    return f"{say(f'change_{found.what}', 'en')} {say_parts(', '.join(found.changed), 'en')}"


def _is_changed(pieces: tuple[Piece, ...]) -> bool:
    return any(piece.op is not Op.SAME for piece in pieces)


def _text_lines(blocks: tuple[Block, ...]) -> Iterator[str]:
    if not any(block.changed for block in blocks):
        yield "text: the same in both versions"
        return
    for block in blocks:
        if block.changed:
            for paragraph in _marked(block.pieces).split("\n"):
                yield _wrapped(paragraph)
        else:
            number = len(block.pieces[0].text.split("\n"))
            yield f"    … {count(number, 'paragraph')} unchanged …"
        yield ""


def _marked(pieces: tuple[Piece, ...]) -> str:
    return "".join(_mark(piece) for piece in pieces)


def _mark(piece: Piece) -> str:
    """Return a piece between its marks; each paragraph of it has its own."""
    start, end = MARKS[piece.op]
    lines = printable(piece.text).split("\n")
    return "\n".join(f"{start}{line}{end}" if line else "" for line in lines)


def _wrapped(text: str) -> str:
    """Return lines as wide as texts are printed, coloured last: colours have a length too."""
    lines = textwrap.wrap(text, text_width(), break_long_words=False, break_on_hyphens=False)
    return _MARKED.sub(_coloured, "\n".join(lines))


def _coloured(found: re.Match[str]) -> str:
    return click.style(found[0], fg="red" if found[0].startswith("[-") else "green")
