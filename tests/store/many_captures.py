"""A log of many captures, written as runs write it but for waiting for the disk each time."""

from datetime import timedelta
from hashlib import sha256

from crawler.captures import pack_records, pack_warcinfo
from model.capture import Capture, Response
from store import Store
from store.evidence.captures import save_capture
from store.files import write_file
from tests.store.makers import NOON

A_RUN = 250
_PARAGRAPH = "<p>Le port garde ses caméras allumées la nuit, dit la mairie ({}).</p>"


def log_captures(store: Store, number: int, paragraphs: int = 60) -> None:
    """Log captures of pages of some kilobytes, `A_RUN` of them in each WARC file."""
    for start in range(0, number, A_RUN):
        name = f"captures/2023/11/run-{start}.warc.gz"
        content, captures = pack_warcinfo(f"run-{start}.warc.gz", NOON), []
        for place in range(start, min(start + A_RUN, number)):
            records, capture = _capture(name, len(content), place, paragraphs)
            captures.append(capture)
            content += records
        write_file(store.data / name, content)
        with store.database.writing():
            for capture in captures:
                save_capture(store.database, capture)


def _capture(name: str, offset: int, number: int, paragraphs: int) -> tuple[bytes, Capture]:
    url = f"https://a.example/{number}"
    body = "".join(_PARAGRAPH.format(number * n) for n in range(paragraphs)).encode()
    response = Response(
        url=url,
        final_url=url,
        status=200,
        headers=(("Content-Type", "text/html; charset=utf-8"),),
        request_headers=(("Host", "a.example"),),
        body=body,
        fetched_at=NOON + timedelta(seconds=number),
    )
    records = pack_records(response)
    return records, Capture(
        url=url,
        final_url=url,
        status=200,
        fetched_at=response.fetched_at,
        sha256=sha256(body).hexdigest(),
        record_sha256=sha256(records).hexdigest(),
        file=name,
        offset=offset,
        length=len(records),
    )
