# SPDX-License-Identifier: GPL-3.0-or-later
"""Each dossier of the practice vault before each body: a pack that a jurist could sign, whatever the facts."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop import bootstrap
from hro_desktop.casework import documents, sending
from hro_desktop.casework.desk import Desk
from hro_desktop.demo import run
from hro_desktop.law import offences, procedures
from hro_desktop.records.cases import Case
from hro_desktop.records.consents import Consent
from hro_desktop.records.evidence import Evidence
from hro_desktop.records.exhibits import Exhibit, ExhibitList
from hro_desktop.records.people import Person
from hro_desktop.records.referrals import Referral, ReferralIncident, ReferralParty, ReferralStep
from tests.casework.test_documents import flat, text_of
from tests.support.practice import practice_vault

DAY = run.NOW.date()
CASES = ("D-2026-0001", "D-2026-0003", "D-2026-0004", "D-2026-0005")
AUTHORITIES = {"procureur": "procureur_boulogne", "igpn": "igpn", "iggn": "iggn", "ddd": "ddd"}
CODES = tuple(row.code for row in procedures.procedures() if row.holds_on(DAY))

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    vault = practice_vault(tmp_path, follow_up=True)
    with bootstrap.open_desk(vault, run.PASSPHRASE, clock=lambda: run.NOW) as opened:
        yield opened


def everybody_agrees(session: Session) -> None:
    """Every person to every body, and everybody in the exhibits: what blocks is the subject of other tests."""
    session.query(Consent).delete()
    for person in session.scalars(select(Person)):
        for row in procedures.procedures():
            for purpose in (row.consent_purpose, "temoignage"):
                session.add(Consent(person_id=person.id, purpose=purpose, body=row.body, state="donne", given_on=DAY))
    for item in session.scalars(select(Evidence)):
        for appearance in item.people:
            appearance.clearance = "cleared"


def referral_of(session: Session, case_reference: str, code: str) -> Referral:
    """The first referral of a case, told again to another body; what it follows was filed."""
    row = procedures.procedure(code, DAY)
    case = session.scalars(select(Case).where(Case.reference == case_reference)).one()
    first = session.scalars(
        select(Referral).join(ReferralParty).where(ReferralParty.case_id == case.id).order_by(Referral.reference)
    ).first()
    assert first is not None
    fresh = _copy(session, first, code, "S-2026-0900")
    fresh.authority = AUTHORITIES[row.body]
    fresh.offences = [one.code for one in offences.offences() if one.offence_class in row.qualifications][:2]
    if row.follows:
        fresh.follows = _copy(session, first, row.follows, "S-2026-0901")
        fresh.follows.authority = AUTHORITIES["procureur"]
        for party in fresh.follows.parties:
            party.body_reference = "26/000123"
            party.steps.append(ReferralStep(status="deposee", occurred_on=dt.date(2026, 6, 15)))
    for each in session.scalars(select(Referral).where(Referral.procedure == code, Referral.id != fresh.id)):
        each.parties = [party for party in each.parties if party.case_id != case.id]
    return fresh


def _copy(session: Session, first: Referral, code: str, reference: str) -> Referral:
    fresh = Referral(
        reference=reference,
        procedure=code,
        authority=first.authority,
        declared_as=first.declared_as if code.startswith("saisine") else "personnes",
        account=first.account,
        place=first.place,
        dated_on=DAY,
        offences=[],
        requests=first.requests,
    )
    fresh.incidents = [
        ReferralIncident(incident_id=each.incident_id, position=n) for n, each in enumerate(first.incidents)
    ]
    fresh.parties = [ReferralParty(case_id=each.case_id, position=n) for n, each in enumerate(first.parties)]
    session.add(fresh)
    session.flush()
    numbered = session.scalars(
        select(Exhibit.evidence_id)
        .join(ExhibitList)
        .where(ExhibitList.referral_id == first.id)
        .order_by(Exhibit.position)
    ).all()
    listed = ExhibitList(referral_id=fresh.id, sequence=1, first_number=1)
    listed.exhibits = [Exhibit(evidence_id=item, position=n) for n, item in enumerate(numbered)]
    session.add(listed)
    return fresh


@pytest.mark.parametrize("procedure", CODES)
@pytest.mark.parametrize("case", CASES)
def test_a_pack_without_holes(desk: Desk, tmp_path: Path, case: str, procedure: str) -> None:
    with desk.vault.work() as work:
        everybody_agrees(work.session)
        referral_of(work.session, case, procedure)
        work.commit()
    states = documents.states(desk, case, procedure)
    assert not any(state.blocked for state in states), [r.sentence for s in states for r in s.reasons]
    out = tmp_path / "sortie"
    sending.write_referral(desk, case, procedure, out, draft=True)
    papers = [path for path in out.glob("*.pdf") if "pieces" not in path.name]
    assert papers
    for path in papers:
        raw = text_of(path.read_bytes())
        said = flat(raw)
        assert not re.search(r"None|\[\]|\{\{|\{%|,\s*,|\(\s*\)|«\s*»", said), (path.name, said)
        assert not re.search(r"[^ \n]  +[^ \n]", raw.replace("\r", "")), path.name
        assert not re.search(r" [,.](?! ?\.)| '|\w'\w", said), path.name
