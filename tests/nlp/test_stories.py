"""Stories: what joins one, what does not, and where one began."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import numpy as np

from model.story import Credit, StoryMember
from nlp.retellings.stories import (
    Told,
    count_independent,
    find_origin,
    join,
    lead_words,
    site_keys,
    sum_up,
)

NOON = datetime(2023, 11, 21, 12, tzinfo=UTC)


def told(number, angle, *, days=0, story=None, words=("enquete", "cnil"), on=(21,), **more):
    """Return an article whose vector lies `angle` degrees from the first's."""
    turn = np.radians(angle)
    return Told(
        article=number,
        published_at=NOON + timedelta(days=days),
        vector=np.array([np.cos(turn), np.sin(turn), 0], dtype=np.float32),
        words=frozenset(words),
        days=frozenset(date(2023, 11, day) for day in on),
        story=story,
        **more,
    )


OTHERS = [
    msgspec.structs.replace(
        told(80 + n, 0, story=80 + n, words=(f"w{n}",), on=(n + 1,)),
        vector=np.array([0, 0, 1], dtype=np.float32),
    )
    for n in range(4)
]
"""What else is published in these days: without it every word would be common."""


def test_an_article_goes_on_telling_the_story_it_is_nearest_to():
    held = [told(1, 0, story=7), told(2, 10, story=7), told(3, 80, story=8), *OTHERS]
    assert join(told(9, 5), held) == 7


def test_what_nothing_resembles_opens_a_story():
    held = [told(1, 0, story=7), *OTHERS]
    assert join(told(9, 85, words=("marche",), on=(2,)), held) is None


def test_a_story_ends_when_nothing_follows_for_ten_days():
    assert join(told(9, 0, days=11), [told(1, 0, story=7), *OTHERS]) is None


def test_like_leads_with_other_words_on_other_days_do_not_join():
    held = [told(1, 0, story=7), *OTHERS]
    assert join(told(9, 40, words=("nice",), on=(2,)), held) is None
    assert join(told(9, 40), held) == 7


def test_a_headline_alone_joins_nothing():
    assert lead_words("La Cnil ouvre une enquête", " \n") == frozenset()
    assert join(told(9, 0, words=()), [told(1, 0, story=7), *OTHERS]) is None


def test_a_story_does_not_grow_from_neighbour_to_neighbour():
    chain = [told(n, 30 * n, story=7, words=(f"a{n}",), on=()) for n in range(4)]
    assert join(told(9, 100, words=("neuf",), on=()), [*chain, *OTHERS]) is None
    assert join(told(9, 100, words=("neuf",), on=()), [*chain[3:], *OTHERS]) == 7


def test_a_copy_tells_the_story_of_what_it_repeats():
    held = [told(1, 90, story=7, words=("autre",)), told(2, 0, story=8), *OTHERS]
    assert join(told(9, 0, copies=frozenset({1})), held) == 7


def test_an_article_taken_out_of_its_story_attracts_nobody():
    assert join(told(9, 0), [told(1, 0, story=None), *OTHERS]) is None


def copy(article, of):
    return article, of


TIMES = {1: NOON, 2: NOON + timedelta(hours=1), 3: NOON + timedelta(hours=2)}


def test_a_story_began_with_the_earliest_that_others_repeat():
    assert find_origin(TIMES, [copy(2, 1), copy(3, 2)]) == 1


def test_a_story_began_with_whom_others_credit():
    assert find_origin(TIMES, [], [(3, 2)]) == 2


def test_where_nobody_rests_on_anybody_the_origin_is_unknown():
    assert find_origin(TIMES, []) is None


def test_where_a_source_has_no_date_the_origin_is_unknown():
    assert find_origin({**TIMES, 1: None}, [copy(2, 1), copy(3, 1)]) is None


def member(article, site="a.example", hours=0, group=None):
    at = NOON + timedelta(hours=hours)
    return StoryMember(
        article=article, at=at, published_at=at, site=site, title=f"Titre {article}",
        copy_group=group or article,
    )  # fmt: skip


def test_copies_of_a_text_and_articles_of_a_site_are_one_source():
    told_by = [
        member(1, "a.example"), member(2, "b.example", group=1), member(3, "a.example"),
        member(4, "c.example"),
    ]  # fmt: skip
    assert count_independent(told_by) == 2


def test_a_credit_means_the_first_article_of_that_site():
    told_by = [member(1, "le-phare.example"), member(2, "b.example", 1)]
    credits = [Credit(article=2, name="Le Phare", start=0, end=14)]
    story = sum_up(5, told_by, [], credits)
    assert (story.origin, story.origin_by, story.credits[0].of) == (1, "credited", 1)
    assert (story.carriers, story.independent_sources, story.articles) == (2, 2, (1, 2))


def test_whom_several_sources_credit_is_named_though_nothing_of_theirs_is_held():
    told_by = [member(1, "a.example"), member(2, "b.example", 1), member(3, "c.example", 2)]
    credits = [
        Credit(article=1, name="Disclose", start=0, end=9, said=True),
        Credit(article=2, name="Disclose", start=0, end=9),
        Credit(article=3, name="Gérald Dupont", start=0, end=9),
    ]
    story = sum_up(5, told_by, [], credits)
    assert (story.origin, story.origin_by, story.origin_name) == (None, "unknown", "Disclose")


def test_one_source_that_credits_itself_or_is_alone_shows_nothing():
    told_by = [member(1, "le-phare.example"), member(2, "b.example", 1)]
    credits = [Credit(article=1, name="Le Phare", start=0, end=9, said=True)]
    story = sum_up(5, told_by, [], credits)
    assert (story.origin, story.origin_name) == (None, "")


def test_a_site_is_credited_with_or_without_its_article():
    assert {"lemonde", "monde"} <= site_keys("www.lemonde.fr")
