"""`vigie serve`: the page with the timeline, on this machine."""

import click

from app.output import note
from app.workplace import Workplace
from store import open_store
from web.app import create_app
from web.server import check_host, serve


@click.command("serve")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    metavar="N",
    help="The port (default: of the configuration); 0 takes any that is free.",
)
@click.pass_obj
def command(workplace: Workplace, port: int | None) -> None:
    """Serve the timeline, the search and every article on this machine, until Ctrl+C.

    Only this machine can ask: there is no login yet. It writes nothing, so `vigie run` may work
    at the same time.

    \b
    Examples:
      vigie serve
      vigie serve --port 0
    """
    config = workplace.config()
    check_host(config.web.host)
    with open_store(workplace.data, timezone=config.affair.timezone) as store:
        if store.warning:
            note(f"vigie: {store.warning}")
    app = create_app(workplace.data, config)
    serve(app, config.web.host, config.web.port if port is None else port, _tell)


def _tell(address: str) -> None:
    click.echo(address)
    note("Ctrl+C ends it.")
