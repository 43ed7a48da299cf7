# SPDX-License-Identifier: GPL-3.0-or-later
"""Volunteers: who records, writes and reads again."""

import uuid

import attrs
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hro_desktop.casework import fields
from hro_desktop.records.volunteers import Volunteer
from hro_desktop.vault.work import Work

__all__ = ["VolunteerDraft", "VolunteerRow", "rows", "save"]


@attrs.define(kw_only=True)
class VolunteerDraft(fields.Draft):
    """One user of the vault."""

    name: str = fields.text("nom affiché", required=True)
    initials: str = fields.text("initiales")
    slot_id: str = fields.text("accès qui ouvre le coffre pour cette personne")
    active: bool = fields.flag("encore bénévole", default=True)


def save(work: Work, draft: VolunteerDraft) -> uuid.UUID:
    """Record or change a volunteer."""
    return fields.save(work, Volunteer, draft).id


@attrs.frozen
class VolunteerRow:
    """What a list shows of a volunteer; without a `slot_id` this person cannot open the vault."""

    id: uuid.UUID
    name: str
    initials: str
    active: bool
    slot_id: str


def rows(session: Session) -> tuple[VolunteerRow, ...]:
    """All of them, those who still come first, by name: an association has dozens, not thousands."""
    found = session.scalars(
        select(Volunteer).order_by(Volunteer.active.desc(), func.lower(Volunteer.name), Volunteer.id)
    )
    return tuple(VolunteerRow(each.id, each.name, each.initials, each.active, each.slot_id) for each in found)
