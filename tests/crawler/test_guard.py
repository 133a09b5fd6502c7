"""What may be asked and what may not, before and while connecting."""

import asyncio
import re
import socket
import ssl
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import aiohttp
import pytest

from crawler.fetch import Fetcher
from crawler.guard import SystemLookup, check_url, guarded_connector, is_public_address, parse_pins
from model.config import CrawlerSettings
from model.errors import ConfigError, CrawlError
from tests.crawler.misbehaving import NOON

SSRF = Path(__file__).resolve().parents[2].parent / "shared/corpora/hostile/ssrf"

_connected: list[object] = []
_watching: list[bool] = []


def _refuse_connections(event: str, arguments: tuple[object, ...]) -> None:
    """Note each attempt to connect and end it: nothing that slips through leaves this machine."""
    if _watching and event == "socket.connect":
        _connected.append(arguments[1])
        raise OSError("no connection may be made here")


sys.addaudithook(_refuse_connections)


@pytest.fixture
def connections() -> Iterator[list[object]]:
    _connected.clear()
    _watching.append(True)
    yield _connected
    _watching.clear()


async def fetch_all(urls: Sequence[str], *answers: Sequence[str]) -> list[str]:
    """Return the state each address ends in; names are answered in turn, the last for ever."""
    asked = list(answers) or [("127.0.0.1",)]

    async def lookup(host: str, port: int) -> Sequence[str]:
        return asked.pop(0) if len(asked) > 1 else asked[0]

    states = []
    settings = CrawlerSettings(per_host_gap_s=0, timeout_s=2, connect_timeout_s=1)
    async with Fetcher(settings, lambda: NOON, lookup=lookup) as fetcher:
        for url in urls:
            try:
                states.append(str((await fetcher.fetch(url, robots=False)).status))
            except CrawlError as error:
                states.append(error.state)
    return states


@pytest.mark.parametrize(
    "address",
    """
    127.0.0.1 127.255.255.254 0.0.0.0 10.1.2.3 100.64.0.1 169.254.169.254 169.254.170.2 172.16.0.1
    172.31.255.255 192.0.0.192 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.1
    203.0.113.1 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255 168.63.129.16 100.100.100.200
    :: ::1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::127.0.0.1 64:ff9b::7f00:1 64:ff9b:1::1 100::1
    2001::1 2001:db8::1 2002:7f00:1:: 2002:808:808:: 3fff::1 5f00::1 fc00::1 fd00:ec2::254
    fe80::1 fe80::1%eth0 fec0::1 ff02::1 2a00:1450:4007::1%eth0 127.1 0x7f.1 2130706433 localhost
    """.split(),
)
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    assert not is_public_address(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "192.88.98.1", "2a00:1450:4007::1", "2606:4700::1"])
def test_a_public_address_is_accepted(address: str) -> None:
    assert is_public_address(address)


@pytest.mark.parametrize(
    "url",
    """
    http://127.0.0.1/ http://localhost/ http://LOCALHOST./ http://a.localhost/ http://[::1]/
    http://[::ffff:127.0.0.1]/ http://0/ http://2130706433/ http://0x7f.1/ http://0x7f000001/
    http://127.1/ http://0177.0.0.1/ http://127.0.0.1./ http://169.254.169.254/latest/meta-data/
    http://[fd00::1]/ http://[fec0::1]/ http://[64:ff9b::7f00:1]/ http://[2002:7f00:1::]/
    http://[fe80::1%25eth0]/ http://8.8.8.8:22/ http://8.8.8.8:6379/ http://8.8.8.8:0/
    http://8.8.8.8:99999/ http://①②⑦.⓪.⓪.①/ http://127。0。0。1/ http://metadata.google.internal/
    http://router.local/ http://intranet/ http:/// http://user@/ file:///etc/passwd ftp://ftp.fr/
    gopher://127.0.0.1:25/_x data:text/html,x javascript:alert(1) /dev/zero dict://d:1/ //host/x
    jar:http://127.0.0.1!/ http:127.0.0.1/ http://a%00.fr/ http://exa%2fmple.fr/
    """.split(),
)
def test_an_address_that_leads_inside_is_refused_without_connecting(
    url: str, connections: list[object]
) -> None:
    assert asyncio.run(fetch_all([url])) == ["blocked_address"]
    assert connections == []


def known_attacks() -> list[str]:
    """Return the addresses in the attack collection, without public ones given as examples."""
    found: set[str] = set()
    for file in sorted(SSRF.glob("*.md")):
        text = file.read_text(encoding="utf-8")
        for code in re.findall(r"```[a-z0-9]*\n(.*?)```|`([^`\n]+)`", text, re.DOTALL):
            found.update(re.findall(r"[a-z0-9+.-]{2,9}:/{0,2}[^\s`\"'<>)]+", "\n".join(code)))
    return sorted(url for url in found if not url.startswith("http://1.1.1.1"))


def test_no_address_of_the_attack_collection_gets_through(connections: list[object]) -> None:
    if not SSRF.is_dir():
        pytest.skip("../shared/corpora/hostile/ssrf is absent")
    urls = known_attacks()
    states = asyncio.run(fetch_all(urls))
    assert len(urls) > 150
    assert [
        url for url, state in zip(urls, states, strict=True) if state != "blocked_address"
    ] == []
    assert connections == []


@pytest.mark.parametrize(
    "answer",
    [("127.0.0.1",), ("93.184.216.34", "127.0.0.1"), ("93.184.216.34", "fd00::1"), ("fe80::1%1",)],
    ids=["private", "one private of two", "private in IPv6", "link-local"],
)
def test_a_name_that_leads_inside_is_refused_without_connecting(
    answer: tuple[str, ...], connections: list[object]
) -> None:
    assert asyncio.run(fetch_all(["http://rebound.fr/"], answer)) == ["blocked_address"]
    assert connections == []


def test_a_name_is_vetted_each_time_it_is_connected_to(connections: list[object]) -> None:
    twice = ["http://rebound.fr/", "http://rebound.fr/"]
    states = asyncio.run(fetch_all(twice, ("93.184.216.34",), ("127.0.0.1",)))
    assert states == ["unreachable", "blocked_address"]
    assert connections == [("93.184.216.34", 80)]


def test_the_connector_refuses_what_slipped_past_all_other_checks(
    connections: list[object],
) -> None:
    async def connect() -> None:
        connector = guarded_connector({}, SystemLookup(1), ssl.create_default_context())
        async with aiohttp.ClientSession(connector=connector) as session:
            await session.get("http://127.0.0.1:8080/")

    with pytest.raises(CrawlError, match="no public address"):
        asyncio.run(connect())
    assert connections == []


def test_a_name_server_that_does_not_answer_is_a_timeout() -> None:
    async def fetch() -> str:
        async def never(host: str, port: int) -> Sequence[str]:
            await asyncio.Event().wait()
            return ()

        settings = CrawlerSettings(per_host_gap_s=0, timeout_s=0.1)
        async with Fetcher(settings, lambda: NOON, lookup=never) as fetcher:
            with pytest.raises(CrawlError) as caught:
                await fetcher.fetch("http://silent.fr/")
            return caught.value.state

    assert asyncio.run(fetch()) == "timeout"


def test_a_name_that_is_not_known_is_unreachable() -> None:
    async def unknown(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    async def fetch() -> CrawlError:
        async with Fetcher(CrawlerSettings(), lambda: NOON, lookup=unknown) as fetcher:
            with pytest.raises(CrawlError) as caught:
                await fetcher.fetch("http://nowhere.fr/")
            return caught.value

    error = asyncio.run(fetch())
    assert (error.state, error.reason) == ("unreachable", "its name is not known")


def test_a_reserved_name_that_is_not_pinned_is_not_looked_up() -> None:
    assert asyncio.run(fetch_all(["http://nobody.example/"])) == ["unreachable"]


def test_a_pinned_name_may_be_asked_on_its_own_port_too() -> None:
    pins = parse_pins(CrawlerSettings(hosts={"site.example": "127.0.0.1:43210"}))
    assert str(check_url("http://site.example:43210/x#y", pins)) == "http://site.example:43210/x"
    with pytest.raises(CrawlError):
        check_url("http://site.example:43211/", pins)
    with pytest.raises(CrawlError):
        check_url("http://127.0.0.1:43210/", pins)


@pytest.mark.parametrize(
    ("host", "target"),
    [
        ("lemonde.fr", "127.0.0.1:80"),
        ("site.example", "10.0.0.1:80"),
        ("site.example", "127.0.0.1"),
        ("site.example", "127.0.0.1:80.evil.fr"),
    ],
    ids=["a real site", "a private network", "no port", "more behind"],
)
def test_only_reserved_names_can_be_pinned_and_only_to_loopback(host: str, target: str) -> None:
    with pytest.raises(ConfigError):
        parse_pins(CrawlerSettings(hosts={host: target}))
