"""What the titles, summaries and contents of feeds say, whatever slips their markup has."""

import pytest

from crawler.feed_text import html_to_text, to_html, to_text
from tests.crawler.reading_feeds import only_entry, rss


def text_of(value: str) -> str:
    return to_text({"type": "text/html", "value": value})


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ("<p>a</p><p>b</p>", "a\nb\n"),
        ("a<script>alert(1)</script>b", "ab"),
        ("a<style>p {}</style>b", "ab"),
        ("&lt;b&gt; &amp; &eacute;", "<b> & é"),
        ("a<br/>b", "a\nb"),
        ("1 < 2 et 3 > 2", "1 < 2 et 3 > 2"),
    ],
)
def test_html_becomes_the_text_a_reader_sees(fragment: str, text: str) -> None:
    assert html_to_text(fragment) == text


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ("<![CDATA[Le port <b>filme</b> la nuit]]>", "Le port filme la nuit"),
        ("<![CDATA[Le port filme]]&gt;", "Le port filme"),
        ("<![CDATA[Le port filme", "Le port filme"),
        ("le port <!-- filme > la nuit", "le port la nuit"),
        ("le port <!-- filme la nuit", "le port filme la nuit"),
        ("le port <!-- ou non --> filme <!-- la nuit", "le port filme la nuit"),
        ("pourquoi <!DOCTYPE compte", "pourquoi <!DOCTYPE compte"),
        ("gare <!' <a href='/1'>au port</a>", "gare <!' au port"),
        ("le port <iframe src='/v'/> filme", "le port filme"),
        ("le port <iframe src='/v'>(<a href='/v'>vidéo</a>)</iframe> filme",
         "le port (vidéo) filme"),
        ("le port <noscript><img src='/1'></noscript> filme", "le port filme"),
        ("https://a.example/?a=1&copy=2&para=3", "https://a.example/?a=1&copy=2&para=3"),
        ("R&D &copy 2026", "R&D © 2026"),
    ],
    ids=["section in a section", "its end escaped", "its end missing", "comment that is a tag",
         "comment without an end", "two comments", "declaration without an end", "no declaration",
         "frame closed as in XML", "words in a frame", "picture for no scripts", "parameters",
         "entities without their end"],
)  # fmt: skip
def test_no_slip_in_the_markup_hides_words(fragment: str, text: str) -> None:
    assert text_of(fragment) == text


@pytest.mark.parametrize(
    "fragment",
    [
        "a<!-- <script>alert(1)</script> -->b",
        "a<!-- x --!>b",
        "a<![if gte mso 9]>b<![endif]>",
        "<!DOCTYPE html PUBLIC '-//W3C//DTD'>ab",
        "a<script><!-- x </script>b",
        "a<scr<noscript>ipt>alert(1)</scr<noscript>ipt>b",
        "a<script><![CDATA[alert(1)]]></script>b",
    ],
    ids=["comment", "odd comment", "office", "document type", "comment in a script",
         "a script made of two", "section in a script"],
)  # fmt: skip
def test_what_is_no_text_stays_hidden(fragment: str) -> None:
    assert text_of(fragment) == "ab"


@pytest.mark.timeout(10)
@pytest.mark.parametrize("piece", ["<!", "<!--", "<![CDATA[", "<!x", "&a", "<iframe", "<!-->"])
def test_what_is_opened_again_and_again_is_read_once(piece: str) -> None:
    text_of(piece * 250_000)


def test_the_marks_of_a_section_in_a_section_are_no_html() -> None:
    html = to_html({"type": "text/html", "value": "<![CDATA[<p>Le port</p>]]>"})
    assert html == "<p>Le port</p>"


@pytest.mark.parametrize(
    ("description", "content", "kept"),
    [
        ("Un résumé du port", "Le port filme", "Le port filme"),
        ("Le port filme " * 9, "Lire la suite", "Le port filme " * 9),
        ("", "Le port filme", "Le port filme"),
        ("Le port filme", "", "Le port filme"),
        ("Le port " * 600, "Un port " * 400, "Le port " * 600),
        ("Le port " * 400, "Un port " * 300, "Un port " * 300),
    ],
    ids=["both short", "a teaser for a content", "no summary", "no content",
         "a summary beyond what is kept of it", "a summary that is kept whole"],
)  # fmt: skip
def test_a_content_is_the_content_unless_the_summary_holds_the_article(
    description: str, content: str, kept: str
) -> None:
    entry = only_entry(
        rss(
            '<item xmlns:content="http://purl.org/rss/1.0/modules/content/">'
            f"<description>{description}</description>"
            f"<content:encoded>{content}</content:encoded></item>"
        )
    )
    assert entry.html == kept.strip()
    assert entry.summary == (description or content).strip()[:4000]
