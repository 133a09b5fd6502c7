"""The words of a text are the same by both ways of finding them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from model.words import MAX_WORD_CHARS, words, words_with_spans

SIGNS = st.one_of(st.sampled_from("aL'’ _-\x1c\x00É\u0301漢"), st.characters(max_codepoint=0x250))


@given(st.text(alphabet=SIGNS, max_size=60))
@example("l'été_2023\x1fà 9h")
def test_words_are_those_that_are_found_with_their_places(text: str) -> None:
    assert words(text) == [word for word, _, _ in words_with_spans(text)]


@pytest.mark.parametrize("length", [MAX_WORD_CHARS, MAX_WORD_CHARS + 1, 3 * MAX_WORD_CHARS])
def test_a_word_of_many_letters_is_cut(length: int) -> None:
    text = f"mot {'a' * length} mot"
    assert words(text) == [word for word, _, _ in words_with_spans(text)]
    assert max(map(len, words(text))) == MAX_WORD_CHARS
