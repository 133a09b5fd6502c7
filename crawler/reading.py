"""From the bytes of one response to a `Reading`.

It never opens a connection, and it never passes a wall off as an article.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import msgspec
from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from crawler.addresses import canonical_or_same, canonical_url, site_of
from crawler.authors import choose_authors, clean_authors
from crawler.binary import binary_kind
from crawler.body import Body, extract_body
from crawler.body_context import Context, make_context
from crawler.charsets import Decoded, decode_html
from crawler.declared import Declared, read_declared
from crawler.documents import is_document, read_document
from crawler.removals import find_notice, refuse_removed, removal
from crawler.selectors import NOTHING, Selected, select
from crawler.site_memory import SiteMemory, Trace
from crawler.times import Dating, Moment, date_page, parse_time, zone_of
from crawler.titles import choose_title
from crawler.walls import find_wall
from model.article import Access, Image, Reading
from model.capture import Response
from model.errors import CrawlError, ExtractError
from model.plurals import count
from model.source import DateSource, Entry, Selectors

_LANG = re.compile(r"[a-z]{2,3}")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r")
_NEVER_SHOWN = ("script", "style", "template", "svg", "iframe", "canvas", "select")
# lxml.html asks a Python function for the class of every element it hands out: a tenth of the time
_ELEMENTS = etree.ElementDefaultClassLookup(element=HtmlElement)
_MAX_TAG = 8000
_OPEN_TAG = re.compile(rf"<[^<>]{{{_MAX_TAG}}}")
_LONG_TAG = re.compile(rf"<([A-Za-z][\w:-]{{0,40}})[^<>]{{{_MAX_TAG},}}>")
_MAX_ATTRIBUTES = 1000
MAX_CHARS = 2_000_000
"""A report of parliament on one page has a million characters.

The names in a text are sought outside the worker: 19 million characters that were one watched
name again and again took 29 s and 3.7 GB there.
"""

_MIN_CHARS = 40
NAMELESS = "urn:"
"""How the address of a page from a file begins that does not say where it was found."""


class Traced(msgspec.Struct, frozen=True):
    """A reading, and what its page showed that `sites.remember` may learn from."""

    reading: Reading
    trace: Trace


def read_page(response: Response, entry: Entry | None = None) -> Reading:
    """Return what a response says, by the type its bytes show.

    Raises ExtractError when it holds no article; its state is `soft_block` for a wall and
    `removed` where the page says that it was taken down.
    """
    return read_traced(response, entry).reading


def read_traced(
    response: Response,
    entry: Entry | None = None,
    *,
    memory: SiteMemory | None = None,
    selectors: Selectors | None = None,
) -> Traced:
    """Return what a response says, read with what is known of its site, and what it showed.

    `memory` is what the other pages of the site showed, `selectors` are those of its source; one
    that chooses nothing is named in `details["selector_missed"]`. Raises as `read_page`.
    """
    if not 200 <= response.status < 300:
        raise ExtractError(response.final_url, f"it answered with status {response.status}")
    if is_document(response.body):
        return Traced(read_document(response.body, response.final_url, entry=entry), Trace(b""))
    traced = _trace_html(
        response.body,
        response.final_url,
        headers=response.headers,
        entry=entry,
        seen_at=response.fetched_at,
        memory=memory,
        selectors=selectors,
    )
    return Traced(_with_address(traced.reading, response.url), traced.trace)


def read_html(
    html: str | bytes,
    url: str,
    *,
    headers: Sequence[tuple[str, str]] = (),
    entry: Entry | None = None,
    seen_at: datetime | None = None,
) -> Reading:
    """Return what a page says: its body, weighed with what it declares about itself.

    Raises ExtractError when it holds no article; its state is `soft_block` for a wall.
    """
    return _trace_html(html, url, headers=headers, entry=entry, seen_at=seen_at).reading


def _trace_html(
    html: str | bytes,
    url: str,
    *,
    headers: Sequence[tuple[str, str]],
    entry: Entry | None,
    seen_at: datetime | None,
    memory: SiteMemory | None = None,
    selectors: Selectors | None = None,
) -> Traced:
    decoded = _decode(html, url, headers)
    tree = parse_tree(decoded.text, url)
    selected = select(tree, selectors) if selectors else NOTHING
    declared = read_declared(tree, url, has_microdata="itemprop" in decoded.text)
    url = _own_address(declared) or url if url.startswith(NAMELESS) else url
    lang = _lang(declared, entry)
    zone = zone_of(url, lang)
    site_names = _site_names(declared, url)
    title = selected.title or choose_title(declared, entry, site_names)
    moment = parse_time(selected.published, zone)
    found = date_page(tree, declared, url, entry=entry, seen_at=seen_at, zone=zone)
    dating = _dated(found, moment)
    signed = clean_authors(selected.authors, site_names)
    authors = signed or choose_authors(tree, declared, entry, site_names)
    canonical = _canonical(declared, url)
    context = _context(declared, title, authors, canonical, memory, selected)
    body = extract_body(_without_code(tree), context)
    is_declared = _is_declared(declared, dating)
    notice = refuse_removed(tree, url, (title, declared.title), body.text)
    _refuse_walls(tree, url, (title, declared.title), body, is_declared=is_declared)
    _refuse_length(url, body, is_chosen=bool(selected.body))
    reading = Reading(
        url=url,
        canonical_url=canonical,
        title=title,
        text=body.text,
        authors=authors,
        summary=_summary(declared, entry),
        published_at=dating.published.at if dating.published else None,
        published_precision=dating.published.precision if dating.published else "second",
        date_source=dating.source,
        modified_at=dating.modified_at,
        lang=lang,
        site=site_of(url),
        access=_access(declared, body),
        images=_images(declared, url),
        other_urls=_other_urls(declared, url),
        details=_details(decoded, site_names, selected.missed_with(moment, signed)) | notice,
    )
    return Traced(reading, body.trace)


def _dated(dating: Dating, chosen: Moment | None) -> Dating:
    """Return the dating with the time that a selector chose, when it is one."""
    if chosen is None:
        return dating
    return msgspec.structs.replace(dating, published=chosen, source=DateSource.TEXT)


def _without_code(tree: HtmlElement) -> HtmlElement:
    """Take out of the tree what is never shown, once the declarations in it are read."""
    etree.strip_elements(tree, *_NEVER_SHOWN, with_tail=False)
    return tree


def parse_tree(text: str, url: str) -> HtmlElement:
    """Return the parsed page; raises ExtractError when there is nothing to parse."""
    cleaned = _XML_DECLARATION.sub("", text)
    if _OPEN_TAG.search(cleaned):
        cleaned = _LONG_TAG.sub(_bounded_tag, cleaned)
    parser = HTMLParser(
        encoding="utf-8",
        collect_ids=False,
        default_doctype=False,
        remove_comments=True,
        remove_pis=True,
    )
    parser.set_element_class_lookup(_ELEMENTS)
    try:
        return document_fromstring(
            cleaned.encode("utf-8", "replace").translate(None, _CONTROLS), parser=parser
        )
    except (etree.LxmlError, ValueError) as error:
        raise ExtractError(url, "the page is empty or cannot be parsed") from error


def _bounded_tag(tag: re.Match[str]) -> str:
    """Return a tag without its attributes when it has thousands: parsing them is quadratic."""
    is_hostile = tag[0].count("=") + tag[0].count(" ") > _MAX_ATTRIBUTES
    return f"<{tag[1]}>" if is_hostile else tag[0]


def _decode(html: str | bytes, url: str, headers: Sequence[tuple[str, str]]) -> Decoded:
    if isinstance(html, str):
        return Decoded(text=html, charset="utf-8", source="text")
    if kind := binary_kind(html):
        raise ExtractError(url, f"it is {kind}, not a page")
    content_type = next((value for key, value in headers if key.lower() == "content-type"), None)
    return decode_html(html, content_type)


def _with_address(reading: Reading, asked: str) -> Reading:
    """Return the reading found at the address asked for, whatever the redirects."""
    if asked == reading.url:
        return reading
    return msgspec.structs.replace(reading, url=asked)


def _context(
    declared: Declared,
    title: str,
    authors: Sequence[str],
    canonical: str,
    memory: SiteMemory | None,
    selected: Selected,
) -> Context:
    headline = declared.article.get("headline")
    titles = [title, declared.meta("og:title"), *declared.headings]
    if isinstance(headline, str):
        titles.append(headline)
    microdata = declared.microdata.get("articleBody", ("",))
    return make_context(
        titles,
        authors,
        declared.article.get("articleBody") or microdata[0],
        _summaries(declared),
        address=canonical,
        memory=memory,
        chosen=selected.body,
    )


def _summaries(declared: Declared) -> tuple[str, ...]:
    """Return all that a page declares to sum it up."""
    names = ("og:description", "description", "twitter:description")
    described = (declared.article.get(key) for key in ("description", "alternativeHeadline"))
    texts = (*described, *(declared.meta(name) for name in names))
    return tuple(text for text in texts if isinstance(text, str) and text)


def _is_declared(declared: Declared, dating: Dating) -> bool:
    """Tell whether a page says it is an article and when it was published."""
    is_article = bool(declared.article) or declared.meta("og:type").lower() == "article"
    return is_article and dating.source in {DateSource.JSON_LD, DateSource.META}


def _refuse_walls(
    tree: HtmlElement, url: str, titles: Sequence[str], body: Body, *, is_declared: bool
) -> None:
    page_text = "" if len(body.text) > 1000 else _shown_text(tree)
    if wall := find_wall(titles, body.text, page_text, is_cut=body.is_cut, is_declared=is_declared):
        if sentence := find_notice(body.text):
            raise removal(url, sentence)
        raise ExtractError(url, f"the page shows {wall} in place of an article", "soft_block")


def _refuse_length(url: str, body: Body, *, is_chosen: bool) -> None:
    """Raise ExtractError for too little or too much text; a chosen part may be a few words."""
    if len(body.text) > MAX_CHARS:
        raise ExtractError(url, f"its text is longer than {MAX_CHARS:,} characters")
    if len(body.text) < (1 if is_chosen else _MIN_CHARS):
        found = count(len(body.text), "character")
        raise ExtractError(url, f"only {found} of text found on the page")


def _shown_text(tree: HtmlElement) -> str:
    parts = tree.xpath(
        "//body//text()[not(ancestor::script or ancestor::style or ancestor::noscript)]"
    )
    return " ".join(part.strip() for part in parts[:2000] if part.strip())


def _lang(declared: Declared, entry: Entry | None) -> str | None:
    node = declared.article.get("inLanguage")
    named = node.get("alternateName") if isinstance(node, dict) else node
    for value in (
        declared.lang,
        named,
        declared.meta("og:locale", "content-language", "language"),
        entry.lang if entry else None,
    ):
        if isinstance(value, str) and (found := _LANG.match(value.strip().lower())):
            return found[0][:2]
    return None


def _site_names(declared: Declared, url: str) -> tuple[str, ...]:
    host = site_of(url)
    publisher = declared.article.get("publisher")
    names = [
        declared.meta("og:site_name"),
        _name_of(publisher),
        declared.meta("application-name", "apple-mobile-web-app-title", "twitter:site").lstrip("@"),
        host,
        host.rsplit(".", 1)[0],
        host.split(".")[-2] if host.count(".") else "",
    ]
    return tuple(dict.fromkeys(name.strip() for name in names if name and len(name) > 1))


def _name_of(node: Any) -> str:
    if isinstance(node, list):
        return _name_of(node[0]) if node else ""
    if isinstance(node, Mapping):
        node = node.get("name")
    return node if isinstance(node, str) else ""


def _own_address(declared: Declared) -> str | None:
    """Return the web address a page without one declares."""
    for value in (declared.links.get("canonical"), declared.meta("og:url")):
        if value and urlsplit(value.strip()).scheme in {"http", "https"}:
            return value.strip()
    return None


def _canonical(declared: Declared, url: str) -> str:
    """Return the address the page declares when it lies on the same site, else its own."""
    for value in (declared.links.get("canonical"), declared.meta("og:url")):
        if not value:
            continue
        try:
            address = canonical_url(urljoin(url, value.strip()))
        except (CrawlError, ValueError):
            continue
        if site_of(address) == site_of(url) and urlsplit(address).path.strip("/"):
            return address
    return canonical_or_same(url)


def _other_urls(declared: Declared, url: str) -> tuple[str, ...]:
    amp = declared.links.get("amphtml")
    return (urljoin(url, amp.strip()),) if amp else ()


def _summary(declared: Declared, entry: Entry | None) -> str:
    declared_summary = declared.meta("og:description", "description", "twitter:description")
    return (declared_summary or (entry.summary if entry else ""))[:2000]


def _access(declared: Declared, body: Body) -> Access:
    """Return how much of the text everybody is given; a cut outweighs what is declared."""
    if body.is_cut:
        return Access.TRUNCATED
    parts = declared.article.get("hasPart")
    nodes = [declared.article, declared.webpage, *(parts if isinstance(parts, list) else [parts])]
    said = [str(node.get("isAccessibleForFree")) for node in nodes if isinstance(node, Mapping)]
    tier = declared.meta("article:content_tier", "content_tier").lower()
    if "false" in map(str.lower, said) or tier in {"locked", "metered", "premium"}:
        return Access.SUBSCRIBERS
    return Access.FREE


def _images(declared: Declared, url: str) -> tuple[Image, ...]:
    address = declared.meta(
        "og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src"
    )
    if not address:
        return ()
    return (
        Image(
            url=urljoin(url, address.strip()),
            width=parse_pixels(declared.meta("og:image:width")),
            height=parse_pixels(declared.meta("og:image:height")),
        ),
    )


def parse_pixels(text: str) -> int | None:
    """Return a declared width or height, None when it is no likely number of pixels."""
    return int(text) if text.isdecimal() and len(text) < 6 else None


def _details(decoded: Decoded, site_names: Sequence[str], missed: Sequence[str]) -> dict[str, str]:
    details = {"charset": decoded.charset, "charset_source": decoded.source}
    if site_names:
        details["site_name"] = site_names[0]
    if decoded.damaged:
        details["charset_damaged"] = "yes"
    if missed:
        details["selector_missed"] = ", ".join(missed)
    return details
