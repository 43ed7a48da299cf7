# SPDX-License-Identifier: GPL-3.0-or-later
"""A letter in one’s own word processor: where it is lent, what came back beside what was lent, which one stands."""

import re
import uuid
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLayout, QPushButton, QVBoxLayout, QWidget

from hro_desktop.casework import clear_copies, comparison, outside
from hro_desktop.casework.builder import Build
from hro_desktop.casework.clear_copies import Lent
from hro_desktop.casework.comparison import Change, Comparison
from hro_desktop.casework.desk import Desk, Result
from hro_desktop.casework.fields import PARIS
from hro_desktop.casework.outside import LetterState, Version
from hro_desktop.faults import Fault
from ui.build.compared import Compared, beside
from ui.build.panel import Panel, Undo, acted
from ui.context import Context
from ui.flow import Flow
from ui.jobs import Job, Lane, Report, Token
from ui.messages import sentence_of
from ui.widgets import button, chip, clear, column, frame, label, row, rule, widgets_in
from ui.words import count, short_day

__all__ = ["OutsidePanel"]

_UNSURE: Final = {
    "outside.changed": ("Effacer des modifications\u00a0?", "Garder le fichier", "L’effacer quand même"),
    "outside.locked": ("Ce document est-il fermé\u00a0?", "Je vais voir", "Il est fermé\u00a0: l’effacer"),
    "outside.absent": ("Fichier introuvable", "Continuer à le signaler", "Il n’existe plus"),
}
"""What is asked when a copy cannot be erased as it is: the question, the safe answer, the other one."""


def _lend(
    desk: Desk, referral_id: uuid.UUID, form_id: str, folder: Path, _token: Token, _report: Report
) -> Result[Lent]:
    return outside.lend(desk, referral_id, form_id, folder)


def _compare(desk: Desk, document_id: uuid.UUID, path: Path, closed: bool, token: Token, _report: Report) -> Comparison:
    token.check()
    return comparison.compare(desk, document_id, path, closed=closed)


def _take(desk: Desk, found: Comparison, _token: Token, _report: Report) -> Result[uuid.UUID]:
    return outside.take_back(desk, found)


def _confirm(desk: Desk, document_id: uuid.UUID, _token: Token, _report: Report) -> Result[uuid.UUID]:
    return outside.confirm(desk, document_id)


def _remove(
    desk: Desk, referral_id: uuid.UUID, path: Path, sure: frozenset[str], _token: Token, _report: Report
) -> Result[None]:
    unread, closed = ("outside.changed" in sure, "outside.locked" in sure)
    return clear_copies.remove(desk, referral_id, path, unread=unread, closed=closed)


def _forget(desk: Desk, referral_id: uuid.UUID, path: Path, _token: Token, _report: Report) -> Result[None]:
    return clear_copies.forget(desk, referral_id, path)


class OutsidePanel(Panel):
    """Opened by « Ouvrir en .docx ». Nothing is replaced before its differences were shown."""

    def __init__(self, context: Context, desk: Desk, referral_id: uuid.UUID) -> None:
        super().__init__(context, desk, referral_id)
        self.states: tuple[LetterState, ...] = ()
        self.comparison: Comparison | None = None
        self._erasers: dict[Path, QPushButton] = {}
        self._taken: Path | None = None
        self._open_next = False
        self._comparing: Job | None = None
        close = button("Fermer", "link", name="Fermer la modification hors du programme")
        close.clicked.connect(self.hide)
        head = row(gap=8)
        head.addWidget(label("Dans votre traitement de texte", "strong", wrap=True), 1)
        head.addWidget(close)
        self.message = label("", "soft", wrap=True)
        self.message.hide()
        self._letters = column(gap=12)
        self._where = QWidget()
        self._where.setLayout(self._letters)
        self._found = Compared(context)
        self._found.kept.connect(self.on_keep_clicked)
        self._found.left.connect(self.on_nothing_clicked)
        inner = column(margins=(16, 12, 16, 14), gap=10)
        inner.addLayout(head)
        inner.addWidget(self.message)
        inner.addWidget(self._where)
        inner.addWidget(self._found)
        ground = frame("card")
        ground.setLayout(inner)
        whole = column()
        whole.addWidget(ground)
        self.setLayout(whole)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_build(self, build: Build) -> None:
        """Ask again where each letter is."""
        super().show_build(build)
        self.ask(outside.letters_of, self.desk, self.referral_id, done=self.on_states)

    def open(self) -> None:
        """Show it, the keyboard on its first action."""
        self._open_next = True
        self.show()
        if self.states:
            self._focus_first()

    def on_states(self, states: tuple[LetterState, ...]) -> None:
        """Here they are."""
        if states == self.states and self._letters.count():
            return
        held = any(each.hasFocus() for each in _buttons(self._letters))
        self.states = states
        self._erasers = {}
        clear(self._letters)
        if not states:
            words = "Cette saisine n’a pas de lettre\u00a0: ses rubriques se modifient ici, puis se recopient."
            self._letters.addWidget(label(words, "soft", wrap=True))
        for at, each in enumerate(states):
            if at:
                self._letters.addWidget(rule())
            self._letters.addLayout(self._letter(each))
        if self._taken in self._erasers:
            self._erasers[self._taken].setFocus()
            self._taken = None
        elif self._open_next or held:
            self._focus_first()

    # ---- lending

    def on_lend_clicked(self, state: LetterState, _checked: bool = False) -> None:
        """Ask for a folder."""
        self._say("")
        self.context.ask.folder(
            self, "Dans quel dossier écrire le .docx\u00a0?", partial(self.on_folder, state), new=True
        )

    def on_folder(self, state: LetterState, folder: Path) -> None:
        """Write it there, unless somebody thinks better of it."""
        said = outside.warned(folder)
        if said:
            choices = ("Choisir un autre dossier", "L’écrire là quand même")
            then = partial(self._on_warned, state, folder)
            self.context.ask.choose(self, "Ce dossier est copié ailleurs", said, choices, then)
        else:
            self._lend(state, folder)

    def _on_warned(self, state: LetterState, folder: Path, answer: int) -> None:
        if answer == 0:
            self.on_lend_clicked(state)
        else:
            self._lend(state, folder)

    def _lend(self, state: LetterState, folder: Path) -> None:
        work = partial(_lend, self.desk, self.referral_id, state.form_id, folder)
        self.context.jobs.start(
            Lane.WRITE, work, owner=self, done=self.on_lent, failed=self.on_failed, title="Écriture du .docx"
        )

    def on_lent(self, result: Result[Lent]) -> None:
        """It is outside: say where, and open it."""
        self.context.news.publish(result.changes)
        self.on_open_clicked(result.value)

    def on_open_clicked(self, lent: Lent, _checked: bool = False) -> None:
        """Open it in the word processor of the computer."""
        if self.context.ask.open_file(lent.path):
            self._say("La lettre s’ouvre dans votre traitement de texte.")
        else:
            self._say(
                f"Aucun programme ne l’a ouvert\u00a0: le fichier est «\u00a0{_breakable(str(lent.path))}\u00a0»."
            )

    # ---- taking back

    def on_back_clicked(self, lent: Lent, _checked: bool = False) -> None:
        """Compare the file where it was lent."""
        self.on_file(lent.document_id, lent.path)

    def on_elsewhere_clicked(self, lent: Lent, _checked: bool = False) -> None:
        """Compare another file."""
        self.context.ask.file(self, "Quel fichier .docx reprendre\u00a0?", partial(self.on_file, lent.document_id))

    def on_file(self, document_id: uuid.UUID, path: Path, _checked: bool = False) -> None:
        """Read it beside the window."""
        if self._comparing is None:
            self._say("")
            self.said.emit("")
            self._compare(document_id, path)

    def _compare(self, document_id: uuid.UUID, path: Path, *, closed: bool = False) -> None:
        self._comparing = self.context.jobs.start(
            Lane.DOCUMENT,
            partial(_compare, self.desk, document_id, path, closed),
            owner=self,
            done=self.on_compared,
            failed=partial(self.on_not_compared, document_id, path),
            cancelled=self.on_cancelled,
            title="Lecture du fichier modifié",
        )

    def on_compared(self, found: Comparison) -> None:
        """Show what it says otherwise; nothing is kept yet."""
        self._comparing = None
        if found.same:
            self._say("Ce fichier est tel qu’il a été prêté\u00a0: enregistrez-le dans le traitement de texte.")
            return
        self.comparison = found
        self._found.show_comparison(found)
        self._where.hide()

    def on_not_compared(self, document_id: uuid.UUID, path: Path, error: Exception) -> None:
        """It may not be taken: say why here, where one looks."""
        self._comparing = None
        if isinstance(error, Fault) and error.code == "outside.locked":
            choices = ("Je vais voir", "Il est fermé\u00a0: le reprendre")
            then = partial(self._on_closed, document_id, path)
            self.context.ask.choose(self, "Ce document est-il fermé\u00a0?", sentence_of(error), choices, then)
        else:
            self._say(sentence_of(error), problem=True)

    def _on_closed(self, document_id: uuid.UUID, path: Path, answer: int) -> None:
        if answer == 1 and self._comparing is None:
            self._compare(document_id, path, closed=True)

    def on_cancelled(self, _job: Job) -> None:
        """Somebody thought better of it."""
        self._comparing = None

    def on_keep_clicked(self) -> None:
        """Keep this version."""
        found = self.comparison
        if found is None:
            return
        self._taken = found.path
        self._leave_comparison()
        self.context.jobs.start(
            Lane.WRITE,
            partial(_take, self.desk, found),
            owner=self,
            done=self.on_taken,
            failed=partial(self.on_not_taken, found),
        )

    def on_not_taken(self, found: Comparison, error: Exception) -> None:
        """Another one came back meanwhile, in another window: show this one beside it."""
        self._taken = None
        self._say(sentence_of(error), problem=True)
        if isinstance(error, Fault) and error.code == "outside.superseded" and self._comparing is None:
            self._compare(found.lent.document_id, found.path)

    def on_taken(self, result: Result[uuid.UUID]) -> None:
        """It is the document of record; the file outside is not encrypted."""
        self.context.news.publish(result.changes)
        where = f"«\u00a0{_breakable(str(self._taken))}\u00a0»"
        self._say(f"Version gardée dans le coffre. Le fichier {where}, lui, n’est pas chiffré\u00a0: effacez-le.")

    def on_nothing_clicked(self) -> None:
        """Nothing is changed."""
        self._leave_comparison()
        self._say("Rien n’a été changé.")
        self._focus_first()

    def on_erase_clicked(self, path: Path, _checked: bool = False) -> None:
        """Erase a copy outside."""
        self._erase(path)

    def _erase(self, path: Path, sure: frozenset[str] = frozenset()) -> None:
        self.context.jobs.start(
            Lane.WRITE,
            partial(_remove, self.desk, self.referral_id, path, sure),
            owner=self,
            done=self.on_removed,
            failed=partial(self.on_not_removed, path, sure),
        )

    def on_removed(self, result: Result[None]) -> None:
        """It is gone."""
        self.context.news.publish(result.changes)
        self._say("Fichier effacé du dossier. Ce qui en a été repris est dans le coffre.")
        self._focus_first()

    def on_not_removed(self, path: Path, sure: frozenset[str], error: Exception) -> None:
        """It says something that did not come back, or is not there: somebody decides."""
        code = error.code if isinstance(error, Fault) else ""
        if code in _UNSURE:
            title, *choices = _UNSURE[code]
            then = partial(self._on_sure, path, sure, code)
            self.context.ask.choose(self, title, sentence_of(error), choices, then)
        else:
            self._say(sentence_of(error), problem=True)

    def _on_sure(self, path: Path, sure: frozenset[str], code: str, answer: int) -> None:
        if answer == 0:
            return
        if code != "outside.absent":
            self._erase(path, sure | {code})
            return
        work = partial(_forget, self.desk, self.referral_id, path)
        self.context.jobs.start(Lane.WRITE, work, owner=self, done=self.on_forgotten, failed=self.on_failed)

    def on_forgotten(self, result: Result[None]) -> None:
        """It is not told any more."""
        self.context.news.publish(result.changes)
        self._say("Cette copie n’est plus signalée.")
        self._focus_first()

    # ---- which one stands

    def on_aside_clicked(self, version: Version, _checked: bool = False) -> None:
        """The filled letter stands again."""
        said = "La lettre du programme a repris sa place\u00a0; la version modifiée reste dans le coffre."
        back = partial(acted, self.desk, outside.put_back, (version.document_id,))
        self.act(outside.set_aside, version.document_id, undo=lambda _value: Undo(said, back))

    def on_put_back_clicked(self, version: Version, _checked: bool = False) -> None:
        """An edited one stands again."""
        said = "La version modifiée a repris sa place."
        back = partial(acted, self.desk, outside.set_aside, (version.document_id,))
        self.act(outside.put_back, version.document_id, undo=lambda _value: Undo(said, back))

    def on_confirm_clicked(self, version: Version, _checked: bool = False) -> None:
        """Somebody looked at what the records say otherwise."""
        self.do(partial(_confirm, self.desk, version.document_id))

    # ---- drawing

    def _letter(self, state: LetterState) -> QVBoxLayout:
        made = column(gap=8)
        if len(self.states) > 1:
            made.addWidget(label(state.title, "strong", wrap=True))
        standing = state.in_force
        if standing is not None:
            self._standing(made, state, standing)
        if state.lent is not None:
            self._show_lent(made, state.lent)
        acts = Flow(10)
        write = button("Écrire un autre .docx…" if state.lent else "Écrire le .docx dans un dossier…")
        write.clicked.connect(partial(self.on_lend_clicked, state))
        acts.addWidget(write)
        made.addLayout(acts)
        if state.lent is None and standing is None:
            words = (
                "La lettre est écrite dans le dossier que vous choisissez et s’ouvre dans votre traitement de texte. "
                "Vous la reprenez ensuite ici\u00a0: les différences sont montrées avant de garder quoi que ce soit."
            )
            made.insertWidget(0, label(words, "soft", wrap=True))
        for each in state.versions:
            if not each.in_force:
                made.addLayout(self._aside(each))
        self._copies(made, state)
        return made

    def _copies(self, made: QVBoxLayout, state: LetterState) -> None:
        """Every readable copy but the one that is lent now, which is told above."""
        others = [each for each in state.copies if state.lent is None or each.path != state.lent.path]
        if others:
            said = count(len(others), "copie se lit encore", "copies se lisent encore")
            made.addWidget(label(f"{said} sur le disque, sans mot de passe\u00a0:", "strong", wrap=True))
        for each in others:
            when = each.at.astimezone(PARIS)
            what = "reprise" if each.taken else "prêtée, pas reprise,"
            made.addWidget(
                label(f"{what[:1].upper()}{what[1:]} le {short_day(when.date().isoformat())} à {when:%H:%M}")
            )
            made.addWidget(self._path(each.path))
            acts = Flow(10)
            erase = button("Effacer cette copie", name=f"Effacer cette copie\u00a0: {each.path.name}")
            erase.clicked.connect(partial(self.on_erase_clicked, each.path))
            back = button("Reprendre cette copie…", "link", name=f"Reprendre cette copie\u00a0: {each.path.name}")
            back.clicked.connect(partial(self.on_file, each.lent_id, each.path))
            acts.addWidget(erase)
            acts.addWidget(back)
            self._erasers[each.path] = erase
            made.addLayout(acts)

    def _path(self, path: Path) -> QLabel:
        where = label(_breakable(str(path)), "hint", wrap=True)
        where.setToolTip(str(path))
        self.context.veil.cover(where)
        return where

    def _standing(self, made: QVBoxLayout, state: LetterState, version: Version) -> None:
        head = Flow(8)
        head.addWidget(chip("Lettre modifiée hors du programme", "violet"))
        made.addLayout(head)
        words = (
            f"Reprise le {_moment(version)}, empreinte {version.sha256[:12]}. Elle est imprimée, figée et envoyée "
            "telle quelle\u00a0: ce qui se tape ici ne la change pas."
        )
        made.addWidget(label(words, "soft", wrap=True))
        acts = Flow(10)
        if state.differences:
            made.addWidget(label("Elle ne suit plus le dossier\u00a0:", "strong", wrap=True))
            for each in state.differences:
                made.addWidget(label(each.label, "label", wrap=True))
                made.addWidget(
                    beside(self.context, Change("", each.before, each.after), "Dans la lettre", "Au dossier")
                )
            checked = button("C’est vérifié\u00a0: la garder ainsi")
            checked.clicked.connect(partial(self.on_confirm_clicked, version))
            acts.addWidget(checked)
        aside = button("Revenir à la lettre du programme")
        aside.setToolTip("La version modifiée reste dans le coffre et peut être remise en place")
        aside.clicked.connect(partial(self.on_aside_clicked, version))
        acts.addWidget(aside)
        made.addLayout(acts)

    def _show_lent(self, made: QVBoxLayout, lent: Lent) -> None:
        when = lent.lent_at.astimezone(PARIS)
        draft = ", en brouillon" if lent.draft else ""
        said = f"Prêtée le {short_day(when.date().isoformat())} à {when:%H:%M}{draft}\u00a0:"
        made.addWidget(label(said, wrap=True))
        made.addWidget(self._path(lent.path))
        made.addWidget(label(outside.NOT_ENCRYPTED, "soft", wrap=True))
        acts = Flow(10)
        for words, role, handler in (
            ("Reprendre le fichier modifié…", "main", self.on_back_clicked),
            ("Ouvrir dans le traitement de texte", "", self.on_open_clicked),
            ("Le fichier est ailleurs…", "link", self.on_elsewhere_clicked),
        ):
            act = button(words, role)
            act.clicked.connect(partial(handler, lent))
            acts.addWidget(act)
        erase = button("Effacer ce fichier", "link", name=f"Effacer ce fichier\u00a0: {lent.path.name}")
        erase.clicked.connect(partial(self.on_erase_clicked, lent.path))
        acts.addWidget(erase)
        made.addLayout(acts)

    def _aside(self, version: Version) -> Flow:
        line = Flow(10)
        line.addWidget(label(f"Version du {_moment(version)}, mise de côté", "hint"))
        back = button("Remettre en place", "link", name=f"Remettre en place la version du {_moment(version)}")
        back.clicked.connect(partial(self.on_put_back_clicked, version))
        line.addWidget(back)
        return line

    def _leave_comparison(self) -> None:
        self.comparison = None
        self._found.hide()
        self._where.show()

    def _say(self, sentence: str, *, problem: bool = False) -> None:
        self.message.setText(sentence)
        self.message.setProperty("role", "problem" if problem else "soft")
        self.message.style().unpolish(self.message)
        self.message.style().polish(self.message)
        self.message.setVisible(bool(sentence))

    def _focus_first(self) -> None:
        self._open_next = False
        first = next((each for each in _buttons(self._letters) if each.isEnabled()), None)
        if first is not None:
            first.setFocus()


def _buttons(layout: QLayout) -> Iterator[QPushButton]:
    """The buttons of a layout and of those in it, in their order."""
    return (each for each in widgets_in(layout) if isinstance(each, QPushButton))


def _moment(version: Version) -> str:
    when = version.taken_at.astimezone(PARIS)
    return f"{short_day(when.date().isoformat())} à {when:%H:%M}"


def _breakable(path: str) -> str:
    """A long path may go to the next line after each part of it."""
    return re.sub(r"([/\\])", "\\1\u200b", path)
