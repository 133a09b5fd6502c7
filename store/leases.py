"""Leases: one program at a time, also where two machines or containers share a data folder.

The system's lock tells at once when a process of this machine ended; a lease says so to others,
who cannot see that lock: it runs out when its holder no longer renews it. It lies beside the lock
as a file that is made, or taken over, in one step. It never opens the database.
"""

import os
import platform
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from model.errors import BusyError, StoreError
from store.files import hold_lock, write_file

TERM_S = 90.0
RENEWED_EVERY_S = 20.0

_BOOT = Path("/proc/sys/kernel/random/boot_id")


class Lease(msgspec.Struct, frozen=True, kw_only=True):
    """Who holds what until when, in seconds since 1970; `machine` is new each time one starts."""

    token: str
    machine: str
    host: str
    process: int
    expires_at: float


@contextmanager
def hold_lease(file: Path, clock: Callable[[], float] = time.time) -> Iterator[None]:
    """Hold the lock in `file`, `NAME.lock`, and the lease beside it; renew that meanwhile.

    Raises BusyError naming who holds either.
    """
    with hold_lock(file):
        lease_file = file.with_suffix(".lease")
        token = _take(lease_file, clock)
        ended = threading.Event()
        renewing = threading.Thread(
            target=_renew, args=(lease_file, token, ended, clock), daemon=True, name="lease"
        )
        renewing.start()
        try:
            yield
        finally:
            ended.set()
            renewing.join()
            _keep(lease_file, token, clock, lambda _: lease_file.unlink(missing_ok=True))


def _take(file: Path, clock: Callable[[], float]) -> str:
    """Make the lease, or take over one that has run out; return its token."""
    lease = _lease(secrets.token_hex(16), clock())
    while not _make(file, lease):
        found = _read(file)
        _refuse_held(found, file, clock)
        if _take_over(file, found, lease, clock):
            break
    return lease.token


def _refuse_held(found: Lease | None, file: Path, clock: Callable[[], float]) -> None:
    if found is not None and _is_held(found, clock()):
        until = datetime.fromtimestamp(found.expires_at, UTC)
        raise BusyError(
            f"Another vigie (process {found.process} on {found.host}) is at work on"
            f" {file.parent} ({file.stem}) until {until:%H:%M:%S} UTC at least: wait until it"
            " ends, or end it"
        )


def _lease(token: str, now: float) -> Lease:
    return Lease(
        token=token,
        machine=_machine(),
        host=platform.node(),
        process=os.getpid(),
        expires_at=now + TERM_S,
    )


def _machine() -> str:
    """Return what two processes have in common that see one another's locks."""
    with suppress(OSError):
        return _BOOT.read_text(encoding="ascii").strip()
    return platform.node()


def _is_held(lease: Lease, now: float) -> bool:
    """Tell whether the holder of a lease may be at work.

    One of this machine is not: we have its lock. One that ends later than any lease can was
    written by a clock that was wrong.
    """
    return lease.machine != _machine() and now < lease.expires_at <= now + 2 * TERM_S


def _make(file: Path, lease: Lease) -> bool:
    """Make the lease where there is none, whole and in one step; tell whether that was done."""
    fresh = file.with_name(f".{file.name}.{lease.token}")
    write_file(fresh, msgspec.json.encode(lease))
    try:
        os.link(fresh, file)
    except FileExistsError:
        return False
    except OSError as error:
        if file.exists():
            return False
        return _make_without_links(file, fresh, error)
    finally:
        fresh.unlink(missing_ok=True)
    return True


def _make_without_links(file: Path, fresh: Path, why: OSError) -> bool:
    """Make the lease on a disk that knows no links."""
    try:
        handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return False
    except OSError:
        raise StoreError(f"{file} cannot be made ({why.strerror})") from why
    with os.fdopen(handle, "wb") as stream:
        stream.write(fresh.read_bytes())
    return True


def _take_over(file: Path, seen: Lease | None, lease: Lease, clock: Callable[[], float]) -> bool:
    """Put a lease in the place of one that has run out; tell whether that was done.

    Only who has made the mark of the old one may, and the lease is never missing meanwhile: with
    a moment without any, one of three programs at once took what another had just taken.
    """
    mark = _mark_of(file, "half" if seen is None else seen.token)
    if not _make(mark, lease):
        _refuse_held(_read(mark), file, clock)
        mark.unlink(missing_ok=True)  # its maker was killed
        return False
    try:
        if not file.exists() or _read(file) != seen:  # somebody was quicker
            return False
        write_file(file, msgspec.json.encode(lease))
        return True
    finally:
        mark.unlink(missing_ok=True)


def _read(file: Path) -> Lease | None:
    """Return a lease, None where none can be read: half of one was left by a power cut."""
    with suppress(OSError, msgspec.DecodeError):
        return msgspec.json.decode(file.read_bytes(), type=Lease)
    return None


def _is_ours(file: Path, token: str) -> bool:
    found = _read(file)
    return found is not None and found.token == token


def _mark_of(file: Path, token: str) -> Path:
    """Return the file that whoever changes the lease of this token makes first."""
    return file.with_name(f".{file.name}.{token}.over")


def _renew(file: Path, token: str, ended: threading.Event, clock: Callable[[], float]) -> None:
    """Renew a lease until its work has ended; one that another took over is left alone."""
    while not ended.wait(RENEWED_EVERY_S):
        if not _keep(
            file, token, clock, lambda lease: write_file(file, msgspec.json.encode(lease))
        ):
            return


def _keep(
    file: Path, token: str, clock: Callable[[], float], change: Callable[[Lease], None]
) -> bool:
    """Change a lease while it is ours; tell whether it may still be.

    Under the mark that a taker makes too: looked at and then written, one of them overwrote the
    other's, if seldom. Where there is a mark already, nothing is done this time.
    """
    lease, mark = _lease(token, clock()), _mark_of(file, token)
    with suppress(StoreError):  # a full disk: it is tried again long before the lease runs out
        if not _make(mark, lease):
            taker = _read(mark)
            if taker is None or not _is_held(taker, lease.expires_at - TERM_S):
                mark.unlink(missing_ok=True)  # its maker was killed
            return True
        try:
            if not _is_ours(file, token):
                return False
            change(lease)
        finally:
            mark.unlink(missing_ok=True)
    return True
