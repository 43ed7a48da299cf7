# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be done with the papers of a referral, under their page: each action adds itself to `ACTIONS`."""

import uuid
from collections.abc import Callable, Sequence
from functools import partial
from typing import ClassVar, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from hro_desktop.casework import documents
from hro_desktop.casework.builder import Build
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.documents import Pack
from ui.build.outside import OutsidePanel
from ui.context import Context
from ui.jobs import Cancelled, Job, Lane, Report, Token
from ui.messages import sentence_of
from ui.pages.page import Place
from ui.reading import ReferralView
from ui.widgets import button

__all__ = ["ACTIONS", "Action", "LettersAction", "OutsideAction", "PackAction", "PrintAction", "SealAction"]


class Action(QObject):
    """One button, and what it does. `show_build` is called each time the referral is other than before."""

    go = Signal(object)
    said = Signal(str)
    shown = Signal(object)
    """A `Panel` that is to be shown where one fills the referral in."""

    def __init__(self, context: Context, desk: Desk, page: QWidget, words: str) -> None:
        super().__init__(page)
        self.context, self.desk = context, desk
        self.build: Build | None = None
        self.place: Place | None = None
        self.button: QPushButton = button(words)
        self.button.setEnabled(False)
        self.button.clicked.connect(self.on_clicked)

    def show_build(self, build: Build, place: Place) -> None:
        """The referral as it is; `place` is where one comes back to."""
        self.build, self.place = build, place
        self.button.setEnabled(True)

    def on_clicked(self) -> None:
        """Do it."""


def _make(desk: Desk, referral_id: uuid.UUID, draft: bool, token: Token, report: Report) -> Pack:
    token.check()
    pack = documents.make(desk, referral_id, draft=draft, progress=report, cancelled=lambda: token.cancelled)
    if token.cancelled:
        raise Cancelled
    return pack


def _letters(desk: Desk, referral_id: uuid.UUID, _draft: bool, token: Token, _report: Report) -> Pack:
    token.check()
    return documents.make_letters(desk, referral_id)


class _Making(Action):
    """Makes papers beside the window and shows them, to be written out of the vault from there."""

    title: ClassVar[str]
    """What the status line shows meanwhile."""
    makes: ClassVar[Callable[..., Pack]]
    """The worker: given the desk, the referral, and whether a draft is all that can be made."""

    def __init__(self, context: Context, desk: Desk, page: QWidget, words: str) -> None:
        super().__init__(context, desk, page, words)
        self._making: Job | None = None

    def on_clicked(self) -> None:
        """Make them."""
        if self.build is None or self._making is not None:
            return
        self.said.emit("")
        self.button.setEnabled(False)
        self._making = self.context.jobs.start(
            Lane.DOCUMENT,
            partial(self.makes, self.desk, self.build.id, self.build.draft),
            owner=self,
            done=self.on_made,
            failed=self.on_failed,
            cancelled=self.on_cancelled,
            title=self.title,
        )

    def on_made(self, pack: Pack) -> None:
        """They are ready to be looked at."""
        self._end()
        build = self.build
        if build is not None:
            shown = ReferralView(build.reference, build.procedure, build.label, build.authority_name, "", pack.states)
            self.go.emit(Place("pack", given=(pack, None, shown, self.place)))

    def on_failed(self, error: Exception) -> None:
        """They could not be made; nothing was kept."""
        self._end()
        self.said.emit(sentence_of(error))

    def on_cancelled(self, _job: Job) -> None:
        """Somebody thought better of it."""
        self._end()

    def _end(self) -> None:
        self._making = None
        self.button.setEnabled(True)


class PackAction(_Making):
    """Every document of the referral, a draft when something waits."""

    title = "Préparation des documents"
    makes = staticmethod(_make)

    def __init__(self, context: Context, desk: Desk, page: QWidget) -> None:
        super().__init__(context, desk, page, "Préparer les documents")
        self.button.setToolTip("Lettre, bordereau et pièces, pour les regarder puis les enregistrer hors du coffre")

    def show_build(self, build: Build, place: Place) -> None:
        """Say whether it would be a draft."""
        super().show_build(build, place)
        self.button.setText("Préparer un brouillon" if build.draft else "Préparer les documents")
        self.button.setAccessibleName(self.button.text())
        self.button.setEnabled(self._making is None)


class LettersAction(_Making):
    """The papers alone, to be read back and signed."""

    title = "Préparation des papiers à signer"
    makes = staticmethod(_letters)

    def __init__(self, context: Context, desk: Desk, page: QWidget) -> None:
        super().__init__(context, desk, page, "À relire et signer")
        self.button.setToolTip("La lettre seule, sans les pièces, pour la relire avec la personne et la faire signer")


class OutsideAction(Action):
    """The letter in one’s own word processor, in a panel of the page."""

    def __init__(self, context: Context, desk: Desk, page: QWidget) -> None:
        super().__init__(context, desk, page, "Ouvrir en .docx")
        self.button.setToolTip("Modifier la lettre dans votre traitement de texte, puis la reprendre ici")
        self.panel: OutsidePanel | None = None

    def show_build(self, build: Build, place: Place) -> None:
        """The panel shows it too, once there is one."""
        super().show_build(build, place)
        if self.panel is not None:
            self.panel.show_build(build)

    def on_clicked(self) -> None:
        """Open the panel."""
        if self.build is None:
            return
        if self.panel is None:
            self.panel = OutsidePanel(self.context, self.desk, self.build.id)
            self.panel.show_build(self.build)
        self.shown.emit(self.panel)
        self.panel.open()


class SealAction(Action):
    """To where it is frozen, and its sending noted."""

    def __init__(self, context: Context, desk: Desk, page: QWidget) -> None:
        super().__init__(context, desk, page, "Figer cette version…")
        self.button.setToolTip("Accords, tiers, ce que contient chaque fichier\u00a0; puis sceller, et noter l’envoi")

    def on_clicked(self) -> None:
        """Go there."""
        if self.build is not None:
            self.go.emit(Place("referral", self.build.id, "freeze"))


class PrintAction(Action):
    """What is printed: the papers as they stand, what was frozen, what goes around them."""

    def __init__(self, context: Context, desk: Desk, page: QWidget) -> None:
        super().__init__(context, desk, page, "Imprimer…")
        self.button.setToolTip("Papiers, version figée, enveloppes, étiquettes, fiche de recommandé")

    def on_clicked(self) -> None:
        """Go to the page that shows what will come out."""
        if self.build is not None and self.place is not None:
            self.go.emit(Place("print", self.build.id, self.place.part))


ACTIONS: Final[Sequence[Callable[[Context, Desk, QWidget], Action]]] = (
    PackAction,
    LettersAction,
    PrintAction,
    OutsideAction,
    SealAction,
)
"""From left to right."""
