"""`vigie extract`: pages in, JSON lines out, no database."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import msgspec

from app.output import note, print_json_line
from crawler.batch import Page, extract_batch
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
    faults = _print_pages(list(_named(paths)))
    if jsonl is not None:
        faults += _print_listed(jsonl)
    return InputError.exit_status if faults else 0


def _print_pages(pages: Sequence[Page], folder: Path | None = None) -> int:
    """Print a line for each page and return how many could not be read.

    `folder` is what the pages' paths are relative to; they are printed as they were given.
    """
    faults = 0
    asked = ((str(folder / path) if folder else path, url) for path, url in pages)
    given = {str(folder / path): path for path, _ in pages} if folder else {}
    for line in extract_batch(asked):
        print_json_line({**line, "path": given.get(line["path"], line["path"])})
        faults += "error" in line
    return faults


def _print_listed(jsonl: Path) -> int:
    """Print a line for each page that a file lists; a broken line stops no other."""
    pages: list[Page] = []
    faults = 0
    for number, line in enumerate(jsonl.read_bytes().splitlines(), start=1):
        if not line.strip():
            continue
        try:
            page = msgspec.json.decode(line, type=PageLine)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            faults += 1
            fault = InputError(str(jsonl), number, f"{error}; each line is {{path, url}}")
            note(f"vigie: {fault}")
            print_json_line({"path": None, "url": None, "error": str(fault)})
        else:
            pages.append((page.path, page.url))
    return faults + _print_pages(pages, jsonl.parent)


def _named(paths: tuple[str, ...]) -> Iterator[Page]:
    for path in map(Path, paths):
        files = sorted(file for file in path.rglob("*") if file.is_file())
        yield from ((str(file), None) for file in (files if path.is_dir() else [path]))
