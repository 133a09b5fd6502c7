"""Files into the store: what they say is kept whole, and judged by the affair's rule.

A broken file stops no other. Importing twice changes nothing.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from app.config_file import Added, add_sources
from app.languages import with_language
from app.relevance import Rule
from crawler.addresses import canonical_url
from crawler.bounded import Bounded
from crawler.files import MAX_BYTES, FileItem, Found, read_files
from crawler.guard import check_url
from model.article import Reading
from model.errors import CrawlError, InputError
from model.source import Source
from store import Store
from store.records import Outcome

MAX_ANSWER_BYTES = 3 * MAX_BYTES
"""What is read from a file may take more bytes than the file: an older encoding did with one."""

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
            self._keep(item, reading)
        leads = [lead for lead in item.leads if self._may_lead(item, lead.url)]
        self.summary.leads += self._store.save_leads(leads, now=self._clock())

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

    def _keep(self, item: FileItem, found: Reading) -> None:
        reading = with_language(found)
        verdict = self._rule.judge(reading)
        kept = self._store.keep(
            reading,
            relevant=verdict.relevant,
            reasons=verdict.reasons,
            raw=item.raw,
            record_path=Path(item.path).name,
            now=self._clock(),
        )
        match kept.outcome:
            case Outcome.NEW:
                self.summary.new += 1
                self.summary.relevant += verdict.relevant
            case Outcome.CHANGED:
                self.summary.changed += 1
            case Outcome.SAME:
                self.summary.same += 1


def _reading_of(item: FileItem) -> Reading | None:
    """Return what an item says; raises CrawlError when it lies anywhere but on the web."""
    reading = item.reading
    if reading is not None:
        for address in (reading.url, reading.canonical_url, *reading.other_urls):
            if not address.startswith(FILE_NAME):
                canonical_url(address)
    return reading
