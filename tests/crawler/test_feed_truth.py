"""What feedparser and gofeed know of their own feeds, read here at least as well as there.

Every value known of a title, a link, an id, a date, an author, a summary or a content is looked
at; where feedparser alone says what is expected, the reason stands in `SET_ASIDE`.
"""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from bench.feed_truth import (
    SET_ASIDE,
    compare_readers,
    count_right,
    is_set_aside,
    load_feedparser_set,
    load_gofeed_set,
)
from tests.crawler.reading_feeds import listing_of, only_entry, rss

FEEDS = Path(__file__).resolve().parents[2].parent / "shared/corpora/feeds"
SETS = {"feedparser": (load_feedparser_set, 1200), "gofeed": (load_gofeed_set, 190)}


@pytest.mark.parametrize("name", SETS)
def test_what_is_known_of_a_feed_is_read_as_well_as_by_feedparser_alone(name: str) -> None:
    if not FEEDS.is_dir():
        pytest.skip("../shared/corpora/feeds is absent")
    load, at_least = SETS[name]
    samples = load(FEEDS / name)
    assert len(samples) > at_least
    answers = list(compare_readers(samples))
    lost = [
        (answer.field, answer.file.name, answer.right[:60], answer.said)
        for answer in answers
        if answer.theirs and not answer.ours and not is_set_aside(answer)
    ]
    assert lost == []
    for field, score in count_right(answers).items():
        assert score.ours + score.set_aside >= score.theirs, field
        assert score.ours >= 0.85 * score.known, field


def test_what_is_set_aside_is_told_file_by_file_and_needs_to_be() -> None:
    if not FEEDS.is_dir():
        pytest.skip("../shared/corpora/feeds is absent")
    answers = compare_readers(load_feedparser_set(FEEDS / "feedparser"))
    assert {answer.file.name for answer in answers if is_set_aside(answer)} == SET_ASIDE.keys()


def test_all_that_gofeed_knows_of_its_feeds_is_read() -> None:
    if not FEEDS.is_dir():
        pytest.skip("../shared/corpora/feeds is absent")
    answers = compare_readers(load_gofeed_set(FEEDS / "gofeed"))
    assert [answer for answer in answers if not answer.ours] == []


@pytest.mark.parametrize(
    "name",
    ["encoding_ISO-8859-1", "encoding_WINDOWS-1251", "large_atom", "large_rss", "rdf_UTF8",
     "small_atom", "urdu_UTF8"],
)  # fmt: skip
def test_a_real_feed_gives_every_item_under_its_title(name: str) -> None:
    file = FEEDS / "real" / f"{name}.xml"
    if not file.is_file():
        pytest.skip("../shared/corpora/feeds is absent")
    body = file.read_bytes()
    listed = [
        (entry.title, bool(entry.url), bool(entry.html)) for entry in listing_of(body).entries
    ]
    items = etree.fromstring(body).xpath("//*[local-name()='item' or local-name()='entry']")
    assert listed == [
        (" ".join(item.xpath("string(*[local-name()='title'])").split()), True, True)
        for item in items
    ]
    assert listed


def test_a_real_feed_that_names_no_encoding_is_read() -> None:
    file = FEEDS / "real" / "no_encoding_ISO-8859-1.xml"
    if not file.is_file():
        pytest.skip("../shared/corpora/feeds is absent")
    body = file.read_bytes()
    entries = listing_of(body).entries
    assert len(entries) == body.count(b"<item>") == 10
    assert not any("\ufffd" in entry.title + entry.html for entry in entries)


NOON = datetime(2023, 11, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("mardi 21 novembre 2023 à 13h", NOON),
        ("mar., 21 nov. 2023 13:00", NOON),
        ("21/11/2023 13h", NOON),
        ("21-11-2023 13:00", NOON),
        ("2023/11/21 13:00", NOON),
        ("Publié le 21/11/2023 à 13h00", NOON),
        ("21 novembre 2023 à 13 h 00", NOON),
        ("mar. 21 novembre 2023 12:00:00 GMT", NOON),
        ("mar. 21 novembre 2023 14:00:00 +0200", NOON),
        ("2023-11-21 13:00:00", NOON),
        ("2023-11-21T13:00", NOON),
        ("Tue, 21 Nov 2023 13:00:00", NOON),
        ("Tue, 21 Nov 2023 13:00:00 CET", NOON),
        ("Tue, 21 Nov 2023 07:00:00 EST", NOON),
        ("Tue, 21 Nov 23 12:00:00 GMT", NOON),
        ("Tue Nov 21 12:00:00 2023", NOON),
        ("1700568000", NOON),
        ("2023-11-21", datetime(2023, 11, 21, tzinfo=UTC)),
        ("jeu, 01 aoû 2024 08:00:00 GMT", datetime(2024, 8, 1, 8, tzinfo=UTC)),
        ("1er juillet 2024 à 8h", datetime(2024, 7, 1, 6, tzinfo=UTC)),
        ("21 novembre 2023 13:00 +9959", NOON.replace(hour=13)),
    ],
)
def test_a_french_feed_is_dated_by_the_clock_of_its_site(written: str, expected: datetime) -> None:
    item = f"<item><title>t</title><pubDate>{written}</pubDate></item>"
    assert only_entry(rss(item)).published_at == expected


@pytest.mark.parametrize(
    ("link", "lang", "hour"),
    [
        ("https://press.example/a", "fr", 12),
        ("https://press.example/a", "en", 13),
        ("https://journal.fr/a", "en", 12),
        ("https://paper.co.uk/a", "en", 13),
    ],
    ids=["a French feed", "an English feed", "a site in France", "a site in Britain"],
)
def test_a_time_without_a_zone_is_of_the_site(link: str, lang: str, hour: int) -> None:
    item = f"<item><link>{link}</link><pubDate>2023-11-21 13:00</pubDate></item>"
    feed = rss(item).replace("fr-FR", lang)
    assert only_entry(feed).published_at == datetime(2023, 11, 21, hour, tzinfo=UTC)


ATOM = '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="/dossier/"><entry>{}</entry></feed>'
MEDIA = 'xmlns:media="http://search.yahoo.com/mrss/"'


@pytest.mark.parametrize(
    ("feed", "field", "value"),
    [
        (ATOM.format('<link href="a"/>'), "url", "https://press.example/dossier/a"),
        (ATOM.format('<link xml:base="b/" href="c"/>').replace("/dossier/", "https://b.example/a/"),
         "url", "https://b.example/a/b/c"),
        (ATOM.format('<link rel="enclosure">/son.mp3</link><link href="a"/>'
                     '<link rel="enclosure">/son.mp3</link>'), "url",
         "https://press.example/dossier/a"),
        (rss('<item><guid>numero/7</guid></item>'), "guid", "numero/7"),
        (rss('<item><guid>numero/7</guid></item>'), "url", "https://press.example/numero/7"),
        (rss('<item><enclosure url="/son.mp3" type="audio/mpeg" length="1"/></item>'), "url",
         "https://press.example/son.mp3"),
        (rss(f'<item {MEDIA}><title>a</title><media:title>b</media:title></item>'), "title", "a"),
        (rss(f'<item {MEDIA}><media:description>a</media:description></item>'), "summary", "a"),
        (rss('<item><image><title>b</title></image><title>a</title></item>'), "title", "a"),
        (rss('<item><title>a</title><image><title>b</title></image></item>'), "title", "a"),
        (rss('<item><body xmlns="http://www.w3.org/1999/xhtml"><p>a</p></body></item>'),
         "summary", "a"),
        (rss('<item><description>&lt;math&gt;&lt;mi&gt;a&lt;/mi&gt;&lt;mo&gt;+&lt;/mo&gt;'
             '&lt;/math&gt;b</description></item>'), "summary", "a+b"),
        (rss('<item><author>anne@press.example (Anne Roux)</author></item>'), "authors",
         ("Anne Roux",)),
        (rss('<item><author>Anne Roux &lt;anne@press.example&gt;</author></item>'), "authors",
         ("Anne Roux",)),
        (rss('<item><author>anne@press.example</author></item>'), "authors",
         ("anne@press.example",)),
        (rss('<item><dc:creator>Anne Roux</dc:creator><dc:creator>Luc Bel</dc:creator></item>'),
         "authors", ("Anne Roux", "Luc Bel")),
        (ATOM.format("<author><name>Anne Roux</name></author><author><name>Luc Bel</name>"
                     "</author>"),
         "authors", ("Anne Roux", "Luc Bel")),
        (rss("<item><dc:date>2023-11-21T12:00:00Z</dc:date></item>"), "published_at", NOON),
        (rss('<item><issued xmlns="http://purl.org/dc/terms/">2023-11-21T12:00Z</issued></item>'),
         "published_at", NOON),
        (rss("<item><title>t</title></item>"), "published_at", None),
    ],
    ids=["xml:base", "xml:base within", "an enclosure's text", "a relative guid is itself",
         "a relative guid leads somewhere", "only an enclosure", "media:title",
         "media:description", "an image's title first", "an image's title last", "xhtml body",
         "a formula", "mail and name", "name and mail", "mail alone", "two dc:creator",
         "two authors", "dc:date", "dcterms:issued", "no date"],
)  # fmt: skip
def test_an_item_says_the_same_however_it_is_written(feed: str, field: str, value: object) -> None:
    assert getattr(only_entry(feed), field) == value


@pytest.mark.parametrize("address", ["http://press.example/feed", "https://new.example/feed"])
def test_entries_stay_the_same_when_their_feed_moves(address: str) -> None:
    feed = rss(
        "<item><guid>numero/7</guid><title>t</title><link>https://press.example/7</link></item>"
    )
    before, after = listing_of(feed).entries, listing_of(feed, url=address).entries
    assert [entry.key for entry in before] == [entry.key for entry in after]
