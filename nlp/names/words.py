"""The words that stand around names or are taken for names, folded; tables and nothing else."""

TITLES = frozenset(
    "m mr mrs ms mme mmes mlle messieurs mesdames monsieur madame mademoiselle me maitre dr"
    " docteur doctor pr prof professeur professor sir dame lord lady mgr monseigneur sainte"
    " pere sister brother mister miss rev reverend hon st datuk seri tan sri".split()
)
"""Courtesy and academic titles before a person's name."""

FUNCTIONS = frozenset(
    "president presidente presidents vice ministre ministres minister prime premier"
    " premiere senator sen senateur senatrice depute deputee deputy deputies congressman"
    " congresswoman representative rep gov governor gouverneur maire mayor chancellor"
    " chancelier general gen"
    " colonel col lieutenant lt captain capitaine capt sergeant sgt major officer detective"
    " commissaire inspector judge justice juge secretary secretaire director directeur"
    " directrice chairman chairwoman chair ceo attorney procureur procureure prosecutor"
    " ambassador ambassadeur avocat avocate lawyer journaliste reporter coach manager"
    " entraineur spokesman spokeswoman spokesperson porte-parole chef chief commissioner"
    " commandant admiral amiral chancellor ex former ancien"
    " ancienne candidat candidate leader "
    " co-founder founder actor actress singer author"
    "".split()
)
"""Functions, which come before a person's name and are no name alone."""

PARTY_WORDS = frozenset("republican democrat conservative labour tory socialist green".split())
"""Words that tell a person's party, before the name."""

RANKS = frozenset(
    "king queen roi reine prince princess princesse pope pape sheikh cheikh emir ayatollah baron"
    " baroness comte duke duchess royal".split()
)
"""Ranks that belong to a name (Prince Harry) and are none alone."""

INSTITUTIONS = frozenset(
    "parliament government gouvernement parlement police assemblee state etat etats"
    " internet".split()
)
"""Institutions that no capital makes a name by themselves."""

ARTICLES = frozenset("le la les l the".split())
"""Articles that may be part of a name."""

NAME_PARTICLES = frozenset(
    "de d di da dos van von der den al el bin ben ibn abu le la of af av ter".split()
)
"""Words in lower case with which a person's name may begin."""

_CALENDAR = (
    "monday tuesday wednesday thursday friday saturday sunday lundi mardi mercredi jeudi"
    " vendredi samedi dimanche january february march april may june july august september"
    " october november december janvier fevrier mars avril mai juin juillet aout septembre"
    " octobre novembre decembre today yesterday tomorrow tonight hier demain jan feb mar apr"
    " jun jul aug sep sept oct nov dec mon tue tues wed thu thurs fri sat sun spring summer"
    " autumn winter ete automne hiver printemps"
)

_COMMON_WORDS = (
    "i he she it we you they il elle ils elles on nous vous je tu ca cela ce ces qui que"
    " quoi dont and but or so if when while where how why what who the this that these those"
    " there here his her its our your their my mr mrs ms m mme selon apres avant depuis pour"
    " dans avec sans mais et ou donc or ni car si quand comment pourquoi toutefois cependant"
    " ainsi alors pourtant enfin reste voici voila oui non yes no not all some many most"
    " both each every also just only even now then thanks merci bonjour hello please good"
    " new old big top first second last next more less very much than as at by for from in"
    " into of off on out over to up with after before under est sont etait avait fait dit"
    " peut faut va vont aller etre avoir faire dire voir savoir ici la ailleurs partout"
    " jamais toujours souvent parfois bien mal tres trop peu plus moins dieu god internet"
    " web billet temps covid tv ai ia it id ok pm am vat tva rer km kg"
)

NOT_NAMES = frozenset(f"{_CALENDAR} {_COMMON_WORDS}".split())
"""Months, weekdays and plain words that a capital at the start of a sentence makes a name."""

NATIONALITIES = frozenset(
    "french francais francaise francaises british britannique english anglais german allemand"
    " allemande american americain americaine russian russe chinese chinois israeli israelien"
    " israelienne european europeen europeenne italian italien spanish espagnol ukrainian"
    " ukrainien syrian syrien syrienne canadian australian japanese japonais indian iranian"
    " iranien palestinian palestinien arab arabe african africain asian asiatique belge swiss"
    " suisses turkish turc parisian parisien muslim musulman christian chretien jewish juif"
    " catholic catholique".split()
)
"""Adjectives of country, city or creed, which models give as places or organisations."""

_FURNITURE = (
    "lire aussi, a lire aussi, lire la suite, voir aussi, publie, publie le, mis a jour, mis a "
    "jour, le, partager, newsletter, newsletters, abonnez vous, abonne, abonnes, s abonner, se "
    "connecter, article reserve aux abonnes, commentaires, temps de lecture, lecture, source, "
    "sources, photo, photos, video, videos, image, images, credit, credits, read more, read also, "
    "see also, share, share this, sign up, subscribe, subscribers, log in, login, advertisement, "
    "advertising, published, published on, updated, update, last updated, reading time, min read, "
    "comments, comment, related, related articles, click here, cookies, cookie, privacy policy, "
    "terms of use, copyright, all rights reserved, tous droits reserves, file, file photo, getty "
    "images, getty, shutterstock, via getty images, afp via getty images, breaking news, live, en "
    "direct, direct, exclusif, exclusive, opinion, editorial, tribune, menu, home, accueil, "
    "contact, facebook, twitter, whatsapp, les plus lus, watch, listen"
)

FURNITURE = frozenset(_FURNITURE.split(", "))
"""What sites put around an article, folded."""

GIVEN_NAMES = frozenset(
    "mohamed mohammed mohammad muhammad mahomet ahmed ahmad ali hassan hasan hussein hussain"
    " ibrahim omar mahmoud khalil youssef yusuf abdallah abdullah saleh salah ismail mustafa"
    " moustapha khaled khalid khamis idris anwar karim hamza samir rachid said nasser"
    " jean pierre paul jacques michel marie anne claire sophie martin thomas simon daniel david"
    " robert richard michael john james george william charles henry peter mark mary maria"
    " elizabeth louis philippe alain bernard christian patrick laurent nicolas francis andre"
    " marc luc leon denis gabriel raphael arthur adam alexander anthony joseph kim lee li wang"
    " singh kaur nguyen bill will frank jack rose grant chuck pat dean rob sue gene drew jim joe"
    " tom tim ben sam max ken ron ted bob dick susan hafez bashar bachar maher"
    " saif seif saadi".split()
)
"""Names that thousands bear, first or last: alone they point to nobody."""

PLACES_AND_PEOPLE = frozenset(
    "florence jordan jordanie chad georgia milan milano sofia vienne cologne berne us uk un israel"
    " malte malta grenade bale turkey america rome roma dominique salvador maurice kenya india"
    " inde chelsea paris".split()
)
"""Places that are also first names, surnames or common words: only a model tells which."""

TIME_ZONES = frozenset("ist bst edt est gmt cet cest utc pst pdt et".split())
"""What stands between an hour and a dateline: 2:33 pm IST LONDON."""

SETTLEMENTS = frozenset(
    "city town village suburb port province district region capital ville villes village bourgade"
    " quartier commune region departement banlieue localite".split()
)
"""Words before `of` or `de` and a place."""
