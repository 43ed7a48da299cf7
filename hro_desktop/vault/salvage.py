# SPDX-License-Identifier: GPL-3.0-or-later
"""A new vault made of what can still be read of a damaged one, which is left as it is.

The new one is encrypted with the same keys and opens with the same accesses. Its report names what is lost. A backup is
always better: this is for the day there is none, or for what was done since the last one.
"""

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.faults import ExitCode, Fault
from hro_desktop.records.base import utc_now
from hro_desktop.records.objects import StoredObject
from hro_desktop.search.tables import is_ours
from hro_desktop.vault import copying, header, journal, lockfile, migrate, places, recovery, reserve, rows
from hro_desktop.vault.backup_places import must_have_room
from hro_desktop.vault.database import BASE, Database, base_faults, log_fits
from hro_desktop.vault.files import disk_faults, make_folder, sync_folder, write_private
from hro_desktop.vault.findings import Finding, Level, Report
from hro_desktop.vault.keys import Keys
from hro_desktop.vault.migrations import REVISIONS
from hro_desktop.vault.objects import OBJECTS, STAGING, ObjectStore
from hro_desktop.vault.pages import Pages, read_pages
from hro_desktop.vault.rows import Column, Kept
from hro_desktop.vault.unlock import Unlocked, unlock
from hro_desktop.vault.work import Work

__all__ = ["salvage"]

ANCHORS: Final = "ancres"
Progress = Callable[[int, int], None]
"""Told of the bytes of objects done and of their total; what it raises stops the work."""

_LOG_LEFT: Final = Finding(
    "salvage.log_foreign",
    "hro.db-wal n’est pas la suite de hro.db\u00a0: il vient d’une autre copie du coffre, et il est laissé.",
    "Gardez le dossier abîmé tel quel\u00a0: si c’est hro.db qui est trop ancien, cherchez le récent.",
    Level.WARNING,
)
IN_BACKUP: Final = "Cherchez dans une sauvegarde, même ancienne. Gardez le coffre abîmé\u00a0: il n’a pas changé."


def salvage(
    source: Path,
    target: Path,
    secret: str,
    progress: Progress | None = None,
    clock: Callable[[], dt.datetime] = utc_now,
) -> Report:
    """Make a vault of what is left of another one.

    Args:
        source: the damaged vault, closed; nothing in it changes.
        target: a folder that is absent or empty.
        secret: a passphrase, the paper code, or the key of the trusted third party.
        progress: see `Progress`.
        clock: what time it is.

    Returns:
        What was taken over, and what is lost.

    Raises:
        Fault: `vault.absent`, `vault.incomplete`, `vault.in_use`, `access.*`, `header.*`, `salvage.nothing`,
            `salvage.inside`, `vault.newer`, `vault.not_empty`, `vault.no_place`, `backup.no_room`, `disk.*`. Nothing is
            left of the target then.
    """
    places.must_be_vault(source)
    if taken := lockfile.holder(source):
        raise taken
    if target.resolve().is_relative_to(source.resolve()):
        raise Fault(
            "salvage.inside",
            f"«\u00a0{target}\u00a0» est dans le coffre abîmé\u00a0: choisissez un dossier ailleurs.",
        )
    places.must_be_free(target)
    unlocked = unlock(source, secret)
    there = target.exists()
    try:
        fits = log_fits(source / BASE, unlocked.keys.base())
        pages = _pages(source, unlocked.keys, log=fits)
        files = [path for path in (source / OBJECTS).glob("??/*") if path.is_file()]
        must_have_room(target.parent, (source / BASE).stat().st_size + _total(files), len(files))
        with disk_faults(target), base_faults(target):
            report = _Salvage(source, target, unlocked, pages, clock()).run(progress)
        return report if fits else attrs.evolve(report, findings=(_LOG_LEFT, *report.findings))
    except BaseException:
        places.unmake(target, there=there)
        raise
    finally:
        unlocked.keys.wipe()


@attrs.frozen(repr=False)
class _Salvage:
    source: Path
    target: Path
    unlocked: Unlocked
    pages: Pages
    now: dt.datetime

    def run(self, progress: Progress | None) -> Report:
        self.target.mkdir(mode=0o700, exist_ok=True)
        self.target.chmod(0o700)
        for name in ("base", OBJECTS, STAGING, ANCHORS):
            make_folder(self.target / name)
        keys = self.unlocked.keys
        database = Database.open(self.target / BASE, keys.base(), fresh=True)
        try:
            count, findings = self._base(database)
            with Session(database.reader) as session:
                last, broken = journal.verify(session, keys.vault_id)
                known = session.execute(
                    select(StoredObject.name, StoredObject.private_key, StoredObject.sha256, StoredObject.size)
                ).all()
            findings += broken
            taken, lost = self._objects([tuple(row) for row in known], progress)
            findings += lost
            with Session(database.writer) as session:
                work = Work(session, now=self.now, actor=keys.slot_id, vault_id=keys.vault_id)
                work.record("vault.salvaged", str(last.n))
                work.commit()
            database.checkpoint()
        finally:
            database.close()
        self._finish()
        good = len(self.pages.good)
        counted = (("Pages de la base lues", good), ("Fiches reprises", count), ("Objets repris", taken))
        return Report(counted, tuple(findings))

    def _base(self, database: Database) -> tuple[int, list[Finding]]:
        """Fill the new base; how many rows it has, and what it lacks."""
        migrate.upgrade(database, self.target, self.now, fresh=True, revisions=self._format())
        findings = list(_of_pages(self.pages))
        with database.raw() as connection:
            names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            tables = {
                name: rows.columns_of(connection, name)
                for name in sorted(names)
                if not (is_ours(name) or name == rows.VERSION or name.startswith("sqlite_"))
            }
            kept = rows.read_rows(self.pages, tables)
            if not any(each.rows for each in kept.values()):
                raise _nothing(self.source)
            filled = _fill(connection, tables, kept)
            links = len(connection.execute("PRAGMA foreign_key_check").fetchall())
        for name, count in filled.items():
            findings += _of_table(name, kept[name], count)
        if links:
            findings.append(_links(links))
        return sum(filled.values()), findings

    def _format(self) -> Sequence[str]:
        """The steps up to the format of the damaged base; all of them when it does not say."""
        found = rows.revision(self.pages)
        if found is None:
            return REVISIONS
        if found not in REVISIONS:
            raise Fault(
                "vault.newer",
                "Ce coffre a été ouvert avec une version plus récente du programme, que celle-ci ne sait pas "
                "lire\u00a0: installez la version récente. Rien n’a été changé.",
                ExitCode.VAULT,
            )
        return REVISIONS[: REVISIONS.index(found) + 1]

    def _objects(self, known: Sequence[tuple[Any, ...]], progress: Progress | None) -> tuple[int, list[Finding]]:
        """Copy every object that is what was deposited, and those whose key is lost, as they are."""
        findings: list[Finding] = []
        store = ObjectStore(self.source, lambda _: set())
        total, done = sum(row[3] for row in known), 0
        for name, key, sha256, size in known:
            if not (_is_whole(store, name, key, sha256) and self._copy(store, name)):
                findings.append(_object(name))
            done += size
            if progress:
                progress(done, total)
        taken = len(known) - len(findings)
        strays = store.names() - {row[0] for row in known}
        keyless = sum(self._copy(store, name) for name in sorted(strays))
        if keyless:
            findings.append(_keyless(keyless))
        return taken, findings

    def _copy(self, store: ObjectStore, name: str) -> bool:
        path = ObjectStore(self.target, lambda _: set()).path(name)
        make_folder(path.parent)
        with contextlib.suppress(copying.Unreadable):
            copying.copy(store.path(name), path, lambda _: None)
            sync_folder(path.parent)
            return True
        return False

    def _finish(self) -> None:
        """Everything that makes it a vault; its header the very last."""
        anchors = self.source / ANCHORS
        for path in sorted(anchors.iterdir()) if anchors.is_dir() else ():
            with contextlib.suppress(copying.Unreadable):
                copying.copy(path, self.target / ANCHORS / path.name, lambda _: None)
        write_private(self.target / recovery.NAME, recovery.TEXT.encode())
        reserve.allocate(self.target)
        sync_folder(self.target / "base")
        header.save(self.target, self.unlocked.header, self.unlocked.keys, forget=True)
        sync_folder(self.target.parent)


def _pages(source: Path, keys: Keys, *, log: bool) -> Pages:
    try:
        pages = read_pages(source / BASE, keys.base(), log=log)
    except OSError:
        raise _nothing(source) from None
    if not pages.good:
        raise _nothing(source)
    return pages


def _fill(
    connection: Any,  # noqa: ANN401 - the driver has no types
    tables: dict[str, tuple[Column, ...]],
    kept: dict[str, Kept],
) -> dict[str, int]:
    """Write the rows, in one transaction; how many each table took.

    What guards a base in use would refuse the remains of one: links to what is lost, a journal with a gap. A row that
    says the same as another one, or lacks what it must have, is of a page of another day and is left out.
    """
    guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute("BEGIN IMMEDIATE")
    for name, _ in guards:
        connection.execute(f'DROP TRIGGER "{name}"')
    filled = {}
    for table, columns in tables.items():
        filled[table] = sum(_insert(connection, table, columns, row) for row in kept[table].rows)
    for _, statement in guards:
        connection.execute(statement)
    connection.execute("COMMIT")
    connection.execute("PRAGMA foreign_keys=ON")
    return filled


def _insert(
    connection: Any,  # noqa: ANN401 - the driver has no types
    table: str,
    columns: Sequence[Column],
    row: rows.Row,
) -> int:
    number, values = row
    named = columns[: len(values)]  # a column that was added later is absent from older rows: it has its default
    if len(values) > len(columns):
        return 0
    written = [number if each.numbers and value is None else value for each, value in zip(named, values, strict=True)]
    names, marks = ", ".join(f'"{each.name}"' for each in named), ", ".join("?" * len(named))
    done = connection.execute(f'INSERT OR IGNORE INTO "{table}" ({names}) VALUES ({marks})', written)  # noqa: S608
    return int(done.rowcount)


def _is_whole(store: ObjectStore, name: str, key: bytes, sha256: str) -> bool:
    try:
        with store.open(name, key) as reader:
            return reader.digest() == sha256
    except (Fault, OSError, ValueError):
        return False


def _total(files: Sequence[Path]) -> int:
    return sum(path.stat().st_size for path in files)


def _of_pages(pages: Pages) -> Iterator[Finding]:
    if pages.lost:
        yield Finding(
            "salvage.pages",
            f"{len(pages.lost)}\u00a0page(s) de la base sur {len(pages.lost) + len(pages.good)} ne peuvent plus être "
            "lues.",
            "Ce qu’elles portaient est nommé plus bas. Celles de la recherche et des index ne coûtent rien.",
            Level.NOTE,
        )
    if pages.log_cut:
        yield Finding(
            "salvage.log",
            "Le journal de la base est abîmé\u00a0: les derniers changements d’avant l’arrêt du programme sont perdus.",
            IN_BACKUP,
        )


def _of_table(name: str, kept: Kept, count: int) -> Iterator[Finding]:
    where = f"Table «\u00a0{name}\u00a0»\u00a0: "
    if kept.expected is not None:
        if kept.expected > count:
            sentence = f"{where}{kept.expected - count}\u00a0fiche(s) perdues sur {kept.expected}."
            yield Finding("salvage.rows", sentence, IN_BACKUP)
    elif kept.damaged:
        sentence = f"{where}{count}\u00a0fiche(s) reprises, d’autres ont pu être perdues, sans que l’on sache combien."
        yield Finding("salvage.rows", sentence, IN_BACKUP)
    if len(kept.rows) > count:
        sentence = f"{where}{len(kept.rows) - count}\u00a0fiche(s) lues ne vont pas avec les autres, et sont laissées."
        advice = "Une page plus ancienne a pu être remise dans la base\u00a0: comparez avec une sauvegarde."
        yield Finding("salvage.doubles", sentence, advice)


def _links(count: int) -> Finding:
    return Finding(
        "salvage.links",
        f"{count}\u00a0lien(s) de fiches reprises mènent à une fiche perdue.",
        "Lisez et recopiez à partir de ce coffre, mais travaillez dans un coffre restauré ou neuf.",
    )


def _object(name: str) -> Finding:
    return Finding("salvage.object", f"L’objet {name[:8]}… est perdu, abîmé ou absent du disque.", IN_BACKUP)


def _keyless(count: int) -> Finding:
    return Finding(
        "salvage.keyless",
        f"{count}\u00a0objet(s) ont perdu leur fiche, donc leur clé\u00a0: ils sont copiés tels quels.",
        "Une sauvegarde de la base, même ancienne, a peut-être encore leur clé\u00a0: gardez-les.",
    )


def _nothing(source: Path) -> Fault:
    return Fault(
        "salvage.nothing",
        f"Rien de la base du coffre «\u00a0{source}\u00a0» ne peut être lu\u00a0: rien n’a été fait. Reprenez la "
        "dernière sauvegarde, et gardez ce dossier tel quel.",
        ExitCode.DAMAGED,
    )
