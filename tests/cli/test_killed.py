# SPDX-License-Identifier: GPL-3.0-or-later
"""A program killed at any moment loses at most what it was doing, and leaves no half of anything."""

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from hro_desktop import bootstrap
from hro_desktop.demo import run
from hro_desktop.records.cases import Case
from hro_desktop.records.documents import Document
from hro_desktop.records.evidence import Evidence
from hro_desktop.vault import checks
from hro_desktop.vault.keys import KdfParams
from tests.support.practice import practice_vault

WHOLE = 17
"""Files of the practice case."""


def counts(vault: Path) -> tuple[int, int, int]:
    """Cases, items of evidence and documents, after the vault was found sound and its staging empty."""
    with bootstrap.open_desk(vault, run.PASSPHRASE, clock=lambda: run.NOW) as desk:
        report = checks.verify(desk.vault)
        assert report.sound, report.lines()
        assert not any(path.is_file() for path in (vault / "sas").rglob("*"))
        with desk.read() as session:
            cases, items, documents = (
                session.scalar(select(func.count()).select_from(each)) or 0 for each in (Case, Evidence, Document)
            )
        return cases, items, documents


def killed_after(seconds: float, arguments: list[str]) -> int:
    process = subprocess.Popen(
        [sys.executable, "-m", "hro_desktop.cli.main", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        return process.wait()


@pytest.mark.slow
def test_an_import_killed_anywhere_is_done_or_absent(tmp_path: Path) -> None:
    phrase = tmp_path / "p"
    phrase.write_text(run.PASSPHRASE, encoding="utf-8")
    empty = tmp_path / "vide"
    bootstrap.create_vault(empty, run.PASSPHRASE, kdf=KdfParams.fast(), practice=True).vault.close()
    seen = set()
    with run.dossier_folder() as source:
        whole = _duration(empty, tmp_path / "mesure", phrase, source)
        for part in (0.35, 0.55, 0.7, 0.85, 8):
            vault = Path(shutil.copytree(empty, tmp_path / f"coffre-{part}"))
            killed_after(whole * part, ["import", str(source), "--vault", str(vault), "--passphrase-file", str(phrase)])
            found = counts(vault)
            assert found in {(0, 0, 0), (2, WHOLE, 0)}
            seen.add(found)
            again = ["import", str(source), "--vault", str(vault), "--passphrase-file", str(phrase)]
            assert killed_after(120, again) == 0
            assert counts(vault) == (2, WHOLE, 0)
    # The control: some were cut short, and the one left to end was done. Otherwise nothing was tested.
    assert seen == {(0, 0, 0), (2, WHOLE, 0)}


def _duration(empty: Path, into: Path, phrase: Path, source: Path) -> float:
    vault = Path(shutil.copytree(empty, into))
    start = time.monotonic()
    assert killed_after(120, ["import", str(source), "--vault", str(vault), "--passphrase-file", str(phrase)]) == 0
    return time.monotonic() - start


@pytest.mark.slow
def test_a_referral_killed_anywhere_leaves_the_vault_sound_and_no_half_folder(tmp_path: Path) -> None:
    phrase = tmp_path / "p"
    phrase.write_text(run.PASSPHRASE, encoding="utf-8")
    vault = practice_vault(tmp_path)
    for number, seconds in enumerate((0.8, 1.8, 2.4, 3.0)):
        out = tmp_path / f"sortie-{number}"
        where = ["--vault", str(vault), "--passphrase-file", str(phrase), "--out", str(out)]
        killed_after(seconds, ["refer", "D-2026-0001", "plainte_procureur", *where])
        cases, items, documents = counts(vault)
        assert (cases, items) == (2, WHOLE)
        assert documents % 5 == 0
        if out.exists():
            assert (out / "manifeste.json").exists()
            assert len(list(out.iterdir())) == 6
    before = {path.name for path in tmp_path.iterdir() if path.name.endswith(".en-cours")}
    assert (
        killed_after(120, ["refer", "D-2026-0001", "plainte_procureur", *where[:4], "--out", str(tmp_path / "fin")])
        == 0
    )
    assert {path.name for path in tmp_path.iterdir() if path.name.endswith(".en-cours")} == before
