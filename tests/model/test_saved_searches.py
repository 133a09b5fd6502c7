"""What `search:name` stands for."""

import pytest

from model.errors import QueryError
from model.mention import Entity, EntityKind
from model.query import And, Everything, Facet, Has, Or, Versions, Words, parse_query
from model.saved_searches import expand_searches, named_searches, read_query, search_key, spelt

SAVED = {
    "justice": "plainte OR recours",
    "L'affaire, en 2023": "search:justice date:2023",
    "old": "version:any fichage",
    "a": "search:b",
    "b": "x OR search:A",
    "lost": "search:nowhere",
    "broken": "(",
    "wide": " OR ".join(f"w{number}" for number in range(299)),
    "wider": "search:wide OR search:wide OR search:wide",
    "deep0": "x",
    **{f"deep{n}": f"{'(a OR -' * 4}search:deep{n - 1}{')' * 4}" for n in range(1, 6)},
}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("search:justice", "plainte OR recours"),
        ("search:JUSTICE police", "(plainte OR recours) police"),
        ("-search:justice", "-(plainte OR recours)"),
        ('search:"l’affaire en 2023"', "(plainte OR recours) date:2023"),
        ("search:(justice OR old)", "(plainte OR recours) OR (version:any fichage)"),
        ("police", "police"),
    ],
)  # fmt: skip
def test_a_saved_search_stands_for_its_query(typed, meant):
    expanded = expand_searches(parse_query(typed), SAVED)
    told = repr(expanded)
    if "old" in typed:
        assert isinstance(expanded, Or)
        assert told.count("Versions.ANY") == 1
    else:
        assert expanded == parse_query(meant)


def test_older_versions_are_asked_for_in_the_searches_that_are_named():
    query = expand_searches(parse_query("version:any search:justice"), SAVED)
    assert isinstance(query, Or)
    words = [part for part in query.parts if isinstance(part, Words)]
    assert [part.versions for part in words] == [Versions.ANY] * len(query.parts)


def test_a_watched_name_within_a_saved_search_means_the_entity():
    cnil = Entity(name="CNIL", kind=EntityKind.ORGANISATION)
    query = read_query("search:x", {"x": "cnil police"}, [cnil])
    assert isinstance(query, And)
    first = query.parts[0]
    assert isinstance(first, Or)
    assert Has(typed="cnil", facet=Facet.ENTITY, value="CNIL") in first.parts


@pytest.mark.parametrize(
    ("typed", "position", "sentence"),
    [
        ("police search:justise", 14, "did you mean search:justice?"),
        ("search:zzz", 7, "`vigie searches list`"),
        ("search:lost", 7, "'nowhere' (named by search:lost)"),
        ("x search:a", 9, "search:a names search:b names search:a, which is a circle"),
        ("search:broken", 7, "broken cannot be read: save it anew"),
        ("search:wider", 7, "more than 600 words"),
        ("search:deep5", 7, "nests too deeply"),
    ],
)
def test_what_cannot_be_expanded_is_refused_with_its_place(typed, position, sentence):
    with pytest.raises(QueryError) as refusal:
        read_query(typed, SAVED)
    assert (refusal.value.query, refusal.value.position) == (typed, position)
    assert sentence in refusal.value.reason


def test_a_chain_of_names_ends_in_a_sentence():
    saved = {f"s{number}": f"search:s{number + 1}" for number in range(2_000)}
    with pytest.raises(QueryError, match="too deeply"):
        read_query("search:s0", saved)


def test_many_names_of_one_search_take_no_time():
    saved = {f"s{number}": f"search:s{number + 1} search:s{number + 1}" for number in range(15)}
    with pytest.raises(QueryError, match="more than 600 words"):
        read_query("search:s0", saved | {"s15": "x"})


def test_names_are_spelt_as_a_query_reads_them():
    for name in ("justice", "l'affaire 2023", "a-b", "Été"):
        (leaf,) = named_searches(parse_query(f"search:{spelt(name)}"))
        assert search_key(leaf.name) == search_key(name)


def test_a_search_for_everything_may_be_named():
    assert read_query("search:all", {"all": "*"}) == Everything()
