"""Watched pages and documents over several passes: only what is watched makes a version."""

from datetime import timedelta
from pathlib import Path

import pytest

from model.source import Source, SourceKind, Watch
from tests.crawler.misbehaving import NOON, SITE, http
from tests.faults.watching import PARAGRAPH, Watched

URL = f"http://{SITE}/avis"
DAY = timedelta(days=1)


def page(words: str, beside: str = "", part: str = "part") -> bytes:
    """Return a page with the part that is watched and another one beside it."""
    return http(
        f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Avis</title></head>'
        f"<body><main><h1>Avis sur les caméras</h1><p>{beside} {PARAGRAPH}</p>"
        f'<div id="{part}"><p>{PARAGRAPH}</p><p>{words} {PARAGRAPH}</p></div></main></body></html>'
        .encode(),
        Content_Type="text/html; charset=utf-8",
    )  # fmt: skip


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    source = Source(url=URL, kind=SourceKind.PAGE, selector="#part", watch=Watch.TEXT, name="Avis")
    return Watched(tmp_path, {"/avis": page("Rien encore.")}, source)


def test_the_watched_part_is_the_text_of_one_article(watched: Watched) -> None:
    watched.make_pass()
    assert list(watched.articles()) == [URL]
    (text,) = watched.versions(URL)
    assert "Rien encore." in text
    assert text.count("Le port du Lambrecq") == 2


def test_a_change_of_the_part_is_a_version_and_one_beside_it_is_none(watched: Watched) -> None:
    watched.make_pass()
    watched.answers["/avis"] = page("Rien encore.", beside="Une brève sans rapport.")
    watched.make_pass(NOON + DAY)
    assert len(watched.versions(URL)) == 1
    watched.answers["/avis"] = page("La décision est annulée.", beside="Autre chose.")
    watched.make_pass(NOON + 2 * DAY)
    first, second = watched.versions(URL)
    assert "Rien encore." in first
    assert "La décision est annulée." in second
    assert "Autre chose." not in second


def test_a_part_that_is_no_longer_there_is_a_failure_that_removes_nothing(
    watched: Watched,
) -> None:
    watched.make_pass()
    beside = "Une brève sans aucun rapport avec ce qui est regardé ici, et bien longue."
    watched.answers["/avis"] = page("Rien encore.", beside=beside, part="renamed")
    watched.make_pass(NOON + DAY)
    state = watched.state(URL)
    assert state.state == "not_a_feed"
    assert "the selector `#part` matches nothing on the page any more" in state.reason
    assert len(watched.versions(URL)) == 1


def test_a_part_of_a_few_words_is_watched_like_any_other(tmp_path: Path) -> None:
    def notice(words: str) -> bytes:
        return http(
            f'<!doctype html><html lang="fr"><title>Caméras</title><body><p>{PARAGRAPH}</p>'
            f'<p id="part">Caméras : {words}.</p></body></html>'.encode(),
            Content_Type="text/html; charset=utf-8",
        )

    source = Source(url=URL, kind=SourceKind.PAGE, selector="#part", watch=Watch.TEXT)
    watched = Watched(tmp_path, {"/avis": notice("en marche")}, source)
    assert watched.make_pass().faults == ()
    watched.answers["/avis"] = notice("arrêtées")
    watched.make_pass(NOON + DAY)
    assert watched.versions(URL) == ["Caméras : en marche.", "Caméras : arrêtées."]


def test_a_document_whose_bytes_change_is_read_again(tmp_path: Path) -> None:
    source = Source(url=URL, kind=SourceKind.DOCUMENT)
    watched = Watched(tmp_path, {"/avis": page("Rien encore.")}, source)
    watched.make_pass()
    watched.answers["/avis"] = page("Rien de plus, mais ailleurs.")
    watched.make_pass(NOON + DAY)
    assert len(watched.versions(URL)) == 2
