"""What every list of articles says of one, out of a row that joins it with its current version.

It asks the database nothing.
"""

from datetime import datetime
from typing import TypedDict

from store.database import Row
from store.values import to_time, to_time_or_none


class ArticleFacts(TypedDict):
    """The fields that lists of articles have in common."""

    article: int
    url: str
    title: str
    site: str
    lang: str
    published_at: datetime | None
    first_seen_at: datetime
    dated_in_future: bool


def article_facts(row: Row) -> ArticleFacts:
    """Return what a row of `article` with its version's `title` says."""
    return ArticleFacts(
        article=row["id"],
        url=row["url"],
        title=row["title"],
        site=row["site"],
        lang=row["lang"],
        published_at=to_time_or_none(row["published_at"]),
        first_seen_at=to_time(row["first_seen_at"]),
        dated_in_future=bool(row["dated_in_future"]),
    )
