"""When a permanent redirect is believed: tables of weeks."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from crawler.moves import follow_move, may_adopt, move_notice, permanent_target
from model.capture import Response
from model.source import SourceState

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
OLD, NEW, OTHER = "http://a.example/rss", "https://a.example/feed", "https://b.example/feed"
FEED = SourceState(url=OLD)


def answer(*statuses: int) -> Response:
    """Return an answer that came by redirects with these statuses."""
    return Response(
        url=OLD,
        final_url=NEW,
        status=200,
        headers=(),
        request_headers=(),
        body=b"",
        fetched_at=NOON,
        redirects=tuple(f"https://a.example/{n}" for n in statuses),
        redirect_statuses=statuses,
    )


@pytest.mark.parametrize(
    ("statuses", "target"),
    [
        ((), None),
        ((301,), NEW),
        ((308, 301), NEW),
        ((302,), None),
        ((301, 302), None),
        ((307, 308), None),
        ((303,), None),
    ],
)
def test_one_passing_redirect_in_a_chain_makes_it_passing(
    statuses: tuple[int, ...], target: str | None
) -> None:
    assert permanent_target(answer(*statuses)) == target


def follow(*targets: tuple[int, str | None]) -> SourceState:
    """Return the state after polls on these days that led to these places."""
    state = FEED
    for day, target in targets:
        state = follow_move(state, target, NOON + day * DAY)
    return state


@pytest.mark.parametrize(
    ("polls", "address"),
    [
        ([(0, NEW), (6, NEW)], None),
        ([(0, NEW)], None),
        ([(0, NEW), (3, NEW), (7, NEW)], NEW),
        ([(0, NEW), (3, None), (7, NEW)], None),
        ([(0, NEW), (3, NEW + "2"), (7, NEW)], None),
        ([(0, NEW), (3, None), (4, NEW), (11, NEW)], NEW),
        ([(0, OTHER), (7, OTHER), (99, OTHER)], None),
    ],
    ids=[
        "six days", "one poll", "a week", "interrupted", "another place between",
        "a week after an interruption", "another site",
    ],
)  # fmt: skip
def test_an_address_is_taken_over_after_a_week_of_agreement(
    polls: list[tuple[int, str | None]], address: str | None
) -> None:
    assert follow(*polls).address == address


@pytest.mark.parametrize(
    ("url", "target", "allowed"),
    [
        (OLD, NEW, True),
        ("http://www.a.example/rss", NEW, True),
        (NEW, "http://a.example/feed", False),
        (OLD, OTHER, False),
        (OLD, "http://feeds.a.example/rss", False),
        ("http://me:s3cret@a.example/rss", "http://a.example/feed", False),
    ],
    ids=["same site", "www", "without encryption", "another", "a host below", "password"],
)
def test_an_address_is_taken_over_on_its_own_site_alone(
    url: str, target: str, allowed: bool
) -> None:
    assert may_adopt(url, target) is allowed


def test_a_move_is_told_once_it_is_sure() -> None:
    assert move_notice(follow((0, NEW), (6, NEW)), NOON + 6 * DAY) is None
    taken = move_notice(follow((0, NEW), (7, NEW)), NOON + 7 * DAY)
    assert taken is not None
    assert taken.detail.startswith(f"moved for good to {NEW}: write this address in config.toml")
    left = move_notice(follow((0, OTHER), (7, OTHER)), NOON + 7 * DAY)
    assert left is not None
    assert "not taken over unasked" in left.detail


def test_no_secret_is_told_with_a_move() -> None:
    url = "http://a.example/rss?token=s3cret"
    state = SourceState(url=url, address="https://a.example/rss?token=s3cret")
    notice = move_notice(msgspec.structs.replace(state), NOON)
    assert notice is not None
    assert "s3cret" not in notice.detail
