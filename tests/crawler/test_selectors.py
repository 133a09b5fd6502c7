"""Selectors of a source choose in the place of the general way, which stays where they miss."""

from datetime import UTC, datetime

import pytest

from crawler.reading import read_traced
from model.capture import Response
from model.source import DateSource, Selectors

URL = "https://bulletin.example/avis"
OTHER = "Ce paragraphe est ailleurs sur la page et le choix général le prend pour du texte. "
HTML = f"""<html lang="fr"><head><title>Avis public</title>
<meta property="article:published_time" content="2020-01-01T00:00:00Z"></head><body>
<div class="x7"><b class="t">Avis n° 12 sur le pont</b>
<i class="qui">Zoé Marchand</i> <i class="quand">17 novembre 2023 à 16h58</i>
<div class="corps"><p>Le pont sera fermé à partir de lundi, pour une durée de trois mois.</p>
<p class="promo">Le bulletin paraît chaque lundi et se lit en ligne sans rien payer.</p>
<h3>Pourquoi</h3><ul><li>Les câbles sont usés et doivent être changés avant l'hiver.</li></ul></div>
</div><article><p>{OTHER * 4}</p><p>{OTHER * 5}</p></article></body></html>"""


def read(**selectors):
    response = Response(
        url=URL,
        final_url=URL,
        status=200,
        headers=(("Content-Type", "text/html; charset=utf-8"),),
        request_headers=(),
        body=HTML.encode(),
        fetched_at=datetime(2024, 1, 1, tzinfo=UTC),
    )
    return read_traced(response, selectors=Selectors(**selectors)).reading


def test_a_body_is_what_its_selector_chooses():
    assert read(body=".corps").text.split("\n") == [
        "Le pont sera fermé à partir de lundi, pour une durée de trois mois.",
        "Le bulletin paraît chaque lundi et se lit en ligne sans rien payer.",
        "Pourquoi",
        "Les câbles sont usés et doivent être changés avant l'hiver.",
    ]


def test_what_is_to_be_removed_is_no_part_of_the_article():
    assert "bulletin" not in read(body=".corps", remove=".promo").text
    assert "bulletin" not in read(remove=".promo").text


def test_parts_without_paragraphs_are_read_by_their_lines():
    assert read(body=".corps li, .corps p:first-child").text.count("\n") == 1
    assert read(body=".x7 .quand, .x7 .t").text.startswith("Avis n° 12 sur le pont")


@pytest.mark.parametrize(
    ("selectors", "field", "value"),
    [
        ({"title": ".t"}, "title", "Avis n° 12 sur le pont"),
        ({"authors": ".qui"}, "authors", ("Zoé Marchand",)),
        ({"published": ".quand"}, "published_at", datetime(2023, 11, 17, 15, 58, tzinfo=UTC)),
        ({"published": ".quand"}, "published_precision", "minute"),
        ({"published": ".quand"}, "date_source", DateSource.TEXT),
        ({"published": "meta[property]"}, "published_at", datetime(2020, 1, 1, tzinfo=UTC)),
    ],
    ids=["title", "authors", "published", "precision", "where from", "attribute"],
)
def test_a_field_is_what_its_selector_chooses(selectors, field, value):
    reading = read(**selectors)
    assert getattr(reading, field) == value
    assert "selector_missed" not in reading.details


@pytest.mark.parametrize(
    ("selectors", "missed"),
    [
        ({"body": ".none"}, "body"),
        ({"title": ".none", "authors": "em"}, "title, authors"),
        ({"remove": ".none"}, "remove"),
        ({"body": "p:["}, "body"),
        ({"published": ".t"}, "published"),
        ({"authors": ".quand"}, "authors"),
        ({"body": "meta"}, "body"),
    ],
    ids=["body", "two", "remove", "no CSS", "no time", "no name", "no words"],
)
def test_a_selector_that_chooses_nothing_of_use_is_named_and_replaced(selectors, missed):
    reading, general = read(**selectors), read()
    assert set(reading.details["selector_missed"].split(", ")) == set(missed.split(", "))
    assert (reading.text, reading.title, reading.authors, reading.published_at) == (
        general.text,
        general.title,
        general.authors,
        general.published_at,
    )
