"""The invented articles: enough of them, none by template, each file read or refused by name."""

import re
from collections import defaultdict

import pytest

from model.errors import InputError
from press.catalogue import PressArticle, load_articles
from tests.press.press_reader import ARTICLES, UP


def ten_words(article: PressArticle) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", article.body.lower())
    return {tuple(words[i : i + 10]) for i in range(len(words) - 9)}


def test_there_are_enough_sites_and_articles_in_both_languages():
    affair = [article for article in ARTICLES if article.affair]
    others = [article for article in ARTICLES if not article.affair]

    assert len(UP) >= 9
    assert len(affair) >= 45
    assert len(others) >= 45
    assert {article.lang for article in affair} == {article.lang for article in others}


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.key)
def test_an_article_has_120_to_500_words(article):
    for body in [article.body, *(edit.body for edit in article.edits)]:
        assert 120 <= len(body.split()) <= 500


def test_every_article_belongs_to_a_site_and_every_site_but_the_one_down_has_some():
    assert {article.host for article in ARTICLES} == {site.host for site in UP}


def test_no_ten_words_are_shared_but_by_declared_copies():
    holders: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for article in ARTICLES:
        for run in ten_words(article):
            holders[run].add(article.copy_of or article.key)

    assert [" ".join(run) for run, keys in holders.items() if len(keys) > 1] == []


def test_one_agency_text_is_carried_by_four_sites_beside_a_rewrite_and_a_translation():
    kinds = [article.copy for article in ARTICLES if article.copy is not None]
    carriers = {article.host for article in ARTICLES if article.copy == "agency"}

    assert len(carriers) == 4
    assert {"rewrite", "translation"} <= set(kinds)


GOOD = """+++
title = "Un titre"
authors = ["Une autrice"]
published = 2024-01-02T03:04:05+01:00
lang = "fr"
path = "/un"
section = "Actu"
summary = "Un résumé."
affair = false
+++
Un texte.
"""


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("un.md", "Un texte nu.", "between two"),
        ("un.md", GOOD.replace("Un texte.", " "), "no text"),
        ("un.md", GOOD.replace('title = "Un titre"', "title = un titre"), "Invalid value"),
        ("un.md", GOOD.replace('title = "Un titre"\n', ""), "`title`"),
        ("un.md", GOOD.replace("+01:00", ""), "timezone"),
        ("un.md", GOOD.replace("path =", "paht =").replace("+++\nUn", "+++\nUn"), "paht"),
        ("un.md", GOOD.replace('"/un"', '"un"'), "begin with /"),
        ("un.md", GOOD.replace('"fr"', '"de"'), "'de'"),
        ("un.md", GOOD.replace("affair =", 'copy = "agency"\naffair ='), "go together"),
        (
            "un.md",
            GOOD.replace("affair =", 'copy = "agency"\ncopy_of = "x/y"\naffair ='),
            "names no article: x/y",
        ),
        ("un.v2.md", GOOD, "needs seen_from"),
        (
            "un.v2.md",
            GOOD.replace("affair =", "seen_from = 2024-02-01T00:00:00Z\naffair ="),
            "not there",
        ),
        (
            "un.md",
            GOOD.replace("affair =", "seen_from = 2024-02-01T00:00:00Z\naffair ="),
            "belongs in an edit",
        ),
    ],
    ids=[
        "no front matter",
        "no text",
        "not TOML",
        "no title",
        "no zone",
        "unknown key",
        "relative path",
        "unknown language",
        "copy of nothing",
        "copy of the unknown",
        "edit without its time",
        "edit of nothing",
        "time of an edit in a first text",
    ],
)
def test_a_bad_file_is_refused_by_name(tmp_path, name, text, reason):
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / name).write_text(text, encoding="utf-8")

    with pytest.raises(InputError, match=re.escape(reason)) as refused:
        load_articles(tmp_path)

    assert refused.value.path == str(folder / name)


def test_two_articles_at_one_address_are_refused(tmp_path):
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "a.md").write_text(GOOD, encoding="utf-8")
    (folder / "b.md").write_text(GOOD, encoding="utf-8")

    with pytest.raises(InputError, match=r"same path as a\.md"):
        load_articles(tmp_path)


def test_no_break_spaces_are_part_of_the_text(tmp_path):
    folder = tmp_path / "site"
    folder.mkdir()
    text = GOOD.replace("Un texte.", "Un «\u00a0texte\u00a0»\ncoupé\u202f!\n\n## Puis\n\nLa fin.")
    (folder / "a.md").write_text(text, encoding="utf-8")

    (article,) = load_articles(tmp_path)

    assert article.blocks == (
        ("p", "Un «\u00a0texte\u00a0» coupé\u202f!"),
        ("h2", "Puis"),
        ("p", "La fin."),
    )
