"""Which addresses may be asked, decided before and again at the moment of connecting.

Nothing here sends anything: `fetch` connects through what is built here. A name is resolved once
for a connection and what was vetted is what is connected to, so a second answer of the name
server changes nothing.
"""

import asyncio
import ipaddress
import re
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from crawler.addresses import canonical_url
from model.config import RESERVED_DOMAINS, CrawlerSettings
from model.errors import ConfigError, CrawlError
from model.secrets import hide_password

PORTS = frozenset({80, 443, 8080, 8443})

Lookup = Callable[[str, int], Awaitable[Sequence[str]]]
"""Gives the IP addresses of a host name."""

Pins = Mapping[str, tuple[str, int]]
"""Where the pinned names of reserved domains are answered: (loopback address, port)."""

_IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

# Written out because `is_global` depends on the Python version and passes 192.88.99.1, fec0::1
# and multicast (FAULTS 1). Sources: IANA special-purpose registries, RFC 7526 (6to4 relays),
# 168.63.129.16 (the metadata service of Azure has a public address).
_REFUSED_V4 = tuple(
    ipaddress.IPv4Network(network)
    for network in """
    0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 168.63.129.16/32 169.254.0.0/16 172.16.0.0/12
    192.0.0.0/24 192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16
    192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4
    """.split()
)
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
_REFUSED_V6 = tuple(
    ipaddress.IPv6Network(network)
    for network in "2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20".split()
)
_NUMERIC_LABEL = re.compile(r"\d+|0x[0-9a-f]*")
_PRIVATE_NAMES = frozenset("localhost local internal intranet lan home corp arpa onion".split())


def is_public_address(text: str) -> bool:
    """Return whether an IP address is one that anybody on the internet could reach."""
    try:
        address: _IPAddress = ipaddress.ip_address(text)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not any(address in network for network in _REFUSED_V4)
    if address.scope_id or address not in _GLOBAL_V6:
        return False
    return address.is_global and not any(address in network for network in _REFUSED_V6)


def parse_pins(settings: CrawlerSettings) -> Pins:
    """Return the pinned names of the settings.

    Raises ConfigError for a name that a real site could have, or a target beyond loopback.
    """
    pins = {}
    for host, target in settings.hosts.items():
        match = re.fullmatch(r"127\.0\.0\.1:(\d{1,5})", target)
        if match is None or not host.endswith(RESERVED_DOMAINS):
            raise ConfigError(f"crawler.hosts: `{host}` cannot be pinned to `{target}`")
        pins[host.lower()] = ("127.0.0.1", int(match[1]))
    return pins


def check_url(url: str, pins: Pins) -> URL:
    """Return the address ready to be asked, without its fragment.

    Raises CrawlError (`blocked_address`) when its scheme, host or port may not be asked.
    """
    canonical_url(url)
    shown = hide_password(url)
    try:
        target = URL(url.strip()).with_fragment(None)
        host, port = target.raw_host or "", target.port or 0
    except ValueError as error:
        raise CrawlError(shown, "blocked_address", f"this is no web address ({error})") from error
    _check_name(shown, host.rstrip("."), pins)
    if port not in PORTS and pins.get(host, ("", -1))[1] != port:
        raise CrawlError(shown, "blocked_address", f"port {port} is not a web port")
    return target


def _check_name(url: str, host: str, pins: Pins) -> None:
    if host in pins:
        return
    if ":" in host or _NUMERIC_LABEL.fullmatch(host.rpartition(".")[2]):
        if not is_public_address(host):
            raise CrawlError(url, "blocked_address", f"{host} is no public address")
    elif "." not in host or host.rpartition(".")[2] in _PRIVATE_NAMES:
        raise CrawlError(url, "blocked_address", f"{host} is a name of a private network")
    elif host.endswith(RESERVED_DOMAINS):
        raise CrawlError(url, "unreachable", f"{host} is a reserved name: no site has it")


class GuardedResolver(AbstractResolver):
    """Resolves names for the connector and refuses an answer in which one address is not public."""

    def __init__(self, pins: Pins, lookup: Lookup) -> None:
        """Keep the pinned names and what asks the name server."""
        self._pins = pins
        self._lookup = lookup

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the vetted addresses of a host.

        Raises CrawlError (`blocked_address`) when any of them is not public.
        """
        if host in self._pins:
            address, pinned_port = self._pins[host]
            return [_result(host, address, pinned_port)]
        addresses = await self._lookup(host, port)
        for address in addresses:
            if not is_public_address(address):
                raise CrawlError(host, "blocked_address", f"{host} leads to {address}")
        return [_result(host, address, port) for address in addresses]

    async def close(self) -> None:
        """Do nothing: there is nothing to close."""


def _result(host: str, address: str, port: int) -> ResolveResult:
    return ResolveResult(
        hostname=host,
        host=address,
        port=port,
        family=socket.AF_INET6 if ":" in address else socket.AF_INET,
        proto=socket.IPPROTO_TCP,
        flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
    )


class SystemLookup:
    """Asks the system's name server, in threads of its own.

    The loop's default threads are few (six on two cores): names that do not answer would hold
    up every other host.
    """

    def __init__(self, threads: int) -> None:
        """Bound how many names may be asked for at once."""
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="names")

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        """Return the addresses of a host; raises OSError when it has none."""
        found = await asyncio.get_running_loop().run_in_executor(
            self._threads, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        )
        return tuple(dict.fromkeys(str(info[4][0]) for info in found))

    def close(self) -> None:
        """Let go of the threads without waiting for a slow name server."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def guarded_connector(pins: Pins, lookup: Lookup, tls: ssl.SSLContext) -> aiohttp.TCPConnector:
    """Return the connector through which everything is asked."""
    return aiohttp.TCPConnector(
        resolver=GuardedResolver(pins, lookup),
        use_dns_cache=False,
        ssl=tls,
        limit=0,
        socket_factory=_socket_factory(frozenset(pins.values())),
    )


def _socket_factory(
    pinned: frozenset[tuple[str, int]],
) -> Callable[[aiohttp.AddrInfoType], socket.socket]:
    """Return what makes every socket: the last look at an address before it is connected to."""

    def make_socket(info: aiohttp.AddrInfoType) -> socket.socket:
        family, kind, protocol, _, address = info
        host, port = str(address[0]), int(address[1])
        if (host, port) not in pinned and not is_public_address(host):
            raise CrawlError(host, "blocked_address", f"{host} is no public address")
        return socket.socket(family, kind, protocol)

    return make_socket
