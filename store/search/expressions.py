"""Expressions of FTS5 that are put together from others and of single leaves, and their trees.

It never touches the database.
"""

from collections.abc import Iterable, Sequence

from model.query import And, Column, Near, Or, Query, Words
from model.query_tree import Versions
from store.search.terms import EXACT, LABEL, START, START_LETTERS, TITLE, TITLE_ONLY


def parts_of(query: Query) -> list[Query]:
    """Return what must all hold, without ANDs within ANDs."""
    if isinstance(query, And):
        return [one for part in query.parts for one in parts_of(part)]
    return [query]


def choices_of(query: Query) -> list[Query]:
    """Return of what one must hold, without ORs within ORs."""
    if isinstance(query, Or):
        return [one for part in query.parts for one in choices_of(part)]
    return [query]


def is_of_any(query: Query) -> bool:
    """Tell whether a query is words that are sought in any version."""
    return isinstance(query, Words | Near) and query.versions is Versions.ANY


def any_of(matches: Iterable[str]) -> str:
    """Return an expression for what answers at least one of several."""
    listed = list(dict.fromkeys(matches))
    return listed[0] if len(listed) == 1 else f"({' OR '.join(listed)})"


def all_of(matches: Iterable[str]) -> str:
    """Return an expression for what answers every one of several."""
    listed = list(dict.fromkeys(matches))
    return listed[0] if len(listed) == 1 else f"({' AND '.join(listed)})"


def exact_forms(word: str, column: Column) -> list[str]:
    """Return how one word as it is stands in a column of the index of stems."""
    match column:
        case Column.TITLE:
            return [f'"{TITLE}{EXACT}{word}"']
        case Column.TEXT:
            return [f'("{EXACT}{word}" NOT "{TITLE_ONLY}{EXACT}{word}")']
        case _:
            return [f'"{EXACT}{word}"']


def any_label(numbers: Sequence[int]) -> str:
    """Return an expression for what has at least one of several labels."""
    return any_of(f'"{LABEL}{number}"' for number in numbers)


def is_start(leaf: Words | Near) -> bool:
    """Tell whether the index of stems holds a prefix, as the start of words of title or text."""
    return (
        isinstance(leaf, Words)
        and leaf.prefix
        and leaf.column is Column.ANY
        and len(leaf.tokens) == 1
        and len(leaf.tokens[0]) <= START_LETTERS
    )


def word_start(prefix: str) -> str:
    """Return an expression of stems for what a prefix begins, and for more where it is longer."""
    start = f'"{START}{prefix[:START_LETTERS]}"'
    return start if len(prefix) >= START_LETTERS else f"{start} *"


def exact_words(leaf: Words | Near) -> str:
    """Return exact words as an expression."""
    columns = "{title text}" if leaf.column is Column.ANY else leaf.column
    if isinstance(leaf, Near):
        quoted = " ".join(f'"{token}"' for token in leaf.tokens)
        return f"{columns} : NEAR({quoted}, {leaf.gap})"
    star = " *" if leaf.prefix else ""
    return f'{columns} : "{" ".join(leaf.tokens)}"{star}'
