"""What a model calls names, cleaned of what are none and joined inside one text.

A span is trimmed (titles, articles, possessives, punctuation) or dropped whole; nothing is
added that the model did not see. Joining is conservative: a surname alone stands for a full
name only when the text holds exactly one person with it.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from model.fold import fold_word
from model.mention import EntityKind, Mention
from nlp.models import RawName
from nlp.names.contexts import line_around, lower_case_words
from nlp.names.glosses import find_glosses
from nlp.names.words import (
    ARTICLES,
    FUNCTIONS,
    FURNITURE,
    INSTITUTIONS,
    NAME_PARTICLES,
    NATIONALITIES,
    NOT_NAMES,
    PARTY_WORDS,
    RANKS,
    TIME_ZONES,
    TITLES,
)

LONGEST_NAME_WORDS = 8

_WORD = re.compile(r"[^\s]+")
_EDGES = " \t\r\xa0\u202f.,;:!?…\"“”„«»()[]{}<>*|/\\-–—_'’‘`~+=#&@©®™•·"
_POSSESSIVE = re.compile(r"['’]s?\Z")
_ELISION = re.compile(r"\A(?:[ldnscj]|qu)['’](?=\w)", re.IGNORECASE)
_SIDE = re.compile(r"\A(?:anti|pro|ex|post)-(?=[A-ZÀ-Þ])", re.IGNORECASE)
"""`anti-Roche` names Roche."""
_TAIL = re.compile(r"\n|\s\([^)]*\Z|\s[-–—|/]\s")
"""Where a model ran on: a line break, an open bracket, a dash or slash."""
_AFTER_PERSON = re.compile(
    r"(?<=\w)\s(?:sur|par|pour|dans|avec|contre|en|qui|by|for|with|on|at|from|who|says|said)\s"
)
_DIRECTION = re.compile(
    r"(?:l['’])?(?:nord|sud|est|ouest|centre)(?:-(?:est|ouest))? (?:de la |de l['’]|de |du |d['’])",
    re.IGNORECASE,
)
"""`Est de Tripoli` names Tripoli."""
_POSSESSED = re.compile(r"['’]s?\s(?=\S)")
_IN_OFFICE = re.compile(
    r"(?:minist(?:er|ry|re|ère)|secretary|department|secrétaire)s? (?:of|for|de|du|des|à)"
    r"(?: the| la| l['’])?\s*\Z",
    re.IGNORECASE,
)
_OFFICE_LINKS = frozenset("de du des of d".split())
_DEMONYM = re.compile(r"(?:ien|ienne|ais|aise|ois|oise|ain|aine|een|eenne)s?\Z")
_DEMONYM_ARTICLES = frozenset("les des aux un une ces deux trois the some many".split())
_SENTENCE_START = re.compile(r"(?:\A|[.!?…:\n•])[\s«“„\"'‘(\[–—-]*\Z")
_NO_NAME = re.compile(
    r"https?:|www\.|@|\w\.(?:com|fr|org|net)\b|[©®™{}<>=|\\_#*]|\d{4,}|\S[])[]+\S"
)
_JUNK = (NOT_NAMES, NATIONALITIES, FURNITURE, FUNCTIONS, RANKS, INSTITUTIONS)
_PERSON_PREFIXES = TITLES | FUNCTIONS | PARTY_WORDS
_LETTERS = re.compile(r"[^\W\d_]")


def clean_names(text: str, raw: Iterable[RawName]) -> tuple[RawName, ...]:
    """Return the spans of `raw` that are names, trimmed to the name itself."""
    lowered = lower_case_words(text)
    trimmed = (_trim(text, name) for name in raw)
    return tuple(name for name in trimmed if name and _is_name(text, name, lowered))


def _trim(text: str, name: RawName) -> RawName | None:
    """Return `name` without what stands around the name proper, None when nothing is left."""
    if _is_function(text[name.start : name.end], name.kind):
        return None
    direction = _DIRECTION.match(text, name.start, name.end)
    start = direction.end() if direction else name.start
    end = _end_before_tail(text, name)
    while True:
        before = (start, end)
        start, end = _strip_edges(text, start, end)
        if start >= end:
            return None
        start, end = _strip_words(text, start, end, name.kind)
        if (start, end) == before:
            return RawName(start, end, name.kind)


def _end_before_tail(text: str, name: RawName) -> int:
    """Return where the name ends when a model ran on: `Harris’ Montreal years`."""
    tails = (pattern.search(text, name.start, name.end) for pattern in _tails(name.kind))
    end = min((tail.start() for tail in tails if tail), default=name.end)
    owner = _POSSESSED.search(text, name.start, end)
    runs_on = name.kind is EntityKind.PERSON or text[name.start : end].rpartition(" ")[2].islower()
    return owner.start() if owner and runs_on else end


def _tails(kind: EntityKind) -> Sequence[re.Pattern[str]]:
    return (_TAIL, _AFTER_PERSON) if kind is EntityKind.PERSON else (_TAIL,)


def _is_function(written: str, kind: EntityKind) -> bool:
    """Say whether the words are an office (président de la République), not its holder."""
    words = fold_word(written).split()
    if kind is EntityKind.PERSON and all(word in TITLES or word in FUNCTIONS for word in words):
        return True
    return bool(words) and words[0] in FUNCTIONS and words[1:2] != [] and words[1] in _OFFICE_LINKS


def _strip_edges(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in _EDGES:
        start += 1
    while start < end and text[end - 1] in _EDGES and not _closes(text, start, end):
        end -= 1
    for opening in (_ELISION, _SIDE):
        if found := opening.match(text[start:end]):
            start += found.end()
    if possessive := _POSSESSIVE.search(text[start:end]):
        end = start + possessive.start()
    return start, end


def _closes(text: str, start: int, end: int) -> bool:
    """Say whether the last character closes a bracket or an abbreviation inside the name."""
    if text[end - 1] == ")":
        return "(" in text[start:end]
    return text[end - 1] == "." and bool(re.search(r"(?:\A|\W)(?:\w\.)+\w\.\Z", text[start:end]))


def _strip_words(text: str, start: int, end: int, kind: EntityKind) -> tuple[int, int]:
    """Take one title, function or article from the front, one lower-case word from the back."""
    words = [(start + word.start(), start + word.end()) for word in _WORD.finditer(text[start:end])]
    if len(words) < 2:
        return start, end
    first, last = text[slice(*words[0])], text[slice(*words[-1])]
    if _is_prefix(first, kind) or _is_opening_article(text, words, kind):
        return words[1][0], end
    if last.islower() and kind is EntityKind.PERSON:
        return start, words[-2][1]
    return start, end


def _is_prefix(word: str, kind: EntityKind) -> bool:
    plain = fold_word(word).strip(" .,:")
    if word.isupper() and plain in TIME_ZONES:
        return True
    if word.islower():
        return kind is not EntityKind.PERSON or plain not in NAME_PARTICLES
    return kind is EntityKind.PERSON and plain in _PERSON_PREFIXES


def _is_opening_article(text: str, words: Sequence[tuple[int, int]], kind: EntityKind) -> bool:
    """Say whether a capitalised article only opens the sentence: La Chine, not Le Havre.

    A newspaper's is its own wherever it stands: Le Monde.
    """
    (start, end), following = words[0], text[slice(*words[1])]
    if kind is EntityKind.PERSON or fold_word(text[start:end]) not in ARTICLES:
        return False
    if kind is EntityKind.ORGANISATION and len(words) == 2 and not following.isupper():
        return False
    return bool(_SENTENCE_START.search(text[max(0, start - 10) : start]))


def _is_name(text: str, name: RawName, lowered: frozenset[str]) -> bool:
    return all(rule(text, name, lowered) for rule in RULES)


def _has_letters(text: str, name: RawName, lowered: frozenset[str]) -> bool:
    written = text[name.start : name.end]
    letters = len(_LETTERS.findall(written))
    return letters > 1 or (letters == 1 and any(map(str.isdigit, written)))


def _has_capital(text: str, name: RawName, lowered: frozenset[str]) -> bool:
    return any(word[0].isupper() for word in _words(text, name))


def _has_few_words(text: str, name: RawName, lowered: frozenset[str]) -> bool:
    return 0 < len(_words(text, name)) <= LONGEST_NAME_WORDS


def _has_no_address(text: str, name: RawName, lowered: frozenset[str]) -> bool:
    return not _NO_NAME.search(text[name.start : name.end])


def _is_no_furniture(text: str, name: RawName, lowered: frozenset[str]) -> bool:
    plain = fold_word(text[name.start : name.end]).strip()
    return not any(plain in words for words in _JUNK)


def _is_no_plain_word(text: str, name: RawName, lowered: frozenset[str]) -> bool:
    """Refuse one capitalised word that the same text also writes in lower case."""
    words = _words(text, name)
    return len(words) > 1 or words[0].isupper() or words[0].lower() not in lowered


def _is_no_people(text: str, name: RawName, lowered: frozenset[str]) -> bool:
    """Refuse the people of a country (les Américains) as a place."""
    plain = fold_word(text[name.start : name.end])
    before = re.findall(r"\w+", text[max(0, name.start - 12) : name.start].lower())[-1:]
    is_people = bool(set(before) & _DEMONYM_ARTICLES) and _DEMONYM.search(plain)
    return name.kind is not EntityKind.PLACE or " " in plain or not is_people


def _is_no_heading(text: str, name: RawName, lowered: frozenset[str]) -> bool:
    """Refuse an organisation in a line set in capitals, where models see one in any word."""
    line = line_around(text, name.start, name.end)
    return name.kind is not EntityKind.ORGANISATION or not line.isupper() or len(line) < 8


def _is_no_part_of_office(text: str, name: RawName, lowered: frozenset[str]) -> bool:
    """Refuse the Interior in `the Minister of the Interior`."""
    return not _IN_OFFICE.search(text[max(0, name.start - 30) : name.start])


def _is_whole_word(text: str, name: RawName, lowered: frozenset[str]) -> bool:
    before, after = text[max(0, name.start - 1) : name.start], text[name.end : name.end + 1]
    return not (before.isalnum() or after.isalnum())


Rule = Callable[[str, RawName, frozenset[str]], bool]
RULES: tuple[Rule, ...] = (
    _has_letters,
    _has_capital,
    _has_few_words,
    _has_no_address,
    _is_no_furniture,
    _is_no_plain_word,
    _is_no_people,
    _is_no_heading,
    _is_no_part_of_office,
    _is_whole_word,
)
"""All must hold for a span to be a name."""


def _words(text: str, name: RawName) -> list[str]:
    return re.findall(r"[^\W\d_]+", text[name.start : name.end])


def join_names(
    text: str, names: Sequence[RawName], listed: Sequence[Mention], by: str
) -> tuple[Mention, ...]:
    """Return `names` as mentions, those of one entity in this text under one name.

    `listed` are the watched mentions of the same text: a surname that is theirs is theirs.
    """
    written = [display_name(text[name.start : name.end]) for name in names]
    kinds = _usual_kinds(written, names)
    owners = _surname_owners(written, kinds, listed) | _acronym_owners(text, names, kinds)
    return tuple(
        _mention(text, name, by, *_identity(shown, kinds, owners))
        for name, shown in zip(names, written, strict=True)
    )


def display_name(written: str) -> str:
    """Return a name as shown: composed accents, single spaces, no invisible characters."""
    composed = unicodedata.normalize("NFC", written)
    visible = "".join(sign for sign in composed if unicodedata.category(sign) not in ("Cf", "Cc"))
    return " ".join(visible.split())


Identity = tuple[str, EntityKind]


def name_key(shown: str) -> str:
    """Return what two spellings of one name share: folded, without its article."""
    article, _, rest = fold_word(shown).strip().partition(" ")
    return rest if article in ARTICLES and rest else f"{article} {rest}".strip()


def _usual_kinds(written: Sequence[str], names: Sequence[RawName]) -> dict[str, Identity]:
    """Return, by folded name, the spelling and the kind that the text gives it most often."""
    votes: dict[str, Counter[Identity]] = {}
    for shown, name in zip(written, names, strict=True):
        votes.setdefault(name_key(shown), Counter())[(shown, name.kind)] += 1
    return {plain: _winner(counter) for plain, counter in votes.items()}


def _winner(counter: Counter[Identity]) -> Identity:
    kinds: Counter[EntityKind] = Counter()
    for (_, kind), count in counter.items():
        kinds[kind] += count
    spellings = [spelling for (spelling, _), _ in counter.most_common()]
    shown = next((name for name in spellings if not name.isupper()), spellings[0])
    # A tie goes to the person: models take a surname alone for anything.
    return shown, max(kinds, key=lambda kind: (kinds[kind], kind is EntityKind.PERSON))


def _acronym_owners(
    text: str, names: Sequence[RawName], kinds: dict[str, Identity]
) -> dict[str, Identity]:
    """Return, by folded acronym, the long name that the text explains it by."""
    return {
        fold_word(short).strip(): kinds[name_key(display_name(long_name))]
        for short, long_name in find_glosses(text, names)
    }


def _surname_owners(
    written: Sequence[str], kinds: dict[str, Identity], listed: Sequence[Mention]
) -> dict[str, Identity]:
    """Return, by folded surname, the one person of the text who bears it."""
    people: dict[str, set[Identity]] = {}
    for identity in {kinds[name_key(shown)] for shown in written}:
        _add_surnames(people, identity)
    for mention in listed:
        _add_surnames(people, (mention.entity, mention.kind))
    return {surname: bearers.pop() for surname, bearers in people.items() if len(bearers) == 1}


def _add_surnames(people: dict[str, set[Identity]], identity: Identity) -> None:
    name, kind = identity
    words = fold_word(name).split()
    if kind is EntityKind.PERSON and len(words) > 1:
        for first in range(1, len(words)):
            people.setdefault(" ".join(words[first:]), set()).add(identity)


def _identity(shown: str, kinds: dict[str, Identity], owners: dict[str, Identity]) -> Identity:
    own = kinds[name_key(shown)]
    owner = owners.get(fold_word(shown), own)
    is_homonym = own[1] is EntityKind.PLACE and owner[1] is EntityKind.PERSON
    return own if is_homonym else owner


def _mention(text: str, name: RawName, by: str, entity: str, kind: EntityKind) -> Mention:
    return Mention(
        start=name.start,
        end=name.end,
        text=text[name.start : name.end],
        entity=entity,
        kind=kind,
        by=by,
    )
