"""Faults 25, 27 and 31 to 35: what a feed does over the weeks, over whole passes."""

import asyncio
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest

from app.digests import make_digest
from app.steps.parts import Parts, Tally
from app.steps.polling import poll_sources
from model.capture import Response
from model.config import parse_config
from model.source import NoticeKind, Source, SourceKind
from store import Store, open_store
from store.reader import Reader
from tests.crawler.misbehaving import NOON, SITE, http
from tests.faults.watching import FEED, Watched, feed, item, page, rss

DAY = timedelta(days=1)
PAGES = {f"/a{n}": page(n) for n in range(9)}
CONFIG = parse_config('[affair]\nname = "x"\nmatch = "x"\n[[digests]]\nname = "q"\n')


def url(number: int) -> str:
    """Return the address of an article."""
    return f"http://{SITE}/a{number}"


def notices(watched: Watched) -> list[NoticeKind]:
    """Return what is noticed about the feed and not settled."""
    with watched.store() as store:
        return [notice.what for notice in store.open_notices(FEED)]


def told_on(watched: Watched, on: date) -> list[str]:
    """Return the addresses that a digest tells of one day."""
    with watched.store() as store:
        digest = make_digest(store, CONFIG, CONFIG.digests[0], on, now=NOON + 30 * DAY)
    return sorted(told.url for told in digest.items)


def test_fault_25_a_guid_that_many_items_share_is_told_until_it_is_mended(tmp_path: Path) -> None:
    shared = feed(*(item(n, guid="le-même") for n in (1, 2, 3)))
    watched = Watched(tmp_path, {"/feed": shared, **PAGES})
    assert watched.make_pass().counts["articles_kept"] == 3
    assert notices(watched) == [NoticeKind.SHARED_GUID]
    watched.answers["/feed"] = feed(*(item(n, guid=f"g{n}") for n in (1, 2, 3)))
    assert watched.make_pass(NOON + DAY).counts["pages_read"] == 0
    assert notices(watched) == []


RESPELT = {
    "https": f"https://{SITE}/a{{}}",
    "www": f"http://www.{SITE}/a{{}}",
    "slash": f"http://{SITE}/a{{}}/",
    "all three": f"https://www.{SITE}/a{{}}/",
}


@pytest.mark.parametrize("guids", ["same", "new"])
@pytest.mark.parametrize("link", RESPELT.values(), ids=RESPELT.keys())
def test_fault_27_a_site_rebuilt_brings_nothing_to_read_and_nothing_to_tell(
    tmp_path: Path, link: str, guids: str
) -> None:
    watched = Watched(
        tmp_path, {"/feed": feed(*(item(n, guid=f"same-{n}") for n in range(1, 6))), **PAGES}
    )
    watched.make_pass()
    held = watched.articles()
    items = (item(n, guid=f"{guids}-{n}", link=link.format(n)) for n in range(1, 6))
    watched.answers["/feed"] = feed(*items)
    counts = watched.make_pass(NOON + DAY).counts
    assert (counts["articles_kept"], counts["pages_read"], counts["pages_failed"]) == (0, 0, 0)
    assert watched.articles() == held
    assert told_on(watched, (NOON + DAY).date()) == []
    with watched.store() as store:
        assert store.find_article(link.format(1)) == held[url(1)]


def test_fault_31_an_item_that_left_the_feed_says_since_when_until_it_is_back(
    tmp_path: Path,
) -> None:
    watched = Watched(tmp_path, {"/feed": feed(item(1), item(2)), **PAGES})
    watched.make_pass()

    def since() -> dict[str, object]:
        with watched.store() as store:
            return {one: store.unlisted_since(n) for one, n in watched.articles().items()}

    assert since() == {url(1): None, url(2): None}
    watched.answers["/feed"] = feed(item(2))
    watched.make_pass(NOON + DAY)
    watched.answers["/feed"] = feed(item(2), item(3))
    watched.make_pass(NOON + 2 * DAY)
    assert since() == {url(1): NOON + DAY, url(2): None, url(3): None}
    watched.answers["/feed"] = rss(item(3))[:-40]
    watched.make_pass(NOON + 3 * DAY)
    watched.answers["/feed"] = feed(item(1))
    watched.make_pass(NOON + 6 * DAY)
    assert since() == {url(1): None, url(2): NOON + 6 * DAY, url(3): NOON + 6 * DAY}


MANY = 20_000


class OneAnswer:
    """A fetcher whose only answer is a sitemap of twenty thousand addresses."""

    async def fetch(self, address: str, **_: object) -> Response:
        """Return it."""
        urls = "".join(f"<url><loc>{address}/{n}</loc></url>" for n in range(MANY))
        return Response(
            url=address,
            final_url=address,
            status=200,
            headers=(),
            request_headers=(),
            body=f"<urlset>{urls}</urlset>".encode(),
            fetched_at=NOON,
        )


class Inline:
    """Work that is done where it is asked for."""

    async def run(self, function: Any, *arguments: Any) -> Any:
        """Do it."""
        return function(*arguments)


async def poll_beside(store: Store, reader: Reader) -> list[int]:
    """Poll the only source; return how many entries a reader beside sees as it goes on."""
    parts = cast("Parts", FakeParts(store=store, fetcher=OneAnswer(), bounded=Inline()))
    polling = asyncio.ensure_future(poll_sources(parts, Tally()))
    seen = [0]
    while not polling.done():
        await asyncio.sleep(0)
        seen.append(reader.database.value("SELECT count(*) FROM entry"))
    await polling
    return seen


class FakeParts(msgspec.Struct):
    """The parts that polling needs."""

    store: Any
    fetcher: Any
    bounded: Any

    def clock(self) -> Any:
        """Return noon."""
        return NOON

    def notify(self, _: object) -> None:
        """Tell nobody."""


def test_fault_32_twenty_thousand_items_come_in_batches_that_readers_see(tmp_path: Path) -> None:
    source = Source(url=f"http://{SITE}/map", kind=SourceKind.SITEMAP)
    with open_store(tmp_path) as store, open_store(tmp_path, read_only=True) as reader:
        store.save_sources([source], now=NOON)
        seen = asyncio.run(poll_beside(store, reader))
        (report,) = store.source_states()
    assert report.entries == report.pending == MANY
    assert report.state.last_success_at == NOON
    assert len(set(seen)) >= MANY // 500
    assert max(after - before for before, after in pairwise(seen)) <= 500


def grown(tmp_path: Path, new: Iterator[str] | list[str], now: timedelta = DAY) -> Watched:
    """Return a feed of two items that a day later lists these beside them."""
    watched = Watched(tmp_path, {"/feed": feed(item(1), item(2)), **PAGES})
    watched.make_pass()
    watched.answers["/feed"] = feed(item(1), item(2), *new)
    watched.make_pass(NOON + now)
    return watched


def test_fault_33_an_unusual_volume_is_kept_told_once_and_in_no_digest(tmp_path: Path) -> None:
    watched = grown(tmp_path, [item(n, link=url(n)) for n in range(3, 60)])
    with watched.store() as store:
        (notice,) = store.open_notices(FEED)
        (report,) = store.source_states()
    assert notice.what is NoticeKind.VOLUME
    assert notice.detail.startswith("57 new entries at once")
    assert report.entries == 59
    assert len(watched.articles()) == 8
    assert told_on(watched, NOON.date()) == [url(1), url(2)]
    assert told_on(watched, (NOON + DAY).date()) == []
    watched.answers |= {"/feed": feed(item(60)), "/a60": page(60)}
    watched.make_pass(NOON + 2 * DAY)
    assert told_on(watched, (NOON + 2 * DAY).date()) == [url(60)]
    assert notices(watched) == [NoticeKind.VOLUME]
    with watched.store() as store:
        health = store.health(now=NOON + 3 * DAY)
        assert "57 new entries at once" in health.noticed[0]
        (settled,) = store.settle_notices(FEED, now=NOON + 3 * DAY)
        assert (settled.what, store.open_notices(FEED)) == (NoticeKind.VOLUME, ())


def test_fault_33_years_old_items_are_unusual_too_and_a_first_poll_never_is(
    tmp_path: Path,
) -> None:
    old = "<pubDate>Mon, 12 Mar 2018 10:00:00 GMT</pubDate>"
    items = [item(n, link=url(n), more=old) for n in range(3, 20)]
    watched = grown(tmp_path, items)
    assert notices(watched) == [NoticeKind.VOLUME]
    first = Watched(tmp_path / "first", {"/feed": feed(*items), **PAGES})
    first.make_pass()
    assert notices(first) == []
    assert len(told_on(first, NOON.date())) == 6


def channel(title: str, lang: str, *items: str) -> bytes:
    """Return the answer of a feed that calls itself so."""
    return http(
        (
            '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
            f"<title>{title}</title><language>{lang}</language>{''.join(items)}</channel></rss>"
        ).encode()
    )


def test_fault_34_a_feed_with_a_new_owner_waits_for_a_person(tmp_path: Path) -> None:
    there = [item(n, link=f"http://other.example/a{n}") for n in (3, 4)]
    own = channel("Le port du Lambrecq", "fr", item(1), item(2))
    watched = Watched(tmp_path, {"/feed": own, **PAGES})
    watched.make_pass()
    watched.answers["/feed"] = channel("Best Casino Bonus", "en", *there)
    for day in (1, 2):
        watched.make_pass(NOON + day * DAY)
        assert {host for host, _, _ in watched.requests} == {SITE}
        assert notices(watched) == [NoticeKind.TAKEOVER]
    with watched.store() as store:
        (report,) = store.source_states()
        assert (report.held, report.pending, report.entries) == (2, 0, 4)
        assert [one.what for one in report.notices] == [NoticeKind.TAKEOVER]
        store.settle_notices(FEED, NoticeKind.TAKEOVER, now=NOON + 2 * DAY)
    watched.make_pass(NOON + 4 * DAY)
    assert "http://other.example/a3" in watched.articles()
    assert notices(watched) == []


def test_fault_34_two_changes_of_three_are_no_new_owner(tmp_path: Path) -> None:
    own = channel("Le port du Lambrecq", "fr", item(1), item(2))
    watched = Watched(tmp_path, {"/feed": own, **PAGES})
    watched.make_pass()
    moved = (item(n, link=f"http://other.example/a{n}") for n in (3, 4))
    watched.answers["/feed"] = channel("Le port neuf", "fr", *moved)
    watched.make_pass(NOON + DAY)
    assert notices(watched) == []
    assert "http://other.example/a3" in watched.articles()


def test_fault_35_a_full_answer_is_asked_for_each_week(tmp_path: Path) -> None:
    watched = Watched(tmp_path, {"/feed": feed(item(1), ETag='W/"1"'), **PAGES})
    watched.make_pass()
    watched.answers["/feed"] = http(status=304)
    for day in range(1, 7):
        watched.make_pass(NOON + day * DAY)
        (asked,) = (headers for _, path, headers in watched.requests if path == "/feed")
        assert asked["If-None-Match"] == 'W/"1"'
    # a server that latched a wrong validator has hidden this one since
    watched.answers["/feed"] = feed(item(1), item(2), ETag='W/"1"')
    watched.make_pass(NOON + 7 * DAY)
    (asked,) = (headers for _, path, headers in watched.requests if path == "/feed")
    assert "If-None-Match" not in asked
    assert sorted(watched.articles()) == [url(1), url(2)]


def test_fault_35_an_answer_that_nothing_was_asked_of_is_a_failure(tmp_path: Path) -> None:
    watched = Watched(tmp_path, {"/feed": http(status=304, ETag='"x"')})
    watched.make_pass()
    assert (watched.state().state, watched.state().etag) == ("http_error", None)


def test_fault_35_an_unchanged_body_is_never_parsed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = Watched(tmp_path, {"/feed": feed(item(1)), **PAGES})
    watched.make_pass()

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("an unchanged body was read")

    monkeypatch.setattr("app.steps.polling.list_entries", refuse)
    monkeypatch.setattr("app.steps.polling.judge_arrival", refuse)
    for day in (1, 8):
        assert watched.make_pass(NOON + day * DAY).counts["sources_unchanged"] == 1
