# SPDX-License-Identifier: GPL-3.0-or-later
"""The practice vault, open."""

from pathlib import Path

import pytest

from tests.ui.conftest import OpenPractice, Stage
from ui.main_window import MainWindow
from ui.workspace import Workspace

Opened = tuple[Stage, MainWindow, Workspace]


@pytest.fixture
def opened(open_practice: OpenPractice, tmp_path: Path) -> Opened:
    return open_practice(tmp_path / "sortie", follow_up=True)
