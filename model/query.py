"""The query language of the affair's rule, search, saved searches and digest lists.

It reads what was typed into a tree; it never matches a text (`model.matching`) and knows no SQL
(`store.search.compiling`). Anything typed gives a tree or a QueryError with its place.
"""

import re
from collections.abc import Sequence
from difflib import get_close_matches

import msgspec

from model.article import Access
from model.errors import QueryError
from model.period import parse_period
from model.query_tree import (
    MAX_TREE_DEPTH,
    And,
    Column,
    Day,
    Everything,
    Facet,
    Flag,
    Has,
    Is,
    Leaf,
    Near,
    Not,
    Or,
    Query,
    Saved,
    Versions,
    Within,
    Words,
    depth_of,
    expand_entities,
    in_all_versions,
)
from model.source import SourceKind
from model.words import words

__all__ = [
    "And",
    "Column",
    "Day",
    "Everything",
    "Facet",
    "Flag",
    "Has",
    "Is",
    "Leaf",
    "Near",
    "Not",
    "Or",
    "Query",
    "Saved",
    "Versions",
    "Within",
    "Words",
    "expand_entities",
    "parse_query",
]

MAX_QUERY_CHARS = 10_000
MAX_DEPTH = 40
MAX_GAP = 1_000
# SQLite takes expressions of a depth of 1,000; each part can add to it.
MAX_PARTS = 300

IMPORTED = "import"
"""The kind of what no source listed."""

FIELDS = (*(c for c in Column if c is not Column.ANY), *Facet, *Day, "is", "version", "search")

_VALUES: dict[str, Sequence[str]] = {
    "is": tuple(Flag),
    "version": (Versions.ANY, Versions.CURRENT),
    Facet.ACCESS: tuple(Access),
    Facet.KIND: (*SourceKind, IMPORTED),
}
"""The fields that a closed list of values follows."""


def parse_query(text: str) -> Query:
    """Return what `text` asks for.

    Raises QueryError with the place where reading stopped.
    """
    if len(text) > MAX_QUERY_CHARS:
        raise QueryError(
            text[:60], 0, f"A query holds at most {MAX_QUERY_CHARS} characters, not {len(text)}."
        )
    return _Parser(text).parse()


_SKIPPED = re.compile(r"[\s\x00-\x1f\x7f]+")
_OPENING = {'"': '"', "“": '”“"', "”": '”"', "„": '“”"', "«": "»"}
_BARE = re.compile(r"""[^\s\x00-\x1f\x7f()"“”„«»]+""")
_FIELD = re.compile(r"([^\W\d_]+):")
_GAP = re.compile(r"~(\d+)")


class _Parser:
    """One reading of one query, from left to right.

    or := and (OR and)* ; and := unit ([AND] unit)* ; unit := (- | NOT)* primary
    primary := [field:] ( "(" or ")" | quoted | word )
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0
        self._parts = 0
        self._versions = Versions.CURRENT
        self._versions_at = 0

    def parse(self) -> Query:
        self._skip()
        if self._ended():
            return Everything()
        query = self._either("")
        if not self._ended():
            raise self._error("This parenthesis closes nothing: take it away.")
        if depth_of(query) > MAX_TREE_DEPTH:
            raise self._error(
                f"At most {MAX_TREE_DEPTH} choices nest in one another: ask for less.", 0
            )
        return in_all_versions(query) if self._versions is Versions.ANY else query

    def _error(self, reason: str, at: int | None = None) -> QueryError:
        return QueryError(self._text, self._at if at is None else at, reason)

    def _ended(self) -> bool:
        return self._at >= len(self._text)

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _skip(self) -> None:
        """Pass over white space, control characters and marks that hold no word."""
        while True:
            if space := _SKIPPED.match(self._text, self._at):
                self._at = space.end()
            elif (wordless := self._wordless()) is not None:
                self._at = wordless
            else:
                return

    def _wordless(self) -> int | None:
        """Return where a piece without any letter or digit ends, None when there is none here."""
        if self._peek() in _OPENING:
            end = self._closing_quote()
            is_empty = end is not None and not words(self._text[self._at + 1 : end])
            return end + 1 if end is not None and is_empty else None
        bare = _BARE.match(self._text, self._at)
        if bare is None or words(bare[0]):
            return None
        introduces = bare[0].endswith((":", "-")) and not self._is_followed_by_nothing(bare.end())
        return None if introduces else bare.end()

    def _is_followed_by_nothing(self, at: int) -> bool:
        following = self._text[at : at + 1]
        return not following or following.isspace() or following == ")"

    def _closing_quote(self) -> int | None:
        closing = _OPENING[self._peek()]
        places = range(self._at + 1, len(self._text))
        return next((place for place in places if self._text[place] in closing), None)

    def _keyword(self, name: str) -> bool:
        """Pass over an operator when it stands here as a whole word."""
        bare = _BARE.match(self._text, self._at)
        if bare is None or bare[0] != name:
            return False
        self._at = bare.end()
        self._skip()
        return True

    def _at_keyword(self, *names: str) -> bool:
        bare = _BARE.match(self._text, self._at)
        return bare is not None and bare[0] in names

    def _either(self, field: str) -> Query:
        parts = [self._all(field)]
        while self._keyword("OR"):
            parts.append(self._all(field))
        if len(parts) > 1:
            self._forbid_versions(parts)
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _forbid_versions(self, parts: Sequence[Query]) -> None:
        """Refuse `version:` where it could be taken for one choice, or for something denied."""
        if any(isinstance(part, Everything) for part in parts):
            raise self._error(
                "version: holds for the whole query: write it beside the words, once.",
                self._versions_at,
            )

    def _all(self, field: str) -> Query:
        parts = [self._unit(field)]
        while not (self._ended() or self._peek() == ")" or self._at_keyword("OR")):
            self._keyword("AND")
            parts.append(self._unit(field))
        sought = [part for part in parts if not isinstance(part, Everything)]
        return And(tuple(sought)) if len(sought) > 1 else (*sought, Everything())[0]

    def _unit(self, field: str) -> Query:
        negated = False
        while True:
            if self._keyword("NOT"):
                negated = not negated
            elif self._peek() == "-":
                self._at += 1
                self._skip()
                negated = not negated
            else:
                break
        part = self._primary(field)
        self._skip()
        if not negated:
            return part
        self._forbid_versions((part,))
        return part.part if isinstance(part, Not) else Not(part)

    def _primary(self, field: str) -> Query:
        self._parts += 1
        if self._parts > MAX_PARTS:
            raise self._error(f"A query holds at most {MAX_PARTS} words.", 0)
        if self._ended():
            raise self._error("A word is missing at the end.")
        if self._at_keyword("AND", "OR"):
            raise self._error("A word is missing before this operator.")
        if self._peek() == "(":
            return self._group(field)
        if self._peek() == ")":
            raise self._error("A word is missing before this parenthesis.")
        if self._peek() in _OPENING:
            return self._quoted(field, self._at)
        return self._bare(field)

    def _group(self, field: str) -> Query:
        opened = self._at
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._error(f"Parentheses nest at most {MAX_DEPTH} deep.")
        self._at += 1
        self._skip()
        query = self._either(field)
        if self._peek() != ")":
            raise self._error("This parenthesis is never closed.", opened)
        self._at += 1
        self._depth -= 1
        return query

    def _quoted(self, field: str, start: int) -> Query:
        end = self._closing_quote()
        if end is None:
            raise self._error("This quotation mark is never closed.")
        inside = self._text[self._at + 1 : end]
        self._at = end + 1
        gap = _GAP.match(self._text, self._at)
        if gap:
            self._at = gap.end()
        starred = gap is None and self._peek() == "*"
        if starred:
            self._at += 1
        typed = self._text[start : self._at]
        if field and field not in list(Column):
            return self._label(field, inside, typed, start)
        return self._words(
            field,
            inside,
            typed,
            start,
            gap[1] if gap else None,
            prefix=starred or inside.endswith("*"),
        )

    def _bare(self, field: str) -> Query:
        start = self._at
        bare = _BARE.match(self._text, start)
        if bare is None:
            raise self._error("This quotation mark opens nothing.")
        name = _FIELD.match(bare[0])
        if name and not field and self._is_field(name[1].lower(), start):
            self._at += name.end()
            return self._field(name[1].lower(), start)
        self._at = bare.end()
        if field and field not in list(Column):
            return self._label(field, bare[0], bare[0], start)
        return self._bare_word(field, bare[0], bare[0], start)

    def _bare_word(self, field: str, word: str, typed: str, at: int) -> Query:
        query = self._words(field, word, typed, at, None, prefix=word.endswith("*"))
        is_plain = isinstance(query, Words) and len(query.tokens) == 1 and not query.prefix
        return msgspec.structs.replace(query, plain=True) if is_plain else query

    def _is_field(self, name: str, at: int) -> bool:
        if name in FIELDS:
            return True
        if near := get_close_matches(name, FIELDS, 1, 0.75):
            raise self._error(f"There is no field {name}: did you mean {near[0]}:?", at)
        return False

    def _field(self, name: str, start: int) -> Query:
        if self._peek() == "(":
            return self._group(name)
        if self._peek() in _OPENING:
            return self._quoted(name, start)
        bare = _BARE.match(self._text, self._at)
        if bare is None:
            raise self._error(f"{name}: must be followed by what to look for.")
        at = self._at
        self._at = bare.end()
        typed = self._text[start : self._at]
        if name in list(Column):
            return self._bare_word(name, bare[0], typed, at)
        return self._label(name, bare[0], typed, at)

    def _words(
        self, field: str, inside: str, typed: str, at: int, gap: str | None, *, prefix: bool
    ) -> Query:
        tokens = tuple(words(inside))
        if not tokens:
            raise self._error("A letter or a digit is missing here.", at)
        if "*" in inside.strip('"').rstrip("*"):
            raise self._error("A * can stand only at the end of a word.", at)
        column = Column(field or Column.ANY)
        if gap is None:
            return Words(typed=typed, tokens=tokens, column=column, prefix=prefix)
        if len(gap) > 4 or int(gap) > MAX_GAP:
            raise self._error(f"Words can be at most {MAX_GAP} words apart.", at)
        different = tuple(dict.fromkeys(tokens))
        if len(different) == 1:
            return Words(typed=typed, tokens=different, column=column)
        return Near(typed=typed, tokens=different, gap=int(gap), column=column)

    def _label(self, field: str, value: str, typed: str, at: int) -> Query:
        # a lone surrogate stands in no stored text, and no database takes one
        value = " ".join(value.replace("\0", " ").split()).encode("utf-8", "ignore").decode()
        if field in _VALUES:
            return self._listed(field, value.lower(), typed, at)
        if field in list(Day):
            return self._within(field, value, typed, at)
        if not words(value):
            raise self._error(f"{field}: must be followed by a letter or a digit.", at)
        if field == "search":
            return Saved(typed=typed, name=value, at=at)
        return Has(typed=typed, facet=Facet(field), value=value)

    def _listed(self, field: str, value: str, typed: str, at: int) -> Query:
        """Read a value of a closed list."""
        if value not in _VALUES[field]:
            near = get_close_matches(value, _VALUES[field], 1, 0.7)
            hint = f" Did you mean {field}:{near[0]}?" if near else ""
            listed = ", ".join(_VALUES[field])
            raise self._error(f"{field}: must be followed by one of {listed}.{hint}", at)
        if field == "is":
            return Is(typed=typed, flag=Flag(value))
        if field == "version":
            self._versions, self._versions_at = Versions(value), at
            return Everything()
        return Has(typed=typed, facet=Facet(field), value=value)

    def _within(self, field: str, value: str, typed: str, at: int) -> Query:
        try:
            period = parse_period(value)
        except ValueError as error:
            raise self._error(f"{field}: {error}.", at) from error
        return Within(typed=typed, day=Day(field), period=period)
