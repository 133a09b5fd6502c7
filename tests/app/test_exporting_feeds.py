"""Feeds of what is held: complete by their own standards, read back by our own crawler."""

import io
import json
import re
from datetime import UTC, datetime, timedelta

import feedparser
import pytest
from lxml import etree

from app.exporting.feeds import ATOM, FeedFacts, write_atom, write_json_feed
from crawler.feed_text import html_to_text
from crawler.feeds import parse_feed
from model.capture import Response
from model.source import Source
from tests.app.exported_makers import AT, HOSTILE, make_exported

FACTS = FeedFacts(affair="Le port", asked="caméras", made_at=AT)
WRITERS = {"atom": write_atom, "jsonfeed": write_json_feed}
LONG = {name: text for name, text in HOSTILE.items() if "million" not in name}


def written(write, *articles, facts=FACTS):
    out = io.BytesIO()
    write(iter(articles), facts, out)
    return out.getvalue()


def reread(content, url="https://reader.example/feed"):
    """Return what our own crawler finds in a feed."""
    response = Response(
        url=url, final_url=url, status=200, headers=(), request_headers=(), body=content,
        fetched_at=AT,
    )  # fmt: skip
    return parse_feed(Source(url=url), response)


WHOLE = make_exported(
    1,
    title="Le port et ses caméras",
    authors=("Jeanne Roy", "Paul Lam"),
    summary="Un contrôle & la suite.",
    text="Premier paragraphe.\nSecond <b>paragraphe</b> & fin.",
    entities=("CNIL",),
    addresses=("https://gazette.example/1", "https://gazette.example/1?amp"),
    tags=("mine",),
    notes=("a private note",),
    text_sha256="cd" * 32,
)


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_what_is_written_is_read_back_by_our_own_crawler(write):
    listing = reread(written(write, WHOLE, make_exported(2, text="Autre.")))
    assert listing.title == "Le port: caméras"
    first, second = listing.entries
    assert (first.url, first.title, first.authors) == (WHOLE.url, WHOLE.title, WHOLE.authors)
    assert first.published_at == AT
    assert first.summary == WHOLE.summary
    assert html_to_text(first.html).split() == WHOLE.text.split()
    assert second.authors == ("La Gazette",)


def test_atom_has_all_that_rfc_4287_asks_for():
    feed = etree.fromstring(written(write_atom, WHOLE, make_exported(2)))
    for holder in (feed, *feed.iter(f"{{{ATOM}}}entry")):
        for name in ("id", "title", "updated"):
            assert len(holder.findall(f"{{{ATOM}}}{name}")) == 1, name
        assert holder.findtext(f"{{{ATOM}}}author/{{{ATOM}}}name")
        updated = str(holder.findtext(f"{{{ATOM}}}updated"))
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", updated)
        assert str(holder.findtext(f"{{{ATOM}}}id")).startswith("urn:uuid:")
    for entry in feed.iter(f"{{{ATOM}}}entry"):
        assert entry.get("{http://www.w3.org/XML/1998/namespace}lang") == "fr"
        assert [one.get("type") for one in entry.findall(f"{{{ATOM}}}content")] == ["html"]
        assert len(entry.findall(f"{{{ATOM}}}link[@rel='alternate']")) == 1
    found = feedparser.parse(written(write_atom, WHOLE))
    assert (found.bozo, found.version, len(found.entries)) == (False, "atom10", 1)


def test_json_feed_has_all_that_its_standard_asks_for():
    feed = json.loads(written(write_json_feed, WHOLE, make_exported(2, title="", text="")))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"] and len(feed["items"]) == 2
    for item in feed["items"]:
        assert isinstance(item["id"], str) and item["content_html"]
        assert all(isinstance(author["name"], str) for author in item["authors"])
        assert item["language"] == "fr"
        own = {key for key in item if key.startswith("_")}
        assert own == {"_vigie"} and item["_vigie"]["about"].startswith("https://")
    assert feed["items"][0]["_vigie"]["text_sha256"] == "cd" * 32


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_a_feed_of_nothing_is_a_feed(write):
    listing = reread(written(write))
    assert (listing.title, listing.entries) == ("Le port: caméras", ())


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_what_you_noted_is_handed_to_nobody(write):
    content = written(write, WHOLE).decode()
    assert "mine" not in content and "private" not in content


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_an_article_keeps_its_id_when_it_moves_and_changes(write):
    moved = make_exported(
        9, url="https://elsewhere.example/new", title="Autre", outlet="Autre",
        addresses=WHOLE.addresses, seen_at=AT + timedelta(days=3),
    )  # fmt: skip
    ids = [reread(written(write, one)).entries[0].guid for one in (WHOLE, moved)]
    assert ids == ["urn:uuid:24845703-ad88-50ba-9145-1a9728909c3e"] * 2
    assert len({one.guid for one in reread(written(write, WHOLE, make_exported(2))).entries}) == 2


def test_the_same_articles_are_the_same_feed_and_its_newest_text_dates_it():
    later = FeedFacts(affair="Le port", asked="caméras", made_at=datetime(2030, 1, 1, tzinfo=UTC))
    newer = make_exported(2, seen_at=AT + timedelta(days=1))
    content = written(write_atom, WHOLE, newer)
    assert content == written(write_atom, WHOLE, newer, facts=later)
    assert etree.fromstring(content).findtext(f"{{{ATOM}}}updated") == "2023-11-22T23:30:00Z"


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_a_date_still_to_come_pins_nothing_to_the_top(write):
    to_come = make_exported(dated_in_future=True, published_at=datetime(2038, 1, 1, tzinfo=UTC))
    assert b"2038" not in written(write, to_come)


@pytest.mark.parametrize("hostile", LONG.values(), ids=LONG)
@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_hostile_texts_are_text(write, hostile):
    article = make_exported(
        title=hostile, text=f"a {hostile} z", summary=hostile, authors=(hostile,), outlet=hostile,
        entities=(hostile,), lang="fr",
    )  # fmt: skip
    content = written(write, article, make_exported(2, title="Suivant"))
    first, second = reread(content).entries
    assert (second.title, first.url) == ("Suivant", article.url)
    shown = html_to_text(first.html).strip()
    assert "<script>alert(1)</script>" in shown or "script" not in hostile
    assert (shown[0], shown[-1]) == ("a", "z")


@pytest.mark.parametrize("url", ["urn:vigie:record:1", "", "javascript:alert(1)"])
@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_only_an_address_of_the_web_becomes_a_link(write, url):
    content = written(write, make_exported(url=url, title="a"))
    assert b'"url"' not in content and b"<link" not in content
