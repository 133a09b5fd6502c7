"""The bench of quotes: what it counts as right, and labels that hold places, never words."""

import json
from pathlib import Path

import pytest

from bench.quote_truth import (
    OVERLAP,
    TRUTH,
    Found,
    Label,
    is_same_speaker,
    load_labelled,
    score_spans,
    score_speakers,
)
from model.mention import EntityKind, Mention

SHARED = Path(__file__).resolve().parents[3] / "shared"
TEXT = "« Non », a dit Mme Roche. Le « sage » part. Selon Luc Morel, il fera beau demain."
LABELS = (
    Label(kind="direct", start=2, end=5, speaker=(15, 24), verb=(11, 14)),
    Label(kind="not a quote", start=31, end=35, why="scare"),
    Label(kind="reported", start=61, end=80, speaker=(50, 59)),
)


def found(kind, words, speaker=None):
    start = TEXT.index(words)
    return Found(kind, start, start + len(words), speaker)


@pytest.mark.parametrize(
    ("given", "kind", "least", "precision", "recall"),
    [
        ([found("direct", "Non")], "direct", 1, 1, 1),
        ([found("direct", "Non "), found("direct", "sage")], "direct", 1, 0.5, 1),
        ([found("reported", "il fera beau demain.")], "reported", 1, 1, 1),
        ([found("reported", "il fera beau")], "reported", OVERLAP, 0, 0),
        ([found("direct", "il fera beau demain")], "reported", OVERLAP, None, 0),
    ],
    ids=["the words", "a scare quote too", "edges never matter", "half of it", "another kind"],
)
def test_places_are_right_where_they_cover_what_was_labelled(given, kind, least, precision, recall):
    score = score_spans(TEXT, LABELS, given, kind, least)
    assert score.recall == recall
    assert score.found == 0 if precision is None else score.precision == precision


def test_what_could_be_seen_either_way_is_neither_missed_nor_wrong():
    spared = (Label(kind="optional", start=31, end=35),)
    score = score_spans(TEXT, spared, [found("direct", "sage")], "direct", 1)
    assert (score.found, score.wanted) == (0, 0)


@pytest.mark.parametrize(
    ("speaker", "right"),
    [("Anne Roche", True), ("Roche", True), ("Luc Morel", False), (None, False)],
    ids=["her full name", "her surname", "another", "nobody"],
)
def test_a_speaker_is_right_by_the_name_or_by_whom_it_names(speaker, right):
    assert is_same_speaker(TEXT, LABELS[0], speaker, ()) is right


def test_a_name_that_the_product_joins_to_another_is_the_same_speaker():
    joined = Mention(start=19, end=24, text="Roche", entity="Anne Petit",
                     kind=EntityKind.PERSON, by="list")  # fmt: skip
    assert is_same_speaker(TEXT, LABELS[0], "Anne Petit", (joined,))


def test_an_open_speaker_is_a_miss_and_a_wrong_one_is_wrong_as_well():
    told = [found("direct", "Non", "Luc Morel"), found("reported", "il fera beau demain")]
    score = score_speakers(TEXT, LABELS, told, (), ("direct", "reported"))
    assert (score.right, score.found, score.hit, score.wanted) == (0, 1, 0, 2)


def test_labels_hold_places_and_no_words_of_any_text():
    allowed = {"kind", "start", "end", "speaker", "described", "verb", "why"}
    whys = {"name", "title", "scare", "term", "word", "button"}
    for line in TRUTH.read_text(encoding="utf-8").splitlines():
        for label in json.loads(line)["labels"]:
            assert set(label) <= allowed
            assert label.get("why", "name") in whys


def test_every_label_lies_within_its_text_and_enough_are_labelled():
    read = list(load_labelled(SHARED))
    if not read:
        pytest.skip(f"no corpora in {SHARED}")
    labels = [(one.lang, label) for one, _ in read for label in one.labels]
    quotes = [lang for lang, label in labels if label.kind in ("direct", "reported")]
    assert len(quotes) >= 250
    assert quotes.count("fr") >= 100
    assert all(
        0 <= label.start < label.end <= len(text) for one, text in read for label in one.labels
    )
