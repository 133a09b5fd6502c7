"""A PostgreSQL server of the bench's own: in a folder that goes, on a socket nobody else sees.

It listens on no port, and never touches a server that is there already.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

INSTALL = "apt install postgresql-15"
UNPRIVILEGED = ("postgres", "nobody")
START_S = 60
OPTIONS = {
    "listen_addresses": "",
    "shared_buffers": "512MB",
    "work_mem": "64MB",
    "maintenance_work_mem": "512MB",
    "max_wal_size": "2GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "jit": "off",
    "autovacuum": "off",
}
"""To its advantage: room in memory; no compiling of queries of milliseconds, no work in between."""


class NoPostgresError(Exception):
    """PostgreSQL cannot be started here; the message says why in a few words."""


def find_program(name: str) -> Path | None:
    """Return where a program of the newest PostgreSQL is; Debian's are not on the PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=_major)
    if debian:
        return debian[-1]
    found = shutil.which(name)
    return None if found is None else Path(found)


def _major(program: Path) -> float:
    version = program.parts[-3]
    return float(version) if version.replace(".", "", 1).isdigit() else 0.0


@contextmanager
def running_postgres() -> Iterator[Path]:
    """Start a server and give the folder of its socket; stop it and remove all of it after.

    Raises NoPostgresError.
    """
    programs = find_program("initdb"), find_program("postgres")
    if None in programs:
        raise NoPostgresError("absent")
    initdb, postgres = map(str, programs)
    # the path of a socket holds about a hundred characters: the folder's name is short
    folder = Path(tempfile.mkdtemp(prefix="vpg-"))
    try:
        user = _user()
        if user is not None:
            shutil.chown(folder, user)
        with _ended_politely():
            yield from _serve(initdb, postgres, folder, user)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _serve(initdb: str, postgres: str, folder: Path, user: str | None) -> Iterator[Path]:
    who: dict[str, Any] = {} if user is None else {"user": user, "group": _group(user)}
    if who:
        who["extra_groups"] = ()
    data, log = folder / "data", folder / "log"
    made = subprocess.run(
        [initdb, "-D", data, "-U", "bench", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"],
        capture_output=True, text=True, cwd="/", check=False, **who,
    )  # fmt: skip
    if made.returncode:
        raise NoPostgresError(f"initdb: {(made.stderr.strip().splitlines() or ['failed'])[-1]}")
    words = [f"-c{name}={value}" for name, value in OPTIONS.items()]
    with log.open("wb") as lines:
        server = subprocess.Popen(
            [postgres, "-D", data, f"-k{folder}", *words],
            stdin=subprocess.DEVNULL, stdout=lines, stderr=lines, cwd="/", **who,
        )  # fmt: skip
    try:
        _await(server, data, log)
        yield folder
    finally:
        _stop(server)


def _user() -> str | None:
    """Return another user where this one is root, whom initdb refuses."""
    if os.geteuid() != 0:
        return None
    for name in UNPRIVILEGED:
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise NoPostgresError("needs a user who is not root")


def _group(user: str) -> int:
    return pwd.getpwnam(user).pw_gid


def _await(server: "subprocess.Popen[bytes]", data: Path, log: Path) -> None:
    until = time.monotonic() + START_S
    while not _is_ready(data / "postmaster.pid"):
        if server.poll() is not None or time.monotonic() > until:
            said = log.read_text("utf-8", "replace").strip().splitlines()
            raise NoPostgresError(f"it did not start: {(said or ['no reason given'])[-1]}")
        time.sleep(0.05)


def _is_ready(pid_file: Path) -> bool:
    """Tell whether a server takes connections: it says so in the last line of its file."""
    return pid_file.exists() and pid_file.read_text("utf-8").split()[-1:] == ["ready"]


def _stop(server: "subprocess.Popen[bytes]") -> None:
    """End all connections and the server; one that does not end is killed."""
    server.send_signal(signal.SIGINT)
    try:
        server.wait(START_S)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


@contextmanager
def _ended_politely() -> Iterator[None]:
    """Let SIGTERM end this program as an error does, so that what was started is stopped."""

    def leave(number: int, _frame: FrameType | None) -> None:
        sys.exit(128 + number)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
