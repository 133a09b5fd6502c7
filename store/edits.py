"""What is a change in an article, and which part of it changed: pure rules.

Commas, spaces, case, accents, counters, relative times, stamps of updates and links to other
articles are none. It never touches the database.
"""

from datetime import datetime, timedelta

import msgspec

from model.article import Access, Reading
from model.matching import join_authors
from model.source import DateSource
from model.words import words
from store.moving import Steady, steady_text, steady_words

PARTS = ("title", "text", "authors", "date")

SHRUNK_SHARE = 0.3
"""A text that keeps less than that of its letters may have been taken down (fault 45)."""

_LONG_ENOUGH = 300
_OTHER_TITLE = 0.34
_OTHER_TEXT = 0.05
_SAME_TITLE = 0.5
_SAME_TEXT = 0.1
_SHINGLE = 3
_FEWEST_SHINGLES = 8
_DAY = timedelta(days=1)

_JOINING = frozenset(
    "par by et and avec with de du des la le les the of from pour for propos recueillis".split()
)
_DECLARED = frozenset({DateSource.JSON_LD, DateSource.META, DateSource.FEED, DateSource.RECORD})
_SAID = _DECLARED | {DateSource.TEXT}


class Edit(msgspec.Struct, frozen=True, kw_only=True):
    """What happened to an article: `edited`, `shrunk`, `replaced` or `completed`, and where.

    `parts` are some of `title`, `text`, `authors`, `date`. `shrunk` text may have been taken
    down; an article that was `replaced` has another title and another text; one `completed`
    showed only its beginning before, which is not compared, or says at last when it appeared.
    """

    what: str
    parts: tuple[str, ...]

    @property
    def detail(self) -> str:
        """Return the parts as a change spells them: `title, text`."""
        return ", ".join(self.parts)


def find_edit(before: Reading, after: Reading) -> Edit | None:
    """Return how an article changed between two readings, None when it did not.

    A page that shows only the beginning of a text known whole says nothing of it.
    """
    if is_poorer(after, before):
        return None
    parts = tuple(part for part in PARTS if _CHANGED[part](before, after))
    if parts:
        return Edit(what=_name(before, after, parts), parts=parts)
    return Edit(what="completed", parts=("date",)) if _is_dated_at_last(before, after) else None


def is_poorer(reading: Reading, current: Reading) -> bool:
    """Tell whether a reading is a stub of a text that was read whole: never a new version."""
    if reading.access is Access.TRUNCATED:
        return current.access is not Access.TRUNCATED
    is_closed = reading.access is not Access.FREE and current.access is Access.FREE
    return is_closed and len(reading.text) < len(current.text)


def is_same_article(before: Reading, after: Reading) -> bool:
    """Tell whether two readings have some of their text in common; short ones, their title.

    A title alone proves little of a longer text: it may be the one its feed gave.
    """
    shared = _shared_text(before, after)
    if shared is None:
        return _shared_title(before, after) >= _SAME_TITLE
    return shared >= _SAME_TEXT


def has_lost_text(before: Reading, after: Reading) -> bool:
    """Tell whether hardly anything of a text known before is left in a reading."""
    known = _shingles(before)
    return len(known & _shingles(after)) < SHRUNK_SHARE * len(known)


def _is_other_title(before: Reading, after: Reading) -> bool:
    return words(before.title) != words(after.title)


def _is_other_text(before: Reading, after: Reading) -> bool:
    were, are = steady_text(before.text), steady_text(after.text)
    if _are_other_dates(were, are):
        return True
    if before.access is Access.TRUNCATED and after.access is Access.TRUNCATED:
        shorter, longer = sorted((were.words, are.words), key=len)
        return longer[: len(shorter)] != shorter
    return were.words != are.words


def _are_other_dates(were: Steady, are: Steady) -> bool:
    """Tell whether the lines that only date a text say another day; one may come and go."""
    fewer, more = sorted((set(were.dates), set(are.dates)), key=len)
    return not fewer <= more


def _is_other_byline(before: Reading, after: Reading) -> bool:
    return _names(before) != _names(after)


def _names(reading: Reading) -> frozenset[str]:
    """Return the words of a byline, whatever their order and what joins them."""
    return frozenset(words(join_authors(reading.authors))) - _JOINING


def _is_other_date(before: Reading, after: Reading) -> bool:
    """Tell whether the page dates itself otherwise; a date that is only guessed never does.

    A date found in another place than before counts when it is another day; one that was not said
    before is no other one. A file of pages says when it was made, which some sites do anew for
    each reader.
    """
    was, now = before.published_at, after.published_at
    if was is None or now is None or not {before.date_source, after.date_source} <= _SAID:
        return False
    if _is_made_anew(before, after):
        return False
    if before.date_source is not after.date_source:
        return abs(now - was) >= _DAY
    return _as_exactly(was, before, after) != _as_exactly(now, before, after)


def _is_dated_at_last(before: Reading, after: Reading) -> bool:
    """Tell whether a page declares its date that did not, or whose date was only guessed."""
    was_said = before.published_at is not None and before.date_source in _SAID
    return not was_said and after.published_at is not None and after.date_source in _DECLARED


def _is_made_anew(before: Reading, after: Reading) -> bool:
    """Tell whether both dates are those of files, which no reader is shown."""
    return all(
        "pages" in one.details and one.date_source is DateSource.META for one in (before, after)
    )


def _as_exactly(at: datetime, one: Reading, other: Reading) -> datetime:
    """Return a date as exactly as both readings give theirs, to the minute at best."""
    if "day" in {one.published_precision, other.published_precision}:
        return at.replace(hour=0, minute=0, second=0, microsecond=0)
    return at.replace(second=0, microsecond=0)


_CHANGED = {
    "title": _is_other_title,
    "text": _is_other_text,
    "authors": _is_other_byline,
    "date": _is_other_date,
}


def _name(before: Reading, after: Reading, parts: tuple[str, ...]) -> str:
    if "text" not in parts:
        return "edited"
    if _is_replaced(before, after, parts):
        return "replaced"
    if before.access is Access.TRUNCATED and after.access is not Access.TRUNCATED:
        return "completed"
    were, are = _letters(before), _letters(after)
    return "shrunk" if were >= _LONG_ENOUGH and are < SHRUNK_SHARE * were else "edited"


def _is_replaced(before: Reading, after: Reading, parts: tuple[str, ...]) -> bool:
    if "title" not in parts or _shared_title(before, after) >= _OTHER_TITLE:
        return False
    shared = _shared_text(before, after)
    return shared is not None and shared < _OTHER_TEXT


def _letters(reading: Reading) -> int:
    return sum(map(len, steady_words(reading.text)))


def _shared_title(before: Reading, after: Reading) -> float:
    one, other = set(words(before.title)), set(words(after.title))
    return len(one & other) / max(1, len(one | other))


def _shared_text(before: Reading, after: Reading) -> float | None:
    """Return the share of the shorter text's runs of words in the other, None if too few."""
    one, other = _shingles(before), _shingles(after)
    fewest = min(len(one), len(other))
    return len(one & other) / fewest if fewest >= _FEWEST_SHINGLES else None


def _shingles(reading: Reading) -> set[tuple[str, ...]]:
    found = steady_words(reading.text)
    return {tuple(found[at : at + _SHINGLE]) for at in range(len(found) - _SHINGLE + 1)}
