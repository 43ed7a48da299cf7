# SPDX-License-Identifier: GPL-3.0-or-later
"""Words of a letter that no fact may make say more than it says."""

import datetime as dt

import pytest
from sqlalchemy import select

from hro_desktop.casework import documents, identities, referral_facts
from hro_desktop.casework.desk import Desk
from hro_desktop.records.evidence import EvidenceStatement
from hro_desktop.records.incidents import Assertion, Incident
from hro_desktop.records.people import Person
from hro_desktop.records.referrals import Referral
from hro_desktop.records.statements import Statement
from hro_desktop.rules.exceptions import ReducedIdentity
from hro_desktop.vault.work import Work

CALAIS, LOON = "62193", "59359"
DAY = dt.date(2026, 10, 16)
CASE, PLAINTE = "D-2026-0001", "plainte_procureur"


def incident(occurred: str, commune: str = "") -> Incident:
    return Incident(occurred=occurred, commune=commune, kind="expulsion")


@pytest.mark.parametrize(
    ("happened", "said"),
    [
        ([incident("2026-10-12", CALAIS)], "faits survenus le 12\u00a0octobre 2026, à Calais"),
        (
            [incident("2026-10-12", CALAIS), incident("2026-06-03", CALAIS)],
            "faits survenus le 3\u00a0juin 2026 et le 12\u00a0octobre 2026, à Calais",
        ),
        (
            [incident("2026-10-12", CALAIS), incident("2026-09-01")],
            "faits survenus le 12\u00a0octobre 2026, à Calais, et le 1er\u00a0septembre 2026",
        ),
        (
            [incident("", CALAIS), incident("2026-09~")],
            "faits survenus à Calais, et vers septembre 2026",
        ),
        (
            [incident("2026-10-12", LOON), incident("2026-09-01", CALAIS)],
            "faits survenus le 1er\u00a0septembre 2026, à Calais, et le 12\u00a0octobre 2026, à Loon-Plage",
        ),
        ([incident("")], ""),
    ],
)
def test_a_town_is_said_of_its_own_days_only(happened: list[Incident], said: str) -> None:
    assert referral_facts._survened(happened) == said


def complaint(work: Work) -> Referral:
    return work.session.scalars(select(Referral).where(Referral.reference == "S-2026-0001")).one()


def _without_harm(work: Work) -> None:
    for link in complaint(work).incidents:
        found = work.session.get_one(Incident, link.incident_id)
        for each in found.involvements:
            each.harm, each.harm_note = "", ""
        for fact in list(found.assertions):
            if fact.kind in referral_facts.CARRYING:
                found.assertions.remove(fact)


def test_without_harm_its_heading_goes_and_an_offence_is_remarked(desk: Desk) -> None:
    desk.run(_without_harm)
    with desk.read() as session:
        referral = session.scalars(select(Referral).where(Referral.reference == "S-2026-0001")).one()
        found = documents.situation(session, desk, referral)
        assert found.said.values["harms"] == ()
        assert any(each.code == "offence_unsupported" for each in found.said.findings)


def test_with_harm_nothing_is_remarked(desk: Desk) -> None:
    with desk.read() as session:
        referral = session.scalars(select(Referral).where(Referral.reference == "S-2026-0001")).one()
        found = documents.situation(session, desk, referral)
        assert found.said.values["harms"]
        assert not any(each.code == "offence_unsupported" for each in found.said.findings)


@pytest.mark.parametrize("named", ["Mme A. Sow", "A. Sow", "Amina Sow", "Sow"])
def test_an_initial_before_a_reduced_name_goes_with_it(named: str) -> None:
    person = Person(pseudonym="x", given_names="Amina", birth_name="Sow", sex="f")
    hide = identities._hider([(person, ReducedIdentity(name="A. X", age=""))])
    assert hide(f"{named} a eu peur.") == "A. X a eu peur."


def test_a_paper_is_its_author_s_whoever_is_said_to_say_it(desk: Desk) -> None:
    """A RIO that Mr Lindgren's attestation has from somebody else is his hearsay, and she wrote no attestation."""

    def rio() -> str:
        with desk.read() as session:
            referral = session.scalars(select(Referral)).one()
            values = referral_facts.of_referral(session, referral, DAY, practice=True).values
            said = [str(each["sentence"].value) for each in values["assertions"]]  # type: ignore[union-attr, index]
            return next(each for each in said if "0990417" in each)

    assert rio().startswith(
        "Selon Mme Camille Vasseur (attestation du 14\u00a0octobre 2026, pièce n°\u00a05), un agent"
    )
    with desk.vault.work() as work:
        told = work.session.scalars(select(Assertion).where(Assertion.kind == "rio")).one()
        wrote = work.session.scalars(select(Statement).where(Statement.kind == "attestation"))
        his = next(each for each in wrote if each.author.birth_name == "Lindgren")
        told.statement_id, told.evidence_id = his.id, None
        work.commit()
    assert rio() == (
        "Selon M. Tobias Lindgren (attestation du 14\u00a0octobre 2026, pièce n°\u00a07), qui dit le tenir de Mme "
        "Camille Vasseur, un agent portait le RIO 0990417."
    )
    found = {reason.code for state in documents.states(desk, CASE, PLAINTE) for reason in state.reasons}
    assert "assertion_hearsay" in found
    heard = rio()
    with desk.vault.work() as work:  # the same, read on his signed paper
        told = work.session.scalars(select(Assertion).where(Assertion.kind == "rio")).one()
        paper = select(EvidenceStatement.evidence_id).where(
            EvidenceStatement.statement_id == told.statement_id, EvidenceStatement.role == "signed"
        )
        told.statement_id, told.evidence_id = None, work.session.scalars(paper).one()
        work.commit()
    assert rio() == heard


@pytest.mark.parametrize(
    ("days", "offence", "fits"),
    [
        ("6", "violences_8j", True),
        ("6", "violences_plus_8j", False),
        ("8", "violences_plus_8j", False),
        ("9", "violences_plus_8j", True),
        ("9", "violences_8j", False),
        ("", "violences_8j", True),
        ("", "violences_plus_8j", False),
        ("", "vol", True),
    ],
)
def test_a_qualification_goes_with_the_days_a_certificate_gives(
    desk: Desk, days: str, offence: str, *, fits: bool
) -> None:
    with desk.vault.work() as work:
        referral = complaint(work)
        referral.offences = [offence]
        for told in work.session.scalars(select(Assertion).where(Assertion.kind == "itt")):
            told.value = days
            if not days:
                work.session.delete(told)
        work.commit()
    found = {reason.code for state in documents.states(desk, CASE, PLAINTE) for reason in state.reasons}
    assert ("offence_itt" not in found) == fits


@pytest.mark.parametrize(
    ("birth", "says", "sex", "said"),
    [
        ("2010", None, "f", "mineure"),
        ("2010", None, "m", "mineur"),
        ("2010", None, "x", "personne mineure"),
        ("2008~", None, "f", "peut-être mineure"),
        ("2008~", None, "x", "peut-être mineur·e"),
        ("2008~", True, "m", "se dit mineur"),
        ("", True, "f", "se dit mineure"),
        ("2008~", False, "f", None),
        ("", None, "f", None),
        ("1998", None, "m", None),
    ],
)
def test_a_minority_is_said_no_surer_than_it_is(
    desk: Desk, birth: str, says: bool | None, sex: str, said: str | None
) -> None:
    with desk.vault.work() as work:
        referral = complaint(work)
        selam = next(party.case.person for party in referral.parties if party.case.person.birth_name == "Habte")
        selam.birth, selam.declared_minor, selam.sex = birth, says, sex
        work.session.flush()
        found = documents.situation(work.session, desk, referral).said.values
        [values] = [each for each in found["complainants"] if "Habte" in str(each["display_name"].value)]  # type: ignore[union-attr, index]
        [line] = [each["line"].value for each in found["persons"] if "Habte" in str(each["line"].value)]  # type: ignore[union-attr, index]
    assert values["is_minor"].value == (said is not None)
    assert values["words"]["mineur"].value == said if said else "mineur" not in str(line)
    assert str(line).endswith(f", {said}") or said is None
