# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of a letter outside: written under a free name, read once nobody writes it, removed as it was read."""

import contextlib
import datetime as dt
import hashlib
import os
import stat
import sys
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Final

from hro_desktop.casework import out_folder
from hro_desktop.faults import Fault
from hro_desktop.vault.files import sync_folder

__all__ = ["free", "read", "remove", "write"]

LARGEST: Final = 20 * 1024 * 1024
_MARK, _SHOWN = 4096, 60
"""Bytes that are read of the mark of a word processor, characters that are shown of what it says."""
PAUSE: Final = 0.25
"""Seconds between two looks at a file: one that is still being written has another size or time at the second."""


def free(folder: Path, name: str) -> Path:
    """A name nothing has in that folder: nothing is overwritten."""
    stem, suffix = Path(name).stem, Path(name).suffix
    for number in range(1, 1000):
        path = folder / (name if number == 1 else f"{stem}-{number}{suffix}")
        if not path.exists() and not path.is_symlink():
            return path
    raise Fault("out.not_empty", "Ce dossier contient déjà trop de versions\u00a0: choisissez-en un autre.")


def write(path: Path, data: bytes) -> None:
    """A new file that its owner alone may read; nothing is left of one the disk refused."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
    except OSError:
        path.unlink(missing_ok=True)
        raise


def read(path: Path, pause: Callable[[float], None], *, closed: bool = False) -> bytes:
    """The bytes of a file nobody is writing.

    Args:
        path: the file.
        pause: waits between two looks at it.
        closed: somebody says that no word processor has it, whatever a forgotten mark says.

    Raises:
        Fault: `outside.open` while a word processor has it, `outside.locked` when one may have it;
            `outside.unreadable`, `outside.kind`.
    """
    if path.suffix.lower() != ".docx":
        raise Fault(
            "outside.kind",
            f"«\u00a0{path.name}\u00a0» n’est pas un .docx\u00a0: dans le traitement de texte, "
            "«\u00a0Enregistrer sous\u00a0», choisissez «\u00a0Document Word (.docx)\u00a0». Rien n’a été changé.",
        )
    _refuse_open(path, closed=closed)
    try:
        first = path.stat()
        if not stat.S_ISREG(first.st_mode) or first.st_size > LARGEST:
            raise Fault("outside.kind", "Ce n’est pas le fichier d’une lettre. Rien n’a été changé.")
        pause(PAUSE)
        with path.open("rb") as source:
            data = source.read(LARGEST + 1)
        last = path.stat()
    except PermissionError:
        raise _still_open(path) from None
    except OSError as error:
        why = out_folder.REASONS.get(error.errno or 0, "il n’est plus là, ou le disque ne répond pas")
        raise Fault("outside.unreadable", f"«\u00a0{path.name}\u00a0» n’a pas pu être lu\u00a0: {why}.") from None
    if (first.st_size, first.st_mtime_ns) != (last.st_size, last.st_mtime_ns) or len(data) != last.st_size:
        raise _still_open(path)
    _refuse_open(path, closed=closed)
    return data


def _marks(path: Path) -> list[Path]:
    """What LibreOffice and Word put beside a file that they have open, and leave there when they are killed."""
    names = dict.fromkeys((f".~lock.{path.name}#", f"~${path.name}", f"~${path.name[2:]}"))
    return [path.with_name(name) for name in names if path.with_name(name).is_file()]


def _refuse_open(path: Path, *, closed: bool) -> None:
    marks = _marks(path)
    if marks and _is_held(path):
        raise _still_open(path)
    if marks and not closed:
        raise Fault(
            "outside.locked",
            f"«\u00a0{path.name}\u00a0» porte la marque d’un document ouvert{_said(marks[0])}, mais aucun programme de "
            "cet ordinateur ne semble le tenir\u00a0: elle reste après un arrêt brutal. S’il est ouvert sur un autre "
            "ordinateur, fermez-le là-bas.",
        )


def _is_held(path: Path) -> bool:
    """Whether a program of this computer holds the file open, as far as can be told."""
    if sys.platform == "win32":
        try:
            path.open("r+b").close()
        except OSError:
            return True
        return False
    wanted = path.resolve()
    for each in Path("/proc").glob("[0-9]*/fd/*"):
        with contextlib.suppress(OSError):  # it ended meanwhile, or belongs to somebody else
            if each.readlink() == wanted:
                return True
    return False


def _said(mark: Path) -> str:
    """« , par Camille sur portable, le 26.11.2026 15:23 »: what a mark says, which anybody may have written."""
    try:
        with mark.open("rb") as source:
            data = source.read(_MARK)
        when = dt.datetime.fromtimestamp(mark.stat().st_mtime).astimezone().strftime("%d/%m/%Y à %H:%M")
    except OSError:
        return ""
    if mark.name.startswith("~$"):
        who, host = data[1 : 1 + data[0]].decode("cp1252", "replace") if data else "", ""
    else:
        fields = [*data.decode("utf-8", "replace").split(","), "", "", ""]
        who, host, when = fields[0] or fields[1], fields[2], fields[3] or when
    named = [("par", who), ("sur", host), ("le", when)]
    words = [f"{word} {plain}" for word, text in named if (plain := _plain(text))]
    return f" {' '.join(words)}" if words else ""


def _plain(text: str) -> str:
    return "".join(each for each in text if each.isprintable()).strip()[:_SHOWN]


def _still_open(path: Path) -> Fault:
    return Fault(
        "outside.open",
        f"«\u00a0{path.name}\u00a0» est encore ouvert dans le traitement de texte\u00a0: enregistrez, fermez-le, "
        "puis recommencez. Rien n’a été repris.",
    )


def remove(path: Path, known: Collection[str] | None, *, closed: bool = False) -> None:
    """Erase a file from the folder it was lent to.

    Args:
        path: the file.
        known: hashes of what may be erased, because the vault holds it; none: whatever it says.
        closed: somebody says that no word processor has it; a mark that says so is erased too, it names the file.

    Raises:
        Fault: `outside.absent`: nothing is there; `outside.changed`; `outside.open`, `outside.locked`,
            `outside.unreadable`.
    """
    _refuse_open(path, closed=closed)
    try:
        if known is not None:
            with path.open("rb") as source:
                data = source.read(LARGEST + 1)
            if hashlib.sha256(data).hexdigest() not in known:
                raise Fault(
                    "outside.changed",
                    f"«\u00a0{path.name}\u00a0» a été modifié et n’a pas été repris ainsi\u00a0: il n’est pas effacé.",
                )
        path.unlink()
        for each in _marks(path):
            each.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # a share may not know how
            sync_folder(path.parent)
    except (FileNotFoundError, NotADirectoryError):
        raise Fault(
            "outside.absent",
            f"«\u00a0{path.name}\u00a0» n’est plus à cet endroit\u00a0: il a été effacé ou déplacé, ou son support "
            "n’est pas branché.",
        ) from None
    except OSError:
        raise Fault(
            "outside.unreadable", f"«\u00a0{path.name}\u00a0» n’a pas pu être effacé\u00a0: effacez-le vous-même."
        ) from None
