# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings: when the vault locks and how the window looks; and how the vault is."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt

from hro_desktop.casework import hints, settings, vault
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.settings import LOCK_DELAYS, TEXT_SIZES, Settings
from hro_desktop.casework.vault import State
from hro_desktop.vault.findings import Finding, Level
from hro_desktop.vault.findings import Report as Findings
from ui import acts
from ui.context import Context
from ui.editor.inputs import ChoiceInput
from ui.jobs import Job, Lane, Report, Token
from ui.lines import Line, LineList
from ui.pages.settings_part import SettingsPart, labelled
from ui.widgets import button, label, row

__all__ = ["LookPart", "StatePart"]

_KINDS: Final = {Level.NOTE: "plain", Level.WARNING: "warn", Level.DAMAGE: "late"}
_GIB: Final = 1024**3


def _read(desk: Desk, _token: Token, _report: Report) -> Settings:
    with desk.read() as session:
        return settings.read(session, desk.vault.slot_id)


def _save(desk: Desk, wanted: Settings, _token: Token, _report: Report) -> Settings:
    desk.run(settings.save, wanted)
    return wanted


def _state(desk: Desk, _token: Token, _report: Report) -> State:
    return vault.state(desk)


def _verify(desk: Desk, _token: Token, report: Report) -> Findings:
    return vault.verify(desk, lambda done, total: report(done // 1024, total // 1024, "Relecture du coffre"))


class LookPart(SettingsPart):
    """« Verrouillage et affichage »: applied as soon as it is chosen."""

    def __init__(self, context: Context, desk: Desk) -> None:
        super().__init__(context, desk)
        self.lock_after = ChoiceInput([(each, f"{each // 60}\u00a0min") for each in LOCK_DELAYS])
        self.text_percent = ChoiceInput([(each, f"{each}\u00a0%") for each in TEXT_SIZES])
        self.scheme = ChoiceInput([("system", "Comme l’ordinateur"), ("light", "Clair"), ("dark", "Sombre")])
        inner = self.in_a_card("Verrouillage et affichage", "")
        labelled(
            inner,
            "Verrouiller sans activité après",
            self.lock_after,
            "Pour tout le coffre. Il se verrouille aussi quand l’ordinateur se met en veille ou que l’écran se "
            "verrouille. Un travail en cours est alors interrompu, ce qui est tapé est gardé.",
        )
        labelled(inner, "Taille du texte", self.text_percent, "Pour votre accès seulement, comme les couleurs.")
        labelled(inner, "Couleurs", self.scheme)
        self.hints = button(
            "Montrer les conseils à nouveau", tip="Une ligne en haut de chaque page, jusqu’à «\u00a0Compris\u00a0»"
        )
        self.hints.setEnabled(not desk.vault.consultation)
        self.hints.clicked.connect(self.on_hints_wanted)
        inner.addWidget(self.hints, 0, Qt.AlignmentFlag.AlignLeft)
        inner.addWidget(
            label(
                "Rien de ceci n’est écrit hors du coffre\u00a0: la porte suit les réglages de l’ordinateur.",
                "hint",
                wrap=True,
            )
        )
        for each in self._inputs():
            each.setMaximumWidth(context.theme.px(320))
            each.setEnabled(False)
            each.edited.connect(self.on_edited)
        self.setFocusProxy(self.lock_after)

    def ask(self) -> None:
        """How it is now."""
        self.job(Lane.READ, partial(_read, self.desk), self.on_read)

    def on_read(self, found: Settings) -> None:
        """Here it is."""
        for each, value in zip(self._inputs(), (found.lock_after, found.text_percent, found.scheme), strict=True):
            each.set_value(value)
            each.setEnabled(not self.desk.vault.consultation)

    def on_edited(self) -> None:
        """Another choice."""
        wanted = Settings(
            lock_after=self.lock_after.value(), text_percent=self.text_percent.value(), scheme=self.scheme.value()
        )
        self.job(Lane.WRITE, partial(_save, self.desk, wanted), self.on_saved)

    def on_saved(self, wanted: Settings) -> None:
        """It is kept: the window follows."""
        self.told.emit("enregistré", "ok")
        self.preferred.emit(wanted)

    def on_hints_wanted(self) -> None:
        """The hints of every page, as on the first day."""
        self.job(Lane.WRITE, partial(acts.acted, self.desk, hints.show_again, ()), self.on_hints_back)

    def on_hints_back(self, _result: object) -> None:
        """They come back on each page one goes to."""
        self.told.emit("conseils montrés à nouveau", "ok")

    def _inputs(self) -> tuple[ChoiceInput, ChoiceInput, ChoiceInput]:
        return self.lock_after, self.text_percent, self.scheme


class StatePart(SettingsPart):
    """« État du coffre »."""

    def __init__(self, context: Context, desk: Desk) -> None:
        super().__init__(context, desk)
        self._room = label("", wrap=True)
        self._result = label("", "strong", wrap=True)
        self.list = LineList(context, name="Ce qui a été trouvé")
        self.check = button("Vérifier le coffre", "main")
        self.check.clicked.connect(self.on_check_clicked)
        inner = self.in_a_card(
            "État du coffre",
            "«\u00a0Vérifier le coffre\u00a0» relit tout\u00a0: la base, le journal et chaque pièce. Vous pouvez "
            "travailler pendant ce temps.",
        )
        inner.addWidget(self._room)
        line = row()
        line.addWidget(self.check, 0, Qt.AlignmentFlag.AlignLeft)
        line.addStretch()
        inner.addLayout(line)
        inner.addWidget(self._result)
        inner.addWidget(self.list)
        self.setFocusProxy(self.check)

    @property
    def words(self) -> Sequence[str]:
        """What is said: room, result, findings."""
        return (self._room.text(), self._result.text(), *(each.line.title for each in self.list.buttons))

    def ask(self) -> None:
        """How it is, without reading it all; a result that stands there stays until the next check."""
        self.job(Lane.READ, partial(_state, self.desk), self.on_state)

    def on_state(self, found: State) -> None:
        """Room, reserve, and what to mend."""
        room = f"{found.free / _GIB:.1f}".replace(".", ",")
        kept = "la réserve pour un disque plein est là" if found.reserve else "la réserve pour un disque plein manque"
        self._room.setText(f"Place libre sur le disque\u00a0: {room}\u00a0Gio\u00a0; {kept}.")
        if not self._result.text():
            self._show(found.findings)

    def on_check_clicked(self) -> None:
        """Read it all again."""
        self.check.setEnabled(False)
        self._result.clear()
        self.context.jobs.start(
            Lane.LONG,
            partial(_verify, self.desk),
            owner=self,
            done=self.on_checked,
            failed=self.on_check_failed,
            cancelled=self.on_check_cancelled,
            title="Vérification du coffre",
        )

    def on_checked(self, report: Findings) -> None:
        """What was read, and what was found."""
        self.check.setEnabled(True)
        read = ", ".join(f"{words.lower()}\u00a0: {number}" for words, number in report.checked)
        said = "Rien n’est abîmé" if report.sound else "Des dommages ont été trouvés"
        self._result.setText(f"{said} ({read}).")
        self._show(report.findings)

    def on_check_failed(self, error: Exception) -> None:
        """It could not be read."""
        self.check.setEnabled(True)
        self.on_failed(error)

    def on_check_cancelled(self, _job: Job) -> None:
        """Somebody stopped it."""
        self.check.setEnabled(True)
        self._result.setText("La vérification a été arrêtée\u00a0: rien n’est dit du coffre.")

    def _show(self, findings: Sequence[Finding]) -> None:
        self.list.show_lines(
            [
                Line(title=each.sentence, detail=each.advice, chip=each.level.value, kind=_KINDS[each.level])
                for each in findings
            ]
            or [Line(title="Rien à signaler.", chip="conforme", kind="ok")]
        )
