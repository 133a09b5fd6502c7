from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from crawler.files import FileItem, read_files
from model.article import Access, Image
from model.source import DateSource

SEEDS = Path(__file__).resolve().parents[2].parent / "shared" / "seeds"
RECORDS = ("000", "001", "003")
PAGES = ("002", "004")
FURNITURE = (
    "Reading time", "1 minute", "Published", "Update", "©", "HANS LUCAS", "source site-33",
    "Source link", "\n17\n",
)  # fmt: skip


@pytest.fixture(scope="module")
def seeds():
    if not SEEDS.is_dir():
        pytest.skip(f"{SEEDS} is absent")
    found = list(read_files([SEEDS]))
    assert all(isinstance(item, FileItem) for item in found)
    return {Path(item.path).name[:3]: item for item in found}


def test_all_five_seeds_are_read_in_name_order(seeds):
    assert list(seeds) == ["000", "001", "002", "003", "004"]


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_keeps_all_but_its_secured_blob(seeds, name):
    item = seeds[name]
    reading = item.reading
    assert reading.text == reading.summary != ""
    assert (reading.access, reading.date_source) == (Access.TRUNCATED, DateSource.RECORD)
    assert {"quality", "heat", "topics", "provider", "category", "type"} <= set(reading.details)
    assert isinstance(reading.images[0], Image)
    assert reading.images[0].width
    blob = item.raw.split(b"secured:")[1].strip()[1:40].decode()
    assert blob not in repr((reading, item.leads))


@pytest.mark.parametrize(
    ("name", "leads", "site", "day"),
    [
        ("000", 2, "biometricupdate.com", "2023-11-23T16:46:00+00:00"),
        ("001", 4, "connexionfrance.com", "2021-05-10T07:01:00+00:00"),
        ("003", 1, "biometricupdate.com", "2020-11-02T18:34:00+00:00"),
    ],
    ids=RECORDS,
)
def test_a_record_names_its_site_its_date_and_its_leads(seeds, name, leads, site, day):
    item = seeds[name]
    assert (item.reading.site, item.reading.published_at.isoformat()) == (site, day)
    assert len(item.leads) == leads
    assert {lead.named_by for lead in item.leads} == {item.reading.url}
    assert all(lead.title and lead.excerpt and lead.published_at for lead in item.leads)


@pytest.mark.parametrize("name", PAGES)
def test_a_translated_page_is_read_without_the_furniture_around_it(seeds, name):
    text = seeds[name].reading.text
    assert [words for words in FURNITURE if words in f"\n{text}\n"] == []
    assert seeds[name].reading.url.startswith("urn:sha256:")


def test_the_page_without_a_date_gets_none_here(seeds):
    reading = seeds["002"].reading
    assert reading.title.startswith("La France insoumise announces taking legal action")
    assert reading.title.endswith("facial recognition in the police")
    assert (reading.published_at, reading.date_source, reading.authors) == (None, None, ())
    assert reading.text.startswith("LFI deputies are also calling")


def test_the_signed_page_keeps_its_byline_its_time_and_its_source(seeds):
    reading = seeds["004"].reading
    at = datetime(2023, 11, 17, 16, 58, tzinfo=ZoneInfo("Europe/Paris"))
    assert reading.authors == ("Camille Coirault",)
    assert (reading.published_at, reading.published_precision) == (at, "minute")
    assert reading.text.endswith("Source : The Parisian")
