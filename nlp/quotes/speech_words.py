"""The words that say somebody speaks, in French and English; tables and nothing else."""

import re

_FRENCH_STEMS = (
    "déclar affirm expliqu assur estim ajout précis soulign insist dénonc rappel indiqu"
    " confi témoign regrett annonc répliqu lanc martel rétorqu résum détaill observ constat"
    " not comment critiqu accus alert plaid argument salu confirm révél rapport relat racont"
    " avou jug pens considèr considér promett certifi menac déplor tempêt fustig tonn gliss"
    " souffl murmur cri exclam interrog indign alarm inquièt inquiét ironis analys pronostiqu"
    " signal mentionn évoqu clam proclam nuanc raill exhort conseill recommand réclam exig"
    " revendiqu réaffirm remarqu remémor lou qualifi scand interpell redout déclam justifi"
)
_FRENCH_ENDINGS = ("e", "é", "ée", "és", "ées", "ait", "ent", "aient", "a", "èrent", "era", "ant")
_FRENCH_FORMS = (
    "dit dite disait disent disaient disant écrit écrite écrivait écrivent écrivant répond"
    " répondu répondait reconnaît reconnait reconnu reconnaissant prévient prévenu"
    " prévenait prévenant soutient soutenu soutenait soutenant admet admis admettant promet"
    " promis poursuit poursuivi poursuivait conclut conclu concluait défend défendu défendait"
    " réagit réagi réagissait avertit averti avertissait avertissant maintient maintenu"
    " garantit garanti renchérit renchéri souhaite souhaité tweete tweeté twitte craint croit"
    " cru savoir valoir lâche lâché tranche tranché répète répété répétait répétant suggère"
    " suggéré suggérant espère espéré complète complété reprend repris enchaîne enchaîné"
    " appelle appelé appelant souvient souvenait presse pressé ordonné ordonne déclaré declaré"
    " rappelle rappellent révèle révèlent réitère réitéré inquiète martèle concède concédé espèrent"
    " prétend prétendu prétendait prétendant appris jugé ajouter scander"
)
_ENGLISH_FORMS = (
    "said says say saying told tells telling added adds adding insisted insists insisting"
    " stressed stresses stressing warned warns warning warn claimed claims claiming claim"
    " argued argues arguing argue explained explains explaining announced announces announcing"
    " wrote writes writing written declared declares declaring stated states stating noted"
    " notes noting recalled recalls recalling replied replies replying responded responds"
    " responding answered answers asked asks asking admitted admits admitting acknowledged"
    " acknowledges acknowledging confirmed confirms confirming denied denies denying accused"
    " accuses accusing criticised criticized criticises criticizes denounced denounces"
    " denouncing tweeted tweets posted posts concluded concludes concluding continued"
    " continues commented comments remarked remarks reported reports reporting revealed reveals"
    " revealing testified testifies testifying predicted predicts predicting promised promises"
    " promising pledged pledges pledging vowed vows vowing urged urges urging called calls"
    " calling believes believed believe thinks thought suggested suggests suggesting complained"
    " complains complaining observed observes indicated indicates indicating emphasised"
    " emphasized emphasises emphasizes emphasising emphasizing underlined underlines underlining"
    " reiterated reiterates repeated repeats quipped joked shouted shouting whispered defended"
    " recounted describes described describing lamented laments maintained maintains alleged"
    " alleges alleging allege countered professed asserted asserts asserting estimate estimates"
    " estimated speculates speculated expounding exclaimed exclaims exclaim characterized"
    " characterised characterizes chanted chanting portrayed voiced blamed attributing"
    " attributed highlighted warned expressed expressing denounce demanded demands demanding"
    " requested read reads puts contended contends conceded concedes mused opined chimed"
    " boasted boasts scoffed hinted hints insists"
)

SPEECH_VERBS = {
    "fr": frozenset(
        [stem + ending for stem in _FRENCH_STEMS.split() for ending in _FRENCH_ENDINGS]
        + _FRENCH_FORMS.split()
    ),
    "en": frozenset(_ENGLISH_FORMS.split()),
}
"""Forms, in lower case, of the verbs that bring in words somebody said."""

LIKE_NOUNS = {
    "fr": frozenset(
        "note rapport annonce critique presse alerte menace doute cri dit"
        " écrit réclame accusé accusée accusés exige conseille salut lance tranche reprise".split()
    ),
    "en": frozenset(
        "reports claims comments remarks notes promises questions answers calls posts tweets"
        " states demands estimates claim estimate warning reading writing reads puts thought"
        " hints vows".split()
    ),
}
"""Forms that are as often a noun: verbs only right behind a name, a pronoun or an auxiliary."""

NOT_REPORTING = frozenset(
    "accuse accusé accusée accusant savoir salue salué saluant called calls calling accused"
    " accuses accusing criticised criticized describes described describing posted puts presse"
    " pressé appelle appelé appelant scande scandant loue loué qualifie qualifié portrayed voiced"
    " continued continues blamed attributed attributing characterized characterised asked asks"
    " asking urged urges urging read reads crie".split()
)
"""Those that bring in no clause with `que` or `that`."""

WITH_LISTENER = frozenset(
    "told tells telling assuré assure assurant prévenu prévient prévenant averti avertit"
    " avertissant warned promised reminded".split()
)
"""Those that take whom they speak to as an object: `told reporters that`."""

SAYING = {
    "fr": frozenset(
        "dit déclaré declaré déclare affirmé affirme expliqué explique assuré assure estimé estime"
        " ajouté ajoute précisé précise souligné souligne rappelé rappelle indiqué indique confié"
        " confie annoncé annonce commenté raconte raconté rapporté rapporte constaté constate noté"
        " jugé juge confirmé confirme averti avertit prévenu prévient conclu conclut reconnu"
        " relaté relate appris révélé remarqué témoigné insisté écrit soutient soutenu accuse"
        " poursuivi poursuit plaidé regretté déploré signalé résumé résume analysé analyse".split()
    ),
    "en": frozenset(
        "said says say added adds wrote writes told reported reports announced stated noted"
        " explained argued warned claimed confirmed recalled insisted".split()
    ),
}
"""Those that stand behind what they report: `…, a indiqué X`, `…, X said`."""

CLAUSE_OPENINGS = frozenset("it he she they there we i this these those both".split())
"""English words that begin a clause and are its whole subject."""

FINITE = frozenset(
    "is are was were has have had will would could should can may might must do does did isn"
    " aren wasn weren hasn haven hadn won wouldn couldn shouldn didn doesn don cannot gave got"
    " made took went came knew felt found began became left kept held met ran saw sent stood"
    " thought told wanted wants needs remains goes comes makes takes seems means appears".split()
)
"""English words that show a clause to have its verb."""

CLAUSE_BREAKS = frozenset(
    "who which that when as after before because while if where whether whose".split()
)
"""English words behind which a verb no longer belongs to the clause."""

PLAIN_SAYING = frozenset(
    "said says say believes believe believed claims claimed claim insists insisted thinks".split()
)
"""English verbs that bring in a clause without `that` far more often than a thing."""

DENYING = frozenset("denied denies denying announcing announced reporting".split())
"""English verbs behind which a thing, not a clause, stands where `that` is missing."""

SUBORDINATORS = frozenset(
    "while though although whereas if since si alors tandis bien même quoique".split()
)
"""Words that open a sentence whose main clause is still to come."""

NOT_BEFORE_QUE = frozenset(
    "plus moins autre autres aussi alors après avant depuis tandis pendant afin bien lors parce"
    " pour sans dès ainsi tel telle tels telles même si tant lorsque jusque puis quel quelle"
    " mieux ce celui celle ceux autant davantage rien ne".split()
)
"""French words that a `que` belongs to rather than to a verb of speech before them."""

INFINITIVES = frozenset(
    "avoir être vouloir pouvoir devoir craindre souhaiter refuser ignorer disposer ne n s"
    " regretter rester".split()
)
"""French words that open what somebody says of himself: `dit avoir`, `affirme ne pas`."""

_WHICH = r"(?!which|whom|whose|lequel|laquelle|lesquel(?:le)?s|que\b|qu['’]|l[ea]s? même)"
_OF_SOURCES = r"(?:(?<=, )|(?m:^))de sources?(?=\s[a-zé]+[,.]?)"
SOURCE_CUES = {
    "fr": re.compile(
        rf"\b(?:selon|d['’]après|à en croire|aux yeux de|{_OF_SOURCES})\s{_WHICH}",
        re.IGNORECASE,
    ),
    "en": re.compile(rf"\b(?:according to|in the words of)\s{_WHICH}", re.IGNORECASE),
}
"""What stands before whom a statement is taken from."""

FOR_SOURCE = re.compile(r"Pour\s(?=[A-ZÉÀ])")
"""`Pour` that opens a French sentence: a source when the name of a person follows."""

AUXILIARIES = {
    "fr": frozenset(
        "a ont avait avaient ai aura t s est sont était ainsi notamment encore aussi d ailleurs"
        " également alors lui en y toutefois souvent déjà leur se pourtant donc fait".split()
    ),
    "en": frozenset(
        "has have had however then also later reportedly only once already again now since"
        " previously even just always never still".split()
    ),
}
"""What may stand between a quote, or a subject, and its verb."""

DAYS = frozenset(
    "lundi mardi mercredi jeudi vendredi samedi dimanche hier aujourd hui soir matin monday"
    " tuesday wednesday thursday friday saturday sunday yesterday today".split()
)

LINKS = frozenset(
    "for of from at in with by against to about de du des d à pour au aux en avec contre par sur"
    " chez sans within among on over under between entre vers dans via".split()
)
"""Words that make the name behind them part of somebody's description: the deputy for Nice."""

ARTICLES = frozenset(
    "the le la les l its his her their son sa ses un une an a cette cet ces these those leur"
    " leurs no any".split()
)

GROUPS = frozenset(
    "groupe parti ministère agence collectif association compagnie société journal quotidien"
    " site syndicat ong company group agency party newspaper ministry charity network".split()
)
"""What may stand before the name of an organisation that speaks."""

SOURCES = frozenset(
    "responsable responsables source sources porte-parole porte militant militants ministère"
    " ministre autorités autorité témoin témoins agence agences médias média journaliste"
    " journalistes avocat avocats avocate police parquet organisation organisations ong"
    " président présidente présidence expert experts analyste analystes gouvernement armée"
    " opposition rebelles habitants diplomate diplomates officiel officiels communiqué rapport"
    " procureur député députée maire chef groupe proche proches entourage observateurs chercheur"
    " site télévision radio chaîne journal entreprise compagnie société université"
    " chercheuse spécialiste directeur directrice secrétaire commandant officier militaire"
    " official officials spokesman spokeswoman spokesperson police prosecutors prosecutor"
    " authorities analysts analyst experts expert activists witnesses report reports statement"
    " lawyer lawyers ministry minister government company army military bureau agency residents"
    " sources president mayor officers lawmakers researchers scientists investigators study kit"
    " letter lawsuit court judge group union center centre department office committee they"
    " union doctors relatives neighbours neighbors critics supporters people family".split()
)
"""Common nouns for whoever speaks without a name."""

BEHIND_SAYING = frozenset(
    "in on at to during after cette ce devant through via by as when while before from last"
    " this earlier later today monday tuesday wednesday thursday friday saturday sunday"
    " yesterday".split()
)
"""What may follow the verb of an English `…, X said`."""

PRONOUNS = {
    "fr": frozenset("il elle".split()),
    "en": frozenset("he she".split()),
}
"""Who speaks when the one person just named goes on."""

FIRST_OR_SECOND = {
    "fr": frozenset("je j nous vous on tu".split()),
    "en": frozenset("i we you".split()),
}
"""Subjects whose sayings the text itself makes."""

NOBODY = {
    "fr": FIRST_OR_SECOND["fr"] | frozenset("ils elles ce cela ça c".split()),
    "en": FIRST_OR_SECOND["en"] | frozenset("it they this that".split()),
}
"""Subjects that name nobody."""

NOT_SAID = frozenset(
    "pas jamais not never would could might may should can must to didn don doesn let cannot"
    " won".split()
)
"""Words before a verb that say it is not, or not yet, said."""

CONNECTORS = frozenset(
    "mais or et car donc ainsi toutefois cependant pourtant enfin en effet outre de plus car puis"
    " but and so yet however also still then meanwhile indeed".split()
)
"""What may open a sentence before its source: `Mais, selon X, …`."""

BEFORE_CLAUSES = frozenset(
    "que qu that par by after before when as while since because if though although lorsque"
    " quand si comme où".split()
)
"""Words behind which a clause begins, so that a name right there is its subject."""

ANDS = frozenset("et and but mais puis then or ou".split())
WHO = frozenset("qui who".split())

NAMING = frozenset(
    "baptisé baptisée baptisés baptisées nommé nommée appelé appelée appelés appelées intitulé"
    " intitulée surnommé surnommée dénommé dénommée dit dite named called dubbed titled entitled"
    " nicknamed caption handle game film book song movie album series show thème magazine journal"
    " quotidien revue opération livre titre chanson roman".split()
)
"""Words right before quotation marks that hold a name or a title."""

MEN = frozenset("M Mr Monsieur Sir".split())
WOMEN = frozenset("Mme Mlle Mrs Ms Miss Madame".split())
"""Titles that tell whom `he` or `elle` cannot mean."""
