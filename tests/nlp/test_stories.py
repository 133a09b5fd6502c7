"""Stories: what joins one, what does not, and where one began."""

from datetime import UTC, date, datetime, timedelta

import numpy as np

from model.story import Copy, CopyKind
from nlp.stories import Told, find_origin, join

NOON = datetime(2023, 11, 21, 12, tzinfo=UTC)


def told(number, angle, *, days=0, story=None, names=("LFI",), on=(21,)):
    """Return an article whose vector lies `angle` degrees from the first's."""
    turn = np.radians(angle)
    return Told(
        article=number,
        published_at=NOON + timedelta(days=days),
        vector=np.array([np.cos(turn), np.sin(turn)], dtype=np.float32),
        entities=frozenset(names),
        days=frozenset(date(2023, 11, day) for day in on),
        story=story,
    )


def test_an_article_goes_on_telling_the_story_it_is_nearest_to():
    held = [told(1, 0, story=7), told(2, 10, story=7), told(3, 80, story=8)]
    assert join(told(9, 5), held) == 7


def test_what_nothing_resembles_opens_a_story():
    assert join(told(9, 85, names=("Cnil",), on=(2,)), [told(1, 0, story=7)]) is None


def test_a_story_ends_when_nothing_follows_for_a_week():
    assert join(told(9, 0, days=8), [told(1, 0, story=7)]) is None


def test_like_words_about_other_people_on_other_days_do_not_join():
    other = told(9, 50, names=("Nice",), on=(2,))
    assert join(other, [told(1, 0, story=7)]) is None
    assert join(told(9, 50), [told(1, 0, story=7)]) == 7


def test_an_article_taken_out_of_its_story_attracts_nobody():
    assert join(told(9, 0), [told(1, 0, story=None)]) is None


def copy(article, of):
    return Copy(article=article, of=of, kind=CopyKind.AGENCY, score=0.9, evidence="")


TIMES = {1: NOON, 2: NOON + timedelta(hours=1), 3: NOON + timedelta(hours=2)}


def test_a_story_began_with_the_earliest_that_others_repeat():
    assert find_origin(TIMES, [copy(2, 1), copy(3, 2)]) == 1


def test_a_story_began_with_whom_others_credit():
    assert find_origin(TIMES, [], [(3, 2)]) == 2


def test_where_nobody_rests_on_anybody_the_origin_is_unknown():
    assert find_origin(TIMES, []) is None


def test_where_a_source_has_no_date_the_origin_is_unknown():
    assert find_origin({**TIMES, 1: None}, [copy(2, 1), copy(3, 1)]) is None
