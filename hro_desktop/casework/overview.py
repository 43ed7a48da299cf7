# SPDX-License-Identifier: GPL-3.0-or-later
"""What a case holds, told in lines: who, agreements, facts, accounts, evidence, referrals."""

import uuid
from collections.abc import Iterator, Sequence

import attrs
from sqlalchemy import Select, func, select, union
from sqlalchemy.orm import Session

from hro_desktop.casework import departures, facts, incidents, referral_facts, statements
from hro_desktop.law import vocabulary
from hro_desktop.records.cases import Case
from hro_desktop.records.consents import Consent
from hro_desktop.records.evidence import Evidence, EvidenceCase, EvidenceIncident, EvidencePerson, EvidenceStatement
from hro_desktop.records.exhibits import Exhibit, ExhibitList
from hro_desktop.records.incidents import Incident, Involvement
from hro_desktop.records.people import Person
from hro_desktop.records.referrals import Referral, ReferralParty
from hro_desktop.records.statements import Statement, StatementIncident
from hro_desktop.rules import grammar
from hro_desktop.rules.dates import french_day

__all__ = ["CaseOverview", "accounts_of", "counts", "evidence_of", "of_case"]


@attrs.frozen
class CaseOverview:
    """A case in lines, section by section."""

    reference: str
    person: str
    consents: tuple[str, ...]
    incidents: tuple[str, ...]
    statements: tuple[str, ...]
    evidence: tuple[str, ...]
    referrals: tuple[str, ...]
    left: tuple[str, ...]

    def sections(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Heading and lines, in the order they are read."""
        yield f"Dossier {self.reference}", (self.person,)
        yield "Accords", self.consents
        yield "Faits", self.incidents
        yield "Récits et attestations", self.statements
        yield "Pièces", self.evidence
        yield "Saisines", self.referrals
        yield "Déjà parti", self.left

    def as_json(self) -> dict[str, object]:
        """For scripts."""
        return attrs.asdict(self)


def counts(session: Session) -> dict[str, int]:
    """How many cases, facts, statements, items and referrals the vault holds, by table."""
    return {
        record.__tablename__: session.scalar(select(func.count()).select_from(record)) or 0
        for record in (Case, Incident, Statement, Evidence, Referral)
    }


def case_of(session: Session, kind: str, record_id: uuid.UUID) -> uuid.UUID | None:
    """The case in which a record is best looked at, the newest when there are several; `None` when it has none."""
    people: Select[uuid.UUID]
    match kind:
        case "case":
            return record_id
        case "referral":
            asked = select(ReferralParty.case_id).where(ReferralParty.referral_id == record_id)
            return session.scalars(asked.order_by(ReferralParty.case_id.desc())).first()
        case "evidence":
            joined = select(EvidenceCase.case_id).where(EvidenceCase.evidence_id == record_id)
            return session.scalars(joined.order_by(EvidenceCase.case_id.desc())).first()
        case "statement":
            own = session.scalars(select(Statement.case_id).where(Statement.id == record_id)).first()
            if own is not None:
                return own
            people = select(Statement.author_id).where(Statement.id == record_id)
        case "incident":
            people = select(Involvement.person_id).where(Involvement.incident_id == record_id)
        case "person":
            people = select(Person.id).where(Person.id == record_id)
        case _:
            return None
    return session.scalars(select(Case.id).where(Case.person_id.in_(people)).order_by(Case.id.desc())).first()


def of_case(session: Session, case: Case) -> CaseOverview:
    """Everything a case holds."""
    person = case.person
    happened = incidents.of_person(session, person.id)
    told = [incident.id for incident in happened]
    accounts = accounts_of(session, case, told)
    return CaseOverview(
        case.reference,
        f"{facts.formal_name(person)} ({person.pseudonym})",
        tuple(_consent(each) for each in session.scalars(select(Consent).where(Consent.person_id == person.id))),
        tuple(facts.listed_incident(incident) for incident in happened),
        tuple(
            f"{each.reference} — {statements.kind_label(session, each)}, {facts.formal_name(each.author)}"
            for each in accounts
        ),
        tuple(
            f"{each.title} ({vocabulary.label('evidence_kinds', each.kind)})"
            for each in evidence_of(session, case, told, [each.id for each in accounts])
        ),
        tuple(_referral(session, each) for each in _parties(session, case)),
        tuple(gone.sentence for gone in departures.of_person(session, person.id)),
    )


def accounts_of(session: Session, case: Case, told: Sequence[uuid.UUID]) -> Sequence[Statement]:
    """The accounts of a case, and those that tell of the same incidents, by reference."""
    return session.scalars(
        select(Statement)
        .outerjoin(StatementIncident)
        .where((Statement.case_id == case.id) | StatementIncident.incident_id.in_(told))
        .distinct()
        .order_by(Statement.reference)
    ).all()


def evidence_of(
    session: Session, case: Case, told: Sequence[uuid.UUID], accounts: Sequence[uuid.UUID]
) -> Sequence[Evidence]:
    """Everything that serves the case: by what it is linked to, by the lists it stands in, by who appears in it."""
    joined = (
        select(Exhibit.evidence_id)
        .join(ExhibitList, Exhibit.list_id == ExhibitList.id)
        .join(ReferralParty, ReferralParty.referral_id == ExhibitList.referral_id)
        .where(ReferralParty.case_id == case.id)
    )
    linked = (
        select(EvidenceCase.evidence_id).where(EvidenceCase.case_id == case.id),
        select(EvidenceIncident.evidence_id).where(EvidenceIncident.incident_id.in_(told)),
        select(EvidenceStatement.evidence_id).where(EvidenceStatement.statement_id.in_(accounts)),
        select(EvidencePerson.evidence_id).where(EvidencePerson.person_id == case.person_id),
    )
    return session.scalars(select(Evidence).where(Evidence.id.in_(union(joined, *linked))).order_by(Evidence.id)).all()


def _parties(session: Session, case: Case) -> Iterator[ReferralParty]:
    yield from session.scalars(select(ReferralParty).where(ReferralParty.case_id == case.id).order_by(ReferralParty.id))


def _consent(each: Consent) -> str:
    purpose = vocabulary.label("consent_purposes", each.purpose)
    state = vocabulary.label("consent_states", each.state)
    when = f" le {french_day(each.given_on)}" if each.given_on else ""
    return f"{purpose}\u00a0: {state}{when}"


def _referral(session: Session, party: ReferralParty) -> str:
    referral = session.get_one(Referral, party.referral_id)
    status = vocabulary.label("party_states", party.status)
    count = len(referral_facts.numbered_exhibits(session, referral))
    return f"{referral.reference} — {referral.procedure}\u00a0: {status}, {grammar.counted(count, 'pièce')}"
