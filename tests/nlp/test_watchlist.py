"""Watched names are found whatever their spelling, exactly where they stand, and nowhere else."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.mention import Case, Entity, EntityKind
from nlp.names.contexts import line_around
from nlp.names.watch_list import WatchList
from tests.cost import cheapest_s
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


@pytest.mark.parametrize(
    ("written", "entity"),
    [
        ("Dar\u00admanin", "Gérald Darmanin"),
        ("Gérald\u200b Darmanin", "Gérald Darmanin"),
        ("Gérald\u202fDarmanin", "Gérald Darmanin"),
        ("Gérald \r\n Darmanin", "Gérald Darmanin"),
        ("Brief\u2011Cam", "BriefCam"),
        ("commission nationale de l\u02bcinformatique et des libertés", "CNIL"),
        ("CONSEIL D\u2018E\u0301TAT", "Conseil d'État"),
        ("conseil d'etat", "Conseil d'État"),
        ("L\u2060FI", "La France insoumise"),
    ],
    ids=ascii,
)
@pytest.mark.parametrize(("before", "after"), [("d’", " !"), ("(", ")"), ("«\u00a0", "\u00a0»")])
def test_fault_42_signs_that_nobody_sees_hide_no_name(written, entity, before, after):
    watched = WatchList((*ENTITIES, Entity(name="Conseil d'État", kind=EntityKind.ORGANISATION)))
    (mention,) = watched.find(f"Selon {before}{written}{after}")
    start = len(f"Selon {before}")
    assert (mention.start, mention.end) == (start, start + len(written))
    assert (mention.text, mention.entity) == (written, entity)


STATE = Entity(
    name="State Department",
    kind=EntityKind.ORGANISATION,
    aliases=("State",),
    unless=("State Street", "head of State", "television"),
)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("She told State about it", ["State"]),
        ("the state, a state and states", []),
        ("shares of State Street rose", []),
        ("a head\nof state spoke", []),
        ("the Head of State spoke", []),
        ("said on State and public television", []),
        ("She told State about it after having left public life and all television", ["State"]),
        ("the State Department wrote about it to the State television", ["State Department"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_words_that_forbid_a_match_are_heeded(text, written):
    assert [one.text for one in WatchList([STATE]).find(text)] == written


@pytest.mark.parametrize(
    ("case", "found_in"),
    [
        (Case.AUTO, ["NOÉ", "Noé", "Noe"]),
        (Case.EXACT, ["Noé", "Noe"]),
        (Case.ANY, ["NOÉ", "Noé", "noé", "Noe", "noe"]),
    ],
)
def test_the_case_of_a_name_counts_as_configured(case, found_in):
    watched = WatchList([Entity(name="Noé", kind=EntityKind.OTHER, case=case)])
    spelt = ["NOÉ", "Noé", "noé", "Noe", "noe"]
    assert [one for one in spelt if watched.find(f"chez {one}, oui")] == found_in


@pytest.mark.parametrize(
    ("name", "found_in"),
    [("UN", ["UN"]), ("LFI", ["LFI"]), ("OTAN", ["OTAN", "Otan"]), ("CNIL", ["CNIL", "Cnil"])],
)
def test_a_short_acronym_needs_its_capitals_a_longer_one_the_first(name, found_in):
    watched = WatchList([Entity(name=name, kind=EntityKind.ORGANISATION)])
    spelt = [name, name.capitalize(), name.lower()]
    assert [one for one in spelt if watched.find(f"dit {one} hier")] == found_in


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("UN MORT DANS UN ACCIDENT\nIl y a eu un mort.", 0),
        ("Il y a eu un mort, dit l’envoyé de UN à Genève.", 1),
        ("THE UN SAYS NO\nIt refused.", 1),
    ],
)
def test_a_heading_in_capitals_makes_no_acronym_of_a_word(text, count):
    watched = WatchList([Entity(name="UN", kind=EntityKind.ORGANISATION)])
    assert len(watched.find(text)) == count


PEOPLE = (
    Entity(name="Anne Roche", kind=EntityKind.PERSON, aliases=("Roche",)),
    Entity(name="Total", kind=EntityKind.ORGANISATION),
    Entity(name="The Guardian", kind=EntityKind.ORGANISATION),
    Entity(name="The Hague", kind=EntityKind.PLACE),
    Entity(name="Fed", kind=EntityKind.ORGANISATION),
)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Mme Roche parle.", ["Roche"]),
        ("Le ministre Roche parle.", ["Roche"]),
        ("A. Roche parle.", ["Roche"]),
        ("Ann Roche spoke", ["Roche"]),
        ("Quand Roche parle, quand il faut.", ["Roche"]),
        ("Luc Roche parle.", []),
        ("Luc Roche parle. Roche se tait. M. Roche sort.", []),
        ("Anne Roche et Luc Roche. Roche parle.", ["Anne Roche", "Roche"]),
        ("P. Roche parle.", []),
        ("the younger Roche spoke", []),
        ("at Roche University", []),
        ("seen on CNN Roche spoke", ["Roche"]),
        ("Mrs Anne Roche left. Mr Roche stayed, Mrs Roche not.", ["Anne Roche", "Roche"]),
        ("Anne Roche Jr left", []),
        ("Luc Omar Roche left", []),
        ("Anne Roche left. Will Team Roche Stay?", ["Anne Roche", "Roche"]),
        ("Anne Roche left. Elbora Roche stayed.", ["Anne Roche"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_surname_behind_another_first_name_is_another_person(text, written):
    assert [one.text for one in WatchList(PEOPLE).find(text)] == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Total said so. In total, ten.", ["Total"]),
        ("Total, the company, said so. In total, ten.", ["Total"]),
        ("Total miles fell. In total, ten.", []),
        ("Total miles fell.", ["Total"]),
        ("the French Total and others", ["Total"]),
        ("the Guardian newspaper said", ["the Guardian"]),
        ("end up at The Hague court, he said", ["The Hague"]),
        ("Fed by rivers, it is wide", ["Fed"]),
        ("they are fed up", []),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_word_that_the_text_also_writes_small_needs_more_than_its_capital(text, written):
    assert [one.text for one in WatchList(PEOPLE).find(text)] == written


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


@pytest.mark.parametrize(
    "text",
    [
        "Luc Roche " * 8_000,
        "Total miles\n" * 8_000,
        "THE ROCHE " * 8_000,
        "Roche\u00ad" * 8_000,
        "".join(f"{chr(65 + n % 26)}{chr(97 + n // 26 % 26)}x Roche " for n in range(8_000)),
    ],
    ids=["another", "a word", "capitals", "one long word", "ever another"],
)
def test_fault_42_hostile_text_costs_no_more_than_its_length(text):
    assert cheapest_s(lambda: WatchList(PEOPLE).find(text), 1.0) < 3.0
