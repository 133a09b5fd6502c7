"""Where one call of the program works: its configuration and its data folder.

It opens them only when asked.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from model.config import Config
    from store import Store

SHIPPED_CONFIG = Path(__file__).resolve().parent.parent / "config.toml"


def utc_now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)


class Workplace(msgspec.Struct, frozen=True, kw_only=True):
    """The configuration file and the data folder of one call."""

    config_path: Path
    data: Path

    @classmethod
    def at(cls, config: Path | None, data: Path | None) -> "Workplace":
        """Return the workplace for the options as given, absent ones by default."""
        here = Path("config.toml")
        config_path = config or (here if here.is_file() else SHIPPED_CONFIG)
        return cls(config_path=config_path, data=data or config_path.parent / "data")

    def config(self) -> "Config":
        """Return the configuration, checked, its selectors too."""
        from app.config_file import load_whole_config

        return load_whole_config(self.config_path)

    @contextmanager
    def store(self) -> Iterator["Store"]:
        """Open the database of the data folder for the length of a `with`."""
        from store import open_store

        with open_store(self.data, timezone=self.config().affair.timezone) as store:
            yield store
