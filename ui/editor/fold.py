# SPDX-License-Identifier: GPL-3.0-or-later
"""A heading that shows and hides what stands under it."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from ui.context import Context
from ui.icons import icon

__all__ = ["Fold"]


class Fold(QPushButton):
    """Checked, what it is for is shown. Its words end in « … » where there is no room."""

    def __init__(self, context: Context, text: str, under: QWidget) -> None:
        super().__init__()
        self._under = under
        self._full = text
        self.setProperty("role", "pick")
        self.setAutoDefault(False)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        size = context.theme.px(16)
        self.setIcon(icon("closed", context.tokens.ink3, chosen_name="opened", chosen=context.tokens.ink2))
        self.setIconSize(QSize(size, size))
        self.toggled.connect(self.on_toggled)
        self.on_toggled(False)

    def say(self, text: str) -> None:
        """Other words."""
        self._full = text
        self._show()

    def on_toggled(self, shown: bool) -> None:
        """Show or hide what stands under it."""
        self._under.setVisible(shown)
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """As much of the words as there is room for."""
        super().resizeEvent(event)
        self._show()

    def _show(self) -> None:
        room = self.width() - self.iconSize().width() - 20
        line = self._full.replace("\n", " ").strip()
        shown = self.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, max(room, 40))
        self.setText(shown.replace("&", "&&"))
        self.setToolTip(line if shown != line else "")
        self.setAccessibleName(f"{'Replier' if self.isChecked() else 'Déplier'}\u00a0: {line}")
