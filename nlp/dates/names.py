"""Names that hold a date without naming one, and days known by a name without their year.

"Rue du 8-Mai-1945", "the March 14 alliance", "Jeux de Paris 2024", "resolution 1973" date nothing;
"the September 11 attacks" says its year. Nothing here reads what a date means.
"""

import re

from nlp.dates.parts import Expression
from nlp.dates.words import NAMES

_GAMES_BEFORE = re.compile(
    r"(?:jeux|jo|olympi\w+|paralympi\w+|games|olympics|cup|coupe|mondial\w*|euro|loi|law|act|horizon|agenda"
    r"|tour|tokyo|rio|londres|london|paris)(?:[\s'’]+\w+){0,2}[\s'’]+\Z",
    re.IGNORECASE,
)
_GAMES_AFTER = re.compile(
    r"\s+(?:\w+\s+)?(?:olympi\w+|paralympi\w+|games|world\s+cup|world\s+championship"
    r"|european\s+championship|ryder\s+cup|asian\s+cup)\b",
    re.IGNORECASE,
)
_SEASON_AFTER = re.compile(r"\s(?:arabes?|berbère|érable|noir|de\sPrague|des\speuples)\b")
_NUMBERED = re.compile(
    r"(?:\b(?:r[ée]solutions?|n[°o]|num[ée]ros?|numbers?|articles?|pages?|room|rooms|flight|vol|channel|model"
    r"|mod[èe]le|route|bus|ligne|chapitre|chapter|section|directive|code|bp|top|les|ces|des|quelques?"
    r"|environ|around|about|some|nearly|almost|than|only|just|top|peugeot|windows|office|boeing|area"
    r"|[ée]ditions?|mill[ée]simes?|palmar[èe]s|versions?|moins|plus|usd|eur|au\s+moins|at\s+least|up\s+to)"
    r"(?:\s+(?:de|d|\(|\d{3,4}\s+(?:et|and|ou|or)))?|[#@©+×x=<>~*/\\-]|\(c\)|©[^.\n]{0,40}\()\s*\Z",
    re.IGNORECASE,
)
_NAME_BEFORE_YEAR = re.compile(r"[^\W\d_a-zà-ÿ][\w.-]*\s\Z")
_OPENS_LINE = re.compile(r"(?:\A|[.!?:\n•–—-])\s*[^\W\d_][\w.-]*\s\Z")
_COUNTS = re.compile(
    r"\s+(?!(?:dans|sous|vers|pas|plus|mais|puis|après|depuis|alors|sans|dès|les|des|ces|ses|aux|as|was|is"
    r"|has|its|this|us)\b)[a-zà-ÿ]+(?:s|x|men|women|children|people)\b"
)
_PLACE_BEFORE = re.compile(
    r"\b(?:rue|place|avenue|av\.|boulevard|bd|quai|square|cours|impasse|pont|stade|station|métro|gare"
    r"|lycée|collège|école|caserne|cité|mouvement|coalition|alliance|camp|forces?|bloc|front"
    r"|brigades?|université|hôpital|parti)\s+(?:du|de\sl['’]|le)\s*\Z",
    re.IGNORECASE,
)
_PLACED = frozenset({"du", "le", "l'", "l’"})
_MOVEMENT_AFTER = re.compile(
    r"\s+(?:youth\s+)?(?:movement|alliance|coalition|bloc|camp|brigades?|forces|street|square|bridge)\b",
    re.IGNORECASE,
)
_PAPER_AFTER = re.compile(
    r"\s(?:Times|Telegraph|Mirror|Express|Herald|Mail|Post|Sport|Agreement|Prayers?)\b"
)
_ATTACKS_BEFORE = re.compile(
    r"(?:\battentats?|\battaques?|\battacks?)\b[^.\n]{0,25}\Z", re.IGNORECASE
)
_ATTACKS_AFTER = re.compile(r"[^.\n]{0,12}\b(?:attentat|attaque|attack|terror)", re.IGNORECASE)
_FAMOUS = {(9, 11): 2001, (11, 13): 2015}
_DAYS = frozenset({"day", "month"})
_ROUND = 50


def is_name(one: Expression, text: str) -> bool:
    """Say whether what looks like a date belongs to a name."""
    before = max(0, one.start - 40), one.start
    if one.kind in {"year", "season", "bare_year", "feast"}:
        if _GAMES_BEFORE.search(text, *before) is not None:
            return True
        if _GAMES_AFTER.match(text, one.end) is not None:
            return True
    if one.kind == "season":
        return _SEASON_AFTER.match(text, one.end) is not None
    if one.kind == "weekday":
        return _PAPER_AFTER.match(text, one.end) is not None
    if one.kind in _DAYS and _MOVEMENT_AFTER.match(text, one.end) is not None:
        return True
    if one.kind != "day" or text[max(0, one.start - 3) : one.start - 1] not in _PLACED:
        return False
    return _PLACE_BEFORE.search(text, *before) is not None


def counts(text: str, end: int) -> bool:
    """Say whether what ends there counts the plural behind it: "18 civils"."""
    return _COUNTS.match(text, end) is not None


def is_bare_year(one: Expression, text: str, *, english: bool) -> bool:
    """Say whether four figures alone are a year: no count, no thing's number, part of no name."""
    start, end = one.start, one.end
    if one.tokens[0].value < 1900 or _NUMBERED.search(text, max(0, start - 45), start):
        return False
    if text[max(0, start - 1) : start] not in ("", " ", "\n", "(", "\u00a0", "'", "’"):
        return False
    if _NAME_BEFORE_YEAR.search(text, max(0, start - 30), start) and not _OPENS_LINE.search(
        text, max(0, start - 30), start
    ):
        return False
    is_round = one.tokens[0].value % _ROUND == 0  # else "the 2010 elections"
    return (english and not is_round) or not counts(text, end)


def famous_year(one: Expression, text: str) -> int | None:
    """Return the year of a day known by its name: "the September 11 attacks"."""
    if one.kind != "day":
        return None
    day, month = (_value(one, names) for names in (("DAY",), ("MONTH", "ABBR")))
    if (month, day) not in _FAMOUS or _value(one, ("YEAR",)):
        return None
    before = _ATTACKS_BEFORE.search(text, max(0, one.start - 40), one.start)
    is_told = before or _ATTACKS_AFTER.match(text, one.end)
    return _FAMOUS[month, day] if is_told else None


def _value(one: Expression, names: tuple[str, ...]) -> int:
    return next((token.value for token in one.tokens if NAMES[token.letter] in names), 0)
