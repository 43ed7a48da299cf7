# SPDX-License-Identifier: GPL-3.0-or-later
"""An access that is taken away, and the key it could give: what opens afterwards, and what does not any more."""

import contextlib
import json
import shutil
import sys
import threading

import pytest
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import select

from hro_desktop.faults import Fault
from hro_desktop.records.objects import StoredObject
from hro_desktop.records.settings import Setting
from hro_desktop.vault import (
    accesses,
    age,
    backup,
    bech32,
    checks,
    gate,
    generations,
    header,
    journal,
    key_change,
    keys,
    seals,
)
from hro_desktop.vault.canonical import sha256
from hro_desktop.vault.database import BASE, connect
from hro_desktop.vault.unlock import unlock
from hro_desktop.vault.vault import Vault
from tests.vault.support import attempt, deposit, snapshot, to_first_format

OTHER = "sept autres mots, tirés au sort, lanterne, dune, pavé"


@pytest.fixture
def shared(made):
    """A vault of two people and a third party, with two objects, closed; and the slot of the second one."""
    private = age.generate_key()
    with Vault.open(made.folder, made.passphrase) as vault:
        slot = accesses.add_passphrase(vault, OTHER)
        accesses.add_escrow(vault, bech32.recipient(age.public_key(private)))
        for content in (b"une image", b"un son" * 50_000):
            deposit(vault, content)
    return made, slot, bech32.identity(private)


def nothing(_work):
    """No more is written than the removal itself."""


def actions(vault):
    with vault.read() as session:
        return [line["action"] for line in journal.extract(session)]


def refusal(action):
    _, fault = attempt(action)
    assert fault is not None
    return fault.code


def test_the_removed_one_opens_nothing_any_more_and_all_others_do(shared):
    made, slot, identity = shared
    with Vault.open(made.folder, made.passphrase) as vault:
        before = vault.header
        old = vault.keys.base()
        steps = []
        removal, _ = accesses.remove(vault, slot, nothing, lambda *step: steps.append(step))
        assert (removal.slot.id, removal.lost, len(removal.staying)) == (slot, (), 3)
        assert steps[-1][0] == steps[-1][1] > 0
        # the vault goes on under the new key
        assert vault.keys.base() != old
        deposit(vault, b"encore une")
        assert checks.verify(vault).findings == ()
        for slot_ in vault.header.slots:
            (same,) = [each for each in before.slots if each.id == slot_.id]
            assert (same.recipient, same.identity) == (slot_.recipient, slot_.identity)
            assert same.wrapped != slot_.wrapped
        assert actions(vault)[-3:] == ["slot.removed", "vault.rekeyed", "evidence.deposited"]
    assert refusal(lambda: Vault.open(made.folder, OTHER)) == "access.refused"
    for secret in (made.passphrase, made.paper_code, identity):
        with Vault.open(made.folder, secret) as vault:
            assert checks.verify(vault).findings == ()
            assert vault.notices == []
            with vault.read() as session:
                assert len(session.scalars(select(StoredObject)).all()) == 3


def test_the_old_key_opens_neither_the_base_nor_with_any_old_header(shared, tmp_path):
    """Whoever kept `coffre.json` of the day before, or the key itself, has nothing of the base of today."""
    made, slot, _ = shared
    kept = tmp_path / "garde"
    shutil.copytree(made.folder, kept)
    with Vault.open(made.folder, made.passphrase) as vault:
        old = vault.keys.base()
        accesses.remove(vault, slot, nothing)
        new = vault.keys.base()
    with contextlib.closing(connect(made.folder / BASE, new)) as connection:  # the control
        assert connection.execute("SELECT count(*) FROM stored_object").fetchone() == (2,)
    with pytest.raises(sqlcipher.DatabaseError):
        connect(made.folder / BASE, old)
    files = [path for path in made.folder.rglob("*") if path.is_file() and "objets" not in path.parts]
    assert not [path for path in files if path.name in {header.STAGED, "hro.db.nouveau"}]
    good = {name: (made.folder / name).read_bytes() for name in header.COPIES}
    for name in header.COPIES:
        shutil.copy(kept / name, made.folder / name)
    for secret in (OTHER, made.passphrase):
        assert refusal(lambda secret=secret: Vault.open(made.folder, secret)) == "base.damaged"
    with Vault.open(kept, OTHER) as vault:  # the control: they do open the base of their day
        assert len(vault.header.slots) == 4
    for name, content in good.items():
        (made.folder / name).write_bytes(content)
    shutil.copy(kept / header.NAME, made.folder / header.NAME)
    with Vault.open(made.folder, made.passphrase) as vault:  # one copy of today is enough, for who stays
        assert [each.code for each in vault.notices] == ["header.recovered"]
    assert refusal(lambda: Vault.open(made.folder, OTHER)) == "access.refused"


def test_what_is_written_of_it(shared):
    made, slot, _ = shared
    copies = made.folder / "base" / "copies"
    copies.mkdir(exist_ok=True)
    shutil.copy(made.folder / BASE, copies / "hro-0001-20261101T000000000000.db")
    with Vault.open(made.folder, made.passphrase) as vault:

        def note(work):
            work.session.add(Setting(name="essai", value="écrit avec"))

        accesses.remove(vault, slot, note)
        assert actions(vault)[-3:] == ["slot.removed", "vault.rekeyed", "base.copies_removed"]
        assert list(copies.iterdir()) == []  # they are encrypted with the old key
        with vault.read() as session:
            assert session.get_one(Setting, "essai").value == "écrit avec"
            assert slot not in journal.standing_slots(session)
            assert journal.verify(session, vault.vault_id)[1] == ()


@pytest.mark.parametrize("stopped_at", [1, 2, 3])
def test_stopped_before_the_end_nothing_has_changed(shared, stopped_at):
    made, slot, _ = shared
    with Vault.open(made.folder, made.passphrase) as vault:
        before, key = vault.header, vault.keys.base()
        head = vault.head()
        calls = []

        def stop(done, total):
            calls.append(done)
            if len(calls) == stopped_at:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            accesses.remove(vault, slot, nothing, stop)
        assert (vault.header, vault.keys.base(), vault.head()) == (before, key, head)
        assert sorted(path.name for path in (made.folder / "base").iterdir())[0] == "hro.db"
        assert not (made.folder / "base" / "hro.db.nouveau").exists()
        accesses.remove(vault, slot, nothing)
    assert refusal(lambda: Vault.open(made.folder, OTHER)) == "access.refused"


def test_one_does_not_remove_oneself_nor_what_is_not_there(shared):
    made, _, _ = shared
    with Vault.open(made.folder, made.passphrase) as vault:
        assert refusal(lambda: accesses.remove(vault, vault.slot_id, nothing)) == "access.own"
        assert refusal(lambda: accesses.remove(vault, "0" * 16, nothing)) == "access.unknown"
        assert len(vault.header.slots) == 4


def test_a_planted_recipient_is_not_given_the_new_key(shared):
    """While the vault is open somebody puts a recipient of theirs in the place of one; the control removes cleanly."""
    made, slot, _ = shared
    path = made.folder / header.NAME
    good = path.read_bytes()
    with Vault.open(made.folder, made.passphrase) as vault:
        document = json.loads(good)
        del document["sum"]
        document["slots"][1]["recipient"] = bech32.recipient(age.public_key(age.generate_key()))
        document["sum"] = sha256(document)
        path.write_text(json.dumps(document))
        assert header.parse(path.read_bytes())  # nothing but the MAC tells
        before = snapshot(made.folder)
        assert refusal(lambda: accesses.remove(vault, slot, nothing)) == "header.changed"
        assert snapshot(made.folder).keys() == before.keys()
        path.write_bytes(good)
        accesses.remove(vault, slot, nothing)
    assert Vault.open(made.folder, made.paper_code).close() is None


def test_a_vault_of_the_first_format_opens_and_its_slot_is_renewed(made):
    to_first_format(made.folder, (made.passphrase, made.paper_code))
    first = header.read_copies(made.folder)[0].header
    assert (first.format, [slot.recipient for slot in first.slots]) == (1, ["", ""])
    with Vault.open(made.folder, made.passphrase) as vault:
        assert vault.notices == []
        assert vault.header.format == keys.FORMAT
        assert [bool(slot.recipient) for slot in vault.header.slots] == [True, False]
        assert actions(vault)[-1] == "header.renewed"
        assert [slot.id for slot in vault.header.slots] == [slot.id for slot in first.slots]
    with Vault.open(made.folder, made.passphrase) as vault:
        assert actions(vault)[-1] == "vault.opened"
    with Vault.open(made.folder, made.paper_code) as vault:
        assert all(slot.recipient for slot in vault.header.slots)


def test_slots_of_the_first_format_go_with_the_key_and_it_is_known_beforehand(made):
    with Vault.open(made.folder, made.passphrase) as vault:
        slot = accesses.add_passphrase(vault, OTHER)
    to_first_format(made.folder, (made.passphrase, made.paper_code, OTHER))
    with Vault.open(made.folder, made.passphrase) as vault:
        known = accesses.removal(vault, slot)
        assert [each.kind for each in known.lost] == ["paper"]
        done, _ = accesses.remove(vault, slot, nothing)
        assert done == known
        assert len(vault.header.slots) == 1
        code = accesses.add_paper(vault)
    for secret in (made.paper_code, OTHER):
        assert refusal(lambda secret=secret: Vault.open(made.folder, secret)) == "access.refused"
    Vault.open(made.folder, code).close()


def test_opened_once_with_the_paper_code_it_stays(made):
    """What is advised beforehand: let it open once."""
    with Vault.open(made.folder, made.passphrase) as vault:
        slot = accesses.add_passphrase(vault, OTHER)
    to_first_format(made.folder, (made.passphrase, made.paper_code, OTHER))
    Vault.open(made.folder, made.paper_code).close()
    with Vault.open(made.folder, made.passphrase) as vault:
        assert accesses.removal(vault, slot).lost == ()
        accesses.remove(vault, slot, nothing)
    Vault.open(made.folder, made.paper_code).close()


def test_older_backups_are_still_known_and_a_seal_of_the_old_key_is_not_believed_for_later(shared, tmp_path):
    made, slot, _ = shared
    stick = tmp_path / "cle"
    stick.mkdir()
    with Vault.open(made.folder, made.passphrase) as vault:
        backup.make(vault, stick)
        old = unlock(made.folder, OTHER).keys
        accesses.remove(vault, slot, nothing)
        (generation,) = generations.generations(stick)
        with vault.read() as session:
            former = seals.former(session)
        assert not generation.is_authentic(vault.keys)
        assert seals.made_by(generation, former)
        # whoever kept the old key says that a backup of today is theirs
        later = generations.attrs.evolve(generation.manifest, head=vault.head())
        forged = generations.attrs.evolve(generation, manifest=later, mac=generations.mac(later, old))
        assert not seals.made_by(forged, former)
        assert seals.made_by(generation, former)


def test_who_reads_goes_on_reading_and_who_writes_waits(shared):
    made, slot, _ = shared
    with Vault.open(made.folder, made.passphrase) as vault:
        seen, stop = [], threading.Event()

        def read():
            while not stop.is_set():
                with vault.read() as session:
                    seen.append(len(session.scalars(select(StoredObject)).all()))

        def write():
            with vault.work() as work:
                work.session.add(Setting(name="pendant", value="1"))
                work.commit()

        writer = threading.Thread(target=write)

        def progress(_done, _total):
            if not writer.ident:
                writer.start()

        reader = threading.Thread(target=read)
        reader.start()
        accesses.remove(vault, slot, nothing, progress)
        writer.join()
        stop.set()
        reader.join()
        assert set(seen) == {2}
        with vault.read() as session:
            assert session.get_one(Setting, "pendant").value == "1"
    with Vault.open(made.folder, made.passphrase) as vault, vault.read() as session:
        assert session.get_one(Setting, "pendant").value == "1"


def test_an_access_given_meanwhile_opens_to_the_new_key_and_undoes_nothing(shared, monkeypatch):
    """Its secret was stretched under the old key; with that key in its slot nobody would open the vault any more."""
    made, slot, _ = shared
    ready, go, given = threading.Event(), threading.Event(), "huit mots de plus, tirés au sort, quai, sel, corde"
    wrap = accesses.wrap

    def waiting(*arguments, **named):
        made_ = wrap(*arguments, **named)
        ready.set()
        go.wait()
        return made_

    monkeypatch.setattr(accesses, "wrap", waiting)
    with Vault.open(made.folder, made.passphrase) as vault:
        giving = threading.Thread(target=accesses.add_passphrase, args=(vault, given))
        giving.start()
        ready.wait()
        accesses.remove(vault, slot, nothing)
        go.set()
        giving.join()
        assert slot not in {each.id for each in vault.header.slots}
    for secret in (made.passphrase, made.paper_code, given):
        with Vault.open(made.folder, secret) as vault:
            assert vault.notices == []
    assert refusal(lambda: Vault.open(made.folder, OTHER)) == "access.refused"


def test_nobody_is_alone_while_somebody_is_inside(shared, monkeypatch):
    """A reading that does not end makes the removal give up, and nothing has changed."""
    made, slot, _ = shared
    monkeypatch.setattr(gate, "ALONE_WAITS", 0.2)
    with Vault.open(made.folder, made.passphrase) as vault:
        entered, leave = threading.Event(), threading.Event()

        def stay():
            with vault.gate.inside():
                entered.set()
                leave.wait()

        staying = threading.Thread(target=stay)
        staying.start()
        entered.wait()
        assert refusal(lambda: accesses.remove(vault, slot, nothing)) == "vault.busy"
        leave.set()
        staying.join()
        accesses.remove(vault, slot, nothing)


def test_closed_meanwhile_nothing_is_put_in_its_place(shared):
    """The window locks while the copy is made: another program may have the vault open a moment later."""
    made, slot, _ = shared
    closing = Vault.open(made.folder, made.passphrase)

    def close(done, total):
        if done == total:
            closing.close()

    assert refusal(lambda: accesses.remove(closing, slot, nothing, close)) == "vault.busy"
    with Vault.open(made.folder, OTHER) as vault:
        assert vault.notices == []


def test_somebody_who_never_stops_reading_is_said(shared):
    """What is in the log cannot be brought into the base under a reader who began before it."""
    made, slot, _ = shared
    reading, stop = threading.Event(), threading.Event()

    def read():
        with vault.read() as session:
            session.scalars(select(StoredObject)).all()
            reading.set()
            stop.wait(60)

    with Vault.open(made.folder, made.passphrase) as vault:
        reader = threading.Thread(target=read)
        reader.start()
        assert reading.wait(60)
        deposit(vault, b"pendant la lecture")
        try:
            assert refusal(lambda: accesses.remove(vault, slot, nothing)) == "vault.busy"
        finally:
            stop.set()
            reader.join()
        accesses.remove(vault, slot, nothing)  # the control: nobody reads any more
    assert refusal(lambda: Vault.open(made.folder, OTHER)) == "access.refused"


def test_too_little_room_is_said_before(shared, monkeypatch):
    from hro_desktop.vault import backup_places

    made, slot, _ = shared
    monkeypatch.setattr(backup_places, "free_bytes", lambda _: 10_000)
    with Vault.open(made.folder, made.passphrase) as vault:
        assert refusal(lambda: accesses.remove(vault, slot, nothing)) == "backup.no_room"
    Vault.open(made.folder, OTHER).close()


def test_fault_in_between_is_a_fault_of_nobody(shared):
    made, slot, _ = shared
    with Vault.open(made.folder, made.passphrase) as vault:

        def note(_work):
            raise Fault("essai", "non")

        assert refusal(lambda: accesses.remove(vault, slot, note)) == "essai"
        assert "slot.removed" not in actions(vault)
    Vault.open(made.folder, OTHER).close()


@pytest.mark.parametrize("began", [False, True])
def test_what_an_interrupted_change_left_is_said_and_ended(made, began):
    """Looked at from outside, then opened: the header whose key opens the base is right, and the other goes."""
    with Vault.open(made.folder, made.passphrase) as vault:
        staged = header.written(vault.header, vault.keys if began else keys.Keys.generate(vault.vault_id))
    assert checks.diagnose(made.folder).findings == ()
    (made.folder / header.STAGED).write_bytes(staged)
    (made.folder / key_change.FRESH).write_bytes(b"commencement")
    assert [each.code for each in checks.diagnose(made.folder).findings] == ["key.change_unfinished"]
    with Vault.open(made.folder, made.passphrase) as vault:
        assert vault.notices == [key_change.DONE if began else key_change.UNDONE]
        assert ("key.change_undone" in actions(vault)) == (not began)
    assert checks.diagnose(made.folder).findings == ()


def test_the_header_is_read_once(made):
    """It is on a slow stick for some; whoever opens a vault waits for it."""
    counted, counting = [], True

    def watch(event, arguments):
        if counting and event == "open" and str(arguments[0]) == str(made.folder / header.NAME):
            counted.append(arguments[1])

    sys.addaudithook(watch)
    with contextlib.suppress(Fault):
        Vault.open(made.folder, "une autre phrase")
    refused = len(counted)
    Vault.open(made.folder, made.passphrase).close()
    counting = False
    assert (refused, len(counted)) == (1, 2)
