# SPDX-License-Identifier: GPL-3.0-or-later
"""What several tests of the vault need: deposits, snapshots, programs to kill, small disks."""

import contextlib
import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import attrs
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hro_desktop.faults import Fault
from hro_desktop.records.objects import StoredObject
from hro_desktop.vault import header, keys
from hro_desktop.vault.objects import Staged
from hro_desktop.vault.vault import Vault

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]
PASSPHRASE = "cinq mots tirés au sort, agrafe, ruban, cheval"


def times(ci: int, long: int) -> int:
    """How often a test does the same thing: `make test-long` takes its time, every other run does not.

    Whoever calls it marks the test `long`, which is what `make test-long` runs.
    """
    return long if os.environ.get("HRO_LONG") == "1" else ci


def deposit(vault: Vault, content: bytes) -> Staged:
    """A whole ingest, as the casework does it."""
    staged = vault.objects.stage(io.BytesIO(content))
    vault.objects.publish(staged)
    register(vault, staged)
    return staged


def register(vault: Vault, staged: Staged) -> None:
    """The row and the journal line."""
    with vault.work() as work:
        row = StoredObject(name=staged.name, private_key=staged.private_key, sha256=staged.sha256, size=staged.size)
        work.session.add(row)
        work.session.flush()
        work.record("evidence.deposited", row.id, staged.sha256)
        work.commit()


def attempt(action: Callable[[], T]) -> tuple[T | None, Fault | None]:
    """What an action gave, or the fault it met."""
    try:
        return action(), None
    except Fault as fault:
        return None, fault


def snapshot(folder: Path) -> dict[str, str]:
    """Every file of a closed vault and its hash."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def start(code: str, *arguments: object) -> subprocess.Popen[str]:
    """Another program of ours, with a pipe to talk through."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def killed(code: str, *arguments: object) -> bool:
    """Whether such a program was killed; otherwise it did everything."""
    with start(code, *arguments) as program:
        said, error = program.communicate()
    if program.returncode == -signal.SIGKILL:
        return True
    assert (said, program.returncode) == ("done\n", 0), error
    return False


@contextlib.contextmanager
def small_disk(kib: int) -> Iterator[Path]:
    """A disk of its own, so small that it can be filled; needs the right to mount."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("only root may mount")
    with tempfile.TemporaryDirectory() as name:
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={kib}k", "tmpfs", name], capture_output=True, check=False
        )
        if mounted.returncode:
            pytest.skip("no right to mount here")
        try:
            yield Path(name)
        finally:
            subprocess.run(["umount", "-l", name], check=True)


def fill(folder: Path, leave: int = 0) -> Path:
    """Use up a disk to the last byte, then give `leave` bytes back; returns the file that does it."""
    path = folder / "remplissage"
    with path.open("wb", buffering=0) as file:
        size = 65536
        while size:
            try:
                if file.write(bytes(size)) < size:
                    size //= 2
            except OSError:
                size //= 2
        file.truncate(max(0, file.tell() - leave))
    return path


def to_first_format(folder: Path, secrets_: Sequence[str]) -> None:
    """Write the header of a closed vault as the first release did: the key of each slot wraps the VMK itself.

    Args:
        folder: the vault.
        secrets_: of its slots, in their order; what is bound to each is spelled out here, from `docs/vault-format.md`.
    """
    with Vault.open(folder, secrets_[0]) as vault:
        found, own = vault.header, attrs.evolve(vault.keys, vmk=bytearray(vault.keys.vmk))
    slots = []
    for slot, secret in zip(found.slots, secrets_, strict=True):
        stretched = keys.stretch(keys.secret_bytes(secret), found.salt, found.kdf)
        info = b"hro-desktop/1 slot\n" + slot.id.encode()
        key = HKDF(hashes.SHA256(), 32, bytes.fromhex(found.vault_id), info).derive(stretched)
        bound = {"format": 1, "vault": found.vault_id, "kdf": found.kdf_object()}
        bound["slot"] = {"id": slot.id, "kind": slot.kind, "device": False}
        content = json.dumps(bound, sort_keys=True, separators=(",", ":")).encode()
        nonce = os.urandom(12)
        wrapped = nonce + ChaCha20Poly1305(key).encrypt(nonce, bytes(own.vmk), content)
        slots.append(keys.Slot(slot.id, slot.kind, wrapped.hex()))
    old = header.Header(found.vault_id, found.salt, found.kdf, tuple(slots), format=1)
    header.save(folder, old, own, forget=True)
