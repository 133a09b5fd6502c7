"""A changed rule is asked about what is held: flags and reasons follow it, nothing else moves."""

from datetime import timedelta
from typing import Any

import pytest

from app.steps import judging
from app.steps.judging import judge_again
from app.steps.parts import Parts, Tally
from app.steps.processing import process_kept
from app.steps.reaching_back import reach_back
from app.steps.relevance import Rule
from model.config import parse_config
from model.query import parse_query
from model.source import Entry, SourceState
from nlp.tagging import Tagger
from store import Annotation, open_store
from store.judging import Judging
from tests.store.makers import NOON, keep, make_reading

CONFIG = """
[affair]
name = "Le port"
match = '''{rule}'''

[[sources]]
url = "https://a.example/feed"
name = "La Gazette"

[[entities]]
name = "CNIL"
kind = "organisation"
aliases = {aliases}
"""
TEXTS = (
    "Les caméras du quai filment les passants, dit la Gazette.",
    "La CNIL contrôle le port depuis mars 2023.",
    "La Commission du port se tait depuis novembre 2023.",
    "Rien de tout cela ici.",
)
RULE = "caméras OR entity:CNIL"


class CountingRule(Rule):
    """A rule that counts what it is asked about."""

    asked = 0

    def judge(self, reading, listed_by=None):
        self.asked += 1
        return super().judge(reading, listed_by)


class Killed(BaseException):
    """What stops the program in the middle."""


def clock():
    return NOON + timedelta(days=9)


def quiet(*_):
    """Tell nobody."""


UNUSED: Any = None
"""What judging never asks for."""


def make_parts(store, rule=RULE, aliases=()):
    config = parse_config(CONFIG.format(rule=rule, aliases=list(aliases)))
    tagger = Tagger(config.entities, config.nlp)
    made = CountingRule(config, tagger, store.saved_queries())
    return Parts(
        config=config, store=store, fetcher=UNUSED, bounded=UNUSED, captures=UNUSED, rule=made,
        clock=clock, notify=quiet,
    )  # fmt: skip


def judge(store, **facts):
    """Judge what is held by a rule; return how many readings were looked at, and the tally."""
    parts, tally = make_parts(store, **facts), Tally()
    judge_again(parts, tally)
    counts = (tally.counts["articles_taken_in"], tally.counts["articles_left_out"])
    return parts.rule.asked, counts


def standing(store):
    articles = [store.article(number) for number in range(1, len(TEXTS) + 1)]
    return [one.reasons if one.relevant else None for one in articles]


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "data") as held:
        for number, text in enumerate(TEXTS):
            of_affair = number < 2
            keep(held, make_reading(f"https://a.example/{number}", f"N° {number}", text),
                 relevant=of_affair, reasons=("x",) * of_affair, raw=b"%d" % number)  # fmt: skip
        assert judge(held) == (4, (0, 0))
        yield held


def test_reasons_and_flags_follow_the_rule(store):
    assert standing(store) == [("caméras",), ("entity:CNIL",), None, None]
    assert judge(store, rule="commission OR cnil") == (4, (1, 1))
    assert standing(store) == [None, ("cnil",), ("commission",), None]
    assert judge(store) == (4, (1, 1))
    assert standing(store) == [("caméras",), ("entity:CNIL",), None, None]


def test_the_same_rule_is_asked_once(store):
    assert judge(store) == (0, (0, 0))


def test_a_rule_that_asks_for_no_name_is_not_another_by_the_watch_list(store):
    judge(store, rule="commission")
    assert judge(store, rule="commission", aliases=["Commission du port"]) == (0, (0, 0))


def test_by_a_changed_name_those_texts_are_judged_that_hold_it(store):
    assert judge(store, aliases=["Commission du port"]) == (1, (1, 0))
    assert standing(store)[2] == ("entity:CNIL",)
    assert judge(store, aliases=[]) == (1, (0, 1))


def test_nothing_goes_and_what_people_noted_stays(store):
    store.mark((1,), [(Annotation.STAR, ""), (Annotation.NOTE, "à citer")], [], now=NOON)
    before = [store.versions(number) for number in range(1, 5)], store.annotations(1)
    lines = store.ledger_head()
    judge(store, rule="commission")
    assert standing(store) == [None, None, ("commission",), None]
    assert ([store.versions(number) for number in range(1, 5)], store.annotations(1)) == before
    assert store.ledger_head() == lines
    found = store.search(parse_query("caméras is:starred"), now=clock(), limit=9).hits
    assert [(hit.article, hit.relevant) for hit in found] == [(1, False)]


def test_an_article_stays_as_long_as_the_rule_keeps_one_of_its_versions(store):
    keep(store, make_reading("https://a.example/0", "N° 0", "Le texte a été retiré du site."),
         now=NOON + timedelta(days=1))  # fmt: skip
    assert judge(store, rule="caméras OR conseil")[1] == (0, 1)
    assert standing(store)[0] == ("caméras",)


def test_who_left_the_affair_is_in_no_story_and_on_no_timeline(store):
    tagger = Tagger((), make_parts(store).config.nlp)
    process_kept(store, tagger, clock, quiet)
    told = {one for story in store.stories() for one in story.articles}
    dated = {one.article for one in store.dated_sentences()}
    assert (told, dated) == ({1, 2}, {2})
    judge(store, rule="caméras")
    process_kept(store, tagger, clock, quiet)
    assert {one for story in store.stories() for one in story.articles} == {1}
    assert (store.dated_sentences(), store.events(now=clock())) == ((), ())
    judge(store)
    process_kept(store, tagger, clock, quiet)
    assert {one for story in store.stories() for one in story.articles} == {1, 2}
    assert [event.date.month for event in store.events(now=clock())] == [3]


@pytest.mark.parametrize("after", range(4))
def test_what_is_stopped_goes_on_where_it_was(store, monkeypatch, after):
    monkeypatch.setattr(judging, "BATCH", 1)
    record = type(store).record_judged
    steps: list[int] = []

    def dying(self, *asked, **facts):
        if len(steps) == after:
            raise Killed
        steps.append(1)
        record(self, *asked, **facts)

    monkeypatch.setattr(type(store), "record_judged", dying)
    with pytest.raises(Killed):
        judge(store, rule="commission")
    monkeypatch.setattr(type(store), "record_judged", record)
    assert judge(store, rule="commission")[0] == 4 - after
    assert standing(store) == [None, None, ("commission",), None]


def test_one_that_was_stopped_and_changed_again_begins_anew(store):
    store.record_judged((), Judging(rule="another", before="", upto=2), now=NOON)
    assert judge(store, aliases=["Commission du port"])[0] == 4
    assert standing(store) == [("caméras",), ("entity:CNIL",), ("entity:CNIL",), None]


def test_unkept_readings_are_asked_about_by_a_changed_name_where_they_hold_it(store):
    parts = make_parts(store)
    store.save_sources(parts.config.sources, now=NOON)
    entries = tuple(
        Entry(source_url="https://a.example/feed", key=text, url=f"https://a.example/e{number}",
              title=f"Titre {number}")
        for number, text in enumerate(TEXTS)
    )  # fmt: skip
    store.record_poll(SourceState(url="https://a.example/feed"), entries, now=NOON)
    for pending in store.pending_entries(now=clock(), limit=9):
        reading = make_reading(pending.entry.url, "Titre", pending.entry.key)
        store.record_unkept(pending.id, reading, judged_by=parts.rule.fingerprint, now=NOON)
    changed = make_parts(store, aliases=["Commission du port"])
    judge_again(changed, Tally())
    changed.rule.asked = 0
    assert (reach_back(changed), changed.rule.asked) == (1, 1)
    other = make_parts(store, rule="rien")
    judge_again(other, Tally())
    other.rule.asked = 0
    assert (reach_back(other), other.rule.asked) == (1, 4)
    assert reach_back(other) == 0
