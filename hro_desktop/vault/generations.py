# SPDX-License-Identifier: GPL-3.0-or-later
"""What lies in a folder of backups: generations, each with its manifest, over objects that they share.

A manifest names every file of its generation with its length and SHA-256, so that all of it can be checked without any
secret; an unkeyed sum tells accidental damage, the MAC tells, once the vault is open, that somebody changed it.
"""

import contextlib
import datetime as dt
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import attrs

from hro_desktop.faults import ExitCode, Fault
from hro_desktop.vault import header, keys
from hro_desktop.vault.canonical import canonical, sha256
from hro_desktop.vault.copying import Kept
from hro_desktop.vault.files import read_within
from hro_desktop.vault.findings import Finding, Level
from hro_desktop.vault.journal import Head
from hro_desktop.vault.objects import NAME, OBJECTS, SUFFIX

__all__ = [
    "ANCHORS",
    "BASE",
    "FILE",
    "FOLDER",
    "GENERATIONS",
    "MANIFEST",
    "UNFINISHED",
    "Generation",
    "Manifest",
    "generations",
    "mac",
    "mac_under",
    "newest",
    "object_path",
    "parse",
    "passed_over",
    "place_in",
    "unreadable",
    "written",
]

FOLDER: Final = "sauvegarde-coffre"
GENERATIONS: Final = "generations"
MANIFEST: Final = "manifeste.json"
BASE: Final = "hro.db"
ANCHORS: Final = "ancres/"
UNFINISHED: Final = ".en-cours"
FORMAT: Final = 1
MAX_SIZE: Final = 64 * 1024 * 1024
LABEL: Final = b"hro-desktop/1 backup\n"
# More digits than six: whatever number a folder was given, the one after it must still be seen.
_GENERATION: Final = re.compile(r"([0-9]{6,})-[0-9]{8}T[0-9]{6}Z")
FILE: Final = re.compile(rf"{re.escape(header.NAME)}|{re.escape(BASE)}|{ANCHORS}[A-Za-z0-9_-][A-Za-z0-9._-]{{0,99}}")
LEAST: Final = 20
"""Bytes that stand for each comma and each brace of a manifest, at least."""
SPARE: Final = 4096
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_LARGEST: Final = 2**63 - 1
"""Beyond, neither a file nor a line of the base has such a number."""
_YEARS: Final = range(2, 9999)
"""Those in which an instant may be told in any zone."""


@attrs.frozen
class Manifest:
    """What one generation holds.

    Args:
        vault_id: of the vault it was made from.
        id: 16 hexadecimal digits, random; what the journal says of it.
        made_at: an instant in UTC.
        revision: the format of the base.
        head: the last line of the journal in it.
        files: of the generation itself, by name.
        objects: encrypted files it needs, by the name of each object.
        lacking: objects that were damaged or absent in the vault that day, and in every earlier backup.
    """

    vault_id: str
    id: str
    made_at: dt.datetime
    revision: str
    head: Head
    files: Mapping[str, Kept]
    objects: Mapping[str, Kept]
    lacking: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """Bytes of all it holds, shared with other generations or not."""
        return sum(each.size for each in (*self.files.values(), *self.objects.values()))

    def content(self) -> dict[str, Any]:
        """What the MAC covers."""
        return {
            "sauvegarde": "hro-desktop",
            "format": FORMAT,
            "vault": self.vault_id,
            "id": self.id,
            "made_at": self.made_at.astimezone(dt.UTC).isoformat(timespec="seconds"),
            "revision": self.revision,
            "journal": self.head.as_json(),
            "files": {name: attrs.asdict(each) for name, each in sorted(self.files.items())},
            "objects": {name: attrs.asdict(each) for name, each in sorted(self.objects.items())},
            "lacking": sorted(self.lacking),
        }


@attrs.frozen
class Generation:
    """One generation as it lies there; without a manifest it is damaged.

    Args:
        folder: its own.
        number: grows by one with each backup, whatever the clock says.
        manifest: what it holds.
        mac: what its file says; compared when the vault is open.
    """

    folder: Path
    number: int
    manifest: Manifest | None = None
    mac: str = ""

    @property
    def place(self) -> Path:
        """The folder of backups it lies in."""
        return self.folder.parents[1]

    def is_authentic(self, holder: keys.Keys) -> bool:
        """Whether whoever holds the key of the vault wrote this manifest."""
        return self.manifest is not None and hmac.compare_digest(mac(self.manifest, holder), self.mac)


def place_in(chosen: Path) -> Path:
    """Where the backups are in a folder somebody chose: there when they are there, else in a folder of their own."""
    return chosen if (chosen / GENERATIONS).is_dir() else chosen / FOLDER


def generations(chosen: Path) -> tuple[Generation, ...]:
    """The generations of a folder, the newest first; those that were not finished are none.

    Raises:
        Fault: `backup.absent`.
    """
    folder = place_in(chosen) / GENERATIONS
    try:
        found = [(path, _GENERATION.fullmatch(path.name)) for path in folder.iterdir()]
    except OSError:
        found = []
    known = [_read(path, int(match[1])) for path, match in found if match is not None and path.is_dir()]
    if not known:
        raise Fault(
            "backup.absent",
            f"«\u00a0{chosen}\u00a0» ne contient aucune sauvegarde de coffre\u00a0: choisissez le dossier où elle a "
            "été faite, ou rebranchez le support.",
        )
    return tuple(sorted(known, key=lambda each: -each.number))


def newest(chosen: Path, number: int | None = None) -> Generation:
    """The newest generation that is not damaged, or the one with that number.

    Raises:
        Fault: `backup.absent`, `backup.no_generation`.
    """
    for each in generations(chosen):
        if each.number == number or (number is None and each.manifest is not None):
            return each
    raise Fault(
        "backup.no_generation",
        f"«\u00a0{chosen}\u00a0» n’a pas cette sauvegarde, ou n’en a que d’abîmées\u00a0: «\u00a0hro-desktop "
        "backups\u00a0» "
        "donne la liste.",
    )


def passed_over(found: Sequence[Generation], taken: Generation) -> tuple[Finding, ...]:
    """What to know of the others before one generation is taken for the last state of its vault.

    A folder copied into another, or somebody who renames it, may give an older one the highest number; the journal
    that each of them holds tells which goes further.

    Args:
        found: those of the same folder.
        taken: one of them, with its manifest.
    """
    manifest = taken.manifest
    if manifest is None:
        return ()
    findings = [
        Finding(
            "backup.newer_damaged",
            f"La sauvegarde n°\u00a0{each.number}, plus récente que la n°\u00a0{taken.number}, ne peut pas être lue.",
            "Ce qui a été fait entre les deux n’est pas dans celle-ci\u00a0: cherchez aussi dans une sauvegarde faite "
            "ailleurs, et gardez ce dossier tel quel.",
            Level.WARNING,
        )
        for each in found
        if each.manifest is None and each.number > taken.number
    ]
    same = [each for each in found if each.manifest is not None and each.manifest.vault_id == manifest.vault_id]
    lines = {each.number: each.manifest.head.n for each in same if each.manifest is not None}
    last = max(lines, key=lines.__getitem__, default=taken.number)
    if lines.get(last, 0) > manifest.head.n:
        findings.append(
            Finding(
                "backup.further",
                f"La sauvegarde n°\u00a0{last} du même dossier va plus loin que la n°\u00a0{taken.number}"
                f"\u00a0: son journal a {lines[last]} lignes, celui-ci {manifest.head.n}.",
                f"Si vous vouliez la dernière, restaurez la n°\u00a0{last} dans un autre dossier.",
                Level.WARNING,
            )
        )
    return tuple(findings)


def object_path(place: Path, name: str) -> Path:
    """Where an object is in a folder of backups."""
    return place / OBJECTS / name[:2] / (name + SUFFIX)


def mac(manifest: Manifest, holder: keys.Keys) -> str:
    """The MAC of a manifest, in hexadecimal. The label keeps it apart from the one of `coffre.json`."""
    return mac_under(manifest, holder.header())


def mac_under(manifest: Manifest, key: bytes) -> str:
    """The same under a key of 32 bytes, such as one that is not the key of the vault any more."""
    return hmac.digest(key, LABEL + canonical(manifest.content()), "sha256").hex()


def written(manifest: Manifest, holder: keys.Keys) -> bytes:
    """The file of a manifest."""
    content = {**manifest.content(), "mac": mac(manifest, holder)}
    content["sum"] = sha256(content)
    return json.dumps(content, indent=1, ensure_ascii=False).encode() + b"\n"


def parse(content: bytes) -> tuple[Manifest, str]:
    """A manifest and its MAC, from the bytes of a file.

    Raises:
        Fault: `backup.newer_format` or `backup.manifest`.
    """
    try:
        if not _is_shaped(content):
            raise ValueError
        document = json.loads(content.decode("ascii"))
        intact = document.pop("sum") == sha256(document)
        form, code = document["format"], document.pop("mac")
        if intact and isinstance(form, int) and form > FORMAT:
            raise Fault(
                "backup.newer_format",
                "Cette sauvegarde a été faite par une version plus récente du programme\u00a0: installez-la d’abord.",
                ExitCode.VAULT,
            )
        manifest = _manifest(document)
        if intact and isinstance(code, str) and manifest.content() == document:
            return manifest, code
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        pass
    raise Fault(
        "backup.manifest",
        f"Le fichier {MANIFEST} de cette sauvegarde est abîmé\u00a0: choisissez-en une autre.",
        ExitCode.DAMAGED,
    )


def _is_shaped(content: bytes) -> bool:
    """Whether it may be one, seen without building it: a file of nothing but brackets takes thirty times its length."""
    return content.count(b"[") <= 1 and (content.count(b"{") + content.count(b",")) * LEAST <= len(content) + SPARE


def unreadable(fault: Fault) -> Finding:
    """What a check says of a generation that does not even say what it holds."""
    return Finding(fault.code, fault.sentence, "Les autres sauvegardes de ce dossier n’en dépendent pas.")


def _read(folder: Path, number: int) -> Generation:
    with contextlib.suppress(OSError, Fault):
        return Generation(folder, number, *parse(read_within(folder / MANIFEST, MAX_SIZE)))
    return Generation(folder, number)


def _manifest(document: Mapping[str, Any]) -> Manifest:
    head = document["journal"]
    files = {_of(name, FILE): _kept(each) for name, each in document["files"].items()}
    if not {BASE, header.NAME} <= files.keys():  # without them it is no backup
        raise ValueError
    return Manifest(
        vault_id=_of(document["vault"], re.compile(r"[0-9a-f]{32}")),
        id=_of(document["id"], re.compile(r"[0-9a-f]{16}")),
        made_at=_instant(document["made_at"]),
        revision=str(document["revision"]),
        head=Head(_number(head["n"]), _of(head["hash"], _HASH)),
        files=files,
        objects={_of(name, NAME): _kept(each) for name, each in document["objects"].items()},
        lacking=tuple(_of(name, NAME) for name in document["lacking"]),
    )


def _kept(written_: Mapping[str, Any]) -> Kept:
    return Kept(_number(written_["size"]), _of(written_["sha256"], _HASH))


def _of(text: str, pattern: re.Pattern[str]) -> str:
    """A word that can only be what it is meant to be: none of them ever becomes another path."""
    if not pattern.fullmatch(text):
        raise ValueError
    return text


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _LARGEST:
        raise ValueError
    return value


def _instant(text: str) -> dt.datetime:
    instant = dt.datetime.fromisoformat(text)
    if instant.year not in _YEARS:
        raise ValueError
    return instant
