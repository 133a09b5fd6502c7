"""`vigie run` killed at twenty random moments: nothing lost, nothing doubled."""

import contextlib
import os
import random
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import tomlkit

from app.workplace import SHIPPED_CONFIG, utc_now
from model.config import load_config
from model.query import Everything
from nlp.models import is_installed
from press import Press
from store import open_store

KILLS = 20
SITES = ("agence", "littoral", "nord", "observatoire", "recueil", "privacy", "echo")
"""Every kind of source, both languages, copies, and the site that is down."""
SITE_DOWN = 4
"""The exit status of a pass over the press, one of whose sites is down."""
ROOT = SHIPPED_CONFIG.parent


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press(now=datetime.fromisoformat("2024-06-04T07:00:00+02:00"), slow_s=0) as press:
        yield press


def write_config(folder: Path, press: Press) -> Path:
    """Write a configuration that polls the press."""
    document = tomlkit.parse(SHIPPED_CONFIG.read_text(encoding="utf-8"))
    sources = tomlkit.aot()
    for source in press.sources:
        if any(site in source.url for site in SITES):
            sources.append(tomlkit.item({"url": source.url, "kind": str(source.kind)}))
    document["sources"] = sources
    document["crawler"]["hosts"] = press.hosts
    document["crawler"]["per_host_gap_s"] = 0.0
    folder.mkdir()
    path = folder / "config.toml"
    path.write_text(tomlkit.dumps(document), encoding="utf-8")
    return path


PASSES = """
import os, sys
import app.pipeline
from app.cli import main
from app.commands import run_command
from nlp.models import load_pipeline
from nlp.vectors import embed

embed(["a"])
for name in sys.argv[1:]:
    load_pipeline(name)
print("ready", flush=True)
for config in sys.stdin:
    pid = os.fork()
    if not pid:
        os.setpgid(0, 0)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(nowhere, stream)
        try:
            main(args=["--config", config.rstrip(), "run"])
        except SystemExit as left:
            os._exit(left.code or 0)
        os._exit(0)
    os.setpgid(pid, pid)
    print(pid, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""


class Passes:
    """Passes forked one after another from a program that has loaded its libraries and models."""

    def __init__(self) -> None:
        """Start that program."""
        models = load_config(SHIPPED_CONFIG).nlp.models.values()
        self._forker = subprocess.Popen(
            [sys.executable, "-c", PASSES, *filter(is_installed, models)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
        )
        assert self._forker.stdout
        assert self._forker.stdout.readline() == b"ready\n"

    def close(self) -> None:
        """End it."""
        self._forker.communicate()

    def run(self, config: Path, seconds: float | None = None) -> int:
        """Make a pass in a process group of its own, killed after so many seconds.

        Returns its exit status, that of SIGKILL when it was still at work.
        """
        assert self._forker.stdin
        assert self._forker.stdout
        self._forker.stdin.write(f"{config}\n".encode())
        pid = int(self._forker.stdout.readline())
        if not select.select([self._forker.stdout], [], [], seconds)[0]:
            with contextlib.suppress(ProcessLookupError):  # it ended in the meantime
                os.killpg(pid, signal.SIGKILL)
        return int(self._forker.stdout.readline())


@pytest.fixture(scope="module")
def passes() -> Iterator[Passes]:
    passes = Passes()
    yield passes
    passes.close()


def content(data: Path) -> dict[str, object]:
    """Return what a data folder holds, whatever the order it came in."""
    with open_store(data) as store:
        store.verify()
        hits = store.search(Everything(), now=utc_now(), limit=1000).hits
        database = store.database
        assert database.value("PRAGMA integrity_check") == "ok"
        versions = {
            hit.url: [version.reading.text for version in store.versions(hit.article)]
            for hit in hits
        }
        mentions = {
            hit.url: len(tags.mentions)
            for hit in hits
            if (tags := store.tags(store.article(hit.article).current.id))
        }
        return {
            "versions": versions,
            "mentions": mentions,
            "entries": database.value("SELECT count(*) FROM entry"),
            "states": sorted(row["state"] for row in database.rows("SELECT state FROM entry")),
            "copies": sorted((copy.url, copy.of_url) for copy in store.copies()),
            "events": len(store.events(now=utc_now())),
        }


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_killed_pass_loses_nothing_and_doubles_nothing(
    tmp_path: Path, press: Press, passes: Passes
) -> None:
    whole = write_config(tmp_path / "whole", press)
    began = time.monotonic()
    assert passes.run(whole) == SITE_DOWN
    longest_s = time.monotonic() - began
    wanted = content(whole.parent / "data")

    chances = random.Random(20)  # noqa: S311 - repeatable moments, no secret
    # half a whole pass at most, on a machine of any speed: some kills fall before a page is read,
    # some in the middle, some into what another one left
    moments = (chances.uniform(0.02, longest_s / 2) for _ in iter(int, 1))
    killed = 0
    for folder in range(KILLS):
        config = write_config(tmp_path / f"killed-{folder}", press)
        killed += kill_until_done(passes, config, moments, KILLS - killed)
        assert content(config.parent / "data") == wanted
        if killed >= KILLS:
            break
    assert killed >= KILLS


def kill_until_done(passes: Passes, config: Path, moments: Iterator[float], most: int) -> int:
    """Kill passes at random moments until one has nothing left to do; return how many it took."""
    for kills in range(most):
        if passes.run(config, next(moments)) != -signal.SIGKILL:
            return kills
    assert passes.run(config) in (0, SITE_DOWN)
    return most
