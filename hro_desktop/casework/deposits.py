# SPDX-License-Identifier: GPL-3.0-or-later
"""Depositing files: each one for itself, safe before the next is begun, and what became of each is told.

A file enters in the order `vault.objects` says: encrypted and hashed in one pass, synced, authenticated, in place; then
one unit of work writes its row and its journal line. Whatever interrupts a deposit, what was done before stays done.
"""

import contextlib
import io
import os
import stat
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Final, Literal

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from forms import preview
from forms.problems import FormError
from hro_desktop.casework import evidence
from hro_desktop.casework.desk import Changes, Desk, Result
from hro_desktop.casework.evidence import EvidenceDraft, EvidenceStatementDraft
from hro_desktop.faults import Fault
from hro_desktop.media.facts import Facts, examine
from hro_desktop.media.names import visible
from hro_desktop.records.evidence import Evidence, EvidenceCase, EvidenceIncident, EvidenceStatement
from hro_desktop.records.objects import StoredObject
from hro_desktop.vault.objects import Staged
from hro_desktop.vault.vault import Vault
from hro_desktop.vault.work import Work

__all__ = ["Deposit", "Fate", "Links", "Taken", "deposit", "enter", "place"]

Fate = Literal["deposited", "known", "refused", "left"]
"""What became of a file: in the vault now, there already, not taken, or not come to."""

KINDS: Final = {"image": "photo", "video": "video", "sound": "son"}
"""What an item is until somebody says better, by the family of its file."""
SERVICE: Final = frozenset({".ds_store", "thumbs.db", "desktop.ini", ".directory"})
"""Files that systems leave in every folder; so are those macOS begins with `._`."""
ONE: Final = frozenset({"source.unreadable", "draft.invalid", "evidence.derived"})
"""Faults of one file: the next ones are still tried."""

_NOT_A_FILE: Final = "Ce n’est pas un fichier ordinaire\u00a0: il n’y a rien à déposer."
_LINK: Final = "C’est un raccourci vers un autre endroit\u00a0: versez le fichier lui-même."
_GONE: Final = "Le fichier n’est plus là\u00a0: il a été déplacé ou le support a été débranché."
_CLOSED: Final = "Le fichier ne peut pas être lu\u00a0: vérifiez vos droits ou le support, puis recommencez."
_EMPTY: Final = "Le fichier est vide\u00a0: retrouvez l’original."
_MOVING: Final = "Le fichier changeait pendant sa lecture\u00a0: attendez que sa copie soit finie, puis recommencez."
_SERVICE: Final = "C’est un fichier de service du système, pas une pièce."
_CANCELLED: Final = "Le versement a été arrêté avant ce fichier."
_STOPPED: Final = {
    "cancelled": _CANCELLED,
    "disk.full": "Le disque du coffre est plein\u00a0: ce fichier n’est pas versé, ceux d’avant sont gardés. "
    "Libérez de la place, puis réessayez.",
}


@attrs.frozen
class Links:
    """What every file of a deposit is linked to: incidents, cases, and statements with the role of the item there."""

    incidents: tuple[uuid.UUID, ...] = ()
    cases: tuple[uuid.UUID, ...] = ()
    statements: tuple[tuple[uuid.UUID, str], ...] = ()


@attrs.frozen
class Deposit:
    """What became of one file.

    Args:
        name: as it may be shown.
        fate: what became of it.
        why: for one that was not taken, a sentence.
        evidence_id: the item, new or already there.
        path: where it is, to try again.
    """

    name: str
    fate: Fate
    why: str = ""
    evidence_id: uuid.UUID | None = None
    path: Path | None = attrs.field(default=None, repr=False)


@attrs.frozen
class Taken:
    """A file in the vault that is not known yet: what was written of it and what it says of itself."""

    staged: Staged
    facts: Facts
    pages: int | None
    name: str


class _Refused(Exception):  # noqa: N818 - like a fault, it names what happened
    """This file is not taken; the next ones are."""

    def __init__(self, why: str) -> None:
        super().__init__("refused")
        self.why = why


@attrs.define
class _Run:
    """One deposit under way."""

    desk: Desk
    links: Links
    progress: Callable[[int, int], None]
    cancelled: Callable[[], bool]
    total: int = 0
    read: int = 0
    stopped: str = ""
    changes: set[tuple[str, uuid.UUID]] = attrs.field(factory=set)


def deposit(
    desk: Desk,
    paths: Sequence[Path],
    links: Links | None = None,
    *,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Result[tuple[Deposit, ...]]:
    """Take files in, and what is in folders, one unit of work each.

    A file the vault has already is not taken twice: the item it is gets the links. Links to other places are not
    followed. It never raises for what one file is; a full disk or a cancel ends it, and the files not come to are told.

    Args:
        desk: the open vault.
        paths: files and folders.
        links: what each is linked to.
        progress: called with bytes read and bytes in all.
        cancelled: asked between files and once per MiB.
    """
    run = _Run(desk, links or Links(), progress or (lambda _done, _total: None), cancelled or (lambda: False))
    files = list(_files(paths, run.cancelled))
    run.total = sum(size for _, size, _ in files)
    told = []
    for path, size, why in files:
        told.append(attrs.evolve(_left(run, path) if run.stopped else _fate(run, path, why), path=path))
        run.read += size
        run.progress(run.read, run.total)
    return Result(tuple(told), frozenset(run.changes))


def place(vault: Vault, staged: Staged, name: str) -> Taken:
    """Give a staged file its place in the vault and ask it what it says of itself; nothing is left of it on failure.

    Raises:
        Fault: `disk.*`, `media.read` or `object.*`.
    """
    try:
        vault.objects.publish(staged)
        with evidence.open_object(vault, staged.name, staged.private_key) as opened:
            facts = examine(opened, name)
            pages = _pages(opened) if facts.family == "pdf" else None
    except BaseException:
        vault.objects.discard(staged)
        raise
    return Taken(staged, facts, pages, name)


def enter(work: Work, draft: EvidenceDraft, taken: Taken) -> uuid.UUID:
    """Make a file known as an item, in the unit of work of the caller."""
    item_id = evidence.save(work, draft, taken.staged, taken.facts, taken.name)
    if taken.pages is not None:
        work.session.get_one(Evidence, item_id).pages = taken.pages
    return item_id


def _pages(opened: BinaryIO) -> int | None:
    try:
        return preview.page_count(opened)
    except FormError:
        return None


def _fate(run: _Run, path: Path, why: str) -> Deposit:
    name = visible(path.name)
    if run.cancelled():
        run.stopped = _CANCELLED
        return _left(run, path)
    if why:
        return Deposit(name, "refused", why)
    try:
        return _one(run, path, name)
    except _Refused as refused:
        return Deposit(name, "refused", refused.why)
    except Fault as fault:
        if fault.code in ONE:
            return Deposit(name, "refused", fault.sentence)
        run.stopped = _STOPPED.get(fault.code, fault.sentence)
        return _left(run, path)


def _left(run: _Run, path: Path) -> Deposit:
    return Deposit(visible(path.name), "left", run.stopped)


def _one(run: _Run, path: Path, name: str) -> Deposit:
    vault = run.desk.vault
    with _opened(path) as source:
        before = os.fstat(source.fileno())
        if not before.st_size:
            raise _Refused(_EMPTY)
        staged = vault.objects.stage(
            source, lambda done: run.progress(min(run.read + done, run.total), run.total), run.cancelled
        )
        after = os.fstat(source.fileno())
    try:
        if not before.st_size == after.st_size == staged.size or before.st_mtime_ns != after.st_mtime_ns:
            raise _Refused(_MOVING)
        with run.desk.read() as session:
            known = _known(session, staged.sha256)
    except BaseException:
        vault.objects.discard(staged)
        raise
    if known is not None:
        vault.objects.discard(staged)
        run.changes |= _tied(run, known)
        return Deposit(name, "known", evidence_id=known)
    taken = place(vault, staged, os.fsencode(path.name).decode("utf-8", "backslashreplace"))
    try:
        result = run.desk.run(enter, _draft(run, name, taken), taken)
    except BaseException:
        vault.objects.discard(staged)
        raise
    if not vault.known_objects([staged.name]):  # a paper the program made had the same bytes: they are shared
        vault.objects.discard(staged)
    run.changes |= result.changes
    return Deposit(name, "deposited", evidence_id=result.value)


def _draft(run: _Run, name: str, taken: Taken) -> EvidenceDraft:
    return EvidenceDraft(
        kind=KINDS.get(taken.facts.family, "autre"),
        title=name,
        received_on=run.desk.today(),
        incident_ids=run.links.incidents,
        case_ids=run.links.cases,
        statements=tuple(EvidenceStatementDraft(statement_id=each, role=role) for each, role in run.links.statements),
    )


def _known(session: Session, sha256: str) -> uuid.UUID | None:
    """The item that has these bytes: the first one deposited, should there be several."""
    return session.scalars(
        select(Evidence.id).join(StoredObject).where(StoredObject.sha256 == sha256).order_by(Evidence.id).limit(1)
    ).first()


def _tied(run: _Run, item_id: uuid.UUID) -> Changes:
    """Give an item that is there already the links it does not have; nothing is written when it has them all."""
    with run.desk.read() as session:
        item = session.get_one(Evidence, item_id)
        missing = Links(
            tuple(each for each in run.links.incidents if each not in {tie.incident_id for tie in item.incidents}),
            tuple(each for each in run.links.cases if each not in {tie.case_id for tie in item.cases}),
            tuple(
                each for each in run.links.statements if each[0] not in {tie.statement_id for tie in item.statements}
            ),
        )
    return run.desk.run(_tie, item_id, missing).changes if missing != Links() else frozenset()


def _tie(work: Work, item_id: uuid.UUID, links: Links) -> None:
    item = work.session.get_one(Evidence, item_id)
    item.incidents += [EvidenceIncident(incident_id=each) for each in links.incidents]
    item.cases += [EvidenceCase(case_id=each) for each in links.cases]
    item.statements += [EvidenceStatement(statement_id=each, role=role) for each, role in links.statements]
    work.session.flush()
    work.record("evidence.changed", item_id)


# ---- what is given


def _files(paths: Sequence[Path], cancelled: Callable[[], bool]) -> Iterator[tuple[Path, int, str]]:
    """Every file given or found in a folder given, its size, and why it is refused at sight if it is."""
    waiting = list(reversed(paths))
    while waiting and not cancelled():
        path = waiting.pop()
        try:
            found = path.lstat()
        except OSError:
            yield path, 0, _GONE
            continue
        if stat.S_ISDIR(found.st_mode):
            try:
                waiting += sorted(path.iterdir(), key=lambda each: each.name, reverse=True)
            except OSError:
                yield path, 0, _CLOSED
        elif stat.S_ISLNK(found.st_mode):
            yield path, 0, _LINK
        elif not stat.S_ISREG(found.st_mode):
            yield path, 0, _NOT_A_FILE
        elif path.name.lower() in SERVICE or path.name.startswith("._"):
            yield path, 0, _SERVICE
        else:
            yield path, found.st_size, ""
    yield from ((path, 0, "") for path in reversed(waiting))


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[io.FileIO]:
    """A plain file, open: never what took its place meanwhile, be it a link or a pipe that would wait for ever."""
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        handle = os.open(path, flags)
    except FileNotFoundError:
        raise _Refused(_GONE) from None
    except OSError:
        raise _Refused(_LINK if path.is_symlink() else _CLOSED) from None
    with io.FileIO(handle, "rb") as source:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise _Refused(_NOT_A_FILE)
        yield source
