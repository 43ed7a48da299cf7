# SPDX-License-Identifier: GPL-3.0-or-later
"""What is about to leave, file by file: each knows its name, its size and its hash before anything is written.

A file is written when the caller says so, straight to where it goes: from the encrypted store, or made a second time
from it. Nothing stands in clear on the disk in between, and only small files wait in memory.
"""

import hashlib
import io
import os
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final, TypeVar, cast

import attrs

from forms.problems import Problem
from hro_desktop.casework import evidence
from hro_desktop.casework.papers import Made
from hro_desktop.vault import age
from hro_desktop.vault.objects import damaged
from hro_desktop.vault.vault import Vault

__all__ = ["OutFile", "Package", "Spare", "from_bytes", "from_made", "from_store", "made_file"]

R = TypeVar("R")
Write = Callable[[BinaryIO], None]
_BLOCK: Final = 1 << 20
_KEPT: Final = 8 << 20


@attrs.frozen
class OutFile:
    """One file to write.

    Args:
        name: with its folders, separated by `/`; safe on every system.
        size: bytes.
        sha256: of those bytes.
        media_type: of the content.
        write: writes it whole into a binary stream; the vault must still be open.
        pages: of a PDF.
        numbers: of the exhibits it holds.
        document: what it was filled from, when the vault keeps it as a document.
        original: opens it, when it is an original copied as it is.
    """

    name: str
    size: int
    sha256: str
    media_type: str
    write: Write = attrs.field(eq=False, repr=False)
    pages: int | None = None
    numbers: tuple[int, ...] = ()
    document: Made | None = attrs.field(default=None, eq=False, repr=False)
    original: Callable[[], BinaryIO] | None = attrs.field(default=None, eq=False, repr=False)

    @property
    def called(self) -> str:
        """As a sentence begins with it: « La pièce n° 15 », or its name when it holds none."""
        if not self.numbers:
            return f"«\u00a0{self.name}\u00a0»"
        known = ", ".join(map(str, self.numbers))
        return f"La pièce n°\u00a0{known}" if len(self.numbers) == 1 else f"La série des pièces n°\u00a0{known}"

    def open(self) -> BinaryIO:
        """The file as a seekable stream; only an original comes straight from the store, the rest is in memory."""
        if self.original is not None:
            return self.original()
        out = io.BytesIO()
        self.write(out)
        out.seek(0)
        return out


@attrs.frozen
class Package:
    """Everything one profile makes.

    Args:
        profile: code of the law table.
        files: in the order they are written.
        remarks: sentences for the user.
        problems: what exhibits had that could not be printed as it was.
        misfit: says that the profile is made for others than who gets it; empty when it is not.
    """

    profile: str
    files: tuple[OutFile, ...]
    remarks: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    misfit: str = ""

    @property
    def documents(self) -> tuple[Made, ...]:
        """What the vault keeps of the files, in their order."""
        return tuple(file.document for file in self.files if file.document is not None)

    def save(self, folder: Path) -> None:
        """Write all files into a folder; none may be there already.

        Raises:
            Fault: an object of the vault is damaged.
            OSError: the disk; what was written stays, for the caller to remove.
        """
        for file in self.files:
            path = folder.joinpath(*PurePosixPath(file.name).parts)
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with path.open("xb") as out:
                file.write(out)
                out.flush()
                os.fsync(out.fileno())


@attrs.define
class Spare:
    """How many bytes of finished files may still wait in memory, for all files of a package."""

    left: int = 32 << 20


class _Measure:
    """A stream that counts and hashes what is written, and keeps it while it is small."""

    def __init__(self, most: int) -> None:
        self.size = 0
        self.digest = hashlib.sha256()
        self._most = most
        self._kept: bytearray | None = bytearray()

    def write(self, data: bytes | memoryview, /) -> int:
        self.size += len(data)
        self.digest.update(data)
        if self._kept is not None and self.size <= self._most:
            self._kept += data
        else:
            self._kept = None
        return len(data)

    @property
    def kept(self) -> bytes | None:
        return None if self._kept is None else bytes(self._kept)


def made_file(
    name: str, make: Callable[[BinaryIO], R], spare: Spare, media_type: str, *, numbers: tuple[int, ...] = ()
) -> tuple[OutFile, R]:
    """A file that is made by writing it, and what its making said.

    Args:
        name: of the file.
        make: writes the file, the same bytes each time.
        spare: memory left for finished files; what does not fit is made again when it is written.
        media_type: of the content.
        numbers: of the exhibits it holds.
    """
    measure = _Measure(min(_KEPT, spare.left))
    said = make(cast("BinaryIO", measure))
    kept = measure.kept
    spare.left -= len(kept or b"")

    def write(out: BinaryIO) -> None:
        if kept is None:
            make(out)
        else:
            age.write_all(out, memoryview(kept))

    return OutFile(name, measure.size, measure.digest.hexdigest(), media_type, write, numbers=numbers), said


def from_bytes(name: str, data: bytes, media_type: str) -> OutFile:
    """A file that is already there."""
    digest = hashlib.sha256(data).hexdigest()
    return OutFile(name, len(data), digest, media_type, lambda out: age.write_all(out, memoryview(data)))


def from_made(made: Made, *, name: str = "", numbers: tuple[int, ...] = ()) -> OutFile:
    """A document, under its own name or another."""
    file = from_bytes(name or made.name, made.data, made.media_type)
    return attrs.evolve(file, pages=made.pages, numbers=numbers, document=made)


def from_store(
    name: str, vault: Vault, stored: tuple[str, bytes], *, sha256: str, size: int, media_type: str, number: int
) -> OutFile:
    """An original, copied block by block out of the encrypted store and hashed on the way.

    Args:
        name: of the copy.
        vault: holds the original.
        stored: name and key of the object.
        sha256: of the original, as it was deposited.
        size: of the original.
        media_type: of the original.
        number: of the exhibit.
    """

    def write(out: BinaryIO) -> None:
        digest = hashlib.sha256()
        with evidence.open_object(vault, *stored) as source:
            while block := source.read(_BLOCK):
                digest.update(block)
                age.write_all(out, memoryview(block))
        if digest.hexdigest() != sha256:
            raise damaged(stored[0])

    return OutFile(
        name,
        size,
        sha256,
        media_type,
        write,
        numbers=(number,),
        original=lambda: evidence.open_object(vault, *stored),
    )
