# SPDX-License-Identifier: GPL-3.0-or-later
"""Evidence: a file enters the vault once, unchanged, and is then linked to whatever it shows."""

import datetime as dt
import io
import uuid
from typing import BinaryIO

import attrs
from sqlalchemy import select

from hro_desktop.casework import fields
from hro_desktop.faults import Fault
from hro_desktop.media.facts import Facts
from hro_desktop.records.evidence import Evidence, EvidenceCase, EvidenceIncident
from hro_desktop.records.objects import StoredObject
from hro_desktop.vault.objects import Staged
from hro_desktop.vault.vault import Vault
from hro_desktop.vault.work import Work

__all__ = [
    "MASKING",
    "EvidenceDraft",
    "EvidencePersonDraft",
    "EvidenceStatementDraft",
    "open_object",
    "open_original",
    "revise",
    "save",
]

MASKING = "occultation"
BLOCK = 64 * 1024  # an encrypted block: less would decrypt the same one again


@attrs.define(kw_only=True)
class EvidencePersonDraft(fields.Draft):
    """Somebody named, shown or audible in the item."""

    person_id: uuid.UUID | None = fields.ref("person", "personne connue")
    described: str = fields.text("personne inconnue, décrite sans nom")
    appears: str = fields.choice("appearances", "nommée, visible ou audible", required=True)
    clearance: str = fields.choice("clearances", "accord, floutage ou question ouverte", default="pending")


@attrs.define(kw_only=True)
class EvidenceStatementDraft(fields.Draft):
    """The item belongs with a statement."""

    statement_id: uuid.UUID | None = fields.ref("statement", "quel récit ou quelle attestation", required=True)
    role: str = fields.choice("evidence_statement_roles", "scan signé, annexe, pièce d’identité", default="signed")


@attrs.define(kw_only=True)
class EvidenceDraft(fields.Draft):
    """What is known of a file besides its bytes."""

    file: str = fields.text("chemin du fichier dans le dossier déposé")
    kind: str = fields.choice("evidence_kinds", "nature de la pièce", required=True)
    title: str = fields.text("intitulé", required=True)
    taken: str = fields.partial("date de la prise de vue, du certificat…")
    taken_source: str = fields.text("d’où vient cette date")
    author_id: uuid.UUID | None = fields.ref("person", "qui l’a fait ou filmé")
    received_on: dt.date | None = fields.day("jour où l’association l’a reçu")
    nature: str = fields.choice("evidence_natures", "original ou copie")
    language: str = fields.choice("languages", "langue, si ce n’est pas le français")
    sensitive: bool = fields.flag("image ou son éprouvant, masqué jusqu’au clic", default=False)
    derived_from_id: uuid.UUID | None = fields.ref("evidence", "pièce dont celle-ci est tirée")
    derivation_kind: str = fields.choice("derivations", "comment elle en est tirée")
    derivation: str = fields.text("précision sur ce qui a été fait")
    nobody_appears: bool = fields.flag("vérifié : personne n’y est nommé, visible ni audible", default=False)
    note: str = fields.text("note de travail", long=True)
    incident_ids: tuple[uuid.UUID, ...] = fields.refs("incident", "faits montrés")
    case_ids: tuple[uuid.UUID, ...] = fields.refs("case", "dossiers auxquels la pièce sert")
    statements: tuple[EvidenceStatementDraft, ...] = fields.many(
        EvidenceStatementDraft, "récits et attestations auxquels la pièce se rattache"
    )
    people: tuple[EvidencePersonDraft, ...] = fields.many(EvidencePersonDraft, "personnes nommées, visibles, audibles")


def save(work: Work, draft: EvidenceDraft, staged: Staged, facts: Facts, original_name: str) -> uuid.UUID:
    """Record an item whose bytes are already safe in the vault.

    When the vault already has the same bytes, the item shares them and `staged` is not made known: the caller discards
    what `Vault.known_objects` does not list.

    Args:
        work: the unit of work that makes it known; until it commits the item does not exist.
        draft: what the user says of it.
        staged: the encrypted object, written and authenticated.
        facts: what the file itself says.
        original_name: the name it came with, kept as data and never used as a path.

    Raises:
        Fault: `draft.invalid`; `evidence.derived` for an item made from itself, or masked without a change.
    """
    stored = _same_content(work, staged.sha256)
    if stored is None:
        stored = StoredObject(name=staged.name, private_key=staged.private_key, sha256=staged.sha256, size=staged.size)
        work.session.add(stored)
        work.session.flush()
    item = fields.save(
        work,
        Evidence,
        draft,
        object_id=stored.id,
        original_name=original_name,
        media_type=facts.media_type,
        duration_s=facts.duration_s,
        deposited_at=work.now,
        deposited_by=work.actor,
    )
    if not item.taken and facts.taken_on:
        item.taken, item.taken_source = facts.taken_on, "métadonnées du fichier"
    _check_source(work, item)
    item.incidents = [EvidenceIncident(incident_id=each) for each in dict.fromkeys(draft.incident_ids)]
    item.cases = [EvidenceCase(case_id=each) for each in dict.fromkeys(draft.case_ids)]
    work.session.flush()
    work.record("evidence.deposited", item.id, staged.sha256)
    return item.id


def _check_source(work: Work, item: Evidence) -> None:
    """Refuse an item made from itself, however long the way round, and a masked version that changed nothing."""
    source = work.session.get(Evidence, item.derived_from_id) if item.derived_from_id else None
    same = source is not None and item.derivation_kind == MASKING and source.object_id == item.object_id
    seen: set[uuid.UUID] = set()
    while source is not None and source.id not in seen and source.id != item.id:
        seen.add(source.id)
        source = work.session.get(Evidence, source.derived_from_id) if source.derived_from_id else None
    if source is not None:
        why = "serait tirée d’elle-même\u00a0: choisissez la pièce dont elle est tirée, ou aucune"
    elif same:
        why = "est notée masquée et son fichier est celui de l’original\u00a0: déposez le fichier masqué"
    else:
        return
    raise Fault("evidence.derived", f"La pièce «\u00a0{item.title}\u00a0» {why}. Rien n’a été enregistré.")


def revise(work: Work, draft: EvidenceDraft) -> uuid.UUID:
    """Change what is known of an item that is in the vault; its bytes never change.

    Raises:
        Fault: `evidence.no_file` for an item that was not deposited; `evidence.derived` for one made from itself, or
            masked without a change.
    """
    if draft.id is None or work.session.get(Evidence, draft.id) is None:
        raise Fault("evidence.no_file", "Cette pièce n’est pas dans le coffre\u00a0: versez d’abord le fichier.")
    item = fields.save(work, Evidence, draft)
    _check_source(work, item)
    item.incidents = [EvidenceIncident(incident_id=each) for each in dict.fromkeys(draft.incident_ids)]
    item.cases = [EvidenceCase(case_id=each) for each in dict.fromkeys(draft.case_ids)]
    work.session.flush()
    return item.id


def open_original(vault: Vault, item: Evidence) -> BinaryIO:
    """The bytes of an item, decrypted while they are read; nothing in clear on disk."""
    return open_object(vault, item.stored.name, item.stored.private_key)


def open_object(vault: Vault, name: str, private_key: bytes) -> BinaryIO:
    """An object of the vault as a seekable stream, block by block."""
    return io.BufferedReader(vault.objects.open(name, private_key), BLOCK)


def _same_content(work: Work, sha256: str) -> StoredObject | None:
    """The bytes the vault already has, if it has them: the same file is kept once."""
    return work.session.scalars(select(StoredObject).where(StoredObject.sha256 == sha256).limit(1)).first()
