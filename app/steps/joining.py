"""Whom the names of one article mean: asked of the rules, with the few known who could be meant.

It decides nothing: `nlp.names.joining` does, and the store sets above it what a person decided.
"""

from collections.abc import Iterable
from functools import lru_cache

from model.mention import EntityKind, Tags
from nlp.names.forms import fold_name
from nlp.names.joining import Candidate, Joining, Reason, gather_found, join_article
from nlp.names.keys import held_keys, sought_keys
from store import Store
from store.entities.joined import Joined
from store.entities.names import Known

BATCH = 500

FULLER = frozenset({Reason.FULL_NAME, Reason.INITIAL})
"""Where a name longer than the known one is what the entity is called from then on."""


def prepare_joining(store: Store) -> None:
    """Settle what people decided since, and look names up that were given without a text."""
    while store.settle_joinings():
        pass
    _look_up(store)


def _look_up(store: Store) -> None:
    while waiting := store.unlooked(limit=BATCH):
        store.hold_lookups([(one, held_keys(one.name, one.kind)) for one in waiting])


def join_names(store: Store, version_id: int, tags: Tags) -> tuple[Joined, ...]:
    """Return whom each name of a version means, and why.

    It costs the same however many are known: those alone are looked at that share a key.
    """
    _look_up(store)
    found = gather_found(tags.mentions)
    keys = {key for one in found for key in sought_keys(one.name, one.kind, one.written)}
    names = [one.name for one in found]
    known = store.joining_candidates(keys, names, before=version_id)
    decided = join_article(found, tuple(map(_candidate, known)))
    return tuple(_joined(joining, one.kind) for one, joining in zip(found, decided, strict=True))


def _candidate(known: Known) -> Candidate:
    return Candidate(
        key=known.key,
        name=known.name,
        kind=known.kind,
        aliases=known.aliases,
        learned=known.learned,
        articles=known.articles,
        together=_folded(known.beside),
    )


def _folded(names: Iterable[str]) -> frozenset[str]:
    return frozenset(map(_fold, names))


_fold = lru_cache(20_000)(fold_name)
"""The same few hundred names stand beside one another in most articles."""


def _joined(joining: Joining, kind: EntityKind) -> Joined:
    is_longer = len(joining.name) > len(joining.alias)
    return Joined(
        called=joining.name,
        kind=kind,
        key=joining.key,
        reason=joining.reason,
        doubt=joining.doubt,
        via=joining.alias,
        could_be=joining.could_be,
        lookups=() if joining.reason is Reason.SURNAME else tuple(held_keys(joining.name, kind)),
        is_fuller=joining.reason in FULLER and is_longer,
    )
