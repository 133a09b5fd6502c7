"""`vigie diff`: what changed between two versions of an article."""

import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import msgspec

from app.asking import Held, find_id, opened
from app.comparing import Block, Op, Piece
from app.differences import Difference, choose_version, compare_versions, is_changed
from app.output import local_time, note, print_json, printable, text_width
from app.workplace import Workplace, utc_now
from model.phrases import say, say_parts
from model.plurals import count
from store.versions import VersionTime

MARKS = {Op.SAME: ("", ""), Op.GONE: ("[-", "-]"), Op.NEW: ("{+", "+}")}
_MARKED = re.compile(r"(?<!\\)(?:\[-.*?(?<!\\)-\]|\{\+.*?(?<!\\)\+\})", re.DOTALL)
_FORGED = re.compile(r"\[-|-\]|\{\+|\+\}")


@click.command("diff")
@click.argument("article", metavar="ID")
@click.option(
    "--from",
    "first",
    metavar="N|MOMENT",
    help="The older version, or the one that stood then (default: the one before the newer).",
)
@click.option(
    "--to",
    "last",
    metavar="N|MOMENT",
    help="The newer version, or the one that stood then (default: the last).",
)
@click.option(
    "--html",
    "html",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write one page that needs no other file; - is standard output.",
)
@click.option(
    "--lang",
    "language",
    type=click.Choice(["fr", "en"]),
    help="The page's language (default: the affair's first).",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(
    workplace: Workplace,
    /,
    article: str,
    first: str | None,
    last: str | None,
    html: Path | None,
    language: str | None,
    *,
    as_json: bool,
) -> None:
    """Show what changed between two versions of an article: headline, byline, date, text.

    [-gone-] and {+new+} mark words; paragraphs that stayed the same are only counted. A version
    is named by its number, or by a moment at which it stood: 2023-11-21, yesterday, P7D.

    \b
    Examples:
      vigie diff 12
      vigie diff 12 --from 1 --to 3 --json
      vigie diff 12 --from 2023-11-21T18:00 --html changes.html
    """
    if html and as_json:
        raise click.UsageError("take --html or --json, not both")
    if language and not html:
        raise click.UsageError("--lang is for the page of --html")
    with opened(workplace) as held:
        found = _compare(held, find_id(held.store, article), first, last)
        if found is None:
            note(
                "This article has one version: nothing to compare. `vigie search is:changed` "
                "lists those with more."
            )
        if as_json:
            print_json(found)
        elif found and html:
            _write(found, held, html, language)
        elif found:
            _show(found, held)


def _compare(held: Held, article: int, first: str | None, last: str | None) -> Difference | None:
    """Return the difference that was asked for, None where there is one version alone."""
    versions = held.store.version_times(article)
    if len(versions) == 1 and first is None and last is None:
        return None
    now, zone = utc_now(), ZoneInfo(held.timezone)
    newer = versions[-1]
    if last is not None:
        newer = choose_version(versions, last, "--to", now=now, zone=zone)
    older = versions[max(0, versions.index(newer) - 1)]
    if first is not None:
        older = choose_version(versions, first, "--from", now=now, zone=zone)
    found = compare_versions(held.store.version(older.id), held.store.version(newer.id))
    return msgspec.structs.replace(
        found, from_capture=_capture(held, older), to_capture=_capture(held, newer)
    )


def _capture(held: Held, version: VersionTime) -> str:
    capture = held.store.version_capture(version.id)
    return "" if capture is None else capture.sha256


def _write(found: Difference, held: Held, to: Path, language: str | None) -> None:
    """Write a difference as a page, for its owner alone."""
    from app.diff_pages import render_difference
    from app.exporting.writing import open_output

    page = render_difference(
        found,
        held.store.article(found.article).current.reading,
        affair=held.config.affair.name,
        timezone=held.timezone,
        language=language or held.config.affair.languages[0],
        now=utc_now(),
    )
    with open_output(to) as out:
        out.write(page.encode("utf-8"))
    if str(to) != "-":
        note(f"Written to {to}, readable by you alone.")


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
            state = "" if is_changed(pieces) else " (same)"
            click.echo(_wrapped(f"{label}{state}: {_marked(pieces)}", text_width()))
    click.echo("\n".join(["", *_text_lines(found.text)]))


def _summary(found: Difference) -> str:
    """Return which parts changed, in a few words."""
    if found.from_version == found.to_version:
        return "one and the same version: nothing to compare"
    if not found.what:
        return "nothing changed but commas, spaces, case or counters"
    return f"{say(f'change_{found.what}', 'en')} {say_parts(', '.join(found.changed), 'en')}"


def _text_lines(blocks: tuple[Block, ...]) -> Iterator[str]:
    if not any(block.changed for block in blocks):
        yield "text: the same in both versions"
        return
    width = text_width()
    for block in blocks:
        if block.changed:
            for paragraph in _marked(block.pieces).split("\n"):
                yield _wrapped(paragraph, width)
        else:
            number = len(block.pieces[0].text.split("\n"))
            yield f"    … {count(number, 'paragraph')} unchanged …"
        yield ""


def _marked(pieces: tuple[Piece, ...]) -> str:
    return "".join(_mark(piece) for piece in pieces)


def _mark(piece: Piece) -> str:
    """Return a piece between its marks; each paragraph of it has its own.

    A backslash stands before signs like ours that a site wrote.
    """
    start, end = MARKS[piece.op]
    lines = _FORGED.sub(r"\\\g<0>", printable(piece.text)).split("\n")
    return "\n".join(f"{start}{line}{end}" if line else "" for line in lines)


def _wrapped(text: str, width: int) -> str:
    """Return lines as wide as texts are printed, coloured last: colours have a length too."""
    if len(text) > width:
        lines = textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)
        text = "\n".join(lines)
    return _MARKED.sub(_coloured, text)


def _coloured(found: re.Match[str]) -> str:
    return click.style(found[0], fg="red" if found[0].startswith("[-") else "green")
