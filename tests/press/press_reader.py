"""Asks the invented press as a reader would, and says what the catalogue promises of it."""

import http.client
import io
import json
from datetime import datetime
from email.message import Message
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

import feedparser
from lxml import etree, html

from press import Press
from press.catalogue import PressArticle, load_articles
from press.sites import SITES, Offer, Site

FIRST_POLL = datetime.fromisoformat("2024-06-03T07:00:00+02:00")
SECOND_POLL = datetime.fromisoformat("2024-06-04T07:00:00+02:00")

ARTICLES = load_articles()
UP = [site for site in SITES if not site.is_down]
FEEDS = [site for site in UP if site.offer in {Offer.RSS, Offer.ATOM, Offer.RDF}]
WITH_PAGES = [site for site in UP if site.offer is not Offer.DOCUMENT]
BY_KEY = {article.key: article for article in ARTICLES}


class Got(NamedTuple):
    status: int
    headers: Message
    body: bytes


def get(press: Press, url: str, **headers: str) -> Got:
    """Ask the press for one address; `If_None_Match` stands for `If-None-Match`."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(press.hosts[parts.hostname or ""], timeout=20)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("GET", path, headers={"Host": parts.hostname or "", **sent})
    response = connection.getresponse()
    got = Got(response.status, response.headers, response.read())
    connection.close()
    return got


def shown(site: Site, now: datetime) -> list[PressArticle]:
    """Return what the catalogue says that a site lists."""
    return [one.at(now) for one in ARTICLES if one.host == site.host and one.is_listed(now)]


def listed(site: Site, got: Got) -> set[str]:
    """Return the addresses that a site's source lists, without what its feed appends."""
    if site.offer is Offer.DOCUMENT:
        return {site.source.url}
    if site.offer is Offer.JSON_FEED:
        return {item["url"] for item in json.loads(got.body)["items"]}
    if site.offer is Offer.SITEMAP:
        return set(parse_page(got).xpath("//*[local-name()='loc']/text()"))
    if site.offer is Offer.PAGE:
        links = parse_page(got).xpath("//ol/li/a/@href")
        return {urljoin(site.source.url, link) for link in links}
    return {entry.link.removesuffix(site.link_suffix) for entry in read_feed(got).entries}


def read_feed(got: Got) -> feedparser.FeedParserDict:
    """Return a feed as its readers see it, which must be well-formed."""
    headers = {"content-type": got.headers["Content-Type"]}
    feed = feedparser.parse(io.BytesIO(got.body), response_headers=headers)
    assert not feed.bozo, feed.get("bozo_exception")
    return feed


def parse_page(got: Got) -> Any:
    """Return a page's or a sitemap's elements, whose XPath answers have no types."""
    return (
        etree.fromstring(got.body) if got.body.startswith(b"<?xml") else html.fromstring(got.body)
    )


def page_text(got: Got) -> str:
    """Return all that a page says, on one line."""
    return one_line(parse_page(got).text_content())


def one_line(text: str) -> str:
    return " ".join(text.split())
