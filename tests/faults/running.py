"""The program started as a person starts it, in a folder of the test's own."""

import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from app.cli import main

ROOT = Path(__file__).resolve().parents[2]

CONFIG = """
[affair]
name = "Le port et ses caméras"
match = "caméras OR cameras"

[nlp.models]
"""


def write_config(folder: Path, more: str = "") -> Path:
    """Write a configuration that watches little and loads no model."""
    path = folder / "config.toml"
    path.write_text(CONFIG + more, encoding="utf-8")
    return path


def start(code: str, *arguments: object, **environment: str) -> "subprocess.Popen[str]":
    """Start a Python script that finds the program and the tests; its input stays open."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )


def run_vigie(folder: Path, *line: str, before: str = "") -> "subprocess.CompletedProcess[str]":
    """Run the command line in a process of its own, after the statements of `before`."""
    code = f"import sys\nfrom app.cli import main\n{before}\nmain(args=sys.argv[1:])"
    process = start(code, "--config", folder / "config.toml", *line)
    out, err = process.communicate(timeout=60)
    return subprocess.CompletedProcess(line, process.returncode, out, err)


def call_vigie(folder: Path, *line: str) -> "subprocess.CompletedProcess[str]":
    """Call the command line within this process, which starts no interpreter."""
    out, err, code = io.BytesIO(), io.StringIO(), 0
    # exports write bytes, as the real standard output takes them
    stream = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    with redirect_stdout(stream), redirect_stderr(err):
        try:
            main(args=["--config", str(folder / "config.toml"), *line])
        except SystemExit as left:
            code = int(left.code or 0)
    return subprocess.CompletedProcess(line, code, out.getvalue().decode(), err.getvalue())
