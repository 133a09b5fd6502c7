"""The fetcher against servers on loopback that misbehave."""

import asyncio
import gzip
import hashlib
import shutil
import ssl
import subprocess
import tracemalloc
import zlib
from itertools import pairwise
from pathlib import Path
from typing import Any

import brotli
import pytest

from crawler.fetch import Fetcher
from model.errors import CrawlError
from tests.crawler.misbehaving import NOON, SITE, Web, ask, http, never, settings_for, state_of

PAGE = b"<p>" + b"une page " * 400 + b"</p>"
MIB = 1024 * 1024


def test_a_response_holds_all_that_proves_it() -> None:
    response, web = ask({"/a?b=1": http(PAGE, ETag='"v1"', X_Odd="caf\xe9")}, "/a?b=1#end")
    assert response.url == response.final_url == f"http://{SITE}/a?b=1"
    assert (response.status, response.body, response.encoded_body) == (200, PAGE, None)
    assert response.header("etag") == '"v1"'
    assert response.header("x-odd") == "café"
    assert response.peer == f"127.0.0.1:{web.port}"
    assert response.certificate_sha256 is None
    assert response.fetched_at == NOON
    assert ("Host", SITE) in response.request_headers


def test_we_say_who_we_are_and_never_what_we_watch() -> None:
    _, web = ask({"/": http(PAGE)}, contact="mailto:bot@ngo.example\r\nX-Evil: 1")
    _, _, headers = web.requests[-1]
    assert headers["User-Agent"] == "Vigie/0.1 (+mailto:bot@ngo.exampleX-Evil: 1)"
    assert "X-Evil" not in headers
    assert "Cookie" not in headers


def test_validators_make_a_request_conditional() -> None:
    async def fetch() -> tuple[int, dict[str, str]]:
        async with (
            Web({"/": http(status=304)}) as web,
            Fetcher(settings_for(web), lambda: NOON) as fetcher,
        ):
            response = await fetcher.fetch(
                f"http://{SITE}/", etag='W/"1"', last_modified="Sun, 22 Nov 2026 11:00:00 GMT"
            )
            return response.status, web.requests[-1][2]

    status, headers = asyncio.run(fetch())
    assert status == 304
    assert headers["If-None-Match"] == 'W/"1"'
    assert headers["If-Modified-Since"] == "Sun, 22 Nov 2026 11:00:00 GMT"


@pytest.mark.parametrize("status", [204, 300, 304, 403, 404, 410, 429, 451, 500, 503])
def test_every_status_but_a_redirect_is_an_answer(status: int) -> None:
    assert ask({"/": http(status=status)})[0].status == status


def deflate_raw(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(PAGE)),
        ("gzip", gzip.compress(PAGE[:900]) + gzip.compress(PAGE[900:])),
        ("gzip", gzip.compress(PAGE) + b"\0" * 12),
        ("x-gzip", gzip.compress(PAGE)),
        ("deflate", zlib.compress(PAGE)),
        ("deflate", deflate_raw(PAGE)),
        ("br", brotli.compress(PAGE)),
        ("gzip, br", brotli.compress(gzip.compress(PAGE))),
        ("identity", PAGE),
    ],
    ids=[
        "gzip", "two members", "padding behind", "x-gzip", "deflate", "deflate without header",
        "brotli", "gzip in brotli", "identity",
    ],
)  # fmt: skip
def test_bodies_are_decoded_and_kept_as_they_travelled(encoding: str, body: bytes) -> None:
    response, _ = ask({"/": http(body, Content_Encoding=encoding)})
    assert response.body == PAGE
    assert (response.encoded_body or response.body) == body


def bomb(size_mib: int, *, with_brotli: bool) -> bytes:
    packer: Any = brotli.Compressor(quality=1) if with_brotli else zlib.compressobj(1, wbits=31)
    feed = packer.process if with_brotli else packer.compress
    end = packer.finish if with_brotli else packer.flush
    return b"".join([*(feed(bytes(MIB)) for _ in range(size_mib)), end()])


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("br", bomb(256, with_brotli=True)),
        ("gzip", bomb(256, with_brotli=False)),
        ("gzip, gzip", gzip.compress(bomb(256, with_brotli=False))),
        ("deflate", zlib.compress(bytes(64 * MIB))),
        ("gzip, gzip, gzip, gzip", b"x"),
    ],
    ids=["brotli", "gzip", "gzip twice", "deflate", "four layers"],
)
def test_a_bomb_is_cut_at_the_cap_in_little_memory(encoding: str, body: bytes) -> None:
    tracemalloc.start()
    try:
        answers = {"/": http(body, Content_Encoding=encoding)}
        assert state_of(answers, max_bytes=20 * MIB) == "too_large"
        assert tracemalloc.get_traced_memory()[1] < 64 * MIB
    finally:
        tracemalloc.stop()


async def endless(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"x" * 65536)
        await writer.drain()


async def stuck_body(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx")
    await never(writer)


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (endless, "too_large"),
        (http(b"x", Content_Length="999999999"), "too_large"),
        (never, "timeout"),
        (stuck_body, "timeout"),
        (http(b"half", Content_Length="8"), "truncated"),
        (CHUNKED + b"4\r\nhalf\r\n", "truncated"),
        (CHUNKED + b"8\r\nhalf", "truncated"),
        (http(gzip.compress(PAGE)[:-20], Content_Encoding="gzip"), "truncated"),
        (http(brotli.compress(PAGE)[:-3], Content_Encoding="br"), "truncated"),
        (http(b"not gzip at all", Content_Encoding="gzip"), "http_error"),
        (http(b"x", Content_Encoding="exi"), "http_error"),
        (http(gzip.compress(b"") * 1100, Content_Encoding="gzip"), "http_error"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "http_error"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n", "http_error"),
        (b"", "unreachable"),
    ],
    ids=[
        "endless body", "announced too large", "no answer", "stuck body", "short of its length",
        "no last chunk", "cut chunk", "cut gzip", "cut brotli", "no gzip", "unknown encoding",
        "a thousand gzip members", "no HTTP", "huge header", "closed at once",
    ],
)  # fmt: skip
def test_what_is_no_whole_answer_is_an_error(answer: bytes, state: str) -> None:
    assert state_of({"/": answer}, timeout_s=0.3, max_bytes=MIB) == state


def test_redirects_are_followed_and_named() -> None:
    answers = {
        "/": http(status=301, Location="/b#part"),
        "/b": http(status=307, Location="http://other.example/c"),
        "/c": http(PAGE),
    }
    response, web = ask(answers)
    assert response.url == f"http://{SITE}/"
    assert response.redirects == (f"http://{SITE}/b", "http://other.example/c")
    assert response.redirect_statuses == (301, 307)
    assert response.final_url == "http://other.example/c"
    assert web.paths() == ["/", "/b", "/c"]


@pytest.mark.parametrize(
    ("location", "state"),
    [
        ({"Location": "/"}, "redirects"),
        ({}, "redirects"),
        ({"Location": ""}, "redirects"),
        ({"Location": "http://127.0.0.1/"}, "blocked_address"),
        ({"Location": "http://[::ffff:127.0.0.1]/"}, "blocked_address"),
        ({"Location": "http://2130706433/"}, "blocked_address"),
        ({"Location": "file:///etc/passwd"}, "blocked_address"),
        ({"Location": "gopher://site.example/"}, "blocked_address"),
        ({"Location": "http://site.example:22/"}, "blocked_address"),
        ({"Location": "http://[broken/"}, "redirects"),
    ],
    ids=[
        "to itself", "nowhere", "empty", "loopback", "mapped loopback", "decimal loopback", "file",
        "gopher", "ssh port", "no address",
    ],
)  # fmt: skip
def test_a_redirect_that_may_not_be_followed_is_not(location: dict[str, Any], state: str) -> None:
    assert state_of({"/": http(status=302, **location)}) == state


def test_a_circle_of_redirects_is_left_after_one_round() -> None:
    async def fetch() -> list[str]:
        answers = {"/a": http(status=302, Location="/b"), "/b": http(status=302, Location="/a")}
        async with Web(answers) as web, Fetcher(settings_for(web), lambda: NOON) as fetcher:
            with pytest.raises(CrawlError):
                await fetcher.fetch(f"http://{SITE}/a")
            return web.paths()

    assert asyncio.run(fetch()) == ["/a", "/b"]


def test_a_chain_of_redirects_ends_at_the_limit() -> None:
    chain = {f"/{n}": http(status=302, Location=f"/{n + 1}") for n in range(30)}
    chain["/3"] = http(PAGE)
    assert ask(chain, "/0", max_redirects=3)[0].final_url.endswith("/3")
    assert state_of(chain, "/0", max_redirects=2) == "redirects"


def test_a_password_stays_with_its_origin_and_out_of_every_record() -> None:
    answers = {"/": http(status=302, Location="http://other.example/b"), "/b": http(PAGE)}
    response, web = ask(answers, url=f"http://reader:s3cret@{SITE}/")
    sent = {path: headers.get("Authorization") for _, path, headers in web.requests}
    assert sent == {
        "/robots.txt": None, "/": "Basic cmVhZGVyOnMzY3JldA==", "/b": None,
    }  # fmt: skip
    assert "s3cret" not in repr(response)
    assert "cmVhZGVy" not in repr(response)


def test_a_password_is_in_no_error() -> None:
    for url in ("http://u:s3cret@127.0.0.1/", f"ftp://u:s3cret@{SITE}/", "http://u:s3cret@/"):
        with pytest.raises(CrawlError) as caught:
            ask({}, url=url)
        assert "s3cret" not in str(caught.value)


def test_the_environment_cannot_set_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9/")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9/")
    assert ask({"/": http(PAGE)})[0].status == 200


def test_no_cookie_comes_back() -> None:
    answers = {"/": http(status=302, Location="/b", Set_Cookie="id=1; Path=/"), "/b": http(PAGE)}
    _, web = ask(answers)
    assert all("Cookie" not in headers for _, _, headers in web.requests)


def test_a_host_is_asked_one_request_at_a_time_with_a_rest_between() -> None:
    async def fetch() -> Web:
        async with (
            Web({"/": http(PAGE)}) as web,
            Fetcher(settings_for(web, per_host_gap_s=0.02), lambda: NOON) as fetcher,
        ):
            await asyncio.gather(*(fetcher.fetch(f"http://{SITE}/") for _ in range(5)))
            return web

    web = asyncio.run(fetch())
    rests = [later - sooner for sooner, later in pairwise(web.arrived_at)]
    assert web.most_asking == 1
    assert min(rests) >= 0.02


def test_a_slow_host_holds_up_nobody_else() -> None:
    async def fetch() -> list[int]:
        async with (
            Web({"/": http(PAGE), "/slow": never}) as web,
            Fetcher(settings_for(web, concurrency=2), lambda: NOON) as fetcher,
        ):
            ask_slow = (fetcher.fetch("http://slow.example/slow") for _ in range(4))
            slow = [asyncio.ensure_future(asking) for asking in ask_slow]
            fast = [fetcher.fetch("http://fast.example/") for _ in range(4)]
            statuses = [response.status for response in await asyncio.gather(*fast)]
            assert not any(task.done() for task in slow)
            for task in slow:
                task.cancel()
            await asyncio.gather(*slow, return_exceptions=True)
            return statuses

    assert asyncio.run(fetch()) == [200, 200, 200, 200]


def test_all_hosts_together_are_asked_no_more_than_allowed_at_once() -> None:
    async def fetch() -> int:
        gate, waiting = asyncio.Event(), asyncio.Event()

        async def hold(writer: asyncio.StreamWriter) -> None:
            waiting.set()
            await gate.wait()
            writer.write(http(PAGE))

        async with (
            Web({"/": hold}) as web,
            Fetcher(settings_for(web, concurrency=2), lambda: NOON) as fetcher,
        ):
            hosts = (SITE, "other.example", "slow.example", "fast.example")
            asking = [
                asyncio.ensure_future(fetcher.fetch(f"http://{host}/", robots=False))
                for host in hosts
            ]
            await waiting.wait()
            for _ in range(20):
                await asyncio.sleep(0)
            gate.set()
            await asyncio.gather(*asking)
            return web.most_asking

    assert asyncio.run(fetch()) == 2


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-subj", f"/CN={SITE}", "-addext", f"subjectAltName=DNS:{SITE}",
         "-keyout", key, "-out", cert],
        check=True, capture_output=True,
    )  # fmt: skip
    return cert, key


async def fetch_over_tls(
    certificate: tuple[Path, Path], url: str, trusted: ssl.SSLContext | None
) -> str | None:
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(*certificate)
    async with (
        Web({"/": http(PAGE)}, ssl=served) as web,
        Fetcher(settings_for(web), lambda: NOON, tls=trusted) as fetcher,
    ):
        return (await fetcher.fetch(url)).certificate_sha256


def test_the_certificate_of_the_server_is_noted(certificate: tuple[Path, Path]) -> None:
    trusted = ssl.create_default_context(cafile=str(certificate[0]))
    noted = asyncio.run(fetch_over_tls(certificate, f"https://{SITE}/", trusted))
    binary = ssl.PEM_cert_to_DER_cert(certificate[0].read_text())
    assert noted == hashlib.sha256(binary).hexdigest()


@pytest.mark.parametrize("trusted", [False, True], ids=["self-signed", "wrong host"])
def test_a_bad_certificate_is_never_accepted(
    certificate: tuple[Path, Path], *, trusted: bool
) -> None:
    context = ssl.create_default_context(cafile=str(certificate[0])) if trusted else None
    url = "https://other.example/" if trusted else f"https://{SITE}/"
    with pytest.raises(CrawlError) as caught:
        asyncio.run(fetch_over_tls(certificate, url, context))
    assert caught.value.state == "bad_certificate"
