"""Dates in text beside HeidelTime and dateparser: value and extent F1, and dates a CPU second.

Vigie reads each sentence in its article, as the product does. HeidelTime 2.2.1 (news, TreeTagger)
read the sentences alone once, and what it found is kept as places and values in
`labels/dates_heideltime.jsonl`: its dates and times of day with a calendar value, "early" and
"late" counted as the same thirds as ours. `search_dates` reads them alone too, with weekdays and
months looked for in the past, which suits it better than its default; a day anywhere in what a
label means counts as right for it, for its answers hold no precision. Both it and Vigie are timed
on the sentences alone.

TempEval-3's texts are in no package, so HeidelTime's figure on them (.776) stands beside ours only
in kind; on the English half here HeidelTime itself reaches what the table says. How the sentences
were drawn and labelled, and which were looked at, is told in `date_labels`. Nothing is written to
the corpora.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from datetime import time as clock
from pathlib import Path

import msgspec
from dateparser.search import search_dates

from bench.date_labels import (
    PARTS,
    Counts,
    Found,
    Sentence,
    Verdict,
    compare,
    count,
    find_kept,
    load_sentences,
)
from bench.interleaving import best_interleaved
from bench.rows import Row
from nlp.dates.finding import find_dates

STAGE = "dates"
PEER = "dateparser"
KEPT = "HeidelTime"
HEIDELTIME = 0.776
"""HeidelTime's value F1 on TempEval-3's English test set (UzZaman et al., 2013)."""

Finder = Callable[[Sentence], list[Found]]


class _Timed(msgspec.Struct, frozen=True):
    """What reading all sentences cost, and how many dates came of it."""

    cpu_s: float
    dates: int


def bench_dates(shared: Path, *, quick: bool) -> list[Row]:
    """Return quality on each half and language beside the peers, and speed beside dateparser."""
    sentences = load_sentences(shared / "corpora")
    if not sentences:
        return []
    if quick:
        sentences = sentences[::6]
    rows = [row for part in PARTS for row in _quality(part, sentences)]
    return [*rows, *_speed(sentences, 1 if quick else 3)]


def _quality(part: str, sentences: Sequence[Sentence]) -> Iterator[Row]:
    for lang in ("fr", "en"):
        chosen = [one for one in sentences if (one.label.part, one.label.lang) == (part, lang)]
        ours = _measures(count(judge(chosen, find_ours)))
        for peer, find in ((KEPT, find_kept), (PEER, find_theirs)):
            theirs = _measures(count(judge(chosen, find)))
            for measure, value in ours.items():
                yield _row(f"{part}/{lang}", measure, value, peer, theirs[measure])
        if (part, lang) == ("test", "en"):
            value = ours["value F1"]
            yield _row("test/en", "value F1", value, "HeidelTime, TempEval-3", HEIDELTIME)


def _measures(counts: Counts) -> dict[str, float]:
    return {
        "value F1": counts.f1(counts.valued),
        "span F1, relaxed": counts.f1(counts.relaxed),
        "span F1, strict": counts.f1(counts.strict),
        "value F1, strict span": counts.f1(counts.strictly_valued),
    }


def _row(name: str, measure: str, vigie: float, peer: str, value: float) -> Row:
    return Row(
        stage=STAGE,
        set=name,
        measure=measure,
        vigie=vigie,
        peer=peer,
        peer_value=value,
        ratio=vigie / value if value else 0.0,
        loses=value > vigie,
    )


def _speed(sentences: Sequence[Sentence], repeats: int) -> Iterator[Row]:
    contenders: Mapping[str, Callable[[], _Timed]] = {
        "vigie": lambda: _time(sentences, lambda one: len(_read_alone(one))),
        PEER: lambda: _time(sentences, lambda one: len(_search(one))),
    }
    best = best_interleaved(contenders, repeats)
    ours, theirs = best["vigie"], best[PEER]
    read = len(sentences)
    yield _row("all", "sentences/CPU s", read / ours.cpu_s, PEER, read / theirs.cpu_s)
    yield _row("all", "dates/CPU s", ours.dates / ours.cpu_s, PEER, theirs.dates / theirs.cpu_s)


def _time(sentences: Sequence[Sentence], read: Callable[[Sentence], int]) -> _Timed:
    started = time.process_time()
    dates = sum(map(read, sentences))
    return _Timed(time.process_time() - started, dates)


def judge(sentences: Sequence[Sentence], find: Finder) -> Iterator[tuple[Sentence, Verdict]]:
    """Compare what a finder finds in each sentence with its labels."""
    for sentence in sentences:
        for verdict in compare(sentence, find(sentence)):
            yield sentence, verdict


def find_ours(sentence: Sentence) -> list[Found]:
    """Return what Vigie finds in the sentence, read in its article."""
    label = sentence.label
    return [
        Found(one.start, one.end, one.from_on, one.to_on, one.precision.value)
        for one in find_dates(sentence.text, label.lang, sentence.published_on)
        if label.start <= one.start and one.end <= label.end
    ]


def _read_alone(sentence: Sentence) -> Sequence[object]:
    return find_dates(sentence.words, sentence.label.lang, sentence.published_on)


def find_theirs(sentence: Sentence) -> list[Found]:
    """Return what dateparser finds in the sentence, each at the first place it can stand."""
    found, read_to = [], 0
    for text, at in _search(sentence):
        place = sentence.words.find(text, read_to)
        if place >= 0:
            read_to = place + len(text)
            start = sentence.label.start + place
            found.append(Found(start, start + len(text), at.date(), at.date()))
    return found


def _search(sentence: Sentence) -> list[tuple[str, datetime]]:
    return _search_dates(sentence.words, sentence.label.lang, sentence.published_on)


def _search_dates(words: str, lang: str, published_on: date) -> list[tuple[str, datetime]]:
    settings = {
        "RELATIVE_BASE": datetime.combine(published_on, clock(12)),
        "PREFER_DATES_FROM": "past",
        "RETURN_AS_TIMEZONE_AWARE": False,
    }
    found: list[tuple[str, datetime]] | None = search_dates(
        words, languages=[lang], settings=settings
    )
    return found or []
