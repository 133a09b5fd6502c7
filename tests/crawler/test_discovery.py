"""What an address offers: what is declared first, usual addresses only where nothing is."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import ParamSpec, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery import (
    FEED_PATHS,
    SITEMAP_PATHS,
    Discovery,
    Find,
    Rank,
    read_offered,
    read_robots,
    recognise,
    settled_address,
    with_login,
)
from model.capture import Response
from model.errors import CrawlError
from model.source import Source, SourceKind, Watch
from tests.cost import cheapest_s
from tests.crawler.reading_feeds import ITEM, respond, rss

P = ParamSpec("P")
T = TypeVar("T")

HOME = "https://press.example/"
FEED = rss(ITEM.format("un-article-du-jour"))
COMMENTS = rss(ITEM.format("une-reponse-de-lecteur"))
SITEMAP = "<urlset><url><loc>https://press.example/{}</loc></url></urlset>"
INDEX = "<sitemapindex><sitemap><loc>https://press.example/part.xml</loc></sitemap></sitemapindex>"
LINKS = '<main><a href="/2023/un-article-du-jour">Un article du jour bien nommé</a></main>'


class FakeWeb:
    """Answers from a table, remembers what it was asked, and reads in this process."""

    def __init__(self, answers: dict[str, str | bytes]) -> None:
        self.answers = {HOME.rstrip("/") + path: body for path, body in answers.items()}
        self.asked: list[str] = []

    async def fetch(self, url: str, *, robots: bool = True) -> Response:
        self.asked.append(url.replace("u:p@", "").removeprefix(HOME.rstrip("/")))
        body = self.answers.get(url.replace("u:p@", ""))
        if body is None:
            return respond(b"", url=url, status=404)
        return respond(body, "text/html; charset=utf-8", url=url.replace("u:p@", ""))

    async def run(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        return function(*args, **kwargs)


def find(answers: dict[str, str | bytes], url: str = HOME) -> tuple[tuple[Find, ...], FakeWeb]:
    web = FakeWeb(answers)
    return asyncio.run(Discovery(web, web).find(url)), web


def paths(finds: tuple[Find, ...]) -> list[tuple[str, SourceKind]]:
    return [(one.source.url.removeprefix(HOME), one.source.kind) for one in finds]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (FEED, SourceKind.FEED),
        ('{"version": "https://jsonfeed.org/version/1.1", "items": []}', SourceKind.FEED),
        (SITEMAP.format("a"), SourceKind.SITEMAP),
        (INDEX, SourceKind.SITEMAP),
        ("https://press.example/a\nhttps://press.example/b\n", SourceKind.SITEMAP),
        (b"%PDF-1.7\n", SourceKind.DOCUMENT),
    ],
    ids=["a feed", "a JSON Feed", "a sitemap", "an index", "a text sitemap", "a PDF"],
)
def test_an_address_that_is_a_source_itself_is_the_only_find(
    body: str | bytes, kind: SourceKind
) -> None:
    finds, web = find({"/x": body, "/part.xml": SITEMAP.format("p")}, f"{HOME}x")
    assert paths(finds) == [("x", kind)]
    assert set(web.asked) <= {"/x", "/part.xml"}


DECLARED = f"""<html lang="fr-FR"><head><base href="https://press.example/blog/">
<link rel="alternate" type="application/rss+xml" title="La presse » Comments" href="/comments/feed">
<link rel="ALTERNATE home" type="application/atom+xml; charset=utf-8" title="Tout" href="all.xml">
<link rel="alternate" type="application/feed+json" href="//press.example/feed.json">
<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/1">
<link rel="alternate" hreflang="en" href="/en/"> <link rel="stylesheet" href="/rss.css">
<link rel="alternate" type="application/rss+xml" href="file:///etc/passwd">
</head><body><a href="/rss/politique.xml">Politique</a> <a href="feed:https://press.example/f/rss">F</a>
<a href="/blog/all.xml?utm_source=page">Tout</a> <a href="/a-propos">À propos du flux</a>{LINKS}"""


def test_a_pages_feeds_are_what_it_declares_and_links_that_look_like_one() -> None:
    declared = read_offered(respond(DECLARED, "text/html; charset=utf-8", url=HOME))
    assert declared.lang == "fr"
    assert [(one.url.removeprefix(HOME), one.title, one.rank) for one in declared.feeds] == [
        ("comments/feed", "La presse » Comments", Rank.COMMENTS),
        ("blog/all.xml", "Tout", Rank.FEED),
        ("feed.json", "", Rank.FEED),
        ("rss/politique.xml", "Politique", Rank.FEED),
        ("f/rss", "F", Rank.FEED),
    ]


def test_declared_feeds_come_first_the_page_after_them_and_comments_last() -> None:
    finds, web = find(
        {
            "/": DECLARED,
            "/comments/feed": COMMENTS,
            "/blog/all.xml": FEED,
            "/rss/politique.xml": "<html>no feed at all</html>",
            "/robots.txt": "Sitemap: https://press.example/pages.xml\nsitemap: /NEWS.xml",
            "/pages.xml": SITEMAP.format("p"),
            "/NEWS.xml": SITEMAP.format("n"),
        }
    )
    assert paths(finds) == [
        ("blog/all.xml", SourceKind.FEED),
        ("NEWS.xml", SourceKind.SITEMAP),
        ("pages.xml", SourceKind.SITEMAP),
        ("", SourceKind.PAGE),
        ("comments/feed", SourceKind.FEED),
    ]
    assert not {*FEED_PATHS[1:6], *SITEMAP_PATHS} & set(web.asked)
    assert len(web.asked) == len(set(web.asked))


@pytest.mark.parametrize(
    ("title", "href", "rank"),
    [
        ("La presse » Comments Feed", "/x", Rank.COMMENTS),
        ("La presse &raquo; Un article : flux des commentaires", "/a/x", Rank.COMMENTS),
        ("", "/comments/feed/", Rank.COMMENTS),
        ("Comment la presse voit le port", "/x", Rank.FEED),
        ("Comment is free", "/commentisfree/rss", Rank.FEED),
    ],
)
def test_a_feed_of_comments_is_told_from_one_of_articles(title: str, href: str, rank: Rank) -> None:
    link = f'<link rel="alternate" type="application/rss+xml" title="{title}" href="{href}">'
    (feed,) = read_offered(respond(link, "text/html; charset=utf-8", url=HOME)).feeds
    assert feed.rank is rank


def test_a_page_that_lists_the_feeds_is_followed_where_no_other_feed_is_found() -> None:
    listing = '<a href="/rss/une.xml">À la une</a> <a href="/rss/monde.xml">Monde</a>'
    answers = {"/": '<a href="/flux-rss">Nos flux</a>', "/flux-rss": listing, "/rss/une.xml": FEED}
    finds, web = find({**answers, "/rss/monde.xml": FEED})
    assert [path for path, _ in paths(finds)] == ["rss/une.xml", "rss/monde.xml"]
    assert not {*FEED_PATHS, *SITEMAP_PATHS} & set(web.asked)
    direct = f'{answers["/"]}<link rel="alternate" type="application/rss+xml" href="/rss/une.xml">'
    _, web = find({**answers, "/": direct})
    assert "/rss/monde.xml" not in web.asked


@pytest.mark.parametrize(
    ("href", "looks"),
    [
        *((href, True) for href in ("/rss", "/feed/", "/a/flux-rss", "/une.rss", "/rss_une.xml")),
        *((href, True) for href in ("/index.php?feed=rss2", "https://feeds.press.example/a")),
        *((href, False) for href in ("/rss-terms-of-use", "/job?feed=premium", "/feedback")),
        *((href, False) for href in ("/2019/08/12/les-flux-rss-du-monde-fr.html", "/atomique")),
    ],
)
def test_a_link_looks_like_a_feed_by_its_address(href: str, looks: bool) -> None:
    declared = read_offered(respond(f'<a href="{href}">x</a>', url=HOME))
    assert bool(declared.feeds) == looks


def test_a_feed_that_is_empty_stands_behind_what_lists_something() -> None:
    head = (
        '<link rel="alternate" type="application/rss+xml" href="/empty">'
        '<link rel="alternate" type="application/rss+xml" href="/full">'
    )
    finds, _ = find({"/": head + LINKS, "/empty": rss(""), "/full": FEED})
    assert [path for path, _ in paths(finds)] == ["full", "", "empty"]


def test_usual_addresses_are_asked_one_after_another_until_one_answers() -> None:
    finds, web = find({"/": LINKS, "/rss.xml": FEED})
    assert paths(finds) == [("rss.xml", SourceKind.FEED), ("", SourceKind.PAGE)]
    assert web.asked == ["/", "/robots.txt", *FEED_PATHS[: FEED_PATHS.index("/rss.xml") + 1]]


def test_where_there_is_no_feed_a_sitemap_at_a_usual_address_is_found() -> None:
    finds, web = find({"/": "<p>Rien</p>", "/sitemap.xml": INDEX, "/part.xml": SITEMAP.format("p")})
    assert paths(finds) == [("sitemap.xml", SourceKind.SITEMAP)]
    assert [entry.url for entry in finds[0].listing.entries] == [f"{HOME}p"]
    assert len(web.asked) <= 4 + len(FEED_PATHS) + len(SITEMAP_PATHS)


def test_of_a_page_deep_in_a_site_the_home_page_is_looked_at_before_guessing() -> None:
    home = '<link rel="alternate" type="application/rss+xml" href="/flux">'
    finds, web = find({"/2023/a": LINKS, "/": home, "/flux": FEED}, f"{HOME}2023/a")
    assert paths(finds)[0] == ("flux", SourceKind.FEED)
    assert web.asked == ["/2023/a", "/robots.txt", "/", "/flux"]


def test_a_page_with_nothing_to_poll_gives_nothing() -> None:
    finds, _ = find({"/": "<p>Rien</p>"})
    assert finds == ()


def test_an_address_that_does_not_answer_well_is_our_own_error() -> None:
    with pytest.raises(CrawlError, match="it answers 404"):
        find({})


def test_a_page_may_declare_no_more_than_a_few_that_are_asked() -> None:
    links = "".join(f'<a href="/rss/{number}">x</a>' for number in range(500))
    _, web = find({"/": links})
    assert sum(path.startswith("/rss/") for path in web.asked) == 8


def test_robots_txt_names_sitemaps_in_any_case_those_of_news_first() -> None:
    robots = "User-agent: *\nDisallow: /\nSITEMAP:/a.xml\nSitemap: javascript:1\nsitemap: /actu.xml"
    found = read_robots(respond(robots, "text/plain", url=f"{HOME}robots.txt"))
    assert [one.url.removeprefix(HOME) for one in found] == ["actu.xml", "a.xml"]


def test_a_watched_page_is_read_as_it_will_be_polled() -> None:
    web = FakeWeb({"/": '<div id="a">Un texte</div>'})
    source = Source(url=HOME, kind=SourceKind.PAGE, selector="#a", watch=Watch.TEXT)
    found = asyncio.run(Discovery(web, web).watch(source))
    assert found.source == source
    assert len(found.listing.entries) == 1


def test_a_login_goes_with_its_host_and_nowhere_else() -> None:
    finds, _ = find({"/": '<a href="/rss">F</a>', "/rss": FEED}, "https://u:p@press.example/")
    assert finds[0].source.url == "https://u:p@press.example/rss"
    for other in (
        "https://other.example/",
        "https://press.example:8443/feed",
        "http://press.example/feed",
        "http://press.example:8080/feed",
    ):
        assert with_login(other, "https://u:p@press.example/") == other


def test_a_robots_txt_that_names_a_million_sitemaps_is_read_at_once() -> None:
    robots = respond(b"".join(b"Sitemap: /%d\n" % number for number in range(500_000)))
    assert cheapest_s(lambda: read_robots(robots), 1) < 1


def answer(*, asked: str, answered: str, statuses: tuple[int, ...]) -> Response:
    return Response(
        url=asked.replace("u:p@", ""), final_url=answered, status=200, headers=(),
        request_headers=(), body=b"", fetched_at=respond(b"").fetched_at,
        redirects=(answered,), redirect_statuses=statuses,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "answered", "statuses", "settled"),
    [
        ("http://a.example/f", "https://a.example/f", (), "https://a.example/f"),
        ("http://a.example/f", "https://www.a.example/f/", (302,), "https://www.a.example/f/"),
        ("http://a.example/f", "https://b.example/g", (301, 308), "https://b.example/g"),
        ("http://a.example/f", "https://b.example/g", (301, 302), "http://a.example/f"),
        ("http://a.example/f", "https://b.example/g", (), "http://a.example/f"),
        ("https://a.example/f", "http://a.example/f", (301,), "https://a.example/f"),
        ("http://u:p@a.example/f", "https://a.example/f", (), "https://u:p@a.example/f"),
        ("http://u:p@a.example/f", "https://b.example/g", (301,), "https://b.example/g"),
    ],
    ids=[
        "https",
        "spelling",
        "for good",
        "for now",
        "not known",
        "in clear",
        "a login",
        "a login elsewhere",
    ],
)
def test_an_address_is_written_down_where_it_answers_for_good(
    asked: str, answered: str, statuses: tuple[int, ...], settled: str
) -> None:
    response = answer(asked=asked, answered=answered, statuses=statuses)
    assert settled_address(asked, response) == settled


@pytest.mark.parametrize("body", ["", "words", "<html><p>x</p>", b"\x00\xff", "{}"])
def test_what_is_no_source_is_recognised_as_none(body: str | bytes) -> None:
    assert recognise(HOME, respond(body, url=HOME)) is None


HOSTILE = {
    "deep": "<div>" * 20_000,
    "many links": '<a href="/rss/x">x</a>' * 50_000,
    "many alternates": '<link rel="alternate" type="application/rss+xml" href="/f?{}">' * 20_000,
    "a long address": f'<a href="/rss/{"a" * 500_000}">x</a>',
    "a long attribute": f'<link rel="{"alternate " * 100_000}" type="a" href="/f">',
    "empty lines": "\n" * 500_000,
    "sitemap lines": "Sitemap: /x\n" * 50_000,
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_page_or_robots_txt_is_read_in_little_time(body: str) -> None:
    def read() -> None:
        response = respond(body, "text/html; charset=utf-8", url=HOME)
        read_robots(response)
        with suppress(CrawlError):
            read_offered(response)

    assert cheapest_s(read, 1.0) < 2.0


@given(st.binary(max_size=300))
def test_any_bytes_declare_something_or_are_our_own_error(body: bytes) -> None:
    response = respond(body, url=HOME)
    read_robots(response)
    with suppress(CrawlError):
        read_offered(response)
