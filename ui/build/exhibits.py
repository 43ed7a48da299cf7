# SPDX-License-Identifier: GPL-3.0-or-later
"""« Pièces »: each exhibit with what is to be looked at in it; the one that is open shows what can be done with it."""

import uuid
from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from hro_desktop.casework import exhibits, offers
from hro_desktop.casework.builder import Build, Listed
from hro_desktop.casework.desk import Desk
from ui.build.panel import Adder, Panel, Undo, acted, card
from ui.context import Context
from ui.editor.form import Layout
from ui.editor.panel import EditorPanel
from ui.flow import Flow
from ui.lines import Line, LineButton
from ui.pages.page import Place
from ui.widgets import button, clear, column, label, rule

__all__ = ["ExhibitsPanel"]

_PLACE = Layout(
    fields=("title", "chapter"),
    labels={"title": "Intitulé dans cette saisine", "chapter": "Chapitre du bordereau"},
    hints={"title": "Vide\u00a0: celui de la pièce"},
    single=True,
)


class ExhibitsPanel(Panel):
    """The list in order; numbers and citations follow every move."""

    def __init__(self, context: Context, desk: Desk, referral_id: uuid.UUID) -> None:
        super().__init__(context, desk, referral_id)
        self._open: uuid.UUID | None = None
        self._lines: dict[uuid.UUID, LineButton] = {}
        self._list = column(gap=0)
        self._none = label("Aucune pièce n’est jointe\u00a0: ajoutez celles qui servent ces faits.", "soft", wrap=True)
        self._none.setContentsMargins(16, 4, 16, 4)
        self.place = EditorPanel(context, desk)
        self.place.setParent(self)
        self.place.told.connect(self.told)
        self.place.closed.connect(self.on_place_closed)
        self.adder = Adder(context, desk, "evidence", "Chercher une autre pièce du coffre")
        self.adder.added.connect(self.on_added)
        listed, inner = card()
        inner.setContentsMargins(1, 6, 1, 6)
        inner.addWidget(self._none)
        inner.addLayout(self._list)
        near, inner = card("Ajouter des pièces")
        inner.addWidget(label("Celles qui sont liées à ces faits et à ces personnes\u00a0:", "hint", wrap=True))
        inner.addWidget(self.adder)
        whole = column(gap=12)
        whole.addWidget(listed)
        whole.addWidget(near)
        self.setLayout(whole)
        self.setFocusProxy(self.adder)

    def show_build(self, build: Build) -> None:
        """Show the exhibits, and what may be added."""
        known, self.build = self.build, build
        if known is None or known.exhibits != build.exhibits:
            self._show_list(build)
        self.ask(offers.exhibits_for, self.referral_id, done=self.adder.show_offers)

    def focus_on(self, subject: str) -> None:
        """Open the exhibit something is to be looked at in, or go where exhibits are added."""
        found = next((each for each in self._lines if str(each) == subject), None)
        if found is None:
            self.adder.setFocus()
        else:
            self.open(found)

    def open(self, evidence_id: uuid.UUID) -> None:
        """Show what can be done with one."""
        self._open = evidence_id
        if self.build is not None:
            self._show_list(self.build)
        if evidence_id in self._lines:
            self._lines[evidence_id].setFocus()

    def on_added(self, evidence_id: uuid.UUID) -> None:
        """One more."""
        self.act(exhibits.add, self.referral_id, evidence_id, undo=partial(self._undo_added, evidence_id))

    def remove(self, evidence_id: uuid.UUID, _checked: bool = False) -> None:
        """One less."""
        self.act(exhibits.remove, self.referral_id, evidence_id, undo=self._undo_removed)

    def arrange(self, evidence_id: uuid.UUID, to: int) -> None:
        """To another place of the open list."""
        self.act(exhibits.move, self.referral_id, evidence_id, to)

    def on_place_closed(self) -> None:
        """It is called otherwise now."""
        if self._open in self._lines:
            self._lines[self._open].setFocus()

    def _undo_added(self, evidence_id: uuid.UUID, _exhibit: uuid.UUID) -> Undo:
        known = (self.referral_id, evidence_id)
        return Undo("Pièce ajoutée à la fin du bordereau.", partial(acted, self.desk, exhibits.remove, known))

    def _undo_removed(self, taken: exhibits.ExhibitTaken) -> Undo:
        said = f"«\u00a0{taken.called}\u00a0» n’est plus jointe\u00a0; elle reste dans le coffre."
        return Undo(said, partial(acted, self.desk, exhibits.put_back, (taken,)))

    def _undo_replaced(self, by: uuid.UUID, was: uuid.UUID, _value: object) -> Undo:
        known = (self.referral_id, by, was)
        said = "La version masquée a pris la place de la pièce, au bordereau et dans l’exposé."
        return Undo(said, partial(acted, self.desk, exhibits.replace, known))

    def _show_list(self, build: Build) -> None:
        self.place.close_now()
        self.place.setParent(self)  # kept while the list around it is made anew
        held = next((key for key, each in self._lines.items() if each.hasFocus()), None)
        clear(self._list)
        self._lines = {}
        self._none.setVisible(not build.exhibits)
        for at, each in enumerate(build.exhibits):
            if at:
                self._list.addWidget(rule())
            said = Line(
                title=f"{each.number}. {each.title}",
                detail=" · ".join(filter(None, (each.detail, each.chapter))),
                chip="communiquée" if each.frozen else "à regarder" if each.remarks else "",
                kind="plain" if each.frozen else "warn",
                place=each.id,
            )
            made = LineButton(self.context, said)
            made.clicked.connect(partial(self._on_line_clicked, each.id))
            self._lines[each.id] = made
            self._list.addWidget(made)
            if each.id == self._open:
                self._list.addWidget(self._opened(each))
        if held in self._lines:
            self._lines[held].setFocus()

    def _opened(self, each: Listed) -> QWidget:
        made = QFrame()
        inner: QVBoxLayout = column(margins=(16, 0, 16, 10), gap=6)
        for said in each.remarks:
            remark = label(said, "problem", wrap=True)
            self.context.veil.cover(remark)
            inner.addWidget(remark)
        acts = Flow(12)
        does: list[tuple[str, Callable[[], None]]] = [("Ouvrir la pièce", partial(self._lead, each.id))]
        if each.masked_id is not None:
            does += [("Voir la version masquée", partial(self._lead, each.masked_id))]
        if not each.frozen:
            first = next(one.id for one in self.build.exhibits if not one.frozen) if self.build else each.id
            last = self.build.exhibits[-1].id if self.build else each.id
            if each.masked_id is not None:
                does += [("Mettre la version masquée à sa place", partial(self._replace, each.id, each.masked_id))]
            does += [("Intitulé et chapitre…", partial(self._tell, each))]
            does += [("Monter", partial(self._step, each.id, -1))] if each.id != first else []
            does += [("Descendre", partial(self._step, each.id, 1))] if each.id != last else []
            does += [("Retirer", partial(self.remove, each.id))]
        for text, does_it in does:
            act = button(text, "link", name=f"{text.removesuffix('…')}\u00a0: pièce n°\u00a0{each.number}")
            act.clicked.connect(does_it)
            acts.addWidget(act)
        inner.addLayout(acts)
        inner.addWidget(self.place)
        made.setLayout(inner)
        return made

    def _on_line_clicked(self, evidence_id: uuid.UUID, _checked: bool = False) -> None:
        self._open = None if self._open == evidence_id else evidence_id
        if self.build is not None:
            self._show_list(self.build)
        self._lines[evidence_id].setFocus()

    def _step(self, evidence_id: uuid.UUID, step: int, _checked: bool = False) -> None:
        if self.build is None:
            return
        still = [each.id for each in self.build.exhibits if not each.frozen]
        self.arrange(evidence_id, still.index(evidence_id) + step)

    def _tell(self, each: Listed, _checked: bool = False) -> None:
        if each.place_id is not None:
            self.place.tell("exhibit_place", _PLACE, each.place_id, None, f"Pièce n°\u00a0{each.number}")

    def _replace(self, evidence_id: uuid.UUID, by: uuid.UUID, _checked: bool = False) -> None:
        self._open = by
        undo = partial(self._undo_replaced, by, evidence_id)
        self.act(exhibits.replace, self.referral_id, evidence_id, by, undo=undo)

    def _lead(self, evidence_id: uuid.UUID, _checked: bool = False) -> None:
        self.go.emit(Place("evidence", evidence_id))
