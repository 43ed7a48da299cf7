# SPDX-License-Identifier: GPL-3.0-or-later
"""The only door out of the vault: what leaves was checked, kept, journalled, and is listed in a manifest."""

import errno
import json
import os
import shutil
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path

import attrs

from hro_desktop.casework import documents
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.documents import Pack
from hro_desktop.casework.readiness import DocumentState
from hro_desktop.faults import ExitCode, Fault
from hro_desktop.vault.work import Work

__all__ = ["MANIFEST", "Written", "write_attestation", "write_pack", "write_referral"]

MANIFEST = "manifeste.json"
REASONS = {
    errno.ENOSPC: "le disque est plein",
    errno.EACCES: "l’écriture y est interdite",
    errno.EPERM: "l’écriture y est interdite",
    errno.EROFS: "le disque est en lecture seule",
    errno.ENOTDIR: "une partie de ce chemin est un fichier",
    errno.EEXIST: "une partie de ce chemin est un fichier",
    errno.ENAMETOOLONG: "ce chemin est trop long",
}
"""Why nothing could be written, as a person would say it."""


@attrs.frozen
class Written:
    """What was written where, and what the user should look at."""

    out: Path
    files: tuple[str, ...]
    remarks: tuple[str, ...]
    draft: bool
    states: tuple[DocumentState, ...] = ()

    def as_json(self) -> dict[str, object]:
        """For scripts."""
        return {
            "out": str(self.out),
            "files": list(self.files),
            "draft": self.draft,
            "remarks": list(self.remarks),
            "states": [state.as_json() for state in self.states],
        }


def write_referral(
    desk: Desk,
    case_reference: str,
    procedure: str,
    out: Path,
    *,
    draft: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Written:
    """Make the pack of a referral, keep it in the vault and write it to a folder that is new or empty.

    Raises:
        Fault: `out.not_empty`, `referral.blocked`, or a fault of the disk; the folder is then as it was.
    """
    must_be_free(out)
    pack = documents.make_referral(desk, case_reference, procedure, draft=draft, progress=progress)
    return write_pack(desk, pack, out)


def write_attestation(desk: Desk, statement_reference: str, out: Path, *, handwriting: bool = False) -> Written:
    """Make an attestation to sign, keep it in the vault and write it to a folder that is new or empty."""
    must_be_free(out)
    return write_pack(desk, documents.make_attestation(desk, statement_reference, handwriting=handwriting), out)


def write_pack(desk: Desk, pack: Pack, out: Path) -> Written:
    """Keep a pack, then write it out whole or not at all: a folder beside is filled, then takes its place."""
    must_be_free(out)
    if out.resolve().is_relative_to(desk.vault.folder.resolve()):
        raise Fault(
            "out.inside_vault",
            f"«\u00a0{out}\u00a0» est dans le coffre, où rien ne doit être lisible\u00a0: choisissez un autre dossier.",
            ExitCode.USAGE,
        )
    kept = documents.keep(desk, pack)
    head = desk.run(_leaves, pack.subject[1]).value
    contents = {made.name: made.data for made in pack.files}
    contents[MANIFEST] = manifest(pack, kept, head)
    _write_whole(out, contents)
    return Written(out, tuple(contents), pack.remarks, pack.draft, pack.states)


def _leaves(work: Work, subject: uuid.UUID) -> tuple[int, str]:
    """Journal that copies leave, and the head of the chain with that line in it."""
    work.record("document.exported", subject)
    assert work.head is not None
    return work.head.n, work.head.hash


def manifest(pack: Pack, kept: tuple[uuid.UUID, ...], head: tuple[int, str]) -> bytes:
    """What the folder holds, by hash, and where the journal stood: anyone can check it later with `sha256sum`."""
    content = {
        "format": 1,
        "reference": pack.reference,
        "draft": pack.draft,
        "documents": [
            {"file": made.name, "id": str(kept_id), "sha256": made.sha256, "size": len(made.data), "pages": made.pages}
            for made, kept_id in zip(pack.files, kept, strict=True)
        ],
        "exhibits": [{"number": number, "original_sha256": sha256} for number, sha256 in pack.exhibits],
        "journal": {"line": head[0], "sha256": head[1]},
    }
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def must_be_free(out: Path) -> None:
    """Refuse a folder that already holds something: nothing is overwritten."""
    if out.exists() and not out.is_dir():
        raise Fault(
            "out.file",
            f"«\u00a0{out}\u00a0» est un fichier\u00a0: donnez un dossier neuf ou vide.",
            ExitCode.USAGE,
        )
    if out.exists() and any(out.iterdir()):
        raise Fault(
            "out.not_empty",
            f"«\u00a0{out}\u00a0» contient déjà quelque chose\u00a0: donnez un dossier neuf ou vide.",
            ExitCode.USAGE,
        )


def _write_whole(out: Path, contents: Mapping[str, bytes]) -> None:
    # The same name each time: what a killed program left there goes at the next try.
    beside = out.with_name(f".{out.name}.en-cours")
    try:
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(mode=0o700, parents=True)
    except OSError as error:
        raise _disk(out, error) from None
    try:
        for name, data in contents.items():
            with (beside / name).open("wb") as target:
                target.write(data)
                target.flush()
                os.fsync(target.fileno())
        if out.exists():
            out.rmdir()
        beside.rename(out)
    except OSError as error:
        raise _disk(out, error) from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _disk(out: Path, error: OSError) -> Fault:
    why = REASONS.get(error.errno or 0, "le disque ne répond pas")
    return Fault(
        "out.disk",
        f"Rien n’a été écrit dans «\u00a0{out}\u00a0»\u00a0: {why}. "
        "Les documents sont gardés dans le coffre\u00a0: recommencez ailleurs.",
        ExitCode.DISK,
    )
