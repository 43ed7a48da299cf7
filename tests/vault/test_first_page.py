# SPDX-License-Identifier: GPL-3.0-or-later
"""The first sector of the base is lost: all the others are still there, and can be read."""

import os

from sqlalchemy import select

from hro_desktop.records.objects import StoredObject
from hro_desktop.vault import accesses, checks, salvage
from hro_desktop.vault.database import BASE, PAGE
from hro_desktop.vault.pages import KEPT
from hro_desktop.vault.vault import Vault
from tests.vault.support import attempt, deposit, snapshot

SALT = BASE.with_name(KEPT)


def first_page_lost(folder):
    with (folder / BASE).open("r+b") as file:
        file.write(os.urandom(PAGE))


def saved(made, target):
    """How many objects are taken over; or why there is nothing."""
    report, fault = attempt(lambda: salvage.salvage(made.folder, target, made.passphrase))
    if fault is not None:
        return fault.code
    assert not any(each.code == "salvage.rows" for each in report.findings if "stored_object" in each.sentence)
    with Vault.open(target, made.passphrase) as vault, vault.read() as session:
        return len(session.scalars(select(StoredObject)).all())


def test_everything_else_is_taken_over(made, tmp_path):
    with Vault.open(made.folder, made.passphrase) as vault:
        for n in range(3):
            deposit(vault, b"%d" % n)
    salt = (made.folder / SALT).read_bytes()
    assert salt == (made.folder / BASE).read_bytes()[:16]
    assert checks.diagnose(made.folder).findings == ()
    first_page_lost(made.folder)
    assert attempt(lambda: Vault.open(made.folder, made.passphrase))[1].code == "base.damaged"
    before = snapshot(made.folder)
    assert saved(made, tmp_path / "neuf") == 3
    assert snapshot(made.folder) == before
    for wrong in (b"", salt[:-1], bytes(16), salt + b"x"):
        (made.folder / SALT).write_bytes(wrong)
        assert saved(made, tmp_path / "rien") == "salvage.nothing"
    (made.folder / SALT).unlink()
    assert saved(made, tmp_path / "rien") == "salvage.nothing"  # the control


def test_a_copy_of_another_base_does_no_harm_and_is_written_anew(made, tmp_path):
    with Vault.open(made.folder, made.passphrase) as vault:
        deposit(vault, b"une image")
    (made.folder / SALT).write_bytes(bytes(16))
    assert saved(made, tmp_path / "neuf") == 1
    Vault.open(made.folder, made.passphrase).close()
    assert (made.folder / SALT).read_bytes() == (made.folder / BASE).read_bytes()[:16]


def test_it_follows_a_change_of_the_key(made, tmp_path):
    with Vault.open(made.folder, made.passphrase) as vault:
        slot = accesses.add_passphrase(vault, "sept autres mots, tirés au sort, lanterne, dune, pavé")
        deposit(vault, b"une image")
        accesses.remove(vault, slot, lambda _work: None)
        deposit(vault, b"une autre")
    assert (made.folder / SALT).read_bytes() == (made.folder / BASE).read_bytes()[:16]
    first_page_lost(made.folder)
    assert saved(made, tmp_path / "neuf") == 2
