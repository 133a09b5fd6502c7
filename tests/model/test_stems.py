"""Which words are forms of one another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.matching import Older, Subject, explain, matches
from model.query import parse_query
from model.stems import Lexicon, asked_stems, stem
from model.words import words


@pytest.mark.parametrize(
    ("typed", "text", "lang", "expected"),
    [
        ("caméra", "Des caméras partout.", "fr", True),
        ("caméras", "Une CAMERA.", "fr", True),
        ("surveiller", "Nous sommes surveillés.", "fr-FR", True),
        ("cameras", "One camera.", "en", True),
        ("investigating", "They investigate.", "en", True),
        ("caméras", "One camera.", "en", True),
        ('"caméra"', "Des caméras partout.", "fr", False),
        ('"caméra partout"', "Des caméras partout.", "fr", False),
        ('"caméra partout"~3', "Des caméras partout.", "fr", False),
        ("caméra-partout", "Des caméras partout.", "fr", False),
        ("caméra", "Des caméras partout.", "", False),
        ("caméra", "La caméra.", "", True),
        ("kamera", "Kameras in der Stadt.", "de", False),
        ("kameras", "Kameras in der Stadt.", "de", True),
        ("title:caméra", "Des caméras.", "fr", False),
        ("text:caméra", "Des caméras.", "fr", True),
        ("-caméra", "Des caméras.", "fr", False),
    ],
)
def test_a_bare_word_is_found_in_its_other_forms(typed, text, lang, expected):
    assert matches(parse_query(typed), Subject(title="", text=text, lang=lang)) is expected


def test_a_name_has_no_other_forms():
    subject = Subject(title="", text="", authors=("Camille Martine",), lang="fr")
    assert not matches(parse_query("author:martin"), subject)
    assert matches(parse_query("author:martine"), subject)


def test_a_reason_is_given_as_it_was_typed():
    subject = Subject(title="", text="Des caméras.", lang="fr")
    assert explain(parse_query("Caméra OR police"), subject) == ("Caméra",)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("retiré", False),
        ("version:any retiré", True),
        ("version:any retirés", True),
        ("retiré version:any", True),
        ('version:any "mot retiré"', True),
        ('version:any "retiré ici"~9', False),
        ("version:any title:avant", True),
        ("version:any author:ancien", True),
        ("version:any -retiré", False),
        ("version:any retiré ici", True),
        ("version:current retiré", False),
    ],
)
def test_words_of_older_versions_are_found_where_they_are_asked_for(typed, expected):
    older = Older(title="Avant", text="Un mot retiré.", authors=("Ancien Auteur",), lang="fr")
    subject = Subject(title="Après", text="Un mot. Ici.", lang="fr", older=(older,))
    assert matches(parse_query(typed), subject) is expected


WORDS = st.lists(st.text(alphabet="aeicnrstuyé'-", min_size=1, max_size=9), max_size=12)


@given(WORDS, WORDS, st.text(alphabet="aeicnrstuyé", min_size=1), st.sampled_from(["fr", "en"]))
def test_a_lexicon_gives_what_the_stems_say(before, text, asked, lang):
    lexicon = Lexicon(lang)
    lexicon.learn(frozenset(words(" ".join(before))))
    held = frozenset(words(" ".join(text)))
    lexicon.learn(held)
    for word in words(asked):
        expected = any(stem(one, lang) in asked_stems(word) for one in held)
        assert lexicon.holds_form(word, held) is expected


def test_what_is_remembered_has_a_bound(monkeypatch):
    from model import stems

    monkeypatch.setattr(stems, "_MOST_REMEMBERED", 3)
    monkeypatch.setattr(stems, "_LEXICONS", {})
    first = stems.learn(frozenset({"cameras", "juges", "lois"}), "fr")
    second = stems.learn(frozenset({"affaires"}), "fr")
    assert second is not first
    assert first.holds_form("camera", {"cameras"})
    assert second.holds_form("affaire", {"affaires"})
