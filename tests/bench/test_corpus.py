"""The invented corpus is the same for the same seed, and its words spread as in the press."""

from collections import Counter
from itertools import islice

import pytest

from bench import corpus as corpus_module
from bench.corpus import FRENCH, MEAN_WORDS, Corpus, find_corpus, read_corpus
from bench.word_statistics import spread
from crawler.records import read_json_line
from model.words import words

SIZE = 1_500


@pytest.fixture(scope="module")
def articles():
    return list(Corpus(SIZE))


def test_the_same_seed_makes_the_same_corpus_and_another_one_another(articles):
    assert list(islice(Corpus(SIZE), 1_100)) == articles[:1_100]
    assert next(iter(Corpus(SIZE, seed=8))).text != articles[0].text


def test_the_file_is_made_once_and_read_back_whole(tmp_path, articles, monkeypatch):
    monkeypatch.setattr(corpus_module, "Corpus", lambda size, seed: articles[:size])
    path = find_corpus(tmp_path / "cache", 40)
    assert list(read_corpus(path)) == articles[:40]
    monkeypatch.delattr(corpus_module, "Corpus")
    assert find_corpus(tmp_path / "cache", 40) == path


def test_a_corpus_whose_making_was_stopped_leaves_nothing_behind(tmp_path, articles, monkeypatch):
    def stopped(size, seed):
        yield articles[0]
        raise KeyboardInterrupt

    monkeypatch.setattr(corpus_module, "Corpus", stopped)
    with pytest.raises(KeyboardInterrupt):
        find_corpus(tmp_path, 40)
    assert list(tmp_path.iterdir()) == []


def test_a_line_of_the_file_is_one_that_import_reads(tmp_path, articles, monkeypatch):
    monkeypatch.setattr(corpus_module, "Corpus", lambda size, seed: articles[:size])
    line = find_corpus(tmp_path, 1).read_bytes()
    reading = read_json_line(line)
    article = articles[0]
    assert (reading.title, reading.text, reading.published_at) == (
        article.title,
        article.text,
        article.published_at,
    )


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_words_are_spread_as_in_the_press(lang, articles):
    found = spread([words(each.text) for each in articles if each.lang == lang])
    assert -1.15 < found.zipf < -0.9
    assert 0.5 < found.heaps < 0.8
    # drawn anew each time, a medium word would stand in a text little more than once
    assert 1.12 < found.burstiness < 1.35
    assert found.words == pytest.approx(MEAN_WORDS, rel=0.08)


def test_languages_sources_and_years_are_those_of_a_watch(articles):
    assert sum(each.lang == "fr" for each in articles) / SIZE == pytest.approx(FRENCH, abs=0.04)
    by_source = Counter(each.source for each in articles).most_common()
    assert len(by_source) > 40
    assert by_source[0][1] > 5 * by_source[-1][1]
    assert {each.published_at.year for each in articles} == set(range(2016, 2024))
    assert sorted(articles, key=lambda each: each.published_at) != articles, "none came late"


def test_who_is_named_stands_in_most_texts_and_stories_share_names(articles):
    named = [name in each.text for each in articles for name in each.entities]
    assert sum(named) / len(named) > 0.8
    told: dict[int, list[frozenset[str]]] = {}
    for each in articles:
        if each.story is not None and len(each.entities) > 2:
            told.setdefault(each.story, []).append(frozenset(each.entities))
    shared = [bool(listed[0] & listed[1]) for listed in told.values() if len(listed) > 1]
    assert len(shared) > 50
    assert sum(shared) / len(shared) > 0.9


def test_spread_knows_the_law_it_measures():
    # a word of rank r stands 20,000 / r times
    text = [f"w{rank}" for rank in range(1, 1_001) for _ in range(20_000 // rank)]
    assert spread([text] * 20).zipf == pytest.approx(-1, abs=0.02)


@pytest.mark.parametrize(
    ("texts", "heaps"),
    [
        ([[f"w{number}"] for number in range(200)], 1.0),
        ([["same"] for _ in range(200)], 0.0),
    ],
    ids=["every word is new", "no word is new"],
)
def test_growth_lies_between_all_new_and_nothing_new(texts, heaps):
    assert spread(texts).heaps == pytest.approx(heaps)


def test_burstiness_is_how_often_a_word_stands_where_it_stands():
    texts = [["x", "x", "x"] if number < 3 else [f"w{number}"] for number in range(100)]
    assert spread(texts).burstiness == pytest.approx((3 * 3 + 97) / 100)
