"""Hosts are shown so that none passes for another."""

import idna
import pytest

from model.hosts import spell_host

MIXED = "l\u0435monde.example"


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("gazette.example", "gazette.example"),
        ("régions.example", "régions.example"),
        ("xn--rgions-bva.example", "xn--rgions-bva.example"),
        (MIXED, f"{MIXED} (xn--lmonde-3of.example)"),
        ("xn--lmonde-3of.example", f"{MIXED} (xn--lmonde-3of.example)"),
        ("xn--\udce9.example", "xn--\udce9.example"),
        ("xn--99999999.example", "xn--99999999.example"),
        ("", ""),
    ],
    ids=[
        "plain", "accents", "accents in ASCII", "a Cyrillic letter", "the same in ASCII",
        "no ASCII at all", "no name", "nothing",
    ],
)  # fmt: skip
def test_a_host_is_shown_with_its_ascii_form_where_it_might_deceive(host: str, shown: str) -> None:
    assert spell_host(host) == shown


def test_the_ascii_form_is_the_one_that_is_asked_for() -> None:
    assert idna.encode(MIXED).decode() in spell_host(MIXED)
