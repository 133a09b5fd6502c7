"""`vigie restore`: a backup put in the place of what is there."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.backing_up import facts_of, size, telling
from app.output import note, print_json, print_sentence, print_table
from app.workplace import Workplace, utc_now
from model.plurals import count

if TYPE_CHECKING:
    from store.backup.folders import Backup
    from store.backup.restoring import Restored


@click.command("restore")
@click.argument("backup", required=False, type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--to",
    "data",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DATA",
    help="The data folder to restore into (default: that of --data).",
)
@click.option("--replace", is_flag=True, help="Move what is there aside, if anything is.")
@click.option("--check", is_flag=True, help="Only compare everything in the backup; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(
    workplace: Workplace,
    backup: Path | None,
    data: Path | None,
    *,
    replace: bool,
    check: bool,
    as_json: bool,
) -> int:
    """Put BACKUP in the place of the data; without BACKUP, list the backups there are.

    Everything in it is compared first. A folder that holds anything is left alone without
    --replace, and with it what was there is moved aside within that folder: nothing is deleted.
    A digest that may have been sent after the backup was made is `unknown` afterwards and is
    not sent again before you ask for it (`vigie digest --send --unknown-too`). The configuration
    stays as it is; the backup holds a copy. A restore that was broken off is ended by
    `vigie restore` without more. Exit status 5 when the backup is damaged.

    \b
    Examples:
      vigie restore
      vigie restore /media/disk/vigie/vigie-20261123T040000Z --check
      vigie restore /media/disk/vigie/vigie-20261123T040000Z --replace
    """
    from store.backup.restoring import check_backup, end_restore, restore

    target, now = data or workplace.data, utc_now().replace(microsecond=0)
    ended = None if check else end_restore(target, now=now)
    if ended is not None:
        return _show_restored(ended, target, as_json=as_json)
    if backup is None:
        return _list(workplace.data, as_json=as_json)
    with telling() as tell:
        if check:
            return _show_checked(check_backup(backup, tell), as_json=as_json)
        done = restore(backup, target, now=now, may_replace=replace, tell=tell)
    return _show_restored(done, target, as_json=as_json)


def _list(data: Path, *, as_json: bool) -> int:
    from store.backup.folders import find_backups

    found = find_backups(data)
    if as_json:
        print_json([facts_of(one) for one in found])
    elif found:
        print_table(
            "Backups",
            ("made (UTC)", "articles", "size", "state", "backup"),
            [_row(one) for one in found],
        )
    else:
        note(f"There is no backup of {data}: `vigie backup` makes one.")
    return 0


def _row(one: "Backup") -> tuple[str, ...]:
    facts = one.facts
    state = "good" if one.is_good else "damaged data"
    made = f"{facts.made_at:%Y-%m-%d %H:%M}"
    return made, str(facts.rows["article"]), size(facts.total_bytes), state, str(one.folder)


def _show_checked(found: "Backup", *, as_json: bool) -> int:
    facts = found.facts
    for damage in facts.damages:
        note(f"vigie: {damage}: it was so when the backup was made")
    if as_json:
        print_json(facts_of(found))
    else:
        print_sentence(
            f"{found.folder}: all {count(facts.files, 'file')} are as they were written."
        )
    return 0 if found.is_good else 5


def _show_restored(done: "Restored", data: Path, *, as_json: bool) -> int:
    for damage in done.damages:
        note(f"vigie: {damage}: it was so when the backup was made")
    if as_json:
        print_json(
            {
                "restored": str(data),
                "backup": str(done.backup.folder) if done.backup else None,
                "aside": done.aside or None,
                "captures": done.captures,
                "damages": done.damages,
            }
        )
        return 5 if done.damages else 0
    _say_restored(done, data)
    return 5 if done.damages else 0


def _say_restored(done: "Restored", data: Path) -> None:
    if done.backup is None:
        print_sentence(f"The restore into {data} that was broken off is ended.")
    else:
        facts = done.backup.facts
        print_sentence(
            f"{data} is as it was on {facts.made_at:%Y-%m-%d %H:%M} UTC:"
            f" {count(facts.rows['article'], 'article')}, {count(done.captures, 'capture')}."
        )
    if done.aside:
        print_sentence(f"What was there before lies in {done.aside}.")
    note(
        "Digests that may have been sent since then are not sent again by themselves:"
        " `vigie digest --send --unknown-too` sends one."
    )
    if done.backup and (done.backup.folder / "config.toml").is_file():
        note(f"The configuration of that time is {done.backup.folder / 'config.toml'}.")
