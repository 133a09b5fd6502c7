"""What decides what a tagger finds, and which texts another tagger would read otherwise.

It compares what was configured with what is: it runs no model and finds nothing itself. What it
names is a superset: a text that it spares would give the same names, dates and quotes.
"""

from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256

import msgspec
from ahocorasick_rs import AhoCorasick

from model.fold import fold
from model.mention import Entity, EntityKind
from nlp.names.keys import held_keys, sought_keys
from nlp.names.watch_list import WatchList

_REMEMBERED = 50_000
"""The same names stand in most texts: so many keep their keys."""


class TaggerFacts(msgspec.Struct, frozen=True, kw_only=True):
    """All that decides what a text yields: rules, models with their versions, names, time zone."""

    rules: int
    joining: int
    timezone: str
    models: dict[str, tuple[str, str]]
    entities: tuple[Entity, ...]

    @property
    def version(self) -> str:
        """Return the number of the rules and a hash of everything."""
        spelt = msgspec.json.encode(self, order="deterministic")
        return f"{self.rules}-{sha256(spelt).hexdigest()[:12]}"


class ChangedNames:
    """The folded names that two watch lists find otherwise, and where their letters stand."""

    def __init__(self, before: Iterable[Entity], after: Iterable[Entity]) -> None:
        """Compare two watch lists."""
        self.forms = changed_forms(before, after)
        self._automaton = AhoCorasick(tuple(self.forms)) if self.forms else None

    def stand_in(self, text: str) -> bool:
        """Say whether the letters of one stand in a text, whatever their case and neighbours."""
        return self._automaton is not None and bool(
            self._automaton.find_matches_as_indexes(fold(text))
        )


class Change:
    """What differs between two taggers that read by the same rules."""

    def __init__(self, before: TaggerFacts, after: TaggerFacts) -> None:
        """Compare the names watched for, and the models of each language."""
        self.langs = _changed_models(before, after)
        self.names = ChangedNames(before.entities, after.entities)
        self._keys = _keys_of(self.names.forms, (*before.entities, *after.entities))

    def touches(self, text: str, lang: str, named: Iterable[tuple[str, EntityKind]] = ()) -> bool:
        """Say whether a text may be read otherwise now; `named` are the names found in it before.

        A name found before counts where it could mean whoever a changed name stands for.
        """
        if lang in self.langs or self.names.stand_in(text):
            return True
        return any(not self._keys.isdisjoint(_keys(name, kind)) for name, kind in named)


def find_change(before: TaggerFacts, after: TaggerFacts) -> Change | None:
    """Return what changed between two taggers, None where every text is to be read again."""
    same_rules = (before.rules, before.joining) == (after.rules, after.joining)
    return Change(before, after) if same_rules and before.timezone == after.timezone else None


def changed_forms(before: Iterable[Entity], after: Iterable[Entity]) -> frozenset[str]:
    """Return the folded names that one watch list finds otherwise than the other."""
    old, new = _forms(tuple(before)), _forms(tuple(after))
    return frozenset(form for form in old.keys() | new.keys() if old.get(form) != new.get(form))


def _forms(entities: tuple[Entity, ...]) -> dict[str, list[object]]:
    """Return by its folded form what a watch list knows of each name, other names left out."""
    return {
        form: [msgspec.structs.replace(one, entity=_bare(one.entity)) for one in aliases]
        for form, aliases in WatchList(entities).aliases.items()
    }


def _bare(entity: Entity) -> Entity:
    return msgspec.structs.replace(entity, aliases=())


def _changed_models(before: TaggerFacts, after: TaggerFacts) -> frozenset[str]:
    langs = before.models.keys() | after.models.keys()
    return frozenset(one for one in langs if before.models.get(one) != after.models.get(one))


def _keys_of(forms: frozenset[str], entities: Iterable[Entity]) -> frozenset[str]:
    """Return under which keys the entities of changed names are held for these names."""
    return frozenset(
        key
        for entity in entities
        for name in (entity.name, *entity.aliases)
        if fold(name).strip() in forms
        for key in held_keys(name, entity.kind)
    )


@lru_cache(_REMEMBERED)
def _keys(name: str, kind: EntityKind) -> frozenset[str]:
    return sought_keys(name, kind)
