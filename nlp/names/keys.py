"""The keys under which entities are held and names are sought, so that few need comparing.

Two names that `nlp.names.joining` may join share a key; two that share one need not be joined.
"""

from collections.abc import Sequence

from model.mention import EntityKind
from nlp.names.forms import (
    acronym_of,
    initials,
    is_full_name,
    is_written_as_acronym,
    meaning,
    person_words,
    plain_name,
    transcription,
)

PERSON = EntityKind.PERSON


def held_keys(name: str, kind: EntityKind) -> frozenset[str]:
    """Return the keys under which an entity is held for one of its names; fewer than ten.

    Hold those of its name and of each alias, and of each name that a joining brings.
    """
    keys = {f"= {plain_name(name, kind)}", *_meaning_keys(name, kind)}
    if kind is PERSON:
        keys |= _person_keys(name)
        keys.add(f"{'bears' if is_full_name(name) else 'surname'} {_last_word(name)}")
    elif acronym := acronym_of(name):
        keys.add(f"acronym {acronym}")
    keys |= {f"initials {one}" for one in initials(name) if kind is not PERSON}
    return frozenset(keys)


def sought_keys(name: str, kind: EntityKind, written: Sequence[str] = ()) -> frozenset[str]:
    """Return the keys under which a name's candidates are held; fewer than ten a spelling.

    `written` are the spellings of the same article: those that stand for the name elsewhere as
    well (an acronym beside its long name) are looked up too.
    """
    keys: set[str] = set()
    for one in names_sought(name, kind, written):
        keys |= {f"= {plain_name(one, kind)}", *_meaning_keys(one, kind)}
        if kind is PERSON:
            keys |= _person_keys(one)
            keys.add(f"surname {_last_word(one)}")
            keys |= set() if is_full_name(one) else {f"bears {_last_word(one)}"}
        elif acronym := acronym_of(one):
            keys.add(f"initials {acronym}")
        keys |= {f"acronym {short}" for short in initials(one) if kind is not PERSON}
    return frozenset(keys)


def _meaning_keys(name: str, kind: EntityKind) -> set[str]:
    meant = meaning(name, kind)
    return {f"means {meant}"} if meant else set()


def _person_keys(name: str) -> set[str]:
    found = person_words(name)
    if not is_full_name(name):
        return set()
    return {f"sounds {transcription(name)}", f"first {found[0][0]} {' '.join(found[1:])}"}


def _last_word(name: str) -> str:
    return (person_words(name) or ("",))[-1]


def names_sought(name: str, kind: EntityKind, written: Sequence[str]) -> tuple[str, ...]:
    """Return the name, and the spellings that are an acronym or a long name beside it."""
    others = (one for one in written if kind is not PERSON and _are_bracketed(name, one))
    return tuple(dict.fromkeys((name, *others)))


def _are_bracketed(name: str, other: str) -> bool:
    """Say whether one is the acronym of the other, which a text then gave for the same entity."""
    pairs = ((name, other), (other, name))
    return any(is_written_as_acronym(short) and " " in long.strip() for short, long in pairs)
