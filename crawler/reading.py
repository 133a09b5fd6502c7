"""From the bytes of one response to a `Reading`.

It never opens a connection, and it never passes a wall off as an article.
"""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urljoin

import msgspec
from lxml.html import HtmlElement

from crawler.addresses import site_of
from crawler.authors import choose_authors, clean_authors
from crawler.binary import binary_kind
from crawler.body import Body, extract_body
from crawler.body_context import Context, make_context
from crawler.charsets import Decoded, decode_html
from crawler.declared import Declared, read_declared
from crawler.documents import is_document, read_document
from crawler.page_facts import (
    access_of,
    canonical_of,
    language_of,
    names_of_site,
    own_address,
    summaries_of,
    summary_of,
)
from crawler.removals import find_notice, refuse_removed, removal
from crawler.selectors import NOTHING, Selected, select
from crawler.site_memory import SiteMemory, Trace
from crawler.times import Dating, Moment, date_page, parse_time, zone_of
from crawler.titles import choose_title
from crawler.trees import parse_tree, shown_text, strip_code
from crawler.walls import find_wall
from model.article import Image, Reading
from model.capture import Response
from model.errors import ExtractError
from model.plurals import count
from model.source import DateSource, Entry, Selectors

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
    url = own_address(declared) or url if url.startswith(NAMELESS) else url
    lang = language_of(declared, entry)
    zone = zone_of(url, lang)
    site_names = names_of_site(declared, url)
    title = selected.title or choose_title(declared, entry, site_names)
    moment = parse_time(selected.published, zone)
    found = date_page(tree, declared, url, entry=entry, seen_at=seen_at, zone=zone)
    dating = _dated(found, moment)
    signed = clean_authors(selected.authors, site_names)
    authors = signed or choose_authors(tree, declared, entry, site_names)
    canonical = canonical_of(declared, url)
    context = _context(declared, title, authors, canonical, memory, selected)
    body = extract_body(strip_code(tree), context)
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
        summary=summary_of(declared, entry),
        published_at=dating.published.at if dating.published else None,
        published_precision=dating.published.precision if dating.published else "second",
        date_source=dating.source,
        modified_at=dating.modified_at,
        lang=lang,
        site=site_of(url),
        access=access_of(declared, is_cut=body.is_cut),
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
        summaries_of(declared),
        address=canonical,
        memory=memory,
        chosen=selected.body,
    )


def _is_declared(declared: Declared, dating: Dating) -> bool:
    """Tell whether a page says it is an article and when it was published."""
    is_article = bool(declared.article) or declared.meta("og:type").lower() == "article"
    return is_article and dating.source in {DateSource.JSON_LD, DateSource.META}


def _refuse_walls(
    tree: HtmlElement, url: str, titles: Sequence[str], body: Body, *, is_declared: bool
) -> None:
    page_text = "" if len(body.text) > 1000 else shown_text(tree)
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


def _other_urls(declared: Declared, url: str) -> tuple[str, ...]:
    amp = declared.links.get("amphtml")
    return (urljoin(url, amp.strip()),) if amp else ()


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
