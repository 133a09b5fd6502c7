"""Quotes labelled by hand in texts of the corpora, and how well found ones agree with them.

`labels/quotes.jsonl` holds places and labels, never a word: one text a line, by its set, its file
(or its line in `articles.jsonl.gz`) and the SHA-256 of its body. It never writes to the corpora.

What was labelled. Direct: words in quotation marks that the text gives somebody as said or
written, however few; one for each pair of marks, and for each paragraph where a quote runs over
several. Reported: the clause that a verb of saying or opinion or a source brings in (`X a annoncé
que …`, `dit avoir …`, `…, said X`, `selon X, …`), without its attribution; none where a direct
quote stands in it. The speaker is the nearest full name of whoever speaks, by name or pronoun;
`described` where the text itself only says `the minister` and the name must be thought of: to
leave it open is then no fault. No speaker: the text names nobody. Scare quotes, terms, names and
titles are labelled as no quotes; what two readers could see either way is `optional`, neither
missed nor wrong.
"""

import gzip
from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path

import msgspec

from model.fold import fold
from model.mention import Mention

TRUTH = Path(__file__).parent / "labels" / "quotes.jsonl"
OVERLAP = 0.8
_EDGES = " \t\n\xa0\u202f.,;:!?…\"“”«»‘’'"

Span = tuple[int, int]


class Label(msgspec.Struct, frozen=True, kw_only=True):
    """One labelled place: `kind` is direct, reported, optional or not a quote."""

    kind: str
    start: int
    end: int
    speaker: Span | None = None
    described: bool = False
    verb: Span | None = None
    why: str = ""


class Labelled(msgspec.Struct, frozen=True, kw_only=True):
    """A text of the corpora and all its labels."""

    set: str
    file: str
    lang: str
    half: str
    sha256: str
    labels: tuple[Label, ...]


class Found(msgspec.Struct, frozen=True):
    """A quote somebody found; `speaker` is a name as they give it."""

    kind: str
    start: int
    end: int
    speaker: str | None
    verb: str | None = None


class Score(msgspec.Struct):
    """Counts over texts: `right` of what was `found`, `hit` of what was `wanted`."""

    right: int = 0
    found: int = 0
    hit: int = 0
    wanted: int = 0

    def add(self, other: "Score") -> None:
        """Count another text."""
        self.right += other.right
        self.found += other.found
        self.hit += other.hit
        self.wanted += other.wanted

    @property
    def precision(self) -> float:
        """The part of what was found that is right."""
        return self.right / self.found if self.found else float("nan")

    @property
    def recall(self) -> float:
        """The part of what was wanted that was found."""
        return self.hit / self.wanted if self.wanted else float("nan")


def load_labelled(shared: Path) -> Iterator[tuple[Labelled, str]]:
    """Yield each labelled text that is there, unchanged, with its body."""
    for line in TRUTH.read_bytes().splitlines():
        labelled = msgspec.json.decode(line, type=Labelled)
        body = _bodies(shared / "corpora", labelled.set).get(labelled.file, "")
        if sha256(body.encode()).hexdigest() == labelled.sha256:
            yield labelled, body


class _Line(msgspec.Struct):
    text: str = ""
    body: str = ""
    file: str = ""


@cache
def _bodies(corpora: Path, name: str) -> dict[str, str]:
    folder = corpora / name
    if (truth := folder / "truth.jsonl").is_file():
        lines = truth.read_bytes().splitlines()
    elif (articles := folder / "articles.jsonl.gz").is_file():
        lines = gzip.decompress(articles.read_bytes()).splitlines()
    else:
        return {}
    read = [msgspec.json.decode(line, type=_Line) for line in lines]
    return {one.file or str(number): one.body or one.text for number, one in enumerate(read)}


def score_spans(text: str, labels: Sequence[Label], found: Sequence[Found], kind: str,
                least: float) -> Score:  # fmt: skip
    """Score the places of one kind; `least` is the overlap asked for, 1 for exactly the same."""
    gold = [label for label in labels if label.kind == kind]
    pairs = match(text, gold, [one for one in found if one.kind == kind], least)
    spared = [label for label in labels if label.kind == "optional"]
    matched = {id(one) for _, one in pairs}
    wrong = [
        one
        for one in found
        if one.kind == kind and id(one) not in matched and not _is_spared(one, spared)
    ]
    return Score(len(pairs), len(pairs) + len(wrong), len(pairs), len(gold))


def _is_spared(one: Found, spared: Sequence[Label]) -> bool:
    return any(_shared(one, label) * 2 >= min(_size(one), _size(label)) for label in spared)


def match(
    text: str, gold: Sequence[Label], found: Sequence[Found], least: float
) -> list[tuple[Label, Found]]:
    """Pair labels with what was found, each at most once, the best overlap first."""
    scored = sorted(
        ((overlap(text, label, one), label, one) for label in gold for one in found),
        key=lambda each: -each[0],
    )
    pairs: list[tuple[Label, Found]] = []
    used: set[int] = set()
    for value, label, one in scored:
        if value >= least and not {id(label), id(one)} & used:
            used |= {id(label), id(one)}
            pairs.append((label, one))
    return pairs


def overlap(text: str, label: Label, one: Found) -> float:
    """Return what two places share of what they cover, edges of punctuation left out."""
    left, right = _trimmed(text, label.start, label.end), _trimmed(text, one.start, one.end)
    both = max(0, min(left[1], right[1]) - max(left[0], right[0]))
    return both / max(1, max(left[1], right[1]) - min(left[0], right[0])) if both else 0.0


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    return start, end


def _shared(one: Found, label: Label) -> int:
    return max(0, min(one.end, label.end) - max(one.start, label.start))


def _size(place: Found | Label) -> int:
    return place.end - place.start


def score_speakers(
    text: str,
    labels: Sequence[Label],
    found: Sequence[Found],
    mentions: Sequence[Mention],
    kinds: Sequence[str],
) -> Score:
    """Score the speakers of the quotes whose place is right: of those told, of those named."""
    score = Score()
    for kind in kinds:
        gold = [label for label in labels if label.kind == kind]
        for label, one in match(text, gold, [f for f in found if f.kind == kind], OVERLAP):
            is_right = is_same_speaker(text, label, one.speaker, mentions)
            is_named = label.speaker is not None and not label.described
            score.add(Score(is_right, one.speaker is not None, is_named and is_right, is_named))
    return score


def is_same_speaker(
    text: str, label: Label, speaker: str | None, mentions: Sequence[Mention]
) -> bool:
    """Say whether a speaker told is the one labelled: one entity, or a part of one's name."""
    if speaker is None or label.speaker is None:
        return False
    start, end = label.speaker
    if any(one.entity == speaker for one in mentions if one.start < end and start < one.end):
        return True
    told, meant = set(fold(speaker).split()), set(fold(text[start:end]).split()) - _TITLES
    return bool(meant) and (meant <= told or (bool(told) and told <= meant))


_TITLES = frozenset("m mme mr mrs ms the le la les l".split())
