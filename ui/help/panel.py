# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel of the help: F1 opens it at the page one stands on, beside that page where both have room, else over it."""

import weakref
from typing import Final

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, QUrl, Signal
from PySide6.QtGui import QColor, QFont, QTextBlock, QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QApplication, QFrame, QLayout, QLineEdit, QTextBrowser, QToolButton, QWidget

from ui.context import Context
from ui.help import book
from ui.help.book import CONTENTS
from ui.icons import icon
from ui.widgets import button, column, label, row

__all__ = ["HelpPanel"]

_WIDTH: Final = 400
"""Of the panel, in pixels at 100 %."""
_PAGE: Final = 752
"""What a page needs beside it: what it has in the smallest window, where tests see that nothing is cut."""


class _Reader(QTextBrowser):
    """Shows one page. It fetches nothing, from the disk or elsewhere."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._theme = context.theme
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setUndoRedoEnabled(False)
        self.setAccessibleName("Texte de l’aide")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def loadResource(self, _kind: int, _name: QUrl | str) -> object:  # noqa: N802
        """Nothing: the text is all there is."""
        return None

    def show_text(self, markdown: str) -> None:
        """Another page, from its beginning."""
        self.setMarkdown(markdown)
        self.document().setIndentWidth(self._theme.px(18))
        self.document().setDocumentMargin(self._theme.px(10))
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        block = self.document().begin()
        while block.isValid():
            self._set_block(block)
            block = block.next()
        cursor.endEditBlock()
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self.verticalScrollBar().setValue(0)

    def _set_block(self, block: QTextBlock) -> None:
        """Sizes, colours and room of the window, which Markdown does not say."""
        theme, level = self._theme, block.blockFormat().headingLevel()
        cursor = QTextCursor(block)
        spaced = QTextBlockFormat()
        spaced.setTopMargin(theme.px(10 if level > 1 else 0))
        spaced.setBottomMargin(theme.px(4 if block.textList() is not None else 8))
        cursor.mergeBlockFormat(spaced)
        if level:
            cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
            headed = QTextCharFormat()
            font = QFont(self.font())
            font.setPixelSize(theme.px(17 if level == 1 else 14))
            font.setWeight(QFont.Weight.DemiBold)
            headed.setFont(font)
            cursor.setCharFormat(headed)
            return
        # Read first: setting one piece anew moves the others.
        pieces, each = [], block.begin()
        while not each.atEnd():
            piece = each.fragment()
            pieces.append((piece.position(), piece.length(), piece.charFormat()))
            each += 1
        for at, length, form in pieces:
            wanted = QTextCharFormat()
            if form.isAnchor():
                wanted.setForeground(QColor(theme.tokens.brand))
            elif form.fontFixedPitch():
                wanted.setFontFamilies(self.font().families())
                wanted.setBackground(QColor(theme.tokens.sunken))
                wanted.setFontWeight(QFont.Weight.Medium)
            else:
                continue
            cursor.setPosition(at)
            cursor.setPosition(at + length, QTextCursor.MoveMode.KeepAnchor)
            cursor.mergeCharFormat(wanted)


class HelpPanel(QFrame):
    """Over the right of what holds it; when that has a layout that can make room, and room enough, beside."""

    left = Signal()
    """It was closed with the keyboard in it, and what had the keyboard before is gone."""

    def __init__(self, context: Context, over: QWidget, beside: QLayout | None = None) -> None:
        """A closed panel.

        Args:
            context: surroundings.
            over: the widget it stands in.
            beside: a layout of that widget, which gives way on the right where there is room for both.
        """
        super().__init__(over)
        self.setObjectName("help")
        self._context, self._over, self._beside = context, over, beside
        self._shown: list[str] = []
        self._of = CONTENTS
        self._before: weakref.ref[QWidget] | None = None
        self.reader = _Reader(context)
        self.reader.anchorClicked.connect(self.on_link)
        self.line = QLineEdit()
        self.line.setAccessibleName("Chercher dans l’aide")
        self.line.textChanged.connect(self.on_text_changed)
        self.line.returnPressed.connect(self.on_return)
        self.contents = button("Sommaire", "link")
        self.contents.clicked.connect(self.on_contents)
        self.back = button("Page précédente", "link")
        self.back.clicked.connect(self.on_back)
        self.shut = QToolButton()
        self.shut.setIcon(icon("close", context.tokens.ink2))
        self.shut.setAccessibleName("Fermer l’aide")
        self.shut.setToolTip("Fermer l’aide (Échap)")
        self.shut.clicked.connect(self.close_up)
        self._lay_out()
        over.installEventFilter(self)
        self.hide()

    @property
    def shown(self) -> str:
        """The name of the page that is read; nothing while it is closed."""
        return self._shown[-1] if self._shown and self.isVisible() else ""

    def open_at(self, name: str) -> None:
        """Come up with a page of the help, and take the keyboard."""
        if not self.isVisible():
            held = QApplication.focusWidget()
            self._before = weakref.ref(held) if held is not None else None
            self._shown = []
        self.line.clear()
        self.show()
        self._place()
        self.raise_()
        self._turn_to(name)
        self.reader.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def open_for(self, page: str) -> None:
        """F1 on a page of the window: its help; again, and the help goes."""
        name = self._name(page)
        self._of = name
        if self.isVisible() and (self.shown == name or self._has_keyboard()):
            self.close_up()
        else:
            self.open_at(name)

    def follow(self, page: str) -> None:
        """Somebody goes to another page: what is read follows, unless it is something chosen to be read."""
        before, self._of = self._of, self._name(page)
        if self.isVisible() and self.shown == before and not self.line.text():
            self._shown = []
            self._turn_to(self._of)

    def close_up(self) -> None:
        """Go away, and give the keyboard back."""
        had_it = self._has_keyboard()
        self.hide()
        self._place()
        before = self._before() if self._before is not None else None
        self._before = None
        if not had_it:
            return
        if before is not None and shiboken6.isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.left.emit()

    def on_link(self, url: QUrl) -> None:
        """A link to another page; a link to anywhere else leads nowhere."""
        name = url.path().removesuffix(".md")
        if url.isRelative() and book.page(name) is not None:
            self.line.clear()
            self._turn_to(name)

    def on_contents(self) -> None:
        """The list of all pages."""
        self.line.clear()
        self._turn_to(CONTENTS)

    def on_back(self) -> None:
        """What was read before."""
        if len(self._shown) > 1:
            self.line.clear()
            self._shown.pop()
            self._turn_to(self._shown.pop())

    def on_text_changed(self, text: str) -> None:
        """The pages that hold these words; nothing typed, and the page that was read is there again."""
        if not text.strip():
            if self._shown:
                self._turn_to(self._shown.pop())
            return
        found = book.found(text)
        lines = [f"- [{each.title}]({each.name}.md) — {around}" for each, around in found]
        self.reader.show_text("\n".join(lines) or "Aucune page de l’aide ne contient tous ces mots.")

    def on_return(self) -> None:
        """The first page that was found."""
        found = book.found(self.line.text())
        if found:
            self.line.clear()
            self._turn_to(found[0][0].name)
            self.reader.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """What holds it has another size."""
        if watched is self._over and event.type() is QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _turn_to(self, name: str) -> None:
        page = book.page(name)
        assert page is not None
        if not self._shown or self._shown[-1] != name:
            self._shown.append(name)
        self.reader.show_text(f"# {page.title}\n\n{page.body}")
        self.back.setEnabled(len(self._shown) > 1)

    def _name(self, page: str) -> str:
        of = book.help_of(page) or book.page(page)
        return of.name if of is not None else CONTENTS

    def _has_keyboard(self) -> bool:
        held = QApplication.focusWidget()
        return held is not None and self.isAncestorOf(held)

    def _place(self) -> None:
        """Where it stands, and whether the page gives way."""
        px, room = self._context.theme.px, self._over.size()
        width = min(px(_WIDTH), room.width())
        beside = self._beside is not None and self.isVisible() and room.width() - width >= px(_PAGE)
        if self._beside is not None:
            self._beside.setContentsMargins(0, 0, width if beside else 0, 0)
        self.setGeometry(room.width() - width, 0, width, room.height())

    def _lay_out(self) -> None:
        inner = column(margins=(12, 8, 12, 12), gap=6)
        top = row(gap=8)
        top.addWidget(label("Aide", "heading"))
        top.addStretch()
        top.addWidget(self.contents)
        top.addWidget(self.back)
        top.addWidget(self.shut)
        inner.addLayout(top)
        named = label("Chercher dans l’aide", "label")
        named.setBuddy(self.line)
        inner.addWidget(named)
        inner.addWidget(self.line)
        inner.addWidget(self.reader, 1)
        self.setLayout(inner)
