"""What a changed watch list, model or rule may change, and what it cannot."""

import msgspec
import pytest

from model.mention import Entity, EntityKind
from nlp.tagger_facts import Change, ChangedNames, TaggerFacts, changed_forms, find_change

ORGANISATION, PERSON = EntityKind.ORGANISATION, EntityKind.PERSON
CNIL = Entity(name="CNIL", kind=ORGANISATION, aliases=("la Commission du port",))
ROY = Entity(name="Anne Roy", kind=PERSON, aliases=("Roy",))
FACTS = TaggerFacts(
    rules=3, joining=1, timezone="Europe/Paris", models={"fr": ("a", "1")}, entities=(CNIL, ROY)
)

FORMS = {
    "the same": ((CNIL, ROY), set()),
    "an alias more": (
        (msgspec.structs.replace(CNIL, aliases=(*CNIL.aliases, "Gendarme")), ROY), {"gendarme"},
    ),
    "an alias less": ((msgspec.structs.replace(CNIL, aliases=()), ROY), {"la commission du port"}),
    "another kind": (
        (msgspec.structs.replace(CNIL, kind=EntityKind.LAW), ROY),
        {"cnil", "c.n.i.l.", "la commission du port"},
    ),
    "another first name of a surname": (
        (CNIL, msgspec.structs.replace(ROY, aliases=("Roy", "Annette Roy"))),
        {"annette roy", "roy"},
    ),
    "who bears a name comes first": (
        (Entity(name="Commission", aliases=("CNIL",)), CNIL, ROY),
        {"commission", "cnil", "c.n.i.l."},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("entities", "forms"), FORMS.values(), ids=FORMS)
def test_those_names_changed_that_are_found_otherwise(entities, forms):
    assert changed_forms((CNIL, ROY), entities) == forms
    assert changed_forms(entities, (CNIL, ROY)) == forms


def changed(**facts):
    return find_change(FACTS, msgspec.structs.replace(FACTS, **facts))


@pytest.mark.parametrize(
    "facts",
    [{"rules": 4}, {"joining": 2}, {"timezone": "UTC"}],
    ids=lambda facts: next(iter(facts)),
)
def test_other_rules_may_change_everything(facts):
    assert changed(**facts) is None


def test_a_model_changes_the_texts_of_its_language():
    for models, langs in (
        ({"fr": ("a", "2")}, {"fr"}),
        ({"fr": ("b", "1"), "en": ("c", "1")}, {"fr", "en"}),
        ({}, {"fr"}),
    ):
        change = changed(models=models)
        assert isinstance(change, Change)
        assert {lang for lang in ("fr", "en", "de") if change.touches("Rien.", lang)} == langs


TOUCHED = {
    "as it is written": ("Le Gendarme du port parle.", (), True),
    "in other letters": ("le GENDARME parle", (), True),
    "within a word": ("La gendarmerie parle.", (), True),
    "over a line": ("Gen\u00addarme", (), True),
    "not there": ("La Cnil parle.", (("CNIL", ORGANISATION),), False),
    "a name it could mean": ("Le corps parle.", (("Gendarme", ORGANISATION),), True),
}


@pytest.mark.parametrize(("text", "named", "touched"), TOUCHED.values(), ids=TOUCHED)
def test_a_text_is_touched_where_a_changed_name_stands_or_could_be_meant(text, named, touched):
    entities = (msgspec.structs.replace(CNIL, aliases=(*CNIL.aliases, "Gendarme")), ROY)
    change = changed(entities=entities)
    assert change is not None
    assert change.touches(text, "fr", named) is touched


def test_nothing_stands_anywhere_where_nothing_changed():
    assert not ChangedNames((CNIL, ROY), (ROY, CNIL)).stand_in("CNIL Anne Roy")


def test_versions_tell_facts_apart_whatever_the_order_of_models():
    models = {"fr": ("a", "1"), "en": ("b", "1")}
    turned = dict(reversed(models.items()))
    one, other = (msgspec.structs.replace(FACTS, models=each) for each in (models, turned))
    assert one.version == other.version != FACTS.version
    assert one.version.startswith("3-")
