"""What stands around an article and is not part of it: which lines to leave out.

It never drops a line for what it is about, only for what it does on the page.
"""

import re

from crawler.phrases import compile_phrases
from model.fold import fold

_UNITS = (
    "(?:min|minutes?|h|hours?|heures?|days?|jours?|tagen?|weeks?|semaines?"
    "|months?|mois|years?|ans?)"
)
_WHOLE = compile_phrases(
    rf"""
    \d{{1,6}}
    \(?(?:\w+ )?(?:il y a |vor )?\d+ {_UNITS}(?: ago)?\)?
    reading time ?:?.*
    temps de lecture ?:?.*
    lecture ?: ?\d+ ?min.*
    \d+ ?min(?:utes?)? (?:read|de lecture|lesezeit)
    (?:published|publie|updated?|mis a jour|mise a jour|modifie)(?: (?:le|on|at|a))? ?:?
    (?:published|publie|updated?|mis a jour|mise a jour|modifie)[\w ,:/.|]{{0,50}}
    (?:share|partager|teilen|compartir|condividi)(?: (?:this|cet|the) article| (?:on|sur) \w+)?
    (?:cree|created|erstellt)(?: le| on| am)? ?: ?[\d., :/h-]+|\[object object\]
    imprimer|print|drucken|tweet|facebook|twitter|whatsapp|linkedin|e ?mail
    copier le lien|copy link|commenter|comments?|commentaires?|kommentare
    \d+ (?:comments?|commentaires?|reactions?|shares?|partages?|vues?|views?)
    newsletters?|pub|publicite|ads?|advertisement|anzeige|werbung|publicidad|sponsored
    top stories|explore more|trending|read more|lire la suite|weiterlesen
    recommended|recommended for you|most popular|don t miss|must read|a ne pas manquer
    en savoir plus|pour aller plus loin|auch interessant|lesen sie mehr
    tags|mots cles|themes?|topics|sujets|etiquetas|etiketler
    stand ?: ?[\d., :/]+(?: ?uhr)?
    sources?(?: (?:link|site|page|article))?[ \d]*
    all rights reserved|tous droits reserves
    this is a breaking (?:news? )?story.*|分享让更多人看到|关注
    (?:ou,? )?(?:si vous avez )?deja un compte|(?:already )?have an account
    connectez vous(?: ici)?|creez (?:un|votre) compte(?: gratuit)?
    (?:nur )?(?:ein|zwei|\d) klicks? fur (?:den|mehr) datenschutz
    (?:link )?(?:zum|zur|to the|vers le) \w+ (?:inhalt|content|contenu)
    (?:create|sign in to) (?:an|your) (?:free )?account|(?:log|sign) in(?: here)?
    true|false|null|undefined|(?:is|show)(?:paywall|subscriber|paid)\w*
    """,
    after=" ?[:!.,?]? ?",
)
_BOX = compile_phrases(
    r"""
    (?:related|recommended|more|most|latest|popular|top|further)(?: \w+){0,2} (?:articles?|stories)
    (?:related|recommended|more|latest|top)(?: \w+){0,2} (?:content|news|reading|posts|topics)
    most (?:read|popular)(?: in .{2,20})?
    related|popular|more (?:from|on|in) (?:\w+ ?){1,4}|more on this(?: story)?
    you (?:may|might) also like|read (?:more|next|also)|what to read next|see also|also read
    (?:a )?(?:lire|voir) (?:aussi|egalement)|sur le meme (?:sujet|theme)|dans la meme rubrique
    articles? (?:lies?|similaires|recents|connexes)|plus d articles|nos derniers articles
    les (?:articles )?(?:les )?plus lus|a la une
    recommande pour vous|vous aimerez aussi|ca peut vous interesser
    mehr zum thema|mehr (?:aus|von|uber) .{2,25}|lesen sie auch|das konnte sie auch interessieren
    weitere (?:artikel|themen|meldungen|nachrichten)|meistgelesen|ahnliche(?: (?:artikel|themen))?
    leggi anche|te puede interesar|noticias relacionadas|les ogsa
    about the authors?|a propos de l auteure?|uber den autor
    """
)
_START = compile_phrases(
    r"""
    (?:a )?(?:lire|voir|regarder|ecouter)(?: aussi| egalement)?
    read more|read also|also read|read next|see also|see more|more|related(?: story)?|recommended
    watch|listen|don t miss|must read|also on [\w.]+|more from \w+
    lesen sie (?:auch|mehr|hier)|auch interessant|mehr zum thema
    leggi anche|lea tambien|lee tambien|les ogsa|les mer
    en savoir plus|decouvrez aussi|notre dossier
    """,
    after=r" ?(?::|>|\||»|→|–)",
)
_START_BARE = compile_phrases(
    r"""
    (?:a )?(?:lire|voir|ecouter) (?:aussi|egalement)
    a lire|lesen sie auch|les ogsa|leggi anche|also on \w+\.(?:com|org|net|co\.uk)
    """,
    after=r"\b",
)
_INSIDE = compile_phrases(
    r"""
    sign up (?:for|to) .{0,60}(?:newsletter|email|alert|updates)
    subscribe to .{0,60}(?:newsletter|channel|podcast|magazine)
    newsletter (?:delivered|straight|anmelden|informiert)|(?:in|to) your inbox
    votre boite mail|inscrivez vous (?:a|gratuitement)|abonnez vous|s abonner a
    recevez (?:chaque|tous les|toute l|gratuitement|notre)|jetzt abonnieren|abonnieren sie
    follow (?:us|\w+ \w+|\w+) on (?:twitter|facebook|instagram|x|social|tiktok|google)\b
    ^follow (?:\w+ ){2,6}on (?:twitter|facebook|instagram|x|tiktok|bluesky)\b
    (?:liked?|enjoy(?:ed|ing)?) (?:this|the|our) (?:story|article|post|piece) ?\?
    (?:article|lecture) vous a (?:plu|interesse)|aime cet article ?\?|artikel gefallen ?\?
    suivez (?:nous|\w+) sur|suivez toute l actualite|rejoignez nous sur|retrouvez nous sur
    like us on facebook|folgen sie uns
    download (?:the|our) .{0,30}app\b|get the .{2,30} app\b|telechargez (?:l|notre) appli
    we use cookies|utilisons des cookies|wir (?:verwenden|nutzen) cookies
    (?:this|our) (?:web ?)?site uses cookies|(?:ce|notre) site utilise des cookies
    diese (?:web ?)?(?:site|seite) verwendet cookies
    by (?:signing up|subscribing|clicking|submitting).{0,80}(?:privacy|terms)
    (?:redaktionelle|externe)r? inhalte?\b.{0,60}(?:angezeigt|anzeigen|geladen)
    empfohlener (?:redaktioneller|externer) inhalt|contenu sponsorise
    ce contenu (?:est|n est pas) (?:bloque|accessible)|affiliate (?:links|commission)
    (?:earn|get|receive) an? (?:affiliate )?(?:commission|share of)
    all rights reserved|tous droits reserves|reproduction interdite
    may not be (?:published|reproduced)|for (?:your )?personal,? non commercial use
    pour lire la suite|pour acceder (?:en illimite|a l integralite|a cet article)
    il vous reste .{1,8} de (?:cet|l) article|acceder gratuitement a \d+ articles
    (?:suite|article) (?:est )?reservee? (?:a nos|aux) abonnes|deja abonnee? ?\?
    image illustrative|(?:image|photo) d illustration
    click here to (?:subscribe|get|sign|read)|for more stories like this
    get in touch (?:with (?:us|our)|at|by|via)\b|(?:do you have|have you got|got) a (?:story|tip)
    contact our news ?(?:desk|room|team)
    send us your|tell us what you think|join our (?:commenting|community|whatsapp)
    signing up to (?:our|the) .{0,30}(?:newsletter|emails?|alerts)|subscribe (?:now|today|here)
    special offers,? promotions|delivered (?:through|to) your (?:door|letterbox)
    turn on notifications|your email address|thanks for signing up|thank you for subscribing
    please enter a valid|an error (?:has )?occurred|error processing your|your ad ?blocker
    ^our (?:standards|principles|policy|policies) ?:|get all the latest .{0,60}(?:news|updates)
    javascript (?:is )?(?:disabled|required)|enable javascript|activer javascript
    (?:this|the) video (?:is not|cannot)|skip to (?:main )?content
    want to join the conversation|(?:sign|log) in to comment|connectez vous pour commenter
    laisser un commentaire
    """
)
_ANY_LENGTH = compile_phrases(
    r"""
    ^follow @?\w+(?: \w+)? on (?:twitter|facebook|instagram|x|tiktok|bluesky)\b
    (?:redaktionelle|externe)[rn]? inhalt|personenbezogene daten an dritt
    (?:ce|le) contenu (?:est )?(?:heberge|fourni|propose) par|afficher ce contenu.{0,60}cookies
    content (?:is )?(?:provided|hosted) by .{2,40}(?:cookies|consent|permission)
    (?:wenn|sobald) sie (?:hier|auf .{2,40}) klicken.{0,80}(?:geladen|ubertragen|angezeigt)
    ihre ip adresse .{0,40}(?:dabei|server|anbieter).{0,60}(?:ubertragen|ubermittelt)
    (?:mit (?:einem|ihrem) klick|durch (?:an)?klicken).{0,80}(?:stimmen|akzeptieren) sie
    datenschutz ?einstellungen (?:anpassen|andern|verwalten)
    en cliquant.{0,60}vous (?:acceptez|consentez|autorisez).{0,80}(?:cookies|tiers|traceurs|donnees)
    (?:vous (?:devez|avez)|votre).{0,80}cookies.{0,80}(?:afficher|lire|voir) (?:ce|cette|la|le) \w+
    (?:votre (?:consentement|accord)|vous devez).{0,60}pour (?:afficher|charger) (?:ce|cette) \w+
    by clicking.{0,60}you (?:agree|consent|accept|allow).{0,80}(?:cookies|third part|privacy|data)
    (?:needs?|requires?) your (?:consent|permission) to (?:load|show|display)
    to (?:view|display|see|load|watch) this .{0,40}(?:you (?:must|need|have)|please).{0,80}cookies
    (?:available|blocked|shown|displayed) (?:due to|because of) your (?:privacy|cookie|consent)
    """
)
_COOKIES = compile_phrases(
    r"(?:accepte[rz]?|accept|autorise[rz]?|allow|enable) (?:les |all |the |our |des )?cookies"
)
# Who is told to accept them: without that, a line tells of cookies and asks for nothing.
_ADDRESSED = re.compile(
    r"^(?:accept|allow|enable|autoris)|\b(?:vous|votre|vos|you|your|our|sie|ihre)\b"
    r"|\b(?:acceptez|autorisez|cliquez|ce contenu|this content)\b"
)
_CLIP = re.compile(r"[|–·-] ?\d{1,3}:\d{2}(?::\d{2})? ?(?:min|minuten|minutes?)\.?\)?$", re.I)
_READ_ALSO = re.compile(
    r"(?:[ÀAà] )?(?:[Ll]ire|[Vv]oir|[Éé]couter|LIRE|VOIR) (?:aussi|également|AUSSI)\s*[«\"“A-ZÉÀ]"
)
_COUNTER = re.compile(r"visit(?:eu[rs]e?|or)s? (?:n ?[°o]|no|number|#)[ .:]*\d")
_CREDIT = re.compile(
    r"(?:©|\(c\)|(?:photo|foto|fotografie|image|bild|credit|crédit|picture|illustration|video)s? ?:"
    r"|quelle ?:|crédits?\b|(?:credit|image|photo) (?:photo|credit|by)\b|copyright\b)",
    re.I,
)
_AGENCIES = (
    r"(?:AFP|Reuters|AP|Getty(?: Images)?|Maxppp|Eyeem|Sipa|DPA|dpa|Shutterstock|EPA"
    r"|Hans Lucas|HANS LUCAS|Bloomberg)"
)
_CREDIT_END = re.compile(rf"(?:\(|©|/ ?)[^()]{{0,40}}\b{_AGENCIES}\b[^()]{{0,25}}\)?\s*$")
_CREDIT_LAST = re.compile(
    r"\b(?:Foto|Photo|Bild|Crédit photo|Photograph|Picture)s?\s?: [^.!?]{3,50}$"
)
_COMPANY = re.compile(
    r"\b(?:siren|siret|rcs|r\.c\.s\.?|cnpj|cif|nif|kvk|hrb|hra|abn|p\.? ?iva|partita iva"
    r"|(?:company|registration|registered|charity|vat|tva|ust|ust id|btw|tax)"
    r"(?: (?:registration|intracommunautaire))?(?: (?:no|nr|number|num(?:ero)?|id))?\.?"
    r"|registered in [\w ]{4,40}?(?:no|number)\.?)[ :.#°a-z]{0,6}\d[\d ./-]{4,}"
)
_REGISTERED = re.compile(r"(?:registered (?:in|office)|company (?:no|number|registered))\b")
_REACHED = re.compile(
    r"\(?\b\d{2,4}\)?(?:[ .]?\d{2,4}){2,5}\b|[\w.+-]{1,64}@\w|\b\d{4,5}(?: \d{3})? [a-z]{3}"
)
_PARTED = re.compile(r"\s[-–—|•·]\s|\n")
_IMPRINT_PARTS = 3
_NOTE = compile_phrases(
    r"""
    (?:mise? a jour|maj|update|edit|correction|corrigendum|rectificatif|rectification|erratum)s?
    (?:precision|clarification|retractation|retraction|addendum|note de (?:la|l) \w+)s?
    droit de reponse|editor s note|editors note|note to readers|a la demande d
    (?:cet|l|le|une premiere version de cet|la version precedente de cet) ?article a ete
    (?:une|dans une) (?:premiere|precedente) version|contactee?s? (?:par|ce|le|apres)
    (?:this|an earlier version of this|a previous version of this) (?:article|story) (?:was|has|had)
    (?:dieser|der) artikel wurde|korrektur|gegendarstellung|richtigstellung|aktualisierung
    """,
    after=r"\b",
)
_CALL = re.compile(
    r"\b(?:vous|votre|vos|abonnez|soutenez|rejoignez|decouvrez|inscrivez|partagez|telechargez"
    r"|you|your|subscribe|join us|support us)\b"
)
_SIE = re.compile(r"\w (?:Sie|Ihre[nmrs]?)\b")
_QUOTED = re.compile(r"[«„“\"]")
_SHORT = 220
_EDGES = " *#>|·•_-–—:!."


def is_furniture(line: str) -> bool:
    """Tell whether a whole line of text only serves the page around the article."""
    if len(line) > 2 * _SHORT:
        return False
    folded = fold(line).strip(" *#>|·•_-–—")
    if not folded or _WHOLE.fullmatch(folded) or _BOX.fullmatch(folded.strip(_EDGES)):
        return True
    if _START.match(folded) or _COUNTER.match(folded) or _READ_ALSO.match(line):
        return True
    if _ANY_LENGTH.search(folded) or _asks_for_cookies(folded) or _CLIP.search(line):
        return True
    if len(line) > _SHORT:
        return False
    return bool(_INSIDE.search(folded) or (_START_BARE.match(folded) and line[-1] not in ".!"))


def _asks_for_cookies(folded: str) -> bool:
    return _COOKIES.search(folded) is not None and _ADDRESSED.search(folded) is not None


def is_note(line: str) -> bool:
    """Tell whether a line says what was changed in its article: never furniture, however often."""
    folded = fold(line).strip(_EDGES)
    return _NOTE.match(folded) is not None and not _CALL.search(folded)


def is_call(line: str) -> bool:
    """Tell whether a line speaks to the reader, in no quotation."""
    speaks = _CALL.search(fold(line)) or _SIE.search(line)
    return speaks is not None and not _QUOTED.search(line)


def is_imprint(line: str) -> bool:
    """Tell whether a line says who runs the site and how to reach them, as feet of pages do.

    A number of the company must stand in it, beside a telephone, an address or the like, and the
    line be cut into parts as no sentence is.
    """
    if len(line) > 2 * _SHORT:
        return False
    folded = fold(line)
    rest, numbers = _COMPANY.subn("", folded)
    if not numbers or _REGISTERED.match(folded):
        return numbers > 0
    parts = [part for part in _PARTED.split(line) if part.strip()]
    return len(parts) >= _IMPRINT_PARTS and _REACHED.search(rest) is not None


def is_box_heading(line: str) -> bool:
    """Tell whether a line heads a box of further articles."""
    return len(line) < 80 and _BOX.fullmatch(fold(line).strip(_EDGES)) is not None


def is_credit(line: str) -> bool:
    """Tell whether a line is the credit or caption of a picture."""
    if len(line) > _SHORT:
        return False
    if "©" in line or _CREDIT.match(line.strip()):
        return True
    return bool(_CREDIT_END.search(line) or _CREDIT_LAST.search(line))
