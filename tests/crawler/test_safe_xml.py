"""XML that attacks its reader is refused before parsing: bombs, what lies outside, what grows.

What a document declares of mere words is read; no parser sees how.
"""

import sys
from pathlib import Path

import pytest

from crawler.entities import MAX_ENTITIES, MAX_VALUE_CHARS
from crawler.safe_xml import safe_xml
from model.errors import CrawlError
from tests.crawler.reading_feeds import ITEM, listing_of, not_a_feed, only_entry, respond, rss

XXE = Path(__file__).resolve().parents[2].parent / "shared/corpora/hostile/xxe"

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 7))
BOMB = f'<!DOCTYPE rss [<!ENTITY l0 "lol">{LAUGHS}]>{rss("<item><title>&l6;</title></item>")[21:]}'


def declaring(declared: str, where: str = "", words: str = "&a;") -> bytes:
    """Return a feed of one item that declares entities and has words for a title."""
    channel = f"<rss><channel><item><title>{words}</title></item></channel></rss>"
    return f"<!DOCTYPE rss {where}[ {declared} ]>{channel}".encode()


@pytest.mark.parametrize(
    "body",
    [
        BOMB.encode(),
        BOMB.encode("utf-16"),
        BOMB.encode("utf-32"),
        BOMB.replace("[<!", "SYSTEM 'a>b' [ <!-- <x --> <!").encode(),
        b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
        b"<rss><channel><item><title>&x;</title></item></channel></rss>",
        b'<!DOCTYPE rss [<!ENTITY % d SYSTEM "http://127.0.0.1/x.dtd"> %d;]><rss></rss>',
        b'<!entity a "b"><rss><channel><item><title>t</title></item></channel></rss>',
        declaring('<!ENTITY a "x"><!ENTITY b "&a;&a;">'),
        declaring('<!ENTITY b "&c;"><!ENTITY c "&b;">'),
        declaring('<!ENTITY a "<title>x</title>">'),
        declaring('<!ENTITY a "&#60;title>x">'),
        declaring('<!ENTITY a "&#38;b;"><!ENTITY b "x">'),
        declaring('<!ENTITY a "&#0;">'),
        declaring('<!ENTITY a "x"><!ENTITY b SYSTEM "file:///etc/hostname">'),
        declaring('<!ENTITY a "x"><!ENTITY b PUBLIC "-//W3C" "http://127.0.0.1/x.ent">'),
        declaring('<!ENTITY a "x"><!ENTITY % p "y">'),
        declaring('<!ENTITY a "x"> %p;'),
        declaring('<!ENTITY a "x"><!-- <!ENTITY b "&a;"> -->'),
        declaring('<!ENTITY a "x">', 'SYSTEM "http://127.0.0.1/x.dtd" '),
        b"<!-- <!DOCTYPE rss [] -->" + declaring('<!ENTITY a "x"><!ENTITY b "&a;&a;">'),
        b"<!-- <!DOCTYPE rss []> -->" + BOMB.encode(),
        b'<!-- <!DOCTYPE rss [<!ENTITY a "x">]> -->' + BOMB.encode(),
        declaring(f'<!ENTITY a "{"x" * (MAX_VALUE_CHARS + 1)}">'),
        declaring("".join(f'<!ENTITY e{n} "x">' for n in range(MAX_ENTITIES + 1))),
        declaring(f'<!ENTITY a "{"x" * MAX_VALUE_CHARS}">', words="&a;" * 101),
        declaring(f'<!ENTITY a "{"&#38;" * 100}">', words="&a;" * 1_000),
        declaring(f'<!ENTITY a "{chr(34).join("xx")}">'),
    ],
    ids=[
        "laughs", "in UTF-16", "in UTF-32", "hidden", "file", "parameter", "loose", "nested",
        "circle", "markup", "markup in a number", "a reference in a number", "no character",
        "a file beside words", "an address beside words", "a parameter beside words",
        "a parameter used", "a comment beside words", "a type elsewhere", "after half a comment",
        "after a comment", "after words in a comment", "long", "many", "growing",
        "growing by signs", "a quotation mark",
    ],
)  # fmt: skip
def test_a_feed_that_declares_more_than_words_is_refused(body: bytes) -> None:
    assert "entities" in not_a_feed(body)


@pytest.mark.parametrize(
    ("declared", "written", "title"),
    [
        ('<!ENTITY id "tag:press.example,">', "&id;2026", "tag:press.example,2026"),
        ("<!ENTITY eacute '&#233;'><!ENTITY euro \"&#x20AC;\">", "&eacute;t&eacute; &euro;",
         "été €"),
        ('<!ENTITY a "x"><!ENTITY a "y">', "&a;", "x"),
        ('<!ENTITY a "x">', "<![CDATA[&a;]]> &amp;a; <!-- &a; -->&a;", "&a; &a; x"),
        ('<!ENTITY a "l\'eau">', "&a; vive", "l'eau vive"),
        (f'<!ENTITY a "{"x" * 1000}">', "&a;", "x" * 1000),
    ],
    ids=["a name", "accents", "twice", "where it counts", "a quotation mark", "the longest"],
)  # fmt: skip
def test_words_that_a_feed_declares_are_read(declared: str, written: str, title: str) -> None:
    assert only_entry(declaring(declared, words=written)).title == title


def test_a_document_type_makes_no_feed_slower() -> None:
    body = f'<!DOCTYPE rss SYSTEM "rss-0.91.dtd">{rss(ITEM.format("a"))[21:]}'
    assert safe_xml(respond(body)).startswith("<rss")
    assert only_entry(body).title == "a"


def test_declared_words_end_no_attribute() -> None:
    body = b"""<!DOCTYPE feed [<!ENTITY a '" rel="self'>]><feed xmlns="http://www.w3.org/2005/Atom">
    <entry><title>t</title><link href="https://press.example/&a;"/></entry></feed>"""
    assert only_entry(body).url == 'https://press.example/" rel="self'


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "head",
    ['<!ENTITY a "x">' * 50_000, "<!ENTITY a " * 100_000, " " * 500_000, '<!ENTITY a "' * 50_000],
    ids=["declarations", "names", "spaces", "values"],
)
def test_declarations_are_read_once(head: str) -> None:
    not_a_feed(declaring(f"{head}<!ENTITY"))


def test_an_article_about_entities_is_no_attack() -> None:
    words = '<![CDATA[Le code <!DOCTYPE x [<!ENTITY a "b">]> est connu]]>'
    body = rss(f"<item><title>t</title><description>{words}</description></item>")
    external = '<!DOCTYPE rss SYSTEM "http://my.netscape.com/publish/formats/rss-0.91.dtd">'
    assert only_entry(body).title == "t"
    assert only_entry(f"{external}{body[21:]}").title == "t"


_opened: list[str] = []
_watching: list[bool] = []


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if _watching and event in ("socket.connect", "open", "socket.getaddrinfo"):
        _opened.append(str(arguments))


sys.addaudithook(_note)


def test_no_hostile_document_opens_a_file_or_a_connection() -> None:
    files = sorted(XXE.glob("*")) if XXE.is_dir() else []
    if not files:
        pytest.skip("../shared/corpora/hostile/xxe is absent")
    bodies = [file.read_bytes() for file in files]
    bodies += [line for body in bodies for line in body.splitlines()]
    listing_of(rss(ITEM.format("warm")))
    _watching.append(True)
    try:
        for body in bodies:
            try:
                listing_of(body)
            except CrawlError as error:
                assert error.state == "not_a_feed"
    finally:
        _watching.clear()
    assert [seen for seen in _opened if "passwd" in seen or "http" in seen] == []
