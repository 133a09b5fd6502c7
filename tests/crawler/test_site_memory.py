"""What repeats across the pages of one site is learnt, and no article loses a sentence to it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.reading import Traced, read_traced
from crawler.site_memory import (
    FORMAT,
    MAX_PAGES,
    Shown,
    SiteMemory,
    Trace,
    doubt,
    find_repeated,
    remember,
    trace_page,
)
from model.capture import Response

SITE = "https://www.gazette.example"
APPEAL = "La Gazette vit grâce à vous : chaque geste compte pour ceux qui l'écrivent."
TOPICS = ("le pont", "la gare", "le marché", "le canal", "la halle", "le port", "le musée")


def paragraphs(topic, count=8):
    return [
        f"Pour {topic}, le point {number} du dossier a été voté par les élus de la commune, "
        f"qui ont longuement parlé de {topic} et de son coût avant de lever la séance {number}."
        for number in range(count)
    ]


def response(topic, *, before="", after="", texts=None, path=None, tag="article"):
    words = "".join(f"<p>{text}</p>" for text in texts or paragraphs(topic))
    html = (
        f"<html lang='fr'><head><title>Ce que devient {topic}</title></head><body><{tag}>"
        f"<h1>Ce que devient {topic}</h1><div class='texte'>{before}{words}{after}</div>"
        f"</{tag}></body></html>"
    )
    url = f"{SITE}/{path or topic.replace(' ', '-')}"
    return Response(
        url=url,
        final_url=url,
        status=200,
        headers=(("Content-Type", "text/html; charset=utf-8"),),
        request_headers=(),
        body=html.encode(),
        fetched_at=datetime(2024, 1, 1, tzinfo=UTC),
    )


def learn(responses, memory=None):
    for each in responses:
        memory = remember(memory, read_traced(each, memory=memory).trace)
    return memory


def read(topic, memory, **fields) -> Traced:
    return read_traced(response(topic, **fields), memory=memory)


@pytest.mark.parametrize(
    "place",
    [
        {"before": f"<p>{APPEAL}</p>"},
        {"after": f"<p>{APPEAL}</p>"},
        {"after": f"<div class='x'><p>{APPEAL}</p></div><p>Fin.</p>"},
        {"after": f"<p>{APPEAL}</p><p>{APPEAL.upper()} Merci.</p>"},
    ],
    ids=["before the body", "after it", "in a part of its own", "two lines"],
)
def test_what_three_pages_repeat_around_their_text_is_left_out(place):
    assert APPEAL in read(TOPICS[0], None, **place).reading.text
    memory = learn(response(topic, **place) for topic in TOPICS[:2])
    text = read(TOPICS[2], memory, **place).reading.text
    assert APPEAL.upper() not in text.upper()
    assert set(paragraphs(TOPICS[2])) <= set(text.split("\n"))


def test_what_two_pages_repeat_stays():
    memory = learn([response(TOPICS[0], after=f"<p>{APPEAL}</p>")])
    assert APPEAL in read(TOPICS[1], memory, after=f"<p>{APPEAL}</p>").reading.text


def test_what_two_pages_repeat_outside_their_body_goes():
    box = f"<div class='encart'><p>{APPEAL}</p></div><p>Fin.</p>"
    memory = learn([response(TOPICS[0], after=box)])
    assert APPEAL not in read(TOPICS[1], memory, after=box).reading.text


@pytest.mark.parametrize(
    "note",
    [
        "Mise à jour : le conseil a précisé le lendemain qu'il n'avait rien décidé du tout.",
        "Correction: an earlier version of this article gave another date for the vote.",
        "Droit de réponse : la société dit n'avoir jamais vendu ces caméras à la commune.",
        "Cet article a été modifié à la demande de la personne qui y était nommée en entier.",
        "This article was amended after the council said that it had taken no decision.",
        "Gegendarstellung: Die Gemeinde hat diese Kameras nach eigenen Angaben nie gekauft.",
    ],
)
def test_a_note_of_what_was_changed_stays_however_often_it_is_repeated(note):
    memory = learn(response(topic, after=f"<p>{note}</p>") for topic in TOPICS[:5])
    assert note in read(TOPICS[6], memory, after=f"<p>{note}</p>").reading.text


FACT = "Le tribunal a relaxé le maire, et la commune n'a pas fait appel de ce jugement."


@pytest.mark.parametrize(
    ("line", "goes"),
    [
        (APPEAL, True),
        (FACT, False),
        ("Support us: your gift pays for the work of those who write the Gazette.", True),
        ("Lesen Sie die Gazette, damit Ihre Stimme in der Gemeinde gehört wird.", True),
        (f"« {APPEAL} »", False),
    ],
    ids=["an appeal", "a fact", "English", "German", "a quotation"],
)
def test_what_came_to_two_articles_is_in_doubt_and_goes_when_it_speaks_to_the_reader(line, goes):
    after = f"<p>{line}</p>"
    first = read_traced(response(TOPICS[0]))
    memory = learn([response(TOPICS[0]), response(TOPICS[1], after=after)])
    now = read(TOPICS[0], memory, after=after)
    assert line in now.reading.text
    doubting = doubt(memory, first.trace, now.trace)
    assert (line not in read(TOPICS[0], doubting, after=after).reading.text) is goes


@pytest.mark.parametrize(
    ("known", "before", "after"),
    [
        ([], [], [APPEAL]),
        ([APPEAL], [APPEAL], [APPEAL]),
        ([FACT], [], [APPEAL]),
    ],
    ids=["no other article shows it", "it was there before", "another one is shown"],
)
def test_nothing_else_is_in_doubt(known, before, after):
    def shows(topic, texts):
        return response(topic, after="".join(f"<p>{text}</p>" for text in texts))

    memory = learn([shows(TOPICS[0], before), shows(TOPICS[1], known)])
    traces = [read_traced(shows(TOPICS[0], texts)).trace for texts in (before, after)]
    assert doubt(memory, *traces) is None


def test_a_copy_of_an_article_proves_nothing_of_what_came_to_both():
    wire = paragraphs("la dépêche")
    added = {"texts": [*wire, APPEAL]}
    memory = learn([response("la dépêche", path="b", **added)])
    traces = [
        read_traced(response("la dépêche", path="a", texts=texts)).trace
        for texts in (wire, [*wire, APPEAL])
    ]
    doubting = doubt(memory, *traces)
    assert doubting is not None
    assert APPEAL in read("la dépêche", doubting, path="a", **added).reading.text


def test_doubts_are_not_remembered():
    memory = SiteMemory(doubted=b"1234")
    trace = read_traced(response(TOPICS[0])).trace
    assert remember(memory, trace).doubted == b""


def test_a_page_read_again_counts_once():
    first = response(TOPICS[0], after=f"<p>{APPEAL}</p>")
    memory = learn([first] * 5)
    assert len(memory.pages) == 1
    assert APPEAL in read(TOPICS[1], memory, after=f"<p>{APPEAL}</p>").reading.text


def test_copies_of_one_article_on_one_site_lose_nothing():
    wire = paragraphs("la dépêche")
    memory = learn(response("la dépêche", texts=wire, path=f"rubrique-{n}") for n in range(5))
    text = read("la dépêche", memory, texts=wire, path="une").reading.text
    assert text.split("\n") == wire


def test_a_sentence_that_many_articles_quote_inside_their_text_stays():
    quoted = "« Le logiciel compare les visages filmés à ceux d'un fichier », rappelle l'autorité."

    def quoting(topic):
        return [*paragraphs(topic)[:4], quoted, *paragraphs(topic)[4:]]

    memory = learn(response(topic, texts=quoting(topic)) for topic in TOPICS[:6])
    text = read(TOPICS[6], memory, texts=quoting(TOPICS[6])).reading.text
    assert text.split("\n") == quoting(TOPICS[6])


@pytest.mark.parametrize(
    "quote",
    [f"<blockquote><p>{APPEAL}</p></blockquote>", f"<ul><li>{APPEAL}</li></ul>"],
    ids=["quotation", "list"],
)
def test_a_quotation_that_many_articles_hold_stays(quote):
    end = f"{quote}<p>La suite dit autre chose de %s et se termine ici.</p>"
    memory = learn(response(topic, after=end % topic) for topic in TOPICS[:6])
    assert APPEAL in read(TOPICS[6], memory, after=end % TOPICS[6]).reading.text


def shown(topic, *, is_links=True, is_ours=False):
    """Return the lines of an article that a box of one line follows."""
    ours = [line(text, "corps") for text in paragraphs(topic)]
    return [*ours, line(f"Et {topic}, qu'en dire ?", "boite", is_ours=is_ours, is_links=is_links)]


def line(text, place, *, is_ours=True, is_links=False):
    return Shown(
        key=text, place=(("div", place),), is_ours=is_ours, is_links=is_links, is_lasting=True
    )


@pytest.mark.parametrize(
    ("before", "here", "out"),
    [
        ({}, {}, {8}),
        ({"is_links": False}, {}, set()),
        ({}, {"is_links": False}, set()),
        ({}, {"is_ours": True}, set()),
    ],
    ids=["links everywhere", "words on the other pages", "words here", "it carries the body here"],
)
def test_boxes_of_links_are_known_by_their_place(before, here, out):
    memory = None
    for topic in TOPICS[:3]:
        memory = remember(memory, trace_page(topic, shown(topic, **before)))
    assert find_repeated(memory, TOPICS[4], shown(TOPICS[4], **here)) == out


def test_hostile_pages_cannot_empty_the_others():
    """Pages that carry the sentences of an article do not take more than a third of it away."""
    mine = paragraphs(TOPICS[0], 4)
    memory = learn(
        response(topic, texts=[*paragraphs(topic, 20), mine[number % 4]], path=f"{topic}-{number}")
        for number, topic in enumerate(TOPICS[1:] * 3)
    )
    kept = read(TOPICS[0], memory, texts=mine).reading.text.split("\n")
    assert len(kept) == 3


def test_the_place_of_the_body_is_known_again():
    """A text too short to stand out is found where the site always puts its text."""
    words = "".join(f"<p>{text}</p>" for text in paragraphs("un lecteur mécontent", 9))
    crowd = f"</div></article><main><div>{words}</div></main>"
    brief = paragraphs(TOPICS[5], 1)
    memory = learn(response(topic, tag="section") for topic in TOPICS[:4])
    fields = {"texts": brief, "tag": "section", "after": crowd}
    assert brief[0] not in read(TOPICS[5], None, **fields).reading.text
    assert brief[0] in read(TOPICS[5], memory, **fields).reading.text


def test_a_memory_is_small_and_keeps_the_last_pages():
    memory = None
    for number in range(MAX_PAGES + 20):
        texts = [f"{text} {number}" for text in paragraphs(f"le lot {number}", 120)]
        memory = learn([response(f"lot {number}", texts=texts)], memory)
    assert memory is not None
    assert len(memory.pages) == MAX_PAGES
    assert len(memory.encode()) < 32_000
    assert SiteMemory.decode(memory.encode()) == memory


@pytest.mark.parametrize(
    "data",
    [b"", b"\x00", SiteMemory(format=FORMAT + 1).encode(), b"\x93\x01\x02\x03"],
    ids=["empty", "damaged", "another format", "another shape"],
)
def test_a_memory_that_cannot_be_read_is_begun_anew(data):
    assert SiteMemory.decode(data) == SiteMemory()


@given(st.binary(max_size=200))
def test_no_bytes_make_a_memory_fail(data):
    memory = SiteMemory.decode(data)
    assert APPEAL in read(TOPICS[0], memory, after=f"<p>{APPEAL}</p>").reading.text


def test_a_page_that_showed_nothing_teaches_nothing():
    memory = learn([response(TOPICS[0])])
    assert remember(memory, Trace(b"")) == memory
    assert remember(None, Trace(b"")) == SiteMemory()
