"""What a changed rule keeps of what the one before left: those pages are read again at once.

It asks nothing of the web and keeps nothing itself: reading the pages does.
"""

from collections.abc import Mapping, Sequence

from app.steps.judging import changed_names, may_differ
from app.steps.parts import Parts
from model.source import Source
from nlp.tagger_facts import ChangedNames
from store.records import UnkeptReading

BATCH = 500


def reach_back(parts: Parts) -> int:
    """Ask the rule about every reading that another one left; return how many it wants.

    Where the two rules differ by names alone, those readings are asked about that hold one.
    """
    rule, wanted = parts.rule, 0
    sources = {source.url: source for source in parts.config.sources}
    known: dict[str, ChangedNames | None] = {}
    while left := parts.store.unjudged(rule.fingerprint, limit=BATCH):
        for before in {one.judged_by for one in left} - known.keys():
            known[before] = changed_names(parts.store, before, rule)
        found = _wanted(parts, left, known, sources)
        judged = [one.entry_id for one in left]
        parts.store.record_verdicts(judged, found, rule=rule.fingerprint, now=parts.clock())
        wanted += len(found)
    return wanted


def _wanted(
    parts: Parts,
    left: Sequence[UnkeptReading],
    known: Mapping[str, ChangedNames | None],
    sources: Mapping[str, Source],
) -> list[int]:
    return [
        one.entry_id
        for one in left
        if may_differ(one.reading, known[one.judged_by])
        and parts.rule.judge(one.reading, sources.get(one.source_url)).relevant
    ]
