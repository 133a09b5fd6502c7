"""Faults 16 to 24: bombs, hostile documents, hostile names."""

import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from crawler.bounded import Bounded
from crawler.files import read_files
from crawler.reading import read_html
from model.errors import CrawlError, ExtractError, InputError
from model.source import SourceKind
from tests.cost import cheapest_s
from tests.crawler.misbehaving import NOON, SITE
from tests.crawler.reading_feeds import listing_of
from tests.faults.auditing import CONNECTIONS, audited
from tests.faults.watching import Watched, article, canary, feed, item, page, rss

ROOT = Path(__file__).resolve().parents[2]
MIB = 1024 * 1024

BOMB = """
import sys, zlib
import brotli
from crawler.content_encoding import BodyReader, zstd
from model.errors import CrawlError

PACKERS = {
    "br": lambda: brotli.Compressor(quality=1),
    "gzip": lambda: zlib.compressobj(1, wbits=31),
    "zstd": zstd.ZstdCompressor,
}
names = sys.argv[1].split(", ")

def peak():
    # what getrusage says begins with the size of the program that started this one
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmHWM")) // 1024

pieces = (bytes(1024 * 1024) for _ in range(512))
for name in names:
    packer = PACKERS[name]()
    feed, end = ("process", "finish") if name == "br" else ("compress", "flush")
    pieces = [*map(getattr(packer, feed), pieces), getattr(packer, end)()]
body = b"".join(pieces)
before = peak()
try:
    BodyReader("http://site.example/", names, 20 * 1024 * 1024).feed(body)
except CrawlError as error:
    print(error.state, peak() - before, peak())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the peak of one program")
@pytest.mark.parametrize("encoding", ["br", "gzip", "zstd", "gzip, gzip", "zstd, gzip"])
def test_fault_16_half_a_gigabyte_costs_the_process_little_memory(encoding: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BOMB, encoding],
        cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    state, grown_mib, peak_mib = done.stdout.split()
    assert state == "too_large"
    assert int(grown_mib) < 60
    assert int(peak_mib) < 150


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
MILLION = " ".join(f"a{n}=1" for n in range(1_000_000))


@pytest.fixture(scope="module")
def pool() -> Iterator[Bounded]:
    with Bounded(1, cpu_s=2, wall_s=20) as running:
        yield running


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
def test_fault_20_a_monstrous_item_costs_no_other(pool: Bounded, odd: str) -> None:
    body = rss(item(1), item(2, more=odd), item(3))
    entries = pool.call(listing_of, body).entries
    assert {entry.url for entry in entries} >= {f"http://{SITE}/a1", f"http://{SITE}/a3"}
    assert cheapest_s(lambda: listing_of(body), 10) < 10


HEAD = b"<!doctype html><html lang='fr'><title>Les cam\xc3\xa9ras du port</title><body><article>"
MONSTERS = {
    "20 000 nested tags": HEAD + b"<div>" * 20_000 + b"mot " * 100,
    "100 000 nested spans": HEAD + b"<span>" * 100_000 + b"mot " * 100,
    "one text node of 100 MB": HEAD + b"<p>" + b"mot " * (25 * MIB),
    "a million attributes": HEAD + b"<p " + MILLION.encode() + b">" + b"mot " * 100,
    "one line of 200 kB": HEAD + b"<p>" + b"x" * 200_000,
    "250 000 paragraphs": HEAD + b"<p>mot" * (MIB // 4),
    "130 000 links": HEAD + b"<a href=/a>mot</a> " * (MIB // 8),
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("body", MONSTERS.values(), ids=MONSTERS.keys())
def test_fault_20_a_monstrous_page_ends_in_its_worker(pool: Bounded, body: bytes) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.monotonic()
    try:
        pool.call(read_html, body, f"http://{SITE}/a")
    except ExtractError as error:
        assert error.state == "extract_failed"
    assert time.monotonic() - started < 20
    # what is asked travels as one more copy of it, and nothing else grows here
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < (2 * len(body)) // 1024 + 80 * 1024
    assert pool.call(read_html, article(1), f"http://{SITE}/b").title.startswith("Les caméras")


def test_fault_20_a_text_that_no_article_has_is_left_to_its_worker(pool: Bounded) -> None:
    page = b"<article><h1>Un titre</h1>" + (b"<p>" + b"CNIL " * 300 + b"</p>") * 1400
    with pytest.raises(ExtractError, match="longer than 2,000,000 characters"):
        pool.call(read_html, page, "http://site.example/a")


@pytest.mark.timeout(30)
def test_fault_20_a_page_that_ends_its_worker_costs_no_other_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.pipeline.Bounded", partial(Bounded, memory_bytes=48 * MIB))
    answers = {"/feed": feed(item(1), item(2), item(3)), "/a1": page(1), "/a3": page(3)}
    answers["/a2"] = page(2, body="<p>mot" * (3 * MIB))
    watched = Watched(tmp_path, answers)
    (fault,) = watched.make_pass().faults
    assert (fault.url, fault.state) == (f"http://{SITE}/a2", "extract_failed")
    assert "memory" in fault.reason
    assert set(watched.articles()) == {f"http://{SITE}/a1", f"http://{SITE}/a3"}


@pytest.mark.timeout(30)
def test_fault_20_a_feed_that_ends_its_worker_costs_no_other_feed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.pipeline.Bounded", partial(Bounded, memory_bytes=48 * MIB))
    huge = feed(item(1, more=f"<description>{'mot ' * (4 * MIB)}</description>"))
    answers = {"/huge": huge, "/feed": feed(item(2)), "/a2": page(2)}
    watched = Watched(tmp_path, answers, f"http://{SITE}/huge", f"http://{SITE}/feed")
    (fault,) = watched.make_pass().faults
    assert (fault.url, fault.state) == (f"http://{SITE}/huge", "extract_failed")
    assert set(watched.articles()) == {f"http://{SITE}/a2"}
