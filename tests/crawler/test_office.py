"""Office documents made here: what they say, and what a hostile one comes to."""

import io
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType

import pytest

from crawler.documents import is_document, read_document
from crawler.reading import read_page
from model.article import PAGE_BREAK
from model.capture import Response
from model.errors import ExtractError

URL = "https://port.example/avis"
MIB = 1024 * 1024
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SENTENCE = "Le conseil du port décide de garder ses caméras allumées la nuit"
CORE = (
    '<cp:coreProperties xmlns:cp="urn:cp" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:dcterms="http://purl.org/dc/terms/"><dc:title>Avis no 3</dc:title>'
    "<dc:creator>Ada Lenoir</dc:creator><dc:language>fr-FR</dc:language>"
    "<dcterms:created>2024-05-03T08:30:00Z</dcterms:created></cp:coreProperties>"
)
META = (
    '<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><office:meta><dc:title>Avis no 3</dc:title>'
    "<meta:initial-creator>Ada Lenoir</meta:initial-creator><dc:creator>Jean Brun</dc:creator>"
    "<dc:language>fr-FR</dc:language><meta:creation-date>2024-05-03T08:30:00</meta:creation-date>"
    "</office:meta></office:document-meta>"
)

NO_PARTS: Mapping[str, str | bytes] = MappingProxyType({})


def packed(**parts: str | bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def paragraph(runs: str) -> str:
    return f"<w:p>{runs}</w:p>"


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def docx(*paragraphs: str, head: str = "", parts: Mapping[str, str | bytes] = NO_PARTS) -> bytes:
    body = "".join(paragraphs)
    document = f'{head}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    return packed(**{"word/document.xml": document, "docProps/core.xml": CORE, **parts})


def odt(body: str, **parts: str | bytes) -> bytes:
    space = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{space}:office:1.0" '
        f'xmlns:text="{space}:text:1.0"><office:body><office:text>{body}</office:text>'
        "</office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.text"
    return packed(**{"mimetype": kind, "content.xml": content, "meta.xml": META, **parts})


WORD = docx(
    paragraph(run("Le ") + run("titre")),
    paragraph(run(f"{SENTENCE},") + "<w:r><w:tab/></w:r>" + run("chaque nuit.")),
    paragraph('<w:r><w:br w:type="page"/></w:r>' + run("La seconde page.")),
)
WRITER = odt(
    '<text:h text:outline-level="1">Le <text:span>titre</text:span></text:h>'
    f"<text:p>{SENTENCE},<text:s/>chaque nuit.</text:p>"
    "<text:soft-page-break/><text:p>La seconde page.</text:p>"
)


@pytest.mark.parametrize("body", [WORD, WRITER], ids=["DOCX", "ODT"])
def test_an_office_document_gives_its_text_and_what_it_declares(body: bytes) -> None:
    reading = read_document(body, URL)
    assert (
        reading.text.replace("\n" + PAGE_BREAK, PAGE_BREAK).replace(PAGE_BREAK + "\n", PAGE_BREAK)
        == f"Le titre\n{SENTENCE}, chaque nuit.{PAGE_BREAK}La seconde page."
    )
    assert (reading.title, reading.authors, reading.lang) == ("Avis no 3", ("Ada Lenoir",), "fr")
    assert reading.published_at == datetime(2024, 5, 3, 8, 30, tzinfo=UTC)
    assert reading.details["pages"] == "2"


@pytest.mark.parametrize("body", [WORD, WRITER], ids=["DOCX", "ODT"])
def test_it_is_known_by_its_bytes_whatever_its_declared_type(body: bytes) -> None:
    response = Response(
        url=URL, final_url=URL, status=200, headers=(("Content-Type", "text/html"),),
        request_headers=(), body=body, fetched_at=datetime(2024, 5, 4, tzinfo=UTC),
    )  # fmt: skip
    assert read_page(response).title == "Avis no 3"


def test_words_taken_back_notes_and_boxes_do_not_run_into_the_text() -> None:
    body = docx(
        paragraph(run("Le port ") + f"<w:del>{run('ferme')}</w:del><w:ins>{run('ouvre.')}</w:ins>"),
        paragraph(run("Avant ") + f"<w:r><w:box>{paragraph(run('Encadré'))}</w:box></w:r>"),
    )
    assert read_document(body, URL).text.split("\n") == ["Le port ouvre.", "Avant", "Encadré"]
    note = "<text:note><text:note-body><text:p>Une note.</text:p></text:note-body></text:note>"
    text = read_document(odt(f"<text:p>Le port{note} ouvre.</text:p>"), URL).text
    assert text.split("\n") == ["Le port ouvre.", "Une note."]


LAUGHS = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 8))
ENTITIES = f"<!DOCTYPE x [<!ENTITY l0 'lol'>{LAUGHS}]>"
FILE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'


def lying(body: bytes) -> bytes:
    """Return the archive with a part that declares a hundredth of its size."""
    true = (60 * MIB).to_bytes(4, "little")
    return body.replace(true, (MIB // 2).to_bytes(4, "little"))


def encrypted(body: bytes) -> bytes:
    """Return the archive with every part flagged as encrypted in its directory."""
    out = bytearray(body)
    at = out.find(b"PK\x01\x02")
    while at >= 0:
        out[at + 8] |= 1
        at = out.find(b"PK\x01\x02", at + 4)
    return bytes(out)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (docx(parts={"word/document.xml": bytes(60 * MIB)}), "unpacks to more than"),
        (docx(parts={"word/document.xml": b"<a>" + b" " * (20 * MIB)}), "unpacks to more than"),
        (lying(docx(parts={"word/document.xml": bytes(60 * MIB)})), "damaged|unpacks"),
        (docx(paragraph(run("&l7;")), head=ENTITIES), "declares entities"),
        (docx(paragraph(run("&e;")), head=FILE), "declares entities"),
        (encrypted(WORD), "encrypted"),
        (docx(parts={"word/document.xml": "<w:document"}), "damaged"),
        (docx(parts={"word/document.xml": "<a>" * 100_000}), "damaged"),
        (docx(), "no text"),
        (packed(**{f"word/{n}.xml": "" for n in range(10_001)}), "ZIP or office file|parts"),
        (packed(**{"xl/workbook.xml": "<a/>"}), "ZIP or office file"),
        (WORD[:300], "ZIP or office file|damaged"),
    ],
    ids=[
        "bomb", "ratio", "lies about its size", "laughs", "file", "encrypted", "broken", "nested",
        "empty", "many members", "a sheet", "cut off",
    ],
)  # fmt: skip
def test_a_hostile_office_document_ends_in_a_plain_reason(body: bytes, reason: str) -> None:
    response = Response(
        url=URL, final_url=URL, status=200, headers=(), request_headers=(), body=body,
        fetched_at=datetime(2024, 5, 4, tzinfo=UTC),
    )  # fmt: skip
    with pytest.raises(ExtractError, match=reason):
        read_page(response)


def test_what_is_no_text_document_is_none() -> None:
    assert is_document(WORD)
    assert is_document(WRITER)
    assert not is_document(packed(**{"a.txt": "x"}))
    assert not is_document(b"PK\x03\x04")
