"""Where the sentences of a French or English text stand.

It never changes the text: a sentence is a pair of offsets in code points, without the white
space around it. A line break always ends a sentence, so a heading is one.
"""

import re

_LINE_BREAKS = r"\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029"

# Each alternative is tried once a place (the look-behind and the possessive repeats see to it),
# so that a megabyte of dots takes no longer than a megabyte of words.
_BOUNDARY = re.compile(
    rf"[{_LINE_BREAKS}]\s*+"
    r"|(?<![.!?…])(?P<mark>[.!?…]++)"
    r"(?P<closers>(?:[ \xa0\u202f]?»|[\"”’)\]])*+)"
    rf"[^\S{_LINE_BREAKS}]++(?=\S)"
)
_NEXT_WORD = re.compile(r"[\s«“„\"'‘(\[—–\-•*]*+(?P<word>[^\W_]*+)(?P<dot>\.?)")
_LAST_WORD = re.compile(r"[^\s«“„\"(\[’'‘/]*\Z")
_DOTTED = re.compile(r"(?:[^\W\d_]{1,2}\.-?)+[^\W\d_]{1,2}")

_ANY_TITLES = "Dr Pr Prof Mgr St vs cf Mr Mrs Ms MM e.g i.e"
NEVER_LAST = {
    "fr": frozenset(f"{_ANY_TITLES} M Mme Mmes Mlle Mlles Me Mes Ste c.-à-d p.ex".split()),
    "en": frozenset(
        f"{_ANY_TITLES} Messrs Sen Sens Rep Reps Gov Gen Col Lt Sgt Capt Cmdr Maj Adm Rev Hon"
        " Pres Supt Det Insp v".split()
    ),
}
"""Abbreviations that announce a name or a part of the sentence: none ends one."""

BEFORE_NUMBER = {
    "fr": frozenset("p pp n no nos al fig vol chap ch t tél env ann cf réf alin".split()),
    "en": frozenset("p pp no nos No Nos fig Fig vol Vol ch sec pt para approx ca".split()),
}
"""Abbreviations that end a sentence unless a number follows."""

SELDOM_LAST = {
    "fr": frozenset(
        "art arts etc éd dép bd av boul janv févr avr juill sept oct nov déc env Cie hab"
        " suiv ss Inc Corp Ltd Jr Sr".split()
    ),
    "en": frozenset(
        "Inc Corp Ltd Co Bros Jr Sr etc al Ave Blvd Rd Dept Univ Jan Feb Mar Apr Jun Jul Aug"
        " Sep Sept Oct Nov Dec Mon Tue Tues Wed Thu Thur Thurs Fri Sat Sun est Est".split()
    ),
}
"""Abbreviations that end a sentence only when an opening word of sentences follows."""

OPENING_WORDS = {
    "fr": frozenset(
        "Il Elle Ils Elles On Ce Cet Cette Ces Cela Ça C Mais Et Or En Dans Pour Par Sur Selon"
        " Après Avant Depuis Un Une Le La Les L Des Du Au Aux Si Son Sa Ses Leur Leurs Nous Vous"
        " Je J Tout Tous Toutes Quant Quand Lors Ainsi Pourtant Toutefois Cependant Enfin Puis"
        " Alors Aujourd Plus Plusieurs Avec Sans Comme À A D Qu Qui Que Voici Reste".split()
    ),
    "en": frozenset(
        "The A An It He She They We I You In On At But And Or So This That These Those There"
        " However Its His Her Their Our My As After Before When While If For With By From To Of"
        " What Who Why How Where Some Many Most Both All One Two No Not Now Then Yet Still Since"
        " Although Though Because According Meanwhile Also Last Next".split()
    ),
}
"""Words, capitalised, that open a sentence far more often than they follow an abbreviation."""

_NAME_PARTICLES = frozenset("Le La L D Des Du De".split())


def split_sentences(text: str, lang: str) -> tuple[tuple[int, int], ...]:
    """Return the (start, end) of each sentence of `text`, in order.

    `lang` chooses the abbreviations: `en`, or the French ones for anything else.
    """
    language = "en" if lang[:2] == "en" else "fr"
    spans: list[tuple[int, int]] = []
    start = len(text) - len(text.lstrip())
    for boundary in _BOUNDARY.finditer(text, start):
        mark = boundary["mark"]
        if mark and not _ends_sentence(text, start, boundary, language):
            continue
        _append_stripped(spans, text, start, boundary.end("closers") if mark else boundary.start())
        start = boundary.end()
    _append_stripped(spans, text, start, len(text))
    return tuple(spans)


def _append_stripped(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while end > start and text[end - 1].isspace():
        end -= 1
    if end > start:
        spans.append((start, end))


def _ends_sentence(text: str, start: int, boundary: re.Match[str], language: str) -> bool:
    """Say whether the marks of `boundary` end the sentence that began at `start`."""
    following = _NEXT_WORD.match(text, boundary.end())
    word = following["word"] if following else ""
    if word[:1].islower():
        return False
    if boundary["mark"] != ".":
        return text[boundary.start() - 1 : boundary.start()] not in ("(", "[")
    opens = word in OPENING_WORDS[language] and not (following and following["dot"])
    return _full_stop_ends(text, start, boundary.start(), word, opens, language)


def _full_stop_ends(text: str, start: int, at: int, word: str, opens: bool, language: str) -> bool:
    found = _LAST_WORD.search(text, max(start, at - 20), at)
    last = found[0] if found else ""
    if last in NEVER_LAST[language] or _is_list_number(text, start, at, last):
        return False
    if last in BEFORE_NUMBER[language]:
        return not word[:1].isdigit()
    if _is_initial(last):
        return opens and word not in _NAME_PARTICLES
    if last in SELDOM_LAST[language] or _DOTTED.fullmatch(last):
        return opens
    return True


def _is_initial(last: str) -> bool:
    tail = last.rpartition("-")[2]
    return len(tail) == 1 and tail.isupper()


def _is_list_number(text: str, start: int, at: int, last: str) -> bool:
    return last.isdigit() and len(last) < 4 and text[start:at] == last
