# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a backup may go, and what is said when it cannot."""

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from hro_desktop.faults import ExitCode, Fault
from hro_desktop.vault import generations, header, places
from hro_desktop.vault.database import LEAST_ROOM
from hro_desktop.vault.files import free_bytes, is_disk_full, read_within
from hro_desktop.vault.generations import Generation

__all__ = ["is_crowded", "must_have_room", "must_suit", "place_faults", "room", "same_disk", "unplugged"]

SPARE: Final = 4 * 1024 * 1024
_KEPT: Final = "rien n’est fini, et ce qui était là avant y est encore."
PER_FILE: Final = 4096
"""Bytes a disk may lose at the end of each file."""


def must_suit(vault: Path, vault_id: str, chosen: Path) -> tuple[Generation, ...]:
    """The generations that are there already, the newest first.

    Args:
        vault: its folder.
        vault_id: from `coffre.json`.
        chosen: where its backup is wanted.

    Raises:
        Fault: `backup.no_place`, `backup.inside`, `backup.in_vault`, `backup.other_vault`, `backup.read_only`.
    """
    if not chosen.is_dir():
        raise Fault(
            "backup.no_place",
            f"«\u00a0{chosen}\u00a0» n’est pas un dossier\u00a0: branchez le support, ou choisissez un autre endroit.",
        )
    place = generations.place_in(chosen)
    if place.resolve().is_relative_to(vault.resolve()):
        raise Fault(
            "backup.inside",
            f"«\u00a0{chosen}\u00a0» est dans le coffre lui-même\u00a0: une sauvegarde y serait perdue avec lui. "
            "Choisissez une clé USB ou un autre disque.",
        )
    if any((chosen / name).exists() for name in header.COPIES):
        raise Fault(
            "backup.in_vault",
            f"«\u00a0{chosen}\u00a0» est un autre coffre\u00a0: rien n’y a été écrit. Choisissez un dossier à côté.",
        )
    try:
        earlier = generations.generations(chosen)
    except Fault:
        earlier = ()
    if any(each not in ("", vault_id) for each in map(_vault_of, earlier)):
        raise Fault(
            "backup.other_vault",
            f"«\u00a0{place}\u00a0» garde les sauvegardes d’un autre coffre\u00a0: rien n’y a été écrit. "
            "Choisissez un autre dossier.",
        )
    if not os.access(place if place.is_dir() else chosen, os.W_OK):
        raise _read_only(chosen)
    return earlier


def must_have_room(place: Path, wanted: int, files: int) -> None:
    """Raise when so many bytes do not fit on that disk.

    Raises:
        Fault: `backup.no_room`.
    """
    wanted += SPARE + files * PER_FILE
    left = free_bytes(place)
    if left < wanted:
        raise Fault(
            "backup.no_room",
            f"Il faut {room(wanted)} et il ne reste que {room(left)} sur le disque de "
            f"«\u00a0{place}\u00a0»\u00a0: rien "
            "n’a commencé. Faites de la place, ou prenez un support plus grand.",
            ExitCode.DISK,
        )


def is_crowded(place: Path) -> bool:
    """Whether there is so little room that the base reports it as any other error."""
    try:
        return free_bytes(place) < LEAST_ROOM
    except OSError:
        return False


def same_disk(vault: Path, place: Path) -> bool:
    """Whether both would be lost together."""
    try:
        return vault.stat().st_dev == place.stat().st_dev
    except OSError:
        return False


def room(count: int) -> str:
    """A number of bytes for a sentence, rounded up: « 12 Mio », « 3,4 Gio »."""
    mib = -(-count // 1024**2)
    return f"{mib}\u00a0Mio" if mib < 1024 else f"{mib / 1024:.1f}\u00a0Gio".replace(".", ",")


@contextlib.contextmanager
def place_faults(place: Path) -> Iterator[None]:
    """Turn errors of the disk that is written into sentences.

    Raises:
        Fault: `backup.full`, `backup.too_large`, `backup.read_only` or `backup.failed`.
    """
    try:
        yield
    except OSError as error:
        raise _fault(error, place) from None


def _fault(error: OSError, place: Path) -> Fault:
    if error.errno == errno.EFBIG:
        return Fault(
            "backup.too_large",
            f"Le support qui porte «\u00a0{place}\u00a0» n’accepte pas d’aussi gros fichiers (4\u00a0Gio au plus en "
            f"FAT32)\u00a0: {_KEPT} Formatez-en un en exFAT, NTFS ou ext4.",
            ExitCode.DISK,
        )
    if is_disk_full(error):
        return Fault(
            "backup.full",
            f"Le disque qui porte «\u00a0{place}\u00a0» est plein\u00a0: {_KEPT} Faites de la place, puis recommencez.",
            ExitCode.DISK,
        )
    if places.is_read_only(error):
        return _read_only(place)
    return unplugged(place)


def unplugged(place: Path) -> Fault:
    """The fault of a disk that fails, or is not there any more."""
    return Fault(
        "backup.failed",
        f"Le support qui porte «\u00a0{place}\u00a0» a rendu une erreur, ou a été débranché\u00a0: {_KEPT} "
        "Rebranchez-le, "
        "puis recommencez.",
        ExitCode.DISK,
    )


def _read_only(place: Path) -> Fault:
    return Fault(
        "backup.read_only",
        f"Le système refuse d’écrire dans «\u00a0{place}\u00a0»\u00a0: le support est en lecture seule, ou le "
        "dossier est à "
        "quelqu’un d’autre. Choisissez un autre endroit.",
        ExitCode.DISK,
    )


def _vault_of(generation: Generation) -> str:
    """Which vault a generation is of; nothing when it says neither in its manifest nor in its header."""
    if generation.manifest is not None:
        return generation.manifest.vault_id
    with contextlib.suppress(OSError, Fault):
        return header.parse(read_within(generation.folder / header.NAME, header.MAX_SIZE + 1))[0].vault_id
    return ""
