"""Where a key of a TOML file stands, for error messages.

It never judges the file: `tomllib` has read it before.
"""

import re
from collections.abc import Iterator

KeyPath = tuple[str | int, ...]
"""Keys and, inside arrays of tables, indexes from 0: `("sources", 2, "kind")`."""

_TABLE = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"""\s*("[^"]*"|'[^']*'|[A-Za-z0-9_.-]+)\s*=""")
_LONG_QUOTE = re.compile(r"\"\"\"|'''")


def find_line(text: str, path: KeyPath) -> int | None:
    """Return the line, from 1, of the key at `path` or of its nearest written parent."""
    lines = dict(reversed([(key, line) for line, key in _keys(text)]))
    while path:
        if path in lines:
            return lines[path]
        path = path[:-1]
    return None


def _keys(text: str) -> Iterator[tuple[int, KeyPath]]:
    """Yield the line and path of every table header and key, in the order of the file."""
    counts: dict[KeyPath, int] = {}
    table: KeyPath = ()
    in_long_string = False
    for number, line in enumerate(text.splitlines(), start=1):
        was_inside = in_long_string
        in_long_string ^= len(_LONG_QUOTE.findall(line)) % 2 == 1
        if was_inside:
            continue
        if header := _TABLE.match(line):
            table = _header_path(header[1], header[2], counts)
            yield number, table
        elif key := _KEY.match(line):
            yield number, (*table, *_split(key[1]))


def _header_path(brackets: str, name: str, counts: dict[KeyPath, int]) -> KeyPath:
    path: KeyPath = tuple(_split(name))
    if brackets == "[":
        return path
    index = counts.get(path, -1) + 1
    counts[path] = index
    return (*path, index)


def _split(name: str) -> list[str]:
    if name[0] in "\"'":
        return [name[1:-1]]
    return [part.strip() for part in name.split(".")]
