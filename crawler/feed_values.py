"""What every kind of listing writes about an entry, as `Entry` holds it: names, languages, times.

Nothing here looks at the format it came from.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from crawler.times import parse_time, zone_of

MAX_SUMMARY_CHARS = 4000
"""So much of a summary is kept: some feeds put the whole article there."""

_CODE = re.compile(r"\s*([A-Za-z]{2,3})(?![A-Za-z])")


def clean_names(names: Iterable[str]) -> tuple[str, ...]:
    """Return names without empty ones and doubles, in their order."""
    cleaned = (" ".join(name.split()) for name in names)
    return tuple(dict.fromkeys(name for name in cleaned if name))


def short_language(code: str | None) -> str | None:
    """Return the two or three letters of a language without its country, if it is one."""
    match = _CODE.match(code or "")
    return match[1].lower() if match else None


def parse_utc(written: Any, url: str, lang: str | None = None) -> datetime | None:
    """Return a written time in UTC, read in the zone of the site of `url` where it names none."""
    moment = parse_time(written, zone_of(url, lang)) if written else None
    return moment.at.astimezone(UTC) if moment else None
