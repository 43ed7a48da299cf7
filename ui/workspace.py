# SPDX-License-Identifier: GPL-3.0-or-later
"""What is behind the door: side bar, header, status line, and the page in the middle."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QPushButton, QStackedWidget, QWidget

from hro_desktop.casework.documents import Pack
from ui.context import Context
from ui.opening import OpenVault
from ui.pages.cases import CasesPage
from ui.pages.pack import PackPage
from ui.reading import CaseView, ReferralView
from ui.status import StatusLine
from ui.widgets import Nav, Title, button, chip, clear, column, frame, label, mark, row
from ui.words import count

__all__ = ["Workspace"]


class Workspace(QWidget):
    """The frame around the pages. A page gives its title and its actions; the header shows them."""

    lock_wanted = Signal()

    def __init__(self, context: Context, vault: OpenVault) -> None:
        super().__init__()
        self.setObjectName("page")
        self._context = context
        self._vault = vault
        self._pages = QStackedWidget()
        self._crumb = button("", "link")
        self._crumb.clicked.connect(self.on_crumb_clicked)
        self._title = Title()
        self._marks = row(gap=8)
        self._actions = row(gap=8)
        self._cases = CasesPage(context, vault.desk)
        self._cases.counted.connect(self.on_counted)
        self._cases.pack_made.connect(self.on_pack_made)
        self._pack: PackPage | None = None
        self._nav = Nav(context.theme, "folder", "Dossiers")
        self._lock = Nav(context.theme, "lock", "Verrouiller", "Ctrl L")
        self._lay_out()
        self._pages.addWidget(self._cases)
        QShortcut(QKeySequence("Ctrl+L"), self, self.lock_wanted.emit)
        QShortcut(QKeySequence("Esc"), self, self.on_crumb_clicked)

    @property
    def cases(self) -> CasesPage:
        """The list of cases."""
        return self._cases

    @property
    def pack(self) -> PackPage | None:
        """The documents that are shown, if any."""
        return self._pack

    def start(self) -> None:
        """Load the first page and stand on it."""
        self._show_cases()
        self._cases.start()

    def on_counted(self, number: int) -> None:
        """The list knows how long it is."""
        self._nav.set_beside(f"{number:,}".replace(",", "\u00a0"))
        self._nav.setAccessibleName(f"Dossiers, {count(number, 'dossier', 'dossiers')}")

    def on_pack_made(self, pack: Pack, case: CaseView, referral: ReferralView) -> None:
        """Documents are ready: show them."""
        self._close_pack()
        self._pack = PackPage(self._context, self._vault.desk, pack, referral)
        self._pages.addWidget(self._pack)
        self._pages.setCurrentWidget(self._pack)
        marks = [chip("Brouillon", "warn")] if pack.draft else []
        if self._vault.practice:
            marks.append(chip("Exercice", "violet"))
        close = button("Fermer", tip="Revenir aux dossiers (Échap)")
        close.clicked.connect(self.on_crumb_clicked)
        self._set_header(case.row.pseudonym, referral.label, marks, [close, self._pack.save_action])
        self._pack.setFocus()

    def on_crumb_clicked(self) -> None:
        """Back to the list, where one was."""
        if self._pack is not None:
            self._show_cases()

    def _show_cases(self) -> None:
        self._pages.setCurrentWidget(self._cases)
        self._close_pack()
        self._set_header("", "Dossiers", [], [self._cases.make_action])
        self._nav.setChecked(True)
        self._cases.setFocus()

    def _close_pack(self) -> None:
        if self._pack is not None:
            page, self._pack = self._pack, None
            page.save_action.setParent(page)
            self._pages.removeWidget(page)
            page.deleteLater()

    def _set_header(self, crumb: str, title: str, marks: Sequence[QWidget], actions: Sequence[QPushButton]) -> None:
        self._cases.make_action.setParent(self._cases)
        self._cases.make_action.hide()
        clear(self._marks)
        clear(self._actions)
        self._crumb.setText(f"{crumb}\u00a0›" if crumb else "")
        self._crumb.setAccessibleName(f"Revenir aux dossiers, {crumb}")
        self._crumb.setVisible(bool(crumb))
        self._title.setText(title)
        self.window().setWindowTitle(title)
        for mark_ in marks:
            self._marks.addWidget(mark_)
        for action in actions:
            self._actions.addWidget(action)
            action.show()

    def _lay_out(self) -> None:
        right = column(gap=0)
        right.addWidget(self._header())
        for sentence in self._vault.notices:
            right.addWidget(self._notice(sentence))
        right.addWidget(self._pages, 1)
        desk = self._vault.desk
        right.addWidget(StatusLine(self._context, practice=self._vault.practice, consultation=desk.vault.consultation))
        whole = row(gap=0)
        whole.addWidget(self._sidebar())
        whole.addLayout(right, 1)
        self.setLayout(whole)

    def _sidebar(self) -> QFrame:
        bar = frame("sidebar")
        bar.setFixedWidth(self._context.theme.px(208))
        inner = column(margins=(10, 18, 10, 14), gap=2)
        top = row(margins=(8, 0, 0, 0), gap=10)
        top.addWidget(mark(self._context.tokens, self._context.theme.px(28)))
        names = column(gap=1)
        names.addWidget(label("Coffre d’exercice" if self._vault.practice else "Coffre", "strong"))
        names.addWidget(label("Déverrouillé", "hint"))
        top.addLayout(names, 1)
        inner.addLayout(top)
        inner.addSpacing(16)
        self._nav.setCheckable(True)
        self._nav.setAutoExclusive(True)
        self._nav.clicked.connect(self._show_cases)
        inner.addWidget(self._nav)
        inner.addStretch()
        self._lock.clicked.connect(self.lock_wanted)
        inner.addWidget(self._lock)
        bar.setLayout(inner)
        return bar

    def _header(self) -> QFrame:
        header = frame("header")
        header.setFixedHeight(self._context.theme.px(52))
        inner = row(margins=(20, 0, 20, 0), gap=8)
        inner.addWidget(self._crumb)
        inner.addWidget(self._title)
        inner.addLayout(self._marks)
        inner.addStretch()
        inner.addLayout(self._actions)
        header.setLayout(inner)
        return header

    def _notice(self, sentence: str) -> QWidget:
        banner = label(sentence, "notice", wrap=True)
        banner.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByKeyboard)
        banner.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return banner
