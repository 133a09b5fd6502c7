"""What people note on articles: found, shown, carried away, taken back, and never lost."""

import json

import pytest
from click.testing import CliRunner

from app.cli import vigie
from app.rebuilding import rebuild
from app.steps.processing import process_kept
from model.query import parse_query
from store import open_store
from tests import held_affair
from tests.app.test_rebuilding import clock, make_tagger, quiet
from tests.store.makers import NOON, keep, make_reading


@pytest.fixture
def folder(tmp_path):
    """Return the folder of a held affair."""
    (tmp_path / "config.toml").write_text(held_affair.CONFIG, "utf-8")
    held_affair.fill(tmp_path / "data")
    return tmp_path


def run(folder, *words):
    options = ["--config", str(folder / "config.toml"), "--data", str(folder / "data")]
    return CliRunner().invoke(vigie, [*options, *words], standalone_mode=False)


def marks(folder, *words):
    """Return what `vigie mark … --json` answers."""
    return json.loads(run(folder, "mark", *words, "--json").stdout)


def found(folder, asked):
    with open_store(folder / "data", read_only=True) as store:
        hits = store.search(parse_query(asked), now=NOON, limit=9).hits
        return sorted(hit.article for hit in hits)


def held(folder):
    """Return all rows of marks, without when they were made."""
    with open_store(folder / "data", read_only=True) as store:
        return list(store.database.rows("SELECT article_id, kind, value FROM annotation"))


def test_what_is_marked_is_told_listed_and_found(folder):
    url = held_affair.LONG
    asked = ("1", url, "--star", "--read", "--tag", "À citer", "--note", "Vu lundi.")
    first, second = marks(folder, *asked)
    assert (first["article"], second["article"]) == (1, 2)
    assert (second["starred"], second["read"], second["tags"]) == (True, True, ["À citer"])
    assert second["notes"][0]["text"] == "Vu lundi."
    assert {one["article"] for one in marks(folder, "--list")} == {1, 2}
    assert found(folder, "is:starred") == [1, 2]
    assert found(folder, "is:unread") == [3, 4, 5]
    assert found(folder, 'tag:"a citer"') == [1, 2]
    table = run(folder, "mark", "1").output
    assert "starred, read" in table
    assert "tags: À citer" in table
    assert "note: Vu lundi." in table


def test_show_prints_marks_and_exports_carry_them(folder):
    marks(folder, "1", "--star", "--tag", "port", "--note", "Vu lundi.", "--note", "Revu mardi.")
    shown = run(folder, "show", "1").output
    for said in ("starred", "port", "Vu lundi.", "Revu mardi."):
        assert said in shown
    annotations = json.loads(run(folder, "show", "1", "--json").stdout)["annotations"]
    assert [one["kind"] for one in annotations] == ["note", "note", "star", "tag"]
    line = json.loads(run(folder, "export", "jsonl", "is:starred").stdout.splitlines()[0])
    assert (line["starred"], line["tags"]) == (True, ["port"])
    assert line["notes"] == ["Revu mardi.", "Vu lundi."]


MARKS = {
    "star": (("--star",), ("--unstar",)),
    "read": (("--read",), ("--unread",)),
    "tag": (("--tag", "À  citer"), ("--untag", "a citer")),
    "tag of signs": (("--tag", "★"), ("--untag", "★")),
    "note": (("--note", " Vu. "), ("--unnote", "Vu.")),
    "several": (("--tag", "a", "--tag", "b"), ("--untag", "b", "--untag", "a")),
}  # fmt: skip


@pytest.mark.parametrize("name", MARKS)
def test_what_is_noted_can_be_taken_back(folder, name):
    do, undo = MARKS[name]
    marks(folder, "3", "--tag", "reste", "--note", "reste", "--tag", "☆", "--tag", "♥")
    before = held(folder)
    marks(folder, "3", *do)
    assert held(folder) != before
    marks(folder, "3", *do)
    marks(folder, "3", *undo)
    assert held(folder) == before
    marks(folder, "3", *undo)
    assert held(folder) == before


def test_one_tag_is_held_once_whatever_its_accents(folder):
    marks(folder, "1", "--tag", "Écoles", "--tag", "écoles", "--tag", "ecoles")
    assert [row["value"] for row in held(folder)] == ["Écoles"]


def test_several_articles_are_marked_together_or_not_at_all(folder):
    assert "99" in str(run(folder, "mark", "1", "99", "--star").exception)
    assert held(folder) == []


REFUSED = {
    "nothing named": (),
    "a list of some": ("1", "--list"),
    "a list that marks": ("--list", "--star"),
    "a tag without a word": ("1", "--tag", "  "),
    "a tag too long": ("1", "--tag", "x" * 101),
    "given and taken back": ("1", "--tag", "À citer", "--untag", "a citer"),
    "nobody's address": ("https://nobody.example/", "--star"),
    "an unknown number": ("99",),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_makes_no_sense_is_refused_in_a_sentence(folder, name):
    result = run(folder, "mark", *REFUSED[name])
    assert str(result.exception)
    assert held(folder) == []


def test_an_empty_folder_stays_empty(tmp_path):
    (tmp_path / "config.toml").write_text(held_affair.CONFIG, "utf-8")
    assert "does not exist" in str(run(tmp_path, "mark", "1", "--star").exception)
    assert not (tmp_path / "data").exists()


def test_nothing_marked_says_how_to(folder):
    result = run(folder, "mark", "--list")
    assert "Nothing is marked yet" in result.stderr


def test_hostile_text_is_kept_whole_and_drives_no_terminal(folder):
    text = "\x1b[31m<script>\u202e'; DROP TABLE annotation"
    assert marks(folder, "1", "--note", text)[0]["notes"][0]["text"] == text
    assert "\x1b" not in run(folder, "mark", "1").output + run(folder, "show", "1").output


def test_marks_survive_new_versions_rereadings_and_rebuilding(folder):
    marks(folder, "1", "3", "--star", "--read", "--tag", "port", "--note", "Vu.")
    before = held(folder)
    with open_store(folder / "data") as store:
        edited = make_reading("https://gazette.example/1", "Neuf", "Un texte tout neuf, caméras.")
        keep(store, edited, now=held_affair.EDITED, raw=b"new")
        store.record_reading(3, "absent", "gone", now=NOON)
        process_kept(store, make_tagger(), clock, quiet)
        rebuild(store, make_tagger(), (), clock, quiet)
        assert store.article(1).versions == 3
    assert held(folder) == before
    assert found(folder, "is:starred tag:port") == [1, 3]
