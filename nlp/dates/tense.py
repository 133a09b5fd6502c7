"""Whether the words around a date look ahead.

Nothing here gives a date a meaning.
"""

import re

from nlp.dates.parts import Expression

TENSE_REACH = 90
"""How far, in characters, a verb may stand from a date to say past or future."""

BEHIND = 20
"""How much further away, in characters, a verb behind a date counts than one before it."""

_TENSED = frozenset(
    "day weekday month part season interval weekend unit later around hours unit_after relative "
    "weekday_day weekdays week_of quarter half feast told_weekend "
    "within".split()
)
SENTENCE_END = re.compile(
    r"[.!?;](?<![ .(\n][A-Z]\.)(?<!\bMr\.)(?<!\bDr\.)(?<!\bGen\.)(?<!\b[ap]\.m\.)\s|\n(?![a-zà-ÿ])"
)
_CLAUSE_END = re.compile(rf"{SENTENCE_END.pattern}|\b(?:that|que)\b|\bqu['’]")
"""Behind a date, also where what was said begins: "said on Thursday that all would be freed"."""
_FUTURE = {
    "fr": re.compile(
        r"\b(?!opéra\b|caméra\b|aura\b\s+\w+é\b|extra\b|ultra\b|sahara\b|para\b|errera\b)"
        r"(?:\w+(?:era|ira|dra|tra|vra|rra|ura|eront|iront|dront|vront|tront|rront)"
        r"|va|vont|allait|allaient|devrait|devraient|doit|doivent|prévue?s?|attendue?s?|prochaine?s?"
        r"|d['’]ici|censée?s?|(?:est|sont) (?:convoqu|programm)\w+|annoncé la tenue|à paraître"
        r"|à venir|au plus tard"
        r"|(?:report|repouss|fix|inscri)[ét]\w{0,2}\s+(?:au|à|pour))\b"
        r"|\bà (?:partir|compter) (?:de |du |d['’])\Z"
    ),
    "en": re.compile(
        r"\b(?:will|shall|is to|are to|due|set to|scheduled|plans?|planned|expected|next|upcoming"
        r"|would|to be(?: \w+)?|[Dd]eadline)\b|['’]ll\b|\b(?:by|until)\s+(?:the\s+)?\Z"
    ),
}
_PERHAPS = {
    "fr": re.compile(r"\bpourrai(?:t|ent)\b"),
    "en": re.compile(
        r"\b(?:may|might|could(?! (?:not|hardly)\b| be (?:seen|heard|felt)|n['’]t)|likely to"
        r"|as soon as|(?:hop|aim|intend|prepar|expect)\w* to)\b"
    ),
}
"""What looks ahead only to a date behind it: "storms could come Friday"."""
_PAST = {
    "fr": re.compile(
        r"\b(?:a|ont|avait|avaient|est|sont|était|étaient|fut|furent|eut|depuis|dernier|dernière"
        r"|\w{2,}(?:ait|aient))\b"
        r"|\b(?!prévu|attendu|fix|programm|annonc|report|repouss|espér|envisag|organis|convoqu"
        r"|entrée|arrivée|rentrée|année|durée|journée|soirée|tournée|armée|levée|montée)"
        r"\w{3,}(?:ée|ées|és)\s(?:\w+\s){0,2}(?:en|au|dès|depuis)\s\Z"
    ),
    "en": re.compile(
        r"\b(?:said|was|were|had|did|told|has|have|came|went|took|began|held|made|met|left|won"
        r"|lost|since|last|after|\w{3,}ed)\b"
    ),
}


def looks_ahead(text: str, lang: str, one: Expression) -> bool:
    """Say whether the nearest verb that shows a tense shows the future."""
    if one.kind not in _TENSED:
        return False
    clause = _clause_around(text, one)
    ahead = _nearest(_FUTURE[lang[:2]], text, one, clause, BEHIND + 1)
    for match in _PERHAPS[lang[:2]].finditer(text, clause[0], one.start):
        distance = one.start - match.end()
        ahead = distance if ahead is None else min(ahead, distance)
    if ahead is None:
        return False
    # "expected" is both: before the date it looks ahead to it, behind it often belongs elsewhere
    behind = _nearest(_PAST[lang[:2]], text, one, clause, BEHIND)
    return behind is None or ahead <= behind


def _clause_around(text: str, one: Expression) -> tuple[int, int]:
    """Return the part of the sentence around a date, as far as a verb's tense reaches."""
    first = max(0, one.start - TENSE_REACH)
    for match in SENTENCE_END.finditer(text, first, one.start + 1):
        first = match.end()
    stop = _CLAUSE_END.search(text, one.end, one.end + TENSE_REACH)
    return first, stop.start() if stop else one.end + TENSE_REACH


def _nearest(
    pattern: re.Pattern[str], text: str, one: Expression, clause: tuple[int, int], further: int
) -> int | None:
    """Return how far from the date the nearest match is; one behind it counts as further."""
    before = [one.start - match.end() for match in pattern.finditer(text, clause[0], one.start)]
    after = pattern.search(text, one.end, clause[1])
    if after is not None:
        before.append(after.start() - one.end + further)
    return min(before, default=None)
