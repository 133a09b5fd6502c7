"""The configuration: what is refused and how; the files we ship say what the schema says."""

import re
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from app.commands.init_command import command as init
from app.template import CONFIG_TEMPLATE
from model.config import Config, load_config, parse_config
from model.errors import ConfigError
from model.mention import EntityKind
from model.query import parse_query
from model.source import SourceKind
from model.toml_lines import find_line

ROOT = Path(__file__).resolve().parent.parent

LEAST = """\
[affair]
name = "The harbour contract"
match = "harbour"
"""

# what stands in the files we ship to show how a key is written, as its default is nothing
EXAMPLES = {
    ("entities", "name"),
    ("entities", "aliases"),
    ("sources", "url"),
    ("sources", "lang"),
    ("digests", "name"),
    ("crawler", "hosts"),
}


def refusal(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        parse_config(text, "affair.toml")
    return str(caught.value)


def defaults(struct: type[msgspec.Struct]) -> dict[str, Any]:
    """Return the value that each optional key of a table has when it is left out."""
    fields = [field for field in msgspec.structs.fields(struct) if not field.required]
    values = {
        field.name: (
            field.default_factory()
            if field.default_factory is not msgspec.NODEFAULT
            else field.default
        )
        for field in fields
    }
    built: dict[str, Any] = msgspec.to_builtins(values)
    return {key: list(value) if isinstance(value, tuple) else value for key, value in built.items()}


def schema() -> list[tuple[str, type[msgspec.Struct]]]:
    """Return every table of the file with the type that holds its keys."""
    tables = []
    for field in msgspec.structs.fields(Config):
        inner = getattr(field.type, "__args__", (field.type,))[0]
        tables.append((field.name, inner))
    return tables


TABLES = schema()


def in_full(text: str) -> dict[str, Any]:
    """Return what a file says when every key that is commented out is taken in."""
    return tomllib.loads(re.sub(r'^# (?=\[|"?[\w.]+"? = )', "", text, flags=re.MULTILINE))


def template_in_full() -> dict[str, Any]:
    return in_full(CONFIG_TEMPLATE.replace("@NAME@", '"x"').replace("@MATCH@", '"x"'))


def shipped_in_full() -> dict[str, Any]:
    return in_full((ROOT / "config.toml").read_text(encoding="utf-8"))


def shipped() -> dict[str, Any]:
    return tomllib.loads((ROOT / "config.toml").read_text(encoding="utf-8"))


FILES = {"the template": template_in_full, "config.toml": shipped_in_full}


# --- what is accepted


def test_a_name_and_a_rule_are_enough():
    config = parse_config(LEAST)
    assert config.affair.name == "The harbour contract"
    assert config.affair.timezone == "Europe/Paris"
    assert (config.entities, config.sources, config.digests) == ((), (), ())


def test_the_shipped_affair_loads():
    config = load_config(ROOT / "config.toml")
    assert "BriefCam" in {entity.name for entity in config.entities}
    assert len(config.digests) == 1


def test_addresses_that_nobody_saw_answer_are_marked():
    config = load_config(ROOT / "config.toml")
    assert config.sources
    assert not any(source.checked for source in config.sources)


@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "with a byte order mark"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"], ids=["lines of Unix", "lines of Windows"])
def test_a_file_is_read_whatever_wrote_it(tmp_path, mark, ending):
    path = tmp_path / "config.toml"
    path.write_bytes((mark + LEAST.replace("\n", ending)).encode())
    assert load_config(path).affair.match == "harbour"


@pytest.mark.parametrize("host", ["a.example", "b.test", "c.invalid", "d.localhost"])
def test_reserved_names_can_be_pinned_to_this_machine(host):
    config = parse_config(f'{LEAST}[crawler.hosts]\n"{host}" = "127.0.0.1:8081"\n')
    assert config.crawler.hosts == {host: "127.0.0.1:8081"}


# --- what is refused: the line, the key, what to write instead

WRONG = {
    "a table": ("[crawlr]\n", 4, "crawlr", "did you mean `crawler`?"),
    "a key": ("[crawler]\ntimout_s = 3\n", 5, "crawler.timout_s", "did you mean `timeout_s`?"),
    "a key like no other": ("[web]\nx = 3\n", 5, "web.x", "the keys here are host, port"),
    "a key of the second source": (
        '[[sources]]\nurl = "http://a.example"\n[[sources]]\nurl = "http://b.example"\nkid = ""\n',
        8,
        "sources.2.kid",
        "did you mean `kind`?",
    ),
    "a key in one line": ('[web]\n[[sources]]\nurl = ""\nnme = ""\n', 7, "sources.1.nme", "`name`"),
    "a type": ('[crawler]\ntimeout_s = "3"\n', 5, "crawler.timeout_s", "expected `number`"),
    "a yes for a number": ("[web]\nport = true\n", 5, "web.port", "expected `integer`"),
    "one alias without its list": (
        '[[entities]]\nname = "CNIL"\naliases = "Cnil"\n',
        6,
        "entities.1.aliases",
        "expected `array`, got `string`",
    ),
    "one table for many": ('[sources]\nurl = ""\n', 4, "sources", "expected `array`, got `table`"),
    "a pinned number": ('[crawler.hosts]\n"a.example" = 3\n', 5, "hosts.a.example", "`string`"),
    "a model's name": ("[nlp.models]\nen = 3\n", 5, "nlp.models.en", "expected `string`"),
    "a kind of source": (
        '[[sources]]\nurl = "http://a.example"\nkind = "fed"\n',
        6,
        "sources.1.kind",
        "did you mean `feed`? It is one of feed, sitemap, page, document",
    ),
    "a kind of entity": (
        '[[entities]]\nname = "CNIL"\nkind = "organization"\n',
        6,
        "entities.1.kind",
        "did you mean `organisation`?",
    ),
    "a source without address": ('[[sources]]\nname = "A"\n', 4, "sources.1", "`url` is missing"),
    "another scheme": ('[[sources]]\nurl = "file:///x"\n', 5, "sources.1.url", "http:// or https"),
    "one source twice": (
        '[[sources]]\nurl = "http://a.example"\n[[sources]]\nurl = "http://a.example"\n',
        7,
        "sources.2.url",
        "stands twice",
    ),
    "a nameless entity": ('[[entities]]\nname = " "\n', 5, "entities.1.name", "the name is empty"),
    "a nameless list": ('[[digests]]\nname = ""\n', 5, "digests.1.name", "the name is empty"),
    "a query of a list": (
        '[[digests]]\nname = "d"\nquery = "(a"\n',
        6,
        "digests.1.query",
        "This parenthesis is never closed.",
    ),
    "an hour": ('[[digests]]\nname = "d"\nat = "7h"\n', 6, "digests.1.at", "write e.g. 07:00"),
    "a language of a list": (
        '[[digests]]\nname = "d"\nlanguage = "de"\n',
        6,
        "digests.1.language",
        "It is one of fr, en",
    ),
    "a recipient": ('[[digests]]\nname = "d"\nto = ["a"]\n', 6, "digests.1.to", "no mail address"),
    "mail in clear": ('[mail]\nsecurity = "none"\n', 5, "mail.security", "write starttls or tls"),
    "a mail port": ("[mail]\nport = 0\n", 5, "mail.port", "a number up to 65535"),
    "a port": ("[web]\nport = 99999\n", 5, "web.port", "a number up to 65535"),
    "no patience": ("[crawler]\ntimeout_s = 0\n", 5, "crawler.timeout_s", "greater than 0"),
    "a time that is none": ("[crawler]\ntimeout_s = nan\n", 5, "crawler.timeout_s", "nan must"),
    "endless patience": ("[crawler]\ntimeout_s = inf\n", 5, "crawler.timeout_s", "inf must"),
    "a gap back in time": ("[crawler]\nper_host_gap_s = -1\n", 5, "per_host_gap_s", "0 or greater"),
    "no rhythm": ("[schedule]\nevery_minutes = 0\n", 5, "schedule.every_minutes", "greater than"),
    "a real site pinned": (
        '[crawler.hosts]\n"www.cnil.fr" = "127.0.0.1:80"\n',
        5,
        "crawler.hosts.www.cnil.fr",
        "only reserved names",
    ),
    "a name that only ends like a reserved one": (
        '[crawler.hosts]\n"notexample" = "127.0.0.1:80"\n',
        5,
        "crawler.hosts.notexample",
        "only reserved names",
    ),
    "pinned to another machine": (
        '[crawler.hosts]\n"a.example" = "10.0.0.1:80"\n',
        5,
        "crawler.hosts.a.example",
        "must be 127.0.0.1:port",
    ),
    "pinned to no port": (
        '[crawler.hosts]\n"a.example" = "127.0.0.1:99999"\n',
        5,
        "crawler.hosts.a.example",
        "must be 127.0.0.1:port",
    ),
}


@pytest.mark.parametrize(("added", "line", "key", "remedy"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_named_with_its_line_and_what_to_write(added, line, key, remedy):
    message = refusal(LEAST + added)
    assert message.startswith(f"affair.toml, line {line}: ")
    assert f"{key}: " in message
    assert remedy in message


WRONG_AFFAIRS = {
    "no rule": ('[affair]\nname = "a"\n', "line 1: affair: `match` is missing"),
    "an empty rule": ('[affair]\nname = "a"\nmatch = " "\n', "line 3: affair.match: the rule is"),
    "a rule of marks": ('[affair]\nname = "a"\nmatch = "…"\n', "line 3: affair.match: the rule is"),
    "an open rule": ('[affair]\nname = "a"\nmatch = "(b"\n', "line 3: affair.match: This paren"),
    "no name": ('[affair]\nname = ""\nmatch = "b"\n', "line 2: affair.name: the name is empty"),
    "a list of affairs": ('[[affair]]\nname = "a"\n', "affair: expected `table`, got `array`"),
    "nothing of it": ("[web]\nport = 80\n", "`affair` is missing"),
    "only a comment": ("# soon\n", "`affair` is missing"),
}


@pytest.mark.parametrize(("text", "sentence"), WRONG_AFFAIRS.values(), ids=WRONG_AFFAIRS)
def test_an_affair_without_name_or_rule_is_refused(text, sentence):
    assert sentence in refusal(text)


@pytest.mark.parametrize("zone", ["Paris", "", "../etc", "Europe", "a" * 300])
def test_a_place_that_is_no_time_zone_is_refused(zone):
    message = refusal(f'{LEAST}timezone = "{zone}"\n')
    assert message.startswith("affair.toml, line 4: affair.timezone: ")


def test_a_line_inside_a_long_text_is_no_key():
    text = LEAST.replace('"harbour"', "'''\n[crawler]\ntimout_s = 1\n'''")
    assert refusal(f"{text}[crawler]\ntimout_s = 3\n").startswith("affair.toml, line 8: ")


@pytest.mark.parametrize("text", ["", " \n\t\n"], ids=["empty", "blank"])
def test_an_empty_file_is_refused_with_the_way_out(text):
    assert refusal(text) == ("affair.toml is empty: restore it, or write one with `vigie init`")


@pytest.mark.parametrize(
    "end", ["[affa", 'name = "The harb', "match = ", "match"], ids=["table", "text", "value", "key"]
)
def test_half_a_file_is_refused(end):
    half = LEAST[: LEAST.index(end) + len(end)]
    assert "affair.toml is not valid TOML: " in refusal(half)


def test_a_file_that_is_not_there_says_how_to_write_one(tmp_path):
    path = tmp_path / "config.toml"
    with pytest.raises(ConfigError, match="does not exist: give another with --config, or write"):
        load_config(path)


UNREADABLE = {"a folder": None, "no text": b"[affair]\nname = \xff\n"}


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_refused_by_its_path(tmp_path, content):
    path = tmp_path / "config.toml"
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match="cannot be read") as caught:
        load_config(path)
    assert str(path) in str(caught.value)


@given(st.integers(0, len(CONFIG_TEMPLATE)))
def test_a_file_cut_anywhere_loads_or_is_refused(length):
    filled = CONFIG_TEMPLATE.replace("@NAME@", '"x"').replace("@MATCH@", '"x"')
    try:
        parse_config(filled[:length])
    except ConfigError as error:
        assert str(error).startswith("config.toml")


@given(st.text(alphabet=st.sampled_from("[]\"'=.#\n abcé0\x00")))
def test_looking_for_a_line_never_fails(text):
    line = find_line(text, ("a", 0, "b"))
    assert line is None or 1 <= line <= len(text.splitlines())


# --- where a key stands

LINES = """\
top = 1
[a]
key = 1
"quoted key" = 1
dotted.key = 1
[[list]]
key = 1
[[list]]
other = 1
key = 1
[list.below]
key = 1
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("top",), 1),
        (("a",), 2),
        (("a", "key"), 3),
        (("a", "quoted key"), 4),
        (("a", "dotted", "key"), 5),
        (("list", 0, "key"), 7),
        (("list", 1, "key"), 10),
        (("list", 1, "absent"), 8),
        (("absent", "key"), None),
    ],
    ids=lambda value: ".".join(map(str, value)) if isinstance(value, tuple) else "",
)
def test_a_key_is_found_on_its_line(path, line):
    assert find_line(LINES, path) == line


# --- the files we ship say what the schema says


def rows_of(table: str, content: dict[str, Any]) -> list[dict[str, Any]]:
    found = content.get(table, {})
    return found if isinstance(found, list) else [found]


@pytest.mark.parametrize("read", FILES.values(), ids=FILES)
@pytest.mark.parametrize(("table", "struct"), TABLES, ids=[name for name, _ in TABLES])
def test_every_key_stands_in_the_files_we_ship(read, table, struct):
    rows = rows_of(table, read())
    assert set().union(*rows) == set(struct.__struct_fields__)


@pytest.mark.parametrize(("table", "struct"), TABLES, ids=[name for name, _ in TABLES])
def test_the_template_shows_the_default_of_every_key(table, struct):
    (row,) = rows_of(table, template_in_full())
    expected = {
        key: value for key, value in defaults(struct).items() if (table, key) not in EXAMPLES
    }
    assert {key: row[key] for key in expected} == expected


@pytest.mark.parametrize("table", ["schedule", "crawler", "nlp", "mail", "web"])
def test_the_shipped_affair_shows_the_default_of_every_setting(table):
    (row,) = rows_of(table, shipped())
    assert row == defaults(dict(TABLES)[table])


@pytest.mark.parametrize(
    "kinds", [EntityKind, SourceKind], ids=["kinds of entities", "kinds of sources"]
)
@pytest.mark.parametrize("text", [CONFIG_TEMPLATE, "config.toml"], ids=list(FILES))
def test_every_kind_is_named_in_the_files_we_ship(kinds, text):
    if text == "config.toml":
        text = (ROOT / text).read_text(encoding="utf-8")
    comments = " ".join(line for line in text.splitlines() if line.startswith("#"))
    assert all(re.search(rf"\b{kind}\b", comments) for kind in kinds)


# --- vigie init


def run_init(*arguments: str):
    return CliRunner().invoke(init, arguments)


NAMES = {
    "plain": "The harbour contract",
    "with quotation marks": 'Le « contrat » "du port"',
    "with a backslash": "C:\\harbour",
    "with a line end": "The\nharbour",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_init_writes_a_file_that_loads(tmp_path, name):
    told = run_init(str(tmp_path / "a folder"), "--name", name)
    assert told.exception is None
    path = tmp_path / "a folder/config.toml"
    config = load_config(path)
    assert config.affair.name == name
    assert path.stat().st_mode & 0o077 == 0


def test_what_init_leaves_out_has_its_default(tmp_path):
    run_init(str(tmp_path), "--name", "harbour")
    written = load_config(tmp_path / "config.toml")
    assert written == Config(affair=written.affair)


def test_init_writes_the_rule_it_is_given(tmp_path):
    match = 'entity:"The port" OR "harbour contract"'
    run_init(str(tmp_path), "--match", match)
    assert load_config(tmp_path / "config.toml").affair.match == match


def test_init_never_replaces_a_file(tmp_path):
    path = tmp_path / "config.toml"
    path.write_text("mine", encoding="utf-8")
    told = run_init(str(tmp_path))
    assert isinstance(told.exception, ConfigError)
    assert path.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    "options", [("--match", "(a"), ("--name", "..."), ("--match", "-")], ids=" ".join
)
def test_init_writes_nothing_that_would_be_refused(tmp_path, options):
    told = run_init(str(tmp_path / "new"), *options)
    assert isinstance(told.exception, ConfigError)
    assert not (tmp_path / "new").exists()


def test_the_shipped_rule_is_a_query():
    parse_query(shipped()["affair"]["match"])
