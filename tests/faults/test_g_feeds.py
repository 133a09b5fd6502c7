"""Fault 85: what a feed cannot hold, and ids that must last."""

import json
import socket

import feedparser
import pytest
from lxml import etree

from app.cli import main
from store import open_store
from tests.faults.running import write_config
from tests.store.makers import keep, make_reading

ATOM = "{http://www.w3.org/2005/Atom}"
BROKEN = "a\x0bb\x00c ]]> \ud800 <![CDATA[ &bogus; \ufffe \x1b[31m"
BODY = f"début {BROKEN} " + "mot " * 250_000 + "fin"


@pytest.fixture
def exported(capfdbinary):
    def run(folder, name):
        with pytest.raises(SystemExit) as left:
            main(args=["--config", str(folder / "config.toml"), "export", name])
        assert left.value.code == 0
        return capfdbinary.readouterr()[0]

    return run


@pytest.fixture
def folder(tmp_path):
    write_config(tmp_path)
    with open_store(tmp_path / "data") as store:
        keep(store, make_reading(title=BROKEN, text=BODY, authors=(BROKEN,), summary=BROKEN))
        keep(store, make_reading("https://a.example/2", "Suivant", "Texte."))
    return tmp_path


def test_fault_85_a_feed_is_well_formed_whatever_stands_in_it(folder, exported):
    content = exported(folder, "atom")
    feed = etree.fromstring(content, etree.XMLParser(huge_tree=True))
    entries = {one.findtext(f"{ATOM}title"): one for one in feed.findall(f"{ATOM}entry")}
    assert len(entries) == 2
    assert "Suivant" in entries
    (broken,) = [one for title, one in entries.items() if title != "Suivant"]
    told = str(broken.findtext(f"{ATOM}content"))
    assert len(told) > 1_000_000
    assert told.startswith("<p>début a\ufffdb\ufffdc ]]&gt; ")
    assert told.endswith("fin</p>")
    found = feedparser.parse(content)
    assert (found.bozo, len(found.entries)) == (False, 2)


def test_fault_85_json_holds_the_same(folder, exported):
    items = json.loads(exported(folder, "jsonfeed"))["items"]
    assert len(items) == 2
    assert max(len(item["content_html"]) for item in items) > 1_000_000


@pytest.mark.parametrize("name", ["atom", "jsonfeed"])
def test_fault_85_ids_outlive_a_restart_and_another_host(folder, exported, name, monkeypatch):
    before = exported(folder, name)
    monkeypatch.setattr(socket, "gethostname", lambda: "another")
    monkeypatch.setattr(socket, "getfqdn", lambda *_: "another.example")
    assert exported(folder, name) == before
