"""A text's language is seen in it, or believed from its page when it is too short."""

import socket

import pytest

from nlp import language
from nlp.language import detect_language

FRENCH = "La commission a ouvert une enquête sur l'usage de ce logiciel par la police nationale."
ENGLISH = "The commission has opened an inquiry into how the police have been using the software."


@pytest.mark.parametrize(
    ("text", "declared", "expected"),
    [
        (FRENCH, None, "fr"),
        (ENGLISH, None, "en"),
        (FRENCH, "en-US", "fr"),
        (ENGLISH, "fr_FR", "en"),
        (FRENCH.upper(), None, "fr"),
        ("Police", "fr-FR", "fr"),
        ("Le 14 novembre", "EN", "en"),
        ("", "fr", "fr"),
        ("", None, "und"),
        ("12 345 — 67", None, "und"),
        ("", "und", "und"),
        ("", "12", "und"),
        (f"{FRENCH}\ud800\x00", None, "fr"),
    ],
    ids=[
        "French",
        "English",
        "French under a wrong declaration",
        "English under a wrong declaration",
        "French in capitals",
        "one word, declared",
        "a few words, declared",
        "empty, declared",
        "empty",
        "no letters",
        "declared undetermined",
        "declared nonsense",
        "a lone surrogate and a NUL",
    ],
)
def test_the_text_decides_when_it_is_long_enough(text, declared, expected):
    assert detect_language(text, declared) == expected


def test_the_model_is_the_bundled_one(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    language._detector.cache_clear()
    assert detect_language(FRENCH) == "fr"
