# SPDX-License-Identifier: GPL-3.0-or-later
"""A document on its desk: which page, how large, and the pages themselves."""

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.context import Context
from ui.preview.pages_view import PagesView
from ui.preview.tool import tool
from ui.widgets import Title, column, label, row

__all__ = ["PreviewPane"]


class PreviewPane(QWidget):
    """The pages with their line above: « Aperçu — page 1 sur 42 », smaller, larger, as wide as the window."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._name = ""
        self._place = Title("desk")
        self._zoom = label("", "desk")
        self._problem = label("", "desk", wrap=True)
        self._problem.hide()
        self.pages = PagesView(context)
        self._smaller = tool(context, "minus", "Plus petit (Ctrl −)", self.pages.zoom_out)
        self._larger = tool(context, "plus", "Plus grand (Ctrl +)", self.pages.zoom_in)
        self._width = tool(context, "width", "Largeur de la fenêtre (Ctrl 0)", self.pages.zoom_to_width)
        self.pages.place_changed.connect(self.on_place_changed)
        self.pages.zoom_changed.connect(self.on_zoom_changed)
        self.pages.unreadable.connect(self.on_unreadable)
        self._lay_out()

    @property
    def place(self) -> str:
        """What the line above says."""
        return self._place.text()

    def show_document(self, name: str, pdf: bytes, count: int) -> None:
        """Show a document from its first page."""
        self._name = name
        self._problem.hide()
        self.pages.setAccessibleName(f"Aperçu, {name}")
        self.pages.show_document(pdf, count)

    def on_place_changed(self, page: int, count: int) -> None:
        """Another page is in sight."""
        self._place.setText(f"{self._name} — page {page} sur {count}" if count else "")

    def on_zoom_changed(self, percent: int) -> None:
        """Another size."""
        self._zoom.setText(f"{percent}\u00a0%")

    def on_unreadable(self, sentence: str) -> None:
        """A page stays white, and this is why."""
        self._problem.setText(sentence)
        self._problem.show()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """The desk."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._context.tokens.desk)
        painter.end()

    def _lay_out(self) -> None:
        line = row(margins=(24, 8, 24, 0), gap=4)
        line.addWidget(self._place)
        line.addStretch()
        line.addWidget(self._smaller)
        line.addWidget(self._zoom)
        line.addWidget(self._larger)
        line.addWidget(self._width)
        whole = column(gap=8)
        whole.addLayout(line)
        whole.addWidget(self._problem)
        whole.addWidget(self.pages, 1)
        self.setLayout(whole)
