"""Who is named together, as graphs that networkx reads back."""

import io
from datetime import date
from typing import Any

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exporting.graphs import build_graph, write_gexf, write_graphml
from model.query import parse_query
from store import open_store
from store.entities.together import Naming
from tests.held_affair import fill
from tests.store.makers import NOON

FORMATS: dict[str, tuple[Any, Any]] = {
    "graphml": (write_graphml, networkx.read_graphml),
    "gexf": (write_gexf, networkx.read_gexf),
}


def naming(article, on, *names):
    return Naming(article=article, on=on, names=tuple((name, "person", 2) for name in names))


FIRST, LAST = date(2023, 11, 1), date(2023, 12, 1)
NAMINGS = (
    naming(1, LAST, "Anne", "Bruno", "Chloé"),
    naming(2, FIRST, "Anne", "Bruno"),
    naming(3, FIRST),
)


def reread(name, graph):
    write, read = FORMATS[name]
    out = io.BytesIO()
    write(graph, out)
    out.seek(0)
    return read(out)


@pytest.mark.parametrize("name", FORMATS)
def test_a_graph_is_read_back_as_it_was(name):
    graph = reread(name, build_graph(NAMINGS))
    assert set(graph) == {"Anne", "Bruno", "Chloé"}
    anne = graph.nodes["Anne"]
    assert (anne["kind"], anne["articles"], anne["mentions"]) == ("person", 2, 4)
    assert (anne["first_on"], anne["last_on"]) == ("2023-11-01", "2023-12-01")
    assert graph.number_of_edges() == 3
    edge = graph.edges["Anne", "Bruno"]
    assert (edge["weight"], edge["first_on"], edge["last_on"]) == (2, "2023-11-01", "2023-12-01")
    assert graph.edges["Bruno", "Chloé"]["weight"] == 1


def test_what_few_articles_name_is_left_out_when_asked():
    graph = build_graph(NAMINGS, least=2)
    assert set(graph) == {"Anne", "Bruno"}
    assert list(graph.edges) == [("Anne", "Bruno")]


@pytest.mark.parametrize("name", FORMATS)
def test_nobody_named_is_a_graph_of_nobody(name):
    assert len(reread(name, build_graph(()))) == 0


@pytest.mark.parametrize("name", FORMATS)
@given(text=st.text(min_size=1, max_size=20))
def test_any_name_stays_one_node_of_well_formed_xml(name, text):
    names = {f"x {text} <&\"' ]]> \x0b \ud800", "other"}
    graph = reread(name, build_graph((naming(1, FIRST, *names),)))
    assert (len(graph), graph.number_of_edges()) == (2, 1)


def test_the_store_tells_who_each_article_names(tmp_path):
    fill(tmp_path)
    with open_store(tmp_path, read_only=True) as store:
        told = list(store.namings(now=NOON))
        named = {one.article: one.names for one in told}
        assert named[1] == (("CNIL", "organisation", 1),)
        assert len(told) == store.search(now=NOON).total == 5
        (one,) = store.namings(parse_query("entity:CNIL"), now=NOON)
        assert (one.article, one.on) == (1, date(2023, 11, 21))
