"""Files into the store: what they say is kept whole, and judged by the affair's rule.

A broken file stops no other. Importing twice changes nothing.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from app.config_file import Added, add_sources
from app.steps.languages import with_language
from app.steps.relevance import Rule
from crawler.addresses import canonical_url
from crawler.bounded import Bounded
from crawler.files import MAX_BYTES, FileItem, Found, read_files
from crawler.guard import check_url
from model.article import Reading
from model.errors import CrawlError, InputError
from model.source import Lead, Source
from store import Store
from store.articles import Keeping
from store.records import Outcome

MAX_ANSWER_BYTES = 3 * MAX_BYTES
"""What is read from a file may take more bytes than the file: an older encoding did with one."""

BATCH = 250
"""So many records are kept in one transaction: a record's own took five times as long."""

MOST_WAITING_BYTES = 16 * 1024 * 1024
"""Records of so many bytes are kept at once, however few they are."""

LONGEST_WAIT = timedelta(seconds=2)
"""What was read is kept after so long, however little it is: no more is lost by a killed import."""

FILE_NAME = "urn:sha256:"
"""How a text without an address of its own is named."""


class ImportSummary(msgspec.Struct, kw_only=True):
    """What an import did; `errors` are sentences that name a file and, where it can, a line."""

    files: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    relevant: int = 0
    leads: int = 0
    sources: int = 0
    errors: list[str] = []


class Importer:
    """Imports files into one store."""

    def __init__(
        self, store: Store, rule: Rule, config_path: Path, clock: Callable[[], datetime]
    ) -> None:
        """Work with an open store; listed sources are written into `config_path`."""
        self._store = store
        self._rule = rule
        self._config_path = config_path
        self._clock = clock
        self.summary = ImportSummary()
        self.added = Added(sources=0)
        self._waiting: list[_Waiting] = []
        self._leads: list[Lead] = []

    def import_paths(self, paths: Sequence[Path], notify: Callable[[str], None]) -> ImportSummary:
        """Import every file and folder, telling each file's name as it is read."""
        with Bounded(1, answer_bytes=MAX_ANSWER_BYTES) as bounded:
            return self._import_all(read_files(paths, bounded.call), notify)

    def _import_all(
        self, found_in: Iterable[Found], notify: Callable[[str], None]
    ) -> ImportSummary:
        listed: list[Source] = []
        last = ""
        for found in found_in:
            if found.path != last:
                last = found.path
                self.summary.files += 1
                notify(last)
            if isinstance(found, InputError):
                self.summary.errors.append(str(found))
            else:
                self._import_item(found)
                listed.extend(found.sources)
        self._keep_waiting()
        if listed:
            self.added = add_sources(self._config_path, listed)
            self.summary.sources = self.added.sources
        return self.summary

    def _import_item(self, item: FileItem) -> None:
        try:
            reading = _reading_of(item)
        except CrawlError as error:
            self._fail(item, error)
            return
        if reading is not None:
            self._waiting.append(self._judge(item, reading))
        self._leads += [lead for lead in item.leads if self._may_lead(item, lead.url)]
        if self._is_time():
            self._keep_waiting()

    def _may_lead(self, item: FileItem, url: str) -> bool:
        """Say whether an address may ever be asked; one of this machine's network is refused."""
        try:
            check_url(url, {})
        except CrawlError as error:
            if error.state == "blocked_address":
                self._fail(item, error)
                return False
        return True

    def _fail(self, item: FileItem, error: CrawlError) -> None:
        self.summary.errors.append(str(InputError(item.path, item.line, str(error))))

    def _judge(self, item: FileItem, found: Reading) -> "_Waiting":
        """Return what is to be kept of an item."""
        reading = with_language(found)
        verdict = self._rule.judge(reading)
        now = self._clock()
        keeping = Keeping(
            reading=reading,
            relevant=verdict.relevant,
            reasons=verdict.reasons,
            capture=None,
            entry_id=None,
            imported_from=Path(item.path).name,
            next_reading_at=None,
            now=now,
        )
        return _Waiting(keeping, item.raw, item.path, item.line)

    def _is_time(self) -> bool:
        """Tell whether enough waits, or has waited long enough, to be kept."""
        waiting = self._waiting
        if len(waiting) + len(self._leads) >= BATCH:
            return True
        if sum(len(one.raw) for one in waiting) >= MOST_WAITING_BYTES:
            return True
        return bool(waiting) and self._clock() - waiting[0].keeping.now >= LONGEST_WAIT

    def _keep_waiting(self) -> None:
        """Keep what waits, in one transaction; or one by one where one of them is broken."""
        waiting, self._waiting = self._waiting, []
        leads, self._leads = self._leads, []
        try:
            self._keep(waiting)
        except ValueError:
            for one in waiting:
                self._keep_one(one)
        if leads:
            self.summary.leads += self._store.save_leads(leads, now=self._clock())

    def _keep_one(self, one: "_Waiting") -> None:
        try:
            self._keep([one])
        except ValueError as error:
            refused = InputError(one.path, one.line, f"it cannot be kept ({error})")
            self.summary.errors.append(str(refused))

    def _keep(self, waiting: Sequence["_Waiting"]) -> None:
        if not waiting:
            return
        captures = self._store.save_imports(
            [(one.raw, one.keeping.reading.url, one.keeping.now) for one in waiting]
        )
        keepings = [
            msgspec.structs.replace(one.keeping, capture=capture)
            for one, capture in zip(waiting, captures, strict=True)
        ]
        kept = self._store.keep_all(keepings)
        for keeping, one in zip(keepings, kept, strict=True):
            match one.outcome:
                case Outcome.NEW:
                    self.summary.new += 1
                    self.summary.relevant += keeping.relevant
                case Outcome.CHANGED:
                    self.summary.changed += 1
                case Outcome.SAME:
                    self.summary.same += 1


class _Waiting(msgspec.Struct, frozen=True):
    """What is to be kept, and where it stood."""

    keeping: Keeping
    raw: bytes
    path: str
    line: int | None


def _reading_of(item: FileItem) -> Reading | None:
    """Return what an item says; raises CrawlError when it lies anywhere but on the web."""
    reading = item.reading
    if reading is not None:
        for address in (reading.url, reading.canonical_url, *reading.other_urls):
            if not address.startswith(FILE_NAME):
                canonical_url(address)
    return reading
