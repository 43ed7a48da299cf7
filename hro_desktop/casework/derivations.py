# SPDX-License-Identifier: GPL-3.0-or-later
"""New items made from an item: a copy without metadata, a version with faces painted over. The original stays."""

import io
import uuid
from collections.abc import Sequence
from pathlib import PurePath

from hro_desktop.casework import deposits, evidence
from hro_desktop.casework.desk import Desk, Result
from hro_desktop.casework.evidence import MASKING, EvidenceDraft, EvidenceStatementDraft
from hro_desktop.faults import Fault
from hro_desktop.media import cleaned
from hro_desktop.media.blanked import blanked, can_blank
from hro_desktop.media.cleaned import Box, Cleaned
from hro_desktop.media.kinds import detect, suffix_of
from hro_desktop.records.evidence import Evidence

__all__ = ["clean_copy", "masked_copy"]

CLEANING = "nettoyage"


def clean_copy(desk: Desk, evidence_id: uuid.UUID) -> Result[uuid.UUID]:
    """A copy of a picture, a film or a sound that says nothing but what it shows, as a new item.

    Raises:
        Fault: `media.*` when no such copy can be made, `evidence.gone`, `disk.*`; nothing is kept then.
    """
    return _derive(desk, evidence_id, (), CLEANING, "sans métadonnées")


def masked_copy(desk: Desk, evidence_id: uuid.UUID, hidden: Sequence[Box]) -> Result[uuid.UUID]:
    """A version of a picture with parts painted over, without metadata, as a new item.

    Raises:
        Fault: as `clean_copy`; `evidence.nothing_hidden` without a part.
    """
    if not hidden:
        raise Fault("evidence.nothing_hidden", "Rien n’est masqué\u00a0: tracez d’abord un cadre sur l’image.")
    return _derive(desk, evidence_id, hidden, MASKING, "version masquée")


def _derive(desk: Desk, evidence_id: uuid.UUID, hidden: Sequence[Box], kind: str, what: str) -> Result[uuid.UUID]:
    with desk.read() as session:
        item = session.get(Evidence, evidence_id)
        if item is None:
            raise Fault("evidence.gone", "Cette pièce n’est plus dans le coffre.")
        draft = _draft(item, kind, what)
        name, key, original = item.stored.name, item.stored.private_key, item.original_name
    vault = desk.vault
    with evidence.open_object(vault, name, key) as stream:
        if not hidden and can_blank(detect(stream)):
            copy, known = blanked(stream)
            media_type, staged = known.media_type, vault.objects.stage(copy)
        else:
            made = cleaned.clean(stream, hidden)
            draft.derivation, media_type = _left_out(made), made.media_type
            staged = vault.objects.stage(io.BytesIO(made.content))
    taken = deposits.place(vault, staged, f"{PurePath(original).stem} ({what}){suffix_of(media_type)}")
    try:
        result = desk.run(deposits.enter, draft, taken)
    except BaseException:
        vault.objects.discard(staged)
        raise
    if not vault.known_objects([staged.name]):  # made before, byte for byte: the item shares it
        vault.objects.discard(staged)
    return Result(result.value, result.changes | {("evidence", evidence_id)})


def _draft(item: Evidence, kind: str, what: str) -> EvidenceDraft:
    return EvidenceDraft(
        kind=item.kind,
        title=f"{item.title} ({what})",
        taken=item.taken,
        taken_source=item.taken_source,
        author_id=item.author_id,
        received_on=item.received_on,
        nature="masquee" if kind == MASKING else "copie",
        language=item.language,
        sensitive=item.sensitive,
        nobody_appears=item.nobody_appears,
        derived_from_id=item.id,
        derivation_kind=kind,
        incident_ids=tuple(each.incident_id for each in item.incidents),
        case_ids=tuple(each.case_id for each in item.cases),
        statements=tuple(
            EvidenceStatementDraft(statement_id=each.statement_id, role=each.role) for each in item.statements
        ),
    )


def _left_out(made: Cleaned) -> str:
    if not made.left_out:
        return ""
    return f"première image seulement\u00a0: {made.left_out} autre(s) du fichier ne sont pas dans cette copie"
