"""The invented press's clock, and what a reader who asks again is sent."""

from datetime import datetime

import pytest

from press import Press
from tests.press.press_reader import (
    ARTICLES,
    BY_KEY,
    FIRST_POLL,
    SECOND_POLL,
    UP,
    get,
    page_text,
    read_feed,
)

EDITED = BY_KEY["courrier-national/senat-question-orale-briefcam"]
REMOVED = BY_KEY["matin-express/pourquoi-on-reparle-de-briefcam"]
MISDATED = BY_KEY["biometry-today/french-affair-in-review"]
NEW = BY_KEY["courrier-national/briefcam-chronologie-neuf-ans"]

by_host = pytest.mark.parametrize("site", UP, ids=lambda site: site.folder)


@pytest.fixture(scope="module")
def press():
    with Press(now=SECOND_POLL, slow_s=0) as served:
        yield served


@pytest.fixture
def early_press():
    with Press(now=FIRST_POLL, slow_s=0) as served:
        yield served


def test_an_article_is_neither_listed_nor_served_before_its_time(early_press):
    source = "http://courrier-national.example/rss/une.xml"
    before = read_feed(get(early_press, source))
    assert get(early_press, NEW.url).status == 404

    early_press.move_to(NEW.published)

    after = read_feed(get(early_press, source))
    assert get(early_press, NEW.url).status == 200
    assert {entry.link for entry in after.entries} - {entry.link for entry in before.entries} == {
        NEW.url
    }


def test_an_edit_is_made_in_silence(early_press):
    before = get(early_press, EDITED.url)
    (edit,) = EDITED.edits

    early_press.move_to(edit.seen_from)

    after = get(early_press, EDITED.url)
    assert page_text(before).count(EDITED.title) > 0
    assert page_text(after).count(edit.title) > 0
    assert page_text(after).count(EDITED.title) == 0
    assert before.headers["ETag"] != after.headers["ETag"]
    assert b"dateModified" not in after.body


def test_a_removed_article_is_gone_from_its_site_and_its_feed(early_press):
    assert get(early_press, REMOVED.url).status == 200
    assert REMOVED.removed_at is not None

    early_press.move_to(REMOVED.removed_at)

    gone = get(early_press, REMOVED.url)
    feed = read_feed(get(early_press, "http://matin-express.example/rss.php"))
    assert gone.status == 410
    assert "retiré" in page_text(gone)
    assert REMOVED.title not in {entry.title for entry in feed.entries}


@pytest.mark.parametrize(
    ("now", "status"),
    [("2024-05-31T23:59:59+00:00", 404), ("2024-06-01T00:00:00+00:00", 200)],
    ids=["before June", "from June on"],
)
def test_an_article_dated_in_the_future_is_there_from_june_2024(early_press, now, status):
    early_press.move_to(datetime.fromisoformat(now))

    feed = read_feed(get(early_press, "http://biometry-today.example/atom.xml"))

    assert get(early_press, MISDATED.url).status == status
    assert (MISDATED.url in {entry.link for entry in feed.entries}) is (status == 200)
    assert MISDATED.published.year == 2038


def test_something_is_new_between_the_two_polls_of_the_demo():
    between = [
        article
        for article in ARTICLES
        if article.is_listed(SECOND_POLL) and not article.is_listed(FIRST_POLL)
    ]

    assert {article.affair for article in between} == {True, False}
    assert FIRST_POLL < EDITED.edits[0].seen_from < SECOND_POLL
    assert REMOVED.is_listed(FIRST_POLL)
    assert REMOVED.is_gone(SECOND_POLL)


def test_a_clock_without_a_zone_is_refused(early_press):
    with pytest.raises(ValueError, match="time zone"):
        early_press.move_to(datetime(2024, 6, 3, 7))


@by_host
def test_a_source_that_did_not_change_is_not_sent_again(press, site):
    first = get(press, site.source.url)

    by_tag = get(press, site.source.url, If_None_Match=first.headers["ETag"])
    by_date = get(press, site.source.url, If_Modified_Since=first.headers["Last-Modified"])

    assert (by_tag.status, by_tag.body) == (304, b"")
    assert (by_date.status, by_date.body) == (304, b"")
    assert get(press, site.source.url, If_None_Match='"other"').status == 200


def test_a_changed_page_is_sent_again(early_press):
    first = get(early_press, EDITED.url)
    validators = {
        "If_None_Match": first.headers["ETag"],
        "If_Modified_Since": first.headers["Last-Modified"],
    }
    assert get(early_press, EDITED.url, **validators).status == 304

    early_press.move_to(SECOND_POLL)

    assert get(early_press, EDITED.url, **validators).status == 200
    assert (
        get(early_press, EDITED.url, If_Modified_Since=first.headers["Last-Modified"]).status == 200
    )


@pytest.mark.parametrize("text", ["garbage", "Mon, 99 Foo 2024 10:00:00 GMT"])
def test_a_date_that_cannot_be_read_is_no_condition(press, text):
    assert get(press, UP[0].source.url, If_Modified_Since=text).status == 200


def test_some_sites_give_their_pages_no_validators(press):
    got = get(press, "http://hemicycle.example/")

    assert "ETag" not in got.headers
    assert "Last-Modified" not in got.headers
