"""What differs between two versions of an article: headline, byline, date and text apart.

It prints nothing.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from app.comparing import Block, Op, Piece, compare_texts, compare_words
from model.article import Reading, Version
from model.errors import ConfigError
from model.moments import parse_moment
from model.plurals import count
from store.edits import find_edit
from store.versions import VersionTime

YEAR = 4


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """Two versions of an article, part by part; `published_at` is what each of them says.

    `what` and `changed` are those of an `Edit`, empty where nothing counts as a change. The
    captures are the SHA-256 of the bytes a version was read from, empty where none were kept.
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
    from_capture: str = ""
    to_capture: str = ""


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


def choose_version(
    versions: Sequence[VersionTime], typed: str, option: str, *, now: datetime, zone: ZoneInfo
) -> VersionTime:
    """Return the version of a number, or the one that stood at a moment.

    A day or a longer time is taken at its start for `--from`, or at the first version seen within
    it, and at its end for `--to`. Raises ConfigError with a sentence.
    """
    bare = typed.strip()
    # four digits are a year, unless there are so many versions
    if re.fullmatch(r"[0-9]{1,9}", bare) and (len(bare) != YEAR or int(bare) <= len(versions)):
        return _numbered(versions, int(bare), option)
    is_end = option == "--to"
    try:
        at = parse_moment(typed, now=now, zone=zone, is_end=is_end)
        latest = at if is_end else parse_moment(typed, now=now, zone=zone, is_end=True)
    except ValueError as error:
        sentence = f"{option} {typed!r}: give a version's number, or a moment; {error}"
        raise ConfigError(sentence) from error
    standing = [version for version in versions if version.seen_at <= at]
    if standing:
        return standing[-1]
    first = versions[0]
    if first.seen_at <= latest:
        return first
    seen = f"{first.seen_at.astimezone(zone):%Y-%m-%d %H:%M}"
    raise ConfigError(f"{option} {typed}: nothing was held of this article before {seen}")


def _numbered(versions: Sequence[VersionTime], number: int, option: str) -> VersionTime:
    for version in versions:
        if version.number == number:
            return version
    raise ConfigError(f"{option} {number}: this article has {count(len(versions), 'version')}")


def is_changed(pieces: tuple[Piece, ...]) -> bool:
    """Tell whether anything came or went."""
    return any(piece.op is not Op.SAME for piece in pieces)
