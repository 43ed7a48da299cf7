# SPDX-License-Identifier: GPL-3.0-or-later
"""A frozen version as it is shown: each document with its pages, its size and its hash, looked at as it was sealed."""

import uuid
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame

from hro_desktop.casework.fields import PARIS
from hro_desktop.casework.frozen import Paper, Version
from hro_desktop.rules.dates import french_day, french_time
from ui.context import Context
from ui.widgets import button, chip, column, frame, label, row
from ui.words import count

__all__ = ["VersionCard", "kind_of", "size_of"]

_PDF = "application/pdf"
_KINDS = {_PDF: "PDF", "text/plain": "texte à coller"}


def kind_of(media_type: str) -> str:
    """« PDF », « .docx »."""
    return _KINDS.get(media_type, ".docx")


def size_of(number: int) -> str:
    """« 12 ko », « 3,4 Mo »."""
    if number < 1_000_000:
        return f"{max(1, round(number / 1000))}\u00a0ko"
    return f"{number / 1_000_000:.1f}\u00a0Mo".replace(".", ",")


class VersionCard(QFrame):
    """One version; `seen` gives the document somebody wants to look at."""

    seen = Signal(object)

    def __init__(self, context: Context, version: Version, note: tuple[str, str] = ("", "")) -> None:
        """`note`: a word about it, and the kind of its chip."""
        super().__init__()
        self.setObjectName("choice")
        self._context = context
        self.version = version
        at = version.frozen_at.astimezone(PARIS)
        inner = column(margins=(12, 8, 12, 10), gap=6)
        head = row(gap=8)
        said = f"Version figée le {french_day(at.date())}, {french_time(at.strftime('%H:%M'))}"
        head.addWidget(label(said, "strong", wrap=True), 1)
        if note[0]:
            head.addWidget(chip(*note), 0, Qt.AlignmentFlag.AlignTop)
        inner.addLayout(head)
        for each in version.papers:
            inner.addWidget(self._paper(each))
        self.setLayout(inner)

    def _paper(self, paper: Paper) -> QFrame:
        held = frame("bare")
        line = row(gap=8)
        words = column(gap=1)
        words.addWidget(label(paper.title, wrap=True))
        parts = [kind_of(paper.media_type), size_of(paper.size)]
        parts += [count(paper.pages, "page", "pages")] if paper.pages else []
        words.addWidget(label(" · ".join(parts), "hint", wrap=True))
        half = len(paper.sha256) // 2
        shown = label(f"SHA-256 {paper.sha256[:half]}\u200b{paper.sha256[half:]}", "hint", wrap=True)
        shown.setAccessibleName(f"Empreinte SHA-256 de {paper.title}\u00a0: {paper.sha256}")
        words.addWidget(shown)
        line.addLayout(words, 1)
        if paper.media_type == _PDF:
            see = button("Voir", "link", name=f"Voir\u00a0: {paper.title}, tel que figé")
            see.clicked.connect(partial(self._on_see_clicked, paper.id))
            line.addWidget(see, 0, Qt.AlignmentFlag.AlignTop)
        held.setLayout(line)
        return held

    def _on_see_clicked(self, paper_id: uuid.UUID, _checked: bool = False) -> None:
        self.seen.emit(paper_id)
