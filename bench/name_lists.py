"""How clean a list of names is: the model's own beside the cleaned and joined one.

Two measures on the labelled stretches. `names`: spans with their kind, an article before a name
aside. `list`: the people, organisations and places that all texts of a language name together,
as a reader would see them; a line counts when it is the first one for its entity, so both junk
and `Obama` beside `Barack Obama` cost precision, and wrong joining costs recall.
It never looks at which texts are for development.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence

import msgspec

from bench.name_labels import FREE, LabelledName, LabelledStretch
from model.mention import Mention
from nlp.models import KINDS, load_pipeline
from nlp.names.forms import fold_name
from nlp.names.joining import Candidate, Found, gather_found, join_article
from nlp.names.keys import held_keys, sought_keys
from nlp.names.reading import find_names

Labelled = Sequence[tuple[LabelledStretch, str]]


class Named(msgspec.Struct, frozen=True):
    """A span of one text, its kind, and the line of the list it stands under."""

    start: int
    end: int
    kind: str
    line: Hashable


class Score(msgspec.Struct, frozen=True):
    """Precision, recall and how many stand in the truth."""

    right: int
    said: int
    true: int

    @property
    def precision(self) -> float:
        """Return the share of what is said that is right."""
        return self.right / self.said if self.said else 0.0

    @property
    def recall(self) -> float:
        """Return the share of the truth that is said."""
        return self.right / self.true if self.true else 0.0

    @property
    def f1(self) -> float:
        """Return the harmonic mean of both."""
        return 2 * self.right / (self.said + self.true) if self.said + self.true else 0.0


def raw_names(texts: Sequence[str], pipeline: str) -> list[tuple[Named, ...]]:
    """Return what the model itself says of each text; its list has a line a spelling."""
    nlp = load_pipeline(pipeline)
    return [
        tuple(
            Named(span.start_char, span.end_char, KINDS[span.label_], (span.text, span.label_))
            for span in nlp(text).ents
            if span.label_ in KINDS
        )
        for text in texts
    ]


def our_names(texts: Sequence[str], pipeline: str) -> list[tuple[Named, ...]]:
    """Return what the product says of each text, joined across them in their order."""
    register = Register()
    named: list[tuple[Named, ...]] = []
    for text in texts:
        mentions = find_names(text, pipeline)
        lines = register.join(gather_found(mentions))
        named.append(tuple(_named(one, lines) for one in mentions))
    return named


def _named(mention: Mention, lines: dict[tuple[str, str], str]) -> Named:
    return Named(mention.start, mention.end, mention.kind, lines[mention.entity, mention.kind])


class Register:
    """A holder of entities in memory, as small as the joining allows."""

    def __init__(self) -> None:
        """Hold nothing."""
        self.held: dict[str, Candidate] = {}
        self.decisions: list[tuple[str, str, str]] = []
        self._by_key: dict[str, set[str]] = defaultdict(set)

    def join(self, found: Sequence[Found]) -> dict[tuple[str, str], str]:
        """Return the entity of each name of one article, which is held from now on."""
        keys = (
            set().union(*(sought_keys(one.name, one.kind, one.written) for one in found))
            if found
            else set()
        )
        near = sorted({key for one in keys for key in self._by_key.get(one, ())})
        decisions = join_article(found, [self.held[key] for key in near])
        around = frozenset(fold_name(one.name) for one in found)
        lines: dict[tuple[str, str], str] = {}
        for one, decided in zip(found, decisions, strict=True):
            key = decided.key or self._new_key(one)
            lines[one.name, one.kind] = key
            self.decisions.append((one.name, key, decided.reason))
            self._hold(key, one, around)
        return lines

    def _new_key(self, found: Found) -> str:
        key = f"{found.name} ({found.kind})"
        return key if key not in self.held else f"{key} {len(self.held)}"

    def _hold(self, key: str, found: Found, around: frozenset[str]) -> None:
        before = self.held.get(key) or Candidate(key=key, name=found.name, kind=found.kind)
        learned = before.learned if found.name == before.name else (*before.learned, found.name)
        self.held[key] = msgspec.structs.replace(
            before,
            learned=tuple(dict.fromkeys(learned)),
            articles=before.articles + 1,
            together=before.together | around,
        )
        for held_key in held_keys(found.name, before.kind):
            self._by_key[held_key].add(key)


def score_names(labelled: Labelled, named: Sequence[Sequence[Named]]) -> Score:
    """Compare spans and kinds."""
    right = said = true = 0
    for (stretch, text), names in zip(labelled, named, strict=True):
        wanted = {_place(text, one.start, one.end, one.kind) for one in _true_names(stretch)}
        told = {_place(text, one.start, one.end, one.kind) for one in _counted(stretch, names)}
        right, said, true = right + len(wanted & told), said + len(told), true + len(wanted)
    return Score(right, said, true)


def score_list(labelled: Labelled, named: Sequence[Sequence[Named]]) -> Score:
    """Compare the lists of entities that all the texts give together."""
    lines: dict[Hashable, Counter[int]] = defaultdict(Counter)
    entities: set[int] = set()
    for (stretch, text), names in zip(labelled, named, strict=True):
        truth = {
            _place(text, one.start, one.end, one.kind): one.entity for one in _true_names(stretch)
        }
        entities |= set(truth.values())
        for one in _counted(stretch, names):
            lines[one.line][truth.get(_place(text, one.start, one.end, one.kind), 0)] += 1
    whose = (_usual(votes) for votes in lines.values())
    return Score(len({one for one in whose if one}), len(lines), len(entities))


def _usual(votes: Counter[int]) -> int:
    """Return whose name a line is most often; 0 for nobody's."""
    return votes.most_common(1)[0][0]


def _true_names(stretch: LabelledStretch) -> Iterator[LabelledName]:
    return (one for one in stretch.names if one.kind != FREE)


def _counted(stretch: LabelledStretch, names: Iterable[Named]) -> Iterator[Named]:
    """Yield the names inside the stretch that touch no free span."""
    free = [one for one in stretch.names if one.kind == FREE]
    for one in names:
        is_inside = stretch.start <= one.start and one.end <= stretch.end
        if is_inside and not any(one.start < each.end and each.start < one.end for each in free):
            yield one


_ARTICLE = re.compile(r"(?:(?:the|le|la|les|l)\s+|l['’])", re.IGNORECASE)


def _place(text: str, start: int, end: int, kind: str) -> tuple[int, int, str]:
    """Return a span without an article before it: models and people differ on those."""
    article = _ARTICLE.match(text, start, end)
    return (article.end() if article and article.end() < end else start), end, kind
