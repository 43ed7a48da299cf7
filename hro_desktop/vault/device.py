# SPDX-License-Identifier: GPL-3.0-or-later
"""The secret of this computer that may be mixed into the key of a passphrase: 32 bytes kept by the system's keyring.

With it, somebody who copied the vault and knows the passphrase opens nothing elsewhere. It is off unless asked for, and
never enough alone. A keyring may be absent, locked, empty or silent: then it gives nothing, and another access opens.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterable
from typing import Final

from hro_desktop.faults import ExitCode, Fault
from hro_desktop.vault import system_keyring
from hro_desktop.vault.keys import KEY_SIZE, Slot

__all__ = ["keep", "missing", "secrets"]

SERVICE: Final = "hro_desktop"
SECONDS: Final = 30.0
"""A locked keyring asks its user for a password of its own first."""


def secrets(slots: Iterable[Slot], seconds: float = SECONDS) -> dict[str, bytes]:
    """What the keyring keeps for slots, by their id; nothing of those it has not, or when it cannot be asked."""
    found: dict[str, bytes] = {}

    def ask() -> None:
        for slot in slots:
            if value := _decoded(system_keyring.backend().get_password(SERVICE, _name(slot))):
                found[slot.id] = value

    system_keyring.beside(ask).join(seconds)
    return dict(found)


def keep(slot: Slot, value: bytes, seconds: float = SECONDS) -> bool:
    """Have the keyring keep the secret of a slot, 32 bytes; whether it gives it back."""

    def tell() -> None:
        system_keyring.backend().set_password(SERVICE, _name(slot), base64.b64encode(value).decode())

    system_keyring.beside(tell).join(seconds)
    return secrets([slot], seconds).get(slot.id) == value


def missing() -> Fault:
    """The fault of a phrase that opens nothing where an access also asks for the keyring, which gave nothing."""
    return Fault(
        "access.device",
        "Cette phrase seule n’ouvre pas le coffre, et le trousseau de cet ordinateur est absent, fermé ou vide\u00a0: "
        "déverrouillez-le, ou ouvrez avec le code papier ou un autre accès.",
        ExitCode.ACCESS,
    )


def _name(slot: Slot) -> str:
    """Opaque, and another one each time a slot is made anew: an older backup may still need the secret before."""
    return hashlib.sha256(slot.recipient.encode()).hexdigest()[:32]


def _decoded(text: str | None) -> bytes:
    try:
        value = base64.b64decode(text or "", validate=True)
    except binascii.Error:
        return b""
    return value if len(value) == KEY_SIZE else b""
