"""What a reader of the store can ask with a query.

It never writes.
"""

from collections.abc import Generator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from model.event import Event
from model.matching import local_day
from model.query import Day, Everything, Query
from store import exports
from store.database import Database
from store.entities import together as naming
from store.entities.together import Naming
from store.events import keeping as events
from store.exports import Exported
from store.records import Bucket, Found, Order
from store.search import counting, searching
from store.search.counting import DayCounts
from store.search.facets import Facets, find_facets
from store.search.searching import Search

EVERYTHING = Everything()


class Searches:
    """Questions to an open database, on the affair's calendar."""

    database: Database
    _zone: ZoneInfo

    def _today(self, now: datetime) -> date:
        return local_day(now, self._zone)

    def search(
        self,
        query: Query = EVERYTHING,
        *,
        now: datetime,
        limit: int = 50,
        before: int | None = None,
        order: Order = Order.NEWEST,
        count_all: bool = False,
    ) -> Found:
        """Return one page of the articles that answer, and how many there are.

        They are counted up to 10,000, to the end where `count_all`; `before` is what the page
        before told.
        """
        sought = Search(query=query, limit=limit, before=before, order=order, count_all=count_all)
        return searching.search(self.database, sought, self._zone, self._today(now))

    def timeline(
        self,
        query: Query = EVERYTHING,
        *,
        now: datetime,
        from_on: date | None = None,
        to_on: date | None = None,
        limit: int = 50,
        before: int | None = None,
    ) -> Found:
        """Return the articles of these days by publication, the newest first.

        Undated ones, and those dated in the future, stand where they were first seen.
        """
        sought = Search(query=query, limit=limit, before=before, from_on=from_on, to_on=to_on)
        return searching.search(self.database, sought, self._zone, self._today(now))

    def export_articles(self, query: Query = EVERYTHING, *, now: datetime) -> Generator[Exported]:
        """Yield every article that answers, whole, the newest first, as they stand at its start.

        It is to be closed before the store is, where it is left before its end.
        """
        return exports.iterate(self.database, query, self._today(now))

    def namings(self, query: Query = EVERYTHING, *, now: datetime) -> Generator[Naming]:
        """Yield who and what each article names that answers, the newest first.

        It is to be closed before the store is, where it is left before its end.
        """
        return naming.iterate_namings(self.database, query, self._today(now))

    def months(self, query: Query = EVERYTHING, *, now: datetime) -> tuple[Bucket, ...]:
        """Return how many articles answer in each month, the earliest first."""
        return searching.count_by_month(self.database, query, self._today(now))

    def count_days(
        self,
        query: Query = EVERYTHING,
        *,
        now: datetime,
        by: Day = Day.DATE,
        from_on: date | None = None,
        to_on: date | None = None,
    ) -> DayCounts:
        """Return how many articles answer on each day of publication, or of first sight."""
        days = from_on or date.min, to_on or date.max
        return counting.count_days(self.database, query, self._today(now), self._zone, by, days)

    def facets(
        self, query: Query = EVERYTHING, *, now: datetime, limit: int = 10, count_all: bool = False
    ) -> Facets:
        """Return what articles that answer have in common, the most frequent first.

        Of more than 6,000 it is told of the newest, unless `count_all`.
        """
        return find_facets(self.database, query, self._today(now), limit, count_all=count_all)

    def events(
        self,
        query: Query = EVERYTHING,
        *,
        now: datetime,
        from_on: date | None = None,
        to_on: date | None = None,
        entity: str | None = None,
        story: int | None = None,
        limit: int | None = None,
    ) -> tuple[Event, ...]:
        """Return events in date order; with a limit, the most important ones."""
        return events.list_events(
            self.database,
            query=query,
            days=(from_on or date.min, to_on or date.max),
            entity=entity,
            story=story,
            limit=limit,
            today=self._today(now),
        )
