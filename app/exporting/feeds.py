"""Articles as feeds: Atom (RFC 4287) and JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/).

An entry's id is made of the first address that an article was known by: no restart, other host,
or later address changes it. It opens no file and asks the store nothing.
"""

import shutil
from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape
from tempfile import SpooledTemporaryFile
from typing import BinaryIO

import msgspec
from lxml import etree
from lxml.builder import ElementMaker

from app.exporting.citing import one_line
from app.exporting.text import fit, lasting_id, paragraphs
from crawler import AGENT, PROGRAM
from store.exports import Exported
from web.article import is_web

ATOM = "http://www.w3.org/2005/Atom"
JSON_FEED = "https://jsonfeed.org/version/1.1"
MAX_LINE = 1_000
IN_MEMORY_BYTES = 8 * 1024 * 1024

_E = ElementMaker(namespace=ATOM, nsmap={None: ATOM})
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class FeedFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a feed says of itself; `made_at` dates one that lists nothing."""

    affair: str
    asked: str
    made_at: datetime

    @property
    def title(self) -> str:
        """Return the affair and what was asked of it."""
        return one_line(f"{self.affair}: {self.asked}" if self.asked else self.affair, MAX_LINE)

    @property
    def id(self) -> str:
        """Return what tells this feed apart."""
        return lasting_id("feed", self.affair, self.asked).urn


def write_atom(articles: Iterable[Exported], facts: FeedFacts, out: BinaryIO) -> None:
    """Write one entry an article; the feed is as new as the newest of them."""
    updated = ""
    with SpooledTemporaryFile(max_size=IN_MEMORY_BYTES) as entries:
        for article in articles:
            updated = max(updated, _spell(article.seen_at))
            entries.write(etree.tostring(_entry(article), encoding="utf-8") + b"\n")
        entries.seek(0)
        head, end = _feed(facts, updated or _spell(facts.made_at))
        out.write(head)
        shutil.copyfileobj(entries, out)
        out.write(end)


def _feed(facts: FeedFacts, updated: str) -> tuple[bytes, bytes]:
    """Return what stands before the entries and behind them."""
    feed = _E.feed(
        _E.id(facts.id),
        _E.title(facts.title),
        _E.updated(updated),
        # whoever signs an article signs its entry: this one is for a feed without any
        _E.author(_E.name(AGENT)),
        _E.generator(PROGRAM),
        "\n",
    )
    written = etree.tostring(feed, encoding="utf-8", xml_declaration=True)
    end = b"</feed>"
    return written.removesuffix(end), end + b"\n"


def _entry(article: Exported) -> etree._Element:
    updated = _spell(article.seen_at)
    entry = _E.entry(
        _E.id(_id(article)),
        _E.title(_title(article)),
        _E.updated(updated),
        *(_E.author(_E.name(name)) for name in _authors(article)),
        *(_E.category(term=name) for name in _lines(article.entities)),
    )
    if published := _published(article):
        entry.append(_E.published(published))
    if is_web(article.url):
        entry.append(_E.link(rel="alternate", href=_line(article.url)))
    if summary := fit(article.summary).strip():
        entry.append(_E.summary(summary, type="text"))
    origin = lasting_id("site", article.site).urn
    entry.append(_E.source(_E.id(origin), _E.title(_line(article.outlet)), _E.updated(updated)))
    entry.append(_E.content(paragraphs(article.text), type="html"))
    if lang := _line(article.lang):
        entry.set(_LANG, lang)
    return entry


class JsonFeedItem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One item of a JSON Feed; `_vigie` holds what the format has no name for."""

    id: str
    content_html: str
    url: str | None = None
    title: str | None = None
    summary: str | None = None
    date_published: str | None = None
    date_modified: str | None = None
    authors: list[dict[str, str]] = []
    tags: list[str] = []
    language: str | None = None
    vigie: dict[str, str | None] = msgspec.field(default_factory=dict, name="_vigie")


def write_json_feed(articles: Iterable[Exported], facts: FeedFacts, out: BinaryIO) -> None:
    """Write one item an article, each on its own line."""
    encode = msgspec.json.encode
    head = {"version": JSON_FEED, "title": facts.title, "authors": [{"name": AGENT}]}
    out.write(encode(head).removesuffix(b"}") + b',"items":[')
    for number, article in enumerate(articles):
        out.write((b",\n" if number else b"\n") + encode(_item(article)))
    out.write(b"\n]}\n")


def _item(article: Exported) -> JsonFeedItem:
    return JsonFeedItem(
        id=_id(article),
        url=_line(article.url) if is_web(article.url) else None,
        title=_title(article),
        # one of the two contents must be there, also of an article without a text
        content_html=paragraphs(article.text) or f"<p>{escape(_title(article))}</p>",
        summary=fit(article.summary).strip() or None,
        date_published=_published(article),
        date_modified=_spell(article.seen_at),
        authors=[{"name": name} for name in _authors(article)],
        tags=_lines(article.entities),
        language=_line(article.lang) or None,
        vigie={
            "about": "https://www.jsonfeed.org/version/1.1/#extensions",
            "outlet": _line(article.outlet),
            "first_seen_at": _spell(article.first_seen_at),
            "text_sha256": article.text_sha256,
            "capture_sha256": article.capture_sha256,
        },
    )


def _published(article: Exported) -> str | None:
    """Return when an article was published; a date to come would pin it to a reader's top."""
    if article.published_at is None or article.dated_in_future:
        return None
    return _spell(article.published_at)


def _id(article: Exported) -> str:
    """Return the id of an article: of its first address, which later ones do not displace."""
    first = article.addresses[0] if article.addresses else article.url
    return lasting_id("article", first).urn


def _authors(article: Exported) -> list[str]:
    """Return who signs an article, or else its outlet: an entry has an author."""
    return _lines(article.authors) or _lines((article.outlet, article.site, AGENT))[:1]


def _title(article: Exported) -> str:
    return _line(article.title) or _line(article.url)


def _lines(texts: Iterable[str]) -> list[str]:
    return [line for text in texts if (line := _line(text))]


def _line(text: str) -> str:
    return fit(one_line(text, MAX_LINE))


def _spell(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")
