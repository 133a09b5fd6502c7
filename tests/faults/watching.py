"""An affair watched over a web that misbehaves: real passes, real store, servers on loopback."""

import asyncio
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from app.pipeline import RunSummary, make_pass
from model.config import Affair, Config, NlpSettings
from model.query import Everything
from model.source import Source, SourceKind, SourceState
from nlp.tagging import Tagger
from store import Store, open_store
from tests.crawler.misbehaving import NOON, SITE, Handler, Web, http, settings_for

FEED = f"http://{SITE}/feed"
RULE = "caméras OR cameras"
PARAGRAPH = (
    "Le port du Lambrecq garde ses caméras allumées la nuit, dit la mairie, et personne ne sait "
    "depuis quand, ni qui regarde les images, ni combien de temps elles sont gardées. "
)


def article(number: int = 1, words: str = "", head: str = "", body: str = "") -> bytes:
    """Return the page of an article of the affair, long enough to be one."""
    paragraphs = "".join(f"<p>{PARAGRAPH}Paragraphe {n} de {number}. {words}</p>" for n in range(6))
    title = f"Les caméras du port, épisode {number}"
    return (
        f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{title}</title>{head}'
        f"</head><body><article><h1>{title}</h1>{paragraphs}</article>{body}</body></html>"
    ).encode()


def page(number: int = 1, **parts: str) -> bytes:
    """Return the answer of a site with the page of an article."""
    return http(article(number, **parts), Content_Type="text/html; charset=utf-8")


def item(number: int, *, link: str = "", guid: str = "", more: str = "") -> str:
    """Return one item of a feed, about `/a{number}` unless told otherwise."""
    link = link or f"http://{SITE}/a{number}"
    named = f"<guid isPermaLink='false'>{guid}</guid>" if guid else ""
    return f"<item><title>Les caméras {number}</title><link>{link}</link>{named}{more}</item>"


def rss(*items: str, head: str = "") -> bytes:
    """Return a feed of these items."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Le port</title>'
        f"{head}{''.join(items)}</channel></rss>"
    ).encode()


def feed(*items: str, **headers: str) -> bytes:
    """Return the answer of a site with a feed of these items."""
    return http(rss(*items), 200, Content_Type="application/rss+xml", **headers)


class Watched:
    """An affair with its store; `answers` and `sources` may be changed between two passes."""

    def __init__(
        self,
        folder: Path,
        answers: Mapping[str, bytes | Handler],
        *sources: str | Source,
        **settings: Any,
    ) -> None:
        """Watch `sources`, the one feed of the site unless told otherwise."""
        self.data = folder / "data"
        self.answers = dict(answers)
        self.sources = [
            one if isinstance(one, Source) else Source(url=one) for one in sources or (FEED,)
        ]
        self.asked: list[str] = []
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self._settings = {"timeout_s": 3.0} | settings

    def make_pass(self, now: datetime = NOON) -> RunSummary:
        """Make one real pass; afterwards `asked` are the paths it asked for, robots.txt aside."""
        return asyncio.run(self._pass(now))

    async def _pass(self, now: datetime) -> RunSummary:
        async with Web(self.answers) as web:
            config = Config(
                affair=Affair(name="Le port", match=RULE),
                sources=tuple(self.sources),
                crawler=settings_for(web, **self._settings),
                nlp=NlpSettings(models={}),
            )
            tagger = Tagger(config.entities, config.nlp)
            with open_store(self.data) as store:
                summary = await make_pass(config, store, tagger, lambda: now, lambda _: None)
            self.asked, self.requests = web.paths(), list(web.requests)
            return summary

    @contextmanager
    def store(self) -> Iterator[Store]:
        """Open the store for the length of a `with`."""
        with open_store(self.data) as store:
            yield store

    def state(self, url: str = FEED) -> SourceState:
        """Return what the last poll of a source left behind."""
        with self.store() as store:
            states = {report.source.url: report.state for report in store.source_states()}
        return states[url]

    def articles(self) -> dict[str, int]:
        """Return the articles held, by address."""
        with self.store() as store:
            hits = store.search(Everything(), now=NOON, limit=10_000).hits
        return {hit.url: hit.article for hit in hits}

    def versions(self, url: str) -> list[str]:
        """Return the texts of an article's versions, the first one first."""
        with self.store() as store:
            found = store.versions(self.articles()[url])
        return [version.reading.text for version in found]


def sitemap_source(url: str) -> Source:
    """Return a source that is read as a sitemap."""
    return Source(url=url, kind=SourceKind.SITEMAP)


def as_json(value: object) -> str:
    """Return everything that a value says as text to be searched."""
    return msgspec.json.encode(value).decode()


@contextmanager
def canary() -> Iterator["Canary"]:
    """Listen on loopback where nobody may ever come."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        yield Canary(listening)


class Canary:
    """A port on loopback that notes whether anybody connected."""

    def __init__(self, listening: socket.socket) -> None:
        """Wrap a listening socket."""
        self._listening = listening
        self.port: int = listening.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"

    def hits(self) -> int:
        """Return how many connections were made since the last time this was asked."""
        count = 0
        while True:
            try:
                self._listening.accept()[0].close()
            except BlockingIOError:
                return count
            count += 1
