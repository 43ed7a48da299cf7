# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands around the places of an outing: what was noted apart, what is settled before parting, the month."""

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final

import attrs
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout

from hro_desktop.casework import editing
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.figures import MonthFigures
from hro_desktop.casework.observers import ToDo
from hro_desktop.casework.outing_overview import OutingOverview
from ui.context import Context
from ui.editor.form import Layout
from ui.editor.layout import capital
from ui.editor.panel import EditorPanel
from ui.flow import Flow
from ui.lines import Line, LineList
from ui.pages.page import Place
from ui.widgets import button, chip, clear, column, label, row, rule
from ui.words import count

__all__ = ["HINDRANCES", "OPERATIONS", "MonthCard", "NotedCard", "PartingCard", "Words"]


@attrs.frozen
class Words:
    """How a card of records says itself.

    Args:
        noun: of its records.
        title: of the card.
        add: the way to note one more.
        one: what the form of one is called.
        empty: what it is for while it is empty.
        layout: of the form.
    """

    noun: str
    title: str
    add: str
    one: str
    empty: str
    layout: Layout


HINDRANCES: Final = Words(
    noun="hindrance",
    title="Entraves aux observateurs et observatrices",
    add="Noter une entrave",
    one="Une entrave",
    empty="Périmètre, contrôle, menace, image effacée\u00a0: ce qui a gêné l’équipe se note à part.",
    layout=Layout(
        fields=(
            "kind",
            "time_from",
            "duration_min",
            "incident_id",
            "account",
            "person_ids",
            "said_by_id",
            "evidence_id",
        ),
        labels={"person_ids": "Qui a été visé·e", "incident_id": "Sur quel lieu", "evidence_id": "Pièce"},
        hints={"incident_id": "Quand c’est sur un lieu de la sortie", "evidence_id": "Sur laquelle on le voit"},
        lines={"account": 2},
    ),
)
OPERATIONS: Final = Words(
    noun="operation",
    title="Opérations suivies",
    add="Noter une opération",
    one="Une opération",
    empty="Un convoi suivi de lieu en lieu. Les lieux ajoutés ensuite en font partie quand il n’y en a qu’un.",
    layout=Layout(fields=("occurred_on", "territory", "note"), lines={"note": 2}),
)
_STATES: Final = {"a_faire": "brand", "a_ecrire": "warn", "a_signer": "warn", "fait": "ok", "sans_objet": "plain"}


def _head(title: str) -> tuple[QVBoxLayout, QVBoxLayout]:
    """A card of one title: the whole, and where what it shows goes."""
    whole, inner = column(margins=(1, 1, 1, 1), gap=0), column(gap=0)
    head = row(margins=(16, 10, 16, 10))
    named = label(title, "heading", wrap=True)
    head.addWidget(named, 1)
    whole.addLayout(head)
    whole.addWidget(rule())
    whole.addLayout(inner)
    return whole, inner


class NotedCard(QFrame):
    """Records of one noun: a line each, and a form where one is told."""

    told = Signal(str, str)

    def __init__(self, context: Context, desk: Desk, words: Words) -> None:
        super().__init__()
        self.setObjectName("card")
        self._words = words
        self._known: Mapping[str, object] = {}
        self.lines = LineList(context, name=words.title)
        self.lines.chosen.connect(self.on_chosen)
        self._nothing = label(words.empty, "soft", wrap=True)
        self._nothing.setContentsMargins(16, 10, 16, 12)
        self.add = button(f"+ {words.add}", "link", name=words.add)
        self.add.clicked.connect(self.on_add_clicked)
        self.panel = EditorPanel(context, desk)
        self.panel.told.connect(self.told)
        self.panel.closed.connect(self.on_closed)
        whole, inner = _head(words.title)
        inner.addWidget(self._nothing)
        inner.addWidget(self.lines)
        around = column(margins=(12, 4, 12, 10), gap=6)
        around.addWidget(self.panel)
        around.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        inner.addLayout(around)
        self.setLayout(whole)

    def show_lines(self, lines: Sequence[Line], known: Mapping[str, object]) -> None:
        """Other lines; `known` is what a new record begins with."""
        self._known = known
        self.lines.show_lines(lines)
        self._nothing.setVisible(not lines and self.panel.editor is None)
        self.setEnabled(bool(known))

    def on_add_clicked(self) -> None:
        """One more."""
        draft = editing.blank(self._words.noun, **self._known)
        self._nothing.hide()
        self.panel.tell(self._words.noun, self._words.layout, draft.id, draft, self._words.one)

    def on_chosen(self, record_id: uuid.UUID) -> None:
        """This one, to be read or changed."""
        self.panel.tell(self._words.noun, self._words.layout, record_id, None, self._words.one)

    def on_closed(self) -> None:
        """It is noted."""
        self.add.setFocus()


class PartingCard(QFrame):
    """« Avant de se quitter »: each thing with its state in a word, and what to press to settle it."""

    go = Signal(object)
    emptied = Signal()
    """Cards and phones are emptied into the vault."""
    told = Signal(str, str)

    _CARDS: Final = Layout(
        fields=("emptied_on", "emptied_time", "clock_note"),
        labels={"emptied_on": "Versés au coffre le", "emptied_time": "À", "clock_note": "Écart d’horloge"},
        hints={"clock_note": "De chaque appareil\u00a0: «\u00a0téléphone en avance de 40 secondes\u00a0»"},
        long=frozenset({"clock_note"}),
        lines={"clock_note": 1},
        single=True,
    )
    _FIGURES: Final = Layout(
        fields=("second_reader_id", "read_again_on"),
        labels={"second_reader_id": "Qui relit les chiffres", "read_again_on": "Relus le"},
        hints={"second_reader_id": "Quelqu’un d’autre que qui a compté"},
        single=True,
    )

    def __init__(self, context: Context, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("card")
        self._context = context
        self._outing: uuid.UUID | None = None
        self._shown: tuple[ToDo, ...] | None = None
        self._leads: dict[str, QPushButton] = {}
        self._opened = ""
        self.panel = EditorPanel(context, desk)
        self.panel.told.connect(self.told)
        self.panel.closed.connect(self.on_closed)
        self._nothing = label(
            "Cartes versées, attestations, relecture des chiffres\u00a0: ce qu’il reste à faire se dit ici dès que la "
            "sortie est notée.",
            "soft",
            wrap=True,
        )
        self._nothing.setContentsMargins(16, 10, 16, 12)
        whole, inner = _head("Avant de se quitter")
        self._lines = column(gap=0)
        inner.addWidget(self._nothing)
        inner.addLayout(self._lines)
        around = column(margins=(10, 0, 10, 8))
        around.addWidget(self.panel)
        inner.addLayout(around)
        self.setLayout(whole)

    def show_told(self, told: OutingOverview) -> None:
        """What is done and what is not."""
        self._nothing.hide()
        if self._outing == told.outing_id and self._shown == told.before_parting:
            return
        self._outing, self._shown = told.outing_id, told.before_parting
        clear(self._lines)
        for at, each in enumerate(told.before_parting):
            if at:
                self._lines.addWidget(rule())
            self._lines.addLayout(self._line(each))

    def on_closed(self) -> None:
        """Noted: back to where one came from."""
        wanted = self._leads.get(self._opened)
        if wanted is not None:
            wanted.setFocus()

    def on_cards_clicked(self) -> None:
        """When the cards were emptied, and how far each clock was off."""
        self._tell("cards", self._CARDS, "Cartes et téléphones")

    def on_figures_clicked(self) -> None:
        """Who reads the figures again, and when it was done."""
        self._tell("figures", self._FIGURES, "Relecture des chiffres")

    def _tell(self, code: str, layout: Layout, title: str) -> None:
        if self._outing is not None:
            self._opened = code
            self.panel.tell("outing.parting", layout, self._outing, None, title)

    def _line(self, each: ToDo) -> QVBoxLayout:
        made = column(margins=(16, 9, 14, 9), gap=2)
        top = row(gap=8)
        title, detail = label(each.title, "strong", wrap=True), label(capital(each.detail), "hint", wrap=True)
        self._context.veil.cover(title, detail)
        top.addWidget(title, 1)
        top.addWidget(chip(each.label, _STATES.get(each.state, "plain")), 0, Qt.AlignmentFlag.AlignTop)
        made.addLayout(top)
        made.addWidget(detail)
        acts = Flow(gap=12)
        for act in self._acts(each):
            acts.addWidget(act)
        if acts.count():
            made.addLayout(acts)
        return made

    def _acts(self, each: ToDo) -> Iterator[QPushButton]:
        if each.code == "cards":
            if each.open:
                yield self._act("Verser les fichiers", each, partial(self._lead, Place("evidence")))
                yield self._act("C’est versé", each, self._on_emptied)
            self._leads[each.code] = self._act("Écart d’horloge", each, self._on_cards)
            yield self._leads[each.code]
        elif each.code == "figures":
            words = "Nommer qui relit, noter la relecture" if each.open else "Modifier"
            self._leads[each.code] = self._act(words, each, self._on_figures)
            yield self._leads[each.code]
        elif each.statement_id is not None:
            yield self._act(
                "Ouvrir pour la faire signer", each, partial(self._lead, Place("statement", each.statement_id))
            )
        elif each.incident_ids:
            yield self._act("Écrire l’attestation", each, partial(self._write, each))

    def _act(self, text: str, each: ToDo, does: Callable[..., None]) -> QPushButton:
        made = button(text, "link", name=f"{text}\u00a0: {each.title}")
        made.clicked.connect(does)
        return made

    def _lead(self, place: Place, _checked: bool = False) -> None:
        self.go.emit(place)

    def _write(self, each: ToDo, _checked: bool = False) -> None:
        draft = editing.blank(
            "statement_about", kind="attestation", author_id=each.person_id, incident_ids=each.incident_ids
        )
        self.go.emit(Place("statement", draft.id, given=draft))

    def _on_emptied(self, _checked: bool = False) -> None:
        self.emptied.emit()

    def _on_cards(self, _checked: bool = False) -> None:
        self.on_cards_clicked()

    def _on_figures(self, _checked: bool = False) -> None:
        self.on_figures_clicked()


class MonthCard(QFrame):
    """The working figures of the month: minimums, with what was only estimated beside them."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self._shown: MonthFigures | None = None
        self._whole = column(margins=(1, 1, 1, 6), gap=0)
        self.setLayout(self._whole)
        self.hide()

    def show_month(self, month: MonthFigures) -> None:
        """Other figures."""
        if month == self._shown:
            return
        self._shown = month
        clear(self._whole)
        head = column(margins=(16, 10, 16, 10), gap=1)
        head.addWidget(label(f"{capital(month.month_label)}, {month.label}", "heading", wrap=True))
        head.addWidget(label("Chiffres de travail, ce qui a été vu ou filmé", "hint", wrap=True))
        self._whole.addLayout(head)
        for each in month.figures:
            self._whole.addWidget(rule())
            line = row(margins=(16, 7, 16, 7), gap=10)
            line.addWidget(label(each.label, wrap=True), 5)
            said = label(each.said, "strong" if each.total.known else "hint", wrap=True)
            said.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            line.addWidget(said, 4)
            self._whole.addLayout(line)
        for said_ in _reserves(month):
            note = label(said_, "hint", wrap=True)
            note.setContentsMargins(16, 4, 16, 4)
            self._whole.addWidget(note)
        self.show()


def _reserves(month: MonthFigures) -> Iterator[str]:
    """What these figures are short of."""
    if month.unread:
        yield count(month.unread, "sortie du mois a des chiffres", "sorties du mois ont des chiffres") + (
            " que personne n’a encore relus."
        )
    if month.unplaced:
        yield count(month.unplaced, "expulsion sans territoire n’est", "expulsions sans territoire ne sont") + (
            " dans aucun chiffre."
        )
