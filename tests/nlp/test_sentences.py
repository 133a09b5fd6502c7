"""Sentences of French and English news end where a reader would end them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.sentences import split_sentences


def sentences(text: str, lang: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, lang)]


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("fr", ["M. Durand a parlé.", "Puis il est parti."]),
        ("fr", ["L'art. L. 251-1 du code (n° 2023-380) s'applique.", "La loi suit."]),
        ("fr", ["J.-P. Martin et J. Le Goff sont venus.", "On les attendait."]),
        ("fr", ["« C'est faux ! » dit-elle.", "Personne ne répond."]),
        ("fr", ["Il a dit : « Non. »", "Elle a ri."]),
        ("fr", ["Il hésite…", "Puis se tait."]),
        ("fr", ["Il cite la loi (…) Le reste manque."]),
        ("fr", ["Des caméras, des drones, etc.", "La mairie paie."]),
        ("fr", ["Voir p. 12 du rapport.", "Il date de 2015.", "La suite en 2023."]),
        ("en", ["The U.S. Supreme Court met.", "He lives in the U.S.", "The law says no."]),
        ("en", ["Mr. Smith of Acme Inc. in Paris agreed.", "Nobody else did."]),
        ("en", ["It was filed on Jan. 5 at 4 p.m. Monday.", "It failed."]),
        ("en", ["“Stop!” he said.", "“We will not,” she replied."]),
        ("en", ["I studied art.", "Then I left."]),
        ("en", ["J. K. Smith came.", "Sen. Jones stayed."]),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0],
)
def test_a_sentence_ends_at_its_full_stop_and_not_at_an_abbreviation(lang, expected):
    assert sentences(" ".join(expected), lang) == expected


def test_a_heading_without_a_full_stop_is_a_sentence():
    text = "Un contrôle en cours\n\nLa Cnil enquête.\r\nElle rendra un avis"
    assert sentences(text, "fr") == [
        "Un contrôle en cours",
        "La Cnil enquête.",
        "Elle rendra un avis",
    ]


def test_a_list_number_opens_its_item():
    assert sentences("1. Le contrôle. 2. La suite.", "fr") == ["1. Le contrôle.", "2. La suite."]


def test_an_unknown_language_is_read_with_the_french_rules():
    assert sentences("M. Durand parle. Il sort.", "und") == ["M. Durand parle.", "Il sort."]


@given(st.text(alphabet=st.sampled_from("aB. !?…\n»«\u00a0\"'(1"), max_size=80))
def test_sentences_cover_all_but_white_space_in_order(text):
    spans = split_sentences(text, "fr")
    kept = "".join(text[start:end] for start, end in spans)
    assert "".join(kept.split()) == "".join(text.split())
    assert list(spans) == sorted(spans)
    assert all(text[start:end].strip() == text[start:end] != "" for start, end in spans)


@pytest.mark.parametrize("unit", [".", ". ", "a.)", "A. ", "\n", " ", ". -", "«"])
@pytest.mark.timeout(5)
def test_long_runs_of_one_sign_take_no_longer_than_words(unit):
    split_sentences(unit * 200_000, "fr")
