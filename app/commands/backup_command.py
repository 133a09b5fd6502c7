"""`vigie backup`: everything that is held, copied whole while others write."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.backing_up import facts_of, size, telling
from app.output import note, print_json, print_sentence
from app.workplace import Workplace, utc_now
from model.plurals import count

if TYPE_CHECKING:
    from store.backup.making import Made


@click.command("backup")
@click.option(
    "--to",
    "place",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIRECTORY",
    help="Where backups are kept (default: backups in the data folder); best another disk.",
)
@click.option(
    "--keep",
    type=click.IntRange(1),
    metavar="N",
    help="Afterwards remove all but the last N good backups of this data folder.",
)
@click.option("--full", is_flag=True, help="Copy and compare every file anew; link to none.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(
    workplace: Workplace, place: Path | None, keep: int | None, *, full: bool, as_json: bool
) -> int:
    """Back up the database, every capture and the configuration; others may write meanwhile.

    The copy is checked before it is called a backup: the database with itself and with the rows
    it must have, every file by its SHA-256, new captures with their proof. Files that the last
    backup there holds already are linked to and take no room. What is broken off, or does not
    fit on the disk, leaves nothing behind. Exit status 5 when the data itself is damaged: then a
    damaged capture is named, and no older backup is removed.

    \b
    Examples:
      vigie backup
      vigie backup --to /media/disk/vigie --keep 14
    """
    from crawler import PROGRAM
    from store.backup.making import Wanted, make_backup

    wanted = Wanted(
        now=utc_now().replace(microsecond=0),
        program=PROGRAM,
        config=workplace.config_path if workplace.config_path.is_file() else None,
        keep=keep,
        is_full=full,
    )
    with telling() as tell:
        made = make_backup(workplace.data, place or workplace.data / "backups", wanted, tell)
    for damage in made.backup.facts.damages:
        note(f"vigie: {damage}: it is so in {workplace.data}, and so in this backup")
    if as_json:
        print_json(_as_json(made))
    else:
        _show(made)
    return 0 if made.backup.is_good else 5


def _as_json(made: "Made") -> dict[str, object]:
    return facts_of(made.backup) | {
        "copied_files": made.copied_files,
        "copied_bytes": made.copied_bytes,
        "linked_files": made.linked_files,
        "removed": made.removed,
    }


def _show(made: "Made") -> None:
    facts = made.backup.facts
    rows = facts.rows
    print_sentence(f"Backup: {made.backup.folder}")
    print_sentence(
        f"{count(rows['article'], 'article')} and {count(rows['capture'], 'capture')} in"
        f" {count(facts.files, 'file')}, {size(facts.total_bytes)}, copied and compared:"
        f" {size(made.copied_bytes)} new, {count(made.linked_files, 'file')} as in the backup"
        " before."
    )
    for folder in made.removed:
        print_sentence(f"Removed: {folder}")
