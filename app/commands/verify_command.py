"""`vigie verify`: whether every capture still matches its proof."""

import click

from app.asking import opened
from app.output import note, print_json
from app.workplace import Workplace


@click.command("verify")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(workplace: Workplace, *, as_json: bool) -> None:
    """Check every capture against its chain and its file, and the database itself.

    A changed, missing or unreadable capture is named, with exit status 5. The last link of the
    chain is printed: kept elsewhere, it proves later that nothing before it was changed.

    \b
    Examples:
      vigie verify
      vigie verify --json
    """
    with opened(workplace) as held:
        verified = held.store.verify()
    if as_json:
        print_json(verified)
    else:
        click.echo(f"{verified.captures} captures match their proof.")
        click.echo(f"Last link of the chain: {verified.head or '-'}")
    if not verified.captures:
        note("Nothing is captured yet: `vigie run` or `vigie import` first.")
