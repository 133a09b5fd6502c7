"""Lists of phrases, one a line, made into one pattern.

Phrases are written folded (no accents, no case, no apostrophes or hyphens), as `model.fold` gives
them; each is a regular expression of its own.
"""

import re


def compile_phrases(lines: str, *, before: str = "", after: str = "") -> re.Pattern[str]:
    """Return a pattern that any of the lines matches, between `before` and `after`."""
    phrases = (line.strip() for line in lines.splitlines())
    return re.compile(f"{before}(?:{'|'.join(phrase for phrase in phrases if phrase)}){after}")
