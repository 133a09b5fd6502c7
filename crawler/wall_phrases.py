"""What pages say that stand in an article's place, in French and English, folded.

Only phrases; `crawler.walls` says when they count.
"""

import re

from crawler.phrases import compile_phrases

Rules = tuple[tuple[re.Pattern[str], str], ...]

CAPTCHA = "a captcha or bot check"
CONSENT = "a consent wall"
ERROR = "an error page"
LOGIN = "a login page"
PARKED = "a parked domain"
PAYWALL = "a paywall stub"
SCRIPT = "a shell that needs its script"

FIRM_TITLES: Rules = (
    (
        compile_phrases(
            r"""
            just a moment|attention required.{0,20}|checking your browser.*
            verify(?:ing)? you are human|are you a robot|robot check
            human verification|pardon our interruption|ddos guard
            access (?:to this page has been )?denied|acces refuse
            access denied [|] .{0,60}
            error: the request could not be satisfied|sorry,? you have been blocked
            """
        ),
        CAPTCHA,
    ),
    (
        compile_phrases(
            r"""
            (?:erreur |error |http )?(?:404|403|410|429|451|500|502|503|504)(?: error| erreur)?
            (?:4\d\d|50\d)(?: [:|])? ?(?:page|not found|introuvable|forbidden).{0,40}
            (?:4\d\d|50\d)[: |]{1,3}(?:bad gateway|gateway|service|internal).{0,40}
            (?:4\d\d|50\d)[: |]{1,3}(?:unavailable|too many requests|gone).{0,40}
            (?:erreur |error |http )(?:4\d\d|50\d) (?:page|not found|introuv).{0,30}
            (?:cette |la )?(?:page|article|document) (?:est )?(?:not found|introuvable|non trouvee?)
            (?:oups|desole)?[ !,:]*cette page est introuvable
            (?:oops|sorry)?[ !,:]*(?:this |that )page can t be found
            (?:oups|oops|desole|sorry)?[ !,:]*(?:cette |la )?page n existe (?:pas|plus)
            page inexistante|bad gateway|gateway timeout|file not found|service unavailable
            service (?:momentanement |temporairement )?indisponible|internal server error
            too many requests|trop de requetes|site (?:en |under )?maintenance|database error
            we ?(?:ll| will) be back (?:soon|shortly)|wordpress › erreur|wordpress › error
            seite nicht gefunden
            """
        ),
        ERROR,
    ),
    (
        compile_phrases(
            r"""
            welcome to nginx|apache2? .{0,20}default page.{0,20}|iis windows server|index of /.*
            account suspended|compte suspendu|.{0,60}(?:domain is|est) (?:for sale|a vendre)
            """
        ),
        PARKED,
    ),
)
"""Titles that no article has, however long the page."""

TITLES: Rules = (
    (
        compile_phrases(
            r"""
            un instant|captcha|verification de (?:votre|securite).*|security check.*
            verification que vous etes .{0,20}|vous avez ete bloquee?
            """
        ),
        CAPTCHA,
    ),
    (compile_phrases(r"""
        erreur|error|oops|oups|not found|introuvable|maintenance|en maintenance
        """), ERROR),
    (
        compile_phrases(
            r"""
            (?:log ?in|sign ?in|connexion|se connecter|identification|authentification).{0,25}
            identifiez vous|connectez vous|mon compte|my account
            """
        ),
        LOGIN,
    ),
    (
        compile_phrases(
            r"""
            (?:gestion|parametres|politique) (?:des|de) cookies|cookies?(?: consent)?
            consent(?:ement)?|(?:vos |gerer (?:vos|les) )?parametres de confidentialite
            (?:le respect de )?votre vie privee.{0,30}|your privacy.{0,20}|privacy settings
            before you continue.{0,30}|avant (?:de continuer|d acceder).{0,30}
            """
        ),
        CONSENT,
    ),
)  # fmt: skip
"""Titles that a short page in an article's place has."""

OWN_WORDS: tuple[re.Pattern[str], ...] = tuple(
    re.compile(phrase)
    for phrase in (
        r"\b(?:nous et nos|avec nos|nos) (?:\d[\d ]* )?partenaires\b|\bnos partenaires et nous\b",
        r"\b(?:we and our|our) (?:\d[\d ,]* )?(?:partners|vendors)\b",
        r"\bvotre (?:consentement|accord)\b|\byour consent\b",
        r"\bvos (?:choix|preferences)\b|\byour (?:choices|preferences)\b",
        r"\bvos donnees(?: personnelles)?\b|\byour (?:personal )?data\b",
        r"\b(?:tout|tous) (?:accepter|refuser)\b|\b(?:accept|reject) all\b|\bi accept\b",
        r"\bcontinuer sans accepter\b|\baccepter et continuer\b|\baccept and continue\b",
        r"\binterets? legitimes?\b|\blegitimate interests?\b",
        r"\bsur (?:votre|un) (?:appareil|terminal)\b|\bon (?:your|a) device\b",
        r"\bpublicites? personnalisees?\b|\bpersonali[sz]ed (?:ads|advertising|advertisements)\b",
        r"\bparametrer(?: les)? cookies\b|\bcookie settings\b|\bmanage (?:cookies|options)\b",
        r"\b(?:show|our) purposes\b|\bthe purposes (?:they|we) pursue\b|\bnos finalites\b",
    )
)
"""How a page asks its reader for consent; an article on cookies says little of it."""

TEXTS: Rules = (
    (
        compile_phrases(
            r"""
            verify(?:ing)? (?:that )?you are (?:a )?(?:human|not a robot)|i am not a robot
            checking (?:if the site connection|your browser)|unusual (?:traffic|activity) from
            enable javascript and cookies to continue|complete the captcha|resoudre le captcha
            je ne suis pas un robot|vous n etes pas un robot|vous etes (?:bien )?(?:un )?humain
            ray id|performance (?:and|&) security by cloudflare|incapsula incident
            review the security of your connection|verifier la securite de votre connexion
            (?:used cloudflare|security service) to (?:restrict access|protect itself)
            please enable js\b|disable any ad ?blocker|vitesse surhumaine|super human speed
            comportement d[eu] (?:votre |le )?navigateur|behaviou?r of (?:your|the) browser
            made us think (?:that )?you (?:were|are) a (?:ro)?bot|press (?:&|and) hold to confirm
            you re not a (?:ro)?bot|you are using automation tools|trafic inhabituel
            don t have permission to access|pas l autorisation d acceder|request blocked\b
            (?:access|acces) .{0,40}(?:limited by the site owner|limite par le proprietaire)
            verification de votre navigateur|security check to access|prouver que vous (?:n )?etes
            """
        ),
        CAPTCHA,
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
        CONSENT,
    ),
    (
        compile_phrases(
            r"""
            (?:mot de passe|password).{0,100}(?:oublie|forgot|connexion|log ?in|sign ?in)
            (?:log ?in|sign ?in|connectez vous).{0,100}(?:password|mot de passe)
            vous devez (?:etre|vous) connecte.{0,60}|you (?:must|need to) (?:be logged|log|sign) in
            (?:connectez vous|identifiez vous) (?:ou|pour)\b.{0,40}(?:compte|acceder|continuer)
            (?:log|sign) in (?:or|to)\b.{0,40}(?:account|view|access)
            """
        ),
        LOGIN,
    ),
    (
        compile_phrases(
            r"""
            (?:limite|quota|nombre) d articles (?:gratuits|offerts)
            limit of free (?:articles|stories)
            (?:create|register for) a free account to (?:continue|keep|read)
            creez (?:un|votre) compte (?:gratuit )?pour (?:continuer|lire|acceder)
            \d free articles? (?:left|remaining)|no free articles (?:left|remaining)
            """
        ),
        PAYWALL,
    ),
    (
        compile_phrases(
            r"""
            (?:page|article|document|address|adresse)[^.]{0,40}(?:not found|no longer exists?)
            (?:page|article|document|address|adresse)[^.]{0,40}(?:n existe (?:pas|plus)|introuvable)
            (?:page|article|document)[^.]{0,40}(?:could not be found|can t be found|does not exist)
            can(?:not| t) find the (?:page|article|document)|nothing was found at this
            rien n (?:ait|a) ete trouve|no longer available on (?:our|this)|a ete depubliee?
            (?:page|article|content|story)[^.]{0,20}(?:has been|was) (?:removed|withdrawn|deleted)
            (?:page|article|content|story)[^.]{0,20}is no longer available
            (?:page|article|contenu)[^.]{0,20}a ete (?:retiree?|supprimee?)
            (?:page|article|document|contenu)[^.]{0,20}n est plus (?:disponible|consultable)
            (?:page|article|document|contenu)[^.]{0,20}n est plus en ligne
            n est pas disponible dans votre (?:pays|region)|not available in your (?:country|region)
            unavailable (?:due to|for) legal reasons|european economic area.{0,60}access
            (?:erreur|error|http) (?:404|500|503)|internal server error
            service (?:is )?(?:temporarily )?unavailable|something went wrong
            service (?:est )?(?:momentanement |temporairement )indisponible
            une erreur (?:critique |inattendue )?est survenue|an? (?:unexpected|critical) error
            encountered an unexpected error|application error: a client side
            establishing a database connection|connexion a la base de donnees
            too many requests|trop de requetes|invalid or incomplete response
            (?:unavailable|down|closed) for (?:scheduled )?maintenance|actuellement en maintenance
            performing (?:some )?(?:scheduled )?maintenance|(?:site|service) en maintenance
            """
        ),
        ERROR,
    ),
    (
        compile_phrases(
            r"""
            (?:domain(?: name)?|domaine) (?:name )?(?:is|may be|est) (?:for sale|a vendre|parked)
            (?:domain(?: name)?) (?:has )?expired|domaine (?:a |est )expire|buy this domain
            acheter ce (?:nom de )?domaine|parked free|domaine (?:a bien ete cree|est parque)
            (?:nginx|apache) web server is successfully|this is the default (?:web )?page
            account has been suspended|compte .{0,20}a ete suspendu|site est en construction
            site is under construction
            """
        ),
        PARKED,
    ),
    (
        compile_phrases(
            r"""
            javascript (?:is|must be) (?:disabled|enabled|required)
            (?:(?:need|have) to|please) (?:enable|turn on|activate) javascript|activer javascript
            javascript (?:est|doit etre) (?:desactive|active|requis|necessaire)
            """
        ),
        SCRIPT,
    ),
)

CUT = compile_phrases(
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
