# SPDX-License-Identifier: GPL-3.0-or-later
"""Another key for an open vault: the base encrypted anew, and every access that stays opened to it.

A removed access could give the old key to whoever kept it; with another key it opens nothing of this vault any more.
No passphrase is needed: the key is wrapped to the public key of each slot. Objects keep their own keys, which are in
the base. A program killed at any moment leaves a vault that opens, see `key_change`.
"""

import contextlib
from collections.abc import Callable, Collection, Iterator
from typing import Final

from sqlalchemy.orm import Session

from hro_desktop.faults import ExitCode, Fault
from hro_desktop.vault import header, journal, key_change, seals
from hro_desktop.vault.backup_places import must_have_room
from hro_desktop.vault.copying import Unreadable, copy
from hro_desktop.vault.database import BASE, Database, base_damaged, base_faults, busy, connect, has_log
from hro_desktop.vault.files import disk_faults, replace_file, sync_file, sync_folder
from hro_desktop.vault.findings import Finding, Level
from hro_desktop.vault.header import Header
from hro_desktop.vault.keys import Keys, rewrap
from hro_desktop.vault.migrate import COPIES
from hro_desktop.vault.pages import is_key_of
from hro_desktop.vault.vault import Vault
from hro_desktop.vault.work import Changes, Work

__all__ = ["Progress", "change_key"]

Progress = Callable[[int, int], None]
"""Told of what is done and of its total; what it raises stops the work, and nothing has changed then."""

UNFINISHED: Final = Finding(
    "key.unfinished",
    "L’accès est retiré, mais le disque a refusé la fin\u00a0: le fichier des accès n’est pas encore remplacé.",
    "Faites de la place sur le disque, puis fermez et rouvrez le coffre\u00a0: il finira de lui-même.",
    Level.WARNING,
)


def change_key(
    vault: Vault, removed: Collection[str], note: Callable[[Work], None], progress: Progress | None = None
) -> Changes:
    """Give a vault another key, and the accesses that stay with it.

    Others may read until the very end; who wants to write waits.

    Args:
        vault: open, and not in consultation.
        removed: ids of the slots that go; every other one must have a recipient.
        note: what else is written in the base under its new key, in one unit with the journal.
        progress: see `Progress`.

    Returns:
        What `note` changed.

    Raises:
        Fault: `header.changed`, `backup.no_room`, `base.damaged`, `vault.busy`, `disk.*`. Nothing has changed then.
    """
    with base_faults(vault.folder), disk_faults(vault.folder), vault.gate.writing():
        return _Change(vault, removed, progress or (lambda _done, _total: None)).run(note)


class _Change:
    """One change of the key."""

    def __init__(self, vault: Vault, removed: Collection[str], progress: Progress) -> None:
        self._vault = vault
        self._removed = removed
        self._progress = progress
        self._base = vault.folder / BASE
        self._fresh = vault.folder / key_change.FRESH
        self._staged = vault.folder / header.STAGED

    def run(self, note: Callable[[Work], None]) -> Changes:
        vault = self._vault
        _must_be_ours(vault)
        keys = Keys.generate(vault.vault_id)
        keys.slot_id = vault.slot_id
        kept = [rewrap(keys, slot) for slot in vault.header.slots if slot.id not in self._removed]
        new = vault.header.with_slots(kept)
        key_change.sweep(vault.folder)
        try:
            self._copy()
            self._rekey(keys)
            changes = self._write(keys, note)
            self._prove(keys)
            with vault.gate.alone():
                self._take_place(new, keys)
        except BaseException:
            with contextlib.suppress(OSError):
                key_change.sweep(vault.folder)
            raise
        return changes

    def _copy(self) -> None:
        """The whole base as it is now, in one file beside it; nobody else writes meanwhile."""
        with self._vault.database.raw() as connection:
            (held, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if held:  # somebody has been reading for longer than one waits
            raise busy(self._vault.folder)
        size = self._base.stat().st_size
        must_have_room(self._vault.folder, 2 * size, 2)
        done = 0

        def advance(count: int) -> None:
            nonlocal done
            done += count
            self._progress(done, 3 * size)

        try:
            copy(self._base, self._fresh, advance)
        except Unreadable:
            raise base_damaged(self._vault.folder) from None
        self._size = size

    def _rekey(self, keys: Keys) -> None:
        """SQLCipher encrypts every page of the copy anew, in one transaction of its own."""
        with contextlib.closing(connect(self._fresh, self._vault.keys.base())) as connection:
            if connection.execute("PRAGMA cipher_integrity_check").fetchall():
                raise base_damaged(self._vault.folder)
            connection.execute("PRAGMA journal_mode=DELETE").fetchall()
            connection.execute(f"PRAGMA rekey=\"x'{keys.base()}'\"")
        self._progress(2 * self._size, 3 * self._size)

    def _write(self, keys: Keys, note: Callable[[Work], None]) -> Changes:
        """The lines of the journal, in the base that is about to be: an interrupted change leaves none."""
        vault = self._vault
        with self._new_base(keys) as database:
            with Session(database.writer, expire_on_commit=False) as session:
                work = Work(session, now=vault.clock(), actor=vault.slot_id, vault_id=vault.vault_id)
                seals.keep(work, vault.keys)
                for slot_id in self._removed:
                    work.record("slot.removed", slot_id)
                work.record("vault.rekeyed", vault.vault_id)
                copies = vault.folder / BASE.parent / COPIES
                if copies.is_dir() and any(copies.iterdir()):
                    work.record("base.copies_removed", vault.vault_id)
                note(work)
                changes = work.commit()
                assert work.head is not None
                self._head = work.head
            database.checkpoint()
        with self._fresh.open("rb+") as file:
            sync_file(file.fileno())
        sync_folder(self._fresh.parent)
        return changes

    def _prove(self, keys: Keys) -> None:
        """Read every page of it again before it takes the place of the other."""
        with contextlib.closing(connect(self._fresh, keys.base(), consultation=True)) as connection:
            damaged = connection.execute("PRAGMA cipher_integrity_check").fetchall()
            last = connection.execute("SELECT n, hash FROM journal_line ORDER BY n DESC LIMIT 1").fetchone()
            said = [tuple(row) for row in connection.execute("PRAGMA quick_check(1)")]
        if damaged or said != [("ok",)] or journal.Head(*last) != self._head:
            raise Fault(
                "disk.failed",
                f"Le disque qui porte «\u00a0{self._vault.folder}\u00a0» n’a pas gardé ce qui vient d’y être "
                "écrit\u00a0: rien n’a été changé. Vérifiez ce disque, et faites une sauvegarde ailleurs.",
                ExitCode.DISK,
            )
        self._progress(3 * self._size, 3 * self._size)

    def _take_place(self, new: Header, keys: Keys) -> None:
        """The staged header, the base, the header: in this order, whatever happens one of them opens the vault."""
        vault = self._vault
        vault.database.close()
        try:
            if has_log(self._base):
                raise busy(vault.folder)
            content = header.written(new, keys)
            replace_file(self._staged, content)
            if self._staged.read_bytes() != content:
                raise OSError
            self._fresh.replace(self._base)
        finally:  # an interruption may come at any of these lines: what the base is opened by decides, and not the line
            if is_key_of(self._base, keys.base()):
                vault.reopen(new, keys)
                self._finish(new, keys)
            else:
                self._staged.unlink(missing_ok=True)
                vault.reopen(vault.header, vault.keys)

    def _finish(self, new: Header, keys: Keys) -> None:
        try:
            sync_folder(self._base.parent)
            key_change.finish(self._vault.folder, new, keys)
        except OSError:
            self._vault.notices.append(UNFINISHED)

    @contextlib.contextmanager
    def _new_base(self, keys: Keys) -> Iterator[Database]:
        database = Database.open(self._fresh, keys.base())
        try:
            yield database
        finally:
            database.close()


def _must_be_ours(vault: Vault) -> None:
    """The header on the disk is the one that was authenticated when the vault opened.

    A recipient that somebody planted there since would otherwise be given the new key.
    """
    main = header.read_copies(vault.folder)[0]
    if main.header != vault.header or not header.has_valid_mac(main, vault.keys):
        raise Fault(
            "header.changed",
            f"Le fichier {header.NAME} a été modifié ou abîmé depuis l’ouverture du coffre\u00a0: rien n’a été changé. "
            "Fermez le coffre, tapez hro-desktop doctor, et demandez-vous qui a pu y toucher.",
            ExitCode.DAMAGED,
        )
