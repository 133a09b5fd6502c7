"""`vigie rules test` shows what a rule would keep, beside the rule in use, and writes nothing."""

import hashlib
import json

import pytest
from click.testing import CliRunner

import app.rule_trial
from app.cli import vigie
from app.rule_passages import find_passage
from app.steps.relevance import Rule
from model.config import parse_config
from model.errors import QueryError
from model.source import Entry, SourceState
from nlp.tagging import Tagger
from store import open_store
from tests.app.test_judging import CONFIG, RULE, TEXTS
from tests.store.makers import NOON, keep, make_reading

FEED = "https://a.example/feed"
UNKEPT = {
    "Un marché": "Le marché du quai ouvre ses portes dimanche.",
    "Une caméra": "Rien à voir, dit la maire du port.",
}


def write_config(path, rule=RULE, aliases=()):
    path.write_text(CONFIG.format(rule=rule, aliases=json.dumps(list(aliases))), encoding="utf-8")
    return path


@pytest.fixture
def place(tmp_path):
    """Return the folder of a configuration and of a store with articles and unkept readings."""
    config = parse_config(write_config(tmp_path / "config.toml").read_text("utf-8"))
    with open_store(tmp_path / "data") as store:
        for number, text in enumerate(TEXTS):
            keep(store, make_reading(f"https://a.example/{number}", f"N° {number}", text),
                 relevant=number < 2, raw=b"%d" % number)  # fmt: skip
        store.save_sources(config.sources, now=NOON)
        entries = tuple(Entry(source_url=FEED, key=title, url=f"https://a.example/e/{title}",
                              title=title) for title in UNKEPT)  # fmt: skip
        store.record_poll(SourceState(url=FEED), entries, now=NOON)
        for one in store.pending_entries(now=NOON, limit=9):
            reading = make_reading(one.entry.url, one.entry.key, UNKEPT[one.entry.key])
            store.record_unkept(one.id, reading, now=NOON)
    return tmp_path


def run(place, *asked, stdin=None):
    return CliRunner().invoke(
        vigie, ["--config", str(place / "config.toml"), "--data", str(place / "data"),
                "rules", "test", *asked], input=stdin,
    )  # fmt: skip


def tried(place, *asked, stdin=None):
    """Return what --json says, and the titles in its three lists."""
    done = run(place, *asked, "--json", stdin=stdin)
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    kinds = ("newly_kept", "no_longer_kept", "as_before")
    return told, [sorted(one["title"] for one in told[kind]["newest"]) for kind in kinds]


def test_the_rule_in_use_changes_nothing(place):
    told, lists = tried(place, RULE)
    assert lists == [[], [], ["N° 0", "N° 1", "Une caméra"]]
    assert (told["articles"], told["unkept"], told["rule"]) == (4, 2, RULE)


TRIED = {
    "less": (("CNIL",), [[], ["N° 0", "Une caméra"], ["N° 1"]]),
    "more": ((f"{RULE} OR marché",), [["Un marché"], [], ["N° 0", "N° 1", "Une caméra"]]),
    "without": (("quai", "-caméras"), [["Un marché"], ["N° 0", "N° 1", "Une caméra"], []]),
    "by the source": (('source:"La Gazette"',), [["Un marché"], ["N° 0", "N° 1"], ["Une caméra"]]),
    "nothing": (("montagne",), [[], ["N° 0", "N° 1", "Une caméra"], []]),
}  # fmt: skip


@pytest.mark.parametrize(("rule", "lists"), TRIED.values(), ids=TRIED)
def test_what_a_rule_keeps_more_and_no_longer(place, rule, lists):
    assert tried(place, *rule)[1] == lists
    assert tried(place, "-", stdin=" ".join(rule))[1] == lists


def test_another_configuration_is_tried_with_its_rule_and_its_watch_list(place):
    other = write_config(place / "other.toml", aliases=["Commission du port"])
    told, lists = tried(place, "--config", str(other))
    assert lists == [["N° 2"], [], ["N° 0", "N° 1", "Une caméra"]]
    (new,) = told["newly_kept"]["newest"]
    said = [new["passage"][start:end] for start, end in new["marks"]]
    assert (said, new["reasons"]) == (["Commission du port"], ["entity:CNIL"])
    assert tried(place, "entity:CNIL", "--config", str(other))[1][0] == ["N° 2"]


def test_a_text_comes_with_the_passage_that_says_so(place):
    printed = run(place, "marché").stdout
    assert "Le **marché** du quai ouvre" in printed
    assert "Les **caméras** du quai filment" in printed
    assert "Une **caméra**" in printed


def test_the_counts_are_of_all_and_the_lists_of_the_newest(place):
    told, lists = tried(place, "montagne", "--limit", "1")
    assert (told["no_longer_kept"]["count"], len(lists[1])) == (3, 1)
    assert tried(place, "montagne", "--limit", "0")[1] == [[], [], []]


def test_an_article_is_looked_at_in_all_its_versions(place):
    with open_store(place / "data") as store:
        keep(store, make_reading("https://a.example/0", "N° 0", "Le texte a été retiré du site."))
    told, lists = tried(place, "filment", "OR", "marché")
    assert lists[:2] == [["Un marché"], ["N° 1", "Une caméra"]]
    (kept,) = told["as_before"]["newest"]
    assert "filment" in kept["passage"]


WRONG = {
    "a quotation mark that is never closed": ('"caméras',),
    "an unknown field": ("entty:CNIL",),
    "a search that is not there": ("search:nothing",),
    "an empty rule": ("",),
    "nothing to try": (),
    "no such file": ("--config", "nowhere.toml"),
    "a list of files": ("--nothing", "x"),
}


@pytest.mark.parametrize("asked", WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_refused(place, asked):
    done = run(place, *asked)
    assert done.exit_code == 2 or getattr(done.exception, "exit_status", None) == 2


def test_a_wrong_rule_is_pointed_at(place):
    failed = run(place, "caméras", "entty:CNIL").exception
    assert isinstance(failed, QueryError)
    assert failed.pointed()[1].index("^") == len("caméras ")


def test_nothing_is_written(place):
    def digest():
        return hashlib.sha256((place / "data/vigie.db").read_bytes()).hexdigest()

    before = digest()
    run(place, "marché")
    assert digest() == before


def test_what_is_held_is_looked_at_a_batch_at_a_time(place, monkeypatch):
    monkeypatch.setattr(app.rule_trial, "BATCH", 1)
    assert tried(place, RULE)[1] == [[], [], ["N° 0", "N° 1", "Une caméra"]]


def test_a_passage_is_found_far_down_a_long_text():
    config = parse_config(CONFIG.format(rule=RULE, aliases="[]"))
    rule = Rule(config, Tagger(config.entities, config.nlp))
    for said in ("Les caméras filment.", "La CNIL contrôle."):
        text = "Un mot de plus. " * 12_000 + said
        found = find_passage(rule, rule.subject(make_reading(text=text)))
        (start, end), *_ = found.marks
        assert found.text[start:end] in ("caméras", "CNIL")
