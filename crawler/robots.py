"""What a site's robots.txt allows, by RFC 9309.

It never asks twice within a day what it knows, and a site that fails to answer is never taken for
one that allows everything, but after a month.
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
from model.errors import CrawlError, PutOffError

MAX_BYTES = 500 * 1024
"""RFC 9309 2.5: at least this much must be read; what stands beyond is not looked at."""

KEPT = timedelta(hours=24)
"""RFC 9309 2.4: no longer, unless robots.txt cannot be reached."""

RETRIED = timedelta(minutes=10)
GIVEN_UP = timedelta(days=30)
"""RFC 9309 2.3.1.4: unreachable for as long, it counts as not there."""

LONGEST_DELAY_S = 30.0
"""A Crawl-delay (no part of the RFC, and widely written) is believed up to here."""

_LOG = logging.getLogger(__name__)

Ask = Callable[[str], Awaitable[Response]]
Recall = Callable[[str], "Rules | None"]


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """What one site allows until `expires_at`.

    Without a `text` everything is allowed, unless `refusal` (state, reason) forbids it all, which
    it does since `refused_since`.
    """

    expires_at: datetime
    text: str | None = None
    refusal: tuple[str, str] | None = None
    refused_since: datetime | None = None


def parse_rules(response: Response) -> Rules:
    """Return the rules that an answered request for robots.txt stands for."""
    status = response.status
    if status == 429 or status >= 500:
        reason = f"its robots.txt answers {status}: nothing is asked of this site for now"
        return _refuse(("unreachable", reason), response.fetched_at)
    expires_at = response.fetched_at + KEPT
    if not 200 <= status < 300:
        return Rules(expires_at=expires_at)
    text = response.body.decode("utf-8-sig", "replace")
    if text.lstrip()[:1] == "<":
        _LOG.warning("%s is a web page, not rules: everything is allowed", response.url)
        return Rules(expires_at=expires_at)
    return Rules(expires_at=expires_at, text=text)


def _refuse(refusal: tuple[str, str], now: datetime) -> Rules:
    return Rules(expires_at=now + RETRIED, refusal=refusal, refused_since=now)


def _rules_after(error: CrawlError, now: datetime) -> Rules:
    """Return the rules of a site whose robots.txt could not be had: nothing for now.

    Too many redirects count as no rules at all (RFC 9309 2.3.1.2).
    """
    if error.state == "redirects":
        return Rules(expires_at=now + KEPT)
    return _refuse((error.state, error.reason), now)


def settle_rules(before: Rules | None, found: Rules) -> Rules:
    """Return the rules that hold once they were asked for again.

    While robots.txt cannot be reached the last known rules hold; where there are none everything
    is refused, for a month at the most (RFC 9309 2.3.1.4 and 2.4).
    """
    if found.refusal is None or found.refused_since is None or before is None:
        return found
    if before.refusal is None:
        return msgspec.structs.replace(before, expires_at=found.expires_at)
    since = before.refused_since or found.refused_since
    if found.refused_since - since >= GIVEN_UP:
        return Rules(expires_at=found.expires_at)
    return msgspec.structs.replace(found, refused_since=since)


class Robots:
    """The rules of every site met, each asked for once a day."""

    def __init__(self, clock: Callable[[], datetime], recall: Recall) -> None:
        """Start with what `recall` knows of a site from before."""
        self.held: dict[str, Rules] = {}
        self._clock = clock
        self._recall = recall
        self._parsed: dict[str, Protego] = {}
        self._asking: dict[str, asyncio.Lock] = {}

    async def check(self, target: URL, ask: Ask) -> float:
        """Let `target` pass or raise CrawlError; return the rest its site asks for, in seconds.

        Asks its site through `ask` when needed. The state is `robots` when the site forbids it,
        else why robots.txt could not be had.
        """
        origin = str(target.origin())
        rules = await self._rules_of(origin, ask)
        if rules.refusal:
            raise CrawlError(str(target), *rules.refusal)
        if rules.text is None:
            return 0.0
        parsed = self._parsed[origin]
        if not parsed.can_fetch(str(target), AGENT):
            raise CrawlError(str(target), "robots", "its robots.txt asks not to be read here")
        return min(max(parsed.crawl_delay(AGENT) or 0.0, 0.0), LONGEST_DELAY_S)

    async def _rules_of(self, origin: str, ask: Ask) -> Rules:
        async with self._asking.setdefault(origin, asyncio.Lock()):
            held = self.held.get(origin) or self._recall(origin)
            if held is None or held.expires_at <= self._clock():
                held = settle_rules(held, await self._ask(origin, ask))
            if self.held.get(origin) is not held:
                self.held[origin] = held
                self._parsed[origin] = Protego.parse(held.text or "")
            return held

    async def _ask(self, origin: str, ask: Ask) -> Rules:
        try:
            return parse_rules(await ask(f"{origin}/robots.txt"))
        except PutOffError:
            raise
        except CrawlError as error:
            return _rules_after(error, self._clock())
