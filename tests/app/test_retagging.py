"""After names, models or rules changed, those texts are tagged again that this can change."""

from datetime import timedelta

import pytest

import nlp.tagging
from app.steps import processing, retagging
from app.steps.processing import process_kept
from app.steps.retagging import spare_untouched
from model.config import NlpSettings
from model.mention import Entity, EntityKind
from nlp.names.joining import JOINING_VERSION
from nlp.tagging import Tagger
from store import open_store
from store.derived import Part
from tests.store.makers import NOON, keep, make_reading

CNIL = Entity(name="CNIL", kind=EntityKind.ORGANISATION, aliases=("la Commission du port",))
ROY = Entity(name="Anne Roy", kind=EntityKind.PERSON)
WATCHED = (CNIL, ROY)
TEXTS = (
    "La CNIL contrôle le port depuis mars 2023, disent les riverains du quai.",
    "Les caméras du quai filment les passants, écrit la Gazette du port à ses lecteurs.",
    "Le Comité d'éthique a rendu son avis le 14 novembre 2023, selon les élus de la ville.",
    "Anne Roy quitte le conseil. Mme Roy ne dit pas pourquoi elle s'en va si vite.",
    "The cameras on the quay film everyone who walks by, the harbour gazette says today.",
)


class Counting(Tagger):
    """A tagger that notes what it is given."""

    def __init__(self, entities=WATCHED, models=None, tz="Europe/Paris"):
        super().__init__(entities, NlpSettings(models=models or {}), tz)
        self.read = []

    def tag(self, text, **facts):
        self.read.append(text)
        return super().tag(text, **facts)


class Killed(BaseException):
    """What stops the program in the middle."""


def clock():
    return NOON + timedelta(days=9)


def process(store, tagger):
    """Process with a tagger and return which of the texts it read."""
    process_kept(store, tagger, clock, lambda *_: None)
    return [TEXTS.index(text) for text in tagger.read]


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "data") as held:
        for number, text in enumerate(TEXTS):
            lang = "en" if text.startswith("The") else "fr"
            keep(held, make_reading(f"https://a.example/{number}", f"N° {number}", text, lang=lang))
        assert process(held, Counting()) == [0, 1, 2, 3, 4]
        yield held


def with_aliases(entity, *aliases):
    return Entity(name=entity.name, kind=entity.kind, aliases=(*entity.aliases, *aliases))


COMMITTEE = Entity(name="Comité d'éthique", kind=EntityKind.ORGANISATION)
CHANGES = {
    "nothing": (WATCHED, []),
    "another order": ((ROY, CNIL), []),
    "an alias that no text holds": ((with_aliases(CNIL, "Gendarme des fichiers"), ROY), []),
    "an alias added": ((with_aliases(CNIL, "gazette du port"), ROY), [1]),
    "in other letters": ((with_aliases(CNIL, "COMITE D’ETHIQUE"), ROY), [2]),
    "an entity added": ((*WATCHED, COMMITTEE), [2]),
    "an entity removed": ((ROY,), [0]),
    "an entity of another kind": ((Entity(name="CNIL", kind=EntityKind.LAW), ROY), [0]),
    "a person's other name": ((CNIL, with_aliases(ROY, "Roy")), [3]),
}


@pytest.mark.parametrize(("entities", "read"), CHANGES.values(), ids=CHANGES)
def test_a_changed_name_has_those_texts_tagged_again_that_hold_it(store, entities, read):
    assert process(store, Counting(entities)) == read
    assert process(store, Counting(entities)) == []


@pytest.mark.parametrize(("entities", "read"), CHANGES.values(), ids=CHANGES)
def test_what_is_spared_is_what_tagging_all_again_would_find(store, tmp_path, entities, read):
    tagger = Counting(entities)
    process(store, tagger)
    spared = [store.tags(store.article(number).current.id) for number in range(1, 6)]
    store.ask_again((Part.TAGS,), now=clock())
    assert process(store, Counting(entities)) == [0, 1, 2, 3, 4]
    assert [store.tags(store.article(number).current.id) for number in range(1, 6)] == spared


def test_a_changed_model_has_the_texts_of_its_language_tagged_again(store):
    assert process(store, Counting(models={"en": "en_core_not_installed"})) == [4]
    assert process(store, Counting(models={"fr": "fr_core_not_installed"})) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("what", ["rules", "joining", "time zone", "unknown"])
def test_where_everything_may_differ_all_texts_are_tagged_again(store, monkeypatch, what):
    if what == "rules":
        monkeypatch.setattr(nlp.tagging, "RULES_VERSION", nlp.tagging.RULES_VERSION + 1)
    if what == "joining":
        monkeypatch.setattr("nlp.tagging.JOINING_VERSION", JOINING_VERSION + 1)
    if what == "unknown":
        with store.database.writing():
            store.database.execute("DELETE FROM made_with")
    tagger = Counting((CNIL,), tz="Europe/London" if what == "time zone" else "Europe/Paris")
    assert process(store, tagger) == [0, 1, 2, 3, 4]


def test_older_versions_are_spared_and_tagged_again_alike(store):
    for number in (0, 1):
        keep(store, make_reading(f"https://a.example/{number}", f"N° {number}", "Plus rien ici."),
             now=NOON + timedelta(days=1))  # fmt: skip
    tagger = Counting()
    process_kept(store, tagger, clock, lambda *_: None)
    assert tagger.read == ["Plus rien ici."] * 2
    assert process(store, Counting((ROY,))) == [0]
    assert store.older_taggers(Counting((ROY,)).version) == ()


@pytest.mark.parametrize("after", range(6))
def test_what_is_stopped_goes_on_and_reads_nothing_twice(store, monkeypatch, after):
    """Each write of a batch of one may be the last; the next pass does the rest."""
    monkeypatch.setattr(retagging, "BATCH", 1)
    entities = (with_aliases(CNIL, "gazette du port"), ROY, COMMITTEE)
    spare = type(store).spare
    steps: list[int] = []

    def dying(self, *asked, **facts):
        if len(steps) == after:
            raise Killed
        steps.append(1)
        spare(self, *asked, **facts)

    first, second = Counting(entities), Counting(entities)
    monkeypatch.setattr(type(store), "spare", dying)
    if after < len(TEXTS):
        with pytest.raises(Killed):
            process(store, first)
    monkeypatch.setattr(type(store), "spare", spare)
    assert process(store, second) == [1, 2]
    assert first.read == []
    assert store.made_by(Part.TAGS) == second.version


def test_killed_while_tagging_nothing_tagged_is_tagged_again(store, monkeypatch):
    entities = (with_aliases(CNIL, "gazette du port"), ROY, COMMITTEE)

    class Dying(Counting):
        def tag(self, text, **facts):
            if self.read:
                raise Killed
            return super().tag(text, **facts)

    first = Dying(entities)
    with pytest.raises(Killed):
        process(store, first)
    assert process(store, Counting(entities)) == [2]


def test_while_nothing_changed_no_text_is_looked_at(store, monkeypatch):
    monkeypatch.setattr(type(store), "tagged_texts", None)
    assert spare_untouched(store, Counting(), clock) == 0
    assert processing.process_kept(store, Counting(), clock, lambda *_: None).tagged == 0
