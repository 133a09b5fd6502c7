"""The search index and the labels of every article, kept with the rows they follow from.

It asks nothing: `store.search.searching` does. `store.search.reindexing` makes all of it anew.
"""

from collections.abc import Iterable, Sequence

from store.database import Database
from store.search.labels import Label, Labels, moving_labels, to_number
from store.search.terms import LABEL, RULES, Text

INDEXER = RULES
"""What names the rules by which this program makes the index."""

_Entry = tuple[int, str, str, str, str]
"""A row of the index: its number, the words of title, text and authors, and the terms."""

_LABEL = (
    "INSERT INTO article_label (order_id, labels, others) VALUES (?, ?, ?)"
    " ON CONFLICT (order_id) DO UPDATE SET labels = excluded.labels, others = excluded.others"
)

_FACETS = (
    "INSERT INTO article_facet (order_id, labels, entities, stories) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (order_id) DO UPDATE SET labels = excluded.labels, entities = excluded.entities,"
    " stories = excluded.stories"
)


class Indexer:
    """Keeps the index within one transaction; `close` it before that ends.

    What it is given is written by `flush`, all at once and in order: FTS5 writes what it gathered
    to its tables whenever another statement may have to be taken back, which cost it as much
    again for each article.
    """

    def __init__(self, db: Database) -> None:
        """Work with a database that is being written."""
        self._db = db
        self._labels = Labels(db)
        self._waiting: set[int] = set()
        self._arrived: list[tuple[int, Text, Sequence[Label]]] = []
        self._taken: list[_Entry] = []
        self._put: list[_Entry] = []
        self._put_old: list[_Entry] = []
        self._labelled: list[tuple[int, str, str]] = []
        self._faceted: list[tuple[int, str, str, str]] = []

    def close(self) -> None:
        """Write what waits, and the counts."""
        self.flush()
        self._labels.save_counts()

    def flush(self) -> None:
        """Write what waits."""
        self._label_arrived()
        _take(self._db, self._taken)
        _put(self._db, "", self._put)
        _put(self._db, "old_", self._put_old)
        if self._labelled:
            self._db.execute_many(_LABEL, sorted(self._labelled))
            self._db.execute_many(_FACETS, sorted(self._faceted))
        for written in (self._taken, self._put, self._put_old, self._labelled, self._faceted):
            written.clear()
        self._waiting.clear()

    def add(self, order_id: int, text: Text, labels: Sequence[Label]) -> None:
        """Put an article's words and labels into the index."""
        self._waiting.add(order_id)
        self._arrived.append((order_id, text, self._labels.share(labels)))

    def _label_arrived(self) -> None:
        """Give the articles that arrived the numbers of their labels, all looked up at once."""
        self._labels.learn(label for *_, labels in self._arrived for label in labels)
        for order_id, text, labels in self._arrived:
            numbers = self._labels.numbers(labels)
            self._put.append(_entry(order_id, text, numbers))
            self._labels.count((), numbers)
            self._labelled.append((order_id, *self._labels.spell(numbers)))
            self._faceted.append((order_id, *self._labels.spell_facets(numbers)))
        self._arrived.clear()

    def remove(self, order_id: int, text: Text) -> None:
        """Take an article's words and labels out of the index, which asks for what it was given.

        One that is not in the index yet will be put into it as it then is.
        """
        if (numbers := self._held(order_id)) is None:
            return
        self._waiting.add(order_id)
        self._taken.append(_entry(order_id, text, numbers))
        self._labels.count(numbers, ())
        self._db.execute("DELETE FROM article_label WHERE order_id = ?", (order_id,))
        self._db.execute("DELETE FROM article_facet WHERE order_id = ?", (order_id,))

    def add_old(self, version_id: int, text: Text) -> None:
        """Put the words of a version that is no longer current into the index."""
        self._put_old.append(_entry(version_id, text, ()))

    def is_held(self, order_id: int) -> bool:
        """Tell whether the article at a place is in the index."""
        return self._held(order_id) is not None

    def relabel(self, article_id: int) -> None:
        """Bring an article's labels to what the tables say now; its words stay as they are."""
        row = next(self._db.rows("SELECT * FROM article WHERE id = ?", (article_id,)))
        order_id = row["order_id"]
        if (before := self._held(order_id)) is None:
            return
        moved = self._labels.numbers(moving_labels(self._db, row))
        after = sorted({*self._labels.fixed(before), *moved})
        if before == after:
            return
        # the index keeps each word for itself: what stays needs no mention; but it counts a row
        # less each time, and is taken for malformed below none, so that both are always done
        gone, new = set(before) - set(after), set(after) - set(before)
        _take_terms(self._db, "stem_index", order_id, _words_of(gone))
        _put_terms(self._db, "stem_index", order_id, _words_of(new))
        self._labels.count(before, after)
        self._db.execute(_LABEL, (order_id, *self._labels.spell(after)))
        self._db.execute(_FACETS, (order_id, *self._labels.spell_facets(after)))

    def _held(self, order_id: int) -> list[int] | None:
        if order_id in self._waiting:
            self.flush()
        sql = "SELECT labels || others FROM article_label WHERE order_id = ?"
        held = self._db.value(sql, (order_id,))
        return None if held is None else sorted(to_number(ord(one)) for one in held)


def relabel(db: Database, article_ids: Iterable[int]) -> None:
    """Bring the labels of articles to what the tables say now, within a transaction."""
    indexer = Indexer(db)
    for article_id in article_ids:
        indexer.relabel(article_id)
    indexer.close()


def _entry(number: int, text: Text, labels: Iterable[int]) -> _Entry:
    return number, text.title, text.text, text.author, f"{text.terms} {_words_of(labels)}"


def _words_of(numbers: Iterable[int]) -> str:
    return " ".join([f"{LABEL}{number}" for number in sorted(numbers)])


def _put(db: Database, prefix: str, entries: Sequence[_Entry]) -> None:
    if not entries:
        return
    entries = sorted(entries)
    db.execute_many(
        f"INSERT INTO {prefix}word_index (rowid, title, text, author) VALUES (?, ?, ?, ?)",  # noqa: S608
        [entry[:4] for entry in entries],
    )
    db.execute_many(
        f"INSERT INTO {prefix}stem_index (rowid, terms) VALUES (?, ?)",  # noqa: S608
        [(entry[0], entry[4]) for entry in entries],
    )


def _take(db: Database, entries: Sequence[_Entry]) -> None:
    if not entries:
        return
    entries = sorted(entries)
    db.execute_many(
        "INSERT INTO word_index (word_index, rowid, title, text, author)"
        " VALUES ('delete', ?, ?, ?, ?)",
        [entry[:4] for entry in entries],
    )
    db.execute_many(
        "INSERT INTO stem_index (stem_index, rowid, terms) VALUES ('delete', ?, ?)",
        [(entry[0], entry[4]) for entry in entries],
    )


def _put_terms(db: Database, table: str, rowid: int, found: str) -> None:
    db.execute(f"INSERT INTO {table} (rowid, terms) VALUES (?, ?)", (rowid, found))  # noqa: S608


def _take_terms(db: Database, table: str, rowid: int, found: str) -> None:
    db.execute(
        f"INSERT INTO {table} ({table}, rowid, terms) VALUES ('delete', ?, ?)",  # noqa: S608
        (rowid, found),
    )
