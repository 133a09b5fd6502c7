"""The one module that opens connections.

It never asks an address that `guard` refuses, never keeps a cookie, never reads a proxy or a
password from the environment, and never gives back part of a body as if it were the whole.
"""

import hashlib
import os
import re
import ssl
from collections.abc import Callable, Mapping
from datetime import datetime
from types import TracebackType
from typing import Self

import aiohttp
import msgspec
from aiohttp.connector import Connection
from yarl import URL

from crawler import PROGRAM
from crawler.content_encoding import ACCEPTED, BodyReader
from crawler.guard import Lookup, SystemLookup, check_url, guarded_connector, parse_pins
from crawler.lanes import Lanes, OriginMemory, Turn
from crawler.robots import MAX_BYTES, Robots
from crawler.slots import Pace, Slot, Slots, fitting_pace
from model.capture import Response
from model.config import CrawlerSettings
from model.errors import CrawlError

_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MAX_HEADER_BYTES = 32 * 1024
_GAVE_WAY = "it answers too slowly while too many others do: it is left for later"


class _Limit(msgspec.Struct, frozen=True):
    """How much of a body is read, and whether what is beyond is let go instead of refused."""

    size: int
    is_cut: bool = False


class _Request(msgspec.Struct, frozen=True, kw_only=True):
    """One request to one address."""

    target: URL
    headers: Mapping[str, str]
    limit: _Limit
    method: str = "GET"
    body: bytes | None = None
    turn: Turn = Turn.FIRST


class _WitnessedResponse(aiohttp.ClientResponse):
    """A response that noted who answered.

    A short body is read and its connection let go before the caller sees the response: the
    server's address and certificate must be noted as the exchange starts.
    """

    peer: str | None = None
    certificate_sha256: str | None = None

    async def start(self, connection: Connection) -> Self:
        transport = connection.transport
        if transport is not None:
            self.peer = _spell_peer(transport.get_extra_info("peername"))
            tls = transport.get_extra_info("ssl_object")
            certificate = tls.getpeercert(binary_form=True) if tls else None
            self.certificate_sha256 = certificate and hashlib.sha256(certificate).hexdigest()
        await super().start(connection)
        return self


class Fetcher:
    """Asks the web politely: one request at a time for a host, each address vetted.

    Use it as an async context manager. Slow hosts, however many, hold up only those who ask them.
    """

    def __init__(
        self,
        settings: CrawlerSettings,
        clock: Callable[[], datetime],
        *,
        lookup: Lookup | None = None,
        tls: ssl.SSLContext | None = None,
        memory: OriginMemory | None = None,
        pace: Pace | None = None,
    ) -> None:
        """Prepare without connecting; `lookup`, `tls` and `pace` stand in for the system's.

        What is learnt of hosts begins and ends in `memory`, where one is given.
        """
        pace = pace or fitting_pace()
        self._settings = settings
        self._clock = clock
        self._pins = parse_pins(settings)
        self._system_lookup = SystemLookup(settings.concurrency + pace.slow_places)
        self._lookup = lookup or self._system_lookup
        self._tls = tls or ssl.create_default_context()
        self._lanes = Lanes(clock, memory)
        self._robots = Robots(clock, self._lanes.known_rules)
        self._slots = Slots(settings.concurrency, pace)

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=guarded_connector(self._pins, self._lookup, self._tls),
            cookie_jar=aiohttp.DummyCookieJar(),
            response_class=_WitnessedResponse,
            timeout=aiohttp.ClientTimeout(
                total=None, sock_connect=self._settings.connect_timeout_s
            ),
            auto_decompress=False,
            trust_env=False,
            max_line_size=_MAX_HEADER_BYTES,
            max_field_size=_MAX_HEADER_BYTES,
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._session.close()
        self._system_lookup.close()
        if error is None:
            self._lanes.save(self._robots.held)

    async def fetch(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        robots: bool = True,
        turn: Turn = Turn.FIRST,
    ) -> Response:
        """Ask for an address and follow its redirects to the answer, whatever its status.

        `etag` and `last_modified` make it conditional: 304 is a Response with no body. In the
        Response, `redirects` are the addresses that redirects led to, in order, and
        `redirect_statuses` what the address before each answered; `url` comes back without its
        user name and password. The time limit counts asking, not waiting for a turn. Of all
        that ask the same host, the `turn` says who goes first.

        Raises CrawlError for everything that is no whole answer, `robots` when robots.txt of any
        host on the way forbids it, and PutOffError when a host is to be left in peace for now.
        """
        validators = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {name: value for name, value in validators.items() if value}
        limit = _Limit(self._settings.max_bytes)
        return await self._follow(url, headers, limit, robots=robots, turn=turn)

    async def post(self, url: str, body: bytes, content_type: str) -> Response:
        """Hand a body to an address and return its answer, whatever its status.

        What is handed over is for that address alone: a redirect is refused. Raises CrawlError
        as `fetch` does.
        """
        checked = check_url(url, self._pins)
        target = checked.with_user(None)
        headers = {**self._own_headers(), "Content-Type": content_type, **_secret_of(checked)}
        limit = _Limit(self._settings.max_bytes)
        request = _Request(target=target, headers=headers, limit=limit, method="POST", body=body)
        response, _ = await self._ask_in_turn(request, self._settings.timeout_s)
        if response.status in _REDIRECTS:
            raise CrawlError(str(target), "redirects", "it redirects what was handed to it")
        return response

    async def _follow(
        self,
        url: str,
        validators: Mapping[str, str],
        limit: _Limit,
        *,
        robots: bool,
        turn: Turn = Turn.FIRST,
    ) -> Response:
        checked = check_url(url, self._pins)
        target, secret = checked.with_user(None), _secret_of(checked)
        start, seen, left_s = target, [target], self._settings.timeout_s
        statuses: list[int] = []
        while True:
            if robots:
                delay_s = await self._robots.check(target, self._ask_robots)
                self._lanes.of(target).crawl_delay_s = delay_s
            headers = {**self._own_headers(), **validators, **secret}
            request = _Request(target=target, headers=headers, limit=limit, turn=turn)
            response, took_s = await self._ask_in_turn(request, left_s)
            left_s -= took_s
            if response.status not in _REDIRECTS:
                return msgspec.structs.replace(
                    response,
                    url=str(start),
                    redirects=tuple(str(step) for step in seen[1:]),
                    redirect_statuses=tuple(statuses),
                )
            following = self._next_hop(response, seen, has_credentials=bool(secret))
            if following.origin() != target.origin():
                secret = {}
            target = following
            seen.append(target)
            statuses.append(response.status)

    async def _ask_in_turn(self, request: _Request, left_s: float) -> tuple[Response, float]:
        """Return the answer and how many seconds it took, noting how the host bears up."""
        lane, gap_s = self._lanes.of(request.target), self._settings.per_host_gap_s
        async with (
            lane.asking(request.target, gap_s, self._clock, request.turn),
            self._slots.taken(left_s, is_strained=lane.is_strained) as slot,
        ):
            try:
                response = await self._exchange(request, slot)
            except CrawlError as error:
                lane.note_failure(error.state, slot.took_s, self._clock())
                raise
            took_s = slot.took_s
            lane.note_answer(response, took_s, self._clock())
            return response, took_s

    async def _ask_robots(self, url: str) -> Response:
        return await self._follow(url, {}, _Limit(MAX_BYTES, is_cut=True), robots=False)

    def _next_hop(self, response: Response, seen: list[URL], *, has_credentials: bool) -> URL:
        """Return where a redirect leads, or raise CrawlError when it may not be followed."""
        here, where = seen[-1], _location(response)
        if where is None:
            reason = f"it answers {response.status} without saying where to"
            raise CrawlError(str(here), "redirects", reason)
        try:
            joined = here.join(URL(where))
        except ValueError as error:
            raise CrawlError(str(here), "redirects", "it redirects to no address") from error
        following = check_url(str(joined), self._pins).with_user(None)
        if following in seen:
            raise CrawlError(str(here), "redirects", "its redirects go round in a circle")
        if len(seen) > self._settings.max_redirects:
            reason = f"it redirects more than {self._settings.max_redirects} times"
            raise CrawlError(str(here), "redirects", reason)
        if has_credentials and here.scheme == "https" and following.scheme == "http":
            reason = "it redirects from https to http, and the source has a password"
            raise CrawlError(str(here), "redirects", reason)
        return following

    async def _exchange(self, request: _Request, slot: Slot) -> Response:
        url = str(request.target)
        try:
            async with slot.limit:
                return await self._ask(request, slot)
        except CrawlError as error:
            raise CrawlError(url, error.state, error.reason) from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            state, reason = ("timeout", _GAVE_WAY) if slot.was_ended else _explain(error)
            raise CrawlError(url, state, reason) from error

    async def _ask(self, request: _Request, slot: Slot) -> Response:
        fetched_at = self._clock()
        async with self._session.request(
            request.method,
            request.target,
            data=request.body,
            headers=request.headers,
            allow_redirects=False,
        ) as answer:
            is_redirect = answer.status in _REDIRECTS
            body, encoded = (b"", None)
            if not is_redirect:
                body, encoded = await _read(answer, request.limit, slot)
            return Response(
                url=str(request.target),
                final_url=str(request.target),
                status=answer.status,
                headers=_pairs(answer.raw_headers),
                request_headers=_sent_headers(answer),
                body=body,
                encoded_body=encoded,
                fetched_at=fetched_at,
                peer=getattr(answer, "peer", None),
                certificate_sha256=getattr(answer, "certificate_sha256", None),
            )

    def _own_headers(self) -> dict[str, str]:
        contact = re.sub(r"[^\x20-\x7e]", "", self._settings.contact).strip()
        return {
            "User-Agent": f"{PROGRAM} (+{contact})" if contact else PROGRAM,
            "Accept": _ACCEPT,
            "Accept-Encoding": ACCEPTED,
        }


async def _read(
    answer: aiohttp.ClientResponse, limit: _Limit, slot: Slot
) -> tuple[bytes, bytes | None]:
    """Return the body decoded, and as it travelled when that is another."""
    url = str(answer.url)
    if limit.is_cut:
        return await _read_start(answer, limit, slot), None
    if (answer.content_length or 0) > limit.size:
        raise CrawlError(url, "too_large", f"it announces {answer.content_length} bytes")
    reader = BodyReader(url, answer.headers.getall("Content-Encoding", ()), limit.size)
    async for piece in answer.content.iter_any():
        reader.feed(piece)
        slot.hold(reader.held_bytes)
    return reader.finish()


async def _read_start(answer: aiohttp.ClientResponse, limit: _Limit, slot: Slot) -> bytes:
    """Return the start of a body, letting go of what is beyond the limit."""
    encodings = answer.headers.getall("Content-Encoding", ())
    reader = BodyReader(str(answer.url), encodings, limit.size)
    async for piece in answer.content.iter_any():
        try:
            reader.feed(piece)
        except CrawlError as error:
            if error.state != "too_large":
                raise
            return reader.so_far()
        slot.hold(reader.held_bytes)
    return reader.finish()[0]


def _secret_of(target: URL) -> dict[str, str]:
    """Return the header for the user name and password written in an address, if any are."""
    if target.user is None and target.password is None:
        return {}
    try:
        value = aiohttp.encode_basic_auth(target.user or "", target.password or "")
    except ValueError as error:
        shown = str(target.with_user(None))
        raise CrawlError(shown, "blocked_address", "its user name holds a colon") from error
    return {"Authorization": value}


def _location(response: Response) -> str | None:
    """Return the Location header; bytes beyond ASCII are UTF-8 in practice (RFC 9110 says none)."""
    value = response.header("Location")
    if not value:
        return None
    return value.encode("latin-1").decode("utf-8", "replace").strip() or None


def _pairs(raw: tuple[tuple[bytes, bytes], ...]) -> tuple[tuple[str, str], ...]:
    """Return headers as text: Latin-1 maps each byte to one character and back."""
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in raw)


def _sent_headers(answer: aiohttp.ClientResponse) -> tuple[tuple[str, str], ...]:
    return tuple(
        (str(name), "(withheld)" if name.lower() == "authorization" else str(value))
        for name, value in answer.request_info.headers.items()
    )


def _spell_peer(name: tuple[str, int] | tuple[str, int, int, int] | None) -> str | None:
    if not name:
        return None
    return f"[{name[0]}]:{name[1]}" if ":" in name[0] else f"{name[0]}:{name[1]}"


def _plain(error: Exception) -> str:
    """Return the system's own words for a failed connection."""
    cause = getattr(error, "os_error", error)
    number = getattr(cause, "errno", None)
    return os.strerror(number).lower() if number else str(error)


def _explain(error: Exception) -> tuple[str, str]:
    """Return the state and the sentence that a failed request stands for."""
    if isinstance(error, (aiohttp.ClientSSLError, ssl.SSLError, ssl.CertificateError)):
        return "bad_certificate", f"its certificate or encryption is not valid ({error})"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "unreachable", "its name is not known"
    if isinstance(error, aiohttp.ServerTimeoutError):
        return "timeout", "it does not let us connect in time"
    if isinstance(error, aiohttp.ClientPayloadError):
        return "truncated", "the answer stops before its end"
    if isinstance(error, TimeoutError):
        return "timeout", "no whole answer came in the time allowed"
    if isinstance(error, (aiohttp.ClientConnectionError, OSError)):
        return "unreachable", f"it cannot be reached ({_plain(error)})"
    # what aiohttp makes of such an error holds the whole address, and so whatever lets a reader in
    words = getattr(error, "message", "") or type(error).__name__
    return "http_error", f"its answer is no HTTP that can be read ({words})"
