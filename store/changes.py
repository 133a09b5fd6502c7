"""The log of what changed in articles already known, each entered in the ledger.

It never decides what a change is.
"""

from datetime import datetime

from store.database import Database, Row
from store.evidence.ledger import save_entered
from store.values import to_text, well_formed


def note_change(
    db: Database,
    article_id: int,
    what: str,
    detail: str,
    now: datetime,
    *,
    version_id: int | None = None,
    capture_id: int | None = None,
    present_at: str | None = None,
) -> None:
    """Log one change within a transaction; `present_at` is as its column holds it."""
    row: Row = {
        "article_id": article_id,
        "what": what,
        "detail": well_formed(detail),
        "seen_at": to_text(now),
        "version_id": version_id,
        "capture_id": capture_id,
        "present_at": present_at,
    }
    save_entered(db, "change", row)
