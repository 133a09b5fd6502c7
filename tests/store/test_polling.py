"""Sources, the entries they list and what becomes of these."""

from datetime import timedelta

import msgspec
import pytest

from model.errors import StoreError
from model.source import Entry, Source, SourceKind, SourceState
from tests.store.makers import NOON, dump, keep, make_capture, make_reading

HOUR = timedelta(hours=1)
FEED = Source(url="https://a.example/feed", name="Le Courrier")
OTHER = Source(url="https://b.example/map", kind=SourceKind.SITEMAP, lang="en", checked=False)


def entry(key="1", source=FEED, **fields):
    return Entry(
        **({"source_url": source.url, "key": key, "url": f"https://a.example/{key}"} | fields)
    )


def poll(store, *entries, source=FEED, now=NOON, **state):
    return store.record_poll(SourceState(url=source.url, state="ok", **state), entries, now=now)


@pytest.fixture
def watching(store):
    store.save_sources([FEED, OTHER], now=NOON)
    return store


def test_new_sources_are_due_as_they_were_configured(watching):
    assert {source for source, _ in watching.due_sources(now=NOON)} == {FEED, OTHER}


def test_a_source_no_longer_configured_is_inactive_not_gone(watching):
    poll(watching, entry(), etag="x")
    watching.save_sources([OTHER], now=NOON)
    assert [source for source, _ in watching.due_sources(now=NOON + HOUR)] == [OTHER]
    reports = {report.source: report for report in watching.source_states()}
    assert (reports[FEED].active, reports[FEED].entries) == (False, 1)
    watching.save_sources([FEED], now=NOON)
    ((_, state),) = watching.due_sources(now=NOON)
    assert state.etag == "x"


def test_a_poll_saves_its_state_whole(watching):
    state = SourceState(
        url=FEED.url,
        state="http_error",
        reason="503 from the server",
        etag='W/"1"',
        last_modified="Tue, 21 Nov 2023 12:00:00 GMT",
        body_sha256="0" * 64,
        last_polled_at=NOON,
        last_success_at=NOON - HOUR,
        next_poll_at=NOON + HOUR,
        failures=3,
        interval_s=600,
    )
    watching.record_poll(state, [], now=NOON)
    assert (FEED, state) not in watching.due_sources(now=NOON)
    assert (FEED, state) in watching.due_sources(now=NOON + HOUR)


def test_validators_are_saved_with_the_entries_or_not_at_all(watching):
    broken = make_capture(watching.data)
    broken = msgspec.structs.replace(broken, length=2**70)
    before = dump(watching)
    with pytest.raises(OverflowError):
        watching.record_poll(SourceState(url=FEED.url, etag="new"), [entry()], broken, now=NOON)
    assert dump(watching) == before


def test_a_poll_of_an_unknown_source_is_refused(store):
    with pytest.raises(StoreError, match="no source"):
        poll(store, entry())


def test_an_entry_is_new_once(watching):
    assert poll(watching, entry("1"), entry("1"), entry("2")) == 2
    assert poll(watching, entry("2"), entry("3")) == 1
    pending = watching.pending_entries(now=NOON, limit=9)
    assert [waiting.entry for waiting in pending] == [entry("1"), entry("2"), entry("3")]


def test_an_entry_that_says_something_else_is_read_again(watching):
    poll(watching, entry(title="avant"))
    (waiting,) = watching.pending_entries(now=NOON, limit=9)
    keep(watching, entry_id=waiting.id)
    assert watching.pending_entries(now=NOON, limit=9) == ()
    assert poll(watching, entry(title="avant"), now=NOON + HOUR) == 0
    assert watching.pending_entries(now=NOON + HOUR, limit=9) == ()
    assert poll(watching, entry(title="après"), now=NOON + HOUR) == 0
    (again,) = watching.pending_entries(now=NOON + HOUR, limit=9)
    assert (again.id, again.entry.title, again.tries) == (waiting.id, "après", 0)


def test_an_address_that_two_sources_list_is_read_once(watching):
    poll(watching, entry("1"))
    poll(watching, entry("b", OTHER, url="https://a.example/1"), source=OTHER)
    assert len(watching.pending_entries(now=NOON, limit=9)) == 1


def test_new_keys_for_known_addresses_bring_nothing_to_read(watching):
    keep(watching, make_reading("https://a.example/1"))
    poll(watching, entry("new-guid", url="https://a.example/1"))
    assert watching.pending_entries(now=NOON, limit=9) == ()


def test_a_failed_entry_is_tried_again_when_it_is_time(watching):
    poll(watching, entry())
    (waiting,) = watching.pending_entries(now=NOON, limit=9)
    watching.record_entry_failure(waiting.id, "timeout", "no answer in 30 s", NOON + HOUR)
    assert watching.pending_entries(now=NOON, limit=9) == ()
    (again,) = watching.pending_entries(now=NOON + HOUR, limit=9)
    assert again.tries == 1
    watching.record_entry_failure(waiting.id, "http_error", "410", None)
    assert watching.pending_entries(now=NOON + 1000 * HOUR, limit=9) == ()


def test_what_the_rule_does_not_keep_can_still_be_read(watching):
    poll(watching, entry("1"), entry("2"))
    for waiting in watching.pending_entries(now=NOON, limit=9):
        watching.record_unkept(waiting.id, make_reading(waiting.entry.url), now=NOON)
    assert watching.pending_entries(now=NOON, limit=9) == ()
    first, second = watching.unkept_readings(limit=9)
    assert first.reading == make_reading("https://a.example/1")
    assert watching.unkept_readings(after=first.entry_id, limit=9) == (second,)


def test_sources_report_their_yield(watching):
    poll(watching, entry("1"), entry("2"), entry("3"))
    first, second, _ = watching.pending_entries(now=NOON, limit=9)
    keep(watching, make_reading(first.entry.url), entry_id=first.id)
    watching.record_unkept(second.id, make_reading(second.entry.url), now=NOON)
    report = next(r for r in watching.source_states() if r.source == FEED)
    assert (report.entries, report.kept, report.pending) == (3, 1, 1)
