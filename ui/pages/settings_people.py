# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings: who the association is, and who its volunteers are."""

import uuid
from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QSplitter, QWidget

from hro_desktop.casework import directory, editing, volunteers
from hro_desktop.casework.desk import Desk, Result
from hro_desktop.casework.volunteers import VolunteerRow
from ui.context import Context
from ui.editor.editor import Editor
from ui.editor.form import Layout
from ui.jobs import Lane, Report, Token
from ui.lines import Line, LineList
from ui.pages.settings_part import SettingsPart
from ui.widgets import Scroller, button, column, frame, label, row

__all__ = ["AssociationPart", "VolunteersPart"]

_ASSOCIATION = Layout(
    fields=("name", "lines", "postcode", "town", "email", "phone", "checked_on", "source"),
    labels={"name": "Nom de l’association"},
    hints={"name": "Il est écrit en tête des lettres."},
)
_VOLUNTEER = Layout(fields=("name", "initials", "active"), labels={"active": "Encore bénévole"})


def _name(desk: Desk, organisation_id: uuid.UUID, _token: Token, _report: Report) -> Result[None]:
    return desk.run(directory.set_association, organisation_id)


class AssociationPart(SettingsPart):
    """« Association »."""

    def __init__(self, context: Context, desk: Desk) -> None:
        super().__init__(context, desk)
        self._known: uuid.UUID | None = None
        self.editor = Editor(context, desk, "organisation", _ASSOCIATION)
        self.editor.told.connect(self.told)
        self.editor.saved.connect(self.on_saved)
        inner = self.in_a_card(
            "Association", "Ce que les documents disent de vous. Rien n’en est lisible avant d’ouvrir le coffre."
        )
        inner.addWidget(self.editor)
        self.setFocusProxy(self.editor)

    def ask(self) -> None:
        """Which organisation it is."""
        if self.editor.record is None:
            self.read(directory.association_id, done=self.on_known)

    def on_known(self, known: uuid.UUID | None) -> None:
        """It was said before, or it is to be written."""
        self._known = known
        blank: Any = editing.blank("organisation", kind="association") if known is None else None
        self.editor.open(known if known is not None else blank.id, blank)

    def on_saved(self, record_id: uuid.UUID) -> None:
        """What was written for the first time is the association from now on."""
        if record_id != self._known:
            self._known = record_id
            self.job(Lane.WRITE, partial(_name, self.desk, record_id), self.on_named)

    def on_named(self, result: Result[None]) -> None:
        """It is said."""
        self.context.news.publish(result.changes)


class VolunteersPart(SettingsPart):
    """« Bénévoles »: the list, and the one that is chosen."""

    tables = ("volunteer",)

    def __init__(self, context: Context, desk: Desk) -> None:
        super().__init__(context, desk)
        self._rows: Sequence[VolunteerRow] = ()
        self.list = LineList(context, name="Bénévoles")
        self.list.chosen.connect(self.on_chosen)
        self._nobody = label(
            "Personne n’est inscrit. Ajoutez les bénévoles qui écrivent, relisent ou accompagnent.", "soft", wrap=True
        )
        self.editor = Editor(context, desk, "volunteer", _VOLUNTEER)
        self.editor.told.connect(self.told)
        self.add = button("+ Bénévole")
        self.add.clicked.connect(self.on_add_clicked)
        self._right = self._card(self.editor, name="Bénévole choisi")
        self._right.setVisible(False)
        split = QSplitter()
        split.setChildrenCollapsible(False)
        split.setHandleWidth(16)
        split.addWidget(self._left())
        split.addWidget(self._right)
        whole = column()
        whole.addWidget(split)
        self.setLayout(whole)
        self.setFocusProxy(self.add)

    def ask(self) -> None:
        """Who they are."""
        self.read(volunteers.rows, done=self.on_rows)

    def on_rows(self, rows: Sequence[VolunteerRow]) -> None:
        """Here they are."""
        self._rows = rows
        self._nobody.setVisible(not rows)
        self.list.show_lines([_line(each) for each in rows])

    def on_chosen(self, record_id: uuid.UUID) -> None:
        """Show one; what was typed of the one before is saved."""
        self._right.setVisible(True)
        if record_id != self.editor.record:
            self.editor.save()
            self.editor.open(record_id)
        self.editor.focus()

    def on_add_clicked(self) -> None:
        """One more."""
        self.editor.save()
        draft: Any = editing.blank("volunteer")
        self._right.setVisible(True)
        self.editor.open(draft.id, draft)
        self.editor.focus()

    def _left(self) -> QWidget:
        inner = column(margins=(20, 18, 20, 18), gap=8)
        head = row()
        head.addWidget(label("Bénévoles", "heading"))
        head.addStretch()
        head.addWidget(self.add)
        inner.addLayout(head)
        inner.addWidget(self._nobody)
        inner.addWidget(self.list)
        inner.addStretch()
        return self._framed(inner, name="Liste des bénévoles")

    def _card(self, content: QWidget, *, name: str) -> QWidget:
        inner = column(margins=(20, 18, 20, 18))
        inner.addWidget(content)
        inner.addStretch()
        return self._framed(inner, name=name)

    def _framed(self, inner: Any, *, name: str) -> QWidget:  # noqa: ANN401 - a layout
        card = frame("card")
        around = column()
        around.addWidget(Scroller(inner, name=name))
        card.setLayout(around)
        return card


def _line(each: VolunteerRow) -> Line:
    state, kind = ("a un accès", "ok") if each.slot_id else ("sans accès", "plain")
    return Line(
        title=each.name,
        detail=each.initials,
        chip=state if each.active else "n’est plus bénévole",
        kind=kind if each.active else "plain",
        place=each.id,
    )
