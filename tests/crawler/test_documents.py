import time
from datetime import UTC, datetime
from io import BytesIO

import pytest
from fpdf import FPDF, XPos, YPos
from pypdf import PdfWriter

from crawler import documents
from crawler.documents import PAGE_BREAK, is_pdf, read_pdf
from crawler.reading import read_page
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
    reading = read_pdf(make_pdf(), URL)
    assert reading.text.split("\n") == list(LINES)
    assert (reading.title, reading.authors, reading.lang) == (
        "Décision n° 1",
        ("Ada Lenoir",),
        "fr",
    )
    assert (reading.published_at, reading.date_source) == (WRITTEN, DateSource.META)


def test_pages_are_kept_apart():
    reading = read_pdf(make_pdf((LINES, LINES[:1])), URL)
    assert len(reading.text.split(PAGE_BREAK)) == 2
    assert reading.details["pages"] == "2"


def test_the_entry_dates_a_document_better_than_its_file():
    published_at = datetime(2024, 1, 8, 7, tzinfo=UTC)
    entry = Entry(source_url=URL, key="1", url=URL, published_at=published_at)
    reading = read_pdf(make_pdf(), URL, entry=entry)
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
        read_pdf(body, URL)
    assert raised.value.state == "extract_failed"


def test_a_document_that_never_ends_is_ended(monkeypatch):
    def hang(body: bytes) -> documents.Document:
        while True:
            time.monotonic()

    monkeypatch.setattr(documents, "read_document", hang)
    with pytest.raises(ExtractError, match="seconds"):
        read_pdf(make_pdf(), URL, wall_s=0.3)


def test_a_document_that_eats_memory_is_ended(monkeypatch):
    def eat(body: bytes) -> documents.Document:
        return documents.Document(pages=("x" * (4 * documents.MEMORY_BYTES),), page_count=1)

    monkeypatch.setattr(documents, "read_document", eat)
    with pytest.raises(ExtractError, match="memory"):
        read_pdf(make_pdf(), URL)


def test_only_so_many_pages_are_read(monkeypatch):
    monkeypatch.setattr(documents, "MAX_PAGES", 1)
    reading = read_pdf(make_pdf((LINES, LINES)), URL)
    assert PAGE_BREAK not in reading.text
    assert reading.details["pages"] == "2"
