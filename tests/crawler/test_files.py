import gzip
import hashlib
import json
import sys

import pytest

from crawler.batch import extract_batch
from crawler.files import FileItem, read_file, read_files
from model.article import Access
from model.errors import InputError
from model.source import DateSource
from tests.crawler import jobs
from tests.faults.watching import article

SENTENCE = "Le conseil municipal a voté mardi soir la fermeture du vieux pont de pierre. "
HTML = (
    "<html lang='fr'><head><link rel='canonical' href='https://journal.example/pont'></head>"
    f"<body><article><h1>Le pont ferme</h1><p>{SENTENCE * 3}</p></article></body></html>"
)


def read(tmp_path, name, content):
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(read_files([path]))


def only(tmp_path, name, content):
    (item,) = read(tmp_path, name, content)
    assert isinstance(item, FileItem), item
    return item


@pytest.mark.parametrize("name", ["a.html", "a.htm", "a.txt", "a", "a.html.gz"])
def test_a_page_is_read_as_one_whatever_its_name(tmp_path, name):
    content = gzip.compress(HTML.encode()) if name.endswith(".gz") else HTML
    reading = only(tmp_path, name, content).reading
    assert (reading.title, reading.url) == ("Le pont ferme", "https://journal.example/pont")


def test_a_record_without_an_address_is_named_after_its_bytes(tmp_path):
    content = b"A title\n\n" + SENTENCE.encode()
    reading = only(tmp_path, "a.txt", content).reading
    assert reading.url == f"urn:sha256:{hashlib.sha256(content).hexdigest()}"


@pytest.mark.parametrize(
    ("content", "title", "text"),
    [
        ("# Le pont\n\nIl ferme.\n", "Le pont", "Il ferme."),
        ("---\ntitle: Le pont\n---\nIl ferme.\n\n## Après\n\nRien.\n", "Le pont",
         "Il ferme.\nAprès\nRien."),
        ("+++\ntitle = 'Le pont'\n+++\nIl ferme.", "Le pont", "Il ferme."),
        ("\ufeff---\r\ntitle: Le pont\r\n---\r\nIl ferme.\r\n", "Le pont", "Il ferme."),
    ],
    ids=["heading", "yaml", "toml", "bom and windows lines"],
)  # fmt: skip
def test_markdown_takes_its_title_from_front_matter_or_heading(tmp_path, content, title, text):
    reading = only(tmp_path, "a.md", content).reading
    assert (reading.title, reading.text) == (title, text)


def test_a_record_keeps_its_other_addresses(tmp_path):
    content = (
        "---\ntitle: T\nexcerpt: E\noriginalUrl: https://a.example/1\n"
        "ampWebUrl: https://a.example/1/amp\ncdnAmpWebUrl: https://cdn.example/1\n---\n"
    )
    reading = only(tmp_path, "r.txt", content).reading
    assert reading.other_urls == ("https://a.example/1/amp", "https://cdn.example/1")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("---\ntitle: [unclosed\n---\n", "front matter"),
        ("---\na: &a [x]\nb: [*a, *a]\n---\n", "alias"),
        ("---\n- just\n- a list\n---\n", "key: value"),
        ("---\ncategory: news\n---\n", "neither a title nor a text"),
        ("---\n" + "[" * 20_000 + "\n---\n", "front matter"),
        ("   \n", "empty"),
        (b"\x00\x01\x02binary\x00", "neither a page nor text"),
    ],
    ids=["bad yaml", "aliases", "a list", "hollow", "too deep", "empty", "binary"],
)
def test_a_broken_record_is_one_error_with_a_sentence(tmp_path, content, reason):
    (error,) = read(tmp_path, "r.txt", content)
    assert isinstance(error, InputError)
    assert reason in error.reason


def test_a_bad_line_is_named_and_the_others_are_read(tmp_path):
    lines = [
        {"url": "https://a.example/1", "title": "Un", "text": SENTENCE, "published_at":
         "2023-11-15T08:00:00+01:00", "lang": "fr", "site": "a.example"},
        "{broken",
        {"title": "no text"},
        {"text": SENTENCE, "published": "2011-03-24"},
        {"text": SENTENCE, "published_at": "soon"},
        {"text": 7},
    ]  # fmt: skip
    content = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    found = read(tmp_path, "a.jsonl", content + "\n\n")
    assert [item.line for item in found] == [1, 2, 3, 4, 5, 6]
    assert [isinstance(item, InputError) for item in found] == [
        False,
        True,
        True,
        False,
        True,
        True,
    ]
    first, other = found[0].reading, found[3].reading
    assert (first.title, first.site, first.date_source) == ("Un", "a.example", DateSource.RECORD)
    assert (other.published_at.date().isoformat(), other.published_precision) == (
        "2011-03-24",
        "day",
    )


EXPORTED = {
    "url": "https://a.example/1?id=7",
    "title": " Un titre ",
    "text": "Un texte.\n",
    "authors": ["La rédaction", "Jeanne Roy, envoyée spéciale"],
    "published_at": "2023-11-14T23:00:00Z",
    "published_precision": "day",
    "date_source": "json-ld",
    "modified_at": "2023-11-15T08:00:00Z",
    "lang": "fr",
    "access": "subscribers",
    "addresses": ["https://a.example/1?id=7", "https://a.example/amp/1"],
    "details": {"site_name": "La Gazette"},
    "text_sha256": "ab" * 32,
    "first_seen_at": "2020-01-01T00:00:00Z",
    "starred": True,
}


def test_a_line_that_was_exported_comes_back_as_it_stood(tmp_path):
    (item,) = read(tmp_path, "a.jsonl", json.dumps(EXPORTED) + "\n")
    reading = item.reading
    assert (reading.title, reading.text) == (EXPORTED["title"], EXPORTED["text"])
    assert list(reading.authors) == EXPORTED["authors"]
    assert (reading.published_precision, reading.date_source) == ("day", DateSource.JSON_LD)
    assert (reading.access, reading.modified_at.hour) == (Access.SUBSCRIBERS, 8)
    assert (reading.canonical_url, reading.site) == (EXPORTED["url"], "a.example")
    assert (reading.other_urls, reading.details) == (
        ("https://a.example/amp/1",),
        EXPORTED["details"],
    )


@pytest.mark.parametrize(
    "spoilt",
    [
        {"access": "open"},
        {"published_at": "9999-12-31T23:59:59Z"},
        {"published_at": "0001-01-01T00:00:00Z"},
        {"modified_at": "soon"},
        {"published_precision": "century"},
        {"date_source": "rumour"},
        {"authors": "Jeanne"},
        {"details": {"a": 1}},
        {"title": " ", "text": " "},
        {"url": None},
    ],
    ids=str,
)
def test_a_spoilt_exported_line_is_named(tmp_path, spoilt):
    (error,) = read(tmp_path, "a.jsonl", json.dumps(EXPORTED | spoilt) + "\n")
    assert isinstance(error, InputError)
    assert error.line == 1


def test_a_list_of_addresses_becomes_leads(tmp_path):
    content = "# to read\nhttps://a.example/1\n\nhttps://a.example/2\nftp://a.example/3\n"
    error, item = read(tmp_path, "addresses.txt", content)
    assert [lead.url for lead in item.leads] == ["https://a.example/1", "https://a.example/2"]
    assert (error.line, item.reading) == (5, None)


def test_opml_becomes_unchecked_sources_once_each(tmp_path):
    outline = '<outline text="A" xmlUrl="https://a.example/feed" language="fr-FR"/>'
    content = f'<?xml version="1.0"?><opml version="2.0"><body>{outline * 2}</body></opml>'
    (source,) = only(tmp_path, "feeds.opml", content).sources
    assert (source.url, source.name, source.lang, source.checked) == (
        "https://a.example/feed", "A", "fr", False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('<!DOCTYPE o [<!ENTITY a "b">]><opml>&a;</opml>', "entities"),
        ("<opml><body>", "XML is broken"),
    ],
    ids=["entities", "cut off"],
)
def test_hostile_or_broken_opml_is_refused(tmp_path, content, reason):
    (error,) = read(tmp_path, "feeds.opml", content)
    assert reason in error.reason


def make_warc(*pages):
    return b"".join(gzip.compress(make_record(*page)) for page in pages)


def make_record(url, kind, body):
    http = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n".encode() + body
    head = (
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\n"
        "WARC-Date: 2024-01-01T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
        f"Content-Type: application/http;msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def test_an_archive_gives_its_pages_and_passes_the_rest_by(tmp_path):
    content = make_warc(
        ("https://journal.example/pont", "text/html", HTML.encode()),
        ("https://journal.example/p.png", "image/png", b"\x89PNG"),
        ("https://journal.example/empty", "text/html", b"<html></html>"),
    )
    item, error = read(tmp_path, "a.warc.gz", content)
    assert (item.reading.title, item.response.url) == (
        "Le pont ferme",
        "https://journal.example/pont",
    )
    assert (item.response.status, item.raw) == (200, HTML.encode())
    assert isinstance(error, InputError)
    assert "journal.example/empty" in error.reason


def test_folders_are_read_in_name_order_to_any_depth(tmp_path):
    for name in ("b/2.txt", "b/1.txt", "a.txt", ".hidden/x.txt"):
        read(tmp_path, name, f"{name}\n\n{SENTENCE}")
    found = list(read_files([tmp_path]))
    titles = [item.reading.title for item in found if isinstance(item, FileItem) and item.reading]
    assert titles == ["a.txt", "b/1.txt", "b/2.txt"]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("gone.txt", None, "No such file"),
        ("cut.html.gz", gzip.compress(HTML.encode())[:60], "compression is broken"),
        ("wall.html", "<title>Just a moment...</title><body><p>Wait</p>", "captcha"),
    ],
    ids=["missing", "cut gzip", "wall"],
)
def test_a_file_that_cannot_be_read_is_an_error_and_nothing_is_raised(
    tmp_path, name, content, reason
):
    if content is None:
        (error,) = read_files([tmp_path / name])
    else:
        (error,) = read(tmp_path, name, content)
    assert isinstance(error, InputError)
    assert reason in error.reason


KEYS = [
    "path", "url", "canonical_url", "title", "authors", "published_at", "modified_at", "lang",
    "site", "text", "access",
]  # fmt: skip


@pytest.mark.parametrize("processes", [1, 2])
def test_a_batch_keeps_its_order_and_goes_on_after_a_bad_page(tmp_path, processes):
    paths = []
    for number in range(20):
        path = tmp_path / f"{number}.html"
        path.write_text("" if number == 7 else HTML.replace("pont", f"pont {number}"))
        paths.append((str(path), f"https://journal.example/{number}"))
    rows = list(extract_batch(paths, processes=processes))
    assert [row["path"] for row in rows] == [path for path, _ in paths]
    assert [number for number, row in enumerate(rows) if "error" in row] == [7]
    assert list(rows[0]) == KEYS
    assert (rows[3]["url"], rows[3]["lang"]) == ("https://journal.example/3", "fr")


def test_a_batch_states_a_day_as_a_day_and_a_time_in_utc(tmp_path):
    path = tmp_path / "a.jsonl"
    dates = ("2023-11-15", "2023-11-15T08:00:00+01:00")
    lines = [json.dumps({"text": SENTENCE, "published_at": date}) for date in dates]
    path.write_text("\n".join(lines))
    rows = list(extract_batch([(str(path), None)]))
    assert [row["published_at"] for row in rows] == ["2023-11-15", "2023-11-15T07:00:00Z"]
    assert rows[0]["lang"] == "fr"


@pytest.mark.timeout(60)
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a worker does not see what is faked")
@pytest.mark.parametrize(
    ("job", "reason"),
    [
        (jobs.spin, "ended"),
        (jobs.eat_memory, "memory"),
        (jobs.nest, "deeply"),
        (jobs.leave, "ended"),
    ],
    ids=["spins", "eats memory", "recurses", "leaves"],
)
def test_a_page_of_a_batch_that_goes_wrong_costs_no_other(tmp_path, monkeypatch, job, reason):
    paths = []
    for number in range(6):
        path = tmp_path / f"{number}.html"
        path.write_bytes(article(number))
        paths.append((str(path), None))

    def read(path, url):
        return job(str(path)) if path.name == "3.html" else read_file(path, url)

    monkeypatch.setattr("crawler.batch.read_file", read)
    monkeypatch.setattr("crawler.batch.CPU_S", 0)
    rows = list(extract_batch(paths, processes=2))
    assert [row["path"] for row in rows] == [path for path, _ in paths]
    assert [number for number, row in enumerate(rows) if "error" in row] == [3]
    assert reason in rows[3]["error"]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a worker does not see what is faked")
def test_a_page_of_a_batch_may_write_and_connect_to_nothing(tmp_path, monkeypatch):
    path = tmp_path / "a.html"
    path.write_bytes(article(1))
    monkeypatch.setattr("crawler.batch.read_file", lambda path, url: jobs.remove_file(str(path)))
    with pytest.raises(PermissionError, match="a document may not"):
        list(extract_batch([(str(path), None)]))
    assert path.exists()
