"""Lines of a body that serve the page and not the article: cookie notices, boxes, calls to sign up.

The phrases are the bench's own, apart from those of `crawler`, so that one can find the other out.
"""

import re

_PHRASES = re.compile(
    r"\bcookies?\b|newsletter|in(?:to)? your inbox|votre bo[iî]te mail"
    r"|^\W*(?:à )?(?:lire|voir|écouter) (?:aussi|également)\b"
    r"|^\W*(?:read|also read|see) (?:more|also)"
    r"|^\W*lesen sie (?:auch|mehr|hier)|^\W*mehr zum thema|^\W*leggi anche"
    r"|^\W*partager\b.{0,20}$|\bshare (?:this|on (?:facebook|twitter|x))\b"
    r"|\bsign up (?:for|to)\b|\bsubscribe (?:to|now|today)\b|abonnez-vous|inscrivez-vous"
    r"|jetzt abonnieren|\bfollow (?:us|@\w+) on\b|suivez-nous"
    r"|^\W*(?:\d+ )?(?:comments?|commentaires?)\W*$|leave a comment|laisser un commentaire"
    r"|^\W*related (?:articles?|stories|content|posts|topics)|^\W*sur le même (?:sujet|thème)"
    r"|^\W*articles? (?:similaires|liés|connexes)|^\W*most (?:read|popular)\W*$|les plus lus\W*$"
    r"|^\W*(?:advertisement|publicité|anzeige|trending)\W*$|all rights reserved"
    r"|tous droits réservés|privacy policy|click here|cliquez ici",
    re.IGNORECASE,
)
_NOT_WORD = re.compile(r"[\W_]+")


def find_leaks(text: str, body: str, phrases: tuple[str, ...]) -> list[str]:
    """Return the lines of `text` that read like furniture and that the truth lacks.

    Without a true body, a page whose own phrases read so (a privacy policy) is left out.
    """
    if not body and any(map(_PHRASES.search, phrases)):
        return []
    true = _letters(body)
    return [
        line
        for line in text.split("\n")
        if _PHRASES.search(line) and not (true and _letters(line)[:60] in true)
    ]


def _letters(text: str) -> str:
    return _NOT_WORD.sub("", text).casefold()
