"""Faults 41 to 48: charsets, walls, removals, and pages that only seem to change."""

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from crawler.captures import read_response
from digest.choose import Findings, choose_digest
from digest.render import render_digest
from model.config import DigestList
from model.digest import DigestHealth
from model.phrases import say_change
from model.query import Everything
from store import open_store
from tests.crawler.misbehaving import NOON, SITE, http
from tests.faults.running import call_vigie, write_config
from tests.faults.test_g_web import open_site
from tests.faults.watching import Watched, article, feed, item, page
from tests.store.makers import keep, make_reading

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
        assert read_response(watched.data, capture).body == body


def test_fault_42_one_word_in_all_its_spellings_is_one_text_and_one_hit(tmp_path: Path) -> None:
    spelt = ["l’œuvre du préfet", "l'oeuvre du pre\u0301fet", "l\u2019œu\u00advre\u00a0du préfet"]
    watched = Watched(tmp_path, {"/feed": feed(item(1)), "/a1": page(1, words=spelt[0])})
    watched.make_pass()
    for number, words in enumerate(spelt[1:], start=1):
        watched.answers["/a1"] = page(1, words=words)
        watched.make_pass(NOON + number * DAY)
    assert len(watched.versions(ADDRESS)) == 1
    assert "l’œuvre du préfet" in watched.versions(ADDRESS)[0]


HEALTH = DigestHealth(sources=1, failing=(), last_run_at=NOON)
CYRILLIC = "l\u0435monde.example"
SPELT = f"{CYRILLIC} (xn--lmonde-3of.example)"


def test_fault_43_a_host_in_mixed_alphabets_is_shown_with_its_ascii_name(tmp_path: Path) -> None:
    write_config(tmp_path)
    url = "https://xn--lmonde-3of.example/1"
    with open_store(tmp_path / "data") as store:
        reading = make_reading(url, title="Les caméras du port", text="Des caméras.")
        keep(store, msgspec.structs.replace(reading, site=CYRILLIC))
        change = store.digest_items(Everything(), NOON - 4000 * DAY, NOON)[0]
    with open_site(tmp_path / "data") as site:
        for page_of in ("/?by=published", "/article/1"):
            assert SPELT in site.get(page_of).text
    for line in (("search",), ("timeline", "--by", "published"), ("show", "1")):
        assert "xn--lmonde-3of.example" in call_vigie(tmp_path, *line).stdout.replace("\n", "")
    findings = Findings(items=(change,), events=(), changes=(), health=HEALTH)
    wanted = DigestList(name="quotidien", to=("a@lecteurs.example",))
    digest = choose_digest(findings, wanted, affair="Le port", on=NOON.date())
    assert SPELT in render_digest(digest, timezone="Europe/Paris", now=NOON).text


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


def test_fault_45_a_text_that_shrinks_is_told_once_as_a_possible_removal(tmp_path: Path) -> None:
    watched = Watched(tmp_path, {"/feed": feed(item(1)), "/a1": page(1)})
    watched.make_pass()
    (whole,) = watched.versions(ADDRESS)
    one = article(1).decode().split("</p>")[0] + "</p></article></body></html>"
    watched.answers["/a1"] = http(one.encode(), Content_Type="text/html; charset=utf-8")
    for days in (1, 4, 40):
        watched.make_pass(NOON + days * DAY)
    with watched.store() as store:
        told = store.changes(NOON, NOON + 50 * DAY)
    assert [(change.what, change.detail) for change in told] == [("shrunk", "text")]
    assert watched.versions(ADDRESS)[0] == whole
    for language, words in (("fr", "suppression possible"), ("en", "possible removal")):
        assert words in say_change("shrunk", "text", language, present_at=None, seen_at=NOON)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", "présent le 22 novembre 2026, absent depuis le 23 novembre 2026"),
        ("en", "present on 22 November 2026, absent since 23 November 2026"),
    ],
)
def test_fault_45_an_absence_is_told_as_no_more_than_was_seen(
    tmp_path: Path, language: str, said: str
) -> None:
    watched = Watched(tmp_path, {"/feed": feed(item(1)), "/a1": page(1)})
    watched.make_pass()
    watched.answers["/a1"] = http(status=410)
    watched.make_pass(NOON + DAY)
    with open_site(watched.data) as site:
        for path in (f"/?by=published&lang={language}", f"/article/1?lang={language}"):
            assert said in site.get(path).text
    with watched.store() as store:
        findings = Findings(
            items=(), events=(), health=HEALTH, changes=store.changes(NOON, NOON + DAY)
        )
    wanted = DigestList(name="x", to=("a@lecteurs.example",), language=language)
    digest = choose_digest(findings, wanted, affair="Le port", on=NOON.date())
    text = render_digest(digest, timezone="Europe/Paris", now=NOON).text
    assert said in " ".join(text.split())


def declared(*paragraphs: str, more: str = "") -> bytes:
    """Return a page that declares an article and answers 200, whatever its paragraphs say."""
    head = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Les caméras du '
        'port, épisode 1", "datePublished": "2026-11-20T10:00:00Z"}</script>'
    )
    whole = article(1, head=head).decode()
    before, after = whole.split("</h1>")[0] + "</h1>", "</article></body></html>"
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return http(f"{before}{text}{more}{after}".encode(), Content_Type="text/html; charset=utf-8")


TEASERS = "".join(
    f"<h3>La brève {n}</h3><p>La commission {n} a rendu son avis jeudi, sans que la ministre ne le "
    "commente, et le conseil passe à la suite de son ordre du jour.</p>"
    for n in range(9)
)
REASONS = "La source principale de l’enquête s’est rétractée devant le juge d’instruction. " * 14


@pytest.mark.parametrize(
    "notice",
    [
        declared("Cet article a été retiré."),
        declared("Cet article a été retiré.", more=TEASERS),
        declared("Le conseil s’est réuni jeudi.", "Cet article n’est plus disponible."),
        declared("This article has been removed.", REASONS),
        declared("À la suite d’une plainte, cet article a été dépublié.", REASONS, more=TEASERS),
    ],
    ids=["alone", "above teasers", "below a standfirst", "with reasons", "all of it"],
)
def test_fault_45_a_page_that_says_it_was_taken_down_is_an_absence(
    tmp_path: Path, notice: bytes
) -> None:
    watched = Watched(tmp_path, {"/feed": feed(item(1)), "/a1": page(1)})
    watched.make_pass()
    good = watched.versions(ADDRESS)
    watched.answers["/a1"] = notice
    passes = [watched.make_pass(NOON + days * DAY) for days in (1, 4, 40)]
    assert [one.counts["articles_absent"] for one in passes] == [1, 0, 0]
    assert sum(one.faults == () for one in passes) == 3
    assert watched.versions(ADDRESS) == good
    number = watched.articles()[ADDRESS]
    with watched.store() as store:
        held = store.article(number)
        assert (held.present_at, held.absent_since) == (NOON, NOON + DAY)
        (change,) = store.article_changes(number)
        capture = store.article_captures(number)[1]
    assert (change.what, change.present_at) == ("absent", NOON)
    assert "the page says" in change.detail
    assert read_response(watched.data, capture).body in notice
    watched.answers["/a1"] = page(1)
    watched.make_pass(NOON + 500 * DAY)
    with watched.store() as store:
        assert [one.what for one in store.article_changes(number)] == ["absent", "back"]


def test_fault_45_an_article_on_a_retracted_article_is_an_article(tmp_path: Path) -> None:
    told = "La revue a retiré son article sur les caméras. « Cet article a été retiré », dit-elle. "
    watched = Watched(tmp_path, {"/feed": feed(item(1)), "/a1": declared(told * 3)})
    watched.make_pass()
    watched.answers["/a1"] = declared(told * 3, "Cet article a été retiré, annonce la revue.")
    summary = watched.make_pass(NOON + DAY)
    assert (summary.counts["articles_absent"], summary.counts["articles_changed"]) == (0, 1)


def test_fault_45_a_notice_above_the_whole_text_is_an_edit(tmp_path: Path) -> None:
    watched = Watched(tmp_path, {"/feed": feed(item(1)), "/a1": page(1)})
    watched.make_pass()
    whole = article(1).decode().replace("</h1>", "</h1><p>Cet article a été retiré par erreur.</p>")
    watched.answers["/a1"] = http(whole.encode(), Content_Type="text/html; charset=utf-8")
    summary = watched.make_pass(NOON + DAY)
    assert (summary.counts["articles_absent"], summary.counts["articles_changed"]) == (0, 1)


def test_fault_45_a_removal_listed_anew_makes_no_version(tmp_path: Path) -> None:
    watched = Watched(tmp_path, {"/feed": feed(item(1)), "/a1": page(1)})
    watched.make_pass()
    watched.answers["/a1"] = declared("Cet article a été retiré.", more=TEASERS)
    watched.answers["/feed"] = feed(item(1, more="<description>Revu.</description>"))
    watched.make_pass(NOON + DAY)
    assert "/a1" in watched.asked
    assert len(watched.versions(ADDRESS)) == 1


def test_fault_45_a_page_that_was_taken_down_before_it_was_read_is_no_article(
    tmp_path: Path,
) -> None:
    answers = {"/feed": feed(item(1)), "/a1": declared("Cet article a été retiré.")}
    watched = Watched(tmp_path, answers)
    assert [fault.state for fault in watched.make_pass().faults] == ["removed"]
    assert watched.articles() == {}


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


def polled(shares: tuple[int, int], votes: int) -> str:
    """Return a poll among readers."""
    lines = "".join(
        f"<li>{said} {n} %</li>" for said, n in zip(("Oui", "Non"), shares, strict=True)
    )
    return f"<p>Faut-il éteindre les caméras ?</p><ul>{lines}</ul><p>{votes} votes</p>"


def embedded(likes: str, answers: int) -> str:
    """Return an embedded post with its counters."""
    return (
        "<blockquote><p>Les caméras du port filment encore, dit-on sur le quai.</p>"
        "<p>10:32 · 12 mars 2024</p>"
        f"<p>{likes} J’aime</p><p>Lire les {answers} réponses</p></blockquote>"
    )


DATED = "<p>Mardi 12 mars 2024 à 10 h 30</p>"


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (polled((62, 38), 1234), (polled((55, 45), 2468), polled((1, 99), 9999))),
        (embedded("45", 3), (embedded("1,2 k", 40), embedded("2 M", 1301))),
        (DATED, ("", DATED)),
        ("", (DATED, "")),
        ("<p>Note moyenne : 4,2/5 (37 avis)</p>", ("<p>Note moyenne : 4,4/5 (40 avis)</p>", "")),
    ],
    ids=["a poll", "a post", "a date that goes and returns", "a date that comes and goes", "notes"],
)
def test_fault_46_what_readers_count_and_dates_that_come_and_go_make_no_version(
    tmp_path: Path, first: str, then: tuple[str, ...]
) -> None:
    def shown(more: str) -> bytes:
        whole = article(1).decode().replace("</article>", f"{more}</article>")
        return http(whole.encode(), Content_Type="text/html; charset=utf-8")

    watched = Watched(tmp_path, {"/feed": feed(item(1)), "/a1": shown(first)})
    watched.make_pass()
    for days, more in zip((1, 4), then, strict=True):
        watched.answers["/a1"] = shown(more)
        summary = watched.make_pass(NOON + days * DAY)
        assert (summary.counts["articles_reread"], summary.counts["articles_changed"]) == (1, 0)
    assert len(watched.versions(ADDRESS)) == 1


def test_fault_46_the_question_of_a_poll_is_text(tmp_path: Path) -> None:
    def shown(poll: str) -> bytes:
        whole = article(1).decode().replace("</article>", f"{poll}</article>")
        return http(whole.encode(), Content_Type="text/html; charset=utf-8")

    asked = polled((62, 38), 1234)
    watched = Watched(tmp_path, {"/feed": feed(item(1)), "/a1": shown(asked)})
    watched.make_pass()
    watched.answers["/a1"] = shown(asked.replace("éteindre", "rallumer"))
    assert watched.make_pass(NOON + DAY).counts["articles_changed"] == 1
