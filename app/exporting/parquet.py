"""Articles as Parquet, for statistics over many of them.

It holds no more than one group of rows. It opens no file and asks the store nothing.
"""

from collections.abc import Iterable
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from store.exports import Exported

GROUP_ROWS = 4_000
GROUP_CHARS = 8 * 1024 * 1024
"""A group of rows is written when it holds so many rows or characters of text."""

_TIME = pa.timestamp("us", tz="UTC")
_TEXTS = pa.list_(pa.string())
_NUMBERS = frozenset(("article", "version", "versions"))
_FLAGS = frozenset(("dated_in_future", "relevant", "starred"))
_LISTS = frozenset(("authors", "addresses", "reasons", "entities", "stories", "tags", "notes"))


def _type_of(name: str) -> pa.DataType:
    if name in _NUMBERS:
        return pa.int64()
    if name in _FLAGS:
        return pa.bool_()
    if name.endswith(("_at", "_since")):
        return _TIME
    if name.endswith("_on"):
        return pa.date32()
    if name == "copy_of":
        return pa.list_(pa.int64())
    if name == "details":
        return pa.map_(pa.string(), pa.string())
    return _TEXTS if name in _LISTS else pa.string()


SCHEMA = pa.schema([(name, _type_of(name)) for name in Exported.__struct_fields__])


def write_parquet(articles: Iterable[Exported], out: BinaryIO) -> None:
    """Write one row an article, with the names and values of `vigie export jsonl`."""
    with pq.ParquetWriter(out, SCHEMA, compression="zstd") as writer:
        group: list[dict[str, Any]] = []
        chars = 0
        for article in articles:
            group.append(_row(article))
            chars += len(article.text)
            if len(group) >= GROUP_ROWS or chars >= GROUP_CHARS:
                writer.write_table(pa.Table.from_pylist(group, SCHEMA))
                group, chars = [], 0
        if group:
            writer.write_table(pa.Table.from_pylist(group, SCHEMA))


def _row(article: Exported) -> dict[str, Any]:
    row = {name: getattr(article, name) for name in SCHEMA.names}
    return row | {"details": list(article.details.items())}
