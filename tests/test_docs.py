"""The documentation is complete and true: what is offered is documented, what is shown works.

Nothing here judges the prose.
"""

import ast
import re
import shlex
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import msgspec
import pytest

from app.cli import COMMANDS, vigie
from model.config import Config, parse_config
from model.errors import QueryError, VigieError
from model.query import FIELDS, Flag, parse_query

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs/reference"
DECISIONS = ROOT / "docs/decisions"


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


# --- the tree, without what git does not keep


@cache
def ignored() -> list[str]:
    lines = read(ROOT / ".gitignore").splitlines()
    return [line.rstrip("/") for line in lines if line and not line.startswith("#")]


def is_ignored(path: Path) -> bool:
    rooted = f"/{path.relative_to(ROOT).as_posix()}"
    return path.name == ".git" or any(
        fnmatch(rooted if pattern.startswith("/") else path.name, pattern) for pattern in ignored()
    )


def files(folder: Path = ROOT) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if is_ignored(path):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from files(path)
        elif path.is_file():
            yield path


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


FILES = list(files())
PAGES = [path for path in FILES if path.suffix == ".md" and "articles" not in path.parts]


def sections(page: str) -> dict[str, str]:
    """Return the text under each heading of the second level, by its words without backquotes."""
    parts = re.split(r"^## +(.+)$", page, flags=re.MULTILINE)
    return {
        title.replace("`", "").strip(): text
        for title, text in zip(parts[1::2], parts[2::2], strict=True)
    }


def rows(text: str) -> dict[str, list[str]]:
    """Return the rows of the tables in a text, by what stands in backquotes in their first cell."""
    cells = [
        re.split(r" *(?<!\\)\| *", line)[1:-1] for line in text.splitlines() if line[:1] == "|"
    ]
    named = [(re.match(r"`([^`]+)`", row[0]), row) for row in cells]
    return {name[1]: row for name, row in named if name}


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", page, flags=re.MULTILINE | re.DOTALL)


# --- configuration

CONFIG_PAGE = read(REFERENCE / "config.md")


def tables(struct: type[msgspec.Struct], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every table of the file, `[[…]]` for those that may stand several times."""
    for field in msgspec.structs.fields(struct):
        inner = getattr(field.type, "__args__", (field.type,))[0]
        header = f"[[{field.name}]]" if inner is not field.type else f"[{field.name}]"
        yield header, inner


TABLES = dict(tables(Config))


def spelt_default(field: msgspec.structs.FieldInfo) -> str:
    """Return the default of a key as TOML spells it."""
    if field.required:
        return "required"
    value: Any = field.default
    if field.default_factory is not msgspec.NODEFAULT:
        value = field.default_factory()
    if value is None:
        return "none"
    built = msgspec.to_builtins(value)
    if isinstance(built, dict):
        return "{ " + ", ".join(f'{key} = "{item}"' for key, item in built.items()) + " }"
    return msgspec.json.encode(built).decode().replace('","', '", "')


@pytest.mark.parametrize(("header", "struct"), TABLES.items(), ids=TABLES)
def test_every_key_is_documented_with_its_default(header, struct):
    documented = rows(sections(CONFIG_PAGE)[header])
    for field in msgspec.structs.fields(struct):
        assert field.name in documented, f"{header} {field.name}"
        default = documented[field.name][2].replace("`", "")
        assert default.replace("{ }", "{  }") == spelt_default(field), f"{header} {field.name}"
    assert set(documented) == set(struct.__struct_fields__)


def test_no_table_is_documented_that_there_is_not():
    assert {title for title in sections(CONFIG_PAGE) if title.startswith("[")} == set(TABLES)


def test_every_example_of_a_configuration_loads():
    examples = blocks(CONFIG_PAGE, "toml")
    assert len(examples) >= len(TABLES)
    for example in examples:
        affair = "" if "[affair]" in example else '[affair]\nname = "a"\nmatch = "b"\n'
        parse_config(affair + example, example)


# --- commands


@cache
def loaded(name: str) -> click.Command:
    command: click.Command = import_module(f"app.commands.{name}_command").command
    return command


def options(command: click.Command) -> set[str]:
    """Return the long options of a command, and of those that stand behind its name."""
    named = [opt for param in command.params for opt in (*param.opts, *param.secondary_opts)]
    return {opt for opt in named if opt.startswith("--")} | {
        opt for inner in behind(command) for opt in options(inner)
    }


def behind(command: click.Command) -> list[click.Command]:
    """Return the commands of a group such as `vigie export`; those of `vigie` stand alone."""
    if not isinstance(command, click.Group) or command is vigie:
        return []
    context = click.Context(command)
    found = [command.get_command(context, name) for name in command.list_commands(context)]
    return [inner for inner in found if inner]


COMMANDS_PAGE = read(REFERENCE / "commands.md")


def documented_options(text: str) -> set[str]:
    return {word for cell in rows(text) for word in re.findall(r"--[a-z-]+", cell)}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented_with_its_options(name):
    assert documented_options(sections(COMMANDS_PAGE)[name]) == options(loaded(name))


def test_the_global_options_are_documented():
    assert options(vigie) - {"--version"} <= documented_options(
        sections(COMMANDS_PAGE)["Options of every command"]
    )


def test_no_command_is_documented_that_there_is_not():
    assert set(sections(COMMANDS_PAGE)) - set(COMMANDS) == {"Options of every command"}


@pytest.mark.parametrize("name", COMMANDS)
def test_help_shows_examples(name):
    command = loaded(name)
    told = command.get_help(click.Context(command, info_name=name))
    assert "Examples:" in told
    assert f"vigie {name}" in told or "| vigie" in told


def test_the_help_of_the_program_shows_examples():
    assert "Examples:" in vigie.get_help(click.Context(vigie, info_name="vigie"))


def shown_commands() -> Iterator[tuple[str, list[str]]]:
    """Yield the words of every `vigie …` line that a page tells to type."""
    for path in PAGES:
        for block in blocks(read(path), "sh"):
            for line in block.replace("\\\n", "").splitlines():
                words = shlex.split(line, comments=True)
                for place, word in enumerate(words):
                    if word == "vigie" and words[:place] in ([], ["./run"]):
                        yield f"{name_of(path)}: {line}", words[place + 1 :]


@pytest.mark.parametrize(
    ("line", "words"), [pytest.param(*shown, id=shown[0]) for shown in shown_commands()]
)
def test_a_command_that_a_page_shows_exists(line, words):
    while words and words[0] in ("--config", "--data"):
        words = words[2:]
    if not words or words[0].startswith("-"):
        return
    assert words[0] in COMMANDS, line
    typed = {word.partition("=")[0] for word in words[1:] if re.match(r"--[a-z]", word)}
    assert typed <= options(loaded(words[0])) | {"--help"}, line


def errors(kind: type[VigieError] = VigieError) -> Iterator[type[VigieError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from errors(below)


def test_every_exit_status_is_documented():
    documented = set(rows(read(REFERENCE / "exit-statuses.md")))
    assert {str(kind.exit_status) for kind in errors()} <= documented
    told = re.search(r"Exit statuses: (.*)", vigie.epilog or "", re.DOTALL)
    assert told
    assert set(re.findall(r"\d+", told[1])) <= documented


# --- queries

QUERY_PAGE = read(REFERENCE / "query.md")


@pytest.mark.parametrize(
    "word", [*(f"{name}:" for name in FIELDS), *(f"is:{flag}" for flag in Flag)]
)
def test_every_field_and_flag_is_documented(word):
    assert f"`{word}" in QUERY_PAGE


def lines_of(language: str) -> list[str]:
    return [line for block in blocks(QUERY_PAGE, language) for line in block.splitlines() if line]


@pytest.mark.parametrize("query", lines_of("query"))
def test_every_query_that_is_shown_can_be_read(query):
    parse_query(query)


@pytest.mark.parametrize("query", lines_of("refused"))
def test_every_query_shown_as_refused_is(query):
    with pytest.raises(QueryError):
        parse_query(query)


# --- decisions

RECORDS = [path for path in PAGES if path.parent == DECISIONS and path.name != "README.md"]


def test_the_index_holds_every_decision_and_no_other():
    listed = re.findall(r"\]\((\d{4}-[^)]+\.md)\)", read(DECISIONS / "README.md"))
    assert listed == sorted(path.name for path in RECORDS)
    assert [int(name[:4]) for name in listed] == list(range(1, len(listed) + 1))


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_a_decision_has_its_context_and_its_consequences(path):
    text = read(path)
    assert list(sections(text)) == ["Context", "Decision", "Consequences"]
    assert all(part.strip() for part in sections(text).values())
    assert text.startswith(f"# {int(path.name[:4])}. ")


# --- links

LINK = re.compile(r"\]\((?P<target>[^)\s#]*)(?:#(?P<anchor>[^)\s]+))?\)")


def anchors(page: str) -> set[str]:
    titles = re.findall(r"^#+ +(.+)$", page, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


def without_code(page: str) -> str:
    return re.sub(r"```.*?```|`[^`\n]*`", "", page, flags=re.DOTALL)


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_no_link_is_dead(path):
    for link in LINK.finditer(without_code(read(path))):
        if re.match(r"[a-z]+:", link["target"]):
            continue
        target = path.parent / link["target"] if link["target"] else path
        assert target.exists(), link[0]
        if link["anchor"]:
            assert link["anchor"] in anchors(read(target)), link[0]


# --- docstrings

PACKAGES = [
    *tomllib.loads(read(ROOT / "pyproject.toml"))["tool"]["setuptools"]["packages"],
    "bench",
]
MODULES = [
    path for path in FILES if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in PACKAGES
]

Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def public(node: Documented, name: str) -> Iterator[tuple[str, Documented]]:
    """Yield a module or class, and the public functions and classes in it, with their names."""
    yield name, node
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return
    for inner in node.body:
        if isinstance(inner, Documented) and not inner.name.startswith("_"):
            yield from public(inner, f"{name}.{inner.name}")


def test_the_map_of_the_crawler_names_every_module_once():
    modules = (path.stem for path in ROOT.glob("crawler/*.py") if path.stem != "__init__")
    shown = " ".join(cells[2] for cells in rows_of_the_map("Inside crawler/"))
    assert sorted(re.findall(r"`(\w+)`", shown)) == sorted(modules)


@pytest.mark.parametrize("package", ["nlp", "store", "app"])
def test_the_map_of_a_package_names_every_module_once_in_its_folder(package):
    shown: dict[str, list[str]] = {}
    folder = ""
    for first, _, modules in rows_of_the_map(f"Inside {package}/"):
        folder = first.strip("` /") or folder
        shown.setdefault(folder, []).extend(re.findall(r"`(\w+)`", modules))
    held = [path for path in ROOT.glob(f"{package}/**/*.py") if not path.stem.startswith("__")]
    commands = f"{package}/commands"
    assert shown.pop(commands, []) == []
    for name in {path.parent.relative_to(ROOT).as_posix() for path in held} - {commands}:
        here = [path.stem for path in held if path.parent == ROOT / name]
        assert sorted(shown.pop(name)) == sorted(here), name
    assert not shown


def rows_of_the_map(title):
    table = sections(read(ROOT / "docs/architecture.md"))[title]
    rows = [line.strip("|").split("|") for line in table.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def test_every_package_holds_modules():
    folders = {package.split(".")[0] for package in PACKAGES}
    assert {path.relative_to(ROOT).parts[0] for path in MODULES} == folders


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_everything_public_has_a_docstring(path):
    for name, node in public(ast.parse(read(path)), name_of(path)):
        assert ast.get_docstring(node), name


# --- what no file may hold

FORBIDDEN = {
    # set-up takes the registry of whoever runs it
    "a package registry": re.compile(
        r"\b(?:pypi|pythonhosted|npmjs|anaconda|rubygems)\.(?:org|com)\b|\bcrates\.io\b"
    ),
    "a path of a machine": re.compile(
        r"(?<![\w.~/-])(?:file://)?/(?:root|home|tmp|work|mnt|Users|private/var|var/tmp)/"
    ),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_names(what):
    for path in FILES:
        try:
            text = read(path)
        except UnicodeDecodeError:
            continue
        found = FORBIDDEN[what].search(text)
        line = text.count("\n", 0, found.start()) + 1 if found else 0
        assert not found, f"{name_of(path)}, line {line}: {found[0]}"
