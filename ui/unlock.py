# SPDX-License-Identifier: GPL-3.0-or-later
"""The door: a passphrase or the paper code, a new vault, the practice vault. Nothing here names the association."""

from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import (
    QGridLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QWidget,
)

from ui import opening
from ui.context import Context
from ui.create import CreateFace
from ui.icons import icon
from ui.jobs import Lane
from ui.messages import sentence_of
from ui.paper_code import PaperFace
from ui.secret import SecretLine, keyboard_hint
from ui.widgets import Compound, Scroller, button, column, frame, label, mark, row
from ui.words import count

if TYPE_CHECKING:
    from hro_desktop.vault.restore import Restored
    from ui.help.panel import HelpPanel
    from ui.restore import RestoreFace

__all__ = ["UnlockPage"]

_HINT: Final = "Les majuscules et les espaces comptent."
_PAPER_HINT: Final = "36 signes, avec ou sans tirets. Les majuscules ne comptent pas."
_PAPER_WRONG: Final = "Un signe au moins est faux\u00a0: relisez le papier groupe par groupe."
_PROTECTED: Final = "Chiffré sur cet ordinateur. Sans phrase de passe ni code papier, le contenu est perdu."
_RESTORED: Final = "Coffre restauré et relu. Ouvrez-le avec une phrase de passe de ce jour-là, ou le code papier."
_ABSENT: Final = (
    "Aucun coffre à cet endroit. Créez-en un, essayez le programme avec un exemple inventé, ou choisissez le dossier "
    "d’un coffre."
)


class OpenFace(Compound):
    """The face that opens a vault. Its secret is a passphrase, or the paper code in its own line."""

    opened = Signal(object)
    create_wanted = Signal()
    restore_wanted = Signal()

    def __init__(self, context: Context, folder: Path, *, main: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.folder = folder
        self._main = main
        self._paper = False
        self._title = label("", "title")
        self._about = label("", "soft", wrap=True)
        self._named = label("Phrase de passe", "label")
        self.field = SecretLine(context.tokens, "Phrase de passe")
        self.code = QLineEdit()
        self.code.setAccessibleName("Code papier")
        self.code.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
        self.code.setMaxLength(200)
        self._named_code = label("Code papier", "label")
        self._hint = label(_HINT, "hint", wrap=True)
        self.unlock = button("Déverrouiller", "main")
        self.other = button("Autre coffre…", "link", tip="Choisir le dossier d’un autre coffre")
        self.paper = button("Code papier…", "link", tip="Ouvrir avec les 36 signes gardés sur papier")
        self.create_ = button("Créer un coffre…", "link", tip="Faire un nouveau coffre, vide")
        self.make = button("Créer un coffre…", "main", tip="Faire un nouveau coffre, vide")
        self.practice = button(
            "Explorer avec un exemple", "link", tip="Ouvre un coffre d’exercice\u00a0: rien de réel, rien à perdre"
        )
        self.restore = button(
            "Restaurer une sauvegarde…", "link", tip="Refaire un coffre d’une sauvegarde, dans un dossier neuf"
        )
        self._busy = QProgressBar()
        self._lay_out()
        self.unlock.clicked.connect(self.on_unlock_clicked)
        self.field.returnPressed.connect(self.on_unlock_clicked)
        self.code.returnPressed.connect(self.on_unlock_clicked)
        self.other.clicked.connect(self.on_other_clicked)
        self.paper.clicked.connect(self.on_paper_clicked)
        for each in (self.create_, self.make):
            each.clicked.connect(self.create_wanted)
        self.restore.clicked.connect(self.restore_wanted)
        self.practice.clicked.connect(self.on_practice_clicked)
        self.field.textEdited.connect(self.on_edited)
        self.field.caps_guessed.connect(self.on_caps_guessed)
        self.code.textEdited.connect(self.on_code_edited)
        self._look()

    @property
    def secret(self) -> QLineEdit:
        """The line one types in now."""
        return self.code if self._paper else self.field

    @property
    def problem(self) -> str:
        """The sentence under the field when something went wrong."""
        return self._hint.text() if self._hint.property("role") == "problem" else ""

    @property
    def said(self) -> str:
        """The sentence under the field."""
        return self._hint.text()

    def set_folder(self, folder: Path, said: str = "") -> None:
        """Stand before another vault, and say something of it."""
        self._main = self._main and folder == self.folder
        self.folder = folder
        self._look()
        if said:
            self._say(said)

    def on_unlock_clicked(self) -> None:
        """Try the secret."""
        if self.unlock.isEnabled():
            self._start(partial(opening.open_vault, self.folder, self.secret.text()), "Ouverture du coffre")

    def on_practice_clicked(self) -> None:
        """Open the practice vault; the first time it is made, which takes a few seconds."""
        self._start(partial(opening.open_practice, self._context.practice_folder), "Préparation de l’exemple")

    def on_other_clicked(self) -> None:
        """Ask where the other vault is."""
        self._context.ask.folder(self, "Choisir le dossier du coffre", self.set_folder)

    def on_paper_clicked(self) -> None:
        """The paper code instead of the passphrase, or the other way round."""
        self._paper = not self._paper
        self.field.clear()
        self.code.clear()
        self._look()

    def on_opened(self, vault: opening.OpenVault) -> None:
        """Hand the vault over; the secret leaves the field."""
        self.field.clear()
        self.code.clear()
        self.opened.emit(vault)

    def on_failed(self, error: Exception) -> None:
        """Say what stands in the way, and let the person try again."""
        self._set_busy("")
        self._say(sentence_of(error), problem=True)
        if self.secret.isEnabled():
            self.secret.setFocus()
            self.secret.selectAll()

    def on_edited(self) -> None:
        """Typing again takes the reproach away."""
        if self.problem:
            self._say(self._usual_hint())

    def on_caps_guessed(self, _on: bool) -> None:
        """Caps Lock is another."""
        if not self.problem:
            self._say(self._usual_hint())

    def on_code_edited(self, text: str) -> None:
        """Set the code in its groups when one types at its end; say at once when a whole one is wrong."""
        from hro_desktop.vault import paper

        if self.code.cursorPosition() == len(text) and paper.letters_of(text) <= paper.LETTERS:
            grouped = paper.grouped(text)
            if grouped != text:
                self.code.setText(grouped)
        count = paper.letters_of(text)
        wrong = count >= paper.LETTERS and paper.read(text) is None
        self._say(_PAPER_WRONG if wrong else f"{count} signes sur {paper.LETTERS}.", problem=wrong)

    def _usual_hint(self) -> str:
        if self._paper:
            return _PAPER_HINT
        return self.field.caps_hint or f"{_HINT} {keyboard_hint()}"

    def _lay_out(self) -> None:
        theme = self._context.theme
        inside = column(gap=6)
        inside.addWidget(mark(self._context.tokens, theme.px(44)))
        inside.addSpacing(12)
        inside.addWidget(self._title)
        inside.addWidget(self._about)
        inside.addSpacing(12)
        for named, field in ((self._named, self.field), (self._named_code, self.code)):
            named.setBuddy(field)
            inside.addWidget(named)
            inside.addWidget(field)
        inside.addWidget(self._hint)
        inside.addSpacing(8)
        for each in (self.unlock, self.make):
            each.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            each.setAutoDefault(True)
            inside.addWidget(each)
        self._busy.setRange(0, 0)
        self._busy.setTextVisible(False)
        self._busy.setAccessibleName("Ouverture en cours")
        self._busy.hide()
        inside.addWidget(self._busy)
        for left, right in ((self.other, self.paper), (self.practice, self.create_)):
            links = row(margins=(-4, 0, -4, 0), gap=0)
            links.addWidget(left)
            links.addStretch()
            links.addWidget(right)
            inside.addLayout(links)
        links = row(margins=(-4, 0, -4, 0), gap=0)
        links.addWidget(self.restore)
        links.addStretch()
        inside.addLayout(links)
        inside.addStretch()
        self.setLayout(inside)
        steps = (
            *(self.field, self.code, self.unlock, self.make),
            *(self.other, self.paper, self.practice, self.create_, self.restore),
        )
        for first, second in pairwise(steps):
            QWidget.setTabOrder(first, second)

    def _look(self) -> None:
        """Say which vault this is, and whether there is one."""
        there = opening.is_vault(self.folder)
        self._paper = self._paper and there
        self._title.setText("Coffre principal" if self._main else "Autre coffre")
        self._about.setText(_PROTECTED if there else _ABSENT)
        for named, field, wanted in ((self._named, self.field, False), (self._named_code, self.code, True)):
            named.setVisible(there and self._paper is wanted)
            field.setVisible(there and self._paper is wanted)
            field.setEnabled(there)
        for each in (self.unlock, self.paper, self._hint):
            each.setEnabled(there)
            each.setVisible(there)
        policy = self._busy.sizePolicy()
        policy.setRetainSizeWhenHidden(there)
        self._busy.setSizePolicy(policy)
        self.make.setVisible(not there)
        self.create_.setVisible(there)
        self.paper.setText("Phrase de passe…" if self._paper else "Code papier…")
        self.paper.setAccessibleName(self.paper.text())
        self._say(self._usual_hint() if there else "")
        self.setFocusProxy(self.secret if there else self.make)
        (self.secret if there else self.make).setFocus()

    def _start(self, work: partial[opening.OpenVault], what: str) -> None:
        self._set_busy(what)
        self._context.jobs.start(Lane.WRITE, work, owner=self, done=self.on_opened, failed=self.on_failed)

    def _set_busy(self, what: str) -> None:
        there = opening.is_vault(self.folder)
        self._busy.setVisible(bool(what))
        self.unlock.setText("Ouverture…" if what else "Déverrouiller")
        for each in (self.unlock, self.field, self.code, self.paper):
            each.setEnabled(not what and there)
        for each in (self.other, self.create_, self.make, self.practice, self.restore):
            each.setEnabled(not what)
        if what:
            self._say(f"{what}…")

    def _say(self, sentence: str, *, problem: bool = False) -> None:
        self._hint.setText(sentence)
        self._hint.setVisible(bool(sentence))
        self._hint.setProperty("role", "problem" if problem else "hint")
        for field in (self.field, self.code):
            field.setProperty("problem", "true" if problem else "false")
            field.setAccessibleDescription(sentence)
        for widget in (self._hint, self.field, self.code):
            widget.style().unpolish(widget)
            widget.style().polish(widget)


class UnlockPage(Compound):
    """The door, with its faces: open a vault, make one, read its paper code. Whatever opens is handed over."""

    opened = Signal(object)
    """An `OpenVault`."""

    def __init__(self, context: Context, folder: Path, *, main: bool, parent: QWidget | None = None) -> None:
        """A door for one vault.

        Args:
            context: its surroundings.
            folder: of the vault.
            main: it is the one at the usual place.
            parent: the window.
        """
        super().__init__(parent)
        self.setObjectName("page")
        self._context = context
        self._held: opening.OpenVault | None = None
        self._open = OpenFace(context, folder, main=main)
        self.create_face = CreateFace(context, None if opening.is_vault(folder) else folder)
        self._free = None if opening.is_vault(folder) else folder
        self._restore: RestoreFace | None = None
        self.paper_face = PaperFace(context)
        self._faces = QStackedWidget()
        self._all: tuple[QWidget, ...] = (self._open, self.create_face, self.paper_face)
        for face in self._all:
            self._faces.addWidget(face)
        self._help: HelpPanel | None = None
        self.ask = QToolButton()
        self.ask.setIconSize(QSize(1, 1) * context.theme.px(16))
        self.ask.setIcon(icon("help", context.tokens.ink3))
        self.ask.setToolTip("Aide (F1)")
        self.ask.setAccessibleName("Aide")
        self.ask.clicked.connect(self.on_help_wanted)
        QShortcut(QKeySequence("F1"), self, self.on_help_wanted)
        QShortcut(QKeySequence("Esc"), self, self.on_escape)
        self._lay_out()
        self._open.opened.connect(self.opened)
        self._open.create_wanted.connect(self.on_create_wanted)
        self._open.restore_wanted.connect(self.on_restore_wanted)
        self.create_face.left.connect(self.on_left)
        self.create_face.made.connect(self.on_made)
        self.paper_face.confirmed.connect(self.on_confirmed)
        self._show(self._open)

    @property
    def field(self) -> SecretLine:
        """Where the passphrase is typed."""
        return self._open.field

    @property
    def code(self) -> QLineEdit:
        """Where the paper code is typed."""
        return self._open.code

    @property
    def buttons(self) -> tuple[QPushButton, QPushButton, QPushButton]:
        """Unlock, another vault, the practice vault."""
        return self._open.unlock, self._open.other, self._open.practice

    @property
    def paper_action(self) -> QPushButton:
        """The paper code instead of the passphrase."""
        return self._open.paper

    @property
    def create_action(self) -> QPushButton:
        """Make a vault: the main button where there is none."""
        return self._open.create_ if opening.is_vault(self._open.folder) else self._open.make

    @property
    def restore_face(self) -> "RestoreFace":
        """The face that restores, made when somebody first wants it: the door must stand quickly."""
        if self._restore is None:
            from ui.restore import RestoreFace

            self._restore = RestoreFace(self._context, self._free)
            self._restore.left.connect(self.on_left)
            self._restore.restored.connect(self.on_restored)
            self._all = (*self._all, self._restore)
            self._faces.addWidget(self._restore)
        return self._restore

    @property
    def restore_action(self) -> QPushButton:
        """Make a vault again from a backup."""
        return self._open.restore

    @property
    def problem(self) -> str:
        """The sentence under the field when something went wrong."""
        return self._open.problem

    @property
    def said(self) -> str:
        """The sentence under the field."""
        return self._open.said

    @property
    def help(self) -> "HelpPanel | None":
        """The panel of the help, once somebody asked for it."""
        return self._help

    def on_help_wanted(self) -> None:
        """F1, or the « ? »: how to open a vault, and all the rest."""
        from ui.help.book import DOOR
        from ui.help.panel import HelpPanel

        if self._help is None:
            self._help = HelpPanel(self._context, self)
            self._help.left.connect(self.setFocus)
        self._help.open_for(DOOR)

    def on_escape(self) -> None:
        """The help goes."""
        if self._help is not None:
            self._help.close_up()

    def give_up(self) -> None:
        """The window goes: a vault that was just made does not stay open behind the door."""
        held, self._held = self._held, None
        if held is not None:
            held.close()

    def on_create_wanted(self) -> None:
        """The face that makes a vault."""
        self._show(self.create_face)

    def on_restore_wanted(self) -> None:
        """The face that restores."""
        self._show(self.restore_face)

    def on_restored(self, done: "Restored") -> None:
        """The vault is there again: it is unlocked as any other."""
        lost = f" Sans {count(len(done.findings), 'pièce', 'pièces')}." if done.findings else ""
        self._open.set_folder(done.folder, f"{_RESTORED}{lost}")
        self._show(self._open)

    def on_left(self) -> None:
        """Back, with nothing made and no passphrase left in a field."""
        self.create_face.forget()
        self._show(self._open)

    def on_made(self, made: opening.Made) -> None:
        """The vault is there; its code is shown before anything else."""
        self._held = made.vault
        self.paper_face.show_code(made.paper_code)
        self._show(self.paper_face)

    def on_confirmed(self) -> None:
        """The code is on paper."""
        self.paper_face.forget()
        held, self._held = self._held, None
        if held is not None:
            self.opened.emit(held)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """The ground of the page."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._context.tokens.sunken)
        painter.end()

    def _show(self, face: QWidget) -> None:
        """One face, and the card as tall as that face."""
        for each in self._all:
            shown = each is face
            each.setSizePolicy(
                QSizePolicy.Policy.Preferred,
                QSizePolicy.Policy.Preferred if shown else QSizePolicy.Policy.Ignored,
            )
            each.setEnabled(shown)
        self._faces.setCurrentWidget(face)
        self.setFocusProxy(face)
        face.setFocus()

    def _lay_out(self) -> None:
        card = frame("card")
        card.setFixedWidth(self._context.theme.px(420))
        inside = column(margins=(32, 30, 32, 22))
        inside.addWidget(self._faces)
        card.setLayout(inside)
        around = QGridLayout()
        around.setContentsMargins(8, 8, 8, 8)
        around.addWidget(card, 0, 0, Qt.AlignmentFlag.AlignCenter)
        middle = column()
        top = row(margins=(0, 8, 8, 0))
        top.addStretch()
        top.addWidget(self.ask)
        middle.addLayout(top)
        middle.addLayout(around, 1)
        whole = column()
        whole.addWidget(Scroller(middle, name="Porte du coffre"))
        self.setLayout(whole)
