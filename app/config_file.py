"""A configuration file: read with its selectors checked, and sources written into it.

Comments and order are kept. A source that stands there already is left as it is, and nothing is
written that could not be read again.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from model.config import Config, error_at, load_config, parse_config
from model.errors import ConfigError, CrawlError
from model.secrets import holds_secret
from model.source import Source
from model.toml_lines import KeyPath, find_line


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a source stands in a configuration: its table, from 1, and the line."""

    source: Source
    number: int
    line: int | None


def load_whole_config(path: Path) -> Config:
    """Return the configuration in `path`, its CSS selectors checked too.

    Raises ConfigError naming the file, the line, the key and what to write instead.
    """
    config = load_config(path)
    _check(config, path, None)
    return config


def find_source(path: Path, url: str) -> Place | None:
    """Return the source of a configuration that an address means, however it is spelt."""
    wanted = source_key_or_same(url)
    for index, source in enumerate(load_config(path).sources):
        if source_key_or_same(source.url) == wanted:
            line = find_line(path.read_text(encoding="utf-8-sig"), ("sources", index))
            return Place(source=source, number=index + 1, line=line)
    return None


class Added(msgspec.Struct, frozen=True, kw_only=True):
    """How many sources were written, and whether others could read the file until then.

    They no longer can where what was written holds a login, a token or a key.
    """

    sources: int
    is_closed: bool = False


def add_sources(path: Path, sources: Sequence[Source]) -> Added:
    """Add what `path` does not name yet, under any spelling, and return how much that is."""
    before = load_config(path)
    known = {source_key_or_same(source.url) for source in before.sources}
    new = [source for source in _once(sources) if source_key_or_same(source.url) not in known]
    if not new:
        return Added(sources=0)
    text = _with_tables(path, new)
    after = parse_config(text, str(path))
    if after != msgspec.structs.replace(before, sources=(*before.sources, *new)):
        raise ConfigError(f"{path}: its [[sources]] tables stand apart: put them together first")
    _check(after, path, text)
    is_closed = any(holds_secret(source.url) for source in new) and _is_open(path)
    (write_private if is_closed else write_text)(path, text)
    return Added(sources=len(new), is_closed=is_closed)


def _is_open(path: Path) -> bool:
    """Tell whether others than its owner can do anything with a file."""
    return bool(path.stat().st_mode & 0o077)


def say_closed(path: Path) -> str:
    """Return the sentence that tells a person why a file's rights are not what they were."""
    return (
        f"{path} now holds a login, a token or a key: it is readable by you alone (mode 600),"
        " which it was not before."
    )


def _with_tables(path: Path, sources: Sequence[Source]) -> str:
    import tomlkit
    from tomlkit.items import AoT

    document = tomlkit.parse(path.read_text(encoding="utf-8-sig"))
    is_first = "sources" not in document
    if is_first:
        document.add(tomlkit.nl())
        document.add("sources", tomlkit.aot())
    tables = document["sources"]
    if not isinstance(tables, AoT):
        raise ConfigError(f"{path}: write the sources as [[sources]] tables, not as a list")
    following = _take_following(tables[-1]) if len(tables) else []
    for number, source in enumerate(sources):
        if len(tables) and not is_first:
            _end_of(tables[-1]).append((None, tomlkit.nl()))
        table = tomlkit.table()
        for key, value in _written(source).items():
            table[key] = _inline(value) if isinstance(value, dict) else value
        if number == len(sources) - 1:
            _end_of(table).extend(following)
        tables.append(table)
    return tomlkit.dumps(document)


def _take_following(table: Any) -> list[Any]:
    """Take out what stands behind a table's last key: comments there introduce what follows."""
    body = _end_of(table)
    taken: list[Any] = []
    while body and body[-1][0] is None:
        taken.insert(0, body.pop())
    return taken


def _end_of(table: Any) -> list[Any]:
    """Return the keys and comments of a table's last part, which may be a table below it."""
    from tomlkit.items import Table

    body: list[Any] = table.value.body
    last = body[-1][1] if body else None
    return _end_of(last) if isinstance(last, Table) else body


def _inline(fields: dict[str, Any]) -> Any:
    import tomlkit

    table = tomlkit.inline_table()
    table.update(fields)
    return table


def _written(source: Source) -> dict[str, Any]:
    """Return the keys of a source that differ from their defaults, with those one looks for."""
    fields = msgspec.to_builtins(source)
    usual = msgspec.to_builtins(Source(url=""))
    shown = {name: value for name, value in fields.items() if value != usual[name]}
    if "article" in shown:
        shown["article"] = {name: value for name, value in shown["article"].items() if value}
    start = {"name": source.name} if source.name else {}
    always = {"url": source.url, "kind": str(source.kind)}
    return {**start, **always, **shown, "checked": source.checked}


def _check(config: Config, path: Path, text: str | None) -> None:
    for key, sentence in _selector_faults(config):
        written = path.read_text(encoding="utf-8-sig") if text is None else text
        raise error_at(written, str(path), key, sentence)


def _selector_faults(config: Config) -> Iterator[tuple[KeyPath, str]]:
    """Yield what is wrong with the CSS selectors of sources; none is looked at where none is."""
    for index, source in enumerate(config.sources):
        named: list[tuple[KeyPath, str]] = [(("selector",), source.selector)]
        named += [
            (("article", field), getattr(source.article, field))
            for field in source.article.__struct_fields__
        ]
        for key, selector in named:
            if selector and (fault := _selector_fault(selector)):
                yield ("sources", index, *key), fault


def _selector_fault(selector: str) -> str | None:
    from crawler.selectors import selector_fault

    return selector_fault(selector)


def source_key_or_same(url: str) -> str:
    """Return what is the same for all spellings of an address, or itself when it is none."""
    from crawler.addresses import source_key

    try:
        return source_key(url)
    except CrawlError:
        return url


def _once(sources: Sequence[Source]) -> list[Source]:
    return list({source_key_or_same(source.url): source for source in reversed(sources)}.values())[
        ::-1
    ]


def write_text(path: Path, text: str) -> None:
    """Replace a file's text whole, or leave the old one; its mode stays."""
    _replace(path, text, path.stat().st_mode & 0o777 if path.exists() else 0o600)


def write_private(path: Path, text: str) -> None:
    """Write a file whole, readable by its owner alone, whatever stood there."""
    _replace(path, text, 0o600)


def _replace(path: Path, text: str, mode: int) -> None:
    """Write the file a link leads to, beside it first; others cannot read what is half written."""
    whole = path.resolve()
    part = whole.with_name(f"{whole.name}.part")
    part.unlink(missing_ok=True)
    with os.fdopen(
        os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text)
        file.flush()
        os.fchmod(file.fileno(), mode)
        os.fsync(file.fileno())
    part.replace(whole)
