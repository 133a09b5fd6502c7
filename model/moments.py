"""Moments as they are typed: `2023-11-21`, `2023-11-21T18:04`, `18:04`, `P7D`, `hier`.

A moment is told to the second, on the affair's clock. It never asks what time it is.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from model.period import parse_period, resolve_period

FORMS = (
    "a moment is written 2023, 2023-11, 2023-W47, 2023-11-21, 2023-11-21T18:04, 18:04, P7D, PT6H, "
    "today or yesterday (aujourd'hui, hier)"
)
SECOND = timedelta(seconds=1)

_TIME = re.compile(
    r"(?:(\d{4}-\d\d-\d\d)[Tt ])?(\d{1,2}:\d\d(?::\d\d)?)(?:\.\d{1,6})?([Zz]|[+-]\d\d:?\d\d)?"
)
_HOURS = re.compile(r"[Pp][Tt](\d{1,6})([HhMm])")
_DURATION = re.compile(r"[Pp]\d.*")
_DAYS_AGO = {"today": 0, "aujourd'hui": 0, "yesterday": 1, "hier": 1, "avant-hier": 2}


def parse_moment(text: str, *, now: datetime, zone: ZoneInfo, is_end: bool = False) -> datetime:
    """Return the first second, in UTC, of what `text` names; with `is_end`, its last second.

    Of an hour that a clock shows twice it is the first one, with `is_end` the second. A duration
    counts back from `now`. Raises ValueError with a sentence.
    """
    typed = " ".join(text.replace("’", "'").split())
    try:
        if found := _TIME.fullmatch(typed):
            return _at_time(found, now.astimezone(zone), is_end=is_end)
        if found := _HOURS.fullmatch(typed):
            unit = timedelta(hours=1) if found[2] in "Hh" else timedelta(minutes=1)
            return now - int(found[1]) * unit
        first, last = _days(typed, now.astimezone(zone).date())
        if _DURATION.fullmatch(typed):
            return _local(first, now.astimezone(zone).time(), zone)
        return _end_of(last, zone) if is_end else _local(first, time(), zone)
    except OverflowError as error:
        raise ValueError(f"{typed} is not in the calendar") from error


def _days(typed: str, today: date) -> tuple[date, date]:
    ago = _DAYS_AGO.get(typed.lower())
    if ago is not None:
        day = today - timedelta(days=ago)
        return day, day
    if "/" in typed:
        raise ValueError(FORMS)
    try:
        return resolve_period(parse_period(typed), today)
    except ValueError as error:
        raise ValueError(FORMS if "is written" in str(error) else str(error)) from error


def _at_time(found: re.Match[str], local: datetime, *, is_end: bool) -> datetime:
    """Return a moment of which an hour is given.

    Without a day it is the last time that clocks showed it; as an end, today's.
    """
    day, offset = found[1] or local.date().isoformat(), found[3]
    hour, _, rest = found[2].partition(":")
    try:
        at = datetime.fromisoformat(f"{day}T{hour.zfill(2)}:{rest}{(offset or '').upper()}")
    except ValueError as error:
        raise ValueError(f"{found[0]} is not in the calendar: {FORMS}") from error
    if at.tzinfo is None:
        at = at.replace(tzinfo=local.tzinfo, fold=int(is_end))
    if not found[1] and not is_end and at.astimezone(UTC) > local.astimezone(UTC):
        at -= timedelta(days=1)
    is_whole = ":" in rest or not is_end
    return at.astimezone(UTC) + (timedelta(0) if is_whole else timedelta(seconds=59))


def _local(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(UTC)


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    """Return the last second of a local day, which is 23 to 25 hours long."""
    return _local(day + timedelta(days=1), time(), zone) - SECOND
