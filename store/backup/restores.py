"""What a restored database knows of that: when it was put back.

It puts nothing back itself: `store.backup.restoring` does.
"""

from datetime import datetime

from store.database import Database
from store.values import to_time_or_none


def last_restored_at(db: Database) -> datetime | None:
    """Return when this database was last put back from a backup, None when it never was."""
    return to_time_or_none(db.value("SELECT max(restored_at) FROM restored"))
