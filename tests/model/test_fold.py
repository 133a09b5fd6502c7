"""A folded text knows where each of its characters stood, whatever stood there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.fold import fold, fold_with_offsets

ODD = "abé É \n-'’\u00ad\u200bœŒæßİ\u0301\u0327–\u00a0ﬁ½¨\ud800日"


@given(st.text(st.sampled_from(ODD), max_size=20) | st.text(max_size=40))
def test_every_folded_character_stands_where_it_came_from(text):
    folded = fold_with_offsets(text)
    assert folded.text == fold(text)
    before = 0
    for place, character in enumerate(folded.text):
        start, end = folded.original(place, place + 1)
        assert before <= start < end <= len(text)
        assert character in fold(text[start:end])
        before = start


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("l\u2019E\u0301lyse\u0301e  brûle", "E\u0301lyse\u0301e"),
        ("au cœur \u200b \u200b de l\u2019Élysée", "Élysée"),
        ("ŒŒŒ \ufb01n \u00ad\u00ad Élysée !", "Élysée"),
        ("É\u00adlysée", "É\u00adlysée"),
        ("  \n\n  Élysée", "Élysée"),
    ],
    ids=ascii,
)
def test_a_name_found_in_the_folded_text_is_cut_out_whole(text, written):
    folded = fold_with_offsets(text)
    at = folded.text.index("elysee")
    start, end = folded.original(at, at + len("elysee"))
    assert text[start:end] == written
