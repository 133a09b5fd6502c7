"""Tags, copies, stories, events and digests: what is found in the articles."""

from datetime import date, timedelta

import pytest

from model.digest import Digest, DigestHealth
from model.errors import MissingError
from model.mention import DateMention, EntityKind, Mention, Precision, Quote, Tags
from model.query import parse_query
from model.source import Source, SourceState
from model.story import Copy, CopyKind, Story
from store import Annotation
from store.records import Delivery
from tests.store.makers import A_DAY, NOON, keep, make_event, make_reading, make_sentence

HOUR = timedelta(hours=1)
TAGS = Tags(
    lang="fr",
    mentions=(
        Mention(start=3, end=7, text="Cnil", entity="CNIL", kind=EntityKind.OTHER, by="list"),
        Mention(start=9, end=14, text="Zoé M", entity="Zoé M", kind=EntityKind.PERSON, by="fr"),
    ),
    dates=(
        DateMention(
            start=0, end=4, text="hier", from_on=A_DAY, to_on=A_DAY, precision=Precision.DAY,
            inferred=True, basis="published on",
        ),
    ),
    quotes=(Quote(start=0, end=9, text="« non »", speaker="CNIL", verb="dit"),),
)  # fmt: skip


def add(store, number, **fields):
    """Keep one more relevant article and return its id."""
    site = fields.pop("site", f"s{number}.example")
    reading = make_reading(f"https://{site}/{number}", site=site, **fields)
    return keep(store, reading).article_id


def tag(store, article, *sentences, found=TAGS, tagger="t1"):
    store.save_tags(store.article(article).current.id, found, sentences, tagger=tagger, now=NOON)


def test_tags_come_back_as_they_were_found(store):
    article = add(store, 1)
    version = store.article(article).current.id
    assert store.tags(version) is None
    tag(store, article)
    tag(store, article)
    assert store.tags(version) == TAGS


def test_relevant_current_versions_are_tagged_once_by_each_tagger(store):
    first, second = add(store, 1), add(store, 2)
    keep(store, make_reading("https://a.example/no"), relevant=False)
    assert [v.article_id for v in store.untagged("t1", limit=9)] == [first, second]
    tag(store, first)
    assert [v.article_id for v in store.untagged("t1", limit=9)] == [second]
    assert len(store.untagged("t2", limit=9)) == 2
    keep(store, make_reading("https://s1.example/1", text="autre"), now=NOON + HOUR)
    assert len(store.untagged("t1", limit=9)) == 2


def test_entities_are_counted_by_article_whatever_their_accents(store):
    plain = Mention(start=0, end=1, text="x", entity="Zoe m", kind=EntityKind.PERSON, by="en")
    tag(store, add(store, 1))
    tag(store, add(store, 2), found=Tags(lang="en", mentions=(plain,)))
    found = [(e.name, e.articles, e.mentions) for e in store.entities()]
    assert found == [("Zoé M", 2, 2), ("CNIL", 1, 1)]


def test_dated_sentences_make_their_days_stale_until_events_replace_them(store):
    article = add(store, 1)
    assert store.stale_days() == ()
    tag(store, article, make_sentence(article))
    days = store.stale_days()
    assert days == ((A_DAY, A_DAY),)
    assert [s.article for s in store.dated_sentences(days)] == [article]
    store.replace_events(days, [make_event(article)])
    assert store.stale_days() == ()
    tag(store, article, make_sentence(article, date(2023, 12, 1)))
    assert store.stale_days() == ((A_DAY, A_DAY), (date(2023, 12, 1), date(2023, 12, 1)))
    store.replace_events(store.stale_days(), [])
    assert store.events(now=NOON) == ()


def test_a_day_is_stale_alone_whatever_month_or_year_it_is_of(store):
    one, two, three = (add(store, n) for n in range(3))
    tag(store, two, make_sentence(two, date(2023, 11, 1), date(2023, 11, 30)))
    tag(store, three, make_sentence(three, date(2010, 1, 1), date(2023, 12, 31)))
    store.replace_events(None, [])
    tag(store, one, make_sentence(one))
    days = store.stale_days()
    assert days == ((A_DAY, A_DAY),)
    assert {s.article for s in store.dated_sentences(days)} == {one}


def test_sentences_know_their_article_and_its_copies(store):
    first, second = add(store, 1), add(store, 2, title="Autre")
    for article in (first, second):
        tag(store, article, make_sentence(article))
    store.replace_events(None, [])
    store.save_copies(
        second, [Copy(article=second, of=first, kind=CopyKind.AGENCY, score=1, evidence="e")]
    )
    assert store.stale_days() == ((A_DAY, A_DAY),)
    one, two = store.dated_sentences()
    assert (two.site, two.title, two.copy_group) == ("s2.example", "Autre", one.copy_group)


def test_an_article_no_longer_relevant_tells_no_events(store):
    article = add(store, 1)
    tag(store, article, make_sentence(article))
    store.replace_events(None, [make_event(article)])
    store.set_relevance(article, relevant=False, reasons=())
    assert store.dated_sentences(store.stale_days()) == ()
    assert store.stale_days() == ((A_DAY, A_DAY),)


@pytest.fixture
def told(store):
    """Return a store with three events of rising importance, told from two sites."""
    first, second = add(store, 1, title="Enquête"), add(store, 2, lang="en")
    events = [
        make_event(first, date(2023, 11, 14), score=2, sentence="Révélation", entities=("CNIL",)),
        make_event(second, date(2023, 11, 1), date(2023, 11, 30), score=1, sentence="Month"),
        make_event(second, date(2015, 1, 1), date(2015, 12, 31), score=3, sentence="Purchase"),
    ]
    store.replace_events(None, events)
    return store


@pytest.mark.parametrize(
    ("asked", "texts"),
    [
        ({}, ["Purchase", "Month", "Révélation"]),
        ({"limit": 2}, ["Purchase", "Révélation"]),
        ({"entity": "cnil"}, ["Révélation"]),
        ({"entity": "cnil", "limit": 1}, ["Révélation"]),
        ({"from_on": date(2023, 11, 15)}, ["Month"]),
        ({"to_on": date(2015, 6, 1)}, ["Purchase"]),
        ({"query": "revelation"}, ["Révélation"]),
        ({"query": "title:enquete"}, ["Révélation"]),
        ({"query": "lang:en -month"}, ["Purchase"]),
        ({"query": "entity:CNIL OR event:2015"}, ["Purchase", "Révélation"]),
        ({"query": "zut"}, []),
        ({"limit": 0}, []),
    ],
)
def test_events_are_chosen_by_importance_and_given_in_date_order(told, asked, texts):
    query = parse_query(asked.pop("query", ""))
    assert [event.text for event in told.events(query, now=NOON, **asked)] == texts


def test_every_event_gives_its_citations_with_their_articles(told):
    (event,) = told.events(now=NOON, entity="CNIL")
    (citation,) = event.citations
    assert (citation.url, citation.title) == ("https://s1.example/1", "Enquête")
    assert citation.sentence == "Révélation"


def test_texts_that_share_prints_are_candidates_the_rarest_first(store):
    first, second, third = (add(store, n) for n in range(3))
    store.save_prints(first, [1, 2, -7], signer="s1")
    store.save_prints(second, [1, 9, -7], b"\1\2\3\4", signer="s1")
    assert [text.article for text in store.candidates([1, 2, -7])] == [first, second]
    assert [text.article for text in store.candidates([1, 2, -7], but=first)] == [second]
    assert store.candidates([5, 6]) == ()
    assert [text.article for text in store.unsigned("s1", limit=9)] == [third]
    (vector,) = store.recent_vectors(NOON - HOUR, NOON, NOON + HOUR)
    assert (vector.article, vector.numbers) == (second, b"\1\2\3\4")
    assert store.recent_vectors(NOON + HOUR, NOON + HOUR, NOON + 2 * HOUR) == ()


def test_a_text_compared_again_leaves_no_print_behind(store):
    article = add(store, 1)
    store.save_prints(article, [1, 2], signer="s1")
    store.save_prints(article, [2, 3], signer="s2")
    assert store.candidates([1]) == ()
    assert [text.article for text in store.candidates([3])] == [article]


def test_copies_of_copies_are_one_group_and_come_apart_again(store):
    articles = [add(store, n) for n in range(4)]
    for copying, original in ((1, 0), (2, 1), (3, 2)):
        one, other = articles[copying], articles[original]
        copy = Copy(article=one, of=other, kind=CopyKind.AGENCY, score=0.9, evidence="mots")
        store.save_copies(one, [copy])
    assert {text.copy_group for text in store.texts(articles)} == {articles[0]}
    store.save_copies(articles[2], [])
    groups = [text.copy_group for text in store.texts(articles)]
    assert groups == [articles[0], articles[0], articles[2], articles[2]]
    reports = [(copy.article, copy.of, copy.of_site) for copy in store.copies(articles[0])]
    assert reports == [(articles[1], articles[0], "s0.example")]


def test_a_story_is_saved_replaced_and_taken_apart(store):
    articles = tuple(add(store, n) for n in range(3))
    story = Story(
        id=0, title="Caméras", first_at=NOON, last_at=NOON, articles=articles[::-1],
        independent_sources=2, origin=articles[0],
    )  # fmt: skip
    number = store.save_story(story)
    (held,) = store.stories()
    assert (held.id, held.articles, held.origin) == (number, articles[::-1], articles[0])
    store.save_story(Story(id=number, title="Autre", first_at=NOON, last_at=NOON,
                           articles=articles[:1], independent_sources=1))  # fmt: skip
    assert [s.title for s in store.article_stories(articles[0])] == ["Autre"]
    assert store.article_stories(articles[1]) == ()
    assert store.stories(active_from=NOON + HOUR) == ()
    store.delete_story(number)
    assert store.stories() == ()


def test_notes_on_articles_can_be_taken_back(store):
    article = add(store, 1)
    for _ in range(2):
        store.annotate(article, Annotation.TAG, "À relire", now=NOON)
    store.annotate(article, Annotation.STAR, now=NOON)
    store.remove_annotation(article, Annotation.TAG, "a relire")
    assert [(one.kind, one.value) for one in store.annotations(article)] == [(Annotation.STAR, "")]
    with pytest.raises(MissingError):
        store.annotate(99, Annotation.STAR, now=NOON)


def test_a_digest_is_told_what_was_seen_in_its_window(store):
    first, second = add(store, 1, text="un"), add(store, 2, text="un", summary="En bref")
    keep(store, make_reading("https://s1.example/later"), now=NOON + HOUR)
    keep(store, make_reading("https://s1.example/no"), relevant=False, now=NOON)
    tag(store, second)
    store.save_copies(
        second, [Copy(article=second, of=first, kind=CopyKind.VERBATIM, score=1, evidence="un")]
    )
    items = store.digest_items(parse_query("is:relevant"), NOON - HOUR, NOON)
    assert [(i.article, i.copies, i.summary, i.entities) for i in items] == [
        (second, 1, "En bref", ("CNIL", "Zoé M")),
        (first, 1, "", ()),
    ]
    assert store.digest_items(parse_query("is:relevant"), NOON, NOON + HOUR)[0].url[-5:] == "later"


def test_a_digest_is_told_what_changed_in_relevant_articles(store):
    article = add(store, 1)
    keep(store, make_reading("https://s1.example/1", text="autre"), now=NOON + HOUR)
    store.record_reading(article, "absent", "404", now=NOON + 2 * HOUR)
    keep(store, make_reading("https://b.example/"), relevant=False)
    keep(store, make_reading("https://b.example/", text="b"), relevant=False, now=NOON + HOUR)
    changes = store.changes(NOON, NOON + 2 * HOUR)
    assert [(c.what, c.detail) for c in changes] == [("absent", "404"), ("edited", "text")]
    assert [c.what for c in store.changes(NOON, NOON + HOUR)] == ["edited"]


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ("Un, deux, trois.", "Un, deux, quatre.", 2),
        ("Un, deux, trois.", "Un.", 2),
        ("Un.", "Un, deux, trois !", 2),
        ("Un deux.\n\nTrois quatre.", "Trois quatre.\n\nUn deux. Cinq.", 1),
    ],
    ids=["one word for another", "words gone", "words come", "paragraphs moved"],
)
def test_a_digest_is_told_how_many_words_of_a_text_changed(store, before, after, changed):
    add(store, 1, text=before)
    keep(store, make_reading("https://s1.example/1", text=after), now=NOON + HOUR)
    (change,) = store.changes(NOON, NOON + HOUR)
    assert (change.what, change.changed_words) == ("edited", changed)


def test_health_names_the_sources_that_keep_failing_or_never_answered(store):
    store.save_sources([Source(url=f"https://{n}.example", name=n) for n in "abcde"], now=NOON)
    polled = (("a", 0, NOON), ("b", 1, NOON), ("c", 9, NOON), ("d", 1, None), ("e", 0, None))
    for name, failures, answered_at in polled:
        state = SourceState(
            url=f"https://{name}.example", reason="503", failures=failures,
            last_success_at=answered_at,
        )  # fmt: skip
        store.record_poll(state, [], now=NOON)
    run = store.start_run(now=NOON)
    assert store.health(now=NOON).last_run_at is None
    store.finish_run(run, "done", {"kept": 3}, now=NOON + HOUR)
    health = store.health(now=NOON + HOUR)
    assert health == DigestHealth(sources=5, failing=("c: 503", "d: 503"), last_run_at=NOON + HOUR)
    assert store.last_runs()[0].summary == {"kept": 3}


def test_a_digest_of_one_date_is_saved_once_with_each_delivery(store):
    digest = Digest(
        list_name="equipe", affair="x", on=A_DAY, language="fr", items=(), changes=(),
        events=(make_event(1),), health=DigestHealth(sources=0, failing=(), last_run_at=None),
    )  # fmt: skip
    assert store.find_digest("equipe", A_DAY) is None
    assert [store.save_digest(digest, now=NOON) for _ in range(2)] == [True, False]
    assert store.find_digest("equipe", A_DAY) == digest
    assert store.last_digest_on("equipe") == A_DAY
    for state, tries in (("retry", 1), ("sent", 2)):
        delivery = Delivery(
            recipient="z@a.example", state=state, reason="", message_id="<1>", tried_at=NOON,
            tries=tries,
        )  # fmt: skip
        store.save_delivery("equipe", A_DAY, delivery)
    assert store.deliveries("equipe", A_DAY) == (delivery,)
