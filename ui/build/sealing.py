# SPDX-License-Identifier: GPL-3.0-or-later
"""« Figer cette version » and « Noter l’envoi »: panels in the page that say what is so before anything is done."""

import uuid
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import attrs
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from hro_desktop.casework import dispatch_contents, dispatches, drafts, frozen, sending
from hro_desktop.casework.desk import Desk, Result
from hro_desktop.casework.dispatch_contents import Checked, LeavingFile, Shown
from hro_desktop.casework.dispatches import DispatchDraft
from hro_desktop.casework.frozen import Version
from hro_desktop.casework.sending import Written
from hro_desktop.records.base import new_id
from ui.acts import act
from ui.build.in_page import InPage, narrow
from ui.build.proof import ProofDeposit
from ui.build.version import VersionCard, size_of
from ui.changes import Changes
from ui.context import Context
from ui.editor.editor import KeptForm
from ui.editor.form import DraftForm, Layout
from ui.editor.inputs import NotUnderstood
from ui.jobs import Job, Lane, Report, Token
from ui.latest import Once
from ui.lines import Line, LineList
from ui.messages import sentence_of
from ui.pages.page import Place
from ui.widgets import button, chip, clear, column, into_sight, label, row
from ui.words import count

__all__ = ["DispatchPanel", "FreezePanel"]

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


def _note(desk: Desk, draft: DispatchDraft, kind: str, key: uuid.UUID, token: Token, _report: Report) -> Any:  # noqa: ANN401
    token.check()
    result = dispatches.note(desk, draft)
    desk.run(drafts.drop, kind, key)
    return result


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


class DispatchPanel(InPage):
    """One sending, noted once it was made. A copy for information is another one."""

    noted = Signal()
    """It is in the register."""

    def __init__(self, context: Context, desk: Desk, referral_id: uuid.UUID, *, copy: bool = False) -> None:
        super().__init__(context, desk, referral_id, "Noter une copie" if copy else "Noter l’envoi")
        self._copy = copy
        self._kind = "dispatch_copy" if copy else "dispatch_note"
        self._job: Job | None = None
        layout = Layout(
            fields=(
                *(("authority",) if copy else ()),
                "channel",
                "sent_on",
                "tracking_number",
                "proof_evidence_id",
                "note",
            ),
            labels={
                "authority": "À qui va la copie",
                "channel": "Comment",
                "sent_on": "Envoyé le",
                "tracking_number": "Numéro de suivi ou de recommandé",
                "proof_evidence_id": "Preuve du dépôt",
            },
            hints={
                "authority": "",
                "proof_evidence_id": "récépissé, accusé d’envoi\u00a0; elle peut venir plus tard",
                "sent_on": "le jour du dépôt à la poste, au greffe ou en ligne",
            },
        )
        self.form = KeptForm(context, desk, self._kind, DraftForm(context, desk, DispatchDraft, layout))
        self.form.told.connect(self.told)
        self._cases: tuple[uuid.UUID, ...] = ()
        self._said = label("", "soft", wrap=True)
        self._proof: ProofDeposit | None = None
        self.action = button("Noter cette copie" if copy else "Noter l’envoi", "main")
        self.action.setToolTip("Dans le registre, pour toujours\u00a0: le bordereau est alors figé, ses numéros aussi")
        self.action.clicked.connect(self.note)
        self.inner.addWidget(self._said)
        self.inner.addWidget(self.form)
        self.empty_action = button("Effacer ce qui est tapé", "link")
        self.empty_action.clicked.connect(self.on_empty_clicked)
        self._blank = DispatchDraft(id=referral_id, referral_id=referral_id, copy=copy)
        foot = row(gap=12)
        foot.addWidget(self.action)
        foot.addWidget(self.empty_action)
        foot.addStretch()
        self.inner.addLayout(foot)

    def open(
        self, to: str, channels: Sequence[tuple[str, str]], cases: Sequence[uuid.UUID], *, authority: str = ""
    ) -> None:
        """Show the form.

        Args:
            to: whom it was sent to, in words.
            channels: the ways the procedure knows, best first.
            cases: of the complainants: a scan that is deposited is linked to them.
            authority: for a copy, to whom.
        """
        self._said.setText(
            "Une copie pour information ne change pas où en est la saisine."
            if self._copy
            else f"La version figée est partie vers\u00a0: {to}. Le programme n’envoie rien, notez ce qui a été fait."
        )
        if not self._copy:
            narrow(self.form.form.field("channel").input, channels)
        if self._cases != tuple(cases):
            self._cases = tuple(cases)
            if self._proof is not None:
                self._proof.hide()
                self._proof.deleteLater()
            field = self.form.form.field("proof_evidence_id")
            self._proof = ProofDeposit(self.context, self.desk, field.input, cases, "preuve du dépôt")
            field.add_below(self._proof)
        self.say("")
        self.show()
        if self.form.record is None:
            first = channels[0][0] if len(channels) == 1 and not self._copy else ""
            self._blank = attrs.evolve(self._blank, channel=first, authority=authority)
            self.form.open(self.referral_id, self._blank)
        self.form.focus("authority" if self._copy else "channel")

    def on_empty_clicked(self) -> None:
        """Begin again."""
        self.say("")
        self.form.discard(self._blank)
        self.form.focus("channel")

    def note(self) -> None:
        """Write it in the register."""
        if self._job is not None:
            return
        wrong = self.form.form.check()
        if wrong:
            self.form.form.focus_first(wrong)
            return
        try:
            draft = self.form.form.draft()
        except NotUnderstood:
            return
        self.say("")
        self.form.keep()
        self.action.setEnabled(False)
        work = partial(_note, self.desk, attrs.evolve(draft, id=new_id()), self._kind, self.referral_id)
        self._job = act(self.context, work, self.on_noted, self.on_failed)

    def on_noted(self, _dispatch: uuid.UUID) -> None:
        """It is noted: the next one begins empty."""
        self._job = None
        self.action.setEnabled(True)
        self.form.forget()
        self.hide()
        self.told.emit("envoi noté", "ok")
        self.noted.emit()

    def on_failed(self, error: Exception) -> None:
        """It was not noted; what was typed stays, and is kept."""
        self._job = None
        self.action.setEnabled(True)
        super().on_failed(error)


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
