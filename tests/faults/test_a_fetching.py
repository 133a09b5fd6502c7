"""Faults 1 to 15: addresses that lead inside, redirects, slow and busy servers."""

import asyncio
import re
import ssl
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any

import pytest
import trustme

from app.config_file import add_sources
from crawler.fetch import Fetcher
from crawler.files import FileItem, read_files
from model.config import load_config
from model.errors import CrawlError, InputError
from model.source import Source
from tests.crawler.misbehaving import (
    NOON,
    SITE,
    Answers,
    Web,
    http,
    settings_for,
    state_of,
)
from tests.faults.auditing import FILES, audited
from tests.faults.running import call_vigie, write_config
from tests.faults.watching import FEED, Watched, canary, feed, item, page, sitemap_source

HOUR = timedelta(hours=1)


def test_fault_01_a_source_or_an_entry_inside_is_refused_and_never_asked(tmp_path: Path) -> None:
    with canary() as bird:
        inside = f"{bird.address}/feed"
        entries = [item(1, link=f"{bird.address}/a"), item(2, link=f"http://localhost:{bird.port}")]
        watched = Watched(tmp_path, {"/feed": feed(*entries)}, inside, FEED)
        summary = watched.make_pass()
        assert bird.hits() == 0
    assert [fault.state for fault in summary.faults] == ["blocked_address"] * 3
    assert watched.state(inside).state == "blocked_address"
    assert watched.state(FEED).state == "ok"
    assert watched.articles() == {}


INSIDE = [
    *("http://127.0.0.1:{port}", "http://localhost:{port}", "http://[::1]:{port}/feed"),
    *("http://[::ffff:127.0.0.1]:{port}", "http://0:{port}", "http://2130706433:{port}"),
    *("http://0x7f.1:{port}", "http://127.1:{port}", "http://169.254.169.254/latest/meta-data"),
    *("http://100.64.0.1", "http://192.88.99.1", "http://[fd00::1]", "http://[fec0::1]"),
    *("http://[64:ff9b::7f00:1]", "http://[2002:7f00:1::]", "http://93.184.215.14:22"),
    *("127.0.0.1:{port}", "http://u:p@127.0.0.1:{port}/", "feed://127.0.0.1:{port}"),
]


@pytest.mark.parametrize("address", INSIDE)
def test_fault_01_an_address_inside_cannot_be_added(tmp_path: Path, address: str) -> None:
    before = write_config(tmp_path).read_bytes()
    with canary() as bird:
        done = call_vigie(tmp_path, "add", address.format(port=bird.port), "--yes")
        assert bird.hits() == 0
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert (tmp_path / "config.toml").read_bytes() == before


@pytest.mark.parametrize(("hops", "status"), [(1, 301), (1, 302), (2, 307), (2, 308)])
def test_fault_02_a_redirect_inside_is_blocked_and_never_becomes_the_source(
    tmp_path: Path, hops: int, status: int
) -> None:
    with canary() as bird:
        chain = ["/feed", "/second"][:hops]
        places = [*(f"http://other.example{path}" for path in chain[1:]), f"{bird.address}/x"]
        answers = {
            path: http(status=status, Location=place)
            for path, place in zip(chain, places, strict=True)
        }
        watched = Watched(tmp_path, answers)
        (fault,) = watched.make_pass().faults
        assert bird.hits() == 0
    assert fault.state == "blocked_address"
    assert watched.state(FEED).state == "blocked_address"
    with watched.store() as store:
        assert [report.source.url for report in store.source_states()] == [FEED]


NO_WEB = [
    *("file:///etc/passwd", "/etc/passwd", "ftp://ftp.example/a", "gopher://127.0.0.1:25/_x"),
    *("data:text/html,<p>x</p>", "javascript:alert(1)", "/dev/zero", "file:/etc/passwd"),
]


@pytest.mark.parametrize("link", NO_WEB)
def test_fault_04_what_is_no_web_address_is_never_opened(tmp_path: Path, link: str) -> None:
    answers = {
        "/feed": feed(item(1, link=link), item(2)),
        "/a2": page(2, head=f'<link rel="canonical" href="{link}"><base href="{link}">'),
        "/moved": http(status=302, Location=link),
    }
    watched = Watched(tmp_path, answers, FEED, f"http://{SITE}/moved")
    with audited() as seen:
        watched.make_pass()
    opened = [what for event, what in seen if event == FILES]
    assert opened
    assert [what for what in opened if "/etc/passwd" in what or "/dev/zero" in what] == []
    assert {path for path in watched.asked if path not in ("/feed", "/a2", "/moved")} <= {
        "/etc/passwd", "/dev/zero",  # taken as paths of the site itself
    }  # fmt: skip
    with watched.store() as store:
        assert store.find_article(f"http://{SITE}/a2") is not None


def test_fault_04_a_list_of_feeds_adds_nothing_that_is_no_web_address(tmp_path: Path) -> None:
    links = [*NO_WEB[:2], "https://a.example/feed", *NO_WEB[2:]]
    outlines = "".join(f"<outline xmlUrl='{escape(link)}'/>" for link in links)
    (tmp_path / "feeds.opml").write_text(f"<opml><body>{outlines}</body></opml>", encoding="utf-8")
    config = tmp_path / "config.toml"
    config.write_text('[affair]\nname = "x"\nmatch = "x"\n', encoding="utf-8")
    *errors, found = read_files([tmp_path / "feeds.opml"])
    assert len(errors) == len(NO_WEB)
    assert all(isinstance(error, InputError) for error in errors)
    assert isinstance(found, FileItem)
    assert add_sources(config, found.sources).sources == 1
    assert [source.url for source in load_config(config).sources] == ["https://a.example/feed"]


def test_fault_04_a_list_of_feeds_in_csv_adds_nothing_that_is_no_web_address(
    tmp_path: Path,
) -> None:
    links = [*NO_WEB[:2], "https://a.example/feed", *NO_WEB[2:]]
    rows = "".join(f'"{link}",Un nom\n' for link in links)
    (tmp_path / "feeds.csv").write_text(f"url,name\n{rows}", encoding="utf-8")
    config = write_config(tmp_path)
    with audited() as seen:
        done = call_vigie(tmp_path, "import", str(tmp_path / "feeds.csv"))
    opened = [what for event, what in seen if event == FILES]
    assert [what for what in opened if "/etc/passwd" in what or "/dev/zero" in what] == []
    assert done.returncode == 4
    lines = [number for number, link in enumerate(links, start=2) if link in NO_WEB]
    named = [int(found) for found in re.findall(r"feeds\.csv, line (\d+): ", done.stderr)]
    assert named == lines
    assert [source.url for source in load_config(config).sources] == ["https://a.example/feed"]


def test_fault_05_nothing_that_a_page_names_is_asked(tmp_path: Path) -> None:
    with canary() as bird:
        named = [bird.address, "http://other.example"]
        head = "".join(
            f'<link rel="canonical" href="{at}/c"><link rel="amphtml" href="{at}/amp">'
            f'<link rel="icon" href="{at}/i.ico"><link rel="stylesheet" href="{at}/s.css">'
            f'<link rel="alternate" type="application/rss+xml" href="{at}/f">'
            f'<meta http-equiv="refresh" content="0;url={at}/r"><script src="{at}/j"></script>'
            for at in named
        )
        body = "".join(
            f'<img src="{at}/p"><iframe src="{at}/if"></iframe><video src="{at}/v"></video>'
            f'<script>fetch("{at}/fetch"); new WebSocket("ws://127.0.0.1:{bird.port}/")</script>'
            for at in named
        )
        enclosed = "".join(f'<enclosure url="{at}/son.mp3" type="audio/mpeg"/>' for at in named)
        channel = "".join(f"<image><url>{at}/logo</url></image>" for at in named)
        answers = {
            "/feed": feed(channel, item(1, more=enclosed)),
            "/a1": page(1, head=head, body=body),
        }
        watched = Watched(tmp_path, answers)
        watched.make_pass()
        assert bird.hits() == 0
    assert watched.asked == ["/feed", "/a1"]
    assert [host for host, path, _ in watched.requests if path != "/robots.txt"] == [SITE, SITE]


def test_fault_05_what_a_page_declares_as_its_feeds_is_vetted_before_it_is_asked(
    tmp_path: Path,
) -> None:
    async def add(bird: str) -> tuple[int, str]:
        head = "".join(
            f'<link rel="alternate" type="application/rss+xml" href="{at}/feed">'
            f'<a href="{at}/rss.xml">x</a><a href="{at}/un-article-bien-nomme">Un article</a>'
            for at in (bird, bird.replace("127.0.0.1", "localhost"), "file://", "ftp://x.example")
        )
        answers = {
            "/": page(1, head=head),
            "/robots.txt": http(f"User-agent: *\nSitemap: {bird}/sitemap.xml".encode()),
            "/feed": http(status=302, Location=f"{bird}/feed"),
            "/rss": feed(item(1, link=f"{bird}/a1")),
        }
        async with Web(answers) as web:
            write_config(
                tmp_path,
                f'[crawler]\nper_host_gap_s = 0\n[crawler.hosts]\n"{SITE}" ='
                f' "127.0.0.1:{web.port}"\n',
            )
            done = await asyncio.to_thread(
                call_vigie, tmp_path, "add", f"http://{SITE}/", "--yes", "--json"
            )
            return done.returncode, done.stdout

    with canary() as bird:
        status, told = asyncio.run(add(bird.address))
        assert bird.hits() == 0
    assert (status, bird.address not in told.partition('"tests"')[0]) == (0, True)
    (source,) = load_config(tmp_path / "config.toml").sources
    assert source.url == f"http://{SITE}/rss"


def test_fault_05_the_parts_of_a_sitemap_and_robots_txt_are_vetted_too(tmp_path: Path) -> None:
    with canary() as bird:
        index = f"<sitemapindex><sitemap><loc>http://{SITE}/part</loc></sitemap></sitemapindex>"
        answers: Answers = {
            "/index": http(index.encode()),
            "/part": http(status=302, Location=f"{bird.address}/part"),
            "/robots.txt": http(status=302, Location=f"{bird.address}/robots.txt"),
        }
        site = sitemap_source(f"http://{SITE}/index")
        watched = Watched(tmp_path, answers, site)
        assert [fault.state for fault in watched.make_pass().faults] == ["blocked_address"]
        del watched.answers["/robots.txt"]
        later = NOON + 48 * HOUR
        assert [fault.state for fault in watched.make_pass(later).faults] == ["blocked_address"]
        assert watched.asked == ["/index", "/part"]
        assert bird.hits() == 0


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def ask_over_tls(
    authority: trustme.CA, answers: Answers, url: str, not_after: datetime | None = None
) -> tuple[str, Web]:
    """Return the state or status that fetching from a TLS server ends in."""
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(SITE, not_after=not_after).configure_cert(served)
    trusted = ssl.create_default_context()
    authority.configure_trust(trusted)

    async def fetch() -> tuple[str, Web]:
        async with (
            Web(answers, ssl=served) as web,
            Web({"/": http(b"in clear")}) as clear,
        ):
            settings = settings_for(web)
            settings.hosts["other.example"] = f"127.0.0.1:{clear.port}"
            async with Fetcher(settings, lambda: NOON, tls=trusted) as fetcher:
                try:
                    return str((await fetcher.fetch(url, robots=False)).status), clear
                except CrawlError as error:
                    return error.state, clear

    return asyncio.run(fetch())


def test_fault_09_a_source_with_a_password_never_goes_from_https_to_http(
    authority: trustme.CA,
) -> None:
    answers = {"/": http(status=302, Location="http://other.example/")}
    state, clear = ask_over_tls(authority, answers, f"https://u:s3cret@{SITE}/")
    assert (state, clear.requests) == ("redirects", [])
    state, clear = ask_over_tls(authority, answers, f"https://{SITE}/")
    assert (state, clear.paths()) == ("200", ["/"])
    assert "Authorization" not in clear.requests[0][2]


async def drip(writer: asyncio.StreamWriter) -> None:
    """Send a byte now and then, so that no single wait is ever long."""
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.02)


async def drip_headers(writer: asyncio.StreamWriter) -> None:
    """Send a header now and then and never the last."""
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while not writer.is_closing():
        writer.write(b"X-A: b\r\n")
        await writer.drain()
        await asyncio.sleep(0.02)


async def silent(writer: asyncio.StreamWriter) -> None:
    """Answer nothing for longer than anybody waits."""
    await asyncio.sleep(60)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("answer", [drip, drip_headers], ids=["body", "headers"])
def test_fault_10_a_server_that_drips_is_left_after_the_whole_time(answer: Any) -> None:
    assert state_of({"/": answer}, timeout_s=0.4) == "timeout"


def test_fault_11_an_expired_certificate_is_refused(authority: trustme.CA) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    answers = {"/": http(b"x")}
    assert ask_over_tls(authority, answers, f"https://{SITE}/")[0] == "200"
    assert ask_over_tls(authority, answers, f"https://{SITE}/", yesterday)[0] == "bad_certificate"


@pytest.mark.parametrize(
    ("status", "asked", "waits"),
    [
        (429, "18000", 5 * HOUR),
        (503, "Sun, 22 Nov 2026 17:00:00 GMT", 5 * HOUR),
        (429, "315360000", 24 * HOUR),
        (503, "abc", 2 * HOUR),
    ],
    ids=["seconds", "date", "ten years", "garbage"],
)
def test_fault_12_a_busy_site_is_left_alone_as_asked_also_after_a_restart(
    tmp_path: Path, status: int, asked: str, waits: timedelta
) -> None:
    watched = Watched(tmp_path, {"/feed": http(status=status, Retry_After=asked)})
    watched.make_pass()
    watched.answers["/feed"] = feed(item(1))
    watched.answers["/a1"] = page(1)
    watched.make_pass(NOON + waits - timedelta(minutes=1))
    assert watched.asked == []
    watched.make_pass(NOON + waits + timedelta(minutes=1))
    assert watched.asked == ["/feed", "/a1"]
    assert (watched.state().state, watched.state().failures) == ("ok", 0)


@pytest.mark.parametrize("status", [404, 410, 500, 503])
def test_fault_13_a_source_that_fails_or_is_gone_loses_nothing(tmp_path: Path, status: int) -> None:
    watched = Watched(tmp_path, {"/feed": feed(item(1)), "/a1": page(1)})
    watched.make_pass()
    watched.answers["/feed"] = http(status=status)
    watched.make_pass(NOON + 24 * HOUR)
    assert watched.state().state == ("gone" if status == 410 else "http_error")
    assert list(watched.articles()) == [f"http://{SITE}/a1"]


def test_fault_15_sources_of_one_site_are_asked_in_turn_and_not_again_after_a_restart(
    tmp_path: Path,
) -> None:
    urls = [f"http://{SITE}/f{n}" for n in range(20)]
    answers = {f"/f{n}": feed() for n in range(20)}
    watched = Watched(tmp_path, answers, *urls)
    assert watched.make_pass().counts["sources_polled"] == 20
    watched.make_pass(NOON + timedelta(minutes=5))
    assert watched.asked == []


BAD: dict[str, tuple[Any, str]] = {
    "/loop": (http(status=302, Location="/loop"), "redirects"),
    "/nowhere": (http(status=302), "redirects"),
    "/drip": (drip, "timeout"),
    "/silent": (silent, "timeout"),
    "/cut": (http(b"half", Content_Length="8"), "truncated"),
    "/bomb": (http(b"x" * 9_000, Content_Length="999999999"), "too_large"),
    "/ssh": (b"SSH-2.0-OpenSSH_9.2\r\n", "http_error"),
    "/page": (page(9), "not_a_feed"),
    "/empty": (http(), "not_a_feed"),
    "/500": (http(status=500), "http_error"),
}


def test_fault_08_each_bad_source_is_one_error_and_the_others_are_read(tmp_path: Path) -> None:
    hops = {f"/hop{n}": http(status=302, Location=f"/hop{n + 1}") for n in range(30)}
    answers = {path: answer for path, (answer, _) in BAD.items()} | hops
    answers |= {"/feed": feed(item(1)), "/a1": page(1)}
    paths = [*BAD, "/hop0"]
    sources = [Source(url=f"http://{SITE}{path}") for path in paths]
    watched = Watched(tmp_path, answers, *sources, FEED, timeout_s=0.4)
    summary = watched.make_pass()
    assert {fault.url.removeprefix(f"http://{SITE}"): fault.state for fault in summary.faults} == {
        **{path: state for path, (_, state) in BAD.items()}, "/hop0": "redirects",
    }  # fmt: skip
    assert summary.is_partial
    assert sum(path.startswith("/hop") for path in watched.asked) == 11
    assert watched.state(f"http://{SITE}/loop").next_poll_at == NOON + 2 * HOUR
    assert list(watched.articles()) == [f"http://{SITE}/a1"]
