"""Names of authors as bibliographies want them: people in two parts, organisations whole.

It splits only what is plain: a wrong family name is worse than a whole name.
"""

import re

import msgspec

from model.fold import fold


class Name(msgspec.Struct, frozen=True):
    """A person's family and given name, or the whole name of anybody else as `literal`."""

    literal: str = ""
    family: str = ""
    given: str = ""


_LETTERS = r"[^\W\d_]+(?:['’\-][^\W\d_]+)*"
_WORD = re.compile(_LETTERS)
_INITIAL = re.compile(r"(?:[^\W\d_]\.-?)+")
_PARTICLES = frozenset(
    "af al ben bin d da das de del della der des di do dos du el la las le les ten ter van vom von"
    " y zu zum zur".split()
)
_ELIDED = re.compile(r"[dD]['’](?=[^\W\d_])")
_MAX_WORDS = 6

# folded words that no person is called by, and that sign for a newsroom or another body
_BODIES = frozenset(
    "academie agence agences agency alliance assemblee assembly associated association avec board"
    " broadcasting bureau campaign cabinet center centre chronicle club collectif collective"
    " comite commission committee conseil correspondant correspondants council courrier culture"
    " daily department desk direction division dpa economie editor editorial editors enquete"
    " equipe europe federation fondation foundation france freedom gazette government gouvernement"
    " group groupe herald house human institut institute international internet investigation"
    " journal laboratoire league ligue magazine mairie media medias ministere"
    " ministry monde network news newspaper newsroom observatoire observatory office online"
    " parlement parliament police policy politique post press presse privacy prefecture reports"
    " quadrature radio redaction redacteurs reporter reporters research reuters review rights"
    " science sciences senat service services societe society staff standard studio syndicat team"
    " tech technology telegraph television times tribune tribunal tv union universite"
    " university ville watch web weekly wire world".split()
)
_ARTICLES = frozenset(("la", "le", "les", "the", "un", "une"))


def split_name(name: str, outlet: str = "") -> Name:
    """Return the parts of a name, as a whole where they are not plain or it is the outlet's."""
    words = name.split()
    if not 2 <= len(words) <= _MAX_WORDS or _is_body(name, words, outlet):
        return Name(literal=name)
    if shouted := _split_shouted(words):
        return shouted
    at = next((i for i, word in enumerate(words) if i and _is_particle(word)), len(words) - 1)
    given, family = words[:at], words[at:]
    if not _is_given(given) or not _is_family(family):
        return Name(literal=name)
    return Name(family=" ".join(family), given=" ".join(given))


def _is_body(name: str, words: list[str], outlet: str) -> bool:
    folded = [fold(word).strip(".,'’") for word in words]
    is_named_like_one = folded[0] in _ARTICLES or folded[0].startswith(("l'", "l’"))
    return is_named_like_one or fold(name) == fold(outlet) or not _BODIES.isdisjoint(folded)


def _split_shouted(words: list[str]) -> Name | None:
    """Split what sets the family name in capitals, as French does, on whichever side."""
    loud = [len(word) > 1 and word.isupper() and "." not in word for word in words]
    if all(loud) or not any(loud) or not all(map(_WORD.fullmatch, words)):
        return None
    first, count = loud.index(True), sum(loud)
    if loud[first : first + count] != [True] * count or first not in (0, len(words) - count):
        return None
    family, given = words[first : first + count], words[:first] or words[count:]
    return Name(family=" ".join(family), given=" ".join(given)) if _is_given(given) else None


def _is_particle(word: str) -> bool:
    return word.lower() in _PARTICLES or bool(_ELIDED.match(word))


def _is_given(words: list[str]) -> bool:
    """Tell whether words are one given name, followed by initials at most."""
    first, *others = words
    is_name = bool(_WORD.fullmatch(first) or _INITIAL.fullmatch(first))
    return is_name and first[0].isupper() and all(map(_INITIAL.fullmatch, others))


def _is_family(words: list[str]) -> bool:
    *particles, last = words
    is_name = bool(_WORD.fullmatch(last)) and (last[0].isupper() or bool(_ELIDED.match(last)))
    return is_name and all(map(_is_particle, particles)) and len(last) > 1
