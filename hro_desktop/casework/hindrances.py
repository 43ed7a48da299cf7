# SPDX-License-Identifier: GPL-3.0-or-later
"""Hindrances: what stood in the way of the observers, told by one of them, never put on an agent here."""

import uuid

import attrs

from hro_desktop.casework import fields
from hro_desktop.records.outings import Hindrance, HindrancePerson
from hro_desktop.vault.work import Work

__all__ = ["HindranceDraft", "save"]

DAY = 24 * 60


@attrs.define(kw_only=True)
class HindranceDraft(fields.Draft):
    """One hindrance."""

    outing_id: uuid.UUID | None = fields.ref("outing", "pendant quelle sortie", required=True)
    incident_id: uuid.UUID | None = fields.ref("incident", "lors de quels faits, quand c’est sur un lieu de la sortie")
    kind: str = fields.choice("hindrance_kinds", "nature de l’entrave", required=True)
    time_from: str = fields.time("heure")
    duration_min: int | None = fields.count("durée, en minutes", most=DAY)
    account: str = fields.text("ce qui s’est passé, sans nom ni RIO", long=True)
    said_by_id: uuid.UUID | None = fields.ref("person", "qui le rapporte")
    evidence_id: uuid.UUID | None = fields.ref("evidence", "pièce sur laquelle on le voit")
    person_ids: tuple[uuid.UUID, ...] = fields.refs("person", "observateurs et observatrices qu’elle a visés")


def save(work: Work, draft: HindranceDraft) -> uuid.UUID:
    """Record or change a hindrance and whom it hindered."""
    hindrance = fields.save(work, Hindrance, draft)
    known = {each.person_id: each for each in hindrance.persons}
    hindrance.persons = [known.get(each) or HindrancePerson(person_id=each) for each in dict.fromkeys(draft.person_ids)]
    work.session.flush()
    return hindrance.id
