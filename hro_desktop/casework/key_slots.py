# SPDX-License-Identifier: GPL-3.0-or-later
"""Accesses: the ways into the vault, and which volunteer each one is for.

`coffre.json` names nobody; that an access is somebody's stands in the volunteer's record, inside the vault. Whose one
that was removed had been is kept, so that the journal goes on saying who did what.
"""

import uuid
from collections.abc import Iterable, Mapping
from typing import Final

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.casework.desk import Desk, Result
from hro_desktop.faults import Fault
from hro_desktop.records.settings import Setting
from hro_desktop.records.volunteers import Volunteer
from hro_desktop.vault import accesses
from hro_desktop.vault.accesses import Removal
from hro_desktop.vault.findings import Finding, Level
from hro_desktop.vault.keys import ESCROW, PAPER, PASSPHRASE, Slot
from hro_desktop.vault.rotation import Progress
from hro_desktop.vault.work import Work

__all__ = [
    "KeySlot",
    "Removal",
    "actors",
    "add_escrow",
    "add_paper",
    "add_passphrase",
    "bind_device",
    "called",
    "found",
    "listed",
    "removal",
    "remove",
    "single",
    "whose",
]

KINDS: Final = {PASSPHRASE: "Phrase de passe", PAPER: "Code papier", ESCROW: "Tiers de confiance"}
NOBODY: Final = "programme"
_FORMER: Final = "access.former."
"""Begins the setting that keeps whose an access was that is removed."""
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
        device: it asks for the keyring of a computer as well.
    """

    slot_id: str
    kind: str
    volunteer_id: uuid.UUID | None
    name: str
    present: bool
    personal: bool
    device: bool


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
            device=slot.device,
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
    slot_id = accesses.add_passphrase(desk.vault, passphrase)
    changes = desk.run(whose, slot_id, volunteer_id).changes
    return Result(slot_id, changes)


def add_escrow(desk: Desk, recipient: str) -> str:
    """Let a trusted third party open the vault with an age key kept elsewhere.

    Raises:
        Fault: `access.recipient`, `access.secret_key`, `access.known`, `header.full`, `disk.*`.
    """
    return accesses.add_escrow(desk.vault, recipient.strip())


def add_paper(desk: Desk) -> str:
    """One more paper code, shown once; an older one opens as well, until it is removed.

    Raises:
        Fault: `header.full`, `disk.*`.
    """
    return accesses.add_paper(desk.vault)


def bind_device(desk: Desk, secret: str, *, wanted: bool) -> None:
    """Have one's own passphrase ask for the keyring of this computer as well, or for nothing more.

    Raises:
        Fault: `access.not_own`, `access.device`, `access.device_alone`, `access.no_keyring`, `vault.read_only`,
            `disk.*`. Nothing has changed then.
    """
    accesses.bind_device(desk.vault, secret, wanted=wanted)


def found(desk: Desk, beginning: str) -> KeySlot:
    """The access whose id begins so, as the lists show it.

    Raises:
        Fault: `access.unknown`, `access.several`.
    """
    fitting = [each for each in listed(desk) if beginning and each.slot_id.startswith(beginning.lower())]
    if len(fitting) > 1:
        raise Fault(
            "access.several",
            f"Plusieurs accès commencent par «\u00a0{beginning}\u00a0»\u00a0: donnez plus de signes.",
        )
    if not fitting:
        raise Fault(
            "access.unknown",
            f"Ce coffre n’a aucun accès «\u00a0{beginning}\u00a0»\u00a0: regardez la liste des accès.",
        )
    return fitting[0]


def removal(desk: Desk, slot_id: str) -> tuple[str, ...]:
    """What removing an access will do, in sentences, before anybody agrees to it.

    Raises:
        Fault: `access.unknown`, `access.own`, `vault.read_only`.
    """
    desk.vault.must_be_writable()
    known = accesses.removal(desk.vault, slot_id)
    shown = {each.slot_id: each for each in listed(desk)}
    said = [
        f"{_told(shown, [known.slot])}\u00a0: cet accès n’ouvrira plus ce coffre. La clé du coffre est changée et la "
        "base chiffrée de nouveau\u202f; personne d’autre n’a rien à retaper. Les copies de la base gardées lors des "
        "mises à jour du programme sont effacées.",
        f"Restent\u00a0: {_told(shown, known.staying)}.",
    ]
    if known.lost:
        said.append(
            f"Partent aussi, car ils n’ont pas servi depuis que le programme sait changer la clé\u00a0: "
            f"{_told(shown, known.lost)}. Pour les garder, annulez, ouvrez le coffre une fois avec chacun, puis "
            "recommencez\u202f; sinon, donnez un nouvel accès à ces personnes, et faites un nouveau code papier."
        )
    nameless = [each for each in known.staying if each.kind == PASSPHRASE and not shown[each.id].name]
    if nameless:
        said.append(
            f"Personne n’est nommé pour {_told(shown, nameless)}\u00a0: si nul ne sait à qui c’est, retirez-le aussi."
        )
    if known.staying and all(each.device for each in known.staying):
        said.append(
            "Ceux qui restent demandent tous le trousseau d’un ordinateur\u00a0: faites d’abord un code papier, ou le "
            "coffre serait perdu avec lui."
        )
    if len(known.staying) < 2:
        said.append("Il ne restera qu’un seul accès\u00a0: donnez-en un autre aussitôt.")
    said.append(
        "Les sauvegardes déjà faites s’ouvrent encore avec lui\u00a0: Réglages, Sauvegarde en donnera la liste. "
        "Ce que cette personne a déjà lu ou copié, elle l’a."
    )
    return tuple(said)


def remove(desk: Desk, slot_id: str, progress: Progress | None = None) -> Result[Removal]:
    """Take an access away, with the key it could give.

    Args:
        desk: of the open vault; others may read in it meanwhile.
        slot_id: which one; not the one that opened the vault.
        progress: bytes done and their total; what it raises stops the removal, and nothing has changed then.

    Raises:
        Fault: `access.unknown`, `access.own`, `vault.read_only`, `header.changed`, `backup.no_room`, `vault.busy`,
            `disk.*`. Nothing has changed then.
    """
    gone = accesses.removal(desk.vault, slot_id)
    slots = (gone.slot, *gone.lost)
    done, changes = accesses.remove(desk.vault, slot_id, lambda work: _let_go(work, slots), progress)
    return Result(done, changes)


def _let_go(work: Work, slots: Iterable[Slot]) -> None:
    """The volunteer may be given another access; the lines of this one keep their name."""
    for slot in slots:
        for each in work.session.scalars(select(Volunteer).where(Volunteer.slot_id == slot.id)):
            work.session.merge(Setting(name=_FORMER + slot.id, value=each.id.hex))
            each.slot_id = ""
            work.record("volunteer.changed", each.id)


def _told(shown: Mapping[str, KeySlot], slots: Iterable[Slot]) -> str:
    """« phrase de passe d’Alix (accès 1a2b), code papier (accès 3c4d) »."""
    words = []
    for slot in slots:
        each = shown[slot.id]
        words.append(f"{each.kind.lower()}{f' de {each.name}' if each.name else ''} (accès {slot.id[:4]})")
    return ", ".join(words)


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
    kept = session.execute(select(Setting.name, Setting.value).where(Setting.name.startswith(_FORMER))).all()
    named = {each.id.hex: each.name for each in session.scalars(select(Volunteer))} if kept else {}
    former = {name.removeprefix(_FORMER): named[value] for name, value in kept if value in named}
    return former | {each.slot_id: each.name for each in _owners(session)}


def called(actor: str, named: Mapping[str, str]) -> str:
    """What an actor of the journal is called: the volunteer, or the access when nobody said whose it is."""
    return named.get(actor) or (f"accès {actor[:4]}" if actor else NOBODY)


def _owners(session: Session) -> list[Volunteer]:
    return list(session.scalars(select(Volunteer).where(Volunteer.slot_id != "").order_by(Volunteer.id)))
