"""How many of what: each language counts as its readers do."""

import pytest

from model.plurals import NOUNS, count, count_noun


@pytest.mark.parametrize(
    ("number", "language", "counted"),
    [
        (0, "fr", "0 article"),
        (1, "fr", "1 article"),
        (2, "fr", "2 articles"),
        (0, "en", "0 articles"),
        (1, "en", "1 article"),
        (2, "en", "2 articles"),
        (1, "de", "1 article"),
        (0, "de", "0 articles"),
    ],
)
def test_french_counts_none_in_the_singular_and_english_in_the_plural(
    number: int, language: str, counted: str
) -> None:
    assert count_noun(number, "article", language) == counted


@pytest.mark.parametrize("noun", NOUNS)
def test_one_and_several_are_told_apart_in_both_languages(noun: str) -> None:
    for language in ("fr", "en"):
        one, several = (count_noun(number, noun, language) for number in (1, 2))
        assert one.removeprefix("1 ") != several.removeprefix("2 ")
        assert several.count("s") > one.count("s") - language.count("en")


@pytest.mark.parametrize(
    ("number", "words", "counted"),
    [
        (1, ("source",), "1 source"),
        (0, ("source",), "0 sources"),
        (1, ("entry", "entries"), "1 entry"),
        (3, ("entry", "entries"), "3 entries"),
        (1, ("capture waits", "captures wait"), "1 capture waits"),
    ],
)
def test_english_takes_an_s_unless_told_otherwise(
    number: int, words: tuple[str, ...], counted: str
) -> None:
    assert count(number, *words) == counted
