"""Faults 41 to 48: charsets, walls, removals, and pages that only seem to change."""

from datetime import timedelta
from pathlib import Path

import pytest

from crawler.captures import read_body
from tests.crawler.misbehaving import NOON, SITE, http
from tests.faults.watching import Watched, article, feed, item, page

DAY = timedelta(days=1)
ADDRESS = f"http://{SITE}/a1"
ACCENTS = "À la préfecture, l’été, où déjà : cœur, naïf, 20 €."


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("cp1252", "utf-8"), ("utf-8", "iso-8859-1"), ("utf-16", ""), ("cp1252", ""),
        ("utf-8", "klingon"), ("utf-8", ""),
    ],
)  # fmt: skip
def test_fault_41_accents_are_right_in_the_article_and_the_bytes_are_kept(
    tmp_path: Path, encoding: str, declared: str
) -> None:
    kind = f"text/html; charset={declared}" if declared else "text/html"
    body = article(1, words=ACCENTS).decode().replace('<meta charset="utf-8">', "").encode(encoding)
    watched = Watched(tmp_path, {"/feed": feed(item(1)), "/a1": http(body, Content_Type=kind)})
    watched.make_pass()
    assert ACCENTS in watched.versions(ADDRESS)[0]
    with watched.store() as store:
        number = watched.articles()[ADDRESS]
        assert store.article(number).current.reading.details["charset_source"]
        (capture,) = store.article_captures(number)
        assert read_body(watched.data, capture) == body


def test_fault_42_one_word_in_all_its_spellings_is_one_text_and_one_hit(tmp_path: Path) -> None:
    spelt = ["l’œuvre du préfet", "l'oeuvre du pre\u0301fet", "l\u2019œu\u00advre\u00a0du préfet"]
    watched = Watched(tmp_path, {"/feed": feed(item(1)), "/a1": page(1, words=spelt[0])})
    watched.make_pass()
    for number, words in enumerate(spelt[1:], start=1):
        watched.answers["/a1"] = page(1, words=words)
        watched.make_pass(NOON + number * DAY)
    assert len(watched.versions(ADDRESS)) == 1
    assert "l’œuvre du préfet" in watched.versions(ADDRESS)[0]


WALLS = {
    "wait": "<html><title>Just a moment...</title><body><h1>Just a moment...</h1><p>Checking your "
    "browser before accessing the site. Please enable cookies.</p></body></html>",
    "consent": "<html><title>Vos préférences</title><body><h1>Nous respectons votre vie privée</h1>"
    "<p>Avec votre accord, nous et nos 842 partenaires utilisons des cookies pour stocker et "
    "accéder à des informations personnelles.</p><button>Tout accepter</button><button>"
    "Continuer sans accepter</button></body></html>",
    "login": "<html><title>Connexion</title><body><h1>Connectez-vous</h1><form><input "
    "type=password></form><p>Connectez-vous pour lire la suite de cet article réservé aux "
    "abonnés.</p></body></html>",
    "error": "<html><title>Page introuvable</title><body><h1>404</h1><p>La page que vous cherchez "
    "n'existe pas ou n'existe plus.</p></body></html>",
    "nothing": "<html><body></body></html>",
}


@pytest.mark.parametrize("wall", WALLS.values(), ids=WALLS.keys())
def test_fault_44_a_wall_where_an_article_was_leaves_its_text_current(
    tmp_path: Path, wall: str
) -> None:
    watched = Watched(tmp_path, {"/feed": feed(item(1), item(2)), "/a1": page(1)})
    watched.answers["/a2"] = http(wall.encode())
    watched.make_pass()
    good = watched.versions(ADDRESS)
    watched.answers["/a1"] = http(wall.encode(), Content_Type="text/html; charset=utf-8")
    summary = watched.make_pass(NOON + DAY)
    assert (summary.counts["articles_reread"], summary.counts["articles_changed"]) == (1, 0)
    assert {fault.state for fault in summary.faults} <= {"soft_block", "extract_failed"}
    assert watched.versions(ADDRESS) == good
    assert list(watched.articles()) == [ADDRESS]


@pytest.mark.parametrize("status", [404, 410, 451])
def test_fault_45_a_page_taken_down_stays_readable_and_is_told_once(
    tmp_path: Path, status: int
) -> None:
    watched = Watched(tmp_path, {"/feed": feed(item(1)), "/a1": page(1)})
    watched.make_pass()
    good = watched.versions(ADDRESS)
    watched.answers["/a1"] = http(b"<h1>Disparu</h1>", status=status)
    absent = [watched.make_pass(NOON + days * DAY).counts["articles_absent"] for days in (1, 4, 40)]
    assert absent == [1, 0, 0]
    assert watched.versions(ADDRESS) == good
    with watched.store() as store:
        number = watched.articles()[ADDRESS]
        assert [change.what for change in store.article_changes(number)] == ["absent"]
        assert store.article(number).absent_since == NOON + DAY
    watched.answers["/a1"] = page(1)
    watched.make_pass(NOON + 500 * DAY)
    with watched.store() as store:
        assert [change.what for change in store.article_changes(number)] == ["absent", "back"]


@pytest.mark.parametrize("status", [403, 429, 500, 503])
def test_fault_45_a_page_that_only_fails_is_not_called_absent(tmp_path: Path, status: int) -> None:
    watched = Watched(tmp_path, {"/feed": feed(item(1)), "/a1": page(1)})
    watched.make_pass()
    watched.answers["/a1"] = http(status=status)
    assert watched.make_pass(NOON + DAY).counts["articles_absent"] == 0
    with watched.store() as store:
        assert store.article(watched.articles()[ADDRESS]).absent_since is None


def test_fault_46_counters_nonces_and_related_links_make_no_version(tmp_path: Path) -> None:
    def shown(number: int) -> bytes:
        counters = f"<p>{number} commentaires</p><p>Il y a {number} heures</p>"
        nonce = f'<script nonce="n{number}">var t = {number};</script>'
        related = f'<aside><h2>À lire aussi</h2><a href="/{number}">Autre {number}</a></aside>'
        body = f"{related}<footer>Vu {number} fois</footer>"
        whole = article(1, head=nonce, body=body).decode()
        return http(whole.replace("</article>", f"{counters}</article>").encode())

    watched = Watched(tmp_path, {"/feed": feed(item(1)), "/a1": shown(1)})
    watched.make_pass()
    for days in (1, 3, 30):
        watched.answers["/a1"] = shown(days + 10)
        summary = watched.make_pass(NOON + days * DAY)
        assert (summary.counts["articles_reread"], summary.counts["articles_changed"]) == (1, 0)
    assert len(watched.versions(ADDRESS)) == 1
