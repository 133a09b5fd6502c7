"""The pages of entities, asked as a browser would."""

from datetime import timedelta
from html import unescape

import pytest

from model.mention import Entity, EntityKind, Mention, Quote, Tags
from nlp.names.joining import Reason
from store import open_store
from store.entities.joined import Joined
from tests.held_affair import SEEN, fill, make_reading
from tests.web.test_pages import assert_harmless, open_site
from web.entity import MOST_WEEKS, REASONS
from web.entity_facts import gather_entity

HOSTILE = "<b>Roy</b> & \x1b[31m"
WEEK = timedelta(days=7)


def name_in(store, number, names, joined=(), speaker=None):
    """Keep an article of some week in which some are named."""
    at = SEEN - (400 - number) * WEEK
    reading = make_reading(number, f"Le port {number}", "x" * 40, published_at=at)
    kept = store.keep(reading, relevant=True, reasons=("x",), now=at)
    mentions = tuple(
        Mention(start=at, end=at + 1, text="x", entity=name, kind=EntityKind.PERSON, by="fr")
        for at, name in enumerate(names)
    )
    quotes = (Quote(start=3, end=9, text="x" * 6, speaker=speaker, verb="dit"),) if speaker else ()
    tags = Tags(lang="fr", mentions=mentions, quotes=quotes)
    store.save_tags(kept.version_id, tags, (), tagger="t", now=at, joined=joined)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    data = tmp_path_factory.mktemp("site") / "data"
    fill(data)
    surname = Joined(called="Roy", kind=EntityKind.PERSON, key="anne roy",
                     reason=Reason.SURNAME, doubt="slight", via="Anne Roy")  # fmt: skip
    with open_store(data) as store:
        name_in(store, 100, ["Anne Roy", "Paul Petit"], speaker="Anne Roy")
        name_in(store, 300, ["Roy", "Paul Petit"], [surname])
        name_in(store, 301, ["Paul Roy", HOSTILE])
        name_in(store, 302, ["Louis Grand"])
        grand, petit = (store.who_is(name)[0].id for name in ("Louis Grand", "Paul Petit"))
        store.merge_entities(grand, petit, now=SEEN)
        store.alias_entity(store.who_is("Paul Roy")[0].id, "le maire", now=SEEN)
        store.alias_entity(petit, "le maire", now=SEEN)
    with open_site(data) as client:
        yield client


def page(site, name, lang="en"):
    answer = site.get("/entity", params={"name": name, "lang": lang})
    assert answer.status_code == 200
    return unescape(answer.text)


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", ["surname of the only one known: Anne Roy — with some doubt — 1 article",
                "First and last mention", "Articles per week (the last two years)",
                "Named together with", "Paul Petit", "Quotes", "xxxxxx", "2 articles"]),
        ("fr", ["nom de famille du seul connu : Anne Roy — avec un doute — 1 article",
                "Première et dernière mention", "Articles par semaine", "Cité avec", "Citations"]),
    ],
    ids=["English", "French"],
)  # fmt: skip
def test_an_entity_is_told_with_its_names_weeks_company_and_quotes(site, lang, said):
    shown = page(site, "Roy", lang)
    for words in said:
        assert words in shown
    assert f'href="/entity?name=Roy&lang={"fr" if lang == "en" else "en"}"' in shown


def test_what_is_quoted_leads_to_its_place_in_the_text(site):
    assert "?at=3-9&lang=en#said" in page(site, "Anne Roy")


def test_a_chart_holds_two_years_at_most(site):
    assert page(site, "Anne Roy").count('class="area"') == MOST_WEEKS


def test_what_was_decided_is_told(site):
    shown = page(site, "Louis Grand")
    assert "<h1><bdi>Paul Petit</bdi></h1>" in shown
    assert "Louis Grand is Paul Petit" in shown
    assert "decided by hand (no. 1)" in shown
    assert "Louis Grand est Paul Petit" in page(site, "Paul Petit", "fr")


def test_a_name_of_several_asks_which_one_is_meant(site):
    shown = page(site, "le maire")
    assert "Which one is meant?" in shown
    assert "Paul Roy" in shown
    assert "Paul Petit" in shown


def test_an_alias_of_the_configuration_leads_to_whom_it_means(site):
    name = "commission nationale de l'informatique et des libertes"
    assert "<h1><bdi>CNIL</bdi></h1>" in page(site, name)


def test_nobody_has_a_page_that_says_so(site):
    answer = site.get("/entity?name=zorglub&lang=fr")
    assert (answer.status_code, "Personne ne porte ce nom." in answer.text) == (404, True)


def test_articles_and_the_timeline_lead_to_the_pages(site):
    assert 'href="/entity?name=CNIL&amp;lang=en"' in site.get("/article/1?lang=en").text
    timeline = site.get("/?q=entity:CNIL&lang=en").text
    assert 'href="/entity?name=CNIL&amp;lang=en"' in timeline
    assert 'href="/entities?lang=en"' in timeline
    assert "Paul Petit" in site.get("/entities?lang=en").text


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "“Roy” surname of the only one known: Anne Roy — with some doubt"),
     ("fr", "« Roy » nom de famille du seul connu : Anne Roy — avec un doute")],
    ids=["English", "French"],
)  # fmt: skip
def test_an_article_says_why_a_name_means_somebody(site, lang, said):
    assert said in site.get(f"/article/7?lang={lang}").text


def test_names_are_shown_as_text(site):
    shown = (site.get("/entity?name=Paul+Roy").text, site.get("/entities").text)
    for html in (*shown, site.get("/entity", params={"name": HOSTILE}).text):
        assert_harmless(html)
        assert "\x1b" not in html


def test_every_reason_of_the_rules_has_its_words():
    assert {reason.value for reason in Reason} <= set(REASONS)


def test_whoever_is_watched_for_and_not_named_yet_has_a_page(tmp_path):
    fill(tmp_path)
    with open_store(tmp_path) as store:
        store.save_watched([Entity(name="Zorglub", aliases=("le professeur",))])
    with open_site(tmp_path) as client:
        shown = page(client, "le professeur")
    assert "<h1><bdi>Zorglub</bdi></h1>" in shown
    assert "watch list" in shown
    assert "0 articles" in shown


def test_a_date_to_come_is_no_last_mention(tmp_path):
    roy = Mention(start=0, end=1, text="x", entity="Anne Roy", kind=EntityKind.PERSON, by="fr")
    with open_store(tmp_path / "data") as store:
        for number, at in enumerate((SEEN - WEEK, SEEN + 800 * WEEK), 1):
            reading = make_reading(number, f"Le port {number}", "x" * 40, published_at=at)
            kept = store.keep(reading, relevant=True, reasons=("x",), now=SEEN)
            tags = Tags(lang="fr", mentions=(roy,))
            store.save_tags(kept.version_id, tags, (), tagger="t", now=SEEN)
        (listed,) = store.entities(limit=9)
        assert (listed.first_on, listed.last_on) == ((SEEN - WEEK).date(), SEEN.date())
        facts = gather_entity(store, store.who_is("Anne Roy")[0].id, now=SEEN)
    assert (facts.last_on, facts.undated) == ((SEEN - WEEK).date(), 1)
    assert [week.articles for week in facts.weeks] == [1]
