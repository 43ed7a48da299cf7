# SPDX-License-Identifier: GPL-3.0-or-later
"""The one Qt application of a process without a window."""

import os
import sys

from PySide6.QtGui import QGuiApplication

__all__ = ["start"]


def start() -> object:
    """Start it, or hand back the one that runs; the caller keeps it alive as long as documents are made."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return QGuiApplication.instance() or QGuiApplication(sys.argv[:1])
