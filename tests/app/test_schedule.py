"""When a digest is owed, whatever the machine or the calendar did meanwhile."""

from datetime import date, datetime

import pytest

from app.schedule import DueDigest, due_digest
from model.config import DigestList

PARIS = "Europe/Paris"


def at(text: str) -> datetime:
    """Return a local Paris time, with its offset written."""
    return datetime.fromisoformat(text)


def on(text: str) -> date:
    """Return a date."""
    return date.fromisoformat(text)


DUE = [
    ("07:00", None, "2024-06-04T07:00:00+02:00", ("2024-06-03", "2024-06-03")),
    ("07:00", None, "2024-06-04T06:59:00+02:00", ("2024-06-02", "2024-06-02")),
    ("07:00", "2024-06-03", "2024-06-04T23:00:00+02:00", None),
    ("07:00", "2024-06-03", "2024-06-05T06:59:00+02:00", None),
    ("07:00", "2024-05-31", "2024-06-04T07:00:00+02:00", ("2024-06-01", "2024-06-03")),
    ("07:00", "2024-06-03", "2024-06-02T09:00:00+02:00", None),
    ("02:30", "2026-10-23", "2026-10-25T02:30:00+02:00", ("2026-10-24", "2026-10-24")),
    ("02:30", "2026-10-24", "2026-10-25T02:30:00+01:00", None),
    ("02:30", "2027-03-26", "2027-03-28T03:30:00+02:00", ("2027-03-27", "2027-03-27")),
]
IDS = [
    "the morning after",
    "a minute early, the day before is owed",
    "once a day",
    "not before the hour of the next morning",
    "a pause is told whole, in one digest",
    "a clock set back sends nothing again",
    "the hour that comes twice, first time",
    "the hour that comes twice, second time",
    "the hour that does not exist",
]


@pytest.mark.parametrize(("hour", "last", "now", "owed"), DUE, ids=IDS)
def test_a_digest_is_owed_once_for_each_day(
    hour: str, last: str | None, now: str, owed: tuple[str, str] | None
) -> None:
    wanted = DigestList(name="daily", at=hour)
    due = due_digest(wanted, PARIS, on(last) if last else None, at(now))
    assert due == (DueDigest(on(owed[0]), on(owed[1])) if owed else None)
