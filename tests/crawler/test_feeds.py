"""Feeds as they come: every dialect, every fault, no item lost."""

import io
import json
import logging
import warnings
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.sax.handler import ContentHandler

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.feed_text import to_text
from crawler.listing import list_entries
from crawler.sax import create_parser
from model.errors import CrawlError
from model.source import Source
from tests.crawler.reading_feeds import (
    FEED_URL,
    ITEM,
    listing_of,
    not_a_feed,
    only_entry,
    respond,
    rss,
)

FEEDS = Path(__file__).resolve().parents[2].parent / "shared/corpora/feeds"

RSS2 = rss(
    """<item><title>L'État &amp;amp; BriefCam</title><link>/a?x=1</link>
    <guid isPermaLink="false">tag:1</guid><dc:creator>Anne Roux</dc:creator>
    <pubDate>Tue, 21 Nov 2023 10:00:00 +0100</pubDate>
    <description><![CDATA[<p>Un <b>résumé</b></p><p>court</p>]]></description></item>"""
)
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr"><title>La presse</title>
  <entry><title type="html">L'État &amp;amp; BriefCam</title><id>tag:1</id>
  <link rel="alternate" href="/a?x=1"/><author><name>Anne Roux</name></author>
  <published>2023-11-21T10:00:00+01:00</published><updated>2023-11-22T10:00:00Z</updated>
  <summary type="html">&lt;p&gt;Un &lt;b&gt;résumé&lt;/b&gt;&lt;/p&gt;&lt;p&gt;court&lt;/p&gt;
  </summary></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
  xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
  <channel rdf:about="https://press.example/"><title>La presse</title><dc:language>fr</dc:language>
  </channel><item rdf:about="tag:1"><title>L'État &amp;amp; BriefCam</title><link>/a?x=1</link>
  <dc:creator>Anne Roux</dc:creator><dc:date>2023-11-21T10:00:00+01:00</dc:date>
  <description>&lt;p&gt;Un &lt;b&gt;résumé&lt;/b&gt;&lt;/p&gt;&lt;p&gt;court&lt;/p&gt;</description>
  </item></rdf:RDF>"""
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "La presse",
        "language": "fr-FR",
        "authors": [{"name": "Anne Roux"}],
        "items": [
            {
                "id": "tag:1",
                "url": "/a?x=1",
                "title": "L'État & BriefCam",
                "summary": "Un résumé\ncourt",
                "content_html": "<p>Un <b>résumé</b></p><p>court</p>",
                "date_published": "2023-11-21T10:00:00+01:00",
            }
        ],
    }
)


@pytest.mark.parametrize(
    "body", [RSS2, ATOM, RDF, JSON_FEED], ids=["RSS 2.0", "Atom", "RDF", "JSON Feed"]
)
def test_every_dialect_says_the_same(body: str) -> None:
    listing = listing_of(body)
    entry = only_entry(body)
    assert (listing.title, listing.lang, listing.is_whole) == ("La presse", "fr", True)
    assert entry.source_url == FEED_URL
    assert entry.title == "L'État & BriefCam"
    assert entry.url == "https://press.example/a?x=1"
    assert entry.guid in ("tag:1", None)
    assert entry.authors == ("Anne Roux",)
    assert entry.published_at == datetime(2023, 11, 21, 9, 0, tzinfo=UTC)
    assert entry.summary == "Un résumé\ncourt"
    assert entry.html.strip() == "<p>Un <b>résumé</b></p><p>court</p>"
    assert entry.lang == "fr"


def test_the_html_of_an_item_is_kept_as_it_was_published() -> None:
    markup = '<p style="x" onclick="y">a<script>b</script> <a href="c">d</a></p>'
    item = f"<item><title>t</title><description><![CDATA[{markup}]]></description></item>"
    assert only_entry(rss(item)).html == markup


def test_a_json_feed_that_names_no_version_is_still_a_feed() -> None:
    for version in ("1.1", "", None):
        feed = {"version": version, "items": [{"id": 1, "url": "/a"}]}
        assert only_entry(json.dumps(feed)).url == "https://press.example/a"


def test_the_date_of_a_change_stands_apart_from_that_of_publication() -> None:
    entry = only_entry(ATOM)
    assert entry.modified_at == datetime(2023, 11, 22, 10, 0, tzinfo=UTC)
    without = ATOM.replace("<published>2023-11-21T10:00:00+01:00</published>", "")
    assert only_entry(without).published_at == datetime(2023, 11, 22, 10, 0, tzinfo=UTC)
    assert only_entry(without).modified_at is None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Tue, 21 Nov 2023 10:00:00 GMT", datetime(2023, 11, 21, 10, tzinfo=UTC)),
        ("2023-11-21T10:00:00Z", datetime(2023, 11, 21, 10, tzinfo=UTC)),
        ("lun., 23 nov. 2026 10:00", datetime(2026, 11, 23, 9, tzinfo=UTC)),
        ("mardi 21 novembre 2023 à 10h30", datetime(2023, 11, 21, 9, 30, tzinfo=UTC)),
        ("1er juillet 2024", datetime(2024, 7, 1, tzinfo=UTC)),
        ("Wed, 30 Nov 2039 10:00:00 GMT", datetime(2039, 11, 30, 10, tzinfo=UTC)),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("0000-00-00T00:00:00Z", None),
        ("hier", None),
        ("", None),
    ],
)
def test_dates_are_read_or_left_open(written: str, expected: datetime | None) -> None:
    item = f"<item><title>t</title><pubDate>{written}</pubDate></item>"
    assert only_entry(rss(item)).published_at == expected


def test_items_that_share_one_guid_are_all_kept() -> None:
    items = "".join(
        f"<item><guid>same</guid><title>{n}</title><link>https://press.example/{n}</link></item>"
        for n in range(10)
    )
    entries = listing_of(rss(items)).entries
    assert [entry.title for entry in entries] == [str(n) for n in range(10)]
    assert len({entry.key for entry in entries}) == 10


def test_a_guid_used_again_for_another_article_is_another_item() -> None:
    item = (
        "<item><guid>latest</guid><title>{0}</title><link>https://press.example/{0}</link></item>"
    )
    assert only_entry(rss(item.format("a"))).key != only_entry(rss(item.format("b"))).key


def test_items_that_share_guid_and_address_are_told_apart_in_any_order() -> None:
    one, two = (
        f"<item><guid>g</guid><link>https://press.example/</link><title>{t}</title></item>"
        for t in ("a", "b")
    )
    forth, back = listing_of(rss(one + two)).entries, listing_of(rss(two + one)).entries
    assert len({entry.key for entry in forth}) == 2
    assert {entry.key for entry in forth} == {entry.key for entry in back}


def test_an_item_repeated_exactly_is_one_item() -> None:
    assert len(listing_of(rss(ITEM.format("a") * 3)).entries) == 1


def test_a_key_is_stable_when_tracking_or_the_scheme_of_case_changes() -> None:
    item = "<item><title>t</title><link>{}</link></item>"
    plain = only_entry(rss(item.format("https://press.example/a")))
    tracked = only_entry(rss(item.format("https://PRESS.example/a?utm_source=rss")))
    assert plain.key == tracked.key
    assert tracked.url == "https://PRESS.example/a?utm_source=rss"


def test_anchors_of_one_page_are_items_of_their_own() -> None:
    item = "<item><title>t</title><link>https://press.example/log#{}</link></item>"
    assert len(listing_of(rss(item.format("v1") + item.format("v2"))).entries) == 2


@pytest.mark.parametrize(
    "odd",
    [
        "<item></item>",
        "<item><guid></guid><title>sans lien</title></item>",
        '<item><guid isPermaLink="false"/><title>guid vide</title></item>',
        "<item><guid><![CDATA[   ]]></guid><title>blancs</title></item>",
        f"<item><guid>{'x' * 10_000}</guid><title>guid long</title></item>",
        "<item><link>javascript:alert(1)</link><title>script</title></item>",
        "<item><link>http://[broken/</link><title>lien faux</title></item>",
        "<item><link>file:///etc/passwd</link><title>fichier</title></item>",
        "<item><title>a&#x8;b&#0;</title><link>https://press.example/c</link></item>",
        "<item><title>t</title><pubDate>99999999999999</pubDate></item>",
        '<item><title>t</title><enclosure url="https://press.example/son.mp3"/></item>',
        f"<item><title>{'<b>' * 3000}profond</title></item>",
        "<item><title>non fermé <description></item>",
    ],
    ids=[
        "nothing", "no link", "attribute-only guid", "blank guid", "huge guid", "script link",
        "wrong link", "file link", "controls", "absurd date", "enclosure", "deep markup",
        "ill-formed",
    ],
)  # fmt: skip
def test_an_odd_item_neither_blocks_the_others_nor_is_lost(odd: str) -> None:
    entries = listing_of(rss(ITEM.format("avant") + odd + ITEM.format("apres"))).entries
    titles = [entry.title for entry in entries]
    assert len(entries) == 3
    assert {"avant", "apres"} <= set(titles)
    assert all(entry.key and len(entry.key) < 500 for entry in entries)
    assert all(entry.url == "" or entry.url.startswith("http") for entry in entries)


@pytest.mark.parametrize(
    ("encoding", "declared", "header"),
    [
        ("utf-8", None, None),
        ("utf-8", "utf-8", "application/rss+xml"),
        ("utf-8", "iso-8859-1", "text/xml; charset=iso-8859-1"),
        ("cp1252", None, None),
        ("cp1252", "utf-8", None),
        ("iso-8859-15", "iso-8859-15", None),
        ("windows-1251", "windows-1251", None),
        ("utf-16", "utf-16", None),
        ("utf-16-le", "utf-16", None),
        ("utf-16-be", None, None),
        ("utf-32", "utf-32", None),
        ("utf-8-sig", "utf-8", None),
        ("utf-8", "unicode_escape", None),
    ],
)
def test_accents_come_out_right(encoding: str, declared: str | None, header: str | None) -> None:
    words = "Съдът и ведомство" if encoding == "windows-1251" else "Préfecture à l'été où déjà"
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    body = f"{declaration}<rss><channel><item><title>{words}</title></item></channel></rss>"
    if encoding == "utf-16-be":
        body = f'<?xml version="1.0"?>{body}'
    assert only_entry(body.encode(encoding), header).title == words


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   \n",
        b"<!doctype html><html><title>Just a moment...</title><body>captcha</body></html>",
        b"<html><body><form>Connexion</form></body></html>",
        b'{"error": "rate limited"}',
        b'{"version": "https://jsonfeed.org/version/1.1"}',
        b'{"items": [{"code": 503}]}',
        b"[1, 2",
        b"[" * 100_000,
        b"404 not found",
        b"%PDF-1.7 \xff\xfe",
        b"\x00" * 100,
    ],
    ids=[
        "empty", "blank", "captcha", "login", "JSON error", "JSON without items", "other items",
        "broken JSON", "deep JSON", "words", "PDF", "zeros",
    ],
)  # fmt: skip
def test_what_is_no_feed_is_said_to_be_none(body: bytes) -> None:
    assert not_a_feed(body)


@pytest.mark.parametrize(
    "body", ["<!doctype html><title>Un</title><p>a & b", "<html><p>a</html>"], ids=["5", "4"]
)
def test_a_web_page_in_the_place_of_a_feed_is_called_one(body: str) -> None:
    assert "web page" in not_a_feed(body.encode())


@pytest.mark.parametrize(
    "body",
    [rss(""), "<CHANNEL><TITLE>La presse</TITLE></CHANNEL>"],
    ids=["RSS", "CDF, which names no version"],
)
def test_an_empty_feed_is_a_feed(body: str) -> None:
    listing = listing_of(body)
    assert (listing.title, listing.entries) == ("La presse", ())


def test_a_feed_that_says_twice_what_it_is_written_in_is_read() -> None:
    declaration = '<?xml version="1.0" encoding="iso-8859-1"?>'
    body = rss(ITEM.format("été")).partition("?>")[2]
    assert only_entry(f"{declaration}{declaration}{body}".encode()).title == "été"


def test_a_feed_cut_in_half_keeps_its_items_and_says_so() -> None:
    whole = rss("".join(ITEM.format(n) for n in range(9)))
    listing = listing_of(whole[: len(whole) // 2])
    assert 2 <= len(listing.entries) < 9
    assert not listing.is_whole


def test_a_wrong_part_of_a_json_item_costs_that_part_alone() -> None:
    items: list[Any] = [
        {"id": 7, "url": ["x"], "title": {"a": 1}, "date_published": 12, "authors": "moi"},
        "no item",
        None,
        {"id": "b", "url": "https://press.example/b", "title": "B", "authors": [None, {"name": 3}]},
    ]
    feed = {"version": "https://jsonfeed.org/version/1", "items": items}
    entries = listing_of(json.dumps(feed)).entries
    assert [(entry.guid, entry.title) for entry in entries] == [("7", ""), ("b", "B")]


@given(st.binary(max_size=300), st.sampled_from([b"", b"<rss><channel><item>", b"{", b"<feed>"]))
def test_any_bytes_give_a_listing_or_our_own_error(tail: bytes, head: bytes) -> None:
    try:
        listing_of(head + tail)
    except CrawlError as error:
        assert error.state in ("not_a_feed", "http_error")


def test_an_answer_that_is_no_success_is_no_listing() -> None:
    with pytest.raises(CrawlError) as caught:
        list_entries(Source(url=FEED_URL), respond(RSS2, status=503))
    assert caught.value.state == "http_error"


def feedparser_alone(body: bytes, headers: dict[str, str]) -> Any:
    logging.getLogger("feedparser").setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        given = {"content-location": FEED_URL, **headers}
        return feedparser.parse(io.BytesIO(body), response_headers=given, sanitize_html=False)


# feedparser takes the address of an enclosure for that of one of two items that are the same
ITEM_TWICE = {"entry_link_no_href_link_priority.xml", "entry_link_rel_enclosure_no_href.xml"}


def test_no_entry_of_the_feed_corpora_is_lost() -> None:
    if not FEEDS.is_dir():
        pytest.skip("../shared/corpora/feeds is absent")
    lost, titles, read = [], [], 0
    for file in sorted(FEEDS.rglob("*.xml")):
        body = file.read_bytes()
        theirs = feedparser_alone(body, {}).entries
        try:
            ours = listing_of(body).entries
        except CrawlError:
            ours = ()
        read += 1
        distinct = {repr((dict.get(e, "id"), dict.get(e, "link"), dict.get(e, "title"),
                          dict.get(e, "summary"))) for e in theirs}  # fmt: skip
        if len(ours) < len(distinct) and file.name not in ITEM_TWICE:
            lost.append(file.name)
        elif len(ours) == len(theirs):
            pairs = zip(ours, theirs, strict=True)
            wrong = [e for o, e in pairs if o.title != to_text(dict.get(e, "title_detail"))]
            titles += [file.name] * bool(wrong)
    assert read > 2500
    assert lost == []
    # undeclared encodings, where feedparser's titles are the wrong ones
    undeclared = {"eucjp.xml", "euckr.xml", "gb2312.xml", "koi8r.xml", "shiftjis.xml"}
    assert set(titles) <= {*undeclared, "atom10_title.xml"}


def test_text_reaches_feedparser_in_runs() -> None:
    pieces: list[str] = []

    class Listening(ContentHandler):
        def characters(self, content: str) -> None:
            pieces.append(content)

    assert feedparser.api.PREFERRED_XML_PARSERS[0] == create_parser.__module__
    reader = create_parser()
    reader.setContentHandler(Listening())
    reader.parse(io.BytesIO(b"<a>un\ndeux\n&lt;trois&gt;\nquatre</a>"))
    assert pieces == ["un\ndeux\n<trois>\nquatre"]
