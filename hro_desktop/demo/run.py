# SPDX-License-Identifier: GPL-3.0-or-later
"""The practice vault: an invented case goes through the whole work, from a dossier folder to printed papers."""

import datetime as dt
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Final

import attrs
from sqlalchemy import select

from hro_desktop import bootstrap
from hro_desktop.casework import importing, sending
from hro_desktop.casework.desk import Desk
from hro_desktop.demo import media, words
from hro_desktop.records.statements import Statement
from hro_desktop.vault.keys import KdfParams

__all__ = ["NOW", "PASSPHRASE", "Demo", "build_vault", "dossier_folder", "write"]

PASSPHRASE: Final = "coffre d’exercice"  # noqa: S105 - printed for everybody: nothing real is in there
NOW: Final = dt.datetime(2026, 10, 16, 9, 0, tzinfo=dt.UTC)
"""The practice case lives on this day, so that its papers never change with the calendar."""


@attrs.frozen
class Demo:
    """What was written: files relative to the folder, and the vault when it was kept."""

    files: tuple[str, ...]
    vault: Path | None
    case: str


def dossier() -> str:
    """The description of the practice case, with the texts of its scans in place."""
    text = resources.files(__package__).joinpath("dossier.toml").read_text(encoding="utf-8")
    said = {
        "recit-younes": words.ARABIC_ACCOUNT,
        "recit-selam": words.TIGRINYA_ACCOUNT,
        **{f"attestation-{who}": paragraphs for who, (*_, paragraphs) in words.ATTESTATIONS.items()},
    }
    for name, paragraphs in said.items():
        # a JSON string is a TOML string
        text = text.replace(f'"@{name}"', json.dumps("\n\n".join(paragraphs), ensure_ascii=False))
    return text


@contextmanager
def dossier_folder() -> Iterator[Path]:
    """The practice case as the folder somebody would hand over; fictional, so it may stand in clear for a moment."""
    with tempfile.TemporaryDirectory(prefix="exercice-") as name:
        folder = Path(name)
        (folder / "dossier.toml").write_text(dossier(), encoding="utf-8")
        for file_name, content in media.files().items():
            (folder / file_name).write_bytes(content)
        yield folder


def build_vault(folder: Path) -> str:
    """Make the practice vault in a folder that is new or empty.

    Returns:
        The reference of its first case.
    """
    created = bootstrap.create_vault(folder, PASSPHRASE, kdf=KdfParams.fast(), practice=True)
    with created.vault as vault, dossier_folder() as source:
        return importing.import_folder(Desk(vault, lambda: NOW), source).value.cases[0]


def write(out: Path, *, keep: bool = False) -> Demo:
    """Write the papers of the practice case to a folder: the complaint with its exhibits, and the attestations.

    Args:
        out: new or empty.
        keep: leave the practice vault in `out/coffre`.
    """
    sending.must_be_free(out)
    out.mkdir(parents=True, exist_ok=True)
    vault = out / "coffre"
    try:
        case = build_vault(vault)
        with bootstrap.open_desk(vault, PASSPHRASE, clock=lambda: NOW) as desk:
            sending.write_referral(desk, case, "plainte_procureur", out / "plainte")
            for reference in _attestations(desk):
                sending.write_attestation(desk, reference, out / "attestations" / reference)
            by_hand = out / "attestations" / f"{reference}-manuscrite"
            sending.write_attestation(desk, reference, by_hand, handwriting=True)
    finally:
        if not keep:
            shutil.rmtree(vault, ignore_errors=True)
    files = sorted(
        str(path.relative_to(out)) for path in out.rglob("*") if path.is_file() and vault not in path.parents
    )
    return Demo(tuple(files), vault if keep else None, case)


def _attestations(desk: Desk) -> list[str]:
    with desk.read() as session:
        return list(
            session.scalars(
                select(Statement.reference).where(Statement.kind == "attestation").order_by(Statement.reference)
            )
        )
