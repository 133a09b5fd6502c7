"""What a model calls names is cleaned of what are none, and joined inside one text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.mention import EntityKind, Mention
from nlp.models import LONGEST_CHUNK, RawName, missing_models, split_chunks
from nlp.names.cleaning import clean_names, display_name, join_names

PERSON, ORGANISATION, PLACE = EntityKind.PERSON, EntityKind.ORGANISATION, EntityKind.PLACE


def raw(text: str, written: str, kind: EntityKind) -> RawName:
    start = text.index(written)
    return RawName(start, start + len(written), kind)


@pytest.mark.parametrize(
    ("text", "written", "kind", "expected"),
    [
        ("Hier M. Jean Martin a parlé", "M. Jean Martin", PERSON, "Jean Martin"),
        ("Then President Jane Doe spoke", "President Jane Doe", PERSON, "Jane Doe"),
        ("le ministre Paul Durand parle", "ministre Paul Durand", PERSON, "Paul Durand"),
        ("for Jane Doe’s lawyer", "Jane Doe’s", PERSON, "Jane Doe"),
        ("on Doe’s Lyon years again", "Doe’s Lyon years", ORGANISATION, "Doe"),
        ("by Norland’s Civil Agency", "Norland’s Civil Agency", ORGANISATION,
         "Norland’s Civil Agency"),
        ("Jean Martin\nNewsletter", "Jean Martin\nNewsletter", PERSON, "Jean Martin"),
        ("à l’Elysée ce soir", "l’Elysée", PLACE, "Elysée"),
        ("from the Gaza Strip", "the Gaza Strip", PLACE, "Gaza Strip"),
        ("La Chine répond", "La Chine", PLACE, "Chine"),
        ("vers Le Havre demain", "Le Havre", PLACE, "Le Havre"),
        ("Le Figaro révèle", "Le Figaro", ORGANISATION, "Le Figaro"),
        ("car de Gaulle refuse", "de Gaulle", PERSON, "de Gaulle"),
        ("selon Marine Le Goff,", "Marine Le Goff,", PERSON, "Marine Le Goff"),
        ("with Prince Harry", "Prince Harry", PERSON, "Prince Harry"),
        ("the Institute (of", "Institute (of", ORGANISATION, "Institute"),
        ("by Ann Roe / Agency", "Ann Roe / Agency", PERSON, "Ann Roe"),
        ("in the U.S. now", "U.S.", PLACE, "U.S."),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value else "",
)  # fmt: skip
def test_a_name_is_trimmed_to_itself(text, written, kind, expected):
    (name,) = clean_names(text, [raw(text, written, kind)])
    assert text[name.start : name.end] == expected


@pytest.mark.parametrize(
    ("text", "written", "kind"),
    [
        ("Selon lui, oui", "Selon", PERSON),
        ("en Novembre, oui", "Novembre", PLACE),
        ("Lire aussi la suite", "Lire aussi", ORGANISATION),
        ("relayed on X today", "X", ORGANISATION),
        ("sur a.example.com hier", "a.example.com", ORGANISATION),
        ("le président de la République parle", "président de la République", PERSON),
        ("the Minister of the Interior said", "Interior", ORGANISATION),
        ("Missile tiré : un missile", "Missile", PLACE),
        ("les Américains votent", "Américains", PLACE),
        ("the French police", "French", ORGANISATION),
        ("UN TITRE EN CAPITALES", "TITRE", ORGANISATION),
        ("of people here", "of people", ORGANISATION),
        ("Madame vient", "Madame", PERSON),
        ("en 20232024", "20232024", ORGANISATION),
        ("un selfAlpha", "Alpha", PLACE),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_name_is_dropped(text, written, kind):
    assert clean_names(text, [raw(text, written, kind)]) == ()


def entities(
    text: str, *names: tuple[str, EntityKind], listed: tuple[Mention, ...] = ()
) -> list[tuple[str, EntityKind]]:
    place = 0
    spans = []
    for written, kind in names:
        place = text.index(written, place)
        spans.append(RawName(place, place + len(written), kind))
        place += len(written)
    return [(one.entity, one.kind) for one in join_names(text, spans, listed, "model")]


def test_a_surname_alone_is_the_one_person_who_bears_it():
    text = "Anne Roche arrive. Roche parle."
    assert (
        entities(text, ("Anne Roche", PERSON), ("Roche", ORGANISATION))
        == [("Anne Roche", PERSON)] * 2
    )


def test_a_surname_that_two_people_bear_stays_alone():
    text = "Anne Roche et Luc Roche. Roche parle."
    found = entities(text, ("Anne Roche", PERSON), ("Luc Roche", PERSON), ("Roche", PERSON))
    assert found[-1] == ("Roche", PERSON)


def test_a_place_is_not_taken_for_the_person_named_like_it():
    text = "Denis Nantes habite Nantes, oui Nantes."
    found = entities(text, ("Denis Nantes", PERSON), ("Nantes", PLACE), ("Nantes", PLACE))
    assert found[1:] == [("Nantes", PLACE)] * 2


def test_a_surname_of_a_watched_person_is_theirs():
    text = "Anne Roche. Roche parle."
    watched = Mention(
        start=0, end=10, text="Anne Roche", entity="Anne Roche", kind=PERSON, by="list"
    )
    assert entities(text, (" Roche", PERSON), listed=(watched,))[0] == ("Anne Roche", PERSON)


def test_spellings_of_one_name_share_the_usual_one_and_the_usual_kind():
    text = "ÉLAN, Élan, Elan, le Élan"
    found = entities(text, ("ÉLAN", PLACE), ("Élan", ORGANISATION), ("Elan", ORGANISATION))
    assert found == [("Élan", ORGANISATION)] * 3


def test_a_name_is_shown_on_one_line_with_composed_accents():
    assert display_name("Ge\u0301rald\u200b\n Martin") == "Gérald Martin"


@given(st.text(alphabet=st.sampled_from("Aa\n. "), max_size=60))
def test_chunks_cover_all_text_in_order(text):
    chunks = list(split_chunks(text))
    kept = "".join(text[start:end] for start, end in chunks)
    assert "".join(kept.split()) == "".join(text.split())
    assert chunks == sorted(chunks)


def test_a_long_line_is_cut_between_words():
    text = "mot " * LONGEST_CHUNK
    chunks = list(split_chunks(text))
    assert max(end - start for start, end in chunks) <= LONGEST_CHUNK + 1
    assert all(text[start:end].startswith("mot") for start, end in chunks)


def test_a_line_that_goes_on_in_lower_case_stays_with_the_one_before():
    text = "Jean Martin a dit\nque rien.\nAutre paragraphe"
    assert [text[start:end] for start, end in split_chunks(text)] == [
        "Jean Martin a dit\nque rien.",
        "Autre paragraphe",
    ]


def test_a_missing_model_is_named_with_its_remedy():
    (sentence,) = missing_models({"xx": "xx_no_such_model"})
    assert "xx_no_such_model" in sentence
    assert "pip install xx-no-such-model" in sentence
