"""The bench of dates counts right on cases made by hand, and its labels hold no word of a text."""

from datetime import date
from pathlib import Path

import msgspec
import pytest

from bench.date_labels import (
    KEPT,
    TRUTH,
    Found,
    Label,
    Labelled,
    Sentence,
    compare,
    count,
    extent,
    is_right,
    load_sentences,
)
from bench.dates import find_ours, find_theirs, judge

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
TEXT = "On Tuesday night, and in early May, he left for today."
MAY = (date(2023, 5, 1), date(2023, 5, 10), "interval")
TUESDAY = (date(2023, 11, 21), date(2023, 11, 21), "day")


def sentence(*dates):
    label = Labelled(
        file="x", line=0, lang="en", part="test", start=0, end=len(TEXT), digest="", dates=dates
    )
    return Sentence(label=label, text=TEXT, published_on=date(2023, 11, 21))


def label(words, from_on=None, to_on=None, precision="open"):
    start = TEXT.index(words)
    return Label(start, start + len(words), from_on, to_on, precision, "")


def found(words, from_on, to_on, precision=""):
    start = TEXT.index(words)
    return Found(start, start + len(words), from_on, to_on, precision)


LABELS = (label("Tuesday night", *TUESDAY), label("early May", *MAY), label("today"))


def counted(*finds):
    one = sentence(*LABELS)
    return count((one, verdict) for verdict in compare(one, finds))


def test_extent_value_and_what_is_found_for_nothing_are_counted_apart():
    counts = counted(
        found("Tuesday", *TUESDAY), found("in early May", *MAY), found("left", *TUESDAY)
    )
    told = (counts.labels, counts.found, counts.relaxed, counts.strict, counts.valued)
    assert told == (2, 3, 2, 1, 2)
    assert counts.f1(counts.valued) == 0.8


def test_an_open_label_counts_neither_way():
    assert counted(found("today", *TUESDAY)).found == 0


def test_the_same_days_of_another_precision_are_not_right():
    whole = found("early May", date(2023, 5, 1), date(2023, 5, 10), "month")
    assert not is_right(LABELS[1], whole)


def test_an_answer_without_a_precision_need_only_lie_in_what_is_meant():
    assert is_right(LABELS[1], found("May", date(2023, 5, 7), date(2023, 5, 7)))
    assert not is_right(LABELS[1], found("May", date(2023, 5, 17), date(2023, 5, 17)))


def test_articles_and_prepositions_before_a_date_are_no_part_of_its_extent():
    start = TEXT.index("in early May")
    one = Found(start, start + 13, *MAY)
    assert TEXT[slice(*extent(TEXT, one))] == "early May"


def test_the_labels_hold_no_word_of_a_text():
    for path in (TRUTH, KEPT):
        for line in path.read_bytes().splitlines():
            row = msgspec.json.decode(line)
            words = {row.get("lang"), row.get("part"), row["file"]}
            assert not [word for word in _strings(row) if word not in words and not _is_value(word)]


def _strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)


def _is_value(word):
    kinds = {"day", "month", "quarter", "season", "year", "interval", "open"}
    return word in kinds or not word.strip("0123456789abcdef-")


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_on_sentences_whose_errors_nobody_read_we_are_right_more_often_than_the_peers(lang):
    chosen = [
        one
        for one in load_sentences(SHARED / "corpora")
        if (one.label.part, one.label.lang) == ("test", lang)
    ]
    if not chosen:
        pytest.skip("the corpora are not beside the tree")
    ours = count(judge(chosen, find_ours))
    theirs = count(judge(chosen[:20], find_theirs))
    few = count(judge(chosen[:20], find_ours))
    assert ours.f1(ours.valued) > 0.9
    assert few.f1(few.valued) > theirs.f1(theirs.valued)
