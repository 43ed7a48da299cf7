# SPDX-License-Identifier: GPL-3.0-or-later
"""Names: shown, formal, initials, compared; pseudonyms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hro_desktop.law.tables import fold
from hro_desktop.rules.people import (
    civility,
    discreet,
    display_name,
    formal_name,
    initials,
    is_pseudonym,
    match_key,
    pseudonym,
    same_name,
)


@pytest.mark.parametrize(
    ("sex", "given_name", "family", "formal"),
    [
        ("f", "Fatima", "N.", "Mme Fatima N."),
        ("m", "Ahmad", "Noori", "M. Ahmad Noori"),
        ("x", "Sacha", "Morel", "Sacha Morel"),
        ("", "Sacha", "Morel", "Sacha Morel"),
        ("m", "", "Yonas", "M. Yonas"),
        ("f", "  Fatima ", "", "Mme Fatima"),
        ("m", "", "", "P-2026-0147"),
    ],
)
def test_formal_names(sex: str, given_name: str, family: str, formal: str) -> None:
    assert formal_name(sex, given_name, family, fallback="P-2026-0147") == formal


def test_the_civility_of_x_is_none() -> None:
    assert [civility(sex) for sex in ("m", "f", "x", "")] == ["M.", "Mme", "", ""]


def test_shown_names_fall_back_to_another_name_then_to_the_pseudonym() -> None:
    assert display_name("Fatima", "Noori", other="فاطمة", fallback="P") == "Fatima Noori"
    assert display_name("", "", other="فاطمة", fallback="P") == "فاطمة"
    assert display_name("", " ", fallback="P-2026-0001") == "P-2026-0001"


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Fatima Noori", "F. N."),
        ("Jean-Pierre de la Tour", "J.-P. D. L. T."),
        ("Élodie d’Arc", "É. D. A."),
        ("فاطمة نوري", "ف. ن."),
        ("ዮናስ ተስፋይ", "ዮ. ተ."),
        ("", ""),
        ("- 3", ""),
    ],
)
def test_initials(name: str, short: str) -> None:
    assert initials(name) == short


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Élodie D’ARC", "elodie d'arc"),
        ("Noori Fatima", "fatima  NOORI"),
        ("Jean-Pierre", "jean pierre"),
        ("Œdipe", "oedipe"),
        ("أحمد", "احمد"),
        ("علی کریمی", "علي كريمي"),
    ],
)
def test_same_name_in_two_spellings(one: str, two: str) -> None:
    assert same_name(one, two)


def test_different_or_empty_names_do_not_match() -> None:
    assert not same_name("Fatima Noori", "Fatima Nouri")
    assert not same_name("", "")
    assert not same_name("...", "---")


@given(st.text(max_size=30))
def test_a_matching_key_is_its_own_key(name: str) -> None:
    assert match_key(match_key(name)) == match_key(name)


@given(st.integers(2000, 2099), st.integers(1, 20000))
def test_pseudonyms_are_recognised(year: int, rank: int) -> None:
    assert is_pseudonym(pseudonym(year, rank))


def test_pseudonym_form() -> None:
    assert pseudonym(2026, 147) == "P-2026-0147"
    assert not is_pseudonym("Fatima")
    assert not is_pseudonym("P-2026-147")
    with pytest.raises(ValueError, match=r"^pseudonym\.rank$"):
        pseudonym(2026, 0)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Rappeler Yonas Tesfay avant lundi", "Rappeler Y. T. avant lundi"),
        ("voir YONAS, RIO 1284557, fourgon AB-123-CD", "voir Y., RIO •••, fourgon •••"),
        ("Yonasson n’est pas Yonas", "Yonasson n’est pas Y."),
        ("dossier 26-014872", "dossier 26-014872"),
        ("Revoir YONAS TESFAY", "Revoir Y. T."),
        ("Revoir Yónas-Tesfay, puis Yo\u0301nas\u200b", "Revoir Y. T., puis Y."),
        ("RIO n° 1 234 567, rio 4567, Rio : 12", "RIO n° •••, rio •••, Rio : •••"),
        ("1 234 567 vus", "••• vus"),
        ("fourgons ab-123-cd et aa123bb", "fourgons ••• et •••"),
        ("au 112 le soir, à 8 h 30", "au 112 le soir, à 8 h 30"),
        ("dans le trio 3 fois", "dans le trio 3 fois"),
    ],
)
def test_a_page_for_everybody_shows_no_name_number_or_plate(text: str, shown: str) -> None:
    assert discreet(text, {"Yonas Tesfay": "Y. T.", "Yonas": "Y.", "": "?", "H.": "R. H."}) == shown


@given(st.text(), st.text(st.characters(categories=("Lu", "Ll", "Lo")), min_size=2), st.text())
def test_a_name_is_hidden_wherever_it_stands_and_nothing_else_changes(before: str, name: str, after: str) -> None:
    if len(fold(name)) < 2 or " " in fold(name):
        return
    shown = discreet(f"{before} {name} {after}", {name: "•"})
    assert f" {fold(name)} " not in f" {fold(shown)} "
    assert discreet(before, {}) == discreet(discreet(before, {}), {})
