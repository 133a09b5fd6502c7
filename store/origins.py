"""What is known of hosts between two passes: opaque bytes, let go of in time.

It never reads them: `crawler` does.
"""

from collections.abc import Mapping
from datetime import datetime

from store.database import Database
from store.values import to_text

Facts = tuple[bytes, datetime]
"""What is known of one origin, and until when."""


def find_origin(db: Database, url: str, now: datetime) -> bytes | None:
    """Return what is known of an origin, None when nothing is or it is too old."""
    facts = db.value(
        "SELECT facts FROM origin WHERE url = ? AND expires_at > ?", (url, to_text(now))
    )
    return None if facts is None else bytes(facts)


def save_origins(db: Database, origins: Mapping[str, Facts], now: datetime) -> None:
    """Save what is known of origins, letting go of what is too old."""
    with db.writing():
        db.execute("DELETE FROM origin WHERE expires_at <= ?", (to_text(now),))
        db.execute_many(
            "INSERT OR REPLACE INTO origin (url, facts, expires_at) VALUES (?, ?, ?)",
            [(url, facts, to_text(expires_at)) for url, (facts, expires_at) in origins.items()],
        )
