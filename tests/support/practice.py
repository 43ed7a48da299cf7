# SPDX-License-Identifier: GPL-3.0-or-later
"""The practice vault, made once per test process and copied for each test that wants one."""

import functools
import shutil
import tempfile
from pathlib import Path

from hro_desktop.demo import run


@functools.cache
def _template() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="practice-")) / "coffre"
    run.build_vault(folder, follow_up=False)
    return folder


def practice_vault(into: Path) -> Path:
    """A fresh copy of the practice vault in a folder of the test."""
    return Path(shutil.copytree(_template(), into / "coffre"))
