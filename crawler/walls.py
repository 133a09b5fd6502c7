"""Pages that answer 200 and hold no article: consent, captcha, paywall, login, error.

Pure functions over title and text; they never look at who the site is.
"""

import re
from collections.abc import Sequence

from crawler.phrases import compile_phrases
from model.fold import fold

Rules = tuple[tuple[re.Pattern[str], str], ...]

_TITLES: Rules = (
    (
        compile_phrases(
            r"""
            just a moment|un instant|attention required.*|checking your browser.*|captcha
            verify(?:ing)? you are (?:a )?human|verification de (?:votre|securite).*
            are you a robot|robot check|security check.*|pardon our interruption|ddos guard
            access (?:to this page has been )?denied|acces refuse
            """
        ),
        "a captcha or bot check",
    ),
    (
        compile_phrases(
            r"""
            (?:erreur |error |http )?(?:404|403|410|500|502|503)\b.{0,40}
            (?:erreur|error|oops|not found|introuvable|service unavailable|internal server error)
            (?:page|article|document) (?:not found|introuvable|non trouvee?|inexistante?).{0,40}
            bad gateway|seite nicht gefunden|file not found|site (?:en )?maintenance
            """
        ),
        "an error page",
    ),
    (
        compile_phrases(
            r"""
            (?:log ?in|sign ?in|connexion|se connecter|identification|authentification).{0,25}
            identifiez vous|connectez vous|mon compte|my account
            """
        ),
        "a login page",
    ),
    (
        compile_phrases(
            r"""
            (?:gestion|parametres|politique) (?:des|de) cookies|cookies?(?: consent)?
            consent(?:ement)?
            (?:le respect de )?votre vie privee.{0,30}|your privacy.{0,20}|privacy settings
            before you continue.{0,30}|avant de continuer.{0,30}
            """
        ),
        "a consent wall",
    ),
)
_TEXTS: Rules = (
    (
        compile_phrases(
            r"""
            verify(?:ing)? (?:that )?you are (?:a )?(?:human|not a robot)|i am not a robot
            checking (?:if the site connection|your browser)|unusual traffic from
            enable javascript and cookies to continue|complete the captcha|resoudre le captcha
            je ne suis pas un robot|vous n etes pas un robot|vous etes (?:bien )?(?:un )?humain
            ray id|performance (?:and|&) security by cloudflare
            """
        ),
        "a captcha or bot check",
    ),
    (
        compile_phrases(
            r"""
            (?:accept|agree|accord|consent).{0,300}(?:cookies?|partenaires|partners)
            (?:cookies?|partenaires|partners).{0,300}(?:accept|agree|continuer|consent)
            we (?:and our partners )?(?:value|care about) your privacy
            nous respectons votre vie privee
            """
        ),
        "a consent wall",
    ),
    (
        compile_phrases(
            r"""
            (?:mot de passe|password).{0,100}(?:oublie|forgot|connexion|log ?in|sign ?in)
            (?:log ?in|sign ?in|connectez vous).{0,100}(?:password|mot de passe)
            """
        ),
        "a login page",
    ),
    (
        compile_phrases(
            r"""
            (?:page|article|document|address|adresse)[^.]{0,40}(?:not found|no longer exists?)
            (?:page|article|document|address|adresse)[^.]{0,40}(?:n existe (?:pas|plus)|introuvable)
            (?:page|article|document)[^.]{0,40}(?:could not be found|can t be found|does not exist)
            (?:page|article)[^.]{0,20}has been (?:removed|withdrawn)
            (?:page|article)[^.]{0,20}a ete (?:retiree?|supprimee?)
            (?:page|article|document)[^.]{0,20}n est plus (?:disponible|consultable|en ligne)
            (?:erreur|error|http) (?:404|500|503)|internal server error
            service (?:temporarily )?unavailable|something went wrong|une erreur est survenue
            """
        ),
        "an error page",
    ),
)
_CUT = compile_phrases(
    r"""
    il vous reste .{1,8} de (?:cet|l) article|(?:la|lisez la|pour lire la) suite .{0,30}abonne
    (?:la suite|article|contenu) (?:est )?reservee? (?:a nos|aux) abonnes|deja abonnee?\b
    (?:la suite|article|contenu) (?:est )?reservee? (?:a nos|aux) (?:membres|inscrits)
    pour lire la suite|abonnez vous pour (?:lire|continuer|acceder)
    (?:article|story|content|page) is (?:only )?(?:for|available to) (?:subscribers|members)
    \d+ ?% of this article (?:left|remaining)|already (?:a subscriber|subscribed|a member)\b
    (?:subscribe|sign up|register|log in|sign in) (?:now |today )?to (?:continue|keep) reading
    to (?:continue|keep) reading(?: this \w+)?,? (?:subscribe|sign|log|register|become)
    (?:jetzt|bereits) abonnent|um weiterzulesen|weiterlesen mit
    """
)
_SHORT_CHARS = 900
_STUB_CHARS = 500
_BARE_CHARS = 150
_CUT_WORDS = 130
_SHOWN_CHARS = 6000
_CUT_LINE_CHARS = 300


def find_wall(
    titles: Sequence[str],
    body: str,
    page_text: str,
    *,
    is_cut: bool = False,
    is_declared: bool = False,
) -> str | None:
    """Return what stands in the article's place, None when nothing does.

    `titles` are those the page gives itself, `body` is the article's text as extracted,
    `page_text` all that the page shows, `is_cut` whether it offers the rest to subscribers,
    `is_declared` whether it declares an article with its date. A long body is never a wall,
    whatever it speaks of.
    """
    if len(body) > _SHORT_CHARS:
        return None
    if is_cut and len(body.split()) < _CUT_WORDS:
        return "a paywall stub"
    if is_declared and len(body) > _BARE_CHARS:
        return None
    if wall := _named_wall(titles):
        return wall
    shown = f"{body}\n{page_text[:_SHOWN_CHARS]}" if len(body) < _STUB_CHARS else body
    folded = fold(shown)
    return next((reason for pattern, reason in _TEXTS if pattern.search(folded)), None)


def _named_wall(titles: Sequence[str]) -> str | None:
    folded = [fold(title).strip(" .!…") for title in titles]
    return next(
        (
            reason
            for pattern, reason in _TITLES
            if any(pattern.fullmatch(title) for title in folded)
        ),
        None,
    )


def offers_the_rest(text: str) -> bool:
    """Tell whether a short text asks its reader to subscribe for the rest of the article."""
    return len(text) < _CUT_LINE_CHARS and _CUT.search(fold(text)) is not None
