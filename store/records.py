"""What the store gives back beyond the nouns of `model`: rows with ids, hits, counts.

Nothing here reads or writes.
"""

from datetime import date, datetime
from enum import StrEnum

import msgspec

from model.article import Access, Reading
from model.source import DateSource, Entry, Notice, NoticeKind, Part, Source, SourceState
from model.story import SharedRun


class Outcome(StrEnum):
    """What keeping a reading did."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


class Seen(StrEnum):
    """What reading a kept article again showed."""

    UNCHANGED = "unchanged"
    ABSENT = "absent"
    BLOCKED = "blocked"
    FAILED = "failed"


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """Where a reading went."""

    article_id: int
    version_id: int
    outcome: Outcome


class PendingEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry whose page is still to be read; `tries` failed before, the last for `reason`."""

    id: int
    entry: Entry
    tries: int
    reason: str = ""


class UnkeptReading(msgspec.Struct, frozen=True, kw_only=True):
    """What the rule did not keep of what a source listed."""

    entry_id: int
    source_url: str
    reading: Reading
    read_at: datetime
    judged_by: str


class DueReading(msgspec.Struct, frozen=True, kw_only=True):
    """A kept article to read again.

    `url` is where it moved to, when it did. `state` says what the last reading showed (a `Seen`,
    or nothing after a text), `source_url` and `entry` who listed it and how, where known.
    """

    article_id: int
    url: str
    first_seen_at: datetime
    last_read_at: datetime | None
    state: str = ""
    source_url: str = ""
    entry: Entry | None = None


class SourceReport(msgspec.Struct, frozen=True, kw_only=True):
    """A source, its state and its yield: `kept` of `entries` seen.

    `silent_since` is when it last brought something new, where that is clearly longer ago than
    its own rhythm, None where it keeps it. `notices` are the open ones, the oldest first; `held`
    counts the entries that wait for a person to settle one.
    """

    source: Source
    state: SourceState
    active: bool
    entries: int
    kept: int
    pending: int
    silent_since: datetime | None = None
    notices: tuple[Notice, ...] = ()
    held: int = 0


class Sifted(msgspec.Struct, frozen=True, kw_only=True):
    """The keys of listed entries that a source does not hold yet, or that say something else.

    Of the `unknown` ones, the address of the `fresh` ones is known in no spelling. `listed` is
    how many entries the source listed until now.
    """

    unknown: frozenset[str] = frozenset()
    fresh: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()
    listed: int = 0

    def joined(self, other: "Sifted") -> "Sifted":
        """Return what both say, of two parts of one listing."""
        return Sifted(
            unknown=self.unknown | other.unknown,
            fresh=self.fresh | other.fresh,
            changed=self.changed | other.changed,
            listed=max(self.listed, other.listed),
        )


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """How what a poll brought is to be taken.

    `quiet` is for an unusual volume: kept like any other, told in no digest. The entries whose
    keys are in `held` wait for a person.
    """

    quiet: bool = False
    held: frozenset[str] = frozenset()


AS_USUAL = Arrival()


class Outcomes(msgspec.Struct, frozen=True, kw_only=True):
    """What one poll found beside its entries.

    `listed` are the keys of all that is listed, None when the listing is not known to be whole.
    `noticed` are opened once each, `settled` are over. `parts` were read of a sitemap index.
    """

    listed: frozenset[str] | None = None
    noticed: tuple[Notice, ...] = ()
    settled: tuple[NoticeKind, ...] = ()
    parts: tuple[Part, ...] = ()


NO_MORE = Outcomes()


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """One article that answers a query.

    `snippet` is a stretch of the original text; `marks` and `title_marks` are the (start, end)
    of what was found, in code points of `snippet` and `title`. `version` is the number of the
    older version that the snippet is from, None where it is from the current one. `place` pages:
    give the last one's as `before`.
    """

    article: int
    place: int
    url: str
    title: str
    site: str
    lang: str
    published_at: datetime | None
    first_seen_at: datetime
    date_source: DateSource
    dated_in_future: bool
    relevant: bool
    reasons: tuple[str, ...]
    access: Access
    versions: int
    present_at: datetime | None
    absent_since: datetime | None
    snippet: str
    marks: tuple[tuple[int, int], ...] = ()
    title_marks: tuple[tuple[int, int], ...] = ()
    version: int | None = None


class Order(StrEnum):
    """What comes first on a page: the newest, or what the words sought weigh most in."""

    NEWEST = "newest"
    RELEVANCE = "relevance"


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """One page of hits, how many there are in all, and the `before` of the next page.

    There are more than `total` where that is not exact.
    """

    hits: tuple[Hit, ...]
    total: int
    before: int | None
    total_is_exact: bool = True


class Bucket(msgspec.Struct, frozen=True, kw_only=True):
    """How many articles a label or a day counts."""

    label: str
    articles: int


class EntityReport(msgspec.Struct, frozen=True, kw_only=True):
    """A named entity and how often the current versions name it."""

    name: str
    kind: str
    articles: int
    mentions: int
    first_on: date | None
    last_on: date | None


class CopyReport(msgspec.Struct, frozen=True, kw_only=True):
    """A copy with the addresses, titles and sites of both articles, and the hashes of both texts.

    The hashes are of the versions that were compared.
    """

    article: int
    url: str
    title: str
    site: str
    of: int
    of_url: str
    of_title: str
    of_site: str
    kind: str
    score: float
    evidence: str
    share: float = 1.0
    direction: str = "unknown"
    runs: tuple[SharedRun, ...] = ()
    facts: tuple[str, ...] = ()
    text_sha256: str = ""
    of_text_sha256: str = ""


class CopyText(msgspec.Struct, frozen=True, kw_only=True):
    """An article's current text as copies and stories are sought in it.

    `at` is its place in time: when it was published, or first seen when that is earlier or the
    only time known.
    """

    article: int
    version: int
    url: str
    title: str
    text: str
    site: str
    lang: str
    published_at: datetime | None
    at: datetime
    copy_group: int
    entities: tuple[str, ...] = ()


class StoredVector(msgspec.Struct, frozen=True, kw_only=True):
    """The meaning of one article as signed bytes, of which only the direction counts."""

    article: int
    at: datetime
    numbers: bytes


class StoryFacts(msgspec.Struct, frozen=True, kw_only=True):
    """An article as stories are made of it: the first of its text, the days, the story it is in."""

    article: int
    at: datetime
    lang: str
    numbers: bytes
    title: str
    lead: str
    days: frozenset[date]
    story: int | None


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One change seen in an article.

    `what` is `edited`, `shrunk`, `replaced` or `completed` (its parts are the `detail`), `moved`
    (from and to where), `absent` (why; it was last seen at `present_at`), `back` or `furniture`:
    what was edited stands on other articles of the site too, and is none of this one's.
    """

    what: str
    detail: str
    seen_at: datetime
    present_at: datetime | None = None


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """What was compared with its proof, the last link of both chains, and what is wrong.

    `head` is the last link of the captures, `ledger_head` the one of the ledger's `lines`, which
    stand for versions, changes and time stamps of authorities; `late` of them are of rows that
    are older than the ledger.

    `unlogged` counts whole records in files that no row cites; `notes` say what a killed run left
    torn. Each of `damages` is a sentence, and of `derived`, which `vigie rebuild` mends; there is
    none when all is whole.
    """

    captures: int
    versions: int
    head: str
    changes: int = 0
    stamps: int = 0
    lines: int = 0
    late: int = 0
    ledger_head: str = ""
    unlogged: int = 0
    notes: tuple[str, ...] = ()
    damages: tuple[str, ...] = ()
    derived: tuple[str, ...] = ()


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """How handing one digest to one recipient stands."""

    recipient: str
    state: str
    reason: str
    message_id: str
    tried_at: datetime
    tries: int


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One pass of the pipeline."""

    id: int
    started_at: datetime
    ended_at: datetime | None
    status: str
    summary: dict[str, int]
