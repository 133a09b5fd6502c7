"""Whole polls: sitemap indexes read in parts, rhythms learnt, nothing asked twice."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from app.steps.page_reader import PageReader
from app.steps.parts import Parts
from crawler import listing
from crawler.answers import encode_value
from crawler.bounded import Bounded
from model.source import Entry, Source
from tests.crawler.misbehaving import NOON, SITE, Handler, http
from tests.faults.watching import FEED, Watched, feed, item, page, sitemap_source

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NEWLY = "<description>Une autre phrase sur les caméras.</description>"
INDEX = f"http://{SITE}/index"
ENTRY_BYTES = len(encode_value(Entry(source_url=FEED, key=FEED, url=FEED, title="Les caméras 1")))
PAGES = {f"/a{n}": page(n) for n in range(99)}


def index(**changed: str) -> bytes:
    """Return an index of parts that say when they changed, where they say anything."""
    parts = "".join(
        f"<sitemap><loc>http://{SITE}/{name}</loc>"
        + (f"<lastmod>{when}</lastmod>" if when else "")
        + "</sitemap>"
        for name, when in changed.items()
    )
    return http(f"<sitemapindex>{parts}</sitemapindex>".encode(), ETag=f'"{len(parts)}"')


def part(*numbers: int) -> bytes:
    """Return a part that lists these articles."""
    urls = "".join(f"<url><loc>http://{SITE}/a{n}</loc></url>" for n in numbers)
    return http(f"<urlset>{urls}</urlset>".encode())


def watch(tmp_path: Path, **answers: bytes) -> Watched:
    """Watch an index with these parts."""
    named = {f"/{name}": answer for name, answer in answers.items()}
    return Watched(tmp_path, {**named, **PAGES}, sitemap_source(INDEX))


def test_a_part_that_did_not_change_is_not_asked_again(tmp_path: Path) -> None:
    watched = watch(tmp_path, index=index(p1="2026-10", p2="2026-11"), p1=part(1), p2=part(2))
    watched.make_pass()
    assert watched.asked[:3] == ["/index", "/p2", "/p1"]
    watched.answers |= {"/index": index(p1="2026-10", p2="2026-12"), "/p2": part(2, 3)}
    watched.make_pass(NOON + DAY)
    assert [path for path in watched.asked if path[1] in "ip"] == ["/index", "/p2"]
    assert len(watched.articles()) == 3


def test_a_part_that_fails_loses_no_other_and_is_asked_again(tmp_path: Path) -> None:
    watched = watch(
        tmp_path, index=index(p1="2026-10", p2="2026-11"), p1=part(1), p2=http(status=500)
    )
    summary = watched.make_pass()
    assert [fault.state for fault in summary.faults] == ["http_error"]
    assert len(watched.articles()) == 1
    state = watched.state(INDEX)
    assert (state.state, state.reason) == ("ok", "1 of its parts could not be read")
    assert (state.etag, state.body_sha256) == (None, None)
    watched.answers["/p2"] = part(2)
    watched.make_pass(NOON + DAY)
    assert [path for path in watched.asked if path[1] in "ip"] == ["/index", "/p2"]
    assert len(watched.articles()) == 2
    assert watched.state(INDEX).etag is not None


def test_an_index_whose_parts_all_fail_is_a_source_that_fails(tmp_path: Path) -> None:
    watched = watch(tmp_path, index=index(p1="2026-10"))
    watched.make_pass()
    assert (watched.state(INDEX).state, watched.state(INDEX).failures) == ("http_error", 1)


def test_an_index_of_sixty_parts_is_read_whole_in_two_polls(tmp_path: Path) -> None:
    parts = {f"p{n}": part(n) for n in range(60)}
    said = {f"p{n}": f"2026-11-{n // 24 + 1:02}T{n % 24:02}:00" for n in range(60)}
    watched = watch(tmp_path, index=index(**said), **parts)
    watched.make_pass()
    assert len(watched.articles()) == 50
    assert watched.state(INDEX).etag is None
    watched.make_pass(NOON + DAY)
    assert len(watched.articles()) == 60
    with watched.store() as store:
        assert store.open_notices(INDEX) == ()
    watched.make_pass(NOON + 2 * DAY)
    assert [path for path in watched.asked if path[1] in "ip"] == ["/index"]


def test_an_index_that_never_says_when_hides_nothing(tmp_path: Path) -> None:
    watched = watch(tmp_path, index=index(p1="", p2=""), p1=part(1), p2=part(2))
    watched.make_pass()
    watched.answers["/p2"] = part(2, 3)
    watched.make_pass(NOON + DAY)
    assert len(watched.articles()) == 3


def test_a_list_that_is_too_long_is_taken_as_far_as_it_goes_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run_here(
        pool: object, function: Callable[..., object], *args: object, **named: object
    ) -> object:
        return function(*args, **named)

    monkeypatch.setattr(Bounded, "run", run_here)
    watched = Watched(tmp_path, {"/feed": feed(item(1), item(2), item(3)), **PAGES})
    watched.make_pass()
    assert (len(watched.articles()), watched.state().reason) == (3, "")
    monkeypatch.setattr(listing, "SHORT_LIST", 4)
    monkeypatch.setattr(listing, "ENTRIES_BYTES", 2 * ENTRY_BYTES)
    watched.answers["/feed"] = feed(item(4), item(5), item(1), item(2), item(3))
    watched.make_pass(NOON + DAY)
    assert len(watched.articles()) == 5
    with watched.store() as store:
        assert {store.unlisted_since(number) for number in watched.articles().values()} == {None}
    said = "its list is too long: 3 entries are left out at its end"
    assert (watched.state().state, watched.state().reason) == ("ok", said)
    watched.make_pass(NOON + 2 * DAY)
    assert watched.asked[0] == "/feed"
    assert watched.state().reason == said


def test_a_daily_source_is_asked_four_times_a_day(tmp_path: Path) -> None:
    def dated(number: int, day: int) -> str:
        return item(number, more=f"<pubDate>{day:02} Nov 2026 06:00:00 GMT</pubDate>")

    days = feed(*(dated(n, 22 - n) for n in range(6)))
    watched = Watched(tmp_path, {"/feed": days, **PAGES})
    watched.make_pass()
    state = watched.state()
    assert (state.rhythm_s, state.last_new_at) == (24 * 3600, NOON - 6 * HOUR)
    assert state.next_poll_at == NOON + 6 * HOUR


def test_pages_are_read_while_a_slow_source_still_answers(tmp_path: Path) -> None:
    read = asyncio.Event()

    async def answer_page(writer: asyncio.StreamWriter) -> None:
        read.set()
        writer.write(page(1))
        await writer.drain()

    async def answer_late(writer: asyncio.StreamWriter) -> None:
        await read.wait()
        writer.write(feed(item(2)))
        await writer.drain()

    slow = "http://slow.example/late"
    answers: dict[str, bytes | Handler] = {
        "/feed": feed(item(1)),
        "/late": answer_late,
        "/a1": answer_page,
        "/a2": page(2),
    }
    watched = Watched(tmp_path, answers, slow, FEED)
    summary = watched.make_pass()
    assert summary.faults == ()
    assert sorted(watched.asked) == ["/a1", "/a2", "/feed", "/late"]


def test_known_articles_are_read_again_while_a_slow_source_still_answers(tmp_path: Path) -> None:
    again = asyncio.Event()

    async def answer_page(writer: asyncio.StreamWriter) -> None:
        again.set()
        writer.write(page(1, words="Le maire a depuis quitté la salle."))
        await writer.drain()

    async def answer_late(writer: asyncio.StreamWriter) -> None:
        await again.wait()
        writer.write(feed(item(2)))
        await writer.drain()

    watched = Watched(tmp_path, {"/feed": feed(item(1)), "/a1": page(1), "/a2": page(2)})
    watched.make_pass()
    watched.sources.append(Source(url="http://slow.example/late"))
    watched.answers |= {"/a1": answer_page, "/late": answer_late}
    summary = watched.make_pass(NOON + DAY)
    assert summary.faults == ()
    assert (summary.counts["articles_changed"], summary.counts["articles_kept"]) == (1, 1)


def test_a_page_listed_with_other_words_and_due_at_once_is_one_version_and_no_more(
    tmp_path: Path,
) -> None:
    watched = Watched(tmp_path, {"/feed": feed(item(1)), "/a1": page(1)})
    watched.make_pass()
    changed = page(1, words="Le maire a depuis quitté la salle.")
    watched.answers |= {"/feed": feed(item(1, more=NEWLY)), "/a1": changed}
    summary = watched.make_pass(NOON + DAY)
    assert watched.asked.count("/a1") == 2
    assert summary.counts["articles_changed"] == 1
    assert len(watched.versions(f"http://{SITE}/a1")) == 2


def test_one_page_is_read_by_one_at_a_time_however_it_is_spelt() -> None:
    reading, most = 0, 0

    async def read(reader: PageReader, url: str) -> None:
        nonlocal reading, most
        async with reader.alone_with(url):
            reading += 1
            most = max(most, reading)
            await asyncio.sleep(0)
            reading -= 1

    async def read_all() -> None:
        nothing = cast("Parts", SimpleNamespace(config=SimpleNamespace(sources=())))
        reader = PageReader(nothing)
        spelt = (f"http://{SITE}/a1", f"http://{SITE.upper()}/a1#top", f"http://{SITE}:80/a1")
        await asyncio.gather(*(read(reader, url) for url in spelt))

    asyncio.run(read_all())
    assert most == 1


def test_a_source_is_known_by_what_its_last_whole_listing_said(tmp_path: Path) -> None:
    watched = Watched(tmp_path, {"/feed": feed(item(1), item(2), item(3)), **PAGES})
    watched.make_pass()
    state = watched.state(FEED)
    assert (state.title, state.answered_by) == ("Le port", SITE)
