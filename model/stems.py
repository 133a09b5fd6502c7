"""The stem of a word: what its forms share, so that `caméras` finds `caméra`.

It is given folded words (`model.words`), and never shows what it returns.
"""

from collections.abc import Callable, Container, Set
from functools import cache, lru_cache
from typing import Any

import Stemmer

_NAMES = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek",
    "en": "english", "es": "spanish", "eu": "basque", "fi": "finnish", "fr": "french",
    "ga": "irish", "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian",
    "lt": "lithuanian", "nb": "norwegian", "nl": "dutch", "no": "norwegian", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip

ASKED_LANGS = ("fr", "en")
"""Nobody says in which language a query is: its words are sought by their stems in these."""

_MOST_REMEMBERED = 200_000


@cache
def _stemmer(lang: str) -> Callable[[str], str]:
    made: Any = Stemmer.Stemmer(_NAMES[lang])
    made.maxCacheSize = 0
    stem_word: Callable[[str], str] = made.stemWord
    return stem_word


def stemmer(lang: str) -> Callable[[str], str]:
    """Return what gives the stem of a folded word in a language, the word where there is none."""
    return _stemmer(lang) if lang in _NAMES else str


def stem(word: str, lang: str) -> str:
    """Return the stem of a folded word in a language, the word itself where there is none."""
    return stemmer(lang)(word)


@lru_cache(4_096)
def asked_stems(word: str) -> tuple[str, ...]:
    """Return the stems by which a word of a query is sought, each once."""
    return tuple(dict.fromkeys(stem(word, lang) for lang in ASKED_LANGS))


class Lexicon:
    """The words met in one language, by their stems: what a text holds is asked of it.

    Stemming each word of each page anew took a third of the time that a rule takes on it.
    """

    def __init__(self, lang: str) -> None:
        """Know no word yet."""
        self._lang = lang
        self._met: dict[str, str] = {}
        self._forms: dict[str, list[str]] = {}

    @property
    def is_full(self) -> bool:
        """Tell whether it is time for a new one."""
        return len(self._met) >= _MOST_REMEMBERED

    def learn(self, words: Set[str]) -> None:
        """Meet the words of a text."""
        # the difference of a set and of keys would walk through all that was ever met
        for word in [word for word in words if word not in self._met]:
            found = self._met[word] = stem(word, self._lang)
            self._forms.setdefault(found, []).append(word)

    def holds_form(self, word: str, held: Container[str]) -> bool:
        """Tell whether a text, whose words were met here, holds a form of a query's word."""
        return any(form in held for one in asked_stems(word) for form in self._forms.get(one, ()))


_LEXICONS: dict[str, Lexicon] = {}


def learn(words: Set[str], lang: str) -> Lexicon:
    """Return the lexicon of a language, which knows these words of a text."""
    lang = lang if lang in _NAMES else ""
    lexicon = _LEXICONS.get(lang)
    if lexicon is None or lexicon.is_full:
        lexicon = _LEXICONS[lang] = Lexicon(lang)
    lexicon.learn(words)
    return lexicon
