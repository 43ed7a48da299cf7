# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of who may be asked: sourced, whole, and every code resolves."""

import datetime as dt
import re

import pytest

from hro_desktop.law import authorities, competence, procedures, vocabulary
from hro_desktop.law.competence import Body, Reach

DAYS = (dt.date(2026, 11, 23), dt.date(2029, 1, 1), dt.date(2050, 1, 1))
BODIES = [pytest.param(row, id=row.code) for row in competence.bodies()]
REACHES = [pytest.param(row, id=row.code) for row in competence.reaches()]
FORCES = vocabulary.terms("forces")


@pytest.mark.parametrize("row", [*competence.bodies(), *competence.reaches()], ids=lambda row: row.code)
def test_every_row_is_sourced_and_honest(row: Body | Reach) -> None:
    assert row.source.strip()
    assert row.confidence == "P" or row.checked_on is None
    if re.search("à relire|à vérifier|de mémoire|non relevé", row.source):
        assert not row.verified
    assert row.verified or "à vérifier" in row.shown_source


@pytest.mark.parametrize("row", BODIES)
def test_every_code_of_a_body_resolves(row: Body) -> None:
    for day in DAYS:
        assert not row.procedure or procedures.procedure(row.procedure, day)
        assert not row.authority or authorities.authority(row.authority, day)
    assert not (row.by_commune and row.authority)
    assert row.does.endswith(".")
    assert row.does_not == "" or (row.does_not.endswith(".") and row.does_not[0].islower())
    assert any(each.body == row.code and each.state != "remarque" for each in competence.reaches())


@pytest.mark.parametrize("row", REACHES)
def test_every_code_of_a_reach_resolves(row: Reach) -> None:
    assert row.body in {each.code for each in competence.bodies()}
    assert row.state == "remarque" or row.state in vocabulary.codes("competence_states")
    assert set(row.forces) <= {term.code for term in FORCES} | {term.group for term in FORCES}
    assert set(row.facts) <= set(vocabulary.codes("incident_kinds"))
    assert set(row.bases) <= set(vocabulary.codes("legal_bases"))
    assert set(row.after) <= set(vocabulary.codes("party_states"))
    assert row.forces or row.facts or row.bases or row.after or row.minors
    assert row.sentence.endswith(".")
    assert "{" not in row.sentence


def test_no_sentence_carries_a_number_that_changes_in_2029() -> None:
    said = [row.sentence for row in competence.reaches()]
    said += [text for row in competence.bodies() for text in (row.does, row.does_not)]
    assert not [text for text in said if re.search(r"CPP|procédure pénale,? art", text)]


@pytest.mark.parametrize("body", ["igpn", "iggn", "ddd"])
@pytest.mark.parametrize("code", vocabulary.codes("forces"))
def test_each_force_has_one_answer_of_each_body_of_ethics(body: str, code: str) -> None:
    names = {code, vocabulary.term("forces", code).group}
    rows = [row for row in competence.reaches() if row.body == body and row.state != "remarque"]
    assert len([row for row in rows if names & set(row.forces)]) == 1
    assert all(not row.facts and not row.bases for row in rows)


def test_each_kind_of_facts_has_one_answer_of_the_procureur() -> None:
    rows = [row for row in competence.reaches() if row.body == "procureur" and row.state != "remarque"]
    kinds = [kind for row in rows for kind in row.facts]
    assert sorted(kinds) == sorted(vocabulary.codes("incident_kinds"))
    assert all(not row.forces and not row.bases for row in rows)


def test_every_legal_basis_that_was_researched_has_a_body() -> None:
    """« mise à l’abri » and DALO art. 38 have no remedy in the sources: nothing is invented for them."""
    spoken_of = {base for row in competence.reaches() if row.state != "remarque" for base in row.bases}
    assert set(vocabulary.codes("legal_bases")) - spoken_of == {"mise_a_labri", "dalo_38"}


def test_nothing_is_verified_of_a_cleaning_contractor_before_the_ombudsman() -> None:
    """The page that was read does not say it: what a requirement says of it is shown as the competence is."""
    (exclusion,) = (row for row in competence.reaches() if row.body == "ddd" and "nettoyage" in row.forces)
    said = [
        each
        for procedure in procedures.procedures()
        if procedure.body == "ddd"
        for each in procedure.requirements
        if "nettoyage" in each.sentence
    ]
    assert [each.code for each in said] == ["force_defenseur"]
    for each in (*said, exclusion):
        assert each.confidence == "M"
        assert "à vérifier" in each.shown_source
