"""A site's pages as HTML: articles with all that real papers put round them, walls, home, errors.

The article's own words come from the catalogue alone; only what surrounds them changes from one
request to the next.
"""

from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from press.catalogue import Block, PressArticle
from press.editions import Edition
from press.sites import MEDIA_TYPES, Offer, Site
from press.wording import FILTERS

TEMPLATES = Path(__file__).parent / "templates"
WORDS_A_MINUTE = 220
LATEST = 5


class Counters(msgspec.Struct, frozen=True, kw_only=True):
    """What changes at every request and means nothing."""

    views: int
    comments: int
    shares: int
    token: str


def make_environment() -> Environment:
    """Return the templates, escaping everything, with the papers' ways to write dates."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(FILTERS)
    return environment


def count_visit(path: str, visit: int) -> Counters:
    """Return the counters that the `visit`-th request of a page shows."""
    seed = int(sha256(path.encode()).hexdigest()[:8], 16)
    return Counters(
        views=200 + seed % 9000 + 3 * visit,
        comments=seed % 40 + visit,
        shares=seed % 700 + 2 * visit,
        token=sha256(f"{path} {visit}".encode()).hexdigest()[:32],
    )


def render_article(
    environment: Environment, edition: Edition, article: PressArticle, visit: int
) -> bytes:
    """Return the page of an article, or the wall that stands before it."""
    if article.wall in {"consent", "captcha"}:
        return render_page(environment, edition, article.wall, article.path, visit)
    walled = article.wall == "paywall"
    blocks = article.blocks[:1] if walled else article.blocks
    context = {
        "article": article,
        "blocks": blocks,
        "walled": walled,
        "hidden_share": 100 - round(100 * _words(blocks) / _words(article.blocks)),
        "minutes": max(1, round(_words(article.blocks) / WORDS_A_MINUTE)),
        "related": edition.related(article),
        "popular": _popular(edition, visit),
        "json_ld": _news_article(edition.site, article),
        "json_ld_graph": _graph(edition.site, article),
    }
    name = f"{edition.site.folder}.html"
    return _render(environment, edition, name, count_visit(article.path, visit), context)


def render_page(
    environment: Environment,
    edition: Edition,
    page: str,
    path: str,
    visit: int,
    section: str | None = None,
) -> bytes:
    """Return a page that is not an article: home, statements, about, missing, gone, a wall."""
    context = {"article": None, "section": section}
    return _render(environment, edition, f"pages/{page}.html", count_visit(path, visit), context)


def _render(
    environment: Environment,
    edition: Edition,
    template: str,
    counters: Counters,
    context: dict[str, Any],
) -> bytes:
    site = edition.site
    text = environment.get_template(template).render(
        site=site,
        edition=edition,
        now=edition.now,
        latest=edition.articles[:LATEST],
        feed_type=None if site.offer is Offer.SITEMAP else MEDIA_TYPES.get(site.offer),
        counters=counters,
        **context,
    )
    return text.encode(site.encoding, errors="xmlcharrefreplace")


def _words(blocks: tuple[Block, ...]) -> int:
    return sum(len(text.split()) for _, text in blocks)


def _popular(edition: Edition, visit: int) -> tuple[PressArticle, ...]:
    """Return the most read articles, an order that never holds for long."""
    articles = edition.articles
    turn = visit % len(articles)
    return (articles[turn:] + articles[:turn])[:LATEST]


def _news_article(site: Site, article: PressArticle) -> dict[str, Any]:
    return {"@context": "https://schema.org", **_described(site, article)}


def _graph(site: Site, article: PressArticle) -> dict[str, Any]:
    home = f"http://{site.host}/"
    return {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebSite", "@id": f"{home}#website", "url": home, "name": site.name},
            {"@type": "WebPage", "@id": article.url, "isPartOf": {"@id": f"{home}#website"}},
            _described(site, article),
        ],
    }


def _described(site: Site, article: PressArticle) -> dict[str, Any]:
    """Return an article as https://schema.org/NewsArticle describes it."""
    described: dict[str, Any] = {
        "@type": "NewsArticle",
        "headline": article.title,
        "description": article.summary,
        "datePublished": article.published.isoformat(),
        "author": [{"@type": "Person", "name": name} for name in article.authors],
        "publisher": {"@type": "NewsMediaOrganization", "name": site.name},
        "mainEntityOfPage": article.url,
        "articleSection": article.section,
        "inLanguage": article.lang,
        "isAccessibleForFree": article.wall is None,
    }
    if article.modified is not None:
        described["dateModified"] = article.modified.isoformat()
    return described
