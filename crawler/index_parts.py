"""Which parts of a sitemap index are read in one poll. Pure decisions.

No part is ever given up: what one poll has no room for, the next ones read.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from model.source import Listing, Part

MAX_PARTS = 50
"""How many parts are read in one poll."""

_NEVER = datetime.min.replace(tzinfo=UTC)


def choose_parts(
    listing: Listing, known: Mapping[str, Part], limit: int = MAX_PARTS
) -> tuple[tuple[Part, ...], bool]:
    """Return the parts to read now as they were last read, and whether others are left over.

    A part that says when it changed is read when that is news, the latest changed first. One that
    says nothing is read again each time, those not read for longest first, with its validators.
    """
    said = dict(zip(listing.more, listing.more_changed, strict=False))
    told = [url for url in listing.more if said.get(url) and _is_news(url, said[url], known)]
    silent = [url for url in listing.more if not said.get(url)]
    silent.sort(key=lambda url: _read_at(known.get(url)))
    wanted = [*told, *silent]
    chosen = tuple(_asked(url, said.get(url, ""), known.get(url)) for url in wanted[:limit])
    return chosen, len(wanted) > limit


def _is_news(url: str, changed: str, known: Mapping[str, Part]) -> bool:
    return url not in known or known[url].changed != changed


def _read_at(part: Part | None) -> datetime:
    return part.read_at or _NEVER if part else _NEVER


def _asked(url: str, changed: str, known: Part | None) -> Part:
    if known is None:
        return Part(url=url, changed=changed)
    return Part(
        url=url,
        changed=changed,
        etag=known.etag,
        last_modified=known.last_modified,
        body_sha256=known.body_sha256,
    )
