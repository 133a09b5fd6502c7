"""The words and dates shown to people, in French and in English.

It holds no sentence about the affair itself: those are always quoted from a source.
"""

from datetime import date, datetime

from model.mention import Precision

LANGUAGES = ("fr", "en")

MONTHS = {
    "fr": (
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
    ).split(),
    "en": (
        "January February March April May June July August September October November December"
    ).split(),
}
WEEKDAYS = {
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
    "query_hint": (
        "mots, « expression », entity:CNIL, -sauf",
        'words, "a phrase", entity:CNIL, -not',
    ),
    "skip": ("Aller au contenu", "Skip to the content"),
    "all": ("Tout", "All"),
    "more_events": ("en montrer davantage", "show more"),
    "weightiest": ("les plus importants", "the most important"),
    "per_month": ("Articles publiés par mois", "Articles published by month"),
    "older": ("Plus ancien", "Older"),
    "new_articles": ("Nouveaux articles", "New articles"),
    "no_articles": ("Rien de nouveau ce jour-là.", "Nothing new on that day."),
    "events": ("Faits datés dans ces articles", "Dated facts in these articles"),
    "changes": ("Ce qui a changé", "What changed"),
    "change_edited": ("modifié :", "edited:"),
    "change_shrunk": (
        "texte réduit de plus de 70 % (suppression possible) :",
        "text cut by more than 70% (possible removal):",
    ),
    "change_replaced": (
        "peut-être remplacé par un autre article :",
        "possibly replaced by another article:",
    ),
    "change_completed": ("désormais lisible :", "now readable:"),
    "change_moved": ("nouvelle adresse :", "new address:"),
    "change_absent": ("absent depuis le", "absent since"),
    "change_present": ("présent le", "present on"),
    "change_back": ("de nouveau en ligne", "online again"),
    "change_furniture": (
        "finalement pas une modification : le passage est commun à plusieurs pages du site",
        "no edit after all: the passage stands on several pages of the site",
    ),
    "part_title": ("titre", "headline"),
    "part_text": ("texte", "text"),
    "part_authors": ("signature", "byline"),
    "part_date": ("date", "date"),
    "health": ("Santé de la veille", "Health of the watch"),
    "none_failing": ("aucune en panne", "none failing"),
    "out_of": ("sur", "out of"),
    "no_sources": ("Aucune source n’est encore suivie.", "No source is watched yet."),
    "noticed": ("à regarder (vigie sources) :", "to be looked at (vigie sources):"),
    "last_run": ("Dernier passage :", "Last pass:"),
    "stands_still": (
        "Attention, aucun passage ne s’est terminé depuis",
        "Beware, no pass has ended since",
    ),
    "never_run": (
        "Attention, aucun passage ne s’est encore terminé.",
        "Beware, no pass has ended yet.",
    ),
    "inferred": ("date déduite", "inferred date"),
    "dated_otherwise": ("d’autres le datent", "others date it"),
    "future": ("daté du futur", "dated in the future"),
    "first_seen": ("Vu le", "First seen"),
    "published": ("publié le", "published"),
    "undated": ("sans date, vu le", "undated, first seen"),
    "imported": ("document importé", "imported document"),
    "untitled": ("(sans titre)", "(no headline)"),
    "changed": ("modifié", "edited"),
    "older_version": ("trouvé dans une version antérieure", "found in an earlier version"),
    "truncated": ("texte incomplet", "incomplete text"),
    "subscribers": ("pour abonnés", "for subscribers"),
    "named": ("Qui est nommé", "Who is named"),
    "most_named": ("Les plus cités", "Named most"),
    "nobody_named": ("Personne n’est encore nommé.", "Nobody is named yet."),
    "nobody_called": ("Personne ne porte ce nom.", "Nobody goes by that name."),
    "about_entity": (
        "Sa page : noms, mentions par semaine, citations",
        "Its page: names, mentions per week, quotes",
    ),
    "which_one": ("De qui s’agit-il ?", "Which one is meant?"),
    "mentions_first_last": ("Première et dernière mention", "First and last mention"),
    "goes_by": ("Ses noms, et pourquoi", "Its names, and why"),
    "beside": ("Cité avec", "Named together with"),
    "newest_articles": ("Derniers articles", "Newest articles"),
    "decided": ("Décidé à la main", "Decided by hand"),
    "decided_merge": ("{name} est {other}", "{name} is {other}"),
    "decided_split": (
        "{name} n’est pas {was} mais {other}",
        "{name} is not {was} but {other}",
    ),
    "decided_split_there": (
        "{name}, dans l’article {article}, n’est pas {was} mais {other}",
        "{name}, in article {article}, is not {was} but {other}",
    ),
    "decided_rename": ("{name} s’affiche {other}", "{name} is shown as {other}"),
    "decided_alias": ("{name} désigne toujours {other}", "{name} always means {other}"),
    "how_to_decide": ("Pour corriger qui est qui :", "To put right who is whom:"),
    "number": ("n°", "no."),
    "per_week": ("Articles par semaine", "Articles per week"),
    "last_weeks": ("les deux dernières années", "the last two years"),
    "week_of": ("semaine du", "week of"),
    "doubtful": ("avec un doute", "with some doubt"),
    "could_be": ("pourrait être", "could be"),
    "why_same": ("même nom", "same name"),
    "why_alias": ("autre nom connu", "known alias"),
    "why_learned": ("nom appris d’un autre texte", "name known from another text"),
    "why_surname": ("nom de famille du seul connu", "surname of the only one known"),
    "why_full_name": ("nom entier d’un nom de famille connu", "full name of a known surname"),
    "why_initial": ("initiale du prénom", "initial of the first name"),
    "why_acronym": ("sigle du nom entier", "acronym of the long name"),
    "why_long_name": ("nom entier d’un sigle connu", "long name of a known acronym"),
    "why_bracketed": ("donné entre parenthèses", "told in brackets"),
    "why_translation": ("traduction du nom", "translation of the name"),
    "why_transcription": ("autre transcription du nom", "other transcription of the name"),
    "why_ambiguous": ("plusieurs sont possibles, laissé à part", "could be several, left apart"),
    "why_unsure": ("trop peu l’indique, laissé à part", "too little speaks for it, left apart"),
    "why_decided": ("décidé à la main", "decided by hand"),
    "why_watched": ("liste de veille", "watch list"),
    "legend": ("Dans le texte :", "In the text:"),
    "legend_listed": ("nom suivi", "watched name"),
    "legend_other": ("autre nom", "other name"),
    "legend_date": ("date", "date"),
    "versions": ("Versions", "Versions"),
    "quotes": ("Citations", "Quotes"),
    "speaker_unknown": ("auteur non nommé", "speaker not named"),
    "quoted": ("« {words} »", "“{words}”"),
    "dates": ("Dates citées", "Dates named"),
    "seen_changes": ("Changements vus", "Changes seen"),
    "copies_of": ("Copies", "Copies"),
    "repeats": ("reprend", "repeats"),
    "repeated_by": ("repris par", "repeated by"),
    "stories": ("Développements", "Stories"),
    "facts": ("Fiche", "Facts"),
    "addresses": ("Adresses", "Addresses"),
    "site": ("Site", "Site"),
    "byline": ("Signature", "Byline"),
    "language": ("Langue", "Language"),
    "gone_since": ("Absent depuis", "Absent since"),
    "present_at": ("Présent le", "Present on"),
    "proof": ("Preuve", "Proof"),
    "original": ("Lire l’original", "Read the original"),
    "back": ("Retour à la chronologie", "Back to the timeline"),
    "why_kept": ("Gardé pour", "Kept for"),
    "nothing_found": ("Aucun résultat.", "Nothing found."),
    "did_you_mean": ("Vouliez-vous dire :", "Did you mean:"),
    "nothing_held": (
        "Rien encore : « vigie run » lit les sources, « vigie import » des fichiers.",
        "Nothing yet: `vigie run` reads the sources, `vigie import` reads files.",
    ),
    "not_relevant": ("hors affaire", "outside the affair"),
    "not_found": ("Cette page n’existe pas.", "There is no such page."),
    "bad_request": ("Cette demande n’est pas comprise.", "This request is not understood."),
    "damaged": (
        "Des données conservées sont endommagées : plus rien n’est écrit. "
        "`vigie run` dit lesquelles et comment les rétablir.",
        "Some of what is held is damaged: nothing more is written. "
        "`vigie run` says what, and how to get it back.",
    ),
    "damaged_page": (
        "Cette page est endommagée sur le disque : `vigie verify` dit ce qui l’est, "
        "`vigie restore` rétablit une sauvegarde.",
        "This page is damaged on the disk: `vigie verify` says what is, "
        "`vigie restore` puts back a backup.",
    ),
    "index_gap": (
        "L’index de recherche est en cours de reconstruction : "
        "des articles conservés ne sont pas encore trouvés.",
        "The search index is being made anew: some articles that are held are not found yet.",
    ),
    "failure": (
        "Vigie n’a pas pu faire cette page ; le terminal dit pourquoi.",
        "Vigie could not make this page; the terminal says why.",
    ),
    "digest": ("Revue du", "Digest of"),
    "made_by": (
        "Fait par Vigie sur votre machine ; chaque fait renvoie à la phrase qui le dit.",
        "Made by Vigie on your own machine; every fact leads to the sentence that says so.",
    ),
    "kind_person": ("personne", "person"),
    "kind_organisation": ("organisation", "organisation"),
    "kind_place": ("lieu", "place"),
    "kind_product": ("produit", "product"),
    "kind_law": ("loi", "law"),
    "kind_other": ("autre", "other"),
}


def say(key: str, language: str) -> str:
    """Return one phrase in `fr` or `en` (English for anything else)."""
    french, english = PHRASES[key]
    return french if language == "fr" else english


def say_parts(detail: str, language: str) -> str:
    """Return the parts of an article that an edit touched: `title, text` gives `titre, texte`."""
    return ", ".join(say(f"part_{part}", language) for part in detail.split(", ") if part)


def say_change(
    what: str, detail: str, language: str, *, present_at: datetime | None, seen_at: datetime
) -> str:
    """Return what changed in an article and which part of it, in one line; times are local."""
    if what == "absent":
        return spell_absence(present_at, seen_at, language)
    said = say(f"change_{what}", language)
    if what == "back":
        return said
    told = detail.rpartition(" ")[2] if what == "moved" else say_parts(detail, language)
    return f"{said} {told}".rstrip()


def spell_absence(present_at: datetime | None, absent_since: datetime, language: str) -> str:
    """Return how an absence is told, never as more than was seen; times are local.

    `présent le 3 juin 2024, absent depuis le 4 juin 2024`, with the hours on one day.
    """
    is_one_day = present_at is not None and present_at.date() == absent_since.date()
    spell = spell_time if is_one_day else _spell_day_of
    absent = f"{say('change_absent', language)} {spell(absent_since, language)}"
    if present_at is None:
        return absent
    return f"{say('change_present', language)} {spell(present_at, language)}, {absent}"


def _spell_day_of(at: datetime, language: str) -> str:
    return spell_plain_day(at.date(), language)


def spell_day(day: date, language: str) -> str:
    """Return a day with its weekday: `mardi 14 novembre 2023`."""
    spoken = _known(language)
    return f"{WEEKDAYS[spoken][day.weekday()]} {_day_month_year(day, spoken)}"


def spell_date(from_on: date, to_on: date, precision: Precision, language: str) -> str:
    """Return a date as exactly as it is known: a day, a month, a season, a year, an interval."""
    spoken = _known(language)
    month = f"{MONTHS[spoken][from_on.month - 1]} {from_on.year}"
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
    return f"{number} {MONTHS[language][day.month - 1]} {day.year}"


def spell_time(at: datetime, language: str) -> str:
    """Return a local moment with its hour: `14 novembre 2023, 18:04`."""
    return f"{_day_month_year(at.date(), _known(language))}, {at:%H:%M}"


def spell_plain_day(day: date, language: str) -> str:
    """Return a day without its weekday: `14 novembre 2023`."""
    return _day_month_year(day, _known(language))


def spell_month(day: date, language: str) -> str:
    """Return the month of a day: `novembre 2023`."""
    return f"{MONTHS[_known(language)][day.month - 1]} {day.year}"


def _known(language: str) -> str:
    return language if language in LANGUAGES else "en"
