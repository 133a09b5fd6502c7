"""Whether a capitalised dictionary word is a name where it stands.

`Disclose` is a newsroom and an English verb, `The Parisian` a newspaper and an adjective: the
words beside decide, and only where a capital proves nothing (at the start of a sentence, in a
title set in capitals) or where an article leaves both open. It never looks at spelling.
"""

import re
from functools import lru_cache

_WORD = re.compile(r"[^\W\d_]+")
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_BEFORE_CHARACTERS = 60
_LINE_REACH = 200
_BESIDE = 14

VERB_OBJECTS = frozenset(
    "the as an this that these those its their his her our your my any all every each it them"
    " him how what whether which when where why more less information data documents records"
    " details files emails names secrets everything something nothing anything".split()
)
"""Words that follow a verb; after a name they would stand without one."""

PARTICIPLE_TAILS = frozenset("by to in on at during under when after before last this".split())

SHORTEST_PARTICIPLE = 3
"""The Fed has no participle's ending."""

VERB_GOVERNORS = frozenset(
    "must should shall will would can could may might cannot not never fully publicly"
    " failure fail fails failed failing refuse refuses refused refusing order orders ordered"
    " require requires required forced have had agree agrees agreed need needs vow vows vowed"
    " bound want wants wanted asked urged compelled obliged obligation duty duties likely"
    " made decline declines declined pledge pledges pledged".split()
)
"""Words before a verb, directly or with `to` between: `must …`, `failure to …`."""

AUXILIARIES = frozenset(
    "be been being was were is are not newly recently never has have had".split()
)

NEWS_WORDS = frozenset(
    "newspaper daily paper journalist journalists reporter reporters report reports reported"
    " reveals revealed reveal says said writes wrote has had was is that which who and or in on"
    " also quoted quotes cited cites according citing published publishes explains explained"
    " adds added notes noted indicates indicated announced specifies specified claims claimed"
    " learned understands states stated website site investigation for to at with from as"
    " quotidien journal indique précise révèle a avait rapporte affirme écrit annonce".split()
)
"""Words after a newspaper's name; after an adjective a noun would stand instead."""

_TELLING = NEWS_WORDS - frozenset("and or in on to for at from is was has had that".split())
"""Those that tell even after `the Parisian`, which is mostly a person or an adjective."""

CITING_WORDS = frozenset(
    "selon dans par au révèle rapporte indique affirme précise écrit annonce explique quotidien"
    " journal avec d'après confirme assure cite détaille".split()
)
"""French words before a newspaper whose article is not capitalised."""

_LONGER_NAME = re.compile(
    r"[ \xa0-](?:Universit[yé]|Institute?|Organi[sz]ation|Foundation|Fondation|Street|Avenue"
    r"|College|School|Hospital|Airport|Prize|Park|Square|Islands?|County|River|Hotel|Stadium)\b"
)
_NEXT_WORD = re.compile(r"[ \xa0\u202f\n]{1,3}([^\W\d_]+)")
_DEMONYM = re.compile(r".*(?:ien|ienne|ais|aise|ois|oise|ain|aine|éen|éenne|an|ane)s?\Z")
_SENTENCE_OPENING = re.compile(r"(?:\A|[.!?…:;•|\n]\s*|[—–-]\s+)[\s«“„\"'‘(\[]*\Z")
_INITIALS = re.compile(r"(?:\b[^\W\d_]\.)\s*\Z")


def is_part_of_longer_name(text: str, end: int) -> bool:
    """Say whether the word before `end` only opens another name: Rice University."""
    return _LONGER_NAME.match(text, end) is not None


def is_name_here(text: str, start: int, end: int) -> bool:
    """Say whether the capitalised words at `start` to `end` are a name there."""
    words = _WORD.findall(text[start:end])
    before = _WORD.findall(text[max(0, start - _BEFORE_CHARACTERS) : start].lower())[-2:]
    after = _following_word(text, end)
    if len(words) > 1:
        in_title = is_set_in_capitals(line_around(text, start, end))
        return _is_newspaper_here(words, before, after, in_title=in_title)
    if not _capital_proves_nothing(text, start, end):
        return True
    return not _reads_as_verb(words[0], before, after) and is_no_plain_noun(text, start, end)


def is_no_plain_noun(text: str, start: int, end: int) -> bool:
    """Say whether a capitalised word is a name, where the text has it in lower case as well."""
    if not _capital_proves_nothing(text, start, end):
        return True
    after = _following_word(text, end)
    return _acts_as_name(text, end, after) or not has_in_lower_case(text, text[start:end])


def _acts_as_name(text: str, end: int, after: str) -> bool:
    """Say whether what follows a word is what follows a name: a verb, a comma, a name."""
    following = after.lower()
    acts = following in NEWS_WORDS or following.endswith("ed") or following != after
    return not after or acts or text[end : end + 1] in ("'", "’")


def has_in_lower_case(text: str, word: str) -> bool:
    """Say whether the text writes the word in lower case too, as it does with no name."""
    return word.lower() in lower_case_words(text)


@lru_cache(maxsize=1)
def lower_case_words(text: str) -> frozenset[str]:
    """Return the words that a text writes in lower case; asked again and again for one text."""
    return frozenset(word for word in _WORD.findall(text) if word.islower())


def is_line_of_capitals(text: str, start: int, end: int) -> bool:
    """Say whether the words beside a span are in capitals as well: a heading."""
    beside = text[max(0, start - _BESIDE) : start] + text[end : end + _BESIDE]
    letters = [sign for sign in beside if sign.isalpha()]
    capitals = sum(map(str.isupper, letters))
    return len(letters) > end - start and capitals >= 0.8 * len(letters)


def _following_word(text: str, end: int) -> str:
    """Return the word right behind, as written, or nothing when punctuation comes first."""
    found = _NEXT_WORD.match(text, end)
    return found[1] if found else ""


def _capital_proves_nothing(text: str, start: int, end: int) -> bool:
    opening = text[max(0, start - 20) : start]
    if start == 0 or (_SENTENCE_OPENING.search(opening) and not _INITIALS.search(opening)):
        return True
    return is_set_in_capitals(line_around(text, start, end))


def line_around(text: str, start: int, end: int) -> str:
    """Return the line that holds a span, at most 200 characters of it on either side."""
    first, last = max(0, start - _LINE_REACH), end + _LINE_REACH
    before = text.rfind("\n", first, start)
    behind = text.find("\n", end, last)
    return text[before + 1 if before >= 0 else first : behind if behind >= 0 else last]


@lru_cache(maxsize=256)
def is_set_in_capitals(line: str) -> bool:
    """Say whether nearly all longer words of a line are capitalised, as in English titles."""
    long_words = _LONG_WORD.findall(line)
    capitalised = sum(word[0].isupper() for word in long_words)
    return len(long_words) > 2 and capitalised >= 0.85 * len(long_words)


def _reads_as_verb(word: str, before: list[str], after: str) -> bool:
    following = after.lower()
    if following in VERB_OBJECTS:
        return True
    if before[-1:] == ["to"]:
        return bool(set(before[:-1]) & VERB_GOVERNORS)
    is_participle = word.lower().endswith("ed") and len(word) > SHORTEST_PARTICIPLE
    if is_participle and following in PARTICIPLE_TAILS:
        return True
    governors = AUXILIARIES if is_participle else VERB_GOVERNORS
    return bool(set(before[-1:]) & governors)


def _is_newspaper_here(words: list[str], before: list[str], after: str, *, in_title: bool) -> bool:
    """Judge an article with one capitalised word: Le Parisien, The Parisian, La Quadrature.

    Only an adjective (Parisian) keeps its capital when it names nothing.
    """
    article, is_demonym = words[0], _DEMONYM.match(words[-1].lower())
    is_english = article.lower() == "the"
    if is_demonym and article[0].islower() and not is_english:
        return bool(set(before[-1:]) & CITING_WORDS)
    if is_demonym and article[0].islower():
        return after.lower() in _TELLING
    if not is_english or not after or after[0].isupper():
        return True
    return after.lower() in NEWS_WORDS or not (is_demonym or in_title)
