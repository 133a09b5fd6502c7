"""What counts as a change of an article, and what it is called."""

from datetime import datetime, timedelta

import pytest

from model.article import Access
from model.source import DateSource
from store.edits import find_edit, is_poorer, is_same_article, steady_words
from tests.store.makers import NOON, make_reading

DAY = timedelta(days=1)
LONG = " ".join(f"Le conseil du port {n} garde ses images une nuit de plus." for n in range(20))
OTHER = " ".join(f"Recette {n}, lentilles vertes et carottes au four." for n in range(20))


def changed(before, after):
    edit = find_edit(before, after)
    return None if edit is None else (edit.what, edit.detail)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("12 commentaires", "13 commentaires"),
        ("Commentaires (12)", "Commentaires (140)"),
        ("Il y a 3 heures", "Il y a une minute"),
        ("Publié il y a 3 heures", "Publié hier à 10h32"),
        ("mis à jour il y a 5 min", "mis à jour à l’instant"),
        ("Publié le 12 mars 2024 à 09h32", "Publié le 12 mars 2024 à 9h, maj le 13/03/24"),
        ("Updated 5 minutes ago", "Updated yesterday"),
        ("Posted 3 hours ago · 12 shares", "Posted a day ago · 1.2k shares"),
        ("Lu 1 234 fois", "Lu 1 235 fois"),
        ("Temps de lecture : 3 min", "Temps de lecture : 4 min"),
        ("Partager 23", "Partager 24"),
        ("Par Lise Martin, publié il y a 3 heures", "Par Lise Martin, publié il y a 5 jours"),
        ("À lire aussi : le port se tait", "À lire aussi : le port parle"),
        ("Read more: the harbour", "Read more: the town hall"),
        ("Soyez le premier à commenter", "2 réactions"),
    ],
)  # fmt: skip
def test_what_moves_by_itself_is_no_change(before, after):
    readings = [make_reading(text=f"Le maire a dit non.\n{line}") for line in (before, after)]
    assert changed(*readings) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Le scrutin ferme à 20 heures", "Le scrutin ferme à 18 heures"),
        ("Le 14 mars 2024", "Le 15 mars 2024"),
        ("Il a parlé il y a 3 jours.", "Il a parlé il y a 4 jours."),
        ("Il y a trois ans, tout a changé.", "Il y a deux ans, tout a changé."),
        ("12 morts", "13 morts"),
        ("Amende de 3 millions", "Amende de 4 millions"),
        ("Lire la lettre du maire", "Lire la lettre du préfet"),
    ],
)
def test_what_is_told_in_numbers_is_a_change(before, after):
    assert changed(make_reading(text=before), make_reading(text=after)) == ("edited", "text")


@pytest.mark.parametrize(
    ("before", "after", "is_other"),
    [
        (("Jean Dupont",), ("Par JEAN DUPONT",), False),
        (("Jean Dupont", "Lise Martin"), ("Lise Martin et Jean Dupont",), False),
        (("Dupont, Jean",), ("Jean Dupont",), False),
        (("Jean Dupont",), ("Jean Dupont avec AFP",), True),
        (("Jean Dupont",), (), True),
        (("Jean Dupont",), ("La rédaction",), True),
    ],
    ids=["by", "joined and in another order", "name first", "an agency", "taken off", "another"],
)
def test_a_byline_changes_when_a_name_does(before, after, is_other):
    readings = make_reading(authors=before), make_reading(authors=after)
    assert changed(*readings) == (("edited", "authors") if is_other else None)


def dated(at: datetime | None, source: DateSource | None = DateSource.META, precision="second"):
    return make_reading(published_at=at, date_source=source, published_precision=precision)


@pytest.mark.parametrize(
    ("before", "after", "is_other"),
    [
        (dated(NOON), dated(NOON + timedelta(hours=1)), True),
        (dated(NOON), dated(NOON + timedelta(seconds=20)), False),
        (dated(NOON, precision="day"), dated(NOON + timedelta(hours=2)), False),
        (dated(NOON), dated(None, None), False),
        (dated(None, None), dated(NOON), True),
        (dated(NOON), dated(NOON + timedelta(hours=2), DateSource.TEXT), False),
        (dated(NOON), dated(NOON + 3 * DAY, DateSource.GUESS), False),
        (dated(NOON, DateSource.GUESS), dated(NOON + DAY, DateSource.GUESS), False),
        (dated(NOON, DateSource.TEXT), dated(NOON + DAY, DateSource.TEXT), True),
    ],
    ids=[
        "an hour later", "some seconds", "said less exactly", "not said any more", "said at last",
        "said elsewhere", "guessed", "guessed twice", "in the text",
    ],
)  # fmt: skip
def test_a_date_changes_when_the_page_says_another(before, after, is_other):
    assert changed(before, after) == (("edited", "date") if is_other else None)


def test_a_file_made_anew_for_each_reader_is_no_change():
    def made(at, text="Le port filme."):
        return make_reading(
            text=text, published_at=at, date_source=DateSource.META, details={"pages": "3"}
        )

    assert changed(made(NOON), made(NOON + DAY)) is None
    assert changed(made(NOON), made(NOON + DAY, "La mairie filme.")) == ("edited", "text")


def test_when_a_page_was_updated_is_no_change():
    readings = make_reading(modified_at=NOON), make_reading(modified_at=NOON + DAY)
    assert changed(*readings) is None


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (make_reading(text=LONG), make_reading(text=LONG[:200]), ("shrunk", "text")),
        (make_reading(text=LONG), make_reading(text=LONG[:600]), ("edited", "text")),
        (make_reading(text="Court."), make_reading(text="Non."), ("edited", "text")),
        (make_reading(title="Le port", text=LONG), make_reading(title="Lentilles", text=OTHER),
         ("replaced", "title, text")),
        (make_reading(title="Le port", text=LONG), make_reading(title="Le port", text=OTHER),
         ("edited", "text")),
        (make_reading(title="Le port", text=LONG), make_reading(title="Images", text=LONG + " Si."),
         ("edited", "title, text")),
        (make_reading(text=LONG[:300], access=Access.TRUNCATED), make_reading(text=LONG),
         ("completed", "text")),
        (make_reading(text=LONG), make_reading(text=LONG[:300], access=Access.TRUNCATED), None),
        (make_reading(text=LONG), make_reading(text=LONG[:300], access=Access.SUBSCRIBERS), None),
        (make_reading(text=LONG[:300], access=Access.TRUNCATED),
         make_reading(text=LONG[:250], access=Access.TRUNCATED), None),
    ],
    ids=[
        "seventy per cent gone", "half gone", "short anyway", "another article",
        "another text under the same headline", "another headline", "whole at last", "cut",
        "for subscribers", "cut sooner",
    ],
)  # fmt: skip
def test_a_change_has_the_name_of_what_happened(before, after, expected):
    assert changed(before, after) == expected


def test_a_text_closed_to_others_but_whole_is_compared():
    open_text, closed = make_reading(text=LONG), make_reading(text=LONG + " Et le maire.")
    closed = make_reading(text=closed.text, access=Access.SUBSCRIBERS)
    assert not is_poorer(closed, open_text)
    assert changed(open_text, closed) == ("edited", "text")


def test_the_same_article_elsewhere_is_told_by_its_text():
    before = make_reading(title="Le port", text=LONG)
    assert is_same_article(before, make_reading(title="Au port", text=LONG + " Ajout."))
    assert not is_same_article(before, make_reading(title="Le port", text=OTHER))
    assert is_same_article(make_reading(title="Le port"), make_reading(title="Le port !"))


def test_nothing_makes_comparing_slow():
    assert steady_words("il y a 3 " * 20_000)
    assert steady_words("\n".join(["publié le 1 2 3 4 5 6 7 8 9 " * 4] * 2_000))
