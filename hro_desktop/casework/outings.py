# SPDX-License-Identifier: GPL-3.0-or-later
"""Outings: the team of a day, when it went out, what it saw of the convoy, and what is settled before it parts."""

import uuid
from collections.abc import Iterable

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.casework import fields
from hro_desktop.casework.numbering import next_reference
from hro_desktop.faults import Fault
from hro_desktop.records.outings import Outing
from hro_desktop.vault.work import Work

__all__ = ["OutingDraft", "OutingMemberDraft", "by_reference", "save"]


@attrs.define(kw_only=True)
class OutingMemberDraft(fields.Draft):
    """One of the team."""

    person_id: uuid.UUID | None = fields.ref("person", "qui, comme personne qui peut attester")
    volunteer_id: uuid.UUID | None = fields.ref("volunteer", "qui, comme bénévole du coffre")

    def together(self) -> Iterable[tuple[str, str]]:
        """A line is somebody."""
        if not (self.person_id or self.volunteer_id):
            yield "person_id", "nobody"


@attrs.define(kw_only=True)
class OutingDraft(fields.Draft):
    """One outing."""

    occurred_on = fields.day("jour de la sortie", required=True)
    territory: str = fields.choice("territories", "territoire", required=True)
    time_from: str = fields.time("heure de début")
    time_to: str = fields.time("heure de fin")
    convoy: str = fields.text("ce que l’équipe a vu du convoi : fourgons, camions, point de départ", long=True)
    debrief: str = fields.text("débrief, sans nom ni RIO", long=True)
    second_reader_id: uuid.UUID | None = fields.ref("volunteer", "qui relit les chiffres")
    read_again_on = fields.day("jour où les chiffres ont été relus")
    emptied_on = fields.day("jour où cartes et téléphones ont été versés au coffre")
    emptied_time: str = fields.time("heure de ce versement")
    clock_note: str = fields.text("écart d’horloge relevé sur chaque appareil")
    note: str = fields.text("note de travail", long=True)
    members: tuple[OutingMemberDraft, ...] = fields.many(OutingMemberDraft, "équipe")


def save(work: Work, draft: OutingDraft) -> uuid.UUID:
    """Record or change an outing; a new one gets a reference such as `O-2026-0001`."""
    return fields.save(work, Outing, draft, reference=next_reference(work, Outing.reference, "O")).id


def by_reference(session: Session, reference: str) -> Outing:
    """One outing by its reference.

    Raises:
        Fault: `outing.unknown`.
    """
    found = session.scalars(select(Outing).where(Outing.reference == reference.strip().upper())).first()
    if found is None:
        raise Fault(
            "outing.unknown",
            f"Aucune sortie n’a la référence «\u00a0{reference}\u00a0»\u00a0: «\u00a0hro-desktop outings\u00a0» "
            "les donne.",
        )
    return found
