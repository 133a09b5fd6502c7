"""Files that older programs made hold the same entities after they are opened."""

from model.query import parse_query
from store import open_store
from tests import held_affair
from tests.store.makers import NOON, make_older


def test_the_names_of_an_older_file_are_held_joined_and_decided_on(tmp_path):
    data = tmp_path / "data"
    held_affair.fill(data)
    with open_store(data) as store:
        before = store.tags(store.article(1).current.id), store.entities()
    make_older(data / "vigie.db", 10)
    with open_store(data) as store:
        assert (store.tags(store.article(1).current.id), store.entities()) == before
        (cnil,) = store.who_is("cnil")
        assert [one.words for one in store.tell_entity(cnil.id).quotes] == ["Nous vérifions"]
        store.rename_entity(cnil.id, "La CNIL", now=NOON)
        assert store.search(parse_query("entity:CNIL"), now=NOON).total == 1
        assert [one.name for one in store.unlooked(limit=9)] == ["CNIL", "La CNIL"]
