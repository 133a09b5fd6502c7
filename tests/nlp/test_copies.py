"""Copies: found with their evidence, in their direction, and never where there is none."""

import re
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import numpy as np
import pytest

from model.story import CopyKind
from nlp.retellings.copies import compare, credited_agency, find_copies, find_copy
from nlp.retellings.copy_texts import Text
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


def paragraphs(*numbers):
    """Return paragraphs of twelve sentences that only themselves share words with."""
    return "\n".join(
        " ".join(f"Ceci{n}a{m} dit{n}b{m} que chose{n}c{m} tient{n}d{m} bon." for m in range(12))
        for n in numbers
    )


def test_a_passage_within_another_article_is_an_excerpt_that_knows_its_places():
    old, new = paragraphs(1, 2, 3), paragraphs(7, 2, 8, 9)
    copy = copy_between(text_of(2, new, NOON), text_of(1, old))
    assert copy.kind is CopyKind.EXCERPT
    (run,) = copy.runs
    assert new[run.start : run.end] == old[run.of_start : run.of_end]
    assert copy.share < 0.5


def test_an_article_may_repeat_several_texts():
    new = text_of(3, paragraphs(1, 2, 3, 7, 8, 9), NOON)
    found = find_copies(
        new, [text_of(1, paragraphs(1, 2, 3)), text_of(2, paragraphs(7, 8, 9))], no_vectors
    )
    assert {copy.of for copy in found} == {1, 2}


def test_of_texts_much_alike_the_earliest_is_repeated():
    at = NOON - timedelta(hours=1)
    held = [text_of(2, FIRST, at), text_of(1, FIRST), text_of(4, FIRST, at)]
    assert [copy.of for copy in find_copies(text_of(3, FIRST, NOON), held, no_vectors)] == [1]


def test_the_same_text_at_a_moved_address_is_a_repost():
    slug = "deux-communes-de-la-cote"
    old = text_of(1, FIRST, url=f"https://ancien.example/{slug}.html")
    new = text_of(2, FIRST, NOON, url=f"https://nouveau.example/a/{slug}")
    assert copy_between(new, old).kind is CopyKind.REPOST


def test_many_words_changed_make_a_rewrite():
    words = paragraphs(1, 2).split()
    changed = " ".join(f"y{at}." if at % 4 == 0 else word for at, word in enumerate(words))
    assert copy_between(text_of(2, changed, NOON), text_of(1, paragraphs(1, 2))).kind is (
        CopyKind.REWRITE
    )


def test_links_and_headlines_that_two_pages_share_are_no_copy():
    links = "\n".join(f"Le dossier numéro {n} sur la plage et le port" for n in range(30))
    new = f"{paragraphs(*range(10, 17))}\n{links}"
    old = f"{paragraphs(*range(20, 27))}\n{links}\nMerci à tous."
    assert compare(text_of(2, new, NOON), text_of(1, old), no_vectors) is None


def test_a_notice_that_ends_both_texts_is_no_copy():
    notice = paragraphs(5)
    new, old = f"{paragraphs(1, 2)}\n{notice}", f"{paragraphs(3, 4)}\n{notice}"
    assert compare(text_of(2, new, NOON), text_of(1, old), no_vectors) is None


def test_what_three_other_texts_hold_is_nobodys():
    held = [text_of(n, paragraphs(10 * n, 5, 10 * n + 1)) for n in range(1, 5)]
    new = text_of(9, paragraphs(90, 91, 5, 92), NOON)
    assert find_copies(new, held[:2], no_vectors)
    assert find_copies(new, held, no_vectors) == []
    carried = [msgspec.structs.replace(one, group=1) for one in held]
    assert find_copies(new, carried, no_vectors)


def test_the_direction_says_by_what_it_is_known():
    seen = {"seen_at": MORNING}
    assert copy_between(text_of(2, FIRST, NOON), text_of(1, FIRST)).direction == "published"
    plain, crediting = text_of(1, FIRST, None), text_of(2, f"{FIRST} (avec AFP)", None)
    copy = copy_between(plain, crediting)
    assert (copy.article, copy.direction) == (2, "credited")
    later = text_of(2, FIRST, None, seen_at=NOON)
    assert copy_between(later, text_of(1, FIRST, None, **seen)).direction == "seen"
    assert copy_between(text_of(2, FIRST, None), text_of(1, FIRST, None)).direction == "unknown"


def test_the_names_and_numbers_that_both_hold_are_told():
    copy = copy_between(text_of(2, FIRST, NOON), text_of(1, FIRST))
    assert {"caen", "merville"} <= set(copy.facts)


def test_hostile_text_is_compared_in_bounded_time():
    one, other = text_of(1, "a. " * 200_000), text_of(2, "a. b. " * 100_000, NOON)
    assert cheapest_s(lambda: compare(one, other, lambda _: np.zeros((1, 512), "f4")), 2) < 2


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
