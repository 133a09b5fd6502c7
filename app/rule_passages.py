"""The passage of a text by which a rule keeps it, with the words that say so.

It judges nothing: the rule did.
"""

from collections.abc import Iterable, Sequence

import msgspec

from app.steps.relevance import Rule
from model.matching import Subject, find_matching, same_name
from model.mention import Mention
from model.query import Column, Facet, Has, Near, Words
from model.query_tree import Leaf, Saved
from store.search.snippets import (
    MAX_SEARCHED_CHARS,
    Marks,
    Sought,
    find_marks,
    make_snippet,
    sought_words,
)

OVERLAP = 500
"""Two stretches of a long text share so many characters: no phrase is cut in two."""


class Passage(msgspec.Struct, frozen=True, kw_only=True):
    """The stretch of a text, and where in it and in the title the words stand that say so.

    Without text where its title alone says so, or no word at all: its site, its day, its language.
    """

    text: str = ""
    marks: Marks = ()
    title_marks: Marks = ()


def find_passage(rule: Rule, subject: Subject) -> Passage:
    """Return the passage by which a rule keeps a text, an empty one where it does not."""
    leaves = find_matching(rule.query, subject)
    named = [leaf.value for leaf in leaves if isinstance(leaf, Has) and leaf.facet is Facet.ENTITY]
    at = len(subject.title) + 1
    mentions = _mentions(rule, named, f"{subject.title}\n{subject.text}")
    inside = tuple((one.start - at, one.end - at) for one in mentions if one.start >= at)
    text, marks = _in_text(subject, _sought(leaves, Column.TEXT), inside)
    in_title = tuple((one.start, one.end) for one in mentions if one.end < at)
    sought = _sought(leaves, Column.TITLE)
    titled = sorted({*find_marks(subject.title, sought, subject.lang), *in_title})
    return Passage(text=text, marks=marks, title_marks=_apart(titled))


def _mentions(rule: Rule, named: Sequence[str], text: str) -> list[Mention]:
    if not named:
        return []
    return [
        one for one in rule.find_named(text) if any(same_name(name, one.entity) for name in named)
    ]


def _sought(leaves: Iterable[Leaf | Saved], column: Column) -> tuple[Sought, ...]:
    """Return the words that were found in one column, or wherever they stand."""
    there = (leaf for leaf in leaves if isinstance(leaf, Words | Near))
    return tuple(
        dict.fromkeys(
            one
            for leaf in there
            if leaf.column in (Column.ANY, column)
            for one in sought_words(leaf)
        )
    )


def _in_text(subject: Subject, sought: Sequence[Sought], named: Marks) -> tuple[str, Marks]:
    """Return the passage that tells most, of the first stretch of a text that tells anything."""
    for start in range(0, max(1, len(subject.text)), MAX_SEARCHED_CHARS - OVERLAP):
        end = start + MAX_SEARCHED_CHARS
        inside = tuple((a - start, b - start) for a, b in named if a >= start and b <= end)
        text, marks = make_snippet(subject.text[start:end], sought, subject.lang, inside)
        if marks:
            return text, marks
    return "", ()


def _apart(marks: Sequence[tuple[int, int]]) -> Marks:
    """Return marks in order without those that begin within another."""
    found: list[tuple[int, int]] = []
    for start, end in marks:
        if not found or start >= found[-1][1]:
            found.append((start, end))
    return tuple(found)
