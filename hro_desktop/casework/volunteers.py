# SPDX-License-Identifier: GPL-3.0-or-later
"""Volunteers: who records, writes and reads again."""

import uuid

import attrs

from hro_desktop.casework import fields
from hro_desktop.records.volunteers import Volunteer
from hro_desktop.vault.work import Work

__all__ = ["VolunteerDraft", "save"]


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
