"""The watched entities, found in a text at their exact places.

It compares folded text (accents, case, apostrophes, hyphens, line breaks do not matter) and
then looks at the original letters where case decides. It never loads a model and never guesses
a name that the configuration does not list.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from enum import Enum, auto

import msgspec
from ahocorasick_rs import AhoCorasick, MatchKind

from model.fold import fold, fold_with_offsets
from model.mention import Entity, EntityKind, Mention
from nlp.contexts import is_name_here

BY_LIST = "list"
LONGEST_ACRONYM = 5


class CaseRule(Enum):
    """What the letters of a name must look like in the text."""

    ANY = auto()
    CAPITALS = auto()
    """Every letter a capital: LFI, CNIL."""
    INITIAL = auto()
    """A capital first, for one capitalised word: Darmanin, Disclose."""
    ARTICLE = auto()
    """A capital after the article: Le Parisien, La Quadrature."""


class Alias(msgspec.Struct, frozen=True, kw_only=True):
    """One way to write an entity's name; `folded` is what is searched."""

    folded: str
    entity: Entity
    rule: CaseRule
    can_be_word: bool


class WatchList:
    """The configured entities as one automaton; building it costs milliseconds."""

    def __init__(self, entities: Sequence[Entity]) -> None:
        """Compile the names and aliases of `entities`; the first entity keeps a shared alias."""
        self._by_folded: dict[str, list[Alias]] = {}
        for alias in _distinct_aliases(entities):
            self._by_folded.setdefault(alias.folded, []).append(alias)
        self._aliases = tuple(self._by_folded.values())
        self._automaton = AhoCorasick(tuple(self._by_folded), matchkind=MatchKind.Standard)

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
        found: list[Mention] = []
        taken = bytearray(len(text))
        for pattern, start, end in _longest_first(hits):
            first, last = back.original(start, end)
            alias = self._alias_at(pattern, text, first, last)
            if alias and taken.find(1, first, last) < 0:
                taken[first:last] = b"\1" * (last - first)
                found.append(_mention(alias.entity, text, first, last))
        return tuple(sorted(found, key=lambda mention: mention.start))

    def _alias_at(self, pattern: int, text: str, start: int, end: int) -> Alias | None:
        for alias in self._aliases[pattern]:
            if _has_right_case(alias, text[start:end]) and _fits(alias, text, start, end):
                return alias
        return None


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
            for name, rule in _spellings(written):
                folded = fold(name).strip()
                if folded and (folded, rule) not in seen:
                    seen.add((folded, rule))
                    yield Alias(
                        folded=folded,
                        entity=entity,
                        rule=rule,
                        can_be_word=_can_be_word(entity, rule),
                    )


_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])")
_ARTICLE = re.compile(r"(?:le|la|les|the|l['’])\s*(?=[A-ZÀ-Þ])[\w-]+\Z", re.IGNORECASE)


def _spellings(written: str) -> Iterator[tuple[str, CaseRule]]:
    """Yield the name as configured, then the forms that the press also gives it."""
    name = unicodedata.normalize("NFC", written.strip())
    rule = _case_rule(name)
    yield name, rule
    if rule is CaseRule.CAPITALS and name.isalpha():
        yield ".".join(name) + ".", rule
    if rule is CaseRule.ANY and name.isalpha() and (parts := _CAMEL.split(name))[1:]:
        yield " ".join(parts), rule


def _case_rule(name: str) -> CaseRule:
    if name.isalnum():
        return _one_word_rule(name)
    return CaseRule.ARTICLE if _ARTICLE.match(name) else CaseRule.ANY


def _one_word_rule(name: str) -> CaseRule:
    if name.isupper() and len(name) <= LONGEST_ACRONYM:
        return CaseRule.CAPITALS
    if not name[0].isupper():
        return CaseRule.ANY
    # A capital inside (BriefCam) marks a coined word: no dictionary has it in lower case.
    is_coined = not name.isupper() and name[1:] != name[1:].lower()
    return CaseRule.ANY if is_coined else CaseRule.INITIAL


def _can_be_word(entity: Entity, rule: CaseRule) -> bool:
    return rule in (CaseRule.INITIAL, CaseRule.ARTICLE) and entity.kind is not EntityKind.PERSON


def _has_right_case(alias: Alias, written: str) -> bool:
    match alias.rule:
        case CaseRule.CAPITALS:
            return written == written.upper()
        case CaseRule.INITIAL:
            return written[0].isupper()
        case CaseRule.ARTICLE:
            return re.split(r"[\s'’]+", written, maxsplit=1)[-1][:1].isupper()
        case CaseRule.ANY:
            return True


_ADDRESS = re.compile(r"://|\Awww\.|\w@|[\w-]+\.[a-z]{2,4}/")
_DOMAIN_END = re.compile(r"[\w-]*\.(?:com|org|net|fr|ngo|eu|io|ai|info|tv|co|gouv)\b|@\w")


def _fits(alias: Alias, text: str, start: int, end: int) -> bool:
    """Say whether what stands around lets the letters be the name."""
    if _is_in_address(text, start, end):
        return False
    return not alias.can_be_word or is_name_here(text, start, end)


def _is_in_address(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - 80) : start]
    token = before[max(before.rfind(" "), before.rfind("\n")) + 1 :]
    return bool(_ADDRESS.search(token) or _DOMAIN_END.match(text, end))
