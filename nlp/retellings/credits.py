"""Whom a text names as its source: "selon Disclose", "as first reported by The Ledger".

A name that is credited so may be a person or an authority as well as a publication: only some
words say which. Nothing here knows what publications there are.
"""

import re
from collections.abc import Iterator

import msgspec

_WORD = r"[A-ZÀ-Þ][\w&'’-]{0,40}(?:\.[\w-]{1,20}){0,3}"
_NAME = (
    rf"(?<![\w&-])(?P<name>{_WORD}(?: (?:(?:de|du|des|la|le|et|of|the|and) ){{0,2}}{_WORD}){{0,3}})"
)
_ARTICLES = r"(?:(?:[Ll]e|[Ll]a|[Ll]es|[Tt]he) |[Ll]['’])?"
_NOUN = (
    r"(?:[Ss]ite|[Mm]édia|[Mm]edia|[Jj]ournal|[Qq]uotidien|[Mm]agazine|outlet|newspaper|website|"
    r"non-profit|newsroom)s?(?: (?:d['’] ?(?:investigation|enquête|information)s?|en ligne|"
    r"investigatif|spécialisé))?"
)
_OUTLET = rf"(?:{_NOUN} )?"
_TOLD = (
    r"(?:a|avait|ont|has|had)? ?(?:révélé|révèle|révélait|dévoilé|dévoilait|publié|publie|publiait|"
    r"raconté|affirmé|affirmait|écrit|écrivait|rapporté|rapportait|revealed|reported|published|"
    r"wrote|uncovered)\b"
)

_SAID = (
    rf"(?:[Rr]évélations?|[Ee]nquêtes?|[Ii]nformations?|article|[Ii]nvestigation)"
    rf"(?: [\w'’-]+){{0,4}}? (?:du|de la|des|de|d['’]|par) ?{_ARTICLES}{_OUTLET}{_NAME}",
    rf"(?:révélée?s?|dévoilée?s?|publiée?s?|rapportée?s?|divulguée?s?) (?:[\w'’-]+ ){{0,4}}?par "
    rf"{_ARTICLES}{_OUTLET}{_NAME}",
    rf"(?:revealed|reported|published|disclosed|uncovered|exposed) (?:[\w'’-]+ ){{0,2}}?by "
    rf"{_ARTICLES}{_OUTLET}{_NAME}",
    r"(?:[Ii]nvestigation|[Rr]eport|[Ss]tory|[Rr]evelations?|article) (?:published )?"
    r"(?:by|from|in) "
    rf"{_ARTICLES}{_OUTLET}{_NAME}",
    rf"{_NAME}(?:, [^,.;]{{3,60}},)? (?:a|avait|ont|has|had)? ?"
    r"(?:révélé|révélait|dévoilé|dévoilait|revealed|first reported)\b",
    rf"{_NOUN} {_NAME} {_TOLD}",
    r"(?:https?://)?(?:www\.)?(?<![\w-])(?P<host>[a-z0-9][a-z0-9-]{1,60}(?:\.[a-z0-9-]{1,60}){0,4}\."
    r"(?:fr|com|org|net|ngo|info|eu|ch|be|example))/\S{4,}",
)
_PERHAPS = (
    rf"(?:[Ss]elon|[Dd]['’]après|[Ss]ources? ?:|[Vv]ia|[Cc]omme (?:le |l['’])?(?:révèle|révélait|"
    rf"rapporte|rapportait|raconte|indique|écrit)) ?{_ARTICLES}{_OUTLET}{_NAME}",
    rf"(?:[Aa]ccording to|[Aa]s reported by|[Ss]ource:|[Tt]old) {_ARTICLES}{_OUTLET}{_NAME}",
    rf"{_NAME} {_TOLD}",
)
_PATTERNS = tuple(
    [(re.compile(pattern), True) for pattern in _SAID]
    + [(re.compile(pattern), False) for pattern in _PERHAPS]
)

MAX_CHARS = 100_000
MAX_CREDITS = 50


class Credited(msgspec.Struct, frozen=True):
    """A name credited in a text, where the words stand, and whether it must be a publication."""

    name: str
    start: int
    end: int
    said: bool


def find_credits(text: str) -> tuple[Credited, ...]:
    """Return whom a text names as its source, each name once, in the order of the text."""
    found: dict[str, Credited] = {}
    for credit in sorted(_all(text[:MAX_CHARS]), key=lambda one: (one.start, not one.said)):
        held = found.get(credit.name)
        if held is None or (credit.said and not held.said):
            found[credit.name] = credit
    return tuple(sorted(found.values(), key=lambda one: one.start)[:MAX_CREDITS])


def _all(text: str) -> Iterator[Credited]:
    for pattern, said in _PATTERNS:
        for match in pattern.finditer(text):
            groups = match.groupdict()
            name = groups.get("name") or groups.get("host") or ""
            yield Credited(name.strip(" .'’-"), match.start(), match.end(), said)
