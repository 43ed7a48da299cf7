# SPDX-License-Identifier: GPL-3.0-or-later
"""An edited letter beside the one it would replace: paragraph by paragraph, never by colour alone."""

import difflib
import html
import re
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from hro_desktop.casework.comparison import Change, Comparison
from ui.context import Context
from ui.flow import Flow
from ui.halves import Halves
from ui.widgets import button, chip, clear, column, frame, label
from ui.words import count

__all__ = ["Compared", "beside"]

MOST: Final = 150
"""Changes that are shown one by one."""
_LONG: Final = 3000
"""Characters of a paragraph that are shown."""
_WORDS: Final = re.compile(r"\s+|[^\s]+")


class Compared(QWidget):
    """What came back, before anything is kept: what changes, what it would make wait, and the two answers."""

    kept = Signal()
    left = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._inner = column(gap=10)
        self.setLayout(self._inner)
        self.hide()

    def show_comparison(self, found: Comparison) -> None:
        """Another one, the keyboard on the answer that changes nothing."""
        clear(self._inner)
        many = len(found.changes)
        said = count(many, "paragraphe change", "paragraphes changent") if many else "Seule la mise en page change"
        self._inner.addWidget(label(f"{said}, {count(found.pages, 'page', 'pages')}", "strong", wrap=True))
        for reason in found.problems:
            if reason.code != "edited_in_force":
                self._inner.addLayout(self._problem(reason.label, reason.sentence, reason.source))
        for note in found.notes:
            self._inner.addWidget(label(note, "hint", wrap=True))
        acts = Flow(10)
        keep = button("Garder cette version", "main")
        keep.clicked.connect(self.kept)
        nothing = button("Ne rien changer")
        nothing.clicked.connect(self.left)
        acts.addWidget(keep)
        acts.addWidget(nothing)
        self._inner.addLayout(acts)
        for each in found.changes[:MOST]:
            was = "En place" if found.newer else "Prêté"
            self._inner.addWidget(beside(self._context, each, was, "Modifié"))
        if many > MOST:
            self._inner.addWidget(label(f"Et {count(many - MOST, 'autre', 'autres')}.", "hint"))
        self.show()
        nothing.setFocus()

    def _problem(self, word: str, sentence: str, source: str) -> QVBoxLayout:
        made = column(gap=2)
        head = Flow(8)
        head.addWidget(chip(word, "late" if word == "Bloque" else "warn"))
        made.addLayout(head)
        said = label(sentence, wrap=True)
        said.setToolTip(source)
        self._context.veil.cover(said)
        made.addWidget(said)
        return made


def beside(context: Context, change: Change, before: str, after: str) -> QWidget:
    """One paragraph as it was and as it is: struck through and underlined, never by colour alone."""
    was, now = _marked(change.before, change.after)
    if not change.before:
        return _half(context, "Ajouté", now, change.place)
    if not change.after:
        return _half(context, "Retiré", was, change.place)
    left, right = _half(context, before, was, change.place), _half(context, after, now, "")
    return Halves(left, right, room=context.theme.px(360))


def _half(context: Context, title: str, marked: str, place: str) -> QFrame:
    made = frame("choice")
    inner = column(margins=(10, 6, 10, 8), gap=2)
    inner.addWidget(label(f"{title} ({place})" if place and place != "corps de la lettre" else title, "label"))
    text = QLabel()
    text.setTextFormat(Qt.TextFormat.RichText)  # what was written is escaped in `_marked`
    text.setText(marked)
    text.setWordWrap(True)
    text.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
    context.veil.cover(text)
    inner.addWidget(text)
    made.setLayout(inner)
    return made


def _marked(before: str, after: str) -> tuple[str, str]:
    """Both texts, what only one of them says struck through or underlined; nothing in them is read as markup."""
    old, new = _WORDS.findall(before[:_LONG]), _WORDS.findall(after[:_LONG])
    was, now = [], []
    for kind, first, last, start, end in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, came = ("".join(part) for part in (old[first:last], new[start:end]))
        was.append(_safe(gone) if kind == "equal" else f"<s>{_safe(gone)}</s>")
        now.append(_safe(came) if kind == "equal" else f"<b><u>{_safe(came)}</u></b>")
    more = ["…" if len(each) > _LONG else "" for each in (before, after)]
    return "".join(was).replace("<s></s>", "") + more[0], "".join(now).replace("<b><u></u></b>", "") + more[1]


def _safe(text: str) -> str:
    """Escaped, with a place to go to the next line in a word that is longer than any column."""
    text = re.sub(r"\S{24}", "\\g<0>\u200b", text)
    return html.escape(text).replace("\n", "<br>")
