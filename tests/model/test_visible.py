"""What is shown of a typed text, and the mark under its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.visible import columns_of, point_at


@pytest.mark.parametrize(
    ("typed", "position", "shown"),
    [
        ("a (b", 2, ("a (b", "  ^")),
        ("中文 (a", 3, ("中文 (a", "     ^")),
        ("e\u0301te\u0301 (a", 6, ("e\u0301te\u0301 (a", "    ^")),
        ("a\nb\t(c", 4, ("a b (c", "    ^")),
        ("\x1b[31m (a", 6, ("\\u001b[31m (a", "           ^")),
        ("a\u202e (b", 3, ("a\\u202e (b", "        ^")),
        ("\ud800(", 1, ("\\ud800(", "      ^")),
        ("a OR", 4, ("a OR", "    ^")),
        ("", 0, ("", "^")),
    ],
    ids=["plain", "wide", "combining", "lines and tabs", "control", "direction", "surrogate",
         "behind the end", "nothing"],
)  # fmt: skip
def test_the_mark_stands_under_its_column(typed, position, shown):
    assert point_at(typed, position) == shown


def test_of_a_long_text_what_stands_around_the_place_is_shown():
    text, mark = point_at("x " * 100 + "(a " + "y " * 100, 200, 30)
    assert text == "… x x x x x x (a y y y y y y…"
    assert text[mark.index("^")] == "("
    assert columns_of(text) <= 30


CHARACTERS = st.one_of(st.characters(), st.sampled_from("中e\u0301\u202e\0\n \u200d"))


@given(st.lists(CHARACTERS).map("".join), st.data(), st.integers(20, 90))
def test_no_excerpt_is_wider_than_asked_and_the_place_is_in_it(typed, data, columns):
    position = data.draw(st.integers(0, len(typed)))
    text, mark = point_at(typed, position, columns)
    assert columns_of(text) <= columns
    assert len(mark) <= columns
    assert not set(text) & {"\0", "\n", "\x1b", "\u202e"}
