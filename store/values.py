"""Values as columns hold them: times, days, lists, structs.

It never touches the database.
"""

import hashlib
import zlib
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")


def to_text(at: datetime) -> str:
    """Return a time as columns hold it: UTC, whole seconds, `Z`."""
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone")
    at = at if at.tzinfo is UTC else at.astimezone(UTC)
    return at.isoformat(timespec="seconds").removesuffix("+00:00") + "Z"


def to_text_or_none(at: datetime | None) -> str | None:
    """Return the same, or None."""
    return None if at is None else to_text(at)


def to_time(text: str) -> datetime:
    """Return the time that a column holds."""
    return datetime.fromisoformat(text)


def to_time_or_none(text: str | None) -> datetime | None:
    """Return the same, or None."""
    return None if text is None else datetime.fromisoformat(text)


def to_day(text: str) -> date:
    """Return the day that a column holds."""
    return date.fromisoformat(text)


def to_json(value: object) -> str:
    """Return a list or struct as a column holds it."""
    return msgspec.json.encode(value).decode()


def names(text: str) -> tuple[str, ...]:
    """Return the names in a column."""
    return msgspec.json.decode(text, type=tuple[str, ...])


def pack(value: object) -> bytes:
    """Return a struct as compressed JSON."""
    return zlib.compress(msgspec.json.encode(value))


def unpack(packed: bytes, kind: type[T]) -> T:
    """Return the struct that `pack` was given."""
    return msgspec.json.decode(zlib.decompress(packed), type=kind)


def sha256(content: bytes) -> str:
    """Return the SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def marks(values: Iterable[Any]) -> str:
    """Return as many question marks as there are values."""
    return ", ".join("?" for _ in values)


def well_formed(text: str) -> str:
    """Return `text` with each lone surrogate, which UTF-8 cannot hold, replaced; offsets stay."""
    return text if is_well_formed(text) else text.encode("utf-8", "replace").decode()


def is_well_formed(text: str) -> bool:
    """Tell whether UTF-8 can hold a text: it holds no lone surrogate."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
