"""What a misspelt word or name may have meant, of what current texts hold and what is watched for.

It corrects nothing: it only names what is near.
"""

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from string import ascii_lowercase, digits

from model.words import words
from store.database import Database
from store.search.labels import Kind

LEAST_CHARS = 4
"""Of shorter words nearly every other one is near."""
MOST_CHARS = 30
NEAR_ENOUGH = 0.8
WATCHED_NEAR_ENOUGH = 0.75
"""Two letters of four exchanged, as `LQND` for `LQDN`."""
MAX_COUNTED = 1_000
MAX_NAMES = 5_000
"""So many names are compared, the most widely named first."""
_SAME_START = 3


def near_words(db: Database, word: str, limit: int = 3) -> tuple[str, ...]:
    """Return folded words that texts hold and that a folded one may have meant, the best first.

    Those one slip away (a letter more, less, other or exchanged) come before those that only
    begin alike.
    """
    if words(word) != [word] or not LEAST_CHARS <= len(word) <= MOST_CHARS:
        return ()
    slips = [one for one in _one_slip_away(word) if _holds(db, one)]
    near = slips or _alike(db, word)
    return tuple(sorted(near, key=lambda one: (-_counted(db, one), one))[:limit])


def _one_slip_away(word: str) -> Iterator[str]:
    letters = ascii_lowercase + digits
    pairs = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    slips = (
        *(start + end[1:] for start, end in pairs if end),
        *(start + end[1] + end[0] + end[2:] for start, end in pairs if len(end) > 1),
        *(start + letter + end[1:] for start, end in pairs if end for letter in letters),
        *(start + letter + end for start, end in pairs for letter in letters),
    )
    yield from dict.fromkeys(slip for slip in slips if slip != word)


def _holds(db: Database, word: str) -> bool:
    sql = "SELECT 1 FROM word_index WHERE word_index MATCH ? LIMIT 1"
    return db.value(sql, (f'{{title text}} : "{word}"',)) is not None


def _counted(db: Database, word: str) -> int:
    sql = "SELECT count(*) FROM (SELECT 1 FROM word_index WHERE word_index MATCH ? LIMIT ?)"
    return int(db.value(sql, (f'"{word}"', MAX_COUNTED)))


def _alike(db: Database, word: str) -> list[str]:
    start = word[:_SAME_START]
    rows = db.rows(
        "SELECT term FROM held_word WHERE term >= ? AND term < ? AND length(term) BETWEEN ? AND ?",
        (start, start[:-1] + chr(ord(start[-1]) + 1), len(word) - 2, len(word) + 2),
    )
    scored = [(_likeness(word, row["term"]), row["term"]) for row in rows]
    best = max(scored, default=(0.0, ""))[0]
    return [term for score, term in scored if score == best and score >= NEAR_ENOUGH]


def _likeness(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < NEAR_ENOUGH or matcher.quick_ratio() < NEAR_ENOUGH:
        return 0.0
    return matcher.ratio()


def near_names(
    db: Database, name: str, limit: int = 3, watched: Iterable[str] = ()
) -> tuple[str, ...]:
    """Return who and what is named in articles, or watched for, and may have been meant.

    The best first, held names before those that no article names. A name that holds what was
    asked, or nearly, as `Darmanin` does `Gérald Darmanin`, is near.
    """
    asked = words(name)
    if not asked:
        return ()
    rows = db.rows(
        "SELECT n.key AS value, max(l.articles) AS articles FROM (SELECT value, articles FROM label"
        " WHERE facet = ? AND articles > 0 ORDER BY articles DESC, id LIMIT ?) l"
        " JOIN entity e ON e.key = l.value JOIN entity_name n ON n.entity_id = e.id GROUP BY n.key",
        (Kind.ENTITY, MAX_NAMES),
    )
    articles = {row["value"]: row["articles"] for row in rows}
    spelt = {" ".join(words(one)): one for one in watched}
    scored = ((_name_likeness(asked, key.split()), key) for key in {**articles, **spelt} if key)
    near = sorted(
        ((score, key) for score, key in scored if score),
        key=lambda one: (-one[0], -articles.get(one[1], 0), one[1]),
    )[:limit]
    spellings = (spelt.get(key) or _spelling(db, key) for _, key in near)
    return tuple(dict.fromkeys(filter(None, spellings)))


def near_watched(name: str, watched: Iterable[str]) -> str:
    """Return the watched name that was meant by one written nearly so, or nothing."""
    asked = " ".join(words(name))
    if len(asked) < LEAST_CHARS:
        return ""
    scored = [(_likeness(asked, " ".join(words(one))), one) for one in watched]
    return max((one for one in scored if one[0] >= WATCHED_NEAR_ENOUGH), default=(0.0, ""))[1]


def _name_likeness(asked: list[str], held: list[str]) -> float:
    whole = _likeness(" ".join(asked), " ".join(held))
    if len(held) <= len(asked):
        return whole
    # a part of a name is a little less than all of it
    return max(whole, 0.95 * min(_best(word, held) for word in asked))


def _best(word: str, held: Iterable[str]) -> float:
    if len(word) < LEAST_CHARS:
        return float(word in held)
    return max(_likeness(word, one) for one in held)


def _spelling(db: Database, key: str) -> str:
    """Return what those are shown by who go by a name, the most widely named first."""
    sql = (
        "SELECT e.name FROM entity_name n JOIN entity e ON e.id = n.entity_id"
        " LEFT JOIN label l ON l.facet = ? AND l.value = e.key WHERE n.key = ?"
        " ORDER BY l.articles DESC, e.id LIMIT 1"
    )
    return str(db.value(sql, (Kind.ENTITY, key)) or "")
