"""robots.txt obeyed as RFC 9309 says, against a server that misbehaves."""

import asyncio

import pytest

from crawler.fetch import Fetcher
from model.errors import CrawlError
from tests.crawler.misbehaving import NOON, SITE, Web, ask, http, never, settings_for, state_of

PAGE = b"<p>une page</p>"
ROBOTS = b"User-agent: *\nDisallow: /\n\nUser-agent: Vigie\nDisallow: /private\n"


@pytest.mark.parametrize(
    ("robots", "path", "allowed"),
    [
        (http(ROBOTS), "/page", True),
        (http(ROBOTS), "/private/page", False),
        (http(b"\xef\xbb\xbfUser-agent: *\nDisallow: /"), "/page", False),
        (http(status=404), "/page", True),
        (http(status=403), "/page", True),
        (http(status=429), "/page", False),
        (http(status=503), "/page", False),
        (never, "/page", False),
        (http(b"<!doctype html><p>User-agent: *\nDisallow: /"), "/page", True),
        (http(ROBOTS + b"#" * 600_000 + b"\nDisallow: /page\n"), "/page", True),
        (http(status=302, Location="/robots.txt"), "/page", True),
        (http(status=302, Location="http://127.0.0.1/"), "/page", False),
    ],
    ids=[
        "our own group", "our own group forbids", "byte order mark", "none", "forbidden",
        "too many requests", "server error", "no answer", "a web page", "beyond 500 KiB",
        "redirects for ever", "redirects to loopback",
    ],
)  # fmt: skip
def test_robots_txt_is_obeyed(robots: bytes, path: str, allowed: bool) -> None:
    answers = {"/robots.txt": robots, path: http(PAGE)}
    if allowed:
        assert ask(answers, path)[0].status == 200
    else:
        expected = {"robots", "unreachable", "timeout", "blocked_address"}
        assert state_of(answers, path, timeout_s=0.3) in expected


def test_robots_txt_of_where_a_redirect_leads_counts_too() -> None:
    answers = {
        "/": http(status=302, Location="/private"),
        "/robots.txt": http(ROBOTS),
        "/private": http(PAGE),
    }
    assert state_of(answers) == "robots"


def test_robots_txt_is_asked_once_and_a_failure_not_for_ever() -> None:
    async def fetch() -> tuple[list[str], list[str]]:
        now = [NOON]
        answers = {"/robots.txt": http(status=503), "/": http(PAGE)}
        async with (
            Web(answers) as web,
            Fetcher(settings_for(web), lambda: now[0]) as fetcher,
        ):
            states = [await state(fetcher), await state(fetcher)]
            web.answers["/robots.txt"] = http(status=404)
            now[0] = NOON.replace(hour=13)
            states += [await state(fetcher), await state(fetcher)]
            return states, [path for _, path, _ in web.requests]

    async def state(fetcher: Fetcher) -> str:
        try:
            return str((await fetcher.fetch(f"http://{SITE}/")).status)
        except CrawlError as error:
            return error.state

    states, paths = asyncio.run(fetch())
    assert states == ["unreachable", "unreachable", "200", "200"]
    assert paths == ["/robots.txt", "/robots.txt", "/", "/"]
