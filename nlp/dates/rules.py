"""The word orders that name dates, in French and English, as tables and as one pattern each.

Nothing here computes a date.

In a rule, elements follow each other with a space (or an apostrophe) between them. `,X` also allows
a comma before it, `-X` a hyphen or dash, `~X` demands one; `X|Y` is one or the other, `X?` may be
missing; `(X)` must stand before and is no part of the date, `(X+Y)` both in this order, `!(X)` must
not stand before, `^(X)` must not follow; `STOP` at the end says that no further word follows
directly.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from nlp.dates.words import ENGLISH, FRENCH, GAPS, LETTERS, Word


class Vocabulary(NamedTuple):
    """One language: its words, and all its rules as one pattern over class letters.

    `forms` are the words as they are written: small, with a capital, in capitals; `dotted` what
    they are with a full stop behind them. What `indefinite` fits stands before a day that is
    described, not dated: "it was a Monday".
    """

    forms: Mapping[str, Word]
    dotted: Mapping[str, Word]
    rules: re.Pattern[str]
    indefinite: re.Pattern[str]


# (what it is, its word order); the first row that fits at a place wins, so the longer stand first
_FRENCH_RULES = (
    ("interval", "DU WEEKDAY? DAY MONTH? YEAR? AU WEEKDAY? DAY MONTH YEAR?"),
    ("interval", "BETWEEN THE WEEKDAY? DAY MONTH? YEAR? AND THE WEEKDAY? DAY MONTH YEAR?"),
    ("interval", "DAY ,DAY ,DAY? AND THE? DAY MONTH YEAR?"),
    ("interval", "DAY AND THE? DAY MONTH YEAR?"),
    ("interval", "DAY ~DAY MONTH YEAR?"),
    ("interval", "OF MONTH YEAR? TO MONTH YEAR?"),
    ("interval", "BETWEEN MONTH YEAR? AND MONTH YEAR?"),
    ("interval", "MONTH ~MONTH YEAR?"),
    ("interval", "OF YEAR TO YEAR"),
    ("interval", "BETWEEN YEAR AND YEAR"),
    ("interval", "YEAR ~YEAR"),
    ("years", "YEAR ~NUM|DAY"),
    ("weekdays", "!(TIME) OF WEEKDAY TO WEEKDAY"),
    ("weekdays", "BETWEEN WEEKDAY AND WEEKDAY"),
    ("week_of", "UNIT DU WEEKDAY? DAY MONTH YEAR?"),
    ("day", "WEEKDAY|WDAY ,THE? ,DAY MONTH|ABBR ,YEAR?"),
    ("day", "DAY MONTH|ABBR OF THE SAME UNIT"),
    ("day", "DAY MONTH|ABBR OF THIS UNIT -LA?"),
    ("day", "DAY MONTH|ABBR OF? THE UNIT LAST"),
    ("day", "DAY MONTH|ABBR LAST|NEXT"),
    ("day", "DAY MONTH|ABBR ,YEAR?"),
    ("day", "(DU|THE|AU|THIS) DAY ~MONTH ~YEAR?"),
    ("weekday_day", "WEEKDAY DAY"),
    ("part", "MID|EARLY|LATE -MONTH YEAR?"),
    ("part", "MID|EARLY|LATE -YEAR"),
    ("part", "MID|EARLY|LATE DU UNIT OF MONTH YEAR?"),
    ("part", "MID|EARLY|LATE OF MONTH YEAR?"),
    ("part", "MID|EARLY|LATE OF THE? UNIT? YEAR"),
    ("part", "MID|EARLY|LATE DU UNIT YEAR|DAY"),
    ("part", "MID|EARLY|LATE DU UNIT NUM -NUM? -NUM|DAY?"),
    ("part", "MID|EARLY|LATE OF? THIS|THE? UNIT -LA|LAST|NEXT|FOLLOWING|PREVIOUS?"),
    ("part", "MID|EARLY|LATE DU UNIT LAST|NEXT|FOLLOWING|PREVIOUS?"),
    ("month", "MONTH YEAR"),
    ("month", "MONTH OF THE SAME UNIT"),
    ("month", "MONTH OF THIS UNIT -LA?"),
    ("month", "MONTH OF? THE UNIT LAST"),
    ("month", "MONTH LAST|NEXT|FOLLOWING|PREVIOUS"),
    ("month", "(IN|OF|SINCE|FROM|AND|ON|TO|BEFORE|AFTER) MONTH"),
    ("season", "(THE|AU|THIS|IN|OF|DU) SEASON OF? YEAR -YEAR?"),
    ("season", "THIS SEASON"),
    ("season", "(THE|AU|DU) SEASON LAST|NEXT|FOLLOWING|PREVIOUS"),
    ("season", "(THE|AU) SEASON"),
    ("quarter", "ORDINAL|DAY|LAST QUARTER OF? THE? UNIT LAST|NEXT?"),
    ("quarter", "ORDINAL|DAY|LAST QUARTER OF? YEAR"),
    ("quarter", "ORDINAL|DAY|LAST QUARTER ^(OF|DU)"),
    ("quarter", "QNUM YEAR"),
    ("half", "ORDINAL|DAY HALF OF? THE? UNIT LAST|NEXT?"),
    ("half", "ORDINAL|DAY HALF OF? YEAR"),
    ("half", "ORDINAL|DAY HALF ^(OF|DU)"),
    ("first_months", "NUM|DAY FIRSTS UNIT OF? THE UNIT LAST|NEXT?"),
    ("first_months", "NUM|DAY FIRSTS UNIT OF? YEAR"),
    ("first_months", "NUM|DAY FIRSTS UNIT ^(OF|DU)"),
    ("decade", "(THE|DU|IN) UNIT YEAR"),
    ("decade", "(THE|DU|IN) UNIT NUM|DAY -NUM? -NUM|DAY?"),
    ("year", "(IN|SINCE|OF|UNIT|FROM|BEFORE|AFTER|TO|ON) YEAR"),
    ("weekday", "THIS? WEEKDAY AFTER -TIME"),
    ("told_weekday", "WEEKDAY FOLLOWING|PREVIOUS"),
    ("weekday", "WEEKDAY LAST|NEXT TIME?"),
    ("told_weekday", "(THE|DU|AU) WEEKDAY TIME?"),
    ("weekday", "THIS WEEKDAY TIME? ^(LA|DAY)"),
    ("weekday", "!(EVERY|ORDINAL|THE|DU|AU) WEEKDAY TIME?"),
    ("ago", "IL Y HAS ADV? ADV? PLUS? OF? NUM|DAY ~NUM? ~NUM? UNIT"),
    ("ago", "VOICI ADV? PLUS? OF? NUM|DAY ~NUM? ~NUM? UNIT"),
    ("in", "FROM NUM|DAY ~NUM? UNIT"),
    ("unit_then", "THIS UNIT -LA"),
    ("then_day", "THIS TIME -LA"),
    ("weekend", "THIS WEEK -END LAST|NEXT?"),
    ("weekend", "THE WEEK -END LAST|NEXT"),
    ("told_weekend", "(IN|SINCE|ON|OF) THE WEEK -END"),
    ("told_weekend", "(COURSE) DU WEEK -END"),
    ("unit", "THE UNIT LAST|NEXT"),
    ("unit", "THIS UNIT"),
    ("today", "THIS TIME"),
    ("today", "THIS AFTER -TIME"),
    ("night", "THE TIME LAST"),
    ("unit_after", "THE UNIT FOLLOWING"),
    ("unit_before", "THE UNIT PREVIOUS"),
    ("unit_then", "THE SAME UNIT"),
    ("unit_then", "THE UNIT SAME"),
    ("then_day", "THE SAME TIME"),
    ("then_day", "THE TIME SAME"),
    ("hours", "NUM|DAY -NUM? HOUR PLUS LATER"),
    ("hours", "NUM|DAY -NUM? HOUR AFTER STOP"),
    ("later", "NUM|DAY ~NUM? ~NUM? UNIT PLUS LATER"),
    ("earlier", "NUM|DAY ~NUM? ~NUM? UNIT PLUS? EARLIER"),
    ("later", "NUM|DAY ~NUM? ~NUM? UNIT AFTER STOP"),
    ("earlier", "NUM|DAY ~NUM? ~NUM? UNIT BEFORE STOP"),
    ("before_yesterday", "BEFORE|AFTER -DEICTIC TIME?"),
    ("relative", "!(UNIT) THE|AU|DU REL TIME? ^(OF|DU|SAME)"),
    ("deictic", "DEICTIC AFTER -TIME"),
    ("deictic", "DEICTIC TIME?"),
    ("today", "AUJOURD HUI"),
    ("heading", "YEAR|MONTH STOP"),
    ("day_alone", "(THE) DAY STOP"),
    ("bare_year", "YEAR"),
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
    ("interval", "MONTH|MAYBE ~MONTH|MAYBE YEAR?"),
    ("interval", "FROM|BETWEEN YEAR TO|AND YEAR"),
    ("interval", "YEAR ~YEAR"),
    ("years", "YEAR ~NUM|DAY"),
    ("weekdays", "FROM|BETWEEN WEEKDAY TO|AND WEEKDAY"),
    ("week_of", "THE UNIT OF MONTH|MAYBE|ABBR DAY ,YEAR?"),
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
    ("part", "MID|EARLY|LATE OF? LAST|NEXT|THIS MONTH|MAYBE"),
    ("part", "MID|EARLY|LATE IN? OF? -YEAR"),
    ("part", "MID|EARLY|LATE IN|OF THE -DECADE"),
    ("part", "MID|EARLY|LATE -DECADE"),
    ("part", "MID|EARLY|LATE OF|IN THE UNIT"),
    ("part", "MID|EARLY|LATE OF|IN? THIS|LAST|NEXT UNIT"),
    ("month", "MONTH|MAYBE|ABBR OF? ,YEAR"),
    ("month", "MONTH|MAYBE OF LA|THIS SAME? UNIT"),
    ("month", "MONTH|MAYBE OF THE SAME UNIT"),
    ("month", "MONTH|MAYBE OF? LAST|NEXT UNIT"),
    ("month", "THIS PAST MONTH|MAYBE"),
    ("month", "LAST|NEXT|THIS|FOLLOWING|PREVIOUS MONTH|MAYBE"),
    ("month", "(IN|OF|SINCE|TO|FROM|LATE) MAYBE"),
    ("month", "(MONTH+AND) MAYBE"),
    ("month", "(THE|NUM) MAYBE ^(ON|OF|TO|IN)"),
    ("season", "SEASON|SEASONISH OF? YEAR"),
    ("season", "THIS PAST SEASON|SEASONISH"),
    ("season", "LAST|NEXT|THIS|FOLLOWING|PREVIOUS SEASON|SEASONISH"),
    ("quarter", "ORDINAL|DAY|LAST -QUARTER OF THE|THIS|LAST|NEXT UNIT"),
    ("quarter", "ORDINAL|DAY -QUARTER OF? YEAR"),
    ("quarter", "ORDINAL|DAY -QUARTER ^(OF)"),
    ("quarter", "QNUM OF? YEAR?"),
    ("unit", "LAST|NEXT|THIS QUARTER"),
    ("half", "ORDINAL HALF OF THE|THIS|LAST|NEXT UNIT"),
    ("half", "ORDINAL HALF OF YEAR"),
    ("first_months", "ORDINAL NUM|DAY UNIT OF THE|THIS|LAST UNIT"),
    ("first_months", "ORDINAL NUM|DAY UNIT OF YEAR"),
    ("year", "(IN|SINCE|OF|FROM|TO|UNIT|ON|NEXT) YEAR"),
    ("decade", "DECADE"),
    ("unit", "EARLIER|LATER IN THE UNIT"),
    ("told_weekend", "(IN|SINCE|ON) THE PAST? WKND ^(OF)"),
    ("weekend", "THIS PAST WKND"),
    ("weekend", "LAST|NEXT|THIS WKND"),
    ("unit_then", "THE SAME WKND"),
    ("unit_then", "LA SAME? WKND"),
    ("unit_after", "THE FOLLOWING UNIT|WKND"),
    ("unit_after", "!(ON|IN) THE NEXT UNIT|WKND"),
    ("unit_before", "THE PREVIOUS UNIT|WKND"),
    ("unit_then", "THE SAME UNIT"),
    ("unit_then", "LA SAME? UNIT"),
    ("then_day", "THE SAME TIME"),
    ("then_day", "LA SAME? TIME"),
    ("then_next", "THE NEXT|FOLLOWING TIME"),
    ("told_weekday", "FOLLOWING|PREVIOUS WEEKDAY TIME?"),
    ("weekday", "!(EVERY|ORDINAL) THIS PAST WEEKDAY TIME?"),
    ("weekday", "!(EVERY|ORDINAL) LAST|NEXT|THIS? WEEKDAY TIME?"),
    ("night", "LAST TIME"),
    ("today", "THIS TIME"),
    ("before_yesterday", "THE UNIT SINCE DEICTIC"),
    ("ago", "NUM|DAY ~NUM? UNIT AGO"),
    ("in", "NUM|DAY ~NUM? UNIT FROM NOW"),
    ("within", "IN NUM|DAY ~NUM? UNIT ^(OF)"),
    ("hours", "NUM|DAY -NUM? HOUR LATER"),
    ("later", "NUM|DAY ~NUM? UNIT LATER"),
    ("earlier", "NUM|DAY ~NUM? UNIT EARLIER"),
    ("around", "THE|NUM|DAY ~NUM? UNIT SINCE STOP"),
    ("unit", "THIS PAST UNIT"),
    ("unit", "!(THE) LAST|NEXT|THIS UNIT"),
    ("deictic", "DEICTIC TIME?"),
    ("month", "MONTH"),
    ("heading", "YEAR STOP"),
    ("day_alone", "(THE) DAY STOP"),
    ("bare_year", "YEAR ^(COUNTED)"),
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
    return re.compile(f"(?={_GAP}[{''.join(sorted(openers))}])(?:{'|'.join(parts)})")


_GAP = f"[{re.escape(GAPS)}]"


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
        first = f"{_GAP}[{_letters(body[0].lstrip(',-~').rstrip('?'))}]"
        patterns.append(before + first + "".join(map(_element, body[1:])))
        if not body[0].endswith("?"):
            return patterns
        body = body[1:]


def _context(element: str) -> str:
    sign = "!" if element.startswith("!") else "="
    classes = element.strip("!()").split("+")
    return f"(?<{sign}{''.join(f'{_GAP}[{_letters(each)}]' for each in classes)})"


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


def _written(words: Mapping[str, Word]) -> dict[str, Word]:
    """Return every way a word is written; one that its capital makes a date needs the capital."""
    forms: dict[str, Word] = {}
    for form, word in words.items():
        ways = {form.capitalize(), form.upper()} | (set() if word.capital else {form})
        forms.update(dict.fromkeys(ways, word))
    return forms


def _vocabulary(
    words: Mapping[str, Word], rules: Iterable[tuple[str, str]], indefinite: str
) -> Vocabulary:
    plain = {form: word for form, word in words.items() if not form.endswith(".")}
    full = {form[:-1]: word for form, word in words.items() if form.endswith(".")}
    letters = (LETTERS["ABBR"], LETTERS["WDAY"])
    short = {form: word for form, word in plain.items() if word.letter in letters}
    dotted = _written({**short, **full})
    return Vocabulary(_written(plain), dotted, _compile(rules), re.compile(indefinite))


VOCABULARIES = {
    "fr": _vocabulary(FRENCH, _FRENCH_RULES, r"\b[Uu]n\s\Z"),
    "en": _vocabulary(ENGLISH, _ENGLISH_RULES, r"\b[Aa]\s\Z"),
}
