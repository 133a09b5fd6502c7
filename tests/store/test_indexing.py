"""The search index, its labels and their counts follow the rows, and can be made anew."""

import shutil
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model.mention import EntityKind, Mention, Tags
from model.query import Words, parse_query
from model.query_tree import Versions
from model.story import Copy, CopyKind, Story
from store import Annotation, open_store
from store.database import load_migrations
from store.identity import PLACES_PER_SECOND, first_place
from store.search import counting, terms
from store.search.labels import FACETS, day_of, to_number
from store.sqlite import sqlite3
from tests.store.makers import NOON, keep, make_reading

DAY = timedelta(days=1)
NUMBERS = st.integers(0, 3)
CHANGES = st.one_of(
    st.tuples(
        st.just("keep"),
        NUMBERS,
        st.sampled_from(["un chat", "deux chats noirs", "the cats", ""]),
        st.sampled_from([None, -400, -1, 0, 9]),
        st.sampled_from(["fr", "en", "de"]),
        st.booleans(),
    ),
    st.tuples(st.just("relevance"), NUMBERS, st.booleans()),
    st.tuples(st.just("tag"), NUMBERS, st.sets(st.sampled_from(["CNIL", "Évry", "Paris"]))),
    st.tuples(st.just("note"), NUMBERS, st.sampled_from(["star", "read", "tag", "note"])),
    st.tuples(st.just("unnote"), NUMBERS, st.sampled_from(["star", "read", "tag", "note"])),
    st.tuples(st.just("copy"), NUMBERS, st.booleans()),
    st.tuples(st.just("story"), st.sets(NUMBERS)),
    st.tuples(st.just("absent"), NUMBERS, st.sampled_from(["absent", "unchanged"])),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("indexing")


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(CHANGES, min_size=3, max_size=14))
def test_what_is_kept_beside_the_rows_is_what_making_it_anew_gives(folder, empty, changes):
    place = folder / str(len(list(folder.iterdir())))
    with open_store(shutil.copytree(empty, place)) as store:
        for number in range(4):
            keep(store, make_reading(f"https://a.example/{number}"), relevant=number % 2 == 0)
        for at, change in enumerate(changes):
            apply(store, change, NOON + at * timedelta(hours=1))
        kept, counts, answers = labels(store), counted(store), answered(store)
        assert counts == Counter(label for held in kept.values() for label in held)
        assert spelt(store, "article_facet") == faceted(kept)
        store.rebuild_index(now=NOON)
        assert labels(store) == kept
        assert spelt(store, "article_facet") == faceted(kept)
        assert counted(store) == counts
        assert answered(store) == answers


def apply(store, change, now):
    what, number, *rest = change
    article = number if what == "story" else number + 1
    match what:
        case "keep":
            text, days, lang, relevant = rest
            at = None if days is None else NOON + days * DAY
            reading = make_reading(
                f"https://a.example/{number}", text=text, lang=lang, published_at=at
            )
            keep(store, reading, relevant=relevant, now=now)
        case "relevance":
            store.set_relevance(article, relevant=rest[0], reasons=())
        case "note" | "unnote":
            annotate(store, article, Annotation(rest[0]), now if what == "note" else None)
        case "absent":
            store.record_reading(article, rest[0], "410", now=now)
        case _:
            derive(store, what, article, rest, now)


def annotate(store, article, kind, now):
    if now is None:
        store.remove_annotation(article, kind, "à lire")
    else:
        store.annotate(article, kind, "à lire", now=now)


def derive(store, what, article, rest, now):
    match what:
        case "tag":
            named = [
                Mention(start=0, end=1, text="x", entity=name, kind=EntityKind.OTHER, by="list")
                for name in sorted(rest[0])
            ]
            tags = Tags(lang="fr", mentions=tuple(named))
            store.save_tags(store.article(article).current.id, tags, [], tagger="t", now=now)
        case "copy":
            copy = Copy(article=article, of=4, kind=CopyKind.AGENCY, score=1.0, evidence="x")
            store.save_copies(article, [copy] if rest[0] else [])
        case "story":
            articles = tuple(sorted(one + 1 for one in article))
            save_story(store, articles, now)


def save_story(store, articles, now):
    if not articles:
        return store.delete_story(1)
    return store.save_story(
        Story(id=1, title="Chats", first_at=now, last_at=now, articles=articles,
              independent_sources=1)
    )  # fmt: skip


def labels(store):
    """Return the labels of each article by its place, by name."""
    return {
        place: row["labels"] | row["others"] for place, row in spelt(store, "article_label").items()
    }


def spelt(store, table):
    """Return the labels that each column of a table spells, by the article's place, by name."""
    named = {
        row["id"]: (row["facet"], row["value"])
        for row in store.database.rows("SELECT * FROM label")
    }
    return {
        row.pop("order_id"): {
            column: frozenset(named[to_number(ord(sign))] for sign in signs)
            for column, signs in row.items()
        }
        for row in store.database.rows(f"SELECT * FROM {table}")  # noqa: S608 - ours
    }


def faceted(kept):
    """Return what facets must find of the labels of each article."""
    return {
        place: {
            column: frozenset(one for one in held if FACETS.get(one[0]) == column)
            for column in ("labels", "entities", "stories")
        }
        for place, held in kept.items()
    }


def counted(store):
    rows = store.database.rows("SELECT * FROM label WHERE articles <> 0")
    return Counter({(row["facet"], row["value"]): row["articles"] for row in rows})


def answered(store):
    """Return what some queries answer, through both tables and their older versions."""
    typed = ["chat", '"deux chats"', "is:relevant", "entity:cnil", "-is:starred", "date:2023-11",
             "seen:2023", "lang:de", "is:changed", "story:chats", "tag:lire",
             "is:original"]  # fmt: skip
    words = plain("chat"), plain("cat"), plain("chats", Versions.ANY)
    queries = [*map(parse_query, typed), *words]
    return [
        tuple(hit.article for hit in store.search(query, now=NOON, limit=9).hits)
        for query in queries
    ]


def plain(word, versions=Versions.CURRENT):
    return Words(typed=word, tokens=(word,), plain=True, versions=versions)


@pytest.mark.parametrize(
    ("lang", "text", "sought", "found"),
    [
        ("fr", "Des caméras.", "camera", True),
        ("fr", "Une caméra.", "cameras", True),
        ("en", "She was running.", "runs", True),
        ("fr", "Le chat.", "chaton", False),
        ("de", "Die Kameras.", "kameras", True),
        ("de", "Die Häuser.", "hauser", True),
        ("", "Des caméras.", "cameras", True),
    ],
)
def test_a_bare_word_is_sought_by_its_stems(store, lang, text, sought, found):
    keep(store, make_reading(text=text, lang=lang))
    assert bool(store.search(plain(sought), now=NOON).total) is found


def test_words_of_older_versions_are_found_where_any_version_is_asked(store):
    for text in ("des chats", "des chiens"):
        keep(store, make_reading(text=text))
    assert store.search(plain("chat"), now=NOON).total == 0
    assert store.search(plain("chat", Versions.ANY), now=NOON).total == 1
    assert store.search(plain("chien", Versions.ANY), now=NOON).total == 1


def test_an_index_of_other_rules_is_made_anew_when_the_store_is_opened(tmp_path, capsys):
    with open_store(tmp_path) as store:
        keep(store)
        with store.database.writing():
            store.database.execute("UPDATE derived SET made_by = 'older' WHERE part = 'index'")
            store.database.execute("DELETE FROM article_label")
    with open_store(tmp_path, read_only=True) as store:
        assert store.search(parse_query("texte"), now=NOON).total == 1
        assert store.facets(now=NOON).articles == 1
    assert "made anew" in capsys.readouterr().err


def test_making_anew_goes_on_where_it_was_stopped(store, monkeypatch):
    monkeypatch.setattr("store.search.reindexing.BATCH", 1)
    for number in range(3):
        keep(store, make_reading(f"https://a.example/{number}"))
    calls = []

    def stop(*_):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return original(*_)

    original = terms.read_text
    monkeypatch.setattr("store.search.reindexing.read_text", stop)
    with pytest.raises(KeyboardInterrupt):
        store.rebuild_index(now=NOON)
    assert store.search(parse_query("texte"), now=NOON).total == 1
    keep(store, make_reading("https://a.example/neuf"))
    monkeypatch.setattr("store.search.reindexing.read_text", original)
    store.rebuild_index(now=NOON)
    assert store.search(parse_query("texte"), now=NOON).total == 4
    assert store.facets(now=NOON).articles == 4


def test_days_are_counted_where_the_articles_say_across_changes_of_the_clock(store):
    expected: Counter[str] = Counter()
    for number in range(60):
        at = NOON - number * timedelta(days=11, hours=5) if number % 7 else None
        at = NOON + 40 * DAY if number == 59 else at
        keep(store, make_reading(f"https://a.example/{number}", published_at=at, text="chat"))
        day = store.database.value("SELECT published_on FROM article ORDER BY id DESC LIMIT 1")
        expected[day or ""] += 1
    for query in (plain("chat"), *map(parse_query, ("", '"chat"', "is:relevant"))):
        found = store.count_days(query, now=NOON)
        days = {day.isoformat(): number for day, number in found.days.items()}
        assert Counter(days) + Counter({"": found.undated}) == expected


def test_facets_count_what_answers(store):
    for number, lang in enumerate(["fr", "fr", "en"]):
        keep(store, make_reading(f"https://a.example/{number}", lang=lang, text="chat"))
    for query in (plain("chat"), parse_query(""), parse_query('"chat"')):
        found = store.facets(query, now=NOON)
        assert (found.articles, found.is_exact) == (3, True)
        assert [(one.label, one.articles) for one in found.lang] == [("fr", 2), ("en", 1)]
        assert [(one.label, one.articles) for one in found.kind] == [("import", 3)]


@pytest.mark.parametrize(
    ("most", "articles", "langs"),
    [(4, 4, {"fr": 3, "en": 1}), (3, 3, {"fr": 3}), (1, 1, {"fr": 1})],
    ids=["as many", "one more", "many more"],
)
def test_facets_of_more_than_are_counted_are_of_the_newest(
    store, monkeypatch, most, articles, langs
):
    monkeypatch.setattr("store.search.facets.MAX_FACETED", most)
    for number, lang in enumerate(["en", "fr", "fr", "fr"]):
        reading = make_reading(
            f"https://a.example/{number}", lang=lang, text="chat", published_at=NOON + number * DAY
        )
        keep(store, reading, now=NOON + 9 * DAY)
    found = store.facets(plain("chat"), now=NOON)
    assert (found.articles, found.is_exact) == (articles, most == 4)
    assert {one.label: one.articles for one in found.lang} == langs


def test_names_and_stories_are_told_in_order_of_their_articles(store):
    told = {"CNIL": 3, "Paris": 2, "Évry": 1}
    for number in range(3):
        keep(store, make_reading(f"https://a.example/{number}", text="chat"))
        named = {name for name, articles in told.items() if number < articles}
        apply(store, ("tag", number, named), NOON)
    for limit in (0, 2, 9):
        found = store.facets(plain("chat"), now=NOON, limit=limit)
        names = [(one.label, one.articles) for one in found.entity]
        assert names == list(told.items())[:limit]


def test_the_labels_that_facets_count_are_made_of_those_that_an_older_program_kept(store):
    for number in range(4):
        keep(store, make_reading(f"https://a.example/{number}", lang="fr" if number else "en"))
    apply(store, ("tag", 0, {"CNIL", "Évry"}), NOON)
    apply(store, ("tag", 2, {"Évry"}), NOON)
    save_story(store, (1, 3), NOON)
    kept = spelt(store, "article_facet")
    assert kept == faceted(labels(store))
    (script,) = (one for one in load_migrations() if "CREATE TABLE article_facet" in one)
    with closing(sqlite3.connect(store.database.file)) as connection:
        connection.executescript(f"DROP TABLE article_facet;{script}")
    assert spelt(store, "article_facet") == kept


@pytest.mark.parametrize("zone", ["Europe/Paris", "America/St_Johns", "Pacific/Apia", "UTC"])
def test_days_counted_by_leaps_are_those_of_each_place(zone):
    first = first_place(datetime(2007, 10, 20, tzinfo=UTC))
    random = Random(zone)  # noqa: S311 - a draw that can be repeated is the point
    places = sorted(
        first + random.randrange(days * 86_400) * PLACES_PER_SECOND
        for days in (30, 400, 1_700)
        for _ in range(3_000)
    )
    expected = Counter(day_of(place, ZoneInfo(zone)).toordinal() for place in places)
    assert counting._days_of(places, ZoneInfo(zone)) == expected
