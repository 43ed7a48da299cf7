# SPDX-License-Identifier: GPL-3.0-or-later
"""The journal of a case, in words: what was done with its records, when, by whom."""

import uuid
from collections.abc import Sequence

from PySide6.QtCore import Qt

from hro_desktop.casework import journal
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.journal import Line
from ui.context import Context
from ui.pages.case_part import CasePart, card
from ui.widgets import Scroller, clear, column, label, row
from ui.words import short_day

__all__ = ["JournalPart"]


class JournalPart(CasePart):
    """« Journal »."""

    tables = ("case", "person", "incident", "statement", "evidence", "referral", "consent", "document", "departure")

    def __init__(self, context: Context, desk: Desk, case_id: uuid.UUID) -> None:
        super().__init__(context, desk, case_id)
        self._lines: Sequence[Line] = ()
        made, self._inner = card("Journal du dossier")
        inner = column()
        inner.addWidget(made)
        inner.addStretch()
        whole = column()
        whole.addWidget(Scroller(inner, name="Journal du dossier"))
        self.setLayout(whole)

    @property
    def lines(self) -> Sequence[Line]:
        """The lines that are shown."""
        return self._lines

    def ask(self) -> None:
        """The last lines."""
        self.read(journal.of_case, self.case_id, done=self.on_lines)

    def on_lines(self, found: Sequence[Line]) -> None:
        """Here they are."""
        self._lines = found
        clear(self._inner)
        said = "Chaque ligne est chaînée à la précédente\u00a0: rien ne peut y être changé sans que cela se voie."
        self._inner.addWidget(label(said, "hint", wrap=True))
        for each in found:
            line = row(gap=12)
            when = label(f"{short_day(each.at.date().isoformat())}, {each.at:%H:%M}", "hint")
            when.setFixedWidth(self.context.theme.px(136))
            line.addWidget(when, 0, Qt.AlignmentFlag.AlignTop)
            text = label(" — ".join(filter(None, (each.words, each.about))), wrap=True)
            self.context.veil.cover(text)
            line.addWidget(text, 1)
            line.addWidget(label(each.by, "hint"), 0, Qt.AlignmentFlag.AlignTop)
            self._inner.addLayout(line)
        if len(found) == journal.MOST:
            self._inner.addWidget(label(f"Les {journal.MOST} dernières lignes.", "hint"))
