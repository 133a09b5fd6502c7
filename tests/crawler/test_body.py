"""The text of an article is whole, its standfirst included, and nothing else's."""

from pathlib import Path

import pytest

from bench.extraction import measure_vigie, missing_sets
from crawler.body_blocks import Blocks, spoken
from crawler.reading import read_html
from crawler.trees import parse_tree

URL = "https://www.gazette.example/societe/pont"
SHARED = Path(__file__).resolve().parents[2].parent / "shared"
PARAGRAPHS = tuple(
    f"Au point {number} de la séance, le conseil a longuement parlé du vieux pont, de son coût et "
    f"des détours que sa fermeture impose aux habitants des deux rives pendant {number + 2} mois."
    for number in range(8)
)
BODY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
LEAD = "Après dix ans de débats, la commune tranche et ferme son pont aux voitures"


def page(*, head="", above="", before="", inside="", after=""):
    first, rest = BODY.split("</p>", 1)
    return (
        f"<html lang='fr'><head><title>Le pont ferme</title>{head}</head><body><main>"
        f"<header><h1>Le pont ferme</h1>{above}</header><div class='texte'>{before}{first}</p>"
        f"{inside}{rest}</div>{after}</main></body></html>"
    )


def ended(line):
    """Return the lines of a page whose text ends with one more paragraph."""
    html = page().replace("</div></main>", f"<p>{line}</p></div></main>")
    return read_html(html, URL).text.split("\n")


def lines(**parts):
    return read_html(page(**parts), URL).text.split("\n")


@pytest.mark.parametrize(
    ("head", "above"),
    [
        (f"<meta name='description' content='{LEAD}'>", f"<div class='a1'><div>{LEAD}</div></div>"),
        (f"<meta property='og:description' content='{LEAD[:40]}'>", f"<h2>{LEAD}</h2>"),
        ("", f"<div class='article-chapo'>{LEAD}</div>"),
        ("", f"<h2 class='stand-first'>{LEAD}</h2>"),
        ("", f"<x-lead class='excerpt'>{LEAD}</x-lead>"),
    ],
    ids=["declared", "declared in part", "named", "named heading", "in an element of its own"],
)
def test_the_standfirst_opens_the_text(head, above):
    assert lines(head=head, above=above) == [LEAD, *PARAGRAPHS]


@pytest.mark.parametrize(
    "above",
    [
        "<div class='intro'><h2>Le pont ferme</h2></div>",
        f"<div class='intro'><img src='/p.jpg'>{LEAD}</div>",
        f"<div class='caption intro'>{LEAD}</div>",
        f"<div class='intro'>{LEAD}…</div>",
        f"<div class='intro'>{PARAGRAPHS[3]}</div>",
        "<div class='intro'>Inscrivez-vous gratuitement à notre newsletter du matin</div>",
        f"<ul class='intro'><li>{LEAD}</li></ul>",
    ],
    ids=["the title", "a picture", "a caption", "cut short", "said below", "newsletter", "a list"],
)
def test_what_stands_there_but_is_no_standfirst_stays_out(above):
    assert lines(above=above) == list(PARAGRAPHS)


@pytest.mark.parametrize(
    "box",
    [
        "<div class='fact-box'><h3>Repères</h3><p>Le pont de 1902 a six arches.</p></div>",
        "<a href='/b'><div><p>Un autre pont ferme aussi, plus loin sur le canal.</p></div></a>",
        "<ul><li>Pont : <a href='/b'>un autre pont ferme aussi.</a></li>"
        "<li>Canal : <a href='/c'>les écluses ferment toutes.</a></li></ul>",
        "<p>Ce contenu est hébergé ailleurs. Pour afficher ce contenu, acceptez les cookies.</p>",
        "<p>Lire aussi Anne Dupont, « Les ponts du canal », La Gazette, juin 2018.</p>",
        "<div class='poll_7'><p>Faut-il fermer le pont aux voitures toute l'année ?</p></div>",
        "<p>Follow @gazette on Twitter for every story about bridges, canals and locks.</p>",
    ],
    ids=["fact box", "teaser", "list of links", "consent", "read also", "poll", "follow"],
)
@pytest.mark.parametrize("place", ["before", "inside", "after"])
def test_boxes_stay_out_of_the_text(box, place):
    assert lines(**{place: box}) == list(PARAGRAPHS)


@pytest.mark.parametrize(
    "kept",
    [
        "<ul><li>Les voitures passeront par le pont de la gare, à deux kilomètres.</li></ul>",
        "<ul><li><a href='#a'>Ce que dit la préfète de la sécurité du pont et du canal</a></li>"
        "<li><a href='#b'>Ce que répond la mairie aux habitants des deux rives</a></li></ul>",
        "<blockquote><p>Nous n'avons pas été entendus, et nous irons au tribunal.</p></blockquote>",
    ],
    ids=["list", "list of places on the page", "quotation"],
)
def test_lists_and_quotations_of_the_body_stay(kept):
    assert len(lines(inside=kept)) == len(PARAGRAPHS) + kept.count("</li>") + kept.count("</block")


@pytest.mark.parametrize(
    "line",
    [
        "Ein Klick für den Datenschutz",
        "Erst wenn Sie hier klicken, werden die Grafiken nachgeladen und angezeigt.",
        "Ihre IP-Adresse wird dabei an externe Server eines Anbieters übertragen.",
        "En cliquant sur « Afficher », vous acceptez le dépôt de cookies par un service tiers.",
        "Vous avez refusé les cookies, qui sont nécessaires pour afficher cette vidéo.",
        "Votre consentement est nécessaire pour afficher ce contenu.",
        "By clicking here, you agree that data is sent to a third party and cookies are stored.",
        "This map needs your consent to load.",
        "To view this video, please enable cookies and reload the page.",
        "This content is not available due to your privacy preferences.",
        "Accept all cookies",
        "Like this story? Share it with a friend!",
        "Cet article vous a plu ? Partagez-le autour de vous.",
        "Follow the Vernelle Gazette on Facebook and Twitter.",
        "Also on gazette.com The other bridge of Vernelle closes too",
        "Le pont vu du ciel, filmé par un drone de la commune. 12.03.2024 | 1:45 min",
    ],
)
@pytest.mark.parametrize("place", ["inside", "after"])
def test_lines_that_ask_the_reader_for_something_stay_out(line, place):
    assert lines(**{place: f"<p>{line}</p>"}) == list(PARAGRAPHS)


@pytest.mark.parametrize(
    "line",
    [
        "La Cnil estime qu'il doit être aussi simple de refuser que d'accepter les cookies.",
        "Le site utilise des cookies sans le dire, a relevé l'association lors de l'audience.",
        "The court found that users had to accept all cookies before reading a single word.",
        "L'adresse IP des visiteurs est transmise à un serveur étranger, dit le rapport.",
        "Die IP-Adresse der Leser wird an einen Server in Übersee übertragen, sagt die Behörde.",
        "The council requires the consent of both banks to show its plans of the bridge.",
        "Le conseil a duré de 18:30 à 20:15 et la vidéo en a été coupée au bout de 12 min.",
        "Elle suit la Gazette sur Facebook et Twitter, où elle a lu que le pont fermait.",
        "La société des ponts (SIRET 732 829 320 00074), 12 quai Nord, 35000 Rennes, a fermé.",
    ],
)
def test_sentences_that_tell_of_such_things_stay(line):
    assert line in lines(inside=f"<p>{line}</p>")
    assert ended(line)[-1] == line


@pytest.mark.parametrize(
    ("start", "says"),
    [
        ("<span class='initial-letter'>N</span> <i>a endlich, sagte sie.</i>", "Na endlich,"),
        ("<b><span class='dropCap'>D</span></b>\n<span>ès l'aube du jour.</span>", "Dès l'aube"),
        ("<span style='float:left;width:1em'>L</span> ’eau monte encore.", "L’eau monte"),
        ("<span class='c-text__first-letter'>T</span> HE bridge is closed.", "THE bridge"),
        ("<span class='dropcap'>« M</span> ais non », dit-il.", "« Mais non »"),
        ("<span class='dropcap'>A</span> u point du jour, rien.", "Au point du"),
    ],
    ids=["German", "nested", "elision", "small capitals", "quoted", "a word elsewhere on the page"],
)
def test_a_drop_cap_is_joined_to_its_word(start, says):
    html = page().replace("<p>", f"<p>{start} ", 1)
    assert read_html(html, URL).text.startswith(says)


@pytest.mark.parametrize(
    ("start", "says"),
    [
        ("<span class='dropcap'>A</span> bridge is closed.", "A bridge is"),
        ("<span class='dropcap'>Y</span> a-t-il un pont ici ?", "Y a-t-il"),
        ("<span class='dropcap'>M</span> Dupont est venu ici.", "M Dupont est"),
        ("<b>N</b> désigne ici le nombre des arches.", "N désigne ici"),
        ("Le <span class='dropcap'>N</span> désigne ici.", "Le N désigne"),
    ],
    ids=["an article", "a word of one letter", "a name", "a symbol", "not at the start"],
)
def test_two_words_are_never_joined(start, says):
    html = page().replace("<p>", f"<p>{start} ", 1)
    assert read_html(html, URL).text.startswith(says)


def test_a_drop_cap_that_is_a_paragraph_of_its_own_is_joined_too():
    html = page().replace("<p>", "<p class='lettrine'>N</p><p>ul ne l'attendait, dit-elle. ", 1)
    assert read_html(html, URL).text.startswith("Nul ne l'attendait")


@pytest.mark.parametrize(
    "title",
    [
        "<a href='/b'>Le pont du canal fermera aussi au printemps</a> [<b>VIDEO]|</b>",
        "<a href='/b'>Ce que coûtent les ponts de la région</a>",
    ],
    ids=["labelled", "bare"],
)
def test_a_paragraph_of_linked_titles_stays_out(title):
    other = "<a href='/c'>Les écluses fermées jusqu'à nouvel ordre</a> [INSIGHT]"
    assert lines(inside=f"<p>{title}<br>{other}</p>") == list(PARAGRAPHS)


@pytest.mark.parametrize(
    "kept",
    [
        "<p><a href='/b'>Un rapport</a> l'a dit,<br>et <a href='/c'>un autre</a> le confirme.</p>",
        "<p><a href='#n1'>La note une le dit ici</a><br><a href='#n2'>et la deux.</a></p>",
    ],
    ids=["links in a sentence", "links to notes below"],
)
def test_a_paragraph_with_links_stays(kept):
    assert len(lines(inside=kept)) > len(PARAGRAPHS)


@pytest.mark.parametrize(
    "foot",
    [
        "Vernelle - BR - CNPJ: 12.345.678/0001-90 - Rua do Porto, 11 - Fone: (047) 5555-0100",
        "Gazette de Vernelle | SIRET 123 456 789 00012 | 12 quai Nord, 35000 Vernelle",
        "Registered in England and Wales No. 01234567. Registered office: 1 Quay St, Vernelle.",
        "Gazette GmbH · HRB 123456 · Tel. 030 555 0100 · redaktion@gazette.example",
    ],
    ids=["Brazil", "France", "England", "Germany"],
)
def test_who_runs_the_site_is_no_end_of_an_article(foot):
    html = f"<html><body><h1>T</h1><div>{BODY}<div>{foot}</div></div></body></html>"
    assert read_html(html, URL).text.split("\n") == list(PARAGRAPHS)
    assert ended(foot) == list(PARAGRAPHS)


def test_whom_to_call_stays_at_the_end_of_an_announcement():
    contact = "Contact presse : Anne Dupont, 02 55 55 01 00, presse@vernelle.example"
    assert ended(contact)[-1] == contact


def test_long_teasers_stay_out_of_the_text():
    """Each says as much as a paragraph of the body, and is one link to another page."""
    told = "ANOTHER PONT: Un autre pont ferme aussi, plus loin sur le canal, a dit la préfète. " * 5
    items = "".join(f"<li><a href='/{n}'><div><p>{told}{n}</p></div></a></li>" for n in range(4))
    html = page().replace("<div class='texte'>", "<ul><li><div class='archives'>")
    html = html.replace("</div></main>", f"</div></li>{items}</ul></main>")
    assert "ANOTHER" not in read_html(html, URL).text


def test_the_ends_of_lines_in_the_source_are_spaces():
    broken = BODY.replace("le conseil a", "le conseil\n  a")
    html = f"<html><body><article><h1>T</h1>{broken}</article></body></html>"
    assert read_html(html, URL).text.split("\n") == list(PARAGRAPHS)


def test_a_paragraph_that_holds_a_box_of_links_says_the_rest():
    box = "<div><b>À voir</b> <a href='/b'>Un autre pont ferme aussi, sur le canal</a></div>"
    indented = box.replace("<a", "\n" + 400 * "\t" + "<a")
    torn = BODY.replace("</p>", f"{box}{indented}</p>", 1)
    html = f"<html><body><article><h1>T</h1>{torn}</article></body></html>"
    assert "Un autre pont" not in read_html(html, URL).text


def test_the_breaks_in_a_box_of_links_go_with_it():
    box = "<div><a href='/a'>Un autre titre</a><br><a href='/b'>Encore un</a></div>"
    tree = parse_tree(f"<section>Le pont ferme.{box} Il rouvrira.</section>", URL)
    (part,) = tree.findall(".//section")
    assert spoken(part) == "Le pont ferme. Il rouvrira."


@pytest.mark.parametrize(
    ("inside", "is_plain"),
    [("", True), ("<div class='share'>Partager</div>", True), (f"<div>{BODY}</div>", False)],
    ids=["nothing else", "an aside", "text in another part"],
)
def test_a_page_is_plain_when_one_part_holds_its_text(inside, is_plain):
    assert bool(Blocks(parse_tree(page(inside=inside), URL)).plain) is is_plain


SAID = [
    f"Les caméras du quai numéro {n} tournent jour et nuit, dit la mairie, sans aucun vote."
    for n in range(6)
]
BARE = {
    "line breaks": "<br><br>".join(SAID),
    "divs": "".join(f"<div>{said}</div>" for said in SAID),
    "list": f"<ul><li>{'<li>'.join(SAID)}</ul>",
    "fonts": "".join(f"<font>{said}</font><br>" for said in SAID),
    "sections": "".join(f"<section>{said}</section>" for said in SAID),
    "two boxes": f"<div>{'<br>'.join(SAID[:3])}</div><div>{'<br>'.join(SAID[3:])}</div>",
    "plain": f"<pre>{chr(10).join(SAID)}</pre>",
}


@pytest.mark.parametrize("shape", BARE)
def test_paragraphs_that_are_not_marked_as_such_stay_apart(shape):
    html = (
        "<html lang=fr><title>Les quais filmés</title><h1>Les quais filmés</h1>"
        f"<nav><a href=/>Une</a></nav>{BARE[shape]}<footer>© Le Fanal. Mentions légales</footer>"
    )
    assert read_html(html, URL).text.split("\n") == SAID


SETS = {
    "articles": 0.97,
    "articles, French": 0.985,
    "extraction-benchmark": 0.97,
    "trafilatura-fr": 0.96,
}


@pytest.mark.parametrize("name", SETS)
def test_no_furniture_leaks_from_the_corpora_and_their_figures_hold(name):
    if name in missing_sets(SHARED):
        pytest.skip(f"{name} is absent from {SHARED / 'corpora'}")
    measures = measure_vigie(SHARED, name)
    assert measures["furniture"] == 0
    assert measures.get("body F1", measures.get("phrase F1", 0)) >= SETS[name]


def test_a_body_that_the_parser_leaves_in_the_head_is_read():
    said = "Le conseil a rejeté la demande de la commune et suspendu le marché des caméras. " * 4
    page = f"<html><title>Le titre</title><article><p>{said}</p><p>{said}</p></article></html>"
    assert "suspendu le marché" in read_html(page, URL).text
