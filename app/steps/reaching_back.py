"""What a changed rule keeps of what the one before left: those pages are read again at once.

It asks nothing of the web and keeps nothing itself: reading the pages does.
"""

from app.steps.parts import Parts

BATCH = 500


def reach_back(parts: Parts) -> int:
    """Ask the rule about every reading that another one left; return how many it wants."""
    rule, wanted = parts.rule, 0
    sources = {source.url: source for source in parts.config.sources}
    while left := parts.store.unjudged(rule.fingerprint, limit=BATCH):
        judged = [one.entry_id for one in left]
        found = [
            one.entry_id
            for one in left
            if rule.judge(one.reading, sources.get(one.source_url)).relevant
        ]
        parts.store.record_verdicts(judged, found, rule=rule.fingerprint, now=parts.clock())
        wanted += len(found)
    return wanted
