# SPDX-License-Identifier: GPL-3.0-or-later
"""A letter edited outside: lent to a word processor, compared when it comes back, kept as the document of record.

What is lent goes out by the same door as anything else. What comes back is shown beside what was lent before anything
is replaced, and no later filling replaces it: it is set aside by a person, stays in the vault, and can be put back.
"""

import datetime as dt
import difflib
import hashlib
import re
import time
import unicodedata
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from forms import edited as letters
from forms import letter, preview
from forms.catalogue import Form
from forms.worker import Worker
from hro_desktop.casework import (
    departures,
    documents,
    door,
    edited,
    evidence,
    out_folder,
    outside_files,
    papers,
    referrals,
    sealing,
)
from hro_desktop.casework.departures import Entry
from hro_desktop.casework.desk import Desk, Result
from hro_desktop.casework.documents import Pack, Situation
from hro_desktop.casework.edited import CHANNEL, Difference, Edited
from hro_desktop.casework.packages import Package, from_made
from hro_desktop.casework.papers import Made
from hro_desktop.casework.readiness import Reason
from hro_desktop.faults import ExitCode, Fault
from hro_desktop.records.departures import Departure, DepartureFile
from hro_desktop.records.documents import Document
from hro_desktop.records.journal import JournalLine
from hro_desktop.records.referrals import Referral
from hro_desktop.vault.work import Work

__all__ = [
    "Change",
    "Comparison",
    "Lent",
    "LetterState",
    "Version",
    "compare",
    "confirm",
    "lend",
    "letters_of",
    "put_back",
    "set_aside",
    "take_back",
]

_WORD: Final = re.compile("[A-Za-zÀ-ÖØ-öø-ÿ]{4,}")
NOT_ENCRYPTED: Final = (
    "Ce fichier n’est pas chiffré\u00a0: reprenez-le dès que la modification est faite, puis effacez-le de ce dossier."
)


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
class Version:
    """A letter that came back; `in_force`: it stands in the place of the filled one."""

    document_id: uuid.UUID
    taken_at: dt.datetime
    sha256: str
    in_force: bool


@attrs.frozen(kw_only=True)
class LetterState:
    """One letter of a referral: where it is lent, what came back, and what the records say otherwise since.

    `lent` is the last time it left, while nothing of that came back.
    """

    form_id: str
    title: str
    lent: Lent | None
    versions: tuple[Version, ...]
    differences: tuple[Difference, ...]

    @property
    def in_force(self) -> Version | None:
        """The edited letter that is the document of record."""
        return next((each for each in self.versions if each.in_force), None)


@attrs.frozen
class Change:
    """One paragraph that is other than before; `before` is empty when it was added, `after` when it was taken out."""

    place: str
    before: str
    after: str


@attrs.frozen(kw_only=True)
class Comparison:
    """What came back beside what was lent, before anything is kept.

    Args:
        lent: what was lent.
        path: the file that was read.
        source_sha256: its hash, as it lies there.
        changes: paragraph by paragraph.
        problems: what this version would make wait or block, or is to be looked at, with its weight and its reason.
        notes: what is cleaned, and what the program cannot check.
        same: nothing was changed at all.
        pages: of its PDF.
    """

    lent: Lent
    path: Path
    source_sha256: str
    changes: tuple[Change, ...]
    problems: tuple[Reason, ...]
    notes: tuple[str, ...]
    same: bool
    pages: int
    made: Made = attrs.field(repr=False)
    reference: str
    referral_id: uuid.UUID


# ---- what there is


def letters_of(session: Session, desk: Desk, referral_id: uuid.UUID) -> tuple[LetterState, ...]:
    """The letters of a referral that can be edited outside, in the order of the pack.

    Raises:
        Fault: `referral.gone`.
    """
    referral = referrals.by_id(session, referral_id)
    found = documents.situation(session, desk, referral)
    made = []
    for form in found.forms:
        if form.definition.kind != "letter":
            continue
        name = form.definition.id
        came = edited.known(session, referral_id, name)
        held = found.edited.get(name)
        lent = _last_lent(session, referral_id, name)
        if lent is not None and lent.document_id in {each.edited_from_id for each in came}:
            lent = None
        made.append(
            LetterState(
                form_id=name,
                title=form.definition.title,
                lent=lent,
                versions=tuple(_version(each, held) for each in came),
                differences=edited.differences(held, form, found.said.values) if held is not None else (),
            )
        )
    return tuple(made)


def _version(each: Document, held: Edited | None) -> Version:
    mine = held is not None and held.document_id == each.id
    return Version(document_id=each.id, taken_at=each.made_at, sha256=each.stored.sha256, in_force=mine)


def _last_lent(session: Session, referral_id: uuid.UUID, form_id: str) -> Lent | None:
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


def _lent(departure: Departure, document: Document, file: DepartureFile) -> Lent:
    return Lent(
        document_id=document.id,
        form_id=document.form_id,
        path=Path(departure.note),
        sha256=file.sha256,
        lent_at=departure.left_at,
        draft=departure.draft,
    )


# ---- lending


def lend(desk: Desk, referral_id: uuid.UUID, form_id: str, folder: Path) -> Result[Lent]:
    """Write the `.docx` of a letter to a folder, under a neutral name, noted in the ledger first.

    A letter that was edited already is lent as it was edited.

    Raises:
        Fault: `referral.opposed`, `pack.stale`; `outside.no_letter`; `out.inside_vault`, `out.disk`.
    """
    folder = folder.resolve()
    if not folder.is_dir():
        raise Fault("out.disk", f"Le dossier «\u00a0{folder}\u00a0» n’existe plus\u00a0: choisissez-en un autre.")
    if folder.is_relative_to(desk.vault.folder.resolve()):
        raise Fault(
            "out.inside_vault",
            f"«\u00a0{folder}\u00a0» est dans le coffre, où rien ne doit être lisible\u00a0: choisissez-en un autre.",
            ExitCode.USAGE,
        )
    pack = documents.make_letters(desk, referral_id, editable=form_id)
    if not pack.files:
        raise Fault("outside.no_letter", "Ce document n’est pas une lettre\u00a0: il se modifie dans le programme.")
    door.check_again(desk, pack)
    path = outside_files.free(folder, f"{pack.reference}-{pack.files[0].name}")
    lent = sealing.keep(desk, pack, lambda work, kept: _leave(work, pack, kept[0], path))
    try:
        outside_files.write(path, pack.files[0].data)
    except OSError as error:
        desk.run(_note_failure, lent.document_id)
        why = out_folder.REASONS.get(error.errno or 0, "le disque ne répond pas")
        sentence = f"Rien n’a été écrit dans «\u00a0{folder}\u00a0»\u00a0: {why}. Choisissez un autre dossier."
        raise Fault("out.disk", sentence, ExitCode.DISK) from None
    return Result(lent, frozenset({("referral", referral_id), ("document", lent.document_id)}))


def _leave(work: Work, pack: Pack, document_id: uuid.UUID, path: Path) -> Lent:
    made = pack.files[0]
    line = departures.File(
        name=path.name,
        sha256=made.sha256,
        size=len(made.data),
        media_type=made.media_type,
        document_id=document_id,
    )
    entry = Entry(
        subject=pack.subject,
        files=(line,),
        people=pack.people,
        recipient=pack.recipient,
        channel=CHANNEL,
        draft=pack.draft,
        note=str(path),
    )
    departures.record(work, entry)
    return Lent(
        document_id=document_id,
        form_id=made.form[0],
        path=path,
        sha256=made.sha256,
        lent_at=work.now,
        draft=pack.draft,
    )


def _note_failure(work: Work, document_id: uuid.UUID) -> None:
    found = select(DepartureFile.departure_id).where(DepartureFile.document_id == document_id)
    work.record(departures.FAILED, work.session.scalars(found).one())


# ---- what comes back


def compare(
    desk: Desk, document_id: uuid.UUID, path: Path, *, pause: Callable[[float], None] = time.sleep
) -> Comparison:
    """Read an edited letter and show what it says otherwise. Nothing is kept.

    Args:
        desk: the open vault.
        document_id: what was lent.
        path: the file to read.
        pause: waits between two looks at the file.

    Raises:
        Fault: `outside.open` while a word processor has it, `outside.unreadable`, `outside.kind`, `outside.gone`.
        FormError: a file that may not be taken, or from which no page can be printed.
    """
    data = outside_files.read(path, pause)
    with desk.read() as session, Worker() as worker:
        row = session.get(Document, document_id)
        if row is None or row.referral_id is None:
            raise Fault("outside.gone", "La lettre prêtée n’existe plus dans le coffre.")
        referral = referrals.by_id(session, row.referral_id)
        with evidence.open_object(desk.vault, row.stored.name, row.stored.private_key) as stream:
            lent_data = stream.read()
        form = documents.catalogue().get(row.form_id)
        before = letters.read(lent_data, title=form.definition.title)
        after = letters.read(data, title=form.definition.title)
        pdf = letter.render_pdf(after.docx, worker)
        pages = preview.page_count(pdf)
        shown = Edited(
            form_id=row.form_id,
            letter=after,
            values=row.values_json,
            sha256=hashlib.sha256(after.docx).hexdigest(),
        )
        made = _made(row, form, after, pages)
        lent = _last_lent(session, referral.id, row.form_id)
        if lent is None or lent.document_id != row.id:
            lent = _any_lent(session, row)
        newer = [each for each in edited.known(session, referral.id, row.form_id) if each.made_at > lent.lent_at]
        return Comparison(
            lent=lent,
            path=path,
            source_sha256=hashlib.sha256(data).hexdigest(),
            changes=tuple(_changes(before.paragraphs, after.paragraphs)),
            problems=tuple(_problems(session, desk, referral, shown)),
            notes=(*_newer(newer), *_notes(before, after), *_unseen(pdf, after)),
            same=data == lent_data,
            pages=pages,
            made=made,
            reference=referral.reference,
            referral_id=referral.id,
        )


def _any_lent(session: Session, row: Document) -> Lent:
    found = session.execute(
        select(Departure, DepartureFile)
        .join(DepartureFile, DepartureFile.departure_id == Departure.id)
        .where(DepartureFile.document_id == row.id, Departure.channel == CHANNEL)
    ).first()
    if found is None:
        raise Fault("outside.gone", "Ce document n’a pas été prêté pour être modifié.")
    return _lent(found[0], row, found[1])


def _made(row: Document, form: Form, after: letters.Edited, pages: int) -> Made:
    return Made(
        f"{form.definition.id}.docx",
        "letter",
        papers.DOCX,
        after.docx,
        pages,
        (row.form_id, row.form_edition),
        row.values_json,
        edited_from=row.id,
    )


def _changes(before: Sequence[letters.Paragraph], after: Sequence[letters.Paragraph]) -> Iterator[Change]:
    """What differs, paragraph by paragraph, spaces aside."""
    old, new = (
        [f"{each.place}\n{' '.join(each.text.split())}" for each in paragraphs] for paragraphs in (before, after)
    )
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind == "equal":
            continue
        gone, came = before[first:last], after[start:end]
        for at in range(max(len(gone), len(came))):
            was = gone[at] if at < len(gone) else None
            now = came[at] if at < len(came) else None
            place = next(each.place for each in (now, was) if each is not None)
            yield Change(place, was.text if was else "", now.text if now else "")


def _problems(session: Session, desk: Desk, referral: Referral, shown: Edited) -> Iterator[Reason]:
    """What stands in the way with this version that does not without it."""
    bare = _reasons(documents.situation(session, desk, referral, instead={shown.form_id: None}))
    with_it = _reasons(documents.situation(session, desk, referral, instead={shown.form_id: shown}))
    return (each for each in with_it if each not in bare)


def _reasons(found: Situation) -> list[Reason]:
    return list(dict.fromkeys(reason for state in found.states for reason in state.reasons))


def _newer(newer: Sequence[Document]) -> Iterator[str]:
    if newer:
        yield "Une autre version modifiée a été reprise depuis\u00a0: celle-ci la remplacera, l’autre reste au coffre."


def _notes(before: letters.Edited, after: letters.Edited) -> Iterator[str]:
    if after.changes:
        yield (
            "Des modifications suivies y étaient encore\u00a0: elles sont acceptées, le texte supprimé n’est pas gardé."
        )
    if after.comments:
        yield "Les commentaires sont retirés\u00a0: ils ne sont ni gardés ni imprimés."
    if after.pictures > before.pictures:
        yield "Une image y a été ajoutée\u00a0: le programme ne sait pas ce qu’elle montre, regardez-la."
    if after.hidden:
        yield "Un passage est mis en «\u00a0texte masqué\u00a0»\u00a0: il ne se voit pas et partirait avec le fichier."
    if after.beside and after.beside != before.beside:
        yield "Un lien y a été ajouté\u00a0: son adresse part avec le fichier."
    yield "L’auteur, les dates, le nom du modèle et des images ne sont pas gardés dans le fichier."


def _unseen(pdf: bytes, after: letters.Edited) -> Iterator[str]:
    """Words of the file that the printed page does not show."""
    shown = _bare(preview.text_of(pdf))
    lost = [word for each in after.paragraphs for word in _WORD.findall(each.text) if _bare(word) not in shown]
    if lost:
        few = ", ".join(f"«\u00a0{word}\u00a0»" for word in dict.fromkeys(lost[:5]))
        yield f"Ces mots ne se lisent pas sur la page imprimée\u00a0: {few}. Regardez l’aperçu après avoir gardé."


def _bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


# ---- the document of record


def take_back(desk: Desk, comparison: Comparison) -> Result[uuid.UUID]:
    """Keep an edited letter: it stands in the place of the filled one from now on. Another one is set aside."""
    made = comparison.made
    pack = Pack(("referral", comparison.referral_id), comparison.reference, Package("", (from_made(made),)))

    def keep(work: Work, kept: tuple[uuid.UUID, ...]) -> uuid.UUID:
        for each in edited.known(work.session, comparison.referral_id, made.form[0]):
            if each.id != kept[0] and each.set_aside_at is None:
                each.set_aside_at = work.now
        work.session.flush()
        work.record("document.taken_back", kept[0], made.sha256)
        return kept[0]

    kept = sealing.keep(desk, pack, keep)
    return Result(kept, frozenset({("referral", comparison.referral_id), ("document", kept)}))


def set_aside(work: Work, document_id: uuid.UUID) -> uuid.UUID:
    """The filled letter takes its place again; the edited one stays in the vault."""
    document = _edited(work, document_id)
    document.set_aside_at = work.now
    work.session.flush()
    work.record("document.set_aside", document.id)
    return document.id


def put_back(work: Work, document_id: uuid.UUID) -> uuid.UUID:
    """An edited letter that was set aside is the document of record again."""
    document = _edited(work, document_id)
    assert document.referral_id is not None
    for each in edited.known(work.session, document.referral_id, document.form_id):
        if each.set_aside_at is None and each.id != document.id:
            each.set_aside_at = work.now
    document.set_aside_at = None
    work.session.flush()
    work.record("document.put_back", document.id)
    return document.id


def confirm(desk: Desk, document_id: uuid.UUID) -> Result[uuid.UUID]:
    """Somebody looked: the edited letter holds as it is, whatever the records say otherwise since.

    Raises:
        Fault: `outside.gone`.
    """
    with desk.read() as session:
        document = session.get(Document, document_id)
        if document is None or document.referral_id is None:
            raise Fault("outside.gone", "Cette version n’existe plus dans le coffre.")
        found = documents.situation(session, desk, referrals.by_id(session, document.referral_id))
        values = papers.canonical(found.said.values)
    return desk.run(_confirm, document_id, values)


def _confirm(work: Work, document_id: uuid.UUID, values: str) -> uuid.UUID:
    document = _edited(work, document_id)
    document.values_json, document.values_sha256 = values, hashlib.sha256(values.encode()).hexdigest()
    work.session.flush()
    work.record("document.checked", document.id, document.values_sha256)
    return document.id


def _edited(work: Work, document_id: uuid.UUID) -> Document:
    document = work.session.get(Document, document_id)
    if document is None or document.edited_from_id is None or document.frozen_at is not None:
        raise Fault("outside.gone", "Cette version n’existe plus dans le coffre, ou elle est figée.")
    return document
