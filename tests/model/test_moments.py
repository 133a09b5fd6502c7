"""Moments as people type them, on the affair's clock."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from model.moments import parse_moment
from model.period import parse_period

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("2023", "2022-12-31T23:00:00", "2023-12-31T22:59:59"),
        ("2023-11", "2023-10-31T23:00:00", "2023-11-30T22:59:59"),
        ("2023-W47", "2023-11-19T23:00:00", "2023-11-26T22:59:59"),
        ("2023-11-21", "2023-11-20T23:00:00", "2023-11-21T22:59:59"),
        ("2023-11-21T18:04", "2023-11-21T17:04:00", "2023-11-21T17:04:59"),
        ("2023-11-21 18:04:05", "2023-11-21T17:04:05", "2023-11-21T17:04:05"),
        ("2023-11-21T18:04Z", "2023-11-21T18:04:00", "2023-11-21T18:04:59"),
        ("2023-11-21T18:04+05:30", "2023-11-21T12:34:00", "2023-11-21T12:34:59"),
        ("8:04", "2026-11-23T07:04:00", "2026-11-23T07:04:59"),
        ("10:30", "2026-11-23T09:30:00", "2026-11-23T09:30:59"),
        ("18:04", "2026-11-22T17:04:00", "2026-11-23T17:04:59"),
        ("18:04Z", "2026-11-22T18:04:00", "2026-11-23T18:04:59"),
        ("P7D", "2026-11-16T09:30:00", "2026-11-16T09:30:00"),
        ("PT6H", "2026-11-23T03:30:00", "2026-11-23T03:30:00"),
        ("hier", "2026-11-21T23:00:00", "2026-11-22T22:59:59"),
        ("Yesterday", "2026-11-21T23:00:00", "2026-11-22T22:59:59"),
        ("aujourd’hui", "2026-11-22T23:00:00", "2026-11-23T22:59:59"),
        ("2026-10-25", "2026-10-24T22:00:00", "2026-10-25T22:59:59"),
        ("2027-03-28", "2027-03-27T23:00:00", "2027-03-28T21:59:59"),
        ("2026-10-25T02:30", "2026-10-25T00:30:00", "2026-10-25T01:30:59"),
    ],
)
def test_a_moment_has_a_first_and_a_last_second(typed, first, last):
    begin = parse_moment(typed, now=NOW, zone=PARIS)
    end = parse_moment(typed, now=NOW, zone=PARIS, is_end=True)
    assert begin == datetime.fromisoformat(first).replace(tzinfo=UTC)
    assert end == datetime.fromisoformat(last).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "typed",
    ["", "x", "2023-02-30", "25:00", "/2023", "2023/2024", "2023-W54", "٢٠٢٣-x", "P", "0001"],
)
def test_what_is_no_moment_is_told_in_a_sentence(typed):
    with pytest.raises(ValueError, match=r"a moment is written|not in the calendar"):
        parse_moment(typed, now=NOW, zone=PARIS)


def test_a_week_goes_from_monday_to_sunday_over_the_turn_of_the_year():
    week = parse_period("2020-W53")
    assert (f"{week.from_on}", f"{week.to_on}") == ("2020-12-28", "2021-01-03")
    with pytest.raises(ValueError, match="not in the calendar"):
        parse_period("2023-W53")
