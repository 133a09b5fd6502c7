"""Who said what: quotation marks and reported speech, with speaker, verb and place."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.mention import EntityKind, Mention
from nlp.quote_marks import find_marked
from nlp.quotes import find_quotes

NAMES = {
    "Anne Roche": EntityKind.PERSON,
    "Luc Morel": EntityKind.PERSON,
    "Cnil": EntityKind.ORGANISATION,
    "Disclose": EntityKind.ORGANISATION,
    "Nice": EntityKind.PLACE,
}


def mentions(text: str) -> tuple[Mention, ...]:
    found = []
    for name, kind in NAMES.items():
        start = text.find(name)
        while start >= 0:
            end = start + len(name)
            found.append(
                Mention(start=start, end=end, text=name, entity=name, kind=kind, by="list")
            )
            start = text.find(name, end)
    return tuple(sorted(found, key=lambda mention: mention.start))


def said(text: str, lang: str) -> list[tuple[str, str | None, str | None]]:
    quotes = find_quotes(text, lang, mentions(text))
    assert all(text[one.start : one.end] == one.text for one in quotes)
    return [(one.text, one.speaker, one.verb) for one in quotes]


@pytest.mark.parametrize(
    ("lang", "text", "words", "speaker", "verb"),
    [
        ("fr", "« Non », a déclaré Anne Roche.", "Non", "Anne Roche", "déclaré"),
        ("fr", "Anne Roche a affirmé : « Non ».", "Non", "Anne Roche", "affirmé"),
        ("fr", "Anne Roche : « Non ! »", "Non !", "Anne Roche", None),
        ("fr", "« C'est faux », a insisté la députée de Nice Anne Roche.", "C'est faux",
         "Anne Roche", "insisté"),
        ("fr", "« Non », a dit la porte-parole de la Cnil.", "Non", None, "dit"),
        ("fr", "Anne Roche arrive. « Non », dit-elle.", "Non", "Anne Roche", "dit"),
        ("fr", "M. Luc Morel et Mme Anne Roche. « Non », dit-elle.", "Non", "Anne Roche", "dit"),
        ("fr", "Luc Morel et Anne Roche. « Non », dit-elle.", "Non", None, "dit"),
        ("fr", "« Non, a répondu Anne Roche, jamais. »",
         "Non, a répondu Anne Roche, jamais.", "Anne Roche", "répondu"),
        ("fr", "Selon la Cnil, ce « contrôle en cours de route » dure.",
         "contrôle en cours de route", "Cnil", "Selon"),
        ("fr", "« Il a dit “jamais” hier », a expliqué Luc Morel.",
         "Il a dit “jamais” hier", "Luc Morel", "expliqué"),
        ("fr", "« Rien de tout cela n'est vrai", "Rien de tout cela n'est vrai", None, None),
        ("en", "“No,” said Anne Roche.", "No,", "Anne Roche", "said"),
        ("en", "“No,” Anne Roche said.", "No,", "Anne Roche", "said"),
        ("en", '"No," Anne Roche told Luc Morel.', "No,", "Anne Roche", "told"),
        ("en", "“No,” even within Disclose, said Anne Roche.", "No,", "Anne Roche", "said"),
        ("en", "Anne Roche wrote: “No”", "No", "Anne Roche", "wrote"),
        ("en", "Anne Roche came. She stressed that “it is wrong“.", "it is wrong",
         "Anne Roche", "stressed"),
        ("en", "“It is a scandal”however insisted deputy Anne Roche", "It is a scandal",
         "Anne Roche", "insisted"),
        ("en", "Anne Roche called it “a plain breach of the law »", "a plain breach of the law",
         "Anne Roche", "called"),
    ],
    ids=lambda value: value if value and len(value) > 22 else "",
)  # fmt: skip
def test_quoted_words_go_to_their_speaker(lang, text, words, speaker, verb):
    assert said(text, lang) == [(words, speaker, verb)]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "The group has used its “drawing right” this year."),
        ("en", "Known for its “Video Synopsis” technology, it grew."),
        ("fr", "Le « contrôle » se poursuit."),
        ("fr", "« Désaccord total »"),
        ("en", 'A 5" screen and a 6" one'),
        ("en", "It isn’t the city’s ‘plan’"),
        ("fr", "«  » et “”"),
    ],
    ids=lambda value: value,
)
def test_words_that_nobody_says_are_no_quote(lang, text):
    assert said(text, lang) == []


@pytest.mark.parametrize(
    ("lang", "text", "words", "speaker", "verb"),
    [
        ("fr", "Selon Disclose, la police utilise ce logiciel.",
         "la police utilise ce logiciel.", "Disclose", "Selon"),
        ("fr", "La police utilise ce logiciel, d’après Disclose.",
         "La police utilise ce logiciel", "Disclose", "d’après"),
        ("fr", "Anne Roche a annoncé mardi que la plainte est déposée.",
         "la plainte est déposée.", "Anne Roche", "annoncé"),
        ("en", "According to Disclose, the police use this software.",
         "the police use this software.", "Disclose", "According to"),
        ("en", "Anne Roche told reporters that the complaint was filed.",
         "the complaint was filed.", "Anne Roche", "told"),
        ("en", "Anne Roche said the complaint was filed.",
         "the complaint was filed.", "Anne Roche", "said"),
    ],
    ids=lambda value: value if len(value) > 34 else "",
)  # fmt: skip
def test_reported_speech_goes_to_its_speaker(lang, text, words, speaker, verb):
    assert said(text, lang) == [(words, speaker, verb)]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Anne Roche read an article according to which the police used it."),
        ("en", "Anne Roche posted profits that exceeded all expectations."),
        ("en", "Anne Roche spoke; her remarks that followed were brief."),
        ("fr", "La plainte de Nice annonce que rien ne va plus."),
        ("fr", "Le rapport dit que rien ne va plus ici."),
    ],
    ids=lambda value: value,
)
def test_other_clauses_are_not_reported_speech(lang, text):
    assert said(text, lang) == []


def test_what_follows_on_the_same_line_is_by_the_same_speaker():
    text = "“We saw nothing at all,” said Anne Roche. “We will look again tomorrow.”"
    assert [speaker for _, speaker, _ in said(text, "en")] == ["Anne Roche"] * 2


def test_a_paragraph_left_open_goes_to_whoever_the_next_one_names():
    text = "“We saw nothing at all.\n“We will look again,” said Anne Roche."
    assert [speaker for _, speaker, _ in said(text, "en")] == ["Anne Roche"] * 2


def test_a_name_inside_a_quote_is_not_who_elle_is():
    text = "Anne Roche arrive. « Je connais Luc Morel », dit-elle."
    assert said(text, "fr")[0][1] == "Anne Roche"


@given(st.text(alphabet=st.sampled_from('a «»“”„"‘’\n.,:A'), max_size=60))
def test_quotation_marks_of_any_kind_pair_without_overlap(text):
    marks = find_marked(text)
    assert all(text[mark.start : mark.end].strip() for mark in marks)
    assert all(one.end <= two.start for one, two in pairwise(marks))
    find_quotes(text, "fr", ())


def test_a_name_right_behind_the_verb_speaks_before_a_colon() -> None:
    text = "La Cnil a ouvert un contrôle, a annoncé Anne Roche : « Nous verrons bien cela »."
    quotes = find_quotes(text, "fr", mentions(text))
    assert [quote.speaker for quote in quotes] == ["Anne Roche"]
