"""`vigie verify`: whether all that is held still matches its proof."""

from typing import TYPE_CHECKING

import click

from app.asking import opened
from app.output import note, print_json, printable
from app.workplace import Workplace

if TYPE_CHECKING:
    from store.records import Verified


@click.command("verify")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(workplace: Workplace, *, as_json: bool) -> int:
    """Check every capture, its file, its chain, every text, and the database itself.

    What was changed, removed, added or cannot be read is named, a sentence each, with exit
    status 5. The last link of the chain is printed: kept elsewhere, it proves later that nothing
    before it was changed.

    \b
    Examples:
      vigie verify
      vigie verify --json
    """
    from store.verification import EvidenceError

    with opened(workplace) as held:
        try:
            verified, status = held.store.verify(), 0
        except EvidenceError as error:
            verified, status = error.verified, error.exit_status
    if as_json:
        print_json(verified)
    else:
        _show(verified)
    if not verified.captures:
        note("Nothing is captured yet: `vigie run` or `vigie import` first.")
    return status


def _show(verified: "Verified") -> None:
    for damage in verified.damages:
        note(f"vigie: {printable(damage)}")
    for torn in verified.notes:
        note(f"Note: {printable(torn)}; nothing that was kept is touched by it.")
    if not verified.damages:
        click.echo(f"{verified.captures} captures and {verified.versions} texts match their proof.")
    if verified.unlogged:
        click.echo(f"{verified.unlogged} whole records beside them are cited by no capture.")
    click.echo(f"Last link of the chain: {verified.head or '-'}")
