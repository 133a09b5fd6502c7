"""`vigie import`: files into the store."""

import sys
from pathlib import Path

import click

from app.config_file import say_closed
from app.importing import Importer, ImportSummary
from app.output import note, print_json, print_sentence, printable
from app.steps.processing import process_kept
from app.steps.relevance import Rule
from app.workplace import Workplace, utc_now
from model.errors import InputError
from model.plurals import count
from nlp.tagging import Tagger


@click.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.pass_obj
def command(workplace: Workplace, paths: tuple[Path, ...], *, as_json: bool) -> int:
    """Import records, pages, JSON lines, lists of feeds, web archives or addresses.

    Folders are read to any depth. Everything is stored whole; the affair's rule says what is
    relevant, and only that is tagged. Importing twice changes nothing. Feeds of an .opml file
    are added to the configuration. A broken file is named with its line and the others are
    imported (exit status 4).

    \b
    Examples:
      vigie import ../shared/seeds
      vigie import articles.jsonl feeds.opml archive.warc.gz
    """
    config = workplace.config()
    tagger = Tagger(config.entities, config.nlp, config.affair.timezone)
    with workplace.store() as store, store.lock("run"):
        rule = Rule(config, tagger, store.saved_queries())
        importer = Importer(store, rule, workplace.config_path, utc_now)
        summary = importer.import_paths(paths, _tell)
        _end_line()
        tagged = process_kept(store, tagger, utc_now, _tell_processing)
        _end_line()
    for error in summary.errors:
        note(f"vigie: {error}")
    if importer.added.is_closed:
        note(say_closed(workplace.config_path))
    for sentence in tagger.missing:
        note(f"vigie: {sentence}")
    if as_json:
        print_json(summary)
    else:
        print_sentence(_sentence(summary, tagged.tagged))
    return InputError.exit_status if summary.errors else 0


def _sentence(summary: ImportSummary, tagged: int) -> str:
    return (
        f"{count(summary.files, 'file')}: {count(summary.new, 'new article')}"
        f" ({summary.relevant} relevant), {summary.changed} changed, {summary.same} already held;"
        f" {count(summary.leads, 'new lead')}, {count(summary.sources, 'new source')};"
        f" {count(tagged, 'article')} tagged; {count(len(summary.errors), 'error')}."
    )


def _tell(path: str) -> None:
    _line(f"reading {Path(path).name}")


def _tell_processing(step: str, done: int, total: int) -> None:
    _line(f"{step} {done} of {total}")


def _line(text: str) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r\033[K{printable(text[:78])}", nl=False, err=True)


def _end_line() -> None:
    if sys.stderr.isatty():
        click.echo("\r\033[K", nl=False, err=True)
