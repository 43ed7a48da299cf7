# SPDX-License-Identifier: GPL-3.0-or-later
"""A letter edited outside: lent to a word processor, compared when it comes back, kept as the document of record.

What is lent goes out by the same door as anything else. What comes back is shown beside what was lent before anything
is replaced, and no later filling replaces it: it is set aside by a person, stays in the vault, and can be put back.
"""

import datetime as dt
import hashlib
import uuid
from pathlib import Path
from typing import Final

import attrs
from sqlalchemy.orm import Session

from hro_desktop.casework import (
    clear_copies,
    departures,
    documents,
    door,
    edited,
    out_folder,
    outside_files,
    papers,
    referrals,
    sealing,
)
from hro_desktop.casework.clear_copies import ClearCopy, Lent
from hro_desktop.casework.comparison import Comparison
from hro_desktop.casework.departures import Entry
from hro_desktop.casework.desk import Desk, Result
from hro_desktop.casework.documents import Pack
from hro_desktop.casework.edited import CHANNEL, Difference, Edited
from hro_desktop.casework.packages import Package, from_made
from hro_desktop.faults import ExitCode, Fault
from hro_desktop.records.documents import Document
from hro_desktop.vault import header
from hro_desktop.vault.places import is_synced
from hro_desktop.vault.work import Work

__all__ = [
    "LetterState",
    "Version",
    "confirm",
    "lend",
    "letters_of",
    "put_back",
    "set_aside",
    "take_back",
    "warned",
]

_SUPERSEDED: Final = (
    "Cette lettre a changé depuis que cette comparaison a été montrée\u00a0: rien n’est remplacé. "
    "La voici de nouveau, à côté de celle d’à présent."
)
NOT_ENCRYPTED: Final = (
    "Ce fichier n’est pas chiffré\u00a0: reprenez-le dès que la modification est faite, puis effacez-le de ce dossier."
)


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

    `lent` is the last time it left, while nothing of that came back; `copies` is everything of it that still lies
    outside, readable.
    """

    form_id: str
    title: str
    lent: Lent | None
    versions: tuple[Version, ...]
    differences: tuple[Difference, ...]
    copies: tuple[ClearCopy, ...] = ()

    @property
    def in_force(self) -> Version | None:
        """The edited letter that is the document of record."""
        return next((each for each in self.versions if each.in_force), None)


# ---- what there is


def letters_of(session: Session, desk: Desk, referral_id: uuid.UUID) -> tuple[LetterState, ...]:
    """The letters of a referral that can be edited outside, in the order of the pack.

    Raises:
        Fault: `referral.gone`.
    """
    referral = referrals.by_id(session, referral_id)
    found = documents.situation(session, desk, referral)
    outside = clear_copies.known(session, referral_id)
    made = []
    for form in found.forms:
        if form.definition.kind != "letter":
            continue
        name = form.definition.id
        came = edited.known(session, referral_id, name)
        held = found.edited.get(name)
        lent = clear_copies.last_lent(session, referral_id, name)
        if lent is not None and lent.document_id in {each.edited_from_id for each in came}:
            lent = None
        made.append(
            LetterState(
                form_id=name,
                title=form.definition.title,
                lent=lent,
                versions=tuple(_version(each, held) for each in came),
                differences=edited.differences(held, form, found.said.values) if held is not None else (),
                copies=tuple(each for each in outside if each.form_id == name),
            )
        )
    return tuple(made)


def _version(each: Document, held: Edited | None) -> Version:
    mine = held is not None and held.document_id == each.id
    return Version(document_id=each.id, taken_at=each.made_at, sha256=each.stored.sha256, in_force=mine)


# ---- lending


def lend(desk: Desk, referral_id: uuid.UUID, form_id: str, folder: Path) -> Result[Lent]:
    """Write the `.docx` of a letter to a folder, under a neutral name, noted in the ledger first.

    A letter that was edited already is lent as it was edited.

    Raises:
        Fault: `referral.opposed`, `pack.stale`; `outside.no_letter`; `out.inside_vault`, `out.disk`.
    """
    folder = folder.resolve()
    _must_be_outside(desk, folder)
    pack = documents.make_letters(desk, referral_id, editable=form_id)
    if not pack.files:
        raise Fault("outside.no_letter", "Ce document n’est pas une lettre\u00a0: il se modifie dans le programme.")
    door.check_again(desk, pack)
    path = outside_files.free(folder, f"{pack.reference}-{pack.files[0].name}")
    lent = sealing.keep(desk, pack, lambda work, kept: _leave(work, pack, kept[0], path))
    try:
        outside_files.write(path, pack.files[0].data)
    except OSError as error:
        desk.run(clear_copies.never_written, lent.document_id)
        why = out_folder.REASONS.get(error.errno or 0, "le disque ne répond pas")
        sentence = f"Rien n’a été écrit dans «\u00a0{folder}\u00a0»\u00a0: {why}. Choisissez un autre dossier."
        raise Fault("out.disk", sentence, ExitCode.DISK) from None
    return Result(lent, frozenset({("referral", referral_id), ("document", lent.document_id)}))


def warned(folder: Path) -> str:
    """Why a letter had better not lie in a folder, in a sentence; nothing for most."""
    folder = folder.resolve()
    if not is_synced(folder):
        return ""
    return (
        f"«\u00a0{folder}\u00a0» semble copié ailleurs par un autre programme (Dropbox, Nextcloud, OneDrive…)\u00a0: "
        "la lettre y serait lisible par qui tient ce service, et y resterait, même effacée d’ici."
    )


def _must_be_outside(desk: Desk, folder: Path) -> None:
    if not folder.is_dir():
        raise Fault("out.disk", f"Le dossier «\u00a0{folder}\u00a0» n’existe plus\u00a0: choisissez-en un autre.")
    around = (folder, *folder.parents)
    if folder.is_relative_to(desk.vault.folder.resolve()) or any((each / header.NAME).is_file() for each in around):
        raise Fault(
            "out.inside_vault",
            f"«\u00a0{folder}\u00a0» est dans un coffre, où rien ne doit être lisible\u00a0: choisissez-en un autre.",
            ExitCode.USAGE,
        )


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
    clear_copies.forgotten(work, path)  # nothing lies there: its name was free
    clear_copies.note(work, document_id, path, made.sha256)
    return Lent(
        document_id=document_id,
        form_id=made.form[0],
        path=path,
        sha256=made.sha256,
        lent_at=work.now,
        draft=pack.draft,
    )


# ---- the document of record


def take_back(desk: Desk, comparison: Comparison) -> Result[uuid.UUID]:
    """Keep an edited letter: it stands in the place of the filled one from now on. Another one is set aside.

    Raises:
        Fault: `outside.superseded`: it would replace another than the one that was in force when it was shown.
    """
    made = comparison.made
    letter = (comparison.referral_id, made.form[0])
    pack = Pack(("referral", comparison.referral_id), comparison.reference, Package("", (from_made(made),)))

    def keep(work: Work, kept: tuple[uuid.UUID, ...]) -> uuid.UUID:
        others = [each for each in edited.known(work.session, *letter) if each.set_aside_at is None]
        others = [each for each in others if each.id != kept[0]]
        if [each.id for each in others[:1]] != [each for each in (comparison.standing,) if each is not None]:
            raise Fault("outside.superseded", _SUPERSEDED)
        for each in others:
            each.set_aside_at = work.now
        work.session.flush()
        work.record("document.taken_back", kept[0], made.sha256)
        clear_copies.note(work, kept[0], comparison.path, comparison.source_sha256)
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
