# SPDX-License-Identifier: GPL-3.0-or-later
"""Making a vault: where, and a passphrase typed twice. Its paper code comes after."""

import errno
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QProgressBar, QPushButton, QSizePolicy, QWidget

from hro_desktop.faults import Fault
from hro_desktop.vault import passphrase
from hro_desktop.vault.passphrase import Strength
from ui import opening
from ui.context import Context
from ui.jobs import Lane
from ui.messages import sentence_of
from ui.secret import SecretLine
from ui.widgets import Compound, button, column, label, row

__all__ = ["CreateFace", "strength_in_words"]

_ASK: Final = "Sept mots tirés au sort font une bonne phrase. Elle n’est écrite nulle part\u00a0: apprenez-la."
_RELATIVE: Final = (
    "Ce dossier n’est pas écrit en entier\u00a0: écrivez-le depuis la racine du disque, "
    "ou prenez-le avec «\u00a0Choisir…\u00a0»."
)
_SHORT: Final = "Acceptée. Sept mots tirés au sort résisteraient mieux si l’ordinateur était volé."
_LONG: Final = "Longue. Elle tient si ses mots ont été tirés au sort\u00a0: une phrase connue se devine."
_DIFFERS: Final = "Les deux saisies ne sont pas les mêmes."
_SUGGESTED: Final = (
    "Tirée au sort, à l’instant, sur cet ordinateur. Retapez-la en dessous\u00a0: c’est ainsi qu’on l’apprend."
)
_PLACES: Final = {
    errno.ENOENT: "Ce dossier n’existe pas\u00a0: choisissez-en un autre.",
    errno.EACCES: "Ce dossier n’est pas accessible\u00a0: choisissez-en un autre.",
    errno.EPERM: "Ce dossier n’est pas accessible\u00a0: choisissez-en un autre.",
    errno.EROFS: "On ne peut rien écrire dans ce dossier\u00a0: choisissez-en un autre.",
    errno.ENOTDIR: "Une partie de ce chemin est un fichier\u00a0: choisissez un autre dossier.",
    errno.ENAMETOOLONG: "Ce chemin est trop long\u00a0: choisissez un autre dossier.",
}
"""What is wrong with the place, by what the system answered."""
_PLACE_CODES: Final = ("vault.no_place", "vault.not_empty", "disk.refused", "disk.failed", "disk.full")


def strength_in_words(text: str) -> tuple[str, bool]:
    """What can be said of a passphrase, and whether it is refused."""
    if not text:
        return _ASK, False
    found = passphrase.strength(text)
    if found is Strength.REFUSED:
        try:
            passphrase.check(text)
        except Fault as fault:
            return fault.sentence, True
    return (_LONG if found is Strength.LONG else _SHORT), False


class CreateFace(Compound):
    """The face of the door that makes a vault."""

    made = Signal(object)
    """A `Made`."""
    left = Signal()
    """Somebody went back."""

    def __init__(self, context: Context, folder: Path | None, parent: QWidget | None = None) -> None:
        """`folder` is where a vault would usually be, when there is none."""
        super().__init__(parent)
        self._context = context
        self._place = QLineEdit(str(folder) if folder is not None else "")
        self._place.setAccessibleName("Dossier du coffre")
        self._place.setPlaceholderText("Un dossier vide ou nouveau")
        self._choose = button("Choisir…", name="Choisir le dossier du coffre")
        self._first = SecretLine(context.tokens, "Phrase de passe")
        self._again = SecretLine(context.tokens, "La même, une seconde fois")
        self._strength = label(_ASK, "hint", wrap=True)
        self._problem = label("", "problem", wrap=True)
        self._suggest = button("Tirer une phrase au sort", "link")
        self._create = button("Créer le coffre", "main")
        self._back = button("Revenir", "link", tip="Revenir sans rien créer")
        self._busy = QProgressBar()
        self._lay_out()
        self._choose.clicked.connect(self.on_choose_clicked)
        self._suggest.clicked.connect(self.on_suggest_clicked)
        self._create.clicked.connect(self.on_create_clicked)
        self._back.clicked.connect(self.left)
        self._first.textEdited.connect(self.on_first_edited)
        self._first.returnPressed.connect(self._again.setFocus)
        self._again.textEdited.connect(self.on_again_edited)
        self._again.returnPressed.connect(self.on_create_clicked)
        self.setFocusProxy(self._first if folder is not None else self._place)

    @property
    def fields(self) -> tuple[QLineEdit, QLineEdit, QLineEdit]:
        """The folder, the passphrase, the passphrase again."""
        return self._place, self._first, self._again

    @property
    def buttons(self) -> tuple[QPushButton, QPushButton, QPushButton]:
        """Create, draw a phrase, go back."""
        return self._create, self._suggest, self._back

    @property
    def said(self) -> str:
        """What is said of the passphrase."""
        return self._strength.text()

    @property
    def problem(self) -> str:
        """What stands in the way, in a sentence."""
        return self._problem.text()

    def forget(self) -> None:
        """No passphrase stays in the fields."""
        self._first.clear()
        self._again.clear()
        self._first.show_text(False)
        self._judge()

    def on_choose_clicked(self) -> None:
        """Ask for the folder."""
        self._context.ask.folder(self, "Où faire le coffre\u00a0?", self._put, new=True)

    def on_suggest_clicked(self) -> None:
        """Words drawn by lot, shown so that they can be learnt; the second field is left to the person."""
        drawn = passphrase.suggest()
        self._first.setText(drawn)
        self._first.setCursorPosition(0)
        self._first.show_text(True)
        self._again.clear()
        self._judge()
        self._strength.setText(f"{drawn}\n{_SUGGESTED}")  # whole, whatever the field has room for
        self._again.setFocus()

    def on_first_edited(self) -> None:
        """Say what can be said of it."""
        self._say("")
        self._judge()

    def on_again_edited(self, text: str) -> None:
        """Say at once when it leaves the track of the first."""
        self._say("" if self._first.text().startswith(text) else _DIFFERS)

    def on_create_clicked(self) -> None:
        """Make it, if everything is there."""
        if not self._create.isEnabled():
            return
        wanted, refused = self._place.text().strip(), strength_in_words(self._first.text())
        if not wanted:
            self._stop(self._place, "Choisissez le dossier où faire le coffre.")
        elif not Path(wanted).is_absolute():
            self._stop(self._place, _RELATIVE)
        elif not self._first.text() or refused[1]:
            self._stop(self._first, refused[0])
        elif self._first.text() != self._again.text():
            self._stop(self._again, _DIFFERS)
        else:
            self._set_busy(True)
            work = partial(opening.create_vault, Path(wanted), self._first.text())
            self._context.jobs.start(Lane.WRITE, work, owner=self, done=self.on_made, failed=self.on_failed)

    def on_made(self, made: opening.Made) -> None:
        """Hand it over; the passphrase leaves the fields."""
        self._set_busy(False)
        self.forget()
        self.made.emit(made)

    def on_failed(self, error: Exception) -> None:
        """Nothing was made."""
        self._set_busy(False)
        about_place = isinstance(error, OSError) or (isinstance(error, Fault) and error.code in _PLACE_CODES)
        why = _PLACES.get(error.errno or 0) if isinstance(error, OSError) else None
        self._stop(self._place if about_place else self._first, why or sentence_of(error))

    def _put(self, chosen: Path) -> None:
        self._place.setText(str(opening.room_for(chosen)))
        self._first.setFocus()

    def _stop(self, field: QLineEdit, sentence: str) -> None:
        self._say(sentence)
        field.setFocus()

    def _say(self, sentence: str) -> None:
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))
        self._again.setAccessibleDescription(sentence)
        self._again.set_problem(sentence == _DIFFERS)

    def _judge(self) -> None:
        said, refused = strength_in_words(self._first.text())
        self._strength.setText(said)
        self._first.setAccessibleDescription(said)
        self._first.set_problem(refused and bool(self._again.text()))

    def _set_busy(self, busy: bool) -> None:
        self._busy.setVisible(busy)
        self._create.setText("Création…" if busy else "Créer le coffre")
        for each in (self._place, self._choose, self._first, self._again, self._suggest, self._create, self._back):
            each.setEnabled(not busy)

    def _lay_out(self) -> None:
        whole = column(gap=6)
        whole.addWidget(label("Créer un coffre", "title"))
        whole.addWidget(
            label(
                "Un dossier chiffré de cet ordinateur. Sans la phrase de passe ni le code papier qui vous sera donné "
                "ensuite, personne ne pourra le rouvrir.",
                "soft",
                wrap=True,
            )
        )
        whole.addSpacing(8)
        place = row(gap=8)
        place.addWidget(self._place, 1)
        place.addWidget(self._choose)
        for text, field, beside in (
            ("Dossier du coffre", self._place, place),
            ("Phrase de passe", self._first, None),
            ("La même, une seconde fois", self._again, None),
        ):
            named = label(text, "label")
            named.setBuddy(field)
            whole.addWidget(named)
            if beside is not None:
                whole.addLayout(beside)
            else:
                whole.addWidget(field)
            if field is self._first:
                whole.addWidget(self._strength)
        self._problem.hide()
        whole.addWidget(self._problem)
        whole.addSpacing(4)
        self._create.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        whole.addWidget(self._create)
        self._busy.setRange(0, 0)
        self._busy.setTextVisible(False)
        self._busy.setAccessibleName("Création en cours")
        self._busy.hide()
        whole.addWidget(self._busy)
        links = row(margins=(-4, 0, -4, 0), gap=0)
        links.addWidget(self._suggest)
        links.addStretch()
        links.addWidget(self._back)
        whole.addLayout(links)
        whole.addStretch()
        self.setLayout(whole)
        steps = (self._place, self._choose, self._first, self._again, self._create, self._suggest, self._back)
        for before, after in pairwise(steps):
            QWidget.setTabOrder(before, after)
