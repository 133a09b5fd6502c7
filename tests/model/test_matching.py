"""Which texts answer which query, and why."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from model.errors import QueryError
from model.matching import Subject, explain, local_day, matches
from model.query import parse_query
from model.words import words, words_with_spans

SUBJECT = Subject(
    title="L’affaire BriefCam à Évry",
    text="Le préfet s'est tu.\nLa Cnil, elle, ouvre un contrôle de la vidéosurveillance. Un œuf.",
    authors=("Zoé Martin", "Léo Paul"),
    site="blogs.disclose.example",
    source="Disclose https://disclose.example/feed",
    lang="fr-FR",
    published_on=date(2023, 11, 14),
    seen_on=date(2023, 11, 15),
    entities=frozenset({"CNIL", "Conseil d’État"}),
    flags=frozenset({"relevant", "changed"}),
    stories=frozenset({"12", "La police et BriefCam"}),
    tags=frozenset({"À relire"}),
    event_days=((date(2015, 1, 1), date(2015, 12, 31)),),
)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", True),
        ("briefcam", True),
        ("BRIEFCAM evry", True),
        ("affaire", True),
        ("l'affaire", True),
        ("oeuf", True),
        ("brief", False),
        ("brief*", True),
        ('"affaire briefcam"', True),
        ('"briefcam affaire"', False),
        ('"affaire brief*"', True),
        ('"Évry Le"', False),
        ('"prefet cnil"~3', True),
        ('"cnil prefet"~3', True),
        ('"prefet cnil"~2', False),
        ("title:cnil", False),
        ("text:cnil", True),
        ("martin", False),
        ("author:martin", True),
        ('author:"martin leo"', True),
        ("-cnil", False),
        ("zut OR cnil", True),
        ("zut OR (cnil -briefcam)", False),
        ("site:disclose.example", True),
        ("site:disclose", True),
        ("site:close.example", False),
        ("source:disclose", True),
        ("lang:fr", True),
        ("lang:en", False),
        ('entity:"conseil d\'etat"', True),
        ("entity:conseil", False),
        ("story:12", True),
        ("story:1", False),
        ("story:briefcam", True),
        ('tag:"a relire"', True),
        ("is:relevant", True),
        ("is:starred", False),
        ("is:unread", True),
        ("is:original", True),
        ("is:copy", False),
        ("date:2023-11", True),
        ("date:2023-12/", False),
        ("seen:2023-11-15", True),
        ("event:2015-06", True),
        ("event:2016", False),
    ],
)
def test_a_query_matches(typed, expected):
    assert matches(parse_query(typed), SUBJECT) is expected


def test_what_has_no_date_is_in_no_period():
    undated = Subject(title="", text="")
    assert not matches(parse_query("date:/2100"), undated)
    assert matches(parse_query("-date:/2100"), undated)


def test_a_period_that_counts_from_today_needs_today():
    query = parse_query("date:P30D")
    assert matches(query, SUBJECT, today=date(2023, 12, 1))
    assert not matches(query, SUBJECT, today=date(2024, 12, 1))
    with pytest.raises(QueryError, match="what day it is"):
        matches(query, SUBJECT)


@pytest.mark.parametrize(
    ("typed", "reasons"),
    [
        ("zut", ()),
        ("", ()),
        ("(Cnil OR zut) -nadine", ("Cnil",)),
        ("Cnil (Cnil OR evry)", ("Cnil", "evry")),
        ('entity:CNIL OR (zut "affaire BriefCam")', ("entity:CNIL",)),
        ("-(zut OR nadine) brief*", ("brief*",)),
    ],
)
def test_the_reasons_are_the_positive_parts_that_matched(typed, reasons):
    assert explain(parse_query(typed), SUBJECT) == reasons


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L'Élysée, qu’il JUSQU'À aujourd'hui", "elysee il a aujourd hui"),
        ("Pre\u0301fecture pré\u00adfecture", "prefecture prefecture"),
        ("O'Brien, it's D'Arcy", "o brien it s arcy"),
        ("vidéo-surveillance 3,5 %", "video surveillance 3 5"),
        ("", ""),
    ],
)
def test_the_words_of_a_text(text, expected):
    assert words(text) == expected.split()


def test_words_know_where_they_stand():
    text = "Selon l’E\u0301lyse\u0301e, l'œuf"
    found = [(word, text[start:end]) for word, start, end in words_with_spans(text)]
    assert found == [("selon", "Selon"), ("elysee", "E\u0301lyse\u0301e"), ("oeuf", "œuf")]


@pytest.mark.parametrize(
    ("at", "precision", "day"),
    [
        (datetime(2023, 11, 14, 23, 30, tzinfo=UTC), "second", date(2023, 11, 15)),
        (datetime(2023, 11, 14, tzinfo=UTC), "day", date(2023, 11, 14)),
    ],
    ids=["after midnight in Paris", "a bare date"],
)
def test_an_article_is_of_the_day_of_the_affair(at, precision, day):
    assert local_day(at, ZoneInfo("Europe/Paris"), precision) == day
    assert local_day(at, ZoneInfo("America/New_York"), precision) == date(2023, 11, 14)
