# SPDX-License-Identifier: GPL-3.0-or-later
"""The only door out of the vault: what leaves was checked again, is kept, in the ledger, and in a manifest."""

import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

import attrs

from hro_desktop.casework import (
    contents,
    debriefing,
    departures,
    documents,
    door,
    frozen,
    image_documents,
    printing,
    sealing,
)
from hro_desktop.casework.departures import Entry
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.documents import Pack, Shape
from hro_desktop.casework.image_documents import Chosen
from hro_desktop.casework.out_folder import (
    MANIFEST,
    must_be_free,
    must_be_outside,
    must_fit,
    unfinished,
    write_whole,
)
from hro_desktop.casework.packages import OutFile, from_bytes
from hro_desktop.casework.pouch import Pouch
from hro_desktop.casework.printing import Printed, Reprint
from hro_desktop.casework.readiness import DocumentState
from hro_desktop.faults import ExitCode, Fault
from hro_desktop.records.referrals import Referral
from hro_desktop.vault.work import Work

__all__ = [
    "MANIFEST",
    "Contained",
    "Written",
    "must_be_free",
    "note_not_printed",
    "note_printing",
    "write_attestation",
    "write_debriefing",
    "write_frozen",
    "write_image_letters",
    "write_pack",
    "write_pouch",
    "write_referral",
]

FOLDER = "dossier"
"""Channel of the ledger: written to a folder of this computer; how it went on is noted when it does."""

PRINTING = "impression"
"""Channel of the ledger: printed, on paper or into a file."""


@attrs.frozen
class Contained:
    """« Ce document contient… »: what one file says besides what it shows."""

    file: str
    sentences: tuple[str, ...]


@attrs.frozen
class Written:
    """What was written where, and what the user should look at."""

    out: Path
    files: tuple[str, ...]
    remarks: tuple[str, ...]
    draft: bool
    states: tuple[DocumentState, ...] = ()
    contains: tuple[Contained, ...] = ()

    def as_json(self) -> dict[str, object]:
        """For scripts."""
        return {
            "out": str(self.out),
            "files": list(self.files),
            "draft": self.draft,
            "remarks": list(self.remarks),
            "states": [state.as_json() for state in self.states],
            "contains": {each.file: list(each.sentences) for each in self.contains},
        }


def write_referral(
    desk: Desk,
    case_reference: str,
    procedure: str,
    out: Path,
    *,
    shape: Shape = Shape(),  # noqa: B008 - frozen
    draft: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Written:
    """Make the pack of a referral, keep it in the vault and write it to a folder that is new or empty.

    Raises:
        Fault: `out.not_empty`, `referral.blocked`, `referral.opposed`, or a fault of the disk; the folder is then as
            it was.
    """
    must_be_free(out)
    pack = documents.make_referral(desk, case_reference, procedure, shape=shape, draft=draft, progress=progress)
    return write_pack(desk, pack, out)


def write_attestation(desk: Desk, statement_reference: str, out: Path, *, handwriting: bool = False) -> Written:
    """Make an attestation to sign, keep it in the vault and write it to a folder that is new or empty."""
    must_be_free(out)
    return write_pack(desk, documents.make_attestation(desk, statement_reference, handwriting=handwriting), out)


def write_image_letters(
    desk: Desk, incident_reference: str, chosen: tuple[Chosen, ...], out: Path, *, doubtful: bool = False
) -> Written:
    """Make the letters that ask for images, keep them and write them to a folder that is new or empty."""
    must_be_free(out)
    return write_pack(desk, image_documents.make(desk, incident_reference, chosen, doubtful=doubtful), out)


def write_debriefing(desk: Desk, outing_reference: str, out: Path) -> Written:
    """Make the debriefing of an outing, keep it in the vault and write it to a folder that is new or empty."""
    must_be_free(out)
    return write_pack(desk, debriefing.make(desk, outing_reference), out)


def write_pack(desk: Desk, pack: Pack, out: Path) -> Written:
    """Keep a pack, note that it leaves, then write it whole or not at all: a folder beside takes its place at the end.

    The line of the ledger is written first, with the hash of every file: nothing ever stands outside unnoted. When
    the disk then fails, a line of the journal says so.

    Raises:
        Fault: `referral.blocked`, `referral.opposed`, `attestation.refused`, `debriefing.*`, `images.name` when it may
            not leave any more; `pack.stale` when the exhibits or the outing changed since it was made; `out.*`.
    """
    out = out.resolve()  # « . » or a link names a folder that is written beside and moved
    must_be_outside(desk, out)
    must_fit(out, [file.name for file in pack.package.files])
    door.check_again(desk, pack)
    contains = tuple(_contents(pack.package.files))
    left = sealing.keep(desk, pack, lambda work, kept: _leave(work, pack, kept))
    try:
        write_whole(out, pack.package, manifest(pack, left))
    except BaseException:
        desk.run(_note_failure, left.departure)
        raise
    names = (*(file.name for file in pack.package.files), MANIFEST)
    return Written(out, names, (*pack.remarks, *_said(contains), *unfinished(out)), pack.draft, pack.states, contains)


def write_frozen(
    desk: Desk,
    referral_id: uuid.UUID,
    out: Path,
    *,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Written:
    """Write the newest frozen version to a folder that is new or empty: its papers byte for byte, its exhibits.

    What was true when it was frozen is looked at again: it is the door, whatever was sealed.

    Raises:
        Fault: `version.none`, `version.stale` when what it holds is not what would be sent now; otherwise as
            `write_pack`.
    """
    out = out.resolve()
    must_be_outside(desk, out)
    with desk.read() as session:
        version = frozen.newest(session, referral_id)
        same = frozen.same_exhibits(session, session.get_one(Referral, referral_id), version)
    pack = documents.make(desk, referral_id, progress=progress, cancelled=cancelled)
    if pack.draft or not same or not frozen.same_words(desk, version, pack.files):
        raise Fault(
            "version.stale",
            "Ce qui partirait n’est plus ce qui est figé : figez de nouveau. Rien n’est sorti ; la version "
            "figée se regarde toujours.",
            ExitCode.BLOCKED,
        )
    must_fit(out, [file.name for file in pack.package.files])
    door.check_again(desk, pack)
    kept = tuple(each.id for each in version.papers)
    sealed = iter(version.papers)
    files = tuple(
        _as_frozen(desk, file, next(sealed)) if file.document is not None else file for file in pack.package.files
    )
    pack = attrs.evolve(pack, package=attrs.evolve(pack.package, files=files))
    contains = tuple(_contents(files))
    left = desk.run(_leave, pack, kept).value
    try:
        write_whole(out, pack.package, manifest(pack, left))
    except BaseException:
        desk.run(_note_failure, left.departure)
        raise
    names = (*(file.name for file in files), MANIFEST)
    return Written(out, names, (*pack.remarks, *_said(contains)), False, pack.states, contains)


def _as_frozen(desk: Desk, file: OutFile, paper: frozen.Paper) -> OutFile:
    """The sealed bytes under the name the file would have now."""
    same = from_bytes(file.name, frozen.opened(desk, paper.id), paper.media_type)
    return attrs.evolve(same, pages=paper.pages or None, numbers=file.numbers, document=file.document)


def write_pouch(desk: Desk, pouch: Pouch, out: Path) -> Written:
    """Keep the papers of a pouch, note that each leaves in it, then write the one file to print, whole or not at all.

    Each paper has its own line of the ledger, under its own statement or referral; those whose situation changed since
    the pouch was made are refused, and nothing is written.

    Raises:
        Fault: as `write_pack`; `pouch.empty` when there is nothing to read back nor to sign.
    """
    out = out.resolve()
    must_be_outside(desk, out)
    if not pouch.packs:
        raise Fault("pouch.empty", "Il n’y a rien à relire ni à signer avec cette personne\u00a0: rien n’a été écrit.")
    (file,) = pouch.package.files
    must_fit(out, [file.name])
    contains = tuple(_contents([file]))
    left = _keep_pouch(desk, pouch, channel=FOLDER)
    try:
        write_whole(out, pouch.package, _pouch_manifest(pouch, left))
    except BaseException:
        note_not_printed(desk, [each.departure for each in left])
        raise
    names = (file.name, MANIFEST)
    draft = any(each.draft for each in pouch.packs)
    return Written(out, names, (*pouch.remarks, *_said(contains), *unfinished(out)), draft, (), contains)


def note_printing(desk: Desk, what: Pack | Reprint | Pouch, printed: Printed) -> tuple[uuid.UUID, ...]:
    """Keep what is about to be printed and write its lines of the ledger, before the first page comes out.

    Raises:
        Fault: as `write_pack`, when it may not leave any more: nothing is to be printed then.
    """
    if isinstance(what, Reprint):
        door.check_kept(desk, what.subject, {each.document_id for each in what.files if each.document_id is not None})
        return (desk.run(_print_again, desk, what, printed).value,)
    if isinstance(what, Pouch):
        return tuple(each.departure for each in _keep_pouch(desk, what, channel=PRINTING, note=printed.note))
    door.check_again(desk, what)
    files = tuple(each for each in what.package.files if each.sha256 in printed.papers)
    pack = attrs.evolve(what, package=attrs.evolve(what.package, files=files))
    left = sealing.keep(desk, pack, lambda work, kept: _leave(work, pack, kept, channel=PRINTING, note=printed.note))
    return (left.departure,)


def note_not_printed(desk: Desk, gone: Iterable[uuid.UUID]) -> None:
    """No page came out: the journal says that nothing of those lines is outside."""
    for each in gone:
        desk.run(_note_failure, each)


def _print_again(work: Work, desk: Desk, what: Reprint, printed: Printed) -> uuid.UUID:
    entry = Entry(
        subject=what.subject,
        files=tuple(each for each in what.files if each.sha256 in printed.papers),
        people=() if what.nobody else printing.people_of(work.session, desk, what),
        authority=what.authority,
        recipient=what.recipient,
        channel=PRINTING,
        draft=what.draft,
        note=printed.note,
    )
    return departures.record(work, entry)


def _note_failure(work: Work, departure: uuid.UUID) -> None:
    """The disk refused what the ledger already holds: nothing of it is outside."""
    work.record(departures.FAILED, departure)


def _keep_pouch(desk: Desk, pouch: Pouch, *, channel: str, note: str = "") -> "list[_Left]":
    """Each paper of a pouch under its own subject; all of them, or none is outside."""
    for pack in pouch.packs:
        door.check_again(desk, pack)
    (file,) = pouch.package.files
    left: list[_Left] = []
    try:
        for pack in pouch.packs:
            left.append(sealing.keep(desk, pack, partial(_leave_in, pack=pack, file=file, channel=channel, note=note)))
    except BaseException:
        note_not_printed(desk, [each.departure for each in left])
        raise
    return left


def _leave_in(
    work: Work, kept: tuple[uuid.UUID, ...], *, pack: Pack, file: OutFile, channel: str, note: str
) -> "_Left":
    """The papers of one pack in the ledger, each a line under the name of the file that holds them."""
    line = departures.File(name=file.name, sha256=file.sha256, size=file.size, media_type=file.media_type)
    entry = Entry(
        subject=pack.subject,
        files=tuple(attrs.evolve(line, document_id=each) for each in kept),
        people=pack.people,
        recipient=pack.recipient,
        channel=channel,
        draft=pack.draft,
        note=note,
    )
    departure = departures.record(work, entry)
    assert work.head is not None
    return _Left(departure, kept, work.head.n, work.head.hash)


def _pouch_manifest(pouch: Pouch, left: Sequence["_Left"]) -> bytes:
    (file,) = pouch.package.files
    ids = [str(each) for gone in left for each in gone.kept]
    return _as_json(
        {
            "format": 1,
            "reference": pouch.reference,
            "draft": any(each.draft for each in pouch.packs),
            "documents": [{"file": file.name, "sha256": file.sha256, "size": file.size, "ids": ids}],
            "journal": {"line": left[-1].line, "sha256": left[-1].sha256},
        }
    )


@attrs.frozen
class _Left:
    """What the ledger and the journal hold of a departure."""

    departure: uuid.UUID
    kept: tuple[uuid.UUID, ...]
    line: int
    sha256: str


def _leave(work: Work, pack: Pack, kept: tuple[uuid.UUID, ...], *, channel: str = FOLDER, note: str = "") -> _Left:
    """Write the departure in the ledger, in the transaction that keeps its documents."""
    ids = dict(zip([file.name for file in pack.package.files if file.document is not None], kept, strict=True))
    entry = Entry(
        subject=pack.subject,
        files=tuple(line for file in pack.package.files for line in _lines(file, pack, ids.get(file.name))),
        people=pack.people,
        authority="" if pack.draft else pack.authority,
        recipient="l’association, pour relecture (brouillon)" if pack.draft else pack.recipient,
        channel=channel,
        profile=pack.package.profile,
        draft=pack.draft,
        note=note,
    )
    departure = departures.record(work, entry)
    assert work.head is not None
    return _Left(departure, kept, work.head.n, work.head.hash)


def _lines(file: OutFile, pack: Pack, document: uuid.UUID | None) -> Iterator[departures.File]:
    """A file in the ledger: a line for itself, or one for each exhibit it holds."""
    line = departures.File(
        name=file.name, sha256=file.sha256, size=file.size, media_type=file.media_type, document_id=document
    )
    held = [each for each in pack.exhibits if each.number in file.numbers and not each.withheld]
    if not held:
        yield line
    for each in held:
        yield attrs.evolve(line, evidence_id=each.evidence_id, exhibit_number=each.number)


def _contents(files: Iterable[OutFile]) -> Iterator[Contained]:
    """What the files say besides what they show; one that is made again each time is read while small."""
    for file in files:
        with file.open() as stream:
            found = contents.of_file(stream)
        if found:
            yield Contained(file.name, tuple(sentence for _, sentence in found))


def _said(contains: Iterable[Contained]) -> Iterator[str]:
    for each in contains:
        yield f"«\u00a0{each.file}\u00a0» contient plus que ce qu’il montre\u00a0: {' '.join(each.sentences)}"


def manifest(pack: Pack, left: _Left) -> bytes:
    """What the folder holds, by hash, and where the journal stood: anyone can check it later with `sha256sum`."""
    ids = dict(zip([file.name for file in pack.package.files if file.document is not None], left.kept, strict=True))
    content = {
        "format": 1,
        "reference": pack.reference,
        "draft": pack.draft,
        "profile": pack.package.profile,
        **({"remarks": [pack.package.misfit]} if pack.package.misfit else {}),
        "documents": [
            {
                "file": file.name,
                "sha256": file.sha256,
                "size": file.size,
                **({"pages": file.pages} if file.pages else {}),
                **({"id": str(ids[file.name])} if file.name in ids else {}),
            }
            for file in pack.package.files
        ],
        "exhibits": [
            {"number": each.number, "original_sha256": each.sha256} for each in pack.exhibits if not each.withheld
        ],
        "journal": {"line": left.line, "sha256": left.sha256},
    }
    return _as_json(content)


def _as_json(content: dict[str, object]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
