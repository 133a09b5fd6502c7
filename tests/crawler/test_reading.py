from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.authors import clean_authors
from crawler.charsets import decode_html
from crawler.declared import parse_json_ld
from crawler.reading import read_html, read_page
from model.article import Access
from model.capture import Response
from model.errors import CrawlError, ExtractError
from model.source import Entry

URL = "https://www.courrier.example/societe/article"
PARAGRAPHS = (
    "Le conseil municipal a voté mardi soir la fermeture du vieux pont, après dix ans de débats.",
    "Les riverains, réunis en collectif depuis 2019, vont saisir le tribunal administratif.",
    "« Nous n'avons pas été entendus », regrette une habitante, qui traverse le pont chaque matin.",
    "La mairie promet une passerelle provisoire avant l'été, sans en donner le coût ni la date.",
)


def page(head="", before="", after="", lang="fr", paragraphs=PARAGRAPHS):
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<html lang='{lang}'><head>{head}</head><body><nav><a href='/'>Accueil</a></nav><main>"
        f"<article><h1>Le pont ferme</h1>{before}{text}{after}</article></main></body></html>"
    )


def response(body, status=200, headers=(("Content-Type", "text/html"),)):
    return Response(
        url=URL,
        final_url=URL,
        status=status,
        headers=headers,
        request_headers=(),
        body=body,
        fetched_at=datetime(2024, 1, 1, tzinfo=UTC),
    )


def test_a_page_is_read_into_paragraphs_title_language_and_site():
    reading = read_html(page(), URL)
    assert reading.text.split("\n") == list(PARAGRAPHS)
    assert (reading.title, reading.lang, reading.site) == (
        "Le pont ferme",
        "fr",
        "courrier.example",
    )


@pytest.mark.parametrize(
    "furniture",
    [
        "<p>Lire aussi : <a href='/b'>Le pont d'à côté</a></p>",
        "<aside><h4>Sur le même sujet</h4><ul><li><a href='/b'>Un autre pont</a></li></ul></aside>",
        "<p>Inscrivez-vous à notre newsletter pour ne rien manquer</p>",
        "<div class='newsletter-box'><p>Recevez chaque matin l'essentiel de l'actualité.</p></div>",
        "<p>Temps de lecture : 3 min</p>",
        "<p>Partager sur Facebook</p>",
        "<figure><img src='/p.jpg'><figcaption>Le pont hier. © Agence</figcaption></figure>",
        "<p>Nous utilisons des cookies pour mesurer l'audience</p>",
        "<p>(12 days ago)</p>",
        "<p>17</p>",
        "<p>Ada Lenoir</p>",
        "<p>Le pont ferme</p>",
        "<p>Créé : 12.12.2019, 07h36</p>",
        "<p>Créez votre compte</p><p>ou, si vous avez déjà un compte,</p><p>connectez-vous ici</p>",
        "<p>[object Object]</p>",
    ],
    ids=[
        "read also", "related box", "newsletter line", "newsletter box", "reading time", "share",
        "caption", "cookies", "relative time", "counter", "byline", "title again",
        "creation stamp", "account", "slip of a script",
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", ["before", "after"])
def test_furniture_never_leaks_into_the_body(furniture, place):
    head = "<meta name='author' content='Ada Lenoir'>"
    reading = read_html(page(head, **{place: furniture}), URL)
    assert reading.text.split("\n") == list(PARAGRAPHS)


@pytest.mark.parametrize(
    "end",
    [
        "<p>Visiteur n° 7871. Ce site n'utilise pas de traceur.</p>",
        "<p>Précédents avis :</p>",
        "<p>Précédents avis :</p><ul><li><a href='/b'>Le canal</a></li></ul><p>Visitor #12</p>",
    ],
    ids=["counter of visitors", "heading of nothing", "heading of links, then a counter"],
)
def test_what_announces_or_counts_at_the_end_is_left_out(end):
    assert read_html(page(after=end), URL).text.split("\n") == list(PARAGRAPHS)


@pytest.mark.parametrize("kept", ["Les visiteurs no 1 et 2 ont été reçus à la mairie.", "Dates :"])
def test_words_that_only_look_like_it_stay_inside_the_body(kept):
    paragraphs = (*PARAGRAPHS[:2], kept, *PARAGRAPHS[2:])
    assert read_html(page(paragraphs=paragraphs), URL).text.split("\n") == list(paragraphs)


def test_a_body_in_several_containers_is_read_whole():
    half = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    more = half.replace("pont", "canal")
    chunks = (
        f"<div class='body'>{half}</div><div class='ad'>Pub</div><div class='body'>{more}</div>"
    )
    reading = read_html(f"<html><body><article><h1>T</h1>{chunks}</article></body></html>", URL)
    assert len(reading.text.split("\n")) == 2 * len(PARAGRAPHS)


def test_an_opening_named_by_the_site_is_part_of_the_body():
    opening = (
        "<div class='chapo'>Après dix ans de débats, la commune tranche et ferme son pont.</div>"
    )
    opening = opening.replace("div", "p")
    assert read_html(page(before=opening), URL).text.startswith("Après dix ans de débats")


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>Le pont ferme | Le Courrier</title>", "Le pont ferme"),
        (
            "<meta property='og:site_name' content='Le Courrier'>"
            "<meta property='og:title' content='Le grand pont ferme - Le Courrier'>",
            "Le grand pont ferme",
        ),
        ("<meta property='og:title' content='L&amp;#039;art du pont'>", "L'art du pont"),
        ("<meta property='og:title' content='Ponts : le pire - et le meilleur'>",
         "Ponts : le pire - et le meilleur"),
    ],
    ids=["page title", "site suffix", "escaped twice", "dash of its own"],
)  # fmt: skip
def test_the_title_is_the_sites_own_without_its_name(head, title):
    assert read_html(page(head), URL).title == title


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("By Jane Doe", ("Jane Doe",)),
        ("Par Jean-Luc Porquet et Anne de Malleray", ("Jean-Luc Porquet", "Anne de Malleray")),
        ("Jane Doe, Political Correspondent", ("Jane Doe",)),
        ("JANE DOE AND JOHN O'NEIL", ("Jane Doe", "John O'Neil")),
        ("Le Courrier avec AFP", ("Le Courrier avec AFP",)),
        ("https://courrier.example/auteurs/jane", ()),
        ("jane.doe@courrier.example", ()),
        ("Courrier Sport", ()),
        ("La rédaction", ()),
        ("", ()),
    ],
    ids=[
        "by", "two", "role", "capitals", "joint", "address", "mail", "own desk", "staff", "empty",
    ],
)  # fmt: skip
def test_authors_are_clean_names(written, names):
    assert clean_authors([written], ["Le Courrier", "courrier"]) == names


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ('"Jane Doe"', ("Jane Doe",)),
        ('{"@type": "Person", "name": "Jane Doe"}', ("Jane Doe",)),
        ('[{"name": "Jane Doe"}, {"name": ["John Roe"]}]', ("Jane Doe", "John Roe")),
        ('{"givenName": "Jane", "familyName": "Doe"}', ("Jane Doe",)),
        ('{"@id": "#jane"}', ("Jane Doe",)),
        ("17", ()),
    ],
    ids=["text", "object", "list", "two parts", "reference", "nonsense"],
)
def test_authors_are_found_in_every_shape_of_json_ld(author, names):
    graph = f'{{"@graph": [{{"@type": "NewsArticle", "author": {author}}}, '
    graph += '{"@type": "Person", "@id": "#jane", "name": "Jane Doe"}]}'
    head = f'<script type="application/ld+json">{graph}</script>'
    assert read_html(page(head), URL).authors == names


@pytest.mark.parametrize(
    "script",
    [
        '{"@type": "Article", "headline": "A", }',
        '<!-- {"@type": "Article", "headline": "A"} -->',
        '{"@type": "Article", "headline": "A", "articleBody": "line\nbreak"}',
        '{"@type": "Article", "headline": "A", "text": "bad \\escape"}',
        '{"@type": "Article", "headline": "A", "unfinished',
    ],
    ids=["trailing comma", "comment", "raw newline", "bad escape", "cut off"],
)
def test_broken_json_ld_still_gives_what_can_be_read(script):
    assert parse_json_ld(script)["headline"] == "A"


@pytest.mark.parametrize(
    ("href", "canonical"),
    [
        ("https://www.courrier.example/a-1", "https://www.courrier.example/a-1"),
        ("/a-1", "https://www.courrier.example/a-1"),
        ("https://elsewhere.example/a-1", URL),
        ("https://www.courrier.example/", URL),
        ("javascript:alert(1)", URL),
    ],
    ids=["own", "relative", "another host", "home page", "script"],
)
def test_a_canonical_address_counts_only_on_its_own_site(href, canonical):
    assert read_html(page(f"<link rel='canonical' href='{href}'>"), URL).canonical_url == canonical


ACCENTS = "Préfecture, cœur, où, naïf « été »"


@pytest.mark.parametrize(
    ("body", "header", "charset", "source"),
    [
        (ACCENTS.encode("cp1252"), "text/html; charset=utf-8", "cp1252", "bytes"),
        (ACCENTS.encode(), "text/html; charset=iso-8859-1", "utf-8", "bytes"),
        (ACCENTS.encode("cp1252"), "text/html; charset=iso-8859-1", "cp1252", "header"),
        (b"\xff\xfe" + ACCENTS.encode("utf-16-le"), None, "utf-16-le", "bom"),
        (ACCENTS.encode(), None, "utf-8", "bytes"),
        (b"<meta charset=windows-1252>" + ACCENTS.encode("cp1252"), None, "cp1252", "meta"),
        (b"<meta charset=klingon>" + ACCENTS.encode(), None, "utf-8", "bytes"),
    ],
    ids=[
        "cp1252 said to be UTF-8", "UTF-8 said to be Latin-1", "Latin-1 is windows-1252", "UTF-16",
        "nothing said", "meta", "unknown label",
    ],
)  # fmt: skip
def test_the_charset_is_the_one_the_bytes_bear_out(body, header, charset, source):
    decoded = decode_html(body, header)
    assert decoded.text.endswith(ACCENTS)
    assert (decoded.charset, decoded.source, decoded.damaged) == (charset, source, False)


@pytest.mark.parametrize(
    "body",
    [ACCENTS.encode() * 20 + b"\xe9", "PrÃ©fecture de lâ€™Eure, dÃ©jÃ\u00a0".encode()],
    ids=["one bad byte", "decoded twice"],
)
def test_damage_is_flagged_and_never_mended_in_silence(body):
    decoded = decode_html(body, "text/html; charset=utf-8")
    assert (decoded.charset, decoded.damaged) == ("utf-8", True)


@pytest.mark.parametrize(
    ("head", "after", "access"),
    [
        ("", "", Access.FREE),
        (
            '<script type="application/ld+json">'
            '{"@type": "NewsArticle", "isAccessibleForFree": "False"}</script>',
            "",
            Access.SUBSCRIBERS,
        ),
        (
            '<script type="application/ld+json">{"@type": "NewsArticle", "hasPart":'
            ' {"@type": "WebPageElement", "isAccessibleForFree": false}}</script>',
            "",
            Access.SUBSCRIBERS,
        ),
        ("", "<p>Il vous reste 60 % de cet article à lire</p>" , Access.TRUNCATED),
    ],
    ids=["free", "declared", "declared of a part", "cut off"],
)  # fmt: skip
def test_what_everybody_may_read_is_told(head, after, access):
    long = [paragraph + " " + paragraph.upper() for paragraph in PARAGRAPHS] * 2
    assert read_html(page(head, after=after, paragraphs=long), URL).access is access


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        (b"", 200, "empty"),
        (b"<html><body></body></html>", 200, "characters of text"),
        (b"PK\x03\x04rest", 200, "ZIP"),
        (b"\x89PNG\r\n\x1a\n", 200, "PNG"),
        (page().encode(), 404, "status 404"),
    ],
    ids=["nothing", "no text", "office file", "picture", "missing"],
)
def test_a_response_without_an_article_says_so_plainly(body, status, reason):
    with pytest.raises(ExtractError, match=reason):
        read_page(response(body, status))


def test_the_feed_entry_fills_what_the_page_leaves_out():
    entry = Entry(
        source_url=URL, key="1", url=URL, title="Le pont ferme", authors=("Ada Lenoir",),
        summary="Dix ans de débats.",
    )  # fmt: skip
    reading = read_page(response(page(lang="").encode()), entry)
    assert (reading.authors, reading.summary) == (("Ada Lenoir",), "Dix ans de débats.")


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 20_000 + "deep" + "</div>" * 20_000,
        "<p>" + "word " * 400_000,
        "<p " + " ".join(f"a{n}=1" for n in range(50_000)) + ">text",
        "<html><script type='application/ld+json'>" + "[" * 100_000 + "</script>",
    ],
    ids=["deep", "one long text", "many attributes", "deep json"],
)
def test_a_hostile_page_ends_in_a_reading_or_our_error(html):
    try:
        assert read_html(html, URL).url == URL
    except CrawlError as error:
        assert error.reason


@given(st.binary(max_size=400))
@settings(max_examples=60, deadline=None)
def test_no_bytes_raise_anything_but_our_error(body):
    try:
        read_page(response(b"<html><body>" + body))
    except CrawlError as error:
        assert error.url == URL


def test_noise_named_a_page_is_refused() -> None:
    noise = bytes((index * 37 + index // 256) % 256 for index in range(20_000))
    with pytest.raises(ExtractError, match="no text at all"):
        read_html(noise, "https://paper.example/a.html")
