# SPDX-License-Identifier: GPL-3.0-or-later
"""A `coffre.json` of another day, whole and sealed, in the place of the present one: who it leaves out is said."""

import json

import pytest

from hro_desktop.casework import vault as casework_vault
from hro_desktop.casework.desk import Desk
from hro_desktop.records.base import utc_now
from hro_desktop.vault import accesses, checks, header, journal
from hro_desktop.vault.canonical import sha256
from hro_desktop.vault.vault import Vault
from tests.vault.support import attempt

ADDED = "sept autres mots, tirés au sort, lanterne, dune, pavé"


def codes(report):
    return [each.code for each in report.findings]


@pytest.fixture
def put_back(made):
    """One more access, and the files of before it in the place of all three; the good ones."""
    older = (made.folder / header.NAME).read_bytes()
    with Vault.open(made.folder, made.passphrase) as vault:
        accesses.add_passphrase(vault, ADDED)
        assert "slots.older" not in codes(checks.verify(vault))  # the control
    good = (made.folder / header.NAME).read_bytes()
    for name in header.COPIES:
        (made.folder / name).write_bytes(older)
    return good


def test_it_is_said_until_the_good_one_is_back(made, put_back):
    assert attempt(lambda: Vault.open(made.folder, ADDED))[1].code == "access.refused"
    for _ in range(2):
        with Vault.open(made.folder, made.passphrase) as vault:
            report = checks.verify(vault)
            assert codes(report) == ["slots.older"]
            assert "doctor --header" in report.findings[0].advice
            assert "slots.older" in codes(casework_vault.examine(Desk(vault, utc_now)))
    (made.folder / header.NAME).write_bytes(put_back)  # what it advises
    Vault.open(made.folder, ADDED).close()
    with Vault.open(made.folder, made.passphrase) as vault:
        assert "slots.older" not in codes(checks.verify(vault))


def test_or_until_the_loss_is_noted(made, put_back):
    with Vault.open(made.folder, made.passphrase) as vault:
        assert checks.mend_headers(vault) == 0
        assert codes(checks.verify(vault)) == []
        with vault.read() as session:
            assert [line["action"] for line in journal.extract(session)][-2:] == ["slot.lost", "header.mended"]
        last = vault.head()
        assert checks.mend_headers(vault) == 0
        assert vault.head() == last


def test_a_removed_access_is_not_a_lost_one(made):
    with Vault.open(made.folder, made.passphrase) as vault:
        slot = accesses.add_passphrase(vault, ADDED)
        accesses.remove(vault, slot, lambda _work: None)
        assert codes(checks.verify(vault)) == []


def test_a_copy_with_another_seal_is_named(made):
    path = made.folder / header.COPIES[1]
    document = json.loads(path.read_text(encoding="utf-8"))
    del document["sum"]
    document["mac"] = "0" * 64
    document["sum"] = sha256(document)
    path.write_text(json.dumps(document), encoding="utf-8")
    assert checks.diagnose(made.folder).findings == ()  # without the key it is as good as any
    with Vault.open(made.folder, made.passphrase) as vault:
        report = checks.verify(vault)
        assert (codes(report), report.sound) == (["header.copy_altered"], True)
        assert checks.mend_headers(vault) == 1
        assert codes(checks.verify(vault)) == []
