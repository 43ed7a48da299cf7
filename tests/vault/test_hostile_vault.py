# SPDX-License-Identifier: GPL-3.0-or-later
"""A vault or a backup that somebody made to do harm: refused within a bound of memory, and what is good still opens."""

import base64
import io
import json
import sys

import attrs
import pytest

from hro_desktop.vault import age, backup, bech32, checks, header
from hro_desktop.vault.canonical import sha256
from hro_desktop.vault.generations import FOLDER
from hro_desktop.vault.vault import Vault
from tests.vault.support import attempt, deposit, start

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits memory as Linux does")

TIB = 1 << 40
MOST_MIB = 400
"""An attempt at a passphrase takes 64 of them here; what a hostile file asks for takes a thousand times more."""

PROGRAM = """
import json, resource, sys
from pathlib import Path
from hro_desktop.faults import Fault
from hro_desktop.vault import backup, checks, generations, restore
from hro_desktop.vault.vault import Vault

what, folder, secret, *more = sys.argv[1:]

def opened():
    with Vault.open(Path(folder), secret) as vault:
        return [each.code for each in vault.notices] + [each.code for each in checks.verify(vault).findings]

def restored():
    for each in generations.generations(Path(more[0])):
        restore.check(each) if each.manifest else None
    restore.restore(generations.newest(Path(more[0])), Path(more[1]))
    return []

def backed_up():
    with Vault.open(Path(folder), secret) as vault:
        return [each.code for each in backup.make(vault, Path(more[0])).findings]

def planted():
    more.append(list(range(60_000_000)))
    return []

def cramped():
    used = int(Path("/proc/self/statm").read_text().split()[0]) * 4096
    resource.setrlimit(resource.RLIMIT_AS, (used + (600 << 20),) * 2)
    return opened()

before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    told = {"opened": opened, "restored": restored, "backed_up": backed_up, "planted": planted,
            "cramped": cramped,
            }[what]()
except Fault as fault:
    told = fault.code
print(json.dumps([told, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024]))
"""


def does(what, made, *more):
    """What a program of ours says of it, and the memory in MiB it took at most."""
    with start(PROGRAM, what, made.folder, made.passphrase, *more) as program:
        said, error = program.communicate()
    assert program.returncode == 0, error
    told, mib = json.loads(said)
    assert mib < MOST_MIB
    return told


def rewritten(folder, change, names=header.COPIES):
    """The public files as somebody without the key can write them: the sum is right, the seal is not."""
    for name in names:
        document = json.loads((folder / name).read_text(encoding="utf-8"))
        change(document)
        document.pop("sum")
        (folder / name).write_text(json.dumps(document | {"sum": sha256(document)}), encoding="utf-8")


def sparse(path, size=TIB):
    """A file that says it is enormous and takes no room."""
    with path.open("r+b" if path.exists() else "wb") as file:
        file.truncate(size)


def cost(**asked):
    return lambda document: document["kdf"].update(asked)


def nested(document):
    """The place of a trusted third party: an encrypted file in an encrypted file in an encrypted file…"""
    key, content = age.generate_key(), b"x" * 100
    for _ in range(8):
        out = io.BytesIO()
        age.encrypt_stream(io.BytesIO(content), out, [age.public_key(key)])
        content = out.getvalue()
    slot = dict.fromkeys(document["slots"][0], "") | {
        "id": "ab" * 8,
        "kind": "escrow",
        "device": False,
        "recipient": bech32.recipient(age.public_key(key)),
    }
    document["slots"].insert(0, slot | {"wrapped": base64.b64encode(content).decode()})


def deep(document, key):
    """The place of a third party whose key is known: brackets in brackets, beyond what any program follows."""
    out = io.BytesIO()
    age.encrypt_stream(io.BytesIO(b"[" * 1020), out, [age.public_key(key)])
    slot = dict.fromkeys(document["slots"][0], "") | {
        "id": "ef" * 8,
        "kind": "escrow",
        "device": False,
        "recipient": bech32.recipient(age.public_key(key)),
    }
    document["slots"].insert(0, slot | {"wrapped": base64.b64encode(out.getvalue()).decode()})


def slow(document):
    """Another way to ask for an endless computation: an age file for a passphrase, 2^40 rounds."""
    content = b"age-encryption.org/v1\n-> scrypt " + b"A" * 22 + b" 40\n" + b"A" * 43 + b"\n--- " + b"A" * 43 + b"\n"
    slot = dict.fromkeys(document["slots"][0], "") | {
        "id": "cd" * 8,
        "kind": "escrow",
        "device": False,
        "recipient": "age1" + "q" * 58,
    }
    document["slots"].insert(0, slot | {"wrapped": base64.b64encode(content + bytes(100)).decode()})


COSTS = [cost(memory_kib=TIB // 1024), cost(passes=10**9), cost(lanes=2**24), cost(memory_kib=2**63, passes=2**63)]


def test_control_the_limit_is_noticed(made):
    with pytest.raises(AssertionError):
        does("planted", made)


@pytest.mark.parametrize("ask", COSTS)
def test_a_cost_beyond_bounds_is_refused(made, ask):
    rewritten(made.folder, ask)
    assert does("opened", made) == "header.absurd"
    assert "header.absurd" in {each.code for each in checks.diagnose(made.folder).findings}


def test_when_the_main_file_asks_for_too_much_a_good_copy_opens(made):
    rewritten(made.folder, COSTS[0], header.COPIES[:1])
    assert does("opened", made)[0] == "header.recovered"


def test_a_cost_within_bounds_and_beyond_this_computer_is_left_for_a_good_copy(made):
    """Somebody raised it in one file: where there is so little memory, the others open all the same."""
    rewritten(made.folder, cost(memory_kib=1024 * 1024), header.COPIES[:1])
    assert does("cramped", made)[0] == "header.recovered"
    rewritten(made.folder, cost(memory_kib=1024 * 1024))
    assert does("cramped", made) == "access.memory"  # the control


@pytest.mark.parametrize("change", [nested, slow])
def test_a_slot_made_to_do_harm_leaves_the_others_alone(made, change):
    """Nobody without the key can seal it: a good copy is taken. Without one it is said who could have written it."""
    rewritten(made.folder, change)
    assert does("opened", made) == "header.altered"
    rewritten(made.folder, lambda document: document["slots"].pop(0), header.COPIES[2:])
    assert does("opened", made)[0] == "header.recovered"


def test_a_slot_too_deep_to_read_opens_nothing(made):
    key = age.generate_key()
    rewritten(made.folder, lambda document: deep(document, key), header.COPIES[:1])
    _, fault = attempt(lambda: Vault.open(made.folder, bech32.identity(key)))
    assert fault.code == "access.refused"
    Vault.open(made.folder, made.passphrase).close()


def test_a_damaged_slot_is_one_way_in_less(made):
    """And only that: sealed again by whoever holds the key, the vault opens by its other slot."""
    with Vault.open(made.folder, made.passphrase) as vault:
        first, *others = vault.header.slots
        spoilt = attrs.evolve(vault.header, slots=(attrs.evolve(first, wrapped="00" * 60), *others))
        header.save(vault.folder, spoilt, vault.keys, forget=True)
    assert attempt(lambda: Vault.open(made.folder, made.passphrase))[1].code == "access.refused"
    Vault.open(made.folder, made.paper_code).close()


CONTENTS = {
    "brackets": b"[" * 200_000,
    "objects": b'{"a":' * 40_000,
    "a number": b'{"sum":"", "format":' + b"9" * 200_000 + b"}",
    "not a number": b'{"sum": NaN, "format": 1e999}',
    "surrogates": b'{"sum": "\\ud800", "format": 1}',
    "a list": b"[" + b"1," * 100_000 + b"1]",
    "nothing": b"",
    "zeros": bytes(200_000),
}


def test_words_made_to_choke_on(made):
    for content in CONTENTS.values():
        for name in header.COPIES:
            (made.folder / name).write_bytes(content)
        assert attempt(lambda: Vault.open(made.folder, made.passphrase))[1].code == "header.damaged"
        assert "header.damaged" in {each.code for each in checks.diagnose(made.folder).findings}


def test_enormous_files_are_not_read(made):
    with Vault.open(made.folder, made.passphrase) as vault:
        staged = deposit(vault, b"une image")
        path = vault.objects.path(staged.name)
    sparse(path, path.stat().st_size + TIB)
    sparse(made.folder / header.NAME)
    sparse(made.folder / "restauration.json")
    (made.folder / "verrou").write_bytes(b"")
    sparse(made.folder / "verrou")
    told = does("opened", made)
    assert told[:2] == ["header.recovered", "restore.altered"] or set(told[:2]) == {
        "header.recovered",
        "restore.altered",
    }
    assert "object.extended" in told


def test_an_enormous_base_is_a_damaged_one(made):
    sparse(made.folder / "base" / "hro.db")
    assert does("opened", made) == "base.damaged"


@pytest.fixture
def saved(made, tmp_path):
    stick = tmp_path / "cle"
    stick.mkdir()
    with Vault.open(made.folder, made.passphrase) as vault:
        deposit(vault, b"une image")
        backup.make(vault, stick)
        deposit(vault, b"une autre")
        newest = backup.make(vault, stick).generation
    return stick, newest.folder / "manifeste.json"


def many(content):
    """A manifest of more objects than there are."""
    document = json.loads(content)
    document["objects"] = {f"{number:040x}": {"size": TIB, "sha256": "0" * 64} for number in range(30_000)}
    document.pop("sum")
    return json.dumps(document | {"sum": sha256(document)}).encode()


@pytest.mark.parametrize(
    "hostile",
    [
        lambda content: content[:-200],
        lambda _: b"[" * 10_000_000,
        lambda content: content + b" " * (70 << 20),
        many,
        lambda _: b'{"sum":"","a":[' + b"[]," * (21 << 20) + b"[]]}",
        lambda _: b'{"sum":"","a":[' + b"1," * (31 << 20) + b"1]}",
        lambda _: b'{"sum":""' + b"".join(b',"%x":{}' % n for n in range(4 << 20)) + b"}",
    ],
    ids=["cut", "brackets", "long", "many", "lists", "numbers", "objects"],
)
def test_a_hostile_manifest_costs_its_own_generation_only(made, saved, tmp_path, hostile):
    stick, manifest = saved
    manifest.write_bytes(hostile(manifest.read_bytes()))
    assert does("restored", made, stick, tmp_path / "neuf") in ([], "backup.no_room", "backup.manifest")
    assert set(does("backed_up", made, stick)) <= {"backup.same_disk"}


def test_enormous_files_of_a_backup_are_not_read(made, saved, tmp_path):
    stick, manifest = saved
    for path in (manifest, manifest.with_name(header.NAME), stick / FOLDER / "objets" / backup.LOG):
        sparse(path)
    assert does("restored", made, stick, tmp_path / "neuf") in ([], "backup.manifest")
    assert set(does("backed_up", made, stick)) <= {"backup.same_disk"}


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document["slots"].append(document["slots"][0]),
        lambda document: document.update(format=10**300),
    ],
    ids=["one access twice", "a format of no program"],
)
def test_what_no_program_writes_is_damaged_and_seen_without_a_key(made, change):
    rewritten(made.folder, change, header.COPIES[:1])
    assert [each.code for each in checks.diagnose(made.folder).findings] == ["header.recoverable"]
    with Vault.open(made.folder, made.passphrase) as vault:
        assert [each.code for each in vault.notices] == ["header.recovered"]
    rewritten(made.folder, lambda document: None)
    assert checks.diagnose(made.folder).findings == ()  # the control
