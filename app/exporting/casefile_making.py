"""A case file made from the store: asked for, gathered, written, and told of.

It reads one state of the store from its first line to its last, and changes nothing.
"""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from zoneinfo import ZoneInfo

from app.asking import Held, opened
from app.exporting.casefile import CaseFile, detail, gather, gather_events
from app.exporting.casefile_rendering import write_casefile
from app.exporting.events import spoken_in
from app.exporting.writing import Counted, asked_query, open_output, tell
from app.output import note
from app.workplace import Workplace, utc_now
from model.plurals import count


def export_casefile(
    workplace: Workplace,
    words: Sequence[str],
    to: Path | None,
    language: str | None,
    *,
    is_full: bool,
) -> None:
    """Write a case file and tell on standard error how much it holds.

    Raises DamageError when what is held no longer matches its proof.
    """
    asked = asked_query(words)
    with opened(workplace) as held, held.store.database.reading():
        case, counted = _gather(held, asked, is_full=is_full)
        affair = held.config.affair
        details = detail(held.store, case)
        with closing(details), open_output(to) as out:
            write_casefile(
                case,
                details,
                out,
                language=spoken_in(affair, language),
                zone=ZoneInfo(affair.timezone),
            )
    tell(counted, to, asked)
    note(f"They tell {count(len(case.events), 'dated event')}.")


def _gather(held: Held, asked: str, *, is_full: bool) -> tuple[CaseFile, Counted]:
    query, now = held.query(asked), utc_now()
    with closing(held.store.export_articles(query, now=now)) as articles:
        counted = Counted(articles)
        exhibits = gather(iter(counted))
    case = CaseFile(
        affair=held.config.affair.name,
        asked=asked,
        query=query,
        made_at=now,
        is_full=is_full,
        exhibits=exhibits,
        events=gather_events(held.store.events(now=now), exhibits),
        chain=held.store.chain_head(),
        ledger=held.store.ledger_head(),
    )
    return case, counted
