"""Dates in text: what is one, what is not, and which days it means."""

from datetime import date
from pathlib import Path

import pytest

from model.mention import Precision
from nlp.dates.finding import find_dates, infer_published_on
from nlp.dates.story import MOST_DATES
from tests.cost import cheapest_s

PUBLISHED = date(2023, 11, 21)  # a Tuesday
SHARED = Path(__file__).resolve().parents[2].parent / "shared"

DAYS = [
    ("fr", "Le mardi 21 novembre 2023, rien.", "mardi 21 novembre 2023", "2023-11-21"),
    ("fr", "Dès le 1er décembre 2022, il pleut.", "1er décembre 2022", "2022-12-01"),
    ("fr", "Disclose l'a révélé le 14 novembre.", "14 novembre", "2023-11-14"),
    ("fr", "La Cour rendra sa décision le 10 janvier.", "10 janvier", "2024-01-10"),
    ("fr", "Il a été vu mercredi.", "mercredi", "2023-11-15"),
    ("fr", "Il sera reçu jeudi.", "jeudi", "2023-11-23"),
    ("fr", "Il l'a dit mardi.", "mardi", "2023-11-21"),
    ("fr", "Il l'a dit mardi dernier.", "mardi dernier", "2023-11-14"),
    ("fr", "La séance de lundi prochain.", "lundi prochain", "2023-11-27"),
    ("fr", "Hier, la police a démenti.", "Hier", "2023-11-20"),
    ("fr", "Il est mort avant-hier.", "avant-hier", "2023-11-19"),
    ("fr", "C'est prévu aujourd’hui même.", "aujourd’hui", "2023-11-21"),
    ("fr", "Il y a dix jours, tout allait bien.", "Il y a dix jours", "2023-11-11"),
    ("fr", "Mardi 14, la presse l'a su.", "Mardi 14", "2023-11-14"),
    ("fr", "Signé le 3 sept. 2022 à Caen.", "3 sept. 2022", "2022-09-03"),
    ("fr", "Reçu le 03/09/2022 par courrier.", "03/09/2022", "2022-09-03"),
    ("en", "announcing, Tuesday, November 21, that", "Tuesday, November 21", "2023-11-21"),
    ("en", "On February 13, 2023, in Paris.", "February 13, 2023", "2023-02-13"),
    ("en", "It was published on the 14th of November.", "14th of November", "2023-11-14"),
    ("en", "The court will rule on January 10.", "January 10", "2024-01-10"),
    ("en", "He resigned on Monday.", "Monday", "2023-11-20"),
    ("en", "They met last Tuesday.", "last Tuesday", "2023-11-14"),
    ("en", "The hearing is next Friday.", "next Friday", "2023-11-24"),
    ("en", "He left the day before yesterday.", "the day before yesterday", "2023-11-19"),
    ("en", "It happened ten days ago.", "ten days ago", "2023-11-11"),
    ("en", "Killed on Nov. 3 near Caen.", "Nov. 3", "2023-11-03"),
    ("en", "Filed 2023-02-03 by hand.", "2023-02-03", "2023-02-03"),
]


@pytest.mark.parametrize(("lang", "text", "named", "day"), DAYS, ids=[row[1] for row in DAYS])
def test_a_day_is_found_with_its_place_and_its_value(lang, text, named, day):
    found = find_dates(text, lang, PUBLISHED)
    assert [(each.text, each.from_on.isoformat()) for each in found] == [(named, day)]
    assert text[found[0].start : found[0].end] == named
    assert found[0].from_on == found[0].to_on
    assert found[0].precision is Precision.DAY


SPANS = [
    ("fr", "Utilisé en 2015.", "2015", "2015-01-01", "2015-12-31", "year"),
    ("fr", "Utilisé depuis 2015 par la police.", "2015", "2015-01-01", "2015-12-31", "year"),
    ("fr", "À la mi-décembre 2023.", "mi-décembre 2023", "2023-12-11", "2023-12-20", "interval"),
    ("fr", "Attendu début 2024.", "début 2024", "2024-01-01", "2024-04-30", "interval"),
    ("fr", "En mars 2022, rien.", "mars 2022", "2022-03-01", "2022-03-31", "month"),
    ("fr", "Le rapport de mars.", "mars", "2023-03-01", "2023-03-31", "month"),
    ("fr", "du 5 au 7 mars 2022", "du 5 au 7 mars 2022", "2022-03-05", "2022-03-07", "interval"),
    ("fr", "entre 2017 et 2019", "entre 2017 et 2019", "2017-01-01", "2019-12-31", "interval"),
    ("fr", "de 2015 à 2023", "de 2015 à 2023", "2015-01-01", "2023-12-31", "interval"),
    ("fr", "Vu il y a deux ans.", "il y a deux ans", "2021-01-01", "2021-12-31", "year"),
    ("fr", "Votée le mois dernier.", "le mois dernier", "2023-10-01", "2023-10-31", "month"),
    ("fr", "à l'automne 2022", "automne 2022", "2022-09-01", "2022-11-30", "season"),
    (
        "fr",
        "au premier trimestre 2024",
        "premier trimestre 2024",
        "2024-01-01",
        "2024-03-31",
        "quarter",
    ),
    ("en", "used since 2015", "2015", "2015-01-01", "2015-12-31", "year"),
    ("en", "in late 2021", "late 2021", "2021-09-01", "2021-12-31", "interval"),
    ("en", "in mid-November", "mid-November", "2023-11-11", "2023-11-20", "interval"),
    (
        "en",
        "between 2017 and 2019",
        "between 2017 and 2019",
        "2017-01-01",
        "2019-12-31",
        "interval",
    ),
    ("en", "from 2015 to 2023", "from 2015 to 2023", "2015-01-01", "2023-12-31", "interval"),
    ("en", "on March 5-7, 2022", "March 5-7, 2022", "2022-03-05", "2022-03-07", "interval"),
    (
        "en",
        "from Dec. 28 to Jan. 3",
        "from Dec. 28 to Jan. 3",
        "2023-12-28",
        "2024-01-03",
        "interval",
    ),
    ("en", "it began last week", "last week", "2023-11-13", "2023-11-19", "interval"),
    ("en", "in the spring of 2022", "spring of 2022", "2022-03-01", "2022-05-31", "season"),
    ("en", "in May and gone", "May", "2023-05-01", "2023-05-31", "month"),
    ("en", "in the 1990s", "1990s", "1990-01-01", "1999-12-31", "interval"),
]


@pytest.mark.parametrize(
    ("lang", "text", "named", "first", "last", "precision"), SPANS, ids=[row[1] for row in SPANS]
)
def test_longer_dates_have_their_first_and_last_day(lang, text, named, first, last, precision):
    (found,) = find_dates(text, lang, PUBLISHED)
    days = (found.from_on.isoformat(), found.to_on.isoformat())
    assert (found.text, *days, found.precision) == (named, first, last, precision)


NAMED_BEFORE = [
    ("fr", "Le 3 mars 2022, il part. Le lendemain, il revient.", "2022-03-04"),
    ("fr", "Le 3 mars 2022, il part. La veille, il dormait.", "2022-03-02"),
    ("fr", "Le 3 mars 2022, il part. Deux jours plus tard, il revient.", "2022-03-05"),
    ("fr", "Le 3 mars 2022, il part. Le même jour, elle arrive.", "2022-03-03"),
    ("en", "On March 3, 2022 he left. The following day, he was back.", "2022-03-04"),
    ("en", "On March 3, 2022 he left. Two days earlier he slept.", "2022-03-01"),
    ("en", "On March 3, 2022 he left. Ten days after, he was back.", "2022-03-13"),
    ("en", "On March 3, 2022 he left. She came the same day.", "2022-03-03"),
]


@pytest.mark.parametrize(
    ("lang", "text", "day"), NAMED_BEFORE, ids=[row[1] for row in NAMED_BEFORE]
)
def test_a_day_counted_from_another_follows_the_one_named_before(lang, text, day):
    assert find_dates(text, lang, PUBLISHED)[-1].from_on.isoformat() == day


COUNTED = [
    ("fr", "L'essai débute en 2014. Trois ans plus tard, il s'étend.", "2017", "2017", "year"),
    ("fr", "En février 2020, il écrit. Sept mois plus tard, il est reçu.", "2020-09", "", "month"),
    (
        "fr",
        "À l'été 2021, rien. Six mois plus tard, tout change.",
        "2021-12",
        "2022-02",
        "interval",
    ),
    ("fr", "Dès 2016, dit la note parue mardi. Deux ans plus tard, il part.", "2018", "", "year"),
    ("fr", "En 2018, il achète. La même année, il revend.", "2018", "2018", "year"),
    ("fr", "Le 3 mars 2022, il dit qu'il sert depuis 2015. Deux jours après, il part.", "", "", ""),
    ("fr", "Le vendredi 3 mars 2023, il parle. Il part le lundi suivant.", "2023-03-06", "", "day"),
    ("fr", "La règle d'octobre 2020 s'appliquait au printemps suivant.", "2021-03", "2021-05", ""),
    ("fr", "Signé le 03/09/2022. Un mois plus tard, c'était fini.", "2022-10", "2022-10", "month"),
    ("en", "The trial began in 2014. Three years later it spread.", "2017", "2017", "year"),
    ("en", "In February 2020 he wrote. Seven months later he was let in.", "2020-09", "", "month"),
    ("en", "In 2016, said the note out on Tuesday. Two years later he left.", "2018", "", "year"),
    ("en", "He bought it in 2018 and sold it that same year.", "2018", "2018", "year"),
    (
        "en",
        "It opened on March 3, 2022. It shut the following June.",
        "2022-06",
        "2022-06",
        "month",
    ),
    ("en", "It shut in March 2020, two years later it was gone. ", "2022", "2022", "year"),
]


@pytest.mark.parametrize(
    ("lang", "text", "first", "last", "precision"), COUNTED, ids=[row[1] for row in COUNTED]
)
def test_a_span_is_counted_from_the_last_date_told_before(lang, text, first, last, precision):
    found = find_dates(text, lang, PUBLISHED)[-1]
    assert found.from_on.isoformat().startswith(first or "2022-03-05")
    assert found.to_on.isoformat().startswith(last)
    assert found.precision.startswith(precision)
    assert found.from_on <= PUBLISHED


UNDATED = [
    ("fr", "Deux ans plus tard, il revient."),
    ("fr", "La réunion a commencé quinze jours plus tôt."),
    ("fr", "Le lendemain, froide, la tarte est meilleure."),
    ("fr", "La récolte est rentrée neuf jours plus tôt que prévu."),
    ("fr", "Il court le mardi et le jeudi."),
    ("fr", "C'était un mardi, un 15 décembre."),
    ("en", "Two years later he came back."),
    ("en", "The next day a rumour starts."),
    ("en", "It ended nine days earlier than planned."),
    ("en", "It was a Monday, he told Border Today."),
    ("en", "More will come in the coming weeks."),
]


@pytest.mark.parametrize(("lang", "text"), UNDATED, ids=[row[1] for row in UNDATED])
def test_a_span_with_nothing_told_before_stays_undated(lang, text):
    assert [each.text for each in find_dates(text, lang, PUBLISHED)] == []


EXPLAINED = [
    ("fr", "L'essai débute en 2014. Trois ans plus tard, en 2017, il s'étend.", ["2014", "2017"]),
    ("fr", "En février 2023, non. Neuf mois plus tard, le 14 novembre, si.", ["2023-02", "11-14"]),
    ("fr", "En mai 2021, non. Dix mois plus tard, le 5 mars, si.", ["2021-05", "2022-03-05"]),
    ("fr", "Il a parlé une semaine plus tôt : le 14 novembre.", ["2023-11-14"]),
    ("fr", "Le 29 mars 2022, ici. Une semaine plus tôt, là, le 22 mars.", ["03-29", "03-22"]),
    ("en", "It began in 2014. Three years later, in 2017, it spread.", ["2014", "2017"]),
    ("en", "In May 2021, no. Ten months later, on March 5, yes.", ["2021-05", "2022-03-05"]),
    ("en", "They asked a week ago, on 14 November.", ["2023-11-14"]),
]


@pytest.mark.parametrize(("lang", "text", "days"), EXPLAINED, ids=[row[1] for row in EXPLAINED])
def test_a_date_written_beside_a_span_is_what_the_span_means(lang, text, days):
    found = [each.from_on.isoformat() for each in find_dates(text, lang, PUBLISHED)]
    assert len(found) == len(days)
    assert all(day in iso for day, iso in zip(days, found, strict=True)), found


YEARS_TOLD = [
    ("fr", "Le cas date de l'été 2021, après les émeutes de la fin juin.", "2021-06-21"),
    ("fr", "Au printemps 2019, il signe ; mi-avril, il renonce.", "2019-04-11"),
    ("fr", "Le 28 mars 2022, on vote.\n\nLe 11 avril, on recommence.", "2022-04-11"),
    ("fr", "## 2019\n\nRien d'autre.\n\nPuis, le 7 juillet, tout brûle.", "2019-07-07"),
    ("fr", "14 juin 2021. Il part.\n\n22 novembre. Il revient.", "2021-11-22"),
    ("fr", "14 juin 2021. Il part.\n\nJanvier. Il revient.", "2022-01-01"),
    ("fr", "Il l'a dit le 17 mai 2021, après un vote le 12 avril de la même année.", "2021-04-12"),
    ("fr", "L'ouverture est fixée au mercredi 22 novembre, la fin au 11 décembre.", "2023-12-11"),
    ("en", "It dates from the summer of 2021, after riots that began in late June.", "2021-06-21"),
    ("en", "On March 28, 2022 they voted.\n\nOn April 11, they did again.", "2022-04-11"),
    ("en", "14 June 2021: he leaves.\n\n22 November: he is back.", "2021-11-22"),
    ("en", "He left on 17 May 2021, after a vote on 12 April of that year.", "2021-04-12"),
    ("en", "The inquiry was announced on 20 November last year.", "2022-11-20"),
]


@pytest.mark.parametrize(("lang", "text", "day"), YEARS_TOLD, ids=[row[1] for row in YEARS_TOLD])
def test_a_date_without_a_year_takes_the_one_told_before_it(lang, text, day):
    assert find_dates(text, lang, PUBLISHED)[-1].from_on.isoformat() == day


def test_a_year_told_before_never_takes_a_date_past_the_publication():
    text = "En janvier 2023, il signe ; le 20 décembre, il avait hésité."
    assert find_dates(text, "fr", date(2023, 6, 1))[-1].from_on == date(2022, 12, 20)


def test_a_date_told_aside_is_not_what_the_next_counts_from():
    text = "Vendredi 17 novembre, il part, las de l'affaire née jeudi.\n\nLe même jour, elle reste."
    assert find_dates(text, "fr", PUBLISHED)[-1].from_on == date(2023, 11, 17)


NONE = [
    ("en", "They may march on the second floor."),
    ("en", "For the 2024 Olympic Games in Paris."),
    ("fr", "Les Jeux de Paris 2024, la loi JO 2024 et les JO de 2024."),
    ("fr", "La loi n° 2023-380 et l'arrêt n° 489990."),
    ("fr", "L'article 10 coûte 2 000 euros, appelez le 01.02.03.04.05."),
    ("en", "They won 21-14 and paid $2,015 or 2.5 percent."),
    ("fr", "la veille du scrutin, chaque lundi"),
    ("fr", "Le 31 février 2023 n'existe pas."),
]


@pytest.mark.parametrize(("lang", "text"), NONE, ids=[row[1] for row in NONE])
def test_what_only_looks_like_a_date_is_none(lang, text):
    assert [each.text for each in find_dates(text, lang, PUBLISHED)] == []


def test_an_old_year_does_not_take_over_what_follows():
    text = "La police l'utilise depuis 2015, a révélé Disclose le 14 novembre."
    assert find_dates(text, "fr", PUBLISHED)[-1].from_on == date(2023, 11, 14)


def test_the_year_of_a_law_does_not_take_over_what_follows():
    text = "La loi du 6 janvier 1978 l'interdit. Le 14 novembre, on l'a su."
    assert find_dates(text, "fr", PUBLISHED)[-1].from_on == date(2023, 11, 14)


def test_a_story_told_in_another_year_stays_there():
    text = "En 2015, tout change. Le 7 janvier, deux hommes entrent."
    assert find_dates(text, "fr", PUBLISHED)[-1].from_on == date(2015, 1, 7)


def test_a_year_follows_from_a_weekday_and_from_the_year_written_elsewhere():
    text = "He spoke on February 13, 2023. They announced, Tuesday, November 21, a suit."
    *_, last = find_dates(text, "en", None)
    assert (last.from_on, last.inferred) == (date(2023, 11, 21), True)
    assert "Tuesday in 2023" in last.basis


def test_without_any_year_days_stay_unknown():
    assert find_dates("On Tuesday, November 21, and yesterday.", "en", None) == ()


def test_offsets_hold_in_a_text_with_decomposed_accents():
    text = "Révélé en décembre 2022 a\u0300 Caen, puis le 3 fe\u0301vrier 2023."
    found = find_dates(text, "fr", PUBLISHED)
    assert [text[each.start : each.end] for each in found][-1] == "3 fe\u0301vrier 2023"


def test_the_machine_translated_seed_is_dated_by_its_own_text():
    seeds = sorted((SHARED / "seeds").glob("002_*.txt"))
    if not seeds:
        pytest.skip("the seeds are not beside the tree")
    found = find_dates(seeds[0].read_text(encoding="utf-8"), "en", None)
    named = {each.text: each.from_on.isoformat() for each in found}
    assert named["November 14"] == "2023-11-14"
    assert named["November 15"] == "2023-11-15"
    assert named["Tuesday, November 21"] == "2023-11-21"
    assert all(each.from_on.year == 2023 for each in found)
    inferred = infer_published_on(found)
    assert inferred is not None and inferred.on == date(2023, 11, 21)


HOSTILE = {
    "numbers": "1 " * 50_000,
    "articles": "le " * 33_000,
    "interval openings": "du 5 " * 20_000,
    "weekdays": "mardi " * 16_000,
    "full stops": "." * 100_000,
    "half dates": "2023-" * 20_000,
    "slashes": "1/1/" * 25_000,
    "days": "May 5 " * 16_000,
    "French days": "mardi 21 novembre " * 5_500,
    "one word": "a" * 100_000,
    "combining accents": "e\u0301" * 50_000,
    "line breaks": "\n" * 100_000,
    "tenses": "will ruled " * 9_000 + "May 5",
    "spans": "Two years later, on May 5, " * 3_700,
    "French spans": "Deux ans plus tard, en 2017, " * 3_500,
    "same year": "le 5 mai de la même année " * 3_800,
    "entries": "\n# 5 mai. \n5 May: " * 5_000,
    "participles": "placées en le " * 7_000 + "5 mai",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("published_on", [PUBLISHED, None], ids=["dated", "undated"])
def test_hostile_text_takes_less_than_a_second(text, lang, published_on):
    assert cheapest_s(lambda: find_dates(text, lang, published_on), 1) < 1


def test_of_more_dates_than_anybody_writes_the_first_are_read() -> None:
    found = find_dates("May 5 " * (MOST_DATES + 1), "en", PUBLISHED)
    assert (len(found), found[-1].start) == (MOST_DATES, 6 * (MOST_DATES - 1))


def test_a_weekday_and_a_year_named_for_something_else_tell_the_year() -> None:
    text = "It was announced on Tuesday, November 21, before the 2024 Olympic Games in Paris."
    found = {mention.text: mention for mention in find_dates(text, "en", None)}
    mention = found["Tuesday, November 21"]
    assert (mention.from_on, mention.inferred) == (date(2023, 11, 21), True)
    assert "2024" in mention.basis


def test_a_weekday_without_any_year_tells_nothing() -> None:
    assert not find_dates("It was announced on Tuesday, November 21, in Paris.", "en", None)
