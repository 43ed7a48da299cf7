# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is competent where."""

import datetime as dt
import re

import pytest

from hro_desktop.law import vocabulary
from hro_desktop.law.authorities import authorities, authority, commune, competent_procureur
from hro_desktop.law.tables import fold, read

DAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("Calais", "procureur_boulogne"),
        ("62193", "procureur_boulogne"),
        ("coquelles", "procureur_boulogne"),
        ("MARCK", "procureur_boulogne"),
        ("Montreuil-sur-Mer", "procureur_boulogne"),
        ("guines", "procureur_boulogne"),
        ("Oye-Plage", "procureur_saint_omer"),
        ("62038", "procureur_saint_omer"),
        ("Audruicq", "procureur_saint_omer"),
        ("St Folquin", "procureur_saint_omer"),
        ("Ste-Marie-Kerque", "procureur_saint_omer"),
        ("Saint-Omer", "procureur_saint_omer"),
        ("Grande-Synthe", "procureur_dunkerque"),
        ("Loon Plage", "procureur_dunkerque"),
        ("Mardyck", "procureur_dunkerque"),
        ("59183", "procureur_dunkerque"),
    ],
)
def test_by_commune_not_by_arrondissement(place: str, code: str) -> None:
    found = competent_procureur(place, DAY)
    assert found is not None
    assert found.authority.code == code


@pytest.mark.parametrize("place", ["Paris", "", "75056", "Saint", "Omer"])
def test_no_proposal_for_a_commune_that_is_not_listed(place: str) -> None:
    assert competent_procureur(place, DAY) is None
    assert commune(place, DAY) is None


def test_unchecked_addresses_are_shown_as_such() -> None:
    found = competent_procureur("Calais", DAY)
    assert found is not None
    assert found.area.verified
    assert found.authority.checked_on is None
    assert found.shown_note == "à vérifier"
    assert authority("dgpn", DAY).shown_note == ""
    assert [row.code for row in authorities() if row.kind == "procureur" and row.verified] == []


def test_kinds_are_words_and_areas_name_authorities() -> None:
    kinds = set(vocabulary.codes("organisation_kinds"))
    assert {row.kind for row in authorities()} <= kinds
    codes = {row.code for row in authorities()}
    assert {area["authority"] for area in read("authorities.toml")["area"]} <= codes


def test_each_commune_stands_once_under_a_plausible_code() -> None:
    """INSEE numbers follow the alphabet inside a département (without the article): a wrong code breaks the order."""
    towns = [town for area in read("authorities.toml")["area"] for town in area["communes"]]
    for key in ("insee", "name"):
        assert len({town[key] for town in towns}) == len(towns)
    assert all(re.fullmatch(r"(59|62)\d{3}", town["insee"]) for town in towns)
    by_code = [town["name"] for town in sorted(towns, key=lambda town: str(town["insee"]))]
    for department in ("59", "62"):
        names = [name for name in by_code if next(t for t in towns if t["name"] == name)["insee"][:2] == department]
        assert names == sorted(names, key=_alphabetical)


def _alphabetical(name: str) -> str:
    words = fold(re.sub(r"^(Le|La|Les) ", "", name)).replace("sainte ", "saint ")
    return words.replace(" ", "")
