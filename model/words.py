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
_PARTED = {code: " " for code in range(128) if not chr(code).isalnum()}
_ELIDING = re.compile(r"['’‘`\u02bc\u00b4\u2032\u02b9](?=[^\W\d_])")
_ELIDED = re.compile(
    r"(?<![^\W_])(?:[ldjmtsnc]|qu|jusqu|lorsqu|puisqu|quoiqu)\Z",
    re.IGNORECASE,
)
_LONGEST_ELIDED = 6


def words(text: str) -> list[str]:
    """Return the words of `text` in order: `L'Élysée, vendredi` gives `elysee`, `vendredi`."""
    folded = fold(_without_elisions(text))
    if folded.isascii():
        # twice as quick as the pattern, and what is left of most texts once they are folded
        found = folded.translate(_PARTED).split()
        if max(map(len, found), default=0) <= MAX_WORD_CHARS:
            return found
    return _WORD.findall(folded)


def words_with_spans(text: str) -> list[tuple[str, int, int]]:
    """Return the same words, each with its start and end in `text`, in code points."""
    folded = fold_with_offsets(_without_elisions(text))
    return [
        (found[0], *folded.original(found.start(), found.end()))
        for found in _WORD.finditer(folded.text)
    ]


def _without_elisions(text: str) -> str:
    """Blank the elided words, keeping every offset."""
    # looked for from their apostrophes: a pattern that begins with a letter is tried at each one
    parts: list[str] = []
    done = 0
    for found in _ELIDING.finditer(text):
        at = found.start()
        if elided := _ELIDED.search(text, max(0, at - _LONGEST_ELIDED), at):
            parts += (text[done : elided.start()], " " * (found.end() - elided.start()))
            done = found.end()
    return "".join((*parts, text[done:])) if parts else text
