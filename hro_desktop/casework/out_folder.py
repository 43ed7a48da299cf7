# SPDX-License-Identifier: GPL-3.0-or-later
"""The folder something is written to: new or empty, outside the vault, of a name that fits, whole or not at all."""

import contextlib
import errno
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from hro_desktop.casework.desk import Desk
from hro_desktop.casework.packages import Package
from hro_desktop.faults import ExitCode, Fault
from hro_desktop.vault.files import sync_folder

__all__ = ["MANIFEST", "REASONS", "must_be_free", "must_be_outside", "must_fit", "unfinished", "write_whole"]

MANIFEST = "manifeste.json"
REASONS = {
    errno.ENOSPC: "le disque est plein",
    errno.EACCES: "l’écriture y est interdite",
    errno.EPERM: "l’écriture y est interdite",
    errno.EROFS: "le disque est en lecture seule",
    errno.ENOTDIR: "une partie de ce chemin est un fichier",
    errno.EEXIST: "une partie de ce chemin est un fichier",
    errno.ENAMETOOLONG: "ce chemin est trop long",
}
"""Why nothing could be written, as a person would say it."""
UNFINISHED = ".en-cours"
"""How the name of a folder ends that is being written."""
LONGEST_NAME, LONGEST_PATH = 255, 259 if os.name == "nt" else 4095
"""Bytes of a name and of a whole path that every usual file system takes."""
LONGEST_SHOWN = 120


def must_be_outside(desk: Desk, out: Path) -> None:
    """A folder that is new or empty, and not in the vault, where nothing may be readable."""
    must_be_free(out)
    if out.resolve().is_relative_to(desk.vault.folder.resolve()):
        raise Fault(
            "out.inside_vault",
            f"«\u00a0{out}\u00a0» est dans le coffre, où rien ne doit être lisible\u00a0: choisissez un autre dossier.",
            ExitCode.USAGE,
        )


def must_be_free(out: Path) -> None:
    """Refuse a folder that already holds something, nothing is overwritten; or one that cannot be.

    Raises:
        Fault: `out.file`, `out.not_empty`, `out.place`.
    """
    must_fit(out)
    try:
        there, folder = out.exists(), out.is_dir()
        holds = folder and any(out.iterdir())
    except OSError as error:
        raise _no_place(out, REASONS.get(error.errno or 0, "ce dossier ne se lit pas")) from None
    if there and not folder:
        raise Fault(
            "out.file",
            f"«\u00a0{out}\u00a0» est un fichier\u00a0: donnez un dossier neuf ou vide.",
            ExitCode.USAGE,
        )
    if holds:
        raise Fault(
            "out.not_empty",
            f"«\u00a0{out}\u00a0» contient déjà quelque chose\u00a0: donnez un dossier neuf ou vide.",
            ExitCode.USAGE,
        )


def must_fit(out: Path, names: Sequence[str] = ()) -> None:
    """Refuse, before anything is noted or written, a folder whose name or files would have too long a name."""
    parts = [part for name in (*out.parts, *names) for part in name.split("/")]
    paths = [str(out), *(f"{out}/{name}" for name in names)]
    if max(len(os.fsencode(each)) for each in parts) > LONGEST_NAME or (
        max(len(os.fsencode(each)) for each in paths) > LONGEST_PATH
    ):
        raise _no_place(out, REASONS[errno.ENAMETOOLONG])


def _no_place(out: Path, why: str) -> Fault:
    shown = str(out) if len(str(out)) <= LONGEST_SHOWN else f"{str(out)[:LONGEST_SHOWN]}…"
    sentence = (
        f"Rien n’a été écrit dans «\u00a0{shown}\u00a0»\u00a0: {why}. Donnez un nom plus court ou un autre dossier."
    )
    return Fault("out.place", sentence, ExitCode.USAGE)


def write_whole(out: Path, package: Package, manifest: bytes) -> None:
    """Write the files and their manifest whole or not at all: a folder beside takes the place of this one at the end.

    Raises:
        Fault: `out.disk`.
    """
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        # a name of its own: nothing that stands there already is touched
        beside = Path(tempfile.mkdtemp(prefix=".envoi-", suffix=UNFINISHED, dir=out.parent))
    except OSError as error:
        raise _disk(out, error) from None
    try:
        package.save(beside)
        with (beside / MANIFEST).open("xb") as target:
            target.write(manifest)
            target.flush()
            os.fsync(target.fileno())
        if out.exists():
            out.rmdir()
        with contextlib.suppress(OSError):  # a share or a telephone may not know how
            sync_folder(beside)
        beside.rename(out)
        with contextlib.suppress(OSError):  # all is there: only a power cut within seconds could still undo it
            sync_folder(out.parent)
    except OSError as error:
        raise _disk(out, error) from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def unfinished(out: Path) -> Iterator[str]:
    """What a program stopped on its way left beside: it is in clear, and only a person may say that it is nothing."""
    for each in sorted(out.parent.glob(f".*{UNFINISHED}")):
        yield (
            f"«\u00a0{each}\u00a0» reste peut-être d’un envoi interrompu, et se lit sans mot de passe\u00a0: "
            "regardez-le, puis supprimez-le."
        )


def _disk(out: Path, error: OSError) -> Fault:
    why = REASONS.get(error.errno or 0, "le disque ne répond pas")
    return Fault(
        "out.disk",
        f"Rien n’a été écrit dans «\u00a0{out}\u00a0»\u00a0: {why}. "
        "Les documents sont gardés dans le coffre\u00a0: recommencez ailleurs.",
        ExitCode.DISK,
    )
