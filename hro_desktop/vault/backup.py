# SPDX-License-Identifier: GPL-3.0-or-later
"""An encrypted backup of an open vault, in a folder somebody chose: a base of its own, and only the new objects.

Nothing stands under its final name before it was read again from the disk. The generation is a folder that gets its
name last; a program killed before leaves the earlier generations as they were, and the objects it had copied serve the
next time. Three generations are kept, over objects that they share; an older one goes when a newer one is there, whole.
"""

import contextlib
import datetime as dt
import errno
import hmac
import io
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import attrs
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import select

from hro_desktop.faults import ExitCode, Fault
from hro_desktop.records.objects import StoredObject
from hro_desktop.vault import age, copying, generations, header, journal, recovery, seals
from hro_desktop.vault.backup_places import is_crowded, must_have_room, must_suit, place_faults, same_disk, unplugged
from hro_desktop.vault.copying import Kept, Unreadable
from hro_desktop.vault.database import base_damaged, connect
from hro_desktop.vault.files import make_folder, read_within, replace_file, sync_file, sync_folder, write_private
from hro_desktop.vault.findings import Finding, Level
from hro_desktop.vault.generations import ANCHORS, GENERATIONS, UNFINISHED, Generation, Manifest
from hro_desktop.vault.objects import NAME, OBJECTS, ObjectReader
from hro_desktop.vault.vault import Vault

__all__ = ["KEPT", "Backup", "Progress", "make"]

KEPT: Final = 3
FRESH: Final = ".nouveau"
GONE: Final = ".efface"
LOG: Final = "releve.txt"
LABEL: Final = b"hro-desktop/1 backup log\n"
STEPS: Final = 2000
Progress = Callable[[int, int], None]
"""Told of the bytes done and of their total; what it raises stops the work, and what was whole stays whole."""


class _Row(NamedTuple):
    """What the base says of one object."""

    name: str
    private_key: bytes
    sha256: str
    size: int

    @property
    def sealed(self) -> int:
        """Bytes of its encrypted file."""
        return age.sealed_size(self.size)


@attrs.frozen
class Backup:
    """What became of a backup.

    Args:
        generation: the one that was made.
        copied: objects that were new there, or damaged there and replaced.
        dropped: older generations that went, by the id of their manifest.
        findings: what to know or to mend: objects that the vault itself has lost, a backup on the same disk.
    """

    generation: Generation
    copied: int
    dropped: tuple[str, ...]
    findings: tuple[Finding, ...]


def make(
    vault: Vault, chosen: Path, progress: Progress | None = None, *, reread: bool = True, renew: bool = False
) -> Backup:
    """Back an open vault up; others may work in it meanwhile.

    Args:
        vault: what is backed up, as it is when this begins.
        chosen: a folder; the backups are in a folder of their own inside, unless it is that one.
        progress: see `Progress`.
        reread: read again, from the disk, what earlier backups left there; without it no generation is dropped.
        renew: drop, once the new one is there, every generation that an access removed since still opens.

    Raises:
        Fault: `backup.*`, or `base.damaged` of the vault. Earlier generations are then as they were.
    """
    place = generations.place_in(chosen)
    earlier = must_suit(vault.folder, vault.vault_id, chosen)
    with place_faults(place), vault.staying():
        _prepare(place)
        making = _Making(vault, place, earlier, progress or (lambda _done, _total: None), reread=reread)
        return making.run(renew=renew)


def _prepare(place: Path) -> None:
    """The folders, and none of what an interrupted backup left."""
    for folder in (place, place / GENERATIONS, place / OBJECTS):
        make_folder(folder)
    for path in (place / GENERATIONS).iterdir():
        if path.name.endswith((UNFINISHED, GONE)):
            shutil.rmtree(path)
    for path in (place / OBJECTS).glob("??/*" + FRESH):
        path.unlink()
    notice = place / recovery.NAME
    if not notice.exists():
        replace_file(notice, recovery.BACKUP_TEXT.encode())


class _Making:
    """One backup under way."""

    def __init__(
        self, vault: Vault, place: Path, earlier: tuple[Generation, ...], progress: Progress, *, reread: bool
    ) -> None:
        self._vault = vault
        self._place = place
        self._earlier = earlier
        self._progress = progress
        self._reread = reread
        with vault.read() as session:
            self._seals = seals.former(session)
        # Only what whoever holds the key wrote may stand for a file that is not read again; a former key may be held by
        # somebody who was removed.
        ours = [each.manifest for each in earlier if each.manifest and each.is_authentic(vault.keys)]
        self._listed: dict[str, Kept] = {name: kept for each in ours for name, kept in each.objects.items()}
        self._logged = _logged(place / OBJECTS / LOG, vault.keys.header())
        self._done = self._total = 0
        self._copied = 0
        self._lacking: list[str] = []

    def run(self, *, renew: bool) -> Backup:
        """From the first byte to the last generation dropped."""
        number = 1 + max((each.number for each in self._earlier), default=0)
        now = self._vault.clock().astimezone(dt.UTC)
        final = self._place / GENERATIONS / f"{number:06d}-{now:%Y%m%dT%H%M%SZ}"
        self._count()
        folder = final.with_name(final.name + UNFINISHED)
        make_folder(folder)
        try:
            manifest = self._fill(folder, now)
            folder.rename(final)
            sync_folder(final.parent)
        except BaseException:
            with contextlib.suppress(OSError):  # what stays is swept by the next backup
                shutil.rmtree(folder)
            raise
        made = Generation(final, number, manifest, generations.mac(manifest, self._vault.keys))
        dropped = self._drop(made, renew=renew) if self._reread and not self._lacking else ()
        with contextlib.suppress(OSError):
            (self._place / OBJECTS / LOG).unlink(missing_ok=True)
        return Backup(made, self._copied, dropped, tuple(self._findings()))

    def _count(self) -> None:
        """What there is to do, and whether it has room."""
        with self._vault.read() as session:
            known = session.execute(select(StoredObject.name, StoredObject.size)).all()
        path = self._vault.database.path
        base = _size_of(path) + max(0, _size_of(path.with_name(path.name + "-wal")))
        fresh, again = 0, 0
        for name, size in known:
            sealed = age.sealed_size(size)
            if self._size_there(name) == sealed:
                again += sealed if self._reads_again(name) else 0
            else:
                fresh += sealed
        must_have_room(self._place, base + fresh, 1 + len(known))
        self._total = base + 2 * fresh + again

    def _fill(self, folder: Path, now: dt.datetime) -> Manifest:
        base = folder / generations.BASE
        self._snapshot(base)
        self._advance(0)
        files = {generations.BASE: self._prove_file(base)}
        head, revision, rows = self._read_base(base)
        self._must_follow(base)
        write_private(folder / header.NAME, header.written(self._vault.header, self._vault.keys))
        files[header.NAME] = self._prove_file(folder / header.NAME)
        files |= self._anchors(folder)
        objects = {row.name: kept for row in rows if (kept := self._object(row)) is not None}
        manifest = Manifest(
            vault_id=self._vault.vault_id,
            id=secrets.token_hex(8),
            made_at=now.replace(microsecond=0),
            revision=revision,
            head=head,
            files=files,
            objects=objects,
            lacking=tuple(self._lacking),
        )
        content = generations.written(manifest, self._vault.keys)
        write_private(folder / generations.MANIFEST, content)
        if (folder / generations.MANIFEST).read_bytes() != content:
            raise medium(self._place)
        sync_folder(folder)
        return manifest

    # ---- the base

    def _snapshot(self, target: Path) -> None:
        """A copy of the base as it is now, encrypted with the same key, over a connection of its own: nobody waits."""
        stopped: list[BaseException] = []

        def asked_to_stop() -> int:
            try:
                self._advance(0)
            except BaseException as error:
                stopped.append(error)
            return len(stopped)

        with self._base(self._vault.database.path, stopped, consultation=self._vault.consultation) as connection:
            connection.execute("PRAGMA query_only=OFF")  # of a consulted vault nothing is written either
            connection.set_progress_handler(asked_to_stop, STEPS)
            connection.execute("VACUUM INTO ?", (str(target),))
        with target.open("rb+") as file:  # SQLite does not do it for VACUUM INTO
            sync_file(file.fileno())

    def _read_base(self, base: Path) -> tuple[journal.Head, str, list[_Row]]:
        """What the copy says, once each of its pages was found authentic."""
        with self._base(base, consultation=True) as connection:
            if connection.execute("PRAGMA cipher_integrity_check").fetchall():
                raise medium(self._place)
            if [tuple(row) for row in connection.execute("PRAGMA quick_check(1)")] != [("ok",)]:
                raise base_damaged(self._vault.folder)
            last = connection.execute("SELECT n, hash FROM journal_line ORDER BY n DESC LIMIT 1").fetchone()
            (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            found = connection.execute("SELECT name, private_key, sha256, size FROM stored_object ORDER BY name")
            rows = [_Row(*row) for row in found]
        head = journal.Head(*last) if last else journal.Head(0, journal.genesis(self._vault.vault_id))
        return head, revision, rows

    def _must_follow(self, base: Path) -> None:
        """An older or another vault must not push out the backups of the real one.

        Raises:
            Fault: `backup.ahead`.
        """
        heads = [each.manifest.head for each in self._earlier if each.manifest and self._is_known(each)]
        with self._base(base, consultation=True) as connection:
            for each in heads:
                found = connection.execute("SELECT hash FROM journal_line WHERE n = ?", (each.n,)).fetchone()
                if each.n and (found is None or found[0] != each.hash):
                    raise Fault(
                        "backup.ahead",
                        f"«\u00a0{self._place}\u00a0» garde une sauvegarde dont ce coffre n’est pas la suite (ligne "
                        f"{each.n} du journal)\u00a0: elle n’est pas remplacée. Choisissez un autre dossier, ou "
                        "restaurez-la si c’est elle la plus récente.",
                        ExitCode.VAULT,
                    )

    @contextlib.contextmanager
    def _base(self, path: Path, stopped: Sequence[BaseException] = (), *, consultation: bool) -> Iterator[Any]:
        """A connection to the base or to its copy; what it refuses is said of the right disk."""
        try:
            connection = connect(path, self._vault.keys.base(), consultation=consultation)
            try:
                yield connection
            finally:
                connection.close()
        except sqlcipher.DatabaseError as error:
            raise (stopped[0] if stopped else self._base_fault(error)) from None

    def _base_fault(self, error: sqlcipher.DatabaseError) -> BaseException:
        name = getattr(error, "sqlite_errorname", "") or ""
        if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
            return base_damaged(self._vault.folder)
        full = name.startswith("SQLITE_FULL") or is_crowded(self._place)
        return OSError(errno.ENOSPC if full else errno.EIO, name)

    # ---- files

    def _prove_file(self, path: Path) -> Kept:
        try:
            return copying.read(path, self._advance)
        except Unreadable:
            raise medium(self._place) from None

    def _anchors(self, folder: Path) -> Mapping[str, Kept]:
        """The time-stamps of the journal."""
        source, found = self._vault.folder / ANCHORS, dict[str, Kept]()
        for path in sorted(source.iterdir()) if source.is_dir() else ():
            if path.is_file() and generations.FILE.fullmatch(ANCHORS + path.name):
                make_folder(folder / ANCHORS)
                with contextlib.suppress(Unreadable):  # of no use to open the vault
                    kept = copying.copy(path, folder / ANCHORS / path.name, lambda _count: None)
                    found[ANCHORS + path.name] = kept
        return found

    def _object(self, row: _Row) -> Kept | None:
        """Have one object there, and know that it is what was deposited; nothing when the vault has lost it too."""
        path = generations.object_path(self._place, row.name)
        if self._size_there(row.name) == row.sealed:
            kept = self._reused(path, row)
            if kept is not None:
                return kept
        make_folder(path.parent)
        fresh = path.with_name(path.name + FRESH)
        try:
            kept = copying.copy(self._vault.objects.path(row.name), fresh, self._advance)
        except Unreadable:
            self._lacking.append(row.name)
            return None
        if not self._is_deposited(fresh, row):
            self._must_hold(fresh, kept)
            fresh.unlink()
            self._lacking.append(row.name)
            return None
        fresh.replace(path)
        sync_folder(path.parent)
        self._log(row.name, kept)
        self._copied += 1
        return kept

    def _reused(self, path: Path, row: _Row) -> Kept | None:
        """What an earlier backup left, if it is still good."""
        known = self._listed.get(row.name) or self._logged.get(row.name)
        with contextlib.suppress(Unreadable):
            if known is None:
                return copying.read(path, lambda _count: None) if self._is_deposited(path, row) else None
            if not self._reads_again(row.name) or copying.read(path, self._advance) == known:
                return known
        return None

    def _is_deposited(self, path: Path, row: _Row) -> bool:
        before = 0

        def advance(done: int) -> None:
            nonlocal before
            self._advance(done - before)
            before = done

        try:
            with ObjectReader(io.FileIO(path, "rb"), row.private_key, row.name) as reader:
                return (reader.size, reader.digest(advance)) == (row.size, row.sha256)
        except (age.AgeError, OSError):
            return False
        except Fault as fault:
            if fault.code != "object.damaged":
                raise
            return False

    def _must_hold(self, path: Path, kept: Kept) -> None:
        """Raise when it is the new disk that is wrong, and not the vault."""
        with contextlib.suppress(Unreadable):
            if copying.read(path, lambda _count: None) == kept:
                return
        raise medium(self._place)

    def _log(self, name: str, kept: Kept) -> None:
        """For the backup after this one, should this one be interrupted: what was read again need not be once more."""
        with (self._place / OBJECTS / LOG).open("a", encoding="ascii") as file:
            file.write(_line(name, kept, self._vault.keys.header()) + "\n")

    def _size_there(self, name: str) -> int:
        return _size_of(generations.object_path(self._place, name))

    def _reads_again(self, name: str) -> bool:
        return name not in self._logged and (self._reread or name not in self._listed)

    # ---- the end

    def _is_known(self, generation: Generation) -> bool:
        """Whether this vault made it."""
        return seals.is_ours(generation, self._vault.keys, self._seals)

    def _drop(self, made: Generation, *, renew: bool) -> tuple[str, ...]:
        """Let go of the generations beyond the last three, and of the objects that no generation needs.

        A generation whose seal is not known stays: this may be an older copy of the vault, that does not know the key
        it has now. A manifest that cannot be read may need any of the objects: then none is removed.
        """
        known = [each for each in self._earlier if self._is_known(each)]
        gone = known[KEPT - 1 :]
        if renew:
            gone += [each for each in known[: KEPT - 1] if seals.made_by(each, self._seals)]
        for each in gone:
            aside = each.folder.with_name(each.folder.name + GONE)
            each.folder.rename(aside)
            shutil.rmtree(aside)
        if all(each.manifest is not None for each in self._earlier):
            staying = [made, *(each for each in self._earlier if each not in gone)]
            needed = {name for each in staying if each.manifest for name in each.manifest.objects}
            for path in (self._place / OBJECTS).glob("??/*.age"):
                if NAME.fullmatch(path.stem) and path.stem not in needed:
                    path.unlink()
        return tuple(each.manifest.id for each in gone if each.manifest)

    def _findings(self) -> Iterator[Finding]:
        for name in self._lacking:
            yield Finding(
                "backup.lacking",
                f"L’objet {name[:8]}… est abîmé ou absent dans le coffre, et aucune sauvegarde de ce dossier ne "
                "l’a\u00a0: "
                "le reste est sauvegardé.",
                "Cherchez-le dans une sauvegarde faite ailleurs\u00a0; «\u00a0Vérifier le coffre\u00a0» en dit plus.",
            )
        if not self._reread:
            yield Finding(
                "backup.not_reread",
                "Ce qui était déjà dans ce dossier n’a pas été relu\u00a0: aucune sauvegarde plus ancienne n’a "
                "été effacée.",
                "Faites de temps en temps une sauvegarde qui relit tout.",
                Level.NOTE,
            )
        if same_disk(self._vault.folder, self._place):
            yield Finding(
                "backup.same_disk",
                "La sauvegarde est sur le même disque que le coffre\u00a0: elle serait perdue avec lui.",
                "Faites-en une autre sur une clé USB ou un disque gardé ailleurs.",
                Level.WARNING,
            )

    def _advance(self, count: int) -> None:
        self._done += count
        self._total = max(self._total, self._done)
        self._progress(self._done, self._total)


def medium(place: Path) -> Fault:
    """The fault of a disk that does not hold what it was given, or is not there any more."""
    if not place.is_dir():
        return unplugged(place)
    return Fault(
        "backup.medium",
        f"Le support qui porte «\u00a0{place}\u00a0» n’a pas gardé ce qui vient d’y être écrit\u00a0: la "
        "sauvegarde n’est "
        "pas faite, les précédentes restent. Prenez un autre support.",
        ExitCode.DISK,
    )


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1


def _line(name: str, kept: Kept, key: bytes) -> str:
    """A line of the log: its MAC keeps it from standing for a file that somebody put there."""
    words = f"{name} {kept.size} {kept.sha256}"
    return f"{words} {hmac.digest(key, LABEL + words.encode(), 'sha256').hex()}"


def _logged(path: Path, key: bytes) -> dict[str, Kept]:
    """What an interrupted backup had copied and read again."""
    found: dict[str, Kept] = {}
    with contextlib.suppress(OSError, UnicodeDecodeError):
        for line in read_within(path, generations.MAX_SIZE).decode("ascii").splitlines():
            name, size, digest, *_ = [*line.split(" "), "", "", ""]
            if size.isdecimal() and hmac.compare_digest(_line(name, kept := Kept(int(size), digest), key), line):
                found[name] = kept
    return found
