"""Kept articles read again: when, what counts as a change, and what proves nothing."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec
import pytest

from app.steps.page_reader import PageReader
from app.steps.rereading import next_retry_at
from crawler.reading import Traced
from model.query import Everything
from model.source import Fetch, Source, SourceKind, Watch
from store.records import DueReading
from tests.crawler.misbehaving import NOON, SITE, http
from tests.faults.watching import FEED, Watched, article, feed, item, page

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ADDRESS = f"http://{SITE}/a1"
TITLE = "Les caméras du port, épisode 1"


def signed(name: str, published: str = "2026-11-20T10:00:00+01:00") -> bytes:
    """Return the article with a declared byline and date."""
    head = (
        '<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle",'
        f'"headline":"{TITLE}","author":{{"@type":"Person","name":"{name}"}},'
        f'"datePublished":"{published}"}}</script>'
    )
    return page(1, head=head)


def retitled(title: str) -> bytes:
    """Return the article under another headline."""
    body = article(1).decode().replace(TITLE, title)
    return http(body.encode(), Content_Type="text/html; charset=utf-8")


def changes(watched: Watched) -> list[tuple[str, str]]:
    """Return what changed in the first article, and which parts of it."""
    with watched.store() as store:
        number = watched.articles()[ADDRESS]
        return [(change.what, change.detail) for change in store.article_changes(number)]


def read_twice(folder: Path, before: bytes, after: bytes) -> Watched:
    """Watch one article that is another page a day later."""
    watched = Watched(folder, {"/feed": feed(item(1)), "/a1": before})
    watched.make_pass()
    watched.answers["/a1"] = after
    watched.make_pass(NOON + DAY)
    return watched


def test_a_kept_article_is_read_again_on_the_ladder_for_years(tmp_path: Path) -> None:
    watched = Watched(tmp_path, {"/feed": feed(item(1)), "/a1": page(1)})
    rungs = [
        timedelta(minutes=15), HOUR, 3 * HOUR, DAY, 3 * DAY, 30 * DAY, 395 * DAY, 760 * DAY,
    ]  # fmt: skip
    between = [timedelta(minutes=5), 2 * HOUR, 20 * HOUR, 2 * DAY, 20 * DAY, 200 * DAY, 600 * DAY]
    watched.make_pass()
    read = [
        at
        for at in sorted(rungs + between)
        if watched.make_pass(NOON + at).counts["articles_reread"]
    ]
    assert read == rungs
    assert len(watched.versions(ADDRESS)) == 1


def test_a_busy_pass_reads_all_that_is_due(tmp_path: Path) -> None:
    pages = {f"/a{number}": page(number) for number in range(23)}
    watched = Watched(tmp_path, {"/feed": feed(*map(item, range(23))), **pages})
    watched.make_pass()
    with patch("app.steps.rereading.BATCH", 10):
        assert watched.make_pass(NOON + DAY).counts["articles_reread"] == 23


@pytest.mark.parametrize(
    ("seen_ago", "read_ago", "state", "wait"),
    [
        (400 * DAY, 365 * DAY, "unchanged", HOUR),
        (400 * DAY, HOUR, "failed", 2 * HOUR),
        (400 * DAY, 8 * DAY, "blocked", 16 * DAY),
        (400 * DAY, 25 * DAY, "absent", 30 * DAY),
        (timedelta(minutes=50), timedelta(minutes=35), "unchanged", timedelta(minutes=10)),
    ],
    ids=["first failure", "second", "after days", "at the most", "the rung is nearer"],
)
def test_a_reading_that_failed_is_tried_again_before_a_far_rung(
    seen_ago: timedelta, read_ago: timedelta, state: str, wait: timedelta
) -> None:
    due = DueReading(
        article_id=1,
        url=ADDRESS,
        first_seen_at=NOON - seen_ago,
        last_read_at=NOON - read_ago,
        state=state,
    )
    assert next_retry_at(due, NOON) == NOON + wait
    assert next_retry_at(due, NOON, "86400") == NOON + max(wait, DAY)


def test_one_failure_after_a_year_is_mended_the_same_day(tmp_path: Path) -> None:
    watched = Watched(tmp_path, {"/feed": feed(item(1)), "/a1": page(1)})
    for days in (0, 1, 3, 30):
        watched.make_pass(NOON + days * DAY)
    watched.answers["/a1"] = http(status=503)
    watched.make_pass(NOON + 395 * DAY)
    watched.answers["/a1"] = retitled("Les caméras éteintes")
    watched.make_pass(NOON + 395 * DAY + 5 * HOUR)
    assert changes(watched) == [("edited", "title")]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (page(1), retitled("Les caméras éteintes"), [("edited", "title")]),
        (page(1), page(1, words="La mairie se tait."), [("edited", "text")]),
        (signed("Jean Dupont"), signed("Lise Martin"), [("edited", "authors")]),
        (signed("Jean Dupont"), signed("Par JEAN DUPONT"), []),
        (signed("A", "2026-11-20T10:00:00+01:00"), signed("A", "2026-11-20T09:00:00Z"), []),
        (signed("A", "2026-11-20T10:00:00Z"), signed("A", "2026-11-21T10:00:00Z"),
         [("edited", "date")]),
        (page(1), page(1, body="<aside><h2>À lire aussi</h2><a href='/x'>Autre</a></aside>"), []),
    ],
    ids=["headline", "body", "byline", "byline respelt", "same moment", "date", "related links"],
)  # fmt: skip
def test_each_part_that_changes_is_named(
    tmp_path: Path, before: bytes, after: bytes, expected: list[tuple[str, str]]
) -> None:
    watched = read_twice(tmp_path, before, after)
    assert changes(watched) == expected
    assert len(watched.versions(ADDRESS)) == 1 + len(expected)


READ = PageReader._traced


async def read_worse(*args: Any) -> Traced:
    """Read as a program that takes the first paragraph for furniture."""
    traced = await READ(*args)
    text = "\n".join(traced.reading.text.split("\n")[1:])
    return Traced(msgspec.structs.replace(traced.reading, text=text), traced.trace)


def test_a_better_reader_is_no_edit(tmp_path: Path) -> None:
    watched = Watched(tmp_path, {"/feed": feed(item(1)), "/a1": page(1)})
    watched.make_pass()

    with patch.object(PageReader, "_traced", read_worse):
        assert watched.make_pass(NOON + DAY).counts["articles_changed"] == 0
        assert len(watched.versions(ADDRESS)) == 1
        watched.answers["/a1"] = page(1, words="La mairie se tait.")
        assert watched.make_pass(NOON + 3 * DAY).counts["articles_changed"] == 1
    assert changes(watched) == [("edited", "text")]


def test_an_address_that_serves_another_article_is_a_flagged_version(tmp_path: Path) -> None:
    other = "".join(
        f"<p>Recette numéro {n} : des lentilles vertes, deux carottes, un oignon piqué de clous de "
        "girofle, puis une heure sans couvercle, à feu très doux.</p>" for n in range(6)
    )  # fmt: skip
    served = f"<html lang=fr><title>Lentilles</title><article><h1>Lentilles</h1>{other}</article>"
    watched = read_twice(tmp_path, page(1), http(served.encode(), Content_Type="text/html"))
    assert changes(watched) == [("replaced", "title, text")]
    first, second = watched.versions(ADDRESS)
    assert "caméras" in first
    assert "lentilles" in second


@pytest.mark.parametrize("target", ["/", "/politique"], ids=["front page", "another page"])
def test_an_article_that_leads_elsewhere_is_absent_and_no_edit(tmp_path: Path, target: str) -> None:
    watched = Watched(tmp_path, {"/feed": feed(item(1)), "/a1": page(1)})
    watched.make_pass()
    news = "".join(
        f"<p>La brève {n} du jour, sans rapport avec la précédente.</p>" for n in range(9)
    )
    watched.answers["/a1"] = http(status=301, Location=target)
    watched.answers[target] = http(f"<title>La une</title><main>{news}</main>".encode())
    watched.make_pass(NOON + DAY)
    ((what, detail),) = changes(watched)
    assert what == "absent"
    assert f"http://{SITE}{target}" in detail
    assert len(watched.versions(ADDRESS)) == 1


def test_an_article_that_moved_for_good_is_the_same_one(tmp_path: Path) -> None:
    watched = Watched(tmp_path, {"/feed": feed(item(1)), "/a1": page(1)})
    watched.make_pass()
    watched.answers["/a1"] = http(status=301, Location="/ailleurs/a1")
    watched.answers["/ailleurs/a1"] = page(1)
    watched.make_pass(NOON + DAY)
    moved = f"http://{SITE}/ailleurs/a1"
    assert changes(watched) == [("moved", f"{ADDRESS} {moved}")]
    del watched.answers["/a1"]
    watched.make_pass(NOON + 3 * DAY)
    assert changes(watched)[1:] == []
    with watched.store() as store:
        assert moved in store.addresses(watched.articles()[ADDRESS])
        assert len(store.article_captures(watched.articles()[ADDRESS])) == 2


def test_a_temporary_redirect_is_no_move(tmp_path: Path) -> None:
    watched = Watched(tmp_path, {"/feed": feed(item(1)), "/a1": page(1)})
    watched.make_pass()
    watched.answers["/a1"] = http(status=302, Location="/mobile/a1")
    watched.answers["/mobile/a1"] = page(1)
    watched.make_pass(NOON + DAY)
    assert changes(watched) == []


def test_a_stub_of_a_known_article_says_nothing_of_it(tmp_path: Path) -> None:
    cut = article(1).decode().split("<p>")
    stub = "<p>".join(cut[:5]) + "<p>La suite est réservée à nos abonnés.</p></article>"
    watched = read_twice(tmp_path, page(1), http(stub.encode(), Content_Type="text/html"))
    assert changes(watched) == []
    with watched.store() as store:
        assert store.article(watched.articles()[ADDRESS]).present_at == NOON


def count_captures(watched: Watched) -> int:
    """Return how many captures the log holds."""
    with watched.store() as store:
        return store.chain_head().captures


def test_what_the_rule_leaves_is_not_captured_until_the_rule_wants_it(tmp_path: Path) -> None:
    watched = Watched(tmp_path, {"/feed": feed(item(1)), "/a1": page(1)})
    with patch("tests.faults.watching.RULE", "girouettes"):
        watched.make_pass()
    assert (count_captures(watched), watched.articles()) == (0, {})
    with watched.store() as store:
        assert len(store.unkept_readings(limit=9)) == 1
    assert watched.make_pass(NOON + DAY).counts["articles_kept"] == 1
    assert "/a1" in watched.asked
    assert count_captures(watched) == 1
    with watched.store() as store:
        assert store.unkept_readings(limit=9) == ()


def test_what_a_page_said_is_kept_when_it_is_gone_before_the_rule_wants_it(tmp_path: Path) -> None:
    watched = Watched(tmp_path, {"/feed": feed(item(1)), "/a1": page(1)})
    with patch("tests.faults.watching.RULE", "girouettes"):
        watched.make_pass()
    watched.answers["/a1"] = http(status=404)
    watched.make_pass(NOON + DAY)
    assert "caméras allumées" in watched.versions(ADDRESS)[0]


@pytest.mark.parametrize(
    ("rule", "kept"),
    [
        ("caméras kind:feed", 1),
        ("caméras kind:sitemap", 0),
        ("caméras kind:import", 0),
        ('caméras source:"la gazette"', 1),
        ("caméras source:courrier", 0),
    ],
)
@pytest.mark.parametrize("fetch", Fetch)
@pytest.mark.parametrize("before", ["", "girouettes"], ids=["fresh", "reached back to"])
def test_a_rule_may_ask_which_source_listed_an_article(
    rule: str, kept: int, fetch: Fetch, before: str, tmp_path: Path
) -> None:
    source = Source(url=FEED, name="La Gazette", fetch=fetch)
    watched = Watched(tmp_path, {"/feed": feed(item(1)), "/a1": page(1)}, source)
    if before:
        with patch("tests.faults.watching.RULE", before):
            watched.make_pass()
    with patch("tests.faults.watching.RULE", rule):
        watched.make_pass(NOON + DAY)
    assert len(watched.articles()) == kept


def test_an_unchanged_rule_asks_for_nothing_again(tmp_path: Path) -> None:
    watched = Watched(tmp_path, {"/feed": feed(item(1)), "/a1": page(1)})
    with patch("tests.faults.watching.RULE", "girouettes"):
        watched.make_pass()
        watched.make_pass(NOON + DAY)
    assert "/a1" not in watched.asked


def test_a_large_feed_has_only_the_pages_read_that_its_entries_call_for(tmp_path: Path) -> None:
    about = "<item><title>Tarte aux pommes</title><link>http://site.example/a2</link></item>"
    summary = (
        "<item><title>Sans titre</title><link>http://site.example/a3</link>"
        "<description>Le port range ses caméras.</description></item>"
    )
    answers = {"/feed": feed(item(1), about, summary)}
    answers |= {f"/a{number}": page(number) for number in (1, 2, 3)}
    source = Source(url=FEED, fetch=Fetch.MATCHING)
    watched = Watched(tmp_path, answers, source)
    summary_of_pass = watched.make_pass()
    assert sorted(watched.asked) == ["/a1", "/a3", "/feed"]
    assert summary_of_pass.counts["articles_unkept"] == 1
    with watched.store() as store:
        (left,) = store.unkept_readings(limit=9)
        assert left.reading.title == "Tarte aux pommes"
        assert store.pending_entries(now=NOON + 400 * DAY, limit=9) == ()


def test_what_repeats_on_a_site_is_learnt_while_its_pages_are_read(tmp_path: Path) -> None:
    pages = {f"/a{number}": page(number) for number in range(4)}
    watched = Watched(tmp_path, {"/feed": feed(*map(item, range(4))), **pages})
    watched.make_pass()
    with watched.store() as store:
        assert store.site_memory(SITE)


def present_and_absent(watched: Watched) -> tuple[datetime | None, datetime | None]:
    """Return when the first article was last seen, and since when it was not."""
    with watched.store() as store:
        found = store.search(Everything(), now=NOON, limit=1).hits[0]
        held = store.article(found.article)
        return held.present_at, held.absent_since


def test_an_absence_says_from_when_to_when_the_page_was_seen(tmp_path: Path) -> None:
    watched = Watched(tmp_path, {"/feed": feed(item(1)), "/a1": page(1)})
    watched.make_pass()
    watched.make_pass(NOON + HOUR)
    del watched.answers["/a1"]
    watched.make_pass(NOON + DAY)
    assert present_and_absent(watched) == (NOON + HOUR, NOON + DAY)
    with watched.store() as store:
        (change,) = store.article_changes(watched.articles()[ADDRESS])
    assert (change.what, change.present_at, change.seen_at) == ("absent", NOON + HOUR, NOON + DAY)


def test_a_listed_article_that_leads_to_another_page_is_no_edit(tmp_path: Path) -> None:
    watched = Watched(tmp_path, {"/feed": feed(item(1)), "/a1": page(1)})
    watched.make_pass()
    told = "".join(
        f"<p>À Vernelle, la gare numéro {n} attend des caméras que nul n’a commandées.</p>"
        for n in range(9)
    )
    other = f"<html lang=fr><title>Gares</title><article><h1>Gares</h1>{told}</article></html>"
    watched.answers["/a1"] = http(status=302, Location="/dossier")
    watched.answers["/dossier"] = http(other.encode(), Content_Type="text/html; charset=utf-8")
    watched.answers["/feed"] = feed(item(1, more="<description>Revu.</description>"))
    watched.make_pass(NOON + DAY)
    assert "/dossier" in watched.asked
    assert len(watched.versions(ADDRESS)) == 1


def test_what_a_feed_alone_holds_is_never_asked_for(tmp_path: Path) -> None:
    guid = "<guid isPermaLink='false'>x</guid>"
    content = f"<description>{'Les caméras du port filment. ' * 9}</description>"
    watched = Watched(tmp_path, {"/feed": feed(f"<item><title>Un</title>{content}{guid}</item>")})
    assert watched.make_pass().counts["articles_kept"] == 1
    summary = watched.make_pass(NOON + DAY)
    assert (summary.counts["articles_reread"], summary.faults) == (0, ())


def test_a_wall_before_a_known_article_is_captured_once(tmp_path: Path) -> None:
    watched = Watched(tmp_path, {"/feed": feed(item(1)), "/a1": page(1)})
    watched.make_pass()
    watched.answers["/a1"] = http(b"<title>Just a moment...</title><p>Verify you are human.</p>")
    for hours in (1, 3, 9):
        watched.make_pass(NOON + hours * HOUR)
    assert count_captures(watched) == 2
    assert len(watched.versions(ADDRESS)) == 1


def test_refusals_for_now_leave_no_capture(tmp_path: Path) -> None:
    watched = Watched(tmp_path, {"/feed": feed(item(1)), "/a1": http(status=503)})
    watched.make_pass()
    assert count_captures(watched) == 0


def test_only_the_watched_part_of_a_page_makes_versions(tmp_path: Path) -> None:
    def shown(notice: str, beside: str) -> bytes:
        told = f"<p>{notice} Les caméras du port restent allumées, dit la mairie.</p>" * 2
        return http(
            f"<html lang=fr><title>Avis</title><main><section id=avis>{told}</section>"
            f"<section><p>{beside}</p></section></main></html>".encode(),
            Content_Type="text/html; charset=utf-8",
        )

    url = f"http://{SITE}/avis"
    source = Source(url=url, kind=SourceKind.PAGE, watch=Watch.TEXT, selector="#avis")
    watched = Watched(tmp_path, {"/avis": shown("Non.", "Le marché a lieu jeudi matin.")}, source)
    watched.make_pass()
    watched.answers["/avis"] = shown("Non.", "Le marché a lieu samedi, sur le quai.")
    assert watched.make_pass(NOON + DAY).counts["articles_changed"] == 0
    watched.answers["/avis"] = shown("Oui.", "Le marché a lieu samedi, sur le quai.")
    assert watched.make_pass(NOON + 3 * DAY).counts["articles_changed"] == 1
    assert ["Oui." in text for text in watched.versions(url)] == [False, True]
