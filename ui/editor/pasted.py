# SPDX-License-Identifier: GPL-3.0-or-later
"""What comes from the clipboard: words only, all of them or none, and nothing in them that nobody sees."""

import re
from typing import Final

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtGui import QDropEvent, QGuiApplication, QKeyEvent, QKeySequence, QTextDocumentFragment
from PySide6.QtWidgets import QLineEdit, QWidget

__all__ = ["LONGEST", "TOO_LONG", "PlainLine", "fits", "on_one_line", "words_of"]

LONGEST: Final = 200_000
"""Characters of one text: a book, and not what a slip of the clipboard holds."""
TOO_LONG: Final = (
    "Ce texte est trop long pour ce champ\u00a0: il n’a pas été collé, ce qui était écrit reste. "
    "Gardez-le dans un fichier et versez-le dans Pièces."
)
CUT: Final = "Ce texte est trop long pour ce champ\u00a0: sa fin n’a pas été collée. Défaites avec Ctrl\u00a0Z."
_WORD: Final = 10_000
"""Characters of one word: nobody writes that, and Qt takes seconds to break a line in it."""
_ENDS: Final = str.maketrans({"\u2028": "\n", "\u2029": "\n\n", "\x0b": "\n", "\x0c": "\n", "\r": "\n"})
_UNSEEN: Final = dict.fromkeys(map(ord, "\u00ad\ufeff"))
"""Where a word processor may cut a word, and the mark at the beginning of a file."""
_BREAKS: Final = re.compile("\\s*[\n\r\t\x0b\x0c\x1c-\x1e\x85\u2028\u2029]\\s*")


def words_of(source: QMimeData) -> str:
    """The words of what is pasted or dropped, with their line ends."""
    if source.hasText():
        text = source.text()
    else:
        text = QTextDocumentFragment.fromHtml(source.html()).toPlainText() if source.hasHtml() else ""
    return text.replace("\r\n", "\n").translate(_ENDS).translate(_UNSEEN)


def fits(text: str) -> bool:
    """Whether it is a text somebody may have written."""
    return len(text) <= LONGEST and not re.search(rf"\S{{{_WORD}}}", text)


def on_one_line(text: str) -> str:
    """The same with a space where a line ended: a line shows no line ends, and would keep them unseen."""
    return _BREAKS.sub(" ", text.translate(_UNSEEN))


class PlainLine(QLineEdit):
    """A line that takes in words only."""

    refused = Signal(str)
    """Something could not be taken in: the sentence to show."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMaxLength(LONGEST)
        self.inputRejected.connect(self._on_cut)
        self.textEdited.connect(self._on_words)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Pasting by the keys takes words only, and Ctrl Z takes them out again."""
        if event.matches(QKeySequence.StandardKey.Paste):
            self._take(QGuiApplication.clipboard().mimeData())
            event.accept()
        else:
            super().keyPressEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """So does dropping."""
        if event.mimeData().hasUrls():
            event.ignore()
            return
        super().dropEvent(event)

    def _take(self, source: QMimeData) -> None:
        words = on_one_line(words_of(source)).strip(" ")
        if not fits(words) or len(words) + len(self.text()) - len(self.selectedText()) > LONGEST:
            self.refused.emit(TOO_LONG)
        elif words:
            self.insert(words)

    def _on_cut(self) -> None:
        """Pasted by the menu of the mouse, which takes as much as there is room for."""
        if len(self.text()) >= self.maxLength():
            self.refused.emit(CUT)

    def _on_words(self, text: str) -> None:
        """Whatever came in by the menu or a drop."""
        plain = on_one_line(text)
        if plain != text:
            at = self.cursorPosition()
            self.setText(plain)
            self.setModified(True)
            self.setCursorPosition(min(len(plain), at))
