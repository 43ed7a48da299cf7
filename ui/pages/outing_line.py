# SPDX-License-Identifier: GPL-3.0-or-later
"""One place of an outing: a line one types in, all of it shown while one is there."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from hro_desktop.casework.desk import Desk
from hro_desktop.casework.outing_overview import PlaceLine
from hro_desktop.casework.outing_places import COUNTED, PlaceDraft
from hro_desktop.rules import grammar
from ui.context import Context
from ui.editor.cells import Cell, CellForm, Cells
from ui.editor.editor import Editor
from ui.editor.fold import Fold
from ui.editor.form import Layout
from ui.editor.layout import capital
from ui.flow import Flow
from ui.pages.page import Place
from ui.widgets import button, clear, column, label, pill, row, widgets_in

__all__ = ["CELLS", "PlaceRow", "TeamInput"]

CELLS: Final = Cells(
    always=(
        Cell("place", 13, 30, "Lieu"),
        Cell("time_from", 6, 15, "Arrivée"),
        Cell("time_to", 6, 15, "Départ"),
        Cell("forces", 12, 60, "Forces, unités"),
        Cell("tents", 5, 30, "Tentes"),
        Cell("present", 6, 30, "Présentes"),
        Cell("moved", 7, 30, "Déplacées"),
        Cell("arrests", 5, 30, "Interp."),
    ),
    more=(
        Cell("kind", 17, 30),
        Cell("legal_basis", 19, 30),
        Cell("observer_ids", 24, 60),
        Cell("remarks", 60, 60),
    ),
    rest="Biens, nature du lieu, opération",
    room=640,
)


def _belonging(shown: Mapping[str, str]) -> str:
    what = " ".join(shown[name].lower() for name in ("bound", "value") if name in shown)
    parts = [f"{shown.get('kind', '')}\u00a0: {what}", shown.get("fate", "").lower()]
    said = shown.get("said_by_id") or shown.get("described", "")
    return " · ".join(part for part in (*parts, said) if part) if "kind" in shown else ""


LAYOUT: Final = Layout(
    fields=(
        *(each.name for each in CELLS.always),
        *(each.name for each in CELLS.more),
        *("belongings", "place_kind", "legal_basis_said_by", "operation_id"),
    ),
    labels={
        "place": "Lieu",
        "forces": "Forces, unités",
        "tents": "Tentes et abris pris",
        "present": "Personnes présentes",
        "moved": "Personnes déplacées",
        "kind": "Nature des faits",
        "remarks": "Remarques",
        "observer_ids": "Qui a vu",
        "operation_id": "Opération",
    },
    hints={each.name: "" for each in (*CELLS.always, *CELLS.more)},
    lines={"remarks": 1},
    nested={"belongings": Layout(said=_belonging)},
)


class TeamInput(QWidget):
    """Who of the team: a pill for each."""

    edited = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._names: dict[uuid.UUID, str] = {}
        self._chosen: tuple[uuid.UUID, ...] = ()
        self._flow = Flow()
        self._nobody = label("L’équipe se note en haut de la page, avec «\u00a0Modifier\u00a0».", "hint", wrap=True)
        whole = column(margins=(0, 5, 0, 0), gap=0)
        whole.addLayout(self._flow)
        whole.addWidget(self._nobody)
        self.setLayout(whole)

    @property
    def pills(self) -> list[Any]:
        """One for each, in the order of the team."""
        return widgets_in(self._flow)

    def set_people(self, names: Mapping[uuid.UUID, str]) -> None:
        """The team, and whoever else saw, by initials."""
        if dict(names) == self._names:
            return
        self._names = dict(names)
        clear(self._flow)
        for each, name in self._names.items():
            made = pill(name, name=f"A vu\u00a0: {name}")
            made.setChecked(each in self._chosen)
            made.clicked.connect(self.on_clicked)
            self._flow.addWidget(made)
        self._nobody.setVisible(not self._names)

    def value(self) -> tuple[uuid.UUID, ...]:
        """Those who saw, in the order they were noted."""
        return self._chosen

    def set_value(self, value: Any) -> None:  # noqa: ANN401
        """These saw."""
        self._chosen = tuple(value or ())
        for each, made in zip(self._names, self.pills, strict=True):
            made.setChecked(each in self._chosen)

    def raw(self) -> str:
        """A choice is always understood."""
        return ""

    def set_raw(self, text: str) -> None:
        """Nothing to show."""

    def on_clicked(self, _checked: bool = False) -> None:
        """Somebody saw, or did not."""
        lit = {each for each, made in zip(self._names, self.pills, strict=True) if made.isChecked()}
        kept = [each for each in self._chosen if each in lit or each not in self._names]
        self._chosen = (*kept, *(each for each in self._names if each in lit and each not in kept))
        self.edited.emit()


class PlaceForm(CellForm):
    """The fields of a line."""

    cells = CELLS

    def _input(self, name: str, meta: Any, title: str) -> Any:  # noqa: ANN401
        if name == "observer_ids":
            return TeamInput()
        made = super()._input(name, meta, title)
        if name == "legal_basis":
            made.setItemText(0, "Non noté")
        return made


class PlaceRow(QWidget):
    """The line of one incident."""

    done = Signal()
    """Enter: the next place."""
    moved = Signal(int, str)
    """An arrow: the same field, so many lines lower."""
    out_wanted = Signal(object)
    """The id of a place that is not of this outing."""
    go = Signal(object)

    def __init__(self, context: Context, desk: Desk, line: PlaceLine) -> None:
        super().__init__()
        self._line = line
        self.editor = Editor(context, desk, "incident.place", LAYOUT, PlaceForm, eager=True, steps=False)
        self.editor.setFocusProxy(None)  # type: ignore[arg-type]  # by it Tab would come in here out of turn
        form = self.editor.form
        assert isinstance(form, PlaceForm)
        self.form = form
        self._said = label("", "hint", wrap=True)
        self._said.setContentsMargins(7, 0, 7, 2)
        context.veil.cover(self._said)
        self._sources = label("", "hint", wrap=True)
        self._sources.setContentsMargins(13, 0, 7, 2)
        context.veil.cover(self._sources)
        sheet = button("", "link")
        sheet.clicked.connect(self.on_sheet_clicked)
        out = button("Retirer de la sortie", "link")
        out.clicked.connect(self.on_out_clicked)
        self._sheet, self._out = sheet, out
        foot = row(margins=(11, 0, 7, 4), gap=14)
        foot.addWidget(sheet)
        foot.addWidget(out)
        foot.addStretch()
        self._foot = QWidget()
        self._foot.setLayout(foot)
        whole = column(margins=(9, 5, 9, 5), gap=2)
        for each in (self.editor, self._said, self._sources, self._foot):
            whole.addWidget(each)
        self.setLayout(whole)
        self.set_open(shown=False)

    @property
    def record(self) -> uuid.UUID:
        """The incident."""
        return self._line.incident_id

    @property
    def first(self) -> QWidget:
        """Where Tab comes in."""
        found: QWidget = self.form.field("place").input
        return found

    def set_open(self, *, shown: bool) -> None:
        """Show all of it, or the line alone."""
        self.form.set_open(shown)
        self._foot.setVisible(shown)
        self._said.setVisible(not shown and bool(self._said.text()))
        self._sources.setVisible(shown and bool(self._sources.text()))

    def show_line(self, line: PlaceLine, draft: PlaceDraft, team: Mapping[uuid.UUID, str]) -> None:
        """What the vault knows of it now; what somebody types in it stays."""
        self._line = line
        saw = dict(zip(draft.observer_ids, line.observers, strict=False))
        self.form.field("observer_ids").input.set_people({**team, **saw})
        if self.editor.record is None:
            self.editor.open(line.incident_id)
        else:
            self.editor.renew(draft)
        for name, kind in COUNTED.items():
            self.form.field(name).input.setPlaceholderText(line.columns.get(kind, "").replace("—", ""))
        self.form.field("forces").input.setPlaceholderText(", ".join(dict.fromkeys(each.said for each in line.forces)))
        for each in self.form.widgets():
            shown = each.input.focusProxy() or each.input
            shown.setAccessibleName(f"{each.title}, {line.place}")
        self._said.setText(" · ".join(_summary(line)))
        self._sources.setText("\u00a0; ".join(_sources(line)))
        self._sheet.setText(f"Fiche {line.reference}")
        self._sheet.setAccessibleName(f"Ouvrir la fiche {line.reference}, {line.place}")
        self._out.setAccessibleName(f"Retirer de la sortie\u00a0: {line.place}")
        self.set_open(shown=self.form.is_open)

    def stops(self) -> list[QWidget]:
        """Where Tab stops in it, as one reads it: Qt goes in the order of making."""
        folds = [each for each in self.form.findChildren(Fold) if not self._in_a_field(each)]
        shown = (*CELLS.always, *CELLS.more)
        first, rest = [each.name for each in shown], [each.name for each in self.form.widgets()][len(shown) :]
        stops: list[QWidget] = []
        for held in (*map(self.form.field, first), *folds, *map(self.form.field, rest), self._sheet, self._out):
            stops += sorted(_stops(held), key=self._place_of)
        return stops

    def on_sheet_clicked(self) -> None:
        """All that is known of it, on its own page."""
        self.go.emit(Place("incident", self.record))

    def on_out_clicked(self) -> None:
        """It was not of this outing."""
        self.out_wanted.emit(self.record)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """A click beside the fields is meant for the line."""
        self.editor.focus("place")
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """What a field has no use for: Enter goes on to the next place, arrows to the line above or below."""
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.done.emit()
            return
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(key))
        name = next((each.name for each in CELLS.always if self._holds_focus(each.name)), "")
        if step is not None and name:
            self.moved.emit(step, name)
            return
        super().keyPressEvent(event)

    def _in_a_field(self, widget: QWidget) -> bool:
        return any(each.isAncestorOf(widget) for each in self.form.widgets())

    def _place_of(self, widget: QWidget) -> tuple[int, int]:
        at = widget.mapTo(self, QPoint(0, 0))
        return at.y(), at.x()

    def _holds_focus(self, name: str) -> bool:
        return bool(self.form.field(name).input.hasFocus())


def _stops(held: QWidget) -> list[QWidget]:
    """Where Tab may stop in it, itself included."""
    return [
        each
        for each in (held, *held.findChildren(QWidget))
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus and each.focusProxy() is None and each.window() is held.window()
    ]


def _summary(line: PlaceLine) -> Sequence[str]:
    """What a closed line says under its fields."""
    forces = ", ".join(f"{each.said} {each.source}" for each in line.forces)
    basis = f"cadre annoncé\u00a0: {line.basis}" if line.basis else ""
    belongings = ", ".join(f"{each.label} ({each.fate_label})" for each in line.belongings)
    saw = f"vu par {_together(line.observers)}" if line.observers else "notez qui a vu"
    unwritten = f"à écrire\u00a0: attestation de {_together(line.unwritten)}" if line.unwritten else ""
    parts = (capital(line.kind_label), forces, basis, line.remarks.strip(), belongings, saw, unwritten)
    return [part for part in parts if part]


def _together(people: Sequence[str]) -> str:
    return grammar.joined([each.replace(" ", "\u00a0") for each in people])


def _sources(line: PlaceLine) -> Sequence[str]:
    """Every force and number with who says so."""
    forces = [f"{each.said} {each.source}" for each in line.forces]
    return [*forces, *(each.line for each in line.tallies)]
