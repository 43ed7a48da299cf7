# SPDX-License-Identifier: GPL-3.0-or-later
"""Loose words and marks become codes; a doubt stays a doubt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hro_desktop.law import vocabulary
from hro_desktop.rules.flash import contact_of, forces_of, harms_of, kind_of

MARKS = vocabulary.codes("flash_marks")


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("", ()),
        ("aucune", ()),
        ("CRS", ("crs",)),
        ("des CRS et la police municipale", ("police_municipale", "crs")),
        ("police municipale", ("police_municipale",)),
        ("des policiers", ("police",)),
        ("gendarmes mobiles", ("gendarmerie_mobile",)),
        ("gendarmes", ("gendarmerie",)),
        ("CRS ? gendarmes ? ne sait pas", ("inconnue",)),
        ("CRS ou gendarmes", ("inconnue",)),
        ("des hommes en noir", ("inconnue",)),
    ],
)
def test_forces(words: str, codes: tuple[str, ...]) -> None:
    assert forces_of(words) == codes


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("WhatsApp +44 7700 900123", "whatsapp"),
        ("+33 6 00 00 00 00", "telephone"),
        ("yonas@exemple.example", "courriel"),
        ("par Rahwa, à l’accueil de jour", "relais"),
        ("tente bleue", "autre"),
    ],
)
def test_the_means_of_contact(words: str, kind: str) -> None:
    assert contact_of(words) == kind


@given(st.text(max_size=40), st.sets(st.sampled_from(MARKS)))
def test_every_code_is_in_its_list(words: str, marks: set[str]) -> None:
    assert set(forces_of(words)) <= set(vocabulary.codes("forces"))
    assert contact_of(words) in vocabulary.codes("contact_kinds")
    assert kind_of(marks) in vocabulary.codes("incident_kinds")
    assert set(harms_of(marks)) <= set(vocabulary.codes("harms"))
