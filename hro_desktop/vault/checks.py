# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading a whole open vault again: base, journal, every object. Nothing is repaired; each damage has a name."""

import hmac
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hro_desktop.faults import Fault
from hro_desktop.records.objects import StoredObject
from hro_desktop.search import keeping
from hro_desktop.vault import header, journal, reserve
from hro_desktop.vault.age import sealed_size
from hro_desktop.vault.database import base_faults
from hro_desktop.vault.doctor import MEND_COPIES, diagnose
from hro_desktop.vault.files import disk_faults, read_within
from hro_desktop.vault.findings import Finding, Level, Report
from hro_desktop.vault.objects import ObjectStore
from hro_desktop.vault.places import must_be_free, must_be_vault
from hro_desktop.vault.triggers import TRIGGERS
from hro_desktop.vault.vault import Vault

__all__ = ["diagnose", "mend_headers", "must_be_free", "must_be_vault", "slots_older", "verify"]

AT_ONCE: Final = 2
PAGE: Final = 500
SHOWN: Final = 20

BACKUP: Final = "Reprenez cet objet dans la dernière sauvegarde\u00a0; ne touchez pas aux autres."


class _Row(NamedTuple):
    name: str
    private_key: bytes
    sha256: str
    size: int


def verify(vault: Vault, progress: Callable[[int, int], None] | None = None) -> Report:
    """Read everything.

    Args:
        vault: open, in consultation or not.
        progress: called with the bytes of clear content done and their total.

    Raises:
        Fault: `vault.busy`, or `base.damaged` when not even the first page can be read.
    """
    with vault.staying():
        return _verified(vault, progress)


def _verified(vault: Vault, progress: Callable[[int, int], None] | None) -> Report:
    findings = [*_base(vault), *_headers(vault)]
    with vault.read() as session:
        head, broken = journal.verify(session, vault.vault_id)
        findings += broken
        if lacking := keeping.lacking(session):
            findings.append(_search(lacking))
        count, total = session.execute(
            select(func.count(), func.coalesce(func.sum(StoredObject.size), 0)).select_from(StoredObject)
        ).one()
    findings += [finding for finding in vault.notices if finding.level is not Level.NOTE]
    findings += _objects(vault, total, progress)
    findings += _strays(vault)
    if not (vault.folder / reserve.NAME).exists():
        findings.append(_NO_RESERVE)
    return Report((("Lignes du journal", head.n), ("Pièces relues", count), ("Octets relus", total)), tuple(findings))


def mend_headers(vault: Vault) -> int:
    """Write `coffre.json` and its copies anew from what opened the vault, when one of them says anything else.

    Accesses that were lost with a more recent one are noted as such: nothing more will be said of them.

    Returns:
        How many were not what they should be; nothing is written when it is none.

    Raises:
        Fault: `vault.read_only`, `disk.*`.
    """
    wanted = header.written(vault.header, vault.keys)
    wrong = sum(1 for name in header.COPIES if _bytes_of(vault.folder / name) != wanted)
    lost = _lost_slots(vault)
    if wrong or lost:
        with vault.work() as work:
            for slot in sorted(lost):
                work.record("slot.lost", slot)
            work.record("header.mended", vault.vault_id)
            with disk_faults(vault.folder):
                header.save(vault.folder, vault.header, vault.keys, forget=True)
            work.commit()
    return wrong


def _bytes_of(path: Path) -> bytes:
    try:
        return read_within(path, header.MAX_SIZE + 1)
    except OSError:
        return b""


def _search(lacking: int) -> Finding:
    return Finding(
        "search.lacking",
        f"{lacking}\u00a0fiche(s) peuvent manquer à la recherche, ou y être encore après avoir été effacées.",
        "Tapez\u00a0: hro-desktop doctor --search. Rien n’est perdu\u00a0: la recherche se refait depuis les fiches.",
        Level.WARNING,
    )


_NO_RESERVE: Final = Finding(
    "disk.no_reserve",
    "Le coffre n’a plus sa réserve de place.",
    "Libérez de la place sur le disque\u00a0; elle sera refaite à la prochaine ouverture.",
    Level.WARNING,
)


def _base(vault: Vault) -> Iterator[Finding]:
    if not vault.consultation:
        with base_faults(vault.folder):
            vault.database.checkpoint()  # what is checked page by page is the file
    with base_faults(vault.folder), vault.database.reader.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA cipher_integrity_check").all()
        for (problem,) in pages[:SHOWN]:
            yield Finding(
                "base.page",
                f"Une page de la base est abîmée\u00a0: {problem}.",
                "Ne réparez pas\u00a0; copiez le coffre entier, puis reprenez la dernière sauvegarde.",
            )
        if not pages:
            lines = connection.exec_driver_sql("PRAGMA integrity_check(20)").scalars().all()
            if list(lines) != ["ok"]:
                yield Finding(
                    "base.structure",
                    f"La structure de la base est incohérente ({len(lines)}\u00a0défaut(s)).",
                    "Une page plus ancienne a pu être remise\u00a0; reprenez la dernière sauvegarde.",
                )
            triggers = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            guards = {row.name: row.sql for row in triggers}
            if gone := sum(guards.get(name) != statement for name, statement in TRIGGERS.items()):
                yield Finding(
                    "base.unguarded",
                    f"{gone}\u00a0garde(s) de la base ont été ôtées\u00a0: ce qui ne doit jamais changer (journal, "
                    "registre, versions figées) a pu l’être sans le programme.",
                    "Gardez une copie du coffre, demandez-vous qui a pu y toucher, et restaurez la dernière sauvegarde "
                    "faite avant.",
                )
            orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if orphans:
                yield Finding(
                    "base.links",
                    f"{len(orphans)}\u00a0fiche(s) renvoient à une fiche qui n’existe plus.",
                    "Signalez-le avec la version du programme\u00a0; rien n’est à faire dans le coffre.",
                )


def _headers(vault: Vault) -> Iterator[Finding]:
    written = header.seal(vault.header, vault.keys)
    for copy in header.read_copies(vault.folder):
        main = copy.path.name == header.NAME
        if copy.fault is not None:
            yield Finding(
                "header.damaged" if main else "header.copy_damaged",
                f"Le fichier {copy.path.name} est illisible.",
                "Fermez le coffre puis ouvrez-le\u00a0: il sera remis depuis une bonne copie.",
                Level.DAMAGE if main else Level.WARNING,
            )
        elif main and not hmac.compare_digest(copy.mac, written):
            yield Finding(
                "header.altered",
                f"Le fichier {copy.path.name} a été modifié pendant que le coffre était ouvert.",
                "Demandez-vous qui a pu y toucher\u00a0; reprenez-le dans une sauvegarde.",
            )
        elif not header.has_valid_mac(copy, vault.keys):
            yield Finding(
                "header.copy_altered",
                f"La copie {copy.path.name} n’a pas été écrite sous la clé du coffre\u00a0: elle ne remplacerait rien.",
                MEND_COPIES,
                Level.WARNING,
            )
    if not any(notice.code == "slots.lost" for notice in vault.notices):
        yield from slots_older(vault)


def slots_older(vault: Vault) -> Iterator[Finding]:
    """Accesses that the journal knows and `coffre.json` does not: an older one, whole and sealed, was put back."""
    if lost := _lost_slots(vault):
        yield Finding(
            "slots.older",
            f"Le fichier {header.NAME} est d’avant l’ajout de {len(lost)}\u00a0accès\u00a0: leur phrase n’ouvre plus. "
            "Une version plus ancienne a été remise à sa place.",
            "Demandez-vous qui a pu y toucher. Fermez le coffre, et remettez-y celui de la dernière sauvegarde\u00a0; "
            f"à défaut, redonnez un accès à ces personnes. {MEND_COPIES}",
            Level.WARNING,
        )


def _lost_slots(vault: Vault) -> set[str]:
    with vault.read() as session:
        return journal.standing_slots(session) - {slot.id for slot in vault.header.slots}


def _objects(vault: Vault, total: int, progress: Callable[[int, int], None] | None) -> list[Finding]:
    findings: list[Finding] = []
    done = 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for page in _pages(vault):
            for row, finding in zip(page, pool.map(lambda row: _object(vault.objects, row), page), strict=True):
                done += row.size
                if finding:
                    findings.append(finding)
                if progress:
                    progress(done, total)
    return findings


def _pages(vault: Vault) -> Iterator[list[_Row]]:
    """All rows by name, some at a time: the base may grow while it is read."""
    after = ""
    while True:
        with vault.read() as session:
            page = _page(session, after)
        if page:
            yield page
        if len(page) < PAGE:
            return
        after = page[-1].name


def _page(session: Session, after: str) -> list[_Row]:
    found = session.execute(
        select(StoredObject.name, StoredObject.private_key, StoredObject.sha256, StoredObject.size)
        .where(StoredObject.name > after)
        .order_by(StoredObject.name)
        .limit(PAGE)
    )
    return [_Row(*row) for row in found]


def _object(store: ObjectStore, row: _Row) -> Finding | None:
    """What is wrong with one object, read to its end; nothing when it is what was deposited."""
    short = row.name[:8]
    try:
        length = store.path(row.name).stat().st_size - sealed_size(row.size)
        with store.open(row.name, row.private_key) as reader:
            digest, size = reader.digest(), reader.size
    except FileNotFoundError:
        return Finding("object.absent", f"L’objet {short}… a disparu du disque.", BACKUP)
    except Fault as fault:
        return _named(fault, short, length)
    if size != row.size or digest != row.sha256:
        return Finding("object.replaced", f"L’objet {short}… n’est pas celui qui a été déposé.", BACKUP)
    return None


def _named(fault: Fault, short: str, length: int) -> Finding:
    if fault.code == "object.key":
        return Finding("object.key", f"L’objet {short}… n’est plus celui de sa clé.", BACKUP)
    if length < 0:
        return Finding("object.truncated", f"L’objet {short}… est coupé ou vide.", BACKUP)
    if length > 0:
        return Finding("object.extended", f"L’objet {short}… est plus long que ce qui a été écrit.", BACKUP)
    return Finding("object.damaged", f"L’objet {short}… est abîmé.", BACKUP)


def _strays(vault: Vault) -> Iterator[Finding]:
    """Objects without a row: kept, for they may belong to a more recent base."""
    names = vault.objects.names()
    strays = names - vault.known_objects(names)
    if strays:
        yield Finding(
            "object.stray",
            f"{len(strays)}\u00a0objet(s) du disque ne sont pas dans la base.",
            "Si une base plus ancienne a été remise, cherchez la récente\u00a0: ces objets lui appartiennent. "
            "Le programme ne les efface pas.",
            Level.WARNING,
        )
