"""The words of the invented corpus: forms of lemmas, set phrases and names, by how often they come.

Words are made of syllables and ranked by Zipf and Mandelbrot's law. It never reads a file.
"""

from typing import Any

import numpy as np

LEMMAS = 120_000
NAMES = 20_000
PHRASES = 30_000
POWER, SHIFT = 1.25, 10
"""Of the law: frequency falls with (rank + shift) ** -power. Chosen beside real press."""

# The most frequent words, as they are: no search asks for them alone.
SMALL = {
    "fr": """
de la le et les des en un à du une que est pour qui dans a par plus pas au sur ne se ce il sont
avec son cette été ont aux mais comme ou nous sa elle être y ces fait ses deux même tout leur
aussi entre après ils leurs bien peut dont si sans contre encore on sous avait autres ainsi depuis
était très lors avant selon je dit moins où ans premier temps vous alors non toute jours pays
toutes lui trois quelques peu tous faire début part car année autre hier mois point jour dernier
souvent jamais rien chez vers pourtant donc dernière parce chaque autant celle ceux notamment
mieux trop ici
""".split(),
    "en": """
the of to and a in that is was for it on with as he be at by i this had not are but from or have
an they which one you were her all she there would their we him been has when who will more no if
out so said what up its about into than them can only other new some could time these two may then
do first any my now such like our over man me even most made after also did many before must
through back years where much your way well down should because each just those people how too
little state good very make world still own see men work long get here between both life being
under never day same another know while last might us great old year off come since against go
came right used take three
""".split(),
}

_SYLLABLES = {
    "fr": (
        "b c d f g l m n p r s t v ch tr pr br gr cl pl fl cr qu j".split(),
        "a e i o u é ou on an in eu oi ai è ui en".split(),
        ["", "", "", "", "r", "l", "s", "n", "t"],
    ),
    "en": (
        "b c d f g h l m n p r s t w st tr pr br gr cl pl fl sh th sp k".split(),
        "a e i o u ee ea oo ai ow er or ar".split(),
        ["", "", "n", "r", "l", "t", "s", "x", "nd", "st", "m", "rt"],
    ),
}

# Endings of one lemma's forms, the most usual first, each list as often as it stands here.
_ENDINGS = {
    "fr": [
        *3 * [("", "s")],
        *[("e", "es"), ("tion", "tions"), ("ment", "ments"), ("eur", "eurs"), ("age", "ages")],
        *[("", "e", "s", "es"), ("if", "ive", "ifs", "ives"), ("al", "ale", "aux", "ales")],
        *[("er", "é", "e", "ait", "ent", "ant", "ée", "és"), ("er", "é", "e", "ée", "és", "era")],
        *[("ir", "it", "i", "issent", "issait"), ("ité",), ("isme",), ("ique", "iques")],
    ],
    "en": [
        *3 * [("", "s")],
        *[("er", "ers"), ("tion", "tions"), ("ness",), ("ity",), ("ment",), ("ist", "ists")],
        *[("", "s", "ed", "ing"), ("e", "es", "ed", "ing"), ("", "ly"), ("al", "ally")],
        *[("", "er", "est"), ("able",)],
    ],
}

PLAIN, CAPITALISED, COMMA, STOP, ELIDED = range(5)
_AFTER = np.array([" ", " ", ", ", ". ", " "], dtype=object)
"""What follows a word of each style."""

_ELIDES = {"fr": frozenset("aeiouéèh"), "en": frozenset[str]()}


class Language:
    """The words of one language: `forms`, in which the names' parts follow the words'."""

    def __init__(self, lang: str, rng: Any, names: list[str]) -> None:
        """Make them up."""
        lemmas = _make_lemmas(lang, rng)
        self.forms = [form for forms in lemmas for form in forms]
        self.words = len(self.forms)
        self.smalls = len(SMALL[lang])
        self._counts = np.array([len(forms) for forms in lemmas])
        self._first = np.concatenate(([0], np.cumsum(self._counts)[:-1]))
        self._share = cumulated(LEMMAS, POWER, SHIFT)
        ranks = (rng.random((PHRASES, 3)) ** 4 * 20_000).astype(np.int64) + self.smalls
        self.phrases = self._first[ranks]
        self._phrase_share = cumulated(PHRASES, 0.9, 10)
        self.forms += [part for name in names for part in name.split()]
        self._spelt = np.array(self.forms, dtype=object)
        self._elides = _ELIDES[lang]

    def draw_lemmas(self, rng: Any, size: int) -> Any:
        """Return the ranks of lemmas, each as often as it comes."""
        return np.minimum(np.searchsorted(self._share, rng.random(size)), LEMMAS - 1)

    def draw_phrases(self, rng: Any, size: int) -> Any:
        """Return the forms of set phrases, three each."""
        ranks = np.searchsorted(self._phrase_share, rng.random(size))
        return self.phrases[np.minimum(ranks, PHRASES - 1)]

    def inflect(self, rng: Any, lemmas: Any) -> Any:
        """Return a form of each lemma; the first one is the most usual."""
        form = (rng.random(len(lemmas)) ** 3.5 * self._counts[lemmas]).astype(np.int64)
        return self._first[lemmas] + form

    def spell(self, forms: Any, styles: Any) -> Any:
        """Return forms as they are printed, each with what stands around it."""
        spelt = self._spelt[forms]
        capitals, elided = np.flatnonzero(styles == CAPITALISED), np.flatnonzero(styles == ELIDED)
        spelt[capitals] = [f"{word[0].upper()}{word[1:]}" for word in spelt[capitals]]
        spelt[elided] = [f"l’{word}" if word[0] in self._elides else word for word in spelt[elided]]
        return spelt + _AFTER[styles]


def cumulated(size: int, power: float, shift: float) -> Any:
    """Return how often each rank or a smaller one comes, by Zipf and Mandelbrot's law."""
    weights = (np.arange(1, size + 1) + shift) ** -power
    return np.cumsum(weights) / weights.sum()


def make_names(rng: Any) -> list[str]:
    """Return different names of two words, capitalised, the best known first."""
    given = list(dict.fromkeys(s.capitalize() for s in _stems("fr", rng, 900, 300) if len(s) > 3))
    family = list(dict.fromkeys(s.capitalize() for s in _stems("fr", rng, 30_000, 9_000)))
    family = [name for name in family if len(name) > 4]
    number = rng.integers(0, len(given), NAMES * 2).tolist()
    second = (rng.random(NAMES * 2) * len(family)).astype(np.int64).tolist()
    names = (f"{given[a]} {family[b]}" for a, b in zip(number, second, strict=True))
    return list(dict.fromkeys(names))[:NAMES]


def _make_lemmas(lang: str, rng: Any) -> list[list[str]]:
    """Return the forms of each lemma, the most frequent lemma first: longer words are rarer."""
    forms = [[word] for word in SMALL[lang]]
    taken = set(SMALL[lang])
    endings = _ENDINGS[lang]
    while len(forms) < LEMMAS:
        missing = LEMMAS - len(forms)
        kinds = rng.integers(0, len(endings), missing).tolist()
        for stem, kind in zip(_stems(lang, rng, missing, len(forms)), kinds, strict=True):
            found = [stem + ending for ending in endings[kind]]
            if found[0] not in taken:
                taken.update(found)
                forms.append(found)
    return forms


def _stems(lang: str, rng: Any, count: int, first: int) -> list[str]:
    onsets, vowels, codas = _SYLLABLES[lang]
    rank = np.arange(first, first + count)
    syllables = np.clip(rng.poisson(0.1 + np.log10(rank) * 0.27), 1, 5).tolist()
    sizes = np.tile((len(onsets), len(vowels), len(codas)), 5)
    # one flat list a stem: lists within lists took four times as long
    chosen = (rng.random((count, 15)) ** 1.4 * sizes).astype(np.int64).tolist()
    return [
        "".join(
            onsets[row[at]] + vowels[row[at + 1]] + codas[row[at + 2]]
            for at in range(0, 3 * number, 3)
        )
        for row, number in zip(chosen, syllables, strict=True)
    ]
