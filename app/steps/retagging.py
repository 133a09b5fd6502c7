"""After names or models changed: which texts a tagger need not read again.

It runs no model. What it spares is said to be read by the tagger that is, a batch a transaction,
so that whatever stops it the rest is looked at next time; what it leaves is tagged again.
"""

from collections.abc import Callable
from datetime import datetime

import msgspec

from nlp.tagger_facts import Change, TaggerFacts, find_change
from nlp.tagging import Tagger
from store import Store
from store.derived import Part
from store.retagging import TAGGER
from store.values import pack, unpack

BATCH = 500


def spare_untouched(store: Store, tagger: Tagger, clock: Callable[[], datetime]) -> int:
    """Say of the texts in which nothing changed that they are tagged; return how many."""
    store.note_facts(TAGGER, tagger.version, pack(tagger.facts), now=clock())
    if store.made_by(Part.TAGS) == tagger.version:
        return 0
    spared = 0
    for older in store.older_taggers(tagger.version):
        change = _change_since(store, older, tagger.facts)
        if change is not None:
            spared += _spare(store, older, tagger.version, change)
    return spared


def _change_since(store: Store, older: str, facts: TaggerFacts) -> Change | None:
    """Return what changed since an older tagger, None where everything may have."""
    packed = store.find_facts(TAGGER, older)
    if packed is None:
        return None
    try:
        before = unpack(packed, TaggerFacts)
    except msgspec.ValidationError:  # of a program that configured entities otherwise
        return None
    return find_change(before, facts)


def _spare(store: Store, older: str, tagger: str, change: Change) -> int:
    spared = after = 0
    while texts := store.tagged_texts(older, after=after, limit=BATCH):
        after = texts[-1].version_id
        same = [
            one.version_id for one in texts if not change.touches(one.text, one.lang, one.named)
        ]
        store.spare(same, was=older, tagger=tagger)
        spared += len(same)
    return spared
