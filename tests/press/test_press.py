"""The invented press: what it serves to the demo and to the end-to-end tests."""

import http.client
import io
import json
import signal
import subprocess
import sys
from calendar import timegm
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import feedparser
import msgspec
import pypdf
import pytest

from model.source import SourceKind
from press import Press
from press.answers import Asked, Desk
from press.catalogue import PressArticle
from press.sites import SITES, Offer
from tests.press.press_reader import (
    ARTICLES,
    BY_KEY,
    FIRST_POLL,
    SECOND_POLL,
    UP,
    get,
    listed,
    one_line,
    page_text,
    parse_page,
    read_feed,
    shown,
)

ROOT = Path(__file__).resolve().parents[2]
FEEDS = [site for site in UP if site.offer in {Offer.RSS, Offer.ATOM, Offer.RDF}]
WITH_PAGES = [site for site in UP if site.offer is not Offer.DOCUMENT]
CONSENT = BY_KEY["courrier-national/le-rapport-que-personne-n-a-lu"]
CAPTCHA = BY_KEY["matin-express/vrai-faux-reconnaissance-faciale-jo"]
PAYWALL = BY_KEY["channel-dispatch/senate-oral-question"]
DECISION = BY_KEY["recueil-decisions/2023-12-21-489990"]
NEW = BY_KEY["courrier-national/briefcam-chronologie-neuf-ans"]

by_host = pytest.mark.parametrize("site", UP, ids=lambda site: site.folder)


@pytest.fixture(scope="module")
def press():
    with Press(now=SECOND_POLL, slow_s=0) as served:
        yield served


@by_host
@pytest.mark.parametrize(
    ("path", "status"), [("/", 200), ("/robots.txt", 200), ("/nulle-part", 404)]
)
def test_every_site_answers(press, site, path, status):
    assert get(press, f"http://{site.host}{path}").status == status


def test_the_site_that_is_down_refuses_connections(press):
    (down,) = (site for site in SITES if site.is_down)

    with pytest.raises(ConnectionRefusedError):
        get(press, down.source.url)


def test_an_unknown_host_is_told_which_are_known(press):
    connection = http.client.HTTPConnection(press.address, timeout=20)
    connection.request("GET", "/", headers={"Host": "elsewhere.example"})
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()

    assert response.status == 421
    assert all(site.host in text for site in UP)


@by_host
def test_a_source_lists_what_the_catalogue_says_and_all_of_it_is_served(press, site):
    got = get(press, site.source.url)

    urls = listed(site, got)

    assert urls == {article.url for article in shown(site, press.now)}
    assert {get(press, url).status for url in urls} == {200}


@by_host
def test_no_link_of_a_site_leads_nowhere(press, site):
    home = f"http://{site.host}/"
    seen: set[str] = set()
    waiting = {home}
    while waiting:
        url = waiting.pop()
        seen.add(url)
        got = get(press, url)
        assert got.status == 200, url
        if got.headers.get_content_type() == "text/html":
            links = {urljoin(url, one) for one in parse_page(got).xpath("//@href")}
            links = {link.partition("#")[0] for link in links}
            waiting |= {link for link in links if urlsplit(link).hostname == site.host} - seen

    assert {article.url for article in shown(site, press.now)} <= seen


def published_at(entry: feedparser.FeedParserDict) -> datetime:
    parsed = entry.get("published_parsed") or entry.updated_parsed
    return datetime.fromtimestamp(timegm(parsed), tz=UTC)


@pytest.mark.parametrize("site", FEEDS, ids=lambda site: site.folder)
def test_a_feed_says_titles_authors_and_times_as_they_are(press, site):
    feed = read_feed(get(press, site.source.url))
    told = {
        entry.link.removesuffix(site.link_suffix): (
            entry.title,
            published_at(entry),
            entry.author,
        )
        for entry in feed.entries
    }

    for article in shown(site, press.now):
        title, published, author = told[article.url]
        assert title == article.title
        assert published == article.published
        assert author in ", ".join(article.authors)


def test_the_json_feed_is_version_1_1(press):
    (site,) = (site for site in UP if site.offer is Offer.JSON_FEED)

    feed = json.loads(get(press, site.source.url).body)

    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert {item["title"] for item in feed["items"]} == {
        article.title for article in shown(site, press.now)
    }


def test_the_news_sitemap_is_announced_in_robots_txt_and_there_is_no_feed(press):
    (site,) = (site for site in UP if site.offer is Offer.SITEMAP)
    home = f"http://{site.host}/"

    robots = get(press, f"{home}robots.txt").body.decode()

    assert f"Sitemap: {site.source.url}\n" in robots
    assert b'rel="alternate"' not in get(press, home).body


@pytest.mark.parametrize(
    "site",
    [site for site in UP if site.source.kind is SourceKind.FEED],
    ids=lambda site: site.folder,
)
def test_a_home_page_announces_its_feed(press, site):
    home = f"http://{site.host}/"

    (link,) = parse_page(get(press, home)).xpath("//link[@rel='alternate']/@href")

    assert urljoin(home, link) == site.source.url


def test_the_agency_sends_whole_texts_and_walled_texts_are_never_in_a_feed(press):
    bodies = {site.folder: get(press, site.source.url).body.decode(site.encoding) for site in FEEDS}
    wire = [article for article in ARTICLES if article.host == "agence-meridienne.example"]
    whole = {entry.link: entry.get("content") for entry in entries_of(bodies["agence-meridienne"])}

    assert all(whole[article.url] for article in wire)
    assert PAYWALL.blocks[-1][1][:60] not in bodies["channel-dispatch"]
    some = [bool(entry.get("content")) for entry in entries_of(bodies["channel-dispatch"])]
    assert any(some)
    assert not all(some)


def entries_of(text: str) -> list[feedparser.FeedParserDict]:
    entries: list[feedparser.FeedParserDict] = feedparser.parse(text).entries
    return entries


def test_one_feed_repeats_a_guid(press):
    feed = read_feed(get(press, "http://littoral-ouest.example/feed/"))
    ids = [entry.id for entry in feed.entries]

    assert len(ids) - len(set(ids)) >= 3
    assert len({entry.link for entry in feed.entries}) == len(ids)


def test_one_site_is_written_in_windows_1252_and_its_headers_do_not_say_so(press):
    for path in ["/rss.php", "/", MATIN[0].path]:
        got = get(press, f"http://matin-express.example{path}")
        assert "charset" not in got.headers["Content-Type"]
        with pytest.raises(UnicodeDecodeError):
            got.body.decode("utf-8")

    assert "DERNIÈRE MINUTE" in page_text(get(press, MATIN[0].url))


MATIN = [
    article
    for article in ARTICLES
    if article.host == "matin-express.example" and not article.wall and not article.removed_at
]


def test_the_decision_is_a_pdf_whose_text_reads_back_with_its_accents(press):
    got = get(press, DECISION.url)

    reader = pypdf.PdfReader(io.BytesIO(got.body))
    text = one_line(" ".join(page.extract_text() for page in reader.pages))

    assert got.headers.get_content_type() == "application/pdf"
    assert all(one_line(block) in text for _, block in DECISION.blocks)
    assert reader.metadata is not None
    assert reader.metadata.title == DECISION.title
    assert reader.metadata.author == DECISION.authors[0]
    assert reader.metadata.creation_date == DECISION.published
    assert "œ" in DECISION.title + DECISION.body


@pytest.mark.parametrize("site", WITH_PAGES, ids=lambda site: site.folder)
def test_counters_change_and_the_article_does_not(press, site):
    for article in shown(site, press.now):
        if article.wall is not None:
            continue
        first, second = get(press, article.url), get(press, article.url)
        assert first.body != second.body
        for got in (first, second):
            text, position = page_text(got), 0
            for _, block in article.blocks:
                position = text.index(one_line(block), position)


@pytest.mark.parametrize("wall", [CONSENT, CAPTCHA], ids=["consent", "captcha"])
def test_a_wall_answers_200_and_shows_nothing_of_the_article(press, wall):
    got = get(press, wall.url)

    text = page_text(got)

    assert got.status == 200
    assert wall.title not in text
    assert not any(one_line(block) in text for _, block in wall.blocks)


def test_a_paywall_shows_the_first_paragraph_and_says_that_it_is_one(press):
    got = get(press, PAYWALL.url)
    document = parse_page(got)
    declared = json.loads(document.xpath("//script[@type='application/ld+json']/text()")[0])
    text = page_text(got)

    assert one_line(PAYWALL.blocks[0][1]) in text
    assert not any(one_line(block) in text for _, block in PAYWALL.blocks[1:])
    assert "Subscribe" in text
    assert declared["isAccessibleForFree"] is False


@by_host
def test_hostile_characters_are_escaped_everywhere(site):
    hostile = 'A <script>alert("1")</script> & <b>"b"</b> ]]> </title>'
    article = PressArticle(
        host=site.host,
        slug="hostile",
        title=hostile,
        authors=(hostile,),
        published=FIRST_POLL,
        lang=site.lang,
        path=site.offer_path if site.offer is Offer.DOCUMENT else "/hostile",
        section=hostile,
        summary=hostile,
        affair=False,
        body=hostile,
    )
    desk = Desk((article,))

    for path in {article.path, site.offer_path, "/"}:
        answer = desk.answer(Asked(host=site.host, path=path), FIRST_POLL)
        assert answer.status == 200
        if not answer.body.startswith(b"%PDF"):
            assert b"alert(" in answer.body
        if answer.body.startswith(b"<"):
            assert b"<script>alert(" not in answer.body
            assert b"</title> " not in answer.body


def test_only_one_site_is_slow():
    desk = Desk(ARTICLES)

    slow = [s.host for s in UP if desk.answer(Asked(host=s.host, path="/"), FIRST_POLL).is_slow]

    assert slow == ["privacy-ledger.example"]


def test_slowness_is_bounded():
    assert Press(now=FIRST_POLL, slow_s=3600).slow_s == 10


def test_requests_are_remembered():
    url = "http://hemicycle.example/flux.atom"
    with Press(now=FIRST_POLL) as press:
        etag = get(press, url).headers["ETag"]
        get(press, url, If_None_Match=etag)
        get(press, "http://hemicycle.example/?section=x")

    asked = [(one.host, one.path, one.status, one.is_conditional) for one in press.requests]

    assert asked == [
        ("hemicycle.example", "/flux.atom", 200, False),
        ("hemicycle.example", "/flux.atom", 304, True),
        ("hemicycle.example", "/?section=x", 200, False),
    ]


def test_a_press_can_be_given_its_own_articles():
    later = msgspec.structs.replace(NEW, slug="own", published=FIRST_POLL + timedelta(hours=1))

    with Press(now=FIRST_POLL, articles=(later,)) as own:
        assert get(own, later.url).status == 404
        own.move_to(FIRST_POLL + timedelta(hours=1))
        assert get(own, later.url).status == 200


def test_it_can_be_served_by_hand_until_interrupted():
    running = subprocess.Popen(
        [sys.executable, "-m", "press", "--now", SECOND_POLL.isoformat()],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stderr is not None
    for line in running.stderr:
        if line.startswith("Try:"):
            break
    running.send_signal(signal.SIGINT)
    printed, _ = running.communicate(timeout=30)

    assert running.returncode == 0
    assert printed.startswith("[crawler.hosts]\n")
    assert all(f'url = "{site.source.url}"' in printed for site in SITES)


@pytest.mark.parametrize("now", ["yesterday", "2024-06-03T07:00:00"], ids=["no date", "no zone"])
def test_a_time_that_cannot_be_used_is_wrong_usage(now):
    ended = subprocess.run(
        [sys.executable, "-m", "press", "--now", now],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 2
    assert now in ended.stderr
