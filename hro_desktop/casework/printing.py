# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be printed: the papers of a referral as they stand, a frozen version, a document that is kept.

Nothing leaves here: what is about to be printed is noted by `sending.note_printing`, which looks again at who agreed.
"""

import hashlib
import json
import uuid
from collections.abc import Sequence
from typing import Final, Literal

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.casework import (
    case_documents,
    concerned,
    documents,
    fields,
    frozen,
    profiles,
    referral_facts,
    referrals,
)
from hro_desktop.casework.departures import Concerned, File
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.documents import Pack
from hro_desktop.casework.papers import PDF
from hro_desktop.casework.pouch import Pouch
from hro_desktop.faults import Fault
from hro_desktop.law import procedures
from hro_desktop.records.departures import Departure, DepartureFile
from hro_desktop.records.documents import Document
from hro_desktop.records.evidence import Evidence
from hro_desktop.records.incidents import Incident
from hro_desktop.records.referrals import Referral
from hro_desktop.records.settings import Setting
from hro_desktop.records.statements import Statement
from hro_desktop.rules.dates import french_day, french_time
from hro_desktop.vault.work import Work

__all__ = [
    "MOST_OFFSET",
    "Preferences",
    "PrintPaper",
    "Printable",
    "Printed",
    "Reprint",
    "Versions",
    "of_document",
    "of_pack",
    "of_pouch",
    "of_referral",
    "of_version",
    "people_of",
    "preferences",
    "save_preferences",
    "versions",
]

Subject = tuple[Literal["referral", "statement", "incident", "outing"], uuid.UUID]
MOST_OFFSET: Final = 20.0
"""Millimetres: a printer that is further off has its paper laid in wrongly."""
_LONGEST_NAME: Final = 200


@attrs.frozen(kw_only=True)
class PrintPaper:
    """One paper with pages."""

    title: str
    role: str
    sha256: str
    data: bytes = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class Reprint:
    """What is printed of documents that the vault holds already, for the ledger.

    Args:
        subject: what they belong to.
        files: as the ledger writes them, exhibits bound into a bundle included.
        authority: who they are for, a code of `authorities`; or `recipient`, in words.
        draft: they say « BROUILLON ».
        nobody: they name nobody the vault knows: an envelope.
    """

    subject: Subject
    files: tuple[File, ...]
    authority: str = ""
    recipient: str = ""
    draft: bool = False
    nobody: bool = False


@attrs.frozen(kw_only=True)
class Printable:
    """Papers to print, and what the ledger will say of them; `size` is the paper they are for."""

    title: str
    reference: str
    papers: tuple[PrintPaper, ...]
    what: Pack | Reprint | Pouch | None
    draft: bool = False
    size: Literal["A4", "DL", "C4"] = "A4"
    remarks: tuple[str, ...] = ()


@attrs.frozen
class Printed:
    """One choice of papers, and on how many sheets: what the ledger notes of a printing."""

    papers: frozenset[str]
    copies: int
    pages: str = ""
    file: bool = False

    @property
    def note(self) -> str:
        """« 2 exemplaires, pages 1-3 »."""
        said = [f"{self.copies} exemplaires" if self.copies > 1 else "1 exemplaire"]
        if self.pages:
            said.append(f"pages {self.pages}")
        if self.file:
            said.append("dans un fichier PDF qui n’est pas chiffré")
        return ", ".join(said)


@attrs.frozen
class Versions:
    """What a referral has to print: its reference, what it is, whether only a draft can be made of it now.

    `stale`: the facts or the exhibits say something else since the last version was frozen.
    """

    reference: str
    label: str
    draft: bool
    versions: tuple[frozen.Version, ...]
    stale: bool


def versions(desk: Desk, referral_id: uuid.UUID) -> Versions:
    """What a referral has to print.

    Raises:
        Fault: `referral.gone`.
    """
    with desk.read() as session:
        referral = referrals.by_id(session, referral_id)
        found = documents.situation(session, desk, referral)
        draft = any(state.blocked or state.waiting for state in found.states)
        label = procedures.procedure(referral.procedure, desk.today()).label
        known = frozen.of_referral(session, referral_id)
        stale = bool(known) and not (
            frozen.same_exhibits(session, referral, known[0])
            and frozen.same_facts(session, known[0], found.said.values)
        )
        return Versions(referral.reference, label, draft, known, stale)


def of_referral(desk: Desk, referral_id: uuid.UUID) -> Printable:
    """The papers as they stand, made now; « BROUILLON » on each page when something waits or blocks."""
    known = versions(desk, referral_id)
    return of_pack(documents.make(desk, referral_id, draft=known.draft), known.label)


def of_pack(pack: Pack, title: str) -> Printable:
    """What was made and not kept yet; only what has pages.

    Raises:
        Fault: `printing.none`.
    """
    found = []
    for file in pack.package.files:
        if file.media_type == PDF:
            with file.open() as stream:
                data = stream.read()
            role = file.document.role if file.document is not None else ""
            named = title if role == "letter" else case_documents.ROLES.get(role, file.name)
            found.append(PrintPaper(title=named, role=role, sha256=file.sha256, data=data))
    if not found:
        raise Fault("printing.none", "Rien de tout cela ne s’imprime\u00a0: ces fichiers n’ont pas de pages.")
    return Printable(
        title=title, reference=pack.reference, papers=tuple(found), what=pack, draft=pack.draft, remarks=pack.remarks
    )


def of_pouch(pouch: Pouch, title: str) -> Printable:
    """The one file of a pouch: the list of a meeting, then each paper.

    Raises:
        Fault: `pouch.empty`, when there is nothing to read back nor to sign.
    """
    if not pouch.packs:
        raise Fault("pouch.empty", "Il n’y a rien à relire ni à signer avec cette personne\u00a0: rien ne s’imprime.")
    (file,) = pouch.package.files
    paper = PrintPaper(title=title, role="pouch", sha256=file.sha256, data=pouch.data)
    return Printable(
        title=title,
        reference=pouch.reference,
        papers=(paper,),
        what=pouch,
        draft=any(each.draft for each in pouch.packs),
        remarks=pouch.remarks,
    )


def of_version(desk: Desk, referral_id: uuid.UUID, version: frozen.Version, title: str) -> Printable:
    """A frozen version, its very bytes.

    Raises:
        Fault: `printing.none`, `printing.altered`, or a fault of the object.
    """
    shown = [each for each in version.papers if each.media_type == PDF]
    with desk.read() as session:
        referral = referrals.by_id(session, referral_id)
        reference = referral.reference
        files = tuple(_files(session, [session.get_one(Document, each.id) for each in shown]))
        authority = referral.authority
    if not shown:
        raise Fault("printing.none", "Cette version n’a pas de pages à imprimer.")
    return Printable(
        title=title,
        reference=reference,
        papers=tuple(
            PrintPaper(
                title=title if each.role == "letter" else each.title,
                role=each.role,
                sha256=each.sha256,
                data=_same(frozen.opened(desk, each.id), each.sha256),
            )
            for each in shown
        ),
        what=Reprint(subject=("referral", referral_id), files=files, authority=authority),
    )


def of_document(desk: Desk, document_id: uuid.UUID) -> Printable:
    """One document that is kept, its very bytes; of a referral, one that is frozen.

    Raises:
        Fault: `document.not_frozen`; `document.gone`, `document.not_shown`, `document.large`, `printing.altered`.
    """
    opened = case_documents.opened(desk, document_id)
    with desk.read() as session:
        document = session.get_one(Document, document_id)
        case_documents.refuse_not_frozen(document)
        subject = _subject(document)
        gone = session.scalars(
            select(Departure).join(DepartureFile).where(DepartureFile.document_id == document_id)
        ).all()
        draft = any(each.draft for each in gone) and document.frozen_at is None
        referral = session.get(Referral, document.referral_id) if document.referral_id is not None else None
        sha256 = document.stored.sha256
        what = Reprint(
            subject=subject,
            files=tuple(_files(session, [document])),
            authority=referral.authority if referral is not None else "",
            recipient="" if referral is not None else "l’association, sur papier",
            draft=draft,
        )
        reference = referral.reference if referral is not None else ""
        role = document.role
    paper = PrintPaper(title=opened.title, role=role, sha256=sha256, data=_same(opened.data, sha256))
    return Printable(title=opened.title, reference=reference, papers=(paper,), what=what, draft=draft)


def frozen_words(version: frozen.Version, *, stale: bool = False) -> str:
    """« Version figée le 24 novembre 2026 à 17 h 05 (le dossier a changé depuis) »."""
    local = version.frozen_at.astimezone(fields.PARIS)
    changed = " (le dossier a changé depuis)" if stale else ""
    return f"Version figée le {french_day(local.date())} {french_time(local.strftime('%H:%M'))}{changed}"


@attrs.frozen(kw_only=True)
class Preferences:
    """How one access prints: on which printer, on both sides, and how far that printer is off, in millimetres."""

    printer: str = ""
    duplex: bool = False
    right: float = 0.0
    down: float = 0.0


def preferences(session: Session, slot_id: str) -> Preferences:
    """The choices of one access; what makes no sense is left aside."""
    setting = session.get(Setting, f"printing.{slot_id}")
    try:
        said = json.loads(setting.value) if setting is not None else {}
        right, down = float(said.get("right", 0)), float(said.get("down", 0))
        if not (abs(right) <= MOST_OFFSET and abs(down) <= MOST_OFFSET):
            right = down = 0.0
        return Preferences(
            printer=str(said.get("printer", ""))[:_LONGEST_NAME],
            duplex=said.get("duplex") is True,
            right=right,
            down=down,
        )
    except (ValueError, TypeError, AttributeError):
        return Preferences()


def save_preferences(work: Work, wanted: Preferences) -> None:
    """Keep the choices of the access that opened the vault."""
    work.session.merge(Setting(name=f"printing.{work.actor}", value=json.dumps(attrs.asdict(wanted))))


def _subject(document: Document) -> Subject:
    if document.referral_id is not None:
        return "referral", document.referral_id
    if document.statement_id is not None:
        return "statement", document.statement_id
    if document.incident_id is not None:
        return "incident", document.incident_id
    assert document.outing_id is not None
    return "outing", document.outing_id


def _same(data: bytes, sha256: str) -> bytes:
    """The very bytes that were sealed, or nothing."""
    if hashlib.sha256(data).hexdigest() != sha256:
        raise Fault("printing.altered", "Ce document n’est plus celui qui a été scellé\u00a0: rien n’est imprimé.")
    return data


def _files(session: Session, found: Sequence[Document]) -> list[File]:
    """What the ledger writes of documents: a line each, and one for each exhibit bound into a bundle."""
    lines = []
    for each in found:
        line = File(
            name=case_documents.ROLES.get(each.role, "Document"),
            sha256=each.stored.sha256,
            size=each.stored.size,
            media_type=each.media_type,
            document_id=each.id,
        )
        lines.append(line)
        if each.role == "bundle":
            lines += [
                attrs.evolve(line, evidence_id=item, exhibit_number=number) for number, item in _bound(session, each)
            ]
    return lines


def _bound(session: Session, bundle: Document) -> list[tuple[int, uuid.UUID]]:
    """The exhibits of a bundle, by what the papers made with it say."""
    beside = session.scalars(
        select(Document).where(
            Document.referral_id == bundle.referral_id, Document.made_at == bundle.made_at, Document.values_json != ""
        )
    ).all()
    listed = next((known for each in beside if (known := frozen.listed_in(each))), ())
    items = [(number, uuid.UUID(each)) for number, each in enumerate(listed, start=1)]
    return [(number, item) for number, item in items if session.get(Evidence, item) is not None]


def people_of(session: Session, desk: Desk, what: Reprint) -> tuple[Concerned, ...]:
    """Whom documents that are printed again are about."""
    kind, record_id = what.subject
    if kind == "referral":
        referral = session.get_one(Referral, record_id)
        profile = profiles.row_of(desk, procedures.procedure(referral.procedure, desk.today()).profile)
        numbered = referral_facts.numbered_exhibits(session, referral)
        return concerned.by_referral(session, referral, numbered, profile, desk.today())
    if kind == "statement":
        return (Concerned(role="temoin", person_id=session.get_one(Statement, record_id).author_id),)
    if kind == "incident":
        return concerned.by_incident(session.get_one(Incident, record_id))
    return ()
