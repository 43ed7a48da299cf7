# SPDX-License-Identifier: GPL-3.0-or-later
"""From a folder and a secret to the keys: every slot, then those of the copies, at the price of one attempt."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import attrs

from hro_desktop.faults import ExitCode, Fault
from hro_desktop.vault import bech32, device, header, paper
from hro_desktop.vault.database import BASE
from hro_desktop.vault.header import Copy, Header
from hro_desktop.vault.keys import KdfParams, Keys, Slot, open_escrow, open_slot, secret_bytes, stretch, wrap
from hro_desktop.vault.pages import is_key_of

__all__ = ["READ", "Unlocked", "unlock"]

READ = (*header.COPIES, header.STAGED)
"""What may open a vault, in order: `coffre.json`, its copies, and the header of an interrupted change of the key."""


@attrs.frozen
class Unlocked:
    """What a secret gave.

    Args:
        keys: of the vault.
        header: the copy that opened.
        recovered: it was not the main file, which is damaged or was changed.
        renewed: the slot that opened, as the present format has it; nothing when it is so already.
    """

    keys: Keys
    header: Header
    recovered: bool
    renewed: Slot | None = None


@attrs.frozen(repr=False)
class _Attempt:
    """One copy that the secret opens."""

    copy: Copy
    header: Header
    keys: Keys
    renewed: Slot | None


def unlock(folder: Path, secret: str, copies: Sequence[Copy] | None = None) -> Unlocked:
    """Try a passphrase, a paper code or an age secret key.

    Where several copies open to different keys (the key of the base was being changed, or an older `coffre.json` was
    put back), the one that the base is encrypted with is taken.

    Args:
        folder: the vault.
        secret: what was typed.
        copies: of the header, `READ`, when they were read already.

    Raises:
        Fault: `access.empty`, `access.refused`, `access.memory`, `header.damaged`, `header.absurd`, `header.altered`
            or `vault.newer`. Nothing is written in any case.
    """
    if not secret.strip():
        raise Fault("access.empty", "La phrase de passe est vide\u00a0: tapez celle du coffre.", ExitCode.ACCESS)
    copies = header.read_copies(folder, READ) if copies is None else copies
    altered, good, computer = False, list[_Attempt](), _Computer()
    for attempt in _attempts(_usable(copies), secret, computer):
        if not header.has_valid_mac(attempt.copy, attempt.keys):
            attempt.keys.wipe()
            altered = True
            continue
        good.append(attempt)
        if is_key_of(folder / BASE, attempt.keys.base()):
            good.insert(0, good.pop())
            break
    else:
        # None is the key of the base: it is damaged, which is said by whoever opens it; or it was given another key,
        # and this secret is of an access that was removed.
        if _was_removed(copies, good):
            raise _refused(secret, copies_only=False, computer=computer)
    if good:
        chosen, *others = good
        for other in others:
            other.keys.wipe()
        recovered = chosen.copy.path.name not in (header.NAME, header.STAGED)
        return Unlocked(chosen.keys, chosen.header, recovered, chosen.renewed)
    if altered:
        raise Fault(
            "header.altered",
            f"Le fichier {header.NAME} du coffre a été modifié en dehors du programme\u00a0: rien n’a été changé. "
            "Remettez-le depuis une sauvegarde, et demandez-vous qui a pu y toucher.",
            ExitCode.DAMAGED,
        )
    raise _refused(secret, copies_only=copies[0].fault is not None, computer=computer)


def _was_removed(copies: Sequence[Copy], good: Sequence[_Attempt]) -> bool:
    staged = any(copy.header is not None and copy.path.name == header.STAGED for copy in copies)
    return staged and bool(good) and all(each.copy.path.name != header.STAGED for each in good)


def _usable(copies: Sequence[Copy]) -> list[tuple[Copy, Header]]:
    main = copies[0]
    if main.fault is not None and main.fault.code == "vault.newer":
        raise main.fault
    usable = [(copy, copy.header) for copy in copies if copy.header is not None]
    if not usable and main.fault is not None:
        raise main.fault
    return usable


def _attempts(copies: list[tuple[Copy, Header]], secret: str, computer: "_Computer") -> Iterator[_Attempt]:
    """Each copy that the secret opens. The copies share salt and cost, so the derivation runs once for all.

    Raises:
        Fault: `access.memory`, when no copy opens and one of them asks for more than there is: somebody may have raised
            the cost in that one alone.
    """
    private_key = bech32.parse_identity(secret)
    typed = secret_bytes(secret)
    stretched: dict[tuple[bytes, KdfParams], bytes | Fault] = {}
    some = False
    for copy, found in copies:
        if private_key is not None:
            by_escrow = (open_escrow(found.vault_id, slot, private_key) for slot in found.slots)
            if (keys := next((each for each in by_escrow if each is not None), None)) is not None:
                some = True
                yield _Attempt(copy, found, keys, None)
                continue
        cost = (found.salt, found.kdf)
        if cost not in stretched:
            stretched[cost] = _stretched(typed, *cost)
        known = stretched[cost]
        if not isinstance(known, Fault) and (opened := _opened(found, known, computer)) is not None:
            some = True
            yield _Attempt(copy, found, *opened)
    if not some and (lacking := next((each for each in stretched.values() if isinstance(each, Fault)), None)):
        raise lacking


def _stretched(typed: bytes, salt: bytes, params: KdfParams) -> bytes | Fault:
    try:
        return stretch(typed, salt, params)
    except Fault as fault:
        return fault


@attrs.define(repr=False)
class _Computer:
    """What the keyring of this computer gave, for the slots that ask for it; it is asked once for each."""

    asked: dict[str, bytes] = attrs.field(factory=dict)

    def of(self, slots: Sequence[Slot]) -> Iterator[tuple[Slot, bytes]]:
        unknown = [slot for slot in slots if slot.recipient not in self.asked]
        given = device.secrets(unknown) if unknown else {}
        self.asked |= {slot.recipient: given.get(slot.id, b"") for slot in unknown}
        return ((slot, self.asked[slot.recipient]) for slot in slots)

    @property
    def silent(self) -> bool:
        """It had nothing for a slot that asks for it."""
        return not all(self.asked.values())


def _opened(found: Header, stretched: bytes, computer: _Computer) -> tuple[Keys, Slot | None] | None:
    """The keys that one of the slots gives, and that slot anew when it is of the first format.

    The keyring is reached only when a slot asks for it, and no other one opens.
    """
    kdf = found.kdf_object()
    for slot in found.slots:
        keys = open_slot(found.vault_id, slot, stretched, kdf)
        if keys is not None:
            old = not slot.recipient
            return keys, wrap(keys, slot.kind, stretched, kdf, slot_id=slot.id) if old else None
    for slot, secret in computer.of([slot for slot in found.slots if slot.device]):
        keys = open_slot(found.vault_id, slot, stretched, kdf, device_secret=secret) if secret else None
        if keys is not None:
            return keys, None
    return None


def _refused(secret: str, *, copies_only: bool, computer: _Computer) -> Fault:
    if paper.looks_like(secret) and paper.read(secret) is None:
        return Fault(
            "access.paper",
            "Le code papier ne va pas\u00a0: un de ses 36 signes est faux ou manque. Relisez-le groupe par "
            "groupe\u00a0; les majuscules, les espaces et les tirets ne comptent pas.",
            ExitCode.ACCESS,
        )
    if bech32.parse_identity(secret) is not None:
        return Fault(
            "access.refused",
            "Cette clé age n’est celle d’aucun tiers de confiance de ce coffre\u00a0: prenez le fichier de clé dont la "
            "clé publique a été donnée au coffre, une phrase de passe ou le code papier.",
            ExitCode.ACCESS,
        )
    if computer.silent:
        return device.missing()
    if copies_only:
        return Fault(
            "access.refused",
            f"Cette phrase de passe n’ouvre pas le coffre. Le fichier {header.NAME} est abîmé, et ses copies ne "
            "connaissent pas un accès ajouté depuis\u00a0: essayez une phrase plus ancienne ou le code papier.",
            ExitCode.ACCESS,
        )
    return Fault(
        "access.refused",
        "Cette phrase de passe n’ouvre pas le coffre\u00a0: vérifiez la langue du clavier et les majuscules, "
        "puis recommencez, ou prenez le code papier.",
        ExitCode.ACCESS,
    )
