"""What a reader and a writer of the store can ask and replace of events and what they weigh by.

It holds no rule: it hands on.
"""

from collections.abc import Collection, Mapping, Sequence

from model.event import DatedSentence, Event, Held
from store.database import Database
from store.events import centre
from store.events import keeping as events
from store.events import others as event_others
from store.events.keeping import Days
from store.events.others import HeldEvent, Others


class EventReader:
    """Questions about dated sentences, events and counts."""

    database: Database

    def stale_days(self, *, limit: int | None = None) -> tuple[Days, ...]:
        """Return the dates whose events are to be rebuilt, each from a first day to a last."""
        return events.stale_days(self.database, limit)

    def dated_days(self) -> tuple[Days, ...]:
        """Return all dates that sentences name."""
        return events.dated_days(self.database)

    def dated_sentences(self, days: Sequence[Days] | None = None) -> tuple[DatedSentence, ...]:
        """Return the dated sentences of relevant articles of some dates, or all of them."""
        return events.dated_sentences(self.database, days)

    def article_sentences(self, article_id: int) -> tuple[DatedSentence, ...]:
        """Return the dated sentences of one article, none where it is not of the affair."""
        return events.article_sentences(self.database, article_id)

    def uncounted(self, *, limit: int) -> tuple[int, ...]:
        """Return articles whose share in the counts may be another now."""
        return centre.uncounted(self.database, limit)

    def count_whole(self) -> int:
        """Return how many articles are counted."""
        return centre.count_whole(self.database)

    def count_holders(self, what: str, keys: Collection[str]) -> dict[str, int]:
        """Return how many articles hold each of some keys, of one sort."""
        return centre.count_holders(self.database, what, keys)

    def find_nth(self, what: str, number: float) -> str | None:
        """Return by which key, in their order, so many articles are reached."""
        return centre.find_nth(self.database, what, number)

    def held_events(self, days: Days) -> tuple[HeldEvent, ...]:
        """Return the weightiest events of one date, for comparison."""
        return event_others.held_events(self.database, days)

    def events_beside(self, days: Days) -> tuple[HeldEvent, ...]:
        """Return the weightiest events that begin on each of the days around a date."""
        return event_others.events_beside(self.database, days)


class EventDesk(EventReader):
    """What replaces events and counts."""

    def save_counted(self, counted: Mapping[int, Held]) -> None:
        """Count articles by what each holds now, instead of what it held."""
        centre.save_counted(self.database, counted)

    def begin_events(self) -> None:
        """Note that all articles are to be counted and all events built anew."""
        with self.database.writing():
            centre.forget_counts(self.database)
            events.mark_all_stale(self.database)

    def replace_events(self, days: Sequence[Days] | None, built: Sequence[Event]) -> None:
        """Put `built` in the place of the events of some dates, or of all of them."""
        events.replace_events(self.database, days, built)

    def save_others(self, found: Others) -> None:
        """Note which events may be one, told of other days."""
        event_others.save_others(self.database, found)
