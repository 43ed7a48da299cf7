# SPDX-License-Identifier: GPL-3.0-or-later
"""What is proposed under where one types: a list that never takes the focus."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

__all__ = ["Proposals"]

_SHOWN = 8
"""Lines shown at once; the others are scrolled to."""


class Proposals(QListWidget):
    """Whoever types in `holder` chooses with the arrows; each item holds what it stands for."""

    def __init__(self, holder: QWidget, name: str) -> None:
        super().__init__(holder)
        self.setWindowFlags(Qt.WindowType.ToolTip)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(name)

    def add(self, text: str, held: object) -> None:
        """One more."""
        item = QListWidgetItem(text)
        item.setData(Qt.ItemDataRole.UserRole, held)
        self.addItem(item)

    def show_under(self, place: QRect, *, lines: int = _SHOWN) -> None:
        """Show what was added, from a place of the screen down, as wide as it; the first one is chosen."""
        self.setCurrentRow(0)
        height = min(lines, self.count()) * (self.sizeHintForRow(0) or 24) + 8
        self.setGeometry(place.x(), place.y(), place.width(), height)
        self.show()
