"""The real pipeline over real HTTP against the invented press, on two mornings.

What is true of the press (which articles are on the affair, who copies whom, what was edited)
stands in its articles' front matter.
"""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from app.pipeline import RunSummary, make_pass
from app.steps.parts import Progress
from app.workplace import SHIPPED_CONFIG
from model.config import load_config
from model.query import Everything
from nlp.tagging import Tagger
from press import Press
from press.catalogue import PressArticle, load_articles
from store import Store, open_store
from store.records import CopyReport

MONDAY = datetime.fromisoformat("2024-06-03T07:00:00+02:00")
TUESDAY = datetime.fromisoformat("2024-06-04T07:00:00+02:00")
ARTICLES = {article.url: article for article in load_articles()}

LEAST_RECALL = 0.97


class Mornings(NamedTuple):
    """What the two passes left, and what a third one at the same time did."""

    store: Store
    first: RunSummary
    second: RunSummary
    third: RunSummary
    steps: set[str]


@pytest.fixture(scope="module")
def mornings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mornings]:
    data = tmp_path_factory.mktemp("two mornings")
    steps: set[str] = set()
    shipped = load_config(SHIPPED_CONFIG)
    with Press(now=MONDAY, slow_s=0) as press, open_store(data) as store:
        settings = msgspec.structs.replace(shipped.crawler, hosts=press.hosts, per_host_gap_s=0.0)
        config = msgspec.structs.replace(shipped, sources=press.sources, crawler=settings)
        tagger = Tagger(config.entities, config.nlp)

        def note(progress: Progress) -> None:
            steps.add(progress.step)

        def one_pass() -> RunSummary:
            clock = press.now.astimezone(UTC)
            return asyncio.run(make_pass(config, store, tagger, lambda: clock, note))

        first = one_pass()
        press.move_to(TUESDAY)
        yield Mornings(store, first, one_pass(), one_pass(), steps)


def held(store: Store) -> dict[str, int]:
    """Return the ids of all articles held, by the address the press gives them."""
    found = store.search(Everything(), now=TUESDAY.astimezone(UTC), limit=1000)
    return {hit.url: hit.article for hit in found.hits}


def readable(article: PressArticle) -> bool:
    """Return whether a pass could read the article on one of the two mornings."""
    seen_monday = article.is_listed(MONDAY)
    return article.wall is None and (seen_monday or article.is_listed(TUESDAY))


def test_what_is_on_the_affair_is_kept_and_nothing_else(mornings: Mornings) -> None:
    kept = held(mornings.store)
    wanted = {url for url, article in ARTICLES.items() if article.affair and readable(article)}
    assert not set(kept) - wanted
    assert len(wanted & set(kept)) / len(wanted) >= LEAST_RECALL


def test_a_wall_never_becomes_an_article(mornings: Mornings) -> None:
    walled = {url for url, article in ARTICLES.items() if article.wall}
    assert walled
    assert not walled & set(held(mornings.store))
    faults = {
        fault.url.split("?")[0] for fault in mornings.first.faults if fault.state == "soft_block"
    }
    assert faults == walled


def test_a_site_that_is_down_is_named_and_holds_up_no_other(mornings: Mornings) -> None:
    states = {report.source.name: report.state.state for report in mornings.store.source_states()}
    assert [name for name, state in states.items() if state != "ok"] == ["L'Écho des villes"]


def test_articles_that_share_a_guid_are_all_kept(mornings: Mornings) -> None:
    shared = {url for url, article in ARTICLES.items() if article.guid and readable(article)}
    assert len(shared) > 4
    assert len(shared - set(held(mornings.store))) <= 1


def test_an_edit_made_in_silence_is_the_one_change_seen(mornings: Mornings) -> None:
    edited = {url for url, article in ARTICLES.items() if article.edits}
    changed = mornings.store.changes(MONDAY.astimezone(UTC), TUESDAY.astimezone(UTC))
    assert {change.url for change in changed if change.what == "edited"} == edited


def test_a_page_taken_down_stays_readable_and_is_called_absent(mornings: Mornings) -> None:
    removed = {url for url, article in ARTICLES.items() if article.removed_at}
    changed = mornings.store.changes(MONDAY.astimezone(UTC), TUESDAY.astimezone(UTC))
    assert {change.url for change in changed if change.what == "absent"} == removed
    for url in removed:
        article = mornings.store.article(held(mornings.store)[url])
        assert article.absent_since is not None
        assert len(article.current.reading.text) > 500


def test_an_article_dated_in_the_future_does_not_come_first(mornings: Mornings) -> None:
    found = mornings.store.timeline(Everything(), now=TUESDAY.astimezone(UTC), limit=1000)
    future = [place for place, hit in enumerate(found.hits) if hit.dated_in_future]
    assert future
    assert 0 not in future


def named(url: str) -> str:
    """Return the press's own name of an article."""
    return ARTICLES[url].key


def test_every_declared_copy_is_found_and_no_other(mornings: Mornings) -> None:
    def pair(copy: CopyReport) -> tuple[str, str]:
        return named(copy.url), named(copy.of_url)

    kept = held(mornings.store)
    declared = {
        (article.key, article.copy_of)
        for article in ARTICLES.values()
        if article.copy_of and article.url in kept
    }
    assert {pair(copy) for copy in mornings.store.copies()} == declared


def test_a_pass_over_what_has_not_moved_does_nothing(mornings: Mornings) -> None:
    idle = mornings.third.counts
    assert (idle["sources_polled"], idle["entries_new"], idle["pages_read"]) == (0, 0, 0)
    assert (idle["articles_reread"], idle["articles_tagged"]) == (0, 0)


def test_every_capture_matches_its_proof(mornings: Mornings) -> None:
    assert mornings.store.verify().captures > len(held(mornings.store))


def test_every_event_is_a_sentence_of_an_article_it_cites(mornings: Mornings) -> None:
    events = mornings.store.events(now=TUESDAY.astimezone(UTC))
    assert events
    for event in events:
        assert event.text in {citation.sentence for citation in event.citations}
        for citation in event.citations:
            text = mornings.store.article(citation.article).current.reading.text
            assert text[citation.start : citation.end] == citation.sentence


DATED = [
    ("2023-11-14", "Disclose"),
    ("2023-11-15", "CNIL"),
    ("2023-11-20", "Gérald Darmanin"),
    ("2023-11-21", "La France insoumise"),
    ("2023-11-22", "Tribunal administratif de Caen"),
    ("2023-12-21", "Conseil d'État"),
]


@pytest.mark.parametrize(("day", "entity"), DATED, ids=[day for day, _ in DATED])
def test_the_affairs_main_days_stand_on_the_timeline(
    mornings: Mornings, day: str, entity: str
) -> None:
    events = mornings.store.events(now=TUESDAY.astimezone(UTC), entity=entity)
    assert day in {event.date.isoformat() for event in events if not event.inferred}


def test_progress_is_told_for_every_step(mornings: Mornings) -> None:
    assert mornings.steps == {"poll", "read", "again", "tag", "compare"}


def test_data_is_readable_by_its_owner_alone(mornings: Mornings) -> None:
    data: Path = mornings.store.data
    loose = [path for path in (*data.rglob("*"),) if path.stat().st_mode & 0o077]
    assert not loose


def test_a_wrong_date_of_publication_makes_no_event(mornings: Mornings) -> None:
    events = mornings.store.events(now=TUESDAY.astimezone(UTC))
    assert max(event.date.year for event in events) < 2030
