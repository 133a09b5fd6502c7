"""Vigie, as the product works: entries listed, articles kept and tagged, searched by a Reader.

It reaches into no table.
"""

from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import groupby, islice
from pathlib import Path

from bench.corpus import START, Article
from bench.search_engines import FACETS, PAGE, ZONE, Answer, first_counts, folder_bytes
from bench.search_questions import Kind, Question
from model.article import Access, Reading
from model.mention import EntityKind, Mention, Tags
from model.query import parse_query
from model.source import DateSource, Entry, Source, SourceState
from model.story import Story
from store import Store, open_store
from store.articles import Keeping
from store.records import Order

BATCH = 1_000
RULE = ("bench",)
DELAY = timedelta(minutes=10)
"""After so long an article that is published is seen."""

_Told = tuple[int, datetime, str]
"""An article's id, when it was published, its title."""

NOW = datetime.fromtimestamp(START, UTC) + timedelta(days=9 * 365)


class Vigie:
    """One data folder."""

    name = "vigie"

    def __init__(self, folder: Path) -> None:
        """Take a folder."""
        self._folder = folder

    def build(self, articles: Iterable[Article]) -> None:
        """Keep all articles as a pass does, then save the stories."""
        with closing(open_store(self._folder, timezone=ZONE.key)) as store:
            for told in _keep(store, articles):
                store.save_story(_story(told))

    def open(self) -> None:
        """Open the store as a reader does."""
        self._store = open_store(self._folder, timezone=ZONE.key, read_only=True)

    def ask(self, question: Question) -> Answer:
        """Answer one question, from what was typed on."""
        query = parse_query(typed(question))
        match question.kind:
            case Kind.DAYS:
                days = self._store.count_days(query, now=NOW)
                return {day.isoformat(): n for day, n in days.days.items()}
            case Kind.FACETS | Kind.ALL_FACETS:
                count_all = question.kind is Kind.ALL_FACETS
                found = self._store.facets(query, now=NOW, count_all=count_all)
                return {
                    facet: first_counts(each.articles for each in getattr(found, facet))
                    for facet in FACETS
                }
            case _:
                order = Order.RELEVANCE if question.kind is Kind.RELEVANCE else Order.NEWEST
                return self._store.search(query, now=NOW, limit=PAGE, order=order).total

    def size_bytes(self) -> int:
        """Return the size of the database."""
        return folder_bytes(self._folder)

    def close(self) -> None:
        """Close the store."""
        self._store.close()


def _keep(store: Store, articles: Iterable[Article]) -> Iterable[list[_Told]]:
    """Keep articles a thousand at a time and tag them one by one; return those of each story."""
    listed: set[str] = set()
    stories: dict[int, list[_Told]] = {}
    remaining = iter(articles)
    while batch := list(islice(remaining, BATCH)):
        listed |= {each.source for each in batch}
        waiting = _list_entries(store, batch, sorted(listed))
        keepings = [keeping_of(each, waiting[each.url]) for each in batch]
        for article, kept in zip(batch, store.keep_all(keepings), strict=True):
            _tag(store, article, kept.version_id)
            if article.story is not None:
                told = stories.setdefault(article.story, [])
                told.append((kept.article_id, article.published_at, article.title))
    return stories.values()


def typed(question: Question) -> str:
    """Return a question as a person types it."""
    words = " ".join(question.words)
    match question.kind:
        case Kind.PHRASE:
            return f'"{words}"'
        case Kind.PREFIX:
            return f"{words}*"
    if question.entity:
        words += f' entity:"{question.entity}"'
    return f"{words} date:{question.month}" if question.month else words


def reading_of(article: Article) -> Reading:
    """Return what the page of an article would say."""
    return Reading(
        url=article.url,
        canonical_url=article.url,
        title=article.title,
        text=article.text,
        authors=article.authors,
        published_at=article.published_at,
        date_source=DateSource.META,
        lang=article.lang,
        site=article.site,
        access=Access(article.access),
    )


def keeping_of(article: Article, entry_id: int | None = None) -> Keeping:
    """Return an article as a pass hands it to the store, seen soon after it was published."""
    return Keeping(
        reading=reading_of(article),
        relevant=True,
        reasons=RULE,
        capture=None,
        entry_id=entry_id,
        imported_from=None,
        next_reading_at=None,
        now=article.published_at + DELAY,
    )


def _list_entries(store: Store, batch: list[Article], sources: list[str]) -> dict[str, int]:
    """Save articles as polls list them; return their entries' ids."""
    now = max(each.published_at for each in batch) + DELAY
    store.save_sources([Source(url=url, name=url.split("/")[2]) for url in sources], now=now)
    by_source = sorted(batch, key=lambda each: each.source)
    for source, listed in groupby(by_source, key=lambda each: each.source):
        entries = [Entry(source_url=source, key=each.url, url=each.url) for each in listed]
        store.record_poll(SourceState(url=source, state="ok"), entries, now=now)
    pending = store.pending_entries(now=now, limit=len(batch))
    return {each.entry.url: each.id for each in pending}


def _tag(store: Store, article: Article, version_id: int) -> None:
    tags = Tags(lang=article.lang, mentions=tuple(_mentions(article)))
    now = article.published_at + DELAY
    store.save_tags(version_id, tags, (), tagger="bench", now=now)


def _mentions(article: Article) -> Iterator[Mention]:
    for name in article.entities:
        start = max(0, article.text.find(name))
        yield Mention(
            start=start,
            end=start + len(name),
            text=name,
            entity=name,
            kind=EntityKind.PERSON,
            by="bench",
        )


def _story(told: list[_Told]) -> Story:
    told = sorted(told, key=lambda each: each[1])
    return Story(
        id=0,
        title=told[0][2],
        first_at=told[0][1],
        last_at=told[-1][1],
        articles=tuple(article for article, _, _ in told),
        independent_sources=len(told),
    )
