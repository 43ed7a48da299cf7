# SPDX-License-Identifier: GPL-3.0-or-later
"""Making, opening and closing; every bad input is one French sentence, and the vault is as it was."""

import datetime as dt
import os
import shutil
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hro_desktop.faults import ExitCode, Fault
from hro_desktop.records.journal import JournalLine
from hro_desktop.records.settings import Setting
from hro_desktop.records.sites import Site
from hro_desktop.vault import accesses, age, bech32, checks, header, journal, recovery, reserve
from hro_desktop.vault.database import BASE
from hro_desktop.vault.keys import KdfParams
from hro_desktop.vault.vault import Vault
from tests.vault.support import PASSPHRASE, deposit, snapshot, start

FAST = KdfParams.fast()
AT = dt.datetime(2026, 11, 23, 21, 5, tzinfo=dt.UTC)


def create(folder, passphrase=PASSPHRASE, **named):
    return Vault.create(folder, passphrase, kdf=FAST, reserve_size=4096, **named)


def refused(folder, secret=PASSPHRASE):
    """The fault met, and that nothing changed."""
    before = snapshot(folder)
    with pytest.raises(Fault) as caught:
        Vault.open(folder, secret)
    assert snapshot(folder) == before
    assert str(caught.value) == caught.value.code
    sentence = caught.value.sentence
    assert sentence.endswith(".")
    assert "\u00a0:" in sentence
    return caught.value


def test_what_is_made(tmp_path):
    created = create(tmp_path / "coffre", clock=lambda: AT)
    vault = created.vault
    names = {path.name for path in vault.folder.iterdir()} - {"verrou"}
    assert names == {
        *("base", "objets", "sas", "ancres", *header.COPIES),
        *(recovery.NAME, reserve.NAME),
    }
    with vault.read() as session:
        assert [line["action"] for line in journal.extract(session)] == ["vault.created"]
        assert next(journal.extract(session))["utc"] == "2026-11-23T21:05:00.000000Z"
        assert session.get(Setting, "practice") is None
    assert vault.slot_id == vault.header.slots[0].id
    assert [slot.kind for slot in vault.header.slots] == ["passphrase", "paper"]
    assert vault.header.kdf == FAST
    assert "CREATE" not in repr(created)
    assert created.paper_code not in repr(created)
    vault.close()
    vault.close()
    with pytest.raises(RuntimeError):
        vault.head()
    assert not any((vault.folder / BASE).with_name(BASE.name + end).exists() for end in ("-wal", "-shm"))


def test_each_secret_opens_as_its_own_actor(made):
    actors = []
    for secret in (made.passphrase, made.paper_code, made.paper_code.lower().replace("-", "  ")):
        with Vault.open(made.folder, secret) as vault:
            actors.append(vault.slot_id)
            with vault.read() as session:
                assert list(journal.extract(session))[-1]["actor"] == vault.slot_id
    assert actors[0] != actors[1] == actors[2]


def test_what_was_recorded_is_there_after_closing(made):
    with Vault.open(made.folder, made.passphrase) as vault:
        staged = deposit(vault, b"une image")
        with vault.work() as work:
            work.session.add(Site(name="Le pont"))
            work.commit()
        head = vault.head()
    with Vault.open(made.folder, made.paper_code) as vault:
        assert vault.objects.open(staged.name, staged.private_key).read() == b"une image"
        with vault.read() as session:
            assert session.query(Site).one().name == "Le pont"
            assert journal.contains(session, head, vault.vault_id)
        assert vault.notices == []


@pytest.mark.parametrize("secret", ["", "   ", "\n"])
def test_an_empty_secret(made, secret):
    assert refused(made.folder, secret).code == "access.empty"


@pytest.mark.parametrize("secret", [PASSPHRASE + " ", PASSPHRASE.upper(), "x", "é" * 5000, "\ud800", "a\0b"])
def test_a_wrong_secret(made, secret):
    fault = refused(made.folder, secret)
    assert (fault.code, fault.exit_code) == ("access.refused", ExitCode.ACCESS)


def test_a_wrong_paper_code(made):
    wrong = made.paper_code[:-1] + ("0" if made.paper_code[-1] != "0" else "1")
    assert refused(made.folder, wrong).code == "access.paper"
    assert refused(made.folder, made.paper_code[:-1]).code == "access.paper"
    other = "0000-0000-0000-0000-0000-0000-0000-0000-"
    from hro_desktop.vault import paper

    assert refused(made.folder, other + paper._check("0" * 32)).code == "access.refused"


def test_a_wrong_age_key(made):
    assert refused(made.folder, bech32.identity(age.generate_key())).code == "access.refused"


def test_not_a_vault(tmp_path):
    for folder in (tmp_path / "absent", tmp_path):
        with pytest.raises(Fault) as caught:
            Vault.open(folder, PASSPHRASE)
        assert caught.value.code == "vault.absent"
        assert caught.value.exit_code == ExitCode.VAULT
        assert str(folder) in caught.value.sentence
    assert list(tmp_path.iterdir()) == []


def test_a_vault_without_its_base_is_never_given_a_new_one(made):
    (made.folder / BASE).unlink()
    assert refused(made.folder).code == "vault.incomplete"
    assert not (made.folder / BASE).exists()


def test_a_vault_without_any_header(made):
    for name in header.COPIES:
        (made.folder / name).unlink()
    assert refused(made.folder).code == "vault.unfinished"


def damage(path, kind):
    content = bytearray(path.read_bytes())
    if kind == "emptied":
        content.clear()
    elif kind == "cut":
        del content[-1000:]
    elif kind == "first page":
        content[100] ^= 1
    elif kind == "clear":
        content[:16] = b"SQLite format 3\0"
    elif kind == "noise":
        content[:] = os.urandom(len(content))
    path.write_bytes(content)


@pytest.mark.parametrize("kind", ["emptied", "cut", "first page", "clear", "noise"])
def test_a_damaged_base(made, kind):
    damage(made.folder / BASE, kind)
    with pytest.raises(Fault) as caught:
        Vault.open(made.folder, made.passphrase)
    assert caught.value.exit_code == ExitCode.DAMAGED
    assert caught.value.code == "base.damaged"
    assert "sauvegarde" in caught.value.sentence


def test_slots_are_added_and_open(made):
    private = age.generate_key()
    with Vault.open(made.folder, made.passphrase) as vault:
        with pytest.raises(Fault) as caught:
            accesses.add_passphrase(vault, "court")
        assert caught.value.code == "access.weak"
        with pytest.raises(Fault) as caught:
            accesses.add_escrow(vault, "age1x")
        assert caught.value.code == "access.recipient"
        for taken in (made.passphrase, made.paper_code.lower().replace("-", " ")):
            with pytest.raises(Fault) as caught:
                accesses.add_passphrase(vault, taken)
            assert caught.value.code in ("access.used", "access.weak")
        added = [
            accesses.add_passphrase(vault, "une autre personne, une autre phrase"),
            accesses.add_escrow(vault, bech32.recipient(age.public_key(private))),
        ]
    opened = []
    for secret in ("une autre personne, une autre phrase", bech32.identity(private), made.passphrase):
        with Vault.open(made.folder, secret) as vault:
            opened.append(vault.slot_id)
            assert vault.notices == []
            assert checks.verify(vault).findings == ()
    assert opened[:2] == added
    with Vault.open(made.folder, made.passphrase) as vault, vault.read() as session:
        lines = [line["object"] for line in journal.extract(session) if line["action"] == "slot.added"]
    assert lines == added


def test_a_single_way_in_is_said_at_each_opening(made):
    import attrs

    with Vault.open(made.folder, made.passphrase) as vault:
        header.save(made.folder, attrs.evolve(vault.header, slots=vault.header.slots[:1]), vault.keys, forget=True)
    for _ in range(2):
        with Vault.open(made.folder, made.passphrase) as vault:
            assert [notice.code for notice in vault.notices] == ["slots.one"]


def test_the_keys_are_wiped_when_it_closes(made):
    vault = Vault.open(made.folder, made.passphrase)
    assert any(vault.keys.vmk)
    vault.close()
    assert not any(vault.keys.vmk)


def test_what_a_vault_can_do_without_is_put_back(made):
    (made.folder / recovery.NAME).unlink()
    (made.folder / reserve.NAME).unlink()
    Vault.open(made.folder, made.passphrase).close()
    assert (made.folder / recovery.NAME).read_text(encoding="utf-8") == recovery.TEXT
    assert (made.folder / reserve.NAME).stat().st_size == reserve.SIZE


def test_the_checkpoint_that_fails_at_closing_loses_nothing(made, monkeypatch):
    """The log stays beside the base, and the next opening takes it in."""
    vault = Vault.open(made.folder, made.passphrase)
    with vault.work() as work:
        work.session.add(Site(name="Le pont"))
        work.commit()

    def full(_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(type(vault.database), "checkpoint", full)
        vault.close()
    with Vault.open(made.folder, made.passphrase) as vault, vault.read() as session:
        assert session.query(Site).one().name == "Le pont"


@pytest.mark.parametrize("there", [True, False])
def test_no_room_for_the_lock_itself(made, monkeypatch, there):
    """On a disk so full that no name can be made, the reserve gives the room."""
    real = os.open

    def crowded(path, *arguments, **named):
        if str(path).endswith("verrou") and (made.folder / reserve.NAME).exists() == there:
            raise OSError(28, "No space left on device")
        return real(path, *arguments, **named)

    if not there:
        reserve.release(made.folder)
    monkeypatch.setattr(os, "open", crowded)
    if there:
        Vault.open(made.folder, made.passphrase).close()
    else:
        with pytest.raises(Fault) as caught:
            Vault.open(made.folder, made.passphrase)
        assert caught.value.code == "disk.full"


def test_an_older_vault_put_back_is_seen_by_the_keyring(made, tmp_path, keyring):
    shutil.copytree(made.folder, tmp_path / "ancien")
    for _ in range(2):
        with Vault.open(made.folder, made.passphrase) as vault:
            deposit(vault, b"une image")
            assert vault.notices == []
    assert len(keyring) == 1
    shutil.rmtree(made.folder)
    shutil.move(tmp_path / "ancien", made.folder)
    with Vault.open(made.folder, made.passphrase) as vault:
        assert [notice.code for notice in vault.notices] == ["journal.older"]
        assert "plus ancien que la dernière tête connue" in vault.notices[0].sentence
        assert "journal.older" in {finding.code for finding in checks.verify(vault).findings}
    with Vault.open(made.folder, made.passphrase) as vault:
        assert vault.notices == []  # it was said, and the journal keeps it


def test_a_copy_that_went_its_own_way_is_told_from_an_older_one(made, tmp_path, keyring):
    shutil.copytree(made.folder, tmp_path / "autre")
    with Vault.open(made.folder, made.passphrase) as vault:
        deposit(vault, b"une image")
    here = dict(keyring)
    for _ in range(3):
        keyring.clear()  # on another computer
        with Vault.open(tmp_path / "autre", made.passphrase) as vault:
            deposit(vault, b"une autre image")
            assert vault.notices == []
    keyring.update(here)
    with Vault.open(tmp_path / "autre", made.passphrase) as vault:
        assert [notice.code for notice in vault.notices] == ["journal.forked"]
        assert not checks.verify(vault).sound
        with vault.read() as session:
            assert session.query(JournalLine).filter_by(action="vault.forked").count() == 1


CANARIES = ("Zéphyrine Exemple", "0601020304-canari", "photo-canari-rue.jpg", PASSPHRASE)

JOURNEY = """
import io, logging, sys
from pathlib import Path
logging.basicConfig(level=logging.DEBUG)
from hro_desktop.faults import Fault
from hro_desktop.records.evidence import Evidence
from hro_desktop.records.objects import StoredObject
from hro_desktop.records.people import Person
from hro_desktop.records.sites import Site
from hro_desktop.vault import checks
from hro_desktop.vault.vault import Vault

folder, secret, *canaries = sys.argv[1:]
with Vault.open(Path(folder), secret) as vault:
    staged = vault.objects.stage(io.BytesIO("\\n".join(canaries).encode() * 1000))
    vault.objects.publish(staged)
    with vault.work() as work:
        stored = StoredObject(name=staged.name, private_key=staged.private_key, sha256=staged.sha256, size=staged.size)
        work.session.add(stored)
        work.session.flush()
        item = Evidence(
            object_id=stored.id, kind="photo", title=canaries[0], original_name=canaries[2], deposited_at=work.now
        )
        work.session.add_all([item, *(Site(name=each) for each in canaries)])
        work.session.flush()
        work.record("evidence.deposited", item.id, staged.sha256)
        work.commit()
    checks.verify(vault)
    try:
        with vault.work() as work:
            work.session.add(Evidence(object_id=stored.id, kind="x", title=canaries[0], deposited_at=None))
            work.session.flush()
    except Exception as error:
        logging.exception("refused")
try:
    Vault.open(Path(folder), "mauvaise phrase")
except Fault as fault:
    logging.exception("refused")
"""


def found(folder, words):
    return [word for word in words for path in folder.rglob("*") if path.is_file() and word in path.read_bytes()]


def test_nothing_is_in_clear_anywhere(made, tmp_path):
    home = Path(os.environ["HOME"])
    words = [canary.encode() for canary in CANARIES] + [canary.encode("utf-16-le") for canary in CANARIES]
    with start(JOURNEY, made.folder, made.passphrase, *CANARIES) as program:
        out, error = program.communicate()
    assert program.returncode == 0, error
    assert "refused" in error
    said = (out + error).encode()
    assert [word for word in words if word in said] == []
    assert found(made.folder, words) == []
    assert found(home, words) == []
    (made.folder / "oubli.txt").write_text(CANARIES[0], encoding="utf-8")  # the control: a planted one is found
    assert found(made.folder, words) == [CANARIES[0].encode()]


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_hardened_process(tmp_path):
    code = (
        "import os, resource\nfrom hro_desktop.vault.process import harden\nharden()\n"
        "import ctypes\n"
        "print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3), oct(os.umask(0)))"
    )
    out, error = start(code).communicate()
    assert out == "(0, 0) 0 0o77\n", error
    control, _ = start(code.replace("\nharden()\n", "\n")).communicate()
    assert control != out


def test_an_emptied_base_is_refused_and_left_empty(made):
    base = made.folder / "base" / "hro.db"
    for log in base.parent.glob("hro.db-*"):
        log.unlink()
    base.write_bytes(b"")
    with pytest.raises(Fault, match=r"base\.damaged"):
        Vault.open(made.folder, made.passphrase)
    assert base.stat().st_size == 0


def test_reads_inside_reads_of_many_threads_never_wait_for_one_another(made):
    """Each thread holding one connection and waiting for a second one stopped the window for good."""

    with Vault.open(made.folder, PASSPHRASE) as vault:
        together = threading.Barrier(8)

        def twice() -> bool:
            together.wait(20)
            with vault.read() as outer, vault.read() as inner:
                return outer is inner

        with ThreadPoolExecutor(8) as pool:
            assert all(each.result(timeout=20) for each in [pool.submit(twice) for _ in range(8)])
        with vault.read() as first:
            pass
        with vault.read() as second:
            assert first is not second
