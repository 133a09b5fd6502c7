"""Time stamps (RFC 3161): what an authority is asked, and whether its answer attests it.

What is stamped is the SHA-256 of the link's own hexadecimal digits: the authority learns that hash
and nothing else. Nothing here decides when to ask, or keeps an answer.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    PKIStatus,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from model.errors import ConfigError, CrawlError
from model.secrets import hide_secrets

if TYPE_CHECKING:
    from crawler.fetch import Fetcher

QUERY = "application/timestamp-query"
MAX_TOKEN_BYTES = 1024 * 1024
"""Real answers have some thousand bytes; one is kept for each day, for ever."""

Roots = Sequence[x509.Certificate]

_CERTIFICATES = 0xA0
_UNREADABLE = (
    ValueError,
    IndexError,
    OverflowError,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)


class StampError(ValueError):
    """The answer of an authority does not attest what it should; the sentence says why."""


def load_roots(file: str) -> tuple[x509.Certificate, ...]:
    """Return the certificates in a PEM file, none where no file is named; raises ConfigError."""
    if not file:
        return ()
    try:
        return tuple(x509.load_pem_x509_certificates(Path(file).read_bytes()))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it holds no certificate in PEM"
        raise ConfigError(
            f"[evidence] timestamp_certificates {file!r} cannot be used: {reason}"
        ) from error


async def ask_stamp(fetcher: "Fetcher", url: str, link: str, roots: Roots = ()) -> bytes:
    """Return an authority's answer about a link of the chain, checked, as it came.

    Raises CrawlError, `bad_stamp` when what it answers attests nothing.
    """
    request = (
        TimestampRequestBuilder().data(link.encode()).hash_algorithm(HashAlgorithm.SHA256).build()
    )
    response = await fetcher.post(url, request.as_bytes(), QUERY)
    shown = hide_secrets(url)
    if response.status != 200:
        raise CrawlError(shown, "http_error", f"it answers {response.status}")
    try:
        if len(response.body) > MAX_TOKEN_BYTES:
            raise StampError(f"its answer has {len(response.body)} bytes")
        check_token(response.body, link, roots)
        if _read(response.body).tst_info.nonce != request.nonce:
            raise StampError("it answers another question than ours")
    except StampError as error:
        raise CrawlError(shown, "bad_stamp", str(error)) from error
    return response.body


def check_token(token: bytes, link: str, roots: Roots = ()) -> datetime:
    """Return when an authority saw a link; raises StampError when its answer does not say so.

    Without roots anybody may have signed it: the authority's name is then not checked.
    """
    answer = _read(token)
    try:
        if answer.status != PKIStatus.GRANTED:
            why = "; ".join(answer.status_string) or f"status {answer.status}"
            raise StampError(f"it grants no time stamp ({why})")
        said = _attested_at(answer, link)
        if roots:
            _check_signature(answer, link, roots)
        return said
    except VerificationError as error:
        raise StampError("its signature is not one of the authority's certificates") from error
    except StampError:
        raise
    except _UNREADABLE as error:
        raise StampError(f"its answer cannot be read ({error})") from error


def _attested_at(answer: TimeStampResponse, link: str) -> datetime:
    imprint, wanted = answer.tst_info.message_imprint, _imprint(link)
    if (imprint.hash_algorithm.dotted_string, imprint.message) != wanted:
        raise StampError("it attests something else than this link")
    said = answer.tst_info.gen_time
    return said if said.tzinfo else said.replace(tzinfo=UTC)


def _imprint(link: str) -> tuple[str, bytes]:
    made = TimestampRequestBuilder().data(link.encode()).hash_algorithm(HashAlgorithm.SHA256)
    imprint = made.build().message_imprint
    return imprint.hash_algorithm.dotted_string, imprint.message


def _check_signature(answer: TimeStampResponse, link: str, roots: Roots) -> None:
    builder = VerifierBuilder()
    for root in dict.fromkeys(roots):
        builder = builder.add_root_certificate(root)
    builder.build().verify_message(answer, link.encode())


def _read(token: bytes) -> TimeStampResponse:
    try:
        return decode_timestamp_response(_sorted_certificates(token))
    except _UNREADABLE as error:
        try:
            refusal = decode_timestamp_response(token)
        except _UNREADABLE:
            raise StampError("its answer is no time stamp") from error
        return refusal


def _sorted_certificates(token: bytes) -> bytes:
    """Return an answer with its certificates in the order that DER demands of a set.

    The authorities that run OpenSSL send them in another, which rfc3161-client refuses. The
    signature does not cover them.
    """
    _, start, end = _element(token, 0)
    for place in (1, 1, 0):
        _, _, start, end = _children(token, start, end)[place]
    for _, tag, first, last in _children(token, start, end):
        if tag == _CERTIFICATES:
            members = sorted(token[a:b] for a, _, _, b in _children(token, first, last))
            return token[:first] + b"".join(members) + token[last:]
    return token


def _element(der: bytes, at: int) -> tuple[int, int, int]:
    """Return the tag of the element at a place, and where its content begins and ends."""
    tag, length, start = der[at], der[at + 1], at + 2
    if length & 0x80:
        size = length & 0x7F
        length, start = int.from_bytes(der[start : start + size], "big"), start + size
    return tag, start, start + length


def _children(der: bytes, start: int, end: int) -> list[tuple[int, int, int, int]]:
    """Return each element in a stretch: its place, its tag, and its content's start and end."""
    found = []
    while start < end:
        tag, first, last = _element(der, start)
        found.append((start, tag, first, last))
        start = last
    return found
