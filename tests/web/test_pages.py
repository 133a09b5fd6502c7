"""The pages of `vigie serve`, asked as a browser would."""

import re
from datetime import UTC, date, datetime
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from litestar.testing import TestClient

from model.config import parse_config
from model.mention import DateMention, EntityKind, Mention, Precision, Quote, Tags
from store import open_store
from store.records import Bucket
from tests.held_affair import (
    CONFIG,
    EDITED,
    HOSTILE,
    LONG,
    SEEN,
    fill,
    make_event,
    make_reading,
    sought,
)
from web import app as web_app
from web.app import create_app
from web.asked import choose_language
from web.charts import MAX_MONTHS, draw_bars
from web.marking import mark_text

CORPUS = Path(__file__).resolve().parents[2].parent / "shared/corpora/hostile/xss"
LOCAL = "http://127.0.0.1:8350"
NOW = datetime(2024, 2, 1, 12, tzinfo=UTC)

HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


def open_site(data):
    return TestClient(
        create_app(data, parse_config(CONFIG), clock=lambda: NOW),
        base_url=LOCAL,
        raise_server_exceptions=False,
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    data = tmp_path_factory.mktemp("site") / "data"
    fill(data)
    with open_site(data) as client:
        yield client


class PageReader(HTMLParser):
    """Collects every tag of a page with its attributes, as a browser would read them."""

    def __init__(self, html):
        super().__init__()
        self.tags = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def values(self, name):
        return [attrs[name] for _, attrs in self.tags if name in attrs]


OURS = {
    *("html", "head", "meta", "title", "link", "body", "a", "header", "p", "bdi", "nav", "main"),
    *("h1", "h2", "h3", "form", "input", "button", "pre", "ul", "li", "span", "figure", "svg"),
    *("rect", "figcaption", "ol", "div", "details", "summary", "br", "footer", "mark", "article"),
    *("section", "table", "tr", "th", "td", "code"),
}


def assert_harmless(html):
    """Assert that a page holds only tags and addresses of our own templates."""
    page = PageReader(html)
    assert {tag for tag, _ in page.tags} <= OURS
    names = {name for _, attrs in page.tags for name in attrs}
    assert not {name for name in names if name.startswith("on") or name in ("style", "src")}
    for href in page.values("href"):
        assert href.startswith(("/", "#", "?", "http://", "https://", "data:,")), href


# --- what is shown


def test_the_timeline_shows_what_happened_with_the_sentences_that_say_it(site):
    page = site.get("/?lang=en").text
    assert "15 November 2023" in page
    assert "La CNIL ouvre un contrôle le 15 novembre 2023." in page
    assert "inferred date" in page
    assert "/article/1?at=0-46&amp;lang=en#said" in page


def test_the_cited_sentence_is_shown_in_its_text(site):
    page = site.get("/article/1?at=0-46").text
    paragraph = sought(r'<p dir="auto" id="said">(.*?)</p>', page)
    said = re.findall(r'<(?:span|mark) class="[^"]*said"[^>]*>([^<]*)<', paragraph)
    assert unescape("".join(said)) == "La CNIL ouvre un contrôle le 15 novembre 2023."


def test_by_publication_only_the_relevant_stand_there(site):
    page = site.get("/?by=published&lang=fr").text
    assert "La CNIL contrôle enfin les caméras du port" in page
    assert "soupe" not in page
    assert "daté du futur" in page
    assert "sans date, vu le 21 novembre 2023" in page
    assert "modifié" in page


def test_an_article_shows_its_marks_its_history_and_its_proof(site):
    page = site.get("/article/1?lang=en").text
    assert '<mark class="listed" title="CNIL">CNIL</mark>' in page
    assert '<mark class="date" title="2023-11-15">15 novembre 2023</mark>' in page
    for told in ("Kept for", "caméras", "Who is named", "Quotes", "Nous vérifions", "Versions",
                 "repeated by", "copie.example", "edited: headline, text", "SHA-256",
                 "Le contrôle du port", "Jeanne Roy"):  # fmt: skip
        assert told in page, told


def test_a_query_narrows_both_timelines(site):
    assert site.get("/?q=rien&lang=fr").text.count('<p class="when">') == 1
    page = site.get("/?by=published&q=site:ledger.example").text
    assert page.count('<p class="when">') == 1
    assert LONG not in page
    assert '<mark class="found">' in site.get("/?by=published&q=CNIL").text


@pytest.mark.parametrize(
    "query", ["title:(", "a AND", '"', "(", "NEAR(", "*", "", "-", "date:2023-99", "l'affaire"]
)
def test_any_query_gives_a_page(site, query):
    for by in ("event", "published"):
        answer = site.get("/", params={"q": query, "by": by})
        assert answer.status_code == 200
        assert PageReader(answer.text).values("value")[0] == query


@pytest.mark.parametrize("by", ["event", "published"])
def test_a_misspelt_name_leads_to_the_one_that_may_be_meant(site, by):
    page = site.get("/", params={"q": "entity:CNLI", "by": by, "lang": "fr"}).text
    assert "Vouliez-vous dire" in page
    href = sought(r'<p class="nothing">.*?<a href="([^"]*)"', page).replace("&amp;", "&")
    assert "Vouliez-vous dire" not in site.get(href).text
    assert "q=entity%3ACNIL" in href
    assert "Vouliez-vous dire" not in site.get("/", params={"q": "zzzz", "by": by}).text


def test_a_wrong_query_is_shown_with_its_place(site):
    page = site.get("/", params={"q": "title:("}).text
    shown = sought(r'<pre class="error" role="alert">(.*?)</pre>', page)
    assert shown.splitlines()[1:] == ["  title:(", "         ^"]


def test_the_page_speaks_the_language_asked_for(site):
    assert '<html lang="fr">' in site.get("/?lang=fr").text
    english = site.get("/", headers={"accept-language": "en-GB,fr;q=0.5"}).text
    assert '<html lang="en">' in english
    assert "What happened" in english


@pytest.mark.parametrize(
    ("asked", "accepted", "usual", "language"),
    [
        ("en", "fr", ("fr",), "en"),
        (None, "de, en;q=0.4, fr;q=0.9", ("en",), "fr"),
        (None, "fr;q=0, en;q=0.1", ("fr",), "en"),
        ("xx", "*;q=nonsense", ("de", "fr"), "fr"),
        (None, None, ("de",), "en"),
    ],
)
def test_a_language_is_chosen_in_order(asked, accepted, usual, language):
    assert choose_language(asked, accepted, usual) == language


def test_an_empty_store_says_what_to_try(tmp_path):
    with open_store(tmp_path):
        pass
    with open_site(tmp_path) as client:
        assert "vigie run" in client.get("/?lang=fr").text


def test_older_articles_are_on_further_pages(tmp_path):
    with open_store(tmp_path) as store:
        for number in range(90):
            reading = make_reading(number, f"Titre {number}", f"caméras {number}")
            store.keep(reading, relevant=True, reasons=("x",), now=SEEN)
    seen, address = [], "/?by=published"
    with open_site(tmp_path) as client:
        while address:
            page = client.get(address).text
            seen += re.findall(r"/article/(\d+)", page)
            older = re.search(r'<p class="older"><a href="([^"]*)"', page)
            address = unescape(older[1]) if older else ""
    assert sorted(map(int, seen)) == list(range(1, 91))


# --- protection


NINES = "9" * 60
ADDRESSES = [
    *("/", "/?by=published", "/article/1", "/article/99", "/article/0", "/article/x", "/nope"),
    *("/?before=x", "/?before=-1", f"/article/{'9' * 5000}", f"/?before={'9' * 60}"),
    *("/entities", "/entity", "/entity?name=CNIL", "/entity?name=%ff", f"/entity?name=%23{NINES}"),
    *("/style.css", "/static/%2e%2e/app.py", "/..%2f..%2fconfig.toml", "/%ff", "/?q=%ff%00"),
]


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: address[:30])
def test_every_answer_is_protected_and_none_is_a_failure(site, address):
    answer = site.get(address)
    assert answer.status_code < 500
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    ("address", "status"),
    [("/nope", 404), ("/article/99", 404), ("/article/x", 404), ("/?before=x", 400)],
)
def test_an_error_has_a_plain_page(site, address, status):
    answer = site.get(address, headers={"accept-language": "fr"})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "Retour à la chronologie" in answer.text


def test_what_cannot_be_made_tells_nothing_of_its_inside(site, monkeypatch):
    def fail(*_, **__):
        raise RuntimeError("<b>secret</b>")

    monkeypatch.setattr(web_app, "build_timeline", fail)
    answer = site.get("/")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert answer.headers["content-security-policy"] == HEADERS["content-security-policy"]


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_nothing_can_be_changed(site, method):
    assert getattr(site, method)("/").status_code == 405


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1", 200), ("localhost:1", 200), ("LOCALHOST", 200), ("[::1]:8350", 200),
        ("evil.example", 400), ("127.0.0.1.evil.example", 400), ("127.0.0.1@evil.example", 400),
        ("", 400), ("localhost:8350, evil.example", 400), ("127.0.0.2", 400), ("localhost:x", 400),
    ],
)  # fmt: skip
def test_fault_77_only_this_machine_by_its_own_name_is_answered(site, host, status):
    for address in ("/", "/nope", "/style.css"):
        answer = site.get(address, headers={"host": host})
        assert (answer.status_code == 400) == (status == 400)
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_outbound_links_take_nothing_along(site):
    page = site.get("/article/1").text
    outbound = [
        attrs for _, attrs in PageReader(page).tags if attrs.get("href", "").startswith("http")
    ]
    assert [attrs["href"] for attrs in outbound] == ["https://gazette.example/1"]
    assert all(attrs["rel"] == "noopener noreferrer" for attrs in outbound)


# --- hostile texts


def hostile_site(data, texts):
    """Fill a store in which everything a site can write is hostile."""
    with open_store(data) as store:
        for number, text in enumerate(texts, start=1):
            reading = make_reading(
                number, text, f"{text}\n{text} caméras", url=f"https://x.example/{number}",
                authors=(text,), site=text, lang=text, summary=text,
            )  # fmt: skip
            kept = store.keep(reading, relevant=True, reasons=(text,), now=EDITED)
            size = max(1, len(text))
            found = Tags(
                lang=text,
                mentions=(Mention(start=0, end=size, text=text, entity=f"{text}{number}",
                                  kind=EntityKind.OTHER, by="list"),),
                dates=(DateMention(start=0, end=size, text=text, from_on=date(2023, 1, 1),
                                   to_on=date(2023, 1, 1), precision=Precision.DAY),),
                quotes=(Quote(start=0, end=size, text=text, speaker=text, verb=text),),
            )  # fmt: skip
            store.save_tags(kept.version_id, found, (), tagger="t", now=EDITED)
        store.replace_events(
            None, [make_event(n, date(2023, 1, 1), t, 1.0) for n, t in enumerate(texts, start=1)]
        )


FAULT_71 = [
    HOSTILE,
    '"onmouseover="alert(1)" x="',
    "'><img src=x onerror=alert(1)>",
    "</title></style></textarea></script><svg onload=alert(1)>",
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% for x in () %}",
    "]]><!--",
]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    data = tmp_path_factory.mktemp("hostile") / "data"
    hostile_site(data, FAULT_71)
    with open_site(data) as client:
        yield client


@pytest.mark.parametrize("number", range(1, len(FAULT_71) + 1))
def test_fault_71_what_sites_write_is_shown_as_text(hostile, number):
    page = hostile.get(f"/article/{number}").text
    assert_harmless(page)
    shown = FAULT_71[number - 1].replace("\x1b", "\\u001b").replace("\u202e", "\\u202e")
    assert f"<bdi>{shown}</bdi>" in unescape(page)


@pytest.mark.parametrize("address", ["/", "/?by=published", "/?by=published&q=alert"])
def test_fault_71_lists_show_text_too(hostile, address):
    page = hostile.get(address).text
    assert_harmless(page)
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert "49" not in re.findall(r"<bdi>([^<]*)</bdi>", page)


def vectors():
    return [
        line
        for path in sorted(CORPUS.glob("*.txt"))
        for line in path.read_text("utf-8", "replace").splitlines()
        if line.strip()
    ]


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the hostile corpus is absent")
def test_no_known_vector_survives_in_a_page(tmp_path):
    texts = ["\n".join(vectors()[start::40]) for start in range(40)]
    hostile_site(tmp_path, texts)
    with open_site(tmp_path) as client:
        for number in range(1, 41):
            assert_harmless(client.get(f"/article/{number}").text)
        for address in ("/", "/?by=published"):
            assert_harmless(client.get(address).text)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the hostile corpus is absent")
def test_no_known_vector_survives_in_what_is_asked(site):
    for vector in vectors()[::60]:
        answer = site.get("/", params={"q": vector, "by": vector, "lang": vector})
        assert answer.status_code == 200
        assert_harmless(answer.text)


# --- the parts


def test_marks_keep_the_whole_text():
    text = "Un deux\n\ntrois quatre"
    mentions = (Mention(start=3, end=14, text="", entity="X", kind=EntityKind.OTHER, by="list"),)
    for said in (None, (0, 5), (4, 99), (50, 60), (5, 2)):
        paragraphs = mark_text(text, mentions, (), said)
        assert ["".join(s.text for s in p) for p in paragraphs] == ["Un deux", "trois quatre"]


@pytest.mark.parametrize(
    ("labels", "bars", "last"),
    [([], 0, None), (["2023-11"], 1, "2023-11"), (["2022-12", "2023-02"], 3, "2023-02"),
     (["1990-01", "2023-11"], 34, "2023")],
    ids=["none", "one month", "a month without", "many years"],
)  # fmt: skip
def test_bars_stand_for_every_month_or_else_every_year(labels, bars, last):
    drawn = draw_bars([Bucket(label=label, articles=3) for label in labels])
    assert len(drawn) == bars <= MAX_MONTHS
    assert (drawn[-1].period if drawn else None) == last


def test_what_only_an_earlier_version_said_is_shown_and_told_so(site):
    asked = {"q": 'version:any "ne dit rien"', "by": "published", "lang": "en"}
    page = site.get("/", params=asked).text
    assert "found in an earlier version" in page
    assert '<mark class="found">ne dit rien</mark>' in page
