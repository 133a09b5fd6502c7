"""Queries as expressions of the search index, and conditions where it has none.

A tree becomes one expression of one FTS5 table wherever that can say it, so that the index walks
what answers newest first. It runs nothing but small look-ups of labels.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import msgspec

from model.matching import (
    resolve_days,
)
from model.query import (
    And,
    Column,
    Day,
    Everything,
    Flag,
    Has,
    Is,
    Near,
    Not,
    Or,
    Query,
    Within,
    Words,
)
from model.query_tree import Versions
from model.stems import ASKED_LANGS, asked_stems
from store.database import Database
from store.label_queries import PLACES, label_numbers, place_after, place_before
from store.labels import Kind, Mark, to_character
from store.terms import EXACT, LABEL, TITLE, TITLE_ONLY
from store.values import marks

STEMS, WORDS = "stem_index", "word_index"


class Condition(msgspec.Struct, frozen=True):
    """A piece of SQL over `s.rowid`, an article's place, that is 0 or 1, never NULL; its values."""

    sql: str
    values: tuple[Any, ...] = ()


class Compiled(msgspec.Struct, frozen=True, kw_only=True):
    """A query as an expression of one table between two places, and what must hold beside it.

    The condition reads `l`, an article's labels, where `needs_labels`. `known` is how many
    articles answer, where that is kept.
    """

    table: str
    match: str
    places: tuple[int, int]
    condition: Condition
    needs_labels: bool
    known: int | None


class _Ask(msgspec.Struct, frozen=True):
    """An expression of one table; `is_label` where it asks for labels alone."""

    match: str
    table: str = STEMS
    is_label: bool = False


ABSENCES = (Flag.UNREAD, Flag.ORIGINAL)

EVERY = Condition("1")
_ALL, _NOTHING = _Ask("", is_label=True), _Ask(f'"{LABEL}0"', is_label=True)


def compile_query(query: Query, db: Database, today: date) -> Compiled:
    """Return a query as the index is asked it, within one transaction with the asking."""
    return _Compiler(db, today).compile(query)


def any_of(matches: Iterable[str]) -> str:
    """Return an expression for what answers at least one of several."""
    listed = list(dict.fromkeys(matches))
    return listed[0] if len(listed) == 1 else f"({' OR '.join(listed)})"


def _all_of(matches: Iterable[str]) -> str:
    listed = list(dict.fromkeys(matches))
    return listed[0] if len(listed) == 1 else f"({' AND '.join(listed)})"


def _flat(query: Query) -> list[Query]:
    if isinstance(query, And):
        return [one for part in query.parts for one in _flat(part)]
    return [query]


class _Compiler:
    """The expressions of one query."""

    def __init__(self, db: Database, today: date) -> None:
        self._db = db
        self._today = today
        held = db.find_row(
            "SELECT id, articles FROM label WHERE facet = ? AND value = ?", (Kind.MARK, Mark.HELD)
        )
        self._held: int = held["id"] if held else 0
        self._articles: int = held["articles"] if held else 0
        self._all_match = f'"{LABEL}{self._held}"'

    def compile(self, query: Query) -> Compiled:
        """Return the query in two parts that both hold: an expression and a condition."""
        parts = _flat(query)
        asked = [(part, self._ask(part)) for part in parts]
        others = [part for part, ask in asked if ask is None]
        labels = [part for part, ask in asked if ask is not None and ask.is_label]
        stems = [ask for _, ask in asked if ask and not ask.is_label and ask.table == STEMS]
        exact = [(part, ask) for part, ask in asked if ask and ask.table == WORDS]
        conditions = [self._condition(part) for part in others]
        places = self._places(parts)
        table, needs_labels = STEMS, False
        if exact and not stems:
            table, match = WORDS, _all_of(ask.match for _, ask in exact)
            conditions += [self._labelled(part) for part in labels if self._ask(part) != _ALL]
            needs_labels = bool(labels)
        else:
            label_ask = self._ask(And(tuple(labels))) if labels else _ALL
            matches = [one.match for one in (label_ask, *stems) if one and one.match]
            match = _all_of(matches or [self._all_match])
            if exact:
                conditions.append(_in_index(_all_of(ask.match for _, ask in exact), places))
        return Compiled(
            table=table,
            match=match,
            places=places,
            condition=_joined(" AND ", conditions) if conditions else EVERY,
            needs_labels=needs_labels,
            known=None if others or stems or exact else self._known(labels),
        )

    def _known(self, labels: Sequence[Query]) -> int | None:
        """Return how many articles have some labels, where that is kept."""
        if any(isinstance(leaf, Is) and leaf.flag in ABSENCES for leaf in labels):
            return None
        sets = [
            label_numbers(self._db, leaf, self._today) for leaf in labels if self._ask(leaf) != _ALL
        ]
        if not sets:
            return self._articles
        if None in sets or any(len(numbers or ()) != 1 for numbers in sets):
            return None
        ids = [numbers[0] for numbers in sets if numbers]
        rows = [self._db.find_row("SELECT * FROM label WHERE id = ?", (one,)) or {} for one in ids]
        is_relevant = [(row["facet"], row["value"]) == (Kind.MARK, Mark.RELEVANT) for row in rows]
        if len(rows) == 1:
            return int(rows[0]["articles"])
        if len(rows) == 2 and any(is_relevant):
            return int(rows[is_relevant.index(False)]["relevant"]) if not all(is_relevant) else None
        return None

    def _places(self, parts: Sequence[Query]) -> tuple[int, int]:
        """Return between which places all that answers stands, as far as dates tell."""
        first, last = PLACES
        for part in parts:
            if isinstance(part, Within) and part.day is Day.DATE:
                days = resolve_days(part, self._today)
                if not self._stands_elsewhere(*days):
                    first = max(first, place_before(days[0]))
                    last = min(last, place_after(days[1]))
        return first, last

    def _stands_elsewhere(self, first: date, last: date) -> bool:
        sql = "SELECT 1 FROM label WHERE facet = ? AND value BETWEEN ? AND ? AND articles > 0"
        values = (Kind.ASTRAY, first.isoformat(), last.isoformat())
        return self._db.value(f"{sql} LIMIT 1", values) is not None

    def _ask(self, query: Query) -> _Ask | None:
        """Return a query as an expression of one table, None when there is none."""
        match query:
            case Everything():
                return _ALL
            case Words() | Near():
                return None if query.versions is Versions.ANY else self._ask_words(query)
            case Has() | Is() | Within():
                numbers = label_numbers(self._db, query, self._today)
                return None if numbers is None else self._ask_labels(query, numbers)
            case Not(part):
                return self._ask_not(part)
            case Or(parts):
                return self._ask_or(parts)
            case And():
                return self._ask_and(_flat(query))
            case _:
                return None

    def _ask_labels(self, query: Query, numbers: Sequence[int]) -> _Ask:
        if isinstance(query, Is) and query.flag in ABSENCES:
            return self._without(_Ask(_labels(numbers), is_label=True)) if numbers else _ALL
        if not numbers:
            return _NOTHING
        counts = self._db.rows(
            f"SELECT articles FROM label WHERE id IN ({marks(numbers)})",  # noqa: S608
            tuple(numbers),
        )
        if any(row["articles"] == self._articles for row in counts):
            return _ALL
        return _Ask(_labels(numbers), is_label=True)

    def _without(self, ask: _Ask) -> _Ask:
        return _Ask(f"({self._all_match} NOT {ask.match})", is_label=ask.is_label)

    def _ask_not(self, part: Query) -> _Ask | None:
        ask = self._ask(part)
        if ask is None or ask.table == WORDS:
            return None
        if ask in (_ALL, _NOTHING):
            return _NOTHING if ask == _ALL else _ALL
        return self._without(ask)

    def _ask_or(self, parts: Sequence[Query]) -> _Ask | None:
        asks = [self._ask(part) for part in parts]
        if None in asks:
            return None
        known = [ask for ask in asks if ask is not None and ask != _NOTHING]
        if _ALL in known:
            return _ALL
        if len({ask.table for ask in known}) > 1:
            return None
        if not known:
            return _NOTHING
        match = any_of(ask.match for ask in known)
        return _Ask(match, known[0].table, all(ask.is_label for ask in known))

    def _ask_and(self, parts: Sequence[Query]) -> _Ask | None:
        """FTS5 knows NOT only beside something that is sought."""
        denied = [self._ask(part.part) for part in parts if isinstance(part, Not)]
        sought = [self._ask(part) for part in parts if not isinstance(part, Not)]
        if None in denied or None in sought:
            return None
        wanted = [ask for ask in sought if ask is not None and ask != _ALL]
        unwanted = [ask for ask in denied if ask is not None and ask != _NOTHING]
        if _NOTHING in wanted or _ALL in unwanted:
            return _NOTHING
        if len({ask.table for ask in (*wanted, *unwanted)}) > 1:
            return None
        if not wanted and not unwanted:
            return _ALL
        table = (*wanted, *unwanted)[0].table
        if not wanted and table == WORDS:
            return None
        match = _all_of(ask.match for ask in wanted) if wanted else self._all_match
        if unwanted:
            match = f"({match} NOT {any_of(ask.match for ask in unwanted)})"
        return _Ask(match, table, all(ask.is_label for ask in (*wanted, *unwanted)))

    def _ask_words(self, leaf: Words | Near) -> _Ask:
        if isinstance(leaf, Words) and leaf.plain and leaf.column is not Column.AUTHOR:
            return _Ask(self._plain(leaf.tokens[0], leaf.column))
        return _Ask(_exact(leaf), WORDS)

    def _plain(self, word: str, column: Column = Column.ANY) -> str:
        """Return one word by its stems, and as it is in other languages."""
        sought = list(asked_stems(word))
        if self._has_other_languages():
            sought.append(EXACT + word)
        if column is Column.TITLE:
            return any_of(f'"{TITLE}{one}"' for one in sought)
        if column is Column.TEXT:
            return any_of(f'("{one}" NOT "{TITLE_ONLY}{one}")' for one in sought)
        return any_of(f'"{one}"' for one in sought)

    def _has_other_languages(self) -> bool:
        sql = (
            "SELECT 1 FROM label WHERE facet = ? AND articles > 0"  # noqa: S608
            f" AND value NOT IN ({marks(ASKED_LANGS)}) LIMIT 1"
        )
        return self._db.value(sql, (Kind.LANG, *ASKED_LANGS)) is not None

    def _labelled(self, query: Query) -> Condition:
        """Return a query for labels alone as a condition on `l`, an article's labels."""
        match query:
            case And(parts):
                return _joined(" AND ", map(self._labelled, parts))
            case Or(parts):
                return _joined(" OR ", map(self._labelled, parts))
            case Not(part):
                inner = self._labelled(part)
                return Condition(f"(NOT {inner.sql})", inner.values)
            case Everything():
                return EVERY
        numbers = label_numbers(self._db, query, self._today) or []
        found = _joined(
            " OR ",
            [Condition("0"), *(Condition("instr(l.labels || l.others, ?) > 0", (to_character(n),))
                               for n in numbers)],
        )  # fmt: skip
        is_denied = isinstance(query, Is) and query.flag in ABSENCES
        return Condition(f"(NOT {found.sql})", found.values) if is_denied else found

    def _condition(self, query: Query) -> Condition:
        """Return a query as a condition on places."""
        ask = self._ask(query)
        if ask == _ALL:
            return EVERY
        if ask is not None:
            return _in_table(ask.table, ask.match)
        match query:
            case Not(part):
                inner = self._condition(part)
                return Condition(f"(NOT {inner.sql})", inner.values)
            case And(parts):
                return _joined(" AND ", map(self._condition, parts))
            case Or(parts):
                return _joined(" OR ", map(self._condition, parts))
            case Within():
                return self._of_event(query)
            case Words() | Near():
                return self._in_any_version(query)
            case _:
                raise AssertionError(f"{query} has an expression")

    def _of_event(self, leaf: Within) -> Condition:
        first, last = (day.isoformat() for day in resolve_days(leaf, self._today))
        sql = (
            "(+s.rowid IN (SELECT a.order_id FROM dated_sentence d JOIN article a"
            " ON a.id = d.article_id WHERE d.from_on <= ? AND d.to_on >= ?))"
        )
        return Condition(sql, (last, first))

    def _in_any_version(self, leaf: Words | Near) -> Condition:
        ask = self._ask_words(leaf)
        old = f"old_{ask.table}"
        sql = (
            f"(+s.rowid IN (SELECT a.order_id FROM {old} o CROSS JOIN version v ON v.id = o.rowid"  # noqa: S608
            f" CROSS JOIN article a ON a.id = v.article_id WHERE {old} MATCH ?))"
        )
        current = _in_table(ask.table, ask.match)
        return _joined(" OR ", [current, Condition(sql, (self._in_old(leaf, ask),))])

    def _in_old(self, leaf: Words | Near, ask: _Ask) -> str:
        """Return an expression for older versions, whose languages are not counted."""
        if ask.table == WORDS:
            return ask.match
        word = leaf.tokens[0]
        return any_of([ask.match, *_exact_forms(word, leaf.column)])


def _exact_forms(word: str, column: Column) -> list[str]:
    match column:
        case Column.TITLE:
            return [f'"{TITLE}{EXACT}{word}"']
        case Column.TEXT:
            return [f'("{EXACT}{word}" NOT "{TITLE_ONLY}{EXACT}{word}")']
        case _:
            return [f'"{EXACT}{word}"']


def _labels(numbers: Sequence[int]) -> str:
    return any_of(f'"{LABEL}{number}"' for number in numbers)


def _exact(leaf: Words | Near) -> str:
    """Return exact words as an expression."""
    columns = "{title text}" if leaf.column is Column.ANY else leaf.column
    if isinstance(leaf, Near):
        quoted = " ".join(f'"{token}"' for token in leaf.tokens)
        return f"{columns} : NEAR({quoted}, {leaf.gap})"
    star = " *" if leaf.prefix else ""
    return f'{columns} : "{" ".join(leaf.tokens)}"{star}'


def _in_index(match: str, places: tuple[int, int]) -> Condition:
    sql = (
        "(+s.rowid IN (SELECT rowid FROM word_index WHERE word_index MATCH ?"
        " AND rowid >= ? AND rowid < ?))"
    )
    return Condition(sql, (match, *places))


def _in_table(table: str, match: str) -> Condition:
    sql = f"(+s.rowid IN (SELECT rowid FROM {table} WHERE {table} MATCH ?))"  # noqa: S608
    return Condition(sql, (match,))


def _joined(operator: str, conditions: Iterable[Condition]) -> Condition:
    listed = list(conditions)
    sql = f"({operator.join(condition.sql for condition in listed)})"
    return Condition(sql, tuple(value for condition in listed for value in condition.values))
