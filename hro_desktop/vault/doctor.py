# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be said of a closed vault without any secret: why it does not open, and what to do. Changes nothing."""

import datetime as dt
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from hro_desktop.vault import header, lockfile, recovery, reserve
from hro_desktop.vault.age import sealed_size
from hro_desktop.vault.database import BASE, PAGE, has_log
from hro_desktop.vault.files import UNFINISHED, free_bytes
from hro_desktop.vault.findings import Finding, Level, Report
from hro_desktop.vault.header import Copy
from hro_desktop.vault.key_change import BESIDE, FRESH
from hro_desktop.vault.migrate import COPIES
from hro_desktop.vault.objects import MARK, NAME, OBJECTS, STAGING, SUFFIX
from hro_desktop.vault.pages import KEPT
from hro_desktop.vault.places import CONSULTATION, ONE_SLOT, RESTORING, clock_behind, is_refused, is_synced

__all__ = ["MEND_COPIES", "diagnose"]


LITTLE_ROOM: Final = 256 * 1024 * 1024
MEND_COPIES: Final = "Tapez\u00a0: hro-desktop doctor --header. Les copies seront refaites."
COPY_WHOLE: Final = "Copiez d’abord le dossier entier, puis reprenez ce fichier dans la dernière sauvegarde."
RESTORE: Final = (
    "Copiez d’abord le dossier entier, puis restaurez la dernière sauvegarde dans un dossier neuf\u00a0: un hro.db "
    "remis seul, à côté de hro.db-wal, ne va plus avec lui."
)
EXPECTED: Final = {
    "base",
    OBJECTS,
    STAGING,
    "ancres",
    recovery.NAME,
    reserve.NAME,
    lockfile.NAME,
    RESTORING,
    *header.COPIES,
    header.STAGED,
    *(name + UNFINISHED for name in (*header.COPIES, header.STAGED)),
}
IN_BASE: Final = {*(name + end for name in (BASE.name, FRESH.name) for end in BESIDE), COPIES, KEPT, KEPT + UNFINISHED}
SMALLEST: Final = sealed_size(0)


def diagnose(folder: Path) -> Report:
    """Look at a vault from outside."""
    if is_refused(folder):
        return Report((), (_REFUSED,))
    if not folder.is_dir():
        sentence = f"«\u00a0{folder}\u00a0» n’existe pas ou n’est pas un dossier."
        return Report((), (Finding("vault.absent", sentence, "Vérifiez le chemin, ou le branchement du disque."),))
    if not any((folder / name).exists() for name in (*header.COPIES, BASE.as_posix(), OBJECTS)):
        sentence = f"«\u00a0{folder}\u00a0» n’est pas un coffre."
        return Report((), (Finding("vault.absent", sentence, "Vérifiez le chemin, ou créez un coffre avec init."),))
    if (folder / RESTORING).is_file() and not (folder / header.NAME).exists():
        return Report((), (_HALF_RESTORED,))
    findings = [*_headers(folder), *_base(folder), *_lock(folder), *_around(folder), *_content(folder)]
    count, seen = _objects(folder)
    return Report((("Objets chiffrés présents", count),), (*findings, *seen))


_REFUSED: Final = Finding(
    "vault.refused",
    "Le système ne vous laisse pas lire tout ce dossier\u00a0: il est à un autre utilisateur de cet ordinateur.",
    "Ouvrez la session de la personne qui l’a fait, ou faites-vous donner ses fichiers. Le coffre n’en est pas abîmé.",
)


_HALF_RESTORED: Final = Finding(
    "restore.unfinished",
    "La restauration de ce coffre a été interrompue\u00a0: il n’est pas entier.",
    "Recommencez-la, au même endroit\u00a0: la sauvegarde n’a pas changé.",
)


_HALF_CHANGED: Final = Finding(
    "key.change_unfinished",
    "Le retrait d’un accès a été interrompu.",
    "Ouvrez le coffre avec un accès qui reste\u00a0: le retrait sera fini, ou défait s’il n’avait pas eu lieu.",
    Level.WARNING,
)


def _headers(folder: Path) -> Iterator[Finding]:
    copies = header.read_copies(folder)
    main = copies[0]
    good = [copy for copy in copies if copy.header is not None]
    if main.fault is not None and main.fault.code in ("vault.newer", "header.absurd"):
        yield Finding(main.fault.code, main.fault.sentence, "Rien d’autre n’est à faire dans le dossier.")
    elif main.fault is not None and good:
        yield Finding(
            "header.recoverable",
            f"Le fichier {header.NAME} est abîmé ou absent\u00a0; sa copie {good[0].path.name} est bonne.",
            "Ouvrez le coffre\u00a0: il sera remis depuis sa copie.",
            Level.WARNING,
        )
    elif main.fault is not None:
        yield Finding("header.damaged", f"Le fichier {header.NAME} et ses copies sont abîmés ou absents.", COPY_WHOLE)
    for copy in copies[1:]:
        if copy.fault is not None and main.fault is None:
            yield Finding(
                "header.copy_damaged",
                f"La copie {copy.path.name} est abîmée ou absente.",
                MEND_COPIES,
                Level.WARNING,
            )
    if (folder / header.STAGED).exists() or (folder / FRESH).exists():
        yield _HALF_CHANGED
    yield from _copies(main, [copy for copy in good if copy is not main])
    if main.header is not None and len(main.header.slots) < 2:
        yield ONE_SLOT


def _copies(main: Copy, others: Sequence[Copy]) -> Iterator[Finding]:
    """Copies that are whole, and yet should not be there."""
    if main.header is None:
        return
    known = {slot.id for slot in main.header.slots}
    for copy in others:
        assert copy.header is not None
        if copy.header.vault_id != main.header.vault_id:
            yield Finding(
                "header.foreign_copy",
                f"La copie {copy.path.name} est celle d’un autre coffre\u00a0: elle ne remplacerait rien.",
                MEND_COPIES,
                Level.WARNING,
            )
        elif any(slot.id not in known for slot in copy.header.slots):
            yield Finding(
                "header.old_access",
                f"La copie {copy.path.name} garde un accès que le coffre n’a plus\u00a0: qui le connaît pourrait "
                "encore s’en servir.",
                MEND_COPIES,
                Level.WARNING,
            )


def _base(folder: Path) -> Iterator[Finding]:
    path = folder / BASE
    if not path.is_file():
        yield Finding("base.absent", f"La base {BASE.as_posix()} a disparu.", RESTORE)
        return
    size = path.stat().st_size
    if late := clock_behind(dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC), dt.datetime.now(dt.UTC)):
        yield late
    others = sorted(each.name for each in path.parent.iterdir() if each.name not in IN_BASE)
    if others:
        yield Finding(
            "base.others",
            f"À côté de la base {BASE.as_posix()}, {len(others)}\u00a0fichier(s) ne sont pas du programme\u00a0: un "
            "programme de synchronisation a pu y mettre une seconde version.",
            "N’effacez rien\u00a0: gardez une copie du dossier, puis demandez-vous quelle version a servi en dernier.",
            Level.WARNING,
        )
    if size == 0 and not has_log(path):
        yield Finding("base.empty", f"La base {BASE.as_posix()} est vide.", RESTORE)
    elif size % PAGE:
        yield Finding("base.truncated", f"La base {BASE.as_posix()} est coupée.", RESTORE)
    else:
        with path.open("rb") as file:
            start = file.read(16)
        if start == b"SQLite format 3\0":
            yield Finding("base.clear", f"La base {BASE.as_posix()} n’est pas chiffrée.", RESTORE)
    if has_log(path):
        yield Finding(
            "base.log",
            "Le programme n’a pas fermé ce coffre\u00a0: des changements attendent dans le journal de la base.",
            "Ouvrez-le\u00a0: ils seront repris. Ne copiez jamais hro.db sans les fichiers qui l’accompagnent.",
            Level.NOTE,
        )


def _lock(folder: Path) -> Iterator[Finding]:
    if blocked := lockfile.blocked(folder):
        sentence = (
            f"«\u00a0{lockfile.NAME}\u00a0» n’est pas un fichier du programme\u00a0: le coffre ne peut pas être ouvert."
        )
        yield Finding(blocked.code, sentence, "Si aucun programme ne l’a ouvert, sortez-le du dossier.")
        return
    taken = lockfile.holder(folder)
    if taken is not None:
        yield Finding("vault.in_use", taken.sentence, "Fermez l’autre programme.", Level.WARNING)
    elif (folder / lockfile.NAME).exists():
        yield Finding(
            "lock.stale",
            "Un programme s’est arrêté sans fermer ce coffre\u00a0; son verrou ne retient plus rien.",
            "Rien à faire\u00a0: la prochaine ouverture le reprendra.",
            Level.NOTE,
        )


def _around(folder: Path) -> Iterator[Finding]:
    if not os.access(folder, os.W_OK):
        yield CONSULTATION
    elif free_bytes(folder) < LITTLE_ROOM:
        yield Finding(
            "disk.little_room",
            f"Il reste moins de {LITTLE_ROOM // 1024 // 1024}\u00a0Mio sur le disque du coffre.",
            "Libérez de la place avant de déposer des pièces.",
            Level.WARNING,
        )
    if not (folder / reserve.NAME).exists():
        yield Finding(
            "disk.no_reserve",
            "La réserve de place a été libérée.",
            "Libérez de la place sur le disque\u00a0; elle sera refaite à la prochaine ouverture.",
            Level.WARNING,
        )
    if os.name == "posix" and stat.S_IMODE(folder.stat().st_mode) & 0o077:
        yield Finding(
            "vault.permissions",
            "D’autres utilisateurs de cet ordinateur peuvent entrer dans le dossier du coffre.",
            f"Tapez\u00a0: chmod 700 '{folder}'",
            Level.WARNING,
        )
    if is_synced(folder.absolute()):
        yield Finding(
            "vault.synced",
            "Le coffre est dans un dossier synchronisé avec un autre ordinateur\u00a0: sa base peut s’y abîmer.",
            "Déplacez-le, fermé, dans un dossier ordinaire.",
            Level.WARNING,
        )


def _content(folder: Path) -> Iterator[Finding]:
    staging = folder / STAGING
    waiting = {path.stem for end in (SUFFIX, MARK) for path in staging.glob("*" + end) if NAME.fullmatch(path.stem)}
    if waiting:
        yield Finding(
            "staging.leftovers",
            f"{len(waiting)}\u00a0dépôt(s) inachevé(s) attendent dans {STAGING}/.",
            "Rien à faire\u00a0: la prochaine ouverture les efface et le note au journal.",
            Level.NOTE,
        )
    for name in (OBJECTS, STAGING):
        if not (folder / name).is_dir():
            yield Finding(f"folder.{name}", f"Le dossier {name}/ a disparu.", COPY_WHOLE)
    if not (folder / recovery.NAME).exists():
        yield Finding(
            "vault.no_notice", f"{recovery.NAME} a disparu.", "Il sera remis à la prochaine ouverture.", Level.NOTE
        )
    if any((folder / (name + UNFINISHED)).exists() for name in header.COPIES):
        yield Finding(
            "header.unfinished",
            f"Le programme s’est arrêté pendant qu’il écrivait {header.NAME}\u00a0: un fichier inachevé reste à côté.",
            "Rien à faire\u00a0: il sera remplacé au prochain changement d’accès.",
            Level.NOTE,
        )
    foreign = sum(1 for path in folder.iterdir() if path.name not in EXPECTED)
    if foreign:
        yield Finding(
            "vault.foreign",
            f"{foreign}\u00a0fichier(s) ou dossier(s) de ce coffre ne viennent pas du programme.",
            "Sortez-les du dossier\u00a0: ils ne sont ni chiffrés ni vérifiés.",
            Level.WARNING,
        )


def _objects(folder: Path) -> tuple[int, list[Finding]]:
    """How many encrypted objects there are, and which can be seen to be wrong without their keys."""
    count, cut, unreadable, misplaced = 0, list[str](), list[str](), list[str]()
    for path in (folder / OBJECTS).glob("*/*"):
        if path.suffix == SUFFIX and NAME.fullmatch(path.stem) and path.parent.name == path.stem[:2]:
            count += 1
            if not path.is_file():
                unreadable.append(path.stem)
            elif path.stat().st_size < SMALLEST:
                cut.append(path.stem)
        else:
            misplaced.append(path.name)
    findings = [
        Finding(
            "object.cut",
            f"L’objet {name[:8]}… est vide ou coupé\u00a0: il est trop court pour contenir quoi que ce soit.",
            "Reprenez cet objet dans la dernière sauvegarde\u00a0; ne touchez pas aux autres.",
        )
        for name in sorted(cut)
    ]
    findings += [
        Finding(
            "object.unreadable",
            f"L’objet {name[:8]}… n’est plus un fichier\u00a0: un lien rompu ou autre chose a pris sa place.",
            "Reprenez cet objet dans la dernière sauvegarde\u00a0; ne touchez pas aux autres.",
        )
        for name in sorted(unreadable)
    ]
    if misplaced:
        findings.append(
            Finding(
                "object.misplaced",
                f"{len(misplaced)}\u00a0fichier(s) du dossier {OBJECTS}/ n’ont pas le nom ou la place d’un objet.",
                "Le programme ne les lit pas et ne les efface pas. Si vous en avez renommé ou déplacé un, remettez-le.",
                Level.WARNING,
            )
        )
    return count, findings
