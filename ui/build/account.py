# SPDX-License-Identifier: GPL-3.0-or-later
"""The statement of facts: paragraphs whose citations of exhibits are chips, put in with « @ » or from the list.

A chip is one character of the text: it is deleted, moved and copied whole. Its number is that of the schedule, drawn
anew when the exhibits move; the vault keeps `[[piece:<uuid>]]`.
"""

import re
import uuid
from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QEvent, QMimeData, QPoint, QRect, QRectF, QSize, Qt, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QImage,
    QKeyEvent,
    QPainter,
    QResizeEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
    QTextImageFormat,
    QTextOption,
)
from PySide6.QtWidgets import QListWidgetItem, QSizePolicy, QTextEdit

from hro_desktop.casework.builder import Listed
from hro_desktop.rules import exhibits as rules
from ui.context import Context
from ui.proposals import Proposals

__all__ = ["AccountEdit"]

LONGEST: Final = 200_000
_MARKER: Final = re.compile(r"\[\[\s*pi[eè]ce\s*:\s*([0-9a-fA-F-]{32,36})\s*\]\]", re.IGNORECASE)
_SCHEME: Final = "piece"
_OBJECT: Final = "\ufffc"


class _Proposals(Proposals):
    """The exhibits that « @ » and what follows may mean, under the cursor."""

    def __init__(self, editor: QTextEdit) -> None:
        super().__init__(editor, "Pièces à citer")

    def show_exhibits(self, found: Sequence[Listed], under: QPoint) -> None:
        """Show these, or nothing when there are none."""
        self.clear()
        for each in found:
            self.add(f"{each.number}\u2002{each.title}", each)
        if found:
            self.show_under(QRect(under + QPoint(0, 4), QSize(360, 0)))
        else:
            self.hide()

    def step(self, by: int) -> None:
        """The next one, or the one before."""
        self.setCurrentRow(max(0, min(self.count() - 1, self.currentRow() + by)))


class AccountEdit(QTextEdit):
    """An input of the editor: `value` and `set_value` are the text the vault keeps."""

    edited = Signal()
    left = Signal()

    def __init__(self, context: Context, *, lines: int = 8) -> None:
        super().__init__()
        self._context = context
        self._filling = False
        self._exhibits: dict[uuid.UUID, Listed] = {}
        self._least = lines
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.setAccessibleName("Exposé des faits")
        self.setAccessibleDescription("Tapez @ pour citer une pièce")
        self.setPlaceholderText("Ce qui s’est passé, tel que la personne le dit. Tapez @ pour citer une pièce.")
        option = QTextOption()
        option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.document().setDefaultTextOption(option)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.proposals = _Proposals(self)
        context.veil.cover(self.proposals.viewport())
        self.proposals.itemClicked.connect(self.on_proposal_clicked)
        self.textChanged.connect(self.on_text_changed)
        self.cursorPositionChanged.connect(self.on_cursor_moved)
        self._fit()

    def value(self) -> str:
        """What it says, a blank line between paragraphs, citations as the vault keeps them."""
        paragraphs = (_text_of(block).strip() for block in _blocks(self.document()))
        return "\n\n".join(each for each in paragraphs if each)

    def set_value(self, value: Any) -> None:  # noqa: ANN401 - as every input
        """Show a text."""
        self._filling = True
        self.clear()
        cursor = self.textCursor()
        cursor.setBlockFormat(self._spaced())
        paragraphs = [" ".join(each.split("\n")).strip() for each in (value or "").strip().split("\n\n")]
        for at, paragraph in enumerate(each for each in paragraphs if each):
            if at:
                cursor.insertBlock(self._spaced())
            self._insert(cursor, paragraph)
        self.document().clearUndoRedoStacks()
        self._filling = False
        self._fit()

    def raw(self) -> str:
        """What is typed."""
        return self.value()

    def set_raw(self, text: str) -> None:
        """Show again what was typed."""
        self.set_value(text)

    def set_exhibits(self, exhibits: Sequence[Listed]) -> None:
        """The exhibits that can be cited, with their numbers of the moment: every chip follows."""
        self._exhibits = {each.id: each for each in exhibits}
        for cited in self.cited():
            self._draw(cited)
        self.document().markContentsDirty(0, self.document().characterCount())
        self.viewport().update()

    def cited(self) -> tuple[uuid.UUID, ...]:
        """The items the text cites, each once, in its order."""
        found = [each for block in _blocks(self.document()) for each in _cited_in(block)]
        return tuple(dict.fromkeys(found))

    def cite(self, evidence_id: uuid.UUID) -> None:
        """Put a citation where the cursor is, set off by a space from the word before."""
        cursor = self.textCursor()
        cursor.beginEditBlock()
        before = self.document().characterAt(cursor.position() - 1) if cursor.position() else " "
        if before.strip() and before not in "(«\u2029":
            cursor.insertText(" ")
        self._insert(cursor, rules.citation(str(evidence_id)))
        cursor.endEditBlock()
        self.setTextCursor(cursor)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def insert_account(self, text: str) -> None:
        """Put in an account told elsewhere, paragraph by paragraph, where the cursor is."""
        cursor = self.textCursor()
        cursor.beginEditBlock()
        for at, paragraph in enumerate(each.strip() for each in text.split("\n\n") if each.strip()):
            if at or not cursor.atBlockStart():
                cursor.insertBlock(self._spaced())
            self._insert(cursor, " ".join(paragraph.split("\n")))
        cursor.endEditBlock()
        self.setTextCursor(cursor)

    def on_text_changed(self) -> None:
        """Something was typed, or shown."""
        self._fit()
        if not self._filling:
            self._propose()
            self.edited.emit()

    def on_cursor_moved(self) -> None:
        """Away from « @ », nothing is proposed."""
        if self.proposals.isVisible() and self._wanted() is None:
            self.proposals.hide()

    def on_proposal_clicked(self, item: QListWidgetItem) -> None:
        """Chosen by the mouse."""
        self._take(item)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Arrows move in what is proposed, Enter takes it, Escape closes it."""
        key, shown = event.key(), self.proposals.isVisible()
        if shown and key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.proposals.step(1 if key == Qt.Key.Key_Down else -1)
        elif shown and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab):
            self._take(self.proposals.currentItem())
        elif shown and key == Qt.Key.Key_Escape:
            self.proposals.hide()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Tab takes a proposal before it leaves the field."""
        if (
            event.type() is QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Tab
            and self.proposals.isVisible()
        ):
            self.keyPressEvent(event)
            return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Left."""
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.proposals.hide()
            self.left.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Another width, other lines."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def createMimeDataFromSelection(self) -> QMimeData:  # noqa: N802
        """Copied with its citations as the vault writes them: pasted here again they are chips."""
        cursor, parts = self.textCursor(), []
        for block in _blocks(self.document()):
            start = max(cursor.selectionStart(), block.position())
            end = min(cursor.selectionEnd(), block.position() + block.length() - 1)
            if start <= end:
                parts.append(_text_of(block, start - block.position(), end - block.position()))
        data = QMimeData()
        data.setText("\n\n".join(parts))
        return data

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802
        """Words only, whatever program they come from; citations become chips."""
        if not source.hasText():
            return
        text = source.text()[:LONGEST].replace("\r\n", "\n").replace("\u2029", "\n\n").replace("\u2028", "\n")
        text = text.replace("\x0b", "\n").replace(_OBJECT, "")
        if "\n\n" in text.strip():
            self.insert_account(text)
            return
        cursor = self.textCursor()
        cursor.beginEditBlock()
        self._insert(cursor, text.replace("\n", " "))
        cursor.endEditBlock()
        self.setTextCursor(cursor)

    def _insert(self, cursor: QTextCursor, text: str) -> None:
        """Words and chips."""
        at = 0
        for found in _MARKER.finditer(text):
            cursor.insertText(text[at : found.start()])
            cursor.insertImage(self._chip(uuid.UUID(found[1])))
            at = found.end()
        cursor.insertText(text[at:])

    def _chip(self, cited: uuid.UUID) -> QTextImageFormat:
        drawn = self._draw(cited)
        made = QTextImageFormat()
        made.setName(f"{_SCHEME}:{cited}")
        made.setWidth(drawn.width() / drawn.devicePixelRatio())
        made.setHeight(drawn.height() / drawn.devicePixelRatio())
        made.setVerticalAlignment(QTextImageFormat.VerticalAlignment.AlignMiddle)
        return made

    def _draw(self, cited: uuid.UUID) -> QImage:
        """The chip of an item, kept by the document under its name."""
        known, tokens = self._exhibits.get(cited), self._context.tokens
        words = f"pièce n°\u00a0{known.number}" if known is not None else "pièce non jointe"
        font = self.font()
        font.setPixelSize(max(9, round(self.fontInfo().pixelSize() * 0.86)))
        metrics = QFontMetrics(font)
        ratio = max(1.0, self.devicePixelRatioF())
        size = QSize(metrics.horizontalAdvance(words) + self._context.theme.px(14), metrics.height() + 2)
        image = QImage(size * ratio, QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(ratio)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.brand_soft if known is not None else tokens.late_soft))
        frame = QRectF(1, 1, size.width() - 2, size.height() - 2)
        painter.drawRoundedRect(frame, frame.height() / 2, frame.height() / 2)
        painter.setFont(font)
        painter.setPen(QColor(tokens.brand_ink if known is not None else tokens.late))
        painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, words)
        painter.end()
        self.document().addResource(QTextDocument.ResourceType.ImageResource.value, QUrl(f"{_SCHEME}:{cited}"), image)
        return image

    def _wanted(self) -> str | None:
        """What follows the « @ » before the cursor, on its line; `None` when there is none."""
        cursor = self.textCursor()
        before = cursor.block().text()[: cursor.positionInBlock()]
        found = re.search(r"(?:^|[\s(«\u00a0])@([^@\ufffc]{0,40})$", before)
        return found[1] if found else None

    def _propose(self) -> None:
        wanted = self._wanted()
        if wanted is None or not self.hasFocus():
            self.proposals.hide()
            return
        words = wanted.casefold().split()
        found = [
            each
            for each in self._exhibits.values()
            if all(word in each.title.casefold() or word == str(each.number) for word in words)
        ]
        under = self.viewport().mapToGlobal(self.cursorRect().bottomLeft())
        self.proposals.show_exhibits(found, under)

    def _take(self, item: QListWidgetItem | None) -> None:
        """The words « @… » give way to the citation."""
        wanted = self._wanted()
        self.proposals.hide()
        if item is None or wanted is None:
            return
        cursor = self.textCursor()
        cursor.beginEditBlock()
        cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, _utf16(wanted) + 1)
        cursor.removeSelectedText()
        self._insert(cursor, rules.citation(str(item.data(Qt.ItemDataRole.UserRole).id)))
        cursor.endEditBlock()
        self.setTextCursor(cursor)

    def _spaced(self) -> QTextBlockFormat:
        made = QTextBlockFormat()
        made.setBottomMargin(self._context.theme.px(8))
        return made

    def _fit(self) -> None:
        """As high as its text at this width, within bounds; the page scrolls, the field does not until it is long."""
        spacing = self.fontMetrics().lineSpacing()
        wanted = min(max(self.document().size().height(), self._least * spacing), 40 * spacing)
        height = round(wanted) + self._context.theme.px(16)
        if height != self.height():
            self.setFixedHeight(height)


def _blocks(document: QTextDocument) -> Sequence[QTextBlock]:
    found, block = [], document.begin()
    while block.isValid():
        found.append(block)
        block = block.next()
    return found


def _fragments(block: QTextBlock) -> Sequence[tuple[int, str, uuid.UUID | None]]:
    """Place in the block, text, and for a run of chips the item they cite."""
    found, walk = [], block.begin()
    while not walk.atEnd():
        fragment = walk.fragment()
        if fragment.isValid():
            form = fragment.charFormat()
            name = form.toImageFormat().name() if form.isImageFormat() else ""
            cited = uuid.UUID(name.partition(":")[2]) if name.startswith(f"{_SCHEME}:") else None
            found.append((fragment.position() - block.position(), fragment.text(), cited))
        walk += 1
    return found


def _text_of(block: QTextBlock, start: int = 0, end: int | None = None) -> str:
    """A part of a block, citations as the vault keeps them; positions count as Qt does."""
    parts = []
    for place, text, cited in _fragments(block):
        inside = _cut(text, start - place, None if end is None else end - place)
        parts.append(inside.replace(_OBJECT, rules.citation(str(cited))) if cited else inside.replace(_OBJECT, ""))
    return "".join(parts)


def _cut(text: str, start: int, end: int | None) -> str:
    """A part of a text by places that count in units of UTF-16, as Qt's do."""
    units = text.encode("utf-16-le", "surrogatepass")
    last = len(units) if end is None else max(0, 2 * end)
    return units[max(0, 2 * start) : last].decode("utf-16-le", "surrogatepass")


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _cited_in(block: QTextBlock) -> Sequence[uuid.UUID]:
    return [cited for _, text, cited in _fragments(block) if cited is not None for _ in text]
