"""What an article is labelled with, each label one number and one character, and how many are.

A label's number is a word of the search index, its character stands in `article_label`. The
counts follow from how the labels of one article change, so that they are right after any change.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo

from store.database import Database, Row
from store.identity import time_of
from store.values import marks, to_json

_SURROGATES, _AFTER_SURROGATES = 0xD800, 0xE000
MAX_LABELS = 0x10FFFF - (_AFTER_SURROGATES - _SURROGATES)


class Kind(StrEnum):
    """What kinds of labels there are.

    `MARK` is one of `Mark`. `DAY`, `MONTH` and `YEAR` are of publication, empty where that is
    unknown; `SEEN` and the like of when it was first seen. `ASTRAY` is the day of publication of an
    article whose place in time is on another day.
    """

    MARK = "mark"
    SOURCE = "source"
    SITE = "site"
    LANG = "lang"
    ACCESS = "access"
    ENTITY = "entity"
    STORY = "story"
    TAG = "tag"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    SEEN = "seen"
    SEEN_MONTH = "seen-month"
    SEEN_YEAR = "seen-year"
    ASTRAY = "astray"


class Mark(StrEnum):
    """What an article is or is not; every one is HELD."""

    HELD = "held"
    RELEVANT = "relevant"
    CHANGED = "changed"
    REMOVED = "removed"
    COPY = "copy"
    STARRED = "star"
    READ = "read"


Label = tuple[Kind, str]
_RELEVANT: Label = (Kind.MARK, Mark.RELEVANT)
MOVING = frozenset({Kind.MARK, Kind.ENTITY, Kind.STORY, Kind.TAG})
"""The kinds that can change while the text stays."""

FACETS = {
    Kind.ENTITY: "entities",
    Kind.STORY: "stories",
    **dict.fromkeys((Kind.SOURCE, Kind.LANG, Kind.MONTH, Kind.ACCESS), "labels"),
}
"""The kinds that facets count, and the column of `article_facet` that spells them: kinds of which
there are many labels each in its own."""

_NAMED = (
    "SELECT 'entity' AS kind, e.key AS value FROM entity e WHERE e.id IN"
    " (SELECT entity_id FROM mention WHERE version_id = :version)"
    " UNION ALL SELECT 'story', CAST(story_id AS TEXT) FROM story_article WHERE article_id = :id"
    " UNION ALL SELECT iif(kind = 'tag', 'tag', 'mark'), iif(kind = 'tag', value, kind)"
    " FROM annotation WHERE article_id = :id AND kind <> 'note'"
    " UNION ALL SELECT 'mark', 'copy' WHERE EXISTS (SELECT 1 FROM copy WHERE article_id = :id)"
)


_KNOWN = (
    "SELECT asked.key AS place, label.id AS number FROM json_each(?) AS asked CROSS JOIN label"
    " ON label.facet = asked.value ->> 0 AND label.value = asked.value ->> 1"
)


def moving_labels(db: Database, row: Row) -> list[Label]:
    """Return the labels of an article that can change while its text stays, as tables say."""
    named = db.rows(_NAMED, {"id": row["id"], "version": row["current_id"]})
    found: list[Label] = [
        *new_labels(row),
        *((Kind(found["kind"]), found["value"]) for found in named),
    ]
    found += [(Kind.MARK, Mark.CHANGED)] if row["versions"] > 1 else []
    found += [(Kind.MARK, Mark.REMOVED)] if row["absent_since"] is not None else []
    return found


def new_labels(row: Row) -> list[Label]:
    """Return those of them that an article has when it is new, of which nothing else is known."""
    held: list[Label] = [(Kind.MARK, Mark.HELD)]
    return [*held, (Kind.MARK, Mark.RELEVANT)] if row["relevant"] else held


def fixed_labels(row: Row, access: str, zone: ZoneInfo) -> list[Label]:
    """Return the labels that follow from an article's text, origin and place in time."""
    source, on, seen_on = row["source_id"], row["published_on"] or "", row["first_seen_on"]
    found: list[Label] = [
        (Kind.SOURCE, "" if source is None else str(source)),
        (Kind.SITE, row["site"]),
        (Kind.LANG, row["lang"]),
        (Kind.ACCESS, access),
        (Kind.DAY, on),
        (Kind.MONTH, on[:7]),
        (Kind.YEAR, on[:4]),
        (Kind.SEEN, seen_on),
        (Kind.SEEN_MONTH, seen_on[:7]),
        (Kind.SEEN_YEAR, seen_on[:4]),
    ]
    if on and on != day_of(row["order_id"], zone).isoformat():
        found.append((Kind.ASTRAY, on))
    return found


def day_of(place: int, zone: ZoneInfo) -> date:
    """Return the day of the affair's calendar that a place in time is on."""
    return time_of(place).astimezone(zone).date()


def to_character(number: int) -> str:
    """Return the character of a label; no text holds a surrogate."""
    return chr(to_code(number))


def to_code(number: int) -> int:
    """Return the code of the character of a label."""
    return number if number < _SURROGATES else number + _AFTER_SURROGATES - _SURROGATES


def to_number(code: int) -> int:
    """Return the label of a character's code."""
    return code if code < _SURROGATES else code - (_AFTER_SURROGATES - _SURROGATES)


def count_codes(spelt: str) -> Counter[int]:
    """Return how often each label stands in what was spelt, by its character's code."""
    return Counter(memoryview(spelt.encode("utf-32-le")).cast("I"))


class Labels:
    """The numbers of labels and how their counts change, within one transaction."""

    def __init__(self, db: Database) -> None:
        """Work with a database that is being written."""
        self._db = db
        self._shared: dict[Label, Label] = {}
        self._numbers: dict[Label, int] = {}
        self._faceted: dict[int, str] = {}
        self._facets: dict[str, dict[int, str]] = {column: {} for column in FACETS.values()}
        self._others: dict[int, str] = {}
        self._articles: Counter[int] = Counter()
        self._among: Counter[int] = Counter()

    def numbers(self, labels: Iterable[Label]) -> list[int]:
        """Return the numbers of labels, in order, each once; new labels get theirs."""
        listed = list(labels)
        self.learn(listed)
        return sorted({self._numbers[label] for label in listed})

    def share(self, labels: Iterable[Label]) -> tuple[Label, ...]:
        """Return the same labels, each the one that is met already: many articles share it."""
        shared = self._shared
        return tuple([shared.setdefault(label, label) for label in labels])

    def learn(self, labels: Iterable[Label]) -> None:
        """Look up at once the numbers of labels not met before; new labels get theirs."""
        unmet = list(dict.fromkeys(label for label in labels if label not in self._numbers))
        if not unmet:
            return
        for row in self._db.rows(_KNOWN, (to_json(unmet),)):
            self._meet(unmet[row["place"]], row["number"])
        if new := [label for label in unmet if label not in self._numbers]:
            self._add(new)

    def _add(self, labels: Sequence[Label]) -> None:
        first = self._db.value("SELECT 1 + coalesce(max(id), 0) FROM label")
        for number, label in enumerate(labels, start=first):
            self._meet(label, number)
        self._db.insert_many(
            "label",
            [{"id": self._numbers[label], "facet": label[0], "value": label[1]}
             for label in labels],
        )  # fmt: skip

    def _meet(self, label: Label, number: int) -> None:
        self._numbers[label] = number
        self._know(number, label[0])

    def _know(self, number: int, kind: str) -> None:
        sign = to_character(number)
        if kind in FACETS:
            self._faceted[number] = self._facets[FACETS[Kind(kind)]][number] = sign
        else:
            self._others[number] = sign

    def fixed(self, numbers: Sequence[int]) -> list[int]:
        """Return those of an article's labels that stay while its text stays."""
        rows = self._db.rows(
            f"SELECT id, facet FROM label WHERE id IN ({marks(numbers)})",  # noqa: S608
            tuple(numbers),
        )
        kinds = {row["id"]: row["facet"] for row in rows}
        for number, kind in kinds.items():
            self._know(number, kind)
        return [number for number, kind in kinds.items() if kind not in MOVING]

    def spell(self, numbers: Sequence[int]) -> tuple[str, str]:
        """Return labels met before as characters: those that facets count, and the others."""
        faceted, others = self._faceted, self._others
        return (
            "".join([faceted[number] for number in numbers if number in faceted]),
            "".join([others[number] for number in numbers if number in others]),
        )

    def spell_facets(self, numbers: Sequence[int]) -> tuple[str, str, str]:
        """Return the labels met before that facets count: of few kinds, of names, of stories."""
        entities, stories, labels = self._facets.values()
        return (
            "".join([labels[number] for number in numbers if number in labels]),
            "".join([entities[number] for number in numbers if number in entities]),
            "".join([stories[number] for number in numbers if number in stories]),
        )

    def relevant(self) -> int:
        """Return the number of the label of what is relevant."""
        return self._numbers.get(_RELEVANT) or self.numbers([_RELEVANT])[0]

    def count(self, before: Sequence[int], after: Sequence[int]) -> None:
        """Note that an article had the labels `before` and has those `after`."""
        relevant = self.relevant()
        self._articles.update(after)
        self._articles.subtract(before)
        if relevant in after:
            self._among.update(after)
        if relevant in before:
            self._among.subtract(before)

    def save_counts(self) -> None:
        """Save how the counts changed, at the end of the transaction."""
        changes = (
            (articles, self._among[number], number) for number, articles in self._articles.items()
        )
        self._db.execute_many(
            "UPDATE label SET articles = articles + ?, relevant = relevant + ? WHERE id = ?",
            [change for change in changes if change[0] or change[1]],
        )
        self._articles.clear()
        self._among.clear()
