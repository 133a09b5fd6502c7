"""What every kind of listing writes about an entry, as `Entry` holds it: names, languages, times.

Nothing here looks at the format it came from.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any

from crawler.times import parse_time, zone_of

MAX_SUMMARY_CHARS = 4000
"""So much of a summary is kept: some feeds put the whole article there."""

# Forms that `parse_time` leaves to its callers: 21-11-2023, 2023/11/21, and a zone after words
_TURNED = re.compile(r"^(\d{1,2})-(\d{1,2})-(\d{4})\b")
_SLASHED = re.compile(r"^(\d{4})/(\d{1,2})/(\d{1,2})\b")
_OFFSET = re.compile(r":\d\d\s*(GMT|UTC|Z|[+-]\d{2}:?\d{2})$")
# what nearly every feed writes: Fri, 20 Nov 2026 08:00:00 +0100 (RFC 822 with four digits, 2822)
_USUAL = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?(\d\d?) ([A-Z][a-z]{2}) (199[2-9]|20\d\d)"
    r" (\d\d):(\d\d):(\d\d) (GMT|\+[01]\d[0-5]\d|-(?!0000)[01]\d[0-5]\d)",
    re.ASCII,
)
_MONTHS = {
    name: number
    for number, name in enumerate(
        "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), start=1
    )
}
_MAX_AUTHOR, _MAX_TIME = 500, 200
_MAIL = re.compile(r"[(<\[]?\s*(?:mailto:)?[^\s()<>\[\]]+@[^\s()<>\[\]]+\s*[)>\]]?")
_CODE = re.compile(r"\s*([A-Za-z]{2,3})(?![A-Za-z])")


def clean_names(names: Iterable[str]) -> tuple[str, ...]:
    """Return names without empty ones and doubles, in their order."""
    cleaned = (" ".join(name.split()) for name in names)
    return tuple(dict.fromkeys(name for name in cleaned if name))


def name_alone(written: str) -> str:
    """Return the name in `anne@press.example (Anne Roux)`, the address where it is all there is.

    feedparser believes that no domain ends in more than four letters, and calls this one `ple`.
    """
    text = written[:_MAX_AUTHOR].strip()
    name = _MAIL.sub(" ", text).strip()
    if name == text:
        return name
    return name.removeprefix("(").removesuffix(")").strip() or text


def short_language(code: str | None) -> str | None:
    """Return the two or three letters of a language without its country, if it is one."""
    match = _CODE.match(code or "")
    return match[1].lower() if match else None


def parse_utc(written: Any, url: str, lang: str | None = None) -> datetime | None:
    """Return a written time in UTC, read in the zone of the site of `url` where it names none."""
    if not isinstance(written, str) or not written:
        return None
    if (usual := _USUAL.fullmatch(written)) and (moment := _usual_moment(usual)):
        return moment
    spelt = _TURNED.sub(r"\3-\2-\1", written[:_MAX_TIME].strip())
    offset = _OFFSET.search(spelt)
    zone = _zone(offset[1]) if offset else zone_of(url, lang)
    found = parse_time(_SLASHED.sub(r"\1-\2-\3", spelt), zone)
    return found.at.astimezone(UTC) if found else None


def _usual_moment(usual: re.Match[str]) -> datetime | None:
    day, month, year, hour, minute, second, offset = usual.groups()
    numbers = (int(day), int(hour), int(minute), int(second))
    try:
        at = datetime(int(year), _MONTHS[month], *numbers, tzinfo=_zone(offset))
    except (KeyError, ValueError):
        return None
    return at.astimezone(UTC)


def _zone(written: str) -> tzinfo:
    """Return the zone that `+0100` or `GMT` names."""
    if written.isalpha():
        return UTC
    hours, minutes = int(written[1:3]), int(written[-2:])
    ahead = timedelta(hours=hours, minutes=minutes)
    return timezone(-ahead if written[0] == "-" else ahead) if ahead < timedelta(days=1) else UTC
