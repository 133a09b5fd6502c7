"""The crawler's measures count right on a server and on feeds made here."""

import gzip
import json

import pytest

from bench.crawling import Size, bench_crawling
from bench.feed_speed import READERS, measure_feeds
from bench.feed_truth import (
    Score,
    compare_readers,
    count_right,
    load_feedparser_set,
    load_gofeed_set,
)
from bench.fetches import CLIENTS, HOSTS, measure_fetches
from bench.loopback import PAGES, feed, loopback
from bench.polls import Sites, measure_bare, measure_polls, prepare_store

TINY = Size(polls=2, few=60, many=100, hosts=2, dripping=1, drips_s=0.5, pages=HOSTS, repeats=1)


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """Pages and feeds laid out as the sets are."""
    shared = tmp_path_factory.mktemp("shared")
    articles, feeds = shared / "corpora/articles", shared / "corpora/feeds"
    for folder in (articles, feeds / "real", feeds / "feedparser", feeds / "gofeed"):
        folder.mkdir(parents=True)
    with (articles / "truth.jsonl").open("w", encoding="utf-8") as truths:
        for number in range(PAGES):
            (articles / f"{number}.gz").write_bytes(gzip.compress(b"<p>a page</p>" * 99))
            truth = {"file": f"{number}.gz", "url": f"https://paper.example/{number}"}
            truths.write(json.dumps(truth) + "\n")
    (feeds / "real/one.xml").write_bytes(feed(1))
    return shared


@pytest.fixture(scope="module")
def port(shared):
    with loopback(shared / "corpora/articles") as port:
        yield port


@pytest.mark.parametrize("kind", ["feed", "same"])
def test_every_source_is_polled_once_and_nothing_is_new(kind, port, tmp_path):
    sites = Sites(kind=kind, number=3, port=port)
    prepare_store(tmp_path, sites, 200)
    spent = measure_polls(tmp_path, sites)
    assert spent.polls == 3
    assert spent.cpu_s > 0
    assert 0 < spent.others_s <= spent.whole_s


def test_hosts_are_done_before_those_that_drip(port, tmp_path):
    sites = Sites(kind="feed", number=2, port=port, dripping=3, drips_s=0.5)
    prepare_store(tmp_path, sites, 0)
    spent = measure_polls(tmp_path, sites)
    assert spent.others_s < spent.whole_s


@pytest.mark.parametrize("client", ["aiohttp", "streams"])
def test_the_floor_asks_as_often(client, port):
    spent = measure_bare(client, "same", 3, port)
    assert spent.polls == 3
    assert spent.ms_each > 0


@pytest.mark.parametrize("client", CLIENTS)
def test_every_client_fetches_every_page(client, port):
    fetched = measure_fetches(client, HOSTS, port)
    assert fetched.pages == HOSTS
    assert fetched.pages_per_s > 0


@pytest.mark.parametrize("reader", READERS)
def test_every_reader_finds_the_items(reader, shared):
    read = measure_feeds(reader, shared / "corpora/feeds/real")
    assert (read.feeds, read.with_items) == (1, 1)
    assert read.feeds_per_s > 0


FEED = """<!--
Expect: not bozo and {expect}
-->
<rss version="2.0"><channel><title>La presse</title><item><title>{title}</title>
<link>https://paper.example/1</link><pubDate>2023-11-21T10:00:00Z</pubDate>
<author>anne@paper.example (Anne Roux)</author></item></channel></rss>"""


@pytest.mark.parametrize(
    ("expect", "field", "right"),
    [
        ("entries[0]['title'] == 'Un'", "title", (1, 1, 1)),
        ("entries[0].title == 'Deux'", "title", (0, 0, 1)),
        ("entries[0]['title_detail']['value'] == entries[0]['title'] == 'Un'", "title", (2, 2, 2)),
        ("entries[0]['title'] == 'U' + 'n'", "title", (1, 1, 1)),
        ("feed['title'] == 'La presse'", "feed title", (1, 1, 1)),
        ("entries[0]['link'] == 'https://paper.example/1'", "link", (1, 1, 1)),
        ("entries[0]['published_parsed'] == (2023, 11, 21, 10, 0, 0, 1, 325, 0)", "date",
         (1, 1, 1)),
        ("entries[0]['author'] == 'anne@paper.example (Anne Roux)'", "author", (1, 1, 1)),
        ("entries[1]['title'] == 'Trois'", "title", (0, 0, 1)),
    ],
    ids=["right", "wrong", "asked twice", "a sum", "of the feed", "link", "date", "author",
         "no such item"],
)  # fmt: skip
def test_what_is_expected_is_looked_for(expect, field, right, tmp_path):
    file = tmp_path / "a.xml"
    file.write_text(FEED.format(expect=expect, title="Un"), encoding="utf-8")
    found = count_right(list(compare_readers(load_feedparser_set(tmp_path))))
    ours, theirs, known = right
    assert found == {field: Score(ours=ours, theirs=theirs, known=known, set_aside=0)}


def test_expected_json_is_looked_for_field_by_field(tmp_path):
    (tmp_path / "a.xml").write_text(FEED.format(expect="1", title="Un"), encoding="utf-8")
    items = [{"title": "Un", "guid": "autre", "authors": [{"name": "Anne Roux"}]}]
    (tmp_path / "a.json").write_text(json.dumps({"items": items}), encoding="utf-8")
    found = count_right(list(compare_readers(load_gofeed_set(tmp_path))))
    assert {field: (score.ours, score.known) for field, score in found.items()} == {
        "title": (1, 1),
        "id": (0, 1),
        "author": (1, 1),
    }


@pytest.mark.slow
def test_the_stage_measures_what_is_there(shared):
    rows = bench_crawling(shared, TINY)
    measured = {row.measure for row in rows}
    assert measured >= {"CPU ms/poll: 304", "CPU ms/poll: same body", "peak MB: 304"}
    assert measured >= {"pages/CPU s", "feeds/CPU s"}
    assert all(row.ratio > 0 for row in rows)
