import json

import pytest
from lxml.html import document_fromstring

from crawler.authors import choose_authors, clean_authors
from crawler.declared import read_declared
from model.source import Entry

URL = "https://www.courrier.example/societe/article"
NAMES = ("Le Courrier", "courrier.example", "courrier")


def authors_of(head: str = "", body: str = "", entry: Entry | None = None) -> tuple[str, ...]:
    text = "<p>The bridge is closed since Monday.</p>"
    tree = document_fromstring(f"<html><head>{head}</head><body>{body}{text}</body></html>")
    return choose_authors(tree, read_declared(tree, URL), entry, NAMES)


def ld(author: object) -> str:
    node = {"@type": "NewsArticle", "author": author}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def meta(name: str, content: str) -> str:
    return f'<meta name="{name}" content="{content}">'


def person(name: str) -> dict[str, str]:
    return {"@type": "Person", "name": name}


def company(name: str) -> dict[str, str]:
    return {"@type": "Organization", "name": name}


BYLINE = "<h1>Title</h1><p class='byline'>Par Jeanne Dupont</p>"
LABELS = meta("twitter:label1", "Écrit par") + meta("twitter:data1", "Jeanne Dupont")


@pytest.mark.parametrize(
    ("head", "body", "names"),
    [
        (ld(person("Jeanne Dupont")), "", ("Jeanne Dupont",)),
        (ld([person("Jeanne Dupont"), company("SDA")]), "", ("Jeanne Dupont", "SDA")),
        (ld([person("Jeanne Dupont"), person("Pôle Sciences")]), "",
         ("Jeanne Dupont", "Pôle Sciences")),
        (ld([person("Jeanne Dupont"), company("Le Courrier")]), "", ("Jeanne Dupont",)),
        (ld(company("Le Courrier")), BYLINE, ("Jeanne Dupont",)),
        (ld(company("Le Courrier")), "", ("Le Courrier",)),
        (ld(person("Le Courrier et AFP")), "", ("Le Courrier et AFP",)),
        (ld(person("La rédaction avec AFP")), "", ("La rédaction avec AFP",)),
        (ld(person("La Rédaction")), "", ("La Rédaction",)),
        (ld(person("webadmin")), "", ()),
        (ld(person("https://courrier.example/jeanne")), "", ()),
        (meta("author", "Le Courrier"), BYLINE, ("Jeanne Dupont",)),
        (meta("author", "Le Courrier"), "", ("Le Courrier",)),
        (meta("author", "redaction@courrier.example"), "", ()),
        (LABELS, "", ("Jeanne Dupont",)),
        ("", BYLINE, ("Jeanne Dupont",)),
        ("", "<p class='byline'>Source : AFP</p>", ()),
        ("", "<p itemprop='author'>jd;mc</p>", ("jd", "mc")),
        ("", "<h1>Title</h1><div>Par Jeanne Dupont</div>", ("Jeanne Dupont",)),
    ],
    ids=[
        "person", "person and agency", "person and desk", "person and the site",
        "the byline before the site", "the site alone", "the site with an agency",
        "the newsroom with an agency", "the newsroom alone", "an account", "an address",
        "the byline before the meta element", "the site in a meta element", "a mailbox",
        "labelled for social networks", "byline", "a source signs nothing", "initials",
        "below the heading",
    ],
)  # fmt: skip
def test_a_page_is_signed_by_people_first_and_else_by_its_newsroom(head, body, names):
    assert authors_of(head, body) == names


def test_the_first_of_many_bylines_is_the_pages():
    own = "<div class='authors'>Société <span class='author'>par Jeanne Dupont</span> 5 min</div>"
    cards = "".join(f"<p class='author'>Par Auteur Numéro{n}</p>" for n in "ABCDEF")
    assert authors_of("", f"<h1>Title</h1>{own}{cards}") == ("Jeanne Dupont",)


def test_the_feed_signs_a_page_that_does_not():
    entry = Entry(source_url="https://courrier.example/f", key="1", url=URL, authors=("Pôle",))
    assert authors_of(entry=entry) == ("Pôle",)
    assert authors_of(meta("author", "Jeanne Dupont"), entry=entry) == ("Jeanne Dupont",)


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("Propos recueillis par Anne Le Gall", ("Anne Le Gall",)),
        ("Par Jeanne Dupont (à Bruxelles)", ("Jeanne Dupont",)),
        ("Par Jeanne Dupont, envoyée spéciale à Kiev", ("Jeanne Dupont",)),
        ("Jeanne Dupont et Marie Curie (avec AFP)", ("Jeanne Dupont", "Marie Curie")),
        ("Par Jeanne Dupont avec AFP", ("Jeanne Dupont", "AFP")),
        ("Jeanne Dupont - Journaliste", ("Jeanne Dupont",)),
        ("Par Jeanne Dupont Publié le 3 mars 2024 à 10h00", ("Jeanne Dupont",)),
        ("Jeanne Dupont Le Courrier", ("Jeanne Dupont",)),
        ("Jeanne Dupont Jeanne Dupont", ("Jeanne Dupont",)),
        ("JEANNE DUPONT Associated Press", ("Jeanne Dupont", "Associated Press")),
        ("The Associated Press", ("The Associated Press",)),
        ("Jeanne Dupont. Courrier International", ("Jeanne Dupont",)),
        ("Franck d'Orval", ("Franck d'Orval",)),
        ("Nicolas Gutierrez C.", ("Nicolas Gutierrez C.",)),
        ("J. K. Moreau", ("J. K. Moreau",)),
    ],
    ids=[
        "interview", "place", "role and place", "agency in brackets", "agency", "role", "date",
        "the site after", "twice", "agency after", "agency alone", "another paper of the house",
        "elided particle", "initial last", "initials first",
    ],
)  # fmt: skip
def test_a_signature_is_cut_down_to_its_names(written, names):
    assert clean_authors([written], NAMES) == names
