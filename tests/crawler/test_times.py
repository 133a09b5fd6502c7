from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from crawler.reading import read_html
from crawler.times import Moment, parse_time, zone_of
from model.source import DateSource, Entry

PARIS = ZoneInfo("Europe/Paris")
PLUS_ONE = timezone(timedelta(hours=1))
NOON = datetime(2023, 11, 17, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "at", "precision"),
    [
        ("2023-11-15T18:42:00+01:00", datetime(2023, 11, 15, 17, 42, tzinfo=UTC), "second"),
        ("2023-11-15T18:42:00+0100", datetime(2023, 11, 15, 17, 42, tzinfo=UTC), "second"),
        ("2023-11-15T18:42:07.125Z", datetime(2023, 11, 15, 18, 42, 7, tzinfo=UTC), "second"),
        ("2023-11-15 18:42", datetime(2023, 11, 15, 17, 42, tzinfo=UTC), "minute"),
        ("2023-11-15", datetime(2023, 11, 15, tzinfo=UTC), "day"),
        ("20231115", datetime(2023, 11, 15, tzinfo=UTC), "day"),
        ("1700073720", datetime(2023, 11, 15, 18, 42, tzinfo=UTC), "second"),
        ("1700073720000", datetime(2023, 11, 15, 18, 42, tzinfo=UTC), "second"),
        (
            "Wed, 15 Nov 2023 18:42:00 +0100",
            datetime(2023, 11, 15, 17, 42, tzinfo=UTC),
            "second",
        ),
        ("17 novembre 2023 à 16h58", datetime(2023, 11, 17, 15, 58, tzinfo=UTC), "minute"),
        ("Publié le 1er mars 2024", datetime(2024, 3, 1, tzinfo=UTC), "day"),
        (
            "November 17, 2023 at 4:58 p.m.",
            datetime(2023, 11, 17, 15, 58, tzinfo=UTC),
            "minute",
        ),
        ("17.11.2023, 16:58 Uhr", datetime(2023, 11, 17, 15, 58, tzinfo=UTC), "minute"),
        ("12 August 2024 12:05 a.m.", datetime(2024, 8, 11, 22, 5, tzinfo=UTC), "minute"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_written_time_is_read_with_its_zone_and_precision(written, at, precision):
    moment = parse_time(written, PARIS)
    assert moment == Moment(at, precision)


@pytest.mark.parametrize(
    "written",
    ["", "yesterday", "1970-01-01", "0", "0001-01-01T00:00:00Z", "2023-02-30", "9999-12-31", None],
    ids=repr,
)
def test_what_names_no_day_of_the_web_is_no_time(written):
    assert parse_time(written, PARIS) is None


@pytest.mark.parametrize(
    ("url", "lang", "zone"),
    [
        ("https://journal.fr/a", None, PARIS),
        ("https://journal.example/a", "fr", PARIS),
        ("https://paper.co.uk/a", "en", ZoneInfo("Europe/London")),
        ("https://paper.com/a", "en", UTC),
    ],
    ids=["by country", "by language", "two-level domain", "unknown"],
)
def test_a_time_without_zone_is_the_countrys(url, lang, zone):
    assert zone_of(url, lang) == zone


def page(head: str = "", body: str = "") -> str:
    text = "".join(f"<p>Paragraph {n} of an article long enough to be one.</p>" for n in range(9))
    return f"<html><head>{head}</head><body><article>{body}{text}</article></body></html>"


JSON_LD = (
    '<script type="application/ld+json">{"@type": "NewsArticle",'
    ' "datePublished": "2023-11-15T08:00:00+01:00", "dateModified": "2023-11-16"}</script>'
)
META = '<meta property="article:published_time" content="2023-11-14T08:00:00Z">'
TIME = '<h1>Title</h1><time datetime="2023-11-13">13 November</time>'
SCRIPT = '<script>var expires = "2026-10-31"; var start = "2023-10-30";</script>'


@pytest.mark.parametrize(
    ("html", "day", "source"),
    [
        (page(JSON_LD + META, TIME), 15, DateSource.JSON_LD),
        (page(META, TIME), 14, DateSource.META),
        (page("", TIME), 13, DateSource.TEXT),
        (page(SCRIPT), None, None),
        (page('<meta property="article:published_time" content="1970-01-01">'), None, None),
    ],
    ids=["json-ld first", "then meta", "then time", "never a script's", "never 1970"],
)
def test_the_most_trusted_statement_of_a_date_wins_and_is_named(html, day, source):
    reading = read_html(html, "https://paper.example/a", seen_at=NOON)
    assert (reading.published_at and reading.published_at.day, reading.date_source) == (day, source)


def test_the_feeds_date_is_used_when_the_page_declares_none():
    entry = Entry(source_url="https://paper.example/feed", key="1", url="", published_at=NOON)
    reading = read_html(page("", TIME), "https://paper.example/a", entry=entry)
    assert (reading.published_at, reading.date_source) == (NOON, DateSource.FEED)


def test_a_list_of_other_articles_before_the_heading_does_not_date_the_page():
    listed = '<ul><li><time datetime="2024-05-01">1 May</time></li></ul>'
    html = f"<html><body>{listed}<h1>Title</h1><time datetime='2023-11-13'></time>{page()}"
    reading = read_html(html, "https://paper.example/a", seen_at=NOON)
    assert reading.published_at == datetime(2023, 11, 13, tzinfo=UTC)


def test_a_guess_never_lies_in_the_future():
    body = "<p>Posted 1 March 2031 by the desk</p>"
    reading = read_html(page("", body), "https://paper.example/a", seen_at=NOON)
    assert reading.published_at is None or reading.published_at <= NOON
