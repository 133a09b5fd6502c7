"""The case file, and the other exports, as a person asks for them."""

import base64
import hashlib
import io
import json
import re
import stat
import subprocess
import sys
from datetime import date

import icalendar
import msgspec
import networkx
import pytest
from lxml import etree, html

from app.cli import main
from app.exporting.casefile_rendering import SNIPPET
from app.exporting.casefile_words import WORDS
from model.mention import Precision
from model.query import parse_query
from store import open_store
from tests.app.exported_makers import HOSTILE
from tests.held_affair import CONFIG, fill
from tests.store.makers import NOON, keep, make_event, make_reading

ATOM = "{http://www.w3.org/2005/Atom}"
SHORT = [text for name, text in HOSTILE.items() if "million" not in name]
SHORT += ["</style><script>x</script>", "{{7*7}}", "</blockquote></article>"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A configuration and its filled data folder, which no test changes."""
    folder = tmp_path_factory.mktemp("affair")
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    fill(folder / "data")
    return folder


@pytest.fixture
def vigie(capfdbinary):
    """Run the program in a folder; return its exit status, standard output and error."""

    def run(folder, line, *more):
        args = ["--config", f"{folder / 'config.toml'}", *line.split(), *more]
        with pytest.raises(SystemExit) as left:
            main(args=args)
        out, err = capfdbinary.readouterr()
        return left.value.code, out, err.decode()

    return run


@pytest.fixture
def page(vigie):
    """Return a case file as a tree."""

    def ask(folder, line="", *more):
        code, out, err = vigie(folder, f"export casefile {line}", *more)
        assert code == 0, err
        return html.fromstring(out.decode())

    return ask


def text(tree):
    """Return what a person reads."""
    for style in tree.iter("style"):
        style.text = ""
    return " ".join(tree.text_content().split())


# --- all of these exports


def counted(name, content):
    """Return how many articles or events a file of a format holds."""
    match name:
        case "atom":
            return len(etree.fromstring(content).findall(f"{ATOM}entry"))
        case "jsonfeed":
            return len(json.loads(content)["items"])
        case "timelinejs":
            return len(json.loads(content)["events"])
        case "ical":
            return len(icalendar.Calendar.from_ical(content).walk("VEVENT"))
        case _:
            return len(html.fromstring(content.decode()).find_class("exhibit"))


@pytest.mark.parametrize(
    "query", ["", "caméras", "is:relevant", "-caméras", "nothinglikeit", "cnil OR port"]
)
@pytest.mark.parametrize("name", ["atom", "jsonfeed", "casefile", "timelinejs", "ical"])
def test_as_many_are_written_as_are_found(folder, vigie, name, query):
    code, out, err = vigie(folder, f"export {name}", query)
    assert code == 0
    with open_store(folder / "data", read_only=True) as store:
        asked = parse_query(query)
        events = name in ("timelinejs", "ical")
        total = (
            len(store.events(asked, now=NOON)) if events else store.search(asked, now=NOON).total
        )
    assert counted(name, out) == total
    noun = "event" if events else "article"
    assert err.startswith(f"{total} {noun}{'' if total == 1 else 's'}.")


@pytest.mark.parametrize("read", [networkx.read_graphml, networkx.read_gexf])
def test_graphs_tell_how_much_they_hold(folder, vigie, read):
    name = read.__name__.removeprefix("read_")
    code, out, err = vigie(folder, f"export {name} is:relevant")
    assert (code, len(read(io.BytesIO(out)))) == (0, 1)
    assert err == "4 articles: 1 name, 0 pairs named together.\n"


@pytest.mark.parametrize(
    "name", ["atom", "jsonfeed", "casefile", "timelinejs", "ical", "graphml", "gexf"]
)
def test_a_file_is_for_its_owner_alone(folder, vigie, name, tmp_path):
    target = tmp_path / "out"
    code, out, err = vigie(folder, f"export {name} --to", str(target), "caméras")
    assert (code, out) == (0, b"")
    assert f"in {target}, readable by you alone." in err
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "name", ["atom", "jsonfeed", "casefile", "timelinejs", "ical", "graphml", "gexf"]
)
def test_wrong_use_is_told_in_a_sentence(folder, vigie, name):
    code, out, err = vigie(folder, f"export {name} (a")
    assert (code, out) == (2, b"")
    assert "^" in err


# --- the case file


def test_it_loads_nothing_and_a_browser_is_told_so(folder, vigie):
    content = vigie(folder, "export casefile")[1].decode()
    tree = html.fromstring(content)
    policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    digest = hashlib.sha256(str(tree.findtext(".//style")).encode()).digest()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{base64.b64encode(digest).decode()}';"
        " base-uri 'none'; form-action 'none'"
    )
    assert not tree.xpath("//script | //link | //img | //iframe | //object | //form | //base")
    assert not tree.xpath("//@style | //@src | //@srcset | //@*[starts-with(name(), 'on')]")
    assert "url(" not in content and "@import" not in content


def test_its_cover_says_what_was_asked_and_what_it_holds(folder, page):
    cover = text(page(folder, "", "caméras").find_class("cover")[0])
    for told in ("Le port et ses caméras", "caméras", "4 articles, 3 faits datés", "Vigie/"):
        assert told in cover
    assert "tout ce qui est conservé" in text(page(folder))
    assert "everything that is held" in text(page(folder, "--lang en"))


def test_articles_are_numbered_from_the_earliest_and_every_link_leads_somewhere(folder, page):
    tree = page(folder)
    titles = [" ".join(one.text_content().split()) for one in tree.iter("h3") if one.get("id")]
    assert titles[0] == "La CNIL contrôle enfin les caméras du port"
    targets = [href[1:] for href in tree.xpath("//a/@href") if href.startswith("#")]
    ids = set(tree.xpath("//@id"))
    assert targets and set(targets) <= ids
    assert {"a1", "a5", "e1", "e3", "annex", "bibliography"} <= ids
    others = [href for href in tree.xpath("//a/@href") if not href.startswith("#")]
    assert all(href.startswith("https://") for href in others)


def test_events_cite_the_articles_by_their_numbers(folder, page):
    first, second, third = page(folder).xpath("//ol[@class='timeline']/li")
    assert "La CNIL ouvre un contrôle le 15 novembre 2023." in text(first)
    assert first.xpath(".//a/@href") == ["#a1"]
    assert "date déduite" in text(second)
    assert "8 janvier 2024" in text(third)


def test_each_article_is_told_with_its_proof(folder, page):
    first = text(page(folder, "--lang en").get_element_by_id("a1"))
    with open_store(folder / "data", read_only=True) as store:
        proof = store.proof(1)
    for version in proof.versions:
        assert version.text_sha256 in first
    for capture in proof.captures:
        assert capture.capture.sha256 in first
    for told in (
        "gazette.example", "Jeanne Roy", "https://gazette.example/1", "free", "CNIL",
        "held.jsonl", "edited: headline, text", "[−ne dit rien−]", "{+refuse de répondre+}",
        "repeated by", "[3]", "1, in the affair",
    ):  # fmt: skip
        assert told in first, told


def test_its_hash_of_a_text_is_what_the_annex_computes(folder, vigie, page, tmp_path, monkeypatch):
    assert vigie(folder, "export evidence 1 --to", str(tmp_path / "one"))[0] == 0
    monkeypatch.chdir(tmp_path / "one")
    tree = page(folder)
    (shown,) = [pre for pre in tree.iter("pre") if "hashlib" in pre.text]
    assert shown.text == SNIPPET
    code = SNIPPET.split("\n", 1)[1].removesuffix("END")
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    numbers, digests = said.stdout.split()[::2], said.stdout.split()[1::2]
    assert numbers == ["1", "2"]
    assert all(digest in text(tree.get_element_by_id("a1")) for digest in digests)


def test_passages_or_whole_texts(folder, page):
    passages = text(page(folder, "port").get_element_by_id("a1").find_class("text")[0])
    assert "Nous vérifions" in passages
    short = text(page(folder, "is:relevant").get_element_by_id("a1").find_class("text")[0])
    assert "Nous vérifions" not in short and "ouvre un contrôle" in short
    marked = page(folder, "port").xpath("//mark")
    assert "port" in {mark.text for mark in marked}
    whole = text(page(folder, "--full").get_element_by_id("a1").find_class("text")[0])
    assert whole.endswith("Le port refuse de répondre.")


def test_sentences_of_articles_outside_the_file_are_counted(page, tmp_path):
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    with open_store(tmp_path / "data") as store:
        keep(store, make_reading("https://a.example/1", "Un", "Ceci. caméras"))
        keep(store, make_reading("https://a.example/2", "Deux", "Ceci. autre"))
        event = make_event(1)
        other = msgspec.structs.replace(event.citations[0], article=2)
        both = (*event.citations, other)
        store.replace_events(None, [msgspec.structs.replace(event, citations=both)])
    told = text(page(tmp_path, "", "caméras").xpath("//ol[@class='timeline']/li")[0])
    assert "1 phrase de plus le dit dans d’autres articles conservés" in told


def test_nothing_found_is_said(folder, page, vigie):
    told = text(page(folder, "nothinglikeit"))
    assert "Aucun article ne répond" in told and "Aucun fait daté" in told
    assert "Nothing held answers" in vigie(folder, "export casefile nothinglikeit")[2]


def test_hostile_texts_are_text(page, tmp_path):
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    with open_store(tmp_path / "data") as store:
        events = []
        for number, hostile in enumerate(SHORT, start=1):
            _keep_hostile(store, number, hostile)
            events.append(make_event(number, sentence=hostile or "x"))
        store.replace_events(None, events)
    for more in ("", "--full"):
        tree = page(tmp_path, more)
        assert not tree.xpath("//script | //i | //b | //@onmouseover")
        assert len(tree.find_class("exhibit")) == len(SHORT)
        assert len(tree.xpath("//ol[@class='timeline']/li")) == len(SHORT)
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\ud800-\udfff]", text(tree))
        assert "{{7*7}}" in text(tree)


def _keep_hostile(store, number, hostile):
    """Keep an article whose every text is hostile, and its edit."""
    url = f"https://a.example/{number}"
    fields = {"authors": (hostile,), "summary": hostile, "details": {"site_name": hostile}}
    keep(store, make_reading(url, hostile, f"a {hostile}\nb", **fields))
    keep(store, make_reading(url, f"{hostile} x", f"b {hostile}", **fields))


def test_evidence_that_was_changed_stops_it(vigie, tmp_path):
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    with open_store(tmp_path / "data") as store:
        keep(store)
        store.database.execute("DROP TRIGGER version_is_never_changed")
        store.database.execute("UPDATE version SET text = 'autre'")
    target = tmp_path / "file.html"
    code, _, err = vigie(tmp_path, "export casefile --to", str(target))
    assert (code, target.exists()) == (5, False)
    assert "vigie verify" in err


def test_every_word_is_there_in_both_languages():
    assert all(french and english for french, english in WORDS.values())


def test_the_span_of_events_says_no_more_than_is_known(page, tmp_path):
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    with open_store(tmp_path / "data") as store:
        kept = keep(store, make_reading())
        year = make_event(kept.article_id, date(1978, 1, 1), date(1978, 12, 31))
        year = msgspec.structs.replace(year, precision=Precision.YEAR)
        store.replace_events(None, (year, make_event(kept.article_id, date(2023, 11, 14))))
    assert "Events dated1978 – 14 November 2023" in text(page(tmp_path, "--lang en"))
