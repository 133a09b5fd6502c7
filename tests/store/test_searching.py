"""What search and the timeline give."""

from datetime import date, timedelta

import pytest

from model.errors import QueryError
from model.query import parse_query
from tests.store.makers import NOON, keep, make_reading

HOUR = timedelta(hours=1)

HOSTILE = [
    '"', "AND", "l'affaire", "docker-compose", "title:x", "*", "", "(a", "NEAR(", "\0", "a\0b",
    "NEAR(a b)", "a NEAR/3 b", "^a", "a:b:c", "{title}: x", "-x", "- ", "a -", "'; DROP TABLE",
    'x" or 1=1', "a]--", "%", "_", "é\ud800", "site:\ud800x", "site:a\0b", "lang:\udcff1",
    '"a" "b', "rowid:1", "word_index:1", "(((((a)))))", "a+b", "word*", "tag:'x", "\u202e",
    'site:"x y"', "source:%", "story:99999999999999999999999", "story:٣", "date:9999", "date:0001",
    "seen:P9999Y", "lang:--1", "is:Relevant", " OR ".join(["site:a"] * 300),
    " ".join(f"-w{number}" for number in range(300)), "(" * 39 + "a" + ")" * 39,
    " OR ".join(f'"x{n} y"~3' for n in range(300)),
]  # fmt: skip


@pytest.mark.parametrize("typed", HOSTILE)
def test_nothing_typed_ends_in_another_error(store, typed):
    keep(store)
    try:
        found = store.search(parse_query(typed), now=NOON)
    except QueryError:
        return
    assert found.total in {0, 1}


@pytest.mark.parametrize(
    ("typed", "title_marked", "marked"),
    [
        ("evry", ["Évry"], []),
        ("AFFAIRE", ["affaire"], []),
        ('"affaire brief*"', ["affaire BriefCam"], []),
        ("cnil", [], ["Cnil", "CNIL"]),
        ('"prefet cnil"~3', [], ["préfet", "Cnil", "CNIL"]),
        ("cnil -zut", [], ["Cnil", "CNIL"]),
        ("is:relevant", [], []),
    ],
)
def test_a_hit_shows_what_was_found_where_it_stands(store, typed, title_marked, marked):
    text = "Le pre\u0301fet s’est tu. La Cnil, elle, a parlé : la CNIL ouvre un contrôle."
    keep(store, make_reading(title="L’affaire BriefCam à Évry", text=text))
    (hit,) = store.search(parse_query(typed), now=NOON).hits
    assert [hit.title[start:end] for start, end in hit.title_marks] == title_marked
    found = [hit.snippet[start:end].replace("e\u0301", "é") for start, end in hit.marks]
    assert found == marked


def test_a_snippet_is_the_stretch_that_holds_most(store):
    text = " ".join(["avant"] * 300 + ["cnil"] + ["milieu"] * 300 + ["la cnil et briefcam"])
    keep(store, make_reading(text=text + " après" * 300))
    (hit,) = store.search(parse_query("cnil briefcam"), now=NOON).hits
    assert [hit.snippet[a:b] for a, b in hit.marks] == ["cnil", "briefcam"]
    assert len(hit.snippet) < 500
    assert hit.snippet in text + " après" * 300


@pytest.mark.parametrize(("gap", "total"), [(2, 0), (3, 1), (4, 1)])
def test_proximity_counts_the_words_between(store, gap, total):
    keep(store, make_reading(text="a x x x b"))
    assert store.search(parse_query(f'"b a"~{gap}'), now=NOON).total == total


@pytest.mark.parametrize("typed", ["", "texte"], ids=["everything", "a word"])
def test_pages_miss_and_repeat_nothing_while_articles_come_in(store, typed):
    for number in range(7):
        keep(store, make_reading(f"https://a.example/{number}", published_at=NOON + number * HOUR))
    seen, before = [], None
    while True:
        page = store.search(parse_query(typed), now=NOON, limit=3, before=before)
        seen += [hit.url[-1] for hit in page.hits]
        keep(store, make_reading(f"https://b.example/{len(seen)}"), now=NOON + 99 * HOUR)
        before = page.before
        if before is None:
            break
    assert seen == list("6543210")


def test_an_absurd_limit_gives_a_page(store):
    keep(store)
    assert len(store.search(now=NOON, limit=10**9).hits) == 1
    assert len(store.search(now=NOON, limit=-1).hits) == 0


@pytest.mark.parametrize(
    ("from_on", "to_on", "found"),
    [
        (None, None, "210"),
        (date(2023, 11, 20), date(2023, 11, 20), "1"),
        (date(2023, 11, 20), None, "21"),
        (None, date(2023, 11, 19), "0"),
        (date.min, date.max, "210"),
    ],
)
def test_the_timeline_takes_days_of_the_affair(store, from_on, to_on, found):
    # 23:30 UTC is half past midnight in Paris
    for number, day in enumerate([18, 19, 20]):
        at = NOON.replace(day=day, hour=23, minute=30)
        keep(store, make_reading(f"https://a.example/{number}", published_at=at))
    hits = store.timeline(now=NOON, from_on=from_on, to_on=to_on).hits
    assert "".join(hit.url[-1] for hit in hits) == found


def test_months_count_articles(store):
    for number, months_ago in enumerate([0, 0, 2]):
        at = NOON - timedelta(days=30 * months_ago)
        keep(store, make_reading(f"https://a.example/{number}", published_at=at))
    found = [(bucket.label, bucket.articles) for bucket in store.months(now=NOON)]
    assert found == [("2023-09", 1), ("2023-11", 2)]


@pytest.mark.parametrize(
    "typed",
    [
        "texte",
        '"un texte"',
        "texte site:a",
        "is:relevant",
        "date:2023-11",
        "texte entity:cnil",
        "-zut",
    ],
)
def test_the_newest_are_found_without_sorting(store, typed):
    keep(store)
    plans = []
    connection = store.database.tables.conn
    statements: list[str] = []
    connection.set_trace_callback(statements.append)
    store.search(parse_query(typed), now=NOON)
    connection.set_trace_callback(None)
    for statement in statements:
        if "ORDER BY s.rowid DESC" in statement:
            plans += connection.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()
    assert plans
    assert not [plan for plan in plans if "TEMP B-TREE" in plan[-1]]
