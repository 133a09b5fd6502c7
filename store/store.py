"""The store: everything Vigie holds, behind one object.

Each method is one transaction. It never fetches, parses a page or reads a clock: the time is
always given.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from model.article import Reading, Version
from model.capture import Capture
from model.digest import Digest
from model.event import DatedSentence
from model.mention import Entity, Tags
from model.saved_searches import SavedSearch
from model.source import Entry, Lead, Notice, NoticeKind, Source, SourceState
from store import (
    annotations,
    articles,
    derived,
    digests,
    entries,
    judging,
    notices,
    origins,
    retagging,
    retention,
    second_looks,
    site_memory,
    sources,
    tags,
    unkept,
    versions,
)
from store.annotations import Annotation
from store.articles import Keeping
from store.database import Completions, open_database
from store.derived import Part
from store.entities.desk import EntityDesk
from store.entities.joined import Joined
from store.events.desk import EventDesk
from store.events.keeping import take_in_names
from store.evidence import captures, stamps
from store.evidence.ledger import take_in
from store.evidence.stamps import Stamp
from store.evidence.startup import refuse_damaged
from store.leases import hold_lease
from store.origins import Facts
from store.reader import Reader
from store.records import (
    AS_USUAL,
    NO_MORE,
    Arrival,
    Delivery,
    Kept,
    Outcomes,
    Seen,
)
from store.retellings.desk import StoryDesk
from store.retention import Ages
from store.search import reindexing, saved_searches
from store.values import to_text
from store.versions import Move, Rereading

DATABASE_NAME = "vigie.db"
_COMPLETIONS: Completions = {3: take_in, 9: take_in_names}


def open_store(data: Path, *, timezone: str = "Europe/Paris", read_only: bool = False) -> "Store":
    """Open the store in the folder `data`, making both where there is none.

    `timezone` says on which day an article was published and seen. Raises StoreError.
    """
    if not read_only:
        refuse_damaged(data)
    database = open_database(data / DATABASE_NAME, _COMPLETIONS, read_only=read_only)
    zone = ZoneInfo(timezone)
    reindexing.refresh(database, zone)
    return Store(data, database, zone)


class Store(Reader, EntityDesk, StoryDesk, EventDesk):
    """What a Reader answers, and all that changes it."""

    def lock(self, name: str) -> AbstractContextManager[None]:
        """Hold the lock `name` of this data folder; raises BusyError when another has it."""
        return hold_lease(self.data / f"{name}.lock")

    def save_sources(self, configured: Sequence[Source], *, now: datetime) -> None:
        """Make the configured sources the active ones; the others stay, inactive."""
        sources.save_sources(self.database, configured, now)

    def record_poll(
        self,
        state: SourceState,
        listed: Sequence[Entry],
        capture: Capture | None = None,
        *,
        now: datetime,
        arrival: Arrival = AS_USUAL,
        outcomes: Outcomes = NO_MORE,
    ) -> int:
        """Save what one poll brought together with its validators; return how many are new."""
        return sources.record_poll(
            self.database, state, listed, capture, now, arrival=arrival, outcomes=outcomes
        )

    def save_entries(
        self, url: str, listed: Sequence[Entry], arrival: Arrival, *, now: datetime
    ) -> int:
        """Save some of what a poll brought, before the poll itself; return how many are new."""
        return sources.save_entries(self.database, url, listed, arrival, now)

    def settle_notices(
        self, url: str, what: NoticeKind | None = None, *, now: datetime
    ) -> tuple[Notice, ...]:
        """Settle what a person looked at, all of it unless told; what waited for it is read."""
        return notices.settle_notices(self.database, url, what, now)

    def save_origins(self, found: Mapping[str, Facts], *, now: datetime) -> None:
        """Save what is known of hosts until the next pass."""
        origins.save_origins(self.database, found, now)

    def put_off_entry(self, entry_id: int, reason: str, next_try_at: datetime) -> None:
        """Say why an entry's page is asked for later; that is no failed try."""
        entries.put_off_entry(self.database, entry_id, reason, next_try_at)

    def record_entry_failure(
        self,
        entry_id: int,
        state: str,
        reason: str,
        next_try_at: datetime | None,
        capture: Capture | None = None,
    ) -> None:
        """Save why an entry's page could not be read; without a next try it is given up."""
        entries.record_entry_failure(self.database, entry_id, state, reason, next_try_at, capture)

    def record_unkept(
        self, entry_id: int, reading: Reading, *, judged_by: str = "", now: datetime
    ) -> None:
        """Keep what the rule did not keep, compressed, so that a changed rule reaches back."""
        unkept.record_unkept(self.database, entry_id, reading, judged_by, now)

    def record_verdicts(
        self, judged: Sequence[int], wanted: Sequence[int], *, rule: str, now: datetime
    ) -> None:
        """Save that `rule` was asked about unkept entries; those `wanted` are read at once."""
        unkept.record_verdicts(self.database, judged, wanted, rule, now)

    def put_off_reading(self, article_id: int, next_reading_at: datetime) -> None:
        """Save that an article is read again later; that is no reading."""
        versions.put_off_reading(self.database, article_id, next_reading_at)

    def record_move(self, move: Move) -> None:
        """Save where an article moved to; it stays the same article."""
        versions.record_move(self.database, move)

    def note_furniture(self, edit: second_looks.TextEdit, *, now: datetime) -> None:
        """Log that what an edit touched was its site's furniture, beside the edit."""
        second_looks.note_furniture(self.database, edit, now)

    def save_site_memory(self, site: str, memory: bytes, *, now: datetime) -> None:
        """Save what repeats across the pages of a site."""
        site_memory.save_site_memory(self.database, site, memory, now)

    def save_leads(self, leads: Sequence[Lead], *, now: datetime) -> int:
        """Save addresses to be captured; return how many were not known."""
        return entries.save_leads(self.database, leads, now)

    def keep(
        self,
        reading: Reading,
        *,
        relevant: bool,
        reasons: tuple[str, ...],
        now: datetime,
        capture: Capture | None = None,
        entry_id: int | None = None,
        raw: bytes | None = None,
        record_path: str | None = None,
        next_reading_at: datetime | None = None,
        article_id: int | None = None,
        basis: Reading | None = None,
    ) -> Kept:
        """Save a reading as a new article, a new version, or nothing when it is known.

        `raw` is the record of an imported file and `record_path` where it came from: its bytes
        become a capture. A file may hold an older text, so it is compared with all versions; a
        page with the current one alone: the one of `article_id`, where it was read again, and
        with `basis` (see `Keeping`) where that is given.
        """
        if raw is not None:
            capture = captures.save_import(self.data, raw, reading.url, now)
        keeping = Keeping(
            reading=reading,
            relevant=relevant,
            reasons=reasons,
            capture=capture,
            entry_id=entry_id,
            imported_from=None if raw is None else record_path or "",
            next_reading_at=next_reading_at,
            now=now,
            article_id=article_id,
            basis=basis,
        )
        (kept,) = articles.keep(self.database, [keeping], self._zone)
        return kept

    def save_imports(self, records: Sequence[tuple[bytes, str, datetime]]) -> list[Capture]:
        """Keep the bytes of imported records, to be logged with what is kept of them.

        Each is told with its address and the time.
        """
        return captures.save_imports(self.data, records)

    def keep_all(self, keepings: Sequence[Keeping]) -> tuple[Kept, ...]:
        """Save many readings in one transaction, all or none: nothing is kept before it ends."""
        return articles.keep(self.database, keepings, self._zone)

    def set_relevance(self, article_id: int, *, relevant: bool, reasons: tuple[str, ...]) -> None:
        """Save what a changed rule answers for an article."""
        with self.database.writing():
            articles.set_relevance(self.database, article_id, reasons, relevant=relevant)

    def record_judged(
        self, judged: Sequence[judging.Judged], so_far: judging.Judging, *, now: datetime
    ) -> None:
        """Save what a changed rule says of articles, and how far it has come."""
        judging.record_judged(self.database, judged, so_far, now)

    def note_facts(self, what: str, fingerprint: str, facts: bytes, *, now: datetime) -> None:
        """Note by what a tagger or a rule works, once."""
        retagging.note_facts(self.database, what, fingerprint, facts, now)

    def spare(self, versions: Sequence[int], *, was: str, tagger: str) -> None:
        """Say of versions that `tagger` finds what the one before found."""
        retagging.spare(self.database, versions, was, tagger)

    def record_reading(
        self,
        article_id: int,
        outcome: str,
        reason: str = "",
        capture: Capture | None = None,
        next_reading_at: datetime | None = None,
        *,
        now: datetime,
    ) -> None:
        """Save what reading an article again showed when it brought no new text.

        `outcome` is `unchanged`, `absent`, `blocked` or `failed`.
        """
        rereading = Rereading(
            article_id=article_id,
            seen=Seen(outcome),
            reason=reason,
            capture=capture,
            next_reading_at=next_reading_at,
            now=now,
        )
        versions.record_reading(self.database, rereading)

    def annotate(
        self, article_id: int, kind: Annotation, value: str = "", *, now: datetime
    ) -> None:
        """Note a star, a reading, a tag or a note on an article."""
        annotations.annotate(self.database, article_id, kind, value, now)

    def remove_annotation(self, article_id: int, kind: Annotation, value: str = "") -> None:
        """Take a note back."""
        annotations.remove_annotation(self.database, article_id, kind, value)

    def mark(
        self,
        articles: Sequence[int],
        added: Sequence[tuple[Annotation, str]],
        removed: Sequence[tuple[Annotation, str]],
        *,
        now: datetime,
    ) -> None:
        """Note things on articles and take others back: on all of them, or on none."""
        annotations.mark(self.database, articles, added, removed, now)

    def save_search(self, name: str, query: str, *, now: datetime) -> SavedSearch | None:
        """Save a query under a name and return what that stood for before; raises ConfigError."""
        return saved_searches.save_search(self.database, name, query, now)

    def delete_search(self, name: str) -> SavedSearch:
        """Delete a saved search and return what it was; raises MissingError."""
        return saved_searches.delete_search(self.database, name)

    def save_watched(self, entities: Sequence[Entity]) -> None:
        """Note what the configuration names and by which names, where that is new."""
        tags.save_watched(self.database, entities)

    def save_tags(
        self,
        version_id: int,
        found: Tags,
        sentences: Sequence[DatedSentence],
        *,
        tagger: str,
        now: datetime,
        joined: Sequence[Joined] = (),
    ) -> None:
        """Replace what is known of a version, and its article's dated sentences.

        `joined` says whom it means by each name; without, by each the entity that bears it.
        """
        tags.save_tags(self.database, version_id, found, sentences, tagger, now, joined)

    def made_by(self, part: Part) -> str | None:
        """Return by which rules a derived part was made, None before it ever was."""
        return derived.made_by(self.database, part)

    def outdated(self, tagger: str, *, limit: int) -> tuple[Version, ...]:
        """Return versions, current or not, of which something was found by another tagger."""
        return derived.outdated(self.database, tagger, limit)

    def count_left(self, part: Part, rules: str) -> int:
        """Return of how many articles a part is yet to be made by these rules."""
        return derived.count_left(self.database, part, rules)

    def rebuild_index(self, *, now: datetime) -> None:
        """Make the search index anew, or go on where that was stopped."""
        reindexing.rebuild(self.database, self._zone, to_text(now))

    def count_rows(self, part: Part) -> int:
        """Return how much of a derived part is held."""
        return derived.count_rows(self.database, part)

    def ask_again(self, parts: Sequence[Part], *, now: datetime) -> tuple[Part, ...]:
        """Note that parts are to be made again; return those where that was begun and goes on."""
        return derived.ask_again(self.database, parts, now)

    def restore_tables(self, *, now: datetime) -> tuple[Part, ...]:
        """Make derived tables that were dropped, empty; return the parts to be made again."""
        return derived.restore_tables(self.database, now)

    def drop_asked(self, *, now: datetime) -> None:
        """Drop what was asked to be made again, a range of articles a transaction."""
        derived.drop_asked(self.database, now)

    def drop_unnamed(self) -> None:
        """Drop the entities that no text names any more."""
        derived.drop_unnamed(self.database)

    def note_made(self, parts: Sequence[Part], rules: str, *, now: datetime) -> None:
        """Note by which rules parts were made, where that is new."""
        derived.note_made(self.database, parts, rules, now)

    def save_digest(self, digest: Digest, *, now: datetime) -> bool:
        """Save what a list is told on one date, once; tell whether it was not there before."""
        return digests.save_digest(self.database, digest, now)

    def save_delivery(self, list_name: str, on: date, delivery: Delivery) -> None:
        """Save what the mail server answered for one recipient."""
        digests.save_delivery(self.database, list_name, on, delivery)

    def save_stamp(self, stamp: Stamp) -> None:
        """Keep what an authority attested of the chain."""
        stamps.save_stamp(self.database, stamp)

    def let_go(self, ages: Ages) -> tuple[int, int]:
        """Let go of what age names; return how many texts and entries that were."""
        return retention.let_go(self.database, ages)

    def start_run(self, *, now: datetime) -> int:
        """Note that a pass starts and return its id."""
        return digests.start_run(self.database, now)

    def finish_run(
        self, run_id: int, status: str, summary: dict[str, int], *, now: datetime
    ) -> None:
        """Note how a pass ended."""
        digests.finish_run(self.database, run_id, status, summary, now)
