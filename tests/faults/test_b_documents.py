"""Faults 21, 22 and 24: documents, archives, names and types that lie."""

import gzip
import io
import resource
import time
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.bounded import Bounded
from crawler.documents import read_document
from crawler.files import read_files
from crawler.reading import read_page
from model.capture import Response
from model.errors import ExtractError, InputError
from store import open_store
from tests.crawler.misbehaving import NOON, SITE, http
from tests.crawler.test_documents import make_pdf as written_pages
from tests.faults.running import call_vigie, write_config
from tests.faults.watching import PARAGRAPH, Watched, article, feed, item, page, rss

MIB = 1024 * 1024

# --- PDF


def make_pdf(*objects: bytes, trailer: bytes = b"/Root 1 0 R", prev: bool = False) -> bytes:
    """Return a PDF of these objects, numbered from 1; `prev` makes its table point to itself."""
    body, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    start = len(body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    back = b"/Prev %d" % start if prev else b""
    return (
        body + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table
        + b"trailer\n<< /Size %d " % (len(objects) + 1) + trailer + back
        + b" >>\nstartxref\n%d\n%%%%EOF\n" % start
    )  # fmt: skip


CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R"
    b" /Resources << /Font << /F 5 0 R >> >> >>"
)
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def stream(content: bytes, name: bytes) -> bytes:
    return (
        b"<< /Length %d /Filter %s >>\nstream\n" % (len(content), name) + content + b"\nendstream"
    )


def flate_bomb(size_mib: int) -> bytes:
    packer = zlib.compressobj(9)
    words = b"BT /F 9 Tf (mot) Tj ET\n" * (MIB // 23)
    return b"".join([*(packer.compress(words) for _ in range(size_mib)), packer.flush()])


PDFS = {
    "tables that go round": make_pdf(CATALOG, PAGES, PAGE, stream(b"", b"[]"), FONT, prev=True),
    "flate bomb": make_pdf(
        CATALOG, PAGES, PAGE, stream(flate_bomb(400), b"/FlateDecode"), FONT
    ),
    "flate in flate": make_pdf(
        CATALOG, PAGES, PAGE,
        stream(zlib.compress(flate_bomb(400)), b"[/FlateDecode /FlateDecode]"), FONT,
    ),
    "no root, huge size": make_pdf(CATALOG, trailer=b"/Size 2000000000").replace(
        b"/Size 2 ", b""
    ),
    "pages that go round": make_pdf(
        CATALOG, b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 /Parent 2 0 R >>"
    ),
    "100 000 pages": make_pdf(
        CATALOG, b"<< /Type /Pages /Kids [" + b"3 0 R " * 100_000 + b"] /Count 100000 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>",
    ),
    "deep arrays": make_pdf(b"[" * 100_000 + b"]" * 100_000, trailer=b"/Root 1 0 R"),
}  # fmt: skip


@pytest.fixture(scope="module")
def hurried() -> Iterator[Bounded]:
    """Give each document two seconds, so that the test ends before the usual minute."""
    with Bounded(1, cpu_s=2, wall_s=4) as running:
        yield running


@pytest.mark.timeout(60)
@pytest.mark.parametrize("body", PDFS.values(), ids=PDFS.keys())
def test_fault_21_a_hostile_pdf_ends_in_a_child_that_is_limited(
    hurried: Bounded, body: bytes
) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.monotonic()
    with pytest.raises(ExtractError) as caught:
        hurried.call(read_document, body, f"http://{SITE}/a.pdf")
    assert caught.value.state == "extract_failed"
    assert time.monotonic() - started < 30  # whatever else this machine does: not the usual minute
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024


def test_fault_21_the_bytes_of_a_document_that_cannot_be_read_are_kept(tmp_path: Path) -> None:
    answers = {"/feed": feed(item(1), item(2)), "/a1": http(PDFS["deep arrays"]), "/a2": page(2)}
    watched = Watched(tmp_path, answers)
    (fault,) = watched.make_pass().faults
    assert fault.state == "extract_failed"
    assert list(watched.articles()) == [f"http://{SITE}/a2"]
    (archive,) = (watched.data / "captures").rglob("*.warc.gz")
    assert PDFS["deep arrays"] in gzip.decompress(archive.read_bytes())


def test_fault_21_a_document_is_imported_by_a_worker_and_shown_page_by_page(tmp_path: Path) -> None:
    write_config(tmp_path)
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "avis.pdf").write_bytes(written_pages(((PARAGRAPH,), ("Les caméras, la fin.",))))
    (folder / "bomb.pdf").write_bytes(PDFS["deep arrays"])
    imported = call_vigie(tmp_path, "import", str(folder))
    assert "bomb.pdf" in imported.stdout + imported.stderr
    shown = call_vigie(tmp_path, "show", "1").stdout
    assert shown.index("p. 1\n") < shown.index("Lambrecq garde") < shown.index("p. 2\n")
    assert shown.index("p. 2\n") < shown.index("la fin")


# --- archives and names


def zip_bomb() -> bytes:
    """Return a small archive with a huge member, a member outside and a link."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(50 * MIB))
        archive.writestr("../../outside.txt", "dehors")
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return out.getvalue()


NAMES = [
    *("../../etc/cron.d/x", "CON", "nul\\0", "x" * 300, "a\\u202egpj.exe", "..", "/etc/passwd"),
]


def test_fault_22_archives_and_names_write_nothing_outside_the_store(tmp_path: Path) -> None:
    answers = {"/feed": feed(*(item(n) for n in range(len(NAMES) + 1)))}
    for number, name in enumerate(NAMES):
        written = name.encode("ascii", "replace").decode()
        disposition = f'attachment; filename="{written}"'
        answers[f"/a{number}"] = http(article(number), Content_Disposition=disposition)
    answers[f"/a{len(NAMES)}"] = http(zip_bomb(), Content_Type="application/zip")
    watched = Watched(tmp_path, answers)
    (fault,) = watched.make_pass().faults
    assert (fault.state, "unpacks to more than" in fault.reason) == ("extract_failed", True)
    assert len(watched.articles()) == len(NAMES)
    files = sorted(
        path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()
    )
    assert [name for name in files if not name.startswith("data/vigie.db")] == [
        *(name for name in files if name.startswith("data/captures/2026/11/")),
        "data/gate.lock",
        "data/indexing.lock",
        "data/opening.lock",
        "data/writing.lock",
    ]


def test_fault_22_an_imported_file_is_kept_under_its_hash_whatever_its_name(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    for number, name in enumerate(
        ["CON.md", "a\u202edm.md", "é\n..md", f"{'x' * 250}.md", "-rf.md"]
    ):
        (folder / name).write_text(f"# Titre {number}\n\n{PARAGRAPH}\n", encoding="utf-8")
    with open_store(tmp_path / "data") as store:
        for found in read_files([folder]):
            assert not isinstance(found, InputError)
            assert found.reading is not None
            store.keep(
                found.reading, relevant=True, reasons=(), raw=found.raw,
                record_path=Path(found.path).name, now=NOON,
            )  # fmt: skip
        kept = [path for path in (tmp_path / "data" / "imports").rglob("*") if path.is_file()]
        assert len(kept) == 5
        assert {len(path.name) for path in kept} == {64}
        assert store.verify().captures == 5


def test_fault_22_a_compressed_file_is_not_blown_up(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(gzip.compress(bytes(200 * MIB), 1))
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(b"x" * (100 * MIB), 1))
    (tmp_path / "c.docx").write_bytes(zip_bomb())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = list(read_files([tmp_path]))
    assert all(isinstance(one, InputError) for one in found)
    assert len(found) == 3
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 250 * 1024


def test_fault_24_what_a_picture_or_a_script_calls_itself_makes_no_article(tmp_path: Path) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert("cam\xc3\xa9ras")</script></svg>'
    answers = {
        "/feed": feed(item(1), item(2), item(3)),
        "/a1": http(svg, Content_Type="image/png"),
        "/a2": http(b"\x89PNG\r\n\x1a\n" + b"cameras " * 200, Content_Type="text/html"),
        "/a3": http(b"GIF89a/*" + article(3) + b"*/", Content_Type="text/html"),
    }
    watched = Watched(tmp_path, answers)
    states = {fault.url[-2:]: fault.state for fault in watched.make_pass().faults}
    assert states["a1"] == states["a2"] == "extract_failed"
    assert "<script" not in "".join(
        text for url in watched.articles() for text in watched.versions(url)
    )


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


SCRIPT = b"<script>alert('cameras')</script>"
A_PDF = make_pdf(CATALOG, PAGES, PAGE, stream(b"", b"[]"), FONT)
POLYGLOTS = {
    "page with a PDF inside": (article(1, body=f"<!--{A_PDF.decode('latin-1')}-->"), True),
    "page that begins with a PDF's name": (b"<!--%PDF-1.7-->" + article(1), True),
    "GIF and script": (b"GIF89a=0;" + SCRIPT + article(1), False),
    "ZIP behind a page": (article(1, words="Le port. " * 99) + zipped(a=b"x"), True),
    "ZIP right behind a short page": (article(1) + zipped(a=b"x"), False),
    "page inside a ZIP": (zipped(a=article(1)), False),
    "PDF behind a ZIP": (zipped(a=b"x") + A_PDF, False),
    "PDF that is a page too": (A_PDF[:9] + article(1), False),
    "Java archive": (zipped(**{"META-INF/MANIFEST.MF": b"x", "content.xml": b"<a/>"}), False),
    "SVG with a script": (b"<svg xmlns='http://www.w3.org/2000/svg'>" + SCRIPT + b"</svg>", False),
    "program": (b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 4 + article(1), False),
    "script of a shell": (b"#!/bin/sh\n" + b"echo cameras\n" * 2, False),
}


@pytest.mark.parametrize("kind", ["text/html", "application/pdf", "image/png", "application/zip"])
@pytest.mark.parametrize(("body", "is_page"), POLYGLOTS.values(), ids=POLYGLOTS.keys())
def test_fault_24_bytes_decide_what_a_document_is(body: bytes, is_page: bool, kind: str) -> None:
    response = Response(
        url=f"http://{SITE}/a", final_url=f"http://{SITE}/a", status=200,
        headers=(("Content-Type", kind),), request_headers=(), body=body, fetched_at=NOON,
    )  # fmt: skip
    if is_page:
        reading = read_page(response)
        assert reading.title == "Les caméras du port, épisode 1"
        assert "%PDF" not in reading.text
        assert "PK" not in reading.text
    else:
        with pytest.raises(ExtractError):
            read_page(response)


def test_fault_24_what_calls_itself_a_feed_is_a_feed_only_by_its_bytes(tmp_path: Path) -> None:
    answers = {
        "/page": http(article(1), Content_Type="application/rss+xml"),
        "/pdf": http(A_PDF, Content_Type="application/rss+xml"),
        "/feed": http(rss(item(1)), Content_Type="image/png"),
        "/a1": page(1),
    }
    sources = [f"http://{SITE}/{name}" for name in ("page", "pdf", "feed")]
    watched = Watched(tmp_path, answers, *sources)
    states = {fault.url: fault.state for fault in watched.make_pass().faults}
    assert states == dict.fromkeys(sources[:2], "not_a_feed")
    assert set(watched.articles()) == {f"http://{SITE}/a1"}
