"""What is learnt of hosts, kept in the store between two passes.

It never reads what it keeps.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from store import Store


class StoredOrigins:
    """The fetcher's memory of hosts."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        """Keep it in an open store."""
        self._store = store
        self._clock = clock

    def load(self, origin: str) -> bytes | None:
        """Return what was saved of an origin, None when nothing was or it is too old."""
        return self._store.find_origin(origin, now=self._clock())

    def save(self, found: Mapping[str, tuple[bytes, datetime]]) -> None:
        """Save what is known of origins, each until a time."""
        self._store.save_origins(found, now=self._clock())
