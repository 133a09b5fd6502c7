"""A site's source as text: RSS, Atom, RDF, JSON Feed, news sitemap.

It lists exactly the articles of the edition it is given.
"""

import json
from datetime import datetime
from typing import Any

from jinja2 import Environment

from press.catalogue import PressArticle
from press.editions import Edition
from press.sites import Offer, Site

TEMPLATES = {
    Offer.RSS: "feeds/rss.xml",
    Offer.ATOM: "feeds/atom.xml",
    Offer.RDF: "feeds/rdf.xml",
    Offer.SITEMAP: "feeds/sitemap.xml",
}


def render_feed(environment: Environment, edition: Edition) -> bytes:
    """Return the feed or sitemap of an edition in its site's encoding."""
    site = edition.site
    if site.offer is Offer.JSON_FEED:
        return json.dumps(_json_feed(edition), ensure_ascii=False, indent=1).encode()
    template = environment.get_template(TEMPLATES[site.offer])
    text = template.render(site=site, edition=edition, whole_text=_whole_text)
    return text.encode(site.encoding, errors="xmlcharrefreplace")


def _whole_text(site: Site, article: PressArticle) -> bool:
    """Return whether the feed carries an article's whole text; what is walled never is."""
    return article.wall is None and site.carries_whole(article.section)


def _json_feed(edition: Edition) -> dict[str, Any]:
    """Return a feed of https://www.jsonfeed.org/version/1.1/."""
    site = edition.site
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": site.name,
        "description": site.motto,
        "home_page_url": f"http://{site.host}/",
        "feed_url": f"http://{site.host}{site.offer_path}",
        "language": site.lang,
        "items": [_json_item(article) for article in edition.articles],
    }


def _json_item(article: PressArticle) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": article.guid or article.url,
        "url": article.url,
        "title": article.title,
        "summary": article.summary,
        "content_text": article.summary,
        "date_published": article.published.isoformat(),
        "authors": [{"name": name} for name in article.authors],
        "language": article.lang,
        "tags": [article.section],
    }
    return item | _json_modified(article.modified)


def _json_modified(modified: datetime | None) -> dict[str, str]:
    return {} if modified is None else {"date_modified": modified.isoformat()}
