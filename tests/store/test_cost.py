"""No write and no look-up of the pipeline reads a whole table: cost does not grow with history."""

import re
from datetime import timedelta

import pytest

from model.mention import EntityKind, Mention, Tags
from model.query import parse_query
from model.source import Entry, Lead, Source, SourceState
from model.story import Copy, CopyKind, Story
from tests.store.makers import NOON, keep, make_capture, make_event, make_reading, make_sentence

HOUR = timedelta(hours=1)
FEED = Source(url="https://a.example/feed")
NAMED = Tags(
    lang="fr",
    mentions=(Mention(start=0, end=1, text="x", entity="X", kind=EntityKind.LAW, by="l"),),
)


def poll_and_keep(store):
    store.save_sources([FEED], now=NOON)
    entries = [Entry(source_url=FEED.url, key=k, url=f"https://a.example/{k}") for k in "12"]
    store.record_poll(SourceState(url=FEED.url), entries, make_capture(store.data), now=NOON)
    first, second = store.pending_entries(now=NOON, limit=2)
    keep(store, make_reading(), entry_id=first.id, raw=b"x", next_reading_at=NOON)
    store.record_unkept(second.id, make_reading("https://a.example/2"), now=NOON)
    store.record_entry_failure(second.id, "timeout", "slow", NOON)
    store.save_leads([Lead(url="https://a.example/3")], now=NOON)


def read_again(store):
    keep(store, make_reading(text="autre", published_at=NOON - HOUR), now=NOON + HOUR)
    keep(store, make_reading(text="autre"), raw=b"y", now=NOON + HOUR)
    store.due_readings(now=NOON + HOUR, limit=5)
    store.record_reading(1, "absent", "404", now=NOON + HOUR)
    store.set_relevance(1, relevant=True, reasons=("y",))
    store.changes(NOON, NOON + HOUR)


def tag_and_build(store):
    version = store.untagged("t", limit=5)[0]
    store.save_tags(version.id, NAMED, [make_sentence(1)], tagger="t", now=NOON)
    store.dated_sentences(store.stale_days())
    store.replace_events(store.stale_days(), [make_event(1)])


def compare(store):
    store.unsigned("s", limit=5)
    store.save_signature(1, range(32), b"\0" * 8, signer="s")
    store.candidates(range(32))
    store.recent_vectors(NOON - HOUR, NOON)
    store.save_copies(1, [Copy(article=1, of=1, kind=CopyKind.AGENCY, score=1, evidence="")])
    story = Story(id=0, title="", first_at=NOON, last_at=NOON, articles=(1,), independent_sources=1)
    store.save_story(story)
    store.article_stories(1)


def look_up(store):
    store.article(1)
    store.versions(1)
    store.find_article("https://a.example/1")
    store.tags(store.article(1).current.id)
    store.copies(1)
    for typed in ("texte", "texte -zut site:a", '"un texte"~3 is:relevant', "entity:x texte"):
        store.search(parse_query(typed), now=NOON)


# Small by nature: what is configured, what waits, one row of state.
SMALL = (
    "main.article_words_config|source|chain_head|stale_days|annotation|copy|sqlite_schema"
    "|pragma_\\w+"
)


STEPS = [poll_and_keep, read_again, tag_and_build, compare, look_up]


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
