"""What counts as a change of an article, and what it is called."""

from datetime import timedelta

import pytest

from model.article import Access
from model.source import DateSource
from store.edits import find_edit, has_lost_text, is_poorer, is_same_article
from store.moving import steady_words
from tests.store.makers import NOON, make_reading

DAY = timedelta(days=1)
LONG = " ".join(f"Le conseil du port {n} garde ses images une nuit de plus." for n in range(20))
COUNTED = " ".join(f"mot{n}" for n in range(200))
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
        # embedded posts
        ("12 Retweets 45 J’aime", "1,2 k Retweets 4 501 J’aime"),
        ("123 Reposts · 45 Quotes · 8 Likes · 9 Bookmarks", "1.2K Reposts · 46 Quotes · 9M Likes"),
        ("1 234 mentions J’aime", "2 M de mentions J’aime"),
        ("Lire les 45 réponses", "Lire les 128 réponses"),
        ("Read 45 replies", "Read 1.2K replies"),
        ("View all 120 comments", "View all 9 comments"),
        ("12,3 k vues", "1,1 M vues"),
        ("Aimé par 1 234 personnes", "Aimé par 1 301 personnes"),
        ("Liked by annlee and 1,234 others", "Liked by annlee and 2,000 others"),
        ("❤ 45 💬 12 🔁 3", "❤ 1,2 k 💬 40 🔁 31"),
        ("10:32 AM · Mar 12, 2024 · 12.3K Views", "10:32 AM · Mar 12, 2024 · 1.1M Views"),
        ("9:12 · 12 mars 2024", "10:12 · 12 mars 2024 · 45 vues"),
        ("Lise Martin @lise_m · 3 h", "Lise Martin @lise_m · 12 mars"),
        ("— Lise Martin (@lise_m) March 12, 2024\n45\n12\n301",
         "— Lise Martin (@lise_m) March 12, 2024\n1,2 k\n12\n40"),
        ("Note moyenne : 4,2/5 (37 avis)", "Note moyenne : 4,3/5 (38 avis)"),
        # polls among readers
        ("Êtes-vous pour les caméras ?\nOui 62 %\nNon 38 %\n1 234 votes",
         "Êtes-vous pour les caméras ?\nOui 55 %\nNon 45 %\n2 468 votes"),
        ("Êtes-vous pour ?\nOui\n62 %\nNon\n38 %\nNombre de votants : 12 345",
         "Êtes-vous pour ?\nOui\n61,5 %\nNon\n38,5 %\nNombre de votants : 12 399"),
        ("Êtes-vous pour ?\n62 % Oui\n38 % Non\nMerci d’avoir voté !",
         "Êtes-vous pour ?\n1 % Oui\n99 % Non\nVous avez déjà voté."),
        ("Êtes-vous pour ?\nOui\nNon\nVoter", "Êtes-vous pour ?\nOui (62 %)\nNon (38 %)\n9 votes"),
        ("Are you in favour?\nYes (62%)\nNo (38%)\n1,234 votes · ",
         "Are you in favour?\nYes (2%)\nNo (98%)\n5,234 votes · "),
        ("Are you in favour?\nYes\nNo\n1,234 people have voted",
         "Are you in favour?\nYes\nNo\n1,235 people have voted"),
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
        ("Dupont\n51 %\nMartin\n49 %", "Dupont\n49 %\nMartin\n51 %"),
        ("Qui a gagné ?\nDupont 51 %\n1 234 votes\nMartin 49 %\n1 100 votes",
         "Qui a gagné ?\nDupont 49 %\n1 100 votes\nMartin 51 %\n1 234 votes"),
        ("Qui a gagné ?\nInscrits : 2 000\nDupont 51 %\nMartin 49 %\n1 234 votants",
         "Qui a gagné ?\nInscrits : 2 000\nDupont 49 %\nMartin 51 %\n1 234 votants"),
        ("Ont-ils confiance ?\nOui 62 %\nNon 38 %\n1 004 personnes interrogées",
         "Ont-ils confiance ?\nOui 38 %\nNon 62 %\n1 004 personnes interrogées"),
        ("Êtes-vous pour ?\nOui 62 %\nNon 38 %\n9 votes",
         "Êtes-vous contre ?\nOui 62 %\nNon 38 %\n9 votes"),
        ("Êtes-vous pour ?\nOui 62 %\nNon 38 %\n9 votes",
         "Êtes-vous pour ?\nOui 62 %\nPeut-être 38 %\n9 votes"),
        ("La loi passe, 312 voix contre 120", "La loi passe, 310 voix contre 120"),
        ("— Lise Martin (@lise_m) March 12, 2024", "— Lise Martin (@lise_m) March 13, 2024"),
        ("Bilan\n45\n12", "Bilan\n45\n13"),
        ("Elle a 12 abonnés de moins que lui.", "Elle a 13 abonnés de moins que lui."),
        ("La note est de 4/5", "La note est de 2/5"),
    ],
)  # fmt: skip
def test_what_is_told_in_numbers_is_a_change(before, after):
    assert changed(make_reading(text=before), make_reading(text=after)) == ("edited", "text")


BODY = "\n".join(f"Le conseil du port {n} garde ses images." for n in range(9))
IN_BETWEEN = BODY.replace("\n", "\n14 mars 2024\n", 6)


@pytest.mark.parametrize(
    ("before", "after", "is_other"),
    [
        (f"12 mars 2024\n{BODY}", BODY, False),
        (BODY, f"Mardi 12 mars 2024 à 9 h 30\n{BODY}", False),
        (f"Tue 12 Mar 2024 10:32 GMT\n{BODY}", BODY, False),
        (f"March 12, 2024\n{BODY}", BODY, False),
        (f"12/03/2024 - 09:30\n{BODY}", BODY, False),
        (f"2024-03-12\n{BODY}", BODY, False),
        (BODY, f"{BODY}\nLe 12 mars 2024", False),
        (f"12 mars\n{BODY}", BODY, False),
        (f"12 mars 2024\n{BODY}", f"12/03/2024\n{BODY}", False),
        (f"12 mars 2024\n{BODY}", f"12/03/24 à 10 h\n{BODY}", False),
        (f"12 mars 2024\n{BODY}", f"12 mars 2024\n{BODY}\n14 mars 2024", False),
        (f"12 mars 2024\n{BODY}", f"13 mars 2024\n{BODY}", True),
        (f"12 mars 2024\n{BODY}", f"{BODY}\n13 mars 2024", True),
        (f"12 mars 2024\n{BODY}", f"13 mars 2024\n{BODY}\n14 mars 2024", True),
        (f"12 mars 2024\n{BODY}", f"Le conseil du 12 mars 2024\n{BODY}", True),
        (IN_BETWEEN, BODY, True),
        (IN_BETWEEN, IN_BETWEEN.replace("14 mars", "15 mars"), True),
        (BODY, f"12 mars 2024, quai fermé\n{BODY}", True),
    ],
    ids=[
        "taken off", "come", "English, with a clock", "American", "in numbers", "ISO", "at the end",
        "without its year", "written otherwise", "two figures of a year", "another one comes",
        "another day", "another at the end", "another and one more", "in a sentence",
        "a chronology's days", "one of them", "with news",
    ],
)  # fmt: skip
def test_a_line_that_only_dates_a_text_may_come_and_go(before, after, is_other):
    readings = make_reading(text=before), make_reading(text=after)
    assert changed(*readings) == (("edited", "text") if is_other else None)
    assert changed(*reversed(readings)) == (("edited", "text") if is_other else None)


@pytest.mark.parametrize(
    ("before", "after", "is_lost"),
    [
        (LONG, OTHER, True), (LONG, "Cet article a été retiré.", True),
        (COUNTED, COUNTED[:300], True), (COUNTED, COUNTED[:900], False),
        (LONG, LONG + OTHER, False), ("", OTHER, False),
    ],
    ids=["another", "a notice", "a standfirst", "half", "more", "nothing known"],
)  # fmt: skip
def test_a_text_is_lost_when_hardly_anything_of_it_is_left(before, after, is_lost):
    assert has_lost_text(make_reading(text=before), make_reading(text=after)) is is_lost


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


def dated(at, source: DateSource | None = DateSource.META, precision="second", **fields):
    return make_reading(
        published_at=at, date_source=source, published_precision=precision, **fields
    )


@pytest.mark.parametrize(
    ("before", "after", "is_other"),
    [
        (dated(NOON), dated(NOON + timedelta(hours=1)), True),
        (dated(NOON), dated(NOON + timedelta(seconds=20)), False),
        (dated(NOON, precision="day"), dated(NOON + timedelta(hours=2)), False),
        (dated(NOON), dated(None, None), False),
        (dated(None, None), dated(NOON, DateSource.TEXT), False),
        (dated(NOON), dated(NOON + timedelta(hours=2), DateSource.TEXT), False),
        (dated(NOON), dated(NOON + 3 * DAY, DateSource.GUESS), False),
        (dated(NOON, DateSource.GUESS), dated(NOON + DAY, DateSource.GUESS), False),
        (dated(NOON, DateSource.TEXT), dated(NOON + DAY, DateSource.TEXT), True),
    ],
    ids=[
        "an hour later", "some seconds", "said less exactly", "not said any more", "found at last",
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
        (dated(None, None), dated(NOON), ("completed", "date")),
        (dated(NOON, DateSource.GUESS), dated(NOON + DAY), ("completed", "date")),
        (dated(None, None), dated(NOON, title="Images"), ("edited", "title")),
        (make_reading(text=LONG), make_reading(text=LONG[:300], access=Access.TRUNCATED), None),
        (make_reading(text=LONG), make_reading(text=LONG[:300], access=Access.SUBSCRIBERS), None),
        (make_reading(text=LONG[:300], access=Access.TRUNCATED),
         make_reading(text=LONG[:250], access=Access.TRUNCATED), None),
    ],
    ids=[
        "seventy per cent gone", "half gone", "short anyway", "another article",
        "another text under the same headline", "another headline", "whole at last",
        "dated at last", "dated after a guess", "dated when it was edited", "cut",
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
