"""The invented articles, read from their files: what is published and what is true of it.

The server shows them and tests compare with them. It never changes a file, and a file it cannot
read is refused by name rather than left out.
"""

import re
import tomllib
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import msgspec

from model.errors import InputError

ARTICLES = Path(__file__).parent / "articles"

FENCE = "+++"
EDIT_MARK = ".v"
WRAPPING = re.compile(r"[ \t\r\n]+")
# An article dated after the press's whole life carries a wrong date: it is listed from here on.
MISDATED_AFTER = datetime(2025, 1, 1, tzinfo=UTC)
MISDATED_LISTED_AT = datetime(2024, 6, 1, tzinfo=UTC)

Moment = Annotated[datetime, msgspec.Meta(tz=True)]
Block = tuple[Literal["p", "h2"], str]


class Edit(msgspec.Struct, frozen=True, kw_only=True):
    """What replaces an article's words from `seen_from` on, said or in silence."""

    seen_from: datetime
    title: str
    summary: str
    body: str
    modified: datetime | None = None


class PressArticle(msgspec.Struct, frozen=True, kw_only=True):
    """One invented article and the truth about it.

    `events` are the ids of the affair's events that it tells; `copy_of` is the `key` of the
    article it repeats in the way that `copy` says; `guid` is what its feed gives, when that is
    not its address.
    """

    host: str
    slug: str
    title: str
    authors: tuple[str, ...]
    published: Moment
    lang: Literal["fr", "en"]
    path: str
    section: str
    summary: str
    affair: bool
    body: str
    events: tuple[str, ...] = ()
    modified: Moment | None = None
    copy_of: str | None = None
    copy: Literal["agency", "rewrite", "translation", "excerpt"] | None = None
    guid: str | None = None
    wall: Literal["paywall", "consent", "captcha"] | None = None
    removed_at: Moment | None = None
    edits: tuple[Edit, ...] = ()

    @property
    def key(self) -> str:
        """Return `<host without .example>/<slug>`, by which other articles name this one."""
        return f"{self.host.removesuffix('.example')}/{self.slug}"

    @property
    def url(self) -> str:
        """Return its one canonical address."""
        return f"http://{self.host}{self.path}"

    @property
    def listed_at(self) -> datetime:
        """Return when it appears, which a wrong date does not put off for ever."""
        return MISDATED_LISTED_AT if self.published > MISDATED_AFTER else self.published

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Return the body's paragraphs and subheadings in order."""
        return tuple(_block(part) for part in self.body.split("\n\n"))

    def at(self, now: datetime) -> "PressArticle":
        """Return it as it reads at `now`, with the edits made until then."""
        article = self
        for edit in self.edits:
            if edit.seen_from <= now:
                article = msgspec.structs.replace(
                    article,
                    title=edit.title,
                    summary=edit.summary,
                    body=edit.body,
                    modified=edit.modified,
                )
        return article

    def is_gone(self, now: datetime) -> bool:
        """Return whether it has been taken down by `now`."""
        return self.removed_at is not None and self.removed_at <= now

    def is_listed(self, now: datetime) -> bool:
        """Return whether its site lists and serves it at `now`."""
        return self.listed_at <= now and not self.is_gone(now)

    def touched_at(self, now: datetime) -> datetime:
        """Return when what is shown at `now` was put there."""
        return max([self.listed_at, *(e.seen_from for e in self.edits if e.seen_from <= now)])


class _Written(NamedTuple):
    """One file: its article, and since when an edit of it is seen."""

    path: Path
    article: PressArticle
    seen_from: datetime | None


def load_articles(folder: Path = ARTICLES) -> tuple[PressArticle, ...]:
    """Return every article under `folder`, by site, the oldest first.

    Raises InputError with the file's name when one cannot be used.
    """
    if folder == ARTICLES:
        return _load_shipped()
    return _load(folder)


@cache
def _load_shipped() -> tuple[PressArticle, ...]:
    return _load(ARTICLES)


def _load(folder: Path) -> tuple[PressArticle, ...]:
    written = [_read(path) for path in sorted(folder.glob("*/*.md"))]
    edits = [one for one in written if EDIT_MARK in one.path.stem]
    firsts = [one for one in written if EDIT_MARK not in one.path.stem]
    _refuse_strays(edits, {one.article.key for one in firsts})
    articles = [_with_edits(one.article, edits) for one in firsts]
    _refuse_conflicts(firsts)
    return tuple(sorted(articles, key=lambda article: (article.host, article.listed_at)))


def _read(path: Path) -> _Written:
    try:
        fields, body = _split(path.read_text(encoding="utf-8"))
        seen_from = fields.pop("seen_from", None)
        slug = path.stem.split(EDIT_MARK)[0]
        fields |= {"host": f"{path.parent.name}.example", "slug": slug, "body": body}
        _refuse_unknown(fields)
        return _Written(path, msgspec.convert(fields, PressArticle), seen_from)
    except (ValueError, OSError) as error:
        raise InputError(str(path), None, str(error)) from error


def _split(text: str) -> tuple[dict[str, Any], str]:
    before, fence, rest = text.partition(FENCE)
    front, second_fence, body = rest.partition(FENCE)
    if before.strip() or not fence or not second_fence:
        raise ValueError("it must begin with TOML between two +++ lines")
    if not body.strip():
        raise ValueError("it has no text after its second +++ line")
    return tomllib.loads(front), "\n\n".join(_paragraphs(body))


def _paragraphs(body: str) -> list[str]:
    """Return the paragraphs, each on one line; no-break spaces stay as they are."""
    parts = (WRAPPING.sub(" ", part).strip(" ") for part in re.split(r"\n[ \t]*\n", body.strip()))
    return [part for part in parts if part]


def _block(part: str) -> Block:
    return ("h2", part.removeprefix("## ")) if part.startswith("## ") else ("p", part)


def _refuse_unknown(fields: dict[str, Any]) -> None:
    unknown = fields.keys() - set(PressArticle.__struct_fields__) | fields.keys() & {"edits"}
    if unknown:
        raise ValueError(f"unknown key {', '.join(sorted(unknown))}")


def _refuse_strays(edits: Iterable[_Written], keys: set[str]) -> None:
    for one in edits:
        if one.seen_from is None:
            raise InputError(str(one.path), None, "an edit needs seen_from")
        if one.article.key not in keys:
            raise InputError(str(one.path), None, "it edits an article that is not there")


def _refuse_conflicts(firsts: list[_Written]) -> None:
    keys = {one.article.key for one in firsts}
    urls: dict[str, Path] = {}
    for path, article, seen_from in firsts:
        if seen_from is not None:
            raise InputError(str(path), None, "seen_from belongs in an edit (<slug>.v2.md)")
        if (article.copy is None) != (article.copy_of is None):
            raise InputError(str(path), None, "copy and copy_of go together")
        if article.copy_of is not None and article.copy_of not in keys:
            raise InputError(str(path), None, f"copy_of names no article: {article.copy_of}")
        if not article.path.startswith("/"):
            raise InputError(str(path), None, "path must begin with /")
        if urls.setdefault(article.url, path) is not path:
            raise InputError(str(path), None, f"same path as {urls[article.url].name}")


def _with_edits(article: PressArticle, written: Iterable[_Written]) -> PressArticle:
    edits = [_edit(one) for one in written if one.article.key == article.key]
    if not edits:
        return article
    ordered = sorted(edits, key=lambda edit: edit.seen_from)
    return msgspec.structs.replace(article, edits=tuple(ordered))


def _edit(one: _Written) -> Edit:
    if one.seen_from is None:
        raise InputError(str(one.path), None, "an edit needs seen_from")
    new = one.article
    return Edit(
        seen_from=one.seen_from,
        title=new.title,
        summary=new.summary,
        body=new.body,
        modified=new.modified,
    )
