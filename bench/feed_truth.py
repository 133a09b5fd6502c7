"""What feeds say by their own test sets, beside what Vigie and feedparser alone read in them.

Two sets of small feeds come with what is right: feedparser's, each with a line `Expect:`, and
gofeed's, each beside the JSON expected. Titles, summaries and contents are compared as the text
that a reader sees, without its spaces, or as they are written; names and ids without tags of HTML
round them; links as whole addresses, dates as instants. What feedparser says is right in as many
places as it says it. Nothing here decides what is right.
"""

import ast
import io
import re
import warnings
from calendar import timegm
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import feedparser
import lxml.html
import msgspec

from crawler.feed_text import html_to_text
from crawler.listing import list_entries
from crawler.times import parse_time
from model.capture import Response
from model.errors import CrawlError
from model.source import Entry, Source

_SCRIPT = "the words expected are the code of a script"
_BY_HEADER = "Content-Location has named no base since RFC 7231, appendix B: pages link otherwise"
SET_ASIDE = {
    "bozo_linenoise.xml": "one stray byte costs itself alone; expected is all of it decoded twice",
    "http_entry_id_base_content_location.xml": _BY_HEADER,
    "http_item_link_base_content_location.xml": _BY_HEADER,
    "item_content_encoded_script_nested_cdata.xml": "the marks of a CDATA section are no words",
    **dict.fromkeys(
        (
            "entry_content_crazy.xml", "entry_summary_crazy.xml", "entry_title_crazy.xml",
            "feed_title_crazy.xml", "item_content_encoded_crazy.xml",
            "item_description_crazy.xml", "item_fullitem_crazy.xml",
        ),
        _SCRIPT,
    ),
}  # fmt: skip
"""Why a reader is better served by what Vigie makes of a feed than by what its set expects."""

FIELDS = ("title", "link", "id", "date", "author", "summary", "content", "feed title")
FEED_URL = "https://press.example/feed"

_NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
_THE_FEED = -1
_DATE = r"(?:published|updated|created|issued|modified)(?:_parsed)?"
_PATHS = {
    "title": r"title|title_detail value",
    "link": r"link",
    "id": r"id|guid",
    "date": _DATE,
    "author": r"author|author_detail name|authors \d name",
    "summary": r"summary|description|summary_detail value",
    "content": r"content \d value",
}
_MAIL = re.compile(r"[(<\[]?\s*[^\s()<>]+@[^\s()<>]+\s*[)>\]]?")

Said = Mapping[str, frozenset[str]]
"""What a reader makes of one item: by field, the values it gives in comparable form."""


class Sample(msgspec.Struct, frozen=True):
    """A feed with what is known of its items: (item, field, value as the set writes it)."""

    file: Path
    body: bytes
    headers: dict[str, str]
    known: tuple[tuple[int, str, Any], ...]


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What both readers make of one value; `ours` and `theirs` are whether it is right."""

    file: Path
    field: str
    right: str
    said: frozenset[str]
    ours: bool
    theirs: bool


def load_feedparser_set(folder: Path) -> list[Sample]:
    """Return feedparser's feeds that say something of a field that Vigie keeps."""
    samples = (_expecting(file) for file in sorted(folder.rglob("*.xml")))
    return [sample for sample in samples if sample.known]


def _expecting(file: Path) -> Sample:
    body = file.read_bytes()
    head = _as_text(body)
    headers = dict(re.findall(r"^Header:\s+([^:]+?):\s*(.*?)\s*$", head, re.MULTILINE))
    expects = re.findall(r"Expect:\s*(.+?)\s*$", head, re.MULTILINE)
    known = tuple(known for expect in expects[:1] for known in _known(expect))
    return Sample(file, body, {name.lower(): value for name, value in headers.items()}, known)


def _as_text(body: bytes) -> str:
    for mark, charset in ((b"\xff\xfe\x00\x00", "utf-32"), (b"\xff\xfe", "utf-16"),
                          (b"\xfe\xff", "utf-16"), (b"<\x00\x00\x00", "utf-32-le"),
                          (b"\x00\x00\x00<", "utf-32-be"), (b"<\x00", "utf-16-le"),
                          (b"\x00<", "utf-16-be")):  # fmt: skip
        if body.startswith(mark):
            return body.decode(charset, "replace")
    return body.decode("utf-8", "replace")


def _known(expect: str) -> Iterator[tuple[int, str, Any]]:
    """Yield what an expression such as `entries[0]['title'] == 'Example'` says of a field."""
    for node in ast.walk(ast.parse(expect, mode="eval")):
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq):
            *asked, value = node.left, *node.comparators
            for each in asked:
                yield from _known_of(each, value)


def _known_of(asked: ast.expr, value: ast.expr) -> Iterator[tuple[int, str, Any]]:
    path = re.sub(r"[\[\].'()]+", " ", ast.unparse(asked)).split()
    is_code = path[0] == "ord"
    if is_code:
        path = path[1:]
    if path[0] == "feed" and path[1:] in (["title"], ["title_detail", "value"]):
        yield _THE_FEED, "feed title", _literal(value)
    if path[0] == "entries" and len(path) > 2:
        steps = " ".join(path[2:])
        for field in (name for name, paths in _PATHS.items() if re.fullmatch(paths, steps)):
            yield int(path[1]), field, chr(_literal(value)) if is_code else _literal(value)


def _literal(node: ast.expr) -> Any:
    """Return a constant; a few are written as a sum of strings."""
    if isinstance(node, ast.BinOp):
        return _literal(node.left) + _literal(node.right)
    return ast.literal_eval(node)


def load_gofeed_set(folder: Path) -> list[Sample]:
    """Return gofeed's feeds whose expected JSON says something of a field that Vigie keeps."""
    samples = []
    for expected in sorted(folder.rglob("*.json")):
        stem = expected.stem.removesuffix("_expected")
        feed = expected.with_name(f"{stem}.{'json' if stem != expected.stem else 'xml'}")
        if feed.is_file():
            known = tuple(_known_items(msgspec.json.decode(expected.read_bytes())))
            samples.append(Sample(feed, feed.read_bytes(), {}, known))
    return [sample for sample in samples if sample.known]


def _known_items(document: dict[str, Any]) -> Iterator[tuple[int, str, Any]]:
    if document.get("title"):
        yield _THE_FEED, "feed title", document["title"]
    items = document.get("items") or document.get("entries") or ()
    for number, item in enumerate(items):
        for field, names in _JSON_NAMES.items():
            value = next((item[name] for name in names if item.get(name)), None)
            value = _plain(value)
            if value:
                yield number, field, value


_JSON_NAMES = {
    "title": ("title",),
    "link": ("link", "url"),
    "id": ("guid", "id"),
    "date": ("publishedParsed", "pubDateParsed", "updatedParsed", "date_published"),
    "author": ("authors", "author"),
    "summary": ("description", "summary"),
    "content": ("content", "content_html", "content_text"),
}


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("value") or value.get("name") or value.get("email")
    return value


def respond(body: bytes, headers: Mapping[str, str] | None = None) -> Response:
    """Return the answer of a server that sent a feed."""
    return Response(
        url=FEED_URL,
        final_url=FEED_URL,
        status=200,
        headers=tuple((headers or {}).items()),
        request_headers=(),
        body=body,
        fetched_at=_NOW,
    )


def compare_readers(samples: Sequence[Sample]) -> Iterator[Answer]:
    """Yield what Vigie and feedparser alone make of everything that is known."""
    for sample in samples:
        items, ours = _feedparser_items(sample), _our_words(sample)
        for number, field, value in sample.known:
            item = items.get(number, {})
            # an item given twice is kept once: then the one that is left speaks for both
            said = ours.get(number, ours.get(number - 1, {})).get(field, frozenset())
            form = _FORMS[field](value, item)
            is_right = {form, _squashed(str(value))}
            theirs = {_FORMS[field](value, item) for value in _their_values(item, field)}
            yield Answer(
                file=sample.file,
                field=field,
                right=form,
                said=said,
                ours=not is_right.isdisjoint(said),
                theirs=not is_right.isdisjoint(theirs),
            )


def _our_words(sample: Sample) -> dict[int, Said]:
    """Return what Vigie makes of a feed and of its items, by their numbers."""
    try:
        listing = list_entries(Source(url=FEED_URL), respond(sample.body, sample.headers))
    except CrawlError:
        return {}
    the_feed = {"feed title": frozenset({_squashed(listing.title)})}
    return {_THE_FEED: the_feed} | dict(enumerate(map(_entry_words, listing.entries)))


def _entry_words(entry: Entry) -> Said:
    dates = {_spell(moment) for moment in (entry.published_at, entry.modified_at) if moment}
    return {
        "title": frozenset({_squashed(entry.title)}),
        "link": frozenset({entry.url}),
        "id": frozenset({entry.guid or ""}),
        "date": frozenset(dates),
        "author": frozenset({_squashed(" ".join(entry.authors)), *map(_squashed, entry.authors)}),
        "summary": frozenset({_squashed(entry.summary)}),
        "content": frozenset(map(_squashed, (entry.html, html_to_text(entry.html)))),
    }


def _feedparser_items(sample: Sample) -> dict[int, Any]:
    headers = {"content-location": FEED_URL, **sample.headers}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parsed = feedparser.parse(io.BytesIO(sample.body), response_headers=headers)
    return {_THE_FEED: parsed.feed} | dict(enumerate(parsed.entries))


def _their_values(item: Any, field: str) -> list[Any]:
    get = dict.get
    if field == "date":
        names = ("published_parsed", "updated_parsed", "created_parsed")
        return [get(item, name) for name in names if get(item, name)]
    if field == "content":
        return [get(each, "value") for each in get(item, "content") or ()]
    if field == "author":
        detail = get(item, "author_detail") or {}
        return [get(item, "author"), detail.get("name")]
    return [get(item, field.removeprefix("feed "))]


def _squashed(value: str) -> str:
    return "".join(value.split())


def _seen(value: str) -> str:
    """Return the text that a browser shows of a piece of HTML, without its spaces."""
    if "<" not in value and "&" not in value:
        return _squashed(value)
    tree = lxml.html.document_fromstring(f"<div>{value.replace(chr(0), '')}</div>")
    for hidden in tree.xpath("//script|//style|//noscript|//svg//desc"):
        hidden.drop_tree()
    return _squashed(str(tree.text_content()))


def _text_of(kind: str) -> Callable[[Any, Any], str]:
    """Return what gives the text of a title or a summary by the type that feedparser found."""

    def text_of(value: Any, item: Any) -> str:
        detail = dict.get(item, f"{kind}_detail") or {}
        is_html = "html" in str(detail.get("type", "html"))
        return _seen(str(value)) if is_html else _squashed(str(value or ""))

    return text_of


def _content_of(value: Any, item: Any) -> str:
    types = [str(each.get("type")) for each in dict.get(item, "content") or ()]
    is_html = not types or any("html" in kind for kind in types)
    return _seen(str(value)) if is_html else _squashed(str(value or ""))


def _address_of(value: Any, item: Any) -> str:
    return urljoin(FEED_URL, str(value or ""))


def _id_of(value: Any, item: Any) -> str:
    text = str(value or "")
    return _seen(text) if text.startswith("<") else text


def _name_of(value: Any, item: Any) -> str:
    """Return a name without the mail address beside it, or the address where it is all."""
    text = str(value or "")
    return _seen(_MAIL.sub("", text)).strip("()") or _squashed(text)


def _moment_of(value: Any, item: Any) -> str:
    if isinstance(value, tuple):
        return _spell(datetime.fromtimestamp(timegm(value), UTC))
    moment = parse_time(value, UTC)
    return _spell(moment.at.astimezone(UTC)) if moment else str(value)


def _spell(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"


_FORMS: dict[str, Callable[[Any, Any], str]] = {
    "title": _text_of("title"),
    "feed title": _text_of("title"),
    "link": _address_of,
    "id": _id_of,
    "date": _moment_of,
    "author": _name_of,
    "summary": _text_of("summary"),
    "content": _content_of,
}


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """How often a field is right; `set_aside` are those that feedparser alone has as expected."""

    ours: int
    theirs: int
    known: int
    set_aside: int


def count_right(answers: Sequence[Answer]) -> dict[str, Score]:
    """Return by field how often Vigie and feedparser alone are right."""
    found: dict[str, list[Answer]] = defaultdict(list)
    for answer in answers:
        found[answer.field].append(answer)
    return {field: _score(found[field]) for field in FIELDS if found[field]}


def _score(answers: Sequence[Answer]) -> Score:
    return Score(
        ours=sum(answer.ours for answer in answers),
        theirs=sum(answer.theirs for answer in answers),
        known=len(answers),
        set_aside=sum(is_set_aside(answer) for answer in answers),
    )


def is_set_aside(answer: Answer) -> bool:
    """Tell whether only feedparser gives what is expected, and that is the worse answer."""
    return answer.theirs and not answer.ours and answer.file.name in SET_ASIDE
