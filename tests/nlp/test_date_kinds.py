"""Kinds of dates beside plain days: parts of days, weeks and years, feasts, names, tense."""

from datetime import date

import pytest

from nlp.dates.feasts import easter
from nlp.dates.finding import find_dates
from tests.cost import cheapest_s

PUBLISHED = date(2023, 11, 21)  # a Tuesday


def spelt(text, lang):
    """Return every mention as its words, its first and last day, its precision."""
    return [
        f"{each.text} = {each.from_on}"
        + ("" if each.from_on == each.to_on else f"/{each.to_on}")
        + f" {each.precision}"
        for each in find_dates(text, lang, PUBLISHED)
    ]


def table(rows):
    return pytest.mark.parametrize(("lang", "text", "told"), rows, ids=[row[1] for row in rows])


@table(
    [
        ("fr", "Il l'a dit mardi soir.", ["mardi soir = 2023-11-21 day"]),
        ("fr", "Il viendra jeudi après-midi.", ["jeudi après-midi = 2023-11-23 day"]),
        ("fr", "Vu hier matin.", ["hier matin = 2023-11-20 day"]),
        ("fr", "Attendu ce soir.", ["ce soir = 2023-11-21 day"]),
        ("en", "He spoke on Monday night.", ["Monday night = 2023-11-20 day"]),
        ("en", "They left this morning.", ["this morning = 2023-11-21 day"]),
        ("en", "Strava says that night maps cost more.", []),
    ]
)
def test_the_part_of_a_day_belongs_to_the_day(lang, text, told):
    assert spelt(text, lang) == told


@table(
    [
        ("fr", "Une hausse au deuxième trimestre.", "2023-04-01/2023-06-30 quarter"),
        ("fr", "Le 4e trimestre 2022 fut bon.", "2022-10-01/2022-12-31 quarter"),
        ("fr", "Les ventes du premier semestre montent.", "2023-01-01/2023-06-30 interval"),
        ("fr", "Sur les neuf premiers mois de 2022.", "2022-01-01/2022-09-30 interval"),
        ("en", "Sales fell in the fourth quarter.", "2023-10-01/2023-12-31 quarter"),
        ("en", "Third-quarter sales fell.", "2023-07-01/2023-09-30 quarter"),
        ("en", "It lost in the second half of 2022.", "2022-07-01/2022-12-31 interval"),
        ("en", "The last quarter was bad, not this quarter.", "2023-10-01/2023-12-31 quarter"),
        ("fr", "Au début du mois de mai.", "2023-05-01/2023-05-10 interval"),
        ("fr", "Attendu d'ici la fin de l'année.", "2023-09-01/2023-12-31 interval"),
        ("fr", "Au début de l'année prochaine.", "2024-01-01/2024-04-30 interval"),
        ("fr", "Arrivé en début de semaine.", "2023-11-20/2023-11-21 interval"),
        ("en", "It began late last month.", "2023-10-21/2023-10-31 interval"),
        ("en", "Passed on March 15, 2022, then by the end of the month.", "2022-03-21/2022-03-31"),
        ("fr", "Au début des années 1990.", "1990-01-01/1993-12-31 interval"),
        ("fr", "À la fin des années quatre-vingt-dix.", "1997-01-01/1999-12-31 interval"),
        ("fr", "Depuis les années 80.", "1980-01-01/1989-12-31 interval"),
        ("en", "It was in the mid-'80s.", "1984-01-01/1986-12-31 interval"),
        ("en", "Written a decade ago.", "2013-01-01/2013-12-31 year"),
        ("fr", "Voilà vingt-cinq ans.", "1998-01-01/1998-12-31 year"),
        ("fr", "Il y a exactement un an.", "2022-01-01/2022-12-31 year"),
        ("fr", "La semaine du 6 novembre.", "2023-11-06/2023-11-12 interval"),
        ("en", "It was closed over the weekend.", "2023-11-18/2023-11-19 interval"),
        ("en", "They will meet at the weekend.", "2023-11-25/2023-11-26 interval"),
        ("fr", "Il a neigé au cours du week-end.", "2023-11-18/2023-11-19 interval"),
        ("en", "From Monday to Wednesday it rained.", "2023-11-13/2023-11-15 interval"),
        ("fr", "Les combats de 1975-90.", "1975-01-01/1990-12-31 interval"),
        ("fr", "L'offensive de février-mars.", "2023-02-01/2023-03-31 interval"),
        ("fr", "Les 3, 4 et 5 mars 2022.", "2022-03-03/2022-03-05 interval"),
    ]
)
def test_parts_of_longer_times_have_their_first_and_last_day(lang, text, told):
    assert told in spelt(text, lang)[-1]


@table(
    [
        ("en", "They scored in the first half.", []),
        ("en", "It takes shape over the next decade, as in the 1700s.", []),
        ("fr", "Les six premiers mois de la guerre.", []),
        ("fr", "Tout change du jour au lendemain.", []),
    ]
)
def test_what_only_sounds_like_a_part_of_a_year_is_none(lang, text, told):
    assert spelt(text, lang) == told


@table(
    [
        ("fr", "L'ouverture aura lieu vendredi et samedi.", ["2023-11-24", "2023-11-25"]),
        ("fr", "Ils ont été reçus jeudi et vendredi.", ["2023-11-16", "2023-11-17"]),
        ("en", "Storms could come Friday and Saturday.", ["2023-11-24", "2023-11-25"]),
        ("en", "They could not reach the town on Friday.", ["2023-11-17"]),
        ("en", "He told the U.S. envoy on Thursday that all would be freed.", ["2023-11-16"]),
        ("fr", "Un entretien à paraître dimanche.", ["2023-11-26"]),
        ("fr", "Il a annoncé la tenue jeudi d'un conseil.", ["2023-11-23"]),
        ("fr", "Il allait proposer vendredi un plan.", ["2023-11-24"]),
        ("fr", "Il a dit\nmercredi ne rien savoir du plan qui sera lu.", ["2023-11-15"]),
        ("fr", "Ce vendredi, le tribunal siège.", ["2023-11-24"]),
        ("fr", "La police a tué lundi 18 civils.", ["2023-11-20"]),
        ("en", "Blasts were heard at 12:45 a.m. Wednesday.", ["2023-11-22"]),
        ("fr", "Le 9 avril dernier.", ["2023-04-09"]),
        ("fr", "Le 9 avril prochain.", ["2024-04-09"]),
        ("en", "On March 3, 2022 he left. That night he slept.", ["2022-03-03", "2022-03-03"]),
        ("fr", "Le 3 mars 2022, rien. Le lendemain matin, si.", ["2022-03-03", "2022-03-04"]),
    ]
)
def test_the_words_around_a_day_say_whether_it_is_past_or_to_come(lang, text, told):
    assert [each.from_on.isoformat() for each in find_dates(text, lang, PUBLISHED)] == told


@table(
    [
        ("en", "The 2003 invasion, like 1991 (and 1990).", ["2003", "1991", "1990"]),
        ("fr", "La campagne présidentielle 2022 et, pour 2025, rien.", ["2022", "2025"]),
        ("en", "UN resolution 1973 sent 2000 soldiers.", []),
        ("fr", "Les résolutions 1970 et 1973, 2028 adultes, en Syrie 2011.", []),
        ("en", "A poll asked 2051 adults.", []),
        ("en", "The 2022 World Cup and the 2024 Summer Olympics.", []),
        ("fr", "Au G20 2023, avant l'Euro 2024, dans l'édition 2022.", []),
        ("fr", "La saison 2023-2024.", ["2023-2024"]),
    ]
)
def test_four_figures_alone_are_a_year_where_they_count_and_name_nothing(lang, text, told):
    assert [each.text for each in find_dates(text, lang, PUBLISHED)] == told


@table(
    [
        ("fr", "Rue du 8 mai 1945, place du 14-Juillet, l'alliance du 14-Mars.", []),
        ("en", "The March 14 alliance and the April 6 Youth Movement.", []),
        ("fr", "Le Printemps arabe, lu dans le Sunday Times.", []),
        ("en", "Sunday Times reporters wrote it.", []),
        ("fr", "Le défilé du 14-Juillet.", ["14-Juillet = 2023-07-14 day"]),
        ("fr", "La loi du 20 mai 2022.", ["20 mai 2022 = 2022-05-20 day"]),
        ("fr", "Les attentats du 11 septembre.", ["11 septembre = 2001-09-11 day"]),
        ("en", "After the September 11 attacks.", ["September 11 = 2001-09-11 day"]),
        ("en", "It fell on September 11.", ["September 11 = 2023-09-11 day"]),
    ]
)
def test_a_name_that_holds_a_date_is_none_unless_it_means_the_day(lang, text, told):
    assert spelt(text, lang) == told


@table(
    [
        ("fr", "Publié le 27/05/11.", ["27/05/11 = 2011-05-27 day"]),
        ("fr", "ROQUEBAUDE, 15 sept 2023 (AM)", ["15 sept 2023 = 2023-09-15 day"]),
        ("en", "Due 05/27/11.", ["05/27/11 = 2011-05-27 day"]),
        ("en", "Due 2011/05/28.", ["2011/05/28 = 2011-05-28 day"]),
        ("fr", "@x, August 23, 2013", ["August 23, 2013 = 2013-08-23 day"]),
        ("fr", "http://exemple.example/2011/05/28/x", []),
    ]
)  # fmt: skip
def test_figures_are_read_as_the_language_writes_them(lang, text, told):
    assert spelt(text, lang) == told


@table(
    [
        ("fr", "Le lundi de Pâques, tout ferme.", ["lundi de Pâques = 2023-04-10 day"]),
        ("fr", "À Noël 2022, aussi.", ["Noël 2022 = 2022-12-25 day"]),
        ("fr", "Il reviendra après Noël.", ["Noël = 2023-12-25 day"]),
        ("en", "They met on Labor Day.", ["Labor Day = 2023-09-04 day"]),
        ("en", "Since last Christmas, nothing.", ["Christmas = 2022-12-25 day"]),
        ("fr", "Depuis Noël dernier, rien.", ["Noël dernier = 2022-12-25 day"]),
        ("en", "The Christmas tree and the Easter Sunrise Service.", []),
        ("fr", "Noël Mamère a parlé des touristes de Noël.", []),
        ("fr", "Il est né la veille de Noël.", ["veille de Noël = 2023-12-24 day"]),
    ]
)
def test_a_feast_is_its_day_where_it_stands_for_one(lang, text, told):
    assert spelt(text, lang) == told


def test_easter_falls_where_the_almanac_says() -> None:
    told = {
        1961: "04-02",
        2000: "04-23",
        2008: "03-23",
        2011: "04-24",
        2024: "03-31",
        2038: "04-25",
    }
    assert {year: f"{easter(year):%m-%d}" for year in told} == told


HOSTILE = [
    ("en", "a" * 100_000 + "!"),
    ("fr", "01/01/" * 16_600),
    ("en", "2011 " * 20_000),
    ("fr", "lundi et mardi, " * 6_200),
    ("fr", "fin de l'année " * 6_600),
    ("fr", "début du mois de " * 5_800),
    ("fr", "il y a exactement juste tout " * 3_400),
    ("fr", "six premiers mois " * 5_500),
    ("en", "third-quarter " * 7_000),
    ("fr", "à Noël " * 14_000),
    ("en", "September 11 attacks " * 4_700),
    ("fr", "rue du 8 mai 1945 " * 5_200),
    ("fr", "1970 et 1973 et " * 6_000),
    ("en", "could may might " * 6_000 + "Friday"),
    ("en", "Friday that will " * 5_800),
    ("en", "A. " * 33_000),
    ("fr", "années quatre-vingt-dix " * 4_100),
    ("fr", "-11" * 33_000),
    ("fr", "3, 4, " * 16_000),
    ("fr", "January 1, 2011 " * 6_000),
]


@pytest.mark.parametrize(("lang", "text"), HOSTILE, ids=[row[1][:20] for row in HOSTILE])
def test_hostile_text_of_these_kinds_takes_less_than_a_second(lang, text):
    assert cheapest_s(lambda: find_dates(text, lang, PUBLISHED), 1) < 1


def test_ten_times_the_text_costs_about_ten_times_as_much():
    text = "Mardi soir, rue du 8 mai 1945, il y a près de deux ans, fin de l'année, en 2011. "
    short = cheapest_s(lambda: find_dates(text * 60, "fr", PUBLISHED), 0)
    long = cheapest_s(lambda: find_dates(text * 600, "fr", PUBLISHED), 0)
    assert long < 20 * short
