"""`vigie demo`: the whole program on an invented press, shown."""

import sys
from datetime import datetime
from pathlib import Path

import click

from app.demo import FOLDER, Demonstration, run_demo
from app.demo_pages import show_all
from app.output import heading, note, print_wrapped
from app.progress import Shower
from app.steps.parts import Notify
from model.phrases import spell_day


@click.command("demo")
@click.option("--once", is_flag=True, help="End after showing, also on a terminal.")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=FOLDER,
    help="Where the demo keeps its configuration and data.",
)
def command(folder: Path, *, once: bool) -> int:
    """Show the whole program working on an invented press, over real HTTP on this machine.

    Thirteen invented sites follow the affair's real facts. Vigie polls them on two mornings,
    keeps what its rule keeps, and shows what came of it. On a terminal it ends by serving the
    page until Ctrl+C.

    \b
    Examples:
      vigie demo
      vigie demo --once | less
    """
    heading("Vigie · one affair, watched")
    print_wrapped(
        "An invented press of thirteen sites in French and English tells the real facts of the"
        " BriefCam affair. Vigie asks it over HTTP on two mornings, as it would ask the real one."
    )
    with Shower() as shower:
        demonstration = run_demo(folder, lambda morning: _announce(morning, shower))
    show_all(demonstration)
    for sentence in demonstration.missing:
        note(f"vigie: {sentence}")
    if sys.stdout.isatty() and not once:
        _serve(demonstration)
    return 0


def _announce(morning: datetime, shower: Shower) -> Notify:
    shower.clear()
    shower.say(f"{spell_day(morning.date(), 'en')}, {morning:%H:%M}: asking the press …")
    return shower.notify


def _serve(demonstration: Demonstration) -> None:
    from web.app import create_app
    from web.server import serve

    workplace = demonstration.workplace
    config = workplace.config()
    heading("The page")

    def say_address(address: str) -> None:
        click.echo(f"Open {address} in a browser. Ctrl+C ends.")

    serve(create_app(workplace.data, config), config.web.host, config.web.port, say_address)
