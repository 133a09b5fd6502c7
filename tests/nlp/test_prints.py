"""Prints and passages: what two texts share is found wherever it stands, and in bounded time."""

from random import Random

import pytest

from nlp.retellings.addresses import is_moved
from nlp.retellings.passages import shared_passages
from nlp.retellings.prints import MAX_PRINTS, prints_of, words_of
from tests.cost import cheapest_s

RANDOM = Random(1)  # noqa: S311 - a fixed draw
WORDS = [f"mot{number}" for number in range(5_000)]


def invent(count):
    """Return words that no other text holds in this order."""
    return " ".join(RANDOM.choice(WORDS) for _ in range(count))


def test_words_know_their_places_whatever_their_accents():
    text = "L’été, la préfecture « juge ».\nE\u0301tat"
    words = words_of(text)
    assert words.folded == ("l", "ete", "la", "prefecture", "juge", "etat")
    assert [text[start:end] for start, end in words.spans][3:] == [
        "préfecture",
        "juge",
        "E\u0301tat",
    ]


def test_a_passage_leaves_the_same_prints_in_any_text():
    passage = invent(45)
    alone, within = (
        set(prints_of(passage)),
        set(prints_of(f"{invent(300)} {passage} {invent(300)}")),
    )
    assert alone
    assert alone <= within


def test_prints_stay_the_same_between_runs_and_spellings():
    assert prints_of("Un, deux : trois QUATRE cinq six !") == prints_of(
        "un deux trois quatre cinq six"
    )
    assert prints_of("") == ()
    assert all(-(2**31) <= one < 2**31 for one in prints_of(invent(400)))


def test_unrelated_texts_share_no_print():
    assert not set(prints_of(invent(400))) & set(prints_of(invent(400)))


def test_hostile_text_is_printed_in_bounded_time():
    assert cheapest_s(lambda: prints_of("a " * 500_000), 2) < 2
    assert len(prints_of(invent(40_000))) <= MAX_PRINTS


def test_a_shared_passage_is_found_with_its_places_in_both():
    passage = invent(40)
    new, old = words_of(f"{invent(50)} {passage} {invent(20)}"), words_of(f"{passage} {invent(90)}")
    (found,) = shared_passages(new, old)
    assert (found.start, found.end, found.of_start, found.of_end) == (50, 90, 0, 40)
    assert found.matched == 40


def test_a_passage_goes_on_over_words_that_were_changed():
    words = invent(60).split()
    changed = [f"x{at}" if at % 7 == 0 else word for at, word in enumerate(words)]
    (found,) = shared_passages(words_of(" ".join(changed)), words_of(" ".join(words)))
    assert found.end - found.start > 50


@pytest.mark.parametrize("text", ["a b c " * 7_000, "a " * 20_000], ids=["a refrain", "one word"])
def test_hostile_repetition_is_compared_in_bounded_time(text):
    words = words_of(text)
    assert cheapest_s(lambda: shared_passages(words, words_of(text + "z")), 2) < 2


@pytest.mark.parametrize(
    ("one", "other", "moved"),
    [
        ("https://a.example/23/la-video-au-village", "https://b.example/la-video-au-village", 1),
        ("https://a.example/la-video-au-village.html", "https://b.example/la-video-au-village", 1),
        ("https://a.example/amp/1", "https://www.a.example/1", 1),
        ("https://a.example/index.html", "https://b.example/index.html", 0),
        ("https://a.example/la-video-au-village", "https://b.example/le-marche-rouvre-samedi", 0),
        ("urn:x", "https://b.example/1", 0),
    ],
)  # fmt: skip
def test_a_moved_page_shows_in_its_address(one, other, moved):
    assert is_moved(one, other) is bool(moved)
