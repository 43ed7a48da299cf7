# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a vault may be, and what its user is told when it opens."""

import contextlib
import datetime as dt
import errno
import os
import shutil
from pathlib import Path
from typing import Final

from hro_desktop.faults import ExitCode, Fault
from hro_desktop.vault import header, recovery, reserve
from hro_desktop.vault.database import BASE, has_log, log_fits, log_foreign
from hro_desktop.vault.files import disk_faults, is_disk_full, make_folder, read_within, replace_file
from hro_desktop.vault.findings import Finding, Level
from hro_desktop.vault.lockfile import Lock
from hro_desktop.vault.objects import OBJECTS, STAGING
from hro_desktop.vault.pages import keep_salt

__all__ = [
    "CONSULTATION",
    "ONE_SLOT",
    "RECOVERED",
    "RECOVERED_UNWRITTEN",
    "RESERVE_USED",
    "RESTORING",
    "SEARCH_OLDER",
    "clock_behind",
    "complete",
    "forked",
    "is_read_only",
    "is_refused",
    "is_synced",
    "must_be_free",
    "must_be_vault",
    "must_have_its_log",
    "older_than_seen",
    "read_only",
    "refused",
    "slots_lost",
    "swept",
    "take_lock",
    "unmake",
]

LONGEST: Final = 64 * 1024
"""Bytes that no notice has."""
READ: Final = ("", "base", OBJECTS, STAGING, BASE)
"""What must be read of a vault before anything can be said of it; each folder before what it holds."""
RESTORING: Final = "restauration.json"
"""The manifest of the backup a vault was made from; there until it was first opened."""

# Folders that other programs copy elsewhere while the base is being written.
SYNCED: Final = ("onedrive", "dropbox", "nextcloud", "owncloud", "google drive", "googledrive", "icloud", "mega")
SYNCED_MARKS: Final = (".stfolder", ".dropbox.cache", ".owncloudsync.log", ".nextcloudsync.log")
"""What those programs leave in the folder they copy, whatever it is called."""

ONE_SLOT: Final = Finding(
    "slots.one",
    "Ce coffre n’a qu’un seul accès\u00a0: si la phrase de passe est oubliée, tout est perdu.",
    "Ajoutez une phrase de passe pour une autre personne, ou un tiers de confiance.",
    Level.WARNING,
)
SEARCH_OLDER: Final = Finding(
    "search.older",
    "La recherche de ce coffre a été faite par une autre version du programme\u00a0: elle peut oublier des fiches.",
    "Copiez le coffre sur un disque où l’on peut écrire, puis ouvrez la copie\u00a0: elle sera refaite.",
    Level.WARNING,
)
CONSULTATION: Final = Finding(
    "vault.consultation",
    "Le support est en lecture seule\u00a0: le coffre est ouvert en consultation.",
    "Pour y travailler, copiez le dossier entier sur un disque où l’on peut écrire.",
    Level.NOTE,
)
RECOVERED: Final = Finding(
    "header.recovered",
    f"Le fichier {header.NAME} était abîmé ou modifié\u00a0; il a été remis depuis sa copie.",
    "Vérifiez le coffre entier, puis le disque\u00a0: un fichier abîmé vient rarement seul.",
    Level.WARNING,
)
RECOVERED_UNWRITTEN: Final = Finding(
    "header.recovered",
    f"Le fichier {header.NAME} est abîmé ou modifié\u00a0; sa copie a servi à ouvrir. Rien n’a été récrit\u00a0: le "
    "support est en lecture seule.",
    "Copiez le dossier entier sur un disque où l’on peut écrire, puis ouvrez la copie\u00a0: le fichier y sera remis.",
    Level.WARNING,
)
RESERVE_USED: Final = Finding(
    "disk.reserve_used",
    "Le disque est plein\u00a0: la réserve du coffre a été libérée pour pouvoir l’ouvrir.",
    "Faites de la place maintenant, avant de déposer quoi que ce soit.",
    Level.WARNING,
)


CLOCK_SLACK: Final = dt.timedelta(hours=1)


def clock_behind(last: dt.datetime, now: dt.datetime) -> Finding | None:
    """Said when the vault was written at an hour that this computer has not reached yet.

    Args:
        last: when the vault was last written.
        now: what time this computer says it is.
    """
    if last <= now + CLOCK_SLACK:
        return None
    return Finding(
        "clock.behind",
        "L’horloge de cet ordinateur est en retard sur ce coffre, écrit plus tard qu’elle ne dit.",
        "Réglez la date et l’heure avant de travailler\u00a0: les dates des dépôts et des échéances en viennent.",
        Level.WARNING,
    )


def is_synced(folder: Path) -> bool:
    """Whether another program copies that folder elsewhere, as far as its name and what lies in it tell."""
    named = any(word in part.lower() for part in folder.parts for word in SYNCED)
    return named or any((each / mark).exists() for each in (folder, *folder.parents) for mark in SYNCED_MARKS)


def slots_lost(count: int) -> Finding:
    """Said when the copy that replaced a header is from before some accesses."""
    return Finding(
        "slots.lost",
        f"La copie de {header.NAME} est d’avant l’ajout de {count}\u00a0accès\u00a0: leur phrase n’ouvre plus.",
        "Redonnez une phrase de passe à ces personnes\u00a0; rien de ce qu’elles ont noté n’est perdu.",
        Level.WARNING,
    )


def swept(count: int) -> Finding:
    """Said after a program was interrupted."""
    return Finding(
        "staging.swept",
        f"Le programme s’était arrêté pendant un dépôt\u00a0: {count}\u00a0fichier(s) inachevé(s) ont été effacés.",
        "Déposez à nouveau les pièces dont le dépôt n’avait pas été confirmé.",
        Level.NOTE,
    )


def older_than_seen(last: int, seen: int) -> Finding:
    """Said when the journal stops before the last line that this computer remembers."""
    return Finding(
        "journal.older",
        "Ce coffre est plus ancien que la dernière tête connue de cet ordinateur\u00a0: son journal s’arrête à "
        "la ligne "
        f"{last}, et cet ordinateur en avait vu {seen}.",
        "Si c’est une sauvegarde que vous avez restaurée, c’est normal\u00a0: ce qui a été fait depuis n’y est "
        "pas. Sinon, "
        "n’y travaillez pas, gardez-en une copie et cherchez la version récente.",
        Level.WARNING,
    )


def forked(seen: int) -> Finding:
    """Said when the journal goes on otherwise than this computer remembers."""
    return Finding(
        "journal.forked",
        f"Le journal de ce coffre n’est pas la suite de celui que cet ordinateur connaît\u00a0: la ligne {seen} y "
        "est une "
        "autre. Deux copies du coffre ont servi chacune de leur côté, ou le journal a été refait.",
        "Gardez une copie de ce coffre, cherchez l’autre, et comparez leurs journaux avant d’y travailler.",
    )


def is_read_only(error: OSError) -> bool:
    """Whether a medium refuses to be written, rather than fails."""
    return error.errno in (errno.EROFS, errno.EACCES, errno.EPERM)


def read_only(folder: Path) -> Fault:
    """The fault of whoever would write in a vault that is only consulted."""
    return Fault(
        "vault.read_only",
        f"Le coffre «\u00a0{folder}\u00a0» est ouvert en consultation\u00a0: rien ne peut y être "
        "enregistré. Copiez-le sur un disque où l’on peut écrire.",
        ExitCode.VAULT,
    )


def take_lock(folder: Path, now: dt.datetime) -> Lock | None:
    """Lock a vault for this process; nothing when its medium cannot be written.

    Raises:
        Fault: `vault.in_use`, `disk.*`.
    """
    try:
        return Lock.take(folder, now)
    except OSError as error:
        if is_read_only(error):
            return None
        with disk_faults(folder):
            if not is_disk_full(error) or not reserve.release(folder):
                raise
            return Lock.take(folder, now)


def complete(folder: Path) -> None:
    """Put back what a vault can do without: its notice, the copy of its salt and its reserve."""
    with contextlib.suppress(OSError):
        for name in (STAGING, "ancres"):
            make_folder(folder / name)
        notice = folder / recovery.NAME
        # It may tell of an older format.
        if not notice.exists() or read_within(notice, LONGEST) != recovery.TEXT.encode():
            replace_file(notice, recovery.TEXT.encode())
        keep_salt(folder / BASE)
        if not (folder / reserve.NAME).exists():
            reserve.allocate(folder)


def is_refused(folder: Path) -> bool:
    """Whether the system does not let this user into a vault, into a folder above it, or into a part of it."""
    try:
        return not all(_may_read(folder / name) for name in READ)
    except PermissionError:
        return True


def _may_read(path: Path) -> bool:
    return not path.exists() or os.access(path, os.R_OK | os.X_OK if path.is_dir() else os.R_OK)


def refused(folder: Path) -> Fault:
    """The fault of a folder that is somebody else's."""
    return Fault(
        "vault.refused",
        f"Le système ne vous laisse pas lire dans «\u00a0{folder}\u00a0»\u00a0: ce dossier est à un autre utilisateur "
        "de cet ordinateur. Ouvrez la session de la personne qui l’a fait, ou faites-vous donner ses fichiers.",
        ExitCode.VAULT,
    )


def must_be_free(folder: Path) -> None:
    """Raise unless a vault can be made there.

    Raises:
        Fault: `vault.not_empty`, `vault.no_place` or `vault.refused`.
    """
    if is_refused(folder):
        raise refused(folder)
    if not folder.parent.is_dir():
        raise Fault(
            "vault.no_place",
            f"Le dossier «\u00a0{folder.parent}\u00a0» n’existe pas\u00a0: créez-le, ou choisissez un autre endroit.",
            ExitCode.VAULT,
        )
    if (folder.exists() or folder.is_symlink()) and not (folder.is_dir() and not any(folder.iterdir())):
        raise Fault(
            "vault.not_empty",
            f"«\u00a0{folder}\u00a0» existe et n’est pas un dossier vide\u00a0: rien n’a été créé. "
            "Choisissez un dossier nouveau ou vide.",
            ExitCode.VAULT,
        )
    if not os.access(folder if folder.exists() else folder.parent, os.W_OK):
        raise Fault(
            "vault.no_place",
            f"Le système refuse d’écrire dans «\u00a0{folder.parent}\u00a0»\u00a0: choisissez un autre endroit.",
            ExitCode.VAULT,
        )


def must_be_vault(folder: Path) -> None:
    """Raise unless there is a vault in this folder, even a damaged one.

    Raises:
        Fault: `vault.absent`, `vault.unfinished`, `restore.unfinished`, `vault.incomplete` or `vault.refused`.
    """
    if is_refused(folder):
        raise refused(folder)
    has_header = any((folder / name).is_file() for name in header.COPIES)
    if (folder / RESTORING).is_file() and not (folder / header.NAME).is_file():
        raise Fault(
            "restore.unfinished",
            f"La restauration dans «\u00a0{folder}\u00a0» a été interrompue\u00a0: recommencez-la, au même endroit.",
            ExitCode.VAULT,
        )
    if not has_header and (folder / BASE).is_file():
        raise Fault(
            "vault.unfinished",
            f"«\u00a0{folder}\u00a0» a une base, mais aucun fichier {header.NAME}\u00a0: si la création du coffre "
            "vient d’être interrompue, effacez ce dossier\u00a0; sinon reprenez ce fichier dans une sauvegarde.",
            ExitCode.VAULT,
        )
    if not has_header:
        raise Fault(
            "vault.absent",
            f"«\u00a0{folder}\u00a0» n’est pas un coffre\u00a0: vérifiez le chemin, ou créez-en un.",
            ExitCode.VAULT,
        )
    if not (folder / BASE).is_file():
        # Never a new base in its place: an empty one would look like a vault that lost everything.
        raise Fault(
            "vault.incomplete",
            f"Le coffre «\u00a0{folder}\u00a0» n’a plus sa base ({BASE.as_posix()})\u00a0: rien n’a été changé. "
            "Reprenez-la dans la dernière sauvegarde.",
            ExitCode.DAMAGED,
        )


def must_have_its_log(folder: Path, key: str, *, consultation: bool) -> None:
    """Raise unless what lies beside the base may be brought into it, or everything is in the base.

    Args:
        folder: the vault.
        key: of its base.
        consultation: its medium cannot be written, and nothing is brought anywhere.

    Raises:
        Fault: `vault.unclosed`, `base.log_foreign`.
    """
    if not consultation:
        if not log_fits(folder / BASE, key):
            raise log_foreign(folder)
    elif has_log(folder / BASE):
        raise Fault(
            "vault.unclosed",
            f"Le coffre «\u00a0{folder}\u00a0» n’a pas été fermé avant d’être copié sur ce support en lecture seule, "
            "et une partie manquerait. Copiez le dossier entier sur un disque où l’on peut écrire et ouvrez-le là.",
            ExitCode.VAULT,
        )


def unmake(folder: Path, *, there: bool) -> None:
    """Remove what an unfinished creation left; the folder was absent or empty before."""
    with contextlib.suppress(OSError):
        if not there:
            shutil.rmtree(folder)
            return
        for path in folder.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
