"""Sitemaps: news facts, indexes, attacks."""

import gzip
from datetime import UTC, datetime

import pytest

from crawler.sitemaps import MAX_PARTS, MAX_URLS
from model.errors import CrawlError
from model.source import Listing, SourceKind
from tests.crawler.reading_feeds import ITEM, listing_of, rss

XMLNS = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)


def sitemap_of(body: str | bytes) -> Listing:
    return listing_of(body, kind=SourceKind.SITEMAP, url="https://www.press.example/news.xml")


def urlset(urls: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {XMLNS}>{urls}</urlset>'


NEWS = urlset(
    """<url><loc>https://press.example/a?utm_source=sitemap</loc>
    <news:news><news:publication><news:name>La presse</news:name><news:language>fr</news:language>
    </news:publication><news:publication_date>2023-11-21T10:00:00+01:00</news:publication_date>
    <news:title>L'État &amp; BriefCam</news:title></news:news>
    <image:image><image:loc>https://press.example/i.jpg</image:loc>
    <image:title>Une photo</image:title></image:image>
    <lastmod>2023-11-22</lastmod></url>"""
)


def test_a_news_sitemap_gives_title_date_language_and_name() -> None:
    listing = sitemap_of(NEWS)
    (entry,) = listing.entries
    assert (listing.title, listing.more, listing.is_whole) == ("La presse", (), True)
    assert entry.url == "https://press.example/a?utm_source=sitemap"
    assert entry.key == "https://press.example/a"
    assert entry.title == "L'État & BriefCam"
    assert entry.published_at == datetime(2023, 11, 21, 9, 0, tzinfo=UTC)
    assert entry.modified_at == datetime(2023, 11, 22, tzinfo=UTC)
    assert entry.lang == "fr"


def test_a_sitemap_served_as_a_gzip_file_is_read() -> None:
    assert sitemap_of(gzip.compress(NEWS.encode())).entries == sitemap_of(NEWS).entries


def test_a_gzip_bomb_in_a_sitemap_is_cut() -> None:
    with pytest.raises(CrawlError) as caught:
        sitemap_of(gzip.compress(bytes(60 * 1024 * 1024), 1))
    assert caught.value.state == "too_large"


def test_the_parts_of_an_index_come_back_the_latest_first() -> None:
    parts = "".join(
        f"<sitemap><loc>/part{day}.xml</loc><lastmod>2023-11-{day:02}</lastmod></sitemap>"
        for day in range(1, 31)
    )
    listing = sitemap_of(f"<sitemapindex {XMLNS}>{parts * 3}</sitemapindex>")
    assert listing.entries == ()
    assert listing.more[:2] == (
        "https://www.press.example/part30.xml",
        "https://www.press.example/part29.xml",
    )
    assert len(listing.more) == 30 <= MAX_PARTS


def test_an_index_tells_thousands_of_parts_and_when_each_changed() -> None:
    parts = "".join(
        f"<sitemap><loc>/{part}.xml</loc><lastmod>2023-11-{part % 28 + 1:02}</lastmod></sitemap>"
        for part in range(MAX_PARTS + 10)
    )
    listing = sitemap_of(f"<sitemapindex {XMLNS}>{parts}</sitemapindex>")
    assert len(listing.more) == len(listing.more_changed) == MAX_PARTS
    assert listing.more_changed[0] == "2023-11-28"
    assert list(listing.more_changed) == sorted(listing.more_changed, reverse=True)


def test_parts_without_a_date_stand_in_the_order_of_the_dates_in_their_addresses() -> None:
    names = ["pages", "2023-09", "2024-01", "2023/12/31", "news_20240115"]
    parts = "".join(f"<sitemap><loc>/s/{name}.xml</loc></sitemap>" for name in names)
    listing = sitemap_of(f"<sitemapindex {XMLNS}>{parts}</sitemapindex>")
    order = [url.partition("/s/")[2].removesuffix(".xml") for url in listing.more]
    assert order == ["news_20240115", "2024-01", "2023/12/31", "2023-09", "pages"]
    assert set(listing.more_changed) == {""}


LINES = "https://press.example/a\r\n\nhttps://press.example/b?utm_source=x\nhttps://other.example/c"


@pytest.mark.parametrize("body", [LINES, gzip.compress(LINES.encode())], ids=["plain", "gzip"])
def test_a_text_file_with_one_address_a_line_is_a_sitemap(body: str | bytes) -> None:
    listing = sitemap_of(body)
    assert [entry.key for entry in listing.entries] == [
        "https://press.example/a",
        "https://press.example/b",
    ]


@pytest.mark.parametrize("head", ["", '<?xml version="1.0"?>\n<!-- made -->'], ids=["bare", "XML"])
def test_a_feed_in_a_sitemaps_place_is_read(head: str) -> None:
    (entry,) = sitemap_of(head + rss(ITEM.format("a")).partition("?>")[2]).entries
    assert (entry.title, entry.url) == ("a", "https://press.example/a")


@pytest.mark.parametrize(
    "loc",
    [
        "https://elsewhere.example/a",
        "http://127.0.0.1/",
        "javascript:alert(1)",
        "",
        "http://[broken",
    ],
)
def test_addresses_of_other_sites_are_left_out(loc: str) -> None:
    urls = f"<url><loc>{loc}</loc></url><url><loc>https://press.example/b</loc></url><url/>"
    assert [entry.url for entry in sitemap_of(urlset(urls)).entries] == ["https://press.example/b"]


def test_a_sitemap_cut_in_half_keeps_its_entries_and_says_so() -> None:
    urls = "".join(f"<url><loc>https://press.example/{n}</loc></url>" for n in range(9))
    whole = urlset(urls)
    listing = sitemap_of(whole[: len(whole) // 2])
    assert 0 < len(listing.entries) < 9
    assert not listing.is_whole


def test_a_sitemap_is_read_up_to_what_the_protocol_allows() -> None:
    urls = "".join(f"<url><loc>/{n}</loc></url>" for n in range(MAX_URLS + 9))
    assert len(sitemap_of(urlset(urls)).entries) == MAX_URLS


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html><body>captcha</body></html>",
        '{"error": 1}',
        "plain words",
        "https://press.example/a\nand some words",
        "https://elsewhere.example/a\n",
        f'<!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/passwd">]>{urlset("")[38:]}',
    ],
    ids=["empty", "web page", "JSON", "words", "an address among words", "of others", "entities"],
)
def test_what_is_no_sitemap_is_said_to_be_none(body: str) -> None:
    with pytest.raises(CrawlError) as caught:
        sitemap_of(body)
    assert caught.value.state == "not_a_feed"


def test_an_empty_sitemap_is_a_sitemap() -> None:
    assert sitemap_of(urlset("")).entries == ()
