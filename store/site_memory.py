"""What repeats across the pages of each site, as `crawler` learnt it.

It never looks inside: to the store a memory is bytes.
"""

from datetime import datetime

from store.database import Database
from store.values import to_text


def find_site_memory(db: Database, site: str) -> bytes | None:
    """Return what was saved last for a site."""
    memory = db.value("SELECT memory FROM site_memory WHERE site = ?", (site,))
    return None if memory is None else bytes(memory)


def save_site_memory(db: Database, site: str, memory: bytes, now: datetime) -> None:
    """Put a site's memory in the place of the one before; the same one again writes nothing."""
    with db.writing():
        db.execute(
            "INSERT INTO site_memory (site, memory, updated_at) VALUES (?, ?, ?)"
            " ON CONFLICT (site) DO UPDATE"
            " SET memory = excluded.memory, updated_at = excluded.updated_at"
            " WHERE memory <> excluded.memory",
            (site, memory, to_text(now)),
        )
