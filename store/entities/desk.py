"""What a reader and a writer of the store can ask and decide of entities.

It holds no rule: it hands on.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from store.database import Database
from store.entities import decided as entities_decided
from store.entities import joined as entities_joined
from store.entities import names as entities
from store.entities import told as entities_told
from store.entities.decided import Decision
from store.entities.names import LAST, Known, Unlooked
from store.entities.told import EntityTold, JoiningReport, NamedEntity
from store.records import EntityReport


class EntityReader:
    """Questions about entities."""

    database: Database

    def entities(self, *, limit: int = 1_000, kind: str | None = None) -> tuple[EntityReport, ...]:
        """Return who and what relevant articles name, the most widely named first."""
        return entities_told.list_entities(self.database, limit, kind)

    def most_named(self, *, limit: int) -> tuple[NamedEntity, ...]:
        """Return those whom most relevant articles name, with how many do."""
        return entities_told.most_named(self.database, limit)

    def who_is(self, name: str) -> tuple[NamedEntity, ...]:
        """Return who goes by a name, or has a number as `#12`: one, unless it is left open."""
        return entities_told.who_is(self.database, name)

    def tell_entity(self, entity_id: int, *, quotes: int = 20) -> EntityTold:
        """Return the names of an entity, what was decided of it, and its newest quotes."""
        with self.database.reading():
            return entities_told.tell_entity(self.database, entity_id, quotes)

    def joinings(self, version_id: int) -> tuple[JoiningReport, ...]:
        """Return whom a version means by names that are not the entities' own, and what is open."""
        return entities_told.list_joinings(self.database, version_id)

    def joining_candidates(
        self, lookups: Iterable[str], called: Iterable[str] = (), *, before: int = LAST
    ) -> tuple[Known, ...]:
        """Return the entities that share a look-up key; `called` are the names sought.

        What texts tell of them is of the versions `before` the one that names them.
        """
        return entities.candidates(self.database, lookups, called, before)

    def unlooked(self, *, limit: int) -> tuple[Unlooked, ...]:
        """Return names under which nobody looks for their entities yet."""
        return entities.unlooked(self.database, limit)

    def decisions(self, *, limit: int = 1_000) -> tuple[Decision, ...]:
        """Return what people decided of entities, the last first, also what was undone."""
        return entities_decided.list_decisions(self.database, limit)

    def count_stale_joinings(self) -> int:
        """Return in how many texts a decision is yet to be settled."""
        return entities_joined.count_stale(self.database)


class EntityDesk(EntityReader):
    """Decisions on entities; what they change beyond a first batch waits for `settle_joinings`."""

    def hold_lookups(self, looked: Sequence[tuple[Unlooked, Iterable[str]]]) -> None:
        """Save under what names are looked for."""
        entities.hold_lookups(self.database, looked)

    def merge_entities(self, entity_id: int, into_id: int, *, now: datetime) -> Decision:
        """Decide that one entity is another, whose name stays."""
        return entities_decided.decide_merge(self.database, entity_id, into_id, now)

    def split_entity(
        self,
        entity_id: int,
        name: str,
        *,
        called: str | None = None,
        articles: Sequence[int] = (),
        now: datetime,
    ) -> tuple[Decision, ...]:
        """Decide that a name means another entity, in some articles or in all."""
        return entities_decided.decide_split(
            self.database, entity_id, name, now, called=called, articles=articles
        )

    def rename_entity(self, entity_id: int, name: str, *, now: datetime) -> Decision:
        """Decide by which name an entity is shown."""
        return entities_decided.decide_rename(self.database, entity_id, name, now)

    def alias_entity(self, entity_id: int, name: str, *, now: datetime) -> Decision:
        """Decide that a name always means one entity."""
        return entities_decided.decide_alias(self.database, entity_id, name, now)

    def undo_decision(self, number: int | None = None, *, now: datetime) -> Decision:
        """Undo a decision, the last one that stands unless told; raises MissingError."""
        return entities_decided.undo(self.database, number, now)

    def settle_joinings(self) -> int:
        """Settle what decisions changed in some more texts; return how many these were."""
        return entities_joined.settle_some(self.database)
