# SPDX-License-Identifier: GPL-3.0-or-later
"""A secret of this computer mixed into a passphrase, with a real keyring: that of a desktop session of its own."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from hro_desktop.faults import Fault
from hro_desktop.vault import accesses, header
from hro_desktop.vault.vault import Vault
from tests.vault.support import ROOT, attempt, to_first_format

needs_keyring = pytest.mark.skipif(
    os.environ.get("CI") != "true" and not (shutil.which("gnome-keyring-daemon") and shutil.which("dbus-run-session")),
    reason="gnome-keyring and dbus are not installed",
)

PROGRAM = """
import json, sys
from pathlib import Path
from hro_desktop.faults import Fault
from hro_desktop.vault import accesses, checks
from hro_desktop.vault.vault import Vault

folder, secret, *wanted = sys.argv[1:]
try:
    with Vault.open(Path(folder), secret) as vault:
        for each in wanted:
            if each == "remove":
                phrases = [slot for slot in vault.header.slots if slot.kind == "passphrase"]
                (other,) = [slot for slot in phrases if slot.id != vault.slot_id]
                accesses.remove(vault, other.id, lambda work: None)
            else:
                accesses.bind_device(vault, secret, wanted=each == "on")
        own = next(slot for slot in vault.header.slots if slot.id == vault.slot_id)
        print(json.dumps({"device": own.device, "sound": checks.verify(vault).sound}))
except Fault as fault:
    print(json.dumps({"code": fault.code, "said": fault.sentence}))
"""
START = {
    "open": "printf motdesession | gnome-keyring-daemon --unlock --daemonize --components=secrets >/dev/null",
    "locked": "gnome-keyring-daemon --start --daemonize --components=secrets >/dev/null",
    "absent": "true",
}


@pytest.fixture
def session(tmp_path):
    """Runs the program in a session of the desktop of its own, with a keyring that is open, locked or absent."""
    (tmp_path / "run").mkdir(mode=0o700)

    def run(keyring, *arguments, home="maison"):
        (tmp_path / home).mkdir(exist_ok=True)
        where = {"HOME": str(tmp_path / home), "XDG_RUNTIME_DIR": str(tmp_path / "run"), "PYTHONPATH": str(ROOT)}
        for name in ("CONFIG", "DATA", "CACHE", "STATE"):
            where[f"XDG_{name}_HOME"] = str(tmp_path / home / name)
        where["PYTHON_KEYRING_BACKEND"] = "keyring.backends.SecretService.Keyring"
        ran = subprocess.run(
            [
                *("dbus-run-session", "--", "sh", "-c", START[keyring] + '; exec "$@"', "sh"),
                *(sys.executable, "-c", PROGRAM, *map(str, arguments)),
            ],
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
            env={**os.environ, **where},
            timeout=300,
        )
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout.splitlines()[-1])

    return run


@needs_keyring
@pytest.mark.slow
def test_with_the_keyring_it_opens_without_it_another_access_does(made, session, tmp_path):
    assert session("open", made.folder, made.passphrase, "on") == {"device": True, "sound": True}
    assert session("open", made.folder, made.passphrase) == {"device": True, "sound": True}
    for keyring, home in (("locked", "maison"), ("absent", "maison"), ("open", "ailleurs")):
        said = session(keyring, made.folder, made.passphrase, home=home)
        assert said["code"] == "access.device"
        assert "code papier" in said["said"]
        assert session(keyring, made.folder, made.paper_code, home=home)["sound"]
    # the keyring alone is not enough, and says so as for any other phrase
    assert session("open", made.folder, "une autre phrase")["code"] == "access.refused"
    assert session("open", made.folder, made.passphrase, "off") == {"device": False, "sound": True}
    assert session("absent", made.folder, made.passphrase) == {"device": False, "sound": True}


@needs_keyring
@pytest.mark.slow
def test_an_older_file_of_the_accesses_does_not_open_the_vault_of_today(made, session, tmp_path):
    """Every backup has one, on a stick, in clear: with it the phrase alone opened what was written since."""
    before = (made.folder / header.NAME).read_bytes()
    older = tmp_path / "ancien"
    shutil.copytree(made.folder, older)
    assert session("open", made.folder, made.passphrase, "on")["device"]
    copy = tmp_path / "copie"
    shutil.copytree(made.folder, copy)
    for name in header.COPIES:
        (copy / name).write_bytes(before)
    assert session("absent", copy, made.passphrase, home="ailleurs")["code"] == "base.damaged"
    assert session("absent", older, made.passphrase, home="ailleurs")["sound"]  # the control: that of its day
    assert session("absent", made.folder, made.paper_code, home="ailleurs")["sound"]


@needs_keyring
@pytest.mark.slow
def test_it_stays_through_a_change_of_the_key_and_older_copies_keep_their_own_secret(made, session, tmp_path):
    with Vault.open(made.folder, made.passphrase) as vault:
        accesses.add_passphrase(vault, "sept autres mots, tirés au sort, lanterne, dune, pavé")
    assert session("open", made.folder, made.passphrase, "on")["device"]
    older = tmp_path / "ancien"
    shutil.copytree(made.folder, older)
    assert session("open", made.folder, made.passphrase, "remove") == {"device": True, "sound": True}
    assert session("open", made.folder, made.passphrase, "off", "on") == {"device": True, "sound": True}
    for folder in (made.folder, older):
        assert session("open", folder, made.passphrase) == {"device": True, "sound": True}


def refusal(action):
    return attempt(action)[1].code


def test_a_system_that_keeps_nothing_changes_nothing(made):
    with Vault.open(made.folder, made.passphrase) as vault:
        before = vault.header
        assert refusal(lambda: accesses.bind_device(vault, made.passphrase, wanted=True)) == "access.no_keyring"
        assert refusal(lambda: accesses.bind_device(vault, "une autre phrase", wanted=True)) == "access.not_own"
        assert vault.header == before
    with Vault.open(made.folder, made.paper_code) as vault:
        assert refusal(lambda: accesses.bind_device(vault, made.paper_code, wanted=True)) == "access.not_own"
    Vault.open(made.folder, made.passphrase).close()


def test_an_access_that_could_not_follow_is_said_before(made, keyring):
    to_first_format(made.folder, (made.passphrase, made.paper_code))
    with Vault.open(made.folder, made.passphrase) as vault:
        assert refusal(lambda: accesses.bind_device(vault, made.passphrase, wanted=True)) == "access.unused"
        assert not any(slot.device for slot in vault.header.slots)
    Vault.open(made.folder, made.paper_code).close()
    with Vault.open(made.folder, made.passphrase) as vault:  # the control: it was used once
        accesses.bind_device(vault, made.passphrase, wanted=True)
    Vault.open(made.folder, made.passphrase).close()


@needs_keyring
@pytest.mark.slow
def test_never_the_only_way_in(made, session):
    with Vault.open(made.folder, made.passphrase) as vault:
        paper = next(slot for slot in vault.header.slots if slot.kind == "paper")
        accesses.remove(vault, paper.id, lambda _work: None)
    assert session("open", made.folder, made.passphrase, "on")["code"] == "access.device_alone"


def test_the_keyring_is_not_loaded_where_no_slot_asks_for_it(made):
    """Finding its back ends takes a tenth of a second; the head of the journal asks for it beside the derivation."""
    code = """
import sys
from pathlib import Path
from hro_desktop.faults import Fault
from hro_desktop.vault.unlock import unlock
unlock(Path(sys.argv[1]), sys.argv[2])
try:
    unlock(Path(sys.argv[1]), "une autre phrase")
except Fault:
    pass
print([name for name in sys.modules if name.split(".")[0] in ("keyring", "secretstorage")])
"""
    ran = subprocess.run(
        [sys.executable, "-c", code, made.folder, made.passphrase],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert ran.stdout.strip() == "[]"


def test_a_lost_secret_is_a_fault_of_its_own(made):
    """The null keyring of the tests: nothing is ever there."""
    with pytest.raises(Fault) as caught:
        Vault.open(made.folder, "une autre phrase")
    assert caught.value.code == "access.refused"
