"""Who and what is named together, as a graph: GraphML and GEXF.

A name is a node, and an article that names two of them joins them by an edge, whatever it says of
either. It draws nothing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import BinaryIO

import msgspec
import networkx
from lxml import etree
from lxml.builder import ElementMaker

from app.asking import opened
from app.exporting.citing import one_line
from app.exporting.text import fit
from app.exporting.writing import asked_query, open_output
from app.output import note
from app.workplace import Workplace, utc_now
from crawler import PROGRAM
from model.plurals import count
from store.entities.together import Naming

MAX_NAME = 300
GEXF = "http://www.gexf.net/1.2draft"
NODE_VALUES = {
    "kind": "string", "articles": "long", "mentions": "long",
    "first_on": "string", "last_on": "string",
}  # fmt: skip
EDGE_VALUES = {"first_on": "string", "last_on": "string"}

_G = ElementMaker(namespace=GEXF, nsmap={None: GEXF})


Write = Callable[["networkx.Graph[str]", BinaryIO], None]
"""How a format writes a graph."""


def export_graph(
    workplace: Workplace, words: Sequence[str], to: Path | None, least: int, write: Write
) -> None:
    """Write who is named in the articles that answer, and tell how many on standard error."""
    asked = asked_query(words)
    with opened(workplace) as held:
        query = held.query(asked)
        with closing(held.store.namings(query, now=utc_now())) as namings:
            counted = list(namings)
    graph = build_graph(counted, least)
    with open_output(to) as out:
        write(graph, out)
    place = f" in {to}, readable by you alone" if to is not None and to.is_file() else ""
    note(
        f"{count(len(counted), 'article')}: {count(len(graph), 'name')},"
        f" {count(graph.number_of_edges(), 'pair')} named together{place}."
    )
    if not counted and asked.strip():
        note(f"Nothing held answers {asked!r}; `vigie search` takes the same query.")
    elif not graph:
        note("Nobody is named there; `vigie run` finds the names of what the affair keeps.")


class Span(msgspec.Struct):
    """How many articles, and the first and last day they stand on."""

    articles: int = 0
    mentions: int = 0
    first_on: date = date.max
    last_on: date = date.min
    kind: str = ""

    def add(self, on: date, mentions: int = 0) -> None:
        """Count one more article."""
        self.articles += 1
        self.mentions += mentions
        self.first_on = min(self.first_on, on)
        self.last_on = max(self.last_on, on)


def build_graph(namings: Iterable[Naming], least: int = 1) -> "networkx.Graph[str]":
    """Return the graph of all that is named in at least `least` of the articles."""
    nodes: dict[str, Span] = {}
    named: list[tuple[date, tuple[str, ...]]] = []
    for naming in namings:
        told = [(_name(name), kind, times) for name, kind, times in naming.names]
        for name, kind, times in told:
            span = nodes.setdefault(name, Span(kind=kind))
            span.add(naming.on, times)
        named.append((naming.on, tuple(name for name, _, _ in told)))
    kept = {name: span for name, span in nodes.items() if span.articles >= least}
    graph: networkx.Graph[str] = networkx.Graph()
    for name, span in sorted(kept.items(), key=lambda item: (-item[1].articles, item[0])):
        graph.add_node(
            name, label=name, kind=span.kind, articles=span.articles, mentions=span.mentions,
            first_on=span.first_on.isoformat(), last_on=span.last_on.isoformat(),
        )  # fmt: skip
    for (one, other), span in _joined(named, kept).items():
        graph.add_edge(
            one, other, weight=span.articles,
            first_on=span.first_on.isoformat(), last_on=span.last_on.isoformat(),
        )  # fmt: skip
    return graph


def _joined(
    named: Iterable[tuple[date, tuple[str, ...]]], kept: dict[str, Span]
) -> dict[tuple[str, str], Span]:
    joined: dict[tuple[str, str], Span] = {}
    for on, names in named:
        for pair in combinations(sorted({name for name in names if name in kept}), 2):
            joined.setdefault(pair, Span()).add(on)
    return joined


def _name(name: str) -> str:
    return fit(one_line(name, MAX_NAME)) or "?"


def write_graphml(graph: "networkx.Graph[str]", out: BinaryIO) -> None:
    """Write a graph as GraphML."""
    networkx.write_graphml_lxml(graph, out, named_key_ids=True)
    out.write(b"\n")


def write_gexf(graph: "networkx.Graph[str]", out: BinaryIO) -> None:
    """Write a graph as GEXF 1.2, piece by piece: networkx builds the whole file in memory."""
    with etree.xmlfile(out, encoding="utf-8") as file:
        file.write_declaration()
        with file.element("gexf", nsmap={None: GEXF}, version="1.2"):
            file.write(_G.meta(_G.creator(PROGRAM)), "\n")
            with file.element("graph", defaultedgetype="undirected", mode="static"):
                file.write(_declared("node", NODE_VALUES), _declared("edge", EDGE_VALUES), "\n")
                with file.element("nodes"):
                    for name, values in graph.nodes(data=True):
                        file.write(_G.node(_values(NODE_VALUES, values), id=name, label=name))
                        file.write("\n")
                with file.element("edges"):
                    for number, (one, other, values) in enumerate(graph.edges(data=True)):
                        file.write(_edge(number, one, other, values), "\n")
    out.write(b"\n")


def _edge(number: int, one: str, other: str, values: Mapping[str, object]) -> etree._Element:
    ends = {"source": one, "target": other, "weight": str(values["weight"])}
    edge: etree._Element = _G.edge(ends, _values(EDGE_VALUES, values), id=str(number))
    return edge


def _declared(what: str, types: Mapping[str, str]) -> etree._Element:
    attributes = [_G.attribute(id=name, title=name, type=of) for name, of in types.items()]
    declared: etree._Element = _G.attributes(*attributes, mode="static")
    declared.set("class", what)
    return declared


def _values(types: Mapping[str, str], values: Mapping[str, object]) -> etree._Element:
    told = (_G.attvalue({"for": name, "value": str(values[name])}) for name in types)
    return _G.attvalues(*told)


WRITERS: Mapping[str, Write] = {"graphml": write_graphml, "gexf": write_gexf}
