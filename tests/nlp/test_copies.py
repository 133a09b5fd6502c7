"""Copies: found with their evidence, in their direction, and never where there is none."""

import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from model.story import CopyKind
from nlp.copies import BANDS, Text, compare, credited_agency, find_copy, sign
from tests.cost import cheapest_s

PRESS = Path(__file__).resolve().parents[2] / "press" / "articles"
MORNING = datetime(2023, 11, 21, 8, tzinfo=UTC)
NOON = datetime(2023, 11, 21, 12, tzinfo=UTC)

FIRST = (
    "La préfecture de Caen a confirmé hier que deux communes de la côte employaient un logiciel"
    " d'analyse de vidéos depuis le printemps. Le maire de Merville assure n'avoir jamais activé"
    " la reconnaissance des visages. Une association a saisi le tribunal administratif, qui doit"
    " se prononcer sous quinze jours. Le préfet rappelle que seul un magistrat peut autoriser un"
    " tel usage, et seulement pour une enquête ouverte."
)
SECOND = (
    "Le marché couvert rouvre samedi après neuf mois de travaux. Les commerçants retrouvent leurs"
    " étals sous une verrière refaite à neuf, pour un coût de trois millions d'euros. La fanfare"
    " municipale jouera à midi, et la mairie offre le vin chaud. Les riverains, eux, demandent"
    " déjà qu'on déplace les camions de livraison vers le parking du port."
)


def no_vectors(texts):
    raise AssertionError("words alone decide here")


def copy_between(new, old):
    """Return the copy that words alone show, and fail where there is none."""
    copy = compare(new, old, no_vectors)
    assert copy is not None
    return copy


def text_of(number, text, at=MORNING, **more):
    return Text(article=number, text=text, lang="fr", published_at=at, **more)


def test_the_same_words_are_a_verbatim_copy_of_the_earlier():
    copy = copy_between(text_of(2, FIRST, NOON), text_of(1, FIRST))
    assert (copy.article, copy.of, copy.kind, copy.score) == (2, 1, CopyKind.VERBATIM, 1.0)


def test_the_later_published_repeats_whichever_was_given_first():
    copy = copy_between(text_of(1, FIRST), text_of(2, FIRST, NOON))
    assert (copy.article, copy.of) == (2, 1)


def test_without_a_publication_the_first_seen_is_the_source():
    old = text_of(5, FIRST, None, seen_at=MORNING)
    new = text_of(4, FIRST, None, seen_at=NOON)
    assert copy_between(new, old).of == 5


def test_accents_case_and_apostrophes_make_no_difference():
    changed = FIRST.upper().replace("'", "’")
    assert copy_between(text_of(2, changed, NOON), text_of(1, FIRST)).score == 1.0


def test_a_part_of_a_text_is_an_excerpt_with_the_passage_as_evidence():
    part = " ".join(FIRST.split()[:30])
    copy = copy_between(text_of(2, part, NOON), text_of(1, FIRST))
    assert copy.kind is CopyKind.EXCERPT
    assert copy.evidence.startswith("la prefecture de caen a confirme hier")


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("PARIS, 21 nov 2023 (AM) - Le groupe", "AM"),
        ("Le groupe a saisi la justice. (avec AFP)", "AFP"),
        ("LONDON (Reuters) - Britain", "Reuters"),
        ("Le groupe a saisi la justice avec succès.", None),
    ],
)
def test_an_agency_is_credited_at_the_head_or_the_foot(text, agency):
    assert credited_agency(text) == agency


def test_a_text_that_credits_an_agency_is_an_agency_copy():
    copy = copy_between(text_of(2, f"{FIRST} (avec AFP)", NOON), text_of(1, FIRST))
    assert copy.kind is CopyKind.AGENCY


def test_different_texts_are_no_copies():
    assert compare(text_of(2, SECOND, NOON), text_of(1, FIRST), no_vectors) is None


def test_a_few_shared_words_are_no_copy():
    assert compare(text_of(2, "Lire aussi : Caen", NOON), text_of(1, FIRST), no_vectors) is None


def test_near_equal_texts_meet_in_a_band_and_others_do_not():
    changed = FIRST.replace("préfecture", "mairie").replace("quinze", "vingt")
    first, near, far = (set(sign(each).bands) for each in (FIRST, changed, SECOND))
    assert len(first) == BANDS
    assert first & near
    assert not first & far
    assert all(0 <= band < 2**63 for band in first)


def test_a_signature_stays_the_same_between_runs():
    assert sign("un deux trois quatre").bands[0] == sign("Un, deux : trois QUATRE !").bands[0]
    assert sign("").bands == ()


def test_hostile_text_is_signed_in_bounded_time():
    assert cheapest_s(lambda: sign("a " * 500_000), 2) < 2


def load_press():
    """Return the invented press's articles in the order of publication, and what they declare."""
    texts, declared, names = [], {}, {}
    for number, path in enumerate(sorted(PRESS.glob("*/*.md")), 1):
        if re.search(r"\.v\d+$", path.stem):  # a later version of an article, not another one
            continue
        _, matter, body = path.read_text(encoding="utf-8").split("+++\n", 2)
        facts = tomllib.loads(matter)
        name = names[number] = f"{path.parent.name}/{path.stem}"
        texts.append(
            Text(
                article=number,
                text=body.strip(),
                lang=facts["lang"],
                site=path.parent.name,
                published_at=facts["published"],
            )
        )
        if "copy_of" in facts:
            declared[name] = (facts["copy_of"], facts["copy"])
    return sorted(texts, key=lambda each: each.published_at or NOON), declared, names


def test_every_declared_copy_of_the_press_is_found_and_no_other():
    texts, declared, names = load_press()
    found = {}
    for index, text in enumerate(texts):
        copy = find_copy(text, texts[:index])
        if copy is not None:
            found[names[copy.article]] = (names[copy.of], copy.kind.value)
    assert found == declared
