"""What happened when: dated sentences out of articles, and events out of dated sentences.

An event's words are always one of its sources' own, and no sentence stands for two events of one
date. Cost grows with the days touched:
`build_events` needs the sentences that name those days and a `Centre` of counts, never history.
Conflicting dates stay apart; nothing here decides which is right.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

import msgspec

from model.event import Citation, DatedSentence, Event
from model.mention import DateMention, Mention, Precision
from nlp.events.centre import Centre
from nlp.events.clarity import MAX_CHARS, clearest, is_whole, says
from nlp.events.importance import first_published, importance, independent_sources, support
from nlp.events.telling import Meaning, join_languages, tell_apart, wording

LEADS = 2
"""So many sentences at the head of an article tell of the day it was published on."""


class ArticleFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a dated sentence carries of its article; `published_on` is in the affair's time zone."""

    article: int
    url: str
    title: str = ""
    site: str = ""
    lang: str = ""
    published_at: datetime | None = None
    published_on: date | None = None
    copy_group: int = 0


def dated_sentences(
    facts: ArticleFacts,
    text: str,
    sentences: Sequence[tuple[int, int]],
    dates: Sequence[DateMention],
    mentions: Sequence[Mention] = (),
) -> tuple[DatedSentence, ...]:
    """Return the sentences of one article that date something, once for each date they name.

    The first sentences that name no day are given the day of publication, marked inferred.
    """
    starts = [start for start, _ in sentences]
    named = _by_sentence(starts, mentions)
    found: dict[int, list[DateMention]] = {}
    for mention in dates:
        if not is_stamp(text, mention):
            found.setdefault(_place(starts, mention.start), []).append(mention)
    dated = [
        _dated(facts, text, sentences, index, mention, named)
        for index, group in sorted(found.items())
        for mention in _distinct(group)
        if index >= 0 and not _is_part_of(mention, group)
    ]
    dated += _leads(facts, text, sentences, found, named)
    return tuple(one for one in dated if one.end - one.start <= 3 * MAX_CHARS)


_CLOCK = re.compile(r"[\s,|]{1,3}(?:à |at )?\d{1,2}\s?(?:h\s?\d\d|:\d\d|[ap]\.?m\b)")
_PUBLISHED = re.compile(
    r"(?:publiée?|posté|mis(?:e)? (?:à jour|en ligne)|modifié|posted|published|updated|created)"
    r"[\s:]*(?:le |on |:)?\s*\Z",
    re.IGNORECASE,
)


def is_stamp(text: str, mention: DateMention) -> bool:
    """Say whether a date only stamps a page or a comment: "Publié le …", "10 August 2011 11:12"."""
    if _PUBLISHED.search(text, max(0, mention.start - 25), mention.start):
        return True
    written = mention.precision is Precision.DAY and any(map(str.isdigit, mention.text))
    return written and _CLOCK.match(text, mention.end) is not None and not mention.basis


def _place(starts: Sequence[int], offset: int) -> int:
    return bisect_right(starts, offset) - 1


def _by_sentence(starts: Sequence[int], mentions: Sequence[Mention]) -> dict[int, set[str]]:
    named: dict[int, set[str]] = {}
    for mention in mentions:
        if mention.by == "list":
            named.setdefault(_place(starts, mention.start), set()).add(mention.entity)
    return named


def _distinct(group: Sequence[DateMention]) -> Iterable[DateMention]:
    return {(mention.from_on, mention.to_on): mention for mention in reversed(group)}.values()


def _is_part_of(mention: DateMention, group: Sequence[DateMention]) -> bool:
    """Say whether a month or year only frames a day that the same sentence names in it."""
    return mention.precision is not Precision.DAY and any(
        other.precision is Precision.DAY and mention.from_on <= other.from_on <= mention.to_on
        for other in group
    )


def _dated(
    facts: ArticleFacts,
    text: str,
    sentences: Sequence[tuple[int, int]],
    index: int,
    mention: DateMention,
    named: dict[int, set[str]],
) -> DatedSentence:
    start, end = sentences[index]
    return DatedSentence(
        article=facts.article,
        url=facts.url,
        title=facts.title,
        site=facts.site,
        lang=facts.lang,
        published_at=facts.published_at,
        copy_group=facts.copy_group or facts.article,
        sentence=text[start:end],
        start=start,
        end=end,
        position=index,
        from_on=mention.from_on,
        to_on=mention.to_on,
        precision=mention.precision,
        inferred=mention.inferred,
        entities=tuple(sorted(named.get(index, ()))),
    )


def _leads(
    facts: ArticleFacts,
    text: str,
    sentences: Sequence[tuple[int, int]],
    found: dict[int, list[DateMention]],
    named: dict[int, set[str]],
) -> list[DatedSentence]:
    """Return the opening sentences that name no day, dated to the day of publication."""
    on = facts.published_on
    if on is None:
        return []
    implied = DateMention(
        start=0, end=0, text="", from_on=on, to_on=on, precision=Precision.DAY, inferred=True
    )
    whole = [
        index for index in range(min(len(sentences), 2 * LEADS)) if is_whole(text, sentences[index])
    ]
    return [
        _dated(facts, text, sentences, index, implied, named)
        for index in whole[:LEADS]
        if index not in found
    ]


def build_events(
    sentences: Sequence[DatedSentence],
    centre: Centre,
    *,
    languages: Sequence[str] = ("fr", "en"),
    meaning: Meaning | None = None,
) -> tuple[Event, ...]:
    """Return the events these sentences tell, in the order of their dates.

    Give it all sentences that date something to the touched days, months or years; `centre`
    counts the whole affair's articles. Of clear sentences, one in the first of the affair's
    `languages` is preferred to tell the event. `meaning`, where given, joins two languages.
    """
    by_date: dict[tuple[date, date], list[DatedSentence]] = {}
    for one in sentences:
        by_date.setdefault((one.from_on, one.to_on), []).append(one)
    events = [
        event
        for group in by_date.values()
        for event in _events_on(group, centre, languages[0], meaning)
    ]
    return tuple(sorted(events, key=lambda event: (event.date, event.to, -event.score, event.text)))


def _events_on(
    group: Sequence[DatedSentence], centre: Centre, first_language: str, meaning: Meaning | None
) -> list[Event]:
    """Return the events of one date, the most told first."""
    group = sorted(group, key=_order)
    sources = independent_sources(group)
    apart = tell_apart(_without_repeats(group), centre, by_names=meaning is None)
    told = [each for each in join_languages(apart, meaning) if any(map(says, each))]
    supports = [support(cluster, centre, sources) for cluster in told]
    order = sorted(range(len(told)), key=lambda index: -supports[index])
    return [
        _event(
            told[index],
            importance(told[index] if rank else group, supports[index], centre, sources, rank),
            clearest(told[index], centre, first_language),
            sources,
        )
        for rank, index in enumerate(order)
    ]


def _without_repeats(group: Sequence[DatedSentence]) -> list[DatedSentence]:
    """Return the sentences with each wording of a copy group once, in the same order."""
    kept: dict[tuple[int, str], DatedSentence] = {}
    for one in group:
        kept.setdefault((one.copy_group, wording(one)), one)
    return list(kept.values())


def _order(one: DatedSentence) -> tuple[bool, bool, str, int, int]:
    return (one.inferred, *first_published(one), one.position)


def _event(
    cluster: Sequence[DatedSentence],
    score: float,
    best: DatedSentence,
    sources: Mapping[int, str],
) -> Event:
    entities = Counter(name for one in cluster for name in one.entities)
    return Event(
        date=best.from_on,
        to=best.to_on,
        precision=best.precision,
        text=best.sentence,
        lang=best.lang,
        independent_sources=len({sources[one.copy_group] for one in cluster}),
        score=round(score, 4),
        inferred=all(one.inferred for one in cluster),
        entities=tuple(name for name, _ in entities.most_common()),
        citations=tuple(_citation(one) for one in sorted(cluster, key=_order)),
    )


def _citation(one: DatedSentence) -> Citation:
    return Citation(
        article=one.article,
        url=one.url,
        title=one.title,
        site=one.site,
        published_at=one.published_at,
        sentence=one.sentence,
        start=one.start,
        end=one.end,
    )
