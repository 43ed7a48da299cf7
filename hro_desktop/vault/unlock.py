# SPDX-License-Identifier: GPL-3.0-or-later
"""From a folder and a secret to the keys: every slot, then those of the copies, at the price of one attempt."""

from collections.abc import Iterator
from pathlib import Path

import attrs

from hro_desktop.faults import ExitCode, Fault
from hro_desktop.vault import bech32, header, paper
from hro_desktop.vault.header import Copy, Header
from hro_desktop.vault.keys import KdfParams, Keys, open_escrow, open_slot, secret_bytes, stretch

__all__ = ["Unlocked", "public_header", "unlock"]


@attrs.frozen
class Unlocked:
    """What a secret gave.

    Args:
        keys: of the vault.
        header: the copy that opened.
        recovered: it was not the main file, which is damaged or was changed.
    """

    keys: Keys
    header: Header
    recovered: bool


def unlock(folder: Path, secret: str) -> Unlocked:
    """Try a passphrase, a paper code or an age secret key.

    Raises:
        Fault: `access.empty`, `access.refused`, `access.memory`, `header.damaged`, `header.absurd`, `header.altered`
            or `vault.newer`. Nothing is written in any case.
    """
    if not secret.strip():
        raise Fault("access.empty", "La phrase de passe est vide\u00a0: tapez celle du coffre.", ExitCode.ACCESS)
    altered = False
    for copy, found, keys in _attempts(_usable(folder), secret):
        if header.has_valid_mac(copy, keys):
            return Unlocked(keys, found, recovered=copy.path.name != header.NAME)
        keys.wipe()
        altered = True
    if altered:
        raise Fault(
            "header.altered",
            f"Le fichier {header.NAME} du coffre a été modifié en dehors du programme\u00a0: rien n’a été changé. "
            "Remettez-le depuis une sauvegarde, et demandez-vous qui a pu y toucher.",
            ExitCode.DAMAGED,
        )
    raise _refused(secret, copies_only=header.read_copies(folder)[0].fault is not None)


def public_header(folder: Path) -> Header | None:
    """The first readable header, without any secret."""
    return next((copy.header for copy in header.read_copies(folder) if copy.header), None)


def _usable(folder: Path) -> list[tuple[Copy, Header]]:
    copies = header.read_copies(folder)
    main = copies[0]
    if main.fault is not None and main.fault.code == "vault.newer":
        raise main.fault
    usable = [(copy, copy.header) for copy in copies if copy.header is not None]
    if not usable and main.fault is not None:
        raise main.fault
    return usable


def _attempts(copies: list[tuple[Copy, Header]], secret: str) -> Iterator[tuple[Copy, Header, Keys]]:
    """Each copy that the secret opens. The copies share salt and cost, so the derivation runs once for all."""
    private_key = bech32.parse_identity(secret)
    typed = secret_bytes(secret)
    stretched: dict[tuple[bytes, KdfParams], bytes] = {}
    for copy, found in copies:
        if private_key is not None:
            opened = (open_escrow(found.vault_id, slot, private_key) for slot in found.slots)
        else:
            cost = (found.salt, found.kdf)
            if cost not in stretched:
                stretched[cost] = stretch(typed, *cost)
            kdf = found.kdf_object()
            opened = (open_slot(found.vault_id, slot, stretched[cost], kdf) for slot in found.slots)
        keys = next((each for each in opened if each is not None), None)
        if keys is not None:
            yield copy, found, keys


def _refused(secret: str, *, copies_only: bool) -> Fault:
    if paper.looks_like(secret) and paper.read(secret) is None:
        return Fault(
            "access.paper",
            "Le code papier ne va pas\u00a0: un de ses 36 signes est faux ou manque. Relisez-le groupe par "
            "groupe\u00a0; les majuscules, les espaces et les tirets ne comptent pas.",
            ExitCode.ACCESS,
        )
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
