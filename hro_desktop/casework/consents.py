# SPDX-License-Identifier: GPL-3.0-or-later
"""Consents: what each person agreed to, for which body, how and in which language."""

import uuid

import attrs

from hro_desktop.casework import fields
from hro_desktop.records.consents import Consent
from hro_desktop.vault.work import Work

__all__ = ["ConsentDraft", "save"]


@attrs.define(kw_only=True)
class ConsentDraft(fields.Draft):
    """One answer of one person for one purpose and one body."""

    person_id: uuid.UUID | None = fields.ref("person", "qui a répondu", required=True)
    purpose: str = fields.choice("consent_purposes", "pour quoi", required=True)
    body: str = fields.choice("bodies", "pour quel organisme, quand le but en dépend")
    state: str = fields.choice("consent_states", "réponse", required=True)
    mode: str = fields.choice("consent_modes", "oral, écrit ou enregistré")
    language: str = fields.choice("languages", "langue dans laquelle la question a été posée")
    interpreter_id: uuid.UUID | None = fields.ref("person", "interprète")
    given_on = fields.day("jour de la réponse")
    withdrawn_on = fields.day("jour du retrait")
    collected_by_id: uuid.UUID | None = fields.ref("volunteer", "bénévole qui a recueilli la réponse")
    evidence_id: uuid.UUID | None = fields.ref("evidence", "preuve : feuille signée, enregistrement")
    note: str = fields.text("précision", long=True)


def save(work: Work, draft: ConsentDraft) -> uuid.UUID:
    """Record or change a consent."""
    return fields.save(work, Consent, draft).id
