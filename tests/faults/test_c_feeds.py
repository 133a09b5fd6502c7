"""Faults 25 to 40: feeds that repeat, change, lie or break, over whole passes."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from app.digests import make_digest
from crawler.bounded import Bounded
from crawler.captures import read_response
from crawler.listing import list_entries
from model.config import parse_config
from model.query import Everything
from model.source import Source, SourceState
from tests.crawler.misbehaving import NOON, SITE, http
from tests.crawler.reading_feeds import listing_of, respond
from tests.faults.watching import FEED, Watched, feed, item, page, rss

DAY = timedelta(days=1)
CONFIG = parse_config(
    '[affair]\nname = "x"\nmatch = "x"\n[[digests]]\nname = "q"\n[[digests]]\nname = "r"\n'
)
"""Beside the affair's own: what a digest is made with."""


def told_on(watched: Watched, on: date) -> list[str]:
    """Return the addresses that a digest tells of one day."""
    with watched.store() as store:
        digest = make_digest(store, CONFIG, CONFIG.digests[0], on, now=NOON + 30 * DAY)
    return sorted(told.url for told in digest.items)


def url(number: int) -> str:
    """Return the address of an article."""
    return f"http://{SITE}/a{number}"


def test_fault_25_items_under_one_guid_are_all_kept_and_a_repeated_one_once(
    tmp_path: Path,
) -> None:
    items = [item(n, guid="le-même") for n in (1, 2, 3, 2)]
    answers = {"/feed": feed(*items)} | {f"/a{n}": page(n) for n in (1, 2, 3)}
    watched = Watched(tmp_path, answers)
    assert watched.make_pass().counts["articles_kept"] == 3
    assert sorted(watched.articles()) == [url(1), url(2), url(3)]


def test_fault_26_a_guid_used_again_brings_the_new_article_and_keeps_the_old(
    tmp_path: Path,
) -> None:
    answers = {"/feed": feed(item(1, guid="dernier")), "/a1": page(1), "/a2": page(2)}
    watched = Watched(tmp_path, answers)
    watched.make_pass()
    watched.answers["/feed"] = feed(item(2, guid="dernier"))
    assert watched.make_pass(NOON + DAY).counts["articles_kept"] == 1
    assert sorted(watched.articles()) == [url(1), url(2)]


def test_fault_26_one_address_with_another_text_is_a_version_of_the_same_article(
    tmp_path: Path,
) -> None:
    watched = Watched(tmp_path, {"/feed": feed(item(1, guid="g")), "/a1": page(1)})
    watched.make_pass()
    watched.answers["/feed"] = feed(item(1, guid="g", more="<description>autre</description>"))
    watched.answers["/a1"] = page(1, words="Tout a changé depuis hier au port.")
    watched.make_pass(NOON + DAY)
    before, after = watched.versions(url(1))
    assert "Tout a changé" not in before
    assert "Tout a changé" in after


@pytest.mark.parametrize("links", ["same", "changed"])
def test_fault_27_when_all_guids_change_nothing_is_new(tmp_path: Path, links: str) -> None:
    canonical = {n: f'<link rel="canonical" href="{url(n)}">' for n in range(5)}
    pages = {f"/a{n}": page(n, head=canonical[n]) for n in range(5)}
    old = feed(*(item(n, guid=f"old-{n}") for n in range(5)))
    watched = Watched(tmp_path, {"/feed": old, **pages})
    watched.make_pass()
    assert told_on(watched, NOON.date()) == [url(n) for n in range(5)]
    tail = "" if links == "same" else "?utm_source=rss&amp;new=1"
    items = (item(n, guid=f"new-{n}", link=f"{url(n)}{tail}") for n in range(5))
    watched.answers["/feed"] = feed(*items)
    watched.answers |= {f"/a{n}?utm_source=rss&new=1": pages[f"/a{n}"] for n in range(5)}
    counts = watched.make_pass(NOON + DAY).counts
    assert (counts["articles_kept"], counts["articles_changed"]) == (0, 0)
    assert counts["pages_read"] == (0 if links == "same" else 5)
    assert len(watched.articles()) == 5
    assert told_on(watched, (NOON + DAY).date()) == []


def test_fault_28_an_item_without_link_or_guid_is_kept_and_stops_no_other(tmp_path: Path) -> None:
    text = "Les caméras du port restent allumées la nuit et personne ne dit pourquoi. " * 8
    odd = [
        f"<item><title>Les caméras</title><description>{text}</description></item>",
        f"<item><guid></guid><title>Bis</title><description>Bis. {text}</description></item>",
        f"<item><guid><![CDATA[  ]]></guid><title>Ter</title><description>Ter. {text}</description>"
        "</item>",
        f"<item><guid>{'x' * 10_000}</guid><title>Long</title><link>{url(7)}</link></item>",
        "<item/>",
    ]
    answers = {"/feed": feed(*odd, item(1)), "/a1": page(1), "/a7": page(7)}
    watched = Watched(tmp_path, answers)
    watched.make_pass()
    held = watched.articles()
    assert {url(1), url(7)} < set(held)
    assert sum(one.startswith("urn:sha256:") for one in held) == 3
    watched.make_pass(NOON + DAY)
    assert watched.articles() == held


BROKEN = {
    "captcha": http(b"<!doctype html><title>Just a moment...</title><p>captcha", ETag='"bad"'),
    "empty": http(b"", ETag='"bad"'),
    "JSON error": http(b'{"error": "rate limited"}', ETag='"bad"'),
    "login": http(b"<html><form>Connexion</form></html>", ETag='"bad"'),
    "article": http(page(9), ETag='"bad"'),
}


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN.keys())
def test_fault_29_what_stands_in_a_feeds_place_removes_nothing_and_latches_nothing(
    tmp_path: Path, answer: bytes
) -> None:
    watched = Watched(tmp_path, {"/feed": feed(item(1), ETag='"good"'), "/a1": page(1)})
    watched.make_pass()
    good = watched.state()
    watched.answers["/feed"] = answer
    watched.make_pass(NOON + DAY)
    bad = watched.state()
    assert (bad.state, bad.failures) == ("not_a_feed", 1)
    assert (
        (bad.etag, bad.body_sha256) == (good.etag, good.body_sha256) == ('"good"', good.body_sha256)
    )
    assert list(watched.articles()) == [url(1)]


CUTS = ["in half", "Content-Length", "chunk"]


@pytest.mark.parametrize("cut", CUTS)
def test_fault_30_a_feed_cut_off_gives_no_validators_and_is_read_whole_the_next_time(
    tmp_path: Path, cut: str
) -> None:
    whole = rss(*(item(n) for n in range(1, 7)))
    half = whole[: whole.index(b"a4</link>")]
    chunked = b'HTTP/1.1 200 OK\r\nETag: "cut"\r\nTransfer-Encoding: chunked\r\n\r\n'
    answers = {
        "in half": http(half, ETag='"cut"', Last_Modified="Sun, 22 Nov 2026 11:00:00 GMT"),
        "Content-Length": http(half, ETag='"cut"', Content_Length=str(len(whole))),
        "chunk": chunked + b"%x\r\n" % len(whole) + half,
    }
    watched = Watched(tmp_path, {"/feed": answers[cut]} | {f"/a{n}": page(n) for n in range(1, 7)})
    watched.make_pass()
    state = watched.state()
    assert (state.etag, state.last_modified, state.body_sha256) == (None, None, None)
    watched.answers["/feed"] = http(whole, ETag='"whole"')
    watched.make_pass(NOON + 2 * DAY)
    assert "If-None-Match" not in watched.requests[1][2]
    assert sorted(watched.articles()) == [url(n) for n in range(1, 7)]
    assert watched.state().etag == '"whole"'


def test_fault_31_an_item_that_leaves_the_feed_stays(tmp_path: Path) -> None:
    answers = {"/feed": feed(item(1), item(2)), "/a1": page(1), "/a2": page(2)}
    watched = Watched(tmp_path, answers)
    watched.make_pass()
    for number, answer in enumerate((feed(item(2)), feed()), start=1):
        watched.answers["/feed"] = answer
        watched.make_pass(NOON + number * DAY)
        assert watched.state().state == "ok"
        assert sorted(watched.articles()) == [url(1), url(2)]


def test_fault_32_no_item_of_an_enormous_feed_is_dropped(tmp_path: Path) -> None:
    listing = listing_of(rss(*(item(n, guid=f"g{n}") for n in range(4_000))))
    watched = Watched(tmp_path, {})
    with watched.store() as store:
        store.save_sources([Source(url=FEED)], now=NOON)
        assert store.record_poll(SourceState(url=FEED), listing.entries, now=NOON) == 4_000
        seen: set[int] = set()
        while batch := store.pending_entries(now=NOON, limit=200):
            assert len(batch) <= 200
            seen |= {waiting.id for waiting in batch}
            for waiting in batch:
                store.record_entry_failure(waiting.id, "timeout", "it waits", NOON + DAY)
        assert len(seen) == 4_000


@pytest.mark.timeout(60)
def test_fault_32_forty_thousand_items_take_a_worker_a_few_seconds() -> None:
    body = rss(*(item(number, guid=f"g{number}") for number in range(40_000)))
    # feedparser alone takes nine
    with Bounded(1, cpu_s=4) as pool:
        listing = pool.call(list_entries, Source(url=FEED), respond(body))
    assert [entry.guid for entry in listing.entries] == [f"g{number}" for number in range(40_000)]


def test_fault_35_an_unchanged_feed_is_not_read_again_and_validators_move_on(
    tmp_path: Path,
) -> None:
    answers = {"/feed": feed(item(1), ETag='W/"1"'), "/a1": page(1)}
    watched = Watched(tmp_path, answers)
    watched.make_pass()
    watched.answers["/feed"] = http(status=304, ETag='W/"2"')
    counts = watched.make_pass(NOON + DAY).counts
    assert watched.requests[1][2]["If-None-Match"] == 'W/"1"'
    assert (counts["sources_unchanged"], watched.state().etag) == (1, 'W/"2"')
    watched.answers["/feed"] = feed(item(1), ETag='W/"3"')
    counts = watched.make_pass(NOON + 2 * DAY).counts
    assert watched.requests[1][2]["If-None-Match"] == 'W/"2"'
    assert (counts["sources_unchanged"], counts["entries_new"]) == (1, 0)
    watched.answers |= {"/feed": feed(item(1), item(2), ETag='W/"3"'), "/a2": page(2)}
    assert watched.make_pass(NOON + 3 * DAY).counts["articles_kept"] == 1


def test_fault_36_a_changed_body_under_the_same_guid_and_date_is_a_version(tmp_path: Path) -> None:
    dated = "<pubDate>Sat, 21 Nov 2026 10:00:00 GMT</pubDate><description>{}</description>"
    answers = {"/feed": feed(item(1, guid="g", more=dated.format("avant"))), "/a1": page(1)}
    watched = Watched(tmp_path, answers)
    watched.make_pass()
    watched.answers = {
        "/feed": feed(item(1, guid="g", more=dated.format("après"))),
        "/a1": page(1, words="La préfecture dément."),
    }
    counts = watched.make_pass(NOON + timedelta(hours=2)).counts
    assert (counts["articles_kept"], len(watched.articles())) == (0, 1)
    assert counts["pages_read"] == 1
    assert ["dément" in text for text in watched.versions(url(1))] == [False, True]


def test_fault_37_addresses_that_select_content_are_articles_of_their_own(tmp_path: Path) -> None:
    links = ["?id=12", "?id=13", "?p=45", "?ref=a", "?ref=b"]
    answers = {f"/{link}": page(n) for n, link in enumerate(links)}
    items = (item(n, link=f"http://{SITE}/{link}&amp;utm_source=x") for n, link in enumerate(links))
    answers |= {f"{path}&utm_source=x": answer for path, answer in answers.items()}
    watched = Watched(tmp_path, {"/feed": feed(*items), **answers})
    watched.make_pass()
    assert sorted(watched.articles()) == sorted(f"http://{SITE}/{link}" for link in links)
    with watched.store() as store:
        (number,) = (n for one, n in watched.articles().items() if one.endswith("id=12"))
        (capture,) = store.article_captures(number)
        assert read_response(watched.data, capture).url == f"http://{SITE}/?id=12&utm_source=x"


def test_fault_38_an_article_dated_tomorrow_is_never_on_top_and_is_told_when_seen(
    tmp_path: Path,
) -> None:
    def dated(number: int, when: str) -> str:
        return item(number, more=f"<pubDate>{when}</pubDate>")

    answers = {
        "/feed": feed(
            dated(1, "Fri, 01 Jan 2038 00:00:00 GMT"), dated(2, "Mon, 23 Nov 2026 12:00:00 GMT"),
        ),
        **{f"/a{n}": page(n) for n in (1, 2, 3)},
    }  # fmt: skip
    watched = Watched(tmp_path, answers)
    watched.make_pass()
    watched.answers["/feed"] = feed(dated(3, "Mon, 23 Nov 2026 11:00:00 GMT"))
    watched.make_pass(NOON + DAY)
    with watched.store() as store:
        hits = store.timeline(Everything(), now=NOON + DAY).hits
    assert hits[0].url == url(3)
    assert {hit.url for hit in hits if hit.dated_in_future} == {url(1), url(2)}
    assert told_on(watched, NOON.date()) == [url(1), url(2)]


@pytest.mark.parametrize(
    "written", ["", "garbage", "Thu, 01 Jan 1970 00:00:00 GMT", "99999999999999"]
)
def test_fault_39_an_article_without_a_date_stands_where_it_was_first_seen(
    tmp_path: Path, written: str
) -> None:
    answers = {"/feed": feed(item(1, more=f"<pubDate>{written}</pubDate>")), "/a1": page(1)}
    watched = Watched(tmp_path, answers)
    for number in range(3):
        watched.make_pass(NOON + number * DAY)
    with watched.store() as store:
        (hit,) = store.timeline(Everything(), now=NOON + 3 * DAY).hits
        assert store.database.value("SELECT date_source FROM article") == "first-seen"
    assert (hit.published_at, hit.first_seen_at) == (None, NOON)


def test_fault_40_copies_are_all_kept_with_their_texts_and_their_hashes(tmp_path: Path) -> None:
    same = "Selon l'agence, les caméras de la ville filment la nuit sans autorisation. " * 3
    answers = {
        "/feed": feed(item(1), item(2)),
        "/a1": page(1, words=f"{same} Le maire nie les faits."),
        "/a2": page(1, words=f"{same} Le maire reconnaît les faits."),
    }
    watched = Watched(tmp_path, answers)
    assert watched.make_pass().counts["copies_found"] == 1
    assert "nie les faits" in watched.versions(url(1))[0]
    assert "reconnaît les faits" in watched.versions(url(2))[0]
    with watched.store() as store:
        (copy,) = store.copies()
        hashes = {
            capture.sha256
            for number in (copy.article, copy.of)
            for capture in store.article_captures(number)
        }
        assert len(hashes) == 2
        store.save_copies(copy.article, ())
        assert store.copies() == ()
    assert len(watched.articles()) == 2
    assert "selon l agence" in copy.evidence
