"""What a case file says in our own words, in French and in English.

It holds no sentence about the affair itself: those are always quoted from a source.
"""

WORDS: dict[str, tuple[str, str]] = {
    "kind": ("Dossier", "Case file"),
    "asked": ("Ce qui a été demandé", "What was asked"),
    "all_held": ("tout ce qui est conservé", "everything that is held"),
    "made_at": ("Établi le", "Made on"),
    "holds": ("Ce qu’il contient", "What it holds"),
    "span": ("Articles parus", "Articles published"),
    "span_events": ("Faits datés", "Events dated"),
    "made_with": ("Programme", "Program"),
    "state": ("État du journal", "State of the log"),
    "captures": ("relevés, dernier maillon", "captures, last link"),
    "lines": ("lignes au registre, dernier maillon", "lines in the ledger, last link"),
    "what_this_is": (
        "Ce dossier a été établi par un programme. Il ne résume ni n’interprète rien : chaque fait"
        " est une phrase citée d’un article, dont le numéro suit entre crochets. L’annexe dit en"
        " mots simples comment vérifier chaque empreinte.",
        "This file was made by a program. It neither sums up nor interprets: every fact is a"
        " sentence quoted from an article, whose number follows in brackets. The annex says in"
        " plain words how each hash can be checked.",
    ),
    "full_told": (
        "Les articles y sont reproduits en entier.",
        "The articles are reproduced in full.",
    ),
    "passages_told": (
        "Des articles, il donne des passages, non le texte entier.",
        "Of the articles it gives passages, not the whole text.",
    ),
    "contents": ("Sommaire", "Contents"),
    "timeline": ("Chronologie", "Timeline"),
    "articles": ("Articles", "Articles"),
    "bibliography": ("Bibliographie", "Bibliography"),
    "annex": ("Annexe : vérifier les empreintes", "Annex: checking the hashes"),
    "no_events": (
        "Aucun fait daté n’est tiré de ces articles.",
        "No dated event was found in these articles.",
    ),
    "no_articles": (
        "Aucun article ne répond à cette demande.",
        "No article answers what was asked.",
    ),
    "order_told": (
        "Chaque fait est donné avec les phrases qui le disent ; le numéro entre crochets est celui"
        " de l’article. Les copies d’un même texte comptent pour une seule source.",
        "Each event is given with the sentences that tell it; the number in brackets is the"
        " article’s. Copies of one text count as one source.",
    ),
    "upcoming": ("à venir à la date du dossier", "upcoming when this file was made"),
    "also_told": ("dans d’autres articles conservés", "in other articles that are held"),
    "also_one": ("phrase de plus le dit", "more sentence tells it"),
    "also_many": ("phrases de plus le disent", "more sentences tell it"),
    "outlet": ("Média", "Outlet"),
    "authors": ("Signature", "Byline"),
    "published": ("Publié", "Published"),
    "first_seen": ("Vu la première fois", "First seen"),
    "address": ("Adresse", "Address"),
    "other_addresses": ("Autres adresses", "Other addresses"),
    "language": ("Langue", "Language"),
    "access": ("Accès", "Access"),
    "online": ("En ligne", "Online"),
    "access_free": ("libre", "free"),
    "access_subscribers": ("réservé aux abonnés", "for subscribers"),
    "access_truncated": ("texte incomplet", "incomplete text"),
    "copies": ("Copies", "Copies"),
    "named": ("Qui est nommé", "Who is named"),
    "stories": ("Développements", "Stories"),
    "in_vigie": ("Numéro dans Vigie", "Number in Vigie"),
    "in_affair": ("dans l’affaire", "in the affair"),
    "outside_affair": ("hors de l’affaire", "outside the affair"),
    "text_hash": ("SHA-256 du texte", "SHA-256 of the text"),
    "capture_hash": ("SHA-256 du relevé", "SHA-256 of the capture"),
    "record_hash": ("SHA-256 de la fiche", "SHA-256 of the record"),
    "captured_at": ("Relevé le", "Captured on"),
    "imported_from": ("Importé de", "Imported from"),
    "at_address": ("à l’adresse", "at the address"),
    "no_capture": (
        "pas de relevé de la page : le texte vient du flux",
        "no capture of the page: the text comes from the feed",
    ),
    "undated": ("sans date", "undated"),
    "future": (
        "l’article se donnait une date encore à venir quand il a été vu",
        "the article gave itself a date still to come when it was seen",
    ),
    "date_json-ld": ("déclaré dans la page", "declared in the page"),
    "date_meta": ("déclaré dans la page", "declared in the page"),
    "date_feed": ("donné par le flux", "given by the feed"),
    "date_record": ("donné par la fiche importée", "given by the imported record"),
    "date_text": ("écrit dans le texte", "written in the text"),
    "date_inferred": ("déduit du texte ou de l’adresse", "inferred from the text or address"),
    "date_guess": ("supposé", "guessed"),
    "date_first-seen": ("date à laquelle il a été vu", "the date on which it was seen"),
    "versions": ("Versions", "Versions"),
    "version": ("Version", "Version"),
    "seen_on": ("vue le", "seen on"),
    "changes": ("Changements vus", "Changes seen"),
    "what_changed": ("Ce qui a changé", "What changed"),
    "words_same": (
        "Titre et texte sont les mêmes ; la signature, le chapeau ou une date diffèrent.",
        "Headline and text are the same; the byline, summary or a date differ.",
    ),
    "legend": (
        "[−retiré−] et {+ajouté+} par rapport à la version précédente.",
        "[−taken out−] and {+put in+} compared with the version before.",
    ),
    "passages": ("Passages", "Passages"),
    "text": ("Texte", "Text"),
    "no_text": ("Aucun texte n’a pu être lu.", "No text could be read."),
    "page": ("p.", "p."),
    "article": ("Article", "Article"),
    "accessed": ("consulté le", "accessed on"),
    "capture_of": ("relevé SHA-256", "capture SHA-256"),
    "record_of": ("fiche importée, SHA-256", "imported record, SHA-256"),
    "by": ("Fait par", "Made by"),
}


def word(key: str, language: str) -> str:
    """Return one of these in `fr` or `en` (English for anything else)."""
    french, english = WORDS[key]
    return french if language == "fr" else english
