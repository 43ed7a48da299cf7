# SPDX-License-Identifier: GPL-3.0-or-later
"""Accueil: what presses, what can leave, today, letters to pass on, where one was; each line leads to its place."""

import datetime as dt
import uuid
from collections.abc import Sequence
from functools import partial
from typing import Final

import attrs
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from hro_desktop.casework import backups, clear_copies, home
from hro_desktop.casework.clear_copies import ClearCopy
from hro_desktop.casework.deadlines import Press
from hro_desktop.casework.desk import Desk
from hro_desktop.records.base import new_id
from hro_desktop.rules.dates import french_day
from ui.changes import Changes
from ui.context import Context
from ui.jobs import Report, Token
from ui.lines import Line, LineList
from ui.pages.page import Page, Place
from ui.pages.places import case_beside, place_of
from ui.widgets import Scroller, button, column, label, row, rule
from ui.words import count, short_date, soon

__all__ = ["HomePage"]

_KINDS: Final = {
    "perte_preuve": "late",
    "ouverture_droit": "brand",
    "echeance_legale": "warn",
    "rappel_interne": "plain",
}
_NARROW: Final = 820
"""Width in pixels at 100 % under which the page has one column."""
_READING: Final = "Lecture du coffre…"
_STATES: Final = {"pret": "ok", "a_signer": "warn", "attend": "plain", "bloque": "late"}


@attrs.frozen
class _Quick:
    """What is read at once; what can leave comes after, it takes longer."""

    on: dt.date
    presses: tuple[Press, ...]
    today: tuple[home.Today, ...]
    mail: tuple[home.Received, ...]
    resume: tuple[tuple[home.Resumed, uuid.UUID | None], ...]
    unsaved: str = ""
    """That the vault was not backed up for too long."""
    outside: tuple[ClearCopy, ...] = ()
    """Letters that lie outside, readable."""


def _quick(desk: Desk, _token: Token, _report: Report) -> _Quick:
    on = desk.today()
    with desk.read() as session:
        return _Quick(
            on,
            home.pressing(session, on),
            home.today(session, on),
            home.mail_to_pass_on(session, on),
            tuple(
                (each, case_beside(session, each.kind, each.record_id))
                for each in home.resume(session, desk.vault.slot_id)
            ),
            backups.reminder(desk),
            clear_copies.known(session),
        )


def _leaving(desk: Desk, token: Token, _report: Report) -> tuple[tuple[home.Leaving, uuid.UUID | None], ...]:
    """Worker: what can leave, each with the case it is looked at in where it has no page of its own."""
    token.check()
    with desk.read() as session:
        found = home.can_leave(session, desk)
        return tuple((each, case_beside(session, each.table, each.record_id)) for each in found)


class _Card(QFrame):
    """A part of the page: its name, how much there is, its lines, or what it is for once it is known to be empty."""

    def __init__(self, context: Context, title: str, empty: str, *beside: QWidget) -> None:
        super().__init__()
        self.setObjectName("card")
        self._empty = empty
        self._beside = label("", "hint")
        self.lines = LineList(context, name=title)
        self._nothing = label(_READING, "soft", wrap=True)
        self._nothing.setContentsMargins(16, 12, 16, 14)
        inner: QVBoxLayout = column(gap=0)
        head: QHBoxLayout = row(margins=(16, 6, 12, 6) if beside else (16, 11, 16, 11))
        head.addWidget(label(title, "strong"))
        head.addStretch()
        head.addWidget(self._beside)
        for each in beside:
            head.addWidget(each)
        inner.addLayout(head)
        inner.addWidget(rule())
        inner.addWidget(self._nothing)
        inner.addWidget(self.lines)
        self.setLayout(inner)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def show_lines(self, lines: Sequence[Line], beside: str = "") -> None:
        """Other lines."""
        self.lines.show_lines(lines)
        self._beside.setText(beside)
        self._nothing.setText(self._empty)
        self._nothing.setVisible(not lines)

    @property
    def said(self) -> str:
        """What it says in place of lines; nothing while it has some."""
        return "" if self._nothing.isHidden() else self._nothing.text()


class HomePage(Page):
    """The first page of the day."""

    def __init__(self, context: Context, desk: Desk, place: Place) -> None:
        super().__init__(context, desk, place, "Accueil")
        every = button("Tout voir", "link", name="Tout voir\u00a0: les échéances, les rendez-vous et le courrier")
        every.clicked.connect(self.on_every_clicked)
        self.presses = _Card(context, "Ce qui presse", "Rien ne presse\u00a0: aucune date n’approche.", every)
        self.leaving = _Card(
            context,
            "Ce qui peut partir",
            "Les lettres, les signalements et les attestations en préparation se rangent ici, avec ce qui leur manque.",
        )
        self.day = _Card(context, "Aujourd’hui", "Ni sortie ni rendez-vous aujourd’hui.")
        self.mail = _Card(context, "Courrier à l’adresse de l’association", "Aucun courrier n’attend d’être transmis.")
        self.resume = _Card(context, "Reprendre", "Ce sur quoi vous travaillez se retrouve ici.")
        for each in self.cards:
            each.lines.chosen.connect(self.on_line_chosen)
        tip = "90 secondes\u00a0: un moyen de joindre la personne, ou un lieu, suffit"
        outing = self.action(
            "Nouvelle sortie", self.on_outing_clicked, role="", tip="La sortie d’observation du jour, lieu par lieu"
        )
        self.buttons = (outing, self.action("Fiche éclair", self.on_flash_clicked, tip=tip))
        self._lay_out()

    @property
    def cards(self) -> tuple[_Card, ...]:
        """The parts of the page, in the order they are read."""
        return self.presses, self.leaving, self.day, self.mail, self.resume

    def start(self) -> None:
        """Ask for everything; what can leave comes when it is known."""
        self.read_latest(partial(_quick, self.desk), self.on_quick)
        self.read_latest(partial(_leaving, self.desk), self.on_leaving)

    def on_changed(self, _changes: Changes) -> None:
        """Nearly everything is shown here."""
        if self.isVisible():
            self.start()

    def on_quick(self, found: _Quick) -> None:
        """What is read at once."""
        unsaved = [_backup(found.unsaved)] if found.unsaved else []
        outside = [_outside(each) for each in _by_referral(found.outside)]
        self.presses.show_lines([*unsaved, *outside, *(_press(each, found.on) for each in found.presses)])
        self.day.show_lines([_of_the_day(each) for each in found.today], french_day(found.on))
        self.mail.show_lines(
            [_letter(each) for each in found.mail], f"{len(found.mail)} à transmettre" if found.mail else ""
        )
        self.resume.show_lines([_resumed(each, case, found.on) for each, case in found.resume])

    def on_leaving(self, found: tuple[tuple[home.Leaving, uuid.UUID | None], ...]) -> None:
        """What can leave."""
        self.leaving.show_lines(
            [_departure(each, case) for each, case in found], count(len(found), "document", "documents")
        )

    def on_line_chosen(self, place: Place) -> None:
        """Go there."""
        self.go.emit(place)

    def on_outing_clicked(self) -> None:
        """A team goes out, or comes back."""
        self.go.emit(Place("outing", new_id()))

    def on_every_clicked(self) -> None:
        """The whole agenda."""
        self.go.emit(Place("agenda"))

    def on_flash_clicked(self) -> None:
        """Somebody is there, or on the phone."""
        self.go.emit(Place("flash"))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """One column where there is no room for two, as with large text."""
        narrow = event.size().width() < self.context.theme.px(_NARROW)
        self._sides.setDirection(QHBoxLayout.Direction.TopToBottom if narrow else QHBoxLayout.Direction.LeftToRight)
        super().resizeEvent(event)

    def _lay_out(self) -> None:
        left, right = column(gap=16), column(gap=16)
        for each in (self.presses, self.leaving):
            left.addWidget(each)
        for each in (self.day, self.mail, self.resume):
            right.addWidget(each)
        left.addStretch(1)
        right.addStretch(1)
        inner = row(gap=16)
        self._sides = inner
        inner.addLayout(left, 3)
        inner.addLayout(right, 2)
        around = column(margins=(20, 18, 20, 18), gap=8)
        around.addWidget(self._problem)
        around.addLayout(inner)
        whole = column()
        whole.addWidget(Scroller(around, name="Accueil"))
        self.setLayout(whole)


def _press(each: Press, on: dt.date) -> Line:
    day = each.act_on or each.day
    return Line(
        title=each.title,
        detail=each.detail,
        chip=each.kind_label,
        kind=_KINDS.get(each.kind, "plain"),
        when=short_date(day, on),
        beside=soon(day, on),
        tip=" ".join(filter(None, (each.working, each.source))),
        place=place_of(each.table, each.record_id, case=next(iter(each.case_ids), None)),
    )


def _backup(sentence: str) -> Line:
    return Line(
        title=sentence,
        detail="Une clé USB ou un disque gardé ailleurs suffit\u00a0; elle est chiffrée comme le coffre.",
        chip="rappel interne",
        kind="plain",
        place=Place("settings", part="backup"),
    )


def _by_referral(copies: Sequence[ClearCopy]) -> list[list[ClearCopy]]:
    """The copies of each referral together, the last ones first."""
    found: dict[uuid.UUID, list[ClearCopy]] = {}
    for each in copies:
        found.setdefault(each.referral_id, []).append(each)
    return list(found.values())


def _outside(copies: Sequence[ClearCopy]) -> Line:
    what = "effacez" if all(each.taken for each in copies) else "reprenez, puis effacez"
    said = count(len(copies), "copie de la lettre se lit", "copies de la lettre se lisent")
    return Line(
        title=f"{copies[0].reference}\u00a0: {said} sur le disque, sans mot de passe",
        detail=f"«\u00a0Ouvrir en .docx\u00a0»\u00a0: {what} ce qui est dehors.",
        chip="rappel interne",
        kind="plain",
        place=Place("build", copies[0].referral_id),
    )


def _departure(each: home.Leaving, case: uuid.UUID | None) -> Line:
    return Line(
        title=each.title,
        detail=each.reason,
        chip=each.label,
        kind=_STATES.get(each.state, "plain"),
        place=place_of(each.table, each.record_id, case=case),
    )


def _of_the_day(each: home.Today) -> Line:
    return Line(
        title=each.title,
        detail=each.detail,
        chip=each.word,
        kind="brand",
        place=place_of(each.table, each.record_id, case=each.case_id),
    )


def _letter(each: home.Received) -> Line:
    return Line(
        title=each.title,
        detail=each.detail,
        chip="à transmettre",
        kind="late",
        tip=f"{each.legal} {each.source}".strip(),
        place=place_of("mail", each.record_id, case=each.case_id),
    )


def _resumed(each: home.Resumed, case: uuid.UUID | None, on: dt.date) -> Line:
    day = each.at.astimezone().date()
    return Line(
        title=each.title,
        detail=each.detail,
        chip="brouillon" if each.unsaved else "",
        kind="warn",
        beside="aujourd’hui" if day >= on else soon(day, on),
        place=place_of(each.kind, each.record_id, case=case),
    )
