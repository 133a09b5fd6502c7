"""Who repeats whom, and which articles tell one development, for articles not yet compared.

Each article is compared with those that share a band of its signature and with its nearest
neighbours in meaning a few days around: the cost of one grows with what was published in those
days and with the story it joins, not with the whole that is held.
"""

from collections.abc import Sequence
from datetime import timedelta

import msgspec
import numpy as np

from model.story import Copy, CopyKind, Story
from nlp.copies import RETOLD_DAYS, Text, compare, find_copy, sign
from nlp.stories import LEAST_LIKENESS, NEAR_DAYS, Told, find_origin, join
from nlp.vectors import MODEL, Vectors, embed_lead
from store import Store
from store.records import CopyReport, CopyText, StoredVector

RULES_VERSION = 1
"""Raised by hand whenever a rule of copies or stories changes."""

SIGNER = f"{RULES_VERSION}-{MODEL}"

NEIGHBOURS = 12
"""How many articles near in meaning are compared word by word."""


class Neighbour(msgspec.Struct, frozen=True):
    """An article near in time, and how near in meaning."""

    stored: StoredVector
    likeness: float


def compare_article(store: Store, article: CopyText) -> int:
    """Save what one article repeats and which story it tells; return how many copies were found."""
    signature = sign(article.text)
    vector = embed_lead(article.title, article.text)
    neighbours = _neighbours(store, article, vector)
    copies = _find_copies(store, article, signature.bands, neighbours)
    for copy in copies:
        store.save_copies(copy.article, [copy])
    _tell_story(store, article, vector, neighbours)
    floats = vector.astype("<f4").tobytes()
    store.save_signature(article.article, signature.bands, floats, signer=SIGNER)
    return len(copies)


def _neighbours(store: Store, article: CopyText, vector: Vectors) -> list[Neighbour]:
    """Return the articles of the days around, the nearest in meaning first."""
    span = timedelta(days=NEAR_DAYS)
    recent = [
        each
        for each in store.recent_vectors(article.at - span, article.at + span)
        if each.article != article.article
    ]
    if not recent:
        return []
    matrix = np.stack([np.frombuffer(each.floats, dtype="<f4") for each in recent])
    likenesses = matrix @ vector
    near = [
        Neighbour(each, float(likeness)) for each, likeness in zip(recent, likenesses, strict=True)
    ]
    return sorted(near, key=lambda each: -each.likeness)


def _find_copies(
    store: Store, article: CopyText, bands: Sequence[int], neighbours: Sequence[Neighbour]
) -> list[Copy]:
    """Return what the article repeats, and what of the earlier known repeats it."""
    retold = timedelta(days=RETOLD_DAYS)
    near = [
        each.stored.article for each in neighbours if abs(each.stored.at - article.at) <= retold
    ]
    known = {each.article: each for each in store.candidates(bands)}
    known |= {each.article: each for each in store.texts(near[:NEIGHBOURS])}
    known.pop(article.article, None)
    new = _text(article)
    own = find_copy(new, map(_text, known.values()))
    found = [] if own is None else [own]
    for other in known.values():
        copy = compare(_text(other), new) if other.at > article.at else None
        if copy is not None and copy.article == other.article and not _repeats(store, other):
            found.append(copy)
    return found


def _text(text: CopyText) -> Text:
    return Text(
        article=text.article,
        text=text.text,
        lang=text.lang,
        site=text.site,
        published_at=text.published_at,
        seen_at=text.at,
    )


def _repeats(store: Store, text: CopyText) -> bool:
    return any(copy.article == text.article for copy in store.copies(text.article))


def _tell_story(
    store: Store, article: CopyText, vector: Vectors, neighbours: Sequence[Neighbour]
) -> None:
    """Put an article into the story it goes on telling, or open one."""
    mine = store.article_stories(article.article)
    near = [each.stored for each in neighbours if each.likeness >= LEAST_LIKENESS]
    story_id = mine[0].id if mine else join(_told(store, article, vector), _all_told(store, near))
    members = {article.article}
    if story_id is not None:
        members |= set(_members(store, article, near, story_id))
    store.save_story(_story(store, story_id or 0, sorted(members)))


def _all_told(store: Store, near: Sequence[StoredVector]) -> list[Told]:
    texts = {text.article: text for text in store.texts([each.article for each in near])}
    return [
        _told(store, texts[each.article], np.frombuffer(each.floats, dtype="<f4"))
        for each in near
        if each.article in texts
    ]


def _told(store: Store, text: CopyText, vector: Vectors) -> Told:
    stories = store.article_stories(text.article)
    tags = store.tags(text.version)
    return Told(
        article=text.article,
        published_at=text.at,
        vector=vector,
        entities=frozenset(text.entities),
        days=frozenset(found.from_on for found in tags.dates) if tags else frozenset(),
        story=stories[0].id if stories else None,
    )


def _members(
    store: Store, article: CopyText, near: Sequence[StoredVector], story_id: int
) -> tuple[int, ...]:
    for other in (article.article, *(each.article for each in near)):
        for story in store.article_stories(other):
            if story.id == story_id:
                return story.articles
    return ()


def _story(store: Store, story_id: int, members: Sequence[int]) -> Story:
    texts = sorted(store.texts(members), key=lambda text: (text.at, text.article))
    copies = {(copy.article, copy.of): copy for member in members for copy in store.copies(member)}
    origin = find_origin(
        {text.article: text.published_at for text in texts}, map(_copy, copies.values())
    )
    titled = next((text for text in texts if text.article == origin), texts[0])
    return Story(
        id=story_id,
        title=titled.title,
        first_at=texts[0].at,
        last_at=texts[-1].at,
        articles=tuple(text.article for text in texts),
        independent_sources=len({text.copy_group for text in texts}),
        origin=origin,
    )


def _copy(report: CopyReport) -> Copy:
    return Copy(
        article=report.article,
        of=report.of,
        kind=CopyKind(report.kind),
        score=report.score,
        evidence=report.evidence,
    )
