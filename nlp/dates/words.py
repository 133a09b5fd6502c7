"""The words that dates are made of, in French and English, as tables.

A word has one class (`MONTH`, `AGO` …) and a value. Nothing here says in which order they name a
date; `date_rules` does.
"""

from collections.abc import Iterable
from typing import NamedTuple

GAPS = " ,-."
"""What stands between two words: a space, a comma, a hyphen, anything else."""

_CLASSES = (
    "OTHER DAY YEAR NUM DECADE MONTH MAYBE ABBR WEEKDAY WDAY SEASON SEASONISH UNIT QUARTER QNUM "
    "ORDINAL THE OF DU AU TO IN SINCE BETWEEN AND FROM EARLY MID LATE LAST NEXT THIS SAME "
    "FOLLOWING PREVIOUS AGO LATER EARLIER AFTER BEFORE PLUS IL Y HAS DEICTIC REL LA WEEK END "
    "AUJOURD HUI EVERY COUNTED HOUR TIME FEAST HALF FIRSTS WKND ON COURSE PAST "
    "ADV VOICI NOW"
).split()
LETTERS = {name: chr(0x41 + index) for index, name in enumerate(_CLASSES)}
"""Each class as one character, so that a text becomes a string that rules can search."""
NAMES = {letter: name for name, letter in LETTERS.items()}


class Word(NamedTuple):
    """What a word is: its class's letter, its value, whether only a capital makes it so."""

    letter: str
    value: int
    capital: bool = False


DAYS, WEEKS, MONTHS, YEARS, WEEKENDS, DECADES, QUARTERS = range(7)
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


FRENCH = _merge(
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
        _plain("NUM", "cinquante", 50),
        _plain("NUM", "soixante", 60),
        _plain("NUM", "vingts", 20),
        _plain("NUM", "cent", 100),
        _plain("HOUR", "heures"),
        _numbered("ORDINAL", "premier deuxième/second troisième quatrième"),
        _plain("FIRSTS", "premiers premières"),
        _plain("HALF", "semestre"),
        _numbered("QNUM", "t1 t2 t3 t4"),
        _plain("QUARTER", "trimestre"),
        _plain("UNIT", "jour jours journée", DAYS),
        _plain("UNIT", "semaine semaines", WEEKS),
        _plain("UNIT", "mois", MONTHS),
        _plain("UNIT", "an ans année années", YEARS),
        _plain("UNIT", "décennie décennies", DECADES),
        _plain("TIME", "matin midi soir nuit matinée soirée"),
        _plain("THE", "le la les l"),
        _plain("OF", "de d"),
        _plain("DU", "du des"),
        _plain("AU", "au aux"),
        _plain("TO", "à"),
        _plain("IN", "en courant"),
        _plain("ON", "pendant durant pour sur"),
        _plain("COURSE", "cours lors long fil"),
        _plain("SINCE", "depuis dès jusqu vers"),
        _plain("BETWEEN", "entre"),
        _plain("AND", "et ou"),
        _plain("FROM", "dans"),
        _plain("EARLY", "début debut"),
        _plain("MID", "mi milieu"),
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
        _plain(
            "ADV",
            "exactement précisément juste tout déjà seulement encore environ près moins presque",
        ),
        _plain("VOICI", "voici voilà"),
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

ENGLISH = _merge(
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
        _numbered(
            "NUM",
            "one/a/an two three four five six seven eight nine ten eleven twelve thirteen "
            "fourteen fifteen sixteen seventeen eighteen nineteen",
        ),
        _plain("NUM", "twenty", 20),
        _plain("NUM", "thirty", 30),
        _plain("NUM", "forty", 40),
        _plain("NUM", "fifty", 50),
        _plain("NUM", "sixty", 60),
        _plain("NUM", "seventy", 70),
        _plain("NUM", "eighty", 80),
        _plain("NUM", "ninety", 90),
        _plain("HOUR", "hours"),
        _numbered("ORDINAL", "first second third fourth"),
        _numbered("QNUM", "q1 q2 q3 q4"),
        _plain("QUARTER", "quarter"),
        _plain("UNIT", "day days", DAYS),
        _plain("UNIT", "week weeks", WEEKS),
        _plain("UNIT", "month months", MONTHS),
        _plain("UNIT", "year years", YEARS),
        _plain("UNIT", "decade decades", DECADES),
        _plain("WKND", "weekend", WEEKENDS),
        _plain("TIME", "morning afternoon evening night"),
        _plain("HALF", "half"),
        _plain("PAST", "past"),
        _plain("NOW", "now"),
        _plain("ON", "on over at for throughout"),
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
        _plain("EVERY", "every each"),
        _plain("COUNTED", "people persons percent per million billion other dead civilians"),
        _plain("COUNTED", "soldiers troops points km miles metres meters feet dollars euros"),
        _plain("COUNTED", "pounds protesters men women children"),
    )
)
