"""A digest as text and as HTML."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import msgspec
import pytest

from digest.render import MAX_HTML_BYTES, render_digest
from model.digest import Digest, DigestChange, DigestHealth, DigestItem
from tests.held_affair import HOSTILE, make_event, sought

NOON = datetime(2023, 11, 21, 12, tzinfo=UTC)
XSS = Path(__file__).resolve().parents[2].parent / "shared/corpora/hostile/xss"


def make_item(number, **fields):
    usual: dict[str, Any] = {
        "url": f"https://gazette.example/{number}", "title": f"Titre {number}",
        "site": "gazette.example", "lang": "fr", "published_at": NOON, "first_seen_at": NOON,
        "summary": f"Résumé {number}.",
    }  # fmt: skip
    return DigestItem(article=number, **(usual | fields))


def make_change(number, what="edited", detail="title, text"):
    return DigestChange(
        article=number, url=f"https://gazette.example/c{number}", title=f"Changé {number}",
        site="gazette.example", what=what, detail=detail, seen_at=NOON,
    )  # fmt: skip


def make_digest(items=(), **fields):
    usual: dict[str, Any] = {
        "list_name": "quotidien", "affair": "Le port", "on": date(2023, 11, 21), "language": "fr",
        "events": (), "changes": (),
        "health": DigestHealth(sources=3, failing=(), last_run_at=NOON),
    }  # fmt: skip
    return Digest(items=tuple(items), **(usual | fields))


def render(digest, timezone="Europe/Paris", now=NOON):
    return render_digest(digest, timezone=timezone, now=now)


def addresses(rendered):
    in_text = re.findall(r"^  (https?://\S+)$", rendered.text, re.MULTILINE)
    in_html = [unescape(url) for url in re.findall(r'href="([^"]*)"', rendered.html)]
    return in_text, in_html


def test_text_and_html_hold_the_same_addresses_in_the_same_order():
    event = make_event(1, date(2023, 11, 15), "Un fait.", 1.0)
    cited = msgspec.structs.replace(event.citations[0], url="https://gazette.example/e?a=1&b=2")
    event = msgspec.structs.replace(event, citations=(cited,))
    digest = make_digest(map(make_item, range(30)), events=(event,), changes=(make_change(1),))
    in_text, in_html = addresses(render(digest))
    assert in_text == in_html
    assert len(in_text) == 32


def test_an_event_leads_to_the_sentence_that_says_so():
    event = make_event(1, date(2023, 11, 15), "Un fait.", 1.0)
    cited = event.citations[0]
    other = msgspec.structs.replace(cited, sentence="Autrement dit.", url="https://b.example/")
    said = msgspec.structs.replace(cited, url="https://a.example/")
    event = msgspec.structs.replace(event, citations=(other, said))
    assert addresses(render(make_digest(events=(event,))))[1] == ["https://a.example/"]


def test_a_thousand_long_items_stay_under_80_kb_and_the_rest_is_counted():
    items = [
        make_item(
            n, title="Très " * 200, summary="long " * 900, url=f"https://g.example/{n}?{'a' * 900}"
        )
        for n in range(40)
    ]  # fmt: skip
    rendered = render(make_digest(items, left_out=960))
    assert len(rendered.html.encode()) <= MAX_HTML_BYTES
    shown = rendered.html.count('class="item"')
    left_out = int(sought(r"\+(\d+) autres articles, non montrés ici", rendered.html))
    assert shown > 10
    assert shown + left_out == 1000
    assert f"+{left_out} autres articles, non montrés ici" in rendered.text
    assert "(1000)" in rendered.text


def test_nothing_is_loaded_from_elsewhere_and_the_style_is_small():
    html = render(make_digest([make_item(1)], changes=(make_change(2),))).html
    assert not re.search(r"<(img|link|script|iframe|object)|src=|url\(|@import", html)
    style = sought(r"<style>(.*?)</style>", html)
    assert len(style) < 16_000
    assert '<meta charset="utf-8">' in html


@pytest.mark.parametrize(
    ("timezone", "day"),
    [("Europe/Paris", "mercredi 22 novembre 2023"), ("America/Cayenne", "mardi 21 novembre 2023")],
)
def test_days_are_local(timezone, day):
    late = datetime(2023, 11, 21, 23, 30, tzinfo=UTC)
    rendered = render(make_digest([make_item(1, published_at=late)]), timezone)
    assert f"gazette.example, {day}" in rendered.text
    assert day in rendered.html


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("what", ["edited", "absent", "back"])
def test_every_change_can_be_told(language, what):
    rendered = render(make_digest(changes=(make_change(1, what, "title"),), language=language))
    assert "Changé 1" in rendered.text
    assert "Changé 1" in rendered.html


@pytest.mark.parametrize(
    ("last", "warning"),
    [(NOON, "Dernier passage"), (NOON - timedelta(days=2), "aucun passage ne s’est terminé depuis"),
     (None, "aucun passage ne s’est encore terminé")],
    ids=["a pass today", "two days without", "never"],
)  # fmt: skip
def test_a_watch_that_stands_still_is_never_silent(last, warning):
    health = DigestHealth(sources=3, failing=("Le Muet: HTTP 500",), last_run_at=last)
    rendered = render(make_digest(health=health))
    for body in (rendered.text, rendered.html):
        assert warning in body
        assert "Rien de nouveau ce jour-là." in body
        assert "1 source en panne sur 3" in body
        assert "Le Muet: HTTP 500" in body


COUNTS = {
    "fr, none watched": ("fr", 0, (), "Aucune source n’est encore suivie."),
    "fr, one": ("fr", 1, (), "1 source suivie, aucune en panne"),
    "fr, several": ("fr", 2, (), "2 sources suivies, aucune en panne"),
    "fr, one fails": ("fr", 12, ("A: 503",), "1 source en panne sur 12"),
    "fr, two fail": ("fr", 12, ("A: 503", "B: 404"), "2 sources en panne sur 12"),
    "en, one": ("en", 1, (), "1 source watched, none failing"),
    "en, several": ("en", 2, (), "2 sources watched, none failing"),
    "en, one fails": ("en", 12, ("A: 503",), "1 source failing out of 12"),
    "en, two fail": ("en", 12, ("A: 503", "B: 404"), "2 sources failing out of 12"),
}


@pytest.mark.parametrize(
    ("language", "sources", "failing", "told"), COUNTS.values(), ids=list(COUNTS)
)
def test_sources_are_counted_as_the_language_does(language, sources, failing, told):
    health = DigestHealth(sources=sources, failing=failing, last_run_at=NOON)
    rendered = render(make_digest(health=health, language=language))
    assert f"\n{told}\n" in rendered.text
    assert f">{told}<" in rendered.html


@pytest.mark.parametrize(
    ("language", "number", "told"),
    [
        ("fr", 1, ("1 autre site porte ce texte", "+1 autre article, non montré", "+1 autre ch")),
        ("fr", 2, ("2 autres sites portent", "+2 autres articles, non montrés", "+2 autres ch")),
        ("en", 1, ("1 other site carries", "+1 more article, not", "+1 more change, not")),
        ("en", 2, ("2 other sites carry", "+2 more articles, not", "+2 more changes, not")),
    ],
)
def test_what_has_no_room_and_who_copied_are_counted_alike(language, number, told):
    rendered = render(
        make_digest(
            [make_item(1, copies=number)], changes=(make_change(1),), language=language,
            left_out=number, changes_left_out=number,
        )
    )  # fmt: skip
    assert [one for one in told if one not in rendered.text or one not in rendered.html] == []


def test_the_subject_and_the_title_do_not_name_the_affair():
    rendered = render(make_digest())
    assert rendered.subject == "Revue du mardi 21 novembre 2023"
    assert "<title>Revue du mardi 21 novembre 2023</title>" in rendered.html


def test_what_sites_write_is_only_ever_text():
    digest = make_digest(
        [make_item(1, title=HOSTILE, summary=HOSTILE, site=HOSTILE, url="javascript:alert(1)")],
        affair="{{ 7 * 7 }} %s {0.__class__}",
    )
    rendered = render(digest)
    assert "<script" not in rendered.html
    assert "javascript:" not in rendered.html + rendered.text
    for body in (rendered.html, rendered.text):
        assert not set(body) & {"\x1b", "\u202e"}
        assert "{{ 7 * 7 }} %s {0.__class__}" in body


@pytest.mark.skipif(not XSS.is_dir(), reason="the hostile corpus is absent")
def test_no_vector_survives_in_the_html():
    vectors = [
        line for path in sorted(XSS.glob("*.txt"))
        for line in path.read_text("utf-8", "replace").splitlines() if line.strip()
    ]  # fmt: skip
    plain = tags(render(make_digest([make_item(1)])).html)
    for start in range(0, len(vectors), 40):
        some = vectors[start : start + 40]
        items = [
            make_item(n, title=v[:200], summary=v[:400], site=v[:200]) for n, v in enumerate(some)
        ]
        assert tags(render(make_digest(items)).html) <= plain


def tags(html):
    """Return the tags of a page with the names of their attributes."""
    found = re.findall(r"<(/?[a-zA-Z!][^\s>]*)((?:\s+[^\s=>]+(?:=\"[^\"]*\")?)*)\s*/?>", html)
    assert len(found) == html.count("<")
    return {(tag, *re.findall(r"\s([^\s=\"]+)=", names)) for tag, names in found}
