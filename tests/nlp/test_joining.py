"""A name of one article is joined to a known entity when a rule says so, and only then."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.mention import EntityKind, Mention
from nlp.names.forms import fold_name
from nlp.names.joining import Candidate, Doubt, Found, Joining, Reason, gather_found, join_article
from nlp.names.keys import held_keys, sought_keys

PERSON, ORGANISATION, PLACE = EntityKind.PERSON, EntityKind.ORGANISATION, EntityKind.PLACE


def known(name: str, kind: EntityKind, **more: object) -> Candidate:
    return Candidate(key=name, name=name, kind=kind, **more)  # type: ignore[arg-type]


def decide(found: Found, *candidates: Candidate, beside: tuple[str, ...] = ()) -> Joining:
    others = [Found(name=name, kind=ORGANISATION) for name in beside]
    return join_article([found, *others], candidates)[0]


def held(name: str, kind: EntityKind, *beside: str, **more: object) -> Candidate:
    return known(name, kind, together=frozenset(map(fold_name, beside)), **more)


@pytest.mark.parametrize(
    ("name", "kind", "candidate", "reason", "doubt"),
    [
        ("Gerald DARMANIN", PERSON, "Gérald Darmanin", Reason.SAME, Doubt.NONE),
        ("Marie Pierre Lenoir", PERSON, "Marie-Pierre Lenoir", Reason.SAME, Doubt.NONE),
        ("ministre Paul Durand", PERSON, "Paul Durand", Reason.SAME, Doubt.NONE),
        ("Mme Anne Roche", PERSON, "Anne Roche", Reason.SAME, Doubt.NONE),
        ("the Gaza Strip", PLACE, "Gaza Strip", Reason.SAME, Doubt.NONE),
        ("C.N.I.L.", ORGANISATION, "CNIL", Reason.SAME, Doubt.NONE),
        ("Nantes", ORGANISATION, "Nantes", Reason.SAME, Doubt.SLIGHT),
        ("Londres", PLACE, "London", Reason.TRANSLATION, Doubt.SLIGHT),
        ("La Haye", PLACE, "The Hague", Reason.TRANSLATION, Doubt.SLIGHT),
        ("ONU", ORGANISATION, "United Nations", Reason.TRANSLATION, Doubt.SLIGHT),
        ("Interior Ministry", ORGANISATION, "Ministère de l'Intérieur", Reason.TRANSLATION,
         Doubt.SLIGHT),
        ("Ministry of the Interior", ORGANISATION, "ministère de l’Intérieur", Reason.TRANSLATION,
         Doubt.SLIGHT),
        ("European Commission", ORGANISATION, "Commission européenne", Reason.TRANSLATION,
         Doubt.SLIGHT),
        ("Lille administrative court", ORGANISATION, "Tribunal administratif de Lille",
         Reason.TRANSLATION, Doubt.SLIGHT),
        ("ANSSI", ORGANISATION, "Agence nationale de la sécurité des systèmes d'information",
         Reason.ACRONYM, Doubt.SLIGHT),
        ("Agence nationale de la sécurité des systèmes d'information", ORGANISATION, "ANSSI",
         Reason.LONG_NAME, Doubt.SLIGHT),
    ],
    ids=lambda value: value if isinstance(value, str) and not isinstance(value, Reason) else "",
)  # fmt: skip
def test_what_a_name_shares_with_a_known_one_joins_it(name, kind, candidate, reason, doubt):
    candidate_kind = PLACE if candidate == "Nantes" else kind
    decided = decide(Found(name=name, kind=kind), known(candidate, candidate_kind))
    assert (decided.key, decided.reason, decided.doubt) == (candidate, reason, doubt)
    assert held_keys(candidate, candidate_kind) & sought_keys(name, kind)


@pytest.mark.parametrize(
    ("name", "candidate", "reason"),
    [
        ("Darmanin", "Gérald Darmanin", Reason.SURNAME),
        ("M. Darmanin", "Gérald Darmanin", Reason.SURNAME),
        ("de La Gontrie", "Marie-Pierre de La Gontrie", Reason.SURNAME),
        ("G. Darmanin", "Gérald Darmanin", Reason.INITIAL),
        ("Mouammar Kadhafi", "Muammar Gaddafi", Reason.TRANSCRIPTION),
        ("Bachar al-Assad", "Bashar Assad", Reason.TRANSCRIPTION),
        ("Vladimir Poutine", "Vladimir Putin", Reason.TRANSCRIPTION),
    ],
)
def test_weaker_likeness_joins_where_both_are_named_beside_the_same(name, candidate, reason):
    found = Found(name=name, kind=PERSON)
    near = held(candidate, PERSON, "Hadopi")
    assert decide(found, near, beside=("Hadopi",)).reason is reason
    apart = decide(found, near, beside=("Arcom",))
    assert (apart.key, apart.reason) == (None, Reason.UNSURE)
    assert apart.could_be == (candidate,)


def test_transcriptions_held_apart_do_not_make_a_name_ambiguous():
    both = (
        held("Mouammar Kadhafi", PERSON, "Hadopi", articles=9),
        held("Muammar Khadafi", PERSON, "Hadopi", articles=1),
    )
    for name in ("Moammar Gadhafi", "Kadhafi"):
        decided = decide(Found(name=name, kind=PERSON), *both, beside=("Hadopi",))
        assert decided.key == "Mouammar Kadhafi"


def test_a_shared_place_is_no_sign_of_the_same_person():
    near = held("Anne Roche", PERSON, "France")
    found = (Found(name="Roche", kind=PERSON), Found(name="France", kind=PLACE))
    assert join_article(found, [near])[0].key is None


@pytest.mark.parametrize(
    ("name", "kind", "candidate"),
    [
        ("George Bush", PERSON, "George W. Bush"),
        ("Jean Martin", PERSON, "John Morton"),
        ("Marie Martin", PERSON, "Mary Martin"),
        ("Luc Roche", PERSON, "Anne Roche"),
        ("Anne", PERSON, "Anne Roche"),
        ("Roche", PLACE, "Anne Roche"),
        ("Ministère de la Justice", ORGANISATION, "Ministère de l'Intérieur"),
        ("Tribunal administratif de Lille", ORGANISATION, "Nice administrative court"),
        ("Sénat", ORGANISATION, "Senate Intelligence Committee"),
        ("Université de Lille", ORGANISATION, "Université de Nice"),
        ("PS", ORGANISATION, "Parti socialiste"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_two_stay_two(name, kind, candidate):
    other = PERSON if kind is PLACE else kind
    near = held(candidate, other, "Hadopi")
    assert decide(Found(name=name, kind=kind), near, beside=("Hadopi",)).key is None


def test_a_surname_that_two_known_people_bear_stays_apart_and_says_whose_it_could_be():
    both = (held("Anne Roche", PERSON, "Hadopi"), held("Luc Roche", PERSON, "Hadopi"))
    decided = decide(Found(name="Roche", kind=PERSON), *both, beside=("Hadopi",))
    assert (decided.key, decided.reason, decided.doubt) == (None, Reason.AMBIGUOUS, Doubt.OPEN)
    assert set(decided.could_be) == {"Anne Roche", "Luc Roche"}


def test_an_ambiguous_surname_goes_with_the_surname_left_apart_before():
    both = (known("Anne Roche", PERSON), known("Luc Roche", PERSON), known("Roche", PERSON))
    decided = decide(Found(name="Roche", kind=PERSON), *both)
    assert (decided.key, decided.reason) == ("Roche", Reason.SAME)
    assert set(decided.could_be) == {"Anne Roche", "Luc Roche"}


def test_an_alias_that_somebody_gave_settles_an_ambiguous_surname():
    both = (known("Anne Roche", PERSON, aliases=("Roche",)), known("Luc Roche", PERSON))
    decided = decide(Found(name="Roche", kind=PERSON), *both)
    assert (decided.key, decided.reason, decided.doubt) == ("Anne Roche", Reason.ALIAS, Doubt.NONE)


def test_a_surname_learned_from_a_text_settles_nothing():
    both = (known("Anne Roche", PERSON, learned=("Roche",)), known("Luc Roche", PERSON))
    assert decide(Found(name="Roche", kind=PERSON), *both).reason is Reason.AMBIGUOUS


@pytest.mark.parametrize(("beside", "key"), [(("Hadopi", "Arcom"), "Roche"), (("Arcom",), None)])
def test_a_full_name_joins_a_surname_named_beside_the_same_two(beside, key):
    near = held("Roche", PERSON, "Hadopi", "Arcom", articles=3)
    decided = decide(Found(name="Anne Roche", kind=PERSON), near, beside=beside)
    assert decided.key == key


def test_a_first_name_alone_points_to_nobody():
    near = held("Ali", PERSON, "Hadopi", "Arcom", articles=3)
    assert decide(Found(name="Omar Ali", kind=PERSON), near, beside=("Hadopi", "Arcom")).key is None
    full = held("Omar Ali", PERSON, "Hadopi")
    assert decide(Found(name="Ali", kind=PERSON), full, beside=("Hadopi",)).key is None


def test_a_surname_of_one_article_takes_no_full_name():
    near = held("Roche", PERSON, "Hadopi", "Arcom", articles=1)
    found = Found(name="Anne Roche", kind=PERSON)
    assert decide(found, near, beside=("Hadopi", "Arcom")).key is None


def test_a_second_first_name_does_not_join_the_surname():
    near = held("Roche", PERSON, "Hadopi", "Arcom", learned=("Anne Roche",), articles=3)
    found = Found(name="Luc Roche", kind=PERSON)
    assert decide(found, near, beside=("Hadopi", "Arcom")).key is None


def test_an_acronym_that_two_long_names_give_stays_apart():
    both = (
        known("Conseil national des territoires oubliés", ORGANISATION),
        known("Comité normand du travail ouvrier", ORGANISATION),
    )
    decided = decide(Found(name="CNTO", kind=ORGANISATION), *both)
    assert (decided.key, decided.reason) == (None, Reason.AMBIGUOUS)


def test_three_letters_alone_are_too_little():
    near = held("Bureau des libertés numériques", ORGANISATION, "Hadopi", "Arcom")
    found = Found(name="BLN", kind=ORGANISATION)
    assert decide(found, near, beside=("Hadopi",)).reason is Reason.UNSURE
    assert decide(found, near, beside=("Hadopi", "Arcom")).reason is Reason.ACRONYM


def test_a_long_name_is_not_known_by_three_letters_alone():
    near = held("BLN", ORGANISATION, "Hadopi", "Arcom")
    found = Found(name="Bureau des libertés numériques", kind=ORGANISATION)
    assert decide(found, near, beside=("Hadopi", "Arcom")).key is None


def test_what_the_text_gives_in_brackets_leads_to_the_known_acronym():
    found = Found(
        name="Bureau des libertés numériques",
        kind=ORGANISATION,
        written=("Bureau des libertés numériques", "BLN"),
    )
    decided = decide(found, known("BLN", ORGANISATION))
    assert (decided.key, decided.reason, decided.doubt) == ("BLN", Reason.BRACKETED, Doubt.NONE)
    assert held_keys("BLN", ORGANISATION) & sought_keys(found.name, found.kind, found.written)


def test_an_acronym_whose_long_name_is_known_takes_no_other_long_name():
    near = known("ANSSI", ORGANISATION, learned=("Agence nationale de la sécurité sanitaire",))
    found = Found(name="Association normande des sports sur l'ile", kind=ORGANISATION)
    assert decide(found, near).key is None


def test_one_of_the_same_kind_goes_before_one_of_another():
    both = (known("Nantes", ORGANISATION, articles=9), known("nantes", PLACE, articles=1))
    assert decide(Found(name="Nantes", kind=PLACE), *both).key == "nantes"


def test_what_nobody_knows_is_new():
    decided = decide(Found(name="Anne Roche", kind=PERSON))
    assert (decided.key, decided.reason, decided.doubt) == (None, Reason.NEW, Doubt.NONE)


def test_the_names_of_a_text_are_gathered_once_each():
    def mention(text: str, start: int) -> Mention:
        return Mention(
            start=start, end=start + len(text), text=text, entity="Anne Roche", kind=PERSON, by="m"
        )

    (found,) = gather_found([mention("Anne\nRoche", 0), mention("Roche", 20), mention("Roche", 40)])
    assert (found.name, found.times, found.written) == ("Anne Roche", 3, ("Anne Roche", "Roche"))


NAMES = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["Anne Roche", "A. Roche", "Roche", "CNIL", "Interior Ministry", "ONU", ""]),
)
KINDS = st.sampled_from(list(EntityKind))


@given(NAMES, KINDS, NAMES, KINDS)
def test_what_can_be_joined_shares_a_key_and_keys_stay_few(name, kind, other, other_kind):
    candidate = held(other, other_kind, "Hadopi", "Arcom", aliases=(other,))
    keys = held_keys(other, other_kind), sought_keys(name, kind)
    decided = decide(Found(name=name, kind=kind), candidate, beside=("Hadopi", "Arcom"))
    assert decided.key is None or keys[0] & keys[1]
    assert max(map(len, keys)) < 12


def test_the_work_for_one_article_does_not_grow_with_what_is_held():
    """Count the candidates that 200 and 20,000 held people give to one article."""

    def candidates(count: int) -> int:
        names = [f"{_coined(number)} {_coined(number * 7 + 3)}" for number in range(count)]
        sought = set().union(*(sought_keys(name, PERSON) for name in names[:20]))
        return sum(bool(held_keys(name, PERSON) & sought) for name in names)

    assert candidates(20_000) <= candidates(200) + 20


def _coined(number: int) -> str:
    """Return a word that hardly two numbers share."""
    letters = "bdfglmnprstvz"
    vowels = "aeiu"
    word = ""
    number = number * 2_654_435_761 % 2**32
    for _ in range(4):
        number, letter = divmod(number, len(letters))
        number, vowel = divmod(number, len(vowels))
        word += letters[letter] + vowels[vowel]
    return word.capitalize()
