"""No write and no look-up of the pipeline reads a whole table: cost does not grow with history."""

import re
from datetime import timedelta

import pytest

from model.mention import EntityKind, Mention, Quote, Tags
from model.query import parse_query
from model.source import Entry, Lead, Notice, NoticeKind, Part, Source, SourceState
from model.story import Copy, CopyKind, Credit, Story
from store.entities.joined import Joined
from store.records import Arrival, Outcomes
from store.versions import Move
from tests.store.makers import (
    A_DAY,
    NOON,
    keep,
    make_capture,
    make_event,
    make_reading,
    make_sentence,
)

HOUR = timedelta(hours=1)
FEED = Source(url="https://a.example/feed")
NAMED = Tags(
    lang="fr",
    mentions=(Mention(start=0, end=1, text="x", entity="X", kind=EntityKind.LAW, by="l"),),
)

FOUND = Outcomes(
    listed=frozenset("2"),
    noticed=(Notice(what=NoticeKind.TAKEOVER, detail="x", noticed_at=NOON),),
    settled=(NoticeKind.GONE,),
    parts=(Part(url="https://a.example/part"),),
)


def poll_and_keep(store):
    store.save_sources([FEED], now=NOON)
    entries = [Entry(source_url=FEED.url, key=k, url=f"https://a.example/{k}") for k in "12"]
    store.record_poll(SourceState(url=FEED.url), entries, make_capture(store.data), now=NOON)
    store.sift_entries(FEED.url, entries)
    store.save_entries(FEED.url, entries, Arrival(), now=NOON)
    store.record_poll(SourceState(url=FEED.url), entries, now=NOON, outcomes=FOUND)
    store.read_parts(FEED.url)
    store.open_notices(FEED.url)
    store.find_origin("https://a.example", now=NOON)
    store.save_origins({"https://a.example": (b"x", NOON)}, now=NOON)
    first, second = store.pending_entries(now=NOON, limit=2)
    keep(store, make_reading(), entry_id=first.id, raw=b"x", next_reading_at=NOON)
    store.record_unkept(second.id, make_reading("https://a.example/2"), now=NOON)
    store.record_entry_failure(second.id, "timeout", "slow", NOON)
    store.put_off_entry(second.id, "busy", NOON)
    store.unlisted_since(1)
    store.settle_notices(FEED.url, now=NOON)
    store.save_leads([Lead(url="https://a.example/3")], now=NOON)


def read_again(store):
    keep(store, make_reading(text="autre", published_at=NOON - HOUR), now=NOON + HOUR)
    keep(store, make_reading(text="autre"), raw=b"y", now=NOON + HOUR)
    store.due_readings(now=NOON + HOUR, limit=5)
    store.version_capture(1)
    store.article_captures(1)
    store.put_off_reading(1, NOON)
    capture = make_capture(store.data, name="moved.warc.gz")
    addresses = {"from_url": "https://a.example/1", "to_url": "https://a.example/neuf"}
    store.record_move(Move(article_id=1, capture=capture, now=NOON, **addresses))
    store.find_unkept(2)
    store.unjudged("rule", limit=5)
    store.record_verdicts([2], [2], rule="rule", now=NOON)
    store.record_reading(1, "absent", "404", now=NOON + HOUR)
    store.set_relevance(1, relevant=True, reasons=("y",))
    store.changes(NOON, NOON + HOUR)


def tag_and_build(store):
    version = store.untagged("t", limit=5)[0]
    store.save_tags(version.id, NAMED, [make_sentence(1)], tagger="t", now=NOON)
    store.dated_sentences(store.stale_days())
    store.article_sentences(1)
    store.save_counted(
        {one: {"words": ["port", "quai"], "entities": ["CNIL"]} for one in store.uncounted(limit=5)}
    )
    store.count_whole()
    store.count_holders("words", ["port", "phare"])
    store.replace_events(store.stale_days(limit=5), [make_event(1, entities=("CNIL",))])
    store.events_beside((A_DAY, A_DAY))
    for event in store.held_events((A_DAY, A_DAY)):
        store.save_others({(event.id, event.id): False})


def decide_who(store):
    (x,) = store.who_is("X")
    named = Joined(called="Y Z", kind=EntityKind.PERSON, key="x", reason="r", lookups=("y", "z"))
    mention = Mention(start=0, end=1, text="x", entity="Y Z", kind=EntityKind.PERSON, by="l")
    quote = Quote(start=0, end=1, text="x", speaker="Y Z", verb="dit")
    tags = Tags(lang="fr", mentions=(mention,), quotes=(quote,))
    store.save_tags(1, tags, [make_sentence(1)], tagger="t", now=NOON, joined=[named])
    store.joining_candidates(["y"], ["W"])
    store.alias_entity(x.id, "W", now=NOON)
    store.split_entity(x.id, "Y Z", now=NOON)
    store.merge_entities(x.id, store.who_is("Y Z")[0].id, now=NOON)
    store.rename_entity(x.id, "V", now=NOON)
    store.tell_entity(x.id)
    for _ in range(4):
        store.undo_decision(now=NOON)
    store.settle_joinings()
    store.unlooked(limit=5)
    store.most_named(limit=5)
    store.decisions(limit=5)


def compare(store):
    store.unsigned("s", limit=5)
    store.save_prints(1, range(32), b"\0" * 8, signer="s")
    store.candidates(range(32), but=2)
    store.recent_vectors(NOON - HOUR, NOON, NOON)
    store.save_copies(1, [Copy(article=1, of=1, kind=CopyKind.AGENCY, score=1, evidence="")])
    story = Story(id=0, title="", first_at=NOON, last_at=NOON, articles=(1,), independent_sources=1)
    store.save_story(story)
    store.article_stories(1)
    store.tell_story(1, None)
    store.story_facts([1])
    store.closed_stories(1)
    store.find_anchor(1)
    store.anchored_at(1)
    store.save_credits(1, [Credit(article=1, name="A", start=0, end=1)])
    for stale in store.stale_stories(limit=5):
        store.story_members(stale)
        store.story_credits(stale)


def look_up(store):
    store.article(1)
    store.versions(1)
    store.find_article("https://a.example/1")
    store.tags(store.article(1).current.id)
    store.copies(1)
    for typed in ("texte", "texte -zut site:a", '"un texte"~3 is:relevant', "entity:x texte"):
        store.search(parse_query(typed), now=NOON)


# Small by nature: what is configured or decided, what waits, one row of state, what a limit cut.
SMALL = (
    "main.\\w+_index_config|source|chain_head|stale_days|uncounted|annotation|copy|sqlite_schema"
    "|pragma_\\w+"
    "|entity_decision|stale_joining|few|n USING INDEX entity_name_unlooked"
)


STEPS = [poll_and_keep, read_again, tag_and_build, decide_who, compare, look_up]


@pytest.mark.parametrize("work", STEPS)
def test_no_statement_reads_a_whole_table(store, work):
    for before in STEPS[: STEPS.index(work)]:
        before(store)
    statements: list[str] = []
    connection = store.database.tables.conn
    connection.set_trace_callback(statements.append)
    work(store)
    connection.set_trace_callback(None)
    plans = [
        (plan[-1], statement)
        for statement in dict.fromkeys(statements)
        if re.match(r"\s*(SELECT|INSERT|UPDATE|DELETE)", statement)
        for plan in connection.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()
    ]
    assert plans
    whole = [
        (plan, statement)
        for plan, statement in plans
        if re.match(r"SCAN (?!\(|\w+ VIRTUAL TABLE|CONSTANT)", plan)
        and not re.match(rf"SCAN ({SMALL})\b", plan)
        and "max(id)" not in statement
    ]
    assert whole == []


def costs(store, work):
    """Return how many steps SQLite's machine takes for some work."""
    steps = 0

    def count():
        nonlocal steps
        steps += 1

    connection = store.database.tables.conn
    connection.set_progress_handler(count, 1)
    try:
        work()
    finally:
        connection.set_progress_handler(None, 1)
    return steps


def listed(*numbers):
    return [Entry(source_url=FEED.url, key=str(n), url=f"https://a.example/{n}") for n in numbers]


def test_a_poll_costs_the_same_whatever_was_listed_before(store):
    def unchanged():
        store.due_sources(now=NOON)
        store.record_poll(state, [], now=NOON)

    def changed():
        found = listed(*range(99, 109))
        store.sift_entries(FEED.url, found)
        outcomes = Outcomes(listed=frozenset(entry.key for entry in found))
        store.record_poll(state, found, now=NOON, outcomes=outcomes)

    state = SourceState(url=FEED.url)
    store.save_sources([FEED], now=NOON)
    store.record_poll(state, listed(*range(110)), now=NOON)
    changed()
    young = costs(store, unchanged), costs(store, changed)
    for hundred in range(2, 60):
        store.record_poll(state, listed(*range(hundred * 100, hundred * 100 + 100)), now=NOON)
    changed()
    old = costs(store, unchanged), costs(store, changed)
    assert old[0] <= young[0] * 1.1
    assert old[1] <= young[1] * 1.3
