from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from crawler.reading import read_html
from crawler.times import _ZONES, Moment, parse_time, zone_of
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
        ("Le mardi 14 novembre 2023 à 18h05", datetime(2023, 11, 14, 17, 5, tzinfo=UTC), "minute"),
        ("Publié le 14/11/2023 à 18:05", datetime(2023, 11, 14, 17, 5, tzinfo=UTC), "minute"),
        ("11/14/2023", datetime(2023, 11, 14, tzinfo=UTC), "day"),
        ("Do 25.04.24 | 14:07 Uhr", datetime(2024, 4, 25, 12, 7, tzinfo=UTC), "minute"),
        ("2024年4月24日08:15", datetime(2024, 4, 24, 6, 15, tzinfo=UTC), "minute"),
        ("Posted: 2023/11/14", datetime(2023, 11, 14, tzinfo=UTC), "day"),
        ("12 August 2024 12:05 a.m.", datetime(2024, 8, 11, 22, 5, tzinfo=UTC), "minute"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_written_time_is_read_with_its_zone_and_precision(written, at, precision):
    moment = parse_time(written, PARIS)
    assert moment == Moment(at, precision)


@pytest.mark.parametrize(
    "written",
    [
        "", "yesterday", "1970-01-01", "0", "0001-01-01T00:00:00Z", "2023-02-30", "9999-12-31",
        "31/31/2023", None,
    ],
    ids=repr,
)  # fmt: skip
def test_what_names_no_day_of_the_web_is_no_time(written):
    assert parse_time(written, PARIS) is None


@pytest.mark.parametrize(
    ("url", "lang", "zone"),
    [
        ("https://journal.fr/a", None, PARIS),
        ("https://journal.example/a", "fr", PARIS),
        ("https://journal.ca/a", "fr", ZoneInfo("America/Toronto")),
        ("https://journal.re/a", "fr", ZoneInfo("Indian/Reunion")),
        ("https://paper.ca/a", "en", UTC),
        ("https://paper.co.uk/a", "en", ZoneInfo("Europe/London")),
        ("https://paper.com/a", "en", UTC),
    ],
    ids=[
        "by country", "by language", "French in Canada", "overseas", "several zones",
        "two-level domain", "unknown",
    ],
)  # fmt: skip
def test_a_time_without_zone_is_the_countrys(url, lang, zone):
    assert zone_of(url, lang) == zone


def test_every_zone_of_a_country_is_one_there_is():
    assert {zone_of(f"https://paper.{country}/a") for country in _ZONES} >= {PARIS}


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


LEAD = "<h1>The bridge is closed</h1>"


@pytest.mark.parametrize(
    ("body", "at", "precision", "source"),
    [
        (LEAD + "<p>Publié le 14 novembre 2023 à 18h05</p>", (14, 17, 5), "minute", "text"),
        (LEAD + "<div>Par Ada Lenoir</div><div>Published November 14, 2023</div>", (14, 0, 0),
         "day", "text"),
        (LEAD + "<p>Mis à jour le 16 novembre 2023 à 9h - Publié le 14 novembre 2023</p>",
         (14, 0, 0), "day", "text"),
        (LEAD + "<p>Publié le 14 novembre 2023, mis à jour le 16 novembre 2023 à 9h</p>",
         (14, 0, 0), "day", "text"),
        (LEAD + "<span>14.11.2023</span>", (14, 0, 0), "day", "guess"),
        ("<span>14/11/2023</span>" + LEAD, (14, 0, 0), "day", "guess"),
        (LEAD + "<p>Updated 16 November 2023</p>", None, "second", None),
        (LEAD + "<p>Le 3 mars 2021, le conseil avait promis une passerelle aux riverains.</p>",
         None, "second", None),
        (LEAD + "<ul class='related'><li>14 novembre 2023</li></ul>", None, "second", None),
        (LEAD + "<div id='comments'><p>Posted 14 November 2023</p></div>", None, "second", None),
    ],
    ids=[
        "French, with its hour", "English, after the byline", "changed, then published",
        "published, then changed", "bare", "bare and above", "only changed", "running text",
        "list of articles", "comment",
    ],
)  # fmt: skip
def test_a_date_printed_beside_the_headline_is_read(body, at, precision, source):
    html = page("", body).replace("<html>", "<html lang='fr'>")
    reading = read_html(html, "https://journal.example/a", seen_at=NOON)
    found = reading.published_at
    assert (found and (found.day, *found.astimezone(UTC).timetuple()[3:5])) == at
    assert (reading.published_precision, reading.date_source) == (precision, source)


@pytest.mark.parametrize(
    ("url", "head", "day", "source"),
    [
        ("https://paper.example/2023/11/14/bridge", "", 14, DateSource.GUESS),
        ("https://paper.example/news/20231114-bridge", "", 14, DateSource.GUESS),
        ("https://paper.example/2023-11-14_bridge", "", 14, DateSource.GUESS),
        ("https://paper.example/a-20231114999", "", None, None),
        ("https://paper.example/2031/11/14/bridge", "", None, None),
        ("https://paper.example/a?d=20231114", "", None, None),
        ("https://paper.example/a", "<title>Bridge | Paper | 14.11.2023</title>", 14,
         DateSource.GUESS),
    ],
    ids=["path", "one number", "hyphens", "a longer number", "ahead", "query", "page title"],
)  # fmt: skip
def test_an_address_or_page_title_dates_a_page_that_prints_no_date(url, head, day, source):
    reading = read_html(page(head, LEAD), url, seen_at=NOON)
    assert (reading.published_at and reading.published_at.day, reading.date_source) == (day, source)


def test_the_hour_printed_on_the_day_of_the_address_is_kept():
    body = LEAD + "<span>12 mars 2020</span><span>14 novembre 2023, 18h05</span>"
    html = page("", body).replace("<html>", "<html lang='fr'>")
    reading = read_html(html, "https://journal.example/2023/11/14/a", seen_at=NOON)
    assert reading.published_at == datetime(2023, 11, 14, 18, 5, tzinfo=PARIS)


def dated(published: str, modified: str) -> str:
    return page(
        f'<meta property="article:published_time" content="{published}">'
        f'<meta property="article:modified_time" content="{modified}">'
    )


@pytest.mark.parametrize(
    ("published", "modified", "kept"),
    [
        ("2023-11-14T08:00:00Z", "2023-11-15T08:00:00Z", True),
        ("2023-11-14T08:00:00Z", "2023-11-14T07:59:00Z", False),
        ("2023-11-14", "2023-11-14T00:30:00+01:00", True),
        ("2023-11-14", "2023-11-13", False),
        ("2023-11-14T08:00:00Z", "2031-01-01T00:00:00Z", False),
    ],
    ids=["later", "earlier", "on the day", "the day before", "in the future"],
)
def test_a_change_lies_between_the_publication_and_now(published, modified, kept):
    reading = read_html(dated(published, modified), "https://paper.example/a", seen_at=NOON)
    assert (reading.modified_at is not None) is kept


@pytest.mark.parametrize(
    "body",
    [
        "<p>Mis à jour le <time datetime='2023-11-16'>16 nov.</time>"
        " Publié le <time datetime='2023-11-14'>14 nov.</time></p>",
        "<time class='updated' datetime='2023-11-16'></time><time datetime='2023-11-14'></time>",
        "<time class='published' datetime='2023-11-14'></time><p>Updated"
        " <time datetime='2023-11-16'></time></p>",
    ],
    ids=["words before", "class", "marked both"],
)
def test_the_time_of_a_change_is_not_the_publication(body):
    reading = read_html(page("", LEAD + body), "https://paper.example/a", seen_at=NOON)
    assert reading.published_at == datetime(2023, 11, 14, tzinfo=UTC)
    assert reading.modified_at == datetime(2023, 11, 16, tzinfo=UTC)


def test_a_date_ahead_is_kept_only_when_nothing_else_is_stated():
    ahead = '<meta property="article:published_time" content="2038-01-01T00:00:00Z">'
    alone = read_html(page(ahead), "https://paper.example/a", seen_at=NOON)
    assert alone.published_at and alone.published_at.year == 2038
    beside = read_html(page(ahead, TIME), "https://paper.example/a", seen_at=NOON)
    assert (beside.published_at, beside.date_source) == (
        datetime(2023, 11, 13, tzinfo=UTC), DateSource.TEXT,
    )  # fmt: skip


def test_a_local_time_without_zone_is_the_countrys():
    head = '<meta property="article:published_time" content="2023-11-14T18:05:00">'
    reading = read_html(page(head), "https://journal.fr/a", seen_at=NOON)
    assert reading.published_at == datetime(2023, 11, 14, 18, 5, tzinfo=PARIS)


def test_a_guess_never_lies_in_the_future():
    body = "<p>Posted 1 March 2031 by the desk</p>"
    reading = read_html(page("", body), "https://paper.example/a", seen_at=NOON)
    assert reading.published_at is None or reading.published_at <= NOON
