"""Sources, the entries they list and what becomes of these."""

from datetime import timedelta

import msgspec
import pytest

from model.errors import StoreError
from model.query import Everything
from model.source import Entry, Notice, NoticeKind, Part, Source, SourceKind, SourceState
from store.records import Arrival, Outcomes
from store.spellings import spellings
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


def held(store, *keys):
    """Return the state of entries, by key."""
    rows = store.database.rows("SELECT key, state, next_try_at, quiet, unlisted_since FROM entry")
    return {row.pop("key"): row for row in rows if not keys or row["key"] in keys}


def listed(*keys):
    return Outcomes(listed=frozenset(keys))


def test_an_entry_that_leaves_a_whole_listing_says_since_when(watching):
    state = SourceState(url=FEED.url)
    watching.record_poll(state, [entry("1"), entry("2")], now=NOON, outcomes=listed("1", "2"))
    later = NOON + HOUR
    watching.record_poll(state, [entry("2")], now=later, outcomes=listed("2"))
    watching.record_poll(state, [], now=later + HOUR)
    assert {key: row["unlisted_since"] for key, row in held(watching).items()} == {
        "1": "2023-11-21T13:00:00Z", "2": None,
    }  # fmt: skip
    watching.record_poll(state, [entry("1")], now=later, outcomes=listed("1"))
    assert [row["unlisted_since"] is None for row in held(watching).values()] == [True, False]


def test_quiet_entries_make_quiet_articles_that_no_digest_tells(watching):
    state = SourceState(url=FEED.url)
    watching.record_poll(state, [entry("1")], now=NOON, arrival=Arrival(quiet=True))
    watching.record_poll(state, [entry("2")], now=NOON)
    for waiting in watching.pending_entries(now=NOON, limit=9):
        keep(watching, make_reading(waiting.entry.url), entry_id=waiting.id)
    told = watching.digest_items(Everything(), NOON - HOUR, NOON + HOUR)
    assert [item.url for item in told] == ["https://a.example/2"]
    assert watching.search(now=NOON).total == 2


def test_held_entries_wait_until_a_person_settled_why(watching):
    why = Notice(what=NoticeKind.TAKEOVER, detail="another owner", noticed_at=NOON)
    state = SourceState(url=FEED.url, title="Avant", listed_lang="fr", answered_by="a.example")
    watching.record_poll(
        state,
        [entry("1"), entry("2")],
        now=NOON,
        arrival=Arrival(held=frozenset("1")),
        outcomes=Outcomes(noticed=(why, why)),
    )
    assert watching.open_notices(FEED.url) == (why,)
    assert [one.entry.key for one in watching.pending_entries(now=NOON, limit=9)] == ["2"]
    report = next(one for one in watching.source_states() if one.source == FEED)
    assert (report.held, report.notices) == (1, (why,))
    assert watching.settle_notices(FEED.url, NoticeKind.VOLUME, now=NOON) == ()
    assert watching.settle_notices(OTHER.url, now=NOON) == ()
    (settled,) = watching.settle_notices(FEED.url, now=NOON + HOUR)
    assert settled.settled_at == NOON + HOUR
    assert watching.open_notices(FEED.url) == ()
    waiting = watching.pending_entries(now=NOON + HOUR, limit=9)
    assert [one.entry.key for one in waiting] == ["2", "1"]
    ((_, after),) = [one for one in watching.due_sources(now=NOON) if one[0] == FEED]
    assert (after.title, after.listed_lang, after.answered_by) == ("", None, None)


@pytest.mark.parametrize("field", ["address", "moved_to"])
def test_a_source_goes_on_under_the_address_it_moved_to(watching, field):
    new = Source(url="https://a.example/new", name="Le Courrier")
    poll(watching, entry("1"), entry("2"), etag="x", **{field: new.url})
    watching.save_sources([new, OTHER], now=NOON + HOUR)
    reports = {report.source.url: report for report in watching.source_states()}
    assert set(reports) == {new.url, OTHER.url}
    assert (reports[new.url].entries, reports[new.url].state.etag) == (2, "x")
    assert (reports[new.url].state.address, reports[new.url].state.moved_to) == (None, None)
    assert poll(watching, entry("1", new), entry("2", new), source=new) == 0
    assert [row["state"] for row in held(watching).values()] == ["pending", "pending"]


def test_both_addresses_of_a_source_that_moved_can_be_watched(watching):
    new = Source(url="https://a.example/new")
    poll(watching, entry("1"), address=new.url)
    watching.save_sources([FEED, OTHER, new], now=NOON)
    assert len(watching.source_states()) == 3
    poll(watching, entry("1", new), source=new)
    assert len(watching.pending_entries(now=NOON, limit=9)) == 1


@pytest.mark.parametrize(
    ("rhythm", "silence", "is_silent"),
    [
        (HOUR, 23 * HOUR, False),
        (HOUR, 25 * HOUR, True),
        (24 * HOUR, 95 * HOUR, False),
        (24 * HOUR, 97 * HOUR, True),
        (None, 9000 * HOUR, False),
    ],
    ids=["under a day", "over a day", "four rhythms", "more", "no rhythm known"],
)
def test_a_source_is_silent_when_it_lost_its_rhythm(watching, rhythm, silence, is_silent):
    last = NOON - silence
    rhythm_s = None if rhythm is None else int(rhythm.total_seconds())
    poll(watching, rhythm_s=rhythm_s, last_new_at=last, last_success_at=NOON)
    report = next(one for one in watching.source_states() if one.source == FEED)
    assert report.silent_since == (last if is_silent else None)


def test_what_is_not_held_is_told_apart_before_it_is_saved(watching):
    poll(watching, entry("1"), entry("2", title="avant"))
    keep(watching, make_reading("https://a.example/3"))
    sifted = watching.sift_entries(
        FEED.url, [entry("1"), entry("2", title="après"), entry("3"), entry("4")]
    )
    assert (sifted.unknown, sifted.fresh) == ({"3", "4"}, {"4"})
    assert (sifted.changed, sifted.listed) == ({"2"}, 2)


@pytest.mark.parametrize(
    ("url", "others"),
    [
        ("http://a.example/b", ["https://a.example/b", "http://www.a.example/b/"]),
        ("https://www.a.example/b/?id=1", ["http://a.example/b?id=1"]),
        ("https://a.example/b.html", ["http://www.a.example/b.html"]),
        ("https://a.example", ["http://a.example/"]),
    ],
)
def test_one_page_is_known_in_every_spelling(url, others):
    assert spellings(url)[0] == url
    for other in others:
        assert other in spellings(url)
        assert url in spellings(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://a.example/?id=1", "http://a.example/?id=2"),
        ("http://a.example:8080/b", "https://a.example/b"),
        ("http://a.example/b.html", "http://a.example/b.html/"),
        ("http://a.example/b", "http://b.example/b"),
        ("urn:sha256:ab", "urn:sha256:cd"),
        ("http://[broken", "http://a.example/"),
    ],
)
def test_two_pages_are_never_one_spelling(one, other):
    assert other not in spellings(one)


def test_the_parts_of_an_index_come_back_as_they_were_read(watching):
    part = Part(url="https://b.example/1.xml", changed="2023-11", etag="x", read_at=NOON)
    state = SourceState(url=OTHER.url)
    watching.record_poll(state, [], now=NOON, outcomes=Outcomes(parts=(part,)))
    again = msgspec.structs.replace(part, changed="2023-12", body_sha256="ab")
    watching.record_poll(state, [], now=NOON, outcomes=Outcomes(parts=(again,)))
    assert watching.read_parts(OTHER.url) == {part.url: again}
    assert watching.read_parts(FEED.url) == {}


def test_what_is_known_of_a_host_is_let_go_of_in_time(store):
    until = NOON + HOUR
    store.save_origins({"https://a.example": (b"a", until)}, now=NOON)
    assert store.find_origin("https://a.example", now=NOON) == b"a"
    assert store.find_origin("https://a.example", now=until) is None
    store.save_origins({"https://b.example": (b"b", until + HOUR)}, now=until)
    assert [row["url"] for row in store.database.rows("SELECT url FROM origin")] == [
        "https://b.example"
    ]


def test_an_entry_put_off_has_not_failed(watching):
    poll(watching, entry())
    (waiting,) = watching.pending_entries(now=NOON, limit=9)
    watching.put_off_entry(waiting.id, "its site asks to wait", NOON + HOUR)
    assert watching.pending_entries(now=NOON, limit=9) == ()
    (again,) = watching.pending_entries(now=NOON + HOUR, limit=9)
    assert (again.id, again.tries) == (waiting.id, 0)


@pytest.mark.parametrize(
    ("what", "again", "opens"),
    [
        (NoticeKind.SHARED_GUID, "one", False),
        (NoticeKind.SHARED_GUID, "another", True),
        (NoticeKind.GONE, "one", True),
    ],
)
def test_what_a_person_put_away_is_told_again_only_when_it_is_news(watching, what, again, opens):
    def notice(detail):
        return Outcomes(noticed=(Notice(what=what, detail=detail, noticed_at=NOON),))

    state = SourceState(url=FEED.url)
    watching.record_poll(state, [], now=NOON, outcomes=notice("one"))
    watching.settle_notices(FEED.url, now=NOON)
    watching.record_poll(state, [], now=NOON, outcomes=notice(again))
    assert len(watching.open_notices(FEED.url)) == opens


@pytest.mark.parametrize(
    ("changes", "is_read"),
    [
        ({"url": "http://www.a.example/1/"}, False),
        ({"url": "http://a.example/1", "title": "après"}, True),
        ({"url": "https://a.example/2"}, True),
    ],
    ids=["spelt otherwise", "and another title", "elsewhere"],
)
def test_an_entry_that_only_spells_its_address_otherwise_is_not_read_again(
    watching, changes, is_read
):
    poll(watching, entry("guid", url="https://a.example/1"))
    (waiting,) = watching.pending_entries(now=NOON, limit=9)
    kept = keep(watching, entry_id=waiting.id)
    poll(watching, entry("guid", **changes), now=NOON + HOUR)
    assert len(watching.pending_entries(now=NOON + HOUR, limit=9)) == is_read
    if changes["url"] != "https://a.example/2":
        assert watching.find_article(changes["url"]) == kept.article_id
