"""What is odd about a listing: tables of owners, volumes and GUIDs."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from crawler.notices import (
    Identity,
    find_shared_guid,
    find_takeover,
    find_unusual_volume,
    main_site,
)
from model.source import Entry, SourceState

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
FEED = SourceState(
    url="https://a.example/feed", title="Le Port", listed_lang="fr", answered_by="a.example",
    last_new_at=NOON - DAY,
)  # fmt: skip


def entries(count: int, site: str = "a.example", **fields: object) -> list[Entry]:
    """Return so many entries of a site."""
    return [
        msgspec.convert(
            {"source_url": FEED.url, "key": str(n), "url": f"https://{site}/{n}", **fields}, Entry
        )
        for n in range(count)
    ]


@pytest.mark.parametrize(
    ("fresh", "listed", "is_odd"),
    [
        (entries(50), 0, False),
        (entries(51), 0, True),
        (entries(60), 20, False),
        (entries(61), 20, True),
        (entries(5_000), 2_000, False),
        (entries(12, published_at=NOON - 3000 * DAY), 20, True),
        (entries(9, published_at=NOON - 3000 * DAY), 20, False),
        (entries(12, published_at=NOON - 30 * DAY), 20, False),
        ([*entries(12, published_at=NOON - 3000 * DAY), *entries(13)], 20, False),
    ],
    ids=[
        "a full day", "beyond", "three times its list", "beyond that", "a large site", "years old",
        "a few old ones", "a month old", "old among new",
    ],
)  # fmt: skip
def test_far_more_or_far_older_than_ever_is_odd(
    fresh: list[Entry], listed: int, is_odd: bool
) -> None:
    assert (find_unusual_volume(FEED, fresh, listed, NOON) is not None) is is_odd


def test_what_a_source_brings_first_is_never_odd() -> None:
    new = SourceState(url=FEED.url)
    assert find_unusual_volume(new, entries(20_000), 0, NOON) is None


@pytest.mark.parametrize(
    ("title", "lang", "site", "is_odd"),
    [
        ("Casino Bonus", "en", "b.example", True),
        ("LE PORT", "en", "b.example", False),
        ("Casino Bonus", "fr", "b.example", False),
        ("Casino Bonus", "en", "a.example", False),
        ("Casino Bonus", None, "b.example", False),
    ],
    ids=["all three", "same title", "same language", "same site", "language not known"],
)
def test_a_source_is_taken_over_when_all_three_change(
    title: str, lang: str | None, site: str, is_odd: bool
) -> None:
    found = Identity(title=title, lang=lang, site=site)
    assert (find_takeover(FEED, found) is not None) is is_odd
    assert find_takeover(SourceState(url=FEED.url), found) is None


@pytest.mark.parametrize(
    ("guids", "is_odd"),
    [(["x"] * 3, True), (["x", "x", "y"], False), ([None] * 9, False), (["x", "y", "z"], False)],
    ids=["one for all", "one twice", "none", "all their own"],
)
def test_a_shared_guid_is_told(guids: list[str | None], is_odd: bool) -> None:
    items = [msgspec.structs.replace(entries(1)[0], guid=guid) for guid in guids]
    assert (find_shared_guid(items) is not None) is is_odd


def test_the_site_of_a_feed_is_where_most_of_it_lies() -> None:
    assert main_site([*entries(3, "b.example"), *entries(2)], FEED.url) == "b.example"
    assert main_site([*entries(2, "b.example"), *entries(2)], FEED.url) == "a.example"
    assert main_site([], FEED.url) == "a.example"
