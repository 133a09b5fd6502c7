"""The two chains of an evidence folder: `chain.json` (captures) and `ledger.json`.

Of other captures and of other articles they tell hashes alone. A chain that does not fit to its
end is never written out.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from app.evidence.files import create_file
from app.evidence.statement import ShownCapture, ShownStamp
from model.errors import DamageError
from store.evidence.captures import COLUMNS
from store.evidence.ledger import COLUMNS as LEDGER_COLUMNS
from store.evidence.ledger import LINE_COLUMNS
from store.evidence.proofs import EnteredLine, LoggedCapture, Mark, Proof, Step
from store.reader import Reader

RULE = (
    "link = lower-case hexadecimal SHA-256 of the UTF-8 bytes of: the link before, a line feed, "
    "the part. The first link before is start.link. The part of a capture is the lower-case "
    "hexadecimal SHA-256 of its row, or, until the capture whole_until, the row itself. A row is a "
    "JSON list of the columns. A stamp attests its link: where it has no line that is the link of "
    "its capture, otherwise the SHA-256 of that link, a line feed, and the link of its line in "
    "ledger.json."
)
LEDGER_RULE = (
    "link = lower-case hexadecimal SHA-256 of the UTF-8 bytes of: the link before, a line feed, "
    "the part. The first link before is start.link. The part is the lower-case hexadecimal "
    "SHA-256 of the line, a JSON list of line_columns. Its row_sha256 is that of the row, a JSON "
    "list of the columns of its kind. The text_sha256 of a version is that of its title, text, "
    "summary and authors (as JSON), each preceded by its length in bytes and a colon."
)


def write_chain(
    work: Path,
    store: Reader,
    proof: Proof,
    captures: Sequence[ShownCapture],
    stamps: Iterable[ShownStamp],
) -> int:
    """Write the chain of captures; return how many captures of others it names."""
    told = {
        "rule": RULE,
        "columns": COLUMNS,
        "whole_until": proof.head.whole_until,
        "start": {"capture": proof.start.number, "link": proof.start.link},
        "head": {"capture": proof.head.captures, "link": proof.head.chain},
        "captures": [
            _tell_capture(logged, shown)
            for logged, shown in zip(proof.captures, captures, strict=True)
        ],
        "stamps": [
            {"capture": one.captures, "line": one.lines, "link": one.link, "file": one.file}
            for one in stamps
        ],
    }
    named = set(range(proof.start.number + 1, proof.head.whole_until + 1))
    head = Mark(number=proof.head.captures, link=proof.head.chain)
    steps = _whole(store.follow_chain(proof), proof.start, head, "chain of captures", "capture")
    _write(work / "chain.json", told, steps)
    return len(named - {one.id for one in proof.captures})


def write_ledger(work: Path, store: Reader, proof: Proof) -> None:
    """Write the ledger from before the article's first line to its head."""
    told = {
        "rule": LEDGER_RULE,
        "line_columns": LINE_COLUMNS,
        "columns": {kind: LEDGER_COLUMNS[kind] for kind in ("version", "change")},
        "start": {"line": proof.ledger_start.number, "link": proof.ledger_start.link},
        "head": {"line": proof.ledger_head.lines, "link": proof.ledger_head.chain},
        "lines": [_tell_line(one) for one in proof.lines],
    }
    head = Mark(number=proof.ledger_head.lines, link=proof.ledger_head.chain)
    steps = _whole(store.follow_ledger(proof), proof.ledger_start, head, "ledger", "line")
    _write(work / "ledger.json", told, steps)


def _tell_capture(logged: LoggedCapture, shown: ShownCapture) -> dict[str, object]:
    return {
        "capture": logged.id,
        "row": logged.row,
        "row_sha256": hashlib.sha256(logged.row.encode()).hexdigest(),
        "link": logged.chain,
        "record_sha256": logged.capture.record_sha256,
        "record_bytes": logged.capture.length,
        "file": shown.file,
    }


def _tell_line(one: EnteredLine) -> dict[str, object]:
    return {
        "line": one.id,
        "kind": one.kind,
        "is_late": one.is_late,
        "row": one.row,
        "spelt": one.line,
        "link": one.chain,
    }


def _whole(
    steps: Iterator[Step], start: Mark, head: Mark, name: str, member: str
) -> Iterator[Step]:
    """Yield the steps of a chain; raises DamageError when they end before its head."""
    last = start
    for step in steps:
        yield step
        last = Mark(number=step.id, link=step.chain)
    if last != head:
        raise DamageError(
            f"the {name} is broken after {member} {last.number}: nothing is exported; "
            "`vigie verify` names all that is damaged"
        )


def _write(file: Path, told: Mapping[str, object], steps: Iterator[Step]) -> None:
    opening = msgspec.json.format(msgspec.json.encode(told), indent=1).rstrip(b"}\n")
    with create_file(file) as stream:
        # one line a part: the log of years has a hundred thousand of them
        stream.write(opening + b',\n "parts": [')
        for place, step in enumerate(steps):
            stream.write((b",\n" if place else b"\n") + msgspec.json.encode(step.part))
        stream.write(b"\n]}\n")
