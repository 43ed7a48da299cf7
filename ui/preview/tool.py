# SPDX-License-Identifier: GPL-3.0-or-later
"""A small button on the dark ground beside what is looked at."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QToolButton

from ui.context import Context
from ui.icons import icon

__all__ = ["tool"]


def tool(context: Context, sign: str, tip: str, does: object, *, size: int = 16) -> QToolButton:
    """A button that shows a sign and says in a tip what it does."""
    made = QToolButton()
    made.setProperty("role", "desk")
    made.setIcon(icon(sign, context.tokens.on_desk))
    made.setIconSize(QSize(1, 1) * context.theme.px(size))
    made.setToolTip(tip)
    made.setAccessibleName(tip)
    made.clicked.connect(does)
    return made
