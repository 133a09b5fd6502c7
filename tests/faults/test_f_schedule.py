"""Faults 65 to 70: hours that come twice or never, sleeping machines, sources that hang."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from app.schedule import Watch
from app.starting import ClockWatch
from app.workplace import Workplace
from model.config import load_config
from store import open_store
from store.leases import TERM_S, Lease
from store.records import Run
from tests.crawler.misbehaving import NOON, SITE, http
from tests.faults.running import call_vigie, write_config
from tests.faults.watching import FEED, Watched, feed, item, page
from tests.store.makers import keep, make_reading

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


class Clock:
    """A clock that the test sets."""

    def __init__(self, now: str) -> None:
        """Begin at a moment."""
        self.set(now)

    def set(self, now: str) -> None:
        """Set the moment, written with its offset."""
        self.now = datetime.fromisoformat(now).astimezone(UTC)

    def __call__(self) -> datetime:
        """Return the moment."""
        return self.now


class Mornings:
    """The digests that one list was made, as the watch goes through its moments."""

    def __init__(self, folder: Path, at: str) -> None:
        """Configure one list, at an hour."""
        lists = f'[[digests]]\nname = "q"\nat = "{at}"\n'
        workplace = Workplace.at(write_config(folder, lists), None)
        self.data = workplace.data
        self.clock = Clock("2026-10-01T12:00:00+02:00")
        self.said: list[str] = []
        self.watch = Watch(workplace, load_config(workplace.config_path), self.clock, self.note)

    def note(self, text: str) -> None:
        """Keep what the watch says."""
        self.said.append(text)

    def pass_through(self, *moments: str) -> list[date]:
        """Let the watch look for digests at these moments; return the dates it made."""
        for moment in moments:
            self.clock.set(moment)
            self.watch.make_digests()
        with open_store(self.data) as store:
            rows = list(store.database.rows("SELECT on_date FROM digest ORDER BY on_date"))
        return [date.fromisoformat(row["on_date"]) for row in rows]


def every_minute(first: str, last: str) -> list[str]:
    """Return a moment every ten minutes between two, in UTC."""
    at, end = (datetime.fromisoformat(one).astimezone(UTC) for one in (first, last))
    moments = []
    while at <= end:
        moments.append(at.isoformat())
        at += timedelta(minutes=10)
    return moments


@pytest.mark.parametrize(
    ("first", "last", "day"),
    [
        ("2026-10-24T23:00:00+02:00", "2026-10-25T06:00:00+01:00", date(2026, 10, 24)),
        ("2027-03-27T23:00:00+01:00", "2027-03-28T06:00:00+02:00", date(2027, 3, 27)),
    ],
    ids=["65, the hour that comes twice", "66, the hour that does not exist"],
)
def test_fault_65_66_a_night_with_a_changed_hour_has_one_digest(
    tmp_path: Path, first: str, last: str, day: date
) -> None:
    mornings = Mornings(tmp_path, "02:30")
    made = mornings.pass_through(*every_minute(first, last))
    assert made == [day - DAY, day]
    assert len(mornings.said) == 2


def test_fault_67_a_machine_that_slept_tells_all_it_missed_in_one_digest(tmp_path: Path) -> None:
    mornings = Mornings(tmp_path, "07:00")
    mornings.pass_through("2026-10-05T07:00:00+02:00")
    with open_store(mornings.data) as store:
        for number, day in enumerate(("05", "06", "07"), start=1):
            seen = datetime.fromisoformat(f"2026-10-{day}T12:00:00+02:00")
            keep(store, make_reading(f"https://a.example/{number}"), now=seen)
    made = mornings.pass_through(*["2026-10-08T09:31:00+02:00"] * 3)
    assert made == [date(2026, 10, 4), date(2026, 10, 7)]
    with open_store(mornings.data) as store:
        digest = store.find_digest("q", date(2026, 10, 7))
    assert digest is not None
    assert sorted(told.url for told in digest.items) == [
        f"https://a.example/{n}" for n in (1, 2, 3)
    ]


def test_fault_68_two_watches_at_once_make_one_digest(tmp_path: Path) -> None:
    mornings = Mornings(tmp_path, "07:00")
    again = Mornings(tmp_path, "07:00")
    for one in (mornings, again):
        made = one.pass_through("2026-10-05T07:00:00+02:00")
    assert made == [date(2026, 10, 4)]
    assert (len(mornings.said), again.said) == (1, [])


def test_fault_68_a_watch_on_another_machine_keeps_this_one_from_passes_and_digests(
    tmp_path: Path,
) -> None:
    mornings = Mornings(tmp_path, "07:00")
    open_store(mornings.data).close()
    until = datetime.now(UTC).timestamp() + TERM_S
    for name in ("run", "digest"):
        theirs = Lease(token="t", machine="m", host="other", process=7, expires_at=until)
        (mornings.data / f"{name}.lease").write_bytes(msgspec.json.encode(theirs))
    assert mornings.pass_through("2026-10-05T07:00:00+02:00") == []
    mornings.watch.make_pass()
    assert [said.split(": ")[0] for said in mornings.said] == ["digests failed", "skipped"]
    assert all("process 7 on other" in said for said in mornings.said)


RUN = Run(id=1, started_at=NOON, ended_at=NOON, status="done", summary={})


@pytest.mark.parametrize(
    ("began", "ended", "worked_s", "told"),
    [
        (DAY, DAY + timedelta(minutes=5), 300, []),
        (-2 * HOUR, -2 * HOUR, 0, ["before the end of the last pass"]),
        (365 * DAY, 365 * DAY, 0, ["365 days ago by this machine's clock"]),
        (DAY, DAY - 2 * HOUR, 60, ["set back by 121 min"]),
        (DAY, 366 * DAY, 60, ["set forward by 525599 min"]),
        (timedelta(seconds=-20), timedelta(0), 0, []),
    ],
    ids=[
        "right",
        "two hours back",
        "a year ahead",
        "back meanwhile",
        "ahead meanwhile",
        "adjusted",
    ],
)
def test_fault_69_a_clock_that_jumped_is_told(
    began: timedelta, ended: timedelta, worked_s: float, told: list[str]
) -> None:
    moments, steady = iter((NOON + began, NOON + ended)), iter((1000.0, 1000.0 + worked_s))
    watch = ClockWatch(lambda: next(moments), [RUN], lambda: next(steady))
    warnings = watch.warnings()
    assert len(warnings) == len(told)
    for said, expected in zip(warnings, told, strict=True):
        assert expected in said


def test_fault_69_a_pass_says_that_the_clock_went_back(tmp_path: Path) -> None:
    write_config(tmp_path)
    with open_store(tmp_path / "data") as store:
        later = datetime.now(UTC) + 2 * HOUR
        store.finish_run(store.start_run(now=later), "done", {}, now=later)
    done = call_vigie(tmp_path, "run")
    assert done.returncode == 0
    assert "before the end of the last pass" in done.stderr


def test_fault_69_a_clock_that_jumps_sends_no_digest_again(tmp_path: Path) -> None:
    mornings = Mornings(tmp_path, "07:00")
    made = mornings.pass_through(
        "2026-10-05T07:00:00+02:00", "2026-10-05T05:00:00+02:00", "2026-10-05T09:00:00+02:00",
    )  # fmt: skip
    assert made == [date(2026, 10, 4)]
    assert len(mornings.said) == 1


def test_fault_69_a_clock_set_back_loses_no_article(tmp_path: Path) -> None:
    answers = {"/feed": feed(item(1)), "/a1": page(1), "/a2": page(2)}
    watched = Watched(tmp_path, answers)
    watched.make_pass(NOON + 365 * DAY)
    watched.answers["/feed"] = feed(item(2))
    watched.make_pass(NOON)
    watched.make_pass(NOON + 366 * DAY)
    assert sorted(watched.articles()) == [f"http://{SITE}/a1", f"http://{SITE}/a2"]


def test_fault_70_a_list_that_cannot_be_made_holds_up_no_other(tmp_path: Path) -> None:
    lists = '[[digests]]\nname = "a"\nquery = "search:gone"\n[[digests]]\nname = "b"\n'
    workplace = Workplace.at(write_config(tmp_path, lists), None)
    said: list[str] = []
    clock = Clock("2026-10-02T12:00:00+02:00")
    watch = Watch(workplace, load_config(workplace.config_path), clock, said.append)
    watch.make_digests()
    watch.make_digests()
    with open_store(workplace.data) as store:
        made = [row["list_name"] for row in store.database.rows("SELECT * FROM digest")]
    assert made == ["b"]
    failed = [one for one in said if "failed" in one]
    assert [one.split("\n")[0] for one in failed] == [
        "digest a failed: [[digests]] a: There is no saved search 'gone': `vigie searches list`"
        " shows those there are."
    ]


def test_fault_70_each_source_says_when_it_last_answered(tmp_path: Path) -> None:
    other = f"http://{SITE}/other"
    watched = Watched(tmp_path, {"/feed": feed(item(1)), "/a1": page(1)}, FEED, other)
    watched.answers["/other"] = feed()
    watched.make_pass()
    watched.answers["/other"] = http(status=500)
    summary = watched.make_pass(NOON + DAY)
    assert summary.is_partial
    assert watched.state().last_success_at == NOON + DAY
    assert (watched.state(other).last_success_at, watched.state(other).failures) == (NOON, 1)
