"""Tests `run`, the script that sets Vigie up: with stand-ins for Python, pip and uv, once for real.

Never installs into the environment that the tests themselves run in.
"""

import os
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# All that `run` may ask of a system besides Python: nothing here is installed with Python.
TOOLS = [
    "awk",
    "cat",
    "cmp",
    "cp",
    "df",
    "dirname",
    "grep",
    "mkdir",
    "mv",
    "readlink",
    "rm",
    "sed",
    "sh",
]

# Behaves like a Python as far as `run` looks; what is run in the environment, it only tells.
PYTHON = """#!/bin/sh
case "$*" in
*_base_executable*) {version} ; echo "$0" ;;
*ensurepip*) {venv} ;;
*flock*) exec "{real}" "$@" ;;
*"-m venv"*)
    echo made >>"{diary}"
    for folder; do :; done
    mkdir -p "$folder/bin" && cp "$0" "$folder/bin/python" ;;
*"-m pip"*) {pip} ;;
*) echo "$*|$PWD|$PYTHONPATH" ;;
esac
"""

UV = """#!/bin/sh
echo "$1" >>"{diary}"
case "$1" in
venv) for folder; do :; done; mkdir -p "$folder/bin"; cp "{python}" "$folder/bin/python" ;;
esac
"""


class Machine:
    """A machine with a fresh clone, a few tools and no more than a test gives it."""

    def __init__(self, folder):
        self.clone = folder / "a clone with spaces"
        self.tools = folder / "tools"
        self.diary = folder / "diary"
        self.env = {"PATH": str(self.tools), "HOME": ""}
        self.clone.mkdir()
        self.tools.mkdir()
        for name in ("run", "requirements.lock"):
            shutil.copy(ROOT / name, self.clone)
        for name in TOOLS:
            (self.tools / name).symlink_to(shutil.which(name))
        self.add_tool("df", "echo / 1 1 99999999 1% /")

    def add_tool(self, name, script):
        path = self.tools / name
        path.unlink(missing_ok=True)
        path.write_text(script if script.startswith("#!") else f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def add_python(self, *, version="true", venv="true", pip="true"):
        diary, real = self.diary, sys.executable
        script = PYTHON.format(version=version, venv=venv, pip=pip, diary=diary, real=real)
        self.add_tool("python3", script)

    def change_lock(self):
        with (self.clone / "requirements.lock").open("a") as lock:
            lock.write("# changed\n")

    def start(self, *arguments, cwd=None, script=None):
        return subprocess.Popen(
            [script or self.clone / "run", *arguments],
            cwd=cwd or self.tools,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments, **where):
        process = self.start(*arguments, **where)
        process.stdout_text, process.stderr_text = process.communicate()
        return process

    def environments_made(self):
        return self.diary.read_text().count("made") if self.diary.exists() else 0


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


@pytest.fixture
def ready(machine):
    """A machine on which Vigie is set up."""
    machine.add_python()
    assert machine.run("setup").returncode == 0
    return machine


def says(process):
    """Return the last line on standard error, after the one that announces the set-up."""
    *before, last = process.stderr_text.splitlines()
    assert before in ([], ["Setting up Vigie (about a minute, once) …"])
    return last


# --- what it says by itself


def test_alone_it_says_what_it_can_do_and_sets_nothing_up(machine):
    told = machine.run()
    assert told.returncode == 0
    for word in ("demo", "vigie", "test", "check", "bench", "golden", "press", "setup"):
        assert f"./run {word}" in told.stdout_text
    assert "Vigie veille sur une affaire publique" in told.stdout_text
    assert not (machine.clone / ".venv").exists()


def test_an_unknown_word_is_refused_in_a_sentence(machine):
    told = machine.run("dmeo")
    assert told.returncode == 2
    assert says(told) == "There is no ./run dmeo: ./run alone lists what there is."


# --- a machine that cannot


def pip_that_says(line):
    return f"echo '{line}'; exit 1"


PIP_FAILURES = {
    "full disk": ("OSError: [Errno 28] No space left on device", "The disk is full: free "),
    "full disk, uv": ("failed to write: ENOSPC (os error 28)", "The disk is full: free "),
    "wrong hash": (
        "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE",
        "A downloaded package is not the one that requirements.lock names",
    ),
    "no network": (
        "NameResolutionError: [Errno -3] Temporary failure in name resolution",
        "The package registry cannot be reached: connect to the network",
    ),
    "unknown certificate": (
        "SSLError: [SSL: CERTIFICATE_VERIFY_FAILED] (Caused by NewConnectionError)",
        "The package registry's certificate is not trusted here: name the one",
    ),
    "no wheel": (
        "ERROR: No matching distribution found for spacy==3.8.18",
        "A library has no ready-made package for",
    ),
    "anything else": ("Segmentation fault", "Setting up failed: the last lines of"),
}


@pytest.mark.parametrize(("line", "sentence"), PIP_FAILURES.values(), ids=PIP_FAILURES)
def test_a_failed_installation_ends_in_one_sentence_and_names_the_log(machine, line, sentence):
    machine.add_python(pip=pip_that_says(line))
    told = machine.run("demo")
    log = machine.clone / ".setup.log"
    assert told.returncode == 1
    assert told.stdout_text == ""
    assert says(told).startswith(sentence)
    assert str(log) in says(told)
    assert line in log.read_text()
    assert not (machine.clone / ".venv").exists()


@pytest.mark.parametrize("version", [None, "exit 1"], ids=["none", "too old"])
def test_a_missing_python_ends_in_one_sentence(machine, version):
    if version:
        machine.add_python(version=version)
    told = machine.run("demo")
    assert told.returncode == 1
    assert says(told).startswith("Vigie needs Python 3.11, 3.12, 3.13 or 3.14: install one (")


def test_a_python_asked_for_by_name_must_be_one(machine):
    machine.add_python()
    machine.env["PYTHON"] = "python2"
    told = machine.run("demo")
    assert told.returncode == 1
    assert "PYTHON=python2 is none of these: install one" in says(told)


def test_a_python_without_venv_ends_in_one_sentence(machine):
    machine.add_python(venv="exit 1")
    told = machine.run("demo")
    assert told.returncode == 1
    assert "apt install python3-venv" in says(told)


@pytest.mark.parametrize("free_kb", [0, 700, 500_000], ids=["none", "under a MB", "too little"])
def test_too_small_a_disk_is_seen_before_anything_is_downloaded(machine, free_kb):
    machine.add_python()
    machine.add_tool("df", f"echo '/dev/a disk 99 99 {free_kb} 99% /a disk'")
    told = machine.run("demo")
    assert told.returncode == 1
    assert says(told).startswith("Setting up needs 1450 MB in ")
    assert machine.environments_made() == 0


def test_a_folder_that_no_environment_can_live_in_is_named(machine):
    machine.add_python()
    machine.clone = machine.clone.rename(machine.clone.with_name("with:colon"))
    told = machine.run("demo")
    assert told.returncode == 1
    assert "a path with a colon" in says(told)


def test_without_a_network_the_real_pip_ends_in_one_sentence(machine):
    machine.env |= {
        "PYTHON": sys.executable,
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
        "PIP_RETRIES": "1",
    }
    told = machine.run("demo")
    assert told.returncode == 1
    assert says(told).startswith("The package registry cannot be reached")


# --- set up once


def cpu_s_of_children() -> float:
    """Return what all that was started and has ended took, whatever else the machine does."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_it_is_set_up_once_and_a_second_start_adds_under_a_second(ready):
    began = cpu_s_of_children()
    again = ready.run("setup")
    assert cpu_s_of_children() - began < 1
    assert (again.returncode, again.stderr_text) == (0, "")
    assert ready.environments_made() == 1


def test_a_changed_lock_installs_anew(ready):
    ready.change_lock()
    assert says(ready.run("setup")) == "Vigie is set up in .venv."
    assert ready.environments_made() == 2
    assert not (ready.clone / ".venv.old").exists()


def test_another_python_asked_for_by_name_installs_anew(ready):
    ready.env["PYTHON"] = str(ready.tools / "python3")
    assert ready.run("setup").returncode == 0
    assert ready.run("setup").stderr_text == ""
    assert ready.environments_made() == 2


def test_an_interpreter_that_is_gone_installs_anew(ready):
    (ready.clone / ".venv/bin/python").unlink()
    assert ready.run("setup").returncode == 0
    assert ready.environments_made() == 2


def test_uv_is_used_where_it_exists(machine):
    machine.add_python(venv="exit 1", pip="exit 1")
    python, diary = machine.tools / "python3", machine.diary
    machine.add_tool("uv", UV.format(diary=diary, python=python))
    assert machine.run("setup").returncode == 0
    assert diary.read_text().split() == ["venv", "pip"]


def test_a_changed_lock_that_cannot_be_installed_leaves_the_environment_it_had(ready):
    lock = ready.clone / "requirements.lock"
    before = lock.read_bytes()
    ready.change_lock()
    ready.add_python(pip=pip_that_says("Network is unreachable"))
    assert ready.run("setup").returncode == 1
    lock.write_bytes(before)
    assert (ready.run("setup").returncode, ready.environments_made()) == (0, 2)


@pytest.mark.parametrize("had_one", [False, True], ids=["first set-up", "changed lock"])
def test_a_set_up_killed_in_the_middle_is_repaired_by_the_next_start(machine, had_one):
    machine.add_python()
    if had_one:
        machine.run("setup")
        machine.change_lock()
    reached = machine.diary.with_name("reached")
    os.mkfifo(reached)
    machine.add_python(pip=f": >'{reached}'; read -r never <'{reached}'")
    killed = machine.start("setup")
    reached.read_text()  # returns when pip has begun
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate()
    (machine.clone / ".venv/half").touch()

    machine.add_python()
    assert machine.run("setup").returncode == 0
    assert not (machine.clone / ".venv/half").exists()
    assert not (machine.clone / ".venv.old").exists()
    assert machine.run("setup").stderr_text == ""


def test_two_starts_at_once_install_once(machine):
    machine.add_python()
    starts = [machine.start("setup") for _ in range(4)]
    for process in starts:
        process.communicate()
    assert [process.returncode for process in starts] == [0, 0, 0, 0]
    assert machine.environments_made() == 1


# --- what it starts


def test_arguments_stay_relative_to_the_callers_folder(ready, tmp_path):
    here = tmp_path / "elsewhere"
    here.mkdir()
    arguments, cwd, path = ready.run("vigie", "import", "a b", cwd=here).stdout_text.split("|")
    assert arguments == "-P -m app import a b"
    assert cwd == str(here)
    assert path == f"{ready.clone}\n"


@pytest.mark.parametrize(
    ("arguments", "in_the_project"),
    [
        (["test"], True),
        (["test", "-k", "dates"], True),
        (["test", "one.py::test_one"], False),
        (["golden"], True),
    ],
    ids=["all", "by word", "by path", "golden"],
)
def test_tests_are_found_from_any_folder(ready, tmp_path, arguments, in_the_project):
    (tmp_path / "one.py").touch()
    _, cwd, _ = ready.run(*arguments, cwd=tmp_path).stdout_text.split("|")
    assert cwd == str(ready.clone if in_the_project else tmp_path)


def test_it_can_be_started_through_a_link(ready, tmp_path):
    link = tmp_path / "vigie"
    link.symlink_to(ready.clone / "run")
    told = ready.run("demo", "--once", script=link)
    assert told.stdout_text.startswith("-P -m app demo --once|")


# --- once for real


def copy_as_cloned(clone):
    """Copy what a clone would have of the work tree, ignored files left out."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git work tree: nothing tells what a clone would have")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, clone / name)


@pytest.fixture(scope="module")
def fresh_clone(tmp_path_factory):
    clone = tmp_path_factory.mktemp("machine") / "a fresh clone"
    copy_as_cloned(clone)
    yield clone
    shutil.rmtree(clone)  # 1,030 MB that pytest would keep for three runs


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_fresh_clone_with_an_empty_home_sets_itself_up_and_then_needs_no_network(fresh_clone):
    env = {k: v for k, v in os.environ.items() if k not in ("PYTHON", "PIP_NO_CACHE_DIR")}
    env |= {"HOME": ""}

    def run(*command):
        return subprocess.run(
            command, cwd="/", env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )

    installed = run(fresh_clone / "run", "setup")
    if "registry cannot be reached" in installed.stderr:
        pytest.skip(installed.stderr.splitlines()[-1])
    assert installed.returncode == 0, installed.stderr

    env |= {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "https_proxy": "http://127.0.0.1:9"}
    complete = run(fresh_clone / ".venv/bin/python", "-m", "pip", "check")
    assert complete.stdout == "No broken requirements found.\n"
    assert run(fresh_clone / "run", "vigie", "--help").stdout.startswith("Usage: vigie")
