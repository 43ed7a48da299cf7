# SPDX-License-Identifier: GPL-3.0-or-later
"""What art. 202 asks of an attestation, point by point, and the paper to print, to have signed and to keep."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from hro_desktop.casework.statement_overview import StatementView
from hro_desktop.law import vocabulary
from hro_desktop.rules.statements import Point
from ui.beside import card
from ui.context import Context
from ui.flow import Flow
from ui.icons import pixmap
from ui.lines import Line, LineList
from ui.pages.places import place_of
from ui.widgets import button, clear, column, label, row
from ui.words import count

__all__ = ["PaperCard"]

_PRINTED = "L’imprimé ajoute les mentions de l’art. 202\u00a0: production en justice, peines du faux."


class PaperCard(QWidget):
    """The points, then the paper."""

    printed = Signal(bool)
    """Print it; for the author's handwriting or typed."""
    scan_wanted = Signal()
    """Join the signed scan."""
    go = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        made, inner = card("Attestation et papiers")
        self._points = column(gap=8)
        self._blocked = label("", "problem", wrap=True)
        self.typed = button("Imprimer l’attestation", name="Imprimer l’attestation dactylographiée")
        self.by_hand = button("Imprimer pour écrire à la main")
        self.scan = button("Joindre le scan signé…")
        self.typed.clicked.connect(self._on_typed)
        self.by_hand.clicked.connect(self._on_by_hand)
        self.scan.clicked.connect(self._on_scan)
        acts = Flow(8)
        for each in (self.typed, self.by_hand, self.scan):
            acts.addWidget(each)
        self._papers = LineList(context, name="Papiers joints")
        self._papers.chosen.connect(self.go)
        inner.addLayout(self._points)
        inner.addWidget(self._blocked)
        inner.addLayout(acts)
        inner.addWidget(self._papers)
        whole = column()
        whole.addWidget(made)
        self.setLayout(whole)

    def show_view(self, view: StatementView) -> None:
        """Show where it is."""
        attests = view.kind == "attestation"
        clear(self._points)
        if attests:
            todo = sum(not each.met for each in view.points)
            said = count(todo, "point à régler", "points à régler") if todo else "Tous les points sont remplis."
            self._points.addWidget(label(f"Code de procédure civile, art. 202 — {said}", "hint", wrap=True))
            for each in view.points:
                self._points.addWidget(self._point(each))
            self._points.addWidget(label(_PRINTED, "hint", wrap=True))
        refused = view.refused if attests else ""
        blocked = "\n".join(part for part in (refused, *view.blocked) if part)
        self._blocked.setText(blocked)
        self._blocked.setVisible(bool(blocked))
        for act in (self.typed, self.by_hand):
            act.setVisible(attests)
            act.setEnabled(not blocked)
        self._papers.show_lines(
            [
                Line(
                    title=each.title,
                    detail=vocabulary.label("evidence_statement_roles", each.role),
                    place=place_of("evidence", each.evidence_id),
                )
                for each in view.papers
            ]
        )

    def making(self, busy: bool) -> None:
        """The paper is being made, or is not any more."""
        for act in (self.typed, self.by_hand):
            act.setEnabled(not busy)

    def _point(self, point: Point) -> QWidget:
        theme = self._context.theme
        held, line = QWidget(), row(gap=8)
        drawn = QLabel()
        colour = theme.tokens.ok if point.met else theme.tokens.warn
        drawn.setPixmap(pixmap("check" if point.met else "hourglass", colour, theme.px(16), 2.0))
        line.addWidget(drawn, 0, Qt.AlignmentFlag.AlignTop)
        texts = column(gap=1)
        state = "rempli" if point.met else "à faire"
        title = label(f"{point.title} — {state}", "soft" if point.met else "strong", wrap=True)
        title.setToolTip(point.source)
        texts.addWidget(title)
        for each in point.todo:
            todo = label(each, "hint", wrap=True)
            self._context.veil.cover(todo)
            texts.addWidget(todo)
        line.addLayout(texts, 1)
        held.setLayout(line)
        return held

    def _on_typed(self, _checked: bool = False) -> None:
        self.printed.emit(False)

    def _on_by_hand(self, _checked: bool = False) -> None:
        self.printed.emit(True)

    def _on_scan(self, _checked: bool = False) -> None:
        self.scan_wanted.emit()
