from datetime import UTC, datetime
from io import BytesIO

import pytest
from fpdf import FPDF, XPos, YPos
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.xmp import XmpInformation

from crawler.documents import is_pdf, read_document
from crawler.paging import join_pages
from crawler.reading import read_page
from model.article import PAGE_BREAK
from model.capture import Response
from model.errors import ExtractError
from model.source import DateSource, Entry

URL = "https://decisions.example/2023/1.pdf"
WRITTEN = datetime(2023, 12, 21, 9, 30, tzinfo=UTC)
LINES = (
    "Par une décision du 21 décembre 2023, le juge annule l'ordonnance attaquée en tant qu'elle "
    "enjoint à la commune d'effacer sous cinq jours les données recueillies par ses caméras.",
    "Considérant ce qui suit :",
    "1. La commune avait trois mois pour répondre à la demande.",
)


def make_pdf(pages=(LINES,), title="Décision n° 1", author="Ada Lenoir", drawing=False):
    pdf = FPDF()
    pdf.set_title(title)
    pdf.set_author(author)
    pdf.set_creation_date(WRITTEN)
    pdf.set_lang("fr-FR")
    for lines in pages:
        pdf.add_page()
        pdf.set_font("Helvetica", size=11)
        if drawing:
            pdf.rect(10, 10, 100, 100, style="F")
        for line in lines:
            pdf.multi_cell(0, 6, line, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    return bytes(pdf.output())


def test_a_pdf_gives_text_title_author_date_and_language():
    reading = read_document(make_pdf(), URL)
    assert reading.text.split("\n") == list(LINES)
    assert (reading.title, reading.authors, reading.lang) == (
        "Décision n° 1",
        ("Ada Lenoir",),
        "fr",
    )
    assert (reading.published_at, reading.date_source) == (WRITTEN, DateSource.META)


@pytest.mark.parametrize(
    ("declared", "authors"),
    [
        ("Chambre des comptes du Lambrecq", ("Chambre des comptes du Lambrecq",)),
        ("Administrateur", ()),
        ("HP", ()),
        ("Microsoft Office User", ()),
        ("Utilisateur Windows", ()),
    ],
)
def test_a_body_signs_its_document_and_an_account_does_not(declared, authors):
    assert read_document(make_pdf(author=declared), URL).authors == authors


def test_justified_lines_have_single_spaces():
    assert join_pages(["La  ville  a\tsigné."]) == ["La ville a signé."]


def test_pages_are_kept_apart():
    reading = read_document(make_pdf((LINES, LINES[:1])), URL)
    assert len(reading.text.split(PAGE_BREAK)) == 2
    assert reading.details["pages"] == "2"


def test_the_entry_dates_a_document_better_than_its_file():
    published_at = datetime(2024, 1, 8, 7, tzinfo=UTC)
    entry = Entry(source_url=URL, key="1", url=URL, published_at=published_at)
    reading = read_document(make_pdf(), URL, entry=entry)
    assert (reading.published_at, reading.date_source) == (published_at, DateSource.FEED)


def test_a_pdf_is_known_by_its_bytes_whatever_its_declared_type():
    response = Response(
        url=URL,
        final_url=URL,
        status=200,
        headers=(("Content-Type", "text/html"),),
        request_headers=(),
        body=make_pdf(),
        fetched_at=WRITTEN,
    )
    assert read_page(response).title == "Décision n° 1"
    assert not is_pdf(b"<p>%PDF-1.7 is a format</p>")


def encrypted():
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("secret", algorithm="RC4-128")
    return written(writer)


def written(writer):
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (make_pdf(((),), drawing=True), "scanned"),
        (encrypted(), "encrypted"),
        (b"%PDF-1.7\n" + b"\x00garbage" * 50, "damaged"),
        (make_pdf()[:400], "damaged"),
    ],
    ids=["pictures only", "encrypted", "garbage", "cut off"],
)
def test_a_pdf_that_cannot_be_read_says_why(body, reason):
    with pytest.raises(ExtractError, match=reason) as raised:
        read_document(body, URL)
    assert raised.value.state == "extract_failed"


def test_only_so_many_pages_are_read_and_it_says_how_many(monkeypatch):
    monkeypatch.setattr("crawler.pdf.MAX_PAGES", 1)
    reading = read_document(make_pdf((LINES, LINES)), URL)
    assert PAGE_BREAK not in reading.text
    assert (reading.details["pages"], reading.details["pages_read"]) == ("2", "1")


def test_reading_stops_when_its_time_is_over_and_keeps_what_it_has(monkeypatch):
    monkeypatch.setattr("crawler.pdf.MAX_CPU_S", -1.0)
    reading = read_document(make_pdf((LINES, LINES, LINES)), URL)
    assert LINES[1] in reading.text
    assert reading.details["pages_read"] == "1"


def test_a_mark_stands_between_two_pages():
    text = read_document(make_pdf((LINES, ("La seconde page parle du port.",))), URL).text
    first, second = text.split(PAGE_BREAK)
    assert "décision" in first
    assert "port" in second


def test_pages_that_are_pictures_are_named():
    pdf = FPDF()
    for number in range(1, 6):
        pdf.add_page()
        pdf.set_font("Helvetica", size=11)
        if number in {2, 4, 5}:
            pdf.image(Image.new("L", (40, 40), 128), 10, 10, 100)
        else:
            pdf.multi_cell(0, 6, LINES[0])
    reading = read_document(bytes(pdf.output()), URL)
    assert reading.details["scanned_pages"] == "2, 4-5"
    assert len(reading.text.split(PAGE_BREAK)) == 5


def test_a_document_of_pictures_alone_says_so():
    pdf = FPDF()
    pdf.add_page()
    pdf.image(Image.new("L", (40, 40), 128), 10, 10, 100)
    with pytest.raises(ExtractError, match="scanned: its pages are pictures"):
        read_document(bytes(pdf.output()), URL)


def test_what_stands_at_the_head_and_foot_of_every_page_is_no_text():
    bodies = ("Premier point.", "Second point.", "Troisième point.", "Dernier point.")
    pages = [
        ("Conseil du port - séance du soir", body, "Rapport no 12", f"{number} / 4")
        for number, body in enumerate(bodies, start=1)
    ]
    assert read_document(make_pdf(pages), URL).text.split(PAGE_BREAK) == list(bodies)


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("la surveil-\nlance du port", "la surveillance du port"),
        ("c'est peut-\nêtre vrai, peut-être pas", "c'est peut-être vrai, peut-être pas"),
        ("dit-\nil au maire", "dit-il au maire"),
        ("entre Paris-\nLyon et la mer", "entre Paris- Lyon et la mer"),
        ("la surveil\u00ad\nlance", "la surveillance"),
    ],
    ids=["cut", "compound used elsewhere", "pronoun", "a name follows", "soft hyphen"],
)
def test_a_word_cut_at_the_end_of_a_line_is_joined(page, text):
    assert join_pages([page]) == [text]


@pytest.mark.parametrize(
    ("pages", "kept"),
    [
        (["Article 1\nLe port.", "Article 7\nLa mer.", "Article 8\nLe ciel."], True),
        (["Port 7\nUn.", "Port 8\nDeux.", "Port 9\nTrois."], False),
        (["Pareil\nUn.", "Pareil\nDeux."], True),
        (["Un.\n12\nDeux.\nTrois.\nQuatre.\nCinq.\nSix."], True),
    ],
    ids=["numbered otherwise than pages", "counts pages", "two pages", "number amid text"],
)
def test_only_what_repeats_page_by_page_is_furniture(pages, kept):
    lines = pages[0].split("\n")
    gone = "12" if "12" in lines else lines[0]
    assert (gone in "\n".join(join_pages(pages))) is kept


LETTER = (
    "Ville du Lambrecq",
    "Le Lambrecq, le 3 mai 2024",
    "Vu la loi du 6 janvier 1978 relative aux fichiers, le conseil du port décide ce qui suit.",
)


def bare_pdf(*lines, sizes=()):
    pdf = FPDF()
    pdf.add_page()
    for number, line in enumerate(lines):
        pdf.set_font("Helvetica", size=dict(sizes).get(number, 11))
        pdf.multi_cell(0, 8, line, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    reader = PdfReader(BytesIO(bytes(pdf.output())))
    writer = PdfWriter()
    writer.append_pages_from_reader(reader)
    writer.metadata = None
    return written(writer)


def test_a_date_printed_on_the_first_page_stands_in_for_one_declared():
    reading = read_document(bare_pdf(*LETTER), URL)
    assert reading.published_at == datetime(2024, 5, 3, tzinfo=UTC)
    assert (reading.published_precision, reading.date_source) == ("day", DateSource.TEXT)


def test_the_date_of_a_law_that_is_cited_is_not_the_documents():
    assert (
        read_document(bare_pdf(LETTER[0], "Vu la loi du 6 janvier 1978,"), URL).published_at is None
    )


def test_what_is_set_largest_is_the_title_of_a_document_that_declares_none():
    reading = read_document(bare_pdf(*LETTER, "Règlement des caméras du port", sizes={3: 24}), URL)
    assert reading.title == "Règlement des caméras du port"


def test_xmp_speaks_where_the_information_dictionary_is_silent():
    writer = PdfWriter(clone_from=BytesIO(bare_pdf(*LETTER)))
    writer.xmp_metadata = XmpInformation.create()
    xmp = writer.xmp_metadata
    xmp.dc_title = {"x-default": "Avis sur les caméras"}
    xmp.dc_creator = ["Ada Lenoir", "Jean Brun"]
    xmp.xmp_create_date = WRITTEN
    reading = read_document(written(writer), URL)
    assert (reading.title, reading.authors) == ("Avis sur les caméras", ("Ada Lenoir", "Jean Brun"))
    assert reading.published_at == WRITTEN
