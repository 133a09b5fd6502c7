"""What happened when: dated sentences out of articles, and events out of dated sentences.

An event's words are always one of its sources' own. Cost grows with the days touched:
`build_events` needs the sentences that name those days and a `Centre` of counts, never history.
Conflicting dates stay apart; nothing here decides which is right.
"""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from math import log1p

import msgspec

from model.event import Citation, DatedSentence, Event
from model.fold import fold
from model.mention import DateMention, Mention, Precision
from nlp.centre import Centre, names_of, stems_of
from nlp.clarity import MAX_CHARS, clarity, features, is_whole, lag, likeness

LEADS = 2
"""So many sentences at the head of an article tell of the day it was published on."""

JOIN = 0.2
"""Two sentences on one day tell of one event when so much of the shorter is shared."""

NAMES_WEIGH = 0.4
"""Half of what one names is enough to join it, which is all two languages can share."""

MOST_COMPARED = 80
"""Sentences of one day that are compared each with each; the rest join by their nearest."""

A_MONTH = 30
"""An event still told of after so many days is one that mattered."""


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


# Events


def build_events(
    sentences: Sequence[DatedSentence], centre: Centre, *, languages: Sequence[str] = ("fr", "en")
) -> tuple[Event, ...]:
    """Return the events these sentences tell, in the order of their dates.

    Give it all sentences that date something to the touched days, months or years; `centre`
    counts the whole affair's articles. Of clear sentences, one in the first of the affair's
    `languages` is preferred to tell the event.
    """
    by_date: dict[tuple[date, date, Precision], list[DatedSentence]] = {}
    for one in sentences:
        by_date.setdefault((one.from_on, one.to_on, one.precision), []).append(one)
    events = [
        event for group in by_date.values() for event in _events_on(group, centre, languages[0])
    ]
    return tuple(sorted(events, key=lambda event: (event.date, event.to, -event.score, event.text)))


def _events_on(group: Sequence[DatedSentence], centre: Centre, first_language: str) -> list[Event]:
    """Return the events of one date, the most told first."""
    told = _tell_apart(_without_repeats(group), centre)
    supports = [_support(cluster, centre) for cluster in told]
    order = sorted(range(len(told)), key=lambda index: -supports[index])
    return [
        _event(
            told[index],
            _score(told[index], supports[index], centre, rank, group),
            max(told[index], key=lambda one: clarity(one, told[index], centre, first_language)),
        )
        for rank, index in enumerate(order)
    ]


def _without_repeats(group: Sequence[DatedSentence]) -> list[DatedSentence]:
    """Return the sentences, those dated by their own words first, each wording of a source once."""
    kept: dict[tuple[int, str], DatedSentence] = {}
    for one in sorted(group, key=_order):
        kept.setdefault((one.copy_group, fold(one.sentence).strip(" .")), one)
    return list(kept.values())


def _order(one: DatedSentence) -> tuple[bool, bool, str, int, int]:
    at = one.published_at
    return (one.inferred, at is None, at.isoformat() if at else "", one.article, one.position)


def _tell_apart(sentences: Sequence[DatedSentence], centre: Centre) -> list[list[DatedSentence]]:
    """Join the sentences that share enough, in words or in names, with what was told before."""
    clusters: list[list[DatedSentence]] = []
    told: dict[str, set[int]] = {}
    for one in sentences:
        said = features(one)
        shares = _shares(said, told, centre)
        for number, share in _shares(_names(one), told, centre).items():
            shares[number] = max(shares[number], NAMES_WEIGH * share)
        best = max(shares, key=lambda number: (shares[number], -number), default=None)
        if best is None or shares[best] < JOIN:
            best = len(clusters)
            clusters.append([])
        clusters[best].append(one)
        for stem in said:
            told.setdefault(stem, set()).add(best)
    return clusters


def _names(one: DatedSentence) -> frozenset[str]:
    """Return what a sentence names in either language: capitalised words, entities, numbers."""
    numbers = (stem for stem in stems_of(one.sentence) if stem[0].isdigit())
    return names_of(one.sentence).union(numbers, (f"={name}" for name in one.entities))


def _shares(
    said: frozenset[str], told: Mapping[str, set[int]], centre: Centre
) -> defaultdict[int, float]:
    """Return how much of what is said each cluster told before, rare words counting more."""
    shares: defaultdict[int, float] = defaultdict(float)
    weights = {stem: centre.rarity(stem) for stem in said}
    whole = sum(weights.values())
    for stem, weight in sorted(weights.items()):
        for number in told.get(stem, ()):
            shares[number] += weight / whole
    return shares


def _weight(one: DatedSentence) -> float:
    """Return what a sentence adds: more when it still tells of the day long after."""
    if one.inferred:
        return 0.3
    return 1 + log1p(max(0, lag(one) - 1))


def _support(cluster: Sequence[DatedSentence], centre: Centre) -> float:
    """Return the most any one sentence is backed by the others, sources that copy counted once."""
    compared = cluster[:MOST_COMPARED]
    return max(_backing(one, compared, centre) for one in compared)


def _backing(one: DatedSentence, others: Sequence[DatedSentence], centre: Centre) -> float:
    by_source: dict[int, float] = {}
    for other in others:
        alike = 1.0 if other is one else min(1.0, 2.5 * likeness(one, other, centre))
        backing = alike * _weight(other)
        by_source[other.copy_group] = max(by_source.get(other.copy_group, 0.0), backing)
    return sum(by_source.values()) * (0.3**0.5 if one.inferred else 1.0)


_PRECISION_WEIGHTS = {
    Precision.DAY: 1.0,
    Precision.INTERVAL: 0.5,
    Precision.MONTH: 0.4,
    Precision.SEASON: 0.3,
    Precision.QUARTER: 0.3,
    Precision.YEAR: 0.25,
}


def _score(
    cluster: Sequence[DatedSentence],
    support: float,
    centre: Centre,
    rank: int,
    day: Sequence[DatedSentence],
) -> float:
    """Order events by how many independent sources tell them and how they tell them.

    The weights are round numbers near the average of the best of 4,000 random ones on the six
    development timelines, so they flatter those: weights averaged the same way with one topic
    left out reach .43 on English and .25 on French topics, against .48 and .30 with all six.
    """
    told = day if rank == 0 else cluster
    on = cluster[0].from_on
    central = sum(max(values) for values in _centrality_by_source(told, centre).values())
    recalling = {one.copy_group for one in told if lag(one) > A_MONTH}
    leading = {one.copy_group for one in told if one.inferred}
    score = (
        log1p(support) + log1p(central) + 0.5 * log1p(len(recalling)) + 0.5 * log1p(len(leading))
    )
    if rank == 0 and cluster[0].precision is Precision.DAY:
        score += 0.5 * log1p(centre.published_by(on)) - 0.4 * log1p(centre.beside(on))
    score -= 0.75 * log1p(_days_before_opening(on, centre) / 30)
    return max(0.01, score) * _PRECISION_WEIGHTS[cluster[0].precision] * (0.5 if rank else 1.0)


def _centrality_by_source(
    sentences: Sequence[DatedSentence], centre: Centre
) -> dict[int, list[float]]:
    values: dict[int, list[float]] = {}
    for one in sentences:
        if not one.inferred:
            values.setdefault(one.copy_group, []).append(centre.centrality(one))
    return values


def _days_before_opening(on: date, centre: Centre) -> int:
    opening = centre.opening()
    return max(0, (opening - on).days) if opening else 0


def _event(cluster: Sequence[DatedSentence], score: float, best: DatedSentence) -> Event:
    entities = Counter(name for one in cluster for name in one.entities)
    return Event(
        date=best.from_on,
        to=best.to_on,
        precision=best.precision,
        text=best.sentence,
        lang=best.lang,
        independent_sources=len({one.copy_group for one in cluster}),
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
