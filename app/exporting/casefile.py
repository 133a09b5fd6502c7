"""What a case file holds: the articles that a query finds, in order, numbered, and their events.

Texts are gathered one article at a time, when its turn comes. It writes nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Generator, Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from app.comparing import Block, Piece, compare_texts, compare_words
from model.article import PAGE_BREAK
from model.event import Event
from model.query import Query
from store.evidence.captures import ChainHead
from store.evidence.ledger import LedgerHead
from store.evidence.proofs import LoggedCapture, Proof, ProvenChange, ProvenVersion
from store.exports import Exported
from store.reader import Reader
from store.records import CopyReport
from store.search.snippets import make_snippet, sought_words


class Exhibit(msgspec.Struct, frozen=True, kw_only=True):
    """An article and its number in the file, from 1; `article` is without its text."""

    number: int
    article: Exported


class ToldEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event, its number, and what tells it: (the article's number, the sentence).

    `elsewhere` counts the sentences of articles that are not in the file.
    """

    number: int
    event: Event
    passages: tuple[tuple[int, str], ...]
    elsewhere: int


class CaseFile(msgspec.Struct, frozen=True, kw_only=True):
    """A case file but for the texts: the articles, the earliest first, and the events."""

    affair: str
    asked: str
    query: Query
    made_at: datetime
    is_full: bool
    exhibits: tuple[Exhibit, ...]
    events: tuple[ToldEvent, ...]
    chain: ChainHead
    ledger: LedgerHead

    @property
    def numbers(self) -> Mapping[int, int]:
        """Return the number of each article, by its id."""
        return {one.article.article: one.number for one in self.exhibits}


class Passage(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of a text in pieces, every second of which was sought; and the events it tells."""

    pieces: tuple[str, ...]
    events: tuple[int, ...] = ()


class ShownVersion(msgspec.Struct, frozen=True, kw_only=True):
    """One version, its capture, and how its words differ from the version before."""

    proven: ProvenVersion
    capture: LoggedCapture | None
    changes: tuple[ProvenChange, ...]
    title: tuple[Piece, ...] = ()
    blocks: tuple[Block, ...] = ()


class Detail(msgspec.Struct, frozen=True, kw_only=True):
    """All that is told of one article; `text` has its pages, or nothing where passages do."""

    exhibit: Exhibit
    proof: Proof
    versions: tuple[ShownVersion, ...]
    copies: tuple[CopyReport, ...]
    named: tuple[tuple[str, str, int], ...]
    passages: tuple[Passage, ...]
    pages: tuple[str, ...]


def gather(articles: Iterator[Exported]) -> tuple[Exhibit, ...]:
    """Return articles numbered in the order of their dates, without their texts."""
    slim = [msgspec.structs.replace(article, text="") for article in articles]
    slim.sort(key=lambda article: (stands_at(article), article.article))
    return tuple(Exhibit(number=n, article=article) for n, article in enumerate(slim, start=1))


def stands_at(article: Exported) -> datetime:
    """Return when an article was published, or first seen where that is not known."""
    at = None if article.dated_in_future else article.published_at
    return at or article.first_seen_at


def gather_events(events: Sequence[Event], exhibits: Sequence[Exhibit]) -> tuple[ToldEvent, ...]:
    """Return the events that an article of the file tells, numbered in the order of their days."""
    numbers = {one.article.article: one.number for one in exhibits}
    told = [event for event in events if any(c.article in numbers for c in event.citations)]
    return tuple(_told(n, event, numbers) for n, event in enumerate(told, start=1))


def _told(number: int, event: Event, numbers: Mapping[int, int]) -> ToldEvent:
    passages = [
        (numbers[one.article], one.sentence) for one in event.citations if one.article in numbers
    ]
    # first who says it in the event's own words
    passages.sort(key=lambda passage: passage[1] != event.text)
    elsewhere = len(event.citations) - len(passages)
    return ToldEvent(number=number, event=event, passages=tuple(passages), elsewhere=elsewhere)


def detail(store: Reader, case: CaseFile) -> Generator[Detail]:
    """Yield what is told of each article.

    Raises DamageError when what is held no longer matches its proof.
    """
    told: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for event in case.events:
        for number, sentence in event.passages:
            told[number].append((event.number, sentence))
    for exhibit in case.exhibits:
        yield _detail(store, case, exhibit, told[exhibit.number])


def _detail(
    store: Reader, case: CaseFile, exhibit: Exhibit, told: Sequence[tuple[int, str]]
) -> Detail:
    proof = store.proof(exhibit.article.article)
    text = proof.article.current.reading.text
    tags = store.tags(proof.article.current.id)
    mentions = tags.mentions if tags else ()
    named = Counter((mention.entity, str(mention.kind)) for mention in mentions)
    return Detail(
        exhibit=exhibit,
        proof=proof,
        versions=tuple(_versions(proof)),
        copies=store.copies(exhibit.article.article),
        named=tuple((name, kind, times) for (name, kind), times in named.most_common()),
        passages=() if case.is_full else tuple(_passages(text, case.query, told)),
        pages=tuple(text.split(PAGE_BREAK)) if case.is_full else (),
    )


def _versions(proof: Proof) -> Iterator[ShownVersion]:
    captures = {one.id: one for one in proof.captures}
    before: ProvenVersion | None = None
    for proven in proof.versions:
        number = proven.version.number
        yield ShownVersion(
            proven=proven,
            capture=None if proven.capture is None else captures.get(proven.capture),
            changes=tuple(change for change in proof.changes if change.version == number),
            title=_title(before, proven),
            blocks=_blocks(before, proven),
        )
        before = proven


def _title(before: ProvenVersion | None, after: ProvenVersion) -> tuple[Piece, ...]:
    if before is None or before.version.reading.title == after.version.reading.title:
        return ()
    return compare_words(before.version.reading.title, after.version.reading.title)


def _blocks(before: ProvenVersion | None, after: ProvenVersion) -> tuple[Block, ...]:
    if before is None or before.version.reading.text == after.version.reading.text:
        return ()
    blocks = compare_texts(before.version.reading.text, after.version.reading.text)
    return tuple(block for block in blocks if block.changed)


def _passages(text: str, query: Query, told: Sequence[tuple[int, str]]) -> Iterator[Passage]:
    """Yield the stretch that holds most of what was sought, then the sentences that tell events.

    Where there is neither, how the text begins.
    """
    snippet, marks = make_snippet(text, sought_words(query))
    if snippet and (marks or not told):
        yield Passage(pieces=tuple(_cut(snippet, marks)))
    events: dict[str, list[int]] = defaultdict(list)
    for number, sentence in told:
        events[sentence].append(number)
    for sentence, numbers in events.items():
        yield Passage(pieces=(sentence,), events=tuple(dict.fromkeys(numbers)))


def _cut(text: str, marks: Sequence[tuple[int, int]]) -> Iterator[str]:
    end = 0
    for start, stop in marks:
        yield text[end:start]
        yield text[start:stop]
        end = stop
    yield text[end:]
