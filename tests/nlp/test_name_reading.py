"""The names of a text are completed where a model overlooked them, and get the kind they prove."""

import pytest

from model.mention import EntityKind, Mention
from nlp.models import RawName
from nlp.names import reading as name_reading
from nlp.names.kinds import join_parts, settle_kinds
from nlp.names.reading import find_names
from nlp.names.repeats import add_overlooked
from tests.cost import cheapest_s

PERSON, ORGANISATION, PLACE = EntityKind.PERSON, EntityKind.ORGANISATION, EntityKind.PLACE


def raw(text: str, written: str, kind: EntityKind, after: int = 0) -> RawName:
    start = text.index(written, after)
    return RawName(start, start + len(written), kind)


def completed(text: str, *names: tuple[str, EntityKind]) -> list[tuple[str, EntityKind]]:
    seen = [raw(text, written, kind) for written, kind in names]
    return [(text[one.start : one.end], one.kind) for one in add_overlooked(text, seen)]


@pytest.mark.parametrize(
    ("text", "seen", "added"),
    [
        ("Anne Roche parle. Roche sort.", ("Anne Roche", PERSON), [("Roche", PERSON)]),
        ("Anne Roche parle. ROCHE SORT.", ("Anne Roche", PERSON), [("ROCHE", PERSON)]),
        ("Anne Roche parle. Mme Roche sort.", ("Anne Roche", PERSON), [("Roche", PERSON)]),
        ("Elbor brûle. La ville d’Elbor a peur.", ("Elbor", PLACE), [("Elbor", PLACE)]),
        ("le Bureau des libertés (BDL) écrit, dit le BDL.", ("Bureau des libertés", ORGANISATION),
         [("BDL", ORGANISATION), ("BDL", ORGANISATION)]),
        ("Elbor tremble, loin de la Norvège.", ("Elbor", PLACE), [("Norvège", PLACE)]),
        ("Elbor answers the United Kingdom.", ("Elbor", PLACE), [("United Kingdom", PLACE)]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_was_seen_once_is_found_again(text, seen, added):
    assert completed(text, seen) == [seen, *added]


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Anne Roche parle. Luc Roche sort.", ("Anne Roche", PERSON)),
        ("Anne Roche parle d’une roche. Roche grise.", ("Anne Roche", PERSON)),
        ("Anne Roche parle. Rochefort dort.", ("Anne Roche", PERSON)),
        ("Anne Roche parle. @Roche écrit.", ("Anne Roche", PERSON)),
        ("Omar Ali parle. Ali sort.", ("Omar Ali", PERSON)),
        ("Paul Londres parle. Un londres fume.", ("Paul Londres", PERSON)),
        ("Elbor brûle. Elbor-Plage dort.", ("Elbor", PLACE)),
        ("le Bureau des libertés (ABC) écrit.", ("Bureau des libertés", ORGANISATION)),
        ("the Norway Trust of Elbor", ("Elbor", PLACE)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_another_name_or_word_is_left(text, seen):
    assert completed(text, seen) == [seen]


def test_what_is_taken_is_left():
    text = "Elbor brûle. Elbor dort."
    taken = [(13, 18)]
    assert len(add_overlooked(text, [raw(text, "Elbor", PLACE)], taken)) == 1


@pytest.mark.parametrize(
    ("text", "written", "kind", "expected"),
    [
        ("the town of Elbor", "Elbor", ORGANISATION, PLACE),
        ("la ville d'Elbor", "Elbor", PERSON, PLACE),
        ("dans le village de Elbor", "Elbor", PERSON, PLACE),
        ("avec la Norvège", "Norvège", ORGANISATION, PLACE),
        ("selon l’OTAN", "OTAN", PLACE, ORGANISATION),
        ("le colonel Elbor parle", "Elbor", PLACE, PERSON),
        ("avec Mr. Elbor", "Elbor", ORGANISATION, PERSON),
        ("selon Florence", "Florence", PERSON, PERSON),
        ("selon Elbor", "Elbor", PERSON, PERSON),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value else "",
)
def test_the_kind_is_what_the_words_prove(text, written, kind, expected):
    assert settle_kinds(text, [raw(text, written, kind)])[0].kind is expected


@pytest.mark.parametrize(
    ("text", "parts", "joined"),
    [
        ("the National Bank of Elbor said", ("National Bank", "Elbor"), "National Bank of Elbor"),
        ("le Parti du travail d'Elbor dit", ("Parti du travail", "Elbor"),
         "Parti du travail d'Elbor"),
        ("Université de Elbor", ("Université", "Elbor"), "Université de Elbor"),
        ("Gazette de Elbor", ("Gazette", "Elbor"), None),
        ("the National Bank and Elbor", ("National Bank", "Elbor"), None),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_an_institution_and_its_place_are_one_name(text, parts, joined):
    names = [raw(text, parts[0], ORGANISATION), raw(text, parts[1], PLACE)]
    made = [text[one.start : one.end] for one in join_parts(text, names)]
    assert made == ([joined] if joined else list(parts))


def test_all_steps_come_in_their_order(monkeypatch):
    text = "Le Bureau des libertés (BDL) répond à M. Luc Roche. Roche se tait, le BDL aussi."
    model = [raw(text, "Bureau des libertés", ORGANISATION), raw(text, "M. Luc Roche", PERSON)]
    monkeypatch.setattr(name_reading, "read_names", lambda *given: tuple(model))
    found = [(one.text, one.entity, one.kind) for one in find_names(text, "model")]
    bureau = ("Bureau des libertés", ORGANISATION)
    assert found == [
        ("Bureau des libertés", *bureau),
        ("BDL", *bureau),
        ("Luc Roche", "Luc Roche", PERSON),
        ("Roche", "Luc Roche", PERSON),
        ("BDL", *bureau),
    ]


def test_listed_names_are_never_found_twice(monkeypatch):
    text = "Anne Roche parle. Roche sort."
    listed = Mention(start=18, end=23, text="Roche", entity="Anne Roche", kind=PERSON, by="list")
    model = [raw(text, "Anne Roche", PERSON)]
    monkeypatch.setattr(name_reading, "read_names", lambda *given: tuple(model))
    assert [one.start for one in find_names(text, "model", [listed])] == [0]


@pytest.mark.parametrize(
    "text",
    ["A" * 100_000, "Roche " * 20_000, "Anne Roche\n" * 10_000, "(" * 100_000, ". A" * 40_000],
)
def test_fault_42_hostile_text_stays_cheap(text):
    seen = [RawName(0, 1, ORGANISATION)]
    assert cheapest_s(lambda: add_overlooked(text, seen), 1.0) < 3.0
