"""One article's evidence as a folder that others check without Vigie.

It holds the captures byte for byte, the versions, what changed, the chain and the time stamps that
prove them, a statement in plain language, and the hash of every file. A folder that is there is
never touched; damaged evidence is never handed on; nothing of other captures is told but hashes.
"""

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import msgspec

from app.output import printable
from app.statement import Shown, ShownCapture, ShownStamp, ShownVersion, write_statement
from crawler.captures import pack_warcinfo, read_facts, read_records
from crawler.stamps import StampError, check_token, load_roots
from model.article import Version
from model.errors import ConfigError, DamageError
from model.secrets import hide_secrets
from store.captures import COLUMNS
from store.proofs import LoggedCapture, Proof
from store.reader import Reader

PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600
SUMS = "SHA256SUMS"
STATEMENT = "STATEMENT.txt"
RULE = (
    "link = lower-case hexadecimal SHA-256 of the UTF-8 bytes of: the link before, a line feed, "
    "the part. The first link before is start.link. The part of a capture is the lower-case "
    "hexadecimal SHA-256 of its row, or, until the capture whole_until, the row itself. A row is a "
    "JSON list of the columns."
)


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """What was written for one article; `named` captures of others had to be told whole.

    `has_secret` says that an address of its own holds what may let a reader in.
    """

    article: int
    folder: str
    captures: int
    versions: int
    stamps: int
    files: int
    named: int
    has_secret: bool


class Exporter:
    """Writes evidence folders out of one store."""

    def __init__(self, store: Reader, *, timezone: str, certificates: str, now: datetime) -> None:
        """Prepare; `certificates` is the configured file of an authority's roots, or empty."""
        self._store = store
        self._timezone = timezone
        self._certificates = certificates
        self._now = now

    def export(self, article_id: int, folder: Path) -> Exported:
        """Write the evidence of one article into a new folder.

        Raises MissingError, ConfigError when the folder is there, DamageError when what is held
        no longer matches its proof.
        """
        proof = self._store.proof(article_id)
        with _new_folder(folder) as work:
            cited = _cited(proof)
            captures = tuple(
                self._write_capture(work, one, is_cited=one.id in cited) for one in proof.captures
            )
            versions = _write_versions(work, proof)
            _write_json(work / "changes.json", proof.changes)
            stamps = tuple(self._write_stamps(work, proof))
            named = self._write_chain(work, proof, captures, stamps)
            shown = Shown(
                made_at=self._now,
                timezone=self._timezone,
                article=proof.article,
                addresses=proof.addresses,
                versions=versions,
                changes=proof.changes,
                captures=captures,
                stamps=stamps,
                roots="stamps/roots.pem" if stamps and self._certificates else "",
                has_whole_rows=any(one.id <= proof.head.whole_until for one in proof.captures),
            )
            _write(work / STATEMENT, write_statement(shown).encode())
            files = _write_sums(work)
        return Exported(
            article=article_id,
            folder=str(folder),
            captures=len(captures),
            versions=len(versions),
            stamps=len(stamps),
            files=files,
            named=named,
            has_secret=_has_secret(proof),
        )

    def _write_capture(self, work: Path, logged: LoggedCapture, *, is_cited: bool) -> ShownCapture:
        """Write one capture into a file of its own, behind a warcinfo record that says so."""
        capture, is_import = logged.capture, capture_is_import(logged)
        records = read_records(self._store.data, capture)
        if is_import:
            file = f"imports/{logged.id:06d}.record"
            _write(work / file, records)
        else:
            file = f"captures/{logged.id:06d}.warc.gz"
            told = f"capture {logged.id} of a Vigie log, byte for byte; see {STATEMENT}"
            head = pack_warcinfo(Path(file).name, self._now, told)
            _write(work / file, head + records)
        return ShownCapture(
            number=logged.id,
            capture=capture,
            imported_from=logged.imported_from,
            file=file,
            facts=None if is_import else read_facts(records),
            is_cited=is_cited,
        )

    def _write_stamps(self, work: Path, proof: Proof) -> Iterator[ShownStamp]:
        if not proof.stamps:
            return
        roots = load_roots(self._certificates)
        if roots:
            _write(work / "stamps/roots.pem", Path(self._certificates).read_bytes())
        for stamp in proof.stamps:
            name = f"stamps/{stamp.captures:06d}"
            try:
                said_at = check_token(stamp.token, stamp.chain, roots)
            except StampError as error:
                raise _damaged(f"the time stamp of capture {stamp.captures}: {error}") from error
            _write(work / f"{name}.tsr", stamp.token)
            _write(work / f"{name}.txt", stamp.chain.encode())
            yield ShownStamp(
                captures=stamp.captures,
                link=stamp.chain,
                authority=stamp.authority,
                said_at=said_at,
                file=f"{name}.tsr",
                link_file=f"{name}.txt",
            )

    def _write_chain(
        self,
        work: Path,
        proof: Proof,
        captures: Iterable[ShownCapture],
        stamps: Iterable[ShownStamp],
    ) -> int:
        """Write the chain from the first capture to its head; return how many others it names."""
        told = {
            "rule": RULE,
            "columns": COLUMNS,
            "whole_until": proof.head.whole_until,
            "start": {"capture": _first(proof) - 1, "link": proof.start},
            "head": {"capture": proof.head.captures, "link": proof.head.chain},
            "captures": [
                _chain_row(logged, shown)
                for logged, shown in zip(proof.captures, captures, strict=True)
            ],
            "stamps": [
                {"capture": one.captures, "link": one.link, "file": one.file} for one in stamps
            ],
        }
        own, named, last = {one.id for one in proof.captures}, 0, (_first(proof) - 1, proof.start)
        opening = msgspec.json.format(msgspec.json.encode(told), indent=1).rstrip(b"}\n")
        with _create(work / "chain.json") as stream:
            # one line a part: the log of years has a hundred thousand of them
            stream.write(opening + b',\n "parts": [')
            for place, step in enumerate(self._store.follow_chain(proof)):
                stream.write((b",\n" if place else b"\n") + msgspec.json.encode(step.part))
                named += step.id <= proof.head.whole_until and step.id not in own
                last = (step.id, step.chain)
            stream.write(b"\n]}\n")
        if last != (proof.head.captures, proof.head.chain):
            raise _damaged(f"the chain of captures is broken after capture {last[0]}")
        return named


def capture_is_import(logged: LoggedCapture) -> bool:
    """Tell whether a capture is of an imported file, not of an answer of the web."""
    return logged.capture.file.startswith("imports/")


def _cited(proof: Proof) -> set[int | None]:
    """Return the captures that a version or a change rests on."""
    return {one.capture for one in proof.versions} | {one.capture for one in proof.changes}


def _has_secret(proof: Proof) -> bool:
    asked = {one.capture.url for one in proof.captures}
    told = {*proof.addresses, *asked, *(one.capture.final_url for one in proof.captures)}
    return any(hide_secrets(url) != url for url in told)


def _first(proof: Proof) -> int:
    return proof.captures[0].id if proof.captures else proof.head.captures + 1


def _chain_row(logged: LoggedCapture, shown: ShownCapture) -> dict[str, object]:
    return {
        "capture": logged.id,
        "row": logged.row,
        "row_sha256": hashlib.sha256(logged.row.encode()).hexdigest(),
        "link": logged.chain,
        "record_sha256": logged.capture.record_sha256,
        "record_bytes": logged.capture.length,
        "file": shown.file,
    }


def _write_versions(work: Path, proof: Proof) -> tuple[ShownVersion, ...]:
    shown, told = [], []
    for proven in proof.versions:
        version, file = proven.version, f"versions/{proven.version.number:04d}.txt"
        _write(work / file, _spell_version(version, proven.text_sha256).encode())
        one = ShownVersion(
            number=version.number, seen_at=version.seen_at, capture=proven.capture, file=file
        )
        shown.append(one)
        told.append(
            {**msgspec.structs.asdict(one), "text_sha256": proven.text_sha256}
            | msgspec.structs.asdict(version.reading)
        )
    _write_json(work / "versions.json", told)
    return tuple(shown)


def _spell_version(version: Version, text_sha256: str) -> str:
    reading = version.reading
    head = {
        "Title": reading.title,
        "Authors": ", ".join(reading.authors),
        "Published": _spell_time(reading.published_at, reading.date_source),
        "Modified": _spell_time(reading.modified_at),
        "Seen": _spell_time(version.seen_at),
        "Address": reading.url,
        "Canonical address": reading.canonical_url,
        "Language": reading.lang or "",
        "Access": reading.access,
        "Version": f"{version.number} (text_sha256 {text_sha256})",
    }
    lines = [f"{name}: {' '.join(printable(value).split())}" for name, value in head.items()]
    return "\n".join([*lines, "", printable(reading.text), ""])


def _spell_time(at: datetime | None, source: object = None) -> str:
    if at is None:
        return "not said"
    return f"{at.isoformat()} (from {source})" if source else at.isoformat()


def _damaged(fact: str) -> DamageError:
    return DamageError(f"{fact}: nothing is exported; `vigie verify` names all that is damaged")


@contextmanager
def _new_folder(folder: Path) -> Iterator[Path]:
    """Give a folder to write in, which becomes `folder` when all went well."""
    if folder.exists() or folder.is_symlink():
        raise ConfigError(f"{folder} is there already and is left as it is: name another with --to")
    if not folder.parent.is_dir():
        raise ConfigError(f"{folder.parent} is no folder: make it first, or name another with --to")
    work = folder.with_name(f".{folder.name}.{os.getpid()}.partial")
    work.mkdir(mode=PRIVATE_FOLDER)
    try:
        yield work
        work.rename(folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)


@contextmanager
def _create(file: Path) -> Iterator[BinaryIO]:
    file.parent.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
    descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE_FILE)
    with os.fdopen(descriptor, "wb") as stream:
        yield stream


def _write(file: Path, content: bytes) -> None:
    with _create(file) as stream:
        stream.write(content)


def _write_json(file: Path, value: object) -> None:
    _write(file, msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n")


def _write_sums(work: Path) -> int:
    """Write the hash of every file, as `sha256sum -c` reads them; return how many there are."""
    files = sorted(path for path in work.rglob("*") if path.is_file())
    lines = [f"{_hash(path)}  {path.relative_to(work).as_posix()}\n" for path in files]
    _write(work / SUMS, "".join(lines).encode())
    return len(files)


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
