"""Days, weeks, months and years of a timeline, and the gaps between them."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from app.bucketing import Gap, Size, all_buckets, bucket_of, fill_buckets, with_gaps
from model.errors import ConfigError

NOV, FEB = date(2023, 11, 1), date(2025, 2, 3)


def labels(rows):
    return [f"({row.buckets})" if isinstance(row, Gap) else row.label for row in rows]


@pytest.mark.parametrize(
    ("day", "size", "label", "first", "last"),
    [
        ("2024-02-29", "day", "2024-02-29", "2024-02-29", "2024-02-29"),
        ("2021-01-03", "week", "2020-W53", "2020-12-28", "2021-01-03"),
        ("2024-12-30", "week", "2025-W01", "2024-12-30", "2025-01-05"),
        ("2024-02-29", "month", "2024-02", "2024-02-01", "2024-02-29"),
        ("2023-06-01", "year", "2023", "2023-01-01", "2023-12-31"),
        ("9999-12-31", "month", "9999-12", "9999-12-01", "9999-12-31"),
        ("9999-12-31", "week", "9999-W52", "9999-12-27", "9999-12-31"),
        ("0001-01-01", "year", "0001", "0001-01-01", "0001-12-31"),
    ],
)
def test_a_day_belongs_to_one_bucket(day, size, label, first, last):
    bucket = bucket_of(date.fromisoformat(day), Size(size))
    assert (bucket.label, f"{bucket.from_on}", f"{bucket.to_on}") == (label, first, last)


@pytest.mark.parametrize("size", list(Size))
def test_buckets_follow_one_another_without_a_hole(size):
    filled = fill_buckets([(NOV, 2, {}), (FEB, 1, {})], size)
    buckets = all_buckets(filled, size, None, None)
    assert sum(bucket.count for bucket in buckets) == 3
    for one, next_one in pairwise(buckets):
        assert next_one.from_on == one.to_on + timedelta(days=1)


def test_a_gap_is_one_row_however_long_it_is():
    filled = fill_buckets([(date(1, 1, 1), 1, {}), (date(9999, 12, 31), 1, {})], Size.DAY)
    rows = list(with_gaps(filled, Size.DAY, None, None))
    assert labels(rows) == ["0001-01-01", "(3652057)", "9999-12-31"]
    with pytest.raises(ConfigError, match="longer --bucket"):
        all_buckets(filled, Size.DAY, None, None)


def test_the_ends_of_what_was_asked_are_gaps_too_and_buckets_are_cut_there():
    filled = fill_buckets([(NOV, 2, {}), (FEB, 1, {})], Size.MONTH)
    ends = date(2023, 9, 5), date(2025, 4, 2)
    assert labels(with_gaps(filled, Size.MONTH, *ends)) == [
        "(2)", "2023-11", "(14)", "2025-02", "(2)",
    ]  # fmt: skip
    buckets = all_buckets(filled, Size.MONTH, *ends)
    assert (buckets[0].from_on, buckets[-1].to_on) == ends
    assert [bucket.count for bucket in all_buckets([], Size.DAY, NOV, NOV)] == [0]
