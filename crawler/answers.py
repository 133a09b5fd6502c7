"""Answers of a worker as bytes: JSON of what its function is declared to return, or an error.

An answer is data and nothing else. It makes values of the declared type alone, no class or
function can be named in it, nothing in it can stand for more than it spells out, and no length is
believed before what it counts is there. Times keep their offset from UTC, not the name of a zone.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, Literal, get_type_hints

import msgspec

from model.errors import CrawlError, ExtractError

ANSWER_BYTES = 64 * 1024 * 1024
"""So much an answer may be, unless who asks says otherwise."""


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An error that a reader of documents raises."""

    kind: Literal["crawl", "extract"]
    url: str
    state: str
    reason: str


def encode_value(value: object) -> bytes:
    """Return a value as an answer; raises TypeError for what is no data."""
    try:
        return msgspec.json.encode(value, enc_hook=_plain)
    except UnicodeEncodeError:
        # half of a surrogate pair, as `\\ud800` in the JSON of a page leaves it
        return msgspec.json.encode(_sound(msgspec.to_builtins(value, enc_hook=_plain)))


def encode_error(error: CrawlError) -> bytes:
    """Return what a reader said of a document; raises TypeError for a kind that none says."""
    if type(error) not in {CrawlError, ExtractError}:
        raise TypeError(f"{type(error).__name__} is no error of a reader")
    kind: Literal["crawl", "extract"] = "extract" if isinstance(error, ExtractError) else "crawl"
    return encode_value(Fault(kind, error.url, error.state, error.reason))


def decode_value(function: Callable[..., object], packed: bytes) -> Any:
    """Return what a function answered, as the type that it is declared to return.

    Raises ValueError, RecursionError or MemoryError for anything else.
    """
    return _decoder_of(function).decode(packed)


def decode_error(packed: bytes) -> CrawlError:
    """Return the error that an answer tells of; raises ValueError when it tells of none."""
    fault = _FAULTS.decode(packed)
    if fault.kind == "extract":
        return ExtractError(fault.url, fault.reason, fault.state)
    return CrawlError(fault.url, fault.state, fault.reason)


_FAULTS = msgspec.json.Decoder(Fault)


@cache
def _decoder_of(function: Callable[..., object]) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(get_type_hints(function)["return"])


def _plain(value: object) -> str:
    """Return text that knows its place in a page, as lxml gives it, without the page."""
    if isinstance(value, str):
        return str.__str__(value)
    raise TypeError(f"{type(value).__name__} is no data")


def _sound(value: Any) -> Any:
    """Return plain data with a question mark for each half of a pair that stands alone."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {_sound(key): _sound(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_sound(each) for each in value]
    return value
