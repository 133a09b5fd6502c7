"""Pages that answer 200 and hold no article, all invented: name, what it is, markup.

The sites are under `.example`; the sentences say what such pages usually say, in our own words
where a phrase is not the mark of its kind.
"""


def page(title: str, *lines: str, head: str = "", heading: str = "") -> str:
    """Return a small page with these paragraphs."""
    shown = "".join(f"<p>{line}</p>" for line in lines)
    top = f"<h1>{heading}</h1>" if heading else ""
    return (
        f"<!doctype html><html><head><meta charset='utf-8'><title>{title}</title>{head}</head>"
        f"<body><main>{top}{shown}</main></body></html>"
    )


_PURPOSES_FR = [
    "Stocker et accéder à des informations sur un appareil : les cookies et identifiants de votre "
    "appareil peuvent être lus par nos partenaires, avec votre consentement.",
    "Publicité personnalisée : vos données personnelles servent à nos partenaires à choisir les "
    "annonces que vous voyez, et à mesurer combien de fois vous les voyez.",
    "Études d’audience : nos partenaires croisent vos données pour savoir qui lit quoi, avec votre "
    "consentement ou au nom de leur intérêt légitime.",
    "Données de géolocalisation précises : avec votre accord, votre position est connue de nos "
    "partenaires à moins de cinq cents mètres.",
    "Vous pouvez à tout moment modifier vos choix ou retirer votre consentement en bas de chaque "
    "page de notre site, à la rubrique des cookies.",
    "La liste de nos 731 partenaires, les finalités qu’ils poursuivent et la durée pendant "
    "laquelle ils gardent vos données sont données ici ; certains invoquent un intérêt légitime.",
]
_PURPOSES_EN = [
    "Store and access information on a device: cookies and device identifiers may be read by our "
    "partners with your consent.",
    "Personalised advertising: your personal data help our partners choose the advertisements you "
    "see and count how often you see them.",
    "Audience research: our partners combine your data to learn who reads what, with your consent "
    "or under their legitimate interest.",
    "Precise geolocation data: with your consent our partners know where you are to within five "
    "hundred metres.",
    "You can change your choices or withdraw your consent at any time through the cookie settings "
    "at the foot of each page of our site.",
    "The list of our 731 partners, the purposes they pursue and how long they keep your personal "
    "data can be read here; some rely on legitimate interest.",
]
_LATEST_FR = [
    f"Le conseil municipal de Vernelle vote le budget de la piscine, épisode {n} d’une affaire qui "
    "dure depuis l’hiver dernier et divise la majorité."
    for n in range(12)
]
_ARTICLE_HEAD = (
    "<meta property='og:type' content='article'>"
    "<meta property='article:published_time' content='2024-03-01T10:00:00+01:00'>"
)

WALLS: list[tuple[str, str, str]] = [
    # bot checks
    ("cloudflare en", "captcha", page(
        "Just a moment...", "Verify you are human by completing the action below.",
        "gazette.example needs to review the security of your connection before proceeding.",
        "Ray ID: 8a1b2c3d4e5f", heading="gazette.example")),
    ("cloudflare fr", "captcha", page(
        "Un instant…", "Vérification que vous êtes un humain. Cela peut prendre quelques secondes.",
        "gazette.example doit vérifier la sécurité de votre connexion avant de continuer.",
        heading="gazette.example")),
    ("cloudflare block", "captcha", page(
        "Attention Required! | Cloudflare", "You are unable to access gazette.example",
        "Why have I been blocked? This website is using a security service to protect itself "
        "from online attacks.", heading="Sorry, you have been blocked")),
    ("cloudflare 1020", "captcha", page(
        "Access denied | gazette.example used Cloudflare to restrict access",
        "Error code 1020. You do not have access to gazette.example. The site owner may have set "
        "restrictions that prevent you from accessing the site.", heading="Access denied")),
    ("datadome en", "captcha", page(
        "gazette.example", "Please enable JS and disable any ad blocker")),
    ("datadome fr", "captcha", page(
        "gazette.example", "Quelque chose dans le comportement du navigateur nous a intrigué.",
        "Diverses possibilités : vous surfez et cliquez à une vitesse surhumaine, ou quelque "
        "chose bloque le fonctionnement de JavaScript sur votre ordinateur.",
        heading="Vous avez été bloqué")),
    ("akamai", "captcha", page(
        "Access Denied", "You don't have permission to access "
        "\"http://gazette.example/politique/1\" on this server.", "Reference #18.2d3e4f.1700000",
        heading="Access Denied")),
    ("perimeterx", "captcha", page(
        "Access to this page has been denied.",
        "Access to this page has been denied because we believe you are using automation tools to "
        "browse the website.", "Press &amp; Hold to confirm you are a human (and not a bot).")),
    ("press and hold", "captcha", page(
        "Gazette", "Press &amp; Hold to confirm you are a human (and not a bot).",
        "Reference ID 1b2c-3d4e", heading="Before we continue...")),
    ("imperva", "captcha", page(
        "", "Request unsuccessful. Incapsula incident ID: 123000450067890-12345")),
    ("distil", "captcha", page(
        "Pardon Our Interruption", "As you were browsing something about your browser made us "
        "think you were a bot. There are a few reasons this might happen.",
        heading="Pardon Our Interruption...")),
    ("unusual traffic", "captcha", page(
        "Gazette - Are you a robot?", "We've detected unusual activity from your computer "
        "network. To continue, please click the box below to let us know you're not a robot.")),
    ("unusual traffic fr", "captcha", page(
        "Gazette", "Nous avons détecté un trafic inhabituel provenant de votre réseau.",
        "Pour continuer, confirmez que vous n’êtes pas un robot.")),
    ("captcha fr", "captcha", page(
        "Vérification de sécurité", "Merci de recopier les caractères de l’image pour prouver que "
        "vous n’êtes pas un robot.")),
    ("waf", "captcha", page(
        "ERROR: The request could not be satisfied", "Request blocked. We can't connect to the "
        "server for this app or website at this time.", heading="403 ERROR")),
    ("firewall", "captcha", page(
        "Gazette", "Your access to this service has been limited by the site owner. "
        "If you think you have been blocked in error, contact the owner of this site.")),
    ("forbidden fr", "captcha", page(
        "Accès refusé", "Vous n’avez pas l’autorisation d’accéder à cette page sur ce serveur.")),
    ("checking browser fr", "captcha", page(
        "Gazette", "Vérification de votre navigateur avant l’accès à gazette.example.",
        "Cette opération est automatique. Votre navigateur sera redirigé sous peu.")),
    # too many requests, wrong country
    ("rate limit en", "error", page(
        "Too Many Requests", "You have sent too many requests in a short time. Slow down.")),
    ("rate limit fr", "error", page(
        "Gazette", "Vous avez effectué trop de requêtes. Veuillez réessayer dans quelques "
        "minutes.", heading="Trop de requêtes")),
    ("wrong country en", "error", page(
        "451: Unavailable due to legal reasons", "We recognise that you are attempting to access "
        "this website from a country belonging to the European Economic Area, and therefore "
        "access cannot be granted at this time.")),
    ("wrong country fr", "error", page(
        "Gazette", "Ce contenu n’est pas disponible dans votre pays.")),
    # consent
    ("google fr", "consent", page(
        "Avant d’accéder au moteur", "Nous utilisons des cookies et d’autres données pour proposer "
        "nos services, suivre les interruptions et mesurer l’engagement des audiences.",
        "Si vous choisissez « Tout accepter », nous utiliserons aussi des cookies pour la "
        "publicité. Si vous choisissez « Tout refuser », non.", "Plus d’options")),
    ("google en", "consent", page(
        "Before you continue", "We use cookies and data to deliver and maintain our services.",
        "If you choose to \"Accept all\", we will also use cookies and data to personalise "
        "content and ads.", "Reject all", "Accept all", "More options")),
    ("didomi fr", "consent", page(
        "La Gazette", "Avec votre accord, nos 842 partenaires et nous utilisons des cookies ou "
        "technologies similaires pour stocker, consulter et traiter des données personnelles "
        "telles que votre visite sur ce site.", "Continuer sans accepter",
        "Paramétrer les cookies", "Tout accepter")),
    ("onetrust en", "consent", page(
        "The Gazette", "We value your privacy", "We and our 112 partners store and access "
        "personal data, like browsing data or unique identifiers, on your device.",
        "I Accept", "Show Purposes")),
    ("onetrust fr", "consent", page(
        "La Gazette", "Le respect de votre vie privée est notre priorité",
        "Nos partenaires et nous stockons et accédons à des informations sur un terminal et "
        "traitons des données personnelles.", "J’accepte", "Paramétrer")),
    ("sourcepoint long fr", "consent", page(
        "La Gazette", "Nous et nos 731 partenaires traitons vos données personnelles avec votre "
        "consentement.", *_PURPOSES_FR, "Tout accepter", "Tout refuser", "Enregistrer mes choix")),
    ("sourcepoint long en", "consent", page(
        "The Gazette", "We and our 731 partners process your personal data with your consent.",
        *_PURPOSES_EN, "Accept all", "Reject all", "Save my choices")),
    ("consent over an article's head", "consent", page(
        "Le budget de Vernelle - La Gazette", "Nous et nos 731 partenaires traitons vos données "
        "personnelles avec votre consentement.", *_PURPOSES_FR, "Tout accepter", "Tout refuser",
        head=_ARTICLE_HEAD)),
    ("cookie wall fr", "paywall", page(
        "La Gazette", "Pour lire gratuitement cet article, acceptez la publicité personnalisée et "
        "les cookies de nos partenaires, ou abonnez-vous pour lire sans publicité.",
        "Accepter et continuer", "S’abonner pour 2 € par mois")),
    ("accept or pay en", "consent", page(
        "The Gazette", "Read for free with advertising and cookies, or subscribe to read without "
        "tracking. By accepting you agree that our partners process your data.",
        "Accept and continue", "Subscribe")),
    ("portal fr", "consent", page(
        "Vos paramètres de confidentialité", "Ce portail fait partie d’une famille de marques. "
        "Lorsque vous utilisez nos sites, nous utilisons des cookies pour vous authentifier et "
        "mesurer votre utilisation.", "Tout accepter", "Tout refuser",
        "Gérer les paramètres de confidentialité")),
    # gone or never there
    ("soft 404 fr", "error", page(
        "Page introuvable - La Gazette", "Désolé, la page que vous recherchez est introuvable.")),
    ("soft 404 en", "error", page(
        "Page not found | The Gazette", "Sorry, we can't find the page you're looking for.")),
    ("soft 404 with the latest", "error", page(
        "Page introuvable | La Gazette", "La page demandée n’existe plus. À lire en ce moment :",
        *_LATEST_FR, heading="Erreur 404")),
    ("soft 404 wordpress fr", "error", page(
        "La Gazette", "Il semblerait que rien n’ait été trouvé à cet emplacement. Essayez peut-"
        "être une recherche ?", heading="Oups ! Cette page est introuvable.")),
    ("soft 404 wordpress en", "error", page(
        "The Gazette", "It looks like nothing was found at this location. Maybe try a search?",
        heading="Oops! That page can’t be found.")),
    ("database fr", "error", page(
        "Base de données", "Erreur lors de la connexion à la base de données")),
    ("database en", "error", page(
        "Database Error", "Error establishing a database connection")),
    ("critical fr", "error", page(
        "WordPress › Erreur", "Une erreur critique est survenue sur ce site.")),
    ("unexpected en", "error", page(
        "Error | The Gazette", "The website encountered an unexpected error. Please try again "
        "later.")),
    ("unavailable fr", "error", page(
        "Service indisponible", "Le service est momentanément indisponible. Merci de réessayer "
        "plus tard.")),
    ("gateway", "error", page(
        "502 Bad Gateway", "The server returned an invalid or incomplete response.")),
    ("maintenance fr", "error", page(
        "La Gazette", "Notre site est actuellement en maintenance. Nous serons de retour très "
        "bientôt, merci de votre patience.", heading="Site en maintenance")),
    ("maintenance en", "error", page(
        "Maintenance", "Briefly unavailable for scheduled maintenance. Check back in a minute.")),
    ("back soon", "error", page(
        "We'll be back soon!", "Sorry for the inconvenience. We are performing some maintenance "
        "at the moment.")),
    # log in, subscribe
    ("login fr", "login", page(
        "Connexion - La Gazette", "Adresse électronique", "Mot de passe", "Se souvenir de moi",
        "Mot de passe oublié ?")),
    ("login en", "login", page(
        "Sign in to your account", "Email address", "Password", "Forgot your password?",
        "Remember me")),
    ("login needed fr", "login", page(
        "La Gazette", "Vous devez être connecté pour accéder à ce contenu. Connectez-vous ou créez "
        "un compte gratuit.")),
    ("login needed en", "login", page(
        "The Gazette", "You must be logged in to view this page. Log in or create a free "
        "account.")),
    ("subscribe fr", "paywall", page(
        "Le budget de Vernelle", "Le conseil a voté jeudi soir.", "Cet article est réservé aux "
        "abonnés.", "Abonnez-vous pour lire la suite.")),
    ("subscribe en", "paywall", page(
        "The budget of Vernelle", "The council voted on Thursday night.",
        "Subscribe to continue reading", "Already a subscriber? Log in")),
    ("meter en", "paywall", page(
        "The Gazette", "You've reached your limit of free articles.", "Subscribe for full "
        "access.")),
    ("meter fr", "paywall", page(
        "La Gazette", "Vous avez atteint votre limite d’articles gratuits ce mois-ci.",
        "Abonnez-vous pour un accès illimité.")),
    ("register en", "paywall", page(
        "The Gazette", "Create a free account to continue reading this article.")),
    # nothing behind the page
    ("script shell en", "script", page(
        "Gazette", "You need to enable JavaScript to run this app.")),
    ("script shell fr", "script", page(
        "Gazette", "Veuillez activer JavaScript dans votre navigateur pour afficher ce site.")),
    ("parked en", "parked", page(
        "gazette.example", "This domain is for sale. Buy this domain now.",
        "Related searches: mortgage, hotels, dating")),
    ("parked fr", "parked", page(
        "gazette.example", "Ce nom de domaine est à vendre. Faites une offre.")),
    ("expired", "parked", page(
        "gazette.example", "This domain has expired. If you are the owner, renew it with your "
        "registrar.")),
    ("hosting fr", "parked", page(
        "Félicitations !", "Votre nom de domaine a bien été créé. Le site est en construction.")),
    ("default server", "parked", page(
        "Welcome to nginx!", "If you see this page, the nginx web server is successfully "
        "installed and working. Further configuration is required.")),
    ("suspended", "parked", page(
        "Account Suspended", "This account has been suspended. Contact your hosting provider for "
        "more information.")),
]  # fmt: skip
