"""What comes to several articles of a site at once is the site's, and is no edit of any of them."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.crawler.misbehaving import NOON, SITE
from tests.faults.watching import Watched, article, feed, item, page

DAY = timedelta(days=1)
APPEAL = "La Gazette du port vit grâce à vous : soutenez celles et ceux qui l'écrivent chaque jour."
CLEARED = "Le 3 mai, le tribunal a relaxé le directeur du port de toutes les charges retenues ici."
NOTE = "Mise à jour du 3 mai : le directeur du port conteste les faits que nous avons rapportés."
BOXED = f"<div class='encart-7'><p>{APPEAL}</p></div>"
TOPICS = ("la grue", "le quai", "la vigie", "le bassin", "la rade")


def told(number: int, *, end: str = "") -> bytes:
    """Return the page of an article with words of its own; `end` ends its text."""
    html = article(number, words=f"Il y est question de {TOPICS[number]}.").decode()
    topic = TOPICS[number]
    own = "".join(
        f"<p>Pour {topic}, les élus ont voté le crédit {n} et rien d'autre, dit {topic}.</p>"
        for n in range(9)
    )
    return page_of(html.replace("Paragraphe", topic).replace("</article>", f"{own}{end}</article>"))


def page_of(html: str) -> bytes:
    """Return the answer of a site with a page."""
    return (
        page(1)
        .split(b"\r\n\r\n")[0]
        .replace(str(len(article(1))).encode(), str(len(html.encode())).encode())
        + b"\r\n\r\n"
        + html.encode()
    )


def watch(folder: Path, count: int) -> Watched:
    """Watch some articles of one site."""
    numbers = range(count)
    watched = Watched(folder, {"/feed": feed(*map(item, numbers))})
    watched.answers |= {f"/a{number}": told(number) for number in numbers}
    watched.make_pass()
    return watched


def show(watched: Watched, end: str, *numbers: int) -> None:
    """Have some articles end otherwise."""
    watched.answers |= {f"/a{number}": told(number, end=end) for number in numbers}


def changes(watched: Watched, number: int) -> list[str]:
    """Return what is logged of one article."""
    with watched.store() as store:
        held = store.article_changes(watched.articles()[f"http://{SITE}/a{number}"])
        return [change.what for change in held]


@pytest.mark.parametrize("end", [BOXED, f"<p>{APPEAL}</p>"], ids=["a box", "an appeal"])
def test_a_new_box_on_all_pages_is_no_edit_and_the_first_is_shown_for_what_it_was(
    tmp_path: Path, end: str
) -> None:
    watched = watch(tmp_path, 3)
    show(watched, end, 0)
    del watched.answers["/a1"], watched.answers["/a2"]
    watched.make_pass(NOON + DAY)
    assert changes(watched, 0) == ["edited"]
    show(watched, end, 1, 2)
    watched.make_pass(NOON + 3 * DAY)
    assert changes(watched, 0) == ["edited", "furniture"]
    for number in (1, 2):
        assert "edited" not in changes(watched, number)
        assert len(watched.versions(f"http://{SITE}/a{number}")) == 1


def test_all_pages_of_a_site_read_again_in_one_pass_keep_no_false_edit(tmp_path: Path) -> None:
    watched = watch(tmp_path, 4)
    show(watched, BOXED, *range(4))
    watched.make_pass(NOON + DAY)
    for number in range(4):
        assert changes(watched, number) in ([], ["edited", "furniture"])
    assert sum("edited" in changes(watched, number) for number in range(4)) <= 1


def test_a_box_that_leaves_two_pages_is_no_edit_either(tmp_path: Path) -> None:
    watched = Watched(tmp_path, {"/feed": feed(item(0), item(1))})
    show(watched, f"<p>{APPEAL}</p>", 0, 1)
    watched.make_pass()
    assert APPEAL in watched.versions(f"http://{SITE}/a0")[0]
    show(watched, "", 0)
    watched.make_pass(NOON + DAY)
    assert changes(watched, 0) == []


@pytest.mark.parametrize("added", [CLEARED, NOTE], ids=["a fact", "a note of an update"])
def test_what_a_newsroom_adds_to_two_articles_is_an_edit_of_both(
    tmp_path: Path, added: str
) -> None:
    watched = watch(tmp_path, 2)
    show(watched, f"<p>{added}</p>", 0, 1)
    watched.make_pass(NOON + DAY)
    assert [changes(watched, number) for number in (0, 1)] == [["edited"], ["edited"]]


def test_an_edit_beside_a_new_box_stays_an_edit(tmp_path: Path) -> None:
    watched = watch(tmp_path, 3)
    show(watched, BOXED, 0, 2)
    show(watched, f"<p>{CLEARED}</p>{BOXED}", 1)
    watched.make_pass(NOON + DAY)
    watched.make_pass(NOON + 3 * DAY)
    assert changes(watched, 1) == ["edited"]
    assert CLEARED in watched.versions(f"http://{SITE}/a1")[-1]


def test_a_digest_tells_no_edit_that_was_none(tmp_path: Path) -> None:
    watched = watch(tmp_path, 3)
    show(watched, BOXED, 0)
    watched.make_pass(NOON + DAY)
    show(watched, BOXED, 1, 2)
    watched.make_pass(NOON + 3 * DAY)
    with watched.store() as store:
        spans = ((NOON, NOON + 4 * DAY), (NOON, NOON + 2 * DAY), (NOON + 2 * DAY, NOON + 4 * DAY))
        found = [[one.what for one in store.changes(*span)] for span in spans]
    assert found == [[], ["edited"], ["furniture"]]
