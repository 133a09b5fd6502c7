"""What was computed of texts is remembered as long as they are not too long together."""

import pytest

from nlp.remembering import remember


@pytest.fixture
def counted():
    asked = []

    @remember(10)
    def shout(text):
        asked.append(text)
        return text.upper()

    return shout, asked


def test_what_was_asked_last_is_computed_once(counted):
    shout, asked = counted
    assert [shout(text) for text in ("abc", "de", "abc")] == ["ABC", "DE", "ABC"]
    assert asked == ["abc", "de"]


def test_the_one_not_asked_for_longest_goes_first(counted):
    shout, asked = counted
    for text in ("aaaa", "bbbb", "aaaa", "cccc", "aaaa", "bbbb"):
        shout(text)
    assert asked == ["aaaa", "bbbb", "cccc", "bbbb"]


def test_a_text_that_is_too_long_pushes_nothing_out(counted):
    shout, asked = counted
    for text in ("aaaa", "b" * 11, "b" * 11, "aaaa"):
        assert shout(text) == text.upper()
    assert asked == ["aaaa", "b" * 11, "b" * 11]


def test_empty_texts_cost_nothing(counted):
    shout, asked = counted
    assert (shout(""), shout("")) == ("", "")
    assert asked == [""]
