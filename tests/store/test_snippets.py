"""Marks stand where the words are, read as everywhere else; snippets are stretches of the text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.mention import Entity, EntityKind, Mention, Tags
from model.query import expand_entities, parse_query
from model.stems import asked_stems, stem
from model.words import words, words_with_spans
from store.search.snippets import Sought, find_marks, make_snippet
from tests.store.makers import NOON, keep, make_reading

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


LONG_NAME = "Commission nationale de l'informatique et des libertés"
TOLD = f"{'Un début. ' * 40}La {LONG_NAME} a rendu un avis, écrit la Cnil. {'Une fin. ' * 40}"


def name_cnil(store, text=TOLD, title="Un avis de la Cnil"):
    """Keep an article in which the tagger found one entity under two names."""
    kept = keep(store, make_reading("https://a.example/avis", title=title, text=text))
    found = tuple(
        Mention(start=at, end=at + len(name), text=name, entity="CNIL",
                kind=EntityKind.ORGANISATION, by="list")
        for name in (LONG_NAME, "Cnil") if (at := text.find(name)) >= 0
    )  # fmt: skip
    store.save_tags(kept.version_id, Tags(lang="fr", mentions=found), (), tagger="t", now=NOON)


@pytest.mark.parametrize(
    ("typed", "marked", "in_title"),
    [
        ("entity:cnil", [LONG_NAME, "Cnil"], ["Cnil"]),
        ("entity:CNIL avis", [LONG_NAME, "avis", "Cnil"], ["avis", "Cnil"]),
        ("rendu OR entity:CNIL", [LONG_NAME, "rendu", "Cnil"], ["Cnil"]),
        ("cnil", ["Cnil"], ["Cnil"]),
        ("avis -entity:autre", ["avis"], ["avis"]),
    ],
)
def test_who_is_asked_for_is_shown_and_marked_by_any_name(store, typed, marked, in_title):
    name_cnil(store)
    (hit,) = store.search(parse_query(typed), now=NOON).hits
    assert [hit.snippet[start:end] for start, end in hit.marks] == marked
    assert [hit.title[start:end] for start, end in hit.title_marks] == in_title


def test_an_alias_finds_and_shows_the_other_name(store):
    name_cnil(store, text=f"Rien. {'Un début. ' * 40}Ainsi parle la {LONG_NAME}.", title="Un titre")
    watched = Entity(name="CNIL", aliases=(LONG_NAME,))
    (hit,) = store.search(expand_entities(parse_query("cnil"), [watched]), now=NOON).hits
    assert [hit.snippet[start:end] for start, end in hit.marks] == [LONG_NAME]


@pytest.mark.parametrize(
    ("typed", "version", "marked"),
    [
        ('version:any "ne dit rien"', 1, ["ne dit rien"]),
        ("version:any port rien", 1, ["port", "rien"]),
        ("version:any port", None, ["port"]),
        ("version:any rien OR répond", None, ["répond"]),
        ('version:any "vieux titre"', 1, ["vieux titre"]),
        ("version:any -absent", None, []),
        ("port", None, ["port"]),
    ],
)
def test_what_only_an_older_version_says_is_shown_from_there(store, typed, version, marked):
    url = "https://a.example/port"
    keep(store, make_reading(url, title="Un vieux titre", text="Le port ne dit rien du tout."))
    keep(store, make_reading(url, title="Un titre", text="Le port répond enfin à chacun."))
    (hit,) = store.search(parse_query(typed), now=NOON).hits
    assert hit.version == version
    assert [hit.snippet[start:end] for start, end in hit.marks] == marked
    assert hit.title == "Un titre"
