"""Every file of the hostile corpora through everything that parses: no crash, nothing opened."""

from collections.abc import Callable, Iterator
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from crawler.bounded import ENDED, Bounded
from crawler.documents import read_document
from crawler.files import parse_file
from crawler.listing import list_entries
from crawler.reading import read_html, read_page
from crawler.robots import parse_rules
from model.errors import ExtractError, VigieError
from model.source import Source, SourceKind
from tests.crawler.reading_feeds import FEED_URL, listing_of, respond
from tests.faults.auditing import CONNECTIONS, audited
from tests.faults.watching import article

CORPUS = Path(__file__).resolve().parents[2].parent / "shared/corpora/hostile"
FILES = sorted(file for file in CORPUS.rglob("*") if file.is_file()) if CORPUS.is_dir() else []
URL = "https://press.example/a"
NAMES = ("a.html", "a.opml", "a.csv", "a.md", "a.txt", "a.xml")
MISSING = pytest.mark.skipif(not FILES, reason="../shared/corpora/hostile is absent")

Parse = Callable[[bytes], object]


def listed(kind: SourceKind) -> Parse:
    source = Source(url=FEED_URL, kind=kind)
    return lambda body: list_entries(source, respond(body))


def filed(name: str) -> Parse:
    return lambda body: parse_file(name, body, None)


def in_a_page(body: bytes) -> object:
    return read_html(article(1, body=body.decode("utf-8", "replace")), URL)


PARSES: dict[str, Parse] = {
    **{f"as a {kind}": listed(kind) for kind in SourceKind},
    **{f"as {name}": filed(name) for name in NAMES},
    "as a page": lambda body: read_page(respond(body)),
    "in a page": in_a_page,
    "as robots.txt": lambda body: parse_rules(respond(body)),
    "as a document": lambda body: read_document(body, URL),
    "as a PDF": lambda body: read_document(b"%PDF-1.7\n" + body, URL),
}


def bodies() -> Iterator[bytes]:
    """Yield every file, and every attack of the files that hold one a line."""
    for file in FILES:
        body = file.read_bytes()
        yield body
        if "xxe" in file.parts:
            yield from filter(None, body.splitlines())


def outside(seen: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return what was opened that is no code, table or module of Python itself."""
    own = ("site-packages", "lib/python", "zoneinfo", ".py'", ".pyc'", ".pyc.")
    return [one for one in seen if one[0] in CONNECTIONS or not any(part in one[1] for part in own)]


@MISSING
@pytest.mark.parametrize("parse", PARSES.values(), ids=PARSES.keys())
def test_no_hostile_file_breaks_a_reader_or_makes_it_open_anything(parse: Parse) -> None:
    tried = 0
    everything = list(bodies())
    with audited() as seen:
        for body in everything:
            try:
                parse(body)
            except VigieError as error:
                assert str(error)
            tried += 1
    assert tried > len(FILES)
    assert outside(seen) == []


@MISSING
def test_every_line_of_an_attack_is_one_entry_and_stops_no_other() -> None:
    lines = [
        line
        for file in FILES
        if "xss" in file.parts
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines()
        if line.strip() and line.isprintable()
    ]
    items = "".join(
        f"<item><title>{escape(line)}</title><guid>{n}</guid><link>https://press.example/{n}</link>"
        f"<description>{escape(line)}</description></item>"
        for n, line in enumerate(lines)
    )
    body = f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'
    urls = {entry.url for entry in listing_of(body).entries}
    assert urls == {f"https://press.example/{n}" for n in range(len(lines))}
    assert len(urls) > 2_000


@MISSING
def test_no_hostile_file_ends_its_worker() -> None:
    with Bounded(1) as pool:
        for file in FILES:
            for name in NAMES[:2]:
                try:
                    pool.call(parse_file, name, file.read_bytes(), None)
                except ExtractError as error:
                    assert error.reason != ENDED
