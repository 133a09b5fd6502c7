"""Faults 71 to 86: what a browser, a site elsewhere or a person types at the pages."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from model.article import Reading
from model.config import parse_config
from model.errors import StoreError
from store import open_store
from store.database import Database
from tests.cost import cheapest_s
from tests.crawler.misbehaving import NOON, SITE
from tests.faults.watching import Watched, feed, item, page
from tests.held_affair import CONFIG, fill, make_reading
from tests.store.makers import keep
from web.app import create_app

LOCAL = "http://127.0.0.1:8350"
Client = TestClient[Litestar]


def open_site(data: Path) -> Client:
    """Open the pages of a data folder as a browser on this machine."""
    app = create_app(data, parse_config(CONFIG), clock=lambda: NOON)
    return TestClient(app, base_url=LOCAL, raise_server_exceptions=False)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("site") / "data"
    fill(data)
    return data


@pytest.fixture(scope="module")
def site(data: Path) -> Iterator[Client]:
    with open_site(data) as client:
        yield client


SCRIPT = "<script>alert(1)</script>"
ATTRIBUTE = '"onmouseover="alert(1)" x="'


def test_fault_71_what_a_feed_and_a_page_say_is_text_on_every_page(tmp_path: Path) -> None:
    bad = f"{SCRIPT}{ATTRIBUTE}".replace("&", "&amp;").replace("<", "&lt;")
    more = f"<author>{bad}</author><category>{bad}</category><guid>{bad}</guid>"
    listed = item(1, more=f"{more}<title>{bad}</title>")
    answers = {
        "/feed": feed(f"<title>{bad}</title>", listed),
        "/a1": page(
            1, words=bad, head=f"<meta name='author' content='{bad.replace(chr(39), '')}'>"
        ),
    }
    watched = Watched(tmp_path, answers)
    watched.make_pass()
    assert SCRIPT in watched.versions(f"http://{SITE}/a1")[0]
    with open_site(watched.data) as client:
        for address in ("/", "/?by=published", "/?by=published&q=alert", "/article/1"):
            text = client.get(address).text
            assert "<script" not in text
            assert not re.search(r"<[^>]*\sonmouseover", text)
        assert SCRIPT in unescape(client.get("/article/1").text)


@pytest.mark.parametrize(
    "address",
    [f"/{SCRIPT}", f"/article/{SCRIPT}", f"/?before={SCRIPT}", f"/?q={SCRIPT}(&by={SCRIPT}"],
    ids=["path", "id", "number", "query"],
)
def test_fault_74_an_error_repeats_nothing_as_markup(site: Client, address: str) -> None:
    for asked in (address, address.replace("<", "%3C").replace(">", "%3E")):
        answer = site.get(asked)
        assert "<script" not in answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "Traceback" not in answer.text


def test_fault_73_nothing_kept_is_served_as_it_came(site: Client, data: Path) -> None:
    routes = {route.path for route in site.app.routes}
    assert routes == {"/", "/article/{article_id:int}", "/entities", "/entity", "/style.css"}
    kept = [path.relative_to(data) for path in data.rglob("*") if path.is_file()]
    assert len(kept) > 5
    for path in kept:
        assert site.get(f"/{path}").status_code == 404
        assert site.get(f"/data/{path}").status_code == 404


PAGES = [
    *("/", "/?by=published", "/?q=port", "/article/1", "/article/4", "/article/99", "/nope"),
    *("/entities", "/entity?name=CNIL"),
]


@pytest.mark.parametrize("address", PAGES)
def test_fault_75_a_page_loads_nothing_from_elsewhere(site: Client, address: str) -> None:
    answer = site.get(address)
    loaded = re.findall(r'<(?!a\b)[a-z]+[^>]*?\s(?:href|src|action|data)="([^"]*)"', answer.text)
    assert loaded
    for link in loaded:
        assert urlsplit(link).netloc == "", link
    assert not re.search(r"<(script|img|iframe|object|embed|video|audio)\b", answer.text)
    assert answer.headers["referrer-policy"] == "no-referrer"
    style = site.get("/style.css").text
    assert not re.search(r"url\(|@import|@font-face", style)


@pytest.mark.parametrize(
    "address",
    ["//evil.example", "/\\evil.example", "/%5Cevil.example", "///evil.example", "/article/1/",
     "/..//evil.example", "/?next=//evil.example", "/?next=https:evil.example",
     "/%09//evil.example"],
)  # fmt: skip
def test_fault_76_no_address_leads_a_browser_elsewhere(site: Client, address: str) -> None:
    answer = site.get(f"{LOCAL}{address}", follow_redirects=False)
    assert not 300 <= answer.status_code < 400
    assert "location" not in answer.headers
    for link in re.findall(r'<(?:link|form|a)[^>]*?\s(?:href|action)="([^"]*)"', answer.text):
        assert "evil" not in link


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_fault_77_another_site_changes_nothing(site: Client, data: Path, method: str) -> None:
    headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    for address in ("/", "/article/1", "/style.css"):
        assert site.request(method, address, headers=headers).status_code in (403, 405)


def test_fault_77_asking_writes_nothing(site: Client, data: Path) -> None:
    def content() -> list[object]:
        with open_store(data, read_only=True) as store:
            return [
                list(store.database.rows(f"SELECT * FROM {table}"))  # noqa: S608 - names are ours
                for table in ("article", "version", "capture", "annotation", "run", "source")
            ]

    before = content()
    for address in (*PAGES, "/?q=title:(", "/?by=x&before=3"):
        site.get(address)
    assert content() == before


@pytest.mark.parametrize(
    "address", ["/metrics", "/docs", "/schema", "/schema/openapi.json", "/health"]
)
def test_fault_79_nothing_tells_of_the_inside(site: Client, address: str) -> None:
    for headers in ({}, {"X-Forwarded-For": "127.0.0.1"}, {"Forwarded": "for=127.0.0.1"}):
        assert site.get(address, headers=headers).status_code == 404


def test_fault_80_pages_are_made_over_a_connection_that_cannot_write(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_site(data) as client, client.app.state.site.store() as reader:
        assert isinstance(reader.database, Database)
        with pytest.raises(StoreError, match="cannot be written"):
            keep(reader, make_reading(77, "Titre", "texte"))


NAMES = ["a]--", 'x" or 1=1', "order_id; DROP TABLE article", "nope", "') OR 1=1 --", "a' --"]


@pytest.mark.parametrize("name", NAMES)
def test_fault_80_names_that_are_no_columns_are_only_words(site: Client, name: str) -> None:
    total = len(re.findall('<p class="when">', site.get("/?by=published").text))
    for asked in (
        {"by": name}, {"q": f"{name}:x"}, {"q": f"site:{name}"}, {"q": f'entity:"{name}"'},
        {"sort": name}, {"q": f"date:{name}"}, {"lang": name},
    ):  # fmt: skip
        assert site.get("/", params=asked).status_code in (200, 400)
    found = site.get("/", params={"by": "published", "q": f"site:{name}"}).text
    assert len(re.findall('<p class="when">', found)) < total


TYPED = [
    *('"', "AND", "l'affaire", "docker-compose", "title:x", "*", "", "(a", "NEAR(", "\0", "a\0b"),
    *("OR", "NOT", "a AND", "^a", "-", "a*", "{a b}", "title:", '"a', "a:b:c", "é\u0301", "\ud800"),
]


@pytest.mark.parametrize("typed", TYPED, ids=ascii)
def test_fault_81_anything_typed_gives_a_page(site: Client, typed: str) -> None:
    for by in ("event", "published"):
        asked = {"q": typed.encode("utf-8", "surrogatepass"), "by": by}
        assert site.get("/", params=asked).status_code == 200


def test_fault_81_a_town_is_found_without_its_accents(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        keep(store, make_reading(1, "À Évry, l’été", "caméras"))
    with open_site(tmp_path) as client:
        for typed in ("evry", "EVRY", "Évry", "e\u0301vry", "l'ete"):
            found = client.get("/", params={"q": typed, "by": "published"})
            assert "/article/1" in found.text, typed


@pytest.mark.parametrize(
    "path",
    """
    /static/%2e%2e/app.py /static/../app.py /%2e%2e/%2e%2e/etc/passwd /style.css/..%2fapp.py
    /..%2f..%2fconfig.toml /article/..%2f1 /article/%2e%2e%2fvigie.db /templates/base.html
    /style.css%00.py /%252e%252e/config.toml /article/1%2f..%2f2 /..;/vigie.db
    """.split(),
)  # fmt: skip
def test_fault_82_no_path_leads_to_a_file(site: Client, path: str) -> None:
    answer = site.get(f"{LOCAL}{path}")
    assert answer.status_code in (400, 404)
    assert "import " not in answer.text
    assert "root:" not in answer.text


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "asked",
    [
        {"q": "(" * 10_000}, {"q": "a " * 10_000}, {"q": "NOT " * 10_000}, {"q": "a OR " * 5_000},
        {"q": '"' * 10_000}, {"q": "-" * 20_000}, {"before": "9" * 5_000}, {"by": "x" * 50_000},
        {"lang": "x" * 50_000}, {f"a{n}": "1" for n in range(5_000)},
        {"limit": "1" + "0" * 9, "page": "1" + "0" * 9},
    ],
    ids=["depth", "words", "negations", "alternatives", "quotes", "dashes", "before", "by", "lang",
         "fields", "pages"],
)  # fmt: skip
def test_fault_83_what_is_enormous_is_answered_at_once(site: Client, asked: dict[str, str]) -> None:
    assert site.get("/", params=asked).status_code in (200, 400, 414, 431)
    assert cheapest_s(lambda: site.get("/", params=asked), 3) < 3


def test_fault_83_a_thousand_ranges_are_one_small_answer(site: Client) -> None:
    ranges = "bytes=" + ",".join(f"{n}-{n}" for n in range(1_000))
    answer = site.get("/style.css", headers={"Range": ranges})
    assert answer.status_code in (200, 400, 416, 431)
    assert len(answer.content) <= len(site.get("/style.css").content)


BRACES = [
    "{{ 7 * 7 }}",
    "{0.__class__}",
    "%s %(x)s %d",
    "{% for x in () %}",
    "${7*7}",
    "{{config}}",
]


@pytest.mark.parametrize("text", BRACES)
def test_fault_84_braces_stay_what_they_are(tmp_path: Path, text: str) -> None:
    with open_store(tmp_path) as store:
        reading = Reading(
            url="https://a.example/1", canonical_url="https://a.example/1", title=text,
            text=f"{text} caméras", site=text, authors=(text,), summary=text, lang="fr",
        )  # fmt: skip
        keep(store, reading, reasons=(text,))
    config = parse_config(CONFIG.replace("Le port et ses caméras", text))
    app = create_app(tmp_path, config, clock=lambda: NOON)
    with TestClient(app, base_url=LOCAL) as client:
        for address in ("/?by=published", "/article/1"):
            shown = unescape(client.get(address).text)
            assert shown.count(text) >= 2
            assert "49" not in re.findall(r"<h[12][^>]*>([^<]*)<", shown)
