# SPDX-License-Identifier: GPL-3.0-or-later
"""The paper code of a new vault: shown once, printed if wanted, and its last group typed back from the paper."""

import datetime as dt
from typing import Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFont, QPainter
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QLineEdit, QPushButton, QSizePolicy, QWidget

from hro_desktop.vault import paper
from ui.context import Context
from ui.widgets import Compound, button, column, label, row
from ui.words import short_day

__all__ = ["PaperFace", "paint_page"]

_GROUPS_IN_LINE: Final = 3
_WHY: Final = (
    "Il ouvre le coffre si la phrase de passe est oubliée. Il n’est affiché que maintenant, et n’est gardé nulle part. "
    "Recopiez-le sur papier et gardez-le loin de l’ordinateur."
)
_SPOOL: Final = "Une imprimante qui n’est pas à vous peut en garder une copie\u00a0: recopiez-le alors à la main."
_ALONE: Final = (
    "Ensuite, donnez un accès à une deuxième personne (Réglages, Accès)\u00a0: avec un seul accès, si la phrase est "
    "perdue, tout est perdu."
)


class PaperFace(Compound):
    """The face of the door that shows the code."""

    confirmed = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._code = ""
        self._shown = label("", "code")
        self._shown.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._print = button("Imprimer…", name="Imprimer le code papier")
        self._back = QLineEdit()
        self._back.setAccessibleName("Dernier groupe du code, lu sur votre papier")
        self._back.setAccessibleDescription(_WHY)
        self._back.setMaxLength(16)
        self._hint = label("", "hint", wrap=True)
        self._go_on = button("Ouvrir le coffre", "main")
        self._lay_out()
        self._print.clicked.connect(self.on_print_clicked)
        self._back.textEdited.connect(self.on_back_edited)
        self._back.returnPressed.connect(self.on_go_on_clicked)
        self._go_on.clicked.connect(self.on_go_on_clicked)
        self.setFocusProxy(self._back)

    @property
    def field(self) -> QLineEdit:
        """Where the last group is typed back."""
        return self._back

    @property
    def buttons(self) -> tuple[QPushButton, QPushButton]:
        """Go on, print."""
        return self._go_on, self._print

    @property
    def shown(self) -> str:
        """The code as it stands there."""
        return self._shown.text()

    def show_code(self, code: str) -> None:
        """Show it, three groups to a line."""
        self._code = code
        groups = code.split("-")
        lines = [groups[at : at + _GROUPS_IN_LINE] for at in range(0, len(groups), _GROUPS_IN_LINE)]
        self._shown.setText("\n".join("\u2002–\u2002".join(line) for line in lines))
        self._shown.setAccessibleName(f"Code papier\u00a0: {', '.join(groups)}")
        self._back.clear()
        self.on_back_edited("")

    def forget(self) -> None:
        """It is not on the screen any more."""
        self._code = ""
        self._shown.clear()
        self._shown.setAccessibleName("")
        self._back.clear()

    def on_print_clicked(self) -> None:
        """On a printer; into a file only if the person chooses one in the dialog of the system."""
        self._context.ask.printer(self, "Imprimer le code papier", self._paint)

    def on_back_edited(self, text: str) -> None:
        """Is it the last group?"""
        right = self._is_last(text)
        self._go_on.setEnabled(right)
        wrong = bool(text.strip()) and not right
        enough = len(text.strip()) >= paper.GROUP
        self._hint.setText(
            "Ce n’est pas le dernier groupe du code\u00a0: relisez votre papier." if wrong and enough else ""
        )
        self._hint.setVisible(bool(self._hint.text()))

    def on_go_on_clicked(self) -> None:
        """The code is on paper: the door opens."""
        if self._go_on.isEnabled():
            self.confirmed.emit()

    def _is_last(self, text: str) -> bool:
        return bool(self._code) and paper.same_group(text, self._code.rpartition("-")[2])

    def _paint(self, printer: QPrinter) -> None:
        paint_page(printer, self._code, dt.date.today().isoformat())  # noqa: DTZ011 - the day on the person's desk

    def _lay_out(self) -> None:
        whole = column(gap=6)
        whole.addWidget(label("Code papier", "title"))
        whole.addWidget(label(_WHY, "soft", wrap=True))
        whole.addSpacing(8)
        whole.addWidget(self._shown)
        whole.addSpacing(4)
        line = row(gap=12)
        line.addWidget(self._print, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(label(_SPOOL, "hint", wrap=True), 1)
        whole.addLayout(line)
        whole.addSpacing(8)
        named = label("Dernier groupe du code, lu sur votre papier", "label")
        named.setBuddy(self._back)
        whole.addWidget(named)
        whole.addWidget(self._back)
        whole.addWidget(self._hint)
        whole.addSpacing(4)
        self._go_on.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        whole.addWidget(self._go_on)
        whole.addWidget(label(_ALONE, "hint", wrap=True))
        whole.addStretch()
        self.setLayout(whole)
        for before, after in ((self._print, self._back), (self._back, self._go_on)):
            QWidget.setTabOrder(before, after)


def paint_page(printer: QPrinter, code: str, day: str) -> None:
    """One page with the code in large letters. It names nobody, not even what it opens but « un coffre »."""
    painter = QPainter()
    if not painter.begin(printer):
        return
    room = QRectF(painter.viewport())
    unit = room.height() / 60
    groups = code.split("-")
    lines = [" – ".join(groups[at : at + _GROUPS_IN_LINE]) for at in range(0, len(groups), _GROUPS_IN_LINE)]
    top = 3 * unit
    for text, size, bold, gap in (
        ("Code papier d’un coffre", 1.6, True, 3.0),
        *((line, 2.2, True, 4.0) for line in lines),
        (f"Coffre créé le {short_day(day)}.", 1.1, False, 2.0),
        ("Ce code ouvre le coffre à qui le lit. Gardez-le sous clé, loin de l’ordinateur.", 1.1, False, 2.0),
        ("Ne le photographiez pas, ne l’envoyez pas. Il n’en existe pas d’autre exemplaire.", 1.1, False, 2.0),
    ):
        font = QFont(painter.font())
        font.setPixelSize(round(size * unit))
        font.setBold(bold)
        painter.setFont(font)
        painter.drawText(QRectF(0, top, room.width(), gap * unit), Qt.AlignmentFlag.AlignLeft, text)
        top += gap * unit
    painter.end()
