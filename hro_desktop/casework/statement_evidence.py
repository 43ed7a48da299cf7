# SPDX-License-Identifier: GPL-3.0-or-later
"""The signed paper of a statement enters the vault, linked to it, to its author and to the facts it tells."""

import uuid
from collections.abc import Callable
from pathlib import Path

import attrs
from sqlalchemy import select

from forms import preview
from forms.problems import FormError
from hro_desktop.casework import evidence
from hro_desktop.casework.desk import Desk, Result
from hro_desktop.casework.evidence import EvidenceDraft, EvidencePersonDraft, EvidenceStatementDraft
from hro_desktop.casework.fields import french_day
from hro_desktop.faults import Fault
from hro_desktop.media.facts import Facts, examine
from hro_desktop.records.evidence import Evidence, EvidenceStatement
from hro_desktop.records.objects import StoredObject
from hro_desktop.records.statements import Statement
from hro_desktop.vault.objects import Staged
from hro_desktop.vault.work import Work

__all__ = ["join_signed"]

SIGNED = "signed"
_TITLES = {"attestation": "Attestation signée", "recit": "Récit signé", "declaration": "Déclaration signée"}
_KINDS = {"attestation": "attestation"}


@attrs.frozen
class _Taken:
    """A file in the vault that is not known yet."""

    staged: Staged
    facts: Facts
    pages: int | None
    name: str


def join_signed(
    desk: Desk, statement_id: uuid.UUID, path: Path, progress: Callable[[int, int], None] | None = None
) -> Result[uuid.UUID]:
    """Keep the scan of the signed paper of a statement; the file outside stays as it is.

    Raises:
        Fault: `source.unreadable` for what is no file, is empty or cannot be read; `source.known` for a scan that is
            joined already; nothing is kept then.
    """
    taken = _take_in(desk, path, progress)
    kept: set[str] = set()
    try:
        result = desk.run(_join, statement_id, taken)
        kept = desk.vault.known_objects([taken.staged.name])
    finally:
        if taken.staged.name not in kept:
            desk.vault.objects.discard(taken.staged)
    return result


def _take_in(desk: Desk, path: Path, progress: Callable[[int, int], None] | None) -> _Taken:
    objects = desk.vault.objects
    try:
        size = path.stat().st_size if path.is_file() else 0
        if not size:
            raise _unreadable("n’est pas un fichier, ou il est vide")
        with path.open("rb", buffering=0) as source:
            staged = objects.stage(source, lambda done: progress(done, size) if progress else None)
    except OSError:
        raise _unreadable("ne peut pas être lu") from None
    try:
        objects.publish(staged)
        with evidence.open_object(desk.vault, staged.name, staged.private_key) as opened:
            facts = examine(opened, path.name)
            opened.seek(0)
            pages = _pages(opened.read()) if facts.family == "pdf" else None
    except BaseException:
        objects.discard(staged)
        raise
    return _Taken(staged, facts, pages, path.name)


def _join(work: Work, statement_id: uuid.UUID, taken: _Taken) -> uuid.UUID:
    statement = work.session.get_one(Statement, statement_id)
    known = (
        select(Evidence.id)
        .join(StoredObject, Evidence.object_id == StoredObject.id)
        .join(EvidenceStatement)
        .where(
            StoredObject.sha256 == taken.staged.sha256,
            EvidenceStatement.statement_id == statement_id,
            EvidenceStatement.role == SIGNED,
        )
    )
    if work.session.scalars(known).first() is not None:
        raise Fault("source.known", f"Ce scan est déjà joint à {statement.reference}\u00a0: rien n’a été ajouté.")
    draft = EvidenceDraft(
        kind=_KINDS.get(statement.kind, "recit"),
        title=f"{_TITLES[statement.kind]}, {statement.reference}",
        author_id=statement.author_id,
        incident_ids=tuple(each.incident_id for each in statement.incidents),
        case_ids=(statement.case_id,) if statement.case_id else (),
        statements=(EvidenceStatementDraft(statement_id=statement_id, role=SIGNED),),
        people=(EvidencePersonDraft(person_id=statement.author_id, appears="named"),),
    )
    draft.received_on = french_day(work.now)
    item_id = evidence.save(work, draft, taken.staged, taken.facts, taken.name)
    work.session.get_one(Evidence, item_id).pages = taken.pages
    return item_id


def _pages(content: bytes) -> int | None:
    try:
        return preview.page_count(content)
    except FormError:
        return None


def _unreadable(why: str) -> Fault:
    return Fault("source.unreadable", f"Ce document {why}\u00a0: choisissez le scan signé. Rien n’a été ajouté.")
