"""Events are kept up article by article, at a cost that what is held does not raise."""

from datetime import date, timedelta

import msgspec
import pytest

import app.steps.happenings
from app.commands.timeline_command import _event_row
from app.steps.happenings import bring_events_up, build_all_events, build_on
from model.event import OtherDate
from model.mention import Precision, Tags
from nlp.events.centre import count_by_article
from store import open_store
from store.derived import Part
from tests.store.makers import NOON, keep, make_event, make_reading, make_sentence
from web.timeline import _event_row as shown_row

CAEN = "Le tribunal administratif de Caen a ordonné le {} novembre d'effacer toutes les images."


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "data") as held:
        yield held


def clock():
    return NOON


def tell(store, number, *told, site=""):
    """Keep and tag an article that tells these things; return its number."""
    reading = make_reading(
        f"https://a.example/{number}", f"Titre {number}", f"Texte {number}.",
        site=site or f"s{number}.example", published_at=NOON + timedelta(hours=number % 24),
    )  # fmt: skip
    kept = keep(store, reading, now=NOON, raw=f"{number}".encode())
    sentences = [
        make_sentence(kept.article_id, on, sentence=text, start=place, entities=("CNIL",))
        for place, (on, text) in enumerate(told)
    ]
    version = store.article(kept.article_id).current.id
    store.save_tags(version, Tags(lang="fr"), sentences, tagger="t", now=NOON)
    return kept.article_id


def kept_counts(store):
    return {
        what: {
            row["key"]: row["articles"]
            for row in store.database.rows(
                "SELECT key, articles FROM centre WHERE what = ?", (what,)
            )
        }
        for what in ("words", "names", "entities", "named", "published")
    }


def counts_from_nothing(store):
    built = msgspec.to_builtins(count_by_article(store.dated_sentences()))
    return {what: built[what] for what in ("words", "names", "entities", "named", "published")}


def texts(store):
    return {(str(one.date), one.text, one.independent_sources) for one in store.events(now=NOON)}


def on(day, month=11):
    return date(2023, month, day)


def test_what_is_kept_counts_what_counting_all_of_it_would(store):
    for number in range(3):
        tell(store, number, (on(14), f"La CNIL contrôle le port {number}."))
    bring_events_up(store, clock)
    assert store.count_whole() == 3
    assert kept_counts(store) == counts_from_nothing(store)
    store.set_relevance(1, relevant=False, reasons=())
    tell(store, 2, (on(16), "La CNIL clôt enfin son contrôle du port."))
    bring_events_up(store, clock)
    assert kept_counts(store) == counts_from_nothing(store)
    assert store.count_whole() == 2
    store.set_relevance(2, relevant=False, reasons=())
    store.set_relevance(3, relevant=False, reasons=())
    bring_events_up(store, clock)
    assert all(counts == {} for counts in kept_counts(store).values())


def test_a_changed_rule_builds_only_the_dates_of_what_it_let_in_or_out(store, monkeypatch):
    tell(store, 1, (on(14), "La CNIL contrôle le port de nuit."))
    tell(store, 2, (on(20), "La CNIL clôt enfin son contrôle du port."))
    bring_events_up(store, clock)
    built = []

    def build_none(_, days):
        built.append(days)
        return ()

    monkeypatch.setattr(app.steps.happenings, "build_on", build_none)
    store.set_relevance(2, relevant=False, reasons=())
    bring_events_up(store, clock)
    assert built == [((on(20), on(20)),)]


def test_other_rules_build_all_dates_and_count_all_articles_anew(store, monkeypatch):
    tell(store, 1, (on(14), "La CNIL contrôle le port de nuit."))
    bring_events_up(store, clock)
    with store.database.writing():
        store.database.execute("UPDATE centre SET articles = 99")
        store.database.execute("UPDATE event SET text = 'old'")
    monkeypatch.setattr(app.steps.happenings, "EVENT_RULES", "next")
    assert bring_events_up(store, clock) == 1
    assert texts(store) == {("2023-11-14", "La CNIL contrôle le port de nuit.", 1)}
    assert kept_counts(store) == counts_from_nothing(store)
    assert store.made_by(Part.EVENTS) == "next"


def test_a_killed_building_goes_on_with_the_dates_that_are_left(store, monkeypatch):
    for number in range(1, 5):
        tell(store, number, (on(number), f"La CNIL contrôle le quai {number} du port."))
    monkeypatch.setattr(app.steps.happenings, "DATES_AT_ONCE", 1)
    asked: list[object] = []

    def build_some(store, days):
        if len(asked) == 2:
            raise KeyboardInterrupt
        asked.append(days)
        return build_on(store, days)

    monkeypatch.setattr(app.steps.happenings, "build_on", build_some)
    with pytest.raises(KeyboardInterrupt):
        bring_events_up(store, clock)
    assert len(texts(store)) == 2
    monkeypatch.setattr(app.steps.happenings, "build_on", build_on)
    assert bring_events_up(store, clock) == 2
    assert len(texts(store)) == 4
    assert len(build_all_events(store)) == 4


def test_one_ruling_dated_differently_stands_twice_and_both_say_so(store):
    tell(store, 1, (on(22), CAEN.format(22)))
    tell(store, 2, (on(23), CAEN.format(23)))
    tell(store, 3, (on(24), "Le ministre répond aux députés sur les caméras de la ville."))
    bring_events_up(store, clock)
    others = {
        str(one.date): [(str(other.date), other.conflicting) for other in one.others]
        for one in store.events(now=NOON)
    }
    assert others == {
        "2023-11-22": [("2023-11-23", True)],
        "2023-11-23": [("2023-11-22", True)],
        "2023-11-24": [],
    }
    store.set_relevance(2, relevant=False, reasons=())
    bring_events_up(store, clock)
    assert [one.others for one in store.events(now=NOON)] == [(), ()]


def test_who_tells_both_dates_tells_two_events(store):
    tell(store, 1, (on(22), CAEN.format(22)), (on(23), CAEN.format(23)))
    bring_events_up(store, clock)
    assert [one.others for one in store.events(now=NOON)] == [(), ()]


def work_of_one_more(folder, held):
    """Return the steps of SQLite's machine that one more article costs beside so many."""
    with open_store(folder) as store:
        for number in range(held):
            day = date(2020, 1, 1) + timedelta(days=number)
            tell(store, number, (day, f"La CNIL contrôle le quai {number} du port."),
                 (date(2023, 5, 5), f"Une vedette {number} passe devant le phare."))  # fmt: skip
        bring_events_up(store, clock)
        tell(store, held, (date(2020, 1, 3), "La CNIL contrôle le quai du port."),
             (date(2020, 3, 3), "Une vedette passe devant le vieux phare."))  # fmt: skip
        steps = 0

        def count():
            nonlocal steps
            steps += 1

        connection = store.database.tables.conn
        connection.set_progress_handler(count, 10)
        assert bring_events_up(store, clock) >= 2
        connection.set_progress_handler(None, 0)
        return steps


def test_one_more_article_costs_the_same_whatever_is_held(tmp_path):
    few, many = (work_of_one_more(tmp_path / f"{held}", held) for held in (70, 700))
    assert many < 1.3 * few


def test_of_one_date_so_many_sentences_are_read_at_most(store, monkeypatch):
    monkeypatch.setattr("store.events.keeping.MOST_ON_A_DATE", 3)
    for number in range(5):
        tell(store, number, (on(14), f"La CNIL contrôle le quai {number} du port."))
    assert len(store.dated_sentences([(on(14), on(14))])) == 3
    assert len(store.dated_sentences()) == 5


def test_a_conflicting_date_is_told_on_a_screen_and_on_a_page():
    other = OtherDate(
        date=on(23), to=on(23), precision=Precision.DAY, text="x", independent_sources=2,
        conflicting=True,
    )  # fmt: skip
    month = msgspec.structs.replace(
        other, date=on(1), to=on(30), precision=Precision.MONTH, conflicting=False
    )
    event = msgspec.structs.replace(make_event(1, on(22), "Une décision."), others=(other, month))
    assert _event_row(event)[1].splitlines()[-1] == (
        "others date it 23 November 2023 (2 independent sources)"
    )
    assert shown_row(event, "fr").badges == ("d’autres le datent 23 novembre 2023",)
    assert shown_row(event, "en").badges == ("others date it 23 November 2023",)
