"""The bench of names counts as it says, and its labels hold no word of the corpora."""

from pathlib import Path

import msgspec
import pytest

from bench.name_hits import our_finder, phrase_finder, score_watched
from bench.name_labels import (
    LABELS,
    LabelledName,
    LabelledStretch,
    WatchedPlace,
    WatchedText,
    digest,
    load_stretches,
    load_watched,
)
from bench.name_lists import Named, Score, score_list, score_names
from model.mention import Entity, EntityKind

TEXT = "Anne Roche voit Luc Roche. Roche rit. The Elbor."
CORPORA = Path(__file__).resolve().parents[2].parent / "shared" / "corpora"


def stretch(*names: tuple[int, int, str, int]) -> list[tuple[LabelledStretch, str]]:
    labelled = tuple(LabelledName(*one, "") for one in names)
    return [(LabelledStretch("f", 0, "fr", "test", 0, len(TEXT), labelled), TEXT)]


TRUTH = stretch(
    (0, 10, "person", 1), (16, 25, "person", 2), (27, 32, "person", 1), (42, 47, "place", 3)
)


def test_an_article_before_a_name_counts_neither_way():
    assert score_names(TRUTH, [[Named(38, 47, "place", "x")]]) == Score(1, 1, 4)


def test_a_second_line_for_one_entity_costs_precision():
    lines = [Named(0, 10, "person", "Anne Roche"), Named(27, 32, "person", "Roche")]
    assert score_list(TRUTH, [lines]) == Score(1, 2, 3)


def test_two_entities_under_one_line_cost_recall():
    lines = [Named(0, 10, "person", "Roche"), Named(16, 25, "person", "Roche")]
    assert score_list(TRUTH, [lines]) == Score(1, 1, 3)


def test_what_touches_a_free_span_is_not_counted():
    free = stretch((0, 10, "free", 1))
    assert score_names(free, [[Named(5, 10, "person", "x")]]) == Score(0, 0, 0)


def test_places_are_right_when_their_entity_is_found_there():
    places = (
        WatchedPlace(0, 10, "Anne Roche", "yes", ""),
        WatchedPlace(20, 25, "Anne Roche", "no", ""),
        WatchedPlace(27, 32, "Anne Roche", "open", ""),
    )
    judged = [(WatchedText(2, "whole", "list", "f", 0, places), TEXT)]
    entities = [Entity(name="Anne Roche", kind=EntityKind.PERSON, aliases=("Roche",))]
    assert score_watched(judged, {"list": our_finder(entities)}) == Score(1, 1, 1)
    assert score_watched(judged, {"list": phrase_finder(entities)}) == Score(1, 2, 1)


def test_the_labels_match_the_corpora():
    if not (CORPORA / "timelines").is_dir():
        pytest.skip(f"the corpora are not in {CORPORA}")
    assert load_stretches(CORPORA)
    assert load_watched(CORPORA)


@pytest.mark.parametrize("name", ["names", "watched"])
def test_the_labels_tell_places_and_not_words(name):
    told = {"name", "person", "organisation", "place", "free", "yes", "no", "open"}
    lists = (LABELS / f"{one}.json" for one in ("watch_list", "watch_list_2024"))
    told |= {entity["name"] for one in lists for entity in msgspec.json.decode(one.read_bytes())}
    for one in msgspec.json.decode((LABELS / f"{name}.json").read_bytes()):
        for place in one["names"]:
            words = [value for value in place if isinstance(value, str)]
            assert len(words.pop()) == len(digest(""))
            assert set(words) <= told
