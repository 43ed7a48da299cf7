# SPDX-License-Identifier: GPL-3.0-or-later
"""Locking means another process: closing a vault leaves keys and names behind in the memory of this one."""

import os
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

__all__ = ["command", "restart_locked"]


def command(folder: Path) -> list[str]:
    """What starts the program again: its own interpreter, and the folder of the vault, nothing else."""
    if getattr(sys, "frozen", False):
        return [sys.executable, str(folder)]
    # A program installed as a script must not begin to import from whatever folder it stands in.
    started_as_module = getattr(sys.modules["__main__"], "__spec__", None) is not None
    safely = [] if started_as_module and not sys.flags.safe_path else ["-P"]
    return [sys.executable, *safely, "-m", "ui", str(folder)]


def restart_locked(folder: Path) -> NoReturn:
    """Replace this process by one at the door of the same vault."""
    words = command(folder)
    # A frozen program would otherwise reuse the unpacked folder of the process that ends.
    os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"
    if sys.platform == "win32":
        subprocess.Popen(words, close_fds=True)  # noqa: S603 - our own command
        os._exit(0)
    os.execv(words[0], words)  # noqa: S606 - our own command
