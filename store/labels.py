"""What an article is labelled with, each label one number and one character, and how many are.

A label's number is a word of the search index, its character stands in `article_label`. The
counts follow from how the labels of one article change, so that they are right after any change.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo

from store.database import Database, Row
from store.identity import time_of
from store.values import marks

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
MOVING = frozenset({Kind.MARK, Kind.ENTITY, Kind.STORY, Kind.TAG})
"""The kinds that can change while the text stays."""

FACETED = frozenset({Kind.SOURCE, Kind.LANG, Kind.ENTITY, Kind.STORY, Kind.MONTH, Kind.ACCESS})
"""The kinds that facets count; the others stand apart, so that they need not be read for that."""

_NAMED = (
    "SELECT 'entity' AS kind, e.key AS value FROM entity e WHERE e.id IN"
    " (SELECT entity_id FROM mention WHERE version_id = :version)"
    " UNION ALL SELECT 'story', CAST(story_id AS TEXT) FROM story_article WHERE article_id = :id"
    " UNION ALL SELECT iif(kind = 'tag', 'tag', 'mark'), iif(kind = 'tag', value, kind)"
    " FROM annotation WHERE article_id = :id AND kind <> 'note'"
    " UNION ALL SELECT 'mark', 'copy' WHERE EXISTS (SELECT 1 FROM copy WHERE article_id = :id)"
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


class Labels:
    """The numbers of labels and how their counts change, within one transaction."""

    def __init__(self, db: Database) -> None:
        """Work with a database that is being written."""
        self._db = db
        self._numbers: dict[Label, int] = {}
        self._kinds: dict[int, str] = {}
        self._changes: dict[int, list[int]] = {}

    def numbers(self, labels: Iterable[Label]) -> list[int]:
        """Return the numbers of labels, in order, each once; new labels get theirs."""
        return sorted({self._numbers.get(label) or self._number(label) for label in labels})

    def fixed(self, numbers: Sequence[int]) -> list[int]:
        """Return those of an article's labels that stay while its text stays."""
        rows = self._db.rows(
            f"SELECT id, facet FROM label WHERE id IN ({marks(numbers)})",  # noqa: S608
            tuple(numbers),
        )
        kinds = {row["id"]: row["facet"] for row in rows}
        self._kinds.update(kinds)
        return [number for number, kind in kinds.items() if kind not in MOVING]

    def spell(self, numbers: Sequence[int]) -> tuple[str, str]:
        """Return labels met before as characters: those that facets count, and the others."""
        faceted = [number for number in numbers if self._kinds[number] in FACETED]
        others = [number for number in numbers if self._kinds[number] not in FACETED]
        return "".join(map(to_character, faceted)), "".join(map(to_character, others))

    def relevant(self) -> int:
        """Return the number of the label of what is relevant."""
        return self.numbers([(Kind.MARK, Mark.RELEVANT)])[0]

    def _number(self, label: Label) -> int:
        kind, value = label
        known = self._db.value("SELECT id FROM label WHERE facet = ? AND value = ?", label)
        if known is None:
            known = self._db.insert("label", {"facet": kind, "value": value})
        self._numbers[label] = int(known)
        self._kinds[int(known)] = kind
        return int(known)

    def count(self, before: Sequence[int], after: Sequence[int]) -> None:
        """Note that an article had the labels `before` and has those `after`."""
        relevant = self.relevant()
        for labels, step in ((before, -1), (after, 1)):
            among = step if relevant in labels else 0
            for label in labels:
                change = self._changes.setdefault(label, [0, 0])
                change[0] += step
                change[1] += among

    def save_counts(self) -> None:
        """Save how the counts changed, at the end of the transaction."""
        self._db.execute_many(
            "UPDATE label SET articles = articles + ?, relevant = relevant + ? WHERE id = ?",
            [(*change, label) for label, change in self._changes.items() if any(change)],
        )
        self._changes.clear()
