"""`vigie extract`: pages in, JSON lines out, no database."""

from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from app.output import print_json_line
from crawler.batch import extract_batch
from model.errors import InputError


class PageLine(msgspec.Struct, frozen=True):
    """One line of `--jsonl`."""

    path: str
    url: str | None = None


@click.command("extract")
@click.argument("paths", nargs=-1, type=click.Path(exists=True))
@click.option(
    "--jsonl",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file of JSON lines `path`, `url`; paths are relative to it, `.gz` is read as is.",
)
def command(paths: tuple[str, ...], jsonl: Path | None) -> int:
    """Read pages and print what they say, one JSON line each, in the order given.

    \b
    Examples:
      vigie extract page.html folder/
      vigie extract --jsonl pages.jsonl > articles.jsonl
    """
    if not paths and jsonl is None:
        raise click.UsageError("give files or folders, or --jsonl FILE")
    partly = False
    for line in extract_batch([*_named(paths), *_listed(jsonl)]):
        print_json_line(line)
        partly |= "error" in line
    return InputError.exit_status if partly else 0


def _named(paths: tuple[str, ...]) -> Iterator[tuple[str, str | None]]:
    for path in map(Path, paths):
        files = sorted(file for file in path.rglob("*") if file.is_file())
        yield from ((str(file), None) for file in (files if path.is_dir() else [path]))


def _listed(jsonl: Path | None) -> Iterator[tuple[str, str | None]]:
    if jsonl is None:
        return
    for number, line in enumerate(jsonl.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            page = _decode(line, jsonl, number)
            yield str(jsonl.parent / page.path), page.url


def _decode(line: str, jsonl: Path, number: int) -> PageLine:
    try:
        return msgspec.json.decode(line, type=PageLine)
    except msgspec.DecodeError as error:
        raise InputError(str(jsonl), number, f"{error}; each line is {{path, url}}") from error
