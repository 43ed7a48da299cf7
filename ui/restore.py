# SPDX-License-Identifier: GPL-3.0-or-later
"""A vault made again from a backup, at the door: which folder, which backup of it, and where the vault goes."""

from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QLineEdit, QProgressBar, QPushButton, QSizePolicy, QWidget

from hro_desktop.faults import Fault
from hro_desktop.rules import dates
from ui import opening
from ui.context import Context
from ui.editor.inputs import ChoiceInput
from ui.jobs import Job, Lane
from ui.messages import sentence_of
from ui.widgets import Compound, button, column, label, row
from ui.words import count, short_day

if TYPE_CHECKING:
    from hro_desktop.vault.generations import Generation
    from hro_desktop.vault.restore import Restored

__all__ = ["RestoreFace"]

_ABOUT: Final = (
    "Un coffre neuf est fait d’une sauvegarde, et tout y est relu. Il s’ouvre ensuite avec une phrase de passe de ce "
    "jour-là, ou avec le code papier."
)
_NEW: Final = "Un dossier vide ou nouveau. Aucun coffre n’est jamais remplacé."
_WITHOUT: Final = ("Ne pas restaurer", "Restaurer sans ces pièces")


class RestoreFace(Compound):
    """The face of the door that restores."""

    restored = Signal(object)
    """A `Restored`: the vault is there, closed."""
    left = Signal()
    """Somebody went back."""

    def __init__(self, context: Context, folder: Path | None, parent: QWidget | None = None) -> None:
        """`folder` is where a vault would usually be, when there is none."""
        super().__init__(parent)
        self._context = context
        self._job: Job | None = None
        self._asked = 0
        self.source = _line("Dossier de la sauvegarde", "Clé USB ou disque où elle a été faite")
        self.choose_source = button("Choisir…", name="Choisir le dossier de la sauvegarde")
        self.which = ChoiceInput([])
        self.which.setAccessibleName("Sauvegarde")
        self.target = _line("Nouveau dossier du coffre", "Un dossier vide ou nouveau")
        self.target.setText(str(folder) if folder is not None else "")
        self.target.setAccessibleDescription(_NEW)
        self.choose_target = button("Choisir…", name="Choisir le nouveau dossier du coffre")
        self._said = label("", "hint", wrap=True)
        self.go_on = button("Restaurer", "main")
        self._bar = QProgressBar()
        self.cancel = button("Annuler", "link", name="Annuler la restauration")
        self.back = button("Revenir", "link", tip="Revenir sans rien restaurer")
        self._lay_out()
        self.choose_source.clicked.connect(self.on_choose_source_clicked)
        self.choose_target.clicked.connect(self.on_choose_target_clicked)
        self.source.editingFinished.connect(self.on_source_edited)
        self.source.textEdited.connect(self._forget_list)
        self.target.returnPressed.connect(self.on_go_on_clicked)
        self.go_on.clicked.connect(self.on_go_on_clicked)
        self.cancel.clicked.connect(self.on_cancel_clicked)
        self.back.clicked.connect(self.left)
        self.setFocusProxy(self.source)
        self._set_busy(False)

    @property
    def problem(self) -> str:
        """What stands in the way, in a sentence."""
        return self._said.text() if self._said.property("role") == "problem" else ""

    @property
    def said(self) -> str:
        """What is said under the fields."""
        return self._said.text()

    def on_choose_source_clicked(self) -> None:
        """Ask where the backups are."""
        self._context.ask.folder(self, "Où est la sauvegarde\u00a0?", self._put_source)

    def on_choose_target_clicked(self) -> None:
        """Ask where the vault goes."""
        self._context.ask.folder(self, "Où faire le coffre\u00a0?", self._put_target, new=True)

    def on_source_edited(self) -> None:
        """A folder was typed: what is in it."""
        if self.source.text().strip() and not self.which.count() and self._job is None:
            self._look()

    def on_found(self, answer: tuple[int, Sequence["Generation"]]) -> None:
        """The backups of the folder, unless another one was asked for meanwhile."""
        number, found = answer
        if number != self._asked:
            return
        self._forget_list()
        model = self.which.model()
        for at, each in enumerate(found):
            self.which.addItem(_called(each), each)
            if each.manifest is None and isinstance(model, QStandardItemModel):
                model.item(at).setEnabled(False)
        first = next((at for at, each in enumerate(found) if each.manifest is not None), -1)
        self.which.setCurrentIndex(first)
        if first < 0:
            self._say("Toutes les sauvegardes de ce dossier sont abîmées.", problem=True)
        else:
            from hro_desktop.vault.generations import passed_over  # loaded by then: they were just read

            self._say(" ".join(each.sentence for each in passed_over(found, found[first])))
        self._set_busy(False)
        if self.source.hasFocus() or self.choose_source.hasFocus():
            self.which.setFocus()

    def on_not_found(self, error: Exception) -> None:
        """There is none."""
        self._say(sentence_of(error), problem=True)

    def on_go_on_clicked(self) -> None:
        """Restore, if everything is there."""
        if self._job is not None:
            return
        chosen, wanted = self.which.currentData(), self.target.text().strip()
        if chosen is None:
            self._stop(self.source, "Choisissez le dossier où la sauvegarde a été faite, puis une sauvegarde.")
        elif not wanted or not Path(wanted).is_absolute():
            self._stop(self.target, "Choisissez le nouveau dossier du coffre.")
        else:
            self._restore(partial_=False)

    def on_progress(self, job: Job) -> None:
        """How far it is."""
        self._bar.setRange(0, job.total)
        self._bar.setValue(job.done)

    def on_restored(self, done: "Restored") -> None:
        """It is there: it can be unlocked."""
        self._end("")
        self._forget_list()
        self.restored.emit(done)

    def on_failed(self, error: Exception) -> None:
        """Nothing was restored; some of it may be, if somebody says so."""
        self._end(sentence_of(error), problem=True)
        if isinstance(error, Fault) and error.code == "backup.objects_damaged":
            self._context.ask.choose(self, "Des pièces sont abîmées", error.sentence, _WITHOUT, self._on_chosen)
        else:
            self.target.setFocus()

    def on_cancelled(self, _job: Job) -> None:
        """Stopped: nothing is left of it."""
        self._end("La restauration a été arrêtée\u00a0: rien n’en reste, la sauvegarde est comme elle était.")
        self.go_on.setFocus()

    def on_cancel_clicked(self) -> None:
        """Stop it."""
        if self._job is not None:
            self._job.cancel()
            self.cancel.setEnabled(False)
            self._say("Arrêt…")

    def _on_chosen(self, answer: int) -> None:
        if answer == 1:
            self._restore(partial_=True)

    def _restore(self, *, partial_: bool) -> None:
        self._say("Copie et relecture de chaque fichier…")
        self._bar.setRange(0, 0)
        work = partial(
            opening.restore_vault, self.which.currentData(), Path(self.target.text().strip()), partial=partial_
        )
        self._job = self._context.jobs.start(
            Lane.WRITE,
            work,
            owner=self,
            done=self.on_restored,
            failed=self.on_failed,
            cancelled=self.on_cancelled,
            progress=self.on_progress,
        )
        self._set_busy(True)
        self.cancel.setFocus()

    def _look(self) -> None:
        self._asked += 1
        self._say("Lecture du dossier…")
        work = partial(opening.backups_in, Path(self.source.text().strip()), self._asked)
        self._context.jobs.start(Lane.READ, work, owner=self, done=self.on_found, failed=self.on_not_found)

    def _put_source(self, chosen: Path) -> None:
        self.source.setText(str(chosen))
        self._forget_list()
        self._look()

    def _put_target(self, chosen: Path) -> None:
        self.target.setText(str(opening.room_for(chosen)))
        self.go_on.setFocus()

    def _forget_list(self) -> None:
        self.which.clear()
        self._set_busy(False)

    def _stop(self, field: QLineEdit, sentence: str) -> None:
        self._say(sentence, problem=True)
        field.setFocus()

    def _end(self, sentence: str, *, problem: bool = False) -> None:
        self._job = None
        self._set_busy(False)
        self._say(sentence, problem=problem)

    def _say(self, sentence: str, *, problem: bool = False) -> None:
        self._said.setText(sentence)
        self._said.setVisible(bool(sentence))
        self._said.setProperty("role", "problem" if problem else "hint")
        self._said.style().unpolish(self._said)
        self._said.style().polish(self._said)
        self.source.setAccessibleDescription(sentence)

    def _set_busy(self, busy: bool) -> None:
        self._bar.setVisible(busy)
        self.cancel.setVisible(busy)
        self.cancel.setEnabled(busy)
        self.back.setVisible(not busy)
        self.go_on.setText("Restauration…" if busy else "Restaurer")
        for each in (self.source, self.choose_source, self.target, self.choose_target, self.go_on):
            each.setEnabled(not busy)
        self.which.setEnabled(not busy and self.which.count() > 0)

    def _lay_out(self) -> None:
        whole = column(gap=6)
        whole.addWidget(label("Restaurer une sauvegarde", "title"))
        whole.addWidget(label(_ABOUT, "soft", wrap=True))
        whole.addSpacing(8)
        fields: tuple[tuple[str, QWidget, QPushButton | None], ...] = (
            ("Dossier de la sauvegarde", self.source, self.choose_source),
            ("Sauvegarde", self.which, None),
            ("Nouveau dossier du coffre", self.target, self.choose_target),
        )
        for text, field, beside in fields:
            named = label(text, "label")
            named.setBuddy(field)
            whole.addWidget(named)
            line = row(gap=8)
            line.addWidget(field, 1)
            if beside is not None:
                line.addWidget(beside)
            whole.addLayout(line)
        whole.addWidget(label(_NEW, "hint", wrap=True))
        self._said.hide()
        whole.addWidget(self._said)
        whole.addSpacing(4)
        self.go_on.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.go_on.setAutoDefault(True)
        whole.addWidget(self.go_on)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Avancement de la restauration")
        whole.addWidget(self._bar)
        links = row(margins=(-4, 0, -4, 0), gap=0)
        links.addWidget(self.cancel)
        links.addStretch()
        links.addWidget(self.back)
        whole.addLayout(links)
        whole.addStretch()
        self.setLayout(whole)
        steps = (
            self.source,
            self.choose_source,
            self.which,
            self.target,
            self.choose_target,
            self.go_on,
            self.cancel,
            self.back,
        )
        for first, second in pairwise(steps):
            QWidget.setTabOrder(first, second)


def _line(name: str, placeholder: str) -> QLineEdit:
    made = QLineEdit()
    made.setAccessibleName(name)
    made.setPlaceholderText(placeholder)
    return made


def _called(generation: "Generation") -> str:
    """« 26 nov. 2026 à 8 h 31 — 340 pièces, 1,2 Gio »."""
    from hro_desktop.casework.fields import PARIS
    from hro_desktop.vault.backup_places import room

    manifest = generation.manifest
    if manifest is None:
        return f"n°\u00a0{generation.number}, abîmée"
    at = manifest.made_at.astimezone(PARIS)
    objects = count(len(manifest.objects), "pièce", "pièces")
    return f"{short_day(at.date().isoformat())} {dates.french_time(f'{at:%H:%M}')} — {objects}, {room(manifest.size)}"
