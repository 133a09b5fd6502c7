"""One article's evidence as a folder that others check without Vigie.

It holds the captures byte for byte, the versions, what changed, the chains and the time stamps that
prove them, a statement in plain language, and the hash of every file. A folder that is there is
never touched; damaged evidence is never handed on; nothing of others is told but hashes.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from app.evidence.chains import write_chain, write_ledger
from app.evidence.files import new_folder, write_file, write_json, write_sums
from app.evidence.statement import (
    STATEMENT,
    Shown,
    ShownCapture,
    ShownStamp,
    ShownVersion,
    write_statement,
)
from app.output import printable
from crawler.captures import pack_warcinfo, read_facts, read_records
from crawler.stamps import StampError, check_token, load_roots
from model.article import Version
from model.errors import DamageError
from model.secrets import hide_secrets
from store.evidence.proofs import LoggedCapture, Proof
from store.reader import Reader
from store.values import to_text


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
        with new_folder(folder) as work:
            captures = tuple(self._write_capture(work, one) for one in proof.captures)
            versions = _write_versions(work, proof)
            write_json(work / "changes.json", proof.changes)
            stamps = tuple(self._write_stamps(work, proof))
            named = write_chain(work, self._store, proof, captures, stamps)
            write_ledger(work, self._store, proof)
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
                late=tuple(one.id for one in proof.lines if one.is_late),
                has_whole_rows=any(one.id <= proof.head.whole_until for one in proof.captures),
            )
            write_file(work / STATEMENT, write_statement(shown).encode())
            files = write_sums(work)
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

    def _write_capture(self, work: Path, logged: LoggedCapture) -> ShownCapture:
        """Write one capture into a file of its own, behind a warcinfo record that says so."""
        capture, is_import = logged.capture, capture_is_import(logged)
        records = read_records(self._store.data, capture)
        if is_import:
            file = f"imports/{logged.id:06d}.record"
            write_file(work / file, records)
        else:
            file = f"captures/{logged.id:06d}.warc.gz"
            told = f"capture {logged.id} of a Vigie log, byte for byte; see {STATEMENT}"
            head = pack_warcinfo(Path(file).name, self._now, told)
            write_file(work / file, head + records)
        return ShownCapture(
            number=logged.id,
            capture=capture,
            imported_from=logged.imported_from,
            file=file,
            facts=None if is_import else read_facts(records),
        )

    def _write_stamps(self, work: Path, proof: Proof) -> Iterator[ShownStamp]:
        if not proof.stamps:
            return
        roots = load_roots(self._certificates)
        if roots:
            write_file(work / "stamps/roots.pem", Path(self._certificates).read_bytes())
        for stamp in proof.stamps:
            name = f"stamps/{stamp.captures:06d}"
            try:
                said_at = check_token(stamp.token, stamp.chain, roots)
            except StampError as error:
                raise _damaged(f"the time stamp of capture {stamp.captures}: {error}") from error
            write_file(work / f"{name}.tsr", stamp.token)
            write_file(work / f"{name}.txt", stamp.chain.encode())
            yield ShownStamp(
                captures=stamp.captures,
                lines=stamp.lines,
                link=stamp.chain,
                authority=stamp.authority,
                said_at=said_at,
                file=f"{name}.tsr",
                link_file=f"{name}.txt",
            )


def capture_is_import(logged: LoggedCapture) -> bool:
    """Tell whether a capture is of an imported file, not of an answer of the web."""
    return logged.capture.file.startswith("imports/")


def _has_secret(proof: Proof) -> bool:
    asked = {one.capture.url for one in proof.captures}
    told = {*proof.addresses, *asked, *(one.capture.final_url for one in proof.captures)}
    return any(hide_secrets(url) != url for url in told)


def _write_versions(work: Path, proof: Proof) -> tuple[ShownVersion, ...]:
    shown, told = [], []
    for proven in proof.versions:
        version, file = proven.version, f"versions/{proven.version.number:04d}.txt"
        write_file(work / file, _spell_version(version, proven.text_sha256).encode())
        one = ShownVersion(
            number=version.number,
            seen_at=version.seen_at,
            capture=proven.capture,
            line=proven.line,
            file=file,
        )
        shown.append(one)
        told.append(
            {**msgspec.structs.asdict(one), "text_sha256": proven.text_sha256}
            | msgspec.structs.asdict(version.reading)
        )
    write_json(work / "versions.json", told)
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
    spelt = to_text(at)
    return f"{spelt} (from {source})" if source else spelt


def _damaged(fact: str) -> DamageError:
    return DamageError(f"{fact}: nothing is exported; `vigie verify` names all that is damaged")
