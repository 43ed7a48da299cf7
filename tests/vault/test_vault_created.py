# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a vault may be made and with which passphrase; a creation that fails leaves nothing."""

import pytest

from hro_desktop.faults import ExitCode, Fault
from hro_desktop.records.settings import Setting
from hro_desktop.vault import accesses, header, reserve
from hro_desktop.vault.keys import KdfParams
from hro_desktop.vault.vault import Vault
from tests.vault.support import PASSPHRASE
from tests.vault.test_vault import FAST, create


@pytest.mark.parametrize("folder", ["full", "file", "link", "nowhere"])
def test_a_place_that_is_not_free(tmp_path, folder):
    place = tmp_path / "coffre"
    if folder == "full":
        place.mkdir()
        (place / "lettre.txt").write_text("à garder")
    elif folder == "file":
        place.write_text("à garder")
    elif folder == "link":
        place.symlink_to(tmp_path / "ailleurs")
    else:
        place = tmp_path / "a" / "b"
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(Fault) as caught:
        create(place)
    assert caught.value.code == ("vault.no_place" if folder == "nowhere" else "vault.not_empty")
    assert sorted(tmp_path.rglob("*")) == before


def test_an_empty_folder_will_do_and_stays_when_creation_fails(tmp_path, monkeypatch):
    place = tmp_path / "coffre"
    place.mkdir()

    def fail(*_):
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(header, "save", fail)
        with pytest.raises(Fault) as caught:
            create(place)
    assert caught.value.code == "disk.failed"
    assert list(place.iterdir()) == []
    create(place).vault.close()
    Vault.open(place, PASSPHRASE).close()


def test_a_creation_that_fails_leaves_nothing(tmp_path, monkeypatch):
    def fail(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(reserve, "allocate", fail)
    with pytest.raises(KeyboardInterrupt):
        create(tmp_path / "coffre")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("passphrase", ["", "  ", "court", "azertyuiop1234567890"])
def test_a_weak_passphrase_makes_no_vault(tmp_path, passphrase):
    with pytest.raises(Fault) as caught:
        create(tmp_path / "coffre", passphrase)
    assert caught.value.code == ("access.weak" if passphrase.strip() else "access.empty")
    assert caught.value.exit_code == ExitCode.ACCESS
    assert list(tmp_path.iterdir()) == []


def test_a_practice_vault_takes_any_passphrase_and_says_what_it_is(tmp_path):
    created = Vault.create(tmp_path / "coffre", "essai", practice=True, reserve_size=4096)
    with created.vault as vault:
        assert vault.header.kdf == FAST
        with vault.read() as session:
            assert session.get(Setting, "practice").value
        accesses.add_passphrase(vault, "autre")
    Vault.open(tmp_path / "coffre", "autre").close()


def test_absurd_costs_are_not_written(tmp_path):
    with pytest.raises(ValueError, match="kdf"):
        Vault.create(tmp_path / "coffre", PASSPHRASE, kdf=KdfParams(memory_kib=1024))
