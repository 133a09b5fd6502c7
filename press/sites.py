"""The invented publishers: who they are, what they offer, how their servers behave.

Facts only: what a site shows at a time is `editions`, how it looks is in `templates`.
"""

from enum import StrEnum
from typing import Literal

import msgspec

from model.source import Source, SourceKind


class Offer(StrEnum):
    """How a site announces what it publishes."""

    RSS = "rss"
    ATOM = "atom"
    RDF = "rdf"
    JSON_FEED = "json"
    SITEMAP = "sitemap"
    PAGE = "page"
    DOCUMENT = "document"


KINDS = {
    Offer.SITEMAP: SourceKind.SITEMAP,
    Offer.PAGE: SourceKind.PAGE,
    Offer.DOCUMENT: SourceKind.DOCUMENT,
}

MEDIA_TYPES = {
    Offer.RSS: "application/rss+xml",
    Offer.ATOM: "application/atom+xml",
    Offer.RDF: "application/rdf+xml",
    Offer.JSON_FEED: "application/feed+json",
    Offer.SITEMAP: "application/xml",
}


EVERY_SECTION = frozenset({"*"})


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """One publisher.

    `offer_path` is where its source is read. `full_sections` are those whose whole text the feed
    carries. `link_suffix` is what its feed appends to every link. `names_charset` says whether
    its HTTP headers tell the encoding, and `has_validators` whether its pages carry ETag and
    Last-Modified (its source always does). `gone_status` answers for what was taken down.
    """

    host: str
    name: str
    motto: str
    lang: Literal["fr", "en"]
    offer: Offer
    offer_path: str
    full_sections: frozenset[str] = frozenset()
    link_suffix: str = ""
    encoding: str = "utf-8"
    names_charset: bool = True
    has_validators: bool = True
    gone_status: Literal[404, 410] = 404
    is_slow: bool = False
    is_down: bool = False

    @property
    def folder(self) -> str:
        """Return the name of its templates and of its articles' folder."""
        return self.host.removesuffix(".example")

    @property
    def about_path(self) -> str:
        """Return the address of the page that says who writes it."""
        return "/a-propos" if self.lang == "fr" else "/about"

    def carries_whole(self, section: str) -> bool:
        """Return whether its feed carries the whole text of articles of a section."""
        return self.full_sections == EVERY_SECTION or section in self.full_sections

    @property
    def source(self) -> Source:
        """Return what a reader of this site puts in the configuration."""
        return Source(
            url=f"http://{self.host}{self.offer_path}",
            name=self.name,
            kind=KINDS.get(self.offer, SourceKind.FEED),
            lang=self.lang,
        )


SITES = (
    Site(
        host="courrier-national.example",
        name="Le Courrier national",
        motto="Le quotidien du matin et du soir",
        lang="fr",
        offer=Offer.RSS,
        offer_path="/rss/une.xml",
    ),
    Site(
        host="hemicycle.example",
        name="L'Hémicycle",
        motto="La fabrique de la loi, pas à pas",
        lang="fr",
        offer=Offer.ATOM,
        offer_path="/flux.atom",
        has_validators=False,
    ),
    Site(
        host="pixel-libre.example",
        name="Pixel libre",
        motto="Le numérique, capot ouvert",
        lang="fr",
        offer=Offer.JSON_FEED,
        offer_path="/feed.json",
    ),
    Site(
        host="agence-meridienne.example",
        name="Agence Méridienne",
        motto="Dépêches",
        lang="fr",
        offer=Offer.RSS,
        offer_path="/fil.rss",
        full_sections=EVERY_SECTION,
    ),
    Site(
        host="littoral-ouest.example",
        name="Littoral Ouest",
        motto="Le journal des ports et des plages",
        lang="fr",
        offer=Offer.RSS,
        offer_path="/feed/",
    ),
    Site(
        host="quotidien-du-nord.example",
        name="Le Quotidien du Nord",
        motto="Chaque jour, près de chez vous",
        lang="fr",
        offer=Offer.SITEMAP,
        offer_path="/sitemap-news.xml",
        has_validators=False,
    ),
    Site(
        host="observatoire-libertes.example",
        name="Observatoire des libertés",
        motto="Association indépendante",
        lang="fr",
        offer=Offer.PAGE,
        offer_path="/communiques/",
    ),
    Site(
        host="recueil-decisions.example",
        name="Recueil des décisions",
        motto="Notes de jurisprudence",
        lang="fr",
        offer=Offer.DOCUMENT,
        offer_path="/pdf/2023-12-21-489990.pdf",
    ),
    Site(
        host="channel-dispatch.example",
        name="The Channel Dispatch",
        motto="News from both sides of the water",
        lang="en",
        offer=Offer.RSS,
        offer_path="/rss",
        full_sections=frozenset({"Regions", "Britain", "People", "Practical"}),
    ),
    Site(
        host="biometry-today.example",
        name="Biometry Today",
        motto="The trade monthly of measured people",
        lang="en",
        offer=Offer.ATOM,
        offer_path="/atom.xml",
    ),
    Site(
        host="privacy-ledger.example",
        name="The Privacy Ledger",
        motto="Accounts kept on those who keep accounts on you",
        lang="en",
        offer=Offer.RDF,
        offer_path="/index.rdf",
        is_slow=True,
    ),
    Site(
        host="matin-express.example",
        name="Matin Express",
        motto="Toute l'actu en dix minutes",
        lang="fr",
        offer=Offer.RSS,
        offer_path="/rss.php",
        link_suffix="?utm_source=rss&utm_medium=feed",
        encoding="windows-1252",
        names_charset=False,
        gone_status=410,
    ),
    Site(
        host="echo-des-villes.example",
        name="L'Écho des villes",
        motto="",
        lang="fr",
        offer=Offer.RSS,
        offer_path="/feed.xml",
        is_down=True,
    ),
)

SOURCES = tuple(site.source for site in SITES)
