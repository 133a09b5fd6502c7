"""`vigie serve`: the page with the timeline, on this machine."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import click

from app.output import note
from app.workplace import Workplace, utc_now
from model.config import Config
from store import open_store
from store.evidence.startup import check_at_start, say_damages
from web.app import create_app
from web.server import check_host, serve


@click.command("serve")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    metavar="N",
    help="The port (default: of the configuration); 0 takes any that is free.",
)
@click.option("--watch", is_flag=True, help="Also make passes and digests at their times.")
@click.pass_obj
def command(workplace: Workplace, port: int | None, *, watch: bool) -> None:
    """Serve the timeline, the search and every article on this machine, until Ctrl+C.

    Only this machine can ask: there is no login yet. The page writes nothing, so `vigie run` may
    work at the same time. With --watch a pass is made every [schedule] every_minutes, and each
    digest the morning after its day; what was missed while the machine slept is made up for once.
    Where the check at the start, once a day, finds damage, nothing is written any more.

    \b
    Examples:
      vigie serve
      vigie serve --port 0
      vigie serve --watch
    """
    config = workplace.config()
    check_host(config.web.host)
    damages = check_at_start(workplace.data, now=utc_now())
    if damages:
        note(f"vigie: {say_damages(workplace.data, damages)}")
        note("Only reading: no pass and no digest is made.")
    with open_store(
        workplace.data, timezone=config.affair.timezone, read_only=bool(damages)
    ) as store:
        for said in filter(None, (store.warning, store.index_gap())):
            note(f"vigie: {said}")
    app = create_app(workplace.data, config)
    chosen = config.web.port if port is None else port
    with _watching(workplace, config) if watch and not damages else nullcontext():
        serve(app, config.web.host, chosen, _tell)


@contextmanager
def _watching(workplace: Workplace, config: Config) -> Iterator[None]:
    from app.schedule import Watch

    started = Watch(workplace, config, utc_now, note)
    started.start()
    try:
        yield
    finally:
        note("Stopping; a pass at work ends first.")
        started.stop()


def _tell(address: str) -> None:
    click.echo(address)
    note("Ctrl+C ends it.")
