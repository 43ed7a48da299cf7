# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles: every limit with its source, and names that hold to their own limits."""

import datetime as dt

import attrs
import pytest

from forms.file_names import Naming, file_name
from hro_desktop.law import procedures, profiles, vocabulary
from hro_desktop.law.tables import TO_CHECK

DAY = dt.date(2026, 11, 23)
CODES = ["papier", "avocat", "telerecours_citoyens", "inspections", "annexe_video"]


def test_the_five_profiles() -> None:
    assert [row.code for row in profiles.profiles()] == CODES
    assert all(row.label and row.makes and row.source for row in profiles.profiles())


@pytest.mark.parametrize("code", CODES)
def test_every_limit_says_where_it_comes_from(code: str) -> None:
    row = profiles.profile(code, DAY)
    limits = [value for value in attrs.asdict(row, recurse=False).values() if isinstance(value, profiles.Limit)]
    assert row.longest in limits
    for limit in limits:
        assert limit.value > 0
        assert limit.source
        assert (TO_CHECK in limit.shown_source) is (limit.confidence != "P")


@pytest.mark.parametrize("code", CODES)
def test_a_name_fits(code: str) -> None:
    row = profiles.profile(code, DAY)
    naming = Naming(row.name_pattern, row.ascii_only, row.longest.value)
    name = file_name(naming, row.last_number or 9999, "Été " * 60, ".docx", date="20261012")
    assert len(name) <= row.longest.value
    assert name.isascii() or not row.ascii_only


def test_a_profile_says_when_it_is_made_for_others() -> None:
    known = set(vocabulary.codes("bodies"))
    assert all(set(row.bodies) <= known for row in profiles.profiles())
    for row in procedures.procedures():
        assert profiles.profile(row.profile, DAY).misfit(row.body) == ""
    court = profiles.profile("telerecours_citoyens", DAY)
    assert court.misfit("tribunal") == court.misfit("") == profiles.profile("avocat", DAY).misfit("procureur") == ""
    assert court.misfit("procureur").startswith(
        "Ce profil est fait pour\u00a0: tribunal. Ces documents vont à\u00a0: procureur de la République."
    )


def test_what_nobody_confirmed_is_shown_as_such() -> None:
    court = profiles.profile("telerecours_citoyens", DAY)
    assert court.block
    assert court.block.octets == 32_000_000
    assert court.block.octets < 32 * 1024 * 1024
    assert TO_CHECK in court.block.shown_source
    lawyer = profiles.profile("avocat", DAY)
    assert lawyer.lot
    assert (lawyer.lot.value, TO_CHECK in lawyer.lot.shown_source) == (8, True)
    assert all(row.shown_note == TO_CHECK for row in profiles.profiles())


def test_one_file_per_exhibit_holds_since_the_decree() -> None:
    with pytest.raises(KeyError):
        profiles.profile("telerecours_citoyens", dt.date(2020, 12, 31))
