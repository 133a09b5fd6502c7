"""The index and the matcher give the same answer to every query, article by article."""

import os
import shutil
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model.article import Access
from model.errors import QueryError
from model.matching import Older, Subject, local_day, matches
from model.mention import EntityKind, Mention, Tags
from model.query import parse_query
from model.saved_searches import read_query
from model.source import Entry, Source, SourceState
from model.story import Copy, CopyKind, Story
from model.words import words
from store import Annotation, open_store
from store.search.snippets import find_marks, sought_words
from tests.store.makers import NOON, keep, make_reading, make_sentence

PARIS = ZoneInfo("Europe/Paris")
SOURCE = Source(url="https://a.example/feed", name="Le Courrier")

EXAMPLES = int(os.environ.get("VIGIE_EXAMPLES", "40"))
"""How many examples the one property is tried on; more in a run of its own."""

VOCABULARY = (
    "affaire l'affaire Affaires BriefCam brief cam Évry evry CNIL Cnil l’œuf oeuf police policing "
    "vidéo-surveillance videosurveillance surveillés surveiller surveillances caméra caméras "
    "camera nationaux nationale national nations Kameras d'État étaient généreusement générale "
    "Berichte bericht de d' 2023 e\u0301vry pré\u00adfet \U0001d538 ß \u19b0a ½ ٣ Ⅳ 中文 _x_ "
    "aujourd'hui quelqu'un \u017ftem İstanbul ﬁches"
).split()
PROSE = st.lists(st.sampled_from(VOCABULARY), max_size=9).map(" ".join)
READING = st.fixed_dictionaries(
    {
        "title": PROSE,
        "text": st.one_of(PROSE, st.text(max_size=12)),
        "authors": st.lists(PROSE, max_size=2).map(tuple),
        "site": st.sampled_from(["a.example", "blogs.a.example", "B.example"]),
        "lang": st.sampled_from(["fr", "fr-FR", "en", "de", "xx", None]),
        "access": st.sampled_from(Access),
        "published_at": st.one_of(
            st.none(), st.integers(-500, 500).map(lambda hours: NOON + timedelta(hours=hours))
        ),
    }
)
FACTS = st.fixed_dictionaries(
    {
        "relevant": st.booleans(),
        "entities": st.sets(st.sampled_from(["CNIL", "Le Conseil d'État", "Évry"])),
        "tags": st.sets(st.sampled_from(["À relire", "justice"])),
        "starred": st.booleans(),
        "read": st.booleans(),
        "from_source": st.booleans(),
        "older": st.lists(READING, max_size=2),
        "removed": st.booleans(),
        "copy": st.booleans(),
        "story": st.booleans(),
        "event_on": st.one_of(st.none(), st.dates(date(2023, 1, 1), date(2023, 12, 31))),
    }
)

FIELD = st.sampled_from(["", "", "", "title:", "text:", "author:"])
TYPED_WORD = st.one_of(
    st.sampled_from(VOCABULARY),
    st.sampled_from(["b*", "é*", "af*", "中*", "vid*", "brie*", "came*", "offi*", "briefc*"]),
    st.text(max_size=3),
)
PHRASE = st.lists(TYPED_WORD, min_size=1, max_size=3).map(lambda w: f'"{" ".join(w)}"')
NEAR = st.tuples(PHRASE, st.integers(0, 6)).map(lambda n: f"{n[0]}~{n[1]}")
LABEL = st.sampled_from(
    ["site:a.example", "site:b", "lang:fr", "lang:en-GB", "source:courrier", "source:le",
     "entity:cnil", 'entity:"conseil d\'etat"', 'entity:"le conseil d’état"', "tag:justice",
     'tag:"a relire"', "story:1", "story:police", "story:polic", "is:relevant", "is:starred",
     "is:unread", "is:changed", "is:removed", "is:copy", "is:original", "date:2023-11",
     "date:/2023-11-20", "date:P7D", "seen:2023-11-21", "seen:/2022", "event:2023-06",
     "event:2023-01/2023-03", "access:free", "access:truncated", "kind:feed", "kind:import",
     "kind:page", "search:one", 'search:"La Deux"', "search:two"]
)  # fmt: skip
LEAF = st.one_of(st.tuples(FIELD, st.one_of(TYPED_WORD, PHRASE, NEAR)).map("".join), LABEL)


def combine(inner):
    return st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(" ".join),
        st.lists(inner, min_size=2, max_size=3).map(" OR ".join),
        inner.map(lambda part: f"-({part})"),
        inner.map(lambda part: f"({part})"),
    )


QUERY = st.recursive(LEAF, combine, max_leaves=6)
ASKED = st.one_of(
    QUERY,
    QUERY.map(lambda query: f"version:any ({query})"),
    st.sampled_from(VOCABULARY).map(lambda word: f"version:any {word}"),
)
QUERIES = st.lists(ASKED, min_size=3, max_size=8)
SAVED = st.fixed_dictionaries(
    {
        "one": st.sampled_from(["caméra OR police", "is:relevant -lang:en", "version:any affaire"]),
        "La deux": st.sampled_from(["search:one title:national*", '-search:one "de d"~3', "*"]),
        "two": st.sampled_from(['search:"la deux" OR entity:cnil', "version:any search:one"]),
    }
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("agreement")


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.tuples(READING, FACTS), min_size=1, max_size=5), QUERIES, SAVED)
def test_index_and_matcher_agree(folder, empty, described, typed, saved):
    store_folder = shutil.copytree(empty, folder / "store")
    try:
        with open_store(store_folder) as store:
            for name in ("one", "La deux", "two"):
                store.save_search(name, saved[name], now=NOON)
            subjects = fill(store, described)
            for one in typed:
                check(store, subjects, one)
    finally:
        shutil.rmtree(store_folder)


@pytest.mark.parametrize(
    ("typed", "is_found"),
    [
        ("Berichte", True),
        ("title:berichte", True),
        ("text:berichte", False),
        ("text:kameras", True),
        ("title:kameras", False),
        ('"kameras stehen"', True),
        ('title:"der polizei"', True),
        ('text:"der polizei"', False),
        ("überw*", True),
        ('"polizei berichte"~1', True),
        ("author:muster", True),
        ("Bericht", True),
        ("stand", False),
        ("(kameras OR xyz) surveillance", True),
        ("surveillances -kameras", False),
        ('surveillance -("x y" OR title:"der polizei")', False),
        ('surveillance -xyz -"x y" -title:kameras', True),
        ('"kameras surveillance"', False),
    ],
)
def test_words_of_an_older_version_are_found_where_they_stood(tmp_path, typed, is_found):
    """In a language that no current version is in, whose words have no stems."""
    described = {
        "relevant": True, "entities": set(), "tags": set(), "starred": False, "read": False,
        "from_source": False, "removed": False, "copy": False, "story": False, "event_on": None,
        "older": [{"title": "Berichte der Polizei", "text": "Kameras stehen überwiegend hier",
                   "authors": ("Hans Muster",), "lang": "de"}],
    }  # fmt: skip
    with open_store(tmp_path) as store:
        subjects = fill(store, [({"title": "Le titre", "text": "la surveillance"}, described)])
        assert (check(store, subjects, f"version:any {typed}") != set()) == is_found
        assert "surveillance" in typed or not check(store, subjects, typed)


def check(store, subjects, typed):
    """Fail unless both answer alike; return what both answer."""
    try:
        query = read_query(typed, store.saved_queries())
    except QueryError:
        return set()
    found = store.search(query, now=NOON, limit=100)
    today = local_day(NOON, PARIS)
    expected = {
        article for article, subject in subjects.items() if matches(query, subject, today=today)
    }
    assert {hit.article for hit in found.hits} == expected, typed
    assert found.total == len(expected)
    return expected


def fill(store, described):
    """Put articles into the store and return what the matcher is asked about each."""
    store.save_sources([SOURCE], now=NOON)
    origin = keep(store, make_reading("https://a.example/origin", title="", text="")).article_id
    subjects = {
        origin: Subject(
            title="",
            text="",
            site="a.example",
            lang="fr",
            access="free",
            seen_on=local_day(NOON, PARIS),
            flags=frozenset({"relevant"}),
        )
    }
    for number, (fields, facts) in enumerate(described):
        reading = make_reading(f"https://a.example/{number}", **fields)
        article = keep_described(store, reading, facts, number)
        subjects[article] = make_subject(store, article, facts, origin)
    return subjects


def keep_described(store, reading, facts, number):
    entry_id = None
    if facts["from_source"]:
        entry = Entry(source_url=SOURCE.url, key=str(number), url=reading.url)
        store.record_poll(SourceState(url=SOURCE.url, state="ok"), [entry], now=NOON)
        entry_id = store.pending_entries(now=NOON, limit=1)[0].id
    for fields in facts["older"]:
        before = make_reading(reading.url, **fields)
        keep(store, before, relevant=facts["relevant"], entry_id=entry_id)
    kept = keep(store, reading, relevant=facts["relevant"], entry_id=entry_id)
    return kept.article_id


def make_subject(store, article, facts, origin):
    """Give an article its labels in the store and say the same to the matcher."""
    held = store.article(article)
    reading = held.current.reading
    label(store, held, facts, origin)
    event_on = facts["event_on"]
    flags = {flag for flag in ("relevant", "starred", "read", "removed", "copy") if facts[flag]}
    # an article keeps the day that an earlier version gave
    row = store.database.find_row("SELECT site, published_on FROM article WHERE id = ?", (article,))
    return Subject(
        title=reading.title,
        text=reading.text,
        authors=reading.authors,
        site=row["site"],
        source=f"{SOURCE.name} {SOURCE.url}" if facts["from_source"] else "",
        lang=reading.lang or "",
        published_on=row["published_on"] and date.fromisoformat(row["published_on"]),
        seen_on=local_day(NOON, PARIS),
        entities=frozenset(facts["entities"]),
        tags=frozenset(facts["tags"]),
        stories=frozenset({"1", "La police"} if facts["story"] else ()),
        flags=frozenset(flags | ({"changed"} if held.versions > 1 else set())),
        event_days=((event_on, event_on),) if event_on else (),
        access=reading.access,
        kind="feed" if facts["from_source"] else "",
        older=tuple(
            older(version.reading)
            for version in store.versions(article)
            if version.id != held.current.id
        ),
    )


def older(reading):
    return Older(
        title=reading.title,
        text=reading.text,
        authors=reading.authors,
        lang=reading.lang or "",
    )


def label(store, held, facts, origin):
    mentions = [
        Mention(start=0, end=1, text="x", entity=name, kind=EntityKind.OTHER, by="list")
        for name in sorted(facts["entities"])
    ]
    dated = [make_sentence(held.id, facts["event_on"])] if facts["event_on"] else []
    tags = Tags(lang="fr", mentions=tuple(mentions))
    store.save_tags(held.current.id, tags, dated, tagger="t", now=NOON)
    for tag in facts["tags"]:
        store.annotate(held.id, Annotation.TAG, tag, now=NOON)
    for kind, fact in ((Annotation.STAR, "starred"), (Annotation.READ, "read")):
        if facts[fact]:
            store.annotate(held.id, kind, now=NOON)
    if facts["removed"]:
        store.record_reading(held.id, "absent", "410", now=NOON)
    if facts["copy"]:
        copy = Copy(article=held.id, of=origin, kind=CopyKind.AGENCY, score=1.0, evidence="x")
        store.save_copies(held.id, [copy])
    if facts["story"]:
        add_to_story(store, held.id)


def add_to_story(store, article):
    (story,) = store.stories() or (None,)
    members = (*story.articles, article) if story else (article,)
    store.save_story(
        Story(
            id=1,
            title="La police",
            first_at=NOON,
            last_at=NOON,
            articles=members,
            independent_sources=1,
        )
    )


FORMS = (
    "dying die lies lied lying tie tying skis sky skies happiness cries cry yeux parlions "
    "qualité qualifié envoyer systèmes système éléphants communiqué investigated organisation"
).split()
# a vowel sign that parts words, and that Python calls a letter, hides the mark behind it
MARKED = st.sampled_from([one for one in (*VOCABULARY, *FORMS) if "\u19b0" not in one])


@settings(max_examples=200, deadline=None)
@given(
    st.lists(MARKED, max_size=8).map(" ".join), MARKED, st.sampled_from(["fr", "en", "de", "xx"])
)
def test_what_is_marked_is_what_is_found(text, typed, lang):
    query = parse_query(typed)
    marks = find_marks(text, sought_words(query), lang)
    assert bool(marks) == matches(query, Subject(title="", text=text, lang=lang))
    for start, end in marks:
        assert matches(query, Subject(title="", text=text[start:end], lang=lang))


@settings(max_examples=300, deadline=None)
@given(st.text())
def test_the_index_takes_our_words_as_they_are(text):
    """SQLite's tokenizer never splits, joins or changes one of our words."""
    with open_store_in_memory() as tokens_of:
        assert tokens_of(" ".join(words(text))) == words(text)


class open_store_in_memory:  # noqa: N801 - used like the function it stands for
    def __enter__(self):
        from store.sqlite import sqlite3

        self._connection = sqlite3.connect(":memory:")
        self._connection.execute(
            "CREATE VIRTUAL TABLE t USING fts5 (x, tokenize = 'unicode61 remove_diacritics 2')"
        )
        self._connection.execute("CREATE VIRTUAL TABLE v USING fts5vocab (t, instance)")
        return self._tokens

    def _tokens(self, text):
        self._connection.execute("INSERT INTO t (x) VALUES (?)", (text,))
        return [row[0] for row in self._connection.execute("SELECT term FROM v ORDER BY offset")]

    def __exit__(self, *_):
        self._connection.close()
