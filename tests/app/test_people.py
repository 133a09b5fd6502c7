"""Names of people are split where that is plain, and nobody else's ever is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exporting.people import Name, split_name

PEOPLE = [
    ("Jeanne Roy", "Roy", "Jeanne"),
    ("Inès Delorme-Petit", "Delorme-Petit", "Inès"),
    ("Jean-Pierre O'Neill", "O'Neill", "Jean-Pierre"),
    ("V. Lestringant", "Lestringant", "V."),
    ("J.-P. Martin", "Martin", "J.-P."),
    ("John D. Smith", "Smith", "John D."),
    ("Charles de Gaulle", "de Gaulle", "Charles"),
    ("Jean d'Ormesson", "d'Ormesson", "Jean"),
    ("Ursula von der Leyen", "von der Leyen", "Ursula"),
    ("Marine Le Pen", "Le Pen", "Marine"),
    ("Anne de La Tour", "de La Tour", "Anne"),
    ("Van Morrison", "Morrison", "Van"),
    ("DUPONT Jean", "DUPONT", "Jean"),
    ("Jean DUPONT", "DUPONT", "Jean"),
    ("Jean LE GOFF", "LE GOFF", "Jean"),
    ("Élise Ávila", "Ávila", "Élise"),
]
OTHERS = [
    *("AFP", "Reuters", "La rédaction", "Rédaction, avec AM", "Le Monde", "L'Équipe"),
    *("Agence France-Presse", "Privacy International", "Human Rights Watch", "Service France"),
    *("The Associated Press", "Amnesty International France", "Reporters sans frontières"),
    *("La Quadrature du Net", "José Ortega y Gasset", "Marie Anne Lefort", "Jean Dupont et al."),
    *("jean dupont", "AFP REUTERS", "Jean 3000", "jean@gazette.example", "Jean Dupont (AFP)"),
    *("X", "", "漢字", "and", "Dupont, Jean", "J. K.", "Jean D."),
]


@pytest.mark.parametrize(("name", "family", "given"), PEOPLE, ids=[one[0] for one in PEOPLE])
def test_a_plain_name_has_two_parts(name, family, given):
    assert split_name(name) == Name(family=family, given=given)


@pytest.mark.parametrize("name", OTHERS)
def test_any_other_name_stays_whole(name):
    assert split_name(name) == Name(literal=name)


def test_an_outlet_that_signs_stays_whole():
    assert split_name("Matin Express", "MATIN EXPRESS") == Name(literal="Matin Express")


@given(st.text(max_size=40) | st.sampled_from([one[0] for one in PEOPLE]))
def test_no_letter_of_a_name_is_lost(text):
    name = split_name(text)
    parts = {name.literal, f"{name.given} {name.family}", f"{name.family} {name.given}"}
    assert text in parts or " ".join(text.split()) in parts
