# SPDX-License-Identifier: GPL-3.0-or-later
"""Letters as they lie outside, readable by anybody who holds the disk: each is known until somebody erased it.

What was written and where is kept in the vault, with what came back from where: a copy that is forgotten on a computer
that can be seized names everybody whom the vault protects.
"""

import datetime as dt
import json
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.casework import departures, outside_files
from hro_desktop.casework.desk import Desk, Result
from hro_desktop.casework.edited import CHANNEL
from hro_desktop.faults import Fault
from hro_desktop.records.departures import Departure, DepartureFile
from hro_desktop.records.documents import Document
from hro_desktop.records.journal import JournalLine
from hro_desktop.records.referrals import Referral
from hro_desktop.records.settings import Setting
from hro_desktop.vault.work import Work

__all__ = [
    "ClearCopy",
    "Lent",
    "forget",
    "forgotten",
    "known",
    "last_lent",
    "lent_as",
    "never_written",
    "note",
    "remove",
]

_NAME: Final = "copy."
"""Settings of that name and the id of a document say where a readable copy of it lies."""


@attrs.frozen(kw_only=True)
class Lent:
    """A letter that was lent: which document, where it was written, and when."""

    document_id: uuid.UUID
    form_id: str
    path: Path
    sha256: str
    lent_at: dt.datetime
    draft: bool


@attrs.frozen(kw_only=True)
class ClearCopy:
    """One file outside.

    Args:
        path: where it was written, or read when it came back.
        referral_id: the referral, called `reference`.
        reference: of it.
        form_id: of the letter.
        lent_id: the document it was lent as.
        at: when it was lent, or came back last.
        taken: it came back.
        hashes: of the file as the vault holds it: as it was lent, as it came back.
    """

    path: Path
    referral_id: uuid.UUID
    reference: str
    form_id: str
    lent_id: uuid.UUID
    at: dt.datetime
    taken: bool
    hashes: frozenset[str]


# ---- what was lent


def last_lent(session: Session, referral_id: uuid.UUID, form_id: str) -> Lent | None:
    """The last time this letter was written out to be edited; what the disk refused never was."""
    failed = select(JournalLine.object).where(JournalLine.action == departures.FAILED)
    gone = set(session.scalars(failed))
    rows = session.execute(
        select(Departure, Document, DepartureFile)
        .join(DepartureFile, DepartureFile.departure_id == Departure.id)
        .join(Document, Document.id == DepartureFile.document_id)
        .where(Departure.referral_id == referral_id, Departure.channel == CHANNEL, Document.form_id == form_id)
        .order_by(Departure.left_at.desc(), Departure.id.desc())
    )
    return next((_lent(*each) for each in rows if str(each[0].id) not in gone), None)


def lent_as(session: Session, document: Document) -> Lent:
    """When and where a document was lent.

    Raises:
        Fault: `outside.gone`: it never was.
    """
    found = session.execute(
        select(Departure, DepartureFile)
        .join(DepartureFile, DepartureFile.departure_id == Departure.id)
        .where(DepartureFile.document_id == document.id, Departure.channel == CHANNEL)
    ).first()
    if found is None:
        raise Fault("outside.gone", "Ce document n’a pas été prêté pour être modifié.")
    return _lent(found[0], document, found[1])


def _lent(departure: Departure, document: Document, file: DepartureFile) -> Lent:
    return Lent(
        document_id=document.id,
        form_id=document.form_id,
        path=Path(departure.note),
        sha256=file.sha256,
        lent_at=departure.left_at,
        draft=departure.draft,
    )


# ---- what still lies there


def note(work: Work, document_id: uuid.UUID, path: Path, sha256: str) -> None:
    """A document lies at a place, readable, with that hash: as it was lent there, or as it came back from there."""
    value = json.dumps({"path": str(path), "sha256": sha256}, ensure_ascii=False)
    work.session.merge(Setting(name=f"{_NAME}{document_id}", value=value))


def never_written(work: Work, document_id: uuid.UUID) -> None:
    """The disk refused a letter that was to be lent: nothing of it is outside, and the ledger says so."""
    found = select(DepartureFile.departure_id).where(DepartureFile.document_id == document_id)
    work.record(departures.FAILED, work.session.scalars(found).one())
    work.session.delete(work.session.get_one(Setting, f"{_NAME}{document_id}"))


def known(session: Session, referral_id: uuid.UUID | None = None) -> tuple[ClearCopy, ...]:
    """What was not erased yet, of one referral or of all, the last one first."""
    places: dict[Path, list[tuple[Document, str]]] = {}
    for document, value in _noted(session):
        if document.referral_id is not None and referral_id in (None, document.referral_id):
            kept = json.loads(value)
            places.setdefault(Path(kept["path"]), []).append((document, kept["sha256"]))
    made = [_copy(session, path, found) for path, found in places.items()]
    return tuple(sorted(made, key=lambda each: (each.at, str(each.path)), reverse=True))


def _noted(session: Session) -> Sequence[tuple[Document, str]]:
    ends = (Setting.name >= _NAME, Setting.name < _NAME[:-1] + chr(ord(_NAME[-1]) + 1))  # read through the index
    noted = {
        uuid.UUID(name.removeprefix(_NAME)): value
        for name, value in session.execute(select(Setting.name, Setting.value).where(*ends))
    }
    found = session.scalars(select(Document).where(Document.id.in_(noted)).order_by(Document.made_at, Document.id))
    return [(each, noted[each.id]) for each in found]


def _copy(session: Session, path: Path, found: Sequence[tuple[Document, str]]) -> ClearCopy:
    last = found[-1][0]
    assert last.referral_id is not None
    came = [each for each, _ in found if _came_back(session, each)]
    return ClearCopy(
        path=path,
        referral_id=last.referral_id,
        reference=session.get_one(Referral, last.referral_id).reference,
        form_id=last.form_id,
        lent_id=last.edited_from_id if last in came and last.edited_from_id else last.id,
        at=last.made_at,
        taken=bool(came),
        hashes=frozenset(sha256 for _, sha256 in found),
    )


def _came_back(session: Session, document: Document) -> bool:
    """An edited letter that is lent again was edited from another one too, and did not come back yet."""
    lent = select(DepartureFile.id).where(DepartureFile.document_id == document.id)
    return document.edited_from_id is not None and session.scalars(lent).first() is None


# ---- erasing


def remove(
    desk: Desk, referral_id: uuid.UUID, path: Path, *, unread: bool = False, closed: bool = False
) -> Result[None]:
    """Erase a copy outside; the vault then knows nothing of it any more.

    Args:
        desk: the open vault.
        referral_id: whose letter it is.
        path: where it lies.
        unread: also when it says something that did not come back.
        closed: somebody says that no word processor has it, whatever a forgotten mark says.

    Raises:
        Fault: `outside.absent`: nothing lies there; `outside.changed`; `outside.open`, `outside.locked`,
            `outside.unreadable`; `outside.gone`: it is no copy of ours.
    """
    with desk.read() as session:
        copy = next((each for each in known(session, referral_id) if each.path == path), None)
    if copy is None:
        raise Fault("outside.gone", "Ce fichier n’est pas une copie d’une lettre de cette saisine\u00a0: il reste là.")
    outside_files.remove(path, None if unread else copy.hashes, closed=closed)
    return forget(desk, referral_id, path)


def forget(desk: Desk, referral_id: uuid.UUID, path: Path) -> Result[None]:
    """A copy is nowhere any more: it is not told again."""
    desk.run(forgotten, path)
    return Result(None, frozenset({("referral", referral_id)}))


def forgotten(work: Work, path: Path) -> None:
    """Nothing lies at that place any more."""
    for document, value in _noted(work.session):
        if Path(json.loads(value)["path"]) == path:
            work.session.delete(work.session.get_one(Setting, f"{_NAME}{document.id}"))
            work.record("copy.removed", document.id)
