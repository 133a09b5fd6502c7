"""What can be typed, and what it means."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from model.errors import QueryError
from model.mention import Entity, EntityKind
from model.period import Duration, Period, parse_period, resolve_period
from model.query import (
    And,
    Column,
    Day,
    Everything,
    Facet,
    Flag,
    Has,
    Is,
    Near,
    Not,
    Or,
    Within,
    Words,
    expand_entities,
    parse_query,
)

TODAY = date(2026, 11, 22)


def word(typed, *tokens, column=Column.ANY, prefix=False):
    """What stands in quotes, ends in a star or is several words."""
    return Words(typed=typed, tokens=tokens or (typed,), column=column, prefix=prefix)


def bare(typed, *tokens, column=Column.ANY):
    """One word as it is typed without thought: sought by its stems too."""
    return Words(typed=typed, tokens=tokens or (typed,), column=column, plain=True)


A, B, C = bare("a"), bare("b"), bare("c")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", Everything()),
        ("  \t\n ", Everything()),
        ("*", Everything()),
        ("- —", Everything()),
        ("a b", And((A, B))),
        ("a AND b", And((A, B))),
        ("a OR b c", Or((A, And((B, C))))),
        ("(a OR b) c", And((Or((A, B)), C))),
        ("-a b", And((Not(A), B))),
        ("NOT a", Not(A)),
        ("NOT -a", A),
        ("a - b", And((A, B))),
        ("a\x00b", And((A, B))),
        ("or", bare("or")),
        ("Évry", bare("Évry", "evry")),
        ("l'affaire", bare("l'affaire", "affaire")),
        ("docker-compose", word("docker-compose", "docker", "compose")),
        ("12:30", word("12:30", "12", "30")),
        ("surveill*", word("surveill*", "surveill", prefix=True)),
        ('"la CNIL"', word('"la CNIL"', "la", "cnil")),
        ("« la CNIL »", word("« la CNIL »", "la", "cnil")),
        ("“la CNIL”", word("“la CNIL”", "la", "cnil")),
        ('"la fac*"', word('"la fac*"', "la", "fac", prefix=True)),
        ('"a b"~10', Near(typed='"a b"~10', tokens=("a", "b"), gap=10)),
        ('"a A"~10', word('"a A"~10', "a")),
        ("title:a", bare("title:a", "a", column=Column.TITLE)),
        ("TITLE:a", bare("TITLE:a", "a", column=Column.TITLE)),
        ("author:(a OR b)", Or((bare("a", column=Column.AUTHOR), bare("b", column=Column.AUTHOR)))),
        ("site:a.ngo", Has(typed="site:a.ngo", facet=Facet.SITE, value="a.ngo")),
        ('entity:"La Cnil"', Has(typed='entity:"La Cnil"', facet=Facet.ENTITY, value="La Cnil")),
        ("is:relevant", Is(typed="is:relevant", flag=Flag.RELEVANT)),
        ("-is:copy", Not(Is(typed="is:copy", flag=Flag.COPY))),
        (
            "date:2023-11",
            Within(
                typed="date:2023-11",
                day=Day.DATE,
                period=Period(from_on=date(2023, 11, 1), to_on=date(2023, 11, 30)),
            ),
        ),
    ],
)  # fmt: skip
def test_what_is_typed_means(typed, meant):
    assert parse_query(typed) == meant


@pytest.mark.parametrize(
    ("typed", "position", "sentence"),
    [
        ('"', 0, "never closed"),
        ('a "b', 2, "never closed"),
        ("(a", 0, "never closed"),
        ("a)", 1, "closes nothing"),
        ("()", 1, "missing before this parenthesis"),
        ("NEAR(", 5, "missing at the end"),
        ("AND", 0, "missing before this operator"),
        ("a OR", 4, "missing at the end"),
        ("a OR *", 6, "missing at the end"),
        ("a*b", 0, "only at the end"),
        ("title:", 6, "title: must be followed"),
        ('a title:""', 2, "letter or a digit"),
        ("titel:x", 0, "did you mean title:"),
        ("is:new", 3, "one of relevant, starred"),
        ("date:2023-13", 5, "not in the calendar"),
        ("date:hier", 5, "a date is written"),
        ("date:2024/2023", 5, "2024 is after 2023"),
        ('"a b"~99999', 0, "at most 1000"),
        ("x»", 1, "opens nothing"),
        ("(" * 50, 40, "nest at most"),
        ("a " * 400, 0, "at most 300"),
        ("a" * 20_000, 0, "at most 10000"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place_and_a_sentence(typed, position, sentence):
    with pytest.raises(QueryError) as refusal:
        parse_query(typed)
    assert refusal.value.position == position
    assert sentence in refusal.value.reason
    assert refusal.value.reason.endswith((".", "?"))


PIECES = st.sampled_from(
    ['"', "“", "»", "(", ")", "-", "*", "~3", ":", "title:", "is:relevant", "date:", "P3D", "2023",
     "OR", "AND", "NOT", " ", "\0", "a", "l'", "É", "\ud800", "/", "NEAR(", "{", "^", "+", ";"]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(PIECES).map("".join), st.lists(PIECES).map(" ".join)))
@example("-" * 5000)
@example("(" * 5000)
@example("title:" * 1000)
@example('"' * 4999)
def test_anything_typed_gives_a_tree_or_a_sentence(typed):
    try:
        parse_query(typed)
    except QueryError as refusal:
        assert 0 <= refusal.position <= len(typed)
        assert refusal.reason


CNIL = Entity(
    name="CNIL",
    kind=EntityKind.ORGANISATION,
    aliases=("Commission nationale de l'informatique et des libertés",),
)


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("cnil", True),
        ('"commission nationale de l’informatique et des libertés"', True),
        ("cnil*", False),
        ("title:cnil", False),
        ("commission", False),
    ],
)
def test_a_name_or_alias_also_means_its_entity(typed, names):
    query = parse_query(typed)
    named = Has(typed=typed, facet=Facet.ENTITY, value="CNIL")
    assert expand_entities(query, [CNIL]) == (Or((query, named)) if names else query)


def test_an_alias_after_entity_means_the_name():
    typed = 'entity:"commission nationale de l\'informatique et des libertes"'
    named = Has(typed=typed, facet=Facet.ENTITY, value="CNIL")
    assert expand_entities(parse_query(f"a -{typed}"), [CNIL]) == And((A, Not(named)))


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("2023", "2023-01-01", "2023-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023-11-21", "2023-11-21", "2023-11-21"),
        ("2023-11/2024-03", "2023-11-01", "2024-03-31"),
        ("/2023", "0001-01-01", "2023-12-31"),
        ("../2023", "0001-01-01", "2023-12-31"),
        ("2023/", "2023-01-01", "9999-12-31"),
        ("P30D", "2026-10-23", "2026-11-22"),
        ("p2w", "2026-11-08", "2026-11-22"),
        ("P9M", "2026-02-22", "2026-11-22"),
        ("P1Y", "2025-11-22", "2026-11-22"),
        ("P9999Y", "0001-01-01", "2026-11-22"),
        ("2024-01-31/P1M", "2024-01-31", "2024-02-29"),
        ("P1M/2024-03-31", "2024-02-29", "2024-03-31"),
    ],
)
def test_a_period_means_its_days(typed, first, last):
    found = resolve_period(parse_period(typed), TODAY)
    assert found == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("typed", ["", "/", "P1D/P1D", "P1D/", "P1", "23", "2023-02-30", "0000"])
def test_what_is_no_period_is_refused(typed):
    with pytest.raises(ValueError, match=r"."):
        parse_period(typed)


def test_a_relative_period_needs_to_know_the_day():
    with pytest.raises(ValueError, match="what day it is"):
        resolve_period(Period(last=Duration(days=1)), None)
