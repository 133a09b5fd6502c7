"""One program at a time, also where two machines share a folder."""

import os
import signal
import threading
from pathlib import Path

import msgspec
import pytest

from model.errors import BusyError
from store import leases
from store.leases import TERM_S, Lease, hold_lease
from tests.faults.running import start

NOW = 1_700_000_000.0


class Clock:
    """A clock that the test sets."""

    def __init__(self) -> None:
        """Begin at a moment."""
        self.now = NOW

    def __call__(self) -> float:
        """Return the moment."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    return tmp_path / "run.lock"


def leave(lock: Path, machine: str, expires_at: float, process: int = 4242) -> Path:
    """Leave the lease of a program on another machine, whose lock is not seen here."""
    left = Lease(
        token="theirs", machine=machine, host="other", process=process, expires_at=expires_at
    )
    file = lock.with_suffix(".lease")
    file.write_bytes(msgspec.json.encode(left))
    return file


def test_a_lease_of_another_machine_holds_until_it_runs_out(lock: Path, clock: Clock) -> None:
    file = leave(lock, "another machine", NOW + TERM_S)
    with pytest.raises(BusyError, match="process 4242 on other") as busy, hold_lease(lock, clock):
        pass
    assert busy.value.exit_status == 75
    clock.now += TERM_S
    with hold_lease(lock, clock):
        assert msgspec.json.decode(file.read_bytes(), type=Lease).process == os.getpid()
        assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in lock.parent.iterdir()] == [lock.name]


@pytest.mark.parametrize(
    ("machine", "ahead"),
    [("", 60.0), ("another machine", 10 * TERM_S), ("another machine", -1.0)],
    ids=["of a killed program here", "by a clock that was ahead", "run out"],
)
def test_a_stale_lease_is_taken_over_at_once(
    lock: Path, clock: Clock, machine: str, ahead: float
) -> None:
    leave(lock, machine or leases._machine(), NOW + ahead)
    with hold_lease(lock, clock):
        pass


@pytest.mark.parametrize("content", [b"", b'{"token": "x', b"\xff"])
def test_half_a_lease_holds_nobody_up(lock: Path, clock: Clock, content: bytes) -> None:
    lock.with_suffix(".lease").write_bytes(content)
    with hold_lease(lock, clock):
        pass


def test_a_lease_is_renewed_while_its_work_goes_on(
    lock: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "RENEWED_EVERY_S", 0.005)
    file = lock.with_suffix(".lease")
    with hold_lease(lock, clock):
        clock.now += 10 * TERM_S
        wait = threading.Event()
        for _ in range(400):
            lease = leases._read(file)
            if lease is not None and lease.expires_at > clock.now:
                break
            wait.wait(0.005)
        else:
            pytest.fail("it was not renewed")
        mark = leases._mark_of(file, lease.token)
        while not leases._make(mark, leases._lease("theirs", clock.now)):
            wait.wait(0.001)
        taken = leave(lock, "another machine", clock.now + TERM_S)
        mark.unlink()
        wait.wait(0.05)
        assert msgspec.json.decode(taken.read_bytes(), type=Lease).token == "theirs"
    assert taken.exists()  # what another took over is theirs


def test_of_many_that_take_over_a_stale_lease_one_has_it(lock: Path, clock: Clock) -> None:
    leave(lock, "another machine", NOW - 1)
    had: list[str] = []
    busy: list[BusyError] = []
    begin = threading.Barrier(8)

    def take() -> None:
        begin.wait()
        try:
            had.append(leases._take(lock.with_suffix(".lease"), clock))
        except BusyError as error:
            busy.append(error)

    # as if each were on a machine of its own: none sees the lock of the others
    plain = leases._machine
    leases._machine = lambda: str(threading.get_ident())
    try:
        threads = [threading.Thread(target=take) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        leases._machine = plain
    assert (len(had), len(busy)) == (1, 7)
    assert [path.name for path in lock.parent.iterdir()] == ["run.lease"]


def test_a_disk_without_links_has_leases_too(
    lock: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    with hold_lease(lock, clock):
        lease = leases._read(lock.with_suffix(".lease"))
        assert lease is not None
        assert lease.process == os.getpid()
    leave(lock, "another machine", NOW + 1)
    with pytest.raises(BusyError), hold_lease(lock, clock):
        pass


HOLDING = """
import sys
from pathlib import Path
from store.leases import hold_lease
with hold_lease(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_program_that_is_killed_frees_its_lease_at_once(lock: Path) -> None:
    holding = start(HOLDING, lock)
    assert holding.stdout
    assert holding.stdout.readline() == "held\n"
    with pytest.raises(BusyError, match=f"process {holding.pid}"), hold_lease(lock):
        pass
    holding.send_signal(signal.SIGKILL)
    holding.communicate()
    assert lock.with_suffix(".lease").exists()
    with hold_lease(lock):
        pass
