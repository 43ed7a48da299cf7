# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways into an open vault: one more, a new paper code, and one that is taken away with the key it could give."""

import secrets
from collections.abc import Callable

import attrs

from hro_desktop.faults import ExitCode, Fault
from hro_desktop.vault import bech32, device, paper, passphrase, rotation
from hro_desktop.vault.keys import (
    ESCROW,
    KEY_SIZE,
    PAPER,
    PASSPHRASE,
    Slot,
    open_slot,
    rewrap,
    secret_bytes,
    stretch,
    wrap,
    wrap_for_escrow,
)
from hro_desktop.vault.rotation import Progress
from hro_desktop.vault.vault import Vault
from hro_desktop.vault.work import Changes, Work

__all__ = ["Removal", "add_escrow", "add_paper", "add_passphrase", "bind_device", "removal", "remove"]


@attrs.frozen
class Removal:
    """What taking an access away would do.

    Args:
        slot: the access that goes.
        staying: those that open the vault afterwards.
        lost: those that would go with it. They are of the first format and were not used since: the new key cannot be
            given to them without their secret.
    """

    slot: Slot
    staying: tuple[Slot, ...]
    lost: tuple[Slot, ...]


def add_passphrase(vault: Vault, secret: str) -> str:
    """One more volunteer.

    Returns:
        The id of the slot, to be written in the volunteer's record.

    Raises:
        Fault: `access.weak`, `access.used`, `header.full`, `disk.*`.
    """
    if not vault.practice():
        passphrase.check(secret)
    stretched = stretch(secret_bytes(secret), vault.header.salt, vault.header.kdf)
    kdf = vault.header.kdf_object()
    slots = vault.header.slots
    bound = device.secrets(slot for slot in slots if slot.device)
    if any(open_slot(vault.vault_id, each, stretched, kdf, device_secret=bound.get(each.id, b"")) for each in slots):
        # Two accesses for one phrase: the journal would take one person for another.
        raise Fault(
            "access.used",
            "Cette phrase ouvre déjà le coffre\u00a0: chaque personne en a une à elle. Choisissez-en une autre.",
            ExitCode.ACCESS,
        )
    return _add(vault, wrap(vault.keys, PASSPHRASE, stretched, kdf))


def add_paper(vault: Vault) -> str:
    """One more paper code; those before it open as well, until they are removed.

    Returns:
        The code, which is shown once and kept nowhere.

    Raises:
        Fault: `header.full`, `disk.*`.
    """
    code = paper.generate()
    stretched = stretch(secret_bytes(code), vault.header.salt, vault.header.kdf)
    _add(vault, wrap(vault.keys, PAPER, stretched, vault.header.kdf_object()))
    return code


def add_escrow(vault: Vault, recipient: str) -> str:
    """A trusted third party, who opens the vault with an age key kept elsewhere.

    Args:
        vault: open.
        recipient: `age1…`.

    Returns:
        The id of the slot.

    Raises:
        Fault: `access.recipient`, `access.secret_key`, `access.known`, `header.full`, `disk.*`.
    """
    if bech32.parse_identity(recipient) is not None:
        raise Fault(
            "access.secret_key",
            "C’est la clé secrète du tiers\u00a0: elle ne se donne à personne, et il doit en faire une autre. Collez "
            "la clé publique, qui commence par «\u00a0age1\u00a0».",
        )
    slot = wrap_for_escrow(vault.keys, recipient)
    if any(each.kind == ESCROW and each.recipient == slot.recipient for each in vault.header.slots):
        raise Fault(
            "access.known", "Ce tiers de confiance a déjà un accès à ce coffre\u00a0: un second n’a pas été fait."
        )
    return _add(vault, slot)


def bind_device(vault: Vault, secret: str, *, wanted: bool) -> None:
    """Have one's own passphrase ask for the keyring of this computer as well, or for nothing more.

    The key of the vault is changed when the keyring is asked for: `coffre.json` as it was before, which every backup
    and every copy of the vault has, would otherwise give the key to the phrase alone. What the keyring kept stays
    there: a backup made meanwhile asks for it.

    Args:
        vault: opened with that passphrase.
        secret: the passphrase, once more.
        wanted: whether the keyring is asked from the next opening on.

    Raises:
        Fault: `access.not_own`, `access.device`, `access.device_alone`, `access.unused`, `access.no_keyring`,
            `vault.read_only`, `disk.*`, and those of `rotation.change_key`. The access has not changed then.
    """
    vault.must_be_writable()
    own = next((slot for slot in vault.header.slots if slot.id == vault.slot_id), None)
    stretched = stretch(secret_bytes(secret), vault.header.salt, vault.header.kdf)
    kdf = vault.header.kdf_object()
    kept = device.secrets([own]).get(own.id, b"") if own and own.device else b""
    if own and own.device and not kept:
        raise device.missing()
    if own is None or own.kind != PASSPHRASE or not open_slot(vault.vault_id, own, stretched, kdf, device_secret=kept):
        raise Fault(
            "access.not_own",
            "Ce n’est pas la phrase qui a ouvert le coffre\u00a0: ouvrez-le avec la vôtre, puis retapez-la ici.",
            ExitCode.ACCESS,
        )
    if own.device == wanted:
        return
    if wanted and all(slot.device for slot in vault.header.slots if slot is not own):
        raise Fault(
            "access.device_alone",
            "Aucun autre accès n’ouvre sans trousseau\u00a0: faites d’abord un code papier, ou tout serait perdu avec "
            "cet ordinateur.",
        )
    if wanted and not all(slot.recipient for slot in vault.header.slots):
        raise Fault(
            "access.unused",
            "Un autre accès n’a pas servi depuis que le programme sait changer la clé, et ne pourrait pas "
            "suivre\u00a0: ouvrez le coffre une fois avec lui, ou retirez-le, puis recommencez.",
        )
    value = secrets.token_bytes(KEY_SIZE) if wanted else b""
    fresh = wrap(vault.keys, PASSPHRASE, stretched, kdf, slot_id=own.id, device_secret=value)
    if wanted and not device.keep(fresh, value):
        raise Fault(
            "access.no_keyring",
            "Le trousseau de cet ordinateur est absent, fermé ou ne garde rien\u00a0: votre accès reste tel quel. "
            "Déverrouillez-le, puis recommencez.",
        )
    if wanted:
        rotation.change_key(vault, (), lambda _work: None)
    action = "access.bound" if wanted else "access.unbound"
    # An older copy of the header would open without the keyring.
    vault.replace_header(
        lambda: vault.header.with_renewed(rewrap(vault.keys, fresh)),
        lambda work: work.record(action, own.id),
        forget=True,
    )


def removal(vault: Vault, slot_id: str) -> Removal:
    """What would become of each access if this one were taken away.

    Raises:
        Fault: `access.unknown`, `access.own`.
    """
    slot = next((each for each in vault.header.slots if each.id == slot_id), None)
    if slot is None:
        raise Fault(
            "access.unknown",
            "Ce coffre n’a pas cet accès, ou il a déjà été retiré\u00a0: regardez la liste des accès.",
        )
    if slot_id == vault.slot_id:
        raise Fault(
            "access.own",
            "C’est l’accès qui a ouvert le coffre maintenant\u00a0: ouvrez-le avec un autre pour retirer celui-ci.",
        )
    others = [each for each in vault.header.slots if each is not slot]
    return Removal(
        slot,
        tuple(each for each in others if each.recipient),
        tuple(each for each in others if not each.recipient),
    )


def remove(
    vault: Vault, slot_id: str, note: Callable[[Work], None], progress: Progress | None = None
) -> tuple[Removal, Changes]:
    """Take an access away, and the key it could give: the base is encrypted anew, under a new one.

    Args:
        vault: open.
        slot_id: which one.
        note: what else is written in the base, in the same unit.
        progress: see `rotation.Progress`.

    Raises:
        Fault: `access.unknown`, `access.own`, `vault.read_only`, and those of `rotation.change_key`. Nothing has
            changed then.
    """
    vault.must_be_writable()
    known = removal(vault, slot_id)
    gone = [slot_id, *(each.id for each in known.lost)]
    return known, rotation.change_key(vault, gone, note, progress)


def _add(vault: Vault, slot: Slot) -> str:
    """The key may have been changed while the secret was stretched: the slot is given the one of now."""
    vault.replace_header(
        lambda: vault.header.with_slot(rewrap(vault.keys, slot)), lambda work: work.record("slot.added", slot.id)
    )
    return slot.id
