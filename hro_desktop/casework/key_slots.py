# SPDX-License-Identifier: GPL-3.0-or-later
"""Accesses: the ways into the vault, and which volunteer each one is for.

`coffre.json` names nobody; that an access is somebody's stands in the volunteer's record, inside the vault. An access
is never taken away here: that needs another key for the vault and for its backups.
"""

import uuid
from collections.abc import Mapping
from typing import Final

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.casework.desk import Desk, Result
from hro_desktop.faults import Fault
from hro_desktop.records.volunteers import Volunteer
from hro_desktop.vault.findings import Finding, Level
from hro_desktop.vault.keys import ESCROW, PAPER, PASSPHRASE
from hro_desktop.vault.work import Work

__all__ = ["KeySlot", "actors", "add_escrow", "add_passphrase", "called", "listed", "single", "whose"]

KINDS: Final = {PASSPHRASE: "Phrase de passe", PAPER: "Code papier", ESCROW: "Tiers de confiance"}
NOBODY: Final = "programme"
ONE_PHRASE: Final = Finding(
    "slots.one_phrase",
    "Une seule phrase de passe ouvre ce coffre\u00a0: si elle est perdue avec le code papier, tout est perdu. "
    "Donnez un accès à une deuxième personne dans Réglages, Accès.",
    "Ajoutez une phrase de passe pour une autre personne, ou un tiers de confiance.",
    Level.WARNING,
)


@attrs.frozen
class KeySlot:
    """One way into the vault.

    Args:
        slot_id: the actor in the journal.
        kind: in French.
        volunteer_id: whose it is; `None` when nobody said, or when it is nobody's.
        name: of the volunteer, or nothing.
        present: the vault was opened with it now.
        personal: it is a passphrase: somebody's own.
    """

    slot_id: str
    kind: str
    volunteer_id: uuid.UUID | None
    name: str
    present: bool
    personal: bool


def listed(desk: Desk) -> tuple[KeySlot, ...]:
    """Every way into the vault, in the order they were made."""
    with desk.read() as session:
        owners = {each.slot_id: each for each in _owners(session)}
    return tuple(
        KeySlot(
            slot.id,
            KINDS.get(slot.kind, slot.kind),
            owners[slot.id].id if slot.id in owners else None,
            owners[slot.id].name if slot.id in owners else "",
            present=slot.id == desk.vault.slot_id,
            personal=slot.kind == PASSPHRASE,
        )
        for slot in desk.vault.header.slots
    )


def single(desk: Desk) -> Finding | None:
    """What is said as long as one person alone can open the vault."""
    open_to = [slot for slot in desk.vault.header.slots if slot.kind != PAPER]
    return ONE_PHRASE if len(open_to) < 2 and len(desk.vault.header.slots) > 1 else None


def add_passphrase(desk: Desk, volunteer_id: uuid.UUID, passphrase: str) -> Result[str]:
    """Let a volunteer open the vault with a passphrase of their own.

    The access is made first: should the name not be written after it, it opens all the same and can be named later.

    Raises:
        Fault: `access.named`, `access.weak`, `access.used`, `header.full`, `disk.*`.
    """
    with desk.read() as session:
        if session.get_one(Volunteer, volunteer_id).slot_id:
            # Another one would leave the lines of the first in the journal without a name.
            raise Fault("access.named", "Cette personne a déjà un accès\u00a0: un second n’a pas été fait.")
    slot_id = desk.vault.add_passphrase(passphrase)
    changes = desk.run(whose, slot_id, volunteer_id).changes
    return Result(slot_id, changes)


def add_escrow(desk: Desk, recipient: str) -> str:
    """Let a trusted third party open the vault with an age key kept elsewhere.

    Raises:
        Fault: `access.recipient`, `header.full`, `disk.*`.
    """
    return desk.vault.add_escrow(recipient.strip())


def whose(work: Work, slot_id: str, volunteer_id: uuid.UUID | None) -> None:
    """Say whose an access is; one volunteer has one access, one access one volunteer."""
    for each in work.session.scalars(select(Volunteer).where(Volunteer.slot_id == slot_id)):
        if each.id != volunteer_id:
            each.slot_id = ""
            work.record("volunteer.changed", each.id)
    chosen = work.session.get(Volunteer, volunteer_id) if volunteer_id is not None else None
    if chosen is not None and chosen.slot_id != slot_id:
        chosen.slot_id = slot_id
        work.record("volunteer.changed", chosen.id)


def actors(session: Session) -> dict[str, str]:
    """Who is behind each access that is somebody's, by its slot."""
    return {each.slot_id: each.name for each in _owners(session)}


def called(actor: str, named: Mapping[str, str]) -> str:
    """What an actor of the journal is called: the volunteer, or the access when nobody said whose it is."""
    return named.get(actor) or (f"accès {actor[:4]}" if actor else NOBODY)


def _owners(session: Session) -> list[Volunteer]:
    return list(session.scalars(select(Volunteer).where(Volunteer.slot_id != "").order_by(Volunteer.id)))
