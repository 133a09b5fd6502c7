"""`vigie export opml`: the configured sources as a list for other readers."""

from pathlib import Path

import click

from app.exporting.writing import open_output, to_option
from app.output import note
from app.workplace import Workplace
from model.plurals import count


@click.command("opml")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@to_option
@click.pass_obj
def command(workplace: Workplace, file: Path | None, to: Path | None) -> None:
    """Write the configured sources as OPML, to FILE or to standard output.

    Other readers find titles and addresses; `vigie import` finds every setting. The addresses
    stand there as configured, with passwords and keys: a file is readable by you alone.

    \b
    Examples:
      vigie export opml sources.opml
      vigie export opml | less
    """
    from app.exporting.opml import write_opml

    if file and to:
        raise click.UsageError("name the file once: as FILE or with --to")
    target = file or to
    sources = workplace.config().sources
    with open_output(target) as out:
        out.write(write_opml(sources).encode())
    if target is not None and target.is_file():
        note(
            f"{count(len(sources), 'source')} in {target}, readable by you alone: it holds their"
            " addresses as configured, with passwords and keys where they have some, and shows"
            " what you watch."
        )
