"""Serves the site on loopback until Ctrl+C.

It is never reachable from another machine: there is no login yet.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import uvicorn
from litestar import Litestar

from model.errors import ConfigError

LOOPBACK = ("127.0.0.1", "localhost", "::1")

OnReady = Callable[[str], None]
"""Called with the address once it answers."""


def serve(app: Litestar, host: str, port: int, on_ready: OnReady) -> None:
    """Serve until Ctrl+C or a signal to end; port 0 takes any that is free.

    Raises ConfigError when the host is not this machine's own or the port is taken.
    """
    check_host(host)
    settings = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        lifespan="on",
        timeout_graceful_shutdown=3,
    )
    server = _Server(settings, on_ready)
    with suppress(KeyboardInterrupt):
        try:
            server.run()
        except SystemExit as error:
            raise ConfigError(
                f"{host}:{port} cannot be listened on (another program has it?): "
                "give another with --port, or --port 0"
            ) from error


def check_host(host: str) -> None:
    """Refuse every address that another machine could ask."""
    if host not in LOOPBACK:
        raise ConfigError(
            f"[web] host {host!r} could be asked from other machines, and there is no login yet: "
            "write 127.0.0.1"
        )


class _Server(uvicorn.Server):
    """A server that tells its address once it answers."""

    def __init__(self, settings: uvicorn.Config, on_ready: OnReady) -> None:
        super().__init__(settings)
        self._on_ready = on_ready

    async def startup(self, sockets: Sequence[Any] | None = None) -> None:
        await super().startup(list(sockets) if sockets else None)
        if self.started:
            host, port, *_ = self.servers[0].sockets[0].getsockname()
            self._on_ready(f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/")
