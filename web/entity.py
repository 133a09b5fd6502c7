"""The page of one entity, and the list of those who are named most.

It writes no HTML, and reads nothing: what it shows was gathered before.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from urllib.parse import urlencode

import msgspec

from model.hosts import spell_host
from model.phrases import say, spell_plain_day
from model.plurals import count_noun
from store.entities.decided import Decision, DecisionKind
from store.entities.told import JoiningReport, NamedEntity, NameReport, QuoteReport
from store.records import Hit
from web.charts import BAR_WIDTH, HEIGHT
from web.entity_facts import EntityFacts, Week

MOST_WEEKS = 104
"""So many weeks, the last ones, are drawn: more would be narrower than a hair on a telephone."""

WEEK = timedelta(days=7)


class Line(msgspec.Struct, frozen=True):
    """A line of a table: what, and which; `href` leads to another page of this site."""

    label: str
    text: str
    href: str = ""
    lang: str = ""
    note: str = ""


class Table(msgspec.Struct, frozen=True):
    """A table with its heading."""

    label: str
    lines: tuple[Line, ...]


class WeekBar(msgspec.Struct, frozen=True):
    """One bar of the chart, what it means and where it leads."""

    x: int
    height: int
    day: str
    label: str
    href: str


class EntityPage(msgspec.Struct, frozen=True, kw_only=True):
    """All that the template of an entity shows."""

    name: str
    elsewhere: str
    summary: str
    articles_href: str
    events_href: str
    bars: tuple[WeekBar, ...]
    chart_label: str
    chart_width: int
    chart_height: int
    ends: Table
    names: Table
    beside: tuple[Line, ...]
    quotes: tuple[Line, ...]
    newest: Table
    decided: Table


def entity_address(name: str, language: str) -> str:
    """Return the address of the page of whoever goes by a name."""
    return "/entity?" + urlencode({"name": name, "lang": language})


def _query_address(query: str, by: str, language: str) -> str:
    return "/?" + urlencode({"q": query, "by": by, "lang": language})


def _other(language: str) -> str:
    return "fr" if language == "en" else "en"


def build_entity(facts: EntityFacts, asked: str, language: str) -> EntityPage:
    """Return the page of one entity, which was asked for by a name."""
    told = facts.told
    wording = _Wording(language)
    query = f'entity:"{told.name.replace(chr(34), " ")}"'
    bars = wording.bars(facts.weeks, query)
    return EntityPage(
        name=told.name,
        elsewhere=entity_address(asked, _other(language)),
        summary=wording.summary(facts),
        articles_href=_query_address(query, "published", language),
        events_href=_query_address(query, "event", language),
        bars=bars,
        chart_label=wording.chart_label(facts.weeks, len(bars)),
        chart_width=len(bars) * BAR_WIDTH,
        chart_height=HEIGHT + 2,
        ends=wording.table("mentions_first_last", wording.ends(facts)),
        names=wording.table("goes_by", map(wording.name, told.names)),
        beside=tuple(
            Line(one.label, str(one.articles), entity_address(one.label, language))
            for one in facts.beside
        ),
        quotes=tuple(map(wording.quote, told.quotes)),
        newest=wording.table("newest_articles", map(wording.hit, facts.newest)),
        decided=wording.table("decided", map(wording.decision, told.decisions)),
    )


class _Wording:
    """Facts spelt in one language."""

    def __init__(self, language: str) -> None:
        self._language = language

    def _say(self, key: str) -> str:
        return say(key, self._language)

    def _day(self, day: date) -> str:
        return spell_plain_day(day, self._language)

    def summary(self, facts: EntityFacts) -> str:
        told = facts.told
        parts = (
            self._say(f"kind_{told.kind}"),
            self._say("legend_listed") if told.is_watched else "",
            count_noun(told.articles, "article", self._language),
        )
        return " — ".join(part for part in parts if part)

    def bars(self, weeks: Sequence[Week], query: str) -> tuple[WeekBar, ...]:
        """Return a bar for each week up to the last, also for those without any."""
        if not weeks[1:]:
            return ()
        counts = {week.starts_on: week.articles for week in weeks}
        first, last = weeks[0].starts_on, weeks[-1].starts_on
        first = max(first, last - (MOST_WEEKS - 1) * WEEK)
        mondays = [first + number * WEEK for number in range((last - first) // WEEK + 1)]
        most = max(counts.get(monday, 0) for monday in mondays)
        return tuple(
            self._bar(place, monday, counts, most, query) for place, monday in enumerate(mondays)
        )

    def _bar(
        self, place: int, monday: date, counts: Mapping[date, int], most: int, query: str
    ) -> WeekBar:
        articles = counts.get(monday, 0)
        year, week, _ = monday.isocalendar()
        asked = f"{query} date:{year:04}-W{week:02}"
        return WeekBar(
            x=place * BAR_WIDTH,
            height=max(2, round(HEIGHT * articles / most)) if articles else 0,
            day=self._day(monday),
            label=f"{self._say('week_of')} {self._day(monday)} ({articles})",
            href=_query_address(asked, "published", self._language),
        )

    def chart_label(self, weeks: Sequence[Week], shown: int) -> str:
        label = self._say("per_week")
        if weeks and (weeks[-1].starts_on - weeks[0].starts_on) // WEEK >= shown > 0:
            label += f" ({self._say('last_weeks')})"
        return label

    def quote(self, quote: QuoteReport) -> Line:
        place = urlencode({"at": f"{quote.start}-{quote.end}", "lang": self._language})
        site = spell_host(quote.site) or self._say("imported")
        return Line(
            label=f"{self._day(quote.on)}, {site}",
            text=quote.words,
            href=f"/article/{quote.article}?{place}#said",
            lang=quote.lang,
            note=quote.title or self._say("untitled"),
        )

    def table(self, key: str, lines: Iterable[Line]) -> Table:
        return Table(self._say(key), tuple(lines))

    def ends(self, facts: EntityFacts) -> tuple[Line, ...]:
        ends = ((facts.first_on, facts.first), (facts.last_on, facts.last))
        return tuple(self._hit_on(self._day(on), hit) for on, hit in ends if on and hit)

    def hit(self, hit: Hit) -> Line:
        at = hit.first_seen_at if hit.dated_in_future else hit.published_at or hit.first_seen_at
        return self._hit_on(self._day(at.date()), hit)

    def _hit_on(self, day: str, hit: Hit) -> Line:
        title = hit.title or self._say("untitled")
        site = spell_host(hit.site) or self._say("imported")
        href = f"/article/{hit.article}?lang={self._language}"
        return Line(f"{day}, {site}", title, href, hit.lang)

    def name(self, name: NameReport) -> Line:
        articles = count_noun(name.articles, "article", self._language) if name.articles else ""
        why = say_why(name, self._language)
        return Line(name.name, f"{why} — {articles}" if articles else why)

    def decision(self, one: Decision) -> Line:
        names = {"name": one.name, "other": one.other, "was": one.was, "article": one.article}
        key = f"decided_{one.kind}"
        if one.kind is DecisionKind.SPLIT and one.article is not None:
            key += "_there"
        told = self._say(key).format_map(names)
        return Line(f"{self._say('number')} {one.id}, {self._day(one.made_at.date())}", told)


REASONS = {
    "same name": "why_same",
    "not known yet": "why_same",
    "known alias": "why_alias",
    "name known from another text": "why_learned",
    "surname of the only one": "why_surname",
    "full name of a known surname": "why_full_name",
    "initial of the first name": "why_initial",
    "acronym of the long name": "why_acronym",
    "long name of a known acronym": "why_long_name",
    "told in brackets": "why_bracketed",
    "translation of the name": "why_translation",
    "other transcription of the name": "why_transcription",
    "could be several": "why_ambiguous",
    "too little speaks for it": "why_unsure",
    "decided": "why_decided",
    "watch list": "why_watched",
}
"""The phrase for each reason of `nlp.names.joining`, and for what the store adds."""


def say_why(joined: NameReport | JoiningReport, language: str) -> str:
    """Return why a name means an entity, with what doubt, and who else it could be."""
    known = REASONS.get(joined.why)
    why = say(known, language) if known else joined.why
    called = joined.name if isinstance(joined, NameReport) else joined.called
    if joined.via and joined.via != called:
        why += f"{' ' if language == 'fr' else ''}: {joined.via}"
    if joined.decision is not None:
        why += f" ({say('number', language)} {joined.decision})"
    doubt = say("doubtful", language) if joined.doubt else ""
    could = f"{say('could_be', language)} {', '.join(joined.could_be)}" if joined.could_be else ""
    return " — ".join(part for part in (why, doubt, could) if part)


class ChoicePage(msgspec.Struct, frozen=True, kw_only=True):
    """Several entities, each leading to its page: who goes by a name, or who is named most."""

    title: str
    elsewhere: str
    table: Table


def build_choice(name: str, found: Sequence[NamedEntity], language: str) -> ChoicePage:
    """Return the page that asks which of several is meant."""
    lines = tuple(_named(one, f"#{one.id}", language) for one in found)
    return ChoicePage(
        title=name,
        elsewhere=entity_address(name, _other(language)),
        table=Table(say("which_one", language), lines),
    )


def _named(one: NamedEntity, asked: str, language: str) -> Line:
    articles = count_noun(one.articles, "article", language)
    told = f"{say(f'kind_{one.kind}', language)} — {articles}"
    return Line(one.name, told, entity_address(asked, language))


def build_entities(named: Sequence[NamedEntity], language: str) -> ChoicePage:
    """Return the page of those who are named most."""
    lines = tuple(_named(one, one.name, language) for one in named)
    return ChoicePage(
        title=say("named", language),
        elsewhere=f"/entities?lang={_other(language)}",
        table=Table(say("most_named", language), lines),
    )
