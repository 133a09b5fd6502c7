"""The bytes of one response and the proof kept with them.

Nothing here opens a connection or writes a file.
"""

from datetime import datetime

import msgspec


class Response(msgspec.Struct, frozen=True, kw_only=True):
    """What one request brought back, whole.

    `url` is the address asked for, `final_url` the one that answered after `redirects`, whose
    statuses are `redirect_statuses` (the first one is what `url` itself answered).
    `request_headers` and `headers` are (name, value) pairs as sent. `peer` is the address of
    the server as `ip:port`; `certificate_sha256` is hexadecimal, None without TLS. `body` is
    decompressed; `encoded_body` is what travelled where that is another (the Content-Encoding
    header says in what).
    """

    url: str
    final_url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    request_headers: tuple[tuple[str, str], ...]
    body: bytes
    encoded_body: bytes | None = None
    fetched_at: datetime
    redirects: tuple[str, ...] = ()
    redirect_statuses: tuple[int, ...] = ()
    peer: str | None = None
    certificate_sha256: str | None = None

    def header(self, name: str) -> str | None:
        """Return the first value of a header, whatever the case of its name."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


class Capture(msgspec.Struct, frozen=True, kw_only=True):
    """Where one response is kept for ever.

    `sha256` is of the body, `record_sha256` of the bytes from `offset` for `length` in `file`
    (a WARC file, relative to the data folder; one gzip member a record, `length` spans all
    records of this capture).
    """

    url: str
    final_url: str
    status: int
    fetched_at: datetime
    sha256: str
    record_sha256: str
    file: str
    offset: int
    length: int
