"""Derived parts dropped and made again, by the functions that made them in the first place.

Captures, versions and what people decided are never touched. What is asked is noted before the
first row is dropped: killed at any moment, it is finished by the next `vigie rebuild` or pass.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import msgspec

from app.steps.happenings import EVENT_RULES, build_all_events
from app.steps.processing import Processed, Tell, process_kept
from app.steps.retellings import SIGNER
from model.event import Event
from nlp.tagging import Tagger
from store import Store
from store.derived import Part
from store.search.terms import RULES as INDEX_RULES

MADE_FROM: Mapping[Part, tuple[Part, ...]] = {
    Part.INDEX: (),
    Part.TAGS: (Part.COPIES, Part.STORIES, Part.EVENTS),
    Part.COPIES: (Part.STORIES, Part.EVENTS),
    Part.STORIES: (Part.COPIES, Part.EVENTS),
    Part.EVENTS: (),
}
"""What is made from each part; copies and stories are found in one go."""


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """One part made again: by which rules, of how many articles, and how much of it there is.

    `went_on` tells that a making begun before was finished.
    """

    part: Part
    made_by: str
    articles: int | None = None
    rows: int
    went_on: bool = False


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """How one part stands: made by which rules, and what this program's rules are.

    `left` counts the articles yet to be looked at; `differing` what would be another if it were
    made now, None where only making it would tell. Events weigh what is written about, so that
    some differ as coverage grows: no fault.
    """

    part: Part
    made_by: str | None
    rules: str
    rows: int
    left: int = 0
    differing: int | None = None

    @property
    def is_current(self) -> bool:
        """Return whether all of it was made by this program's rules."""
        return self.made_by == self.rules and not self.left


def with_what_follows(asked: Sequence[Part]) -> tuple[Part, ...]:
    """Return the parts asked for, all where none is, and those made from them, in order."""
    wanted = set(asked or Part)
    for part in asked:
        wanted |= set(MADE_FROM[part])
    return tuple(part for part in Part if part in wanted)


def rebuild(
    store: Store,
    tagger: Tagger,
    asked: Sequence[Part],
    clock: Callable[[], datetime],
    tell: Tell,
) -> tuple[Made, ...]:
    """Drop parts and what is made from them, and make them again; also those that lack a table."""
    lost = store.restore_tables(now=clock())
    parts = with_what_follows((*asked, *lost) if asked else ())
    others = tuple(part for part in parts if part is not Part.INDEX)
    went_on = set(store.ask_again(others, now=clock())) - set(lost)
    if Part.INDEX in parts:
        store.rebuild_index(now=clock())
    done = process_kept(store, tagger, clock, tell) if others else Processed()
    articles = {Part.TAGS: done.tagged, Part.COPIES: done.compared, Part.STORIES: done.compared}
    return tuple(
        Made(
            part=part,
            made_by=_rules(part, tagger),
            articles=articles.get(part),
            rows=store.count_rows(part),
            went_on=part in went_on,
        )
        for part in parts
    )


def check(
    store: Store, tagger: Tagger, asked: Sequence[Part], now: datetime
) -> tuple[Checked, ...]:
    """Return how parts stand, and change nothing."""
    return tuple(
        Checked(
            part=part,
            made_by=store.made_by(part),
            rules=_rules(part, tagger),
            rows=store.count_rows(part),
            left=store.count_left(part, _rules(part, tagger)),
            differing=_count_differing(store, now) if part is Part.EVENTS else None,
        )
        for part in Part
        if part in (asked or Part)
    )


def _rules(part: Part, tagger: Tagger) -> str:
    """Return what names the rules and models by which this program makes a part."""
    if part is Part.INDEX:
        return INDEX_RULES
    if part is Part.TAGS:
        return tagger.version
    return EVENT_RULES if part is Part.EVENTS else SIGNER


def _count_differing(store: Store, now: datetime) -> int:
    """Return how many events are held that would not be built now, or the other way round."""
    held = set(map(_facts, store.events(now=now)))
    return len(held ^ set(map(_facts, build_all_events(store))))


def _facts(event: Event) -> tuple[object, ...]:
    """Return what an event says, without its weight beside the others."""
    cited = tuple((one.article, one.start) for one in event.citations)
    return event.date, event.to, event.text, event.entities, event.independent_sources, cited
