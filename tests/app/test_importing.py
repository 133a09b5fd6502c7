"""Files into the store, whatever they are; one that is broken stops no other."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.exporting.tables import write_jsonl
from app.importing import BATCH, Importer, ImportSummary
from app.steps.relevance import Rule
from app.workplace import utc_now
from model.article import Access
from model.config import load_config
from model.query import Everything, parse_query
from model.source import DateSource
from nlp.names.watch_list import WatchList
from store import Annotation, Store, open_store
from store.articles import Keeping
from store.records import Kept
from tests.store.makers import NOON, keep, make_reading

CONFIG = (
    '[affair]\nname = "Harbour"\nmatch = "harbour entity:Averley"\n[[entities]]\nname = "Averley"\n'
)


class Listed:
    """Finds watched names only."""

    def __init__(self, watch_list: WatchList) -> None:
        self.find_listed = watch_list.find


def run(tmp_path: Path, store: Store, *names: str) -> ImportSummary:
    """Import files of the folder with a small configuration."""
    path = tmp_path / "config.toml"
    if not path.exists():
        path.write_text(CONFIG, encoding="utf-8")
    config = load_config(path)
    rule = Rule(config, Listed(WatchList(config.entities)))
    importer = Importer(store, rule, path, utc_now)
    return importer.import_paths([tmp_path / name for name in names], lambda _: None)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path / "data")


LINES = (
    '{"url": "https://a.example/1", "title": "The harbour", "text": "Averley pays.",'
    ' "published_at": "2024-05-01", "lang": "en", "site": "a.example"}\n'
    "not json\n"
    '{"title": "No address", "text": "A bakery."}\n'
)


def test_everything_is_held_and_only_the_affair_is_relevant(tmp_path: Path, store: Store) -> None:
    (tmp_path / "a.jsonl").write_text(LINES, encoding="utf-8")
    summary = run(tmp_path, store, "a.jsonl")
    assert (summary.new, summary.relevant, len(summary.errors)) == (2, 1, 1)
    assert "line 2" in summary.errors[0]
    assert store.search(Everything(), now=utc_now()).total == 2
    assert store.search(parse_query("is:relevant"), now=utc_now()).total == 1


def test_importing_again_changes_nothing(tmp_path: Path, store: Store) -> None:
    (tmp_path / "a.jsonl").write_text(LINES, encoding="utf-8")
    run(tmp_path, store, "a.jsonl")
    again = run(tmp_path, store, "a.jsonl")
    assert (again.new, again.changed, again.same) == (0, 0, 2)


def test_a_list_of_feeds_goes_into_the_configuration(tmp_path: Path, store: Store) -> None:
    opml = '<opml><body><outline type="rss" xmlUrl="https://b.example/f" text="B"/></body></opml>'
    (tmp_path / "feeds.opml").write_text(opml, encoding="utf-8")
    assert run(tmp_path, store, "feeds.opml").sources == 1
    assert load_config(tmp_path / "config.toml").sources[0].url == "https://b.example/f"


def test_a_file_of_addresses_gives_leads(tmp_path: Path, store: Store) -> None:
    (tmp_path / "to read.txt").write_text(
        "https://a.example/1\nhttps://a.example/2\n", encoding="utf-8"
    )
    assert run(tmp_path, store, "to read.txt").leads == 2
    assert {lead.url for lead in store.leads()} == {"https://a.example/1", "https://a.example/2"}


def test_the_reasons_an_article_is_kept_for_are_the_rules_own_words(
    tmp_path: Path, store: Store
) -> None:
    (tmp_path / "a.jsonl").write_text(LINES, encoding="utf-8")
    run(tmp_path, store, "a.jsonl")
    (hit,) = store.search(parse_query("is:relevant"), now=utc_now()).hits
    assert hit.reasons == ("harbour", "entity:Averley")


NOWHERE = ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "not an address"]


@pytest.mark.parametrize("url", NOWHERE)
def test_an_address_that_is_none_of_the_webs_is_refused(
    tmp_path: Path, store: Store, url: str
) -> None:
    (tmp_path / "a.jsonl").write_text(f'{{"url": "{url}", "text": "Averley."}}\n', "utf-8")
    summary = run(tmp_path, store, "a.jsonl")
    assert (summary.new, len(summary.errors)) == (0, 1)


def test_an_address_of_this_machine_is_no_lead(tmp_path: Path, store: Store) -> None:
    (tmp_path / "to read.txt").write_text("http://127.0.0.1/x\nhttp://127.0.0.1/y\n", "utf-8")
    summary = run(tmp_path, store, "to read.txt")
    assert (summary.leads, len(summary.errors)) == (0, 2)


def test_a_record_that_cannot_be_kept_loses_no_other(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_all = store.keep_all

    def refuse(keepings: Sequence[Keeping]) -> tuple[Kept, ...]:
        if any(keeping.reading.title == "Title 3" for keeping in keepings):
            raise ValueError("no such day")
        return keep_all(keepings)

    monkeypatch.setattr(store, "keep_all", refuse)
    lines = (
        f'{{"url": "https://a.example/{n}", "title": "Title {n}", "text": "Averley {n}."}}\n'
        for n in range(BATCH + 5)
    )
    (tmp_path / "a.jsonl").write_text("".join(lines), encoding="utf-8")
    summary = run(tmp_path, store, "a.jsonl")
    assert (summary.new, len(summary.errors)) == (BATCH + 4, 1)
    assert "line 4: it cannot be kept (no such day)" in summary.errors[0]
    assert store.search(Everything(), now=utc_now()).total == BATCH + 4
    assert store.verify().damages == ()


HELD = (
    make_reading(
        "https://a.example/1", authors=("La rédaction", "Jeanne Roy, à Averley"), lang="fr",
        published_at=NOON - timedelta(days=3), date_source=DateSource.JSON_LD,
        modified_at=NOON, access=Access.SUBSCRIBERS, summary=" Un chapô. ",
        other_urls=("https://a.example/amp/1",), details={"site_name": "La Gazette"},
    ),
    make_reading(
        "https://a.example/2", "Seul un titre", "", published_at=datetime(2023, 11, 2, tzinfo=UTC),
        published_precision="day", date_source=DateSource.FEED,
    ),
    make_reading("https://a.example/3?id=3&b", text="Sans date.\n", access=Access.TRUNCATED),
)  # fmt: skip
BROUGHT = (
    "url", "title", "text", "authors", "summary", "published_at", "published_on",
    "published_precision", "date_source", "modified_at", "lang", "site", "outlet", "access",
    "addresses", "details", "text_sha256",
)  # fmt: skip


def export(store: Store, path: Path) -> list[dict[str, Any]]:
    """Export all of a store; return the lines."""
    with path.open("wb") as out:
        write_jsonl(store.export_articles(Everything(), now=NOON), out)
    return sorted(map(json.loads, path.read_bytes().splitlines()), key=lambda line: line["url"])


def test_what_was_exported_comes_back_as_it_stood_and_was_never_seen(
    tmp_path: Path, store: Store
) -> None:
    with open_store(tmp_path / "first") as first:
        for reading in HELD:
            keep(first, reading, now=NOON)
        first.annotate(1, Annotation.STAR, now=NOON)
        lines = export(first, tmp_path / "first.jsonl")
    assert run(tmp_path, store, "first.jsonl").errors == []
    again = export(store, tmp_path / "second.jsonl")
    assert [{name: line[name] for name in BROUGHT} for line in again] == [
        {name: line[name] for name in BROUGHT} for line in lines
    ]
    for line in again:
        assert (line["starred"], line["present_at"], line["kind"]) == (False, None, "import")
        assert line["first_seen_at"] > "2024"
    assert run(tmp_path, store, "first.jsonl", "second.jsonl").same == 2 * len(HELD)
