"""Watched names are found whatever their spelling, exactly where they stand, and nowhere else."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.mention import Entity, EntityKind
from nlp.contexts import line_around
from nlp.watchlist import WatchList
from tests.nlp.watched_affair import ENTITIES, SEEDS

WATCHED = WatchList(ENTITIES)


def found(text: str) -> list[tuple[str, str]]:
    mentions = WATCHED.find(text)
    assert all(text[one.start : one.end] == one.text for one in mentions)
    return [(one.text, one.entity) for one in mentions]


@pytest.mark.parametrize(
    ("text", "written", "entity"),
    [
        ("le ministre Gerald Darmanin", "Gerald Darmanin", "Gérald Darmanin"),
        ("GÉRALD DARMANIN répond", "GÉRALD DARMANIN", "Gérald Darmanin"),
        ("gérald darmanin répond", "gérald darmanin", "Gérald Darmanin"),
        ("Gérald\nDarmanin", "Gérald\nDarmanin", "Gérald Darmanin"),
        ("Gérald\u00a0Darmanin", "Gérald\u00a0Darmanin", "Gérald Darmanin"),
        ("Mr Darmanin’s answer", "Darmanin", "Gérald Darmanin"),
        ("l’enquête d’LFI", "LFI", "La France insoumise"),
        ("L.F.I. demande", "L.F.I.", "La France insoumise"),
        ("la France Insoumise", "la France Insoumise", "La France insoumise"),
        ("la Cnil enquête", "Cnil", "CNIL"),
        (
            "la commission nationale de l’informatique et des libertes",
            "commission nationale de l’informatique et des libertes",
            "CNIL",
        ),
        ("le logiciel briefcam", "briefcam", "BriefCam"),
        ("le logiciel Brief-Cam", "Brief-Cam", "BriefCam"),
        ("au cœur… de BriefCam", "BriefCam", "BriefCam"),
        ("BriefCam.Le logiciel", "BriefCam", "BriefCam"),
        ("la Quadrature-du-Net", "la Quadrature-du-Net", "La Quadrature du Net"),
        ("pour la Quadrature, non", "la Quadrature", "La Quadrature du Net"),
        ("selon le Parisien", "le Parisien", "Le Parisien"),
        ("Source : The Parisian", "The Parisian", "Le Parisien"),
        ("The Parisian reported it", "The Parisian", "Le Parisien"),
    ],
    ids=lambda value: value,
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_watched_name_is_found_whatever_its_spelling(text, written, entity, form):
    assert found(unicodedata.normalize(form, text)) == [
        (unicodedata.normalize(form, written), entity)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "selfie, lfio, xLFI, LFI2, LFI_nupes",
        "lfi et cnil en minuscules",
        "they refused to disclose it",
        "Darmaninesque",
        "la quadrature du cercle",
        "La quadrature du cercle",
        "the Parisian suburbs",
        "The Parisian suburb of Saint-Denis",
        "le Parisien moyen",
        "un parisien",
        "https://disclose.example/Disclose/BriefCam",
        "contact@briefcam.com",
        "www.briefcam.com",
    ],
    ids=lambda value: value,
)
def test_other_words_are_not_the_name(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "is_name"),
    [
        ("Disclose revealed the contract.", True),
        ("Disclose, a newsroom, revealed it.", True),
        ("Disclose a révélé le contrat.", True),
        ("Disclose Reveals Police Use of Facial Recognition", True),
        ("According to Disclose the police used it.", True),
        ("It was handed to Disclose on Monday.", True),
        ("They said so. Disclosed revealed the affair.", True),
        ("The investigative media Disclosed who revealed the affair.", True),
        ("Disclose the contract, the court said.", False),
        ("“Disclose everything,” she said.", False),
        ("Furloughs. Disclose as much information as you can.", False),
        ("Disclosed by a court, the contract shocked.", False),
        ("Disclosed documents show it.", False),
        ("Police Ordered to Disclose Surveillance Contracts", False),
        ("Ministry Must Disclose Surveillance Contracts", False),
        ("Contract Never Disclosed, Senators Complain Today", False),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_verb_with_a_capital_is_told_from_the_newsroom(text, is_name):
    assert bool(found(text)) is is_name


def test_the_longest_name_wins_and_nothing_overlaps():
    entities = (
        Entity(name="France", kind=EntityKind.PLACE),
        Entity(name="La France insoumise", kind=EntityKind.ORGANISATION, aliases=("LFI",)),
        Entity(name="LFI-Nupes", kind=EntityKind.ORGANISATION),
    )
    mentions = WatchList(entities).find("La France insoumise (LFI-Nupes, ex-LFI) quitte la France")
    assert [mention.entity for mention in mentions] == [
        "La France insoumise",
        "LFI-Nupes",
        "La France insoumise",
        "France",
    ]


def test_a_longer_name_that_its_case_forbids_leaves_the_shorter_one():
    entities = (Entity(name="Le Parisien"), Entity(name="Parisien", kind=EntityKind.PERSON))
    mentions = WatchList(entities).find("Ce le Parisien moyen")
    assert [mention.entity for mention in mentions] == ["Parisien"]


def test_an_empty_list_finds_nothing():
    assert WatchList(()).find("BriefCam") == ()


@given(st.text(max_size=40), st.text(max_size=40))
def test_offsets_hold_in_any_text(before, after):
    text = f"{before} Gérald Darmanin {after}"
    for mention in WATCHED.find(text):
        assert text[mention.start : mention.end] == mention.text
    assert any(mention.entity == "Gérald Darmanin" for mention in WATCHED.find(text))


@pytest.mark.parametrize(
    ("seed", "expected"),
    [
        ("000", {"La France insoumise"}),
        ("002", {"BriefCam", "CNIL", "La France insoumise", "Gérald Darmanin", "Disclose",
                 "Aurélien Saintoul"}),
        ("004", {"BriefCam", "CNIL", "Disclose", "La Quadrature du Net", "Le Parisien"}),
    ],
)  # fmt: skip
def test_the_seeds_name_whom_they_name(seed, expected):
    text = _seed(seed)
    mentions = WATCHED.find(text)
    assert {mention.entity for mention in mentions} == expected
    assert all(text[one.start : one.end] == one.text for one in mentions)


@pytest.mark.parametrize(
    ("seed", "entity", "written"),
    [
        ("000", "La France insoumise", {"La France Insoumise"}),
        ("002", "CNIL", {"Cnil", "National Commission for Informatics and Liberties"}),
        ("002", "La France insoumise", {"La France insoumise", "LFI"}),
        ("004", "Disclose", {"Disclosed"}),
        ("004", "Le Parisien", {"The Parisian"}),
    ],
)
def test_the_seeds_are_read_in_all_their_spellings(seed, entity, written):
    mentions = WATCHED.find(_seed(seed))
    assert {one.text for one in mentions if one.entity == entity} == written


def _seed(number: str) -> str:
    path = next(SEEDS.glob(f"{number}_*.txt"), None)
    if path is None:
        pytest.skip(f"the seed {number} is not in {SEEDS}")
    return path.read_text(encoding="utf-8")


def test_the_line_around_a_name_is_never_the_whole_text():
    assert len(line_around("a" * 400_000, 200_000, 200_005)) < 500
