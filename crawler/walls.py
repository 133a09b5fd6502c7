"""Pages that answer 200 and hold no article: consent, captcha, paywall, login, error.

Pure functions over title and text; they never look at who the site is.
"""

import re

from model.fold import fold

_TITLES = (
    (r"just a moment|attention required|checking your browser|verify(?:ing)? you are (?:a )?human"
     r"|un instant|verification de (?:votre|securite)|are you a robot|robot check|security check"
     r"|captcha|access denied|acces refuse|pardon our interruption|ddos", "a captcha or bot check"),
    (r"(?:erreur |error )?(?:404|403|410|500|502|503)\b.*|page (?:not found|introuvable|non trouvee)"
     r"|(?:not found|introuvable|page inexistante|service unavailable|internal server error"
     r"|bad gateway|erreur|error|oops).{0,40}|seite nicht gefunden", "an error page"),
    (r"(?:log ?in|sign ?in|connexion|se connecter|identification|identifiez vous|connectez vous"
     r"|authentication).{0,40}", "a login page"),
    (r"(?:cookies?|consent|consentement|votre vie privee|your privacy|gestion des cookies"
     r"|before you continue|avant de continuer).{0,40}", "a consent wall"),
)  # fmt: skip
_TEXTS = (
    (r"verify(?:ing)? (?:that )?you are (?:a )?(?:human|not a robot)|checking (?:if the site connection"
     r"|your browser)|enable javascript and cookies to continue|unusual traffic|not a robot"
     r"|je ne suis pas un robot|vous n etes pas un robot|vous etes (?:bien )?(?:un )?humain|ray id"
     r"|performance (?:and|&) security by cloudflare|complete the captcha|resoudre le captcha",
     "a captcha or bot check"),
    (r"(?:accept|agree|accepter|continuer|consent).{0,400}(?:cookies?|partenaires|partners)"
     r"|(?:cookies?|partenaires|partners).{0,400}(?:accept|agree|accepter|continuer|consent)"
     r"|we (?:and our partners )?(?:value|care about) your privacy|nous respectons votre vie privee",
     "a consent wall"),
    (r"(?:mot de passe|password).{0,200}(?:oublie|forgot|connexion|log ?in|sign ?in)"
     r"|(?:log ?in|sign ?in|connectez vous).{0,100}(?:password|mot de passe)", "a login page"),
    (r"(?:page|article|document|address|adresse).{0,60}(?:not found|no longer exists?|n existe (?:pas|plus)"
     r"|introuvable|could not be found|can t be found|does not exist|has been removed|n est plus disponible)"
     r"|erreur 404|error 404|http 404|internal server error|service (?:temporarily )?unavailable"
     r"|something went wrong|une erreur est survenue", "an error page"),
)  # fmt: skip
_CUT = re.compile(
    r"il vous reste .{1,8} de (?:cet|l) article|la suite (?:de (?:cet|l) article )?est reservee|article (?:est )?reserve (?:a nos|aux) abonnes"
    r"|reservee? (?:a nos|aux) abonnes|pour lire la suite|lisez la suite|deja abonnee?\b|abonnez vous pour (?:lire|continuer|acceder)"
    r"|(?:this|the rest of this|the full) (?:article|story|content|page) is (?:only |exclusively )?(?:for|available to|reserved for) (?:subscribers|members)"
    r"|\d+ ?% of this article (?:left|remaining)|already (?:a subscriber|subscribed|a member)\b"
    r"|(?:subscribe|sign up|register|log in|sign in|become a member) (?:now |today )?to (?:continue|keep) reading"
    r"|to (?:continue|keep) reading(?: this (?:article|story))?,? (?:subscribe|sign|log|register|become)"
    r"|(?:jetzt|bereits) abonnent|um weiterzulesen|weiterlesen mit"
)
_TITLE_RULES = tuple((re.compile(pattern), reason) for pattern, reason in _TITLES)
_TEXT_RULES = tuple((re.compile(pattern, re.S), reason) for pattern, reason in _TEXTS)
_SHORT_CHARS = 900
_STUB_CHARS = 500
_CUT_WORDS = 130


def find_wall(title: str, body: str, page_text: str, *, is_cut: bool = False) -> str | None:
    """Return what stands in the article's place, None when nothing does.

    `body` is the article's text as extracted, `page_text` all that the page shows, `is_cut`
    whether it offers the rest to subscribers. A long body is never a wall, whatever it speaks of.
    """
    if len(body) > _SHORT_CHARS:
        return None
    folded_title = fold(title).strip(" .!…")
    for pattern, reason in _TITLE_RULES:
        if pattern.fullmatch(folded_title) or (len(body) < 200 and pattern.match(folded_title)):
            return reason
    if is_cut and len(body.split()) < _CUT_WORDS:
        return "a paywall stub"
    shown = fold(f"{body}\n{page_text[:6000]}") if len(body) < _STUB_CHARS else fold(body)
    return next((reason for pattern, reason in _TEXT_RULES if pattern.search(shown)), None)


def offers_the_rest(text: str) -> bool:
    """Tell whether a short text asks its reader to subscribe for the rest of the article."""
    return len(text) < 300 and _CUT.search(fold(text)) is not None
