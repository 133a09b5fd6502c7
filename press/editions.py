"""What one site shows at one time, as a decision over the catalogue.

It renders nothing and answers nobody.
"""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

import msgspec

from press.catalogue import PressArticle
from press.sites import Site

RELATED = 4


class Edition(msgspec.Struct, frozen=True, kw_only=True):
    """One site at one time: `articles` as they read then, the newest first, and `gone` ones."""

    site: Site
    now: datetime
    articles: tuple[PressArticle, ...]
    gone: tuple[PressArticle, ...]
    changed_at: datetime

    @property
    def sections(self) -> tuple[str, ...]:
        """Return the sections that hold an article, in the alphabet's order."""
        return tuple(sorted({article.section for article in self.articles}))

    def find_article(self, path: str) -> PressArticle | None:
        """Return the article shown at a path."""
        return next((one for one in self.articles if one.path == path), None)

    def is_gone(self, path: str) -> bool:
        """Return whether an article was taken down from a path."""
        return any(one.path == path for one in self.gone)

    def related(self, article: PressArticle) -> tuple[PressArticle, ...]:
        """Return other articles to read beside one, those of its section first."""
        others = [one for one in self.articles if one.path != article.path]
        others.sort(key=lambda other: other.section != article.section)
        return tuple(others[:RELATED])


def publish_edition(site: Site, articles: Iterable[PressArticle], now: datetime) -> Edition:
    """Return what a site shows at `now`."""
    own = [article for article in articles if article.host == site.host]
    shown = [article.at(now) for article in own if article.is_listed(now)]
    gone = tuple(article for article in own if article.is_gone(now))
    return Edition(
        site=site,
        now=now,
        articles=tuple(sorted(shown, key=lambda one: one.listed_at, reverse=True)),
        gone=gone,
        changed_at=_changed_at(own, now),
    )


def validator(*parts: object) -> str:
    """Return an opaque tag of what is shown; counters are left out of it, so it is weak."""
    return sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:24]


def _changed_at(own: Iterable[PressArticle], now: datetime) -> datetime:
    times = [article.touched_at(now) for article in own if article.listed_at <= now]
    removals = [one.removed_at for one in own if one.removed_at is not None and one.is_gone(now)]
    return max([*times, *removals], default=now)
