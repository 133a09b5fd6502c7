"""Who repeats whom, and which articles tell one development, for articles not yet compared.

Each article is compared with those that share most of its rarer prints, whenever they were
published, and with its nearest neighbours in meaning a few days around. Every look-up has a cap,
so that the cost of one article follows neither what is held nor how big its story grew; what sums
a story up is counted once for each batch that touched it.
"""

from collections.abc import Sequence
from datetime import timedelta

import msgspec

from model.story import Copy, Credit
from nlp.retellings.copies import common_runs, compare, find_copies
from nlp.retellings.copy_texts import Text
from nlp.retellings.credits import find_credits
from nlp.retellings.prints import prints_of
from nlp.retellings.retold import RETOLD_DAYS
from nlp.retellings.stories import NEAR_DAYS, Told, join, lead_words, sum_up
from nlp.vectors import MODEL, Vectors, embed_lead, pack, unpack
from store import Store
from store.records import CopyText, StoredVector, StoryFacts

RULES_VERSION = 2
"""Raised by hand whenever a rule of copies or stories changes."""

SIGNER = f"{RULES_VERSION}-{MODEL}"

NEIGHBOURS = 12
"""How many articles near in meaning are compared word by word."""
STORY_NEIGHBOURS = 60
"""How many may say which story an article tells."""
BATCH = 100
LEAST_SHARE = 0.5
"""An article that repeats so much of another tells its story."""


class Neighbour(msgspec.Struct, frozen=True):
    """An article near in time, and how near in meaning."""

    stored: StoredVector
    likeness: float


def compare_article(store: Store, article: CopyText) -> int:
    """Save what one article repeats and which story it tells; return how many copies were found."""
    prints = prints_of(article.text)
    vector = embed_lead(article.title, article.text)
    neighbours = find_neighbours(store, article, vector)
    copies = find_all(store, article, prints, neighbours)
    by_article: dict[int, list[Copy]] = {article.article: []}
    for copy in copies:
        by_article.setdefault(copy.article, []).append(copy)
    for number, found in by_article.items():
        store.save_copies(number, found)
    store.save_credits(article.article, _credits(article))
    _tell_story(store, article, vector, neighbours)
    store.save_prints(article.article, prints, pack(vector), signer=SIGNER)
    return len(copies)


def find_neighbours(store: Store, article: CopyText, vector: Vectors) -> list[Neighbour]:
    """Return the articles of the days around, the nearest in meaning first."""
    span = timedelta(days=NEAR_DAYS)
    recent = [
        each
        for each in store.recent_vectors(article.at - span, article.at, article.at + span)
        if each.article != article.article
    ]
    likenesses = unpack([each.numbers for each in recent]) @ vector
    near = [
        Neighbour(each, float(likeness)) for each, likeness in zip(recent, likenesses, strict=True)
    ]
    return sorted(near, key=lambda each: -each.likeness)[:STORY_NEIGHBOURS]


def find_all(
    store: Store, article: CopyText, prints: Sequence[int], neighbours: Sequence[Neighbour]
) -> list[Copy]:
    """Return what the article repeats, and what of the earlier known repeats it."""
    retold = timedelta(days=RETOLD_DAYS)
    near = [
        each.stored.article for each in neighbours if abs(each.stored.at - article.at) <= retold
    ]
    known = {each.article: each for each in store.candidates(prints, but=article.article)}
    missing = [one for one in near[:NEIGHBOURS] if one not in known]
    known |= {each.article: each for each in store.texts(missing)}
    new = _text(article)
    found = find_copies(new, map(_text, known.values()))
    common = common_runs(new, map(_text, known.values()))
    for other in known.values():
        copy = compare(_text(other), new, common=common) if other.at >= article.at else None
        if copy is not None and copy.article == other.article and not store.is_copy(other.article):
            found.append(copy)
    return found


def _text(text: CopyText) -> Text:
    return Text(
        article=text.article,
        text=text.text,
        url=text.url,
        lang=text.lang,
        site=text.site,
        published_at=text.published_at,
        seen_at=text.at,
        group=text.copy_group,
    )


def _credits(article: CopyText) -> list[Credit]:
    return [
        Credit(
            article=article.article,
            name=one.name,
            start=one.start,
            end=one.end,
            said=one.said,
        )
        for one in find_credits(article.text)
    ]


# Stories


def _tell_story(
    store: Store, article: CopyText, vector: Vectors, neighbours: Sequence[Neighbour]
) -> None:
    """Put an article into the story it goes on telling, or open one; people's word comes first."""
    if not store.article_stories(article.article):
        store.tell_story(article.article, _choose_story(store, article, vector, neighbours))
    (story_id,) = _stories(store, [article.article])
    for other in store.anchored_at(article.article):
        if _stories(store, [other]):
            store.tell_story(other, story_id)


def _stories(store: Store, articles: Sequence[int]) -> list[int]:
    return sorted(set(store.stories_by_article(articles).values()))


def _choose_story(
    store: Store, article: CopyText, vector: Vectors, neighbours: Sequence[Neighbour]
) -> int | None:
    anchor = store.find_anchor(article.article)
    if anchor is not None:
        return next(iter(_stories(store, [anchor])), None)
    near = [each.stored.article for each in neighbours]
    closed = store.closed_stories(article.article)
    held = [told for told in _all_told(store.story_facts(near)) if told.story not in closed]
    repeated = store.copies_among([article.article], least_share=LEAST_SHARE)
    new = Told(
        article=article.article,
        published_at=article.at,
        vector=vector,
        words=lead_words(article.title, article.text),
        days=store.article_days(article.article),
        lang=article.lang,
        copies=frozenset(of for _, of in repeated),
    )
    return join(new, held)


def _all_told(facts: Sequence[StoryFacts]) -> list[Told]:
    vectors = unpack([each.numbers for each in facts])
    return [
        Told(
            article=each.article,
            published_at=each.at,
            vector=vector,
            words=lead_words(each.title, each.lead),
            days=each.days,
            story=each.story,
            lang=each.lang,
        )
        for each, vector in zip(facts, vectors, strict=True)
    ]


def settle_stories(store: Store) -> int:
    """Sum up the stories that changed: who was first, who tells them; return how many."""
    settled = 0
    while stale := store.stale_stories(limit=BATCH):
        for story_id in stale:
            members = store.story_members(story_id)
            copies = store.copies_among([one.article for one in members])
            store.sum_up(sum_up(story_id, members, copies, store.story_credits(story_id)))
            settled += 1
    return settled
