# SPDX-License-Identifier: GPL-3.0-or-later
"""« Figer cette version »: a panel in the page that says what is so before anything is sealed."""

import uuid
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from hro_desktop.casework import dispatch_contents, frozen, sending
from hro_desktop.casework.desk import Desk, Result
from hro_desktop.casework.dispatch_contents import Checked, LeavingFile, Shown
from hro_desktop.casework.frozen import Version
from hro_desktop.casework.sending import Written
from ui.acts import act
from ui.build.in_page import InPage
from ui.build.version import VersionCard, size_of
from ui.changes import Changes
from ui.context import Context
from ui.jobs import Job, Lane, Report, Token
from ui.latest import Once
from ui.lines import Line, LineList
from ui.messages import sentence_of
from ui.pages.page import Place
from ui.widgets import button, chip, clear, column, into_sight, label, row
from ui.words import count

__all__ = ["FreezePanel"]

_LEVELS: Final = {
    "block": ("bloque", "late"),
    "wait": ("attend", "warn"),
    "sign": ("à signer", "warn"),
    "warn": ("à voir", "plain"),
}
_OUTSIDE: Final = (
    "Hors du coffre, les documents ne sont plus chiffrés\u00a0: choisissez une clé USB chiffrée ou un dossier protégé."
)
_QUIET: Final = frozenset({"kept_draft", "preference", "mail", "reminder", "appointment", "departure"})
"""Tables whose changes say nothing of what may leave."""
_ALL: Final = "Chaque pièce a été regardée\u00a0: personne d’autre n’y apparaît."


def _look(desk: Desk, referral_id: uuid.UUID, token: Token, _report: Report) -> Checked:
    token.check()
    with desk.read() as session:
        return dispatch_contents.look(session, desk, referral_id)


def _files(desk: Desk, referral_id: uuid.UUID, token: Token, report: Report) -> tuple[LeavingFile, ...]:
    found = dispatch_contents.files(desk, referral_id, report, lambda: token.cancelled)
    token.check()
    return found


def _freeze(desk: Desk, referral_id: uuid.UUID, token: Token, report: Report) -> Result[Version]:
    token.check()
    return frozen.freeze(desk, referral_id, progress=report, cancelled=lambda: token.cancelled)


def _write(desk: Desk, referral_id: uuid.UUID, reference: str, folder: Path, token: Token, report: Report) -> Any:  # noqa: ANN401, PLR0917
    token.check()
    number, out = 1, folder / reference
    while out.exists():
        number += 1
        out = folder / f"{reference}-{number}"
    written = sending.write_frozen(desk, referral_id, out, progress=report, cancelled=lambda: token.cancelled)
    return Result(written, frozenset({("referral", referral_id), ("departure", referral_id)}))


class FreezePanel(InPage):
    """What would be sealed, under which agreements and with what in it; then the version as it was sealed."""

    go = Signal(object)
    """Where something is dealt with, a `Place`."""
    seen = Signal(object)
    """The id of a sealed document somebody wants to look at."""
    sending_wanted = Signal()
    """The version is frozen: it was or will be sent."""

    def __init__(self, context: Context, desk: Desk, referral_id: uuid.UUID) -> None:
        super().__init__(context, desk, referral_id, "Figer cette version")
        self._checked: Checked | None = None
        self._job: Job | None = None
        self._reading: Job | None = None
        self._once = Once()
        self._just_frozen = False
        self._to = label("", "soft", wrap=True)
        self.todos = LineList(context, name="Ce qui attend ou bloque")
        self.todos.chosen.connect(self.go)
        self._agreed, self._shown, self._files_lines = column(gap=4), column(gap=4), column(gap=4)
        self._version = column(gap=8)
        self._outcome = label("", "soft", wrap=True)
        self._outcome.hide()
        self.action = button("Figer cette version", "main")
        self.action.setToolTip(
            "Les documents sont scellés tels qu’ils sont aujourd’hui, et se réimpriment à l’identique"
        )
        self.action.clicked.connect(self.freeze)
        self.write_action = button("Écrire hors du coffre…", tip=_OUTSIDE)
        self.write_action.clicked.connect(self.write)
        self.send_action = button("Noter l’envoi")
        self.send_action.clicked.connect(self.sending_wanted)
        self._lay_out()
        context.news.changed.connect(self.on_changed)

    @property
    def checked(self) -> Checked | None:
        """What is known of it, once it is read."""
        return self._checked

    @property
    def outcome(self) -> str:
        """What became of it, in a sentence."""
        return self._outcome.text()

    def open(self) -> None:
        """Show it, and ask."""
        self.show()
        self._ask()

    def on_changed(self, changes: Changes) -> None:
        """Something that may matter was changed meanwhile: what is shown is what would be sealed."""
        if self.isVisible() and any(table not in _QUIET for table, _ in changes):
            self._ask()

    def on_checked(self, checked: Checked) -> None:
        """Here it is."""
        self._once.end()
        self._checked = checked
        ways = ", ".join(words for _, words in checked.channels)
        self._to.setText(f"Pour\u00a0: {checked.authority}. Comment\u00a0: {ways}.")
        lines = [_todo(each, self.referral_id) for each in checked.todos if each.level in _LEVELS]
        self.todos.show_lines(lines)
        self._no_todo.setVisible(not lines)
        clear(self._agreed)
        for each in checked.agreed:
            line = row(gap=8)
            who = label(each.called, wrap=True)
            self.context.veil.cover(who)
            words = column(gap=1)
            words.addWidget(who)
            words.addWidget(label(each.sentence, "hint", wrap=True))
            line.addLayout(words, 1)
            line.addWidget(chip("accord" if each.open else "pas d’accord", "ok" if each.open else "late"))
            self._agreed.addLayout(line)
        self._show_exhibits(checked.exhibits)
        self._show_version(checked)
        self._show_actions()
        self._read_files(checked)
        if self._once.again:
            self._ask()

    def on_failed(self, error: Exception) -> None:
        """It could not be read, sealed or written."""
        self._once.give_up()
        self._job = None
        super().on_failed(error)
        self._show_actions()

    def on_files(self, files: Sequence[LeavingFile]) -> None:
        """What each file is, and what it says besides what it shows."""
        self._reading = None
        clear(self._files_lines)
        for each in files:
            parts = [size_of(each.size)] + ([count(each.pages, "page", "pages")] if each.pages else [])
            name = label(f"{each.name} — {', '.join(parts)}", wrap=True)
            self.context.veil.cover(name)
            self._files_lines.addWidget(name)
            said = " ".join(each.sentences)
            if said:
                self._files_lines.addWidget(
                    label(f"Ce document contient plus que ce qu’il montre. {said}", "hint", wrap=True)
                )
        if not any(each.sentences for each in files):
            clean = "Aucun de ces fichiers ne contient plus que ce qu’il montre (auteur, dates, lieu, appareil)."
            self._files_lines.addWidget(label(clean, "hint", wrap=True))

    def on_files_failed(self, error: Exception) -> None:
        """They cannot be made: freezing would say the same."""
        self._reading = None
        clear(self._files_lines)
        self._files_lines.addWidget(label(sentence_of(error), "problem", wrap=True))

    def freeze(self) -> None:
        """Seal everything, beside the window."""
        if self._checked is None or self._job is not None or not self._checked.may_freeze:
            return
        self._begin()
        work = partial(_freeze, self.desk, self.referral_id)
        title = "Mise sous scellés de la version"
        self._job = act(self.context, work, self.on_frozen, self.on_failed, lane=Lane.DOCUMENT, title=title)
        self._show_actions()

    def on_frozen(self, version: Version) -> None:
        """It is sealed."""
        self._job = None
        self._just_frozen = True
        number = count(len(version.papers), "document scellé", "documents scellés")
        self._say_outcome(f"Version figée\u00a0: {number}. Elle ne changera plus, quoi que deviennent les fiches.")
        self._show_actions()

    def write(self) -> None:
        """Where to?"""
        if self._job is None and self._checked is not None and self._checked.version is not None:
            self.context.ask.folder(self, "Où écrire la version figée\u00a0?", self.on_folder, new=True)

    def on_folder(self, folder: Path) -> None:
        """A folder was chosen."""
        assert self._checked is not None
        self._begin()
        work = partial(_write, self.desk, self.referral_id, self._checked.reference, folder)
        title = "Écriture de la version figée"
        self._job = act(self.context, work, self.on_written, self.on_failed, lane=Lane.DOCUMENT, title=title)
        self._show_actions()

    def on_written(self, written: Written) -> None:
        """It is outside, exactly as it was sealed."""
        self._job = None
        number = count(len(written.files), "fichier écrit", "fichiers écrits")
        self._say_outcome(
            f"{number} dans «\u00a0{written.out}\u00a0», tels que figés\u00a0; le registre le garde. {_OUTSIDE}"
        )
        self._show_actions()

    def _begin(self) -> None:
        """One thing at a time: the files are read again afterwards."""
        self.say("")
        self._outcome.hide()
        if self._reading is not None:
            self._reading.cancel()

    def _ask(self) -> None:
        if self._once.begin():
            self.context.jobs.start(
                Lane.READ,
                partial(_look, self.desk, self.referral_id),
                owner=self,
                done=self.on_checked,
                failed=self.on_failed,
            )

    def _read_files(self, checked: Checked) -> None:
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None
        clear(self._files_lines)
        if not checked.may_freeze:
            said = "Se lira quand plus rien n’attend ni ne bloque."
            self._files_lines.addWidget(label(said, "hint", wrap=True))
            return
        self._files_lines.addWidget(label("Lecture des fichiers…", "hint"))
        self._reading = self.context.jobs.start(
            Lane.DOCUMENT,
            partial(_files, self.desk, self.referral_id),
            owner=self,
            done=self.on_files,
            failed=self.on_files_failed,
            cancelled=self.on_files_cancelled,
            title="Lecture de ce que contiennent les fichiers",
        )

    def on_files_cancelled(self, _job: Job) -> None:
        """Something changed meanwhile, or somebody stopped it."""

    def _show_exhibits(self, exhibits: Sequence[Shown]) -> None:
        clear(self._shown)
        told = [each for each in exhibits if each.people or each.remarks]
        for each in told:
            name = label(f"Pièce n°\u00a0{each.number} — {each.title}", wrap=True)
            people = label("\u00a0; ".join((*each.people, *each.remarks)), "hint", wrap=True)
            self.context.veil.cover(name, people)
            self._shown.addWidget(name)
            self._shown.addWidget(people)
        if not exhibits:
            self._shown.addWidget(label("Aucune pièce n’est jointe.", "hint", wrap=True))
        elif not told:
            self._shown.addWidget(label(_ALL, "hint", wrap=True))
        elif len(told) < len(exhibits):
            rest = count(len(exhibits) - len(told), "autre pièce", "autres pièces")
            self._shown.addWidget(label(f"{rest}\u00a0: personne d’autre n’y a été noté.", "hint", wrap=True))

    def _show_version(self, checked: Checked) -> None:
        clear(self._version)
        if checked.version is not None:
            note = ("le dossier a changé depuis", "warn") if checked.stale else ("à jour", "ok")
            card = VersionCard(self.context, checked.version, note)
            card.seen.connect(self.seen)
            self._version.addWidget(card)

    def _show_actions(self) -> None:
        checked = self._checked
        free = checked is not None and self._job is None
        self.action.setEnabled(free and checked is not None and checked.may_freeze)
        known = checked is not None and checked.version is not None
        self.action.setText("Figer de nouveau" if known else "Figer cette version")
        self.action.setAccessibleName(self.action.text())
        for each in (self.write_action, self.send_action):
            each.setVisible(known)
            each.setEnabled(free)
        if self._just_frozen and known:
            self._just_frozen = False
            self.send_action.setFocus(Qt.FocusReason.OtherFocusReason)
            into_sight(self.send_action)

    def _say_outcome(self, sentence: str) -> None:
        self._outcome.setText(sentence)
        self._outcome.show()

    def _lay_out(self) -> None:
        said = "Rien n’attend et rien ne bloque."
        self._no_todo = label(said, "hint", wrap=True)
        self._no_todo.hide()
        self.inner.addWidget(self._to)
        for title, held in (
            ("Ce qui attend, bloque ou se regarde", self._no_todo),
            ("", self.todos),
            ("Accords", self._agreed),
            ("Personnes qui apparaissent dans les pièces", self._shown),
            ("Ce qui part", self._files_lines),
            ("", self._version),
        ):
            if title:
                self.inner.addWidget(label(title, "strong", wrap=True))
            if isinstance(held, QWidget):
                self.inner.addWidget(held)
            else:
                self.inner.addLayout(held)
        self.inner.addWidget(self._outcome)
        foot = row(gap=8)
        for each in (self.action, self.write_action, self.send_action):
            foot.addWidget(each)
        foot.addStretch()
        self.inner.addLayout(foot)
        self.write_action.hide()
        self.send_action.hide()


def _todo(each: Any, referral_id: uuid.UUID) -> Line:  # noqa: ANN401 - a `Todo`
    from ui.pages import ROUTES

    word, kind = _LEVELS[each.level]
    place = Place("build", referral_id, each.part) if "build" in ROUTES else None
    who = ", ".join(each.people)
    return Line(
        title=each.sentence,
        detail=" · ".join(part for part in (who, each.source) if part),
        chip=word,
        kind=kind,
        place=place,
    )
