"""How many articles each month or year brought, as the bars of a small chart.

Pure: counts in, sizes out; the template draws them as SVG.
"""

from collections.abc import Sequence
from datetime import date

import msgspec

from store.records import Bucket

HEIGHT = 64
BAR_WIDTH = 12
MAX_MONTHS = 96


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """One bar; `period` is what `date:` takes in a query."""

    period: str
    articles: int
    height: int
    x: int


def draw_bars(buckets: Sequence[Bucket]) -> tuple[Bar, ...]:
    """Return a bar for each month from the first to the last, for each year when they are many."""
    counts = {bucket.label: bucket.articles for bucket in buckets}
    if not counts:
        return ()
    first, last = (_month(label) for label in (min(counts), max(counts)))
    periods = [_label(month) for month in range(first, last + 1)]
    if len(periods) > MAX_MONTHS:
        counts = _by_year(counts)
        periods = [f"{year:04}" for year in range(first // 12, last // 12 + 1)]
    highest = max(counts.values())
    return tuple(
        _bar(place, period, counts.get(period, 0), highest) for place, period in enumerate(periods)
    )


def _bar(place: int, period: str, articles: int, highest: int) -> Bar:
    height = max(2, round(HEIGHT * articles / highest)) if articles else 0
    return Bar(period=period, articles=articles, height=height, x=place * BAR_WIDTH)


def _by_year(counts: dict[str, int]) -> dict[str, int]:
    years: dict[str, int] = {}
    for label, articles in counts.items():
        years[label[:4]] = years.get(label[:4], 0) + articles
    return years


def first_day(period: str) -> date:
    """Return the first day of a month or year as a bar names it."""
    year, _, month = period.partition("-")
    return date(int(year), int(month or 1), 1)


def _month(label: str) -> int:
    year, month = label.split("-")
    return int(year) * 12 + int(month) - 1


def _label(month: int) -> str:
    return f"{month // 12:04}-{month % 12 + 1:02}"
