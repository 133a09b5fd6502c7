"""What is a change in an article, and which part of it changed: pure rules.

Commas, spaces, case, accents, counters, relative times, stamps of updates and links to other
articles are none. It never touches the database.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from model.article import Access, Reading
from model.fold import fold
from model.matching import join_authors
from model.source import DateSource
from model.words import words

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
_MAX_LINE = 120
_MAX_RELATED = 200
_DAY = timedelta(days=1)

_MONTH = (
    r"(?:janv(?:ier)?|fevr?(?:ier)?|mars|avr(?:il)?|mai|juin|juil(?:let)?|aout|sept(?:embre)?"
    r"|oct(?:obre)?|nov(?:embre)?|dec(?:embre)?|january|february|march|april|may|june|july"
    r"|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sep)\.?"
)
_NUMBER = r"\d[\d .,]*(?:[km] ?)?"
_UNIT = (
    r"(?:secondes?|seconds?|secs?|minutes?|mins?|mn|heures?|hours?|hrs?|jours?|days?|semaines?"
    r"|weeks?|mois|months?|ans?|annees?|years?|[smhjd])\b"
)
_COUNTED = (
    r"(?:commentaires?|comments?|vues?|views?|lectures?|reads?|partages?|shares?|likes?"
    r"|abonnes?|followers?|reactions?|reponses?|replies|retweets?|j aime)\b"
)
_CLOCK = r"\b(?:a |at )?\d{1,2} ?(?:h|:) ?\d{0,2}(?: ?[ap]\.?m\.?)?"
_ON = rf"(?:\d{{1,2}}(?:er|st|nd|rd|th)? {_MONTH},? \d{{4}}|{_MONTH} \d{{1,2}},? \d{{4}})"
_NUMBERS_ON = r"(?:\d{1,2}[/. ]\d{1,2}[/. ]\d{2,4}|\d{4}[/. ]\d{2}[/. ]\d{2}(?:t\d\S*)?)"

_MOVING = re.compile(
    rf"\bil y a (?:environ |pres d |moins d )?(?:{_NUMBER}|une?|quelques) ?{_UNIT}"
    rf"|(?:\b{_NUMBER}|\ban?|\bone|\bfew) ?{_UNIT} (?:ago|plus tot)\b|\ba l instant\b|\bjust now\b"
    rf"|\b(?:lue?s?|vue?s?|partagee?s?|consultee?s?|read|viewed|shared) {_NUMBER}(?:fois|times)\b"
    rf"|\b(?:temps de )?lecture ?:? ?(?:estimee? ?:? ?)?{_NUMBER}(?:mins?|minutes?|mn)\b"
    rf"|\b{_NUMBER}(?:mins?|minutes?|mn) (?:de lecture|read)\b"
    rf"|\b{_NUMBER}{_COUNTED}|{_COUNTED} ?:? ?\(? ?{_NUMBER}\)?"
    r"|\b(?:partager|share|commenter|j aime|like) ?:? ?\(?\d+\)?"
    r"|\bsoyez le premier a (?:commenter|reagir)\b|\bbe the first to comment\b"
)
_STAMPED = re.compile(
    rf"{_ON}|{_NUMBERS_ON}|{_CLOCK}|\b(?:hier|aujourd hui|yesterday|today)\b"
    r"|\b(?:lun|mar|mercre|jeu|vendre|same)di\b|\bdimanche\b|\b(?:mon|tues|wednes|thurs|fri|satur"
    r"|sun)day\b"
)
_LABELS = frozenset(
    "publie publiee publication paru parue mis mise a jour maj modifie modifiee modification"
    " derniere le la de du il y par et at on the in last updated update posted published"
    " modified edited first soit utc cet cest gmt heure paris partager share commenter comment"
    " lire read reading temps lecture time min".split()
)
_STAMP_LABEL = re.compile(
    r"\b(?:publiee?|publication|parue?|mise? a jour|maj|modifiee?|modification|updated|posted"
    r"|published|modified)\b"
)
_RELATED = re.compile(
    r"(?:a )?(?:lire|voir|ecouter|decouvrir|relire)(?: aussi| egalement)\b"
    r"|(?:read|see) (?:also|more)\b|related\b|sur le meme (?:sujet|theme)\b|notre dossier\b"
)
_JOINING = frozenset(
    "par by et and avec with de du des la le les the of from pour for propos recueillis".split()
)
_DECLARED = frozenset({DateSource.JSON_LD, DateSource.META, DateSource.FEED, DateSource.RECORD})
_SAID = _DECLARED | {DateSource.TEXT}


class Edit(msgspec.Struct, frozen=True, kw_only=True):
    """What happened to an article: `edited`, `shrunk`, `replaced` or `completed`, and where.

    `parts` are some of `title`, `text`, `authors`, `date`. `shrunk` text may have been taken
    down; an article that was `replaced` has another title and another text; one `completed`
    showed only its beginning before, which is not compared.
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
    if not parts:
        return None
    return Edit(what=_name(before, after, parts), parts=parts)


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


def steady_words(text: str) -> list[str]:
    """Return the words of a text without what moves by itself.

    That is a short line of its own such as `12 commentaires` or `Mis à jour il y a 3 heures`, a
    relative time beside such a label, and a line that sends to another article; any other number
    counts.
    """
    return words("\n".join(_steady_lines(text)))


def _steady_lines(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        stripped = line.strip()
        if len(stripped) > _MAX_RELATED:
            yield line
        elif not _RELATED.match(folded := fold(stripped)):
            yield line if len(stripped) > _MAX_LINE else _without_moving(line, folded)


def _without_moving(line: str, folded: str) -> str:
    """Return a short line without relative times and counters, where it is a label of them."""
    bare = _MOVING.sub(" ", folded)
    is_stamp = _STAMP_LABEL.search(folded) is not None
    if is_stamp:
        bare = _STAMPED.sub(" ", bare)
    if bare == folded:
        return line
    left = [word for word in words(bare) if word not in _LABELS]
    if not left:
        return ""
    return " ".join(left) if is_stamp and folded[-1] not in ".!?" else line


def _is_other_title(before: Reading, after: Reading) -> bool:
    return words(before.title) != words(after.title)


def _is_other_text(before: Reading, after: Reading) -> bool:
    were, are = steady_words(before.text), steady_words(after.text)
    if before.access is Access.TRUNCATED and after.access is Access.TRUNCATED:
        shorter, longer = sorted((were, are), key=len)
        return longer[: len(shorter)] != shorter
    return were != are


def _is_other_byline(before: Reading, after: Reading) -> bool:
    return _names(before) != _names(after)


def _names(reading: Reading) -> frozenset[str]:
    """Return the words of a byline, whatever their order and what joins them."""
    return frozenset(words(join_authors(reading.authors))) - _JOINING


def _is_other_date(before: Reading, after: Reading) -> bool:
    """Tell whether the page dates itself otherwise; a date that is only guessed never does.

    A date found in another place than before counts when it is another day. A file of pages says
    when it was made, which some sites do anew for each reader.
    """
    was, now = before.published_at, after.published_at
    if now is None or after.date_source not in _SAID or _is_made_anew(before, after):
        return False
    if was is None or before.date_source not in _SAID:
        return after.date_source in _DECLARED
    if before.date_source is not after.date_source:
        return abs(now - was) >= _DAY
    return _as_exactly(was, before, after) != _as_exactly(now, before, after)


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
