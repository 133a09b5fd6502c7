"""Credits: whom a text names as its source, with which words, and what is no credit."""

import pytest

from nlp.retellings.credits import find_credits
from tests.cost import cheapest_s


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ("Selon Le Phare, la ville a payé.", "Phare", False),
        ("D'après le site Littoral Ouest, rien n'a changé.", "Littoral Ouest", False),
        ("Après les révélations du Phare de Merville, le maire parle.", "Phare de Merville", True),
        ("Une enquête publiée mardi 14 novembre par le média Le Phare.", "Phare", True),
        ("Le Phare, un journal local, avait révélé l'affaire.", "Phare", True),
        ("As first reported by The Ledger, the town paid.", "Ledger", True),
        ("According to the Privacy Ledger, nothing changed.", "Privacy Ledger", False),
        ("The website Ledger had revealed the sum.", "Ledger", True),
        ("À lire sur https://phare.example/enquete-cameras", "phare.example", True),
    ],
)  # fmt: skip
def test_a_source_is_found_by_the_words_that_name_it(text, name, said):
    found = {credit.name.removeprefix("Le ").removeprefix("The "): credit.said
             for credit in find_credits(text)}  # fmt: skip
    assert found[name] is said


def test_a_credit_knows_its_place_and_stays_within_its_sentence():
    text = "Le conseil a voté.\nSelon Disclose. Le maire se tait."
    (credit,) = find_credits(text)
    assert (credit.name, text[credit.start : credit.end]) == ("Disclose", "Selon Disclose")


def test_words_without_a_name_credit_nobody():
    assert find_credits("Selon lui, la ville a payé. According to them, it did not.") == ()


@pytest.mark.parametrize(
    "text",
    ["Selon " * 20_000, "A, " * 40_000, "enquête " + "a " * 50_000, "Aa-" * 40_000, "a." * 50_000],
    ids=["credits", "names", "gaps", "hyphens", "hosts"],
)
def test_hostile_text_is_read_in_bounded_time(text):
    assert cheapest_s(lambda: find_credits(text), 2) < 2
