"""Who is whom, from texts to commands: joined by the rules, decided by a person, never lost."""

import json
import re

import msgspec
import pytest
from click.testing import CliRunner

from app.cli import vigie
from app.rebuilding import rebuild
from app.steps.processing import process_kept
from model.config import NlpSettings
from model.mention import Entity, EntityKind
from nlp.models import RawName
from nlp.names.cleaning import join_names
from nlp.tagging import Tagger
from store import open_store
from store.derived import Part
from tests.app.test_rebuilding import Killed, clock, quiet
from tests.held_affair import sought
from tests.store.makers import NOON, keep, make_reading

CONFIG = """
[affair]
name = "Le port"
match = "port"
[[entities]]
name = "CNIL"
kind = "organisation"
aliases = ["la Commission"]
[nlp]
models = {}
"""
WATCHED = (Entity(name="CNIL", kind=EntityKind.ORGANISATION, aliases=("la Commission",)),)
TEXTS = (
    "Au port, Anne Roy parle avec Paul Petit. « Le port restera ouvert », affirme Anne Roy.",
    "Au port, Roy parle avec Paul Petit le 14 novembre 2023, dit la CNIL.",
    "Au port, Paul Petit voit A. Roy et Louis Grand.",
    "Au port, Petit voit Anne Roy et Louis Grand.",
)
NAMED = {"Paul Petit": 4, "Anne Roy": 4, "Louis Grand": 2, "CNIL": 1}


class Namer(Tagger):
    """A tagger that takes every capitalised word within a sentence for a person."""

    def __init__(self, model="a"):
        super().__init__(WATCHED, NlpSettings(models={}))
        self.facts = msgspec.structs.replace(self.facts, rules=90 + len(model))
        self.version = self.facts.version

    def _find_mentions(self, text, lang):
        listed = self.find_listed(text)
        taken = {place for one in listed for place in range(one.start, one.end)}
        found = [
            RawName(one.start(), one.end(), EntityKind.PERSON)
            for one in re.finditer(r"(?<=[a-z,] )(?:[A-Z]\w*\.? ?)*[A-Z]\w+", text)
            if one.start() not in taken
        ]
        mentions = join_names(text, found, listed, "fake")
        return tuple(sorted((*listed, *mentions), key=lambda one: one.start))


@pytest.fixture
def folder(tmp_path):
    """Return the folder of an affair whose articles are processed."""
    (tmp_path / "config.toml").write_text(CONFIG, "utf-8")
    with open_store(tmp_path / "data") as store:
        for number, text in enumerate(TEXTS):
            reading = make_reading(
                f"https://s{number}.example/", f"Le port {number}", text, site=f"s{number}.example",
                published_at=NOON,
            )  # fmt: skip
            keep(store, reading)
        process_kept(store, Namer(), clock, quiet)
    return tmp_path


def run(folder, *words):
    options = ["--config", str(folder / "config.toml"), "--data", str(folder / "data")]
    return CliRunner().invoke(vigie, [*options, *words], standalone_mode=False)


def asked(folder, *words):
    """Return what `vigie entities … --json` answers."""
    result = run(folder, "entities", *words, "--json")
    assert result.exception is None, result.exception
    return json.loads(result.stdout)


def named(folder):
    return {one["name"]: one["articles"] for one in asked(folder)}


def refused(folder, *words):
    """Return the sentence with which a command refuses."""
    return str(run(folder, "entities", *words).exception)


def test_names_of_one_entity_are_joined_across_articles_and_say_why(folder):
    assert named(folder) == NAMED
    names = asked(folder, "show", "anne roy")["told"]["names"]
    told = {one["name"]: (one["articles"], one["why"], one["doubt"]) for one in names}
    assert told == {
        "Anne Roy": (2, "same name", ""),
        "Roy": (1, "surname of the only one", "slight"),
        "A. Roy": (1, "initial of the first name", "slight"),
    }


def test_show_tells_when_with_whom_and_in_what_words(folder):
    facts = asked(folder, "show", "Roy")
    assert facts["told"]["name"] == "Anne Roy"
    assert (facts["first_on"], facts["last_on"]) == ("2023-11-21", "2023-11-21")
    assert facts["weeks"] == [{"starts_on": "2023-11-20", "articles": 4}]
    assert facts["beside"][0] == {"label": "Paul Petit", "articles": 4}
    assert [one["words"] for one in facts["told"]["quotes"]] == ["Le port restera ouvert"]
    page = run(folder, "entities", "show", "Anne Roy").output
    for said in ("Anne Roy", "surname of the only one: Anne Roy; doubt: slight", "2023-11-20",
                 "Paul Petit", "Le port restera ouvert", "4 articles"):  # fmt: skip
        assert said in page


def test_an_article_shows_by_which_other_names_it_means_whom(folder):
    shown = run(folder, "show", "2").output
    assert "Roy: surname of the only one known: Anne Roy — with some doubt" in shown
    (joining,) = json.loads(run(folder, "show", "2", "--json").stdout)["joinings"]
    assert (joining["called"], joining["entity"]) == ("Roy", "Anne Roy")


def decide_all(folder):
    asked(folder, "merge", "Louis Grand", "Paul Petit")
    asked(folder, "split", "Anne Roy", "Roy", "--as", "Roy (port)", "--article", "2")
    asked(folder, "rename", "Anne Roy", "Anne Lemaire")
    asked(folder, "alias", "CNIL", "A. Roy")


DECIDED = {"Paul Petit": 4, "Anne Lemaire": 2, "Roy (port)": 1, "CNIL": 2}


def test_every_decision_is_numbered_listed_and_can_be_undone(folder):
    decide_all(folder)
    assert named(folder) == DECIDED
    listed = asked(folder, "decisions")
    assert [(one["id"], one["kind"]) for one in listed] == [
        (4, "alias"), (3, "rename"), (2, "split"), (1, "merge"),
    ]  # fmt: skip
    table = run(folder, "entities", "decisions").output
    assert "Roy in article 2 is not Anne Roy, it is Roy (port)" in table
    for number in ("2", "1", "4", "3"):
        assert f"Decision {number} is undone" in run(folder, "entities", "undo", number).output
    assert named(folder) == NAMED
    assert all(one["undone_at"] for one in asked(folder, "decisions"))


def test_a_decision_says_what_it_did_and_how_to_take_it_back(folder):
    said = run(folder, "entities", "merge", "Louis Grand", "Paul Petit").output
    told = "Louis Grand is Paul Petit"
    undo = "`vigie entities undo 1`"
    assert said == f"Decision 1: {told}, in 2 texts. {undo} takes it back.\n"
    assert "No text is found" in run(folder, "entities", "alias", "CNIL", "le gendarme").output


@pytest.mark.parametrize("old", ["Anne Roy", "anne roy", "A. Roy"])
def test_old_names_stay_searchable(folder, old):
    asked(folder, "rename", "Anne Roy", "Anne Lemaire")
    found = json.loads(run(folder, "search", f'entity:"{old}"', "--json").stdout)
    assert len(found) == 4
    assert json.loads(
        run(folder, "timeline", "--by", "published", "--entity", old, "--json").stdout
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "Ane Roi"), "nobody is called 'Ane Roi'; did you mean 'Anne Roy'?"),
        (("merge", "Zorglub", "CNIL"), "nobody is called 'Zorglub'; `vigie entities` lists"),
        (("merge", "Roy", "Anne Roy"), "'Anne Roy' and 'Anne Roy' are one already"),
        (("rename", "CNIL", " ... "), "' ... ' is no name: it has neither a letter nor a digit"),
        (("alias", "CNIL", "x" * 201), "this name is too long: its length is 201, at most 200"),
        (("split", "Anne Roy", "Louis"), "no text means 'Anne Roy' by 'Louis'; its names are"),
        (("split", "CNIL", "CNIL", "--article", "99"), "99"),
        (("undo",), "no decision stands: there is nothing to undo"),
        (("undo", "3"), "there is no decision 3: `vigie entities decisions` lists them"),
    ],
    ids=["misspelt", "nobody", "one", "no name", "long", "not so called", "article", "none", "no"],
)
def test_what_cannot_be_done_is_said_in_one_sentence(folder, words, said):
    assert said in refused(folder, *words)
    assert asked(folder, "decisions") == []


def test_a_name_that_could_be_several_is_asked_back(folder):
    asked(folder, "split", "Anne Roy", "Roy", "--as", "Ancien Roy")
    asked(folder, "rename", "Louis Grand", "Louis Roy")
    asked(folder, "alias", "Louis Roy", "Roy")
    said = refused(folder, "show", "Roy")
    assert "'Roy' could be several: " in said
    number = sought(r"Louis Roy \(#(\d+), person\)", said)
    assert asked(folder, "show", f"#{number}")["told"]["name"] == "Louis Roy"


def test_nothing_is_made_where_there_is_nothing(tmp_path):
    (tmp_path / "config.toml").write_text(CONFIG, "utf-8")
    for words in (("undo",), ("merge", "a", "b"), ("decisions",)):
        assert "does not exist" in refused(tmp_path, *words)
    assert not (tmp_path / "data" / "vigie.db").exists()


def decisions_held(folder):
    with open_store(folder / "data", read_only=True) as store:
        return list(store.database.rows("SELECT * FROM entity_decision"))


@pytest.mark.parametrize("again", ["rebuild", "new model"])
def test_decisions_survive_processing_again_killed_at_any_article(folder, again):
    decide_all(folder)
    held, expected = decisions_held(folder), named(folder)
    assert expected == DECIDED
    tagger = Namer("bb" if again == "new model" else "a")

    def make_again(store, tell):
        if again == "rebuild":
            rebuild(store, tagger, (Part.TAGS,), clock, tell)
        else:
            process_kept(store, tagger, clock, tell)

    for killed_at in (1, 2):
        with open_store(folder / "data") as store, pytest.raises(Killed):
            make_again(store, killing(killed_at))
    with open_store(folder / "data") as store:
        make_again(store, quiet)
    assert named(folder) == expected
    assert decisions_held(folder) == held
    for number in (4, 3, 2, 1):
        asked(folder, "undo", str(number))
    assert named(folder) == NAMED


def test_a_fuller_name_is_the_same_after_everything_is_made_again(folder):
    with open_store(folder / "data") as held:
        for number in range(7):
            name = "Jeanne Dupont" if number == 5 else "Dupont"
            text = f"Au port, {name} voit Paul Petit et Anne Roy."
            keep(held, make_reading(f"https://n{number}.example/", f"Le quai {number}", text))
        process_kept(held, Namer(), clock, quiet)
        before = labels(held), named(folder)
        assert before[1]["Jeanne Dupont"] == 7
        meant = joined(held)
        for _ in range(2):
            rebuild(held, Namer(), (Part.TAGS,), clock, quiet)
            assert (labels(held), named(folder)) == before
            assert joined(held) == meant


def test_names_are_found_while_tags_are_made_again(folder):
    with open_store(folder / "data") as held, pytest.raises(Killed):
        rebuild(held, Namer(), (Part.TAGS,), clock, killing(1))
    found = json.loads(run(folder, "search", 'entity:"A. Roy"', "--json").stdout)
    assert len(found) == 4


def joined(held):
    """Return whom each text means by each name, and why."""
    return list(
        held.database.rows(
            "SELECT j.version_id, j.called, e.name, j.reason, j.doubt, j.via, j.could_be"
            " FROM joining j JOIN entity e ON e.id = j.entity_id ORDER BY 1, 2"
        )
    )


def labels(held):
    sql = "SELECT value, articles FROM label WHERE facet = 'entity' AND articles > 0 ORDER BY value"
    return list(held.database.rows(sql))


def killing(at):
    """Return a listener that ends the program when so many articles are tagged."""

    def tell(step, done, total):
        if step == "tag" and done >= at:
            raise Killed

    return tell


def test_what_a_killed_decision_left_is_settled_by_the_next_pass(folder, monkeypatch):
    monkeypatch.setattr("store.entities.decided.BATCH", 1)
    with open_store(folder / "data") as held:
        one, other = (held.who_is(name)[0].id for name in ("Anne Roy", "Paul Petit"))
        assert held.merge_entities(one, other, now=NOON).waiting == 3
    with open_store(folder / "data") as held:
        process_kept(held, Namer(), clock, quiet)
        assert held.count_stale_joinings() == 0
    assert named(folder) == {"Paul Petit": 4, "Louis Grand": 2, "CNIL": 1}


def test_events_take_a_new_name_with_the_next_pass(folder):
    asked(folder, "rename", "CNIL", "La CNIL")
    with open_store(folder / "data") as held:
        assert held.stale_days()
        process_kept(held, Namer(), clock, quiet)
        names = {name for event in held.events(now=clock()) for name in event.entities}
    assert names == {"La CNIL"}


def test_decisions_are_in_backups(folder):
    decide_all(folder)
    run(folder, "backup", "--to", str(folder / "backups"))
    (backup,) = (folder / "backups").glob("*/")
    restored = folder / "elsewhere"
    restored.mkdir()
    (restored / "config.toml").write_text(CONFIG, "utf-8")
    result = run(restored, "restore", str(backup))
    assert result.exception is None, result.exception
    assert named(restored) == DECIDED
    assert decisions_held(restored) == decisions_held(folder)


def test_exports_name_whom_was_decided(folder):
    decide_all(folder)
    lines = run(folder, "export", "jsonl").stdout.splitlines()
    named_there = {json.loads(line)["article"]: json.loads(line)["entities"] for line in lines}
    assert named_there[2] == ["CNIL", "Paul Petit", "Roy (port)"]
    graph = run(folder, "export", "graphml").stdout
    assert "Anne Lemaire" in graph
    assert "Louis Grand" not in graph


def test_what_is_verified_holds_with_decisions(folder):
    decide_all(folder)
    assert run(folder, "verify").exception is None
