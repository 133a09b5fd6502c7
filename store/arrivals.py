"""New articles of one transaction: gathered, then written together.

It decides nothing: `store.articles` does. It never ends a transaction.
"""

from collections.abc import Iterable, Sequence

from store.database import Database, Row
from store.entries import close_entries, link_entries
from store.evidence.ledger import next_number, save_all_entered
from store.identity import PLACES_PER_SECOND
from store.search.indexing import Indexer
from store.values import to_json

_LAST_PLACE = "SELECT max(order_id) FROM article WHERE order_id >= ? AND order_id < ?"
_LAST_PLACES = (
    "SELECT value AS first, coalesce((SELECT max(order_id) FROM article"  # noqa: S608 - a number
    f" WHERE order_id >= value AND order_id < value + {PLACES_PER_SECOND}), value - 1) AS last"
    " FROM json_each(?)"
)


class Arrivals:
    """What waits to be written within one transaction; `close` it before that ends.

    Whatever asks for an article that waits has it written first.
    """

    def __init__(
        self, db: Database, urls: Iterable[str], entry_ids: Iterable[int], places: Iterable[int]
    ) -> None:
        """Look up at once what is known of addresses, of entries and of the seconds of `places`."""
        self._db = db
        self.indexer = Indexer(db)
        self._known = find_known(db, urls)
        self._origins = {
            row.pop("id"): row
            for row in _among(db, "SELECT id, source_id, quiet FROM entry WHERE id", entry_ids)
        }
        self._last_id: int | None = None
        self._last_version: int | None = None
        self._last_places = _find_last_places(db, list(places))
        self._touched: set[int] = set()
        self._articles: list[Row] = []
        self._versions: list[Row] = []
        self._addresses: list[tuple[str, int, str]] = []
        self._links: list[tuple[str, int]] = []
        self._closed: list[tuple[int, int]] = []

    def close(self) -> None:
        """Write all that waits, and the counts of the index."""
        self.flush()
        self.indexer.close()

    def find_article_id(self, urls: Iterable[str]) -> int | None:
        """Return the article that has one of the addresses asked about, the first one's first."""
        return next((self._known[url] for url in urls if url in self._known), None)

    def find_row(self, article_id: int) -> Row | None:
        """Return an article as it is now, with nothing of it waiting."""
        if article_id in self._touched:
            self.flush()
            self.indexer.flush()
            self._touched.clear()
        return self._db.find_row("SELECT * FROM article WHERE id = ?", (article_id,))

    def touch(self, article_id: int) -> None:
        """Note that what is held of an article changes."""
        self._touched.add(article_id)

    def origin(self, entry_id: int | None) -> Row:
        """Return which source brought an article, and whether it did so quietly."""
        return self._origins.get(entry_id or 0, {"source_id": None, "quiet": 0})

    def next_article_id(self) -> int:
        """Return the number of a new article."""
        if self._last_id is None:
            self._last_id = int(self._db.value("SELECT coalesce(max(id), 0) FROM article"))
        self._last_id += 1
        return self._last_id

    def next_version_id(self) -> int:
        """Return the number of a new article's version, which is entered with the article."""
        if self._last_version is None:
            self._last_version = next_number(self._db, "version") - 1
        self._last_version += 1
        return self._last_version

    def free_place(self, first: int) -> int:
        """Return the first free place from `first` on; a full second gives way to the next."""
        while True:
            end = first + PLACES_PER_SECOND
            last = self._last_places.get(first)
            if last is None:
                last = self._db.value(_LAST_PLACE, (first, end))
            place = first if last is None else last + 1
            if place < end:
                self._last_places[first] = place
                return place
            first = end

    def add(self, article: Row, version: Row) -> None:
        """Take in a new article with its first version."""
        self._articles.append(article)
        self._versions.append(version)
        self._touched.add(article["id"])

    def add_addresses(self, article_id: int, urls: Sequence[str], added_at: str) -> None:
        """Note under which addresses an article is known; one that is another's stays so."""
        for url in urls:
            if url not in self._known:
                self._known[url] = article_id
                self._addresses.append((url, article_id, added_at))
        self._links += [(url, article_id) for url in urls]

    def close_entry(self, entry_id: int, article_id: int) -> None:
        """Note that an entry became an article."""
        self._closed.append((entry_id, article_id))

    def flush(self) -> None:
        """Write the articles that wait, so that other rows may name them."""
        self._last_version = None
        self._last_places.clear()
        if self._articles:
            self._db.insert_many("article", self._articles)
            save_all_entered(self._db, "version", self._versions)
        if self._addresses:
            self._db.execute_many(
                "INSERT INTO address (url, article_id, added_at) VALUES (?, ?, ?)"
                " ON CONFLICT (url) DO NOTHING",
                self._addresses,
            )
        link_entries(self._db, self._links)
        close_entries(self._db, self._closed)
        for waiting in (self._articles, self._versions, self._addresses, self._links, self._closed):
            waiting.clear()


def _find_last_places(db: Database, firsts: Sequence[int]) -> dict[int, int]:
    """Return the last place taken in each of many seconds; the one before it, where none is."""
    if len(firsts) == 1:  # it is asked for where it is needed: that costs a tenth of this
        return {}
    return {row["first"]: row["last"] for row in db.rows(_LAST_PLACES, (to_json(firsts),))}


def find_known(db: Database, urls: Iterable[str]) -> dict[str, int]:
    """Return the articles that have these addresses, by address."""
    rows = _among(db, "SELECT url, article_id FROM address WHERE url", urls)
    return {row["url"]: int(row["article_id"]) for row in rows}


def _among(db: Database, sql: str, values: Iterable[object]) -> Iterable[Row]:
    """Yield the rows that have one of many values: one question however many they are."""
    listed = list(values)
    if not listed:
        return ()
    return db.rows(f"{sql} IN (SELECT value FROM json_each(?))", (to_json(listed),))  # noqa: S608
