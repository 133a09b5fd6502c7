"""The forms under which a name is compared: plain words, initials, concepts, transcription.

It decides nothing: two names that share a form need not be one entity.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from model.mention import EntityKind
from model.words import words
from nlp.names.pairs import CONCEPTS, INSTITUTIONS_BY_NAME, PLACES
from nlp.names.words import ARTICLES, FUNCTIONS, NAME_PARTICLES, PARTY_WORDS, TITLES

MIN_ACRONYM, MAX_ACRONYM = 3, 8
LINKS = frozenset("de du des d la le les l et en a au aux the of and for on in to s".split())
"""Words between the words that count."""
_FEWER_LINKS = frozenset("de du des d la le les l et the of and".split())
_BEFORE_PEOPLE = TITLES | FUNCTIONS | PARTY_WORDS | ARTICLES
_PARTICLES = frozenset("al el".split())


@lru_cache(maxsize=4096)
def fold_name(name: str) -> str:
    """Return what spellings of one name share: no accents, case, marks or first article."""
    found = _with_joined_letters(words(name))
    return " ".join(found[1:] if found[1:] and found[0] in ARTICLES else found)


def _with_joined_letters(found: Sequence[str]) -> list[str]:
    """Return the words, with letters that stand alone together: c n i l, u s."""
    if len(found) > 1 and all(len(word) == 1 for word in found):
        return ["".join(found)]
    return list(found)


def person_words(name: str) -> tuple[str, ...]:
    """Return the words of a person's name without the titles and functions before it."""
    found = fold_name(name).split()
    while found[1:] and found[0] in _BEFORE_PEOPLE:
        del found[0]
    return tuple(found)


def plain_name(name: str, kind: EntityKind) -> str:
    """Return a name as it is compared with others of its kind."""
    return " ".join(person_words(name)) if kind is EntityKind.PERSON else fold_name(name)


def acronym_of(name: str) -> str:
    """Return the folded letters of a name that is an acronym, nothing for another."""
    bare = name.strip().replace(".", "")
    # Cnil, Insee: one capital is as good as all
    is_one = bare.isalpha() and bare[:1].isupper() and MIN_ACRONYM <= len(bare) <= MAX_ACRONYM
    return fold_name(bare) if is_one else ""


def is_written_as_acronym(name: str) -> bool:
    """Say whether all the letters of a name are capitals."""
    bare = name.strip().replace(".", "")
    return bare.isalpha() and bare.isupper() and 2 <= len(bare) <= MAX_ACRONYM


@lru_cache(maxsize=4096)
def initials(name: str) -> frozenset[str]:
    """Return the acronyms that the first letters of a long name may make."""
    found = words(name)
    made = {
        "".join(word[0] for word in found if word not in left_out)
        for left_out in (frozenset[str](), LINKS, _FEWER_LINKS)
    }
    return frozenset(one for one in made if MIN_ACRONYM <= len(one) <= MAX_ACRONYM)


@lru_cache(maxsize=4096)
def meaning(name: str, kind: EntityKind) -> str:
    """Return what a name and its translation have in common; nothing when no table knows it.

    Countries, cities and large institutions by their names, others by at least two words that
    count, of which the table of words knows one.
    """
    if kind is EntityKind.PERSON:
        return ""
    plain = fold_name(name)
    known = PLACES.get(plain) or INSTITUTIONS_BY_NAME.get(plain)
    return known or _meaning_of_words(plain)


def _meaning_of_words(plain: str) -> str:
    counted = [word for word in plain.split() if word not in LINKS]
    if len(counted) < 2 or not any(word in CONCEPTS or word in _ENGLISH for word in counted):
        return ""
    return " ".join(sorted(CONCEPTS.get(word) or PLACES.get(word, word) for word in counted))


_ENGLISH = frozenset(CONCEPTS.values())

_SOUNDS = tuple(
    (re.compile(pattern), letter)
    for pattern, letter in (
        (r"tch|sch|shch|sh|ch", "C"),
        (r"dj", "j"),
        (r"gh|kh|q|c(?![eiyC])", "k"),
        (r"c", "s"),
        (r"gu(?=[eiy])", "g"),
        (r"g(?![eiy])", "k"),
        (r"dh", "d"),
        (r"th", "t"),
        (r"ph", "f"),
        (r"ou|oo|u|o|w(?=\Z)", "u"),
        (r"w", "v"),
        (r"ii|iy|yi|yy|y|i", "i"),
        (r"ine\Z", "in"),
        (r"(.)\1+", r"\1"),
    )
)


@lru_cache(maxsize=4096)
def transcription(name: str) -> str:
    """Return how a full name of a person sounds, roughly: Mouammar Kadhafi, Muammar Gaddafi.

    Transcriptions from Arabic and Cyrillic into French and English differ in these letters; other
    vowels are kept, so that Martin and Morton stay two. Nothing for a single word.
    """
    found = [word for word in person_words(name) if word not in _PARTICLES]
    return " ".join(map(sound, found)) if len(found) > 1 else ""


def sound(word: str) -> str:
    """Return how one folded word sounds, roughly."""
    for pattern, letter in _SOUNDS:
        word = pattern.sub(letter, word)
    return word


def is_full_name(name: str) -> bool:
    """Say whether a person's name has more than a surname: `de Gaulle` has not."""
    found = person_words(name)
    return len(found) > 1 and found[0] not in NAME_PARTICLES


def has_initial(name: str) -> bool:
    """Say whether the first name is an initial."""
    found = person_words(name)
    return len(found) > 1 and len(found[0]) == 1
