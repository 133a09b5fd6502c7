"""The watched entities, found in a text at their exact places.

It compares folded text (accents, case, apostrophes, hyphens, line breaks do not matter) and
then looks at the original letters where case decides. It never loads a model and never guesses
a name that the configuration does not list.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum, auto

import msgspec
from ahocorasick_rs import AhoCorasick, MatchKind

from model.fold import fold, fold_with_offsets
from model.mention import Case, Entity, EntityKind, Mention
from nlp.names.bearers import Bearer, find_bearer, find_sex, has_generation_after
from nlp.names.contexts import (
    has_in_lower_case,
    is_line_of_capitals,
    is_name_here,
    is_part_of_longer_name,
)
from nlp.names.forbidding import is_forbidden
from nlp.names.forms import is_full_name, person_words

BY_LIST = "list"
LONGEST_ACRONYM = 5
SPOKEN_ACRONYM = 4
"""From so many letters on, an acronym may be written like a word: Otan, Cnil."""


ALONE_PER_FULL = 6
"""A surname that stands alone more often than this for each other bearer is not theirs."""


class CaseRule(Enum):
    """What the letters of a name must look like in the text."""

    ANY = auto()
    CAPITALS = auto()
    """Every letter a capital: LFI."""
    SPOKEN = auto()
    """Every letter a capital, or the first alone: CNIL, Cnil."""
    INITIAL = auto()
    """A capital first, for one capitalised word: Darmanin, Disclose."""
    EXACT = auto()
    """As the configuration writes it, accents aside."""
    ARTICLE = auto()
    """A capital after the article: Le Parisien, La Quadrature."""


class Alias(msgspec.Struct, frozen=True, kw_only=True):
    """One way to write an entity's name; `folded` is what is searched."""

    written: str
    folded: str
    entity: Entity
    rule: CaseRule
    can_be_word: bool
    first_names: frozenset[str] = frozenset()
    """Of whom the name is the surname alone; folded."""


class WatchList:
    """The configured entities as one automaton; building it costs milliseconds."""

    def __init__(self, entities: Sequence[Entity]) -> None:
        """Compile the names and aliases of `entities`; the first entity keeps a shared alias."""
        self._by_folded: dict[str, list[Alias]] = {}
        for alias in _distinct_aliases(entities):
            self._by_folded.setdefault(alias.folded, []).append(alias)
        self._aliases = tuple(self._by_folded.values())
        self._automaton = AhoCorasick(tuple(self._by_folded), matchkind=MatchKind.Standard)

    @property
    def aliases(self) -> Mapping[str, Sequence[Alias]]:
        """What is known of each name, by the folded form that is searched."""
        return self._by_folded

    def find(self, text: str) -> tuple[Mention, ...]:
        """Return the watched names in `text`, in order, none overlapping another."""
        folded = fold(text)
        hits = [
            hit
            for hit in self._automaton.find_matches_as_indexes(folded, overlapping=True)
            if _is_whole(folded, hit[1], hit[2])
        ]
        return self._mentions(text, hits) if hits else ()

    def entity_of(self, name: str) -> Entity | None:
        """Return the entity that `name`, a whole name as a model gives it, stands for."""
        for alias in self._by_folded.get(fold(name).strip(), ()):
            if _has_right_case(alias, name.strip()):
                return alias.entity
        return None

    def _mentions(self, text: str, hits: list[tuple[int, int, int]]) -> tuple[Mention, ...]:
        back = fold_with_offsets(text)
        found: list[tuple[Mention, Alias]] = []
        taken = bytearray(len(text))
        for pattern, start, end in _longest_first(hits):
            first, last = back.original(start, end)
            alias = self._alias_at(pattern, text, first, last)
            if alias and taken.find(1, first, last) < 0:
                taken[first:last] = b"\1" * (last - first)
                found.append((_mention(alias.entity, text, first, last), alias))
        own = _without_others(text, found)
        return tuple(sorted(own, key=lambda mention: mention.start))

    def _alias_at(self, pattern: int, text: str, start: int, end: int) -> Alias | None:
        for alias in self._aliases[pattern]:
            if _has_right_case(alias, text[start:end]) and _fits(alias, text, start, end):
                return alias
        return None


def _without_others(text: str, found: Sequence[tuple[Mention, Alias]]) -> Iterator[Mention]:
    """Yield the mentions without those of other people who bear a watched surname.

    Where a text names others by it in full, and the watched person never, a surname alone is
    theirs as well.
    """
    sexes = _sexes(text, found)
    bearers = {
        mention.start: _bearer(text, mention.start, alias, sexes.get(mention.entity, ""))
        for mention, alias in found
        if alias.first_names
    }
    in_full = {
        mention.entity
        for mention, _ in found
        if bearers.get(mention.start, Bearer.OWN) is Bearer.OWN
    }
    theirs = _left_to_others([mention for mention, _ in found], bearers) - in_full
    for mention, _ in found:
        whose = bearers.get(mention.start, Bearer.OWN)
        if whose is Bearer.OWN or (whose is Bearer.OPEN and mention.entity not in theirs):
            yield mention


def _sexes(text: str, found: Sequence[tuple[Mention, Alias]]) -> dict[str, str]:
    """Return what the titles before full names tell of the people watched."""
    told = (
        (mention.entity, find_sex(text, mention.start))
        for mention, alias in found
        if alias.entity.kind is EntityKind.PERSON and not alias.first_names
    )
    return {entity: sex for entity, sex in told if sex}


def _bearer(text: str, start: int, alias: Alias, sex: str) -> Bearer:
    """Return whose a surname is: Lady Roche is no Sir Luc Roche."""
    titled = find_sex(text, start)
    if sex and titled and sex != titled:
        return Bearer.OTHER
    return find_bearer(text, start, alias.first_names)


def _left_to_others(mentions: Sequence[Mention], bearers: dict[int, Bearer]) -> set[str]:
    """Return the entities whose surname a text gives to others often enough to be theirs."""
    surnames = [one for one in mentions if one.start in bearers]
    times = Counter(one.entity for one in surnames)
    others = Counter(one.entity for one in surnames if bearers[one.start] is Bearer.OTHER)
    return {one for one in others if ALONE_PER_FULL * others[one] >= times[one]}


def _mention(entity: Entity, text: str, start: int, end: int) -> Mention:
    return Mention(
        start=start,
        end=end,
        text=text[start:end],
        entity=entity.name,
        kind=entity.kind,
        by=BY_LIST,
    )


def _longest_first(hits: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    return sorted(hits, key=lambda hit: (hit[1] - hit[2], hit[1]))


def _is_whole(folded: str, start: int, end: int) -> bool:
    before = folded[start - 1 : start]
    after = folded[end : end + 1]
    return not (before.isalnum() or after.isalnum() or before == "_" or after == "_")


def _distinct_aliases(entities: Sequence[Entity]) -> Iterator[Alias]:
    seen: set[tuple[str, CaseRule]] = set()
    for entity in entities:
        for written in (entity.name, *entity.aliases):
            for name, rule in _spellings(written, entity.case):
                folded = fold(name).strip()
                if folded and (folded, rule) not in seen:
                    seen.add((folded, rule))
                    yield Alias(
                        written=name,
                        folded=folded,
                        entity=entity,
                        rule=rule,
                        can_be_word=_can_be_word(entity, rule),
                        first_names=_first_names(entity, folded),
                    )


def _first_names(entity: Entity, folded: str) -> frozenset[str]:
    """Return a person's first names where `folded` is none of them and no full name."""
    if entity.kind is not EntityKind.PERSON:
        return frozenset()
    full = [name for name in (entity.name, *entity.aliases) if is_full_name(name)]
    first = frozenset(person_words(name)[0] for name in full)
    return first if not is_full_name(folded) and folded not in first else frozenset()


_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])")
_ARTICLE = re.compile(r"(?:le|la|les|the|l['’])\s*(?=[A-ZÀ-Þ])[\w-]+\Z", re.IGNORECASE)


_RULES = {Case.EXACT: CaseRule.EXACT, Case.ANY: CaseRule.ANY}


def _spellings(written: str, case: Case) -> Iterator[tuple[str, CaseRule]]:
    """Yield the name as configured, then the forms that the press also gives it."""
    name = unicodedata.normalize("NFC", written.strip())
    rule = _RULES.get(case) or _case_rule(name)
    yield name, rule
    if rule in (CaseRule.CAPITALS, CaseRule.SPOKEN) and name.isalpha():
        yield ".".join(name) + ".", rule
    if rule is CaseRule.ANY and name.isalpha() and (parts := _CAMEL.split(name))[1:]:
        yield " ".join(parts), rule


def _case_rule(name: str) -> CaseRule:
    if name.isalnum():
        return _one_word_rule(name)
    return CaseRule.ARTICLE if _ARTICLE.match(name) else CaseRule.ANY


def _one_word_rule(name: str) -> CaseRule:
    if name.isupper() and len(name) <= LONGEST_ACRONYM:
        return CaseRule.SPOKEN if len(name) >= SPOKEN_ACRONYM else CaseRule.CAPITALS
    if not name[0].isupper():
        return CaseRule.ANY
    # A capital inside (BriefCam) marks a coined word: no dictionary has it in lower case.
    is_coined = not name.isupper() and name[1:] != name[1:].lower()
    return CaseRule.ANY if is_coined else CaseRule.INITIAL


def _can_be_word(entity: Entity, rule: CaseRule) -> bool:
    if rule is CaseRule.ARTICLE:
        return entity.kind not in (EntityKind.PERSON, EntityKind.PLACE)
    return rule in (CaseRule.INITIAL, CaseRule.SPOKEN) and entity.kind is not EntityKind.PERSON


def _has_right_case(alias: Alias, written: str) -> bool:
    match alias.rule:
        case CaseRule.CAPITALS:
            return written == written.upper()
        case CaseRule.SPOKEN:
            return written in (written.upper(), written.capitalize())
        case CaseRule.EXACT:
            return _bare(written) == _bare(alias.written)
        case CaseRule.INITIAL:
            return written[0].isupper()
        case CaseRule.ARTICLE:
            return re.split(r"[\s'’]+", written, maxsplit=1)[-1][:1].isupper()
        case CaseRule.ANY:
            return True


def _bare(written: str) -> str:
    """Return the letters and digits without accents, in their case."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFD", written)))


_ADDRESS = re.compile(r"://|\Awww\.|\w@|[\w-]+\.[a-z]{2,4}/")
_DOMAIN_END = re.compile(r"[\w-]*\.(?:com|org|net|fr|ngo|eu|io|ai|info|tv|co|gouv)\b|@\w")


def _fits(alias: Alias, text: str, start: int, end: int) -> bool:
    """Say whether what stands around lets the letters be the name."""
    if _is_in_address(text, start, end):
        return False
    is_one_word = alias.rule is CaseRule.INITIAL and alias.entity.kind is not EntityKind.PLACE
    if is_one_word and is_part_of_longer_name(text, end):
        return False
    if alias.entity.kind is EntityKind.PERSON and has_generation_after(text, end):
        return False
    if alias.entity.unless and is_forbidden(text, start, end, alias.entity.unless):
        return False
    if text[start:end].isupper() and is_line_of_capitals(text, start, end):
        return not has_in_lower_case(text, text[start:end])
    return not alias.can_be_word or is_name_here(text, start, end)


def _is_in_address(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - 80) : start]
    token = before[max(before.rfind(" "), before.rfind("\n")) + 1 :]
    return bool(_ADDRESS.search(token) or _DOMAIN_END.match(text, end))
