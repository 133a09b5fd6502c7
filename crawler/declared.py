"""What a page declares about itself: JSON-LD, meta elements, links, headings, microdata.

It reads the parsed tree once and never judges which declaration is right.
"""

import html
import json
import re
from collections.abc import Iterator, Mapping
from itertools import chain, islice
from typing import Any

import msgspec
from lxml.etree import XPath
from lxml.html import HtmlElement

Node = Mapping[str, Any]
"""One object of JSON-LD, of any shape."""

_ARTICLE_TYPES = re.compile(r"(?:Article|Posting|Report|Review|Statement)$", re.I)
_PAGE_TYPES = frozenset({"WebPage", "ItemPage", "CollectionPage", "VideoObject", "CreativeWork"})
_NOT_JSON = re.compile(
    r"^\s*(?:<!--|/\*.*?\*/|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*$", re.S
)
_TRAILING_COMMA = re.compile(r",\s*([}\]])")
_BAD_ESCAPE = re.compile(r'\\(?!["\\/bfnrtu])')
_LOOSE_FIELD = re.compile(
    r'"(headline|datePublished|dateModified|articleBody|inLanguage)"\s*:\s*"((?:[^"\\]|\\.)*)"'
)
_SPACES = re.compile(r"\s+")
# Spaces that French sets before a colon or inside guillemets stay as they are printed.
_BLANKS = re.compile(r"[ \t\r\n\f\v\u0085\u2028\u2029]+")
_FRONT_PAGE = re.compile(r"(?:https?:)?//[^/?#]+/?|/|\./|(?:\./|/)?index\.\w{3,4}")
_BESIDE_TAGS = frozenset({"aside", "footer", "nav"})
_WHOLE_TAGS = frozenset({"html", "body", "main"})
_BESIDE = re.compile(
    r"(?:^|[\s_-])(?:comments?|commentaires?|related|sidebar|footer|teasers?|newsletter"
    r"|recommend\w*|most-?read|popular|trending|breadcrumbs?|ticker|copyright)(?:$|[\s_-])",
    re.I,
)
CHANGED = 3
_CHANGED = re.compile(r"updated|modifi|mise?s? à jour|aktualisiert|edited", re.I)
_BREAKS = frozenset({"br", "div", "p"})
_TEXTS = XPath(".//text()")
_PROPERTIES = XPath("//@itemprop/..")
_MICRODATA = frozenset(
    {"datePublished", "dateModified", "headline", "author", "inLanguage", "articleBody"}
)
_MAX_JSON_CHARS = 2_000_000
_MAX_NODES = 2_000
_MAX_PARTS = 6
_MAX_TIMES = 20
_MAX_DEPTH = 40


class TimeTag(msgspec.Struct, frozen=True):
    """A `<time>` element: its attribute, its words, how surely it is this page's publication.

    `rank` is 0 when it is marked so, 1 when it follows the first heading, 2 elsewhere, `CHANGED`
    when it is a change's. Those of sidebars, footers, comments and lists of other articles are
    left out.
    """

    value: str
    words: str
    rank: int


class Declared(msgspec.Struct, frozen=True, kw_only=True):
    """All that one page says about itself, as written.

    `article` is the JSON-LD object that describes this page's article, `{}` without one;
    `metas` maps lower-case names to their values in page order. `headings` are the `h1`,
    `heading_parts` the lines of those that have several, `subheading` is the first `h2` or `h3`.
    """

    article: Node
    webpage: Node
    metas: Mapping[str, tuple[str, ...]]
    links: Mapping[str, str]
    lang: str
    title: str
    headings: tuple[str, ...]
    heading_parts: tuple[str, ...]
    subheading: str
    times: tuple[TimeTag, ...]
    microdata: Mapping[str, tuple[str, ...]]

    def meta(self, *names: str) -> str:
        """Return the first value that stands under any of the names, in their order."""
        return next((self.metas[name][0] for name in names if name in self.metas), "")


class _Collected(msgspec.Struct):
    """What stands in the elements that declare something, while the tree is walked."""

    metas: dict[str, list[str]] = {}
    links: dict[str, str] = {}
    nodes: list[Node] = []
    titles: list[str] = []
    headings: list[str] = []
    heading_parts: list[str] = []
    subheading: str = ""
    times: list[TimeTag] = []

    def add(self, element: HtmlElement) -> None:
        """Note what one element declares."""
        match element.tag:
            case "meta":
                _add_meta(self.metas, element)
            case "link":
                relation = (element.get("rel") or "").lower()
                self.links.setdefault(relation, element.get("href") or "")
            case "script":
                self.nodes.extend(_script_nodes(element))
            case "title":
                self.titles.append(_heading_words(element))
            case "h1" if not _is_logo(element):
                self.headings.append(_heading_words(element))
                self.heading_parts.extend(_parts(element))
            case "h2" | "h3":
                self.subheading = self.subheading or _heading_words(element)
            case "time" if len(self.times) < _MAX_TIMES and not is_beside(element):
                self.times.append(_time_tag(element, bool(self.headings)))


def read_declared(tree: HtmlElement, url: str, *, has_microdata: bool = True) -> Declared:
    """Collect what the page at `url` declares."""
    found = _Collected()
    for element in tree.iter("meta", "link", "script", "title", "h1", "h2", "h3", "time"):
        found.add(element)
    article, webpage = _choose(found.nodes, url)
    return Declared(
        article=article,
        webpage=webpage,
        metas={name: tuple(values) for name, values in found.metas.items()},
        links=found.links,
        lang=tree.get("lang") or tree.get("xml:lang") or "",
        title=next(filter(None, found.titles), ""),
        headings=tuple(filter(None, found.headings)),
        heading_parts=tuple(found.heading_parts),
        subheading=found.subheading,
        times=tuple(found.times),
        microdata=_microdata(tree) if has_microdata else {},
    )


def _words(element: HtmlElement) -> str:
    return _SPACES.sub(" ", "".join(element.itertext())).strip()


def _heading_words(heading: HtmlElement) -> str:
    """Return a heading as one line: no-break spaces kept, its own lines kept apart."""
    texts = _TEXTS(heading) if len(heading) else [heading.text or ""]
    joined = "".join(f" {text}" if _begins_line(text) else text for text in texts)
    return _BLANKS.sub(" ", joined).strip()


def _begins_line(text: Any) -> bool:
    """Tell whether a text stands on its own line: after a break, or in a span that touches one."""
    element = text.getparent() if hasattr(text, "getparent") else None
    if element is None or text.is_tail:
        return element is not None and element.tag in _BREAKS
    before = element.getprevious()
    touches = before is not None and not before.tail and not text[:1].islower()
    return touches or element.tag in _BREAKS


def is_beside(element: HtmlElement) -> bool:
    """Tell whether an element stands in a sidebar, footer, menu, comment or list of articles."""
    return any(
        around.tag in _BESIDE_TAGS
        or _BESIDE.search(f"{around.get('class') or ''} {around.get('id') or ''}")
        for around in islice(chain((element,), element.iterancestors()), _MAX_DEPTH)
        if around.tag not in _WHOLE_TAGS
    )


def _is_logo(heading: HtmlElement) -> bool:
    """Tell whether a heading is the site's own: it leads to the front page."""
    link = heading.find(".//a") if len(heading) else None
    link = heading.getparent() if link is None else link
    return link is not None and bool(_FRONT_PAGE.fullmatch(link.get("href") or "-"))


def _parts(heading: HtmlElement) -> list[str]:
    """Return the lines a heading is made of when it has several: a kicker and the headline."""
    parts = [text for child in heading[:_MAX_PARTS] if (text := _heading_words(child))]
    return parts if len(parts) > 1 else []


def _add_meta(metas: dict[str, list[str]], element: HtmlElement) -> None:
    content = (element.get("content") or "").strip()
    if not content:
        return
    for attribute in ("property", "name", "itemprop", "http-equiv"):
        if name := element.get(attribute):
            metas.setdefault(name.strip().lower(), []).append(html.unescape(content))


def _time_tag(element: HtmlElement, is_below: bool) -> TimeTag:
    hints = " ".join(
        filter(None, (element.get("itemprop"), element.get("class"), element.get("pubdate")))
    ).lower()
    if "publi" in hints or element.get("pubdate") is not None:
        rank = 0
    elif _CHANGED.search(f"{hints} {_words_before(element)}"):
        rank = CHANGED
    else:
        rank = 1 if is_below else 2
    return TimeTag(element.get("datetime") or "", _words(element)[:80], rank)


def _words_before(element: HtmlElement) -> str:
    """Return the end of the words that lead to an element on its own line."""
    before, around = element.getprevious(), element.getparent()
    words = before.tail if before is not None else around.text if around is not None else ""
    return (words or "")[-40:]


def _microdata(tree: HtmlElement) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for element in _PROPERTIES(tree):
        name = element.get("itemprop")
        if name not in _MICRODATA:
            continue
        value = element.get("content") or element.get("datetime") or _microdata_words(element)
        if value:
            found.setdefault(name, []).append(value)
    return {name: tuple(values) for name, values in found.items()}


def _microdata_words(element: HtmlElement) -> str:
    named = element.find(".//*[@itemprop='name']")
    if named is not None:
        return named.get("content") or _words(named)
    return _words(element)


def _script_nodes(element: HtmlElement) -> list[Node]:
    kind = (element.get("type") or "").lower()
    if "ld+json" not in kind or not element.text or len(element.text) > _MAX_JSON_CHARS:
        return []
    return list(_flatten(parse_json_ld(element.text)))


def parse_json_ld(text: str) -> Any:
    """Return the value of a JSON-LD script, mending what sites commonly break.

    What cannot be mended gives the few fields that can still be read, or `{}`.
    """
    for candidate in _mended(text):
        try:
            return json.loads(candidate, strict=False)
        except (ValueError, RecursionError):
            continue
    fields = {name: _unquoted(value) for name, value in _LOOSE_FIELD.findall(text)}
    return {"@type": "Article", **fields} if fields else {}


def _mended(text: str) -> Iterator[str]:
    """Yield a script as it stands, out of its comment, and without stray commas and escapes."""
    yield text.strip().rstrip(";")
    bare = _NOT_JSON.sub("", text).strip().rstrip(";")
    yield bare
    yield _BAD_ESCAPE.sub(r"\\\\", _TRAILING_COMMA.sub(r"\1", bare))


def _unquoted(value: str) -> str:
    try:
        return str(json.loads(f'"{value}"', strict=False))
    except ValueError:
        return value


def _flatten(value: Any) -> Iterator[Node]:
    """Yield every object at the top, in `@graph`, in lists and under `mainEntity`."""
    waiting = [value]
    for _ in range(_MAX_NODES):
        if not waiting:
            return
        item = waiting.pop(0)
        if isinstance(item, list):
            waiting[:0] = item[:200]
        elif isinstance(item, dict):
            yield item
            waiting.extend(
                item[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in item
            )


def _choose(nodes: list[Node], url: str) -> tuple[Node, Node]:
    """Return the object of this page's article and the one of the page itself."""
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str)}
    articles = [node for node in nodes if _is_article(node)]
    article = _own(articles, url)
    webpage = next((node for node in nodes if _types(node) & _PAGE_TYPES), {})
    return _resolved(article, by_id), _resolved(webpage, by_id)


def _own(articles: list[Node], url: str) -> Node:
    about = [node for node in articles if _names(node, url)]
    return max(about or articles[:1], key=len, default={})


def _names(node: Node, url: str) -> bool:
    bare = _bare(url)
    page = node.get("mainEntityOfPage")
    own = page.get("@id") or page.get("url") if isinstance(page, dict) else page
    return any(
        isinstance(value, str) and _bare(value) == bare
        for value in (node.get("url"), own, node.get("@id"))
    )


def _bare(url: str) -> str:
    return re.sub(r"^https?://(?:www\.)?|[?#].*$", "", url).rstrip("/").lower()


def _types(node: Node) -> set[str]:
    kinds = node.get("@type")
    listed = kinds if isinstance(kinds, list) else [kinds]
    return {kind.rsplit("/", 1)[-1] for kind in listed if isinstance(kind, str)}


def _is_article(node: Node) -> bool:
    return any(_ARTICLE_TYPES.search(kind) for kind in _types(node))


def _resolved(node: Node, by_id: Mapping[str, Node]) -> Node:
    """Return the object with references to others replaced by what they name."""
    return {key: _referred(value, by_id) for key, value in node.items()}


def _referred(value: Any, by_id: Mapping[str, Node]) -> Any:
    if isinstance(value, list):
        return [_referred(item, by_id) for item in value]
    if isinstance(value, dict) and "name" not in value:
        return (
            by_id.get(value.get("@id", ""), value) if isinstance(value.get("@id"), str) else value
        )
    return value
