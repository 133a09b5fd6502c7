"""Faults 16 to 24: bombs, hostile documents, hostile names."""

import gzip
import io
import resource
import subprocess
import sys
import time
import zipfile
import zlib
from pathlib import Path

import pytest

from crawler.documents import read_pdf
from crawler.files import read_files
from crawler.reading import read_html
from model.errors import CrawlError, ExtractError, InputError
from model.source import SourceKind
from store import open_store
from tests.cost import cheapest_s
from tests.crawler.misbehaving import NOON, SITE, http
from tests.crawler.reading_feeds import listing_of
from tests.faults.auditing import CONNECTIONS, audited
from tests.faults.watching import PARAGRAPH, Watched, article, canary, feed, item, page, rss

ROOT = Path(__file__).resolve().parents[2]
MIB = 1024 * 1024

BOMB = """
import resource, sys, zlib
import brotli
from crawler.encodings import BodyReader
from model.errors import CrawlError

def pieces(name):
    packer = brotli.Compressor(quality=1) if name == "br" else zlib.compressobj(1, wbits=31)
    feed = packer.process if name == "br" else packer.compress
    yield from (feed(bytes(1024 * 1024)) for _ in range(512))
    yield packer.finish() if name == "br" else packer.flush()

body = b"".join(pieces(sys.argv[1]))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    BodyReader("http://site.example/", [sys.argv[1]], 20 * 1024 * 1024).feed(body)
except CrawlError as error:
    print(error.state, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_fault_16_half_a_gigabyte_costs_the_process_little_memory(encoding: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BOMB, encoding],
        cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    state, grown_mib = done.stdout.split()
    assert state == "too_large"
    assert int(grown_mib) < 60


def test_fault_17_a_body_beyond_the_cap_is_no_document_and_gives_no_validators(
    tmp_path: Path,
) -> None:
    many = [item(n, more=f"<description>{'x' * 2000}</description>") for n in range(50)]
    whole = rss(*many)
    endless = b'HTTP/1.1 200 OK\r\nETag: "e"\r\nContent-Type: application/rss+xml\r\n\r\n' + whole
    watched = Watched(tmp_path, {"/feed": endless}, max_bytes=len(whole) // 2)
    (fault,) = watched.make_pass().faults
    state = watched.state()
    assert (fault.state, state.state, state.etag, state.body_sha256) == (
        "too_large", "too_large", None, None,
    )  # fmt: skip
    with watched.store() as store:
        assert store.pending_entries(now=NOON, limit=9) == ()


# --- XML


LAUGHS = "".join(f"<!ENTITY l{n} '" + f"&l{n - 1};" * 10 + "'>" for n in range(1, 8))
DOCTYPE = f'<!DOCTYPE x [<!ENTITY l0 "lol">{LAUGHS}]>'
OPML = DOCTYPE + (
    '<opml version="2.0"><body><outline text="&l7;" xmlUrl="https://a.example/&l7;"/></body></opml>'
)
ENCODED = [
    pytest.param(OPML.encode(encoding), id=encoding) for encoding in ("utf-8", "utf-16", "utf-32")
] + [
    pytest.param(f'<?xml version="1.0" encoding="{encoding}"?>{OPML}'.encode(encoding), id=encoding)
    for encoding in ("utf-16-be", "cp037", "utf-7")
]


@pytest.mark.timeout(20)
@pytest.mark.parametrize("body", ENCODED)
def test_fault_18_an_opml_bomb_is_refused_at_once_in_any_encoding(
    tmp_path: Path, body: bytes
) -> None:
    (tmp_path / "feeds.opml").write_bytes(body)
    started = time.process_time()
    (found,) = read_files([tmp_path / "feeds.opml"])
    assert time.process_time() - started < 1
    assert isinstance(found, InputError)
    expected = "declares entities" if b"<!ENTITY" in body else "XML is broken"
    assert expected in found.reason


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_fault_18_a_sitemap_bomb_is_refused_at_once(encoding: str) -> None:
    body = f"{DOCTYPE}<urlset><url><loc>https://press.example/&l7;</loc></url></urlset>"
    started = time.process_time()
    with pytest.raises(CrawlError, match="entities"):
        listing_of(body.encode(encoding), kind=SourceKind.SITEMAP)
    assert time.process_time() - started < 1


def test_fault_18_a_page_full_of_entities_is_read_as_text() -> None:
    started = time.process_time()
    reading = read_html(DOCTYPE.encode() + article(1, words="&l7; &amp;"), f"http://{SITE}/")
    assert time.process_time() - started < 1
    assert len(reading.text) < 10_000


def external(place: str) -> dict[str, bytes]:
    """Return documents of each kind that name something outside themselves."""
    entity = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{place}">]>'
    dtd = f'<!DOCTYPE x SYSTEM "{place}">'
    parameter = f'<!DOCTYPE x [<!ENTITY % p SYSTEM "{place}"> %p;]>'
    include = (
        f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{place}" parse="text"/>'
    )
    sheet = f'<?xml-stylesheet type="text/xsl" href="{place}"?>'
    documents = {}
    for number, head in enumerate((entity, dtd, parameter, sheet)):
        documents[f"{number}.opml"] = (
            f'{head}<opml><body><outline text="&e;" xmlUrl="http://a.example/"/>{include}</body>'
            "</opml>"
        ).encode()
        documents[f"{number}.html"] = head.encode() + article(1, body=f"&e;{include}")
        documents[f"{number}.rss"] = head.encode() + rss(item(1, more=f"&e;{include}"))
        documents[f"{number}.xml"] = (
            f"{head}<urlset><url><loc>http://press.example/</loc>&e;{include}</url></urlset>"
        ).encode()
    return documents


def test_fault_19_no_document_opens_a_file_or_a_connection(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    # libxml2 opens files where no audit sees it: what it read would stand in what is shown
    secret.write_text('<!ENTITY e "un secret du disque">', encoding="utf-8")
    with canary() as bird, audited() as seen:
        for place in (secret.as_uri(), str(secret), f"{bird.address}/x.dtd"):
            for name, body in external(place).items():
                (tmp_path / name).write_bytes(body)
                shown = "".join(map(repr, read_files([tmp_path / name])))
                for kind in (SourceKind.FEED, SourceKind.SITEMAP):
                    try:
                        shown += repr(listing_of(body, kind=kind))
                    except CrawlError as error:
                        assert error.state == "not_a_feed"
                assert "secret du disque" not in shown
        assert bird.hits() == 0
    assert [one for one in seen if one[0] in CONNECTIONS or "secret.txt" in one[1]] == []


MANY = " ".join(f"a{n}='1'" for n in range(5_000))


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "odd",
    [
        f"<description>{'<b>' * 20_000}</description>",
        f"<description>{'mot ' * 2_000_000}</description>",
        f"<description {MANY}>x</description>",
        f"<description>{'x' * 200_000}</description>",
        f"<description>{'&amp;lt;' * 200_000}</description>",
    ],
    ids=["nested tags", "8 MB of text", "5 000 attributes", "one line", "entities"],
)
def test_fault_20_a_monstrous_item_costs_no_other(odd: str) -> None:
    feed = rss(item(1), item(2, more=odd), item(3))
    entries = listing_of(feed).entries
    assert {entry.url for entry in entries} >= {f"http://{SITE}/a1", f"http://{SITE}/a3"}
    assert cheapest_s(lambda: listing_of(feed), 10) < 10


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


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each document two seconds, so that the test ends before the usual minute."""
    monkeypatch.setattr("crawler.documents.CPU_S", 2)


@pytest.mark.timeout(60)
@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("body", PDFS.values(), ids=PDFS.keys())
def test_fault_21_a_hostile_pdf_ends_in_a_child_that_is_limited(body: bytes) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.monotonic()
    with pytest.raises(ExtractError) as caught:
        read_pdf(body, f"http://{SITE}/a.pdf", wall_s=4)
    assert caught.value.state == "extract_failed"
    assert time.monotonic() - started < 8
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024


def test_fault_21_the_bytes_of_a_document_that_cannot_be_read_are_kept(tmp_path: Path) -> None:
    answers = {"/feed": feed(item(1), item(2)), "/a1": http(PDFS["deep arrays"]), "/a2": page(2)}
    watched = Watched(tmp_path, answers)
    (fault,) = watched.make_pass().faults
    assert fault.state == "extract_failed"
    assert list(watched.articles()) == [f"http://{SITE}/a2"]
    (archive,) = (watched.data / "captures").rglob("*.warc.gz")
    assert PDFS["deep arrays"] in gzip.decompress(archive.read_bytes())


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
    assert (fault.state, "ZIP" in fault.reason) == ("extract_failed", True)
    assert len(watched.articles()) == len(NAMES)
    files = sorted(
        path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()
    )
    assert [name for name in files if not name.startswith("data/vigie.db")] == [
        *(name for name in files if name.startswith("data/captures/2026/11/")),
        "data/opening.lock",
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
