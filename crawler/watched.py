"""A watched page: the articles it links to, or the text of the part that is looked at.

Nothing here follows a link. What only helps to move about a site (menus, footers, tags, pages of
results) is left out, but for a part that a selector chose: there every link counts.
"""

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urlsplit

import msgspec
import nh3
from lxml import etree, html

from crawler.addresses import canonical_url, find_link, site_of
from crawler.charsets import decode_html
from crawler.entry_values import parse_utc
from crawler.selectors import Elements, choose
from model.article import Reading
from model.capture import Response
from model.errors import CrawlError, ExtractError
from model.source import Entry, Listing, Selectors, Source, Watch

MAX_LINKS = 2_000

_MAX_ANCHORS = 10_000
_MAX_LINKS_OF_ONE = 6

_FURNITURE_TAGS = frozenset({"nav", "footer", "form", "button", "noscript", "template"})
_FURNITURE_WORDS = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|submenu|footer|breadcrumbs?|ariane|cookies?|"
    r"consent|share|social|partage|pagination|pager|newsletter|skip|lang|language|login|tags?)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_CONTAINERS = frozenset({"article", "li", "section", "tr", "div"})
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_DOCUMENT_END = re.compile(r"\.(?:pdf|odt|docx?)$", re.IGNORECASE)
_FILE_END = re.compile(
    r"\.(?:jpe?g|png|gif|svg|webp|css|js|zip|mp[34]|ico|xml|rss|json|ics)$", re.IGNORECASE
)
_SECTION_PATH = re.compile(
    r"/(?:tags?|categor(?:y|ies|ie)|themes?|rubriques?|auteurs?|authors?|search|recherche|page|"
    r"login|connexion|compte|account|abonnement|subscribe|contact|mentions-legales|privacy|feed)"
    r"(?:/|$)",
    re.IGNORECASE,
)
_SLUG = re.compile(r"[^/]*[^\W\d]{2,}(?:[-_][^\W_]+){2,}[^/]*|[^/]*\d{4,}[^/]*")
_MORE_WORDS = re.compile(
    r"(?:lire|voir|en savoir|read|see|learn|continue|suite|more|plus|t[ée]l[ée]charger|download)\b",
    re.IGNORECASE,
)


def parse_watched(source: Source, response: Response) -> Listing:
    """Return what a watched page lists: the links of the part looked at, or that part itself.

    Raises CrawlError (`not_a_feed`) when it is no web page, lists nothing, or the source's
    selector matches nothing on it.
    """
    page = parse_page(response)
    parts = _parts_of(page, source, response)
    title = " ".join((page.findtext(".//title") or "").split())
    lang = source.lang or (page.get("lang") or "")[:2].lower() or None
    entries = (
        (_text_entry(parts, title, source, response),)
        if source.watch is Watch.TEXT
        else _link_entries(parts, base_of(page, response), source, response)
    )
    return Listing(title=title, lang=lang, entries=entries)


def reading_selectors(source: Source) -> Selectors:
    """Return the selectors by which the pages of a source are read.

    A page watched for its own text is read in the part that is watched, so that nothing beside
    it makes a version.
    """
    if source.watch is not Watch.TEXT or source.article.body:
        return source.article
    return msgspec.structs.replace(source.article, body=source.selector)


def refuse_unwatched(source: Source | None, reading: Reading) -> None:
    """Raise ExtractError when a page watched for a part of its text no longer holds that part.

    What stands beside the part would otherwise be taken for its new text.
    """
    if source is None or source.watch is not Watch.TEXT or not source.selector:
        return
    if "body" in reading.details.get("selector_missed", "").split(", "):
        selector = reading_selectors(source).body
        reason = f"the selector `{selector}` matches nothing on the page any more"
        raise ExtractError(reading.url, reason)


def _parts_of(page: html.HtmlElement, source: Source, response: Response) -> Elements:
    if not source.selector:
        return (page,)
    try:
        parts = choose(page, source.selector)
    except ValueError as error:
        raise CrawlError(response.url, "not_a_feed", str(error)) from error
    if not parts:
        since = " any more" if source.checked else ""
        reason = (
            f"the selector `{source.selector}` matches nothing on the page{since}:"
            " look at the page and choose another one"
        )
        raise CrawlError(response.url, "not_a_feed", reason)
    return parts


def _text_entry(parts: Elements, title: str, source: Source, response: Response) -> Entry:
    """Return the page as the one entry of its source; its key stays when its text changes."""
    content = "\n".join(_plain_html(part) for part in parts)
    if not nh3.clean(content, tags=set()).strip():
        raise CrawlError(response.url, "not_a_feed", "the part that is watched holds no text")
    return Entry(
        source_url=source.url,
        key=canonical_url(source.url),
        url=response.final_url,
        title=source.name or title,
        html=content,
        lang=source.lang,
    )


def _plain_html(part: html.HtmlElement) -> str:
    """Return the HTML of a part without attributes: a nonce or a counter in one is no change."""
    for furniture in list(part.iterdescendants(*_FURNITURE_TAGS)):
        furniture.drop_tree()
    return nh3.clean(html.tostring(part, encoding="unicode", with_tail=False), attributes={})


def _link_entries(
    parts: Elements, base: str, source: Source, response: Response
) -> tuple[Entry, ...]:
    found: dict[str, Entry] = {}
    links = (link for part in parts for link in part.iter("a"))
    for link in islice(links, _MAX_ANCHORS):
        entry = _read_link(link, base, source, response)
        if entry is not None:
            known = found.get(entry.key)
            found[entry.key] = entry if known is None else _better(known, entry)
        if len(found) == MAX_LINKS:
            break
    if not found:
        where = "the chosen part" if source.selector else "the page"
        raise CrawlError(response.url, "not_a_feed", f"{where} links to no article of its site")
    return tuple(found.values())


def parse_page(response: Response) -> html.HtmlElement:
    """Return the elements of a web page; raises CrawlError (`not_a_feed`) when it is none."""
    text = decode_html(response.body, response.header("Content-Type")).text.replace("\x00", "")
    parser = html.HTMLParser(encoding="utf-8", no_network=True)
    try:
        page = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise CrawlError(response.url, "not_a_feed", "what answers is no web page") from error
    return page


def base_of(page: html.HtmlElement, response: Response) -> str:
    """Return the address from which a page's links are taken."""
    base = page.find(".//base[@href]")
    declared = find_link(base.get("href", ""), response.final_url) if base is not None else None
    return declared or response.final_url


def _read_link(
    link: html.HtmlElement, base: str, source: Source, response: Response
) -> Entry | None:
    url = find_link(link.get("href") or "", base)
    if url is None or _is_same_page(url, response.final_url):
        return None
    if not source.selector and not (_is_article_like(url, response) and not _is_furniture(link)):
        return None
    container = _container_of(link)
    title = _title_of(link, container)
    if not (title if source.selector else _is_title(title, url)):
        return None
    return Entry(
        source_url=source.url,
        key=canonical_url(url),
        url=url,
        title=title,
        published_at=parse_utc(_time_in(container), url, source.lang),
        lang=source.lang,
    )


def _is_same_page(url: str, here: str) -> bool:
    return canonical_url(url).partition("#")[0] == canonical_url(here).partition("#")[0]


def _is_article_like(url: str, response: Response) -> bool:
    """Return whether an address is on the same site and leads neither to a section nor a file."""
    path = urlsplit(url).path
    return (
        site_of(url) == site_of(response.final_url)
        and path not in ("", "/")
        and not _FILE_END.search(path)
        and not _SECTION_PATH.search(path)
    )


def _is_furniture(link: html.HtmlElement) -> bool:
    return any(_is_furniture_element(element) for element in (link, *link.iterancestors()))


def _is_furniture_element(element: html.HtmlElement) -> bool:
    if element.tag in _FURNITURE_TAGS or element.get("role") in ("navigation", "menu", "search"):
        return True
    if element.tag in ("html", "body", "main", "article"):
        return False
    return bool(_FURNITURE_WORDS.search(f"{element.get('class') or ''} {element.get('id') or ''}"))


def _container_of(link: html.HtmlElement) -> html.HtmlElement:
    """Return the smallest block around a link that holds a heading or a date, else the link."""
    for ancestor in _near_ancestors(link):
        if ancestor.tag in _CONTAINERS and (_heading_in(ancestor) or _time_in(ancestor)):
            return ancestor
    return link


def _near_ancestors(link: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """Yield the blocks around a link up to the first that holds links to other addresses."""
    for depth, ancestor in enumerate(link.iterancestors()):
        others = list(islice(ancestor.iter("a"), _MAX_LINKS_OF_ONE + 1))
        hrefs = {other.get("href") for other in others}
        if depth == 6 or len(others) > _MAX_LINKS_OF_ONE or len(hrefs) > 3:
            return
        yield ancestor


def _heading_in(container: html.HtmlElement) -> str:
    headings = (_text_of(heading) for heading in container.iter(*_HEADINGS))
    return next((text for text in headings if text), "")


def _time_in(container: html.HtmlElement) -> str:
    times = (time.get("datetime") or _text_of(time) for time in container.iter("time"))
    return next((text for text in times if text), "")


def _title_of(link: html.HtmlElement, container: html.HtmlElement) -> str:
    """Return what a link is called: its own heading or text, else the heading beside it."""
    own = _heading_in(link) or _text_of(link)
    if own and not _MORE_WORDS.match(own):
        return own
    beside = _heading_in(container)
    pictured = " ".join(str(image.get("alt") or "") for image in link.iter("img"))
    return beside or " ".join((link.get("title") or pictured).split())


def _text_of(element: html.HtmlElement) -> str:
    return " ".join(str(element.text_content()).split())


def _is_title(title: str, url: str) -> bool:
    """Return whether a link's words read like a headline, leniently where its address does."""
    words = len(title.split())
    path = urlsplit(url).path.rstrip("/")
    if _SLUG.fullmatch(path.rpartition("/")[2]) or _DOCUMENT_END.search(path):
        return words >= 2 and len(title) >= 8
    return words >= 5


def _better(known: Entry, other: Entry) -> Entry:
    """Return the entry that says more of one address that is linked to twice."""
    return other if len(other.title) > len(known.title) else known
