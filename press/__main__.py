"""`python -m press` serves the invented press by hand.

It ends on Ctrl+C.
"""

import signal
import threading
from datetime import datetime

import click

from model.errors import VigieError
from press.server import Press

FIRST_POLL = "2024-06-03T07:00:00+02:00"


@click.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="A port; 0 takes a free one."
)
@click.option("--now", default=FIRST_POLL, show_default=True, help="Its time, with the zone.")
def main(port: int, now: str) -> None:
    """Serve the invented press on loopback until Ctrl+C.

    It prints the part of a configuration that makes Vigie read it.

    \b
    Examples:
      python -m press
      python -m press --port 8080 --now 2024-06-04T07:00:00+02:00
    """
    ended = threading.Event()
    # an exception raised by the signal would be lost where none may leave, as in a callback
    signal.signal(signal.SIGINT, lambda *_: ended.set())
    try:
        with Press(now=_moment(now), port=port) as press:
            _show(press)
            ended.wait()
        click.echo("Ended.", err=True)
    except (VigieError, OSError) as error:
        raise click.ClickException(str(error)) from error


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(f"{text} is not like {FIRST_POLL}", param_hint="--now") from error
    if at.tzinfo is None:
        raise click.BadParameter(f"{text} lacks its zone, like {FIRST_POLL}", param_hint="--now")
    return at


def _show(press: Press) -> None:
    click.echo(
        f"The invented press answers at http://{press.address}/ and it is {press.now}.", err=True
    )
    click.echo("[crawler.hosts]")
    for host, address in press.hosts.items():
        click.echo(f'"{host}" = "{address}"')
    for source in press.sources:
        click.echo(f'\n[[sources]]\nurl = "{source.url}"\nname = "{source.name}"')
        click.echo(f'kind = "{source.kind}"\nlang = "{source.lang}"')
    example = press.sources[0].url
    click.echo(f"Try: curl --connect-to ::{press.address} {example}   (Ctrl+C ends it)", err=True)


if __name__ == "__main__":
    main(prog_name="python -m press")
