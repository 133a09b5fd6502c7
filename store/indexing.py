"""The search index: the words of every current version.

It asks nothing: `store.searching` does. It can be dropped and rebuilt from the versions.
"""

from model.article import Reading
from model.matching import join_authors
from model.words import words
from store.database import Database


def index_words(db: Database, order_id: int, reading: Reading) -> None:
    """Put a version's words into the search index."""
    db.execute(
        "INSERT INTO article_words (rowid, title, text, author) VALUES (?, ?, ?, ?)",
        (order_id, *_indexed(reading)),
    )


def unindex_words(db: Database, order_id: int, reading: Reading) -> None:
    """Take a version's words out of the search index, which asks for the words it was given."""
    db.execute(
        "INSERT INTO article_words (article_words, rowid, title, text, author)"
        " VALUES ('delete', ?, ?, ?, ?)",
        (order_id, *_indexed(reading)),
    )


def _indexed(reading: Reading) -> tuple[str, str, str]:
    title, text, author = reading.title, reading.text, join_authors(reading.authors)
    return " ".join(words(title)), " ".join(words(text)), " ".join(words(author))
