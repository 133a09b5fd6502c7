"""How well a watch list finds its names: ours, spaCy's PhraseMatcher, and every likeness.

The places were enumerated by a look at folded letters that knows no rule, then judged one by
one. Sample 1 was looked at while the rules were written. Samples 2 to 6 were each drawn and scored
after that, and showed faults that were mended: they are texts seen late. Sample 7 was drawn when
the rules stood, and nothing was changed after it: text the rules were not written on. A line that
a site repeats on many pages counts once.
It never looks into the rules.
"""

from collections.abc import Callable, Iterable, Sequence

import msgspec
from spacy.matcher import PhraseMatcher
from spacy.util import get_lang_class

from bench.name_labels import LABELS, WatchedPlace, WatchedText
from bench.name_lists import Score
from model.fold import fold
from model.mention import Entity
from nlp.names.watch_list import WatchList

AROUND = 25
UNSEEN = 7
"""The sample that no rule was changed for."""
Hit = tuple[int, int, str]
Finder = Callable[[str], Iterable[Hit]]


def read_watch_list(name: str) -> tuple[Entity, ...]:
    """Return one of the watch lists written for the corpora."""
    return msgspec.json.decode((LABELS / f"{name}.json").read_bytes(), type=tuple[Entity, ...])


def our_finder(entities: Sequence[Entity]) -> Finder:
    """Return the product's way."""
    watched = WatchList(entities)
    return lambda text: [(one.start, one.end, one.entity) for one in watched.find(text)]


def phrase_finder(entities: Sequence[Entity]) -> Finder:
    """Return spaCy's way: tokens compared in lower case, the longest match kept."""
    nlp = get_lang_class("xx")()
    matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
    names = [(name, one.name) for one in entities for name in (one.name, *one.aliases)]
    for name, entity in names:
        matcher.add(entity, [nlp.make_doc(name)])

    def find(text: str) -> list[Hit]:
        doc = nlp.make_doc(text)
        spans = ((doc[start:end], nlp.vocab.strings[key]) for key, start, end in matcher(doc))
        return _longest([(span.start_char, span.end_char, entity) for span, entity in spans])

    return find


def _longest(hits: Sequence[Hit]) -> list[Hit]:
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda one: (one[0] - one[1], one[0])):
        if not any(hit[0] < other[1] and other[0] < hit[1] for other in kept):
            kept.append(hit)
    return kept


def score_watched(judged: Sequence[tuple[WatchedText, str]], finders: dict[str, Finder]) -> Score:
    """Compare what each list's finder says with the judged places."""
    right = said = true = 0
    seen: set[tuple[str, str]] = set()
    for watched, text in judged:
        hits = list(finders[watched.list](text))
        for place in watched.names:
            around = fold(text[max(0, place.start - AROUND) : place.end + AROUND])
            if place.label == "open" or (watched.file, around) in seen:
                continue
            seen.add((watched.file, around))
            found = [hit for hit in hits if hit[0] < place.end and place.start < hit[1]]
            is_right = place.label == "yes" and _is_named(place, found)
            right, said, true = right + is_right, said + bool(found), true + (place.label == "yes")
    return Score(right, said, true)


def _is_named(place: WatchedPlace, found: Iterable[Hit]) -> bool:
    """Say whether the entity was found inside the place, at most without an article."""
    return any(
        entity == place.entity and place.start <= start and end <= place.end
        for start, end, entity in found
    )
