"""How the configured sources go, as `vigie doctor` tells it: by how they answer, not by a mark.

It asks no source and changes nothing.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from app.health import Finding, Level
from app.source_lines import Standing, as_configured, say_standings, standing_of
from model.source import Source
from store.records import SourceReport
from store.standing import find_standing

_REMEDIES = {
    Standing.FAILING: "`vigie sources --failing` says why and what to do",
    Standing.SILENT: "`vigie sources --silent` says since when",
    Standing.LOOK: "`vigie sources` says what is to be looked at",
    Standing.NEW: "`vigie run` asks them",
}


def examine_sources(sources: Sequence[Source], database: Path) -> Finding:
    """Return how the configured sources went when they were last asked."""
    known = find_standing(database)
    if known is None:
        fact = f"{len(sources)} configured; the database cannot tell how they go"
        return Finding(
            "sources", Level.WARNING, fact, "`vigie run` brings it up to date, where it is whole"
        )
    return judge_standing(as_configured(known, sources))


def judge_standing(reports: Sequence[SourceReport]) -> Finding:
    """Return how sources stand, with what to do about those that need it most."""
    counts = Counter(standing_of(report) for report in reports if report.active)
    fact = f"{counts.total()} configured: {say_standings(counts)}"
    if counts[Standing.FAILING] == counts.total():
        remedy = "look whether this machine is online; `vigie sources --failing` says why"
        return Finding("sources", Level.BAD, fact, remedy)
    for standing, remedy in _REMEDIES.items():
        if counts[standing]:
            return Finding("sources", Level.WARNING, fact, remedy)
    return Finding("sources", Level.GOOD, fact)
