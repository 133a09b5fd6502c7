"""What a site's robots.txt allows, by RFC 9309.

Nothing here is kept beyond the run, and a site that fails to answer is never taken for one that
allows everything.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import msgspec
from protego import Protego
from yarl import URL

from crawler import AGENT
from model.capture import Response
from model.errors import CrawlError

MAX_BYTES = 500 * 1024
"""RFC 9309 2.5: at least this much must be read; what stands beyond is not looked at."""

KEPT = timedelta(hours=24)
RETRIED = timedelta(minutes=10)

_LOG = logging.getLogger(__name__)

Ask = Callable[[str], Awaitable[Response]]


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """What one site allows until `expires_at`.

    Without `parsed` everything is allowed, unless `refusal` (state, reason) forbids it all.
    """

    expires_at: datetime
    parsed: Protego | None = None
    refusal: tuple[str, str] | None = None


def parse_rules(response: Response) -> Rules:
    """Return the rules that an answered request for robots.txt stands for."""
    status = response.status
    if status == 429 or status >= 500:
        reason = f"its robots.txt answers {status}: nothing is asked of this site for now"
        return Rules(expires_at=response.fetched_at + RETRIED, refusal=("robots", reason))
    expires_at = response.fetched_at + KEPT
    if not 200 <= status < 300:
        return Rules(expires_at=expires_at)
    text = response.body.decode("utf-8-sig", "replace")
    if text.lstrip()[:1] == "<":
        _LOG.warning("%s is a web page, not rules: everything is allowed", response.url)
        return Rules(expires_at=expires_at)
    return Rules(expires_at=expires_at, parsed=Protego.parse(text))


def _rules_after(error: CrawlError, now: datetime) -> Rules:
    """Return the rules of a site whose robots.txt could not be had: nothing for now.

    Too many redirects count as no rules at all (RFC 9309 2.3.1.2).
    """
    if error.state == "redirects":
        return Rules(expires_at=now + KEPT)
    return Rules(expires_at=now + RETRIED, refusal=(error.state, error.reason))


class Robots:
    """The rules of every site met in this run, each asked for once."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        """Start knowing no site."""
        self._clock = clock
        self._held: dict[str, Rules] = {}
        self._asking: dict[str, asyncio.Lock] = {}

    async def check(self, target: URL, ask: Ask) -> None:
        """Let `target` pass or raise CrawlError, asking its site through `ask` when needed.

        The state is `robots` when the site forbids it, else why robots.txt could not be had.
        """
        rules = await self._rules_of(str(target.origin()), ask)
        if rules.refusal:
            raise CrawlError(str(target), *rules.refusal)
        if rules.parsed and not rules.parsed.can_fetch(str(target), AGENT):
            raise CrawlError(str(target), "robots", "its robots.txt asks not to be read here")

    async def _rules_of(self, origin: str, ask: Ask) -> Rules:
        async with self._asking.setdefault(origin, asyncio.Lock()):
            held = self._held.get(origin)
            if held is None or held.expires_at <= self._clock():
                held = self._held[origin] = await self._ask(origin, ask)
            return held

    async def _ask(self, origin: str, ask: Ask) -> Rules:
        try:
            return parse_rules(await ask(f"{origin}/robots.txt"))
        except CrawlError as error:
            return _rules_after(error, self._clock())
