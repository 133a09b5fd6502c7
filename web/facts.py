"""All that is held about one article, gathered for a page or for `vigie show`.

It never writes, and knows nothing of HTML.
"""

from datetime import datetime

import msgspec

from model.article import Article, Version
from model.capture import Capture
from model.mention import Tags
from model.query import Column, Words
from model.story import Story
from model.words import words
from store.annotations import Annotation
from store.identity import is_in_future
from store.reader import Reader
from store.records import Change, CopyReport

PHRASE_WORDS = 20
NAMESAKES = 200


class ArticleFacts(msgspec.Struct, frozen=True, kw_only=True):
    """One article and everything that leads to it; `reasons` are the terms that kept it."""

    article: Article
    reasons: tuple[str, ...]
    is_in_future: bool
    addresses: tuple[str, ...]
    versions: tuple[Version, ...]
    tags: Tags
    changes: tuple[Change, ...]
    captures: tuple[Capture, ...]
    copies: tuple[CopyReport, ...]
    stories: tuple[Story, ...]
    annotations: tuple[tuple[Annotation, str], ...]


def gather_facts(store: Reader, article_id: int, *, now: datetime) -> ArticleFacts:
    """Return what is held about one article; raises MissingError."""
    article = store.article(article_id)
    tags = store.tags(article.current.id)
    return ArticleFacts(
        article=article,
        reasons=_reasons(store, article, now),
        is_in_future=is_in_future(article.current.reading.published_at, article.first_seen_at),
        addresses=store.addresses(article_id),
        versions=store.versions(article_id),
        tags=tags or Tags(lang=article.current.reading.lang or ""),
        changes=store.article_changes(article_id),
        captures=store.article_captures(article_id),
        copies=store.copies(article_id),
        stories=store.article_stories(article_id),
        annotations=store.annotations(article_id),
    )


def _reasons(store: Reader, article: Article, now: datetime) -> tuple[str, ...]:
    """Return why an article was kept; only a hit tells, so it is sought by its own words."""
    reading = article.current.reading
    for column, text in ((Column.TITLE, reading.title), (Column.TEXT, reading.text[:2_000])):
        tokens = tuple(words(text)[:PHRASE_WORDS])
        if not tokens:
            continue
        own_words = Words(typed=text, tokens=tokens, column=column)
        for hit in store.search(own_words, now=now, limit=NAMESAKES).hits:
            if hit.article == article.id:
                return hit.reasons
    return ()
