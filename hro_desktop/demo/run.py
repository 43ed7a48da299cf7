# SPDX-License-Identifier: GPL-3.0-or-later
"""The practice vault: an invented case goes through the whole work, from a dossier folder to printed papers."""

import datetime as dt
import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Final, Literal

import attrs
from sqlalchemy import select

from hro_desktop import bootstrap
from hro_desktop.casework import importing, sending
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.documents import Shape
from hro_desktop.casework.image_documents import Chosen
from hro_desktop.demo import media, words
from hro_desktop.records.referrals import Referral
from hro_desktop.records.settings import Setting
from hro_desktop.records.statements import Statement
from hro_desktop.vault.keys import KdfParams
from hro_desktop.vault.work import Work

__all__ = ["NOW", "PASSPHRASE", "Demo", "build_vault", "dossier_folder", "on_its_day", "write"]

PASSPHRASE: Final = "coffre d’exercice"  # noqa: S105 - printed for everybody: nothing real is in there
NOW: Final = dt.datetime(2026, 10, 16, 9, 0, tzinfo=dt.UTC)
"""The practice case lives on this day, so that its papers never change with the calendar."""

_DAY: Final = "practice_day"
OTHER_SHAPES: Final = {"plainte-avocat": "avocat", "plainte-cle": "annexe_video"}
"""The complaint once more, as a lawyer gets it and as its recordings go on a stick: folder and profile."""
CAMERAS: Final = (Chosen(camera="camera_fixe"), Chosen(camera="camera_individuelle"))
"""Sources of images of the eviction that still exist on the practice day."""


@attrs.frozen
class Demo:
    """What was written: files relative to the folder, and the vault when it was kept."""

    files: tuple[str, ...]
    vault: Path | None
    case: str


def dossier() -> str:
    """The description of the practice case, with the texts of its scans in place."""
    said = {
        "recit-younes": words.ARABIC_ACCOUNT,
        "recit-selam": words.TIGRINYA_ACCOUNT,
        **{f"attestation-{who}": paragraphs for who, (*_, paragraphs) in words.ATTESTATIONS.items()},
    }
    return _told("dossier.toml", said)


def _told(name: str, said: Mapping[str, Iterable[str]]) -> str:
    """A description with the words of its people in place of their marks."""
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    for mark, paragraphs in said.items():
        # a JSON string is a TOML string
        text = text.replace(f'"@{mark}"', json.dumps("\n\n".join(paragraphs), ensure_ascii=False))
    return text


def follow_up_dossier() -> str:
    """The description of what comes after: a complaint to complete, reports to the inspections and to the DDD."""
    return _told("suites.toml", words.FOLLOW_UP)


def outing_dossier() -> str:
    """The description of an outing: four places, two hindrances, numbers that say what they are worth."""
    return _told("sortie.toml", {})


Name = Literal["first", "follow_up", "outing"]


@contextmanager
def dossier_folder(name: Name = "first") -> Iterator[Path]:
    """A practice dossier as the folder somebody would hand over; fictional, so it may stand in clear for a moment."""
    text, made_by = {
        "first": (dossier, media.FILES),
        "follow_up": (follow_up_dossier, media.SUITE_FILES),
        "outing": (outing_dossier, media.OUTING_FILES),
    }[name]
    with tempfile.TemporaryDirectory(prefix="exercice-") as made:
        folder = Path(made)
        (folder / "dossier.toml").write_text(text(), encoding="utf-8")
        for file_name, content in media.files(made_by).items():
            (folder / file_name).write_bytes(content)
        yield folder


def build_vault(folder: Path, *, follow_up: bool = True, outing: bool = True) -> str:
    """Make the practice vault in a folder that is new or empty.

    Args:
        folder: where.
        follow_up: with the second dossier too.
        outing: with the outing too.

    Returns:
        The reference of its first case.
    """
    wanted: dict[Name, bool] = {"follow_up": follow_up, "outing": outing}
    created = bootstrap.create_vault(folder, PASSPHRASE, kdf=KdfParams.fast(), practice=True)
    with created.vault as vault, dossier_folder() as source:
        desk = Desk(vault, lambda: NOW)
        first = importing.import_folder(desk, source).value.cases[0]
        for name in (each for each, too in wanted.items() if too):
            with dossier_folder(name) as more:
                importing.import_folder(desk, more)
        desk.run(_dated)
        return first


def _dated(work: Work) -> None:
    work.session.merge(Setting(name=_DAY, value=NOW.isoformat()))


def on_its_day(desk: Desk) -> Desk:
    """The vault of the practice case on the day of that case, because its delays run out; any other as it is."""
    with desk.read() as session:
        known = session.get(Setting, _DAY)
        day = dt.datetime.fromisoformat(known.value) if known is not None else None
    return attrs.evolve(desk, clock=lambda: day) if day is not None else desk


def write(out: Path, *, keep: bool = False) -> Demo:
    """Write the papers of the practice case to a folder: referrals, letters, attestations, a debriefing.

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
            for folder, reference, procedure in _referrals(desk):
                sending.write_referral(desk, reference, procedure, out / folder)
            for folder, profile in OTHER_SHAPES.items():
                sending.write_referral(desk, case, "plainte_procureur", out / folder, shape=Shape(profile=profile))
            sending.write_image_letters(desk, "F-2026-0001", CAMERAS, out / "images")
            sending.write_debriefing(desk, "O-2026-0001", out / "debrief")
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


def _referrals(desk: Desk) -> list[tuple[str, str, str]]:
    """Folder, case and procedure of each referral that is still being written, in order."""
    with desk.read() as session:
        referrals = session.scalars(select(Referral).order_by(Referral.reference)).all()
        open_ones = [each for each in referrals if all(party.status == "en_redaction" for party in each.parties)]
        seen: set[str] = set()
        found = []
        for each in open_ones:
            case = each.parties[0].case.reference
            folder = each.procedure.removesuffix("_procureur")
            found.append((f"{folder}-{case}" if folder in seen else folder, case, each.procedure))
            seen.add(folder)
        return found


def _attestations(desk: Desk) -> list[str]:
    with desk.read() as session:
        return list(
            session.scalars(
                select(Statement.reference).where(Statement.kind == "attestation").order_by(Statement.reference)
            )
        )
