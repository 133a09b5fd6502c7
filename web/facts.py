"""All that is held about one article, gathered for a page or for `vigie show`.

It never writes, and knows nothing of HTML.
"""

import msgspec

from model.article import Article, Version
from model.capture import Capture
from model.mention import Tags
from model.story import Story
from store.annotations import Noted
from store.entities.told import JoiningReport
from store.reader import Reader
from store.records import Change, CopyReport


class ArticleFacts(msgspec.Struct, frozen=True, kw_only=True):
    """One article and everything that leads to it."""

    article: Article
    addresses: tuple[str, ...]
    versions: tuple[Version, ...]
    tags: Tags
    changes: tuple[Change, ...]
    captures: tuple[Capture, ...]
    copies: tuple[CopyReport, ...]
    stories: tuple[Story, ...]
    annotations: tuple[Noted, ...]
    joinings: tuple[JoiningReport, ...]


def gather_facts(store: Reader, article_id: int) -> ArticleFacts:
    """Return what is held about one article; raises MissingError."""
    article = store.article(article_id)
    tags = store.tags(article.current.id)
    return ArticleFacts(
        article=article,
        addresses=store.addresses(article_id),
        versions=store.versions(article_id),
        tags=tags or Tags(lang=article.current.reading.lang or ""),
        changes=store.article_changes(article_id),
        captures=store.article_captures(article_id),
        copies=store.copies(article_id),
        stories=store.article_stories(article_id),
        annotations=store.annotations(article_id),
        joinings=store.joinings(article.current.id),
    )
