# SPDX-License-Identifier: GPL-3.0-or-later
"""`coffre.json`: what must be readable before any key is known. It names nobody.

Two older copies lie beside it. An unkeyed sum tells accidental damage from a wrong passphrase before any secret is
asked; the MAC, once the VMK is known, tells a file that somebody changed.
"""

import hmac
import json
import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import attrs

from hro_desktop.faults import ExitCode, Fault
from hro_desktop.vault import keys as k
from hro_desktop.vault.canonical import canonical, sha256
from hro_desktop.vault.files import read_within, replace_file

__all__ = [
    "COPIES",
    "MAX_SLOTS",
    "NAME",
    "STAGED",
    "Copy",
    "Header",
    "has_valid_mac",
    "new",
    "parse",
    "read_copies",
    "save",
    "seal",
    "written",
]

NAME: Final = "coffre.json"
COPIES: Final = (NAME, NAME + ".1", NAME + ".2")
STAGED: Final = NAME + ".change"
"""The header of the key that the base is about to have; there for the time of the change, or after an interruption."""
MAX_SIZE: Final = 256 * 1024
LAST_FORMAT: Final = 9999
"""Beyond, it is not a number that a later program wrote."""
MAX_SLOTS: Final = 64
MAX_WRAPPED: Final = 4096
SALT_SIZE: Final = 16
SEALED_KEY: Final = 12 + 32 + 16


@attrs.frozen
class Header:
    """What `coffre.json` says.

    Args:
        vault_id: 32 hexadecimal digits, random.
        salt: of the derivation, 16 bytes.
        kdf: what one attempt costs.
        slots: at least one.
        format: of the file. One that is read keeps its own, for its MAC covers it; what changes is of the present one.
    """

    vault_id: str
    salt: bytes
    kdf: k.KdfParams
    slots: tuple[k.Slot, ...]
    format: int = k.FORMAT

    def kdf_object(self) -> dict[str, Any]:
        """The `kdf` object as it is written and bound to each slot."""
        return {
            "name": "argon2id",
            "salt": self.salt.hex(),
            "memory_kib": self.kdf.memory_kib,
            "passes": self.kdf.passes,
            "lanes": self.kdf.lanes,
        }

    def with_slot(self, slot: k.Slot) -> "Header":
        """This header and one more way in.

        Raises:
            Fault: `header.full`.
        """
        if len(self.slots) >= MAX_SLOTS:
            raise Fault(
                "header.full",
                f"Ce coffre a déjà {MAX_SLOTS} accès, le plus qu’il peut porter\u00a0: retirez-en un d’abord.",
                ExitCode.VAULT,
            )
        return self.with_slots((*self.slots, slot))

    def with_renewed(self, slot: k.Slot) -> "Header":
        """This header, with a slot made anew in the place of the one of that id."""
        return self.with_slots(slot if each.id == slot.id else each for each in self.slots)

    def with_slots(self, slots: Iterable[k.Slot]) -> "Header":
        """This header, in the present format, with other slots in the place of its own."""
        return attrs.evolve(self, slots=tuple(slots), format=k.FORMAT)

    def content(self) -> dict[str, Any]:
        """What the MAC covers: everything but the MAC and the sum."""
        return {
            "coffre": "hro-desktop",
            "format": self.format,
            "vault": self.vault_id,
            "kdf": self.kdf_object(),
            "slots": [_slot_object(slot, self.format) for slot in self.slots],
        }


@attrs.frozen
class Copy:
    """One of the three files: what it says, or what is wrong with it."""

    path: Path
    header: Header | None = None
    mac: str = ""
    fault: Fault | None = None


def new(kdf: k.KdfParams) -> Header:
    """The header of a new vault, still without a slot."""
    return Header(secrets.token_hex(16), secrets.token_bytes(SALT_SIZE), kdf, ())


def save(folder: Path, header: Header, keys: k.Keys, *, forget: bool = False) -> None:
    """Replace `coffre.json` at once, keeping the two before it.

    Args:
        folder: the vault.
        header: what to write.
        keys: whose MAC key seals it.
        forget: overwrite the older copies too, as when a slot was replaced: an older copy would still open.

    Raises:
        OSError: of the disk; the files are then as they were, or the new one is whole.
    """
    fresh = written(header, keys)
    main, first, second = (folder / name for name in COPIES)
    if forget or not (main.exists() and first.exists() and second.exists()):
        for path in (main, first, second):
            replace_file(path, fresh)
        return
    replace_file(second, first.read_bytes())
    replace_file(first, main.read_bytes())
    replace_file(main, fresh)


def written(header: Header, keys: k.Keys) -> bytes:
    """The file of a header, sealed."""
    content = {**header.content(), "mac": seal(header, keys)}
    content["sum"] = sha256(content)
    return json.dumps(content, indent=1, ensure_ascii=False).encode() + b"\n"


def seal(header: Header, keys: k.Keys) -> str:
    """The MAC of a header, in hexadecimal."""
    return hmac.digest(keys.header(), canonical(header.content()), "sha256").hex()


def read_copies(folder: Path, names: Sequence[str] = COPIES) -> Sequence[Copy]:
    """The main file and its two copies, each parsed or with its fault; no secret is needed."""
    return [_read(folder / name) for name in names]


def has_valid_mac(copy: Copy, keys: k.Keys) -> bool:
    """Whether a copy is what the holder of the key wrote."""
    if copy.header is None:
        return False
    return hmac.compare_digest(seal(copy.header, keys), copy.mac)


def parse(content: bytes) -> tuple[Header, str]:
    """The header and its MAC, from the bytes of a file.

    Raises:
        Fault: `vault.newer`, `header.damaged` or `header.absurd`.
    """
    if len(content) > MAX_SIZE:
        raise _absurd(f"il dépasse {MAX_SIZE // 1024}\u00a0Kio")
    try:
        document = json.loads(content.decode())
        intact = document.pop("sum") == sha256(document)
        form = document["format"]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise _damaged() from None
    if not intact or not isinstance(form, int) or not 1 <= form <= LAST_FORMAT:
        raise _damaged()
    if form > k.FORMAT:
        raise Fault(
            "vault.newer",
            f"Ce coffre est au format {form}, et ce programme ne connaît que le format {k.FORMAT}\u00a0: "
            "installez la version récente du programme. Rien n’a été changé.",
            ExitCode.VAULT,
        )
    return _checked(document)


def _read(path: Path) -> Copy:
    try:
        header, mac = parse(read_within(path, MAX_SIZE + 1))
    except FileNotFoundError:
        return Copy(path, fault=_damaged("n’existe plus"))
    except OSError:
        return Copy(path, fault=_damaged("ne peut pas être lu"))
    except Fault as fault:
        return Copy(path, fault=fault)
    return Copy(path, header, mac)


def _checked(document: dict[str, Any]) -> tuple[Header, str]:
    try:
        mac = _hexadecimal(document.pop("mac"), 32).hex()
        written = document["kdf"]
        params = k.KdfParams(*(_integer(written[name]) for name in ("memory_kib", "passes", "lanes")))
        if not params.within_bounds():
            raise _absurd("il demande un calcul hors des bornes admises")
        if not 1 <= len(document["slots"]) <= MAX_SLOTS:
            raise _absurd("il porte un nombre d’accès hors des bornes admises")
        slots = tuple(_slot(each) for each in document["slots"])
        if len({slot.id for slot in slots}) < len(slots):
            raise _damaged()
        vault, salt = _hexadecimal(document["vault"], 16).hex(), _hexadecimal(written["salt"], SALT_SIZE)
        header = Header(vault, salt, params, slots, document["format"])
    except (KeyError, TypeError, ValueError, AttributeError):
        raise _damaged() from None
    # Whatever the fields above did not take in, an unknown key or a wrong word, shows here.
    if header.content() != document:
        raise _damaged()
    return header, mac


def _slot_object(slot: k.Slot, form: int) -> dict[str, Any]:
    written = attrs.asdict(slot)
    if form == k.FIRST_FORMAT:  # it had no such word
        del written["identity"]
    return written


def _slot(written: dict[str, Any]) -> k.Slot:
    slot = k.Slot(**written)
    if not all(isinstance(text, str) for text in (slot.id, slot.kind, slot.wrapped, slot.recipient, slot.identity)):
        raise TypeError
    _hexadecimal(slot.id, 8)
    if slot.kind not in (k.PASSPHRASE, k.PAPER, k.ESCROW) or not isinstance(slot.device, bool):
        raise ValueError
    if len(slot.wrapped) > MAX_WRAPPED:
        raise _absurd("un accès est démesuré")
    if slot.identity and (slot.kind == k.ESCROW or not slot.recipient):
        raise ValueError
    if slot.kind == k.ESCROW:
        return slot
    if slot.recipient:
        _hexadecimal(slot.identity, SEALED_KEY)
    else:
        _hexadecimal(slot.wrapped, SEALED_KEY)
    return slot


def _hexadecimal(text: str, size: int) -> bytes:
    data = bytes.fromhex(text)
    if len(data) != size or data.hex() != text:
        raise ValueError
    return data


def _integer(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError
    return value


def _damaged(what: str = "est abîmé") -> Fault:
    return Fault(
        "header.damaged",
        f"Le fichier {NAME} du coffre {what}, et ses copies ne peuvent pas le remplacer\u00a0: rien n’a été changé. "
        f"Remettez {NAME} depuis une sauvegarde.",
        ExitCode.DAMAGED,
    )


def _absurd(why: str) -> Fault:
    return Fault(
        "header.absurd",
        f"Le fichier {NAME} du coffre est refusé\u00a0: {why}. Il a été abîmé ou fabriqué\u00a0; "
        "remettez-le depuis une sauvegarde.",
        ExitCode.DAMAGED,
    )
