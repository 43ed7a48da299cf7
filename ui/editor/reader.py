# SPDX-License-Identifier: GPL-3.0-or-later
"""A text that is read and not changed: words can be selected in it, by mouse and by keyboard."""

from collections.abc import Sequence

import attrs
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from ui.context import Context
from ui.editor.inputs import LongInput
from ui.widgets import column, label

__all__ = ["Reader", "Selected", "mark", "selected"]


@attrs.frozen
class Selected:
    """Words somebody selected, and the number of characters before them."""

    quoted: str = attrs.field(repr=False)
    start: int


def selected(text: QPlainTextEdit) -> Selected | None:
    """What is selected in a text. Qt counts in halves of UTF-16: an emoji is two there and one here."""
    cursor = text.textCursor()
    if not cursor.hasSelection():
        return None
    before = QTextCursor(text.document())
    before.setPosition(cursor.selectionStart(), QTextCursor.MoveMode.KeepAnchor)
    return Selected(_plain(cursor.selectedText()), len(_plain(before.selectedText())))


def mark(context: Context, text: QPlainTextEdit, places: Sequence[tuple[int, int]]) -> None:
    """Underline and tint stretches of a text, given by their first and last character."""
    whole, shown = text.toPlainText(), []
    tint = QTextCharFormat()
    tint.setBackground(QColor(context.tokens.warn_soft))
    tint.setForeground(QColor(context.tokens.ink))
    tint.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
    tint.setUnderlineColor(QColor(context.tokens.warn))
    for first, last in places:
        cursor = QTextCursor(text.document())
        cursor.setPosition(_halves(whole[:first]))
        cursor.setPosition(_halves(whole[:last]), QTextCursor.MoveMode.KeepAnchor)
        each = QTextEdit.ExtraSelection()
        each.cursor, each.format = cursor, tint
        shown.append(each)
    text.setExtraSelections(shown)


class Reader(QWidget):
    """A text under its title."""

    def __init__(self, context: Context, title: str, text: str, *, rtl: bool = False) -> None:
        super().__init__()
        self.text = LongInput(context.theme, lines=4, most=28)
        self.text.set_rtl(rtl)
        self.text.setReadOnly(True)
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.text.set_value(text)
        self.text.setAccessibleName(title)
        self.text.setAccessibleDescription("Ce texte ne change plus")
        context.veil.cover(self.text)
        named = label(title, "label")
        named.setBuddy(self.text)
        inner = column(gap=4)
        inner.addWidget(named)
        inner.addWidget(self.text)
        inner.addStretch()
        self.setLayout(inner)
        self.setFocusProxy(self.text)


def _plain(text: str) -> str:
    return text.replace("\u2029", "\n").replace("\u2028", "\n")


def _halves(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
