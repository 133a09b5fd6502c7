"""Sitemaps: news facts, indexes, attacks."""

import gzip
from datetime import UTC, datetime

import pytest

from crawler.sitemaps import MAX_PARTS, MAX_URLS
from model.errors import CrawlError
from model.source import Listing, SourceKind
from tests.crawler.reading_feeds import listing_of

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
        '<rss version="2.0"><channel></channel></rss>',
        f'<!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/passwd">]>{urlset("")[38:]}',
    ],
    ids=["empty", "web page", "JSON", "words", "a feed", "entities"],
)
def test_what_is_no_sitemap_is_said_to_be_none(body: str) -> None:
    with pytest.raises(CrawlError) as caught:
        sitemap_of(body)
    assert caught.value.state == "not_a_feed"


def test_an_empty_sitemap_is_a_sitemap() -> None:
    assert sitemap_of(urlset("")).entries == ()
