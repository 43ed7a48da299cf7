# SPDX-License-Identifier: GPL-3.0-or-later
"""Making the documents of a referral that is chosen: one at a time, beside the window, as a draft when it must be."""

from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from hro_desktop.casework.desk import Desk
from hro_desktop.casework.documents import Pack
from ui import reading
from ui.context import Context
from ui.jobs import Job, Lane
from ui.messages import sentence_of
from ui.pages.page import Place
from ui.reading import CaseView, ReferralView
from ui.widgets import button

__all__ = ["Maker"]

MAKE, DRAFT = "Préparer les documents", "Préparer un brouillon"


class Maker(QObject):
    """The main action of the pages that show referrals, and what it does. `blocked` is asked before it begins."""

    go = Signal(object)
    """The documents are ready: where they are shown, a `Place`."""
    said = Signal(str)
    """What went wrong, or nothing when it begins again."""

    def __init__(self, context: Context, desk: Desk, page: QWidget) -> None:
        super().__init__(page)
        self._context, self._desk = context, desk
        self._making: Job | None = None
        self._chosen: tuple[CaseView, ReferralView] | None = None
        self._made_for: tuple[CaseView, ReferralView] | None = None
        self._back: Place | None = None
        self.action = button(MAKE, "main")
        self.action.setParent(page)
        self.action.clicked.connect(self.make)
        self.choose(None, None)

    @property
    def busy(self) -> bool:
        """Whether documents are being made."""
        return self._making is not None

    def choose(self, view: CaseView | None, referral: ReferralView | None, back: Place | None = None) -> None:
        """The action is about this referral now; `back` is where one comes from."""
        self._chosen = (view, referral) if view is not None and referral is not None else None
        self._back = back
        if referral is None:
            self.action.setToolTip("Choisissez d’abord un dossier qui a une saisine")
        elif referral.blocked:
            self.action.setToolTip("Ce qui bloque est dit à côté\u00a0: seul un brouillon peut être préparé")
        else:
            self.action.setToolTip(f"{referral.label}, {referral.reference}")
        self._show()

    def make(self) -> None:
        """Make the documents of the referral that is chosen."""
        if self._chosen is None or self._making is not None:
            return
        view, referral = self._made_for = self._chosen
        self.said.emit("")
        work = partial(
            reading.make_pack,
            self._desk,
            view.row.reference,
            referral.procedure,
            referral.blocked,
            referral.profile,
        )
        self._making = self._context.jobs.start(
            Lane.DOCUMENT,
            work,
            owner=self,
            done=self.on_made,
            failed=self.on_failed,
            cancelled=self.on_cancelled,
            title="Préparation des documents",
        )
        self._show()

    def on_made(self, pack: Pack) -> None:
        """The documents are ready."""
        self._making = None
        self._show()
        if self._made_for is not None:
            view, referral = self._made_for
            self.go.emit(Place("pack", given=(pack, view, referral, self._back)))

    def on_failed(self, error: Exception) -> None:
        """They could not be made; nothing was kept."""
        self._making = None
        self._show()
        self.said.emit(sentence_of(error))

    def on_cancelled(self, _job: Job) -> None:
        """Somebody thought better of it."""
        self._making = None
        self._show()

    def _show(self) -> None:
        self.action.setEnabled(self._chosen is not None and self._making is None)
        self.action.setText(DRAFT if self._chosen is not None and self._chosen[1].blocked else MAKE)
