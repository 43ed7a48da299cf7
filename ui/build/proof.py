# SPDX-License-Identifier: GPL-3.0-or-later
"""A proof that is not in the vault yet: the scan is deposited from where it is needed, and chosen at once."""

import uuid
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from hro_desktop.casework.deposits import Deposit, Links
from hro_desktop.casework.desk import Desk
from ui.context import Context
from ui.editor.refs import RefInput
from ui.pages.evidence_deposit import DepositReport
from ui.widgets import button, column

__all__ = ["ProofDeposit"]


class ProofDeposit(QWidget):
    """« Verser le scan d’une preuve… », under the field that points at it; what became of the file is said."""

    def __init__(self, context: Context, desk: Desk, field: RefInput, cases: Sequence[uuid.UUID], what: str) -> None:
        """`field` gets the item, which is linked to `cases`; `what` is named for the ear."""
        super().__init__()
        self._context, self._field, self._cases = context, field, tuple(cases)
        self.action = button("Verser le scan…", "link", name=f"Verser le scan\u00a0: {what}")
        self.action.setToolTip("Le fichier entre dans le coffre comme une pièce, et est choisi ici")
        self.action.clicked.connect(self.on_clicked)
        self.report = DepositReport(context, desk)
        self.report.ended.connect(self.on_ended)
        inner = column(gap=2)
        inner.addWidget(self.action, 0, Qt.AlignmentFlag.AlignLeft)
        inner.addWidget(self.report)
        self.setLayout(inner)

    def on_clicked(self) -> None:
        """Which file?"""
        self._context.ask.file(self, "Quel fichier prouve cet événement\u00a0?", self.on_file)

    def on_file(self, path: Path) -> None:
        """It enters the vault."""
        self.report.start((path,), Links(cases=self._cases))

    def on_ended(self, told: Sequence[Deposit]) -> None:
        """It is there, or was there already."""
        found = next((each.evidence_id for each in told if each.evidence_id is not None), None)
        if found is not None:
            self._field.set_value(found)
            self._field.edited.emit()
            self._field.setFocus()
