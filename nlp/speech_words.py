"""The words that say somebody speaks, in French and English; tables and nothing else."""

import re

_FRENCH_STEMS = (
    "déclar affirm expliqu assur estim ajout précis soulign insist dénonc rappel indiqu"
    " confi témoign regrett annonc répliqu lanc martel rétorqu résum détaill observ constat"
    " not comment critiqu accus alert plaid argument salu confirm révél rapport relat racont"
    " avou jug pens considèr considér promett certifi menac déplor tempêt fustig tonn gliss"
    " souffl murmur cri s'exclam exclam s'interrog interrog s'indign indign s'alarm"
    " s'inquièt inquièt s'inquiét ironis analys avanc pronostiqu propos signal mentionn"
    " évoqu clam proclam nuanc abond raill exhort conseill recommand demand réclam exig"
    " revendiqu"
)
_FRENCH_ENDINGS = ("e", "é", "ée", "és", "ées", "ait", "ent", "aient", "a", "èrent", "era", "ant")
_FRENCH_FORMS = (
    "dit dite disait disent disaient disant écrit écrite écrivait écrivent répond répondu"
    " répondait reconnaît reconnait reconnu prévient prévenu prévenait soutient soutenu"
    " soutenait admet admis promet promis poursuit poursuivi poursuivait conclut conclu"
    " concluait défend défendu défendait réagit réagi réagissait avertit averti avertissait"
    " maintient maintenu garantit garanti renchérit renchéri souhaite souhaité tweete tweeté"
    " twitte craint redoute redouté croit cru sait savoir valoir glisse lâche lâché tranche"
    " tranché s'emporte emporté répète répété répétait suggère suggéré considère espère"
    " espéré complète complété reprend repris enchaîne enchaîné"
)
_ENGLISH_FORMS = (
    "said says say saying told tells telling added adds adding insisted insists insisting"
    " stressed stresses stressing warned warns warning claimed claims claiming argued argues"
    " arguing explained explains explaining announced announces announcing wrote writes"
    " writing declared declares declaring stated states stating noted notes noting recalled"
    " recalls recalling replied replies replying responded responds responding answered"
    " answers asked asks asking admitted admits acknowledged acknowledges confirmed confirms"
    " denied denies accused accuses criticised criticized criticises criticizes denounced"
    " denounces tweeted tweets posted posts concluded concludes continued continues"
    " commented comments remarked remarks reported reports revealed reveals testified"
    " testifies predicted predicts promised promises pledged pledges vowed vows urged urges"
    " called believes believed thinks thought suggested suggests complained complains"
    " observed indicated indicates emphasised emphasized underlined underlines reiterated"
    " reiterates repeated repeats quipped joked shouted whispered defended recounted"
    " explained describes described lamented laments maintained maintains alleged alleges"
    " countered"
)

SPEECH_VERBS = {
    "fr": frozenset(
        [stem + ending for stem in _FRENCH_STEMS.split() for ending in _FRENCH_ENDINGS]
        + _FRENCH_FORMS.split()
    ),
    "en": frozenset(_ENGLISH_FORMS.split()),
}
"""Forms, in lower case, of the verbs that bring in words somebody said."""

NOT_REPORTING = frozenset(
    "accuse accusé accusée savoir salue salué salué called accused criticised criticized"
    " describes described posted".split()
)
"""Those that bring in no clause with `que` or `that`."""

BEFORE_THAT = frozenset(
    "reporters journalists us me them him her lawmakers senators on also repeatedly again"
    " today yesterday earlier later aussi également ainsi encore hier lundi mardi mercredi"
    " jeudi vendredi samedi dimanche à aux en journalistes alors donc toutefois notamment"
    " the l'afp l’afp".split()
)
"""What may stand, beside capitalised words, between a verb and its `que` or `that`."""

BARE_CLAUSE_VERBS = frozenset("said says claimed claims argued insisted believes warned".split())
"""English verbs that bring in a clause without `that`."""

CLAUSE_OPENINGS = frozenset(
    "that the it he she they his her their its there a an this these those we i no".split()
)
"""English words that begin such a clause."""

_WHICH = r"(?!which|whom|whose|lequel|laquelle|lesquels|que\b|qu['’]|l[ea]s? même)"
SOURCE_CUES = {
    "fr": re.compile(rf"\b(?:selon|d['’]après|à en croire)\s{_WHICH}", re.IGNORECASE),
    "en": re.compile(rf"\b(?:according to|in the words of)\s{_WHICH}", re.IGNORECASE),
}
"""What stands before whom a statement is taken from."""

AUXILIARIES = {
    "fr": frozenset(
        "a ont avait avaient ai aura t s ainsi notamment encore aussi d ailleurs"
        " également alors lui en y toutefois souvent".split()
    ),
    "en": frozenset("has have had however then also later reportedly only once".split()),
}
"""What may stand between a quote, or a pronoun, and its verb."""

LINKS = frozenset(
    "for of from at in with by against to about de du des d à pour au aux en avec contre par sur"
    " chez sans within among".split()
)
"""Words that make the name behind them part of somebody's description: the deputy for Nice."""

ARTICLES = frozenset(
    "the le la les l its his her their son sa ses un une an cette cet ces these those leur"
    " leurs no any".split()
)

PRONOUNS = {
    "fr": frozenset("il elle".split()),
    "en": frozenset("he she".split()),
}
"""Who speaks when the one person just named goes on."""

MEN = frozenset("M Mr Monsieur Sir".split())
WOMEN = frozenset("Mme Mlle Mrs Ms Miss Madame".split())
"""Titles that tell whom `he` or `elle` cannot mean."""
