"""What a misspelt word or name may have meant."""

import pytest

from model.mention import EntityKind, Mention, Tags
from tests.store.makers import NOON, keep, make_reading


@pytest.fixture
def named(store):
    names = [["Gérald Darmanin", "BriefCam"], ["BriefCam", "Conseil d'État"], ["Gérard Darmon"]]
    texts = ["La vidéosurveillance, dit Darmanin.", "BriefCam et la police.", "Une polie surprise."]
    for number, (text, listed) in enumerate(zip(texts, names, strict=True)):
        reading = make_reading(f"https://a.example/{number}", text=text)
        mentions = [
            Mention(start=0, end=1, text="x", entity=name, kind=EntityKind.OTHER, by="list")
            for name in listed
        ]
        version = keep(store, reading).version_id
        store.save_tags(
            version, Tags(lang="fr", mentions=tuple(mentions)), [], tagger="t", now=NOON
        )
    return store


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("briefcan", "briefcam"),
        ("briefcamm", "briefcam"),
        ("breifcam", "briefcam"),
        ("darmanain", "darmanin"),
        ("videosurveilance", "videosurveillance"),
        ("videosurvellances", "videosurveillance"),
        ("polce", "police"),
    ],
)
def test_a_misspelt_word_is_near_one_that_texts_hold(named, typed, near):
    assert named.near_words(typed)[0] == near


@pytest.mark.parametrize("typed", ["la", "dit", "zzzzzz", "x" * 400, "中文字典", ""])
def test_what_is_near_nothing_gives_nothing(named, typed):
    assert named.near_words(typed) == ()


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("Briefcan", "BriefCam"),
        ("Darmanin", "Gérald Darmanin"),
        ("Darmanain", "Gérald Darmanin"),
        ("gerald darmain", "Gérald Darmanin"),
        ("Conseil Etat", "Conseil d'État"),
    ],
)
def test_a_misspelt_name_is_near_one_that_articles_name(named, typed, near):
    assert named.near_names(typed)[0] == near


@pytest.mark.parametrize("typed", ["", "?", "Zut", "x" * 5_000])
def test_a_name_near_none_gives_nothing(named, typed):
    assert named.near_names(typed) == ()
