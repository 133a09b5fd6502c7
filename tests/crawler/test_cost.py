"""What anybody can publish to hold up a reader: each piece takes its length, not its square.

A quarter of a million characters take milliseconds; read twice a character they take minutes.
"""

import pytest

from crawler.authors import clean_authors
from crawler.body_context import make_context
from crawler.feed_text import html_to_text, to_text
from crawler.files import read_file
from crawler.reading import read_html
from crawler.safe_xml import safe_xml
from tests.crawler.reading_feeds import listing_of, respond

MANY = 250_000
URL = "https://courrier.example/a"


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "read",
    [
        lambda: to_text({"value": "\u00a0" * MANY + "x", "type": "text/plain"}),
        lambda: html_to_text("<br" * MANY),
        lambda: clean_authors(["a" * MANY]),
        lambda: make_context((), (), "<" * MANY, ""),
        lambda: safe_xml(respond("<rss>" + "<!DOCTYPE" * MANY + "<!ENTITY a 'b'>")),
    ],
    ids=["hard spaces", "open tags", "one long name", "open tags in a body", "document types"],
)
def test_a_long_piece_is_read_once(read):
    read()


@pytest.mark.timeout(10)
def test_comments_before_something_else_are_read_once(tmp_path):
    path = tmp_path / "odd"
    path.write_bytes(b"<!-- a -->" * 1000 + b"some words")
    assert len(list(read_file(path))) == 1


@pytest.mark.timeout(10)
def test_sections_that_never_close_are_read_once():
    assert not listing_of("<rss><channel><item><title>A</title>" + "<![CDATA[" * 3000).is_whole


@pytest.mark.timeout(20)
def test_a_page_of_twenty_thousand_lines_is_read():
    items = "<li>Un point de la liste, assez court.</li>" * 20_000
    text = "<p>Le conseil municipal a voté mardi la fermeture du vieux pont de la ville.</p>" * 20
    html = f"<html><body><article><h1>T</h1>{text}<ul>{items}</ul></article></body></html>"
    assert "vieux pont" in read_html(html, URL).text
