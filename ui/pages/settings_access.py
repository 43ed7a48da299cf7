# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings: the ways into the vault, whose each one is, one more for somebody, and one that is taken away."""

import uuid
from collections.abc import Sequence
from functools import partial

import attrs
from PySide6.QtWidgets import QLineEdit, QPushButton, QSizePolicy, QWidget

from hro_desktop.casework import key_slots, stale_backups, volunteers
from hro_desktop.casework.desk import Desk, Result
from hro_desktop.casework.key_slots import KeySlot, Removal
from hro_desktop.casework.stale_backups import Stale
from hro_desktop.casework.volunteers import VolunteerRow
from ui.context import Context
from ui.create import strength_in_words
from ui.editor.inputs import ChoiceInput
from ui.jobs import Job, Lane, Report, Token
from ui.messages import sentence_of
from ui.pages.settings_device import DeviceBox
from ui.pages.settings_part import SettingsPart, labelled
from ui.secret import SecretLine
from ui.widgets import button, chip, clear, column, label, row, rule
from ui.words import count

__all__ = ["AccessPart"]

_ESCROW = (
    "Rien n’y oblige. Quelqu’un hors de l’équipe (l’avocat, le bureau de l’association) garde une clé secrète loin de "
    "cet ordinateur et rouvre le coffre si tout est perdu. Avec elle il ouvre tout, ici et dans les sauvegardes à "
    "venir, sans rien vous demander\u00a0; qui la lui prendrait aussi."
)
_NOBODY = "Personne n’est nommé"
_DIFFERS = "Les deux saisies ne sont pas les mêmes."


@attrs.frozen
class _Known:
    slots: tuple[KeySlot, ...]
    people: tuple[VolunteerRow, ...]


def _read(desk: Desk, _token: Token, _report: Report) -> _Known:
    with desk.read() as session:
        people = volunteers.rows(session)
    return _Known(key_slots.listed(desk), people)


def _give(desk: Desk, volunteer_id: uuid.UUID, secret: str, _token: Token, _report: Report) -> Result[str]:
    return key_slots.add_passphrase(desk, volunteer_id, secret)


def _escrow(desk: Desk, recipient: str, _token: Token, _report: Report) -> str:
    return key_slots.add_escrow(desk, recipient)


def _paper(desk: Desk, _token: Token, _report: Report) -> str:
    return key_slots.add_paper(desk)


def _forecast(desk: Desk, slot_id: str, _token: Token, _report: Report) -> tuple[str, tuple[str, ...]]:
    return slot_id, key_slots.removal(desk, slot_id)


def _remove(desk: Desk, slot_id: str, token: Token, report: Report) -> tuple[Result[Removal], tuple[Stale, ...]]:
    token.check()
    done = key_slots.remove(
        desk, slot_id, lambda done, total: report(done // 1024, total // 1024, "Base chiffrée de nouveau")
    )
    return done, stale_backups.listed(desk)


def _name(desk: Desk, slot_id: str, volunteer_id: uuid.UUID | None, _token: Token, _report: Report) -> Result[None]:
    return desk.run(key_slots.whose, slot_id, volunteer_id)


class AccessPart(SettingsPart):
    """« Accès »."""

    tables = ("volunteer",)

    def __init__(self, context: Context, desk: Desk) -> None:
        super().__init__(context, desk)
        self._known = _Known((), ())
        self._slots = column(gap=6)
        self.owners: list[ChoiceInput] = []
        """Whose each passphrase is, in the order of the list."""
        self.removals: list[QPushButton] = []
        """One for each access that can be taken away, in the order of the list."""
        self.person = ChoiceInput([(None, "Choisir…")])
        self.first = SecretLine(context.tokens, "Phrase de passe de cette personne")
        self.again = SecretLine(context.tokens, "La même, une seconde fois")
        self.device = DeviceBox(context, desk)
        self.recipient = QLineEdit()
        self.recipient.setPlaceholderText("age1…")
        self.recipient.setMaxLength(200)
        self._strength = label("", "hint", wrap=True)
        self._problem = label("", "problem", wrap=True)
        self._done = label("", "soft", wrap=True)
        self.give = button("Donner l’accès", "main")
        self.add_escrow = button("Ajouter le tiers de confiance")
        self.add_paper = button("Nouveau code papier", tip="Affiché une seule fois, à recopier sur papier")
        self._lay_out()
        self.first.textEdited.connect(self.on_first_edited)
        self.again.returnPressed.connect(self.on_give_clicked)
        self.give.clicked.connect(self.on_give_clicked)
        self.recipient.returnPressed.connect(self.on_escrow_clicked)
        self.add_escrow.clicked.connect(self.on_escrow_clicked)
        self.add_paper.clicked.connect(self.on_paper_clicked)
        self.device.bound.connect(self.ask)
        self.on_first_edited()

    @property
    def problem(self) -> str:
        """What stands in the way, in a sentence."""
        return self._problem.text()

    @property
    def done(self) -> str:
        """What was done last, in a sentence."""
        return self._done.text()

    @property
    def slots(self) -> Sequence[KeySlot]:
        """The ways into the vault."""
        return self._known.slots

    def ask(self) -> None:
        """Which ways there are, and who may be given one."""
        self.job(Lane.READ, partial(_read, self.desk), self.on_known)

    def on_known(self, known: _Known) -> None:
        """Here they are."""
        if known != self._known:
            self._known = known
            self._show_slots()
            self.device.show_slots(known.slots)
            self._show_people()

    def on_first_edited(self, _text: str = "") -> None:
        """Say what can be said of the passphrase."""
        said, _refused = strength_in_words(self.first.text())
        self._strength.setText(said)
        self._say("")

    def on_give_clicked(self) -> None:
        """One more access, if everything is there."""
        wanted = self.person.value()
        if wanted is None:
            self._stop(self.person, "Choisissez la personne. Si elle n’est pas dans la liste, inscrivez-la d’abord.")
        elif not self.first.text():
            self._stop(self.first, strength_in_words("")[0])
        elif self.first.text() != self.again.text():
            self._stop(self.again, _DIFFERS)
        else:
            self._set_busy(True)
            self.job(Lane.WRITE, partial(_give, self.desk, wanted, self.first.text()), self.on_given)

    def on_escrow_clicked(self) -> None:
        """A third party, by the public half of a key kept elsewhere."""
        if not self.recipient.text().strip():
            self._stop(
                self.recipient, "Collez la clé publique que le tiers vous a donnée\u00a0: elle commence par age1."
            )
            return
        self._set_busy(True)
        self.job(Lane.WRITE, partial(_escrow, self.desk, self.recipient.text()), self.on_escrowed)

    def on_given(self, result: Result[str]) -> None:
        """The person can open the vault."""
        self.first.clear()
        self.again.clear()
        self.on_first_edited()
        self._set_busy(False)
        self._done.setText("L’accès est donné. Faites-le essayer à cette personne avant qu’elle parte.")
        self.context.news.publish(result.changes)
        self.ask()

    def on_escrowed(self, _slot_id: str) -> None:
        """The third party can open the vault."""
        self.recipient.clear()
        self._set_busy(False)
        self._say("")
        self._done.setText("Le tiers de confiance peut ouvrir ce coffre avec sa clé.")
        self.ask()

    def on_paper_clicked(self) -> None:
        """One more code, for the day when every phrase is lost."""
        self._set_busy(True)
        self.job(Lane.WRITE, partial(_paper, self.desk), self.on_paper_made)

    def on_paper_made(self, code: str) -> None:
        """It is shown now, and never again."""
        self._set_busy(False)
        self._say("")
        self.context.ask.tell(
            self,
            "Nouveau code papier",
            f"{code}\n\nRecopiez-le sur papier, gardez-le loin de l’ordinateur\u00a0: il ne sera plus jamais affiché. "
            "Un code plus ancien ouvre toujours\u00a0; s’il est perdu, retirez-le.",
        )
        self.ask()

    def on_remove_clicked(self, slot_id: str) -> None:
        """Say what it would do first."""
        self.job(Lane.READ, partial(_forecast, self.desk, slot_id), self.on_forecast)

    def on_forecast(self, known: tuple[str, tuple[str, ...]]) -> None:
        """That is what it would do; nothing yet."""
        slot_id, sentences = known

        def answered(at: int) -> None:
            if at:
                self._start_removal(slot_id)

        choices = ("Annuler", "Retirer cet accès")
        self.context.ask.choose(self, "Retirer cet accès\u202f?", "\n\n".join(sentences), choices, answered)

    def on_removed(self, known: tuple[Result[Removal], tuple[Stale, ...]]) -> None:
        """It opens this vault no more."""
        result, stale = known
        self._set_busy(False)
        self._say("")
        said = f"L’accès {result.value.slot.id[:4]} est retiré, et la clé du coffre est changée."
        if stale:
            left = count(len(stale), "sauvegarde s’ouvre", "sauvegardes s’ouvrent")
            said += f" {left} encore avec un accès retiré\u00a0: voyez Sauvegarde."
        self._done.setText(said)
        self.context.news.publish(result.changes)
        self.ask()

    def on_removal_stopped(self, _job: Job) -> None:
        """Somebody stopped it."""
        self._set_busy(False)
        self._say("Arrêté\u00a0: rien n’a changé, cet accès ouvre encore le coffre.")

    def _start_removal(self, slot_id: str) -> None:
        self._set_busy(True)
        self._say("")
        self._done.setText("Retrait en cours\u00a0: la base est chiffrée de nouveau. Vous pouvez lire pendant.")
        self.context.jobs.start(
            Lane.LONG,
            partial(_remove, self.desk, slot_id),
            owner=self,
            done=self.on_removed,
            failed=self.on_failed,
            cancelled=self.on_removal_stopped,
            title="Retrait d’un accès",
        )

    def on_named(self, result: Result[None]) -> None:
        """An access is somebody's, or nobody's."""
        self.context.news.publish(result.changes)
        self.ask()

    def on_failed(self, error: Exception) -> None:
        """Nothing was added; what was typed stays to be mended."""
        self._set_busy(False)
        self._say(sentence_of(error))

    def _on_owner_edited(self, at: int) -> None:
        slot = self._known.slots[at]
        chosen = next(each for each in self.owners if each.property("slot") == slot.slot_id).value()
        self.job(Lane.WRITE, partial(_name, self.desk, slot.slot_id, chosen), self.on_named)

    def _show_slots(self) -> None:
        clear(self._slots)
        self.owners, self.removals = [], []
        people = self._known.people
        for at, slot in enumerate(self._known.slots):
            if at:
                self._slots.addWidget(rule())
            line = row(gap=12)
            line.addWidget(label(slot.kind, "strong"))
            line.addWidget(label(f"accès {slot.slot_id[:4]}", "hint"))
            if slot.device:
                line.addWidget(chip("avec le trousseau d’un ordinateur", "plain"))
            if slot.present:
                line.addWidget(chip("ouvert maintenant", "ok"))
            line.addStretch()
            if slot.personal:
                free = [each for each in people if not each.slot_id or each.id == slot.volunteer_id]
                owner = ChoiceInput([(None, _NOBODY), *((each.id, each.name) for each in free)])
                owner.setProperty("slot", slot.slot_id)
                owner.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
                owner.setFixedWidth(self.context.theme.px(220))
                owner.set_value(slot.volunteer_id)
                owner.edited.connect(partial(self._on_owner_edited, at))
                self.context.veil.cover(owner)
                named = label("De", "label")
                named.setBuddy(owner)
                owner.setAccessibleName(f"De qui est l’accès {slot.slot_id[:4]}")
                line.addWidget(named)
                line.addWidget(owner)
                self.owners.append(owner)
            if not slot.present:
                line.addWidget(self._removal_of(slot))
            self._slots.addLayout(line)

    def _removal_of(self, slot: KeySlot) -> QPushButton:
        made = button("Retirer…", tip="Cet accès n’ouvrira plus ce coffre, dont la clé est changée")
        made.setAccessibleName(f"Retirer l’accès {slot.slot_id[:4]}")
        made.setEnabled(self.give.isEnabled() and not self.desk.vault.consultation)
        made.clicked.connect(lambda: self.on_remove_clicked(slot.slot_id))
        self.removals.append(made)
        return made

    def _show_people(self) -> None:
        chosen = self.person.value()
        free = [each for each in self._known.people if each.active and not each.slot_id]
        self.person.clear()
        for value, text in ((None, "Choisir…"), *((each.id, each.name) for each in free)):
            self.person.addItem(text, value)
        self.person.setCurrentIndex(max(0, self.person.place_of(chosen)))

    def _stop(self, field: QWidget, sentence: str) -> None:
        self._say(sentence)
        field.setFocus()

    def _say(self, sentence: str) -> None:
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))
        self._done.clear()
        self.said.emit("")

    def _set_busy(self, busy: bool) -> None:
        for each in (self.give, self.add_escrow, self.add_paper, *self.removals):
            each.setEnabled(not busy)

    def _lay_out(self) -> None:
        inner = self.in_a_card(
            "Accès",
            "Chaque personne ouvre le coffre avec une phrase à elle\u00a0: le journal sait ainsi qui a fait quoi. "
            "Un seul accès, et tout est perdu avec la phrase.",
        )
        inner.addLayout(self._slots)
        inner.addSpacing(12)
        inner.addWidget(label("Donner un accès", "heading"))
        self.context.veil.cover(self.person)
        labelled(inner, "Bénévole", self.person, "La personne tape elle-même sa phrase, à l’abri des regards.")
        labelled(inner, "Phrase de passe de cette personne", self.first)
        inner.addWidget(self._strength)
        labelled(inner, "La même, une seconde fois", self.again)
        inner.addWidget(self._problem)
        inner.addWidget(self._done)
        inner.addWidget(self.give)
        inner.addSpacing(12)
        inner.addWidget(label("Code papier", "heading"))
        inner.addWidget(label("Il rouvre le coffre le jour où les phrases sont perdues.", "hint", wrap=True))
        inner.addWidget(self.add_paper)
        inner.addSpacing(12)
        inner.addWidget(self.device)
        inner.addSpacing(12)
        inner.addWidget(label("Tiers de confiance", "heading"))
        inner.addWidget(label(_ESCROW, "soft", wrap=True))
        labelled(
            inner,
            "Clé publique age du tiers",
            self.recipient,
            "Le tiers la fait chez lui avec age-keygen, et ne vous donne que la ligne qui commence par age1.",
        )
        inner.addWidget(self.add_escrow)
