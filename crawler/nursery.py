"""The child's side of `bounded`: a clean process that forks workers, and what a worker may do.

It is started fresh and alone, so it holds no connection, no database, no secret and no thread of
the program. It never lets a worker write a file, open one that is not the program's own code, or
connect to anything, and it ends with the program, however that ends.
"""

import gc
import json
import os
import pickle
import resource
import signal
import sys
import sysconfig
import traceback
import zoneinfo
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib import import_module
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle
from pathlib import Path
from typing import Any

import msgspec

from crawler.answers import encode_error, encode_value
from model.errors import CrawlError

IDLE_S = 300.0
"""How long this process waits for work when it has no worker, before it ends."""

VALUE, ERROR, REFUSAL, BUG = b"=", b"#", b"!", b"?"
"""How an answer begins: what was asked, the error that the function raised, a plain reason, or the
traceback of a bug of ours."""

STAYS, LEAVES = b"+", b"-"
"""Whether the worker may be asked again."""

ROOT = Path(__file__).resolve().parent.parent
_GROWN_BYTES = 256 * 1024 * 1024
_CODE = (".py", ".pyc", ".so", ".dylib")
_PRELOADED = ("crawler.listing", "crawler.reading", "crawler.documents", "crawler.files")
_FORBIDDEN = (
    "socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn",
    "os.remove", "os.rename", "os.kill", "os.chmod", "os.link", "os.symlink", "os.truncate",
    "shutil.", "ctypes.", "urllib.Request", "ftplib.", "http.client.", "smtplib.",
)  # fmt: skip


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What one worker may use: CPU seconds and answer for each job, memory for all its life."""

    cpu_s: int
    memory_bytes: int
    answer_bytes: int


def serve(control_fd: int) -> None:
    """Fork a worker at each request, and end all of them when the program is gone.

    A request is `["start", limits]`, followed by the handle of the worker's pipe, or
    `["kill", pid]`. Each is answered: by the worker's number, or by nothing but a space.
    """
    control = Connection(control_fd)
    _preload()
    workers: set[int] = set()
    try:
        while control.poll(IDLE_S) or _living(workers):
            if control.poll(0):
                _answer(control, json.loads(control.recv_bytes()), workers)
    except (EOFError, OSError):
        pass
    finally:
        for pid in _living(workers):
            os.kill(pid, signal.SIGKILL)


def _preload() -> None:
    for name in _PRELOADED:
        import_module(name)
    # what stands here is shared by all workers until one of them writes to it
    gc.collect()
    gc.freeze()


def _living(workers: set[int]) -> set[int]:
    """Return the workers that still run; the others are let go, so that no number is mistaken."""
    for pid in tuple(workers):
        with suppress(ChildProcessError):
            if os.waitpid(pid, os.WNOHANG) == (0, 0):
                continue
        workers.discard(pid)
    return workers


def _answer(control: Connection, request: list[Any], workers: set[int]) -> None:
    match request:
        case ["start", limits]:
            handle = recv_handle(control)
            pid = os.fork()
            if pid == 0:
                control.close()
                _live(handle, msgspec.convert(limits, Limits))
            os.close(handle)
            workers.add(pid)
            control.send_bytes(str(pid).encode())
        case ["kill", pid]:
            if pid in _living(workers):
                os.kill(pid, signal.SIGKILL)
            control.send_bytes(b" ")


def _live(handle: int, limits: Limits) -> None:
    """Work until the program is gone or this worker is spent; never return."""
    try:
        jobs = Connection(handle)
        held = _bound(limits)
        sys.addaudithook(_refuse)
        while True:
            limit_cpu(limits.cpu_s)
            answer = answer_to(jobs.recv_bytes(), limits.answer_bytes)
            if _grown(held):
                answer = answer[:1] + LEAVES + answer[2:]
            jobs.send_bytes(answer)
    except (EOFError, OSError):
        pass
    finally:
        os._exit(0)


def answer_to(job: bytes, limit_bytes: int) -> bytes:
    """Do a job and return its answer: how it ended, whether more may be asked, and what."""
    try:
        function, args, kwargs = pickle.loads(job)  # noqa: S301 - a job comes from the program itself
        return _value(function, args, kwargs, limit_bytes)
    except MemoryError:
        return REFUSAL + LEAVES + b"reading it takes too much memory"
    except RecursionError:
        return REFUSAL + LEAVES + b"it is nested too deeply to be read"
    except Exception:  # every bug goes back to the program, which tells it
        return BUG + STAYS + traceback.format_exc().encode("utf-8", "replace")


def _value(
    function: Callable[..., object],
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
    limit_bytes: int,
) -> bytes:
    try:
        kind, packed = VALUE, encode_value(function(*args, **kwargs))
    except CrawlError as error:
        kind, packed = ERROR, encode_error(error)
    if len(packed) > limit_bytes:
        return REFUSAL + STAYS + b"what was read from it is too large to be kept"
    return kind + STAYS + packed


# --- what a worker may use


def settle(limits: Limits) -> None:
    """Bound this process for good, as a worker of another pool that reads files itself."""
    _bound(limits)
    sys.addaudithook(_refuse_but_reading)


def _bound(limits: Limits) -> int:
    """Set the limits that hold for a worker's whole life; return the memory it began with."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit(resource.RLIMIT_CORE, 0)
    # not a byte can be written to any file
    _limit(resource.RLIMIT_FSIZE, 0)
    if address_space := _address_space():
        _limit(resource.RLIMIT_AS, address_space + limits.memory_bytes)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _limit(what: int, most: int) -> None:
    # a system may refuse a limit that is under what it was told itself
    with suppress(ValueError, OSError):
        resource.setrlimit(what, (most, most))


def _address_space() -> int:
    """Return what this process holds; 0 where the system does not say (macOS: no such limit)."""
    try:
        held = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:
        return 0
    return held * resource.getpagesize()


def limit_cpu(cpu_s: int) -> None:
    """Give the next job its CPU seconds; the system ends the process that takes more."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    most = int(usage.ru_utime + usage.ru_stime) + cpu_s + 1
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))


def _grown(held: int) -> bool:
    """Tell whether one document left this process so large that a new one is better."""
    unit = 1 if sys.platform == "darwin" else 1024
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - held) * unit > _GROWN_BYTES


def _readable_folders() -> tuple[str, ...]:
    paths = sysconfig.get_paths()
    named = {paths[key] for key in ("stdlib", "platstdlib", "purelib", "platlib")}
    named |= {sys.prefix, sys.base_prefix, *zoneinfo.TZPATH}
    return tuple(f"{Path(path).resolve()}{os.sep}" for path in named)


_READABLE = _readable_folders()


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse what no reading of a document needs: connections, processes, files of others."""
    if event == "open":
        if not _may_open(arguments):
            raise PermissionError(f"a document may not open {arguments[0]!r}")
    elif event.startswith(_FORBIDDEN):
        raise PermissionError(f"a document may not do {event}")


def _refuse_but_reading(event: str, arguments: tuple[Any, ...]) -> None:
    if event != "open" or _writes(arguments):
        _refuse(event, arguments)


def _writes(arguments: tuple[Any, ...]) -> bool:
    _, mode, flags = arguments
    by_mode = isinstance(mode, str) and bool(set(mode) & set("wax+"))
    return by_mode or bool(flags & (os.O_WRONLY | os.O_RDWR))


def _may_open(arguments: tuple[Any, ...]) -> bool:
    """Tell whether a file is one that Python itself needs, and is only read."""
    path = arguments[0]
    if isinstance(path, int):
        return True
    if _writes(arguments):
        return False
    real = os.path.realpath(os.fsdecode(path))
    is_own = real.startswith(f"{ROOT}{os.sep}") and real.endswith(_CODE)
    return is_own or real.startswith(_READABLE)
