"""The words of a text, as queries, the matcher and the search index compare them.

It never shows what it returns: words are folded and elided articles are gone.
"""

import re

from model.fold import fold, fold_with_offsets

MAX_WORD_CHARS = 256

# 21 vowel signs and tone marks that Python calls letters and SQLite's unicode61 does not, found
# by comparing all code points: they part words here too, so that both agree on every text.
_SPLIT_BY_SQLITE = "\u19b0-\u19c0\u19c8\u19c9\u1cf2\u1cf3"
_WORD = re.compile(rf"[^\W_{_SPLIT_BY_SQLITE}]{{1,{MAX_WORD_CHARS}}}")
_ELISION = re.compile(
    r"(?<![^\W_])(?:[ldjmtsnc]|qu|jusqu|lorsqu|puisqu|quoiqu)['’‘`\u02bc\u00b4\u2032\u02b9](?=[^\W\d_])",
    re.IGNORECASE,
)


def words(text: str) -> list[str]:
    """Return the words of `text` in order: `L'Élysée, vendredi` gives `elysee`, `vendredi`."""
    return _WORD.findall(fold(_without_elisions(text)))


def words_with_spans(text: str) -> list[tuple[str, int, int]]:
    """Return the same words, each with its start and end in `text`, in code points."""
    folded = fold_with_offsets(_without_elisions(text))
    return [
        (found[0], *folded.original(found.start(), found.end()))
        for found in _WORD.finditer(folded.text)
    ]


def _without_elisions(text: str) -> str:
    """Blank the elided words, keeping every offset."""
    return _ELISION.sub(lambda found: " " * len(found[0]), text)
