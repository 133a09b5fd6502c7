"""The words and dates shown to people, in French and in English.

It holds no sentence about the affair itself: those are always quoted from a source.
"""

from datetime import date

from model.mention import Precision

LANGUAGES = ("fr", "en")

_MONTHS = {
    "fr": (
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
    ).split(),
    "en": (
        "January February March April May June July August September October November December"
    ).split(),
}
_DAYS = {
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche".split(),
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
}
_SEASONS = {
    "fr": ("hiver", "printemps", "été", "automne"),
    "en": ("winter", "spring", "summer", "autumn"),
}
_QUARTERS = {"fr": "{n}{e} trimestre {year}", "en": "Q{n} {year}"}

PHRASES: dict[str, tuple[str, str]] = {
    "timeline": ("Chronologie", "Timeline"),
    "by_event": ("Ce qui s’est passé", "What happened"),
    "by_published": ("Ce qui a été publié", "What was published"),
    "search": ("Chercher", "Search"),
    "query_hint": ("mots, « expression », entity:CNIL, -sauf", 'words, "a phrase", entity:CNIL, -not'),
    "all": ("Tout", "All"),
    "articles": ("articles", "articles"),
    "new_articles": ("Nouveaux articles", "New articles"),
    "no_articles": ("Rien de nouveau ce jour-là.", "Nothing new on that day."),
    "events": ("Faits datés dans ces articles", "Dated facts in these articles"),
    "changes": ("Ce qui a changé", "What changed"),
    "edited": ("modifié sans mention", "edited"),
    "absent": ("retiré : présent au dernier passage, absent depuis", "absent since"),
    "health": ("Santé de la veille", "Health of the watch"),
    "all_well": ("toutes les sources ont répondu", "every source answered"),
    "failing": ("sources muettes ou en panne", "silent or failing sources"),
    "more": ("de plus, non montrés ici", "more, not shown here"),
    "copies": ("autres sites portent ce texte", "other sites carry this text"),
    "copy": ("un autre site porte ce texte", "one other site carries this text"),
    "sources_one": ("une source indépendante", "one independent source"),
    "sources_many": ("sources indépendantes", "independent sources"),
    "inferred": ("date déduite", "inferred date"),
    "future": ("daté du futur", "dated in the future"),
    "first_seen": ("vu le", "first seen"),
    "published": ("publié le", "published"),
    "undated": ("sans date, vu le", "undated, first seen"),
    "named": ("Qui est nommé", "Who is named"),
    "versions": ("Versions", "Versions"),
    "quotes": ("Citations", "Quotes"),
    "dates": ("Dates citées", "Dates named"),
    "proof": ("Preuve", "Proof"),
    "original": ("Lire l’original", "Read the original"),
    "back": ("Retour à la chronologie", "Back to the timeline"),
    "why_kept": ("Gardé pour", "Kept for"),
    "nothing_found": ("Aucun résultat.", "Nothing found."),
    "not_relevant": ("hors affaire", "outside the affair"),
    "digest": ("Revue du", "Digest of"),
    "made_by": (
        "Fait par Vigie sur votre machine ; chaque fait renvoie à la phrase qui le dit.",
        "Made by Vigie on your own machine; every fact leads to the sentence that says so.",
    ),
}


def say(key: str, language: str) -> str:
    """Return one phrase in `fr` or `en` (English for anything else)."""
    french, english = PHRASES[key]
    return french if language == "fr" else english


def spell_day(day: date, language: str) -> str:
    """Return a day with its weekday: `mardi 14 novembre 2023`."""
    spoken = _known(language)
    return f"{_DAYS[spoken][day.weekday()]} {_day_month_year(day, spoken)}"


def spell_date(from_on: date, to_on: date, precision: Precision, language: str) -> str:
    """Return a date as exactly as it is known: a day, a month, a season, a year, an interval."""
    spoken = _known(language)
    month = f"{_MONTHS[spoken][from_on.month - 1]} {from_on.year}"
    match precision:
        case Precision.DAY:
            return _day_month_year(from_on, spoken)
        case Precision.MONTH:
            return month
        case Precision.YEAR:
            return str(from_on.year)
        case Precision.SEASON:
            return f"{_SEASONS[spoken][to_on.month % 12 // 3]} {to_on.year}"
        case Precision.QUARTER:
            return _spell_quarter(from_on, spoken)
        case Precision.INTERVAL:
            return f"{_day_month_year(from_on, spoken)} – {_day_month_year(to_on, spoken)}"


def _spell_quarter(from_on: date, language: str) -> str:
    number = (from_on.month + 2) // 3
    return _QUARTERS[language].format(n=number, e="er" if number == 1 else "e", year=from_on.year)


def _day_month_year(day: date, language: str) -> str:
    number = "1er" if language == "fr" and day.day == 1 else str(day.day)
    return f"{number} {_MONTHS[language][day.month - 1]} {day.year}"


def _known(language: str) -> str:
    return language if language in LANGUAGES else "en"
