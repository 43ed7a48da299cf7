# SPDX-License-Identifier: GPL-3.0-or-later
"""The key of the vault, what is derived from it, and the slots that wrap it.

The vault master key (VMK) is 32 random bytes that are never on the disk in clear. A slot wraps it for one secret: a
volunteer's passphrase, the paper code, or the age key of a trusted third party. Each slot has a public age key, to
which the VMK is encrypted: another VMK can be given to all of them without any passphrase. `docs/vault-format.md` says
all of this byte by byte.
"""

import base64
import binascii
import io
import json
import math
import secrets
import time
from collections.abc import Mapping
from typing import Any, Final

import attrs
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hro_desktop.faults import ExitCode, Fault
from hro_desktop.vault import age, bech32, paper, passphrase
from hro_desktop.vault.canonical import canonical

__all__ = [
    "ESCROW",
    "FIRST_FORMAT",
    "FORMAT",
    "PAPER",
    "PASSPHRASE",
    "KdfParams",
    "Keys",
    "Slot",
    "open_escrow",
    "open_slot",
    "rewrap",
    "secret_bytes",
    "stretch",
    "wrap",
    "wrap_for_escrow",
]

FORMAT: Final = 2
FIRST_FORMAT: Final = 1
"""Slots without a key pair of their own: the passphrase wraps the VMK itself."""
KEY_SIZE: Final = 32
MIB: Final = 1024

PASSPHRASE: Final = "passphrase"  # noqa: S105 - the kind of a slot
PAPER: Final = "paper"
ESCROW: Final = "escrow"

LABEL_BASE: Final = b"hro-desktop/1 base"
LABEL_HEADER: Final = b"hro-desktop/1 header"
LABEL_SLOT: Final = b"hro-desktop/1 slot\n"


@attrs.frozen
class KdfParams:
    """What one attempt at a secret costs (Argon2id, RFC 9106).

    Args:
        memory_kib: from 64 MiB to 1 GiB.
        passes: at least 1; `memory_kib * passes` at most 8 GiB, about ten seconds.
        lanes: 1 to 16.

    The bounds hold when a vault is made and when one is read: a hostile file could ask for a tebibyte.
    """

    memory_kib: int = 256 * MIB
    passes: int = 3
    lanes: int = 4

    FLOOR_KIB = 64 * MIB
    CEILING_KIB = 1024 * MIB
    CEILING_WORK = 8 * 1024 * MIB
    CEILING_LANES = 16
    AIM_SECONDS = 1.0

    def within_bounds(self) -> bool:
        """Whether this is strong enough to be made and cheap enough to be tried."""
        return (
            self.FLOOR_KIB <= self.memory_kib <= self.CEILING_KIB
            and self.passes >= 1
            and self.memory_kib * self.passes <= self.CEILING_WORK
            and 1 <= self.lanes <= self.CEILING_LANES
        )

    @classmethod
    def fast(cls) -> "KdfParams":
        """The cheapest allowed, about 40 ms: for practice vaults and tests, which hold nothing about anybody."""
        return cls(memory_kib=cls.FLOOR_KIB, passes=1)

    @classmethod
    def measured(cls) -> "KdfParams":
        """The default, with as many passes as make one attempt last about a second on this machine."""
        default = cls()
        started = time.perf_counter()
        stretch(b"measure", bytes(16), default)
        elapsed = max(time.perf_counter() - started, 1e-3)
        passes = max(default.passes, math.ceil(default.passes * cls.AIM_SECONDS / elapsed))
        return attrs.evolve(default, passes=min(passes, cls.CEILING_WORK // default.memory_kib))


@attrs.frozen
class Slot:
    """One way into the vault, as it stands in `coffre.json`. The id is random and says nobody's name.

    Args:
        id: 16 hexadecimal digits; the actor in the journal.
        kind: `passphrase`, `paper` or `escrow`.
        wrapped: the VMK, in an age file for `recipient`, in base64; in a slot of the first format, under the key made
            of the secret: nonce and ciphertext in hexadecimal.
        device: a secret kept in the keyring of the system is mixed into the key of this slot.
        recipient: the public key of this slot, `age1…`; empty in one of the first format that is not an escrow.
        identity: the private half under the key made of the secret: nonce and ciphertext in hexadecimal. Empty for an
            escrow, whose holder keeps it, and in the first format.
    """

    id: str
    kind: str
    wrapped: str
    device: bool = False
    recipient: str = ""
    identity: str = ""


@attrs.define(repr=False)
class Keys:
    """The VMK of an open vault and the slot that gave it.

    `wipe` does what Python allows, which is not much: locking replaces the process.
    """

    vmk: bytearray
    vault_id: str
    slot_id: str

    @classmethod
    def generate(cls, vault_id: str) -> "Keys":
        """The key of a new vault."""
        return cls(bytearray(secrets.token_bytes(KEY_SIZE)), vault_id, "")

    def base(self) -> str:
        """The raw key of the encrypted base, 64 hexadecimal digits.

        Raises:
            ValueError: another length; SQLCipher would silently take it for a passphrase.
        """
        digits = self._derive(LABEL_BASE).hex()
        if len(digits) != 2 * KEY_SIZE:
            raise ValueError("key length")
        return digits

    def header(self) -> bytes:
        """The key of the MAC of `coffre.json`."""
        return self._derive(LABEL_HEADER)

    def wipe(self) -> None:
        """Overwrite the VMK in place."""
        self.vmk[:] = bytes(len(self.vmk))

    def _derive(self, label: bytes) -> bytes:
        return HKDF(hashes.SHA256(), KEY_SIZE, bytes.fromhex(self.vault_id), label).derive(bytes(self.vmk))


def secret_bytes(text: str) -> bytes:
    """What is stretched for a typed secret: the letters of a paper code, else the passphrase in its one spelling."""
    return (paper.read(text) or passphrase.normal(text)).encode("utf-8", "surrogatepass")


def stretch(secret: bytes, salt: bytes, params: KdfParams) -> bytes:
    """Argon2id, once per attempt, for all slots.

    Raises:
        Fault: `access.memory`, when the machine has not enough free memory.
    """
    try:
        return Argon2id(
            salt=salt, length=KEY_SIZE, iterations=params.passes, lanes=params.lanes, memory_cost=params.memory_kib
        ).derive(secret)
    except MemoryError:
        raise Fault(
            "access.memory",
            f"Il faut {params.memory_kib // MIB}\u00a0Mio de mémoire libre pour ouvrir ce coffre\u00a0: "
            "fermez d’autres programmes, puis recommencez.",
            ExitCode.ACCESS,
        ) from None


def wrap(
    keys: Keys, kind: str, stretched: bytes, kdf: Mapping[str, Any], *, slot_id: str = "", device_secret: bytes = b""
) -> Slot:
    """A new slot for a passphrase or a paper code.

    Args:
        keys: of the open vault.
        kind: `PASSPHRASE` or `PAPER`.
        stretched: what `stretch` made of the secret.
        kdf: the `kdf` object of `coffre.json`; bound to the slot, so that its cost cannot be lowered.
        slot_id: of a slot that is replaced; a new one otherwise.
        device_secret: 32 bytes from the keyring, or nothing.
    """
    private = age.generate_key()
    recipient = bech32.recipient(age.public_key(private))
    bare = Slot(slot_id or secrets.token_hex(8), kind, "", device=bool(device_secret), recipient=recipient)
    nonce = secrets.token_bytes(12)
    key = _slot_key(keys.vault_id, bare, stretched, device_secret)
    sealed = ChaCha20Poly1305(key).encrypt(nonce, private, _bound(keys.vault_id, bare, kdf))
    return rewrap(keys, attrs.evolve(bare, identity=(nonce + sealed).hex()))


def rewrap(keys: Keys, slot: Slot) -> Slot:
    """The same slot for another VMK; whoever holds its secret opens it as before, and need not be there.

    Args:
        keys: what it shall open to.
        slot: with a recipient that was authenticated: whoever planted one would be given the key.

    Raises:
        Fault: `access.recipient`.
    """
    content = canonical({"vault": keys.vault_id, "vmk": bytes(keys.vmk).hex()})
    sealed = io.BytesIO()
    age.encrypt_stream(io.BytesIO(content), sealed, [bech32.parse_recipient(slot.recipient)])
    return attrs.evolve(slot, wrapped=base64.b64encode(sealed.getvalue()).decode())


def open_slot(
    vault_id: str, slot: Slot, stretched: bytes, kdf: Mapping[str, Any], *, device_secret: bytes = b""
) -> Keys | None:
    """The keys, if this slot was made for that secret; nothing otherwise."""
    if slot.kind == ESCROW or slot.device != bool(device_secret):
        return None
    sealed = bytes.fromhex(slot.identity or slot.wrapped)
    key = _slot_key(vault_id, slot, stretched, device_secret)
    try:
        inner = ChaCha20Poly1305(key).decrypt(sealed[:12], sealed[12:], _bound(vault_id, slot, kdf))
    except InvalidTag:
        return None
    return _open_wrapped(vault_id, slot, inner) if slot.identity else Keys(bytearray(inner), vault_id, slot.id)


def wrap_for_escrow(keys: Keys, recipient: str) -> Slot:
    """A new slot that only the holder of an age key opens, with or without this program.

    Raises:
        Fault: `access.recipient`.
    """
    return rewrap(keys, Slot(secrets.token_hex(8), ESCROW, "", recipient=recipient.strip().lower()))


def open_escrow(vault_id: str, slot: Slot, private_key: bytes) -> Keys | None:
    """The keys, if this escrow slot was made for that age key and this vault; nothing otherwise."""
    return _open_wrapped(vault_id, slot, private_key) if slot.kind == ESCROW else None


def _open_wrapped(vault_id: str, slot: Slot, private_key: bytes) -> Keys | None:
    try:
        with age.AgeReader(io.BytesIO(base64.b64decode(slot.wrapped, validate=True)), private_key) as reader:
            content = json.loads(reader.read(1024))
        vmk = bytearray.fromhex(content["vmk"])
        same = content["vault"] == vault_id and len(vmk) == KEY_SIZE
    except (age.AgeError, binascii.Error, ValueError, KeyError, TypeError, RecursionError):
        return None
    return Keys(vmk, vault_id, slot.id) if same else None


def _slot_key(vault_id: str, slot: Slot, stretched: bytes, device_secret: bytes) -> bytes:
    kdf = HKDF(hashes.SHA256(), KEY_SIZE, bytes.fromhex(vault_id), LABEL_SLOT + slot.id.encode())
    return kdf.derive(stretched + device_secret)


def _bound(vault_id: str, slot: Slot, kdf: Mapping[str, Any]) -> bytes:
    """Associated data: a slot moved to another vault, or under a cheaper derivation, does not open."""
    own = {"id": slot.id, "kind": slot.kind, "device": slot.device}
    if slot.recipient:
        own["recipient"] = slot.recipient
    form = FORMAT if slot.recipient else FIRST_FORMAT
    return canonical({"format": form, "vault": vault_id, "kdf": dict(kdf), "slot": own})
