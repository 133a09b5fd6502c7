"""How the known sources stand, read where nothing may be written.

No lock, no migration, no log made where none lies.
"""

from pathlib import Path

from store.checkup import Condition, check_up
from store.database import Database, load_migrations
from store.inspection import connect_to_read, look
from store.records import SourceReport
from store.sources import source_states
from store.sqlite import explained


def find_standing(file: Path) -> tuple[SourceReport, ...] | None:
    """Return every source with its state and yield; None where the database cannot tell.

    That is one that is not good, or that waits for a newer schema.
    """
    condition = check_up(file).condition
    if condition is Condition.NEW:
        return ()
    if condition is not Condition.GOOD or look(file).schema != len(load_migrations()):
        return None
    database = Database(file, connect_to_read(file), "")
    try:
        with explained(file):
            return source_states(database)
    finally:
        database.close()
