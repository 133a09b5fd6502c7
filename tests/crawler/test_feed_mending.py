"""Feeds that are no XML: what their makers forgot is mended, and no item says less for it."""

import pytest

from crawler import feeds
from crawler.feed_mending import mend_xml
from model.errors import CrawlError
from model.source import Entry
from tests.crawler.reading_feeds import ITEM, listing_of, only_entry, rss


def shown(entry: Entry) -> tuple[str, str, str]:
    return entry.title, entry.url, entry.summary


WHOLE = ("Le port", "https://press.example/1", "La mairie filme")
LINK = "<link>https://press.example/1</link>"
SAID = "<description>La mairie filme</description>"


@pytest.mark.parametrize(
    "item",
    [
        f"<item><title>Le port</titel>{LINK}{SAID}</item>",
        f"<item><title>Le port{LINK}{SAID}</item>",
        f"<item><title>Le port</title><link>https://press.example/1{SAID}</item>",
        f"<item><title>Le port</title>{LINK}<description>La mairie filme</item>",
        f"<item><title>Le port<dc:creator>Anne</dc:creator>{LINK}{SAID}</item>",
        f"<item><title><b>Le port</title>{LINK}<description>La mairie<br>\nfilme</item>",
        f"<item><title>Le port</title>{LINK}<description>La mairie</p> filme</description></item>",
        f"<item><title>Le\x08 port</titel>{LINK}{SAID}</item>",
    ],
    ids=["an end misspelt", "no end", "a link without an end", "an item ends first",
         "no end before a prefix", "tags of HTML without an end", "an end without a beginning",
         "a control as well"],
)  # fmt: skip
@pytest.mark.parametrize("following", ["", ITEM.format("apres")], ids=["last", "first"])
def test_an_element_left_open_costs_its_item_nothing(item: str, following: str) -> None:
    first, *others = listing_of(rss(item + following)).entries
    assert shown(first)[:2] == WHOLE[:2]
    assert first.summary.split() == WHOLE[2].split()
    assert [entry.title for entry in others] == ["apres"] * bool(following)


def test_items_left_open_do_not_swallow_one_another() -> None:
    items = "".join(
        f"<item><title>Le port {n}<link>https://press.example/{n}</link>" for n in range(150)
    )
    assert [entry.title for entry in listing_of(rss(items)).entries] == [
        f"Le port {n}" for n in range(150)
    ]


def test_a_feed_cut_within_a_tag_keeps_what_stood_before() -> None:
    listing = listing_of(rss(f"<item><title>Le port{LINK}{SAID}<pubD")[: -len("</channel></rss>")])
    assert [shown(entry) for entry in listing.entries] == [WHOLE]
    assert not listing.is_whole


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("L&eacute;gende &nbsp;du port", "Légende \u00a0du port"),
        ("Le port & la mairie", "Le port & la mairie"),
        ("?page=1&copy=2;mode=x &amp; fin", "?page=1&copy=2;mode=x & fin"),
        ("3 < 4", "3 < 4"),
        ("&#X41;&#66;&#x43;", "ABC"),
        ("&inconnue; &lang;", "&inconnue; \u2329"),
        ("Le\x08 port", "Le port"),
    ],
    ids=["entities of HTML", "a bare sign", "parameters", "a bare bracket", "numbers",
         "an unknown entity", "a control"],
)  # fmt: skip
def test_signs_that_are_no_xml_are_read_as_they_are_meant(written: str, title: str) -> None:
    assert only_entry(rss(f"<item><title>{written}</title>{LINK}</item>")).title == title


def test_a_bare_sign_in_an_attribute_is_mended_as_well() -> None:
    entry = "<entry><title>t</title><link href='https://press.example/?a=1&b=2&copy=3'/></entry>"
    body = f'<feed xmlns="http://www.w3.org/2005/Atom">{entry}</feed>'
    assert "b=2&amp;copy=3" in mend_xml(body)
    assert only_entry(body).url == "https://press.example/?a=1&b=2&copy=3"


def test_a_text_that_is_cut_after_a_bracket_keeps_its_words() -> None:
    assert mend_xml("<a>3 < 4, dit-on") == "<a>3 &lt; 4, dit-on</a>"
    assert mend_xml("<a>3 <b cla") == "<a>3 </a>"


def test_the_title_of_a_feed_is_read_though_its_end_is_another() -> None:
    body = rss("").replace("La presse</title>", "La presse</subtitle>")
    assert listing_of(body).title == "La presse"


def test_sections_comments_and_orders_are_left_alone() -> None:
    inner = "<![CDATA[<p>a & b]]><!-- <i> & --><?php a & b <u> ?>"
    assert mend_xml(f"<a>{inner}</b>") == f"<a>{inner}</a>"


def test_what_is_well_formed_stays_as_it_is() -> None:
    body = rss(f'<item a="1"><title>L&amp;eau</title>{LINK}<x/></item>').partition("?>")[2]
    assert mend_xml(body) == body


def test_what_cannot_be_mended_is_read_as_feedparser_reads_it() -> None:
    odd = f"<item><x:y>1</x:y><title>Le port</title>{LINK}{SAID}</item>"
    assert [shown(entry) for entry in listing_of(rss(odd)).entries] == [WHOLE]


@pytest.mark.parametrize(
    "mended",
    ["<", "<rss><channel></channel></rss>", "<rss><channel><odd/></channel></rss>"],
    ids=["still broken", "an item less", "unreadable"],
)
def test_a_mended_feed_that_is_worse_costs_nothing(
    mended: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    parse = feeds._parse_with_feedparser

    def refuse(document: bytes, url: str) -> object:
        if b"<odd/>" in document:
            raise CrawlError(url, "not_a_feed", "it cannot be read")
        return parse(document, url)

    monkeypatch.setattr(feeds, "mend_xml", lambda text: mended)
    monkeypatch.setattr(feeds, "_parse_with_feedparser", refuse)
    listing = listing_of(
        rss(ITEM.format("avant"), head="<description>L&eacute;gende</description>")
    )
    assert listing.title == "La presse"
    assert [entry.title for entry in listing.entries] == ["avant"]


def test_an_ill_formed_feed_is_read_as_fast_as_another(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[int] = []
    parse = feeds._parse_with_feedparser

    def count(document: bytes, url: str) -> object:
        given.append(len(document))
        return parse(document, url)

    monkeypatch.setattr(feeds, "_parse_with_feedparser", count)
    items = [ITEM.format(number) for number in range(300)]
    body = rss("".join([*items, "<item><title>L&eacute;gende</title></item>"]))
    assert len(listing_of(body).entries) == 301
    assert len(given) == 1
    assert given[0] < 300


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "body",
    ["<a>" * 250_000 + "</b>" * 250_000, "<" * 250_000, "<a" * 250_000, "&" * 250_000,
     "&a" * 250_000, "<![CDATA[" * 50_000, "<!--" * 50_000, "<item>" * 250_000,
     "<title>" * 250_000],
    ids=["nested", "brackets", "tags", "signs", "names", "sections", "comments", "items",
         "titles"],
)  # fmt: skip
def test_mending_takes_a_document_once(body: str) -> None:
    mend_xml(f"<rss>{body}")
