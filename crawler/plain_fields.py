"""How the usual elements of RSS, Atom and RDF items are read: as feedparser reads them.

Each format is a `Shape`. What stands in none of them is not read here, and neither is anything
but the text and the few attributes that a `Field` names. Two things are read that feedparser loses:
the text of a link that has a `uri` beside it, and what stands in tags of HTML in a name, a GUID, a
date or a link.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import msgspec
from feedparser.html import _cp1252
from feedparser.mixin import _FeedParserMixin

Item = dict[str, Any]
"""An item as feedparser gives it, with the keys that `feeds` asks for."""

_ATOM, DC = "http://www.w3.org/2005/Atom", "http://purl.org/dc/elements/1.1/"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
_MEDIA = "http://search.yahoo.com/mrss/"
_RDF, RSS1 = "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "http://purl.org/rss/1.0/"
_NO_MATTER = frozenset({
    f"{DC} subject", f"{DC} identifier",
    f"{_MEDIA} content", f"{_MEDIA} thumbnail", f"{_MEDIA} credit",
    "http://purl.org/rss/1.0/modules/slash/ comments",
    "http://wellformedweb.org/CommentAPI/ commentRss",
    "com-wordpress:feed-additions:1 post-id",
})  # fmt: skip
MARKUP = frozenset("a b div em font i p small span strong u".split())
"""Tags of HTML that some write round the name of an author, a GUID or a date."""

_SPARE_SLASHES = re.compile(r"^([A-Za-z][A-Za-z0-9+-.]*://)/+")
_BETWEEN = re.compile("[\x80-\x9f]")
_BROKEN_ENTITY = re.compile("&([A-Za-z0-9_]+);")

Attributes = Mapping[str, str]
Read = Callable[[Item, str, Attributes], None]


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """An element that is read: how, what it may say beside its text, and how often it may come.

    One that `is_bare` holds text alone; tags of HTML in it are passed over.
    """

    name: str
    read: Read
    attributes: Mapping[str, frozenset[str] | None] = {}
    needs: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()
    is_single: bool = True
    is_bare: bool = False

    def allows(self, attributes: Attributes) -> bool:
        """Tell whether what is needed is said and nothing that is not read; None is any value."""
        if not self.needs <= attributes.keys():
            return False
        for name, value in attributes.items():
            values = self.attributes.get(name, frozenset())
            if values is not None and value not in values:
                return False
        return True


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """A format: the elements around an item, its own, those read in it, and those that may be.

    `about` is the attribute that names an item, where there is one.
    """

    around: tuple[str, ...]
    item: str
    fields: dict[str, Field]
    no_matter: frozenset[str]
    about: str = ""


def _read_link(item: Item, text: str, said: Attributes) -> None:
    # feedparser takes `uri` for the address of the page, whatever its scheme, before the text
    href = _mend(_without_spare_slashes(text or said.get("uri", "")))
    href = _BROKEN_ENTITY.sub(r"&\g<1>", href.replace("&amp;", "&")) if "&" in href else href
    item["link"] = href
    item["links"].append({"rel": "alternate", "href": href or None})


def _read_atom_link(item: Item, text: str, said: Attributes) -> None:
    rel = said.get("rel", "alternate").lower()
    href = _without_spare_slashes(said["href"])
    item["links"].append({"rel": rel, "href": href})
    kind = said.get("type", "text/html").lower()
    if rel == "alternate" and kind in {"text/html", "html", "application/xhtml+xml", "xhtml"}:
        item["link"] = href


def _read_enclosure(item: Item, text: str, said: Attributes) -> None:
    item["links"].append({"rel": "enclosure", "href": said.get("url")})


def _read_guid(item: Item, text: str, said: Attributes) -> None:
    if said.get("isPermaLink", "true") == "true":
        item["id"] = _mend(_without_spare_slashes(text))
        item.setdefault("link", item["id"])
    else:
        item["id"] = _mend(text)


def _read_title(item: Item, text: str, said: Attributes) -> None:
    kind = "text/html" if _FeedParserMixin.looks_like_html(text) else "text/plain"
    item["title"] = _mend(text)
    item["title_detail"] = {"type": kind, "value": item["title"]}


def _read_description(item: Item, text: str, said: Attributes) -> None:
    item["summary"] = _mend(text)
    item["summary_detail"] = {"type": "text/html", "value": item["summary"]}


def _read_content(item: Item, text: str, said: Attributes) -> None:
    item["content"] = [{"type": "text/html", "value": _mend(text)}]


def _read_atom_title(item: Item, text: str, said: Attributes) -> None:
    item["title"] = _mend(text)
    item["title_detail"] = {"type": _kind(said), "value": item["title"]}


def _read_atom_summary(item: Item, text: str, said: Attributes) -> None:
    item["summary"] = _mend(text)
    item["summary_detail"] = {"type": _kind(said), "value": item["summary"]}


def _read_atom_content(item: Item, text: str, said: Attributes) -> None:
    _read_content(item, text, said)
    item["content"][0]["type"] = _kind(said)


def _read_atom_author(item: Item, text: str, said: Attributes) -> None:
    name, email = said.get(f"{_ATOM} name"), said.get(f"{_ATOM} email")
    item["author"] = f"{name} ({email})" if name and email else name or email or _mend(text)


def _reader_of(key: str) -> Read:
    def read(item: Item, text: str, said: Attributes) -> None:
        item[key] = _mend(text)

    return read


def _kind(said: Attributes) -> str:
    return "text/html" if said.get("type") in {"html", "text/html"} else "text/plain"


def _without_spare_slashes(address: str) -> str:
    return _SPARE_SLASHES.sub(r"\1", address) if ":///" in address else address


def _mend(text: str) -> str:
    """Return text as it was before it was taken for Latin-1 or Windows-1252."""
    if text.isascii():
        return text
    with suppress(UnicodeError):
        text = text.encode("iso-8859-1").decode("utf-8")
    # looked for first: to translate takes ten times as long
    if _BETWEEN.search(text) is None:
        return text
    fixed: str = text.translate(_cp1252)
    return fixed


_KINDS = {"type": frozenset({"text", "html", "text/plain", "text/html"})}
_LINK = {"href": None, "rel": None, "type": None, "title": None, "hreflang": None, "length": None}
_AUTHOR = Field(name="author", read=_reader_of("author"), is_bare=True)
_DATE = Field(name="updated", read=_reader_of("updated"), is_bare=True)

_RSS_FIELDS = {
    "title": Field(name="title", read=_read_title),
    "link": Field(name="link", read=_read_link, attributes={"uri": None}, is_bare=True),
    "guid": Field(name="guid", read=_read_guid, attributes={"isPermaLink": None}, is_bare=True),
    "pubDate": Field(name="published", read=_reader_of("published"), is_bare=True),
    "description": Field(name="description", read=_read_description),
    "author": _AUTHOR,
    f"{DC} creator": _AUTHOR,
    f"{DC} date": _DATE,
    f"{CONTENT} encoded": Field(name="content", read=_read_content),
    "enclosure": Field(
        name="enclosure",
        read=_read_enclosure,
        attributes={"url": None, "type": None, "length": None},
        is_single=False,
    ),
}
_ATOM_FIELDS = {
    "title": Field(name="title", read=_read_atom_title, attributes=_KINDS),
    "link": Field(
        name="link",
        read=_read_atom_link,
        attributes=_LINK,
        needs=frozenset({"href"}),
        is_single=False,
    ),
    "id": Field(name="guid", read=_read_guid),
    "published": Field(name="published", read=_reader_of("published")),
    "updated": _DATE,
    "summary": Field(name="summary", read=_read_atom_summary, attributes=_KINDS),
    "content": Field(name="content", read=_read_atom_content, attributes=_KINDS),
    "author": Field(
        name="author",
        read=_read_atom_author,
        parts=frozenset({f"{_ATOM} name", f"{_ATOM} email", f"{_ATOM} uri"}),
    ),
}
ATOM_SHAPE = Shape(
    around=(f"{_ATOM} feed",),
    item=f"{_ATOM} entry",
    fields={f"{_ATOM} {name}": field for name, field in _ATOM_FIELDS.items()},
    no_matter=_NO_MATTER | {f"{_ATOM} category"},
)
SHAPES = (
    Shape(
        around=("rss", "channel"),
        item="item",
        fields=_RSS_FIELDS,
        no_matter=_NO_MATTER | {"category", "comments"},
    ),
    ATOM_SHAPE,
    Shape(
        around=(f"{_RDF} RDF",),
        item=f"{RSS1} item",
        fields={f"{RSS1} {name}": _RSS_FIELDS[name] for name in ("title", "link", "description")}
        | {name: field for name, field in _RSS_FIELDS.items() if " " in name},
        no_matter=_NO_MATTER,
        about=f"{_RDF} about",
    ),
)
