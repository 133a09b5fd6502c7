"""The watch: passes and digests at their times, for as long as the program runs.

What is due is decided by pure functions from what the store says was done, so that a machine
that slept, a clock that jumped or an hour that comes twice neither skips nor repeats anything.
"""

import asyncio
import shlex
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec
from apscheduler.schedulers.background import BackgroundScheduler

from app.commands.run_command import summary_sentence
from app.digests import Sender, make_digest, write_digest
from app.pipeline import make_pass
from app.starting import ClockWatch, refuse_damage
from app.workplace import Workplace
from digest.render import render_digest
from model.config import Config, DigestList
from model.errors import BusyError, VigieError
from model.plurals import count
from nlp.tagging import Tagger
from store import Store

DIGEST_CHECK_S = 60
RETRY_AFTER = timedelta(minutes=15)

Tell = Callable[[str], None]


class DueDigest(msgspec.Struct, frozen=True):
    """A digest to make: it covers the local dates `first_on` to `on`, both included."""

    first_on: date
    on: date


def due_digest(
    wanted: DigestList, timezone: str, last_on: date | None, now: datetime
) -> DueDigest | None:
    """Return the digest that a list is owed now, None when it has had it.

    A digest covers whole local days and goes out on the morning after. After a pause one digest
    covers all the days that were missed.
    """
    local = now.astimezone(ZoneInfo(timezone))
    today, at = local.date(), time.fromisoformat(wanted.at)
    over = today - timedelta(days=1 if local.time() >= at else 2)
    if last_on is not None and last_on >= over:
        return None
    return DueDigest(over if last_on is None else last_on + timedelta(days=1), over)


class Watch:
    """Makes passes and digests in the background until it is stopped."""

    def __init__(
        self, workplace: Workplace, config: Config, clock: Callable[[], datetime], tell: Tell
    ) -> None:
        """Prepare; nothing runs before `start`."""
        self._workplace = workplace
        self._config = config
        self._clock = clock
        self._tell = tell
        self._tagger = Tagger(config.entities, config.nlp, config.affair.timezone)
        self._failed: dict[str, str] = {}
        self._scheduler = BackgroundScheduler(timezone=UTC)

    def start(self) -> None:
        """Begin with a pass at once; a late job runs once, never in a burst."""
        every_s = self._config.schedule.every_minutes * 60
        for job, seconds in ((self.make_pass, every_s), (self.make_digests, DIGEST_CHECK_S)):
            self._scheduler.add_job(
                job,
                "interval",
                seconds=seconds,
                next_run_time=datetime.now(UTC),
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,
            )
        self._scheduler.start()

    def stop(self) -> None:
        """Stop; a pass at work is waited for."""
        self._scheduler.shutdown(wait=True)

    def make_pass(self) -> None:
        """Make one pass; what fails is told and the next one comes all the same."""
        try:
            refuse_damage(self._workplace.data, self._clock())
            with self._workplace.store() as store, store.lock("run"):
                clock = ClockWatch(self._clock, store.last_runs(limit=1))
                summary = asyncio.run(
                    make_pass(self._config, store, self._tagger, self._clock, lambda _: None)
                )
            for sentence in clock.warnings():
                self._tell(sentence)
        except BusyError as error:
            self._tell(f"skipped: {error}")
        except VigieError as error:
            self._tell(f"failed: {error}")
        else:
            self._tell(summary_sentence(summary))

    def make_digests(self) -> None:
        """Make every digest that is owed, and send what still waits to be sent."""
        try:
            with self._workplace.store() as store, store.lock("digest"):
                for wanted in self._config.digests:
                    self._make_for(store, wanted)
        except VigieError as error:
            self._tell(f"digests failed: {error}")

    def _make_for(self, store: Store, wanted: DigestList) -> None:
        """Make and send what one list is owed; what fails holds up no other list."""
        try:
            now = self._clock()
            last_on = store.last_digest_on(wanted.name)
            due = due_digest(wanted, self._config.affair.timezone, last_on, now)
            if due is not None:
                self._make_digest(store, wanted, due, now)
                last_on = due.on
            if last_on is not None and wanted.to and self._config.mail.host:
                self._send(store, wanted, last_on, now)
        except VigieError as error:
            self._tell_once(wanted.name, f"digest {wanted.name} failed: {error}")
        else:
            self._failed.pop(wanted.name, None)

    def _tell_once(self, name: str, sentence: str) -> None:
        """Say what failed, and no more until it is something else: it is tried each minute."""
        if self._failed.get(name) != sentence:
            self._failed[name] = sentence
            self._tell(sentence)

    def _make_digest(self, store: Store, wanted: DigestList, due: DueDigest, now: datetime) -> None:
        digest = make_digest(store, self._config, wanted, due.on, first_on=due.first_on, now=now)
        rendered = render_digest(digest, timezone=self._config.affair.timezone, now=now)
        write_digest(store.data, digest, rendered)
        store.save_digest(digest, now=now)
        self._tell(f"digest {wanted.name} of {due.on} is made")

    def _send(self, store: Store, wanted: DigestList, on: date, now: datetime) -> None:
        """Send a stored digest to those who do not have it; a refusal for now waits a while."""
        sender = Sender(store, self._config, wanted, on)
        if doubted := sender.note_doubts(now=now):
            self._tell(_doubt(wanted, on, doubted))
        tried = [one.tried_at for one in store.deliveries(wanted.name, on)]
        if not sender.waiting() or any(at > now - RETRY_AFTER for at in tried):
            return
        digest = store.find_digest(wanted.name, on)
        if digest is None:
            return
        rendered = render_digest(digest, timezone=self._config.affair.timezone, now=now)
        try:
            sender.send(rendered, now=now, tell=lambda answer: self._tell(str(answer)))
        except VigieError as error:
            self._tell(f"digest {wanted.name} of {on} was not sent: {error}")


def _doubt(wanted: DigestList, on: date, doubted: Sequence[str]) -> str:
    return (
        f"digest {wanted.name} of {on} is not sent to {count(len(doubted), 'recipient')}, who may"
        " have had it before this data was restored; `vigie digest --date"
        f" {on} --list {shlex.quote(wanted.name)} --send --unknown-too` sends it"
    )
