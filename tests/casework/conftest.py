# SPDX-License-Identifier: GPL-3.0-or-later
"""A real desk on a real vault."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hro_desktop import bootstrap
from hro_desktop.casework.desk import Desk
from hro_desktop.demo import run
from tests.support.practice import empty_vault, practice_vault


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """The practice case, on its own day."""
    with bootstrap.open_desk(practice_vault(tmp_path), run.PASSPHRASE, clock=lambda: run.NOW) as opened:
        yield opened


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A new vault for all tests of a file that fill it once and then only read."""
    folder = empty_vault(tmp_path_factory.mktemp("kept"))
    with bootstrap.open_desk(folder, run.PASSPHRASE, clock=lambda: run.NOW) as opened:
        yield opened


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Desk]:
    """A new vault with nothing in it."""
    with bootstrap.open_desk(empty_vault(tmp_path), run.PASSPHRASE, clock=lambda: run.NOW) as opened:
        yield opened
