"""XML that attacks its reader: bombs and external entities are refused before parsing."""

import sys
from pathlib import Path

import pytest

from model.errors import CrawlError
from tests.crawler.reading_feeds import ITEM, listing_of, not_a_feed, only_entry, rss

XXE = Path(__file__).resolve().parents[2].parent / "shared/corpora/hostile/xxe"

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 7))
BOMB = f'<!DOCTYPE rss [<!ENTITY l0 "lol">{LAUGHS}]>{rss("<item><title>&l6;</title></item>")[21:]}'


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
    ],
    ids=["laughs", "in UTF-16", "in UTF-32", "hidden", "file", "parameter", "loose"],
)
def test_a_feed_that_declares_entities_is_refused(body: bytes) -> None:
    assert "entities" in not_a_feed(body)


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
