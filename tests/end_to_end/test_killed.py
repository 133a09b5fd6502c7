"""`vigie run` killed at twenty random moments: nothing lost, nothing doubled."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pytest
import tomlkit

from app.workplace import SHIPPED_CONFIG, utc_now
from model.query import Everything
from press import Press
from store import open_store

KILLS = 20
LONGEST_S = 6.0
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
        sources.append(tomlkit.item({"url": source.url, "kind": str(source.kind)}))
    document["sources"] = sources
    document["crawler"]["hosts"] = press.hosts
    document["crawler"]["per_host_gap_s"] = 0.0
    folder.mkdir()
    path = folder / "config.toml"
    path.write_text(tomlkit.dumps(document), encoding="utf-8")
    return path


def start(config: Path) -> subprocess.Popen[bytes]:
    """Start a pass in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "app", "--config", str(config), "run"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def kill_after(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Kill a pass in the middle; tell whether it was still at work."""
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return True
    return False


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


@pytest.mark.timeout(300)
def test_a_killed_pass_loses_nothing_and_doubles_nothing(tmp_path: Path, press: Press) -> None:
    whole = write_config(tmp_path / "whole", press)
    assert start(whole).wait() == SITE_DOWN
    wanted = content(whole.parent / "data")

    moments = random.Random(20)  # noqa: S311 - repeatable moments, no secret
    killed = 0
    for folder in range(KILLS):
        config = write_config(tmp_path / f"killed-{folder}", press)
        killed += kill_until_done(config, moments, KILLS - killed)
        assert content(config.parent / "data") == wanted
        if killed >= KILLS:
            break
    assert killed >= KILLS


def kill_until_done(config: Path, moments: random.Random, most: int) -> int:
    """Kill passes at random moments until one has nothing left to do; return how many it took."""
    for kills in range(most):
        if not kill_after(start(config), moments.uniform(0.3, LONGEST_S)):
            return kills
    assert start(config).wait() in (0, SITE_DOWN)
    return most
