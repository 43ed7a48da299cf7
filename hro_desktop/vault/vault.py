# SPDX-License-Identifier: GPL-3.0-or-later
"""The vault: made, opened, worked in, closed. Everything else in this package is a part of it."""

import contextlib
import datetime as dt
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import attrs
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from hro_desktop.faults import ExitCode, Fault
from hro_desktop.records.base import utc_now
from hro_desktop.records.objects import StoredObject
from hro_desktop.records.settings import Setting
from hro_desktop.search import keeping
from hro_desktop.vault import (
    anchor,
    header,
    journal,
    key_change,
    migrate,
    paper,
    passphrase,
    places,
    recovery,
    reserve,
    restore,
)
from hro_desktop.vault.database import BASE, Database, base_damaged, base_faults
from hro_desktop.vault.files import disk_faults, make_folder, sync_folder, write_private
from hro_desktop.vault.findings import Finding
from hro_desktop.vault.gate import Gate
from hro_desktop.vault.header import Header
from hro_desktop.vault.keys import (
    PAPER,
    PASSPHRASE,
    KdfParams,
    Keys,
    Slot,
    secret_bytes,
    stretch,
    wrap,
)
from hro_desktop.vault.lockfile import Lock
from hro_desktop.vault.migrations import REVISIONS
from hro_desktop.vault.objects import OBJECTS, STAGING, ObjectStore
from hro_desktop.vault.unlock import READ, Unlocked, unlock
from hro_desktop.vault.work import Work

__all__ = ["Created", "Vault"]

Clock = Callable[[], dt.datetime]
FOLDERS: Final = ("base", OBJECTS, STAGING, "ancres")
IN_BATCH: Final = 5000
PRACTICE: Final = "practice"


class Vault:
    """An open vault. Use it in a `with`; close it once.

    Attributes:
        folder: where it is.
        vault_id: 32 hexadecimal digits, random.
        slot_id: the key slot that opened it; the actor in the journal.
        objects: the encrypted files.
        database: the encrypted base.
        header: what `coffre.json` says: slots and cost of an attempt.
        keys: of the vault; wiped when it closes.
        notices: what its user should be told now; empty when all is well.
        consultation: the medium cannot be written; nothing is.
        gate: who is inside; `work`, `read` and `staying` pass here.
    """

    def __init__(
        self, folder: Path, header_: Header, keys: Keys, lock: Lock | None, clock: Clock, *, fresh: bool = False
    ) -> None:
        self.folder = folder
        self.vault_id = keys.vault_id
        self.slot_id = keys.slot_id
        self.consultation = lock is None
        self.notices: list[Finding] = []
        self.clock = clock
        self.header = header_
        self.keys = keys
        self._lock = lock
        self.database = Database.open(folder / BASE, keys.base(), fresh=fresh, consultation=self.consultation)
        self.objects = ObjectStore(folder, self.known_objects)
        self.gate = Gate()
        self._closed = False
        self._reading = threading.local()

    @classmethod
    def create(
        cls,
        folder: Path,
        passphrase_: str,
        *,
        kdf: KdfParams | None = None,
        practice: bool = False,
        clock: Clock = utc_now,
        reserve_size: int = reserve.SIZE,
    ) -> "Created":
        """Make a vault in a folder that is absent or empty, and open it.

        Args:
            folder: where.
            passphrase_: of the first volunteer.
            kdf: what an attempt costs; measured on this machine by default, the cheapest for practice.
            practice: a vault for learning: any passphrase goes, and every document made in it says so.
            clock: what time it is.
            reserve_size: bytes kept for a full disk.

        Raises:
            Fault: `vault.not_empty`, `vault.no_place`, `access.weak`, `access.empty`, `disk.*`. Nothing is left then.
        """
        if not passphrase_.strip():
            raise Fault("access.empty", "La phrase de passe est vide\u00a0: choisissez-en une.", ExitCode.ACCESS)
        if not practice:
            passphrase.check(passphrase_)
        places.must_be_free(folder)
        kdf = kdf or (KdfParams.fast() if practice else KdfParams.measured())
        if not kdf.within_bounds():
            raise ValueError("kdf")
        code = paper.generate()
        bare = header.new(kdf)
        keys = Keys.generate(bare.vault_id)
        for kind, secret in ((PASSPHRASE, passphrase_), (PAPER, code)):
            slot = wrap(keys, kind, stretch(secret_bytes(secret), bare.salt, kdf), bare.kdf_object())
            bare = bare.with_slot(slot)
        keys.slot_id = bare.slots[0].id
        there = folder.exists()
        try:
            with disk_faults(folder), base_faults(folder):
                vault = cls._make(folder, bare, keys, clock, practice=practice, reserve_size=reserve_size)
        except BaseException:
            places.unmake(folder, there=there)
            raise
        return Created(vault, code)

    @classmethod
    def open(cls, folder: Path, secret: str, *, clock: Clock = utc_now) -> "Vault":
        """Open a vault.

        Args:
            folder: where it is.
            secret: a passphrase, the paper code, or the age secret key of the trusted third party.
            clock: what time it is.

        Raises:
            Fault: see `places`, `unlock`, `Lock`, `migrate` and `base_faults`. The vault is then as it was.
        """
        places.must_be_vault(folder)
        lock = places.take_lock(folder, clock())
        try:
            copies = header.read_copies(folder, READ)
            known = next((copy.header for copy in copies if copy.header), None)
            recall = anchor.Recall(known.vault_id) if known else None
            unlocked = unlock(folder, secret, copies)
            return cls.start(folder, unlocked, lock, clock=clock, seen=recall.heads() if recall else ())
        except BaseException:
            if lock:
                lock.release()
            raise

    @classmethod
    def start(
        cls,
        folder: Path,
        unlocked: Unlocked,
        lock: Lock | None,
        *,
        clock: Clock = utc_now,
        seen: Sequence[journal.Head] = (),
    ) -> "Vault":
        """Everything of opening that comes after the key is known.

        Args:
            folder: the vault.
            unlocked: what `unlock` gave.
            lock: of this process; nothing for consultation of a medium that cannot be written.
            clock: what time it is.
            seen: heads of the journal seen before, kept outside the vault, the last one first.
        """
        places.must_have_its_log(folder, unlocked.keys.base(), consultation=lock is None)
        vault = cls(folder, unlocked.header, unlocked.keys, lock, clock)
        try:
            with disk_faults(folder), base_faults(folder):
                vault._begin(unlocked, seen)
        except BaseException:
            vault.database.close()
            unlocked.keys.wipe()
            raise
        return vault

    @contextlib.contextmanager
    def work(self) -> Iterator[Work]:
        """A unit of work: what is not committed inside is undone. Units of several threads wait for one another.

        Raises:
            Fault: `record.stale`, `vault.busy`, `vault.read_only`, `disk.full`, `base.damaged`.
        """
        self.must_be_writable()
        with (
            base_faults(self.folder),
            self.gate.writing(),
            self.gate.inside(),
            Session(self.database.writer, expire_on_commit=False) as session,
        ):
            work = Work(session, now=self.clock(), actor=self.slot_id, vault_id=self.vault_id)
            yield work
            if work.done:
                self.objects.settle(work.stored)

    @contextlib.contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one moment of the base and cannot change it.

        One read inside another is the same session: a second connection to one thread could leave none for the
        others, each of which waits for its own second one.

        Raises:
            Fault: `vault.busy`, `base.damaged`.
        """
        self._must_be_open()
        open_here: Session | None = getattr(self._reading, "session", None)
        if open_here is not None:
            yield open_here
            return
        with (
            base_faults(self.folder),
            self.gate.inside(),
            Session(self.database.reader, autoflush=False) as session,
        ):
            self._reading.session = session
            try:
                yield session
            finally:
                self._reading.session = None

    @contextlib.contextmanager
    def staying(self) -> Iterator[None]:
        """For whoever uses the base by another way than `work` and `read`: its key is not changed meanwhile."""
        with base_faults(self.folder), self.gate.inside():
            yield

    def head(self) -> journal.Head:
        """Number and hash of the last journal line, for manifests and backups."""
        with self.read() as session:
            return journal.head(session, self.vault_id)

    def practice(self) -> bool:
        """Whether this is a vault for learning, where any passphrase goes."""
        with self.read() as session:
            setting = session.get(Setting, PRACTICE)
            return bool(setting and setting.value)

    def must_be_writable(self) -> None:
        """Raise unless something can be recorded.

        Raises:
            Fault: `vault.read_only`.
        """
        self._must_be_open()
        if self.consultation:
            raise places.read_only(self.folder)

    def replace_header(
        self, change: Callable[[], Header], note: Callable[[Work], None], *, forget: bool = False
    ) -> None:
        """Write other accesses, with their line of the journal.

        Args:
            change: makes what `coffre.json` shall say, of the header and the keys as they are when nobody else writes.
            note: writes the line.
            forget: nothing of the header before may open any more, see `header.save`.

        Raises:
            Fault: `vault.read_only`, `disk.*`.
        """
        with self.work() as work:
            fresh = change()
            note(work)
            with disk_faults(self.folder):
                header.save(self.folder, fresh, self.keys, forget=forget)
            work.commit()
            self.header = fresh

    def reopen(self, header_: Header, keys: Keys) -> None:
        """Go on with the base that is there now; for whoever is alone in the vault and closed the one before."""
        self.database = Database.open(self.folder / BASE, keys.base())
        if keys is not self.keys:
            self.keys.wipe()
        self.header, self.keys = header_, keys

    def known_objects(self, names: Iterable[str]) -> set[str]:
        """Which of these names of encrypted objects have their row."""
        wanted, found = list(names), set[str]()
        with self.read() as session:
            for start in range(0, len(wanted), IN_BATCH):
                batch = wanted[start : start + IN_BATCH]
                found.update(session.scalars(select(StoredObject.name).where(StoredObject.name.in_(batch))))
        return found

    def close(self) -> None:
        """Bring the log into the base, tell the keyring, forget the keys, release the lock. Twice is harmless."""
        if self._closed:
            return
        self._closed = True
        self.gate.close()
        try:
            if not self.consultation:
                self._settle_base()
        finally:
            self.database.close()
            self.keys.wipe()
            if self._lock:
                self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @classmethod
    def _make(
        cls, folder: Path, bare: Header, keys: Keys, clock: Clock, *, practice: bool, reserve_size: int
    ) -> "Vault":
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)
        lock = Lock.take(folder, clock())
        try:
            for name in FOLDERS:
                make_folder(folder / name)
            write_private(folder / recovery.NAME, recovery.TEXT.encode())
            vault = cls(folder, bare, keys, lock, clock, fresh=True)
            try:
                migrate.upgrade(vault.database, folder, clock(), fresh=True)
                with vault.work() as work:
                    keeping.mend(work.session)
                    if practice:
                        work.session.add(Setting(name=PRACTICE, value="1"))
                    work.record("vault.created", vault.vault_id)
                    work.commit()
                vault.database.checkpoint()
                sync_folder(folder / "base")
                reserve.allocate(folder, reserve_size)
                # Last: a folder without it is not a vault, and an interrupted creation is seen as such.
                header.save(folder, bare, keys)
                sync_folder(folder.parent)
            except BaseException:
                vault.database.close()
                raise
        except BaseException:
            lock.release()
            raise
        vault._remember(wait=False)
        return vault

    def _begin(self, unlocked: Unlocked, seen: Sequence[journal.Head]) -> None:
        """Migrate, sweep, write the first line, and look at what the user should be told."""
        if self.consultation:
            self._must_be_whole()
            migrate.upgrade(self.database, self.folder, self.clock())
            self._notice(places.CONSULTATION)
            if unlocked.recovered:
                self._notice(places.RECOVERED_UNWRITTEN)
            self._descends(seen)
        else:
            self._with_reserve(lambda: self._settle_in(unlocked, seen))
        with self.read() as session:
            if keeping.outdated(session):  # in consultation only: otherwise it was just made anew
                self._notice(places.SEARCH_OLDER)
        if len(self.header.slots) < 2:
            self._notice(places.ONE_SLOT)
        if not self.consultation:
            self._remember(wait=False)

    def _must_be_whole(self) -> None:
        """Before anything is written: a line in a base that was cut would only bury the damage."""
        if not self.database.is_whole():
            raise base_damaged(self.folder)

    def _descends(self, seen: Sequence[journal.Head]) -> anchor.Descent:
        """What the base is to the heads seen before, ahead of anything new in it; said when it is not their sequel."""
        with self.read() as session:
            found, last = anchor.descent(session, self.vault_id, seen), journal.head(session, self.vault_id)
            written, practice = journal.last_instant(session), session.get(Setting, PRACTICE)
        late = places.clock_behind(written, self.clock()) if written and not practice else None
        if late:  # a practice vault lives on days of its own
            self._notice(late)
        if found is anchor.Descent.OLDER:
            self._notice(places.older_than_seen(last.n, seen[0].n))
        elif found is anchor.Descent.FORKED:
            self._notice(places.forked(seen[0].n))
        return found

    def _migrated(self, connection: Connection) -> None:
        last, now = journal.head(connection, self.vault_id), self.clock()
        journal.append(connection, last, at=now, actor=self.slot_id, action="vault.migrated", object_id=REVISIONS[-1])

    def _settle_in(self, unlocked: Unlocked, seen: Sequence[journal.Head]) -> None:
        self._must_be_whole()
        ended = key_change.settle(self.folder, self.header, self.keys)
        if ended:
            self._notice(ended)
        descent = self._descends(seen)
        with self.read() as session:
            back = restore.arrived(self.folder, self.keys, session, journal.head(session, self.vault_id))
        migrate.upgrade(self.database, self.folder, self.clock(), note=self._migrated)
        left = self.objects.leftovers()
        lines = [("header.recovered", self.vault_id)] if unlocked.recovered else []
        if ended is key_change.UNDONE:
            lines.append(("key.change_undone", self.vault_id))
        if back:
            lines.append(("vault.restored", back[0]))
        if descent is not anchor.Descent.FOLLOWS:
            older = descent is anchor.Descent.OLDER
            lines.append(("vault.older" if older else "vault.forked", str(seen[0].n)))
        lines += [("staging.swept", name) for name in left.staged] + [("object.swept", name) for name in left.marked]
        with self.work() as work:
            for action, object_id in (*lines, ("vault.opened", self.vault_id)):
                work.record(action, object_id)
            if keeping.outdated(work.session):
                keeping.mend(work.session)
            work.commit()
        for finding in back[1] if back else ():
            self._notice(finding)
        (self.folder / restore.MARK).unlink(missing_ok=True)
        self._settle_headers(unlocked)
        if left.staged or left.marked:
            self.objects.sweep(left)
            self._notice(places.swept(len(left.staged) + len(left.marked)))
        places.complete(self.folder)

    def _settle_headers(self, unlocked: Unlocked) -> None:
        """Put back the file that could not be read, and bring the slot that opened to the present format."""
        if unlocked.recovered:
            header.save(self.folder, unlocked.header, self.keys, forget=True)
            self._notice(places.RECOVERED)
            with self.read() as session:
                lost = journal.standing_slots(session) - {slot.id for slot in self.header.slots}
            if lost:
                self._notice(places.slots_lost(len(lost)))
        if unlocked.renewed:
            self._renew(unlocked.renewed)

    def _renew(self, slot: Slot) -> None:
        """Of the first format, the next change of the key would have to leave it behind."""
        self.replace_header(lambda: self.header.with_renewed(slot), lambda work: work.record("header.renewed", slot.id))

    def _with_reserve(self, action: Callable[[], None]) -> None:
        """On a full disk, give the reserve back and try once more: a vault must open to be cleaned."""
        try:
            with disk_faults(self.folder), base_faults(self.folder):
                action()
        except Fault as fault:
            if fault.code != "disk.full" or not reserve.release(self.folder):
                raise
            self.database.close()
            action()
            self._notice(places.RESERVE_USED)

    def _settle_base(self) -> None:
        """The checkpoint may fail on a full disk: nothing is lost then, the log stays and is read next time."""
        with contextlib.suppress(DBAPIError, sqlcipher.Error, Fault, OSError):
            self._remember(wait=True)
        with contextlib.suppress(DBAPIError, sqlcipher.Error, OSError):
            self.database.checkpoint()

    def _remember(self, *, wait: bool) -> None:
        with base_faults(self.folder), Session(self.database.reader) as session:
            last = journal.head(session, self.vault_id)
        anchor.remember(self.vault_id, last, anchor.SECONDS if wait else 0)

    def _notice(self, finding: Finding) -> None:
        if finding not in self.notices:  # on a full disk it is looked at twice
            self.notices.append(finding)

    def _must_be_open(self) -> None:
        if self._closed:
            raise RuntimeError("the vault is closed")


@attrs.frozen(repr=False)
class Created:
    """A new vault, open, and its paper code, which is shown once and kept nowhere."""

    vault: Vault
    paper_code: str
