"""What one pass works with, and what it tells while it works.

Built once by the command, handed to every step.
"""

from collections.abc import Callable
from datetime import datetime

import msgspec

from app.steps.relevance import Rule
from crawler.bounded import Bounded
from crawler.captures import CaptureWriter
from crawler.fetch import Fetcher
from model.config import Config
from store import Store


class Progress(msgspec.Struct, frozen=True):
    """A step of the work: `done` of `total`, and what was just done."""

    step: str
    done: int
    total: int
    subject: str = ""


Notify = Callable[[Progress], None]


class Fault(msgspec.Struct, frozen=True):
    """One expected failure of a pass."""

    url: str
    state: str
    reason: str


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """The opened parts of the program."""

    config: Config
    store: Store
    fetcher: Fetcher
    bounded: Bounded
    captures: CaptureWriter
    rule: Rule
    clock: Callable[[], datetime]
    notify: Notify


class Tally:
    """What a pass did, counted as it goes."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self.counts: dict[str, int] = dict.fromkeys(COUNTED, 0)
        self.faults: list[Fault] = []

    def add(self, what: str, number: int = 1) -> None:
        """Count something done."""
        self.counts[what] += number


COUNTED = (
    "articles_taken_in",
    "articles_left_out",
    "sources_polled",
    "sources_unchanged",
    "sources_failed",
    "sources_put_off",
    "entries_new",
    "pages_read",
    "pages_failed",
    "pages_put_off",
    "articles_kept",
    "articles_unkept",
    "articles_reread",
    "articles_changed",
    "articles_absent",
    "articles_tagged",
    "copies_found",
    "events_built",
    "stamps_made",
    "texts_let_go",
)
"""The keys of a pass's summary, in the order of the work."""
