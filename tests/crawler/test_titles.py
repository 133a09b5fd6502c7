import json

import pytest
from lxml.html import document_fromstring

from crawler.declared import read_declared
from crawler.titles import choose_title
from model.source import Entry

URL = "https://www.courrier.example/societe/article"
NAMES = ("Le Courrier", "courrier.example", "courrier")
BRIDGE = "Le vieux pont ferme après dix ans de débats"
SOCIAL = "On a marché sur le pont une dernière fois"


def title_of(head: str = "", body: str = "", entry: Entry | None = None) -> str:
    tree = document_fromstring(f"<html><head>{head}</head><body>{body}<p>Text.</p></body></html>")
    return choose_title(read_declared(tree, URL), entry, NAMES)


def og(title: str) -> str:
    return f'<meta property="og:title" content="{title}">'


def ld(**fields: object) -> str:
    node = {"@type": "NewsArticle", **fields}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        (og(BRIDGE), f"<h1>{SOCIAL}</h1>", BRIDGE),
        (ld(headline=BRIDGE), f"<h1>{SOCIAL}</h1>", BRIDGE),
        (og(SOCIAL) + ld(headline=BRIDGE), f"<h1>{BRIDGE}</h1>", SOCIAL),
        (
            f"<title>{BRIDGE} | Le Courrier</title>" + og(f"{SOCIAL} | Le Courrier")
            + ld(headline=BRIDGE),
            f"<h1>{BRIDGE}</h1>",
            BRIDGE,
        ),
        (og(SOCIAL) + ld(headline=BRIDGE, alternativeHeadline=SOCIAL), f"<h1>{BRIDGE}</h1>",
         BRIDGE),
        (f"<title>{BRIDGE}</title>", "<h1><a href='/'>Le fil du jour</a></h1>", BRIDGE),
        (f"<title>{BRIDGE}</title>", "<h1>Le Courrier</h1>", BRIDGE),
        (f"<title>{BRIDGE}</title>", f"<h1>Connexion</h1><h1>{BRIDGE}</h1>", BRIDGE),
        ("", f"<h1>{BRIDGE}</h1>", BRIDGE),
        ("<title>Accueil</title>", f"<h2>{BRIDGE}</h2>", BRIDGE),
        ("<title>Accueil</title>", "", "Accueil"),
        ("", "", ""),
    ],
    ids=[
        "og before the heading", "json-ld before the heading", "og before json-ld",
        "og that is a page title", "og that is the other headline", "the heading is a logo",
        "the heading is the site's name", "a heading of the form", "nothing but a heading",
        "a lesser heading", "nothing but a generic title", "nothing",
    ],
)  # fmt: skip
def test_the_title_is_the_headline_the_page_states(head, body, title):
    assert title_of(head, body) == title


def test_the_feed_tips_the_scale_between_two_headlines():
    entry = Entry(source_url="https://courrier.example/feed", key="1", url=URL, title=BRIDGE)
    head = f"<title>{BRIDGE}</title>" + og(SOCIAL) + ld(headline=BRIDGE)
    assert title_of(head, f"<h1>{BRIDGE}</h1>") == SOCIAL
    assert title_of(head, f"<h1>{BRIDGE}</h1>", entry) == BRIDGE


@pytest.mark.parametrize(
    ("written", "title"),
    [
        (f"{BRIDGE} | Le Courrier", BRIDGE),
        (f"{BRIDGE} - Le Courrier - Société", BRIDGE),
        (f"{BRIDGE} – courrier.example", BRIDGE),
        (f"Le Courrier | {BRIDGE}", BRIDGE),
        (f"{BRIDGE}, Le Courrier", BRIDGE),
        ("Ponts : le pire - et le meilleur", "Ponts : le pire - et le meilleur"),
        ("Ce que dit le pont - Courriériste", "Ce que dit le pont - Courriériste"),
        ("Le Courrier fête ses cent ans", "Le Courrier fête ses cent ans"),
    ],
    ids=[
        "name", "name and section", "host", "name first", "after a comma", "dash of its own",
        "word that begins like the name", "the site in the headline",
    ],
)  # fmt: skip
def test_the_sites_name_and_section_are_no_part_of_a_title(written, title):
    assert title_of(og(written)) == title


def test_a_section_that_only_some_declarations_add_is_left_out():
    head = f"<title>{BRIDGE} | Société</title>" + og(f"{BRIDGE} - Société")
    assert title_of(head, f"<h1>{BRIDGE}</h1>") == BRIDGE


@pytest.mark.parametrize(
    "head",
    [ld(articleSection=["Société", "Ponts"]), '<meta name="parsely-section" content="Société">'],
    ids=["in JSON-LD", "in a meta element"],
)
def test_the_section_a_page_says_it_stands_in_is_no_part_of_its_title(head):
    assert title_of(head + og(f"{BRIDGE} - Société - Le Courrier")) == BRIDGE
    assert title_of(head + og("La France - Société du spectacle")) == (
        "La France - Société du spectacle"
    )


def test_what_the_headline_itself_keeps_after_a_dash_is_no_section():
    whole = f"{BRIDGE} - ce qui change"
    head = og(whole) + ld(headline=whole)
    assert title_of(head, f"<h1>{BRIDGE}</h1>") == whole


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("L&amp;#039;art du pont", "L'art du pont"),
        ("Le\u200b vieux pont\u00ad ferme\ufeff", "Le vieux pont ferme"),
        ("«\u00a0Le pont est mort\u00a0»\u202f: la mairie se tait",
         "«\u00a0Le pont est mort\u00a0»\u202f: la mairie se tait"),
        ("  Le pont\n\t ferme ", "Le pont ferme"),
        ("Le pont &lt;em&gt;ferme&lt;/em&gt;", "Le pont ferme"),
    ],
    ids=["escaped twice", "no shape", "no-break spaces stay", "blanks", "markup"],
)  # fmt: skip
def test_a_title_is_clean_and_keeps_the_spaces_it_is_printed_with(written, title):
    assert title_of(og(written)) == title


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        (og("Le maire : le pont est un danger, dit ") + "<title>Le maire : le pont est un danger,"
         ' dit "le rapport"</title>', "", 'Le maire : le pont est un danger, dit "le rapport"'),
        (og(f"{BRIDGE[:30]}…"), f"<h1>{BRIDGE}</h1>", BRIDGE),
        (ld(headline=(BRIDGE * 3)[:110]), f"<h1>{BRIDGE * 3}</h1>", BRIDGE * 3),
        (og(BRIDGE[:19]), f"<h1>{BRIDGE}</h1>", BRIDGE[:19]),
    ],
    ids=["at a stray quote", "with an ellipsis", "at 110 characters", "shorter, not cut"],
)  # fmt: skip
def test_a_title_that_was_cut_is_completed(head, body, title):
    assert title_of(head, body) == title


SPAN = "<h1><span>{}</span><span> - </span><span>{}</span></h1>"


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        (og(f"Travaux : {BRIDGE}"), SPAN.format("Patrimoine", BRIDGE), BRIDGE),
        (og(f"Travaux : {BRIDGE}"), SPAN.format("Travaux", BRIDGE), f"Travaux : {BRIDGE}"),
        ("", f"<h1>Le pont<br>ferme</h1>{'<p>x</p>'}", "Le pont ferme"),
        ("", "<h1><span>Patrimoine</span><span>Le pont ferme</span></h1>",
         "Patrimoine Le pont ferme"),
        ("", "<h1><span>L</span>e pont <em>fer</em>me</h1>", "Le pont ferme"),
    ],
    ids=["two kickers", "the same kicker", "two lines", "touching lines", "one word in pieces"],
)  # fmt: skip
def test_the_lines_of_a_heading_are_told_apart(head, body, title):
    assert title_of(head, body) == title


def test_a_title_is_spelt_as_most_statements_spell_it():
    head = og("L'art du pont") + ld(headline="L’art du pont")
    assert title_of(head, "<h1>L’art du pont</h1>") == "L’art du pont"
