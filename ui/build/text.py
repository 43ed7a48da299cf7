# SPDX-License-Identifier: GPL-3.0-or-later
"""« Texte »: the statement of facts, place and day, requests, qualifications, then every rubric of the papers."""

import uuid
from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QTextCursor

from hro_desktop.casework import offers
from hro_desktop.casework.beginning import Told
from hro_desktop.casework.builder import Build
from hro_desktop.casework.desk import Desk
from ui.build.account import AccountEdit
from ui.build.panel import Panel, card
from ui.build.rubrics import RubricsPart
from ui.context import Context
from ui.editor.editor import Editor
from ui.editor.form import Layout
from ui.flow import Flow
from ui.widgets import button, clear, column, label

__all__ = ["TextPanel"]

_FIELDS: Final = ("account", "account_by_id", "place", "dated_on", "requests", "offences")


def _layout(context: Context) -> Layout:
    return Layout(
        fields=_FIELDS,
        labels={
            "account": "Exposé des faits",
            "account_by_id": "Écrit par",
            "dated_on": "Datée du",
            "offences": "Qualifications",
        },
        hints={
            "account": "Les renvois suivent l’ordre du bordereau\u00a0: déplacer une pièce renumérote le texte, les "
            "tampons et le bordereau.",
            "account_by_id": "La seconde lecture est faite par quelqu’un d’autre",
            "offences": "À choisir avec un·e juriste\u00a0: aucune n’est proposée",
        },
        made={"account": partial(AccountEdit, context)},
    )


class TextPanel(Panel):
    """What a person writes, and what the program prints."""

    typed = Signal(str)
    """The statement of facts as it is typed."""
    wanted = Signal(str, str)
    """A field that another part holds: a noun of `editing`, and which."""

    def __init__(self, context: Context, desk: Desk, referral_id: uuid.UUID) -> None:
        super().__init__(context, desk, referral_id)
        self.editor = Editor(context, desk, "referral_text", _layout(context), eager=True)
        self.editor.told.connect(self.told)
        self.account = self.editor.form.field("account").input
        self.account.edited.connect(self.on_typed)
        self._told = Flow(8)
        self.rubrics = RubricsPart(context, desk, referral_id)
        self.rubrics.go.connect(self.go)
        self.rubrics.said.connect(self.said)
        self.rubrics.told.connect(self.told)
        self.rubrics.undoable.connect(self.undoable)
        self.rubrics.wanted.connect(self.on_wanted)
        mine, inner = card()
        self._insert = label("Insérer un récit, tel qu’il peut sortir\u00a0:", "hint", wrap=True)
        inner.addWidget(self._insert)
        inner.addLayout(self._told)
        inner.addWidget(self.editor)
        theirs, inner = card()
        inner.addWidget(self.rubrics)
        whole = column(gap=12)
        whole.addWidget(mine)
        whole.addWidget(theirs)
        self.setLayout(whole)
        self.setFocusProxy(self.editor)

    def show_build(self, build: Build) -> None:
        """Show what is written, and the rubrics."""
        self.build = build
        if self.editor.record is None:
            self.editor.open(self.referral_id)
        self.account.set_exhibits(build.exhibits)
        self.rubrics.show_build(build)
        self.ask(offers.accounts, self.referral_id, done=self.on_accounts)

    def on_accounts(self, found: Sequence[Told]) -> None:
        """The accounts that may go in."""
        clear(self._told)
        self._insert.setVisible(bool(found))
        for each in found:
            name = f"{each.reference}, {each.author}"
            insert = button(name, "link", name=f"Insérer le récit {name}")
            self.context.veil.cover(insert)
            insert.clicked.connect(partial(self._on_insert_clicked, each))
            self._told.addWidget(insert)

    def focus_on(self, subject: str) -> None:
        """Put the cursor in the rubric of that name, or in the statement of facts."""
        if self.rubrics.holds(subject):
            self.rubrics.focus_on(subject)
        else:
            self.editor.focus("account")

    def keep_now(self) -> None:
        """Keep what no form keeps."""
        self.rubrics.keep_now()

    def leave(self) -> None:
        """The same, beside the window."""
        self.rubrics.leave()

    def on_typed(self) -> None:
        """The page follows."""
        self.typed.emit(self.account.value())

    def on_wanted(self, noun: str, attribute: str) -> None:
        """A field of the referral’s own."""
        if noun == "referral_text":
            self.editor.focus(attribute)
        else:
            self.wanted.emit(noun, attribute)

    def _on_insert_clicked(self, told: Told, _checked: bool = False) -> None:
        """After what is written already."""
        self.account.moveCursor(QTextCursor.MoveOperation.End)
        self.account.insert_account(told.text)
        self.account.setFocus()
