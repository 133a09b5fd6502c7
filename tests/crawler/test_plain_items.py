"""Plain items read apart from feedparser: what it would say, at a fraction of the cost."""

from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import feeds
from crawler.plain_items import take_plain_items
from model.errors import CrawlError
from model.source import Listing, Source
from tests.crawler.reading_feeds import FEED_URL, listing_of, respond

FEEDS = Path(__file__).resolve().parents[2].parent / "shared/corpora/feeds"
MISSING = pytest.mark.skipif(not FEEDS.is_dir(), reason="../shared/corpora/feeds is absent")

DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
SPACES = (
    f'{DC} xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom"'
)
PLAIN = "<item><title>Un</title><link>https://press.example/1</link></item>"


def as_rss(*items: str, head: str = "", root: str = "") -> str:
    opening = f'<rss version="2.0" {SPACES}{root}><channel><title>La presse</title>{head}'
    return f"{opening}{''.join(items)}</channel></rss>"


def as_atom(*entries: str, root: str = "") -> str:
    opening = f'<feed xmlns="http://www.w3.org/2005/Atom" {DC}{root}><title>La presse</title>'
    return f"{opening}{''.join(entries)}</feed>"


def as_rdf(*items: str) -> str:
    rdf = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    opening = f'<rdf:RDF {rdf} xmlns="http://purl.org/rss/1.0/" {DC}>'
    return f"{opening}<channel><title>La presse</title></channel>{''.join(items)}</rdf:RDF>"


def by_feedparser(body: str | bytes) -> Listing | str:
    """Return what is read, or said, when no item is taken for plain."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(feeds, "take_plain_items", lambda document: None)
        return read(body)


def read(body: str | bytes) -> Listing | str:
    try:
        return feeds.parse_feed(Source(url=FEED_URL), respond(body))
    except CrawlError as error:
        return error.reason


def plain_in(body: str) -> list[bool]:
    """Tell of each item whether it is taken for plain."""
    taken = take_plain_items(body.encode())
    return [item is not None for item in taken.items] if taken else []


ITEMS = {
    "text": "<title>Un</title><link>/1</link><description>court</description>",
    "markup in a title": "<title>L&amp;amp;eau &lt;b&gt;vive&lt;/b&gt;</title>",
    "half markup in a title": "<title>1 &lt; 2 &amp; 3</title>",
    "sections": "<title><![CDATA[L'<i>eau</i>]]> vive<![CDATA[ & feu]]></title>",
    "comments and orders": "<title>Un<!-- x --><?php y?> deux</title><!-- z -->",
    "spaces": "<title> \n Un  deux \n</title><link>\n /1 \n</link>",
    "query in an address": "<link>https://a.example/?a=1&amp;amp;b=2&amp;copy;=3</link>",
    "slashes in an address": "<link>https:////a.example/x</link><guid>http:///b.example/</guid>",
    "address after GUID": '<guid isPermaLink="true">https://a.example/g</guid><link/>',
    "GUID alone": "<guid>https://a.example/g</guid>",
    "GUID that is a name": '<guid isPermaLink="false">https:///a.example/g</guid>',
    "GUID shouted": '<guid isPermaLink="TRUE">https://a.example/g</guid>',
    "content before summary": "<content:encoded>long</content:encoded><description>c</description>",
    "content after summary": "<description>c</description><content:encoded>long</content:encoded>",
    "content alone": "<content:encoded>&lt;p&gt;long&lt;/p&gt;</content:encoded>",
    "author": "<author>anne@press.example (Anne Roux)</author>",
    "creator": "<dc:creator>Anne Roux</dc:creator><dc:date>2026-11-20T08:00:00Z</dc:date>",
    "dates": "<pubDate>Fri, 20 Nov 2026 08:00:00 +0100</pubDate><dc:date>2026-11-21</dc:date>",
    "odd dates": "<pubDate>20261120</pubDate><dc:date>2026-11</dc:date>",
    "no date": "<pubDate>hier</pubDate>",
    "date by name of a zone": "<pubDate>Fri, 20 Nov 2026 08:00:00 CET</pubDate>",
    "enclosures": '<enclosure url="/a" type="audio/mpeg"/><enclosure url="/b">x</enclosure>',
    "enclosure and address": '<link>/a</link><enclosure url="/a"/>',
    "pictures": "<link>/1</link><media:content><media:credit>X</media:credit></media:content>",
    "sorts": '<title>Un</title><category domain="x">Un</category><comments>/c</comments>',
    "bytes read twice": "<title>L\u00c3\u00a9gende</title><description>\u0093x\u0094</description>",
    "a prefix of its own": f"<dc:creator {DC}>Anne Roux</dc:creator>",
}
ENTRIES = {
    "text": '<title>Un &lt;b&gt;</title><link href="/1"/><id>tag:1</id><summary>c</summary>',
    "markup": '<title type="html">L&amp;amp;eau</title><content type="html">&lt;p&gt;x</content>',
    "links": '<link rel="self" href="/s"/><link href="/1" type="text/html"/><link href="/2"/>',
    "enclosed": '<link rel="ENCLOSURE" href="/a.mp3" length="1"/><id>https://a.example/g</id>',
    "another kind": '<link href="/a.json" type="application/json"/><link href="http:////b.example"/>',
    "author": "<author><name>Anne</name><uri>/anne</uri></author><published>2026-11-20</published>",
    "author by mail": "<author><name>Anne</name><email>a@press.example</email></author>",
    "author at a desk": "<author><name>Anne</name><email>courrier</email></author>",
    "mail alone": "<author><email>a@press.example</email></author>",
    "bare author": "<author>Anne Roux</author><updated>2026-11-20T08:00:00Z</updated>",
    "no author": "<author> <name></name> </author><category term='x'/>",
    "content before summary": "<content>long</content><summary type='html'>c</summary>",
}
RDF_ITEMS = {
    "named": '<item xmlns:x="http://x.example/" rdf:about="tag:1"><title>Un</title></item>',
    "text": "<item rdf:about='tag:1'><title>L&amp;amp;eau</title><link>/1</link></item>",
    "nameless": "<item><title>Un</title><dc:creator>Anne</dc:creator></item>",
}


@pytest.mark.parametrize("item", ITEMS.values(), ids=ITEMS)
def test_a_plain_rss_item_is_read_as_feedparser_reads_it(item: str) -> None:
    body = as_rss(f"<item>{item}</item>", PLAIN)
    assert plain_in(body) == [True, True]
    assert read(body) == by_feedparser(body)


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
def test_a_plain_atom_entry_is_read_as_feedparser_reads_it(entry: str) -> None:
    body = as_atom(f"<entry>{entry}</entry>")
    assert plain_in(body) == [True]
    assert read(body) == by_feedparser(body)


@pytest.mark.parametrize("item", RDF_ITEMS.values(), ids=RDF_ITEMS)
def test_a_plain_rdf_item_is_read_as_feedparser_reads_it(item: str) -> None:
    body = as_rdf(item, '<item rdf:about="tag:2"><title>Deux</title></item>')
    assert plain_in(body)[-1]
    assert read(body) == by_feedparser(body)


BETTER = {
    "a link with another beside it": (
        '<link uri="at://did:plc:x/y">https://a.example/1</link>', "url", "https://a.example/1"
    ),
    "a name in tags": (
        "<author><p>Anne <b>Roux</b></p></author>", "authors", ("Anne Roux",)
    ),
    "a creator in tags": (
        "<dc:creator><a href='/anne'>Anne</a></dc:creator>", "authors", ("Anne",)
    ),
    "a GUID in tags": ('<guid isPermaLink="false"><p>tag:1</p></guid>', "guid", "tag:1"),
    "a date in tags": ("<pubDate><b>2026-11-20T08:00:00Z</b></pubDate>", "published_at",
        datetime(2026, 11, 20, 8, tzinfo=UTC)),
    "an address in tags": ("<link><a>https://a.example/1</a></link>", "url",
        "https://a.example/1"),
}  # fmt: skip


@pytest.mark.parametrize(("item", "field", "value"), BETTER.values(), ids=BETTER)
def test_what_feedparser_loses_of_a_plain_item_is_read(
    item: str, field: str, value: object
) -> None:
    body = as_rss(f"<item>{item}</item>", PLAIN)
    assert plain_in(body) == [True, True]
    assert getattr(listing_of(body).entries[0], field) == value


def test_a_link_that_is_an_attribute_alone_is_read_as_feedparser_reads_it() -> None:
    body = as_rss('<item><title>Un</title><link uri="/1"/></item>')
    assert plain_in(body) == [True]
    assert read(body) == by_feedparser(body)


UNUSUAL = {
    "two titles": "<title>Un</title><title>Deux</title>",
    "two GUIDs": '<guid>1</guid><guid isPermaLink="false">2</guid>',
    "author twice over": "<author>Anne</author><dc:creator>Zoé</dc:creator>",
    "markup": "<title>Un <b>deux</b></title>",
    "a name in its own element": "<author><name>Anne</name></author>",
    "a title of a picture": "<media:content><media:title>Photo</media:title></media:content>",
    "an element inside another": "<category><title>Un</title></category>",
    "an attribute": '<description type="text">Un</description>',
    "a base": '<link xml:base="https://a.example/">/1</link>',
    "a link of Atom's": '<atom:link href="/1"/>',
    "a source": "<source url='/s'><title>Ailleurs</title></source>",
    "an unknown element": "<x:y xmlns:x='http://x.example/'>z</x:y>",
    "its language": "<dc:language>en</dc:language>",
    "nothing": "",
}


@pytest.mark.parametrize("item", UNUSUAL.values(), ids=UNUSUAL)
def test_an_unusual_item_is_left_to_feedparser_and_keeps_its_place(item: str) -> None:
    body = as_rss(PLAIN, f"<item>{item}</item>", PLAIN.replace("1", "2"))
    assert plain_in(body) == [True, False, True]
    assert read(body) == by_feedparser(body)


UNUSUAL_AUTHORS = {
    "a name beside its own": "<author>Anne<name></name></author>",
    "a name inside another": "<author><name><email>a@press.example</email></name></author>",
    "two authors": "<author><name>Anne</name></author><author><name>Zoé</name></author>",
}


@pytest.mark.parametrize("author", UNUSUAL_AUTHORS.values(), ids=UNUSUAL_AUTHORS)
def test_an_unusual_author_is_left_to_feedparser(author: str) -> None:
    body = as_atom("<entry><title>Un</title></entry>", f"<entry>{author}</entry>")
    assert plain_in(body) == [True, False]
    assert read(body) == by_feedparser(body)


WHOLE = {
    "a document type": "<!DOCTYPE rss>" + as_rss(PLAIN),
    "an address for all links": as_rss(PLAIN, root=' xml:base="https://a.example/"'),
    "two channels": as_rss(PLAIN).replace("</rss>", f"<channel>{PLAIN}</channel></rss>"),
    "items outside": as_rss(PLAIN).replace("</channel>", f"</channel>{PLAIN}"),
    "an item that never ends": as_rss(PLAIN, "<item><title>Deux</title>", PLAIN),
    "a feed that is cut": as_rss(PLAIN, PLAIN)[:-40],
    "an entity that is not declared": as_rss(PLAIN, PLAIN.replace("Un", "Un&nbsp;deux")),
    "a prefix that is not declared": as_rss(PLAIN, "<item><x:title>Un</x:title></item>"),
    "two formats": as_atom("<entry><title>&amp;amp;</title></entry>", root=' xmlns:r="http://purl.org/rss/1.0/"'),
    "a web page": "<html><body><item><title>Un</title></item></body></html>",
}  # fmt: skip


@pytest.mark.parametrize("body", WHOLE.values(), ids=WHOLE)
def test_an_unusual_feed_is_left_to_feedparser_whole(body: str) -> None:
    assert plain_in(body) == []
    assert read(body) == by_feedparser(body)


def test_an_item_in_an_unexpected_place_leaves_none_out() -> None:
    body = as_rss(PLAIN, head="<image><item><title>Zéro</title></item></image>")
    assert plain_in(body) == [True]
    assert read(body) == by_feedparser(body)
    assert len(listing_of(body).entries) == 2


def test_feedparser_is_given_the_head_of_a_feed_and_no_plain_item(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given_bytes: list[int] = []
    parse = feeds._parse_with_feedparser

    def count(document: bytes, url: str) -> object:
        given_bytes.append(len(document))
        return parse(document, url)

    monkeypatch.setattr(feeds, "_parse_with_feedparser", count)
    items = [PLAIN.replace("1", str(number)) for number in range(3_000)]
    assert len(listing_of(as_rss(*items)).entries) == 3_000
    assert given_bytes == [len(as_rss())]


words = st.text("Ué <>&;'\"\n\u00a0\u0093Ã©/:?=#amp", max_size=12)
pieces = words.flatmap(
    lambda word: st.sampled_from([escape(word), f"<![CDATA[{word}]]>", escape(escape(word))])
)
rss_parts = st.sampled_from(
    ["title", "link", "guid", "pubDate", "description", "author", "dc:creator", "dc:date",
     "content:encoded", "category", "media:credit", "media:title", "source", "comments", "image",
     "language", "url", "dc:title", "summary", "content", "unknown"]
)  # fmt: skip
atom_parts = st.sampled_from(
    ["title", "id", "published", "updated", "summary", "content", "author", "name", "category",
     "link", "dc:creator", "dc:date", "rights"]
)  # fmt: skip
marks = st.sampled_from(["", "", "", ' type="html"', ' isPermaLink="false"', ' href="/x"'])


def bodies(parts: st.SearchStrategy[str], name: str) -> st.SearchStrategy[list[str]]:
    """Return items of a few elements, each with text, and now and then of elements in them."""
    element = st.tuples(parts, marks, pieces).map(lambda x: f"<{x[0]}{x[1]}>{x[2]}</{x[0]}>")
    nested = st.tuples(parts, st.lists(element, max_size=2)).map(
        lambda x: f"<{x[0]}>{''.join(x[1])}</{x[0]}>"
    )
    content = st.lists(st.one_of(element, element, element, nested), max_size=6).map("".join)
    return st.lists(content.map(lambda inner: f"<{name}>{inner}</{name}>"), max_size=4)


@given(bodies(rss_parts, "item"))
def test_whatever_an_rss_feed_holds_is_read_as_feedparser_reads_it(items: list[str]) -> None:
    assert read(as_rss(*items)) == by_feedparser(as_rss(*items))


@given(bodies(atom_parts, "entry"))
def test_whatever_an_atom_feed_holds_is_read_as_feedparser_reads_it(entries: list[str]) -> None:
    assert read(as_atom(*entries)) == by_feedparser(as_atom(*entries))


@MISSING
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_known_feeds_are_read_as_feedparser_reads_them() -> None:
    files = sorted(file for file in FEEDS.rglob("*.xml") if file.stat().st_size < 300_000)
    taken, others = 0, set()
    for file in files:
        body = file.read_bytes()
        if read(body) != by_feedparser(body):
            others.add(file.stem)
        taken += take_plain_items(body) is not None
    assert taken > len(files) / 8
    # what `BETTER` names
    assert others == {
        "rss_channel_item_author_naked_markup",
        "rss_channel_item_guid_naked_markup",
        "rss_channel_item_uri_at_protocol",
    }
