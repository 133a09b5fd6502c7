"""The digest of one list on one local date: made from the store, written, sent.

It decides neither what is in it (`digest.choose`) nor what is relevant.
"""

import os
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import msgspec

from app.configured_queries import read_list
from digest.choose import Findings, choose_digest, day_bounds
from digest.render import Rendered
from digest.send import Answer, DeliveryState, message_id, send_digest
from model.config import Config, DigestList
from model.digest import Digest
from model.errors import BusyError, ConfigError, DeliveryError
from store import Store
from store.reader import Reader
from store.records import Delivery

SECOND = timedelta(seconds=1)

Tell = Callable[[Answer], None]


def find_list(config: Config, name: str | None) -> DigestList:
    """Return the configured list of this name, or the first one.

    Raises ConfigError when there is none.
    """
    if name is None:
        return config.digests[0] if config.digests else DigestList(name="digest")
    for wanted in config.digests:
        if wanted.name == name:
            return wanted
    names = ", ".join(wanted.name for wanted in config.digests) or "none is configured"
    raise ConfigError(f"there is no digest list {name!r}; there is: {names}")


def make_digest(
    store: Reader,
    config: Config,
    wanted: DigestList,
    on: date,
    *,
    now: datetime,
    first_on: date | None = None,
) -> Digest:
    """Return what a list is told about one local date: what was first seen within it.

    With `first_on`, what was seen from that date on: a pause is told whole. Raises BusyError while
    a search would miss articles: what is told once is never told again.
    """
    if gap := store.index_gap():
        raise BusyError(f"no digest is made now: {gap}")
    start, _ = day_bounds(first_on or on, config.affair.timezone)
    _, end = day_bounds(on, config.affair.timezone)
    # the store's times are whole seconds and its interval is open at its start
    seen = start - SECOND, end - SECOND
    query = read_list(wanted, config, store.saved_queries())
    findings = Findings(
        items=store.digest_items(query, *seen),
        events=store.events(now=now),
        changes=store.changes(*seen),
        health=store.health(now=now),
    )
    return choose_digest(findings, wanted, affair=config.affair.name, on=on)


def settle_digest(
    store: Store, config: Config, wanted: DigestList, on: date, *, now: datetime
) -> Digest:
    """Return what a list is told about one date: once settled, it never changes."""
    settled = store.find_digest(wanted.name, on)
    if settled is not None:
        return settled
    digest = make_digest(store, config, wanted, on, now=now)
    store.save_digest(digest, now=now)
    return digest


def write_digest(data: Path, digest: Digest, rendered: Rendered) -> tuple[Path, Path]:
    """Write the text and the HTML for their owner alone and return where they are."""
    folder = data / "digests" / file_name(digest.list_name)
    for made in (data / "digests", folder):
        made.mkdir(mode=0o700, parents=True, exist_ok=True)
    text, html = folder / f"{digest.on}.txt", folder / f"{digest.on}.html"
    _write(text, rendered.text)
    _write(html, rendered.html)
    return text, html


def file_name(name: str) -> str:
    """Return a list's name as the name of a folder, on every system."""
    safe = "".join(one if one.isalnum() or one in "-_ " else "_" for one in name).strip()
    return safe[:100] or "_"


def _write(path: Path, content: str) -> None:
    """Write a file whole or not at all."""
    fresh = path.with_suffix(path.suffix + ".new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(path)


class Sender:
    """Sends one digest of a list to those who do not have it.

    After a restore nobody knows who had which of the digests that could have been sent by then:
    such a mail is `unknown`, and goes out only where a person asks for it.
    """

    def __init__(
        self,
        store: Store,
        config: Config,
        wanted: DigestList,
        on: date,
        *,
        with_unknown: bool = False,
    ) -> None:
        """Work with an open store; raises DeliveryError when nobody can be written to.

        With `with_unknown` those are written to as well who may have it already.
        """
        if not config.mail.host:
            raise DeliveryError("nothing was sent: [mail] host is not set in the configuration")
        if not wanted.to:
            raise DeliveryError(f"nothing was sent: the list {wanted.name!r} has nobody in `to`")
        self._store = store
        self._config = config
        self._wanted = wanted
        self._on = on
        self._known = {one.recipient: one for one in store.deliveries(wanted.name, on)}
        self._again = {DeliveryState.LATER, *((DeliveryState.UNKNOWN,) if with_unknown else ())}
        self._restored_at = store.last_restored_at()

    def note_doubts(self, *, now: datetime) -> tuple[str, ...]:
        """Save who may have had this digest before the data was restored, and return them.

        The digest is settled; from then on each of them stands there as `unknown`.
        """
        doubted = tuple(one for one in dict.fromkeys(self._wanted.to) if self._is_doubted(one))
        for recipient in doubted:
            before = self._known.get(recipient)
            delivery = Delivery(
                recipient=recipient,
                state=DeliveryState.UNKNOWN,
                reason=f"restored on {self._restored_at:%Y-%m-%d} from a backup that does not tell",
                message_id=message_id(self._key, recipient, self._config.mail.sender),
                tried_at=now,
                tries=before.tries if before else 0,
            )
            self._store.save_delivery(self._wanted.name, self._on, delivery)
            self._known[recipient] = delivery
        return doubted

    def _is_doubted(self, recipient: str) -> bool:
        """Tell whether a mail may have gone out after the backup that this was restored from."""
        if self._restored_at is None:
            return False
        known = self._known.get(recipient)
        if known is not None:
            is_open = known.state == DeliveryState.LATER
            return is_open and known.tried_at <= self._restored_at
        # a digest is sent when its day is over, never before
        return day_bounds(self._on, self._config.affair.timezone)[1] <= self._restored_at

    def waiting(self) -> tuple[str, ...]:
        """Return those who are to be written to: new ones, and those told to try later."""
        return tuple(
            recipient
            for recipient in dict.fromkeys(self._wanted.to)
            if not self._is_doubted(recipient)
            and (recipient not in self._known or self._known[recipient].state in self._again)
        )

    @property
    def _key(self) -> str:
        return f"{self._wanted.name}\0{self._on}"

    def send(self, rendered: Rendered, *, now: datetime, tell: Tell) -> None:
        """Send a settled digest; each answer is stored before the next message goes out."""

        def record(answer: Answer) -> None:
            before = self._known.get(answer.recipient)
            tries = 1 + (before.tries if before else 0)
            delivery = Delivery(
                recipient=answer.recipient,
                state=answer.state,
                reason=answer.reason,
                message_id=answer.message_id,
                tried_at=now,
                tries=tries,
            )
            self._store.save_delivery(self._wanted.name, self._on, delivery)
            tell(answer)

        send_digest(
            rendered,
            self.waiting(),
            self._config.mail,
            key=self._key,
            now=now,
            record=record,
        )


def digest_facts(digest: Digest) -> dict[str, object]:
    """Return a digest as `--json` gives it."""
    return {"date": digest.on, "list": digest.list_name} | msgspec.structs.asdict(digest)
