"""What the press answers to one request at one time: status, headers, body.

It opens no connection and keeps nothing but the documents it has already set.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

import msgspec

from press.catalogue import PressArticle
from press.decisions import render_decision
from press.editions import Edition, publish_edition, validator
from press.feeds import render_feed
from press.pages import make_environment, render_article, render_page
from press.sites import MEDIA_TYPES, SITES, Offer, Site

ROBOTS = """User-agent: *
Disallow: /recherche
Disallow: /compte/
Allow: /
"""

Headers = tuple[tuple[str, str], ...]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """One request; `visit` counts the requests of its page, from 1."""

    host: str
    path: str
    section: str | None = None
    etag: str | None = None
    modified_since: str | None = None
    visit: int = 1


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """One response."""

    status: int
    body: bytes
    headers: Headers
    is_slow: bool = False


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What stands at an address: when it was last touched, its tag, and how to make its body."""

    media_type: str
    changed_at: datetime
    etag: str
    has_validators: bool
    render: Callable[[], bytes]


class Desk:
    """Answers for every site from one catalogue."""

    def __init__(self, articles: tuple[PressArticle, ...]) -> None:
        """Keep the articles and read the templates."""
        self._articles = articles
        self._environment = make_environment()
        self._sites = {site.host: site for site in SITES if not site.is_down}
        self._documents: dict[str, bytes] = {}

    def answer(self, asked: Asked, now: datetime) -> Answer:
        """Return what a site says at `now`."""
        site = self._sites.get(asked.host)
        if site is None:
            return _unknown_host(asked.host, self._sites)
        edition = publish_edition(site, self._articles, now)
        shown = self._find_shown(edition, asked)
        answer = self._missing(edition, asked) if shown is None else _answer(site, shown, asked)
        return msgspec.structs.replace(answer, is_slow=site.is_slow)

    def _find_shown(self, edition: Edition, asked: Asked) -> Shown | None:
        article = edition.find_article(asked.path)
        if article is not None:
            return self._article(edition, article, asked)
        if asked.path == "/robots.txt":
            return _robots(edition)
        if asked.path == edition.site.offer_path:
            return self._offer(edition, asked)
        return self._other_page(edition, asked)

    def _article(self, edition: Edition, article: PressArticle, asked: Asked) -> Shown:
        site = edition.site
        is_document = site.offer is Offer.DOCUMENT
        return Shown(
            media_type="application/pdf" if is_document else _html(site),
            changed_at=article.touched_at(edition.now),
            etag=validator(article.url, article.title, article.summary, article.body),
            has_validators=site.has_validators and article.wall is None,
            render=lambda: (
                self._document(site, article)
                if is_document
                else render_article(self._environment, edition, article, asked.visit)
            ),
        )

    def _document(self, site: Site, article: PressArticle) -> bytes:
        tag = validator(article.url, article.title, article.body)
        if tag not in self._documents:
            self._documents[tag] = render_decision(site, article)
        return self._documents[tag]

    def _offer(self, edition: Edition, asked: Asked) -> Shown | None:
        site = edition.site
        if site.offer is Offer.DOCUMENT:
            return None
        if site.offer is Offer.PAGE:
            return self._page(edition, "statements", asked)
        charset = f"; charset={site.encoding}" if site.names_charset else ""
        listed = (validator(one.url, one.title, one.body) for one in edition.articles)
        return Shown(
            media_type=MEDIA_TYPES[site.offer] + charset,
            changed_at=edition.changed_at,
            etag=validator(*listed),
            has_validators=True,
            render=lambda: render_feed(self._environment, edition),
        )

    def _other_page(self, edition: Edition, asked: Asked) -> Shown | None:
        if asked.path == "/":
            return self._page(edition, "home", asked)
        if asked.path == edition.site.about_path:
            return self._page(edition, "about", asked)
        return None

    def _page(self, edition: Edition, page: str, asked: Asked) -> Shown:
        listed = (validator(one.url, one.title, one.summary) for one in edition.articles)
        return Shown(
            media_type=_html(edition.site),
            changed_at=edition.changed_at,
            etag=validator(page, asked.section, *listed),
            has_validators=edition.site.has_validators,
            render=lambda: self._render_page(edition, page, asked),
        )

    def _render_page(self, edition: Edition, page: str, asked: Asked) -> bytes:
        return render_page(self._environment, edition, page, asked.path, asked.visit, asked.section)

    def _missing(self, edition: Edition, asked: Asked) -> Answer:
        is_gone = edition.is_gone(asked.path)
        return Answer(
            status=edition.site.gone_status if is_gone else 404,
            body=self._render_page(edition, "gone" if is_gone else "missing", asked),
            headers=(("Content-Type", _html(edition.site)),),
        )


def _answer(site: Site, shown: Shown, asked: Asked) -> Answer:
    validators = _validators(shown) if shown.has_validators else ()
    if shown.has_validators and _is_fresh(shown, asked):
        return Answer(status=304, body=b"", headers=validators)
    headers = (("Content-Type", shown.media_type), ("Content-Language", site.lang), *validators)
    return Answer(status=200, body=shown.render(), headers=headers)


def _is_fresh(shown: Shown, asked: Asked) -> bool:
    """Return whether what the asker holds is what stands (RFC 9110, 13.2.2: the tag first)."""
    if asked.etag is not None:
        tags = {tag.strip().removeprefix("W/").strip('"') for tag in asked.etag.split(",")}
        return shown.etag in tags or "*" in tags
    if asked.modified_since is None:
        return False
    try:
        since = parsedate_to_datetime(asked.modified_since)
    except ValueError:
        return False
    if since.tzinfo is None:
        since = since.replace(tzinfo=UTC)
    return shown.changed_at.replace(microsecond=0) <= since


def _validators(shown: Shown) -> Headers:
    changed = format_datetime(shown.changed_at.astimezone(UTC), usegmt=True)
    return (("ETag", f'W/"{shown.etag}"'), ("Last-Modified", changed))


def _robots(edition: Edition) -> Shown:
    site = edition.site
    announced = (
        f"Sitemap: http://{site.host}{site.offer_path}\n" if site.offer is Offer.SITEMAP else ""
    )
    body = (ROBOTS + announced).encode()
    return Shown(
        media_type="text/plain; charset=utf-8",
        changed_at=edition.changed_at,
        etag=validator(body),
        has_validators=True,
        render=lambda: body,
    )


def _unknown_host(host: str, known: dict[str, Site]) -> Answer:
    text = f"The invented press has no site {host!r}. Send one of these as Host:\n"
    return Answer(
        status=421,
        body="\n".join([text, *known, ""]).encode(),
        headers=(("Content-Type", "text/plain; charset=utf-8"),),
    )


def _html(site: Site) -> str:
    return f"text/html; charset={site.encoding}" if site.names_charset else "text/html"
