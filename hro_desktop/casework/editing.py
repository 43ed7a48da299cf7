# SPDX-License-Identifier: GPL-3.0-or-later
"""Editing any record in one way: read it as its draft, write it back, know what it was.

An editor of the window knows a noun and nothing else; what a noun is made of is said once, by its draft.
"""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

import attrs
from sqlalchemy.orm import Session

from hro_desktop.casework import (
    agenda,
    cases,
    consents,
    directory,
    dispatches,
    evidence,
    exhibits,
    fields,
    follow,
    hindrances,
    incidents,
    observation,
    outing_places,
    outings,
    people,
    referrals,
    sites,
    statements,
    volunteers,
)
from hro_desktop.faults import Fault
from hro_desktop.records.agenda import Appointment, ContactNote, Mail, Reminder
from hro_desktop.records.base import new_id
from hro_desktop.records.cases import Case, CaseGroup
from hro_desktop.records.consents import Consent
from hro_desktop.records.directory import Organisation
from hro_desktop.records.dispatches import Dispatch
from hro_desktop.records.evidence import Evidence
from hro_desktop.records.exhibits import Exhibit
from hro_desktop.records.incidents import Incident
from hro_desktop.records.observation import Operation
from hro_desktop.records.outings import Hindrance, Outing
from hro_desktop.records.people import Person
from hro_desktop.records.referrals import Referral, ReferralParty
from hro_desktop.records.sites import Site
from hro_desktop.records.statements import Statement, StatementVersion
from hro_desktop.records.volunteers import Volunteer
from hro_desktop.vault.work import Work

__all__ = ["KINDS", "Kind", "Written", "blank", "preferred", "read", "write"]


@attrs.frozen
class Kind:
    """One noun that can be edited.

    Args:
        title: as a person says it.
        draft: what its editor holds.
        record: what the vault keeps.
        save: writes a draft of it, in one unit of work.
        tell: makes the draft of a record, for a draft whose fields are not those of the record.
    """

    title: str
    draft: type[Any]
    record: type[Any]
    save: Callable[[Work, Any], uuid.UUID]
    tell: Callable[[Session, Any], Any] | None = None

    def drafted(self, session: Session, record: Any) -> Any:  # noqa: ANN401 - a record, a draft
        """A record as its draft."""
        return self.tell(session, record) if self.tell is not None else fields.drafted(self.draft, record)


@attrs.frozen
class Written:
    """A record that was written.

    Args:
        id: of it.
        before: the draft of what it was, `None` for a new one: undoing writes it back.
        after: the draft of what it is now.
        merged: it holds something that was changed elsewhere meanwhile.
    """

    id: uuid.UUID
    before: Any
    after: Any
    merged: bool = False


KINDS: Mapping[str, Kind] = {
    "person": Kind("personne", people.PersonDraft, Person, people.save),
    "consent": Kind("accord", consents.ConsentDraft, Consent, consents.save),
    "case": Kind("dossier", cases.CaseDraft, Case, cases.save),
    "group": Kind("groupe", cases.GroupDraft, CaseGroup, cases.save_group),
    "site": Kind("lieu de vie", sites.SiteDraft, Site, sites.save),
    "outing": Kind("sortie", outings.OutingDraft, Outing, outings.save),
    "outing.day": Kind("sortie", outings.OutingDayDraft, Outing, outings.save_day),
    "outing.debrief": Kind("débrief", outings.DebriefDraft, Outing, outings.save_part),
    "outing.parting": Kind("sortie", outings.PartingDraft, Outing, outings.save_part),
    "incident.place": Kind(
        "lieu de la sortie", outing_places.PlaceDraft, Incident, outing_places.save, outing_places.of_incident
    ),
    "hindrance": Kind("entrave", hindrances.HindranceDraft, Hindrance, hindrances.save),
    "operation": Kind("opération", observation.OperationDraft, Operation, observation.save),
    "incident": Kind("faits", incidents.IncidentDraft, Incident, incidents.save),
    "statement": Kind("récit", statements.StatementDraft, Statement, statements.save),
    "statement_about": Kind("récit", statements.StatementAboutDraft, Statement, statements.save_about),
    "statement_version": Kind("version du récit", statements.VersionDraft, StatementVersion, statements.save_version),
    "evidence": Kind("pièce", evidence.EvidenceDraft, Evidence, evidence.revise),
    "referral_text": Kind("texte de la saisine", referrals.TextDraft, Referral, referrals.save_text),
    "referral_against": Kind("personnes de la saisine", referrals.AgainstDraft, Referral, referrals.save_against),
    "exhibit_place": Kind("place au bordereau", exhibits.PlaceDraft, Exhibit, exhibits.save_place),
    "organisation": Kind("organisation", directory.OrganisationDraft, Organisation, directory.save),
    "volunteer": Kind("bénévole", volunteers.VolunteerDraft, Volunteer, volunteers.save),
    "appointment": Kind("rendez-vous", agenda.AppointmentDraft, Appointment, agenda.save_appointment),
    "reminder": Kind("rappel", agenda.ReminderDraft, Reminder, agenda.save_reminder),
    "mail": Kind("courrier reçu", agenda.MailDraft, Mail, agenda.save_mail),
    "contact_note": Kind("contact noté", agenda.ContactNoteDraft, ContactNote, agenda.save_contact),
    "dispatch": Kind("envoi", dispatches.ProofDraft, Dispatch, dispatches.save_proofs),
    "referral_party": Kind("numéro de l’organisme", follow.NumberDraft, ReferralParty, follow.save_number),
}


def blank(noun: str, **known: object) -> Any:  # noqa: ANN401 - a draft
    """An empty draft, with what is known already. Its record gets its id now, so that it can be found again."""
    return KINDS[noun].draft(id=new_id(), **known)


def read(session: Session, noun: str, record_id: uuid.UUID) -> Any:  # noqa: ANN401 - a draft
    """A record as its draft.

    Raises:
        Fault: `record.gone`.
    """
    kind = KINDS[noun]
    record = session.get(kind.record, record_id)
    if record is None:
        raise Fault("record.gone", f"Cet enregistrement ({kind.title}) n’existe plus dans le coffre.")
    return kind.drafted(session, record)


def write(work: Work, noun: str, draft: Any, base: Any = None) -> Written:  # noqa: ANN401
    """Write a draft over its record, or as a new one.

    Args:
        work: the unit of work.
        noun: what it is.
        draft: what is to be written.
        base: the draft it was made from. What was changed elsewhere since stays, where this draft leaves it alone.

    Raises:
        Fault: whatever its own action refuses, `record.changed` when the same field was changed here and elsewhere;
            nothing is written then.
    """
    kind = KINDS[noun]
    known = work.session.get(kind.record, draft.id) if draft.id else None
    before = kind.drafted(work.session, known) if known is not None else None
    wanted = _merged(draft, base, before) if base is not None and before is not None else draft
    saved = kind.save(work, wanted)
    record = work.session.get_one(kind.record, saved)
    work.session.expire(record)
    return Written(saved, before, kind.drafted(work.session, record), wanted != draft)


def preferred(mine: Any, base: Any, now: Any) -> Any:  # noqa: ANN401 - drafts
    """The base with which a draft is written over what clashes with it: somebody was told, and prefers theirs."""
    names = [name for name, _ in fields.described(type(mine))]
    seen = {name: getattr(now, name) for name in names if getattr(mine, name) != getattr(base, name)}
    return attrs.evolve(base, **seen)


def _merged(mine: Any, base: Any, now: Any) -> Any:  # noqa: ANN401 - drafts
    """A draft with what was changed elsewhere since it was read."""
    taken = {}
    for name, meta in fields.described(type(mine)):
        was, here, there = (getattr(each, name) for each in (base, mine, now))
        if there in (was, here):
            continue
        if here != was:
            doc = meta["doc"].partition(" ;")[0]
            raise Fault(
                "record.changed",
                f"Ce champ a été changé ailleurs pendant que vous l’écriviez\u00a0: {doc}. Rien n’est remplacé, "
                "votre texte reste ici\u00a0: comparez, puis enregistrez de nouveau (Ctrl S) pour garder le vôtre.",
            )
        taken[name] = there
    return attrs.evolve(mine, **taken)
