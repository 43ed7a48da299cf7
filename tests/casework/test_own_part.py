# SPDX-License-Identifier: GPL-3.0-or-later
"""What a letter says of earlier referrals is what the people who sign it did, about the same facts, and nobody else."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.values import leaf
from hro_desktop import bootstrap
from hro_desktop.casework import body_facts, referral_facts
from hro_desktop.casework.desk import Desk
from hro_desktop.demo import run
from hro_desktop.records.cases import Case
from hro_desktop.records.incidents import Incident
from hro_desktop.records.referrals import Referral, ReferralIncident, ReferralParty, ReferralStep
from tests.support.practice import practice_vault

DAY = run.NOW.date()
LUWAM = "D-2026-0004"
WENT = "Plainte au procureur de la République, 15\u00a0juin 2026, n°\u00a026/04417"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    vault = practice_vault(tmp_path, follow_up=True)
    with bootstrap.open_desk(vault, run.PASSPHRASE, clock=lambda: run.NOW) as opened:
        yield opened


def the(session: Session, procedure: str) -> Referral:
    return session.scalars(
        select(Referral).where(Referral.procedure == procedure).order_by(Referral.reference.desc())
    ).first()  # type: ignore[return-value]


def said(desk: Desk, procedure: str, *paths: str) -> list[object]:
    with desk.read() as session:
        referral = the(session, procedure)
        values = referral_facts.of_referral(session, referral, DAY, practice=True).values
        more = body_facts.extended(session, referral, values, DAY)
        found = [leaf(more, path) for path in paths]
        return [each.value if each else None for each in found]


def prior(desk: Desk, procedure: str) -> list[str]:
    with desk.read() as session:
        referral = the(session, procedure)
        values = referral_facts.of_referral(session, referral, DAY, practice=True).values
        return [str(each["line"].value) for each in body_facts.extended(session, referral, values, DAY)["prior"]]


COMPLAINT = ("complaint.filed_on", "complaint.authority_reference", "referral.authority_reference", "complaint.silent")


def with_another(session: Session, number: str, filed: dt.date) -> None:
    """Luwam complained in the same letter, first of the two, and got a number of her own."""
    first = the(session, "complement_plainte").follows
    assert first is not None
    case = session.scalars(select(Case).where(Case.reference == LUWAM)).one()
    steps = [ReferralStep(status="deposee", occurred_on=filed)]
    first.parties.insert(0, ReferralParty(case_id=case.id, status="deposee", body_reference=number, steps=steps))


def test_a_letter_that_completes_says_the_number_and_the_day_of_its_own_author(desk: Desk) -> None:
    own = [dt.date(2026, 6, 15), "26/04417", "26/04417", False]
    assert said(desk, "complement_plainte", *COMPLAINT) == own
    with desk.vault.work() as work:
        with_another(work.session, "26/00001", dt.date(2026, 3, 1))
        work.commit()
    assert said(desk, "complement_plainte", *COMPLAINT) == own


@pytest.mark.parametrize(
    ("filed", "expected"),
    [
        (dt.date(2026, 6, 15), [dt.date(2026, 6, 15), "26/00001 et 26/04417", "26/00001 et 26/04417", True]),
        (dt.date(2026, 3, 1), [None, "26/00001 et 26/04417", "26/00001 et 26/04417", False]),
    ],
)
def test_together_they_say_both_numbers_and_a_day_only_when_it_is_the_same(
    desk: Desk, filed: dt.date, expected: list[object]
) -> None:
    with desk.vault.work() as work:
        with_another(work.session, "26/00001", filed)
        case = work.session.scalars(select(Case).where(Case.reference == LUWAM)).one()
        letter = the(work.session, "complement_plainte")
        letter.parties.append(ReferralParty(case_id=case.id, status="en_redaction"))
        for step in work.session.scalars(select(ReferralStep).where(ReferralStep.status == "enregistree")):
            work.session.delete(step)
        work.commit()
    found = said(desk, "complement_plainte", *COMPLAINT)
    assert [found[0], found[3]] == [expected[0], expected[3]]
    assert {frozenset(str(each).split(" et ")) for each in found[1:3]} == {frozenset({"26/00001", "26/04417"})}


def test_three_months_are_over_the_day_after(desk: Desk) -> None:
    """Filed on the 16th of July, the 16th of October is the last day of waiting."""
    for filed, silent in ((dt.date(2026, 7, 16), False), (dt.date(2026, 7, 15), True)):
        with desk.vault.work() as work:
            for step in work.session.scalars(select(ReferralStep)):
                if step.status == "enregistree":
                    work.session.delete(step)
                elif step.status == "deposee":
                    step.occurred_on = filed
            work.commit()
        assert said(desk, "complement_plainte", "complaint.silent") == [silent]


def test_what_went_before_is_about_the_same_facts_and_the_same_people(desk: Desk) -> None:
    assert prior(desk, "saisine_iggn") == [WENT]
    with desk.vault.work() as work:
        with_another(work.session, "26/00001", dt.date(2026, 3, 1))
        work.commit()
    assert prior(desk, "saisine_iggn") == [WENT]
    with desk.vault.work() as work:
        other = Incident(reference="F-2026-0900", kind="insultes", occurred="2026-08-01")
        work.session.add(other)
        work.session.flush()
        report = the(work.session, "saisine_iggn")
        for link in list(report.incidents):
            work.session.delete(link)
        work.session.flush()
        work.session.add(ReferralIncident(referral_id=report.id, incident_id=other.id, position=0))
        work.commit()
    assert prior(desk, "saisine_iggn") == []


def test_somebody_else_s_complaint_about_the_same_facts_is_theirs_to_say(desk: Desk) -> None:
    with desk.vault.work() as work:
        case = work.session.scalars(select(Case).where(Case.reference == LUWAM)).one()
        report = the(work.session, "saisine_iggn")
        report.parties = [ReferralParty(case_id=case.id, status="en_redaction")]
        work.commit()
    assert prior(desk, "saisine_iggn") == []
