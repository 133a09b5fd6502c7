"""What a rule would keep of all that is held, beside the rule in use, before it is saved.

Articles and the readings that were not kept are looked at a batch at a time; only what is shown
is held on to. It writes nothing.
"""

import heapq
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

import msgspec

from app.rule_passages import Passage, find_passage
from app.steps.judging import may_differ
from app.steps.relevance import Rule, Verdict
from model.article import Reading
from model.source import Source
from nlp.tagger_facts import ChangedNames
from store.judging import HeldArticle
from store.reader import Reader

BATCH = 200

Tell = Callable[[int, int], None]
"""Called with how many texts were looked at, and how many there are."""


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """A text as a rule sees it: an article by its id, or the reading of an entry not kept.

    `reasons` and `passage` are of the rule tried; of the one in use where that alone keeps it.
    """

    article: int | None
    entry: int | None
    url: str
    title: str
    site: str
    published_at: datetime | None
    seen_at: datetime
    reasons: tuple[str, ...]
    title_marks: tuple[tuple[int, int], ...]
    passage: str
    marks: tuple[tuple[int, int], ...]


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """How many texts there are of a kind, and the newest of them."""

    count: int
    newest: tuple[Tried, ...]


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule would keep, beside the rule in use."""

    rule: str
    in_use: str
    articles: int
    unkept: int
    newly_kept: Listed
    no_longer_kept: Listed
    as_before: Listed


class _Text(msgspec.Struct, frozen=True):
    """A text that a rule keeps, and all it takes to show it."""

    reading: Reading
    source: Source | None
    article: int | None
    entry: int | None
    url: str
    seen_at: datetime


class _Newest:
    """Counts texts and holds on to the newest."""

    def __init__(self, limit: int) -> None:
        self.count = 0
        self._limit = limit
        self._held: list[tuple[datetime, int, _Text, Verdict]] = []

    def add(self, text: _Text, verdict: Verdict) -> None:
        self.count += 1
        at = min(text.reading.published_at or text.seen_at, text.seen_at)
        entry = (at, self.count, text, verdict)
        if len(self._held) < self._limit:
            heapq.heappush(self._held, entry)
        elif self._held and entry[:2] > self._held[0][:2]:
            heapq.heapreplace(self._held, entry)

    def listed(self, rule: Rule) -> Listed:
        held = sorted(self._held, key=lambda one: one[:2], reverse=True)
        newest = tuple(_tried(text, verdict, rule) for *_, text, verdict in held)
        return Listed(count=self.count, newest=newest)


class RuleTrial:
    """A rule tried beside the one in use, over all that a store holds."""

    def __init__(self, in_use: Rule, tried: Rule, sources: Mapping[str, Source]) -> None:
        """Compare two rules; `sources` are those of the configuration, by their addresses."""
        self._in_use, self._tried, self._sources = in_use, tried, sources
        is_same = in_use.facts.query == tried.facts.query
        both = in_use.facts.entities, tried.facts.entities
        self._names = ChangedNames(*both) if is_same else None

    def run(self, store: Reader, rules: tuple[str, str], limit: int, tell: Tell) -> Trial:
        """Ask both rules, told as the one in use and the one tried, about all that is held."""
        new, gone, same = _Newest(limit), _Newest(limit), _Newest(limit)
        articles, unkept = store.count_held()
        for done, texts in enumerate(_texts(store, self._sources), 1):
            was, now = self._judge(texts)
            if now is not None:
                (same if was is not None else new).add(*now)
            elif was is not None:
                gone.add(*was)
            if done % BATCH == 0:
                tell(done, articles + unkept)
        return Trial(
            rule=rules[1],
            in_use=rules[0],
            articles=articles,
            unkept=unkept,
            newly_kept=new.listed(self._tried),
            no_longer_kept=gone.listed(self._in_use),
            as_before=same.listed(self._tried),
        )

    def _judge(self, texts: "_Versions") -> tuple["_Kept | None", "_Kept | None"]:
        """Return by which of its versions each rule keeps a text, the newest one first."""
        was: _Kept | None = None
        now: _Kept | None = None
        for text in texts:
            before, after = self._judge_both(text)
            was = was or ((text, before) if before.relevant else None)
            now = now or ((text, after) if after.relevant else None)
            if was and now:
                break
        return was, now

    def _judge_both(self, text: _Text) -> tuple[Verdict, Verdict]:
        before = self._in_use.subject(text.reading, text.source)
        was = self._in_use.judge_subject(before)
        if not may_differ(text.reading, self._names):
            return was, was
        named = self._tried.subject(text.reading, text.source)
        # the words of a text are cut once, where both watch lists find the same in it
        now = self._tried.judge_subject(before if named.entities == before.entities else named)
        return was, now


_Kept = tuple[_Text, Verdict]
_Versions = Iterator[_Text]


def _texts(store: Reader, sources: Mapping[str, Source]) -> Iterator[_Versions]:
    """Yield what is held: for each article its versions, for each unkept reading that alone."""
    after = 0
    while articles := store.held_articles(after=after, limit=BATCH):
        after = articles[-1].version.article_id
        for article in articles:
            yield _versions(store, article, sources)
    after = 0
    while readings := store.unkept_readings(after=after, limit=BATCH):
        after = readings[-1].entry_id
        for one in readings:
            source, url = sources.get(one.source_url), one.reading.url
            yield iter((_Text(one.reading, source, None, one.entry_id, url, one.read_at),))


def _versions(store: Reader, article: HeldArticle, sources: Mapping[str, Source]) -> _Versions:
    """Yield the versions of an article, the current one first."""
    source, current = sources.get(article.source_url), article.version
    number = current.article_id
    yield _Text(current.reading, source, number, None, article.url, current.seen_at)
    older = store.versions(number)[:-1] if article.versions > 1 else ()
    for version in reversed(older):
        yield _Text(version.reading, source, number, None, article.url, version.seen_at)


def _tried(text: _Text, verdict: Verdict, rule: Rule) -> Tried:
    reading = text.reading
    passage: Passage = find_passage(rule, rule.subject(reading, text.source))
    return Tried(
        article=text.article,
        entry=text.entry,
        url=text.url,
        title=reading.title,
        site=reading.site,
        published_at=reading.published_at,
        seen_at=text.seen_at,
        reasons=verdict.reasons,
        title_marks=passage.title_marks,
        passage=passage.text,
        marks=passage.marks,
    )
