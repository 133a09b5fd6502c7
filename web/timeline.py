"""The page of the timeline: what happened, or what was published, as rows under headings.

It reads the store and writes no HTML.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from model.article import Access
from model.config import Config
from model.errors import QueryError
from model.event import Citation, Event
from model.hosts import spell_host
from model.phrases import say, spell_absence, spell_date, spell_month, spell_plain_day
from model.plurals import count_noun
from model.query import And, Everything, Facet, Flag, Has, Is, Query
from model.saved_searches import read_query
from store.entities.told import NamedEntity
from store.reader import Reader
from store.records import Hit
from store.search.suggesting import suggest
from web.asked import MANY_EVENTS, Asked
from web.charts import BAR_WIDTH, HEIGHT, Bar, draw_bars, first_day
from web.entity import entity_address
from web.marking import Paragraph, Segment, mark_found

PAGE = 40
CHIPS = 10
SENTENCE_ENDS = '.!?…»”")'
RELEVANT = Is(typed="is:relevant", flag=Flag.RELEVANT)


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """One passage that says an event, and where it stands."""

    href: str
    title: str
    site: str
    sentence: str


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the timeline, an event or an article."""

    when: str
    lang: str
    text: Paragraph
    title: Paragraph = ()
    href: str = ""
    meta: str = ""
    badges: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()


class Group(msgspec.Struct, frozen=True):
    """The rows of one year or month."""

    label: str
    rows: tuple[Row, ...]


class Chip(msgspec.Struct, frozen=True):
    """An entity that can be filtered by."""

    name: str
    articles: int
    href: str


class ChartBar(msgspec.Struct, frozen=True):
    """One bar of the chart, what it means and where it leads."""

    bar: Bar
    label: str
    href: str


class TimelinePage(msgspec.Struct, frozen=True, kw_only=True):
    """All that the template of the timeline shows; `about` leads to whom it is filtered by."""

    asked: Asked
    error: str
    chips: tuple[Chip, ...]
    bars: tuple[ChartBar, ...]
    chart_width: int
    chart_height: int
    summary: str
    groups: tuple[Group, ...]
    older: str
    more: str
    is_empty_store: bool
    meant: str = ""
    about: str = ""


def build_timeline(store: Reader, config: Config, asked: Asked, *, now: datetime) -> TimelinePage:
    """Return the timeline page that answers; what is wrong with a query stands in `error`."""
    entities = store.most_named(limit=CHIPS)
    try:
        query = read_query(asked.q, store.saved_queries(), config.entities)
    except QueryError as error:
        return _page(asked, entities, error=str(error))
    zone = ZoneInfo(config.affair.timezone)
    relevant = RELEVANT if isinstance(query, Everything) else And((RELEVANT, query))
    bars = _chart(store, relevant, asked, now)
    if asked.by == "published":
        page = _published(store, relevant, asked, zone, now, entities, bars)
    else:
        page = _events(store, query, asked, now, entities, bars)
    if isinstance(query, Has) and query.facet is Facet.ENTITY:
        about = entity_address(query.value, asked.language)
        page = msgspec.structs.replace(page, about=about)
    if page.groups:
        return page
    meant = suggest(store, config.entities, asked.q, 0, now=now)
    return msgspec.structs.replace(page, meant=meant)


def _page(asked: Asked, entities: Sequence[NamedEntity], **shown: Any) -> TimelinePage:
    bars: tuple[ChartBar, ...] = shown.get("bars", ())
    defaults: dict[str, Any] = {
        "error": "",
        "bars": (),
        "chart_width": len(bars) * BAR_WIDTH,
        "chart_height": HEIGHT + 2,
        "summary": "",
        "groups": (),
        "older": "",
        "more": "",
        "is_empty_store": not entities and not bars and not asked.q,
    }
    chips = tuple(_chip(entity, asked) for entity in entities)
    return TimelinePage(asked=asked, chips=chips, **(defaults | shown))


def _chip(entity: NamedEntity, asked: Asked) -> Chip:
    query = f'entity:"{entity.name.replace(chr(34), " ")}"'
    return Chip(entity.name, entity.articles, asked.address(q=query))


def _chart(store: Reader, query: Query, asked: Asked, now: datetime) -> tuple[ChartBar, ...]:
    """Return the bars of the articles that answer."""
    return tuple(
        ChartBar(
            bar,
            f"{_spell_period(bar.period, asked.language)} ({bar.articles})",
            asked.address(q=f"{asked.q} date:{bar.period}".strip(), by="published"),
        )
        for bar in draw_bars(store.months(query, now=now))
    )


def _spell_period(period: str, language: str) -> str:
    return spell_month(first_day(period), language) if "-" in period else period


def _events(
    store: Reader,
    query: Query,
    asked: Asked,
    now: datetime,
    entities: Sequence[NamedEntity],
    bars: tuple[ChartBar, ...],
) -> TimelinePage:
    events = store.events(query, now=now, limit=asked.events)
    rows = [(f"{event.date.year}", _event_row(event, asked.language)) for event in events]
    summary = count_noun(len(events), "event", asked.language)
    more = ""
    if len(events) == asked.events:
        summary += f" ({say('weightiest', asked.language)})"
        more = asked.address(events=MANY_EVENTS) if asked.events < MANY_EVENTS else ""
    return _page(asked, entities, bars=bars, groups=_grouped(rows), summary=summary, more=more)


def _event_row(event: Event, language: str) -> Row:
    badges: tuple[str, ...] = (say("inferred", language),) if event.inferred else ()
    otherwise = (
        f"{say('dated_otherwise', language)} {spell_date(o.date, o.to, o.precision, language)}"
        for o in event.others
        if o.conflicting
    )
    badges += tuple(dict.fromkeys(otherwise))
    return Row(
        when=spell_date(event.date, event.to, event.precision, language),
        lang=event.lang,
        text=mark_found(event.text, ()),
        meta=count_noun(event.independent_sources, "independent_source", language),
        badges=badges,
        sources=tuple(_source(citation, language) for citation in event.citations),
    )


def _source(citation: Citation, language: str) -> Source:
    place = f"at={citation.start}-{citation.end}&lang={language}#said"
    return Source(
        href=f"/article/{citation.article}?{place}",
        title=citation.title or say("untitled", language),
        site=spell_host(citation.site) or say("imported", language),
        sentence=citation.sentence,
    )


def _published(
    store: Reader,
    query: Query,
    asked: Asked,
    zone: ZoneInfo,
    now: datetime,
    entities: Sequence[NamedEntity],
    bars: tuple[ChartBar, ...],
) -> TimelinePage:
    found = store.timeline(query, now=now, limit=PAGE, before=asked.before)
    rows = [
        (_spell_period(f"{_day(hit, zone):%Y-%m}", asked.language), _hit_row(hit, asked, zone))
        for hit in found.hits
    ]
    older = "" if found.before is None else asked.address(before=found.before)
    return _page(
        asked,
        entities,
        bars=bars,
        groups=_grouped(rows),
        summary=count_noun(found.total, "article", asked.language),
        older=older,
    )


def _day(hit: Hit, zone: ZoneInfo) -> date:
    """Return the local day under which an article stands."""
    is_dated = hit.published_at is not None and not hit.dated_in_future
    at = hit.published_at if is_dated else hit.first_seen_at
    return (at or hit.first_seen_at).astimezone(zone).date()


def _hit_row(hit: Hit, asked: Asked, zone: ZoneInfo) -> Row:
    day = spell_plain_day(_day(hit, zone), asked.language)
    is_undated = hit.published_at is None
    return Row(
        when=f"{say('undated', asked.language)} {day}" if is_undated else day,
        lang=hit.lang,
        title=mark_found(hit.title or say("untitled", asked.language), hit.title_marks),
        text=_with_ellipses(mark_found(hit.snippet, hit.marks)),
        href=f"/article/{hit.article}?lang={asked.language}",
        meta=spell_host(hit.site) or say("imported", asked.language),
        badges=hit_badges(hit, asked.language, zone),
    )


def _with_ellipses(snippet: Paragraph) -> Paragraph:
    """Return a snippet that shows where it was cut out of its text."""
    if not snippet:
        return snippet
    before = (Segment("… "),) if snippet[0].text[:1].islower() else ()
    after = () if snippet[-1].text.rstrip()[-1:] in SENTENCE_ENDS else (Segment(" …"),)
    return (*before, *snippet, *after)


def hit_badges(hit: Hit, language: str, zone: ZoneInfo) -> tuple[str, ...]:
    """Return what a reader should know of an article before reading it."""
    badges = {
        "future": hit.dated_in_future,
        "changed": hit.versions > 1,
        "older_version": hit.version is not None,
        "truncated": hit.access is Access.TRUNCATED,
        "subscribers": hit.access is Access.SUBSCRIBERS,
    }
    said = tuple(say(key, language) for key, is_so in badges.items() if is_so)
    return said + tell_absence(hit.present_at, hit.absent_since, language, zone)


def tell_absence(
    present_at: datetime | None, absent_since: datetime | None, language: str, zone: ZoneInfo
) -> tuple[str, ...]:
    """Return when an article was last seen and since when it is absent, if it is."""
    if absent_since is None:
        return ()
    present = None if present_at is None else present_at.astimezone(zone)
    return (spell_absence(present, absent_since.astimezone(zone), language),)


def _grouped(rows: Iterable[tuple[str, Row]]) -> tuple[Group, ...]:
    return tuple(
        Group(label, tuple(row for _, row in together))
        for label, together in groupby(rows, key=lambda pair: pair[0])
    )
