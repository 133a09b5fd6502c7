"""Hostile documents read in child processes with limits on memory, CPU and time.

A document that overruns them costs itself and no other: its worker is ended and replaced. No
worker is started before the first document, and nothing that a worker answers can run here.
"""

import asyncio
import atexit
import json
import os
import pickle
import queue
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from multiprocessing.reduction import send_handle
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeVar, cast

import msgspec

from crawler.answers import ANSWER_BYTES, decode_error, decode_value
from crawler.nursery import BUG, ERROR, REFUSAL, ROOT, STAYS, VALUE, Limits
from model.errors import ExtractError

P = ParamSpec("P")
T = TypeVar("T")

WALL_S = 60.0
CPU_S = 45
MEMORY_BYTES = 1024 * 1024 * 1024
MAX_WORKERS = 4

_STARTED_S = 60.0
_ADDRESS = re.compile(r"(?:https?|urn):\S{1,4000}", re.IGNORECASE)
ENDED = "reading it was ended: it takes too much memory or time, or breaks what reads it"
_KEPT_VARIABLES = ("TZ", "PYTHONTZPATH", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH")


class WorkerBugError(RuntimeError):
    """A bug of ours in a worker; its notes hold the traceback."""


class _LostError(Exception):
    """A worker is gone, or must be."""


class Bounded:
    """A small pool of workers that read documents, as a context manager of either kind."""

    def __init__(
        self,
        workers: int | None = None,
        *,
        wall_s: float = WALL_S,
        cpu_s: int = CPU_S,
        memory_bytes: int = MEMORY_BYTES,
        answer_bytes: int = ANSWER_BYTES,
    ) -> None:
        """Prepare without starting anything; `workers` is the number of cores, 4 at most."""
        self.workers = workers or min(cores(), MAX_WORKERS)
        self._wall_s = wall_s
        self._limits = Limits(cpu_s=cpu_s, memory_bytes=memory_bytes, answer_bytes=answer_bytes)
        self._turn = asyncio.Semaphore(self.workers)
        self._idle: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        self._all: set[_Worker] = set()
        self._is_closed = False
        for _ in range(self.workers):
            self._idle.put(None)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End every worker, also one that is busy: who waits for it is told so."""
        self._is_closed = True
        for worker in tuple(self._all):
            worker.kill()
        idle = [self._idle.get_nowait() for _ in range(self._idle.qsize())]
        for one in idle:
            self._dismiss(one)
            self._idle.put(None)

    async def run(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what a function of a module says of its arguments, computed by a worker.

        What it returns is data of the type that it is declared to return. Raises the CrawlError or
        ExtractError that the function raised; ExtractError when the worker died, was ended for
        what it used, or had an answer that cannot be handed over.
        """
        async with self._turn:
            return await asyncio.to_thread(partial(self.call, function, *args, **kwargs))

    def call(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Do what `run` does, and wait for it; any thread may."""
        job = pickle.dumps((function, args, kwargs), protocol=pickle.HIGHEST_PROTOCOL)
        url = _address_in(args)
        worker, is_spent = self._idle.get(), True
        try:
            worker = self._ready(worker)
            answer = worker.ask(job, self._wall_s, self._limits.answer_bytes)
            is_spent = answer[1:2] != STAYS
        except _LostError as error:
            raise ExtractError(url, str(error)) from error
        finally:
            if is_spent:
                self._dismiss(worker)
            self._idle.put(None if is_spent else worker)
        return cast("T", _value_of(answer, function, url))

    def _ready(self, worker: "_Worker | None") -> "_Worker":
        """Return a worker that waits for a job: this one, or a new one in its place."""
        if worker is not None and not worker.is_gone():
            return worker
        self._dismiss(worker)
        hired = _Worker(self._limits)
        self._all.add(hired)
        if self._is_closed:  # it was not there yet when `close` looked
            self._dismiss(hired)
            raise _LostError(ENDED)
        return hired

    def _dismiss(self, worker: "_Worker | None") -> None:
        """End a worker; its place is then free for a new one."""
        if worker is not None:
            self._all.discard(worker)
            worker.end()


class _Worker:
    """One child process and the pipe to it."""

    def __init__(self, limits: Limits) -> None:
        self._jobs, theirs = Pipe()
        with theirs:
            self._pid = _nursery.start_worker(theirs, limits)

    def ask(self, job: bytes, wall_s: float, limit_bytes: int) -> bytes:
        """Return a worker's answer as it was sent; raises _LostError when there is none in time."""
        until = monotonic() + wall_s
        # one that stops in the middle of a job or an answer holds up nobody for ever
        alarm = threading.Timer(2 * wall_s, self.kill)
        alarm.daemon = True
        alarm.start()
        try:
            self._jobs.send_bytes(job)
            if not self._jobs.poll(max(0.0, until - monotonic())):
                raise _LostError(f"it took more than {wall_s:g} seconds to read")
            return self._jobs.recv_bytes(limit_bytes + 64)
        except (EOFError, OSError) as error:
            raise _LostError(ENDED) from error
        finally:
            alarm.cancel()

    def is_gone(self) -> bool:
        """Tell whether the process ended while it was not asked anything."""
        return self._jobs.poll(0)

    def kill(self) -> None:
        """End the process, whatever it does."""
        _nursery.kill_worker(self._pid)

    def end(self) -> None:
        """End the process and close the pipe to it."""
        self.kill()
        self._jobs.close()


class _Nursery:
    """The one process of this program that forks workers; started when first needed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: Connection | None = None

    def start_worker(self, pipe: Connection, limits: Limits) -> int:
        """Return the number of a new worker that reads from `pipe`."""
        with self._lock:
            # it ended after a while without work, or was ended: a new one is started once
            for _ in range(2):
                with suppress(EOFError, OSError):
                    return self._start_worker(pipe, limits)
                self._close()
        raise _LostError("no process could be started to read it: the system refuses more")

    def _start_worker(self, pipe: Connection, limits: Limits) -> int:
        control = self._control or self._open()
        control.send_bytes(json.dumps(["start", msgspec.to_builtins(limits)]).encode())
        send_handle(control, pipe.fileno(), self._process.pid if self._process else None)
        return int(self._reply(control))

    def kill_worker(self, pid: int) -> None:
        """End a worker; one that has ended already is no error."""
        with self._lock, suppress(EOFError, OSError):
            if self._control is not None:
                self._control.send_bytes(json.dumps(["kill", pid]).encode())
                self._reply(self._control)

    def _reply(self, control: Connection) -> bytes:
        if not control.poll(_STARTED_S):
            raise OSError("the process that starts workers does not answer")
        return control.recv_bytes(64)

    def _open(self) -> Connection:
        ours, theirs = Pipe()
        path = [str(ROOT), *(str(Path(one).resolve()) for one in sys.path)]
        code = (
            f"import sys; sys.path[:] = {path!r}\n"
            f"from crawler.nursery import serve; serve({theirs.fileno()})"
        )
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own code
                [sys.executable, "-I", "-c", code],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                env={name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ},
                # Ctrl-C in a terminal is for the program, which ends its workers itself
                start_new_session=True,
            )
        self._control = ours
        return ours

    def close(self) -> None:
        """End the process and with it all workers."""
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(5)
            self._process.kill()
            self._process.wait()
            self._process = None


_nursery = _Nursery()
atexit.register(_nursery.close)


def cores() -> int:
    """Return how many processors this program may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _value_of(answer: bytes, function: Callable[..., object], url: str) -> object:
    """Return what a worker answered; raises what it says was raised."""
    kind, packed = answer[:1], answer[2:]
    if kind == REFUSAL:
        raise ExtractError(url, packed.decode("utf-8", "replace"))
    if kind == BUG:
        text = packed.decode("utf-8", "replace").strip()
        bug = WorkerBugError(text.rpartition("\n")[2])
        bug.add_note(text)
        raise bug
    try:
        if kind == VALUE:
            return decode_value(function, packed)
        error = decode_error(packed if kind == ERROR else b"")
    except (ValueError, RecursionError, MemoryError) as fault:
        raise ExtractError(url, f"what was read from it cannot be taken over ({fault})") from fault
    raise error


def _address_in(args: tuple[Any, ...]) -> str:
    """Return the address that a job is about: its response's, or the first that stands there."""
    for value in args:
        address = getattr(value, "final_url", None) or getattr(value, "url", None)
        if isinstance(address, str):
            return address
    named = (one for one in args if isinstance(one, str) and _ADDRESS.fullmatch(one))
    return next(named, "a document")
