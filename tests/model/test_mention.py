"""Quotes in quotation marks are told from reported speech by their text alone."""

import pytest

from model.mention import Quote, is_direct


@pytest.mark.parametrize(
    ("text", "words", "direct"),
    [
        ("« Non », a dit X.", "Non", True),
        ("«\u202fNon\u202f», a dit X.", "Non", True),
        ("“No,” X said.", "No,", True),
        ('"No," X said.', "No,", True),
        ("‘No,’ X said.", "No,", True),
        ("« Nous verrons bien cela.\n« Et puis non », a dit X.", "Nous verrons bien cela.", True),
        ("« Nous verrons bien cela", "Nous verrons bien cela", True),
        ("X said that it was late.", "it was late.", False),
        ("X dit qu'il est tard", "il est tard", False),
        ('He said "no". It was late, X said.', "It was late", False),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 40 else "",
)
def test_a_quote_is_direct_where_marks_stand_around_it(text, words, direct):
    start = text.index(words)
    assert is_direct(Quote(start=start, end=start + len(words), text=words), text) is direct
