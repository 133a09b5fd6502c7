"""Sources written into a configuration file, its comments and order kept.

A source that stands there already is left as it is.
"""

import os
from collections.abc import Sequence
from pathlib import Path

import tomlkit
from tomlkit.items import AoT

from model.config import load_config
from model.errors import ConfigError
from model.source import Source


def add_sources(path: Path, sources: Sequence[Source]) -> int:
    """Add what `path` does not name yet, marked unchecked, and return how many that is."""
    known = {source.url for source in load_config(path).sources}
    new = [source for source in _once(sources) if source.url not in known]
    if not new:
        return 0
    document = tomlkit.parse(path.read_text(encoding="utf-8"))
    tables = document.setdefault("sources", tomlkit.aot())
    if not isinstance(tables, AoT):
        raise ConfigError(f"{path}: write the sources as [[sources]] tables, not as a list")
    for source in new:
        tables.append(_table(source))
    write_text(path, tomlkit.dumps(document))
    return len(new)


def write_text(path: Path, text: str) -> None:
    """Replace a file's text whole, or leave the old one."""
    part = path.with_name(f"{path.name}.part")
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o600
    with os.fdopen(
        os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w", encoding="utf-8"
    ) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _once(sources: Sequence[Source]) -> list[Source]:
    return list({source.url: source for source in reversed(sources)}.values())[::-1]


def _table(source: Source) -> tomlkit.items.Table:
    table = tomlkit.table()
    if source.name:
        table["name"] = source.name
    table["url"] = source.url
    table["kind"] = str(source.kind)
    if source.lang:
        table["lang"] = source.lang
    table["checked"] = False
    return table
