"""Pages that say in an article's place that it was taken down, though they answer 200.

Pure functions over title, text and what stands below the heading. Only a page that speaks of
itself counts: news of something that was withdrawn is news. They never look at who the site is,
nor at what the page said before.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from lxml.html import HtmlElement

from crawler.phrases import compile_phrases
from model.article import Reading
from model.errors import ExtractError
from model.fold import fold

_MOST_CHARS = 900
"""A notice with its reasons is shorter; so much text after it is an article of its own."""

_MOST_KNOWN_CHARS = 2500
"""How long a notice may be where the text that stood there before is known to be gone."""

_DETAIL = "removal_notice"
_LINES = 6
_LEVELS = 6
_ELEMENTS = 60
_HEADINGS = 3
_SENTENCE_CHARS = 400
_SHOWN_CHARS = 160
_LABEL_CHARS = 90
_PART = re.compile(r"\s+[-–—]\s+|\s*[|·•]\s*")
_SENTENCE = re.compile(r"[.!?…](?:\s|$)")

_SITE = (
    r"(?:(?:the|our|this|its|all|notre|nos|ce|cette|le|la|l|son|ses) ?)?(?:(?:public|web|own) )?"
    r"(?:sites?|websites?|pages?|platforms?|plateformes?|servers?|serveurs?|publication|view"
    r"|archives?|database|web|internet|toile|portail|online|ligne|colonnes|\S+\.[a-z]{2,})\b"
)
_OTHERS = (
    r"(?:par|by) (?!(?:(?:son|sa|ses|leurs?|its|the|their|la|le|l|les|notre|our) ?)?(?:auteure?s?"
    r"|authors?|redaction|editors?|newsroom|publishers?|journal|site|moderat\w+|direction|editeur"
    r"|writers?|precaution|prudence|erreur|souci|decision|mistake|error|order|respect|manque)\b)"
)
_BODIES = (
    r"(?:senat\w*|deput\w*|parlement\w*|assemblee|gouvernement|ministre|commission|conseil|maire"
    r"|juges?|tribunal|cour|parliament|senate|minister|council|court|government|lawmakers|mps)\b"
)
_NOT_HERE = (
    rf"(?! (?:(?:from|de|du|des|d)\b(?! (?:la |l |le )?part\b)(?! (?:facon|maniere|suite))"
    rf"(?! ?{_SITE})|{_OTHERS}"
    r"|(?:dans|depuis|in|to|for|from) (?:votre|your|this) (?:pays|region|country|area|location)"
    r"|(?:en acces libre|gratuitement|for free|aux non|(?:to|for) (?:non|free|logged|sub)|qu aux"
    r"|que (?:pour|sur)|en (?:version|kiosque)|in print|in its)))"
)
_LABEL = (
    r"[\[(*]*\s?(?:(?:note? (?:de (?:la |l )?(?:redaction|editeur)|du redacteur|aux lecteurs)|ndlr"
    r"|nde|editor s? ?note|editors note|editorial note|note to readers|notice|avis|mise a jour"
    r"|update|correction|rectificatif|erratum|information|important|attention|clarification"
    r"|retract(?:ion|ed)|removed|withdrawn|retiree?|depubliee?)[^:.;!?]{0,40}[:\])*]+\s?)?"
)
_SORRY = (
    r"(?:(?:desolee?s?|nous sommes desoles|oups|oops|sorry|we(?: a)? ?re sorry"
    r"|nous vous prions de nous excuser|please note|veuillez noter|sachez|nous vous informons"
    r"|we regret to inform (?:you|our readers)|nous avons le regret de vous informer)[ ,:]{1,3}"
    r"(?:but |mais |that |que |qu )?)?"
)
_REASON = (
    r"(?:(?:a la (?:suite|demande)|suite a|en (?:raison|application|execution|vertu|reponse)"
    r"|pour (?:des |une )?raisons?|par (?:decision|souci|precaution)|conformement|apres|au vu"
    r"|sur (?:decision|demande|ordre)|following|at the request|due to|owing to|for \w+ reasons"
    r"|publiee? par erreur|published in error|as a result"
    r"|in (?:response|compliance|accordance|light)|pursuant|because|after|by order"
    r"|on (?:legal|\d))\b[^.;!?]{0,160}, ?)?"
)
_NOUN_FR = (
    r"(?:articles?|pages?|contenus?|textes?|billets?|publications?|depeches?|tribunes?|enquetes?"
    r"|interviews?|entretiens?|recits?|reportages?|chroniques?|breves?|sujets?|papiers?|documents?"
    r"|communiques?|posts?|infos?|articles? de blog|note de blog)"
)
_NOUN_EN = (
    r"(?:articles?|stor(?:y|ies)|pages?|contents?|posts?|pieces?|reports?|op ed|columns?"
    r"|interviews?|(?:news|press) (?:items?|releases?)|items?|publications?|dispatch|documents?"
    r"|features?|reviews?|essays?)"
)
_WANTED_FR = r"(?: (?:que vous|auquel vous|a laquelle vous|demandee?|recherchee?)[^.;!?]{0,80}?,?)"
_WANTED_EN = (
    r"(?: (?:(?:that |which )?you(?: a)? ?(?:re|ve)?|requested|sought|that used to"
    r"|(?:that (?:was )?)?(?:previously|formerly|originally))\b[^.;!?]{0,80}?,?)"
)
_SAID_OF_FR = (
    r"(?:,? (?:publiee?|parue?|mise? en ligne|initialement|precedemment|intitulee?|titree?|signee?"
    r"|datee?|original|diffusee?|consacree?|qui)\b[^.;!?]{0,120}?,?"
    r"| (?:a|avait) ete (?:publiee?|mise? en ligne)[^.;!?]{0,80}? et)"
)
_SAID_OF_EN = (
    r"(?:,? (?:published|posted|titled|entitled|headlined|dated|about|which|originally"
    r"|previously|first)\b[^.;!?]{0,120}?,?"
    r"| (?:was|were) (?:published|posted)[^.;!?]{0,80}? and)"
)
_IT_FR = (
    rf"(?:(?:cet|cette|ce|ces|le present|la presente) (?:\w+ )?{_NOUN_FR}"
    rf"(?:{_WANTED_FR}|{_SAID_OF_FR})?|(?:le |la |les |l ){_NOUN_FR}{_WANTED_FR})"
)
_IT_EN = (
    rf"(?:(?:this|these|our|an earlier version of this) (?:[\w-]+ ){{0,2}}?{_NOUN_EN}"
    rf"(?:{_WANTED_EN}|{_SAID_OF_EN})?"
    rf"|(?:the|an?) (?:\w+ )?{_NOUN_EN}{_WANTED_EN})"
)
_GONE_FR = (
    r"(?:retiree?s?|supprimee?s?|depubliee?s?|effacee?s?|enlevee?s?|mise?s? hors ligne"
    r"|desindexee?s?)"
)
_GONE_EN = (
    r"(?:removed|withdrawn|deleted|taken (?:down|offline|off ?line)|retracted|unpublished"
    r"|depublished|de published|rescinded)"
)
_ADVERB = r"(?:\w+ment |ainsi |donc |depuis |desormais |depuis lors |since |now |\w+ly )?"
_HERE_FR = (
    r"(?:disponibles?|en ligne|accessibles?|consultables?|publiee?s?|visibles?|lisibles?"
    r"|diffusee?s?)"
)
_OWNERS_FR = (
    r"(?:nous avons|la (?:redaction|direction)[^.,;!?]{0,40} a|notre (?:redaction|journal|site) a"
    r"|l afp a|on a|l auteure? a)"
)
_OWNERS_EN = (
    r"(?:we(?: have| ve)?|(?:the|our) (?:editors?|newsroom|publishers?|editorial \w+)"
    r"[^.,;!?]{0,40}?(?: have| has)?|(?:the associated press|ap|reuters|afp)(?: has| have)?"
    r"|the authors? (?:has|have))"
)
_OURS_FR = rf"(?:cet|cette|ce|ces|le present) (?:\w+ )?{_NOUN_FR}"
_OURS_EN = rf"(?:this|these|its|our) (?:\w+ )?{_NOUN_EN}"

_THE_FR = rf"(?:l |le |la |cet |cette |ce |son ){_NOUN_FR}"
_NOT_YET = r"(?! (?:a la rentree|a partir|des (?:le|la|lundi|demain)|la saison|a l antenne)\b)"

_ANYBODY = rf"(?!.{{0,40}}\b{_BODIES})(?:[\w-]+ ){{0,4}}[\w-]+"

_NOTICE = compile_phrases(
    rf"""
    {_IT_FR} ?(?:a|ont|avait|a du|ont du|vient d|viennent d) {_ADVERB}(?:ete|etre) {_ADVERB}{_GONE_FR}\b{_NOT_HERE}
    (?:le contenu|le texte) de {_OURS_FR} a {_ADVERB}ete {_ADVERB}{_GONE_FR}\b{_NOT_HERE}
    {_OURS_FR} n existe plus ?[:;,(] ?{_THE_FR} ?(?:a ete|est) {_GONE_FR}\b{_NOT_HERE}
    {_OURS_FR} a ete (?:publiee?|mise? en ligne) par erreur ?$
    cette (?:depeche|alerte) (?:est|a ete) annulee
    (?:l )?afp (?:a annule|annule) cette (?:depeche|alerte)
    {_ANYBODY} a (?:retire|supprime|depublie|mis hors ligne) {_OURS_FR}\b{_NOT_HERE}
    {_ANYBODY} (?:has|is) (?:removed|withdrawn|withdrawing|deleted|retracted|unpublished|taken down) {_OURS_EN}\b{_NOT_HERE}
    {_IT_FR} ?(?:est|sont) {_ADVERB}{_GONE_FR}\b{_NOT_HERE}{_NOT_YET}
    {_IT_FR} ?n (?:est|sont) (?:desormais |malheureusement |actuellement )?plus {_HERE_FR}\b{_NOT_HERE}
    {_IT_FR} ?(?:a fait|fait) l objet d (?:un retrait|une (?:depublication|suppression))\b
    {_OWNERS_FR} (?:\w+ ){{0,3}}(?:d |de |a )?(?:retiree?|retirer|supprimee?|supprimer|depubliee?|depublier|mis hors ligne) {_OURS_FR}\b{_NOT_HERE}
    {_OWNERS_FR} (?:decide|procede) (?:du|au|de la|a la) (?:retrait|suppression|depublication) de {_OURS_FR}\b{_NOT_HERE}
    this {_NOUN_EN} (?:was|has been) (?:published|posted) (?:in error|by mistake) ?$
    {_IT_EN} ?had to be {_ADVERB}{_GONE_EN}\b{_NOT_HERE}
    we (?:were|had|have been|are|ve been) (?:\w+ )?to (?:remove|withdraw|delete|retract|unpublish|take down) {_OURS_EN}\b{_NOT_HERE}
    {_OWNERS_EN} {_ADVERB}(?:taken|took|pulled) {_OURS_EN} (?:down|off ?line)\b(?! to\b){_NOT_HERE}
    {_IT_EN} ?(?:has|have|had) {_ADVERB}been {_ADVERB}{_GONE_EN}\b{_NOT_HERE}
    {_IT_EN} ?(?:was|were|is|are) {_ADVERB}{_GONE_EN}\b{_NOT_HERE}
    {_IT_EN} ?(?:is|are) no longer (?:available|online|accessible|published|hosted)\b{_NOT_HERE}
    {_IT_EN} ?(?:isn|is not|aren) ?t? available any ?(?:more|longer)\b{_NOT_HERE}
    {_OWNERS_EN} {_ADVERB}(?:decided to |chosen to |chose to )?(?:removed?|withdrawn?|withdrew|deleted?|retract(?:ed)?|unpublish(?:ed)?|pull(?:ed)?|taken down|took down) {_OURS_EN}\b{_NOT_HERE}
    """,  # noqa: E501
    before=rf"{_LABEL}{_SORRY}{_REASON}",
)
_BY_ITS_OWN = (
    r"(?: (?:(?:a la demande|sur decision) (?:de )?(?:la |l |son |sa )"
    r"(?:redaction|auteure?|editeur)|(?:at|by) the (?:authors?|editors?)(?: ?s? request)?))?"
)
_NAMED = compile_phrases(
    r"""
    (?:article|contenu|page|depeche|texte|billet|publication|content|story|post)
    """,
    before=r"[\[(*]*\s?(?:cet |ce |cette |this |the )?",
    after=rf" (?:a ete |has been |was )?(?:{_GONE_FR}|{_GONE_EN}){_BY_ITS_OWN}[\])*. !]*",
)
_RESTORED = compile_phrases(
    r"""
    \b(?:a|est|fut|puis|ete|et) (?:\w+ ){0,2}(?:remise? en ligne|republiee?|retablie?|restauree?)
    \b(?:was|been|is|then|and) (?:\w+ ){0,2}(?:restored|republished|reinstated|reposted)\b
    \b(?:est|is) (?:de nouveau|a nouveau|again|now) (?:en ligne|disponible|accessible|available)
    \bback online\b
    """
)
_REPORTED = compile_phrases(
    r"""
    , (?:annonce|indique|affirme|precise|explique|ecrit|rapporte|raconte|deplore|selon)\b
    , a (?:annonce|indique|affirme|precise|explique|ecrit|declare)\b
    , (?:said|says|announced|reports|reported|writes|wrote|according to)\b
    """
)


def find_removal(titles: Sequence[str], body: str) -> str | None:
    """Return the sentence in which a page says that its article was taken down, None if none.

    The page must open with it, after its date, its byline or a label, and say little more.
    """
    if len(body) > _MOST_CHARS or _RESTORED.search(fold(body)):
        return None
    named = (part for title in titles for part in (title, *_PART.split(title)))
    if (title := next(filter(_is_named, named), None)) is not None:
        return _shown(title)
    return next(filter(None, map(_notice, _opening(body))), None)


def find_removal_note(reading: Reading) -> str | None:
    """Return the same sentence where the text known before is gone, None if there is none.

    It may stand below a standfirst that was left, and be followed by a longer explanation.
    """
    return reading.details.get(_DETAIL) or find_notice(reading.text)


def find_notice(body: str) -> str | None:
    """Return such a sentence that opens one of the first lines of a text, None if none does."""
    if len(body) > _MOST_KNOWN_CHARS or _RESTORED.search(fold(body)):
        return None
    return next(filter(None, map(_notice, _lines(body))), None)


def notice_below_heading(tree: HtmlElement) -> tuple[str | None, bool]:
    """Return such a sentence that is the first below a page's heading, and whether it is alone.

    It is when the element that holds both holds little more. What is read as the article's text
    may then be the teasers of others further down.
    """
    for heading in islice(tree.iter("h1"), _HEADINGS):
        for block in _first_blocks(heading):
            if sentence := _notice(_spaced(block)):
                return sentence, _is_alone(heading, block)
    return None, False


def _first_blocks(heading: HtmlElement) -> Iterator[HtmlElement]:
    """Yield what holds the lines below a heading, up to the first that is a sentence."""
    for block in islice(_following(heading), _ELEMENTS):
        line = _spaced(block) if _has_own_text(block) else ""
        if line:
            yield block
        if len(line) > _LABEL_CHARS or _SENTENCE.search(line):
            return


def _following(heading: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the elements after a heading in their order, as far as its page's main part goes."""
    place: HtmlElement | None = heading
    for _ in range(_LEVELS):
        if place is None:
            return
        for sibling in place.itersiblings():
            yield from sibling.iter("*")
        place = place.getparent()


def _has_own_text(element: HtmlElement) -> bool:
    own = (element.text, *(child.tail for child in element))
    return any(text and not text.isspace() for text in own)


def _spaced(element: HtmlElement) -> str:
    """Return the text of an element on one line; of a long one, enough to tell that it is."""
    pieces = islice(element.itertext(), _ELEMENTS)
    return " ".join("".join(pieces).split())[:_MOST_KNOWN_CHARS]


def _is_alone(heading: HtmlElement, block: HtmlElement) -> bool:
    both = next(one for one in heading.iterancestors() if one in block.iterancestors())
    pieces = (" ".join(piece.split()) for piece in both.itertext())
    return sum(map(len, pieces)) <= _MOST_CHARS


def refuse_removed(tree: HtmlElement, url: str, titles: Sequence[str], body: str) -> dict[str, str]:
    """Raise ExtractError, its state `removed`, for a page that is such a notice.

    One that stands above a longer text is returned as a detail: only who knows what the article
    said before can tell whether that text is still its own.
    """
    sentence, is_alone = notice_below_heading(tree)
    if said := find_removal(titles, body) or (sentence if is_alone else None):
        raise removal(url, said)
    return {} if sentence is None else {_DETAIL: sentence}


def removal(url: str, sentence: str) -> ExtractError:
    """Return the error, its state `removed`, that quotes such a sentence."""
    return ExtractError(url, f"the page says: “{sentence}”", "removed")


def _opening(body: str) -> Iterator[str]:
    """Yield the first lines of a text, up to the first that is a sentence."""
    for line in _lines(body):
        yield line
        if len(line) > _LABEL_CHARS or _SENTENCE.search(line):
            return


def _lines(body: str) -> list[str]:
    return [line.strip() for line in body.split("\n", _LINES)[:_LINES] if line.strip()]


def _notice(line: str) -> str | None:
    """Return the first sentence of a line when it is such a notice."""
    sentence = _SENTENCE.split(line, maxsplit=1)[0][:_SENTENCE_CHARS]
    folded = fold(sentence)
    if not (_NOTICE.match(folded) or _is_named(sentence)):
        return None
    is_news = _REPORTED.search(folded) or _RESTORED.search(folded)
    return None if is_news else _shown(sentence)


def _is_named(part: str) -> bool:
    return _NAMED.fullmatch(fold(part).strip()) is not None


def _shown(sentence: str) -> str:
    """Return a sentence as a reason quotes it, on one line and not too long."""
    plain = "".join(sign if sign.isprintable() else " " for sign in sentence).strip()
    return plain if len(plain) <= _SHOWN_CHARS else f"{plain[:_SHOWN_CHARS].rstrip()} …"
