"""What the timeline and `vigie changes` ask of the store, beyond a search.

It never writes.
"""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from model.matching import local_day
from model.query import Everything, Query
from store import buckets, digests, since
from store.buckets import Basis, DayCount, Days
from store.database import Database
from store.since import News


class TimelineReader:
    """A reader's questions about days and moments."""

    database: Database
    _zone: ZoneInfo

    def published_days(
        self, query: Query | None = None, *, now: datetime, days: Days = buckets.EVER
    ) -> tuple[DayCount, ...]:
        """Return how many articles stand on each day that has any, by publication.

        Undated ones, and those dated in the future, stand where they were first seen.
        """
        asked = Everything() if query is None else query
        with self.database.reading():
            today = local_day(now, self._zone)
            return buckets.count_published(self.database, asked, days, today)

    def standing(self, articles: Sequence[int]) -> dict[int, tuple[date, Basis]]:
        """Return the day each article stands on by publication, and why there."""
        return buckets.find_standing(self.database, articles)

    def news(
        self, query: Query | None, from_at: datetime, to_at: datetime, *, now: datetime
    ) -> News:
        """Return what came or changed in relevant articles after `from_at`, up to `to_at`."""
        return since.find_news(self.database, query, from_at, to_at, local_day(now, self._zone))

    def ended_runs(self, *, limit: int) -> tuple[datetime, ...]:
        """Return when the last passes ended, the last one first."""
        return digests.ended_runs(self.database, limit)
