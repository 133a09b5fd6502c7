"""The import rule of docs/architecture.md, read from every import statement."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

MAY_IMPORT = {
    "model": {"model"},
    "crawler": {"crawler", "model"},
    "nlp": {"nlp", "model"},
    "store": {"store", "model"},
    "digest": {"digest", "store", "model"},
    "web": {"web", "store", "model"},
    "app": {"app", "web", "digest", "store", "crawler", "nlp", "model"},
    "press": {"press", "model"},
    "bench": {"bench", "press", "app", "web", "digest", "store", "crawler", "nlp", "model"},
}

EXCEPTIONS = {("app/demo.py", "press"), ("app/commands/demo_command.py", "press")}

CONNECTING = {
    "aiohttp",
    "requests",
    "httpx",
    "urllib3",
    "socket",
    "ssl",
    "ftplib",
    "smtplib",
    "http.client",
    "urllib.request",
}

MAY_CONNECT = {"crawler/fetch.py", "crawler/guard.py", "digest/send.py"}


def modules_named_in(path: Path) -> set[str]:
    """Return every module imported anywhere in a file, and the packages that hold it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            names |= {f"{node.module}.{alias.name}" for alias in node.names} | {str(node.module)}
    return names | {name.rpartition(".")[0] for name in names}


def imports_of(path: Path) -> set[str]:
    """Return the first part of every module imported anywhere in a file."""
    return {name.split(".")[0] for name in modules_named_in(path)} - {""}


def modules(package: str) -> list[Path]:
    """Return the modules of one package."""
    return sorted((ROOT / package).rglob("*.py"))


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_imports_go_down_only(package: str) -> None:
    assert modules(package), f"{package} holds no module"
    for path in modules(package):
        ours = imports_of(path) & set(MAY_IMPORT)
        above = ours - MAY_IMPORT[package]
        name = path.relative_to(ROOT).as_posix()
        assert not {one for one in above if (name, one) not in EXCEPTIONS}, name


@pytest.mark.parametrize("package", [name for name in MAY_IMPORT if name not in {"press", "bench"}])
def test_one_place_opens_connections(package: str) -> None:
    for path in modules(package):
        name = path.relative_to(ROOT).as_posix()
        if name not in MAY_CONNECT:
            assert not modules_named_in(path) & CONNECTING, name


def test_a_model_stands_on_the_standard_library_and_msgspec_alone() -> None:
    """But for the stems of words, which open nothing either (decision 39)."""
    import sys

    for path in modules("model"):
        stems = {"Stemmer"} if path.name == "stems.py" else set()
        foreign = imports_of(path) - set(sys.stdlib_module_names) - {"model", "msgspec"}
        assert foreign <= stems, path
