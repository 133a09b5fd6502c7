"""What stands around an article and is not part of it: which lines and elements to leave out.

It never drops a line for what it is about, only for what it does on the page.
"""

import re

from model.fold import fold

_WHOLE = re.compile(
    r"(?:"
    # counters, reading time, dates alone
    r"\d{1,6}|\(?(?:\w+ )?(?:il y a )?\d+ (?:min|minutes?|h|hours?|heures?|days?|jours?|weeks?|semaines?|months?|mois|years?|ans?)(?: ago)?\)?|reading time ?:?.*|temps de lecture ?:?.*|lecture ?: ?\d+ ?min.*|\d+ ?(?:min|minutes?)"
    r"(?: (?:read|de lecture|lesezeit))?|(?:published|publie|update|updated|mis a jour|mise a jour"
    r"|modifie)(?: (?:le|on|at|a))? ?:?(?: [\w ,:/.|]{0,40})?"
    # share, follow, comment
    r"|(?:share|partager|teilen|compartir|condividi|imprimer|print|drucken|tweet|facebook|twitter"
    r"|whatsapp|linkedin|e ?mail|copier le lien|copy link|commenter|comments?|commentaires?|kommentare"
    r"|\d+ (?:comments?|commentaires?|reactions?|shares?|partages?))(?: (?:this article|cet article"
    r"|on \w+|sur \w+|the article))?"
    # headings of boxes
    r"|(?:lire aussi|a lire aussi|a lire egalement|lire egalement|voir aussi|a voir aussi|sur le meme sujet"
    r"|sur le meme theme|pour aller plus loin|en savoir plus|lire la suite|read more|read also|see also"
    r"|also read|related|related (?:articles?|stories|content|topics?|posts?)|more on this(?: story)?"
    r"|you may also like|you might also like|recommended|recommended for you|most read|most read in .{2,20}|most popular|popular"
    r"|trending|dont miss|don t miss|must read|a ne pas manquer|les plus lus|nos derniers articles"
    r"|mehr zum thema|lesen sie auch|lesen sie mehr|auch interessant|weiterlesen|das konnte sie auch interessieren"
    r"|leggi anche|lea tambien|lee tambien|les ogsa|newsletter|newsletters|publicite|advertisement"
    r"|anzeige|werbung|publicidad|sponsored|article content|what to read next|top stories|explore more"
    r"|tags|mots cles|themes?|topics|sujets|etiquetas|etiketler)"
    # empty ends
    r"|source (?:site|link) ?\d*|source link .{0,10}|all rights reserved|tous droits reserves"
    r") ?[:!.]? ?",
)
_BOX = re.compile(
    r"(?:(?:related|recommended|more|most|latest|trending|popular|top|further)(?: \w+){0,2} (?:articles?|stories|content|news|reading|read|posts|topics|videos?)"
    r"|related|more (?:from|on|in) (?:\w+ ?){1,4}|you (?:may|might) also like|read (?:more|next|also)|what to read next"
    r"|(?:a lire|lire|voir) (?:aussi|egalement)|sur le meme (?:sujet|theme)|dans la meme rubrique|articles? (?:lies?|similaires|recents|connexes)"
    r"|les (?:plus lus|articles les plus lus)|a la une|plus d articles|nos derniers articles|recommande pour vous|vous aimerez aussi"
    r"|mehr zum thema|mehr (?:aus|von|uber) .{2,25}|lesen sie auch|das konnte sie auch interessieren|weitere (?:artikel|themen|meldungen|nachrichten)"
    r"|meistgelesen|leggi anche|te puede interesar|noticias relacionadas|popular|about the authors?|a propos de l auteure?|uber den autor)"
)
_START = re.compile(
    r"(?:lire aussi|a lire aussi|a lire egalement|lire egalement|a lire|voir aussi|a voir aussi|regarder aussi"
    r"|read more|read also|also read|read next|see also|see more|more|related|related story|recommended"
    r"|watch|listen|don t miss|must read|lesen sie auch|lesen sie mehr|lesen sie hier|auch interessant"
    r"|mehr zum thema|leggi anche|lea tambien|lee tambien|les ogsa|les mer|siga|also on [\w.]+"
    r"|more from \w+|en savoir plus|decouvrez aussi|ecouter aussi|a ecouter|notre dossier)"
    r" ?(?::|>|\||»|→|–)",
)
_START_BARE = re.compile(r"(?:a )?(?:lire|voir|ecouter) (?:aussi|egalement)\b|a lire\b|lesen sie auch\b|les ogsa\b|leggi anche\b")
_INSIDE = re.compile(
    r"sign up (?:for|to) .{0,60}(?:newsletter|email|alert|updates)|subscribe to .{0,60}(?:newsletter|channel|podcast|magazine)"
    r"|newsletter (?:delivered|straight)|in your inbox|to your inbox|votre boite mail|inscrivez vous (?:a|gratuitement)"
    r"|abonnez vous|s abonner a|inscrivez vous a (?:notre|la) newsletter|recevez (?:chaque|tous les|toute l|gratuitement|notre)"
    r"|jetzt abonnieren|newsletter anmelden|abonnieren sie|newsletter informiert"
    r"|follow (?:us|\w+ \w+|him|her|them|\w+) on (?:twitter|facebook|instagram|x|social|tiktok|google)"
    r"|suivez (?:nous|\w+) sur|suivez toute l actualite|rejoignez nous sur|retrouvez nous sur|like us on facebook|folgen sie uns"
    r"|download (?:the|our) .{0,30}app\b|get the .{2,30} app\b|telechargez (?:l|notre) appli"
    r"|we use cookies|uses cookies|utilise des cookies|utilisons des cookies|verwendet cookies"
    r"|by (?:signing up|subscribing|clicking|submitting).{0,80}(?:privacy|terms)|redaktioneller inhalt|externer? inhalte? angezeigt"
    r"|klick fur den datenschutz|ce contenu (?:est|n est pas) (?:bloque|accessible)|contenu sponsorise|an dieser stelle finden sie"
    r"|affiliate (?:links|commission)|earn a commission|may get a share of the sale|income earning auto"
    r"|all rights reserved|tous droits reserves|reproduction interdite|may not be (?:published|reproduced)"
    r"|pour lire la suite|pour acceder (?:en illimite|a l integralite|a cet article)|il vous reste .{1,8} de (?:cet|l) article"
    r"|(?:suite|article) (?:est )?reservee? (?:a nos|aux) abonnes|deja abonnee? \?|image illustrative|(?:image|photo) d illustration"
    r"|click here to (?:subscribe|get|sign|read)|for more stories like this|check our news page|get in touch with our news team"
    r"|do you have a story|have you got a story|contact our news ?desk|send us your|tell us what you think|join our (?:commenting|community|whatsapp|free)"
    r"|turn on notifications|your email address|thanks for signing up|thank you for subscribing|please enter a valid|an error (?:has )?occurred"
    r"|error processing your|our standards ?: the thomson|get all the latest .{0,60}(?:news|updates)|your ad ?blocker|javascript (?:is )?(?:disabled|required)"
    r"|enable javascript|activer javascript|(?:this|the) video (?:is )?(?:not|cannot)|skip to (?:main )?content|this copy is for your personal"
    r"|want to join the conversation|sign in to comment|log in to comment|connectez vous pour commenter|laisser un commentaire"
)
_CREDIT = re.compile(
    r"(?:©|\(c\)|photos? ?:|foto(?:s|grafie)? ?:|image ?:|images ?:|bild ?:|credits? ?:|credit photo|quelle ?:|image credit|photo credit|photo by|picture ?:"
    r"|illustration ?:|video ?:|crédits?|copyright)", re.I)
_CREDIT_END = re.compile(r"(?:\(|©|/ ?)(?:[^()]{0,40})?\b(?:AFP|Reuters|AP|Getty(?: Images)?|Maxppp|Eyeem|Sipa|DPA|dpa|Shutterstock|EPA|Hans Lucas|HANS LUCAS|Bloomberg)\b[^()]{0,25}\)?\s*$")
_CREDIT_LAST = re.compile(r"\b(?:Foto|Photo|Bild|Crédit photo|Photograph|Picture)s?\s?: [^.!?]{3,50}$")
_SHORT = 220


def is_furniture(line: str) -> bool:
    """Tell whether a whole line of text only serves the page around the article."""
    folded = fold(line).strip(" *#>|·•_-–—")
    if not folded or _WHOLE.fullmatch(folded):
        return True
    if len(line) > 2 * _SHORT:
        return False
    if _START.match(folded):
        return True
    if len(line) > _SHORT:
        return False
    return bool(_INSIDE.search(folded) or (_START_BARE.match(folded) and line[-1] not in ".!"))


def is_box_heading(line: str) -> bool:
    """Tell whether a line heads a box of further articles."""
    return len(line) < 80 and _BOX.fullmatch(fold(line).strip(" *#>|·•_-–—:!.")) is not None


def is_credit(line: str) -> bool:
    """Tell whether a line is the credit or caption of a picture."""
    if len(line) > _SHORT:
        return False
    if "©" in line or _CREDIT.match(line.strip()):
        return True
    return bool(_CREDIT_END.search(line) or _CREDIT_LAST.search(line))
