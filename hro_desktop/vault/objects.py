# SPDX-License-Identifier: GPL-3.0-or-later
"""The encrypted files of the vault: staged, published, opened, swept.

Always in this order: encrypt into `sas/` and hash in one pass; sync; open again, authenticate the last block and check
the length; rename into `objets/`; sync the folder; then the unit of work writes the row and the journal line and
commits. Only then is the item deposited. `publish` leaves a mark in `sas/` that `settle` removes after the commit: a
program killed in between leaves a marked object without a row, which the next start removes. An object without a mark
is never removed, even without a row: an older base put back in place must not cost any evidence.
"""

import contextlib
import hashlib
import io
import os
import re
import secrets
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import attrs

from hro_desktop.faults import ExitCode, Fault
from hro_desktop.vault import age
from hro_desktop.vault.files import (
    create_private,
    disk_faults,
    let_go,
    make_folder,
    open_regular,
    sync_file,
    sync_folder,
)

__all__ = ["OBJECTS", "STAGING", "SUFFIX", "Leftovers", "ObjectReader", "ObjectStore", "Staged"]

OBJECTS: Final = "objets"
STAGING: Final = "sas"
SUFFIX: Final = ".age"
MARK: Final = ".publie"
NAME: Final = re.compile(r"[0-9a-f]{40}")
DIGESTED: Final = 1024 * 1024


@attrs.frozen(repr=False)
class Staged:
    """An item encrypted and authenticated, not yet in the base.

    Args:
        name: random, 40 hexadecimal digits.
        private_key: opens this file and no other.
        sha256: of the clear content, hexadecimal.
        size: of the clear content, bytes.
        path: where it waits in `sas/`.
    """

    name: str
    private_key: bytes
    sha256: str
    size: int
    path: Path


@attrs.frozen
class Leftovers:
    """What an interrupted program left: names of files never published, and of marked objects."""

    staged: tuple[str, ...]
    marked: tuple[str, ...]


class ObjectReader(age.AgeReader):
    """The clear content of an object; damage is said in a sentence."""

    def __init__(self, file: io.FileIO, private_key: bytes, name: str) -> None:
        self._name = name
        self._handle = file.fileno()
        super().__init__(file, private_key)

    def forget(self) -> None:
        """Have the next reads come from the disk: what the system still remembers of the file proves nothing."""
        let_go(self._handle)

    def digest(self, progress: Callable[[int], None] | None = None) -> str:
        """SHA-256 of the whole content in hexadecimal, read from the disk and not from what the system remembers.

        Args:
            progress: called with the bytes read so far; what it raises ends the reading.

        Raises:
            Fault: `object.damaged`.
        """
        found, buffer, done = hashlib.sha256(), memoryview(bytearray(DIGESTED)), 0
        self.forget()
        self.seek(0)
        while count := self.readinto(buffer):
            found.update(buffer[:count])
            done += count
            if progress:
                progress(done)
        self.forget()  # a large item, or a whole vault, would push everything else out of memory
        return found.hexdigest()

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        """Fill the buffer as far as the content goes.

        Raises:
            Fault: `object.damaged`.
        """
        try:
            return super().readinto(buffer)
        except age.AgeError:
            raise damaged(self._name) from None


class ObjectStore:
    """`objets/` and `sas/` of one vault. Several threads may stage and publish at the same time.

    Args:
        folder: the vault.
        known: says which of some names have a row in the base.
    """

    def __init__(self, folder: Path, known: Callable[[Iterable[str]], set[str]]) -> None:
        self.folder = folder
        self._known = known

    def stage(
        self,
        source: age.Source,
        progress: Callable[[int], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Staged:
        """Read a file once, into an encrypted, synced and checked file of `sas/`.

        Args:
            source: a binary stream at its start.
            progress: called with the bytes read so far.
            cancelled: asked about once per MiB.

        Raises:
            Fault: `cancelled`, `source.unreadable`, `disk.*`. Nothing is left of the file then.
        """
        name, key = secrets.token_hex(20), age.generate_key()
        path = self.folder / STAGING / (name + SUFFIX)

        def advance(done: int) -> None:
            if cancelled and cancelled():
                raise Fault("cancelled", "Dépôt annulé\u00a0: rien n’a été enregistré.", ExitCode.INTERRUPTED)
            if progress:
                progress(done)

        try:
            with disk_faults(self.folder):
                handle = create_private(path)
                with open(handle, "wb", buffering=0) as sink:  # noqa: PTH123 - a descriptor, not a path
                    steady = _Steady(sink)
                    digest, size = age.encrypt_stream(_Guarded(source), steady, [age.public_key(key)], progress=advance)
                    steady.finish()
            self._prove(path, key, size)
        except BaseException:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
            raise
        return Staged(name, key, digest, size, path)

    def publish(self, staged: Staged) -> None:
        """Give a staged object its place in `objets/`, and have its name on the disk.

        Raises:
            Fault: `disk.*`; the object is then still in `sas/`, for `discard`.
        """
        target = self.path(staged.name)
        with disk_faults(self.folder):
            make_folder(target.parent)
            os.close(create_private(self._mark(staged.name)))
            staged.path.replace(target)
            sync_folder(target.parent)

    def settle(self, names: Iterable[str]) -> None:
        """After the commit: these objects have their rows, their marks are done with."""
        for name in names:
            with contextlib.suppress(OSError):  # a mark that stays is removed at the next start
                self._mark(name).unlink(missing_ok=True)

    def discard(self, staged: Staged) -> None:
        """Remove an item that will not be deposited after all; one that has its row stays."""
        try:
            deposited = bool(self._known([staged.name]))
        except Fault:  # the base does not answer: the next start will know
            return
        if not deposited:
            self._remove([staged.name])

    def open(self, name: str, private_key: bytes) -> ObjectReader:
        """The clear content of an object, decrypted while it is read; nothing in clear on the disk.

        Raises:
            Fault: `object.absent`, `object.key` or `object.damaged`.
        """
        try:
            file = io.FileIO(open_regular(self.path(name)), "rb")
        except FileNotFoundError:
            raise Fault(
                "object.absent",
                f"L’objet {name[:8]}… du coffre a disparu du disque\u00a0: reprenez-le dans la dernière sauvegarde.",
                ExitCode.DAMAGED,
            ) from None
        except OSError:
            raise damaged(name) from None
        try:
            return ObjectReader(file, private_key, name)
        except age.NoMatchError:
            file.close()
            raise Fault(
                "object.key",
                f"L’objet {name[:8]}… du coffre ne s’ouvre pas avec sa clé\u00a0: un autre fichier a pris sa place. "
                "Reprenez-le dans la dernière sauvegarde.",
                ExitCode.DAMAGED,
            ) from None
        except (age.AgeError, OSError):
            file.close()
            raise damaged(name) from None

    def path(self, name: str) -> Path:
        """Where an object is.

        Raises:
            ValueError: the name is not one of ours; it must never become another path.
        """
        if not NAME.fullmatch(name):
            raise ValueError("object name")
        return self.folder / OBJECTS / name[:2] / (name + SUFFIX)

    def names(self) -> set[str]:
        """Names of all objects on the disk."""
        return {
            path.stem
            for path in (self.folder / OBJECTS).glob("??/*" + SUFFIX)
            if NAME.fullmatch(path.stem) and path.parent.name == path.stem[:2]
        }

    def leftovers(self) -> Leftovers:
        """What an interrupted program left. Marks whose object has its row are done with, and removed here."""
        staging = self.folder / STAGING
        staged = {path.stem for path in staging.glob("*" + SUFFIX) if NAME.fullmatch(path.stem)}
        marked = {path.stem for path in staging.glob("*" + MARK) if NAME.fullmatch(path.stem)}
        settled = self._known(marked)
        self.settle(settled)
        return Leftovers(tuple(sorted(staged)), tuple(sorted(marked - settled)))

    def sweep(self, leftovers: Leftovers) -> None:
        """Remove leftovers, once the journal says so."""
        self._remove({*leftovers.staged, *leftovers.marked} - self._known(leftovers.marked))

    def _remove(self, names: Iterable[str]) -> None:
        for name in names:
            with contextlib.suppress(OSError):
                (self.folder / STAGING / (name + SUFFIX)).unlink(missing_ok=True)
                if self._mark(name).exists():
                    self.path(name).unlink(missing_ok=True)
                    self._mark(name).unlink()

    def _mark(self, name: str) -> Path:
        return self.folder / STAGING / (name + MARK)

    def _prove(self, path: Path, key: bytes, size: int) -> None:
        """Open what was written, from the disk: one that took it without a word may still not have it."""
        try:
            with age.AgeReader(io.FileIO(path, "rb"), key) as reader:
                whole = reader.size == size
        except (age.AgeError, OSError):
            whole = False
        if not whole:
            raise Fault(
                "disk.failed",
                f"Le disque qui porte le coffre «\u00a0{self.folder}\u00a0» n’a pas gardé ce qui vient d’y être "
                "écrit\u00a0: la pièce n’est pas déposée. Vérifiez le disque avant de recommencer.",
                ExitCode.DISK,
            )


class _Steady:
    """A new file that reaches the disk while it is being written, not all at the end, and fills no memory."""

    STEP: Final = 1024 * 1024

    def __init__(self, file: io.FileIO) -> None:
        self._file = file
        self._written = self._begun = 0

    def write(self, data: memoryview, /) -> int | None:
        count = self._file.write(data)
        self._written += count or 0
        if self._written - self._begun >= self.STEP:
            let_go(self._file.fileno(), self._begun, self._written - self._begun)
            self._begun = self._written
        return count

    def finish(self) -> None:
        """Wait until all of it is on the disk. What is read of it from now on is read from there."""
        sync_file(self._file.fileno())
        let_go(self._file.fileno())


class _Guarded:
    """A source whose reading errors are told from the writing errors of the vault."""

    def __init__(self, source: age.Source) -> None:
        self._source = source

    def readinto(self, buffer: memoryview, /) -> int | None:
        try:
            return self._source.readinto(buffer)
        except OSError:
            raise Fault(
                "source.unreadable",
                "Le fichier à déposer ne peut plus être lu (support débranché ou abîmé)\u00a0: rien n’a été déposé. "
                "Rebranchez-le, puis recommencez.",
            ) from None


def damaged(name: str) -> Fault:
    """The fault of an object whose bytes are not what was written."""
    return Fault(
        "object.damaged",
        f"L’objet {name[:8]}… du coffre est abîmé\u00a0: ce qui reste lisible n’est pas utilisé. "
        "Reprenez-le dans la dernière sauvegarde.",
        ExitCode.DAMAGED,
    )
