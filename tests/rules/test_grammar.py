# SPDX-License-Identifier: GPL-3.0-or-later
"""Agreement: m, f, x, one or several; the masculine never stands for a mixed group."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hro_desktop.rules.grammar import agreement, joined, of_town, party_words, person_words, witness_words

SEXES = st.lists(st.sampled_from(["m", "f", "x", ""]), min_size=1, max_size=5)


@pytest.mark.parametrize(
    ("sexes", "le_plaignant", "je_soussigne", "j_ai", "il"),
    [
        ("m", "le plaignant", "Je soussigné", "J’ai", "il"),
        ("f", "la plaignante", "Je soussignée", "J’ai", "elle"),
        ("x", "la personne plaignante", "Je, signataire de la présente", "J’ai", "la personne plaignante"),
        ("mm", "les plaignants", "Nous soussignés", "Nous avons", "ils"),
        ("ff", "les plaignantes", "Nous soussignées", "Nous avons", "elles"),
        ("mf", "les personnes plaignantes", "Nous, signataires de la présente", "Nous avons", "elles"),
        ("mx", "les personnes plaignantes", "Nous, signataires de la présente", "Nous avons", "elles"),
        ("xx", "les personnes plaignantes", "Nous, signataires de la présente", "Nous avons", "elles"),
    ],
)
def test_words_of_the_complainants(sexes: str, le_plaignant: str, je_soussigne: str, j_ai: str, il: str) -> None:
    words = party_words(list(sexes))
    assert (words["le_plaignant"], words["je_soussigne"], words["j_ai"], words["il"]) == (
        le_plaignant,
        je_soussigne,
        j_ai,
        il,
    )


@given(SEXES)
def test_the_order_of_people_changes_nothing_and_no_word_is_missing(sexes: list[str]) -> None:
    words = party_words(sexes)
    assert words == party_words(list(reversed(sexes)))
    assert words.keys() == party_words(["m"]).keys()
    assert all(words.values())
    assert "'" not in "".join(words.values())


@given(SEXES)
def test_a_masculine_group_has_only_men(sexes: list[str]) -> None:
    if agreement(sexes) in ("m", "ms"):
        assert set(sexes) == {"m"}


def test_one_person_inside_a_letter() -> None:
    assert person_words("f")["ne"] == "née"
    assert person_words("")["plaignant"] == "personne plaignante"
    assert person_words("m")["mineur"] == "mineur"
    assert set(person_words("m")) <= set(party_words(["m"]))


def test_words_of_a_witness() -> None:
    assert witness_words("f")["soussigne"] == "soussignée"
    assert witness_words("x")["soussigne"] == "soussigné·e"


def test_nobody_has_no_agreement() -> None:
    with pytest.raises(ValueError, match=r"^grammar\.nobody$"):
        agreement([])


@pytest.mark.parametrize(
    ("items", "said"), [((), ""), (("a",), "a"), (("a", "b"), "a et b"), (("a", "b", "c"), "a, b et c")]
)
def test_lists_in_a_sentence(items: tuple[str, ...], said: str) -> None:
    assert joined(items) == said


@pytest.mark.parametrize(
    ("town", "said"),
    [
        ("Calais", "de Calais"),
        ("Arques", "d’Arques"),
        ("Le Portel", "du Portel"),
        ("Les Attaques", "des Attaques"),
        ("La Capelle", "de La Capelle"),
    ],
)
def test_of_a_town(town: str, said: str) -> None:
    assert of_town(town) == said
