"""Counts of a timeline by day, week, month or year, as JSON and as lines with bars."""

from collections.abc import Iterator
from datetime import date

import click
import msgspec

from app.asking import Between
from app.bucketing import (
    Bucket,
    Gap,
    Size,
    all_buckets,
    fill_buckets,
    spread_gap,
    with_gaps,
)
from app.output import print_sentence, text_width
from app.timelines import Begun, By
from model.plurals import count

FEW_EMPTY = 3
"""So many empty buckets in a row are shown one by one, more in one line."""

BAR_CHARS = 40
_WHEN = {By.EVENT: "begun", By.PUBLISHED: "published", By.SEEN: "first seen"}
_APART: dict[By, tuple[str, ...]] = {
    By.EVENT: ("inferred",),
    By.PUBLISHED: ("undated", "future"),
    By.SEEN: (),
}
_DETAILS = {"undated": "undated", "future": "dated in the future", "inferred": "inferred"}


class Histogram(msgspec.Struct, frozen=True, kw_only=True):
    """The filled buckets of a question, and what belongs to no bucket (see `Begun`)."""

    by: By
    size: Size
    timezone: str
    filled: tuple[Bucket, ...]
    first: date | None
    last: date | None
    earlier: int
    inexact: int

    @property
    def total(self) -> int:
        """Return how many articles or events answer, those of no bucket too."""
        return sum(bucket.count for bucket in self.filled) + self.earlier + self.inexact

    def facts(self) -> dict[str, object]:
        """Return it as `--json` gives it: every bucket, the empty ones too."""
        buckets = all_buckets(self.filled, self.size, self.first, self.last)
        facts: dict[str, object] = {
            "by": self.by,
            "bucket": self.size,
            "timezone": self.timezone,
            "total": self.total,
        }
        if self.by is By.EVENT:
            facts |= {"earlier": self.earlier, "inexact": self.inexact}
        return facts | {"buckets": [_facts(bucket, _APART[self.by]) for bucket in buckets]}


def _facts(bucket: Bucket, keys: tuple[str, ...]) -> dict[str, object]:
    details = {key: bucket.details.get(key, 0) for key in keys}
    facts = {"label": bucket.label, "from": bucket.from_on, "to": bucket.to_on}
    return {**facts, "count": bucket.count, **details}


def make_histogram(begun: Begun, size: Size, *, by: By, days: Between, timezone: str) -> Histogram:
    """Return what is counted in buckets, between the days asked for."""
    return Histogram(
        by=by,
        size=size,
        timezone=timezone,
        filled=fill_buckets(begun.days, size),
        first=days.from_on,
        last=days.to_on,
        earlier=begun.earlier,
        inexact=begun.inexact,
    )


def print_histogram(histogram: Histogram) -> None:
    """Print a line for each bucket; a long gap is one line."""
    noun = "event" if histogram.by is By.EVENT else "article"
    title = f"{count(histogram.total, noun)}, by the {histogram.size} {_WHEN[histogram.by]}"
    print_sentence(f"{title} ({histogram.timezone})")
    highest = max((bucket.count for bucket in histogram.filled), default=1)
    labels = max((len(bucket.label) for bucket in histogram.filled), default=0)
    longest = max(1, min(BAR_CHARS, text_width() - labels - len(str(highest)) - len("    ")))
    for row in _rows(histogram):
        if isinstance(row, Gap):
            click.echo(f"… {count(row.buckets, str(histogram.size))} without an {noun} …")
        else:
            click.echo(_line(row, highest, longest))
    if histogram.earlier:
        click.echo(f"{count(histogram.earlier, 'event')} begun before and going on")
    if histogram.inexact:
        exactly = f"dated less exactly than a {histogram.size}"
        click.echo(f"{count(histogram.inexact, 'event')} {exactly}: listed without --bucket")


def _line(bucket: Bucket, highest: int, longest: int) -> str:
    bar = "█" * -(-bucket.count * longest // highest)
    told = [f"{n} {_DETAILS[key]}" for key, n in bucket.details.items() if n]
    apart = f"  ({', '.join(told)})" if told else ""
    return f"{bucket.label}  {bucket.count:>{len(str(highest))}}  {bar}{apart}".rstrip()


def _rows(histogram: Histogram) -> Iterator[Bucket | Gap]:
    rows = with_gaps(histogram.filled, histogram.size, histogram.first, histogram.last)
    for row in rows:
        if isinstance(row, Gap) and row.buckets <= FEW_EMPTY:
            yield from spread_gap(row, histogram.size)
        else:
            yield row
