"""When two texts are one version, and where an article stands in time: pure rules.

It never touches the database.
"""

from datetime import UTC, datetime, timedelta

from model.article import Reading
from store.values import sha256

# Room for the articles of one second; the next free second is taken beyond that.
PLACES_PER_SECOND = 1024
_YEAR_ONE = datetime(1, 1, 1, tzinfo=UTC)

# Sites give local times as UTC: French ones are then two hours ahead.
FUTURE_TOLERANCE = timedelta(hours=3)


def hash_words(title: str, text: str) -> str:
    """Return a hash of a title's words and a text's steady ones, each parted by one space.

    Commas, spaces, case, accents and what moves by itself do not change it.
    """
    return sha256(f"{title}\n{text}".encode())


def hash_text(*columns: str) -> str:
    """Return a hash that any change to the title, text, summary or authors (as JSON) changes.

    Each is preceded by its length and a colon, so that nothing can move from one to the next.
    """
    parts = (column.encode() for column in columns)
    return sha256(b"".join(b"%d:%b" % (len(part), part) for part in parts))


def is_in_future(published_at: datetime | None, first_seen_at: datetime) -> bool:
    """Tell whether an article gives itself a date after it was seen."""
    return published_at is not None and published_at > first_seen_at + FUTURE_TOLERANCE


def place_at(published_at: datetime | None, first_seen_at: datetime) -> int:
    """Return the first place of an article's second: its rank in time, newest greatest.

    A date that is missing or still to come gives way to when the article was first seen.
    """
    at = first_seen_at if published_at is None else min(published_at, first_seen_at)
    return first_place(at)


def first_place(at: datetime) -> int:
    """Return the first place of one second."""
    return int((at - _YEAR_ONE).total_seconds()) * PLACES_PER_SECOND


def time_of(place: int) -> datetime:
    """Return the second that a place belongs to."""
    return _YEAR_ONE + timedelta(seconds=place // PLACES_PER_SECOND)


def addresses(reading: Reading) -> tuple[str, ...]:
    """Return every address of a reading, the canonical one first, each once."""
    return tuple(dict.fromkeys((reading.canonical_url, reading.url, *reading.other_urls)))
