"""The spaCy pipelines that name people, organisations and places, loaded when first needed.

Only the named-entity part of a pipeline is loaded. Nothing here downloads: a pipeline that is
not installed is reported with the command that installs it.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import TYPE_CHECKING, cast

import msgspec

from model.mention import EntityKind, Mention

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.pipeline import TrainablePipe
    from spacy.tokens import Doc, Span

LONGEST_CHUNK = 5_000
LONGEST_WORD = 120
"""Longer runs without a space are no words; the tokeniser is quadratic on them."""

KINDS = {
    "PER": EntityKind.PERSON,
    "PERSON": EntityKind.PERSON,
    "ORG": EntityKind.ORGANISATION,
    "LOC": EntityKind.PLACE,
    "GPE": EntityKind.PLACE,
    "FAC": EntityKind.PLACE,
}
"""The labels of spaCy's news models that name somebody or somewhere; the others are dropped."""

_PRESET_LABELS = {
    EntityKind.PERSON: ("PER", "PERSON"),
    EntityKind.ORGANISATION: ("ORG",),
    EntityKind.PLACE: ("LOC", "GPE"),
    EntityKind.PRODUCT: ("PRODUCT", "MISC"),
    EntityKind.LAW: ("LAW", "MISC"),
    EntityKind.OTHER: ("MISC", "PRODUCT"),
}


class RawName(msgspec.Struct, frozen=True):
    """What a model itself says: a span of the text and the kind of its label."""

    start: int
    end: int
    kind: EntityKind


def missing_models(models: dict[str, str]) -> tuple[str, ...]:
    """Return one sentence for each pipeline of `models` that is not installed."""
    return tuple(
        f"the spaCy pipeline {name} that reads {lang!r} is not installed: "
        f"run `pip install {name.replace('_', '-')}`, or name another under [nlp.models]"
        for lang, name in models.items()
        if not is_installed(name)
    )


def is_installed(name: str) -> bool:
    """Say whether a pipeline of this name can be loaded."""
    return name.isidentifier() and find_spec(name) is not None


def model_version(name: str) -> str:
    """Return the installed version of a pipeline, `missing` when there is none."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"


def read_names(text: str, pipeline: str, known: Sequence[Mention] = ()) -> tuple[RawName, ...]:
    """Return the names that `pipeline` finds in `text` beside the `known` ones.

    The known names, in order, are given to the model as spans it may neither change nor overlap.
    """
    nlp = load_pipeline(pipeline)
    chunks = tuple(split_chunks(text))
    docs = (_known_doc(nlp, text, start, end, known) for start, end in chunks)
    names: list[RawName] = []
    for (start, _), doc in zip(chunks, _recogniser(nlp).pipe(docs, batch_size=32), strict=True):
        names.extend(_raw_names(doc, start))
    starts = [mention.start for mention in known]
    return tuple(name for name in names if not _overlaps(name, known, starts))


_UNUSED_PIPES = ("tagger", "morphologizer", "parser", "senter", "attribute_ruler", "lemmatizer")


@cache
def load_pipeline(name: str) -> "Language":
    """Return the named-entity part of an installed spaCy pipeline.

    Both shipped models keep a tok2vec of their own inside `ner`, so nothing else is needed.
    """
    import spacy  # 1.8 CPU seconds: only for texts that the affair's rule keeps

    nlp = spacy.load(name, exclude=_UNUSED_PIPES)
    for pipe in [pipe for pipe in nlp.pipe_names if pipe != "ner" and not _feeds(nlp, pipe)]:
        nlp.remove_pipe(pipe)
    return nlp


def _recogniser(nlp: "Language") -> "TrainablePipe":
    return cast("TrainablePipe", nlp.get_pipe("ner"))


def _feeds(nlp: "Language", pipe: str) -> bool:
    return "ner" in getattr(nlp.get_pipe(pipe), "listening_components", ())


_LINE = re.compile(r"[^\n]+")
_ONE_CHUNK = re.compile(rf".{{1,{LONGEST_CHUNK}}}(?:\s|\Z)|.{{{LONGEST_CHUNK}}}", re.DOTALL)


def split_chunks(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans to read one by one: lines, with those that go on in lower case joined.

    A name never runs from one paragraph into the next; a hard-wrapped line does go on.
    """
    start = end = 0
    for line in _LINE.finditer(text):
        goes_on = text[line.start()].islower() and line.end() - start <= LONGEST_CHUNK
        if end > start and not goes_on:
            yield from _cut(text, start, end)
        if not goes_on or end == start:
            start = line.start()
        end = line.end()
    yield from _cut(text, start, end)


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for piece in _ONE_CHUNK.finditer(text, start, end):
        if not piece[0].isspace():
            yield piece.start(), piece.end()


_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")
_OVERLONG = re.compile(rf"\S{{{LONGEST_WORD},}}")


def _known_doc(nlp: "Language", text: str, start: int, end: int, known: Sequence[Mention]) -> "Doc":
    chunk = _OVERLONG.sub(lambda word: " " * len(word[0]), text[start:end])
    doc = nlp.make_doc(_LONE_SURROGATE.sub("\ufffd", chunk))
    labels = set(_recogniser(nlp).labels)
    first = bisect_left(known, start, key=_start)
    inside = known[first : bisect_left(known, end, key=_start)]
    presets = (_preset(doc, mention, start, labels) for mention in inside if mention.end <= end)
    spans = [span for span in presets if span]
    doc.set_ents(_without_overlap(spans), default="missing")
    return doc


def _start(mention: Mention) -> int:
    return mention.start


def _preset(doc: "Doc", mention: Mention, offset: int, labels: set[str]) -> "Span | None":
    label = next((name for name in _PRESET_LABELS[mention.kind] if name in labels), None)
    if label is None:
        return None
    return doc.char_span(
        mention.start - offset, mention.end - offset, label=label, alignment_mode="expand"
    )


def _without_overlap(spans: "Sequence[Span]") -> "list[Span]":
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: span.start):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def _raw_names(doc: "Doc", offset: int) -> Iterator[RawName]:
    for span in doc.ents:
        if span.label_ in KINDS:
            yield RawName(offset + span.start_char, offset + span.end_char, KINDS[span.label_])


def _overlaps(name: RawName, known: Sequence[Mention], starts: Sequence[int]) -> bool:
    last = bisect_left(starts, name.end) - 1
    return last >= 0 and known[last].end > name.start
