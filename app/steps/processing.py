"""Last step of a pass: what the kept articles say, who copies whom, what happened when.

It works on what the store says is still to do, one article a transaction, so that a killed pass
goes on where it stopped. `vigie rebuild` asks for parts to be made again; it is done here.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from app.steps.happenings import bring_events_up
from app.steps.joining import join_names, prepare_joining
from app.steps.retagging import spare_untouched
from app.steps.retellings import SIGNER, compare_article, settle_stories
from model.article import Version
from model.event import DatedSentence
from model.matching import local_day
from model.mention import Tags
from nlp.dates.finding import infer_published_on
from nlp.events.building import ArticleFacts, dated_sentences
from nlp.sentences import split_sentences
from nlp.tagging import Tagger
from store import Store
from store.derived import Part

BATCH = 100
DAY = timedelta(days=1)
"""A publication date further ahead than that is a mistake, and counts for nothing."""

Tell = Callable[[str, int, int], None]
"""Called with the step, how many are done and how many there are."""


class Processed(msgspec.Struct, kw_only=True):
    """What processing did."""

    tagged: int = 0
    compared: int = 0
    copies: int = 0
    events: int = 0


def process_kept(
    store: Store, tagger: Tagger, clock: Callable[[], datetime], tell: Tell
) -> Processed:
    """Tag, compare and date every kept article that was not yet."""
    store.drop_asked(now=clock())
    store.save_watched(tagger.entities)
    prepare_joining(store)
    spare_untouched(store, tagger, clock)
    done = Processed()
    done.tagged = _tag_all(store, tagger, clock, tell)
    done.compared, done.copies = _compare_all(store, tell)
    store.note_made((Part.COPIES, Part.STORIES), SIGNER, now=clock())
    done.events = bring_events_up(store, clock)
    return done


def _tag_all(store: Store, tagger: Tagger, clock: Callable[[], datetime], tell: Tell) -> int:
    tagged = 0
    while waiting := store.untagged(tagger.version, limit=BATCH):
        total = tagged + len(waiting)
        for version in waiting:
            _tag(store, version, tagger, clock())
            tagged += 1
            tell("tag", tagged, total)
    if store.made_by(Part.TAGS) != tagger.version:
        tagged += _tag_older(store, tagger, clock)
        store.note_made((Part.TAGS,), tagger.version, now=clock())
    return tagged


def _tag(store: Store, version: Version, tagger: Tagger, now: datetime) -> None:
    tags = tag_version(version, tagger)
    sentences = date_sentences(store, version, tags, tagger.zone)
    joined = join_names(store, version.id, tags)
    store.save_tags(version.id, tags, sentences, tagger=tagger.version, now=now, joined=joined)


def _tag_older(store: Store, tagger: Tagger, clock: Callable[[], datetime]) -> int:
    """Tag again what others than current texts of the affair were once found to say."""
    tagged = 0
    while waiting := store.outdated(tagger.version, limit=BATCH):
        for version in waiting:
            _tag(store, version, tagger, clock())
            tagged += 1
    store.drop_unnamed()
    return tagged


def tag_version(version: Version, tagger: Tagger) -> Tags:
    """Return what one version's text says."""
    reading = version.reading
    is_believable = reading.published_at is None or reading.published_at <= version.seen_at + DAY
    return tagger.tag(
        reading.text,
        lang=reading.lang,
        published_at=reading.published_at if is_believable else None,
        title=reading.title,
    )


def date_sentences(
    store: Store, version: Version, tags: Tags, zone: ZoneInfo
) -> tuple[DatedSentence, ...]:
    """Return the sentences of one version that date something."""
    reading = version.reading
    article = store.article(version.article_id)
    facts = ArticleFacts(
        article=version.article_id,
        url=article.url,
        title=reading.title,
        site=reading.site,
        lang=tags.lang,
        published_at=reading.published_at,
        published_on=None if article.dated_in_future else _published_on(version, tags, zone),
    )
    spans = split_sentences(reading.text, tags.lang)
    return dated_sentences(facts, reading.text, spans, tags.dates, tags.mentions)


def _published_on(version: Version, tags: Tags, zone: ZoneInfo) -> date | None:
    reading = version.reading
    if reading.published_at is not None:
        return local_day(reading.published_at, zone, reading.published_precision)
    inferred = infer_published_on(tags.dates)
    return inferred.on if inferred else None


def _compare_all(store: Store, tell: Tell) -> tuple[int, int]:
    """Compare what was not yet; return how many articles that were and the copies found."""
    compared = copies = 0
    while waiting := store.unsigned(SIGNER, limit=BATCH):
        total = compared + len(waiting)
        for article in waiting:
            copies += compare_article(store, article)
            compared += 1
            tell("compare", compared, total)
        settle_stories(store)
    settle_stories(store)
    return compared, copies
