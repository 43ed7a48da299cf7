# SPDX-License-Identifier: GPL-3.0-or-later
"""Taking a whole dossier in from a folder: everything, or nothing at all."""

import hashlib
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.casework import deposits, directory
from hro_desktop.casework.deposits import Taken
from hro_desktop.casework.desk import Desk, Result
from hro_desktop.casework.dossier import SECTIONS, Dossier, read
from hro_desktop.faults import Fault
from hro_desktop.records.cases import Case
from hro_desktop.records.directory import Organisation
from hro_desktop.records.imports import Import
from hro_desktop.records.referrals import Referral
from hro_desktop.records.settings import Setting
from hro_desktop.records.volunteers import Volunteer
from hro_desktop.vault.vault import Vault
from hro_desktop.vault.work import Work

__all__ = ["Imported", "import_folder"]

AT_ONCE = 2  # files encrypted side by side: hashing and encryption release the interpreter


@attrs.frozen
class Imported:
    """What an import did: references to go on with, and how much came in."""

    already: bool
    cases: tuple[str, ...]
    referrals: tuple[str, ...]
    files: int
    size: int


@attrs.frozen
class _Taken:
    draft: Any
    file: Taken


def import_folder(desk: Desk, folder: Path, progress: Callable[[int, int], None] | None = None) -> Result[Imported]:
    """Take in `dossier.toml` and its evidence files as one unit of work.

    The description is checked whole first; then every file is encrypted, authenticated and in place; then one
    transaction makes all of it known. A failure at any moment leaves the vault as it was. The same dossier given
    twice enters once.

    Args:
        desk: the open vault.
        folder: holds `dossier.toml` and the files it names.
        progress: called with bytes done and bytes in all.

    Raises:
        Fault: `dossier.*`, `draft.invalid`, or a fault of the vault.
    """
    content = _description(folder)
    digest = hashlib.sha256(content).hexdigest()
    with desk.read() as session:
        dossier = read(content, _known(session))
        known = session.scalars(select(Import).where(Import.key == dossier.key)).first()
    if known is not None:
        if known.sha256 != digest:
            raise Fault(
                "dossier.changed",
                f"Le dossier «\u00a0{dossier.key}\u00a0» est déjà dans ce coffre, avec un autre contenu\u00a0: "
                "corrigez-le dans le programme, ou donnez une autre clé à celui-ci.",
            )
        return Result(Imported(True, (), (), 0, 0), frozenset())
    paths = {
        id(draft): _inside(folder, draft.file, f"evidence[{number}]")
        for number, draft in enumerate(dossier.drafts["evidence"], start=1)
    }
    taken: list[_Taken] = []
    try:
        taken = _take_in(desk.vault, dossier, paths, progress)
        result = desk.run(_record, dossier, digest, taken)
    except BaseException:
        for each in taken:
            desk.vault.objects.discard(each.file.staged)
        raise
    kept = desk.vault.known_objects(each.file.staged.name for each in taken)
    for each in taken:
        if each.file.staged.name not in kept:
            desk.vault.objects.discard(each.file.staged)
    return result


def _description(folder: Path) -> bytes:
    try:
        return (folder / "dossier.toml").read_bytes()
    except OSError:
        raise Fault(
            "dossier.absent",
            f"Il n’y a pas de fichier dossier.toml lisible dans «\u00a0{folder}\u00a0»\u00a0: "
            "donnez le dossier qui le contient.",
        ) from None


def _inside(folder: Path, name: str, where: str) -> Path:
    """The file a dossier names: a plain path below the folder, nowhere else, links included."""
    if not name:
        raise Fault(
            "dossier.invalid",
            f"dossier.toml, {where}\u00a0: une pièce n’indique pas son fichier (clé «\u00a0file\u00a0»).",
        )
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise Fault(
            "dossier.outside",
            f"dossier.toml, {where}\u00a0: le fichier «\u00a0{name}\u00a0» est hors du dossier\u00a0; "
            "copiez-le dedans.",
        )
    if not path.is_file():
        raise Fault(
            "dossier.file_absent",
            f"dossier.toml, {where}\u00a0: le fichier «\u00a0{name}\u00a0» est introuvable dans le dossier.",
        )
    if path.stat().st_size == 0:
        raise Fault(
            "dossier.file_empty",
            f"dossier.toml, {where}\u00a0: le fichier «\u00a0{name}\u00a0» est vide\u00a0; retrouvez l’original.",
        )
    return path


def _take_in(
    vault: Vault, dossier: Dossier, paths: Mapping[int, Path], progress: Callable[[int, int], None] | None
) -> list[_Taken]:
    total = sum(path.stat().st_size for path in paths.values())
    done: dict[int, int] = {}

    def one(draft: Any) -> _Taken:  # noqa: ANN401 - an EvidenceDraft
        path = paths[id(draft)]

        def advance(size: int) -> None:
            done[id(draft)] = size
            if progress:
                progress(sum(done.values()), total)

        with path.open("rb", buffering=0) as source:
            staged = vault.objects.stage(source, advance)
        return _Taken(draft, deposits.place(vault, staged, path.name))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        futures = [pool.submit(one, draft) for draft in dossier.drafts["evidence"]]
        failures = [future.exception() for future in futures]
    taken = [future.result() for future in futures if future.exception() is None]
    failure = next((each for each in failures if each is not None), None)
    if failure is not None:
        for each in taken:
            vault.objects.discard(each.file.staged)
        raise failure
    return taken


def _record(work: Work, dossier: Dossier, digest: str, taken: list[_Taken]) -> Imported:
    for section in SECTIONS:
        if section.save is None:
            for each in taken:
                deposits.enter(work, each.draft, each.file)
            continue
        for draft in dossier.drafts[section.name]:
            if not _already(work.session, section.noun, draft.id):
                section.save(work, draft)
    if dossier.association is not None and work.session.get(Setting, "association") is None:
        directory.set_association(work, dossier.association)
    entry = Import(key=dossier.key, sha256=digest)
    work.session.add(entry)
    work.session.flush()
    work.record("dossier.imported", entry.id, digest)
    return Imported(
        False,
        _references(work.session, Case, dossier.drafts["cases"]),
        _references(work.session, Referral, dossier.drafts["referrals"]),
        len(taken),
        sum(each.file.staged.size for each in taken),
    )


def _known(session: Session) -> dict[tuple[str, str], uuid.UUID]:
    """Organisations and volunteers the vault has: a dossier that names them again means the same ones."""
    organisations = session.execute(select(Organisation.name, Organisation.id))
    users = session.execute(select(Volunteer.name, Volunteer.id))
    return {("organisation", name): each for name, each in organisations} | {
        ("volunteer", name): each for name, each in users
    }


def _already(session: Session, noun: str, record_id: uuid.UUID | None) -> bool:
    shared = {"organisation": Organisation, "volunteer": Volunteer}.get(noun)
    return bool(shared and record_id and session.get(shared, record_id))


def _references(session: Session, record: type[Case] | type[Referral], drafts: tuple[Any, ...]) -> tuple[str, ...]:
    wanted = [draft.id for draft in drafts if draft.id is not None]
    return tuple(session.scalars(select(record.reference).where(record.id.in_(wanted)).order_by(record.reference)))
