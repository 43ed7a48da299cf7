# SPDX-License-Identifier: GPL-3.0-or-later
"""What the window writes is what the command line writes: the same names, the same bytes."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from hro_desktop.casework.sending import MANIFEST
from hro_desktop.cli.main import main
from hro_desktop.demo import run
from hro_desktop.faults import ExitCode
from tests.support.practice import practice_vault
from tests.ui.conftest import Stage, unlock
from tests.ui.referral_steps import Opened, id_of, press
from tests.ui.test_statements import open_statement
from tests.ui.test_window import LONG
from ui.build.actions import PackAction
from ui.pages.build import BuildPage
from ui.pages.pack import PackPage
from ui.pages.page import Place

MakeStage = Callable[..., Stage]


def by_command(tmp_path: Path, *words: str) -> dict[str, bytes]:
    """The files of one command, in a copy of the practice vault."""
    (tmp_path / "commande").mkdir()
    vault = practice_vault(tmp_path / "commande", follow_up=True)
    phrase = tmp_path / "phrase"
    phrase.write_text(run.PASSPHRASE + "\n", encoding="utf-8")
    out = tmp_path / "commande" / "sortie"
    asked = [words[0], "--vault", str(vault), "--passphrase-file", str(phrase), *words[1:], "--out", str(out)]
    assert main(asked) == ExitCode.DONE
    return files(out)


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(each.relative_to(folder)): _told(each.read_bytes()) if each.name == MANIFEST else each.read_bytes()
        for each in folder.rglob("*")
        if each.is_file()
    }


def _told(manifest: bytes) -> bytes:
    """A manifest without what is of one vault alone: ids of kept documents, where the journal stood."""
    said = json.loads(manifest)
    assert said.pop("journal")["line"] > 0
    for each in said["documents"]:
        each.pop("id", None)
    return json.dumps(said).encode()


def saved(qtbot: QtBot, opened: Opened, tmp_path: Path) -> dict[str, bytes]:
    """The pack that is shown, saved by its button."""
    qtbot.waitUntil(lambda: isinstance(opened[2].page, PackPage), timeout=LONG)
    pack = opened[2].page
    assert isinstance(pack, PackPage)
    pack.save_action.click()
    qtbot.waitUntil(lambda: bool(pack.message), timeout=LONG)
    (folder,) = (tmp_path / "fenetre").iterdir()
    return files(folder)


@pytest.fixture
def opened(qtbot: QtBot, make_stage: MakeStage, tmp_path: Path) -> Iterator[Opened]:
    (tmp_path / "fenetre").mkdir()
    stage = make_stage(tmp_path / "fenetre")
    window = stage.window(qtbot, practice_vault(tmp_path, follow_up=True))
    yield stage, window, unlock(qtbot, window)
    window.close()


def same(ours: dict[str, bytes], theirs: dict[str, bytes]) -> None:
    assert sorted(ours) == sorted(theirs)
    assert len(ours) > 1
    assert [name for name in ours if ours[name] != theirs[name]] == []


@pytest.mark.parametrize(
    "wanted",
    [
        ("S-2026-0001", "D-2026-0001", "plainte_procureur"),
        ("S-2026-0005", "D-2026-0004", "saisine_igpn"),
        ("S-2026-0006", "D-2026-0004", "saisine_ddd"),
    ],
    ids=lambda wanted: wanted[2],
)
def test_a_referral(qtbot: QtBot, opened: Opened, tmp_path: Path, wanted: tuple[str, str, str]) -> None:
    reference, case, procedure = wanted
    theirs = by_command(tmp_path, "refer", case, procedure)
    opened[2].go_to(Place("build", id_of(opened, reference)))
    page = opened[2].page
    assert isinstance(page, BuildPage)
    (make,) = (each for each in page.actions_ if isinstance(each, PackAction))
    qtbot.waitUntil(make.button.isEnabled, timeout=LONG)
    make.button.click()
    ours = saved(qtbot, opened, tmp_path)
    same(ours, theirs)
    other = {**theirs, MANIFEST: theirs[MANIFEST] + b" "}
    with pytest.raises(AssertionError):
        same(ours, other)


@pytest.mark.parametrize("by_hand", [False, True], ids=["typed", "by hand"])
def test_an_attestation(qtbot: QtBot, opened: Opened, tmp_path: Path, by_hand: bool) -> None:
    theirs = by_command(tmp_path, "attest", "T-2026-0003", *(["--handwriting"] if by_hand else []))
    page = open_statement(qtbot, opened[2], "T-2026-0003")
    press(qtbot, page, "Imprimer pour écrire à la main" if by_hand else "Imprimer l’attestation dactylographiée")
    same(saved(qtbot, opened, tmp_path), theirs)
