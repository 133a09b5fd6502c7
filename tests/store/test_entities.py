"""Who is whom: what the rules said, what a person decides instead, and how that is undone."""

from datetime import timedelta

import pytest

from model.errors import ConfigError, MissingError
from model.mention import Entity, EntityKind, Mention, Quote, Tags
from model.query import parse_query
from store import open_store
from store.derived import Part
from store.entities.decided import DecisionKind
from store.entities.joined import Joined
from store.sqlite import sqlite3
from tests.store.makers import NOON, keep, make_event, make_reading, make_sentence
from tests.store.test_cost import costs

PERSON = EntityKind.PERSON


def naming(*names, speaker=None):
    """Return the finds of a text that names people, one of whom may be quoted."""
    mentions = [
        Mention(start=place, end=place + 1, text="x", entity=name, kind=PERSON, by="fr")
        for place, name in enumerate(names)
    ]
    quotes = (Quote(start=0, end=1, text="x", speaker=speaker, verb="dit"),) if speaker else ()
    return Tags(lang="fr", mentions=tuple(mentions), quotes=quotes)


def add(store, number, *names, speaker=None, joined=(), sentences=()):
    """Keep one more article that names some, and return its id."""
    reading = make_reading(
        f"https://a.example/{number}", text="x" * 40, published_at=NOON + timedelta(days=number)
    )
    kept = keep(store, reading, now=NOON + timedelta(days=number))
    store.save_tags(
        kept.version_id, naming(*names, speaker=speaker),
        [make_sentence(kept.article_id, sentence="x" * 10, entities=one) for one in sentences],
        tagger="t", now=NOON, joined=joined,
    )  # fmt: skip
    return kept.article_id


def is_whom(called, key, reason="surname of the only one", **fields):
    return Joined(called=called, kind=PERSON, key=key, reason=reason, **fields)


def found(store, asked):
    hits = store.search(parse_query(asked), now=NOON, limit=99).hits
    return sorted(hit.article for hit in hits)


def named(store):
    """Return who is named in how many articles."""
    return {one.name: one.articles for one in store.entities()}


def of(store, name):
    return store.who_is(name)[0].id


@pytest.fixture
def roy(store):
    """Return a store in which Anne Roy is named in three ways, and Paul Roy in one."""
    add(store, 1, "Anne Roy", speaker="Anne Roy", sentences=[("Anne Roy",)])
    add(store, 2, "Roy", joined=[is_whom("Roy", "anne roy", via="Anne Roy", doubt="slight")])
    add(store, 3, "Mme A. Roy", "Paul Roy", speaker="Mme A. Roy", sentences=[("Mme A. Roy",)])
    return store


def test_a_joined_name_is_found_under_every_name_and_shows_why(roy):
    assert named(roy) == {"Anne Roy": 2, "Mme A. Roy": 1, "Paul Roy": 1}
    assert found(roy, 'entity:"Anne Roy"') == found(roy, "entity:roy") == [1, 2]
    told = roy.tell_entity(of(roy, "Anne Roy"))
    assert [(one.name, one.articles, one.why, one.doubt, one.via) for one in told.names] == [
        ("Anne Roy", 1, "same name", "", ""),
        ("Roy", 1, "surname of the only one", "slight", "Anne Roy"),
    ]


def test_tags_tell_whom_a_text_means(roy):
    roy.merge_entities(of(roy, "Mme A. Roy"), of(roy, "Anne Roy"), now=NOON)
    tags = roy.tags(roy.article(3).current.id)
    assert [mention.entity for mention in tags.mentions] == ["Anne Roy", "Paul Roy"]
    assert tags.quotes[0].speaker == "Anne Roy"


def test_merging_moves_articles_quotes_and_dated_sentences(roy):
    decision = roy.merge_entities(of(roy, "Mme A. Roy"), of(roy, "Anne Roy"), now=NOON)
    assert (decision.kind, decision.name, decision.other, decision.waiting) == (
        DecisionKind.MERGE, "Mme A. Roy", "Anne Roy", 0,
    )  # fmt: skip
    assert named(roy) == {"Anne Roy": 3, "Paul Roy": 1}
    assert found(roy, 'entity:"Anne Roy"') == found(roy, 'entity:"mme a roy"') == [1, 2, 3]
    told = roy.tell_entity(of(roy, "mme a. roy"))
    assert [(quote.article, quote.words) for quote in told.quotes] == [(3, "x"), (1, "x")]
    assert [one.id for one in told.decisions] == [decision.id]
    assert {one.entities for one in roy.dated_sentences()} == {("Anne Roy",)}
    assert roy.stale_days() != ()


def test_undoing_a_merge_parts_what_was_two(roy):
    before = named(roy)
    roy.merge_entities(of(roy, "Mme A. Roy"), of(roy, "Anne Roy"), now=NOON)
    add(roy, 4, "Mme A. Roy", joined=[is_whom("Mme A. Roy", "anne roy", "name known")])
    undone = roy.undo_decision(now=NOON + timedelta(days=1))
    assert undone.undone_at == NOON + timedelta(days=1)
    assert named(roy) == before | {"Mme A. Roy": 2}
    assert found(roy, 'entity:"Anne Roy"') == [1, 2]


def test_merges_follow_one_another_and_come_apart_in_any_order(roy):
    first = roy.merge_entities(of(roy, "Mme A. Roy"), of(roy, "Anne Roy"), now=NOON)
    roy.merge_entities(of(roy, "Anne Roy"), of(roy, "Paul Roy"), now=NOON)
    assert named(roy) == {"Paul Roy": 3}
    roy.undo_decision(first.id, now=NOON)
    assert named(roy) == {"Paul Roy": 3, "Mme A. Roy": 1}
    roy.undo_decision(now=NOON)
    assert named(roy) == {"Anne Roy": 2, "Mme A. Roy": 1, "Paul Roy": 1}


def test_a_split_name_is_another_entity_until_it_is_undone(roy):
    roy.split_entity(of(roy, "Anne Roy"), "Roy", now=NOON)
    assert named(roy) == {"Anne Roy": 1, "Mme A. Roy": 1, "Paul Roy": 1, "Roy": 1}
    assert found(roy, "entity:roy") == [1, 2], "Anne Roy was known by that name in a text"
    add(roy, 4, "Roy", joined=[is_whom("Roy", "anne roy")])
    assert named(roy)["Roy"] == 2
    roy.undo_decision(now=NOON)
    assert named(roy) == {"Anne Roy": 3, "Mme A. Roy": 1, "Paul Roy": 1}


def test_a_name_can_be_split_in_one_article_alone(roy):
    add(roy, 4, "Roy", joined=[is_whom("Roy", "anne roy")])
    roy.split_entity(of(roy, "Anne Roy"), "roy", called="Paul Roy", articles=[4], now=NOON)
    assert named(roy) == {"Anne Roy": 2, "Mme A. Roy": 1, "Paul Roy": 2}
    assert found(roy, 'entity:"Paul Roy"') == [3, 4]
    with pytest.raises(ConfigError, match="no text means 'Anne Roy' by 'roy' in article 3"):
        roy.split_entity(of(roy, "Anne Roy"), "roy", articles=[3], now=NOON)


def test_an_alias_means_one_entity_whatever_the_rules_say(roy):
    roy.alias_entity(of(roy, "Paul Roy"), "Roy", now=NOON)
    assert named(roy) == {"Anne Roy": 1, "Mme A. Roy": 1, "Paul Roy": 2}
    add(roy, 4, "ROY", joined=[is_whom("ROY", "anne roy")])
    assert named(roy)["Paul Roy"] == 3
    roy.alias_entity(of(roy, "Anne Roy"), "roy", now=NOON)
    assert named(roy)["Anne Roy"] == 3, "the last decision on a name counts"
    with pytest.raises(ConfigError, match="is an alias of 'Anne Roy' already"):
        roy.alias_entity(of(roy, "Anne Roy"), "Roy", now=NOON)


def test_a_renamed_entity_is_found_by_its_old_name(roy):
    roy.rename_entity(of(roy, "Anne Roy"), "Anne Roy-Lemaire", now=NOON)
    assert named(roy)["Anne Roy-Lemaire"] == 2
    for name in ("Anne Roy", "anne roy lemaire", "Roy"):
        assert found(roy, f'entity:"{name}"') == [1, 2]
    roy.rename_entity(of(roy, "Anne Roy"), "Anne Lemaire", now=NOON)
    roy.undo_decision(now=NOON)
    assert "Anne Roy-Lemaire" in named(roy)
    roy.undo_decision(now=NOON)
    assert "Anne Roy" in named(roy)
    assert found(roy, 'entity:"Anne Lemaire"') == []


def test_events_are_found_by_every_name_of_whom_they_name(roy):
    roy.replace_events(None, [make_event(1, entities=("Anne Roy",))])
    roy.rename_entity(of(roy, "Anne Roy"), "Anne Lemaire", now=NOON)
    for name in ("Anne Roy", "Anne Lemaire", "roy"):
        assert len(roy.events(now=NOON, entity=name)) == 1
        assert len(roy.events(parse_query(f'entity:"{name}"'), now=NOON)) == 1
    assert roy.events(now=NOON, entity="Paul Roy") == ()


def test_a_fuller_name_is_what_an_entity_is_called_from_then_on(store):
    add(store, 1, "Roy")
    fuller = is_whom("Anne Roy", "roy", "full name of a known surname", is_fuller=True)
    add(store, 2, "Anne Roy", joined=[fuller])
    assert named(store) == {"Anne Roy": 2}
    add(store, 3, "Roy", joined=[is_whom("Roy", None, "could be several", could_be=("roy",))])
    assert named(store) == {"Anne Roy": 2, "Roy": 1}
    (name,) = store.tell_entity(of(store, "Roy")).names
    assert name.could_be == ("Anne Roy",)


def test_what_the_configuration_calls_an_entity_stands(store):
    store.save_watched([Entity(name="Roy", kind=PERSON, aliases=("la maire",))])
    add(store, 1, "Anne Roy", joined=[is_whom("Anne Roy", "roy", is_fuller=True)])
    assert named(store) == {"Roy": 1}
    assert found(store, 'entity:"la maire"') == [1]


def test_an_entity_is_what_most_of_its_first_texts_take_it_for(store):
    for number, kind in enumerate(("place", "person", "person", "place", "person")):
        article = keep(store, make_reading(f"https://a.example/{number}", text="x" * 40))
        mention = Mention(start=0, end=1, text="x", entity="Roy", kind=EntityKind(kind), by="fr")
        tags = Tags(lang="fr", mentions=(mention,))
        store.save_tags(article.version_id, tags, [], tagger="t", now=NOON)
        assert store.who_is("Roy")[0].kind == ("place" if number < 2 else "person")


def test_what_a_text_named_first_takes_its_name_and_kind_from_the_configuration(store):
    add(store, 1, "BRIEFCAM")
    store.save_watched([Entity(name="BriefCam", kind=EntityKind.PRODUCT)])
    (found,) = store.who_is("briefcam")
    assert (found.name, found.kind) == ("BriefCam", EntityKind.PRODUCT)


@pytest.mark.parametrize(
    ("decide", "said"),
    [
        (lambda s: s.merge_entities(of(s, "Roy"), of(s, "Anne Roy"), now=NOON), "are one already"),
        (lambda s: s.rename_entity(of(s, "Roy"), "Anne Roy", now=NOON), "is its name already"),
        (lambda s: s.undo_decision(now=NOON), "nothing to undo"),
        (lambda s: s.undo_decision(7, now=NOON), "there is no decision 7"),
    ],
    ids=["merged", "renamed", "nothing", "unknown"],
)
def test_what_cannot_be_decided_is_said_and_leaves_no_trace(roy, decide, said):
    with pytest.raises((ConfigError, MissingError), match=said):
        decide(roy)
    assert roy.decisions() == ()


def test_a_decision_is_undone_once_and_never_changed_nor_deleted(roy):
    roy.rename_entity(of(roy, "Paul Roy"), "Paul", now=NOON)
    roy.undo_decision(1, now=NOON)
    with pytest.raises(ConfigError, match="is undone already"):
        roy.undo_decision(1, now=NOON)
    for sql in ("DELETE FROM entity_decision", "UPDATE entity_decision SET name = 'x'"):
        with pytest.raises(sqlite3.IntegrityError, match="decision is"), roy.database.writing():
            roy.database.execute(sql)


def decide_all(store):
    store.merge_entities(of(store, "Mme A. Roy"), of(store, "Anne Roy"), now=NOON)
    store.rename_entity(of(store, "Anne Roy"), "Anne Lemaire", now=NOON)
    store.split_entity(of(store, "Anne Lemaire"), "Roy", called="Roy (préfet)", now=NOON)
    store.alias_entity(of(store, "Paul Roy"), "le préfet", now=NOON)


DECIDED = {"Anne Lemaire": 2, "Roy (préfet)": 1, "Paul Roy": 1}


def tag_again(store):
    """Tag all articles anew, the last first, as other rules would that join nobody."""
    names = {1: ("Anne Roy",), 2: ("Roy",), 3: ("Mme A. Roy", "Paul Roy")}
    for article, called in sorted(names.items(), reverse=True):
        version = store.article(article).current.id
        store.save_tags(version, naming(*called), [], tagger="t2", now=NOON)
    store.drop_unnamed()


@pytest.mark.parametrize("lost", [(), ("entity_name", "joining"), ("entity", "mention", "joining")])
def test_decisions_survive_the_making_anew_of_all_that_is_derived(roy, lost):
    decide_all(roy)
    assert named(roy) == DECIDED
    roy.database.execute("PRAGMA foreign_keys = OFF")
    with roy.database.writing():
        for table in lost:
            roy.database.execute(f"DROP TABLE {table}")
    roy.database.execute("PRAGMA foreign_keys = ON")
    roy.restore_tables(now=NOON)
    roy.ask_again((Part.TAGS,), now=NOON)
    roy.drop_asked(now=NOON)
    tag_again(roy)
    assert named(roy) == DECIDED
    assert len(roy.decisions()) == 4
    for number in (4, 3, 2, 1):
        roy.undo_decision(number, now=NOON)
    assert named(roy) == {"Anne Roy": 1, "Mme A. Roy": 1, "Paul Roy": 1, "Roy": 1}


def test_decisions_on_many_texts_are_settled_piece_by_piece_and_go_on_after_a_kill(
    tmp_path, monkeypatch
):
    monkeypatch.setattr("store.entities.decided.BATCH", 2)
    with open_store(tmp_path / "data") as store:
        for number in range(7):
            add(store, number, f"Nom {number % 2}")
        decision = store.merge_entities(of(store, "Nom 0"), of(store, "Nom 1"), now=NOON)
        assert decision.waiting == 2
        assert sum(named(store).values()) == 7, "each article names one, moved or not yet"
    with open_store(tmp_path / "data") as store:
        while store.settle_joinings():
            pass
        assert named(store) == {"Nom 1": 7}
        assert store.count_stale_joinings() == 0


def join_one(store, number):
    """Join the names of one more article, of which many bear the same surname."""
    known = store.joining_candidates(["commun", "nom 3", "nom 4"], ["Nom 3"])
    assert len(known) == 22
    add(store, number, "Nom 3", "Nom 4", "X Commun", joined=[is_whom("Nom 3", "nom 3")])


def hold_many(store, first, last):
    for number in range(first, last):
        names = (f"Nom {number % 5}", "X Commun", f"Rare {number} Commun")
        joined = [
            Joined(called=name, kind=PERSON, key=None, reason="same name",
                   lookups=(name.split()[-1].lower(), name.lower()))
            for name in names
        ]  # fmt: skip
        add(store, number, *names, joined=joined)


def test_joining_one_article_costs_the_same_whatever_is_held(store):
    hold_many(store, 0, 60)
    young = costs(store, lambda: join_one(store, 10_000))
    hold_many(store, 60, 600)
    assert costs(store, lambda: join_one(store, 10_001)) <= young * 1.2 + 200


def test_telling_of_an_entity_costs_no_more_than_what_is_shown_and_names_it(store):
    hold_many(store, 0, 30)

    def ask():
        store.tell_entity(of(store, "Nom 1"))
        store.most_named(limit=5)

    young = costs(store, ask)
    for number in range(30, 400):
        add(store, number, f"Autre {number}")
    assert costs(store, ask) <= young * 1.2 + 200
