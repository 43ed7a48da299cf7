# SPDX-License-Identifier: GPL-3.0-or-later
"""The documents of a case that the vault keeps, looked at as they were sealed; and the register of what left."""

import uuid
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QWidget

from hro_desktop.casework import case_documents, departures
from hro_desktop.casework.case_documents import Kept, Opened
from hro_desktop.casework.departures import Gone
from hro_desktop.casework.desk import Desk
from ui.context import Context
from ui.jobs import Lane, Report, Token
from ui.lines import Line, LineList
from ui.pages.case_part import CasePart, card
from ui.pages.page import Place
from ui.preview.pane import PreviewPane
from ui.widgets import Scroller, button, clear, column, label
from ui.words import count, short_day

__all__ = ["DocumentsPart"]

SEALED = "Le document tel qu’il a été scellé"


def _open(desk: Desk, document_id: uuid.UUID, token: Token, _report: Report) -> Opened:
    token.check()
    return case_documents.opened(desk, document_id)


class DocumentsPart(CasePart):
    """« Documents »."""

    tables = ("document", "departure")

    def __init__(self, context: Context, desk: Desk, case_id: uuid.UUID) -> None:
        super().__init__(context, desk, case_id)
        self._kept: Sequence[Kept] = ()
        self._wanted: uuid.UUID | None = None
        self._title = ""
        self.preview = PreviewPane(context)
        self.preview.hide()
        self.print_action = button("Imprimer…", tip=SEALED)
        self.print_action.clicked.connect(self.on_print_clicked)
        self.print_action.hide()
        kept_card, inner = card("Documents scellés dans le coffre")
        said = "Rien encore. Chaque document enregistré hors du coffre y est scellé d’abord, et reste lisible ici."
        self._none = label(said, "soft", wrap=True)
        self._none.setContentsMargins(15, 6, 15, 6)
        self.list = LineList(context, name="Documents scellés")
        self.list.chosen.connect(self.on_pressed)
        inner.setContentsMargins(1, 4, 1, 6)
        inner.addWidget(self._none)
        inner.addWidget(self.list)
        gone_card, self._register = card("Registre de ce qui est parti")
        inner = column(gap=16)
        inner.addWidget(kept_card)
        inner.addWidget(gone_card)
        inner.addStretch()
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(Scroller(inner, name="Documents du dossier"))
        shown = column(gap=8)
        shown.addWidget(self.print_action, 0, Qt.AlignmentFlag.AlignRight)
        shown.addWidget(self.preview, 1)
        right = QWidget()
        right.setLayout(shown)
        split.addWidget(right)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(16)
        split.setSizes([420, 560])
        whole = column()
        whole.addWidget(split)
        self.setLayout(whole)

    @property
    def kept(self) -> Sequence[Kept]:
        """The documents that are listed."""
        return self._kept

    def ask(self) -> None:
        """The documents, and what left about the person."""
        self.read(case_documents.of_case, self.case_id, done=self.on_kept)
        if self.head is not None:
            self.read(departures.of_person, self.head.person_id, done=self.on_gone)

    def on_kept(self, found: Sequence[Kept]) -> None:
        """Here they are."""
        self._kept = found
        self._none.setVisible(not found)
        self.list.show_lines([_line(each) for each in found])

    def on_gone(self, found: Sequence[Gone]) -> None:
        """The register."""
        clear(self._register)
        if not found:
            said = "Rien n’est encore parti du coffre au sujet de cette personne."
            self._register.addWidget(label(said, "soft", wrap=True))
        for each in reversed(found):
            line = label(each.sentence, wrap=True)
            self.context.veil.cover(line)
            self._register.addWidget(line)

    def on_pressed(self, document_id: uuid.UUID) -> None:
        """Look at one."""
        self._wanted = document_id
        self.said.emit("")
        self.job(Lane.READ, partial(_open, self.desk, document_id), self.on_opened, title="Ouverture du document")

    def on_print_clicked(self) -> None:
        """Print the one that is shown."""
        if self._wanted is not None:
            back = Place("case", self.case_id, "documents")
            self.go.emit(Place("print", self._wanted, "document", (None, self._title, back)))

    def on_opened(self, opened: Opened) -> None:
        """Its pages; another may be wanted by now."""
        if opened.id == self._wanted:
            self._title = opened.title
            stays = any(each.stays for each in self._kept if each.id == opened.id)
            self.print_action.setEnabled(not stays)
            self.print_action.setToolTip(case_documents.NOT_FROZEN if stays else SEALED)
            self.preview.show()
            self.print_action.show()
            self.preview.show_document(opened.title, opened.data, opened.pages)


def _line(each: Kept) -> Line:
    said = [
        each.about,
        f"fait le {short_day(each.made_on)}",
        count(each.pages, "page", "pages") if each.pages else "",
        "figé" if each.frozen else "",
        "" if each.pdf else "version modifiable, sans aperçu",
    ]
    return Line(
        title=each.title,
        detail=" · ".join(filter(None, said)),
        chip="PDF" if each.pdf else "modifiable",
        place=each.id if each.pdf else None,
    )
