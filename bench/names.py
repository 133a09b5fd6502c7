"""Names: how well they are found, beside spaCy's own, and documents per CPU second.

`watch list` beside spaCy's PhraseMatcher on judged places of two watch lists; `names` and `list`
beside the model's raw output on labelled stretches of French and English news, of which the
development part was looked at while the rules were written and only the test part is shown.
It never writes to the corpora.
"""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from bench.interleaving import best_interleaved
from bench.name_hits import (
    UNSEEN,
    Finder,
    our_finder,
    phrase_finder,
    read_watch_list,
    score_watched,
)
from bench.name_labels import WatchedText, load_stretches, load_watched, read_texts
from bench.name_lists import Score, our_names, raw_names, score_list, score_names
from bench.rows import Row
from model.config import NlpSettings
from nlp.models import missing_models, read_names
from nlp.names.reading import find_names

STAGE = "names"
LISTS = ("watch_list", "watch_list_2024")
TIMED = {"fr": "fr-libya", "en": "en-libya"}
MATCHER, MODEL = "spaCy PhraseMatcher", "the model alone"


def bench_names(shared: Path, *, quick: bool) -> list[Row]:
    """Return quality and speed of the watch list and of the models' names."""
    corpora = shared / "corpora"
    if not (corpora / "timelines").is_dir():
        return []
    models = NlpSettings().models
    rows = [*_watched_rows(corpora), *_matching_speed(corpora, quick=quick)]
    for lang, pipeline in models.items():
        if lang in TIMED and not missing_models({lang: pipeline}):
            rows += _named_rows(corpora, lang, pipeline)
            rows.append(_reading_speed(corpora, lang, pipeline, quick=quick))
    return rows


def _watched_rows(corpora: Path) -> list[Row]:
    judged = load_watched(corpora)
    if not judged:
        return []
    lists = {name: read_watch_list(name) for name in LISTS}
    ours = {name: our_finder(entities) for name, entities in lists.items()}
    theirs = {name: phrase_finder(entities) for name, entities in lists.items()}
    rows: list[Row] = []
    drawn = {
        "unseen texts": [one for one in judged if one[0].sample == UNSEEN],
        "texts seen late": [one for one in judged if _is_late(one[0]) and one[0].way == "whole"],
        "hard names": [one for one in judged if _is_late(one[0]) and one[0].way == "hard"],
    }
    for told, places in drawn.items():
        scores = score_watched(places, ours), score_watched(places, theirs)
        rows += _quality(f"watch list, {told}", "place", scores, MATCHER)
    return rows


def _is_late(watched: WatchedText) -> bool:
    return 1 < watched.sample < UNSEEN


def _named_rows(corpora: Path, lang: str, pipeline: str) -> list[Row]:
    labelled = [
        one for one in load_stretches(corpora) if one[0].lang == lang and one[0].part == "test"
    ]
    if not labelled:
        return []
    texts = [text for _, text in labelled]
    ours, raw = our_names(texts, pipeline), raw_names(texts, pipeline)
    names = score_names(labelled, ours), score_names(labelled, raw)
    lists = score_list(labelled, ours), score_list(labelled, raw)
    return [
        *_quality(f"news, {lang}", "name", names, MODEL),
        *_quality(f"news, {lang}", "list", lists, MODEL),
    ]


def _quality(of: str, what: str, scores: tuple[Score, Score], peer: str) -> list[Row]:
    ours, theirs = scores
    pairs = {
        "precision": (ours.precision, theirs.precision),
        "recall": (ours.recall, theirs.recall),
        "F1": (ours.f1, theirs.f1),
    }
    return [
        _row(of, f"{what} {measure}", value, peer, peer_value)
        for measure, (value, peer_value) in pairs.items()
    ]


def _row(of: str, measure: str, value: float, peer: str, peer_value: float) -> Row:
    return Row(
        stage=STAGE,
        set=of,
        measure=measure,
        vigie=value,
        peer=peer,
        peer_value=peer_value,
        ratio=value / peer_value if peer_value else 0.0,
    )


class _Cost(msgspec.Struct, frozen=True):
    cpu_s: float


def _matching_speed(corpora: Path, *, quick: bool) -> list[Row]:
    entities = read_watch_list(LISTS[0])
    texts = _texts(corpora, 60 if quick else 400)
    finders: dict[str, Finder] = {
        "ours": our_finder(entities),
        "theirs": phrase_finder(entities),
    }
    works = {name: _finding(find, texts) for name, find in finders.items()}
    return [_speed("watch list", works, len(texts), MATCHER, 2 if quick else 5)]


def _finding(find: Finder, texts: Sequence[str]) -> Callable[[], object]:
    return lambda: [list(find(text)) for text in texts]


def _reading_speed(corpora: Path, lang: str, pipeline: str, *, quick: bool) -> Row:
    texts = read_texts(corpora / "timelines" / TIMED[lang] / "articles.jsonl.gz")
    some = texts[: 5 if quick else 20]
    works = {
        "ours": lambda: [find_names(text, pipeline) for text in some],
        "theirs": lambda: [read_names(text, pipeline) for text in some],
    }
    return _speed(f"news, {lang}", works, len(some), MODEL, 2 if quick else 3)


def _speed(
    of: str, works: dict[str, Callable[[], object]], texts: int, peer: str, repeats: int
) -> Row:
    best = best_interleaved({name: _timed(work) for name, work in works.items()}, repeats=repeats)
    value, peer_value = texts / best["ours"].cpu_s, texts / best["theirs"].cpu_s
    return _row(of, "documents/CPU s", value, peer, peer_value)


def _timed(work: Callable[[], object]) -> Callable[[], _Cost]:
    def measure() -> _Cost:
        started = time.process_time()
        work()
        return _Cost(time.process_time() - started)

    return measure


def _texts(corpora: Path, count: int) -> list[str]:
    files = sorted((corpora / "timelines").glob("*-libya/articles.jsonl.gz"))
    return [text for file in files for text in read_texts(file)[: count // len(files)]]
