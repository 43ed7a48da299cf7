# SPDX-License-Identifier: GPL-3.0-or-later
"""How a case stands: each referral on its road, the facts, and what happened day after day."""

import uuid
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from hro_desktop.casework import agenda_overview, case_overview, timeline
from hro_desktop.casework.case_overview import Line, Standing, Summary
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.timeline import Moment
from ui.context import Context
from ui.halves import Halves
from ui.pages.case_follow_up import FollowUpCard
from ui.pages.case_part import READING, CasePart, Records, card, link
from ui.pages.page import Place
from ui.pages.places import place_of
from ui.step_bar import StepBar
from ui.widgets import Scroller, button, chip, clear, column, label, row, rule, settle
from ui.words import short_day

__all__ = ["SummaryPart"]

_DOTS = {
    "incident": "late",
    "statement": "violet",
    "sealed": "violet",
    "evidence": "ok",
    "step": "brand",
    "departure": "warn",
}
"""Colour of a moment; its words say what it is."""


class _Dot(QWidget):
    """The mark of one moment on the line of time."""

    def __init__(self, context: Context, kind: str) -> None:
        super().__init__()
        self._context, self._kind = context, kind
        self.setFixedWidth(context.theme.px(10))

    def sizeHint(self) -> QSize:  # noqa: N802
        """A line of text."""
        return QSize(self.width(), self._context.theme.px(18))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """A dot, in the colour of its kind."""
        edge = self._context.theme.px(8)
        tokens = self._context.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(getattr(tokens, _DOTS.get(self._kind, "ink3"))))
        painter.drawEllipse(QRectF(0, self._context.theme.px(5), edge, edge))
        painter.end()


class SummaryPart(CasePart):
    """« Synthèse »."""

    tables = (
        "referral",
        "referral_party",
        "referral_step",
        "incident",
        "statement",
        "evidence",
        "consent",
        "departure",
        "contact_note",
        "mail",
        "appointment",
        "reminder",
        "case",
    )

    def __init__(self, context: Context, desk: Desk, case_id: uuid.UUID) -> None:
        super().__init__(context, desk, case_id)
        self._standings: Sequence[Standing] = ()
        self._moments: Sequence[Moment] = ()
        to_referrals = link("Voir les saisines", "Voir les saisines et leurs documents", self.on_referrals_clicked)
        self._procedures_card, self._procedures = card("Procédures", to_referrals)
        self._facts_card, inner = card("Faits liés")
        empty = "Aucun fait n’est encore lié à cette personne. L’onglet Faits en ajoute."
        self.facts = Records(context, name="Faits liés", empty=empty)
        self.facts.chosen.connect(self.on_line)
        inner.setContentsMargins(1, 0, 1, 6)
        inner.addWidget(self.facts)
        self._timeline_card, self._timeline = card("Chronologie")
        self.follow_up = FollowUpCard(context, desk, case_id)
        self.follow_up.go.connect(self.go)
        self.follow_up.told.connect(self.told)
        for inner in (self._procedures, self._timeline):
            inner.addWidget(label(READING, "soft", wrap=True))
        left = QWidget()
        stack = column(gap=16)
        stack.addWidget(self.follow_up)
        stack.addWidget(self._procedures_card)
        stack.addWidget(self._facts_card)
        stack.addStretch()
        left.setLayout(stack)
        inner = column()
        inner.addWidget(Halves(left, self._timeline_card, room=context.theme.px(940), shares=(5, 4)))
        inner.addStretch()
        whole = column()
        whole.addWidget(Scroller(inner, name="Synthèse du dossier"))
        self.setLayout(whole)

    @property
    def standings(self) -> Sequence[Standing]:
        """The referrals that are shown."""
        return self._standings

    @property
    def moments(self) -> Sequence[Moment]:
        """The lines of the timeline."""
        return self._moments

    def ask(self) -> None:
        """Both halves, and what is awaited."""
        self.read(agenda_overview.follow_up, self.case_id, self.desk.today(), done=self.follow_up.show_follow_up)
        self.read(case_overview.summary, self.case_id, self.desk.today(), done=self.on_summary)
        self.read(timeline.of_case, self.case_id, self.desk.today(), done=self.on_moments)

    def on_summary(self, found: Summary) -> None:
        """How it stands."""
        self._standings = found.standings
        clear(self._procedures)
        if not found.standings:
            said = "Aucune saisine. Une saisine joint des faits, un récit et des pièces devant un organisme."
            self._procedures.addWidget(label(said, "soft", wrap=True))
        for at, each in enumerate(found.standings):
            if at:
                self._procedures.addWidget(rule())
            self._procedures.addLayout(self._standing(each))
        self.facts.show_records(found.incidents)
        settle(self._procedures_card)

    def on_moments(self, found: Sequence[Moment]) -> None:
        """What happened."""
        self._moments = found
        clear(self._timeline)
        if not found:
            said = "Rien encore\u00a0: les faits, les récits, les pièces et les envois se rangent ici jour après jour."
            self._timeline.addWidget(label(said, "soft", wrap=True))
        for each in found:
            self._timeline.addLayout(self._moment(each))
        settle(self._timeline_card)

    def on_line(self, line: Line) -> None:
        """A record is opened."""
        place = place_of(line.table, line.id)
        self.go.emit(place or Place("case", self.case_id, "incidents"))

    def on_referrals_clicked(self) -> None:
        """To the tab of the referrals."""
        self.go.emit(Place("case", self.case_id, "referrals"))

    def on_standing_clicked(self, referral_id: uuid.UUID, _checked: bool = False) -> None:
        """To one referral, or to the tab that shows them."""
        self.go.emit(place_of("referral", referral_id) or Place("case", self.case_id, "referrals"))

    def _standing(self, each: Standing) -> QVBoxLayout:
        part = column(margins=(0, 4, 0, 8), gap=8)
        top = row(gap=8)
        name = button(each.label, "pick", name=f"{each.label}, {each.reference}, {each.bar.sentence}")
        name.clicked.connect(partial(self.on_standing_clicked, each.id))
        top.addWidget(name)
        top.addStretch()
        if each.next:
            top.addWidget(chip(each.next_kind or each.next, "warn"))
        part.addLayout(top)
        said = [each.reference, each.authority, each.body_reference, *([each.next] if each.next_kind else [])]
        part.addWidget(label(" · ".join(filter(None, said)), "hint", wrap=True))
        part.addWidget(StepBar(self.context, each.bar))
        reached = {stage.label for stage in each.bar.stages}
        if each.bar.status not in reached:
            part.addWidget(label(each.bar.status[:1].upper() + each.bar.status[1:], "strong", wrap=True))
        return part

    def _moment(self, each: Moment) -> QHBoxLayout:
        line = row(gap=10)
        known = each.on is not None and each.exact
        day = label(short_day(str(each.on)) if known else each.when, "hint", wrap=True)
        day.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum)
        day.setFixedWidth(self.context.theme.px(88))
        line.addWidget(day, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(_Dot(self.context, each.kind), 0, Qt.AlignmentFlag.AlignTop)
        words = column(margins=(0, 0, 0, 6), gap=1)
        for text, role in ((each.title, ""), (each.detail, "hint")):
            if text:
                said = label(text, role, wrap=True)
                self.context.veil.cover(said)
                words.addWidget(said)
        line.addLayout(words, 1)
        return line
