"""Which parts of a sitemap index are read: all of them, in time."""

from datetime import UTC, datetime, timedelta

from crawler.index_parts import choose_parts
from model.source import Listing, Part

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def index(**changed: str) -> Listing:
    """Return an index whose parts say that they changed then."""
    return Listing(more=tuple(changed), more_changed=tuple(changed.values()))


def poll(listing: Listing, known: dict[str, Part], now: datetime, limit: int = 2) -> list[str]:
    """Read the parts of one poll and remember them; return their addresses."""
    chosen, _ = choose_parts(listing, known, limit)
    known.update(
        {part.url: Part(url=part.url, changed=part.changed, read_at=now) for part in chosen}
    )
    return [part.url for part in chosen]


def test_a_part_is_read_again_when_it_says_that_it_changed() -> None:
    known: dict[str, Part] = {}
    assert poll(index(b="2026-11", a="2026-10"), known, NOON) == ["b", "a"]
    assert poll(index(b="2026-11", a="2026-10"), known, NOON) == []
    assert poll(index(b="2026-12", a="2026-10"), known, NOON) == ["b"]


def test_what_one_poll_has_no_room_for_the_next_ones_read() -> None:
    known: dict[str, Part] = {}
    many = index(**{f"p{n}": f"2026-{12 - n:02}" for n in range(5)})
    assert choose_parts(many, known, 2)[1]
    assert poll(many, known, NOON) == ["p0", "p1"]
    assert poll(many, known, NOON) == ["p2", "p3"]
    assert not choose_parts(many, known, 2)[1]
    assert poll(many, known, NOON) == ["p4"]


def test_parts_that_say_nothing_take_turns() -> None:
    known: dict[str, Part] = {}
    silent = index(a="", b="", c="")
    turns = [poll(silent, known, NOON + n * HOUR) for n in range(3)]
    assert turns == [["a", "b"], ["c", "a"], ["b", "a"]]


def test_a_part_is_asked_with_its_validators_again() -> None:
    known = {"a": Part(url="a", changed="1", etag='"1"', body_sha256="ab", read_at=NOON)}
    (part,), _ = choose_parts(index(a="2"), known)
    assert part == Part(url="a", changed="2", etag='"1"', body_sha256="ab")
