# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings: backing the vault up, when it was last done, and when the home page says that it has been too long."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import attrs

from hro_desktop.casework import backups, stale_backups
from hro_desktop.casework.backups import REMIND_AFTER, Last, Made
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.fields import PARIS
from hro_desktop.casework.stale_backups import Stale
from hro_desktop.rules import dates
from hro_desktop.vault.findings import Finding, Level
from hro_desktop.vault.findings import Report as Findings
from ui.context import Context
from ui.editor.inputs import ChoiceInput
from ui.editor.ticks import CheckInput
from ui.flow import Flow
from ui.jobs import Job, Lane, Report, Token, Work
from ui.lines import Line, LineList
from ui.messages import sentence_of
from ui.pages.settings_part import SettingsPart, labelled
from ui.widgets import button, label
from ui.words import count

__all__ = ["BackupPart"]

_ABOUT: Final = (
    "Chiffrée comme le coffre, elle s’ouvre avec les mêmes phrases de passe et le code papier. Gardez-la loin de "
    "l’ordinateur. Vous pouvez travailler pendant ce temps\u00a0; le verrouillage l’interrompt, et la suivante reprend "
    "où elle en était. Les trois dernières sont gardées."
)
_REREAD: Final = "Relire aussi ce qui est déjà dans ce dossier"
_WHY: Final = "C’est plus long. Sans cela, une pièce qui s’y serait abîmée ne se voit pas, et rien d’ancien n’est ôté."
_RENEW: Final = "Effacer ici celles qu’un accès retiré ouvre encore"
_RENEW_WHY: Final = "Après la nouvelle, et seulement quand tout y a été relu."
_STALE: Final = (
    "Un accès retiré ouvre encore ces sauvegardes. Refaites-en une, puis détruisez-les\u00a0: au même endroit avec la "
    "case ci-dessus, ou le support lui-même. Pressez celle que vous avez détruite pour le dire."
)
_KINDS: Final = {Level.NOTE: "plain", Level.WARNING: "warn", Level.DAMAGE: "late"}


@attrs.frozen
class _State:
    """What is known of the backups of this vault."""

    last: Last | None
    remind_after: int
    stale: tuple[Stale, ...]


def _state(desk: Desk, _token: Token, _report: Report) -> _State:
    stale = stale_backups.listed(desk)
    with desk.read() as session:
        return _State(backups.last(session), backups.remind_after(session), stale)


def _destroyed(desk: Desk, identifier: str, _token: Token, _report: Report) -> None:
    desk.run(stale_backups.destroyed, identifier)


def _make(desk: Desk, chosen: Path, token: Token, report: Report, *, reread: bool, renew: bool) -> Made:
    token.check()
    return backups.make(
        desk,
        chosen,
        lambda done, total: report(done // 1024, total // 1024, "Sauvegarde du coffre"),
        reread=reread,
        renew=renew,
    )


def _check(desk: Desk, token: Token, report: Report) -> Findings:
    token.check()
    return backups.check(desk, lambda done, total: report(done // 1024, total // 1024, "Relecture de la sauvegarde"))


def _remind(desk: Desk, days: int, _token: Token, _report: Report) -> None:
    desk.run(backups.save_remind_after, days)


class BackupPart(SettingsPart):
    """« Sauvegarde »."""

    def __init__(self, context: Context, desk: Desk) -> None:
        super().__init__(context, desk)
        self._job: Job | None = None
        self._place: Path | None = None
        self._known = label("", "strong", wrap=True)
        self._result = label("", wrap=True)
        self.list = LineList(context, name="Ce que dit la sauvegarde")
        self.save = button("Sauvegarder maintenant…", "main", tip="Choisir une clé USB ou un autre disque")
        self.again = button("Au même endroit", tip="Dans le dossier de la dernière sauvegarde")
        self.check = button("Relire la dernière", tip="Vérifie que tout ce qu’il lui faut est encore lisible")
        self.reread = CheckInput(_REREAD)
        self.reread.setChecked(True)
        self.reread.setAccessibleDescription(_WHY)
        self.renew = CheckInput(_RENEW)
        self.renew.setAccessibleDescription(_RENEW_WHY)
        self._about_stale = label(_STALE, "problem", wrap=True)
        self.stale = LineList(context, name="Sauvegardes périmées")
        self.remind_after = ChoiceInput([(each, f"{each}\u00a0jours") for each in REMIND_AFTER])
        self._lay_out()
        self.save.clicked.connect(self.on_save_clicked)
        self.again.clicked.connect(self.on_again_clicked)
        self.check.clicked.connect(self.on_check_clicked)
        self.remind_after.edited.connect(self.on_remind_edited)
        self.stale.chosen.connect(self.on_stale_chosen)
        self.reread.toggled.connect(self.renew.setEnabled)
        self.setFocusProxy(self.save)

    @property
    def words(self) -> Sequence[str]:
        """What is said: the last one, the result, the findings."""
        return (self._known.text(), self._result.text(), *(each.line.title for each in self.list.buttons))

    def ask(self) -> None:
        """When it was last done, and where."""
        self.job(Lane.READ, partial(_state, self.desk), self.on_state)

    def on_state(self, found: _State) -> None:
        """Here it is."""
        self._place = found.last.place if found.last is not None else None
        if found.last is None:
            self._known.setText("Aucune sauvegarde n’a encore été faite.")
        else:
            at = found.last.at.astimezone(PARIS)
            day, time = dates.french_day(at.date()), dates.french_time(f"{at:%H:%M}")
            read = dates.french_day(found.last.checked_at.astimezone(PARIS).date())
            self._known.setText(
                f"Dernière sauvegarde\u00a0: {day} {time}, dans «\u00a0{found.last.place}\u00a0». Tout y a été "
                f"relu le {read}."
            )
        for each in (self.again, self.check):
            each.setVisible(self._place is not None)
        self._show_stale(found.stale)
        self.remind_after.set_value(found.remind_after)
        self.remind_after.setEnabled(not self.desk.vault.consultation)

    def on_remind_edited(self) -> None:
        """Another delay."""
        self.job(Lane.WRITE, partial(_remind, self.desk, self.remind_after.value()), self.on_remind_saved)

    def on_remind_saved(self, _nothing: None) -> None:
        """It is kept."""
        self.told.emit("enregistré", "ok")

    def on_save_clicked(self) -> None:
        """Ask where."""
        self.context.ask.folder(self, "Où sauvegarder le coffre\u00a0?", self.on_folder, new=True)

    def on_again_clicked(self) -> None:
        """Where the last one is."""
        if self._place is not None:
            self.on_folder(self._place)

    def on_folder(self, chosen: Path) -> None:
        """A folder was chosen."""
        reread = self.reread.value()
        renew = reread and self.renew.value()
        work = partial(_make, self.desk, chosen, reread=reread, renew=renew)
        self._start(work, self.on_made, "Sauvegarde du coffre")

    def on_stale_chosen(self, identifier: str) -> None:
        """Somebody pressed one that an access removed since still opens."""

        def answered(at: int) -> None:
            if at:
                self.job(Lane.WRITE, partial(_destroyed, self.desk, identifier), self.on_destroyed)

        self.context.ask.choose(
            self,
            "Cette sauvegarde est-elle détruite\u202f?",
            "Dites-le seulement si son support est effacé ou détruit, et ses copies aussi\u00a0: elle ne sera plus "
            "dite périmée. Le journal le note.",
            ("Pas encore", "Elle est détruite"),
            answered,
        )

    def on_destroyed(self, _nothing: None) -> None:
        """One less."""
        self.ask()

    def on_check_clicked(self) -> None:
        """Read the last one again."""
        self._start(partial(_check, self.desk), self.on_checked, "Relecture de la sauvegarde")

    def on_checked(self, report: Findings) -> None:
        """All of it was read."""
        ((_, files),) = report.checked
        number = count(files, "fichier relu", "fichiers relus")
        said = f"La sauvegarde est entière\u00a0: {number}." if report.sound else "La sauvegarde est abîmée."
        self._end(said, problem=not report.sound)
        self._show(report.findings)
        self.ask()

    def on_made(self, made: Made) -> None:
        """It is there, and was read again."""
        done = made.backup
        copied = count(done.copied, "pièce", "pièces")
        number = f"Sauvegarde n°\u00a0{done.generation.number} faite et relue"
        self._end(f"{number}\u00a0: {copied} de plus. Retirez le support proprement avant de le débrancher.")
        self._show(done.findings)
        self.context.news.publish(made.changes)
        self.ask()

    def on_make_failed(self, error: Exception) -> None:
        """It could not be made; those before it are there."""
        self._end(sentence_of(error), problem=True)

    def on_make_cancelled(self, _job: Job) -> None:
        """Somebody stopped it."""
        self._end("Arrêté\u00a0: les sauvegardes faites restent, la prochaine reprend ce qui est déjà copié.")

    def _start(self, work: Work, done: Callable[[Any], None], title: str) -> None:
        if self._job is not None:
            return
        self._result.clear()
        self._show(())
        self._set_busy(True)
        self._job = self.context.jobs.start(
            Lane.LONG,
            work,
            owner=self,
            done=done,
            failed=self.on_make_failed,
            cancelled=self.on_make_cancelled,
            title=title,
        )

    def _show(self, findings: Sequence[Finding]) -> None:
        self.list.show_lines(
            [
                Line(title=each.sentence, detail=each.advice, chip=each.level.value, kind=_KINDS[each.level])
                for each in findings
            ]
        )

    def _show_stale(self, stale: Sequence[Stale]) -> None:
        self.stale.show_lines([Line(title=each.sentence, chip="périmée", kind="late", place=each.id) for each in stale])
        for each in (self._about_stale, self.stale, self.renew):
            each.setVisible(bool(stale))
        self.stale.setEnabled(not self.desk.vault.consultation)

    def _end(self, sentence: str, *, problem: bool = False) -> None:
        self._job = None
        self._set_busy(False)
        self._result.setText(sentence)
        self._result.setProperty("role", "problem" if problem else "strong")
        self._result.style().unpolish(self._result)
        self._result.style().polish(self._result)

    def _set_busy(self, busy: bool) -> None:
        for each in (self.save, self.again, self.check, self.reread):
            each.setEnabled(not busy)

    def _lay_out(self) -> None:
        inner = self.in_a_card("Sauvegarde", _ABOUT)
        inner.addWidget(self._known)
        actions = Flow()
        for each in (self.save, self.again, self.check):
            actions.addWidget(each)
        inner.addLayout(actions)
        inner.addWidget(self.reread)
        inner.addWidget(label(_WHY, "hint", wrap=True))
        inner.addWidget(self.renew)
        inner.addWidget(self._result)
        inner.addWidget(self.list)
        inner.addWidget(self._about_stale)
        inner.addWidget(self.stale)
        self._show_stale(())
        labelled(inner, "Rappeler sur l’accueil après", self.remind_after, "Sans sauvegarde depuis ce temps.")
        self.remind_after.setMaximumWidth(self.context.theme.px(320))
        self.again.hide()
        self.check.hide()
