"""All that can be asked of the store.

It never writes: `store.store` does.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Self
from zoneinfo import ZoneInfo

from model.article import Article, ArticleId, Version
from model.capture import Capture
from model.digest import Digest, DigestChange, DigestHealth, DigestItem
from model.mention import Tags
from model.query import Query
from model.saved_searches import SavedSearch
from model.source import Entry, Lead, Notice, Part, Source, SourceState
from store import (
    annotations,
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
from store.annotations import Noted
from store.backup import restores
from store.database import Database
from store.entities.desk import EntityReader
from store.events.desk import EventReader
from store.evidence import captures, proofs, stamps, verification
from store.evidence.captures import ChainHead
from store.evidence.ledger import LedgerHead, get_ledger_head
from store.evidence.proofs import Proof, Step
from store.evidence.stamps import Seal, Stamp
from store.records import (
    Change,
    Delivery,
    DueReading,
    PendingEntry,
    Run,
    Sifted,
    SourceReport,
    UnkeptReading,
    Verified,
)
from store.retellings.desk import StoryReader
from store.retention import Ages, Pruning
from store.search import reindexing, saved_searches
from store.search.near_names import near_names, near_words
from store.search.searches import Searches
from store.timeline_reader import TimelineReader
from store.versions import VersionTime


class Reader(Searches, TimelineReader, EntityReader, StoryReader, EventReader):
    """What is held; a context manager that closes itself.

    `warning` says what is less safe than it should be, or is empty.
    """

    def __init__(self, data: Path, database: Database, zone: ZoneInfo) -> None:
        """Wrap an open database."""
        self.data = data
        self.database = database
        self.warning = database.warning
        self._zone = zone

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the database."""
        self.database.close()

    def index_gap(self) -> str:
        """Return in a sentence why a search may miss articles that are held, or nothing."""
        return reindexing.find_gap(self.database)

    def due_sources(self, *, now: datetime) -> tuple[tuple[Source, SourceState], ...]:
        """Return the active sources to poll, the longest overdue first."""
        return sources.due_sources(self.database, now)

    def source_states(self) -> tuple[SourceReport, ...]:
        """Return every source with its state and yield, the active ones first."""
        return sources.source_states(self.database)

    def pending_entries(self, *, now: datetime, limit: int) -> tuple[PendingEntry, ...]:
        """Return the entries whose page is to be read now, those that wait longest first."""
        return entries.pending_entries(self.database, now, limit)

    def sift_entries(self, url: str, listed: Sequence[Entry]) -> Sifted:
        """Return which of the entries that a source lists are not held yet."""
        return entries.sift_entries(self.database, url, listed)

    def open_notices(self, url: str) -> tuple[Notice, ...]:
        """Return what is noticed about a source and not settled, the oldest first."""
        return notices.open_notices(self.database, url)

    def read_parts(self, url: str) -> dict[str, Part]:
        """Return the parts of a source's index as they were last read, by their addresses."""
        return sources.read_parts(self.database, url)

    def find_origin(self, url: str, *, now: datetime) -> bytes | None:
        """Return what is known of a host since an earlier pass."""
        return origins.find_origin(self.database, url, now)

    def unlisted_since(self, article_id: int) -> datetime | None:
        """Return since when no source lists an article any more, None while one does."""
        return entries.find_unlisted_since(self.database, article_id)

    def unkept_readings(self, *, after: int = 0, limit: int) -> tuple[UnkeptReading, ...]:
        """Return unkept readings in the order of their entries, those after the id `after`."""
        return unkept.unkept_readings(self.database, after, limit)

    def find_unkept(self, entry_id: int) -> UnkeptReading | None:
        """Return what an entry's page said when the rule did not keep it."""
        return unkept.find_unkept(self.database, entry_id)

    def unjudged(self, rule: str, *, limit: int) -> tuple[UnkeptReading, ...]:
        """Return unkept readings that another rule than `rule` was asked about last."""
        return unkept.unjudged(self.database, rule, limit)

    def held_articles(self, *, after: int = 0, limit: int) -> tuple[judging.HeldArticle, ...]:
        """Return articles with their current versions, by id, those after the id `after`."""
        return judging.held_articles(self.database, after, limit)

    def count_held(self) -> tuple[int, int]:
        """Return how many articles and how many unkept readings are held."""
        return judging.count_held(self.database)

    def find_judging(self) -> judging.Judging | None:
        """Return how far the articles held are judged, None where no pass ever looked."""
        return judging.find_judging(self.database)

    def find_facts(self, what: str, fingerprint: str) -> bytes | None:
        """Return by what a tagger or a rule worked, None where that is not known."""
        return retagging.find_facts(self.database, what, fingerprint)

    def older_taggers(self, tagger: str) -> tuple[str, ...]:
        """Return the other taggers that left something."""
        return retagging.older_taggers(self.database, tagger)

    def tagged_texts(
        self, tagger: str, *, after: int, limit: int
    ) -> tuple[retagging.TaggedText, ...]:
        """Return versions that a tagger read, by id, those after the id `after`."""
        return retagging.tagged_texts(self.database, tagger, after, limit)

    def text_edits(self, *, since: datetime, limit: int) -> tuple[second_looks.TextEdit, ...]:
        """Return the edits of texts alone that no second look explained, the last first."""
        return second_looks.find_text_edits(self.database, since, limit)

    def site_memory(self, site: str) -> bytes | None:
        """Return what is known to repeat across the pages of a site, as it was saved."""
        return site_memory.find_site_memory(self.database, site)

    def leads(self) -> tuple[Lead, ...]:
        """Return the known addresses that no article has yet, the newest first."""
        return entries.open_leads(self.database)

    def due_readings(self, *, now: datetime, limit: int) -> tuple[DueReading, ...]:
        """Return the relevant articles to read again, the longest overdue first."""
        return versions.due_readings(self.database, now, limit)

    def article(self, article_id: int) -> Article:
        """Return one article with its current version; raises MissingError."""
        return versions.get_article(self.database, article_id)

    def find_article(self, url: str) -> ArticleId | None:
        """Return the article that has or had this address."""
        return versions.find_article_id(self.database, url)

    def versions(self, article_id: int) -> tuple[Version, ...]:
        """Return all versions of an article, the first one first; raises MissingError."""
        return versions.list_versions(self.database, article_id)

    def version_times(self, article_id: int) -> tuple[VersionTime, ...]:
        """Return when each version was first seen, the first one first; raises MissingError."""
        return versions.list_version_times(self.database, article_id)

    def version(self, version_id: int) -> Version:
        """Return one version; raises MissingError."""
        return versions.get_version(self.database, version_id)

    def addresses(self, article_id: int) -> tuple[str, ...]:
        """Return every address an article was known by."""
        return versions.list_addresses(self.database, article_id)

    def article_changes(self, article_id: int) -> tuple[Change, ...]:
        """Return the changes seen in an article, the first one first."""
        return versions.list_changes(self.database, article_id)

    def version_capture(self, version_id: int) -> Capture | None:
        """Return the capture that a version was read from, None when there is none."""
        return versions.find_version_capture(self.database, version_id)

    def article_captures(self, article_id: int) -> tuple[Capture, ...]:
        """Return the captures behind an article's versions and changes, the first one first."""
        return versions.list_captures(self.database, article_id)

    def verify(self, check_stamp: verification.CheckStamp | None = None) -> Verified:
        """Compare captures, files, versions and stamps with their proof; raises EvidenceError.

        `check_stamp` reads what an authority answered: the store cannot.
        """
        return verification.verify(self.database, self.data, check_stamp)

    def proof(self, article_id: int) -> Proof:
        """Return all that proves what an article said; raises MissingError."""
        with self.database.reading():
            return proofs.get_proof(self.database, article_id)

    def follow_chain(self, proof: Proof) -> Iterator[Step]:
        """Yield the steps of the captures from a proof's start to the end, as far as they fit."""
        return proofs.follow_chain(self.database, proof.start, proof.head)

    def follow_ledger(self, proof: Proof) -> Iterator[Step]:
        """Yield the steps of the ledger from a proof's start to the end, as far as they fit."""
        return proofs.follow_ledger(self.database, proof.ledger_start, proof.ledger_head)

    def chain_head(self) -> ChainHead:
        """Return how many captures there are and the last link of their chain."""
        return captures.get_head(self.database)

    def ledger_head(self) -> LedgerHead:
        """Return how many lines the ledger has and the last link of their chain."""
        return get_ledger_head(self.database)

    def seal(self) -> Seal:
        """Return what an authority is asked to attest now."""
        with self.database.reading():
            return stamps.make_seal(self.database)

    def last_stamp(self) -> Stamp | None:
        """Return the last time stamp of the chain, None where it has none."""
        return stamps.find_last_stamp(self.database)

    def plan_pruning(self, ages: Ages) -> Pruning:
        """Return what these ages let go of, changing nothing."""
        return retention.plan_pruning(self.database, ages)

    def annotations(self, article_id: int) -> tuple[Noted, ...]:
        """Return what was noted on an article."""
        return annotations.list_annotations(self.database, article_id)

    def annotated(self) -> tuple[int, ...]:
        """Return the articles on which something was noted, the one noted on last first."""
        return annotations.annotated(self.database)

    def untagged(self, tagger: str, *, limit: int) -> tuple[Version, ...]:
        """Return current versions of relevant articles that `tagger` has not read yet."""
        return tags.untagged(self.database, tagger, limit)

    def tags(self, version_id: int) -> Tags | None:
        """Return all that was found in a version, None while it is untagged."""
        return tags.find_tags(self.database, version_id)

    def searches(self) -> tuple[SavedSearch, ...]:
        """Return all saved searches by name."""
        return saved_searches.list_searches(self.database)

    def saved_queries(self) -> dict[str, str]:
        """Return what each saved search asks for, by its name."""
        return saved_searches.saved_queries(self.database)

    def near_words(self, word: str) -> tuple[str, ...]:
        """Return words that texts hold and that a misspelt one may have meant, the best first."""
        return near_words(self.database, word)

    def near_names(self, name: str, watched: Sequence[str] = ()) -> tuple[str, ...]:
        """Return who is named, or watched for, and may have been meant, the best first."""
        return near_names(self.database, name, watched=watched)

    def digest_items(
        self, query: Query, from_at: datetime, to_at: datetime
    ) -> tuple[DigestItem, ...]:
        """Return the articles first seen after `from_at`, up to `to_at`, the newest first."""
        return digests.digest_items(self.database, query, from_at, to_at, self._today(to_at))

    def changes(self, from_at: datetime, to_at: datetime) -> tuple[DigestChange, ...]:
        """Return what changed in relevant articles after `from_at`, up to `to_at`."""
        return digests.changes(self.database, from_at, to_at)

    def health(self, *, now: datetime) -> DigestHealth:
        """Return how many sources are polled, which keep failing and when a run last ended."""
        return digests.health(self.database, now)

    def find_digest(self, list_name: str, on: date) -> Digest | None:
        """Return what a list was told on one date."""
        return digests.find_digest(self.database, list_name, on)

    def last_digest_on(self, list_name: str) -> date | None:
        """Return the last date for which a list has a digest."""
        return digests.last_digest_on(self.database, list_name)

    def last_restored_at(self) -> datetime | None:
        """Return when this was last put back from a backup, None when it never was."""
        return restores.last_restored_at(self.database)

    def deliveries(self, list_name: str, on: date) -> tuple[Delivery, ...]:
        """Return how each recipient of one digest stands."""
        return digests.deliveries(self.database, list_name, on)

    def last_runs(self, *, limit: int = 10) -> tuple[Run, ...]:
        """Return the last passes, the newest first."""
        return digests.last_runs(self.database, limit)
