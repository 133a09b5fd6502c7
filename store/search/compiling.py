"""Queries as expressions of the search index, and conditions where it has none.

A tree becomes one expression of one FTS5 table wherever that can say it, so that the index walks
what answers newest first. It runs nothing but small look-ups of labels.
"""

from collections.abc import Sequence
from datetime import date
from functools import cached_property

import msgspec

from model.matching import resolve_days
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
from model.query_tree import Versions, in_versions
from model.stems import asked_stems
from store.database import Database
from store.search.conditions import (
    EVERY,
    Condition,
    denied,
    in_index,
    in_old,
    in_table,
    joined,
    labelled,
    of_event,
)
from store.search.expressions import (
    all_of,
    any_label,
    any_of,
    choices_of,
    exact_forms,
    exact_words,
    is_of_any,
    is_start,
    parts_of,
    word_start,
)
from store.search.label_queries import (
    PLACES,
    has_other_languages,
    label_numbers,
    place_after,
    place_before,
    stands_elsewhere,
)
from store.search.labels import Kind, Mark, to_character
from store.search.terms import EXACT, LABEL, TITLE, TITLE_ONLY
from store.values import marks

STEMS, WORDS = "stem_index", "word_index"


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

_ALL, _NOTHING = _Ask("", is_label=True), _Ask(f'"{LABEL}0"', is_label=True)


def compile_query(query: Query, db: Database, today: date) -> Compiled:
    """Return a query as the index is asked it, within one transaction with the asking."""
    return _Compiler(db, today).compile(query)


class _Compiler:
    """The expressions of one query; its conditions are asked only `among` what has some label."""

    def __init__(self, db: Database, today: date, among: str = "") -> None:
        self._db = db
        self._today = today
        self._among = among
        held = db.find_row(
            "SELECT id, articles FROM label WHERE facet = ? AND value = ?", (Kind.MARK, Mark.HELD)
        )
        self._held: int = held["id"] if held else 0
        self._articles: int = held["articles"] if held else 0
        self._all_match = f'"{LABEL}{self._held}"'

    def compile(self, query: Query) -> Compiled:
        """Return the query in two parts that both hold: an expression and a condition."""
        parts = parts_of(query)
        asked = [(part, self._ask(part)) for part in parts]
        others = [part for part, ask in asked if ask is None]
        labels = [part for part, ask in asked if ask is not None and ask.is_label]
        stems = [ask for _, ask in asked if ask and not ask.is_label and ask.table == STEMS]
        exact = [(part, ask) for part, ask in asked if ask and ask.table == WORDS]
        wide, conditions = self._narrowed(others)
        stems += wide
        places = self._places(parts)
        table, needs_labels = STEMS, False
        if exact and not stems:
            table, match = WORDS, all_of(ask.match for _, ask in exact)
            labelled = [self._labelled(part) for part in labels if self._ask(part) != _ALL]
            conditions, needs_labels = conditions + labelled, bool(labelled)
        else:
            label_ask = self._ask(And(tuple(labels))) if labels else _ALL
            matches = [one.match for one in (label_ask, *stems) if one and one.match]
            match = all_of(matches or [self._all_match])
            if exact:
                conditions.append(in_index(all_of(ask.match for _, ask in exact), places))
        return Compiled(
            table=table,
            match=match,
            places=places,
            condition=joined(" AND ", conditions) if conditions else EVERY,
            needs_labels=needs_labels,
            known=None if others or stems or exact else self._known(labels),
        )

    def _narrowed(self, others: Sequence[Query]) -> tuple[list[_Ask], list[Condition]]:
        """Return what holds all that answers parts without an expression, and what must hold then.

        An article that never changed answers in any version what it answers now: no look-up.
        """
        now = [self._ask_now(part) for part in others]
        rest = [part for part, ask in zip(others, now, strict=True) if ask is None]
        asks = [_Ask(wide) for part in rest if (wide := self._wide(part))]
        conditions = self._conditions(rest)
        if len(rest) == len(others):
            return asks, conditions
        current, changed = all_of(ask.match for ask in now if ask), self._changed
        asks.append(_Ask(any_of([current, changed]) if changed else current))
        if changed:
            old = [part for part, ask in zip(others, now, strict=True) if ask is not None]
            held = _Compiler(self._db, self._today, changed)._conditions(old)
            unchanged = denied(in_table(STEMS, changed))
            conditions.append(joined(" OR ", [unchanged, joined(" AND ", held)]))
        return asks, conditions

    def _ask_now(self, part: Query) -> _Ask | None:
        """Return what a part asks of current versions where it asks any, None when it does not."""
        now = in_versions(part, Versions.CURRENT)
        ask = self._ask(now) if now != part else None
        return ask if ask and ask.match and ask.table == STEMS else None

    def _wide(self, query: Query) -> str | None:
        """Return an expression of stems that all answers to a query have, None when none has."""
        match query:
            case And(parts):
                found = [wide for part in parts if (wide := self._wide(part))]
                return all_of(found) if found else None
            case Or(parts):
                wides = [self._wide(part) for part in parts]
                return None if None in wides else any_of(wide for wide in wides if wide)
            case Words(column=Column.AUTHOR) | Near(column=Column.AUTHOR) | Not():
                return None
            case Words() | Near():
                *whole, last = query.tokens
                is_prefix = isinstance(query, Words) and query.prefix
                end = word_start(last) if is_prefix else self._plain(last)
                wide = all_of([*map(self._plain, whole), end])
                is_any = query.versions is Versions.ANY and self._changed
                return any_of([wide, self._changed]) if is_any else wide
            case _:
                ask = self._ask(query)
                return ask.match or None if ask else None

    @cached_property
    def _changed(self) -> str:
        """Return the label of articles of several versions, nothing where there is none."""
        numbers = label_numbers(self._db, Is(typed="", flag=Flag.CHANGED), self._today)
        return any_label(numbers) if numbers else ""

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
                if not stands_elsewhere(self._db, *days):
                    first = max(first, place_before(days[0]))
                    last = min(last, place_after(days[1]))
        return first, last

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
                return self._ask_and(parts_of(query))
            case _:
                return None

    def _ask_labels(self, query: Query, numbers: Sequence[int]) -> _Ask:
        if isinstance(query, Is) and query.flag in ABSENCES:
            return self._without(_Ask(any_label(numbers), is_label=True)) if numbers else _ALL
        if not numbers:
            return _NOTHING
        counts = self._db.rows(
            f"SELECT articles FROM label WHERE id IN ({marks(numbers)})",  # noqa: S608
            tuple(numbers),
        )
        if any(row["articles"] == self._articles for row in counts):
            return _ALL
        return _Ask(any_label(numbers), is_label=True)

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
        match = all_of(ask.match for ask in wanted) if wanted else self._all_match
        if unwanted:
            match = f"({match} NOT {any_of(ask.match for ask in unwanted)})"
        return _Ask(match, table, all(ask.is_label for ask in (*wanted, *unwanted)))

    def _ask_words(self, leaf: Words | Near) -> _Ask:
        if isinstance(leaf, Words) and leaf.plain and leaf.column is not Column.AUTHOR:
            return _Ask(self._plain(leaf.tokens[0], leaf.column))
        if is_start(leaf):
            return _Ask(word_start(leaf.tokens[0]))
        return _Ask(exact_words(leaf), WORDS)

    def _plain(self, word: str, column: Column = Column.ANY) -> str:
        """Return one word by its stems, and as it is in other languages."""
        sought = list(asked_stems(word))
        if has_other_languages(self._db):
            sought.append(EXACT + word)
        if column is Column.TITLE:
            return any_of(f'"{TITLE}{one}"' for one in sought)
        if column is Column.TEXT:
            return any_of(f'("{one}" NOT "{TITLE_ONLY}{one}")' for one in sought)
        return any_of(f'"{one}"' for one in sought)

    def _labelled(self, query: Query) -> Condition:
        """Return a query for labels alone as a condition on `l`, an article's labels."""
        match query:
            case And(parts):
                return joined(" AND ", map(self._labelled, parts))
            case Or(parts):
                return joined(" OR ", map(self._labelled, parts))
            case Not(part):
                return denied(self._labelled(part))
            case Everything():
                return EVERY
        numbers = label_numbers(self._db, query, self._today) or []
        found = labelled(map(to_character, numbers))
        return denied(found) if isinstance(query, Is) and query.flag in ABSENCES else found

    def _condition(self, query: Query) -> Condition:
        """Return a query as a condition on places."""
        ask = self._ask(query)
        if ask == _ALL:
            return EVERY
        if ask is not None:
            return self._in_table(ask.table, ask.match)
        match query:
            case Not(part):
                return denied(self._condition(part))
            case And():
                return joined(" AND ", self._conditions(parts_of(query)))
            case Or():
                return self._one_of(choices_of(query))
            case Within():
                return of_event(*resolve_days(query, self._today))
            case Words() | Near():
                return self._in_any_version((query,))
            case _:
                raise AssertionError(f"{query} has an expression")

    def _in_table(self, table: str, match: str) -> Condition:
        among = self._among if table == STEMS else ""
        return in_table(table, f"({match}) AND {among}" if among else match)

    def _conditions(self, parts: Sequence[Query]) -> list[Condition]:
        """Return what must all hold; words that no version may hold are sought together."""
        unwanted = [part.part for part in parts if isinstance(part, Not) and is_of_any(part.part)]
        others = [one for one in parts if not (isinstance(one, Not) and is_of_any(one.part))]
        found = list(map(self._condition, others))
        return [*found, denied(self._one_of(unwanted))] if unwanted else found

    def _one_of(self, parts: Sequence[Query]) -> Condition:
        """Return what one of several must hold; words of any version are sought together."""
        words = [part for part in parts if isinstance(part, Words | Near) and is_of_any(part)]
        found = [self._condition(part) for part in parts if not is_of_any(part)]
        return joined(" OR ", [*found, self._in_any_version(words)] if words else found)

    def _in_any_version(self, leaves: Sequence[Words | Near]) -> Condition:
        """Return that any version has one of several words: two look-ups a table, however many."""
        asks = [(leaf, self._ask_words(leaf)) for leaf in leaves]
        found: list[Condition] = []
        for table in dict.fromkeys(ask.table for _, ask in asks):
            some = [(leaf, ask) for leaf, ask in asks if ask.table == table]
            found.append(self._in_table(table, any_of(ask.match for _, ask in some)))
            found.append(in_old(table, any_of(self._in_old(leaf, ask) for leaf, ask in some)))
        return joined(" OR ", found)

    def _in_old(self, leaf: Words | Near, ask: _Ask) -> str:
        """Return an expression for older versions, whose languages are not counted."""
        if ask.table == WORDS or is_start(leaf):
            return ask.match
        word = leaf.tokens[0]
        return any_of([ask.match, *exact_forms(word, leaf.column)])
