"""Marks stand where the words are, read as everywhere else; snippets are stretches of the text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.stems import asked_stems, stem
from model.words import words, words_with_spans
from store.snippets import Sought, find_marks, make_snippet

PIECES = (
    "affaire l'affaire Affaires d’œuvre œuvre oeuvres E\u0301vry évry e\u0301te\u0301 "
    "pré\u00adfet prefet caméras "
    "caméra d' D’accord de la vidéo-surveillance ﬁn İstanbul ß \u200bmot mot, (mot) a_b 中文"
).split()  # fmt: skip
TEXT = st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join)
WORD = st.sampled_from(sorted({word for piece in PIECES for word in words(piece)}))


@settings(max_examples=400, deadline=None)
@given(TEXT, WORD, st.booleans(), st.sampled_from(["fr", "en", ""]))
def test_marks_are_the_words_that_answer(text, word, plain, lang):
    sought = Sought((word,), prefix=False, plain=plain)
    answers = asked_stems(word) if plain else ()
    expected = [
        found for found, _, _ in words_with_spans(text)
        if found == word or stem(found, lang) in answers
    ]  # fmt: skip
    marked = [words(text[start:end]) for start, end in find_marks(text, [sought], lang)]
    assert marked == [[found] for found in expected]


@pytest.mark.parametrize(
    ("text", "tokens", "prefix", "marked"),
    [
        ("Le conseil d’État dit", ("conseil", "etat"), False, ["conseil d’État"]),
        ("le conseil de l'etat", ("conseil", "etat"), False, []),
        ("vidéo-surveillance", ("video", "surveil"), True, ["vidéo-surveillance"]),
        ("chats noirs et chats", ("chats",), False, ["chats", "chats"]),
        ("d'un d", ("d",), False, ["d"]),
    ],
)
def test_words_that_follow_one_another_are_one_mark(text, tokens, prefix, marked):
    sought = [Sought(tokens, prefix=prefix)]
    assert [text[a:b] for a, b in find_marks(text, sought)] == marked


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=900), st.text(min_size=1, max_size=3))
def test_a_snippet_is_a_stretch_of_any_text(text, typed):
    sought = [Sought((word,), prefix=True) for word in words(typed)]
    snippet, marks = make_snippet(text, sought)
    assert snippet in text
    assert len(snippet) <= 480
    assert all(0 <= start < end <= len(snippet) for start, end in marks)
