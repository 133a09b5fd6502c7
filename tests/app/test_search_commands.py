"""`vigie search` and `vigie searches`, as they are typed."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from app.cli import main
from app.commands.search_command import marked, say_total
from model.mention import EntityKind, Mention, Tags
from store import open_store
from store.records import Found
from tests.held_affair import CONFIG, EDITED, fill


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    """A configuration and its filled data folder, which no test changes."""
    folder = tmp_path_factory.mktemp("affair")
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    fill(folder / "data")
    return folder


@pytest.fixture
def own(tmp_path):
    """A configuration and an empty store of one test's own."""
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    fill(tmp_path / "data")
    return tmp_path


@pytest.fixture
def vigie(capsys):
    """Run the program in a folder; return its exit status, standard output and error."""

    def run(folder, *args):
        with pytest.raises(SystemExit) as left:
            main(args=["--config", f"{folder / 'config.toml'}", *args])
        told = capsys.readouterr()
        return left.value.code, told.out, told.err

    return run


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("entity:CNLI", "entity:CNIL"),
        ("entity:Cnill caméras", "entity:CNIL caméras"),
        ("haebour", "harbour"),
        ("title:haebour OR zzzzzz", "title:harbour OR zzzzzz"),
        ('"contrôle enfni" -police', '"contrôle enfin" -police'),
    ],
)
def test_a_misspelt_query_is_answered_with_the_whole_one_that_may_be_meant(
    vigie, held, typed, meant
):
    status, out, err = vigie(held, "search", typed)
    assert (status, out) == (0, "")
    assert "Did you mean: vigie search " in err
    _, out, _ = vigie(held, "search", typed, "--count", "--json")
    answer = json.loads(out)
    assert (answer["total"], answer["did_you_mean"]) == (0, meant)
    assert json.loads(vigie(held, "search", meant, "--json")[1])


@pytest.mark.parametrize("typed", ["caméras", "zzzzzz", "caméras -enfni", "soupe port"])
def test_what_is_spelt_right_or_near_nothing_is_left_alone(vigie, held, typed):
    answer = json.loads(vigie(held, "search", typed, "--count", "--json")[1])
    assert answer["did_you_mean"] is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("entity:Vigispot", "entity:Vigisport"),
        ('entity:"Comission nationale de l\'informatique"', 'entity:"Commission nationale de l\''
         'informatique et des libertés"'),
        ("entity:LQND", "entity:LQDN"),
        ("LQND", "LQDN"),
        ("entity:Vigisport", None),
    ],
    ids=["a watched name", "a long alias", "a short alias", "an alias without its field",
         "a name spelt right"],
)  # fmt: skip
def test_names_that_are_watched_for_are_proposed_though_no_text_holds_them(
    vigie, own, typed, meant
):
    config = own / "config.toml"
    watched = '[[entities]]\nname = "Vigisport"\n[[entities]]\nname = "Port"\naliases = ["LQDN"]\n'
    config.write_text(CONFIG + watched, encoding="utf-8")
    with open_store(own / "data") as store:
        named = Mention(start=0, end=1, text="L", entity="Port", kind=EntityKind.OTHER, by="list")
        store.save_tags(store.article(3).current.id, Tags(lang="fr", mentions=(named,)), (),
                        tagger="t", now=EDITED)  # fmt: skip
    answer = json.loads(vigie(own, "search", typed, "--count", "--json")[1])
    assert (answer["total"], answer["did_you_mean"]) == (0, meant)


def test_an_unknown_name_is_told_even_where_others_are_found(vigie, held):
    _, out, err = vigie(held, "search", "entity:CNLI OR soupe")
    assert "Recette de soupe" in out
    assert "Did you mean: vigie search 'entity:CNIL OR soupe'" in err


def test_a_word_is_found_in_its_other_forms_and_marked_as_it_stands(vigie, held):
    _, out, _ = vigie(held, "search", "contrôles title:contrôle", "--limit", "1")
    assert "**contrôle**" in out
    found = json.loads(vigie(held, "search", "contrôles", "--json")[1])
    marked_words = {hit["snippet"][a:b] for hit in found for a, b in hit["marks"]}
    assert marked_words == {"contrôle"}
    assert json.loads(vigie(held, "search", '"contrôles"', "--json")[1]) == []


def test_what_was_found_is_marked_without_colour():
    assert marked("la Cnil parle", ((3, 7),)) == "la **Cnil** parle"
    assert marked("a b", ()) == "a b"


def test_a_total_that_is_not_exact_says_so():
    assert say_total(Found(hits=(), total=1, before=None)) == "1 article"
    some = Found(hits=(), total=10_000, before=None, total_is_exact=False)
    assert say_total(some) == "more than 10,000 articles"


def test_search_counts_and_tells_what_is_common(vigie, held):
    assert vigie(held, "search", "is:relevant", "--count")[1] == "4\n"
    _, out, _ = vigie(held, "search", "is:relevant", "--facets", "--json")
    answer = json.loads(out)
    assert answer["total"] == len(answer["articles"]) == 4
    assert {"label": "en", "articles": 1} in answer["facets"]["lang"]
    _, out, _ = vigie(held, "search", "is:relevant", "--facets")
    assert "what these have in common" in out


def test_by_relevance_the_pages_hold_each_article_once(vigie, held):
    seen: list[Any] = []
    more: list[str] = []
    for _ in range(6):
        _, out, err = vigie(
            held, "search", "port caméras", "--by", "relevance", "--limit", "1", "--json", *more
        )
        seen += [hit["article"] for hit in json.loads(out)]
        if "--before" not in err:
            break
        more = ["--before", err.rsplit("--before ", 1)[1].strip()]
    expected = {hit["article"] for hit in json.loads(vigie(held, "search", "port caméras",
                                                           "--json")[1])}  # fmt: skip
    assert sorted(seen) == sorted(expected)


def test_words_that_were_taken_out_are_found_in_older_versions(vigie, held):
    assert json.loads(vigie(held, "search", '"ne dit rien" -caméras', "--json")[1]) == []
    for typed in ('version:any "ne dit rien"', 'is:changed "ne dit rien" version:any'):
        found = json.loads(vigie(held, "search", typed, "--json")[1])
        assert 1 in {hit["article"] for hit in found}
    out = vigie(held, "search", 'version:any "ne dit rien"')[1]
    assert "[in version 1 of 2: `vigie diff 1`]" in out
    assert "**ne dit rien**" in out


def test_a_saved_search_is_saved_shown_used_and_deleted(vigie, own):
    status, out, _ = vigie(own, "searches", "save", "le port", "port", "-soupe")
    assert (status, out) == (0, 'Saved: search:"le port", with 2 articles\n')
    vigie(own, "searches", "save", "cnil", 'search:"le port"', "entity:CNIL")
    listed = json.loads(vigie(own, "searches", "list", "--json")[1])
    assert [(one["name"], one["articles"]) for one in listed] == [("cnil", 1), ("le port", 2)]
    shown = json.loads(vigie(own, "searches", "show", "CNIL", "--json")[1])
    assert [one["name"] for one in shown] == ["cnil", "le port"]
    assert vigie(own, "search", "search:cnil", "--count")[1] == "1\n"
    assert vigie(own, "searches", "delete", "le port")[0] == 2
    assert vigie(own, "searches", "delete", "cnil")[1] == (
        'Deleted search:cnil; it was: search:"le port" entity:CNIL\n'
    )


def test_a_saved_search_stands_wherever_a_query_does(vigie, own):
    vigie(own, "searches", "save", "port", "title:port")
    found = {hit["article"] for hit in json.loads(vigie(own, "search", "search:port", "--json")[1])}
    exported = vigie(own, "export", "jsonl", "search:port")[1].splitlines()
    assert {json.loads(line)["article"] for line in exported} == found
    published = ("timeline", "--by", "published", "--query", "search:port", "--json")
    assert {hit["article"] for hit in json.loads(vigie(own, *published)[1])} == found
    events = json.loads(vigie(own, "timeline", "--query", "search:port", "--json")[1])
    assert {one["article"] for event in events for one in event["citations"]} == found


def test_a_digest_list_and_the_rule_may_name_a_saved_search(vigie, own):
    vigie(own, "searches", "save", "port", "title:port")
    config = own / "config.toml"
    narrowed = CONFIG.replace('name = "quotidien"\n', 'name = "quotidien"\nquery = "search:port"\n')
    config.write_text(narrowed.replace("caméras OR cameras", "search:port"), encoding="utf-8")
    _, out, _ = vigie(own, "digest", "--date", "2023-11-21", "--list", "quotidien", "--preview")
    assert "enfin les caméras du port" in out
    assert "Le contrôle" not in out
    status, _, err = vigie(own, "searches", "delete", "port")
    assert status == 2
    assert "named by the affair's rule" in err


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (("search", "search:prot"), "did you mean search:port?"),
        (("search", "police OR version:any"), "holds for the whole query"),
        (("search", "version:3"), "one of any, current"),
        (("search", "access:fre"), "Did you mean access:free?"),
        (("search", "kind:rss"), "one of feed, sitemap, page, document, import."),
        (("searches", "save", "x", "search:x"), "which is a circle"),
        (("searches", "save", "x"), "vigie searches save x QUERY"),
        (("searches", "save", "x", "*"), "asks for everything"),
        (("searches", "show", "zut"), "`vigie searches list`"),
        (("search", "--by", "size"), "'newest', 'relevance'"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(vigie, own, args, sentence):
    vigie(own, "searches", "save", "port", "title:port")
    status, out, err = vigie(own, *args)
    assert (status, out) == (2, "")
    assert sentence in " ".join(err.split())


def test_nothing_saved_says_how_to_save(vigie, own, tmp_path):
    status, out, err = vigie(own, "searches", "list")
    assert (status, out) == (0, "")
    assert "vigie searches save NAME QUERY" in err


@pytest.mark.parametrize(
    ("typed", "mark"),
    [
        (("中文 中文", "(x"), "  中文 中文 (x\n            ^\n"),
        (("e\u0301te\u0301", "(x"), "  e\u0301te\u0301 (x\n      ^\n"),
        (("reconnaissance faciale", "(x"), f"\n{' ' * 25}^\n"),
        (("a\nb", "(x"), "  a b (x\n      ^\n"),
        (("a\u202e", "(x"), "  a\\u202e (x\n          ^\n"),
    ],
    ids=["wide", "combining", "several words in one argument", "a line break", "a direction"],
)
def test_the_mark_stands_under_what_is_wrong(vigie, own, typed, mark):
    status, _, err = vigie(own, "search", *typed)
    assert status == 2
    assert err.endswith(mark)


def test_bytes_that_are_no_text_are_left_out_of_what_is_asked(vigie, held):
    status, out, _ = vigie(held, "search", "--count", "--json", "camé\udcffras\udc80")
    assert (status, json.loads(out)["query"]) == (0, "caméras")
    status, _, err = vigie(held, "search", "--\udcff")
    assert (status, "there is no option --\\udcff" in err) == (2, True)


def test_an_empty_store_says_what_fills_it(vigie, tmp_path):
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    open_store(tmp_path / "data").close()
    status, out, err = vigie(tmp_path, "search")
    assert (status, out) == (0, "")
    assert err.startswith("Nothing is held yet: `vigie run`")
    assert json.loads(vigie(tmp_path, "search", "x", "--facets", "--json")[1])["total"] == 0


def test_a_long_query_without_an_answer_is_not_told_whole(vigie, held):
    _, _, err = vigie(held, "search", "zz " * 200)
    assert len(err) < 300


@pytest.mark.parametrize(
    "args",
    [("search", "--json"), ("search", "caméras"), ("export", "jsonl"), ("--help",),
     ("search", "--help")],
    ids=" ".join,
)  # fmt: skip
def test_a_reader_who_leaves_ends_it_quietly_as_shells_know(held, args):
    read_end, write_end = os.pipe()
    os.close(read_end)
    with os.fdopen(write_end, "wb") as gone:
        done = subprocess.run(
            [sys.executable, "-m", "app", "--config", f"{held / 'config.toml'}", *args],
            stdout=gone,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("words", ["search", "export jsonl", "--help"])
def test_a_stream_that_the_shell_closed_is_written_to_in_vain(held, words, closed):
    line = f"'{sys.executable}' -m app --config '{held / 'config.toml'}' {words} {closed}"
    done = subprocess.run(["sh", "-c", line], capture_output=True, check=False)
    assert (done.returncode, b"bug" in done.stderr) == (0, False)
