"""The words and the word orders that name dates, in French and English, as tables.

A word has one class (`MONTH`, `AGO` …) and a value; a rule is a row of classes. Nothing here
computes a date.

In a rule, elements follow each other with a space (or an apostrophe) between them. `,X` also allows
a comma before it, `-X` a hyphen or dash, `~X` demands one; `X|Y` is one or the other, `X?` may be
missing; `(X)` must stand before and is no part of the date, `!(X)` must not stand before, `^(X)`
must not follow; `STOP` at the end says that no further word follows directly.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

GAPS = " ,-|"
"""What stands between two words: a space, a comma, a hyphen, anything else."""

_CLASSES = (
    "OTHER DAY YEAR NUM DECADE MONTH MAYBE ABBR WEEKDAY WDAY SEASON SEASONISH UNIT QUARTER QNUM "
    "ORDINAL THE OF DU AU TO IN SINCE BETWEEN AND FROM EARLY MID LATE LAST NEXT THIS SAME "
    "FOLLOWING PREVIOUS AGO LATER EARLIER AFTER BEFORE PLUS IL Y HAS DEICTIC REL LA WEEK END "
    "AUJOURD HUI EVERY NIGHT COUNTED HOUR"
).split()
LETTERS = {name: chr(0x41 + index) for index, name in enumerate(_CLASSES)}
"""Each class as one character, so that a text becomes a string that rules can search."""
NAMES = {letter: name for name, letter in LETTERS.items()}


class Word(NamedTuple):
    """What a word is: its class's letter, its value, whether only a capital makes it so."""

    letter: str
    value: int
    capital: bool = False


class Vocabulary(NamedTuple):
    """One language: its words, and all its rules as one pattern over class letters.

    What `indefinite` fits stands before a day that is described, not dated: "it was a Monday".
    """

    words: Mapping[str, Word]
    rules: re.Pattern[str]
    indefinite: re.Pattern[str]


DAYS, WEEKS, MONTHS, YEARS, WEEKENDS = range(5)
"""The values of class UNIT."""


def _numbered(name: str, table: str, first: int = 1, *, capital: bool = False) -> dict[str, Word]:
    """Return the words of `table`, one number a blank-separated group, forms split by `/`.

    `-` leaves a number without a word; a form that ends in a full stop is one only with it.
    """
    return {
        form: Word(LETTERS[name], number, capital)
        for number, group in enumerate(table.split(), first)
        for form in group.split("/")
        if form != "-"
    }


def _plain(name: str, forms: str, value: int = 0) -> dict[str, Word]:
    return {form: Word(LETTERS[name], value) for form in forms.split()}


def _merge(tables: Iterable[dict[str, Word]]) -> dict[str, Word]:
    return {form: word for table in tables for form, word in table.items()}


_FRENCH_WORDS = _merge(
    (
        _numbered(
            "MONTH",
            "janvier février/fevrier mars avril mai juin juillet août/aout septembre octobre "
            "novembre décembre/decembre",
        ),
        _numbered(
            "ABBR",
            "janv févr/fév/fevr/fev - avr - - juil - sept. oct nov déc/dec",
        ),
        _numbered("WEEKDAY", "lundi mardi mercredi jeudi vendredi samedi dimanche", 0),
        _numbered("WDAY", "lun mar mer jeu ven sam dim", 0),
        _numbered("SEASON", "printemps été automne hiver"),
        _numbered(
            "NUM",
            "un/une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze "
            "quinze seize",
        ),
        _plain("NUM", "vingt", 20),
        _plain("NUM", "trente", 30),
        _plain("NUM", "quarante", 40),
        _plain("HOUR", "heures"),
        _numbered("ORDINAL", "premier deuxième/second troisième quatrième"),
        _numbered("QNUM", "t1 t2 t3 t4"),
        _plain("QUARTER", "trimestre"),
        _plain("UNIT", "jour jours journée", DAYS),
        _plain("UNIT", "semaine semaines", WEEKS),
        _plain("UNIT", "mois", MONTHS),
        _plain("UNIT", "an ans année années", YEARS),
        _plain("THE", "le la les l"),
        _plain("OF", "de d"),
        _plain("DU", "du des"),
        _plain("AU", "au aux"),
        _plain("TO", "à"),
        _plain("IN", "en courant"),
        _plain("SINCE", "depuis dès jusqu vers"),
        _plain("BETWEEN", "entre"),
        _plain("AND", "et ou"),
        _plain("FROM", "dans"),
        _plain("EARLY", "début debut"),
        _plain("MID", "mi"),
        _plain("LATE", "fin"),
        _plain("LAST", "dernier dernière passé passée derniers"),
        _plain("NEXT", "prochain prochaine"),
        _plain("THIS", "ce cet cette"),
        _plain("SAME", "même"),
        _plain("FOLLOWING", "suivant suivante"),
        _plain("PREVIOUS", "précédent précédente"),
        _plain("LATER", "tard"),
        _plain("EARLIER", "tôt auparavant"),
        _plain("AFTER", "après"),
        _plain("BEFORE", "avant"),
        _plain("PLUS", "plus"),
        _plain("IL", "il"),
        _plain("Y", "y"),
        _plain("HAS", "a"),
        _plain("LA", "là ci"),
        _plain("WEEK", "week"),
        _plain("END", "end"),
        _plain("DEICTIC", "hier", -1),
        _plain("DEICTIC", "demain", 1),
        _plain("AUJOURD", "aujourd"),
        _plain("HUI", "hui"),
        _plain("REL", "veille", -1),
        _plain("REL", "lendemain", 1),
        _plain("REL", "surlendemain", 2),
        _plain("EVERY", "chaque"),
    )
)

_ENGLISH_WORDS = _merge(
    (
        _numbered(
            "MONTH",
            "january february - april - june july august september october november december",
            capital=True,
        ),
        _numbered("MAYBE", "- - march - may", capital=True),
        _numbered("ABBR", "jan feb mar apr - jun jul aug sep/sept oct nov dec", capital=True),
        _numbered(
            "WEEKDAY",
            "monday tuesday wednesday thursday friday saturday sunday",
            0,
            capital=True,
        ),
        _numbered("WDAY", "mon tue/tues wed thu/thur/thurs fri sat sun", 0, capital=True),
        _numbered("SEASON", "- summer autumn winter"),
        _numbered("SEASONISH", "spring - fall"),
        _numbered("NUM", "one/a/an two three four five six seven eight nine ten eleven twelve"),
        _plain("NUM", "twenty", 20),
        _plain("NUM", "thirty", 30),
        _plain("HOUR", "hours"),
        _numbered("ORDINAL", "first second third fourth"),
        _numbered("QNUM", "q1 q2 q3 q4"),
        _plain("QUARTER", "quarter"),
        _plain("UNIT", "day days", DAYS),
        _plain("UNIT", "week weeks", WEEKS),
        _plain("UNIT", "month months", MONTHS),
        _plain("UNIT", "year years", YEARS),
        _plain("UNIT", "weekend", WEEKENDS),
        _plain("THE", "the"),
        _plain("OF", "of"),
        _plain("TO", "to through until till"),
        _plain("IN", "in during by around"),
        _plain("SINCE", "since before after"),
        _plain("BETWEEN", "between"),
        _plain("FROM", "from"),
        _plain("AND", "and or"),
        _plain("EARLY", "early beginning start"),
        _plain("MID", "mid middle"),
        _plain("LATE", "late end"),
        _plain("LAST", "last"),
        _plain("NEXT", "next coming"),
        _plain("THIS", "this"),
        _plain("LA", "that"),
        _plain("SAME", "same"),
        _plain("FOLLOWING", "following"),
        _plain("PREVIOUS", "previous"),
        _plain("AGO", "ago"),
        _plain("LATER", "later"),
        _plain("EARLIER", "earlier"),
        _plain("DEICTIC", "yesterday", -1),
        _plain("DEICTIC", "today tonight", 0),
        _plain("DEICTIC", "tomorrow", 1),
        _plain("NIGHT", "night"),
        _plain("EVERY", "every each"),
        _plain("COUNTED", "people persons percent per million billion other dead"),
    )
)

# (what it is, its word order); the first row that fits at a place wins, so the longer stand first
_FRENCH_RULES = (
    ("interval", "DU WEEKDAY? DAY MONTH? YEAR? AU WEEKDAY? DAY MONTH YEAR?"),
    ("interval", "BETWEEN THE WEEKDAY? DAY MONTH? YEAR? AND THE WEEKDAY? DAY MONTH YEAR?"),
    ("interval", "DAY ,DAY AND THE? DAY MONTH YEAR?"),
    ("interval", "DAY AND THE? DAY MONTH YEAR?"),
    ("interval", "DAY ~DAY MONTH YEAR?"),
    ("interval", "OF MONTH YEAR? TO MONTH YEAR?"),
    ("interval", "BETWEEN MONTH YEAR? AND MONTH YEAR?"),
    ("interval", "MONTH ~MONTH YEAR"),
    ("interval", "OF YEAR TO YEAR"),
    ("interval", "BETWEEN YEAR AND YEAR"),
    ("interval", "YEAR ~YEAR"),
    ("day", "WEEKDAY|WDAY ,THE? ,DAY MONTH|ABBR ,YEAR?"),
    ("day", "DAY MONTH|ABBR OF THE SAME UNIT"),
    ("day", "DAY MONTH|ABBR OF THIS UNIT -LA?"),
    ("day", "DAY MONTH|ABBR OF? THE UNIT LAST"),
    ("day", "DAY MONTH|ABBR ,YEAR?"),
    ("weekday_day", "WEEKDAY DAY"),
    ("part", "MID|EARLY|LATE -MONTH YEAR?"),
    ("part", "MID|EARLY|LATE -YEAR"),
    ("month", "MONTH YEAR"),
    ("month", "MONTH OF THE SAME UNIT"),
    ("month", "MONTH OF THIS UNIT -LA?"),
    ("month", "MONTH LAST|NEXT|FOLLOWING|PREVIOUS"),
    ("month", "(IN|OF|SINCE|FROM) MONTH"),
    ("season", "(THE|AU|THIS|IN|OF) SEASON OF? YEAR -YEAR?"),
    ("season", "THIS SEASON"),
    ("season", "(THE|AU) SEASON LAST|NEXT|FOLLOWING|PREVIOUS?"),
    ("quarter", "ORDINAL QUARTER OF? YEAR"),
    ("quarter", "QNUM YEAR"),
    ("decade", "(THE) UNIT YEAR"),
    ("year", "(IN|SINCE|OF|UNIT|FROM|BEFORE|AFTER) YEAR"),
    ("weekday", "WEEKDAY LAST|NEXT"),
    ("told_weekday", "WEEKDAY FOLLOWING|PREVIOUS"),
    ("told_weekday", "(THE|DU|AU) WEEKDAY"),
    ("weekday", "!(EVERY|ORDINAL|THE|DU|AU) WEEKDAY"),
    ("ago", "IL Y HAS NUM|DAY UNIT"),
    ("in", "FROM NUM|DAY UNIT"),
    ("unit_then", "THIS UNIT -LA"),
    ("weekend", "THIS WEEK -END LAST|NEXT?"),
    ("weekend", "THE WEEK -END LAST|NEXT"),
    ("unit", "THE UNIT LAST|NEXT"),
    ("unit", "THIS UNIT"),
    ("unit_after", "THE UNIT FOLLOWING"),
    ("unit_before", "THE UNIT PREVIOUS"),
    ("unit_then", "THE SAME UNIT"),
    ("unit_then", "THE UNIT SAME"),
    ("hours", "NUM|DAY -NUM? HOUR PLUS LATER"),
    ("hours", "NUM|DAY -NUM? HOUR AFTER STOP"),
    ("later", "NUM|DAY UNIT PLUS LATER"),
    ("earlier", "NUM|DAY UNIT PLUS? EARLIER"),
    ("later", "NUM|DAY UNIT AFTER STOP"),
    ("earlier", "NUM|DAY UNIT BEFORE STOP"),
    ("before_yesterday", "BEFORE|AFTER -DEICTIC"),
    ("relative", "THE REL ^(OF|DU)"),
    ("deictic", "DEICTIC"),
    ("today", "AUJOURD HUI"),
    ("heading", "YEAR|MONTH STOP"),
    ("day_alone", "THE DAY STOP"),
)

_ENGLISH_RULES = (
    (
        "interval",
        "FROM|BETWEEN WEEKDAY? ,MONTH|MAYBE|ABBR DAY ,YEAR? ,TO|AND "
        "WEEKDAY? ,MONTH|MAYBE|ABBR? DAY ,YEAR?",
    ),
    (
        "interval",
        "FROM|BETWEEN THE? DAY OF? MONTH|MAYBE|ABBR? YEAR? TO|AND "
        "THE? DAY OF? MONTH|MAYBE|ABBR YEAR?",
    ),
    ("interval", "MONTH|MAYBE|ABBR DAY ~DAY ,YEAR?"),
    ("interval", "MONTH|MAYBE|ABBR DAY AND DAY ,YEAR? ^(COUNTED)"),
    ("interval", "DAY ~DAY MONTH|MAYBE|ABBR YEAR?"),
    ("interval", "DAY AND DAY MONTH|MAYBE|ABBR YEAR?"),
    ("interval", "FROM|BETWEEN MONTH|MAYBE YEAR? TO|AND MONTH|MAYBE YEAR?"),
    ("interval", "FROM|BETWEEN YEAR TO|AND YEAR"),
    ("interval", "YEAR ~YEAR"),
    ("day", "WEEKDAY|WDAY? ,MONTH|MAYBE|ABBR THE? DAY ,YEAR ^(COUNTED)"),
    ("day", "WEEKDAY|WDAY ,THE? ,DAY OF? MONTH|MAYBE|ABBR ,YEAR?"),
    ("day", "MONTH|MAYBE|ABBR THE? DAY OF LA|THIS SAME? UNIT"),
    ("day", "MONTH|MAYBE|ABBR THE? DAY OF THE SAME UNIT"),
    ("day", "MONTH|MAYBE|ABBR THE? DAY ,LAST UNIT"),
    ("day", "WEEKDAY|WDAY? ,MONTH|MAYBE|ABBR THE? DAY ^(COUNTED|UNIT)"),
    ("day", "DAY OF? MONTH|MAYBE|ABBR OF LA|THIS SAME? UNIT"),
    ("day", "DAY OF? MONTH|MAYBE|ABBR OF THE SAME UNIT"),
    ("day", "DAY OF? MONTH|MAYBE|ABBR ,LAST UNIT"),
    ("day", "DAY OF? MONTH|MAYBE|ABBR ,YEAR?"),
    ("weekday_day", "WEEKDAY ,THE DAY"),
    ("part", "MID|EARLY|LATE OF? -MONTH|MAYBE|ABBR ,YEAR?"),
    ("part", "MID|EARLY|LATE IN? OF? -YEAR"),
    ("month", "MONTH|MAYBE|ABBR OF? ,YEAR"),
    ("month", "MONTH|MAYBE OF LA|THIS SAME? UNIT"),
    ("month", "MONTH|MAYBE OF THE SAME UNIT"),
    ("month", "LAST|NEXT|THIS|FOLLOWING|PREVIOUS MONTH|MAYBE"),
    ("month", "(IN|OF|SINCE|TO|FROM) MAYBE"),
    ("season", "SEASON|SEASONISH OF? YEAR"),
    ("season", "LAST|NEXT|THIS|FOLLOWING|PREVIOUS SEASON|SEASONISH"),
    ("quarter", "ORDINAL QUARTER OF? YEAR"),
    ("quarter", "QNUM YEAR"),
    ("year", "(IN|SINCE|OF|FROM|TO|UNIT) YEAR"),
    ("decade", "DECADE"),
    ("unit_after", "THE NEXT|FOLLOWING UNIT"),
    ("unit_before", "THE PREVIOUS UNIT"),
    ("unit_then", "THE SAME UNIT"),
    ("unit_then", "LA SAME? UNIT"),
    ("told_weekday", "FOLLOWING|PREVIOUS WEEKDAY"),
    ("weekday", "!(EVERY|ORDINAL) LAST|NEXT|THIS? WEEKDAY"),
    ("night", "LAST NIGHT"),
    ("before_yesterday", "THE UNIT SINCE DEICTIC"),
    ("ago", "NUM|DAY UNIT AGO"),
    ("hours", "NUM|DAY -NUM? HOUR LATER"),
    ("later", "NUM|DAY UNIT LATER"),
    ("earlier", "NUM|DAY UNIT EARLIER"),
    ("around", "THE|NUM|DAY UNIT SINCE STOP"),
    ("unit", "!(THE) LAST|NEXT|THIS UNIT"),
    ("deictic", "DEICTIC"),
    ("month", "MONTH"),
    ("heading", "YEAR STOP"),
    ("day_alone", "THE DAY STOP"),
)


def _compile(rules: Iterable[tuple[str, str]]) -> re.Pattern[str]:
    """Return one pattern; the name of the group that matched begins with what the rule names.

    A word that opens no rule is passed over without trying each.
    """
    parts = []
    openers: set[str] = set()
    for index, (name, order) in enumerate(rules):
        parts.append(f"(?P<{name}__{index}>{'|'.join(_variants(order.split()))})")
        openers.update(map(_letters, _openers(order.split())))
    return re.compile(f"(?=[{GAPS}][{''.join(sorted(openers))}])(?:{'|'.join(parts)})")


def _openers(elements: list[str]) -> Iterator[str]:
    """Return the classes a row may begin with: its leading optional elements and the next."""
    for element in elements:
        if not element.startswith(("(", "!")):
            yield element.lstrip(",-~").rstrip("?")
            if not element.endswith("?"):
                return


def _variants(elements: list[str]) -> list[str]:
    """Return the row's patterns: with its leading optional elements, then without."""
    context = [element for element in elements if element.startswith(("(", "!"))]
    body = elements[len(context) :]
    before = "".join(map(_context, context))
    patterns = []
    while True:
        first = f"[{GAPS}][{_letters(body[0].lstrip(',-~').rstrip('?'))}]"
        patterns.append(before + first + "".join(map(_element, body[1:])))
        if not body[0].endswith("?"):
            return patterns
        body = body[1:]


def _context(element: str) -> str:
    sign = "!" if element.startswith("!") else "="
    return f"(?<{sign}[{GAPS}][{_letters(element.strip('!()'))}])"


def _element(element: str) -> str:
    if element == "STOP":
        return "(?! )"
    if element.startswith("^"):
        return f"(?! [{_letters(element.strip('^()'))}])"
    gap = {",": "[ ,]", "-": "[ -]", "~": "-"}.get(element[0], " ")
    optional = "?" if element.endswith("?") else ""
    return f"(?:{gap}[{_letters(element.lstrip(',-~').rstrip('?'))}]){optional}"


def _letters(names: str) -> str:
    return "".join(re.escape(LETTERS[name]) for name in names.split("|"))


VOCABULARIES = {
    "fr": Vocabulary(_FRENCH_WORDS, _compile(_FRENCH_RULES), re.compile(r"\b[Uu]n\s\Z")),
    "en": Vocabulary(_ENGLISH_WORDS, _compile(_ENGLISH_RULES), re.compile(r"\b[Aa]\s\Z")),
}

NAME_BEFORE = re.compile(
    r"(?:jeux|jo|olympi\w+|paralympi\w+|games|olympics|cup|coupe|mondial\w*|euro|loi|law|act|horizon|agenda"
    r"|tour|tokyo|rio|londres|london|paris)(?:[\s'’]+\w+){0,2}[\s'’]+\Z",
    re.IGNORECASE,
)
"""What stands before a year that belongs to a name ("Jeux de Paris 2024", "JO de 2024")."""
