"""Nothing typed raises: not in reading it, not in matching, not in searching, not in correcting."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from model.errors import QueryError
from model.matching import Subject, local_day, matches
from model.query import FIELDS
from model.saved_searches import read_query
from store import open_store
from store.records import Order
from store.search.compiling import compile_query
from tests.store.makers import NOON, keep, make_reading
from tests.store.test_agreement import PARIS

SUBJECT = Subject(title="Un titre", text="La police de l'affaire.", lang="fr")
PIECES = st.sampled_from(
    ['"', "“", "»", "«", "(", ")", "-", "*", "~3", "~", ":", "OR", "AND", "NOT", " ", "\0", "a",
     "l'", "É", "\ud800", "\udfff", "/", "NEAR(", "{", "^", "+", ";", "'", "]--", '" or 1=1',
     "is:relevant", "P3D", "2023", "version:any", "search:x", "search:", "police", "\u202e", "%",
     "\\", "\U0010ffff", "٣", "=1", "!x", "~5", "\u017f", "docker-compose", "rowid", "\n", "\r",
     *(f"{field}:" for field in FIELDS)]
)  # fmt: skip
TYPED = st.one_of(st.text(), st.lists(PIECES).map("".join), st.lists(PIECES).map(" ".join))


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    with open_store(tmp_path_factory.mktemp("hostile")) as store:
        keep(store, make_reading(text=SUBJECT.text))
        store.save_search("x", "police OR version:any affaire", now=NOON)
        yield store


def ask(store, typed):
    """Ask what is typed of everything that takes a query; the refusal, if it is one."""
    try:
        query = read_query(typed, store.saved_queries())
    except QueryError as refusal:
        return refusal
    matches(query, SUBJECT, today=local_day(NOON, PARIS))
    for order in Order:
        found = store.search(query, now=NOON, order=order, count_all=order is Order.NEWEST)
        assert found.total in {0, 1}
    store.facets(query, now=NOON)
    store.near_names(typed)
    store.near_words(typed)
    return None


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(TYPED)
@example('"')
@example("AND")
@example("l'affaire")
@example("docker-compose")
@example("title:x")
@example("*")
@example("")
@example("(a")
@example("NEAR(")
@example("\0")
@example("a]--")
@example('x" or 1=1')
@example("(-" * 39 + "a" + ")" * 39)
@example("-(a OR " * 39 + "b" + ")" * 39)
@example("(a -(b OR " * 6 + '"c d"' + "))" * 6)
@example("(a -(b OR " * 19 + '"c d"' + "))" * 19)
@example("(a (b OR " * 9 + "title:c -text:d is:relevant" + "))" * 9)
@example(" ".join(f'-"w{number} x"' for number in range(300)))
@example(" OR ".join(f"w{number}*" for number in range(300)))
@example(" OR ".join(["search:x"] * 300))
@example("version:any " + " ".join(f"w{number}" for number in range(40)))
@example("version:any (" + " OR ".join(f"w{number}" for number in range(290)) + ")")
@example("version:any a " + " ".join(f'-"w{number} x"' for number in range(290)))
@example("version:any (" + " OR ".join(["search:x"] * 290) + ")")
def test_anything_typed_is_answered_or_refused_at_its_place(held, typed):
    refusal = ask(held, typed)
    if refusal is not None:
        assert refusal.query in typed
        assert 0 <= refusal.position <= len(typed)
        assert refusal.reason.endswith((".", "?"))
        assert refusal.reason[0].isupper() or refusal.reason.split(":")[0] in {*FIELDS, "version"}


@pytest.mark.parametrize(
    "typed",
    [
        "({any}) a",
        "a -({any})",
        " ".join(f"-w{number}" for number in range(99)),
        "({any}) OR is:copy",
    ],
    ids=["a choice", "a choice denied", "each denied", "a choice among others"],
)
def test_many_words_in_any_version_are_sought_in_few_look_ups(held, typed):
    several = " OR ".join(f'w{number} OR "p q{number}"' for number in range(99))
    query = read_query(f"version:any {typed.format(any=several)}", {})
    compiled = compile_query(query, held.database, local_day(NOON, PARIS))
    assert compiled.condition.sql.count("MATCH") <= 6
