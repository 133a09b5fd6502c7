"""What a name is, where its words or those beside it leave no doubt, whatever a model says.

Only what is written decides: a country's name, `the town of` before a name. It adds no name.
"""

import re
from collections.abc import Iterable, Sequence

from model.mention import EntityKind
from nlp.models import RawName
from nlp.names.forms import fold_name
from nlp.names.pairs import CONCEPTS, INSTITUTIONS_BY_NAME, PLACES
from nlp.names.words import PLACES_AND_PEOPLE, SETTLEMENTS

_OF = re.compile(r"\s(?:of|of the|de|de la|de l['’]|du|des|d['’])\s?")
_SETTLED = re.compile(r"(\w+) (?:of|de|d['’])\s?\Z")
_TITLED = re.compile(r"([^\W\d_]+)\.?[ \xa0]\Z")
_PEOPLE_AFTER = frozenset(
    "m mr mrs ms mme colonel general president presidente ministre minister senator senateur"
    " commandant capitaine captain lieutenant sergeant docteur professeur chancelier".split()
)
_REACH = 30


def settle_kinds(text: str, names: Iterable[RawName]) -> tuple[RawName, ...]:
    """Return the names, each with the kind that its words or the words before it prove."""
    return tuple(RawName(one.start, one.end, _kind(text, one)) for one in names)


def _kind(text: str, name: RawName) -> EntityKind:
    plain = fold_name(text[name.start : name.end])
    if plain in INSTITUTIONS_BY_NAME:
        return EntityKind.ORGANISATION
    if plain in PLACES and plain not in PLACES_AND_PEOPLE:
        return EntityKind.PLACE
    if _has_title_before(text, name.start):
        return EntityKind.PERSON
    before = _SETTLED.search(text, max(0, name.start - _REACH), name.start)
    is_settlement = before is not None and fold_name(before[1]) in SETTLEMENTS
    return EntityKind.PLACE if is_settlement else name.kind


def _has_title_before(text: str, start: int) -> bool:
    found = _TITLED.search(text, max(0, start - _REACH), start)
    return found is not None and fold_name(found[1]) in _PEOPLE_AFTER


def join_parts(text: str, names: Sequence[RawName]) -> tuple[RawName, ...]:
    """Return the names with organisations and the place they are of as one: University of Lille."""
    joined: list[RawName] = []
    for name in names:
        if joined and _is_part(text, joined[-1], name):
            joined[-1] = RawName(joined[-1].start, name.end, EntityKind.ORGANISATION)
        else:
            joined.append(name)
    return tuple(joined)


def _is_part(text: str, before: RawName, name: RawName) -> bool:
    kinds = (before.kind, name.kind)
    if kinds != (EntityKind.ORGANISATION, EntityKind.PLACE):
        return False
    words = fold_name(text[before.start : before.end]).split()
    is_institution = len(words) > 1 or bool(words and words[0] in CONCEPTS)
    return is_institution and bool(_OF.fullmatch(text, before.end, name.start))
