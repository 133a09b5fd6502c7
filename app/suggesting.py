"""`Did you mean`: the query with what is misspelt in it put right, when that finds more.

It only proposes: what was typed is what is searched.
"""

import re
from collections.abc import Iterator
from datetime import datetime

from app.asking import Held
from model.query import (
    And,
    Facet,
    Has,
    Or,
    Query,
    Words,
    expand_entities,
    parse_query,
)
from model.saved_searches import spelt
from model.words import words_with_spans

MAX_PARTS = 12
"""So many parts of a query are looked at; nobody misspells longer ones by hand."""


def suggest(held: Held, typed: str, total: int, *, now: datetime) -> str:
    """Return the query that may have been meant by one that `total` articles answer, or nothing.

    It can be typed as it is, and finds more.
    """
    corrected = typed
    for part in list(_sought(parse_query(typed)))[:MAX_PARTS]:
        # where all that is sought is found, no word is misspelt; a name may still be
        if (total == 0 or isinstance(part, Has)) and not _finds(held, part, now):
            corrected = _with(corrected, part.typed, _better(held, part, now))
    if corrected == typed:
        return ""
    found = held.store.search(held.query(corrected), now=now, limit=1)
    return corrected if found.total > total else ""


def _sought(query: Query) -> Iterator[Words | Has]:
    """Yield the words and names that a query asks for; not those it forbids."""
    match query:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _sought(part)
        case Words() | Has(facet=Facet.ENTITY):
            yield query
        case _:
            return


def _finds(held: Held, part: Words | Has, now: datetime) -> bool:
    asked = expand_entities(part, held.config.entities)
    return bool(held.store.search(asked, now=now, limit=1).hits)


def _better(held: Held, part: Words | Has, now: datetime) -> str:
    """Return a part as it would be typed with what is near, or as it is where nothing is."""
    field, colon, rest = part.typed.partition(":")
    if isinstance(part, Has):
        near = held.store.near_names(part.value)
        name = spelt(near[0].replace('"', " ")) if near else rest or field
        return f"{field}:{name}" if colon else name
    spelling = _spellings(held)
    better, end = "", 0
    for word, start, stop in words_with_spans(part.typed):
        is_field = bool(colon) and stop == len(field)
        alone = Words(typed=word, tokens=(word,), versions=part.versions)
        if is_field or word not in part.tokens or _finds(held, alone, now):
            continue
        for near_word in held.store.near_words(word)[:1]:
            better += part.typed[end:start] + spelling.get(near_word, near_word)
            end = stop
    return better + part.typed[end:]


def _spellings(held: Held) -> dict[str, str]:
    """Return the words of watched names as they are written, by how they are compared."""
    names = (name for one in held.config.entities for name in (*one.aliases, one.name))
    return {word: name[start:end] for name in names for word, start, end in words_with_spans(name)}


def _with(text: str, typed: str, better: str) -> str:
    """Return a query with one part of it replaced, where that stands by itself."""
    return re.sub(rf"(?<!\w){re.escape(typed)}(?!\w)", lambda _: better, text, count=1)
