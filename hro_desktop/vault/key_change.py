# SPDX-License-Identifier: GPL-3.0-or-later
"""What a change of the key leaves on the disk while it lasts, and how the next opening ends one that was interrupted.

The base under its new key is made beside the old one, and a staged header opens to that key before the new base takes
the name of the old one. At any moment one of the two headers opens the base that is there: that one is right.
"""

from pathlib import Path
from typing import Final

from hro_desktop.vault import header
from hro_desktop.vault.database import BASE
from hro_desktop.vault.files import UNFINISHED, sync_folder
from hro_desktop.vault.findings import Finding, Level
from hro_desktop.vault.header import Header
from hro_desktop.vault.keys import Keys
from hro_desktop.vault.migrate import COPIES
from hro_desktop.vault.pages import keep_salt

__all__ = ["BESIDE", "DONE", "FRESH", "UNDONE", "finish", "settle", "sweep"]

FRESH: Final = BASE.with_name(BASE.name + UNFINISHED)
BESIDE: Final = ("", "-wal", "-shm", "-journal")
"""What SQLite may have beside a base, and the base itself."""

DONE: Final = Finding(
    "key.change_done",
    "Le retrait d’un accès avait été interrompu\u00a0: il est maintenant fini. Cet accès n’ouvre plus ce coffre.",
    "Faites une sauvegarde\u00a0: celles d’avant s’ouvrent encore avec l’accès retiré.",
    Level.WARNING,
)
UNDONE: Final = Finding(
    "key.change_undone",
    "Le retrait d’un accès a été interrompu avant d’avoir eu lieu\u00a0: rien n’a changé, cet accès ouvre encore.",
    "Recommencez dans Réglages, Accès.",
    Level.WARNING,
)


def settle(folder: Path, opened: Header, keys: Keys) -> Finding | None:
    """End what was interrupted, one way or the other, with the key that opened the base.

    Args:
        folder: the vault, locked for this process.
        opened: the header that gave the key of the base.
        keys: of the base as it is.

    Returns:
        What to say; nothing when there was nothing to end.

    Raises:
        OSError: of the disk; the next opening tries again.
    """
    sweep(folder)
    if not (folder / header.STAGED).exists():
        return None
    (staged,) = header.read_copies(folder, (header.STAGED,))
    if header.has_valid_mac(staged, keys):
        finish(folder, opened, keys)
        return DONE
    (folder / header.STAGED).unlink()
    return UNDONE


def finish(folder: Path, present: Header, keys: Keys) -> None:
    """The base has its new key: replace the headers, and remove what opens with the old one.

    Raises:
        OSError: of the disk; the staged header stays, and the next opening goes on from there.
    """
    header.save(folder, present, keys, forget=True)
    keep_salt(folder / BASE)
    copies = folder / BASE.parent / COPIES
    if copies.is_dir():
        for path in copies.iterdir():
            path.unlink()
        sync_folder(copies)
    (folder / header.STAGED).unlink(missing_ok=True)


def sweep(folder: Path) -> None:
    """Remove a base under a new key, or a staged header, that never got its name."""
    fresh = folder / FRESH
    unfinished = folder / (header.STAGED + UNFINISHED)
    for path in (*(fresh.with_name(fresh.name + end) for end in BESIDE), unfinished):
        path.unlink(missing_ok=True)
