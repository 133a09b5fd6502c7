"""What happened in the affair is on the timeline, at the day the texts give it.

The truth is `../shared/affair/events.jsonl`, read in place; the texts are those of the invented
press that tell of the affair, and the seeds where they are there. Without the truth it skips.
"""

from datetime import UTC, datetime

import msgspec
import pytest

from app.importing import Importer
from app.steps.processing import process_kept
from app.steps.relevance import Rule
from app.workplace import SHIPPED_CONFIG
from model.config import NlpSettings, load_config
from nlp.tagging import Tagger
from press.catalogue import load_articles
from store import open_store
from tests.store.makers import keep, make_reading

SHARED = SHIPPED_CONFIG.parent.parent / "shared"
TRUTH = SHARED / "affair" / "events.jsonl"
SEEDS = SHARED / "seeds"
NOW = datetime(2024, 7, 1, tzinfo=UTC)

pytestmark = pytest.mark.skipif(
    not TRUTH.is_file(), reason="the affair's events are absent: ../shared/affair is not there"
)

TOLD = {
    "E01": "Seine-et-Marne", "E02": "Rhône", "E03": "reconnaissance faciale", "E05": "Grenoble",
    "E04": "position", "E06": "avis", "E08": "facial", "E07b": "400", "E07c": "Sénat|sénateurs",
    "E07d": "Conseil constitutionnel", "E07e": "2023-850", "E07f": "2023-380", "E09": "Fosses",
    "E10": "Disclose", "E11": "CNIL", "E12": "gendarmerie", "E13": "enquête administrative",
    "E14": "justice", "E15": "Caen", "E16": "Nice", "E16b": "Durain", "E17": "Roubaix",
    "E19": "quatre services", "E20": "Conseil d'État", "E21": "rapport", "E22": "commission",
    "E23": "publié", "E24b": "La Gontrie",
}  # fmt: skip
"""A word of each event, one of which stands in its sentence on the timeline."""


class Truth(msgspec.Struct):
    """One thing that happened."""

    id: str
    date: str
    precision: str


@pytest.fixture(scope="module")
def timeline(tmp_path_factory):
    """Return all events of the affair, and which articles tell which of them."""
    config = load_config(SHIPPED_CONFIG)
    tagger = Tagger(config.entities, NlpSettings(models={}))
    told_in = {}
    with open_store(tmp_path_factory.mktemp("affair")) as store:
        if SEEDS.is_dir():
            rule = Rule(config, tagger)
            Importer(store, rule, SHIPPED_CONFIG, lambda: NOW).import_paths([SEEDS], lambda _: None)
        for one in (one for one in load_articles() if one.affair):
            text = "\n".join(words for _, words in one.blocks)
            reading = make_reading(
                one.url, one.title, text, site=one.host, lang=one.lang, published_at=one.published
            )
            keep(store, reading, now=NOW, raw=one.url.encode())
            told_in[one.url] = set(one.events)
        process_kept(store, tagger, lambda: NOW, lambda *_: None)
        texts = {
            event.citations[0].article: store.article(event.citations[0].article).current
            for event in store.events(now=NOW)
        }
        yield store.events(now=NOW), told_in, texts


def load_truth():
    lines = TRUTH.read_bytes().splitlines()
    return [msgspec.json.decode(line, type=Truth) for line in lines]


def test_every_event_that_a_text_dates_stands_at_its_right_date(timeline):
    events, told_in, _ = timeline
    told = {name for named in told_in.values() for name in named}
    missing = [
        f"{one.id}, {one.date}: " + ("at no such date" if one.id in told else "told by no text")
        for one in load_truth()
        if not any(_tells(event, one, told_in) for event in events)
    ]
    assert missing == []
    assert len(load_truth()) == 28


def _tells(event, truth, told_in):
    """Say whether an event is this one: its date and precision, its words and who tells it."""
    words = TOLD[truth.id].split("|")
    written = (str(event.date)[: len(truth.date)], event.precision)
    return (
        written == (truth.date, truth.precision)
        and any(word in one.sentence for word in words for one in event.citations)
        and any(truth.id in told_in.get(one.url, ()) for one in event.citations)
    )


def test_no_event_is_without_a_citation_or_in_words_of_nobody(timeline):
    events, _, _ = timeline
    assert events
    assert [one.text for one in events if not one.citations] == []
    assert [
        one.text for one in events if one.text not in {each.sentence for each in one.citations}
    ] == []


def test_a_sentence_is_cited_from_where_it_stands(timeline):
    events, _, texts = timeline
    cited = [event.citations[0] for event in events]
    assert [
        one for one in cited if texts[one.article].reading.text[one.start : one.end] != one.sentence
    ] == []


def test_two_languages_tell_one_event_together(timeline):
    events, _, _ = timeline
    lille = [one for one in events if str(one.date) == "2023-11-29" and "Roubaix" in one.text]
    assert len(lille) == 1
    sentences = " ".join(one.sentence for one in lille[0].citations)
    assert "tribunal administratif de Lille" in sentences
    assert "administrative court in Lille" in sentences


def test_a_day_stands_beside_the_month_that_others_give_it_and_is_no_conflict(timeline):
    events, _, _ = timeline
    (grenoble,) = [one for one in events if str(one.date) == "2021-08-05"]
    assert [(str(one.date), one.precision, one.conflicting) for one in grenoble.others] == [
        ("2021-08-01", "month", False)
    ]
