"""Copies and stories as a pass finds them: kept apart by people, and at a cost that stays flat."""

from datetime import UTC, datetime, timedelta
from random import Random

import numpy as np
import pytest

from app.steps import retellings
from app.steps.retellings import compare_article, settle_stories
from model.article import Reading
from model.errors import ConfigError, MissingError
from nlp.retellings.prints import prints_of
from nlp.vectors import pack
from store import open_store
from store.retellings.copies import MAX_CANDIDATES, MAX_SHARERS, MAX_VECTORS
from tests.nlp.test_copies import FIRST, SECOND, paragraphs

NOON = datetime(2023, 11, 21, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SIGNER = retellings.SIGNER


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "data") as opened:
        yield opened


def keep(store, number, text, *, at=NOON, site="a.example"):
    """Keep an article of the affair and return its id."""
    url = f"https://{site}/{number}"
    reading = Reading(url=url, canonical_url=url, title=f"Titre {number}", text=text, lang="fr",
                      site=site, published_at=at)  # fmt: skip
    return store.keep(reading, relevant=True, reasons=("x",), now=at).article_id


def compare_all(store):
    for article in store.unsigned(SIGNER, limit=1_000):
        compare_article(store, article)
    settle_stories(store)


def beside(store, article):
    """Return the articles of the story that an article is in."""
    (story,) = store.article_stories(article)
    return set(story.articles)


@pytest.fixture
def told(store):
    """Hold a text that three sites carry and one that nobody does; return their ids."""
    ids = [keep(store, n, FIRST, at=NOON + n * HOUR, site=f"s{n}.example") for n in range(3)]
    ids.append(keep(store, 9, SECOND, at=NOON + 90 * HOUR, site="s9.example"))
    compare_all(store)
    return ids


def find_again(store):
    """Drop all copies and stories, and find them again."""
    from store.derived import Part

    store.ask_again((Part.COPIES, Part.STORIES), now=NOON)
    store.drop_asked(now=NOON)
    compare_all(store)


def test_a_text_that_three_sites_carry_is_one_story_of_one_source(store, told):
    (story,) = store.article_stories(told[0])
    assert story.articles == tuple(told[:3])
    assert (story.independent_sources, story.carriers) == (1, 3)
    assert (story.origin, story.origin_by) == (told[0], "repeated")
    assert beside(store, told[3]) == {told[3]}


def test_fault_40_nothing_is_deleted_or_merged_for_being_a_copy(store, told):
    assert [store.article(one).current.reading.text for one in told[:3]] == [FIRST] * 3
    copies = store.copies(told[0])
    assert {(copy.article, copy.of) for copy in copies} == {(told[1], told[0]), (told[2], told[0])}
    assert all(copy.text_sha256 and copy.of_text_sha256 for copy in copies)
    assert {copy.site for copy in copies} == {"s1.example", "s2.example"}
    store.save_copies(told[1], [])
    assert {copy.article for copy in store.copies(told[0])} == {told[2]}


def test_fault_40_an_article_that_left_its_story_stays_out_when_it_is_found_again(store, told):
    store.leave_story(told[2], now=NOON)
    settle_stories(store)
    assert (beside(store, told[2]), beside(store, told[0])) == ({told[2]}, set(told[:2]))
    find_again(store)
    assert (beside(store, told[2]), beside(store, told[0])) == ({told[2]}, set(told[:2]))


def test_what_an_article_left_does_not_follow_it(store, told):
    store.leave_story(told[0], now=NOON)
    find_again(store)
    assert (beside(store, told[0]), beside(store, told[1])) == ({told[0]}, set(told[1:3]))


@pytest.mark.parametrize("other", [0, 3], ids=["beside an earlier one", "beside a later one"])
def test_an_article_that_was_put_into_a_story_is_there_again(store, told, other):
    article = told[3] if other == 0 else told[1]
    store.join_story(article, told[other], now=NOON)
    settle_stories(store)
    before = beside(store, article)
    assert told[other] in before
    find_again(store)
    assert beside(store, article) == before


def test_a_decision_is_undone_and_the_article_goes_back(store, told):
    store.leave_story(told[2], now=NOON)
    store.join_story(told[3], told[0], now=NOON)
    assert store.undo_story_decision(None, now=NOON).article == told[3]
    store.undo_story_decision(1, now=NOON)
    settle_stories(store)
    assert (beside(store, told[0]), beside(store, told[3])) == (set(told[:3]), {told[3]})
    find_again(store)
    assert (beside(store, told[0]), beside(store, told[3])) == (set(told[:3]), {told[3]})
    with pytest.raises(MissingError, match="nothing to undo"):
        store.undo_story_decision(None, now=NOON)
    with pytest.raises(ConfigError, match="undone already"):
        store.undo_story_decision(1, now=NOON)


def test_who_joins_a_story_it_had_left_has_changed_its_mind(store, told):
    store.leave_story(told[2], now=NOON)
    store.join_story(told[2], told[0], now=NOON)
    find_again(store)
    assert beside(store, told[2]) == set(told[:3])


def test_what_cannot_be_decided_is_refused(store, told):
    with pytest.raises(ConfigError, match="shares a story with no other"):
        store.leave_story(told[3], now=NOON)
    with pytest.raises(ConfigError, match="in one story already"):
        store.join_story(told[0], told[1], now=NOON)
    with pytest.raises(MissingError):
        store.join_story(told[0], 99, now=NOON)


# Cost


def hold(store, first, count, shared):
    """Hold prints and vectors of so many articles, some prints common, in the days around."""
    random = Random(first)  # noqa: S311 - a fixed draw
    vector = pack(np.ones(512, dtype=np.float32))
    for number in range(first, first + count):
        keep(store, number, f"Texte {number}.", at=NOON + random.random() * HOUR)
    for number in range(first, first + count):
        own = [random.randrange(-(2**31), 2**31) for _ in range(60)]
        store.save_prints(number + 1, [*shared, *own], vector, signer=SIGNER)


def work(store, prints):
    """Return how many steps SQLite takes to look up what one new article is compared with."""
    steps = 0

    def count():
        nonlocal steps
        steps += 1
        return 0

    connection = store.database.tables.conn
    connection.set_progress_handler(count, 100)
    assert len(store.candidates(prints)) == MAX_CANDIDATES
    vectors = store.recent_vectors(NOON - HOUR, NOON, NOON + HOUR)
    store.story_facts([each.article for each in vectors[:60]])
    connection.set_progress_handler(None, 0)
    assert len(vectors) <= MAX_VECTORS
    return steps


def test_what_an_article_is_compared_with_costs_the_same_whatever_is_held(store, monkeypatch):
    monkeypatch.setattr("store.retellings.copies.MAX_VECTORS", 100)
    shared = list(prints_of(paragraphs(1, 2, 3)))
    assert len(shared) > 20
    hold(store, 0, 200, shared)
    few = work(store, shared)
    hold(store, 200, 800, shared)
    assert work(store, shared) < few * 1.15
    assert MAX_SHARERS < 200


def test_a_print_takes_few_bytes(store):
    count = "SELECT page_count FROM pragma_page_count"
    prints = list(range(0, 400_000, 2_000))
    for number in range(100):
        keep(store, number, "x")
    kept = store.database.value(count)
    for number in range(100):
        store.save_prints(number + 1, [one + number for one in prints], signer=SIGNER)
    assert 0 < (store.database.value(count) - kept) * 4096 / 100 < len(prints) * 20
