"""`vigie import` of the five seeds: what they say, whom they name, what they date.

The seeds are read in place beside the project; without them these tests skip.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from app.importing import Importer, ImportSummary
from app.steps.processing import process_kept
from app.steps.relevance import Rule
from app.workplace import SHIPPED_CONFIG, utc_now
from model.article import Article
from model.config import load_config
from model.mention import Tags
from model.query import Everything
from nlp.tagging import Tagger
from store import Store, open_store

SEEDS = SHIPPED_CONFIG.parent.parent / "shared" / "seeds"
pytestmark = pytest.mark.skipif(
    not SEEDS.is_dir(), reason="the seeds are absent: ../shared/seeds is not beside the project"
)


class Imported(NamedTuple):
    """The store after two imports of the same folder."""

    store: Store
    first: ImportSummary
    second: ImportSummary
    rows: tuple[dict[str, int], dict[str, int]]


def count_rows(store: Store) -> dict[str, int]:
    """Return how many rows each table holds."""
    database = store.database
    # a contentless index cannot be counted; its own tables beside it can
    tables = database.rows(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
    )
    return {row["name"]: database.value(f"SELECT count(*) FROM {row['name']}") for row in tables}  # noqa: S608


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Imported]:
    config = load_config(SHIPPED_CONFIG)
    tagger = Tagger(config.entities, config.nlp)
    with open_store(tmp_path_factory.mktemp("seeds")) as store:

        def once() -> ImportSummary:
            importer = Importer(store, Rule(config, tagger), SHIPPED_CONFIG, utc_now)
            summary = importer.import_paths([SEEDS], lambda _: None)
            process_kept(store, tagger, utc_now, lambda *_: None)
            return summary

        first = once()
        before = count_rows(store)
        second = once()
        yield Imported(store, first, second, (before, count_rows(store)))


def seed(store: Store, number: int) -> tuple[Article, Tags]:
    """Return one seed's article and what was found in it."""
    found = store.search(Everything(), now=utc_now(), limit=100)
    wanted = sorted(SEEDS.iterdir())[number].name
    for hit in found.hits:
        captures = store.database.rows(
            "SELECT imported_from FROM capture JOIN version ON version.capture_id = capture.id"
            " WHERE version.article_id = ?",
            (hit.article,),
        )
        if wanted in {row["imported_from"] for row in captures}:
            article = store.article(hit.article)
            tags = store.tags(article.current.id)
            assert tags is not None
            return article, tags
    raise AssertionError(f"{wanted} is not held")


def test_all_five_are_read_and_relevant(imported: Imported) -> None:
    first = imported.first
    assert (first.files, first.new, first.relevant, first.errors) == (5, 5, 5, [])


def test_importing_twice_changes_nothing(imported: Imported) -> None:
    before, after = imported.rows
    assert (imported.second.new, imported.second.same) == (0, 5)
    assert after == before


def test_related_records_become_leads(imported: Imported) -> None:
    leads = {lead.url: lead for lead in imported.store.leads()}
    assert len(leads) == 7
    lead = leads[
        "https://www.wbur.org/news/2023/11/21/massachusetts-police-facial-recognition-rules"
    ]
    assert lead.named_by.startswith("https://www.biometricupdate.com/202311/")


def test_a_front_matter_record_is_read_whole(imported: Imported) -> None:
    article, _ = seed(imported.store, 0)
    reading = article.current.reading
    assert article.url.startswith("https://www.biometricupdate.com/202311/french-politicians-vow")
    assert reading.title.startswith("French politicians vow legal action")
    assert reading.published_at is not None
    assert reading.published_at.isoformat() == "2023-11-23T16:46:00+00:00"
    assert (reading.images[0].width, reading.images[0].height) == (2048, 1365)
    assert reading.details["quality"] == "31"
    assert reading.details["heat"] == "-1"
    assert "Computer Vision" in reading.details["topics"]


def test_the_secured_blob_stays_in_the_raw_capture_alone(imported: Imported) -> None:
    raw = sorted(SEEDS.iterdir())[0].read_text(encoding="utf-8")
    blob = raw.split('secured: "')[1][:40]
    article, _ = seed(imported.store, 0)
    assert blob not in msgspec.json.encode(article).decode()
    kept = [path for path in (imported.store.data / "imports").rglob("*") if path.is_file()]
    assert any(blob.encode() in path.read_bytes() for path in kept)


FURNITURE = ["Reading time", "source site-33", "Source link -99", "HANS LUCAS", "Maxppp", "Eyeem"]


@pytest.mark.parametrize("number", [2, 4], ids=["seed 002", "seed 004"])
@pytest.mark.parametrize("words", FURNITURE)
def test_a_translated_page_is_read_without_its_furniture(
    imported: Imported, number: int, words: str
) -> None:
    article, _ = seed(imported.store, number)
    assert words not in article.current.reading.text


def test_a_translated_pages_byline_and_time_are_read(imported: Imported) -> None:
    reading = seed(imported.store, 4)[0].current.reading
    assert reading.title.endswith("CNIL opens investigation!")
    assert reading.authors == ("Camille Coirault",)
    assert reading.published_at is not None
    assert reading.published_at.isoformat() == "2023-11-17T15:58:00+00:00"


NAMED = [
    (2, "CNIL", {"Cnil", "National Commission for Informatics and Liberties"}),
    (2, "La France insoumise", {"La France insoumise", "LFI"}),
    (2, "Gérald Darmanin", {"Gérald Darmanin"}),
    (2, "Aurélien Saintoul", {"Aurélien Saintoul"}),
    (2, "BriefCam", {"BriefCam"}),
    (2, "Disclose", {"Disclose"}),
    (4, "CNIL", {"CNIL"}),
    (4, "BriefCam", {"Briefcam", "Video Synopsis"}),
    (4, "Disclose", {"Disclosed"}),
    (4, "La Quadrature du Net", {"La Quadrature du net"}),
    (4, "Le Parisien", {"The Parisian"}),
    (0, "La France insoumise", {"La France Insoumise"}),
]


@pytest.mark.parametrize(("number", "entity", "written"), NAMED)
def test_whom_the_seeds_name_is_found_where_it_stands(
    imported: Imported, number: int, entity: str, written: set[str]
) -> None:
    article, tags = seed(imported.store, number)
    text = article.current.reading.text
    found = [mention for mention in tags.mentions if mention.entity == entity]
    assert {mention.text for mention in found} >= written
    assert all(text[mention.start : mention.end] == mention.text for mention in found)


DATED = [
    ("2023-11-14", "article published by the investigative site"),
    ("2023-11-15", "control procedure"),
    ("2023-11-21", "taking legal action"),
]


@pytest.mark.parametrize(("day", "words"), DATED, ids=[day for day, _ in DATED])
def test_dated_facts_stand_on_the_timeline_with_their_sentence(
    imported: Imported, day: str, words: str
) -> None:
    events = imported.store.events(now=utc_now())
    on_day = [event for event in events if event.date.isoformat() == day]
    assert any(words in citation.sentence for event in on_day for citation in event.citations)


def test_a_year_that_follows_from_the_weekday_is_shown_as_inferred(imported: Imported) -> None:
    article, tags = seed(imported.store, 2)
    assert article.current.reading.published_at is None
    tuesday = next(found for found in tags.dates if found.text == "Tuesday, November 21")
    assert (tuesday.from_on.isoformat(), tuesday.inferred) == ("2023-11-21", True)
    assert "Tuesday" in tuesday.basis


def test_a_broken_file_is_named_and_the_others_are_imported(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "good.jsonl").write_text(
        '{"url": "https://a.example/1", "title": "BriefCam", "text": "BriefCam."}\n{broken\n',
        encoding="utf-8",
    )
    (folder / "whole.txt").write_bytes(sorted(SEEDS.iterdir())[4].read_bytes())
    config = load_config(SHIPPED_CONFIG)
    tagger = Tagger(config.entities, config.nlp)
    with open_store(tmp_path / "data") as store:
        importer = Importer(store, Rule(config, tagger), SHIPPED_CONFIG, utc_now)
        summary = importer.import_paths([folder], lambda _: None)
    assert summary.new == 2
    assert len(summary.errors) == 1
    assert "good.jsonl, line 2" in summary.errors[0]
