"""Whether a name found in one article is somebody already known, and why.

Pure: whoever holds the entities looks up the few that share a key with a name (`sought_keys`
among `held_keys`, see `nlp.names.keys`) and is told what `join_article` decides. It never
merges two known entities, and what is ambiguous stays apart, with those it could be.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum

import msgspec

from model.mention import EntityKind, Mention
from nlp.names.forms import (
    acronym_of,
    fold_name,
    has_initial,
    initials,
    is_full_name,
    is_written_as_acronym,
    meaning,
    person_words,
    plain_name,
    transcription,
)
from nlp.names.keys import held_keys, names_sought, sought_keys
from nlp.names.words import GIVEN_NAMES

JOINING_VERSION = 1
"""Raised by hand whenever a rule here changes what is joined."""

SURE_ACRONYM = 4
"""From so many letters on, initials alone are taken for one name when only one fits."""

KNOWN_SURNAME = 3
"""So many articles must name a surname alone before a full name is taken for the same person."""

PERSON, PLACE = EntityKind.PERSON, EntityKind.PLACE

NO_SIGN = frozenset("afp ap reuters twitter facebook youtube instagram whatsapp google x".split())
"""Named in so many articles that it says nothing of what two of them are about."""


class Reason(StrEnum):
    """Why a name is, or is not, an entity already known."""

    SAME = "same name"
    """The same words, whatever the accents, case, hyphens, article or title."""
    ALIAS = "known alias"
    """A name that the configuration or a person gave the entity."""
    LEARNED = "name known from another text"
    SURNAME = "surname of the only one"
    """The last name of the one known person who bears it."""
    FULL_NAME = "full name of a known surname"
    """So far only the surname was known."""
    INITIAL = "initial of the first name"
    ACRONYM = "acronym of the long name"
    LONG_NAME = "long name of a known acronym"
    BRACKETED = "told in brackets"
    """The text gives both: Commission nationale … (CNIL)."""
    TRANSLATION = "translation of the name"
    TRANSCRIPTION = "other transcription of the name"
    """Mouammar Kadhafi, Muammar Gaddafi."""
    AMBIGUOUS = "could be several"
    """Left apart; `could_be` says whom."""
    UNSURE = "too little speaks for it"
    """Left apart: one known entity fits, and nothing else in the article points to it."""
    NEW = "not known yet"


class Doubt(StrEnum):
    """How sure a decision is."""

    NONE = "none"
    SLIGHT = "slight"
    """One rule says so and nothing speaks against it."""
    OPEN = "open"
    """Left apart, though it could be one of `could_be`."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """One entity of one article, as its text tells it: `written` are the spellings met there."""

    name: str
    kind: EntityKind
    times: int = 1
    written: tuple[str, ...] = ()


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """An entity already held; `key` is whatever the holder knows it by.

    `aliases` are the names that the configuration or a person gave it, `learned` those that
    earlier joinings brought. `articles` counts the articles that name it; `together` are folded
    names (`fold_name`) that articles name beside it: some dozens of the most usual suffice.
    """

    key: str
    name: str
    kind: EntityKind
    aliases: tuple[str, ...] = ()
    learned: tuple[str, ...] = ()
    articles: int = 0
    together: frozenset[str] = frozenset()


class Joining(msgspec.Struct, frozen=True, kw_only=True):
    """What is decided on one name: `key` is the candidate's, None for a new entity.

    `alias` is the known name that led there; `could_be` are the keys of other candidates that the
    name fits as well.
    """

    name: str
    key: str | None
    reason: Reason
    doubt: Doubt = Doubt.NONE
    alias: str = ""
    could_be: tuple[str, ...] = ()


def gather_found(mentions: Iterable[Mention]) -> tuple[Found, ...]:
    """Return the entities of one text, once each, with how often and how they are written."""
    times: Counter[tuple[str, EntityKind]] = Counter()
    written: dict[tuple[str, EntityKind], dict[str, None]] = {}
    for mention in mentions:
        identity = (mention.entity, mention.kind)
        times[identity] += 1
        written.setdefault(identity, {})[" ".join(mention.text.split())] = None
    return tuple(
        Found(name=name, kind=kind, times=count, written=tuple(written[name, kind]))
        for (name, kind), count in times.items()
    )


def join_article(found: Sequence[Found], candidates: Sequence[Candidate]) -> tuple[Joining, ...]:
    """Return one decision for each of `found`, in its order.

    `candidates` are all that share a key with any of them. What names the same inside the text
    was joined there; here each is decided alone, its neighbours counting as what it is named
    together with.
    """
    by_key = _by_held_key(candidates)
    around = frozenset(fold_name(one.name) for one in found if one.kind is not PLACE) - NO_SIGN
    return tuple(_join(one, _candidates_of(one, by_key), around) for one in found)


def _by_held_key(candidates: Sequence[Candidate]) -> Mapping[str, Sequence[Candidate]]:
    by_key: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        for name in _names(candidate):
            for key in held_keys(name, candidate.kind):
                by_key.setdefault(key, []).append(candidate)
    return by_key


def _names(candidate: Candidate) -> tuple[str, ...]:
    return (candidate.name, *candidate.aliases, *candidate.learned)


def _candidates_of(
    found: Found, by_key: Mapping[str, Sequence[Candidate]]
) -> tuple[Candidate, ...]:
    """Return the candidates that share a key with `found`, the most widely named first."""
    keys = sought_keys(found.name, found.kind, found.written)
    sharing = {one.key: one for key in sorted(keys) for one in by_key.get(key, ())}
    return tuple(sorted(sharing.values(), key=lambda one: (-one.articles, one.key)))


def _join(found: Found, candidates: Sequence[Candidate], around: frozenset[str]) -> Joining:
    unsure: Joining | None = None
    for rule in RULES:
        decided = _decide(rule, found, candidates, around - {fold_name(found.name)})
        if decided and decided.key is not None:
            return _with_others(decided, unsure)
        unsure = unsure or decided
    return unsure or Joining(name=found.name, key=None, reason=Reason.NEW)


def _with_others(decided: Joining, unsure: Joining | None) -> Joining:
    """Return a decision that also names those whom an earlier rule could not choose between."""
    if unsure is None:
        return decided
    others = tuple(key for key in unsure.could_be if key != decided.key)
    return msgspec.structs.replace(decided, could_be=others)


def _decide(
    rule: "Rule", found: Found, candidates: Sequence[Candidate], around: frozenset[str]
) -> Joining | None:
    """Return what one rule says of a name: whose it is, that it is left apart, or nothing."""
    fitting = [(one, alias) for one in candidates if (alias := rule.fit(found, one)) is not None]
    if not fitting:
        return None
    keys = tuple(one.key for one, _ in fitting)
    if len(fitting) > 1 and not (rule.is_exact or _sound_alike(fitting)):
        return _left_apart(found, Reason.AMBIGUOUS, keys)
    candidate, alias = fitting[0]
    if len(_shared(candidate, around)) < rule.shared(found.name, alias):
        return _left_apart(found, Reason.UNSURE, keys)
    return Joining(
        name=found.name,
        key=candidate.key,
        reason=rule.reason,
        doubt=rule.doubt if len(fitting) == 1 else Doubt.SLIGHT,
        alias=alias,
        could_be=keys[1:],
    )


def _sound_alike(fitting: Sequence[tuple[Candidate, str]]) -> bool:
    """Say whether all that fit are one full name in transcriptions that were held apart."""
    sounds = {transcription(alias) for _, alias in fitting}
    return len(sounds) == 1 and "" not in sounds


def _left_apart(found: Found, reason: Reason, keys: tuple[str, ...]) -> Joining:
    return Joining(name=found.name, key=None, reason=reason, doubt=Doubt.OPEN, could_be=keys)


def _shared(candidate: Candidate, around: frozenset[str]) -> frozenset[str]:
    """Return whom the article names that is also named beside the candidate; places are no sign."""
    return candidate.together & around


def _first(names: Iterable[str], test: Callable[[str], bool]) -> str | None:
    return next(filter(test, names), None)


def _alias_fit(found: Found, held: Candidate) -> str | None:
    plain = plain_name(found.name, found.kind)
    return _first(held.aliases, lambda name: plain_name(name, found.kind) == plain)


def _same_fit(found: Found, held: Candidate) -> str | None:
    return _same_name(found, held) if held.kind is found.kind else None


def _other_kind_fit(found: Found, held: Candidate) -> str | None:
    return _same_name(found, held)


def _same_name(found: Found, held: Candidate) -> str | None:
    plain = plain_name(found.name, found.kind)
    return held.name if plain_name(held.name, found.kind) == plain else None


def _learned_fit(found: Found, held: Candidate) -> str | None:
    """Look for a name an earlier text taught; surnames alone are left to their own rule."""
    if held.kind is not found.kind or (found.kind is PERSON and not is_full_name(found.name)):
        return None
    plain = plain_name(found.name, found.kind)
    return _first(held.learned, lambda name: plain_name(name, found.kind) == plain)


def _bracketed_fit(found: Found, held: Candidate) -> str | None:
    """Look for the other spelling that the text itself gives."""
    if PERSON in (found.kind, held.kind):
        return None
    others = {fold_name(one) for one in names_sought(found.name, found.kind, found.written)[1:]}
    return _first(_names(held), lambda name: fold_name(name) in others)


def _translation_fit(found: Found, held: Candidate) -> str | None:
    if PERSON in (found.kind, held.kind) or not (meant := meaning(found.name, found.kind)):
        return None
    return _first(_names(held), lambda name: meaning(name, held.kind) == meant)


def _acronym_fit(found: Found, held: Candidate) -> str | None:
    short = acronym_of(found.name) if is_written_as_acronym(found.name) else ""
    if not short or PERSON in (found.kind, held.kind):
        return None
    return _first(_names(held), lambda name: short in initials(name))


def _long_name_fit(found: Found, held: Candidate) -> str | None:
    if PERSON in (found.kind, held.kind) or not (made := initials(found.name)):
        return None
    if any(" " in name.strip() for name in _names(held)):
        return None  # its long name is known, and is another
    return _first(_names(held), lambda name: _is_sure_acronym(name) and acronym_of(name) in made)


def _is_sure_acronym(name: str) -> bool:
    return is_written_as_acronym(name) and len(acronym_of(name)) >= SURE_ACRONYM


def _full_names(held: Candidate) -> Iterator[str]:
    return filter(is_full_name, _names(held)) if held.kind is PERSON else iter(())


def _surname_fit(found: Found, held: Candidate) -> str | None:
    surname = person_words(found.name)
    if found.kind is not PERSON or is_full_name(found.name) or GIVEN_NAMES.issuperset(surname):
        return None
    return _first(
        _full_names(held), lambda name: person_words(name)[1:][-len(surname) :] == surname
    )


def _full_name_fit(found: Found, held: Candidate) -> str | None:
    if found.kind is not PERSON or held.kind is not PERSON or not is_full_name(found.name):
        return None
    if any(_full_names(held)) or held.articles < KNOWN_SURNAME:
        return None
    if GIVEN_NAMES.issuperset(person_words(held.name)):
        return None
    bare = person_words(found.name)
    return _first(
        _names(held), lambda name: bare[1:][-len(person_words(name)) :] == person_words(name)
    )


def _initial_fit(found: Found, held: Candidate) -> str | None:
    """One of both has but an initial: G. Darmanin."""
    if found.kind is not PERSON or not is_full_name(found.name):
        return None
    mine = person_words(found.name)

    def fits(name: str) -> bool:
        theirs = person_words(name)
        is_one_short = has_initial(name) != has_initial(found.name)
        return is_one_short and mine[0][0] == theirs[0][0] and mine[1:] == theirs[1:]

    return _first(_full_names(held), fits)


def _transcription_fit(found: Found, held: Candidate) -> str | None:
    if found.kind is not PERSON or not (sound := transcription(found.name)):
        return None
    return _first(_full_names(held), lambda name: transcription(name) == sound)


def _nothing(name: str, alias: str) -> int:
    return 0


def _one(name: str, alias: str) -> int:
    return 1


def _two(name: str, alias: str) -> int:
    return 2


def _two_when_short(name: str, alias: str) -> int:
    """Ask more of an acronym of three letters, which many long names give."""
    return 0 if max(len(acronym_of(name)), len(acronym_of(alias))) >= SURE_ACRONYM else 2


class Rule(msgspec.Struct, frozen=True):
    """One way to know a name: `fit` returns the known name that fits.

    `shared` says how many others must be named beside both; `is_exact` that among several
    candidates the most widely named is taken.
    """

    reason: Reason
    fit: Callable[[Found, Candidate], str | None]
    doubt: Doubt = Doubt.NONE
    shared: Callable[[str, str], int] = _nothing
    is_exact: bool = False


RULES = (
    Rule(Reason.ALIAS, _alias_fit, is_exact=True),
    Rule(Reason.SURNAME, _surname_fit, Doubt.SLIGHT, _one),
    Rule(Reason.SAME, _same_fit, is_exact=True),
    Rule(Reason.LEARNED, _learned_fit, is_exact=True),
    Rule(Reason.BRACKETED, _bracketed_fit, is_exact=True),
    Rule(Reason.TRANSLATION, _translation_fit, Doubt.SLIGHT, is_exact=True),
    Rule(Reason.INITIAL, _initial_fit, Doubt.SLIGHT, _one),
    Rule(Reason.TRANSCRIPTION, _transcription_fit, Doubt.SLIGHT, _one),
    Rule(Reason.FULL_NAME, _full_name_fit, Doubt.SLIGHT, _two),
    Rule(Reason.ACRONYM, _acronym_fit, Doubt.SLIGHT, _two_when_short),
    Rule(Reason.LONG_NAME, _long_name_fit, Doubt.SLIGHT),
    Rule(Reason.SAME, _other_kind_fit, Doubt.SLIGHT, is_exact=True),
)
"""In this order: the first that decides decides."""
