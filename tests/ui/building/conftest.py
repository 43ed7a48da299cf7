# SPDX-License-Identifier: GPL-3.0-or-later
"""The practice vault, open."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.support.practice import practice_vault
from tests.ui.conftest import Stage
from tests.ui.test_window import unlock
from ui.main_window import MainWindow
from ui.workspace import Workspace

MakeStage = Callable[..., Stage]
Opened = tuple[Stage, MainWindow, Workspace]


@pytest.fixture
def opened(qtbot: QtBot, make_stage: MakeStage, tmp_path: Path) -> Iterator[Opened]:
    stage = make_stage(tmp_path / "sortie")
    window = stage.window(qtbot, practice_vault(tmp_path, follow_up=True))
    yield stage, window, unlock(qtbot, window)
    window.close()
