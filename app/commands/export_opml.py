"""`vigie export opml`: the configured sources as a list for other readers."""

from pathlib import Path

import click

from app.config_file import write_private
from app.exporting_opml import write_opml
from app.output import note
from app.workplace import Workplace
from model.plurals import count


@click.command("opml")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def command(workplace: Workplace, file: Path | None) -> None:
    """Write the configured sources as OPML, to FILE or to standard output.

    Other readers find titles and addresses; `vigie import` finds every setting. The addresses
    stand there as configured, with passwords and keys: a file is readable by you alone.

    \b
    Examples:
      vigie export opml sources.opml
      vigie export opml | less
    """
    sources = workplace.config().sources
    text = write_opml(sources)
    if file is None:
        click.echo(text, nl=False)
        return
    if not file.parent.is_dir():
        raise click.BadParameter(
            f"the folder {file.parent} does not exist: make it, or name a file elsewhere",
            param_hint="'FILE'",
        )
    write_private(file, text)
    note(
        f"{count(len(sources), 'source')} in {file}, readable by you alone: it holds their"
        " addresses as configured, with passwords and keys where they have some, and shows what"
        " you watch."
    )
