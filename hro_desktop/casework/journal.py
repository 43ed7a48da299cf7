# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of the journal in words: what was done with the records of a case, and by whom."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any, Final

import attrs
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hro_desktop.casework import cases, incidents, overview
from hro_desktop.casework.fields import PARIS
from hro_desktop.law import vocabulary
from hro_desktop.records.agenda import Appointment, ContactNote, Mail, Reminder
from hro_desktop.records.cases import Case
from hro_desktop.records.consents import Consent
from hro_desktop.records.departures import Departure, DeparturePerson
from hro_desktop.records.documents import Document
from hro_desktop.records.exceptions import ConsentException
from hro_desktop.records.exhibits import ExhibitList
from hro_desktop.records.journal import JournalLine
from hro_desktop.records.referrals import Referral, ReferralParty
from hro_desktop.records.volunteers import Volunteer

__all__ = ["MOST", "Line", "of_case", "words"]

MOST: Final = 200
_NB = "\u00a0"
_BATCH: Final = 500
NOUNS: Final[Mapping[str, str]] = {
    "person": "Identité",
    "case": "Dossier",
    "consent": "Accord",
    "consent_exception": "Exception à l’accord",
    "incident": "Faits",
    "statement": "Récit ou attestation",
    "evidence": "Pièce",
    "referral": "Saisine",
    "exhibit_list": "Bordereau",
    "exhibit": "Place au bordereau",
    "referral_party": "Partie à la saisine",
    "dispatch": "Envoi",
    "appointment": "Rendez-vous",
    "reminder": "Rappel",
    "mail": "Courrier reçu",
    "contact_note": "Contact",
    "case_group": "Groupe de dossiers",
    "site": "Lieu de vie",
    "operation": "Opération",
    "outing": "Sortie",
    "hindrance": "Entrave",
    "organisation": "Annuaire",
    "volunteer": "Bénévole",
}
DEEDS: Final[Mapping[str, str]] = {
    "created": "enregistrement",
    "changed": "modification",
    "opened": "ouverture",
    "arranged": "ordre des pièces",
    "frozen": "figé pour la communication",
    "decided": "décision",
}
WHOLE: Final[Mapping[str, str]] = {
    "statement_version.sealed": "Version d’un récit figée",
    "evidence.deposited": "Pièce versée",
    "document.made": "Document produit et scellé",
    "document.taken_back": "Lettre modifiée hors du programme reprise",
    "document.set_aside": "Lettre modifiée hors du programme mise de côté",
    "document.put_back": "Lettre modifiée hors du programme remise en place",
    "copy.removed": "Copie lisible d’une lettre effacée, ou qui n’est plus là",
    "document.checked": "Lettre modifiée hors du programme\u00a0: vérifiée avec le dossier",
    "referral.overridden": "Saisine\u00a0: valeur écrite pour ce document seulement",
    "referral.read_back": "Saisine relue à une personne",
    "referral.reread": "Saisine\u00a0: seconde lecture",
    "referral.signed": "Saisine signée",
    "referral.frozen": "Version d’une saisine figée",
    "referral.sent": "Saisine envoyée",
    "referral.event": "Saisine\u00a0: événement noté",
    "referral.event_changed": "Saisine\u00a0: événement corrigé",
    "referral.event_removed": "Saisine\u00a0: événement ôté",
    "referral.event_undone": "Saisine\u00a0: dernier geste annulé",
    "referral.numbered": "Saisine\u00a0: numéro de l’organisme",
    "dispatch.corrected": "Envoi corrigé, l’ancienne valeur gardée",
    "dispatch.received": "Réception d’un envoi notée",
    "departure.recorded": "Départ noté au registre",
    "departure.failed": "L’écriture hors du coffre a échoué",
    "statement_version.created": "Version d’un récit commencée",
    "statement_version.changed": "Version d’un récit modifiée",
    "passage.decided": "Passage d’un récit\u00a0: décision de son auteur·rice",
    "contact_note.removed": "Contact noté par erreur, ôté",
    "passage.unmarked": "Passage d’un récit\u00a0: marque ôtée",
    "dossier.imported": "Dossier d’un autre outil repris",
    "vault.created": "Coffre créé",
    "vault.opened": "Coffre ouvert",
    "vault.restored": "Coffre restauré depuis une sauvegarde",
    "vault.salvaged": "Coffre fait de ce qui restait d’un coffre abîmé",
    "vault.older": "Coffre plus ancien que la tête connue de l’ordinateur",
    "vault.forked": "Journal qui n’est pas la suite de celui que l’ordinateur connaît",
    "backup.made": "Sauvegarde faite",
    "backup.checked": "Sauvegarde relue, entière",
    "backup.damaged": "Sauvegarde relue, abîmée",
    "vault.migrated": "Coffre mis au format de cette version",
    "header.recovered": "Fichier des accès remis depuis sa copie",
    "header.mended": "Fichier des accès et copies refaits",
    "slot.added": "Accès ajouté",
    "access.bound": "Accès lié au trousseau d’un ordinateur",
    "access.unbound": "Accès qui ne demande plus de trousseau",
    "slot.removed": "Accès retiré",
    "slot.lost": "Accès perdu avec un fichier des accès plus récent",
    "vault.rekeyed": "Clé du coffre changée, base chiffrée de nouveau",
    "base.copies_removed": "Copies de la base sous l’ancienne clé effacées",
    "key.change_undone": "Retrait d’un accès interrompu, sans effet",
    "header.renewed": "Accès mis au format de cette version",
    "backup.dropped": "Sauvegarde plus ancienne effacée",
    "backup.destroyed": "Sauvegarde périmée dite détruite",
    "setting.changed": "Réglage changé",
    "search.mended": "Recherche reconstruite",
    "staging.swept": "Dépôt interrompu effacé",
    "object.swept": "Fichier chiffré sans fiche effacé",
}


@attrs.frozen(kw_only=True)
class Line:
    """One line: its number, when (in France), what in words, about which reference, by whom."""

    n: int
    at: dt.datetime
    words: str
    about: str
    by: str


def of_case(session: Session, case_id: uuid.UUID, limit: int = MOST) -> tuple[Line, ...]:
    """What was done with the records of a case, the last first.

    Raises:
        Fault: `case.gone`.
    """
    known = _records(session, cases.by_id(session, case_id))
    asked = list(known)
    found: list[Any] = []
    for at in range(0, len(asked), _BATCH):
        found += session.execute(
            select(JournalLine.n, JournalLine.utc, JournalLine.actor, JournalLine.action, JournalLine.object)
            .where(JournalLine.object.in_(asked[at : at + _BATCH]))
            .order_by(JournalLine.n.desc())
            .limit(limit)
        ).all()
    found = sorted(found, key=lambda row: -row.n)[:limit]
    who = {
        slot: initials or name
        for slot, initials, name in session.execute(select(Volunteer.slot_id, Volunteer.initials, Volunteer.name))
        if slot
    }
    return tuple(
        Line(
            n=row.n,
            at=dt.datetime.fromisoformat(row.utc).astimezone(PARIS),
            words=words(row.action),
            about=known[row.object],
            by=who.get(row.actor, ""),
        )
        for row in found
    )


def words(action: str) -> str:
    """« Récit ou attestation : modification » for `statement.changed`."""
    if action in WHOLE:
        return WHOLE[action]
    noun, _, deed = action.partition(".")
    said = DEEDS.get(deed, deed)
    return f"{NOUNS[noun]}{_NB}: {said}" if noun in NOUNS else said


def _records(session: Session, case: Case) -> dict[str, str]:
    """The ids of everything a case holds, each with what it is called."""
    happened = incidents.of_person(session, case.person_id)
    told = [each.id for each in happened]
    accounts = overview.accounts_of(session, case, told)
    items = overview.evidence_of(session, case, told, [each.id for each in accounts])
    known: dict[uuid.UUID, str] = {case.id: case.reference, case.person_id: case.person.pseudonym}
    known |= {each.id: each.reference for each in happened}
    known |= {each.id: each.reference for each in accounts}
    known |= {version.id: each.reference for each in accounts for version in each.versions}
    known |= {each.id: each.title for each in items}
    named = session.execute(
        select(Referral.id, Referral.reference).join(ReferralParty).where(ReferralParty.case_id == case.id)
    ).all()
    mine = {referral_id: reference for referral_id, reference in named}
    known |= mine
    ranked = select(ExhibitList.id, ExhibitList.referral_id).where(ExhibitList.referral_id.in_(mine))
    known |= {list_id: mine[referral_id] for list_id, referral_id in session.execute(ranked)}
    for each in session.scalars(select(Consent).where(Consent.person_id == case.person_id)):
        known[each.id] = vocabulary.label("consent_purposes", each.purpose)
    statements = [each.id for each in accounts]
    known |= dict.fromkeys(
        _ids(session, Document.id, or_(Document.referral_id.in_(mine), Document.statement_id.in_(statements))), ""
    )
    known |= dict.fromkeys(
        _ids(
            session,
            Departure.id,
            or_(
                Departure.referral_id.in_(mine),
                Departure.id.in_(
                    select(DeparturePerson.departure_id).where(DeparturePerson.person_id == case.person_id)
                ),
            ),
        ),
        "",
    )
    known |= dict.fromkeys(_ids(session, ConsentException.id, ConsentException.person_id == case.person_id), "")
    for record in (Appointment, Mail, ContactNote):
        mine_too = or_(record.case_id == case.id, record.person_id == case.person_id)
        known |= dict.fromkeys(_ids(session, record.id, mine_too), "")
    known |= dict.fromkeys(_ids(session, Reminder.id, Reminder.case_id == case.id), "")
    return {str(each): said for each, said in known.items()}


def _ids(session: Session, column: Any, wanted: Any) -> Iterable[uuid.UUID]:  # noqa: ANN401 - a column, a condition
    return session.scalars(select(column).where(wanted)).all()
