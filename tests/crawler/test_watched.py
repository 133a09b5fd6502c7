"""A watched page: which of its links are articles."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.listing import list_entries
from crawler.watched import reading_selectors
from model.errors import CrawlError
from model.source import Entry, Listing, Selectors, Source, SourceKind, Watch
from tests.crawler.reading_feeds import listing_of, respond

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


CHOSEN = """<html lang="fr"><title>Décisions</title><body>
<main class="a"><p>Ailleurs <a href="/fr/un-article-hors-du-choix">Un article hors du choix</a></p>
<nav class="rulings"><a href="/d/1">Arrêt 1</a> <a href="https://elsewhere.example/2">Avis</a>
<a href="#haut">Haut</a><a href="/d/vide"></a><a href="/fr/tags/x">Un mot</a></nav></main>"""


def watched(body: str, **fields: Any) -> Listing:
    source = Source(url=URL, kind=SourceKind.PAGE, **fields)
    return list_entries(source, respond(body, "text/html; charset=utf-8", url=URL))


def test_of_a_part_that_a_selector_chose_every_link_counts() -> None:
    listing = watched(CHOSEN, selector="main .rulings")
    assert [(entry.url, entry.title) for entry in listing.entries] == [
        ("https://www.agency.example/d/1", "Arrêt 1"),
        ("https://elsewhere.example/2", "Avis"),
        ("https://www.agency.example/fr/tags/x", "Un mot"),
    ]


@pytest.mark.parametrize("watch", Watch)
def test_a_selector_that_matches_nothing_any_more_is_said_and_removes_nothing(
    watch: Watch,
) -> None:
    with pytest.raises(CrawlError) as caught:
        watched(CHOSEN, selector="#gone a", watch=watch)
    assert caught.value.state == "not_a_feed"
    assert "the selector `#gone a` matches nothing on the page any more: " in caught.value.reason
    with pytest.raises(CrawlError, match="nothing on the page: look at the page"):
        watched(CHOSEN, selector="#gone a", watch=watch, checked=False)


def test_a_selector_that_cannot_be_read_is_our_own_error() -> None:
    with pytest.raises(CrawlError, match="no CSS selector"):
        watched(CHOSEN, selector="a[")


TEXT = """<html><title>Avis</title><body><p>Vu {views} fois</p><div id="part" data-nonce="{views}">
<h2 class="{views}">Avis</h2><p>{words}</p><script>count({views})</script></div></body></html>"""


def part_of(words: str, views: int) -> Entry:
    page = TEXT.format(words=words, views=views)
    (entry,) = watched(page, selector="#part", watch=Watch.TEXT, name="La cour").entries
    return entry


def test_a_page_watched_for_its_text_is_one_entry_that_changes_with_that_part_alone() -> None:
    first, recounted, edited = part_of("Rien", 1), part_of("Rien", 2), part_of("Deux mots", 1)
    assert (first.key, first.url, first.title) == (URL, URL, "La cour")
    assert "Rien" in first.html
    assert "count" not in first.html
    assert first == recounted
    assert (edited.key, edited.url) == (first.key, first.url)
    assert edited.html != first.html


def test_without_a_selector_the_text_of_the_page_is_watched_without_its_menus() -> None:
    (entry,) = watched(PAGE, watch=Watch.TEXT).entries
    assert "Un long chapeau" in entry.html
    assert "données personnelles" not in entry.html


def test_a_part_without_text_is_no_entry() -> None:
    with pytest.raises(CrawlError, match="holds no text"):
        watched("<div id='part'> <img src='x'></div>", selector="#part", watch=Watch.TEXT)


@pytest.mark.parametrize(
    ("source", "body"),
    [
        (Source(url=URL, watch=Watch.TEXT, selector="main"), "main"),
        (Source(url=URL, watch=Watch.TEXT, selector="main", article=Selectors(body="p")), "p"),
        (Source(url=URL, selector="main"), ""),
    ],
    ids=["a watched text", "with a body of its own", "links"],
)
def test_the_page_of_a_watched_text_is_read_in_the_part_that_is_watched(
    source: Source, body: str
) -> None:
    assert reading_selectors(source).body == body


def test_a_document_says_something_new_when_its_bytes_change() -> None:
    def entry_of(body: bytes) -> Entry:
        (entry,) = listing_of(body, kind=SourceKind.DOCUMENT, url=URL).entries
        return entry

    first, second = entry_of(b"%PDF-1.7 a"), entry_of(b"%PDF-1.7 b")
    assert first == entry_of(b"%PDF-1.7 a")
    assert first != second
    assert (first.key, first.url) == (second.key, second.url)


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
