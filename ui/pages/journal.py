# SPDX-License-Identifier: GPL-3.0-or-later
"""Journal: every action of the vault in words, and whether its chain holds."""

import contextlib
import uuid
from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from hro_desktop.casework import journal_lines, lookup
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.journal_lines import Checked, LineRow
from ui.context import Context
from ui.editor.inputs import ChoiceInput, LineInput, NotUnderstood, day_input
from ui.jobs import Job, Lane, Report, Token
from ui.models.paged_table import Column
from ui.pages.listing import Asked, ListPage, Source
from ui.pages.page import Place
from ui.pages.places import place_of
from ui.widgets import Scroller, button, column, frame, label, pill, row
from ui.words import count, short_day

__all__ = ["JournalPage"]

_EVERYBODY = "Tout le monde"
_GONE = "n’existe plus, ou n’a pas de nom"
_SOUND = "La chaîne est conforme\u00a0: {lines}, sans rupture. Empreinte de la dernière\u00a0: {hash}…"


def _ids(session: Any, asked: Asked) -> Sequence[uuid.UUID]:  # noqa: ANN401 - the session of the read
    found: Any = asked.filters
    return journal_lines.ids(
        session, day=found.get("day"), actor=found.get("actor", ""), object_id=found.get("record", "")
    )


def _actors(desk: Desk, _token: Token, _report: Report) -> tuple[tuple[str, str], ...]:
    with desk.read() as session:
        return journal_lines.actors(session)


def _row(desk: Desk, wanted: uuid.UUID, _token: Token, _report: Report) -> LineRow | None:
    with desk.read() as session:
        return next(iter(journal_lines.rows(session, (wanted,))), None)


def _verify(desk: Desk, _token: Token, report: Report) -> Checked:
    return journal_lines.verify(desk, lambda done, total: report(done, total, "Lecture du journal"))


class JournalPage(ListPage):
    """The list of lines, and beside it the one that is chosen."""

    heading = "Journal"
    one, many = "ligne", "lignes"
    empty = "Le journal est vide. Chaque action y laissera une ligne, chaînée à la précédente."
    columns = (
        Column[LineRow]("Quand", lambda each: f"{short_day(each.at.date().isoformat())}, {each.at:%H:%M}", width=185),
        Column[LineRow]("Quoi", lambda each: each.words, strong=True),
        Column[LineRow]("Fiche", lambda each: each.about or "—", private=True, width=150, room=640),
        Column[LineRow]("Qui", lambda each: each.by, width=110, private=True, room=420),
    )
    tables = ()
    source = Source(_ids, journal_lines.rows)

    def __init__(self, context: Context, desk: Desk, place: Place) -> None:
        self._row: LineRow | None = None
        super().__init__(context, desk, place)
        self._look.hide()  # a day, somebody, a record: words of a line are few and always the same
        self._check = self.action("Vérifier la chaîne", self.on_check_clicked)
        self.buttons = (self._check,)

    @property
    def day(self) -> LineInput:
        """The day that is asked for."""
        return self._day

    @property
    def actor(self) -> ChoiceInput:
        """Who is asked for."""
        return self._actor

    @property
    def this_record(self) -> Any:  # noqa: ANN401 - a pill
        """Only the lines about the record of the chosen one."""
        return self._this_record

    @property
    def result(self) -> str:
        """What following the chain gave."""
        return self._result.text()

    @property
    def shown(self) -> LineRow | None:
        """The line beside the list."""
        return self._row

    def make_inputs(self) -> Sequence[QWidget]:
        """A day, and somebody."""
        self._day = day_input(self.desk.today())
        self._day.setFixedWidth(self.context.theme.px(120))
        self._actor = ChoiceInput([("", _EVERYBODY)])
        self._actor.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._actor.setFixedWidth(self.context.theme.px(130))
        self._day.left.connect(self.on_narrowed)
        self._day.returnPressed.connect(self.on_narrowed)
        self._actor.edited.connect(self.on_narrowed)
        self.context.veil.cover(self._actor)
        made: list[QWidget] = []
        for text, field in (("Jour", self._day), ("Qui", self._actor)):
            named = label(text, "label")
            named.setBuddy(field)
            field.setAccessibleName(text)
            made += [named, field]
        return made

    def make_details(self) -> QWidget:
        """The chosen line."""
        self._result = label("", "soft", wrap=True)
        self._result.hide()
        self._what = label("", "heading", wrap=True)
        self._texts: dict[str, QLabel] = {}
        inner = column(margins=(20, 18, 20, 18), gap=6)
        inner.addWidget(self._result)
        inner.addWidget(self._what)
        for name in ("Quand", "Qui", "Fiche", "Ligne", "Empreinte", "Empreinte de la ligne d’avant"):
            inner.addSpacing(4)
            inner.addWidget(label(name, "label"))
            self._texts[name] = label("", wrap=True)
            inner.addWidget(self._texts[name])
        self.context.veil.cover(self._texts["Fiche"], self._texts["Qui"])
        self._open = button("Ouvrir la fiche", "link")
        self._open.clicked.connect(self.on_open_clicked)
        self._this_record = pill("Seulement cette fiche")
        self._this_record.toggled.connect(self.on_this_record_toggled)
        line = row(gap=8)
        line.addWidget(self._this_record)
        line.addWidget(self._open)
        line.addStretch()
        inner.addSpacing(8)
        inner.addLayout(line)
        inner.addStretch()
        card: QFrame = frame("card")
        whole = column()
        whole.addWidget(Scroller(inner, name="La ligne choisie"))
        card.setLayout(whole)
        self._show(None)
        return card

    def asked(self) -> Asked:
        """The day, the access and the record that are asked for."""
        filters: dict[str, object] = {}
        with contextlib.suppress(NotUnderstood):
            if self._day.value() is not None:
                filters["day"] = self._day.value()
        if self._actor.value():
            filters["actor"] = self._actor.value()
        if self._this_record.isChecked() and self._row is not None:
            filters["record"] = self._row.object_id
        return Asked(filters=filters)

    def start(self) -> None:
        """Ask for the list, and for who may be chosen."""
        self.read(partial(_actors, self.desk), self.on_actors)
        super().start()

    def on_actors(self, found: Sequence[tuple[str, str]]) -> None:
        """Everybody who did something."""
        chosen = self._actor.value()
        self._actor.clear()
        for value, text in (("", _EVERYBODY), *found):
            self._actor.addItem(text, value)
        self._actor.set_value(chosen if chosen in dict(found) else "")

    def on_narrowed(self) -> None:
        """Another day, or somebody else; what is no day is said and asks for nothing."""
        try:
            self._day.value()
        except NotUnderstood as error:
            self.say(str(error))
            return
        self.say("")
        self.ask()

    def on_this_record_toggled(self, _on: bool) -> None:
        """Only the lines about one record, or all again."""
        self.ask()

    def chosen(self, record_id: uuid.UUID | None) -> None:
        """Show a line."""
        if record_id is None:
            self._show(None)
        else:
            self.read(partial(_row, self.desk, record_id), self.on_row)

    def on_row(self, found: LineRow | None) -> None:
        """Here it is, if it is still the one that is chosen."""
        if found is None or found.id == self.wanted:
            self._show(found)

    def on_opened(self, _record_id: uuid.UUID) -> None:
        """Enter on a line opens its record."""
        self.on_open_clicked()

    def on_open_clicked(self) -> None:
        """Go to the record."""
        place = self._place()
        if place is not None:
            self.go.emit(place)

    def on_check_clicked(self) -> None:
        """Follow the chain, beside the window."""
        self._check.setEnabled(False)
        self._say_result("")
        self.context.jobs.start(
            Lane.READ,
            partial(_verify, self.desk),
            owner=self,
            done=self.on_checked,
            failed=self.on_check_failed,
            cancelled=self.on_check_cancelled,
            title="Vérification du journal",
        )

    def on_checked(self, checked: Checked) -> None:
        """It holds, or it is broken somewhere."""
        self._check.setEnabled(True)
        if checked.findings:
            self._say_result("\n".join(f"{each.sentence} {each.advice}" for each in checked.findings))
            self._mark("chaîne rompue", "late")
            return
        lines = count(checked.n, "ligne", "lignes")
        self._say_result(_SOUND.format(lines=lines, hash=checked.hash[:16]))
        self._mark("chaîne conforme", "ok")

    def on_check_failed(self, error: Exception) -> None:
        """It could not be read."""
        self._check.setEnabled(True)
        self.on_failed(error)

    def on_check_cancelled(self, _job: Job) -> None:
        """Somebody stopped it."""
        self._check.setEnabled(True)
        self._say_result("La vérification a été arrêtée\u00a0: rien n’est dit de la chaîne.")

    def _mark(self, text: str, kind: str) -> None:
        self.marks = ((text, kind),)
        self.titled.emit()

    def _say_result(self, sentence: str) -> None:
        self._result.setText(sentence)
        self._result.setVisible(bool(sentence))

    def _place(self) -> Place | None:
        if self._row is None or self._row.record_id is None:
            return None
        return place_of(self._row.table, self._row.record_id)

    def _show(self, found: LineRow | None) -> None:
        self._row = found
        self._what.setText(found.words if found is not None else "Choisissez une ligne.")
        texts = (
            {
                "Quand": f"{short_day(found.at.date().isoformat())}, {found.at:%H:%M:%S}",
                "Qui": found.by,
                "Fiche": found.about or (_GONE if found.object_id and lookup.knows(found.table) else "—"),
                "Ligne": f"n°\u00a0{found.n}",
                "Empreinte": _broken(found.hash),
                "Empreinte de la ligne d’avant": _broken(found.previous),
            }
            if found is not None
            else {}
        )
        for name, shown in self._texts.items():
            shown.setText(texts.get(name, "—"))
        self._open.setVisible(self._place() is not None)
        self._this_record.setVisible(bool(found is not None and found.object_id) or self._this_record.isChecked())


def _broken(digest: str) -> str:
    """A hash in groups, so that it wraps and can be compared by eye."""
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))
