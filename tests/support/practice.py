# SPDX-License-Identifier: GPL-3.0-or-later
"""The practice vault, made once per test process and copied for each test that wants one."""

import atexit
import functools
import shutil
import tempfile
from pathlib import Path

from hro_desktop.demo import run


@functools.cache
def _template(*, follow_up: bool, outing: bool) -> Path:
    parent = tempfile.mkdtemp(prefix="practice-")
    atexit.register(shutil.rmtree, parent, ignore_errors=True)
    folder = Path(parent) / "coffre"
    run.build_vault(folder, follow_up=follow_up, outing=outing)
    return folder


def practice_vault(into: Path, *, follow_up: bool = False, outing: bool = False) -> Path:
    """A fresh copy of the practice vault in a folder of the test, with the other dossiers too if wanted."""
    return Path(shutil.copytree(_template(follow_up=follow_up, outing=outing), into / "coffre"))
