"""Captures: kept whole, kept for ever, and any change to them is seen."""

import gzip
import hashlib
import io
import os
from datetime import UTC, datetime
from pathlib import Path

import brotli
import msgspec
import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.captures import CaptureWriter, read_facts, read_records, read_response
from model.capture import Capture, Response
from model.errors import DamageError, StoreError
from tests.crawler.test_content_encoding import packed as packed_zstd

NOON = datetime(2026, 11, 22, 12, 0, 5, 123456, tzinfo=UTC)
BODY = "<p>Préfecture</p>".encode() * 40


def response(**changes: object) -> Response:
    plain = Response(
        url="https://press.example/a",
        final_url="https://www.press.example/a?x=é€",
        status=200,
        headers=(("Content-Type", "text/html"), ("X-Odd", "caf\xe9"), ("x-odd", "2")),
        request_headers=(("Host", "www.press.example"), ("User-Agent", "Vigie/0.1")),
        body=BODY,
        fetched_at=NOON,
        redirects=("https://www.press.example/a?x=é€",),
        redirect_statuses=(308,),
        peer="[2a00:1450::1]:443",
        certificate_sha256="ab" * 32,
    )
    return msgspec.structs.replace(plain, **changes)


GZIPPED = response(
    encoded_body=gzip.compress(BODY), headers=(("Content-Encoding", "gzip"), ("Vary", "*"))
)


def damage_of(data: Path, capture: Capture) -> str | None:
    """Return what reading a capture back complains of, None when it is whole."""
    try:
        read_response(data, capture)
    except DamageError as error:
        return str(error)
    return None


@pytest.mark.parametrize(
    "kept",
    [
        response(),
        GZIPPED,
        response(encoded_body=brotli.compress(BODY), headers=(("content-encoding", "br"),)),
        response(encoded_body=packed_zstd(BODY), headers=(("content-encoding", "zstd"),)),
        response(headers=(("transfer-ENCODING", "chunked"), ("Set-Cookie", "a=1"))),
        response(
            body=b"",
            status=410,
            redirects=(),
            redirect_statuses=(),
            peer=None,
            certificate_sha256=None,
        ),
        response(body=b"\r\n\r\nWARC/1.1\r\n" + bytes(range(256)), status=599),
    ],
    ids=["plain", "gzip", "brotli", "zstd", "chunked", "gone", "binary"],
)
def test_a_response_comes_back_as_it_was(kept: Response, tmp_path: Path) -> None:
    capture = CaptureWriter(tmp_path, "run").write(kept)
    assert read_response(tmp_path, capture) == kept
    assert read_response(tmp_path, capture).body == kept.body
    assert damage_of(tmp_path, capture) is None
    assert capture.sha256 == hashlib.sha256(kept.body).hexdigest()
    assert (capture.url, capture.final_url, capture.status, capture.fetched_at) == (
        kept.url, kept.final_url, kept.status, kept.fetched_at,
    )  # fmt: skip


def test_what_an_older_program_wrote_names_no_statuses_of_redirects(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def older(**facts: object) -> dict[str, object]:
        return {name: value for name, value in facts.items() if name != "redirect_statuses"}

    with monkeypatch.context() as patched:
        patched.setattr("crawler.captures.CaptureFacts", older)
        capture = CaptureWriter(tmp_path, "run").write(response())
    assert read_response(tmp_path, capture) == response(redirect_statuses=())
    facts = read_facts(read_records(tmp_path, capture))
    assert (facts.redirects, facts.redirect_statuses) == (response().redirects, ())


def test_another_reader_finds_the_records_and_what_travelled(tmp_path: Path) -> None:
    capture = CaptureWriter(tmp_path, "run").write(GZIPPED)
    with (tmp_path / capture.file).open("rb") as file:
        records = [
            (record.rec_type, record.http_headers, record.raw_stream.read(), record.rec_headers)
            for record in ArchiveIterator(file, check_digests="raise")
        ]
    assert [kind for kind, *_ in records] == ["warcinfo", "response", "request", "metadata"]
    _, http, travelled, warc = records[1]
    assert travelled == GZIPPED.encoded_body
    assert http.get_header("Content-Encoding") == "gzip"
    assert warc.get_header("WARC-IP-Address") == "2a00:1450::1"
    assert warc.get_header("WARC-Date") == "2026-11-22T12:00:05Z"
    facts = msgspec.json.decode(records[3][2])
    assert facts["certificate_sha256"] == "ab" * 32
    assert facts["redirects"] == list(GZIPPED.redirects)
    assert facts["body_sha256"] == capture.sha256
    assert facts["software"] == "Vigie/0.1"


def test_each_record_is_a_gzip_member_of_its_own(tmp_path: Path) -> None:
    writer = CaptureWriter(tmp_path, "run")
    first, second = writer.write(response()), writer.write(GZIPPED)
    data = (tmp_path / second.file).read_bytes()
    assert second.offset == first.offset + first.length
    assert len(data) == second.offset + second.length
    span = data[second.offset :]
    assert hashlib.sha256(span).hexdigest() == second.record_sha256
    assert gzip.decompress(span).count(b"WARC/1.0\r\n") == 3


def test_a_run_has_a_file_of_its_own_that_only_its_owner_reads(tmp_path: Path) -> None:
    previous = os.umask(0)
    try:
        one = CaptureWriter(tmp_path, "../2026 run:1").write(response())
        other = CaptureWriter(tmp_path, "../2026 run:1").write(response())
    finally:
        os.umask(previous)
    assert one.file == "captures/2026/11/2026-run-1.warc.gz"
    assert other.file == "captures/2026/11/2026-run-1-2.warc.gz"
    path = tmp_path / one.file
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_nothing_is_written_before_the_first_capture(tmp_path: Path) -> None:
    CaptureWriter(tmp_path, "run")
    assert list(tmp_path.iterdir()) == []


def test_any_flipped_byte_is_seen(tmp_path: Path) -> None:
    capture = CaptureWriter(tmp_path, "run").write(response())
    path = tmp_path / capture.file
    whole = path.read_bytes()
    for position in range(capture.offset, capture.offset + capture.length, 7):
        damaged = bytearray(whole)
        damaged[position] ^= 0x10
        path.write_bytes(damaged)
        assert "changed" in str(damage_of(tmp_path, capture))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"sha256": "0" * 64}, "not the one that was captured"),
        ({"record_sha256": "0" * 64}, "changed"),
        ({"offset": 0}, "changed"),
        ({"length": 10}, "changed"),
        ({"length": 10**9}, "not whole"),
        ({"file": "captures/2026/11/other.warc.gz"}, "cannot be read"),
        ({"file": "../../etc/hostname"}, "outside"),
    ],
    ids=["body", "record", "offset", "shorter", "longer", "other file", "outside"],
)
def test_a_changed_row_is_seen(change: dict[str, object], said: str, tmp_path: Path) -> None:
    capture = CaptureWriter(tmp_path, "run").write(response())
    assert said in str(damage_of(tmp_path, msgspec.structs.replace(capture, **change)))


def test_a_torn_tail_leaves_what_was_written_before_whole(tmp_path: Path) -> None:
    writer = CaptureWriter(tmp_path, "run")
    first, second = writer.write(response()), writer.write(GZIPPED)
    path = tmp_path / first.file
    path.write_bytes(path.read_bytes()[: second.offset + second.length // 2])
    assert damage_of(tmp_path, first) is None
    assert "not whole" in str(damage_of(tmp_path, second))
    with pytest.raises(DamageError):
        read_response(tmp_path, second)


def test_what_a_killed_run_left_is_never_written_to(tmp_path: Path) -> None:
    first = CaptureWriter(tmp_path, "run").write(response())
    torn = tmp_path / first.file
    torn.write_bytes(torn.read_bytes() + b"\x1f\x8bhalf a record")
    before = torn.read_bytes()
    later = CaptureWriter(tmp_path, "run").write(GZIPPED)
    assert torn.read_bytes() == before
    assert damage_of(tmp_path, later) is None


def test_a_full_disk_takes_back_what_was_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = CaptureWriter(tmp_path, "run")
    first = writer.write(response())
    path = tmp_path / first.file
    before = path.read_bytes()

    def fail(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(StoreError, match="make room"):
        writer.write(GZIPPED)
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert damage_of(tmp_path, writer.write(GZIPPED)) is None


def test_a_bomb_kept_as_it_travelled_is_not_blown_up_in_reading(tmp_path: Path) -> None:
    bomb = gzip.compress(bytes(1024 * 1024))
    lying = response(encoded_body=bomb, headers=(("Content-Encoding", "gzip"),))
    capture = CaptureWriter(tmp_path, "run").write(lying)
    assert "not the one" in str(damage_of(tmp_path, capture))


def test_captures_are_read_by_their_place_alone(tmp_path: Path) -> None:
    capture: Capture = CaptureWriter(tmp_path, "run").write(response())
    with (tmp_path / capture.file).open("rb") as file:
        file.seek(capture.offset)
        member = io.BytesIO(file.read(capture.length))
    assert gzip.GzipFile(fileobj=member).read().count(b"WARC-Type: response") == 1
