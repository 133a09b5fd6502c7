"""One host's turns: rests that adapt, hosts left in peace, nobody waiting for a slow one."""

import asyncio
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from yarl import URL

from crawler import lanes
from crawler.fetch import Fetcher
from crawler.lanes import OriginFacts, Turn, decode_facts, encode_facts
from crawler.robots import Robots, Rules, parse_rules, settle_rules
from model.errors import CrawlError, PutOffError
from tests.crawler.misbehaving import NOON, SITE, Answers, Web, ask, http, never, settings_for

PAGE = b"<p>une page</p>"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Kept:
    """A memory of hosts as a dictionary."""

    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}
        self.saves = 0

    def load(self, origin: str) -> bytes | None:
        return self.held.get(origin)

    def save(self, found: Mapping[str, tuple[bytes, datetime]]) -> None:
        self.saves += 1
        self.held |= {origin: facts for origin, (facts, _) in found.items()}


async def try_all(fetcher: Fetcher, *urls: str) -> list[str]:
    """Return the status or the state that each address ends in, asked one after the other."""
    ends = []
    for url in urls:
        try:
            ends.append(str((await fetcher.fetch(url)).status))
        except CrawlError as error:
            ends.append(error.state)
    return ends


def visit(
    answers: Answers, *paths: str, memory: Kept | None = None, now: datetime = NOON, **changes: Any
) -> tuple[list[str], Web]:
    """Return how asking for paths of the site ends, and the server."""

    async def fetch() -> tuple[list[str], Web]:
        async with (
            Web(answers) as web,
            Fetcher(settings_for(web, **changes), lambda: now, memory=memory) as fetcher,
        ):
            return await try_all(fetcher, *(f"http://{SITE}{path}" for path in paths)), web

    return asyncio.run(fetch())


@pytest.mark.parametrize("status", [429, 503])
def test_a_host_that_asks_to_wait_is_not_asked_again(status: int) -> None:
    memory = Kept()
    answers = {"/busy": http(status=status, Retry_After="3600"), "/": http(PAGE)}
    ends, web = visit(answers, "/busy", "/", "/", memory=memory)
    assert (ends, web.paths()) == ([str(status), "busy", "busy"], ["/busy"])
    assert visit(answers, "/", memory=memory, now=NOON + HOUR / 2)[0] == ["busy"]
    assert visit(answers, "/", memory=memory, now=NOON + HOUR)[0] == ["200"]


def test_a_wish_to_wait_for_years_is_cut_to_a_day() -> None:
    memory = Kept()
    answers = {"/busy": http(status=429, Retry_After="315360000"), "/": http(PAGE)}
    visit(answers, "/busy", memory=memory)
    assert visit(answers, "/", memory=memory, now=NOON + DAY)[0] == ["200"]


def test_who_is_put_off_knows_until_when() -> None:
    async def fetch() -> PutOffError:
        answers = {"/": http(status=429, Retry_After="3600")}
        async with Web(answers) as web, Fetcher(settings_for(web), lambda: NOON) as fetcher:
            await fetcher.fetch(f"http://{SITE}/")
            with pytest.raises(PutOffError) as caught:
                await fetcher.fetch(f"http://{SITE}/")
            return caught.value

    error = asyncio.run(fetch())
    assert (error.state, error.until) == ("busy", NOON + HOUR)
    assert error.reason == "its site answers 429 and asks to wait"


def test_a_host_that_never_answers_is_left_in_peace_after_three_tries() -> None:
    ends, web = visit({"/": never}, *"///////", timeout_s=0.1)
    assert ends == ["timeout"] * 3 + ["busy"] * 4
    assert web.paths() == ["/"] * 3


def test_an_answer_between_begins_the_count_again() -> None:
    answers: Answers = {"/": http(PAGE), "/slow": never}
    ends, _ = visit(answers, "/slow", "/slow", "/", "/slow", "/slow", "/", timeout_s=0.1)
    assert ends == ["timeout", "timeout", "200", "timeout", "timeout", "200"]


def test_a_host_has_its_share_of_a_pass_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "SHARE_S", 0.0)
    ends, web = visit({"/": http(PAGE)}, "/", "/")
    assert ends == ["busy", "busy"]
    assert web.paths() == []


def test_sources_go_before_new_pages_and_these_before_known_ones() -> None:
    async def fetch() -> list[str]:
        answers = dict.fromkeys(("/k1", "/k2", "/k3", "/p1", "/p2", "/a", "/b"), http(PAGE))
        async with Web(answers) as web, Fetcher(settings_for(web), lambda: NOON) as fetcher:
            base = f"http://{SITE}"
            known = [fetcher.fetch(f"{base}/k{n}", turn=Turn.LAST) for n in (1, 2, 3)]
            pages = [fetcher.fetch(f"{base}/p{n}", turn=Turn.NEXT) for n in (1, 2)]
            asking = [asyncio.ensure_future(one) for one in (*known, *pages)]
            asking += [asyncio.ensure_future(fetcher.fetch(base + path)) for path in ("/a", "/b")]
            await asyncio.gather(*asking)
            return web.paths()

    assert asyncio.run(fetch()) == ["/k1", "/a", "/b", "/p1", "/p2", "/k2", "/k3"]


def rests(answers: Answers, *paths: str, **changes: Any) -> list[float]:
    """Return the seconds between the requests for these paths."""
    _, web = visit(answers, *paths, **changes)
    arrived = [at for at, (_, path, _) in zip(web.arrived_at, web.requests, strict=True)
               if path != "/robots.txt"]  # fmt: skip
    return [later - sooner for sooner, later in pairwise(arrived)]


def test_a_host_in_trouble_is_given_longer_rests_and_slowly_shorter_ones_again() -> None:
    memory = Kept()
    answers = {"/": http(PAGE), "/bad": http(status=500)}
    first, second, third = rests(answers, "/", "/bad", "/bad", "/", memory=memory,
                                 per_host_gap_s=0.02)  # fmt: skip
    assert first >= 0.02
    assert second >= 0.04
    assert third >= 0.08
    assert decode_facts(memory.held[f"http://{SITE}"]).strain == pytest.approx(3.6)
    (again,) = rests(answers, "/", "/", memory=memory, per_host_gap_s=0.02)
    assert again >= 0.02 * 3.2


def test_a_crawl_delay_is_kept_within_bounds() -> None:
    answers = {"/robots.txt": http(b"User-agent: *\nCrawl-delay: 0.05\n"), "/": http(PAGE)}
    assert min(rests(answers, "/", "/", "/")) >= 0.05

    async def delay(text: str) -> float:
        robots = lanes_robots(text)
        return await robots.check(URL("http://a.example/"), ask_nothing)

    assert asyncio.run(delay("User-agent: *\nCrawl-delay: 86400")) == 30.0
    assert asyncio.run(delay("User-agent: *\nCrawl-delay: -5")) == 0.0
    assert asyncio.run(delay("User-agent: *\nCrawl-delay: soon")) == 0.0


def lanes_robots(text: str) -> Robots:
    """Return the rules of every site as written in `text`."""
    return Robots(lambda: NOON, lambda _: Rules(expires_at=NOON + HOUR, text=text))


async def ask_nothing(url: str) -> Any:
    """Refuse to be asked."""
    raise AssertionError(f"{url} was asked")


REFUSED = Rules(expires_at=NOON + HOUR, refusal=("robots", "503"), refused_since=NOON)


@pytest.mark.parametrize(
    ("before", "days", "expected"),
    [
        (None, 0, (None, True)),
        (Rules(expires_at=NOON, text="Disallow: /a"), 2, ("Disallow: /a", False)),
        (REFUSED, 29, (None, True)),
        (REFUSED, 30, (None, False)),
    ],
    ids=["never had", "known before", "a month less a day", "a month"],
)
def test_a_robots_txt_that_cannot_be_had(
    before: Rules | None, days: int, expected: tuple[str | None, bool]
) -> None:
    now = NOON + days * DAY
    found = msgspec.structs.replace(REFUSED, expires_at=now + HOUR, refused_since=now)
    rules = settle_rules(before, found)
    assert (rules.text, rules.refusal is not None) == expected
    assert rules.expires_at == now + HOUR


def test_what_is_known_of_a_host_comes_back_as_it_was() -> None:
    response, _ = ask({"/": http(b"User-agent: *\nDisallow: /\xc3\xa9")})
    facts = OriginFacts(rules=parse_rules(response), strain=4.0, held_until=NOON)
    assert decode_facts(encode_facts(facts)) == facts
    for broken in (None, b"", b"\x78\x9c", encode_facts(facts)[:-3], b"not ours"):
        assert decode_facts(broken) == OriginFacts()


def test_nothing_is_asked_or_saved_again_that_was_known() -> None:
    memory = Kept()
    for _ in range(2):
        _, web = visit({"/": http(PAGE)}, "/", memory=memory)
    assert memory.saves == 1
    assert [path for _, path, _ in web.requests] == ["/"]


@pytest.mark.timeout(60)
def test_five_hundred_hosts_finish_as_if_one_of_them_did_not_drip() -> None:
    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.05)

    async def fetch() -> tuple[int, bool]:
        async with Web({"/": http(PAGE), "/drip": drip}) as web:
            hosts = {f"h{n}.example": f"127.0.0.1:{web.port}" for n in range(500)}
            settings = settings_for(web, hosts=hosts, timeout_s=600)
            async with Fetcher(settings, lambda: NOON) as fetcher:
                slow = [
                    asyncio.ensure_future(fetcher.fetch("http://h0.example/drip"))
                    for _ in range(20)
                ]
                urls = [f"http://{host}/" for host in list(hosts)[1:]]
                answered = await asyncio.gather(*map(fetcher.fetch, urls))
                is_any_done = any(task.done() for task in slow)
                for task in slow:
                    task.cancel()
                await asyncio.gather(*slow, return_exceptions=True)
                return sum(one.status == 200 for one in answered), is_any_done

    started = time.process_time()
    assert asyncio.run(fetch()) == (499, False)
    assert time.process_time() - started < 30
