"""A watched page: which of its links are articles."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.errors import CrawlError
from model.source import Listing, SourceKind
from tests.crawler.reading_feeds import listing_of

URL = "https://www.agency.example/fr/actualites"

PAGE = """<!doctype html><html lang="fr-FR"><head><title>Actualités | Agence</title></head><body>
<a class="skip-link" href="/fr/aller-au-contenu-principal">Aller au contenu principal</a>
<header><nav><a href="/fr/nos-missions-et-pouvoirs">Nos missions et nos pouvoirs de contrôle</a>
</nav></header>
<div class="breadcrumb"><a href="/fr/accueil-du-site">Retour à l'accueil du site web</a></div>
<main>
  <article><time datetime="2023-11-15T09:00:00+01:00">15 nov.</time>
    <h2><a href="/fr/controle-logiciel-police">Contrôle d'un logiciel de la police</a></h2>
    <p>Un chapeau. <a href="/fr/controle-logiciel-police#suite">Lire la suite</a></p></article>
  <li><a href="../fr/mise-en-demeure-ministere"><h3>Mise en demeure du ministère</h3>
    <p>Un long chapeau qui n'est pas le titre</p></a></li>
  <li><h3>La décision complète en annexe</h3><a href="/doc/decision.pdf">Télécharger (PDF)</a></li>
  <p><a href="/node/48213">Une délibération publiée aujourd'hui</a></p>
  <a href="https://elsewhere.example/un-article-ailleurs">Un article publié sur un autre site</a>
  <a href="/fr/tags/police-et-justice">Tous les articles sur la police et la justice</a>
  <a href="?page=2">2</a> <a href="#haut">Remonter en haut de cette page</a>
  <a href="mailto:presse@agency.example">Écrire au service de presse de l'agence</a>
  <a href="/img/photo-du-batiment.jpg">Voir une photographie du bâtiment en grand</a>
</main>
<footer><a href="/fr/donnees-personnelles-du-site">Les données personnelles de ce site</a></footer>
</body></html>"""


def links_of(body: str | bytes) -> Listing:
    return listing_of(body, "text/html; charset=utf-8", kind=SourceKind.PAGE, url=URL)


def test_articles_and_documents_are_listed_and_furniture_is_not() -> None:
    listing = links_of(PAGE)
    assert (listing.title, listing.lang) == ("Actualités | Agence", "fr")
    assert [(entry.url, entry.title) for entry in listing.entries] == [
        ("https://www.agency.example/fr/controle-logiciel-police",
         "Contrôle d'un logiciel de la police"),
        ("https://www.agency.example/fr/mise-en-demeure-ministere", "Mise en demeure du ministère"),
        ("https://www.agency.example/doc/decision.pdf", "La décision complète en annexe"),
        ("https://www.agency.example/node/48213", "Une délibération publiée aujourd'hui"),
    ]  # fmt: skip


def test_the_date_beside_a_link_is_its_date() -> None:
    first = links_of(PAGE).entries[0]
    assert first.published_at == datetime(2023, 11, 15, 8, 0, tzinfo=UTC)
    assert links_of(PAGE).entries[3].published_at is None


def test_links_are_taken_from_the_base_that_a_page_declares() -> None:
    page = (
        '<base href="https://www.agency.example/archives/">'
        '<a href="un-article-ancien">Un article des archives</a>'
    )
    assert links_of(page).entries[0].url == "https://www.agency.example/archives/un-article-ancien"


@pytest.mark.parametrize(
    "body",
    ["", "   ", "mots", "<html><body><nav><a href='/un-menu-du-site'>Un menu</a></nav></body>"],
    ids=["empty", "blank", "words", "menu alone"],
)
def test_a_page_without_articles_is_said_to_have_none(body: str) -> None:
    with pytest.raises(CrawlError) as caught:
        links_of(body)
    assert caught.value.state == "not_a_feed"


@pytest.mark.parametrize(
    "flood",
    ["<div>" * 20_000, "<a href=/x>x</a>" * 20_000, "<p " + "a=1 " * 50_000 + ">", "x" * 2_000_000],
    ids=["deep", "many links", "many attributes", "one long line"],
)
def test_a_flood_behind_an_article_does_not_hide_it(flood: str) -> None:
    link = '<p><a href="/fr/un-article-en-tete">Un article bien visible</a></p>'
    assert [entry.title for entry in links_of(link + flood).entries] == ["Un article bien visible"]


@given(st.binary(max_size=200))
def test_any_bytes_give_a_listing_or_our_own_error(tail: bytes) -> None:
    try:
        links_of(b"<a href='/un-article-de-test'>Un article de test</a>" + tail)
    except CrawlError as error:
        assert error.state == "not_a_feed"
