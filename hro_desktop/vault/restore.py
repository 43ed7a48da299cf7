# SPDX-License-Identifier: GPL-3.0-or-later
"""A vault made again from a backup, in a new folder; and reading a backup again without any secret.

Everything is checked while it is read from the backup and once more where it was written. `coffre.json` comes last: a
folder without it is not a vault, and a restoration that was interrupted begins again in the same folder. Until the
first opening a copy of the manifest lies in the vault: with the key in hand it says whether this is the backup that was
made, and the journal notes since which line the vault was restored.
"""

import contextlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import attrs
from sqlalchemy.orm import Session

from hro_desktop.faults import ExitCode, Fault
from hro_desktop.vault import copying, generations, header, journal, places, recovery
from hro_desktop.vault.backup_places import must_have_room, place_faults
from hro_desktop.vault.copying import Kept, Unreadable
from hro_desktop.vault.files import UNFINISHED, make_folder, read_within, replace_file, sync_folder, write_private
from hro_desktop.vault.findings import Finding, Level, Report
from hro_desktop.vault.generations import ANCHORS, Generation, Manifest
from hro_desktop.vault.keys import Keys
from hro_desktop.vault.objects import OBJECTS, STAGING

__all__ = ["MARK", "Progress", "Restored", "arrived", "check", "restore"]

MARK: Final = places.RESTORING
BASE: Final = Path("base", "hro.db")
HEADERS: Final = (*header.COPIES, *(name + UNFINISHED for name in header.COPIES))
OURS: Final = ("base", OBJECTS, STAGING, "ancres", recovery.NAME, MARK)
SHOWN: Final = 3
Progress = Callable[[int, int], None]
"""Told of the bytes done and of their total; what it raises stops the work."""


@attrs.frozen
class Restored:
    """A vault that is there again, closed.

    Args:
        folder: where.
        generation: what it was made from.
        findings: objects it lacks, if any.
    """

    folder: Path
    generation: Generation
    findings: tuple[Finding, ...]


def check(generation: Generation, progress: Progress | None = None) -> Report:
    """Read a whole generation again, without any secret: each damage has a name.

    Raises:
        Fault: `backup.manifest`; `backup.gone`, when the disk was pulled out.
    """
    manifest = _manifest(generation)
    findings = [*_lacking(manifest)]
    steps = _Steps(progress, manifest.size)
    for source, name, kept in _sources(generation, manifest):
        with contextlib.suppress(Unreadable):
            if copying.read(source, steps.advance) == kept:
                continue
        findings.append(_damaged(name))
    if any(each.level is Level.DAMAGE for each in findings):
        _must_be_there(generation)
    return Report((("Fichiers relus", len(manifest.files) + len(manifest.objects)),), tuple(findings))


def restore(
    generation: Generation, target: Path, progress: Progress | None = None, *, partial: bool = False
) -> Restored:
    """Make a vault again.

    Args:
        generation: of a folder of backups.
        target: a folder that is absent or empty, or where an earlier restoration was interrupted.
        progress: see `Progress`.
        partial: go on without the objects that are damaged in the backup; each is named.

    Raises:
        Fault: `backup.manifest`, `backup.damaged`, `backup.objects_damaged`, `backup.gone`, `restore.inside`,
            `vault.newer`, `vault.not_empty`, `vault.no_place`, `backup.no_room`, or what the disk says. No vault is
            there then, and the backup is as it was.
    """
    manifest = _manifest(generation)
    if target.resolve().is_relative_to(generation.place.resolve()):
        raise Fault(
            "restore.inside",
            f"«\u00a0{target}\u00a0» est dans le dossier des sauvegardes\u00a0: choisissez un dossier de cet "
            "ordinateur.",
        )
    with place_faults(target):
        _clear(target)
        places.must_be_free(target)
        must_have_room(target.parent, manifest.size, len(manifest.objects))
        there = target.exists()
        try:
            findings = _fill(generation, manifest, target, _Steps(progress, 2 * manifest.size), partial=partial)
        except BaseException:
            _unmake(target, there=there)
            raise
    return Restored(target, generation, tuple(findings))


def arrived(folder: Path, keys: Keys, session: Session, last: journal.Head) -> tuple[str, list[Finding]] | None:
    """At the first opening of a restored vault: what the journal notes, and what to say.

    Args:
        folder: the vault.
        keys: of it, which tell the manifest that was made from one that somebody changed.
        session: reads the base.
        last: the head of its journal.

    Returns:
        The line it was restored from, and findings; nothing when the vault was not just restored.
    """
    try:
        manifest, code = generations.parse(read_within(folder / MARK, generations.MAX_SIZE))
        authentic = Generation(folder, 0, manifest, code).is_authentic(keys)
    except FileNotFoundError:
        return None
    except (OSError, Fault):
        return str(last.n), [_ALTERED]
    if not authentic or not journal.contains(session, manifest.head, keys.vault_id):
        return str(last.n), [_ALTERED]
    return str(manifest.head.n), list(_lacking(manifest))


class _Steps:
    """How far it is."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress = progress
        self._total = total
        self._done = 0

    def advance(self, count: int) -> None:
        self._done += count
        if self._progress:
            self._progress(min(self._done, self._total), self._total)


def _manifest(generation: Generation) -> Manifest:
    """Raises `backup.manifest`, in the words of whatever is wrong with it."""
    if generation.manifest is not None:
        return generation.manifest
    with contextlib.suppress(OSError):
        return generations.parse(_written(generation))[0]
    return generations.parse(b"")[0]


def _written(generation: Generation) -> bytes:
    """The manifest as it stands there."""
    return read_within(generation.folder / generations.MANIFEST, generations.MAX_SIZE)


def _sources(generation: Generation, manifest: Manifest) -> Iterator[tuple[Path, str, Kept]]:
    for name, kept in manifest.files.items():
        yield generation.folder / name, name, kept
    for name, kept in manifest.objects.items():
        yield generations.object_path(generation.place, name), name, kept


def _fill(generation: Generation, manifest: Manifest, target: Path, steps: _Steps, *, partial: bool) -> list[Finding]:
    target.mkdir(mode=0o700, exist_ok=True)
    target.chmod(0o700)
    write_private(target / MARK, _written(generation))
    for name in ("base", OBJECTS, STAGING, "ancres"):
        make_folder(target / name)
    opening = _header(generation, manifest)
    damaged = [] if opening else [header.NAME]
    for source, name, kept in _sources(generation, manifest):
        if name != header.NAME and not _copied(source, _place_of(target, name), kept, steps):
            damaged.append(name)
            if name in manifest.files:
                break  # without its base nothing else is of any use
    _must_be_whole(damaged, generation, manifest, partial=partial)
    write_private(target / recovery.NAME, recovery.TEXT.encode())
    sync_folder(target / "base")
    for name in reversed(header.COPIES):  # last, and the one that makes it a vault the very last
        replace_file(target / name, opening)
        if (target / name).read_bytes() != opening:
            raise _medium(target)
    sync_folder(target)
    sync_folder(target.parent)
    return [*_lacking(manifest), *(_damaged(name) for name in damaged)]


def _copied(source: Path, target: Path, kept: Kept, steps: _Steps) -> bool:
    """Copy a file, and read it again where it is now; whether the backup still has what was written to it."""
    make_folder(target.parent)
    try:
        found = copying.copy(source, target, steps.advance)
    except Unreadable:
        return False
    if found != kept:
        target.unlink()
        return False
    with contextlib.suppress(Unreadable):
        if copying.read(target, steps.advance) == kept:
            sync_folder(target.parent)
            return True
    raise _medium(target)


def _header(generation: Generation, manifest: Manifest) -> bytes:
    """`coffre.json` of the backup; nothing when it is not what was written there.

    Raises:
        Fault: `vault.newer`: it is whole, and of a format that this program does not know.
    """
    with contextlib.suppress(Unreadable, OSError):
        path = generation.folder / header.NAME
        content = read_within(path, header.MAX_SIZE + 1)
        try:
            found, _ = header.parse(content)
        except Fault as fault:
            if fault.code == "vault.newer":
                raise
            return b""
        if found.vault_id == manifest.vault_id and copying.read(path, lambda _count: None) == manifest.files[path.name]:
            return content
    return b""


def _place_of(target: Path, name: str) -> Path:
    """Where a file of a backup goes in a vault."""
    if name == generations.BASE:
        return target / BASE
    return target / name if name.startswith(ANCHORS) else generations.object_path(target, name)


def _must_be_whole(damaged: list[str], generation: Generation, manifest: Manifest, *, partial: bool) -> None:
    if damaged:
        _must_be_there(generation)
    if not damaged or (partial and not any(name in manifest.files for name in damaged)):
        return
    said = ", ".join(_short(name) for name in damaged[:SHOWN])
    said += f" et {len(damaged) - SHOWN}\u00a0autres" if len(damaged) > SHOWN else ""
    if any(name in manifest.files for name in damaged):
        raise Fault(
            "backup.damaged",
            f"La sauvegarde n°\u00a0{generation.number} est abîmée ({said})\u00a0: rien n’a été restauré. "
            "Choisissez-en une autre.",
            ExitCode.DAMAGED,
        )
    raise Fault(
        "backup.objects_damaged",
        f"La sauvegarde n°\u00a0{generation.number} a des pièces abîmées ou absentes ({said})\u00a0: rien n’a été "
        "restauré. Cherchez une autre sauvegarde, ou restaurez sans ces pièces.",
        ExitCode.DAMAGED,
    )


def _must_be_there(generation: Generation) -> None:
    """A disk that was pulled out is not a damaged one: nothing may be concluded of what it holds."""
    if not (generation.folder / generations.MANIFEST).is_file():
        raise Fault(
            "backup.gone",
            f"«\u00a0{generation.place}\u00a0» n’est plus là\u00a0: le support a été débranché, ou la sauvegarde ôtée. "
            "Rebranchez-le, puis recommencez.",
            ExitCode.DISK,
        )


def _clear(target: Path) -> None:
    """Remove what an interrupted restoration left: nothing of a vault, nor of anything that is not ours."""
    unfinished = (target / MARK).is_file() and not (target / header.NAME).exists()
    if unfinished and {path.name for path in target.iterdir()} <= {*OURS, *HEADERS}:
        _unmake(target, there=True)


def _unmake(target: Path, *, there: bool) -> None:
    """Remove what an unfinished restoration made; the mark last, so that what cannot be removed is still known."""
    with contextlib.suppress(OSError):
        for name in (*HEADERS, *OURS):
            path = target / name
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        if not there:
            target.rmdir()


def _short(name: str) -> str:
    return name if "." in name else f"{name[:8]}…"


def _medium(target: Path) -> Fault:
    return Fault(
        "restore.medium",
        f"Le disque qui porte «\u00a0{target}\u00a0» n’a pas gardé ce qui vient d’y être écrit\u00a0: le coffre "
        "n’est pas "
        "restauré. Vérifiez ce disque, ou choisissez-en un autre.",
        ExitCode.DISK,
    )


def _damaged(name: str) -> Finding:
    what = f"Le fichier {name}" if "." in name else f"L’objet {_short(name)}"
    return Finding(
        "backup.object_damaged" if "." not in name else "backup.file_damaged",
        f"{what} est abîmé ou absent dans la sauvegarde.",
        "Cherchez-le dans une sauvegarde faite ailleurs\u00a0; la prochaine sauvegarde au même endroit le "
        "remplacera si "
        "le coffre l’a encore.",
    )


def _lacking(manifest: Manifest) -> Iterator[Finding]:
    for name in manifest.lacking:
        yield Finding(
            "backup.lacking",
            f"L’objet {_short(name)} n’était déjà plus lisible dans le coffre le jour de la sauvegarde.",
            "Cherchez-le dans une sauvegarde plus ancienne, ou faite ailleurs.",
            Level.WARNING,
        )


_ALTERED: Final = Finding(
    "restore.altered",
    "Ce coffre a été restauré d’une sauvegarde que quelqu’un a modifiée depuis qu’elle a été faite.",
    "Ses fiches et ses pièces sont celles du coffre, mais peut-être d’un autre jour\u00a0: comparez avec une "
    "sauvegarde "
    "gardée ailleurs, et demandez-vous qui a pu y toucher.",
)
