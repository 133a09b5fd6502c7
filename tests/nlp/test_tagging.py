"""One call finds everything in a text; without models the watch list still works."""

import subprocess
import sys
from datetime import UTC, date, datetime

import pytest

from model.config import NlpSettings
from model.mention import Entity, EntityKind
from nlp.tagging import Tagger
from tests.nlp.watched_affair import ENTITIES, SEEDS

TEXT = (
    "Le ministre Gérald Darmanin était hier à Marseille.\n"
    "« Nous n'utilisons pas BriefCam », a déclaré M. Darmanin.\n"
    "La Cnil a annoncé mardi 15 novembre l'ouverture d'un contrôle, selon Anne-Sophie Lebrun."
)
ABSENT = NlpSettings(models={"fr": "fr_no_such_model"})
LATE_EVENING = datetime(2023, 11, 15, 23, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    made = Tagger(ENTITIES, NlpSettings())
    if made.missing:
        pytest.skip(" ".join(made.missing))
    return made


def test_names_of_the_list_and_of_the_model_come_together_in_order(tagger):
    tags = tagger.tag(TEXT, lang="fr")
    found = {(one.entity, one.kind, one.by) for one in tags.mentions}
    assert ("Gérald Darmanin", EntityKind.PERSON, "list") in found
    assert ("BriefCam", EntityKind.PRODUCT, "list") in found
    assert ("CNIL", EntityKind.ORGANISATION, "list") in found
    assert ("Marseille", EntityKind.PLACE, "fr_core_news_md") in found
    assert ("Anne-Sophie Lebrun", EntityKind.PERSON, "fr_core_news_md") in found
    assert all(TEXT[one.start : one.end] == one.text for one in tags.mentions)
    ends = [one.end for one in tags.mentions]
    assert all(end <= one.start for end, one in zip(ends, tags.mentions[1:], strict=False))


def test_the_model_does_not_contradict_the_list(tagger):
    tags = tagger.tag("LFI et BriefCam : LFI attaque BriefCam en justice, dit LFI.", lang="fr")
    assert {(one.entity, one.kind) for one in tags.mentions} == {
        ("La France insoumise", EntityKind.ORGANISATION),
        ("BriefCam", EntityKind.PRODUCT),
    }


def test_quotes_go_to_the_watched_entity(tagger):
    (quote,) = (one for one in tagger.tag(TEXT, lang="fr").quotes if "BriefCam" in one.text)
    assert (quote.speaker, quote.verb) == ("Gérald Darmanin", "déclaré")


@pytest.mark.parametrize(
    ("zone", "expected"),
    [("Europe/Paris", date(2023, 11, 15)), ("UTC", date(2023, 11, 14))],
)
def test_yesterday_counts_from_the_local_day_of_publication(zone, expected):
    tags = Tagger(ENTITIES, ABSENT, zone).tag(TEXT, lang="fr", published_at=LATE_EVENING)
    assert next(one for one in tags.dates if one.text == "hier").from_on == expected


def test_a_missing_model_is_told_and_the_rest_works():
    tagger = Tagger(ENTITIES, ABSENT)
    assert len(tagger.missing) == 1
    assert "fr_no_such_model" in tagger.missing[0]
    assert {one.by for one in tagger.tag(TEXT, lang="fr").mentions} == {"list"}


def test_a_language_without_a_model_is_read_with_the_list_alone(tagger):
    text = "Die Polizei nutzt seit Jahren heimlich die Software BriefCam, so die Zeitung."
    tags = tagger.tag(text)
    assert tags.lang == "de"
    assert [one.entity for one in tags.mentions] == ["BriefCam"]


@pytest.mark.parametrize(
    "other",
    [
        Tagger(ENTITIES[1:], NlpSettings()),
        Tagger((*ENTITIES[1:], Entity(name="BriefCam", kind=EntityKind.PRODUCT)), NlpSettings()),
        Tagger(ENTITIES, ABSENT),
        Tagger(ENTITIES, NlpSettings(), "UTC"),
    ],
    ids=["an entity less", "an alias less", "another model", "another zone"],
)
def test_the_version_changes_with_all_that_decides(other):
    same = Tagger(ENTITIES, NlpSettings())
    assert Tagger(tuple(ENTITIES), NlpSettings()).version == same.version
    assert other.version != same.version


def test_finding_listed_names_loads_no_model():
    code = (
        "import sys; from model.config import NlpSettings; from model.mention import Entity;"
        "from nlp.tagging import Tagger;"
        "found = Tagger((Entity(name='LFI'),), NlpSettings()).find_listed('LFI');"
        "sys.exit(len(found) != 1 or 'spacy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0


@pytest.mark.parametrize("text", ["", " \n", "\ud800", "a\x00b", "é" * 500, "«" * 500])
def test_odd_texts_are_only_text(tagger, text):
    assert tagger.tag(text, lang="fr", published_at=LATE_EVENING).lang == "fr"


def test_the_seeds_quote_whom_they_quote(tagger):
    path = next(SEEDS.glob("002_*.txt"), None)
    if path is None:
        pytest.skip(f"the seed 002 is not in {SEEDS}")
    tags = tagger.tag(path.read_text(encoding="utf-8"))
    assert tags.lang == "en"
    assert [one.speaker for one in tags.quotes if one.verb in ("announcing", "stressed")] == [
        "La France insoumise",
        "Aurélien Saintoul",
    ]
