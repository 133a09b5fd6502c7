"""Which articles tell of one development, and with whom a story began.

Articles join by what they say and whom and when they name, near in time, in either language,
never by their title alone. Nothing here is final: a story is a proposal that people may undo.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from math import log

import msgspec
import numpy as np

from model.fold import fold
from model.story import Credit, OriginBy, Story, StoryMember
from nlp.events.centre import stems_of
from nlp.vectors import Vectors

NEAR_DAYS = 10
"""Nothing published for so many days ends a development."""

JOIN = 0.9
WORDS, DAYS, FADE = 0.6, 0.3, 0.2
"""What shared words and shared days add to the likeness of two leads, and what ten days take."""
NEAREST = 0.3
"""The part of the nearest article in how near a story is; the rest is the mean of its articles,
or one story would take in the next, article by article."""
OTHER_LANGUAGE = 1.5
"""Words shared across languages count more: names, numbers, common roots are all there is."""
LEAD_CHARS = 700


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """An article as stories are made: its vector, the words of its lead, the days it names.

    `story` is the story it is in; None for one that is new or was taken out by hand. `copies` are
    the articles whose text it repeats.
    """

    article: int
    published_at: datetime
    vector: Vectors
    words: frozenset[str] = frozenset()
    days: frozenset[date] = frozenset()
    story: int | None = None
    lang: str = ""
    copies: frozenset[int] = frozenset()


def lead_words(title: str, text: str) -> frozenset[str]:
    """Return the words an article opens with that mean something, by their beginnings.

    None where there is only a title: no article joins a story by that alone.
    """
    return stems_of(f"{title} {text[:LEAD_CHARS]}") if text.strip() else frozenset()


def join(article: Told, candidates: Iterable[Told]) -> int | None:
    """Return the story the article goes on telling; None when it opens one.

    Give it the articles published within ten days of it that are nearest in meaning. Words and
    days that most of them share say little.
    """
    if not article.words:
        return None
    near = [other for other in candidates if other.article != article.article]
    rarity = _Rarity([article, *near])
    by_story: dict[int, list[float]] = {}
    for other in near:
        if other.story is not None:
            by_story.setdefault(other.story, []).append(nearness(article, other, rarity))
    scores = {story: _of_story(values) for story, values in by_story.items()}
    best = max(scores, key=lambda story: (scores[story], -story), default=None)
    return best if best is not None and scores[best] >= JOIN else None


def _of_story(values: Sequence[float]) -> float:
    if max(values) >= REPEATED:
        return REPEATED
    return NEAREST * max(values) + (1 - NEAREST) * sum(values) / len(values)


REPEATED = 9.0
"""How near an article is to one whose text it repeats: nearer than any other may be."""


class _Rarity:
    """How much sharing a word or a day says among articles of the same days."""

    def __init__(self, told: Sequence[Told]) -> None:
        self._articles = len(told)
        self._counts: Counter[object] = Counter()
        for one in told:
            self._counts.update(one.words)
            self._counts.update(one.days)

    def share(self, first: frozenset[str | date], second: frozenset[str | date]) -> float:
        """Return how much of the lesser of two sets both hold, what is rare counting more."""
        least = min(self._weight(first), self._weight(second))
        return self._weight(first & second) / least if least > 0 else 0.0

    def _weight(self, keys: frozenset[str | date]) -> float:
        return sum(log((self._articles + 2) / (1 + self._counts[key])) for key in keys)


def nearness(first: Told, second: Told, rarity: _Rarity) -> float:
    """Return how surely two articles tell of one development."""
    if second.article in first.copies or first.article in second.copies:
        return REPEATED
    apart = abs((first.published_at - second.published_at).total_seconds()) / 86_400
    if apart > NEAR_DAYS or not second.words:
        return 0.0
    likeness = float(np.dot(first.vector, second.vector))
    is_other = bool(first.lang and second.lang and first.lang[:2] != second.lang[:2])
    words = rarity.share(first.words, second.words) * (OTHER_LANGUAGE if is_other else 1)
    days = rarity.share(first.days, second.days)
    return likeness + WORDS * words + DAYS * days - FADE * apart / NEAR_DAYS


def find_origin(
    articles: Mapping[int, datetime | None],
    copies: Iterable[tuple[int, int]],
    credits: Iterable[tuple[int, int]] = (),
) -> int | None:
    """Return the article a story began with: the earliest that copies none and others rest on.

    `articles` gives each one's publication; `copies` are pairs (who repeats, whom), `credits`
    (who credits, whom). None when nobody rests on anybody, or when two are as early.
    """
    pairs = list(copies)
    copying = {article for article, of in pairs if of in articles}
    rested_on = {of for _, of in [*pairs, *credits] if of in articles and of not in copying}
    dated = sorted((at, article) for article in rested_on if (at := articles[article]) is not None)
    if not dated or len(dated) < len(rested_on):
        return None
    if len(dated) > 1 and dated[0][0] == dated[1][0]:
        return None
    return dated[0][1]


# What sums a story up


def sum_up(
    story_id: int,
    members: Sequence[StoryMember],
    copies: Sequence[tuple[int, int]],
    credits: Sequence[Credit],
) -> Story:
    """Return a story as its articles tell it, the earliest first: who began, who rests on whom.

    Without articles it has none of this.
    """
    if not members:
        never = datetime.min.replace(tzinfo=UTC)
        return Story(id=story_id, title="", first_at=never, last_at=never, articles=(),
                     independent_sources=0)  # fmt: skip
    credits = _resolve(members, _believed(credits))
    credited = [(one.article, one.of) for one in credits if one.of is not None]
    origin = find_origin({one.article: one.published_at for one in members}, copies, credited)
    titled = next((one for one in members if one.article == origin), members[0])
    return Story(
        id=story_id,
        title=titled.title,
        first_at=members[0].at,
        last_at=members[-1].at,
        articles=tuple(one.article for one in members),
        independent_sources=count_independent(members),
        origin=origin,
        origin_by=_known_by(origin, copies),
        origin_name=_credited_elsewhere(members, credits),
        carriers=len({one.site for one in members}),
        credits=credits,
    )


def _known_by(origin: int | None, copies: Sequence[tuple[int, int]]) -> OriginBy:
    if origin is None:
        return OriginBy.UNKNOWN
    return OriginBy.REPEATED if any(of == origin for _, of in copies) else OriginBy.CREDITED


def count_independent(members: Sequence[StoryMember]) -> int:
    """Return how many sources tell a story: copies of a text are one, and so is a site."""
    leaders: dict[object, object] = {}

    def lead(key: object) -> object:
        while leaders.setdefault(key, key) != key:
            key = leaders[key]
        return key

    for one in members:
        group = lead(("group", one.copy_group))
        site = lead(("site", one.site)) if one.site else group
        leaders[site] = group
    return len({lead(("group", one.copy_group)) for one in members})


def _resolve(members: Sequence[StoryMember], credits: Sequence[Credit]) -> tuple[Credit, ...]:
    """Return credits with the article each means: the first of that site, told before it."""
    firsts: dict[str, StoryMember] = {}
    for one in reversed(members):
        for key in site_keys(one.site):
            firsts[key] = one
    by_article = {one.article: one for one in members}
    found = []
    for credit in credits:
        meant = firsts.get(name_key(credit.name))
        own = by_article[credit.article]
        is_other = meant is not None and meant.site != own.site and meant.at <= own.at
        of = meant.article if meant is not None and is_other else None
        found.append(msgspec.structs.replace(credit, of=of))
    return tuple(found)


def name_key(name: str) -> str:
    """Return a publication's name as it is compared: `Le Monde` and `lemonde.fr` are one."""
    bare = re.sub(r"^(?:www\.)|\.[a-z]{2,}$", "", name.lower())
    return re.sub(r"[^a-z0-9]", "", fold(bare))


def site_keys(site: str) -> frozenset[str]:
    """Return the names by which a site may be credited, with and without an article."""
    labels = site.lower().removeprefix("www.").split(".")
    keys = {name_key(label) for label in labels[:-1] if len(label) > 3}
    return frozenset(keys | {re.sub(r"^(?:les|the|le|la)(?=.{4})", "", key) for key in keys})


LEAST_CREDITING = 2


def _credited_elsewhere(members: Sequence[StoryMember], credits: Sequence[Credit]) -> str:
    """Return the publication that most sources of their own credit and that is not held here."""
    groups = {one.article: one.copy_group for one in members}
    held = {key for one in members for key in site_keys(one.site)}
    crediting: dict[str, set[int]] = {}
    names: dict[str, str] = {}
    for credit in credits:
        key = name_key(credit.name)
        if credit.said and key and key not in held:
            crediting.setdefault(key, set()).add(groups[credit.article])
            names.setdefault(key, credit.name)
    best = max(crediting, key=lambda key: (len(crediting[key]), key), default=None)
    return names[best] if best and len(crediting[best]) >= LEAST_CREDITING else ""


def _believed(credits: Sequence[Credit]) -> list[Credit]:
    """Return the credits; a name is a publication everywhere once some words can mean no other."""
    known = {name_key(credit.name) for credit in credits if credit.said}
    return [
        msgspec.structs.replace(credit, said=credit.said or name_key(credit.name) in known)
        for credit in credits
    ]
