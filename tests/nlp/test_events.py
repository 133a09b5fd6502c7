"""Events: which sentences tell one, what it says, how important it is."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import numpy as np
import pytest

from model.mention import EntityKind, Mention, Precision
from nlp.dates.finding import find_dates
from nlp.events.building import ArticleFacts, build_events, dated_sentences
from nlp.events.centre import Centre, count_by_article, gather_centre
from nlp.events.other_dates import conflict, may_be_one
from nlp.sentences import split_sentences

ENTITIES = {
    "Disclose": "Disclose",
    "BriefCam": "BriefCam",
    "Cnil": "CNIL",
    "CNIL": "CNIL",
    "Darmanin": "Gérald Darmanin",
}


def article(number, text, *, on=date(2023, 11, 21), lang="fr", group=0, site=None):
    """Return the dated sentences of an invented article."""
    facts = ArticleFacts(
        article=number,
        url=f"https://site{number}.example/a",
        title=f"Titre {number}",
        site=f"site{number}.example" if site is None else site,
        lang=lang,
        published_at=datetime(on.year, on.month, on.day, 9, tzinfo=UTC),
        published_on=on,
        copy_group=group or number,
    )
    mentions = [
        Mention(
            start=text.index(form),
            end=text.index(form) + len(form),
            text=form,
            entity=name,
            kind=EntityKind.OTHER,
            by="list",
        )
        for form, name in ENTITIES.items()
        if form in text
    ]
    return dated_sentences(
        facts, text, split_sentences(text, lang), find_dates(text, lang, on), mentions
    )


def events_of(*articles):
    sentences = [one for each in articles for one in each]
    return build_events(sentences, gather_centre(articles))


REVEALED = "Le média Disclose a révélé le 14 novembre que la police utilise le logiciel BriefCam."
REVEALED_EN = "On November 14, Disclose revealed that the police were using BriefCam software."
CHECKED = "La Cnil a annoncé le 15 novembre un contrôle du ministère de l'Intérieur."


def test_a_dated_sentence_carries_its_article_and_its_place():
    text = f"Un mot. {REVEALED}"
    (one,) = article(7, text)
    assert text[one.start : one.end] == one.sentence == REVEALED
    assert (one.from_on, one.precision, one.position) == (date(2023, 11, 14), Precision.DAY, 1)
    assert one.entities == ("BriefCam", "Disclose")


def test_a_lead_without_a_date_is_of_its_day_of_publication_and_says_it_is_inferred():
    text = "Le ministre a promis une enquête sur l'usage du logiciel dans ses services."
    (one,) = article(1, text)
    assert (one.from_on, one.inferred) == (date(2023, 11, 21), True)


@pytest.mark.parametrize(
    "text",
    [
        "Publié le 14 novembre 2023",
        "Mis à jour le 14 novembre 2023 à 14h06",
        "14 novembre 2023 11:12 je ne suis pas d'accord du tout avec cet article",
    ],
)
def test_the_stamp_of_a_page_or_a_comment_dates_nothing(text):
    assert article(1, text) == ()


def test_one_event_is_told_in_both_languages_with_all_its_citations():
    (event,) = events_of(article(1, REVEALED), article(2, REVEALED_EN, lang="en"))
    assert event.independent_sources == 2
    assert event.text in {REVEALED, REVEALED_EN}
    assert [citation.article for citation in event.citations] == [1, 2]


def test_copies_of_one_text_count_once():
    (event,) = events_of(article(1, REVEALED, group=1), article(2, REVEALED, group=1))
    assert event.independent_sources == 1


@pytest.mark.parametrize(
    ("sites", "groups", "count"),
    [
        (("a.example", "a.example", "b.example"), (1, 2, 3), 2),
        (("a.example", "b.example", "b.example"), (1, 1, 3), 2),
        (("a.example", "b.example", "a.example"), (1, 1, 3), 1),
        (("", "", ""), (1, 2, 3), 3),
        (("", "b.example", ""), (1, 1, 3), 2),
    ],
    ids=[
        "articles of one site",
        "a copy stands for the site of its original",
        "a copy and another article of the original's site",
        "no site known",
        "a copy of an article without a site",
    ],
)
def test_a_site_is_one_independent_source(sites, groups, count):
    told = [
        article(number, f"{REVEALED} Suite {number}.", site=site, group=group)
        for number, (site, group) in enumerate(zip(sites, groups, strict=True), 1)
    ]
    (event,) = events_of(*told)
    assert event.independent_sources == count


def test_many_articles_of_one_site_weigh_as_one():
    suites = [f"{REVEALED} Suite {number}." for number in range(1, 5)]
    one_site = events_of(*(article(n, text, site="a.example") for n, text in enumerate(suites, 1)))
    many_sites = events_of(*(article(n, text) for n, text in enumerate(suites, 1)))
    assert one_site[0].score < many_sites[0].score


ACQUIRED = "En 2015, des agents ont équipé 65 services du logiciel de BriefCam."
ACQUIRED_EN = (
    "In 2015, the French National Police and the Seine-Maritime Departmental Security Office"
    " fitted 65 units with Israeli software made by BriefCam, without telling the regulator"
    " or the courts that must authorise such tools."
)


def test_one_event_of_a_year_is_told_in_both_languages():
    events = events_of(article(1, ACQUIRED), article(2, ACQUIRED_EN, lang="en"))
    assert [len(event.citations) for event in events] == [2]


def test_other_numbers_keep_two_languages_apart():
    other = ACQUIRED_EN.replace("65", "85")
    events = events_of(article(1, ACQUIRED), article(2, other, lang="en"))
    assert [len(event.citations) for event in events] == [1, 1]


def test_a_sentence_stands_for_one_event_of_a_date():
    year = msgspec.structs.replace(article(1, ACQUIRED)[0], inferred=False)
    span = msgspec.structs.replace(year, article=2, copy_group=2, precision=Precision.INTERVAL)
    (event,) = events_of([year], [span])
    assert [citation.article for citation in event.citations] == [1, 2]


def test_two_things_on_one_day_stay_two_events():
    other = "Un séisme a fait trois morts au Pérou le 14 novembre, selon les secours locaux."
    events = events_of(article(1, REVEALED), article(2, other))
    assert [event.date for event in events] == [date(2023, 11, 14)] * 2


def test_conflicting_dates_stay_apart():
    moved = REVEALED.replace("14", "13")
    events = events_of(article(1, REVEALED), article(2, moved))
    assert [event.date.day for event in events] == [13, 14]


def test_what_more_independent_sources_tell_is_more_important():
    told = [article(number, f"{REVEALED} Suite {number}.") for number in range(1, 5)]
    events = events_of(*told, article(9, CHECKED))
    assert max(events, key=lambda event: event.score).date == date(2023, 11, 14)


def test_what_is_still_told_long_after_is_more_important():
    later = date(2023, 11, 21) + timedelta(days=90)
    full = REVEALED.replace("novembre", "novembre 2023")
    events = events_of(article(1, full, on=later), article(2, CHECKED))
    scores = {event.date.day: event.score for event in events}
    assert scores[14] > scores[15]


def test_every_event_is_worded_by_one_of_its_citations():
    events = events_of(article(1, f"{REVEALED} {CHECKED}"), article(2, REVEALED_EN, lang="en"))
    for event in events:
        assert event.text in {citation.sentence for citation in event.citations}


def test_the_order_of_the_sentences_changes_nothing():
    sentences = [*article(1, f"{REVEALED} {CHECKED}"), *article(2, REVEALED_EN, lang="en")]
    centre = count_by_article(sentences)
    assert build_events(sentences, centre) == build_events(sentences[::-1], centre)


def test_a_day_needs_only_its_own_sentences():
    everything = [*article(1, f"{REVEALED} {CHECKED}"), *article(2, REVEALED_EN, lang="en")]
    centre = count_by_article(everything)
    touched = [one for one in everything if one.from_on == date(2023, 11, 14)]
    alone = build_events(touched, centre)
    assert alone == tuple(
        event for event in build_events(everything, centre) if event.date == date(2023, 11, 14)
    )


def test_an_article_that_is_forgotten_leaves_no_count():
    kept, gone = article(1, REVEALED), article(2, CHECKED)
    centre = gather_centre([kept, gone])
    centre.remove(gone)
    assert centre == gather_centre([kept])
    centre.remove(kept)
    assert centre == Centre()


def test_a_date_that_tells_nothing_is_no_event():
    told = "Le tribunal de Caen a rendu son ordonnance le 14 novembre 2023."
    events = events_of(article(1, f"14 et 15 novembre 2023\n{told}"))
    assert told in {event.text for event in events}
    assert "14 et 15 novembre 2023" not in {event.text for event in events}


# --- across languages, and other dates


def meaning(sentences):
    """Stand for a model: what tells of the same thing points one way, in either language."""
    ways = ("effacer", "delete"), ("poser", "put")
    return np.array(
        [[float(any(word in one for word in way)) for way in ways] for one in sentences],
        dtype=np.float32,
    )


CAEN_FR = "Le 22 novembre 2023, le juge de Caen a enjoint d'effacer ce que les machines gardaient."
CAEN_EN = "On 22 November 2023 somebody in Caen was told by the bench to delete all recordings."
LILLE_EN = "On 22 November 2023 somebody in Lille was told by the bench to delete all recordings."
QUAY_EN = "On 22 November 2023 a hundred people of Caen put flowers along the northern quay."


@pytest.mark.parametrize(
    ("other", "lang", "events"),
    [(CAEN_EN, "en", 1), (LILLE_EN, "en", 2), (QUAY_EN, "en", 2)],
    ids=["the same, of one place", "the same, of another place", "another thing"],
)
def test_two_languages_join_by_meaning_where_they_share_a_name(other, lang, events):
    told = [*article(1, CAEN_FR), *article(2, other, lang=lang)]
    named = [one for one in told if not one.inferred]
    centre = count_by_article(named)
    assert len(build_events(named, centre, meaning=meaning)) == events


def test_one_language_is_never_asked_what_it_means():
    def refuse(_):
        raise AssertionError

    told = [*article(1, REVEALED), *article(2, CHECKED)]
    assert build_events(told, count_by_article(told), meaning=refuse)


SAID = "Le tribunal administratif de Caen a ordonné {} d'effacer toutes les images du port."
SEEN = "Une fête a réuni tous les marins autour du phare {} sous une pluie battante."
NAMED, NOBODY = ("CNIL",), ()


@pytest.mark.parametrize(
    ("texts", "entities", "articles", "expected"),
    [
        ((SAID, SAID), (NAMED, NAMED), (1, 2), True),
        ((SAID, SAID), (NAMED, NOBODY), (1, 2), False),
        ((SAID, SAID), (NAMED, NAMED), (1, 1), False),
        ((SAID, SEEN), (NAMED, NAMED), (1, 2), False),
        (("Procès {}.", "Procès {}."), (NAMED, NAMED), (1, 2), False),
    ],
    ids=["alike", "no shared name", "one article tells both", "another thing", "too short"],
)
def test_events_of_two_dates_may_be_one(texts, entities, articles, expected):
    first, second = texts[0].format("le 22 novembre"), texts[1].format("le 23 novembre")
    centre = count_by_article([*article(1, REVEALED), *article(2, CHECKED)])
    told = frozenset([articles[0]]), frozenset([articles[1]])
    assert may_be_one((first, second), entities, told, centre) is expected


A_NOVEMBER = date(2023, 11, 1), date(2023, 11, 30)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((date(2023, 11, 22),) * 2, (date(2023, 11, 23),) * 2, True),
        ((date(2023, 11, 22),) * 2, A_NOVEMBER, False),
        (A_NOVEMBER, (date(2023, 12, 1),) * 2, True),
    ],
    ids=["two days", "a month and its day", "a month and a day after"],
)
def test_dates_conflict_where_both_cannot_be_right(one, other, expected):
    assert conflict(one, other) is conflict(other, one) is expected


@pytest.mark.parametrize("on", [date.min, date.max], ids=str)
def test_the_ends_of_the_calendar_have_neighbours_on_one_side(on):
    sentence = msgspec.structs.replace(article(1, REVEALED)[0], from_on=on, to_on=on)
    assert build_events([sentence], count_by_article([sentence]))
