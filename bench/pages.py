"""The stored pages that the whole way is measured on.

It imports nothing heavy: a peer's process must not carry Vigie's weight.
"""

import gzip
from pathlib import Path

import msgspec


class StoredPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page on disk, gzipped, and where it was found."""

    file: Path
    url: str

    def html(self) -> bytes:
        """Return the page's bytes."""
        return gzip.decompress(self.file.read_bytes())


class _Truth(msgspec.Struct):
    file: str
    url: str


def load_pages(folder: Path, limit: int | None = None) -> list[StoredPage]:
    """Return the pages that `truth.jsonl` names, or so many spread evenly over them."""
    lines = (folder / "truth.jsonl").read_bytes().splitlines()
    truths = [msgspec.json.decode(line, type=_Truth) for line in lines]
    step = max(1, len(truths) // limit) if limit else 1
    chosen = truths[::step][:limit]
    return [StoredPage(file=folder / truth.file, url=truth.url) for truth in chosen]
