# SPDX-License-Identifier: GPL-3.0-or-later
"""Beside an item: what is known and proved of it, and the form in which one describes it."""

import re
import uuid
from collections.abc import Iterable
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QStackedWidget, QVBoxLayout, QWidget

from hro_desktop.casework import custody, derivations, evidence_facts
from hro_desktop.casework.desk import Desk, Result
from hro_desktop.casework.evidence_facts import ItemView, Related
from hro_desktop.casework.evidence_facts import moment as moment_text
from hro_desktop.media.cleaned import Box
from ui.context import Context
from ui.editor.editor import Editor
from ui.editor.form import Layout
from ui.flow import Flow
from ui.jobs import Cancelled, Lane, Report, Token, Work
from ui.messages import sentence_of
from ui.pages.page import Place
from ui.tabs import Tabs
from ui.widgets import Scroller, button, chip, clear, column, frame, label, row

__all__ = ["ItemPane"]

_LEAST: Final = 300
"""Width in pixels at 100 % under which its form would be cut."""

LAYOUT: Final = Layout(
    fields=(
        "title", "kind", "nature", "taken", "taken_source", "author_id", "received_on", "language", "sensitive",
        "people", "nobody_appears", "incident_ids", "case_ids", "statements", "note",
        "derived_from_id", "derivation_kind", "derivation",
    ),
    labels={
        "taken": "Date",
        "taken_source": "D’où vient cette date",
        "author_id": "Qui l’a fait ou filmé",
        "sensitive": "Éprouvante\u00a0: masquée jusqu’au clic",
        "people": "Personnes nommées, visibles ou audibles",
        "nobody_appears": "Vérifié\u00a0: personne n’y apparaît",
        "incident_ids": "Faits montrés",
        "case_ids": "Dossiers",
        "statements": "Récits et attestations",
    },
    hints={"taken": "De la prise de vue, du certificat…", "sensitive": "", "people": "", "nobody_appears": ""},
    single=True,
    headings={
        "people": "Qui y apparaît",
        "incident_ids": "À quoi elle se rattache",
        "derived_from_id": "Si elle est tirée d’une autre pièce",
    },
)  # fmt: skip


def _verify(desk: Desk, item_id: uuid.UUID, token: Token, report: Report) -> Result[bool]:
    def progress(done: int, total: int) -> None:
        report(done // 1024, max(1, total // 1024), "Vérification de l’empreinte")

    result = custody.verify(desk, item_id, progress=progress, cancelled=lambda: token.cancelled)
    if token.cancelled:
        raise Cancelled
    return result


def _copy(desk: Desk, item_id: uuid.UUID, hidden: tuple[Box, ...], token: Token, _report: Report) -> Result[uuid.UUID]:
    token.check()
    return derivations.masked_copy(desk, item_id, hidden) if hidden else derivations.clean_copy(desk, item_id)


def _said(
    desk: Desk, item_id: uuid.UUID, token: Token, _report: Report
) -> tuple[uuid.UUID, tuple[tuple[str, str], ...]]:
    token.check()
    return item_id, evidence_facts.said(desk, item_id)


class ItemPane(QWidget):
    """« Fiche » tells, « Décrire » is filled in."""

    go = Signal(object)
    """A `Place` to go to."""
    made = Signal(object)
    """The id of an item made from this one."""
    told = Signal(str, str)
    """What becomes of what is typed in its form."""

    def __init__(self, context: Context, desk: Desk) -> None:
        super().__init__()
        self._context, self._desk = context, desk
        self._item: ItemView | None = None
        self._editor: Editor | None = None
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.timeout.connect(self.on_turn)
        self._problem = label("", "problem", wrap=True)
        self._problem.hide()
        self._title = label("", "heading", wrap=True)
        self._under = Flow()
        context.veil.cover(self._title)
        self.verify_action = button("Vérifier l’empreinte")
        self.verify_action.clicked.connect(self.on_verify_clicked)
        self.clean_action = button("Copie sans métadonnées")
        self.clean_action.clicked.connect(self.on_clean_clicked)
        self._known, self._said, self._more = column(gap=4), column(gap=4), column(gap=4)
        self._tabs = Tabs((("about", "Fiche"), ("describe", "Décrire")), self)
        self._tabs.chosen.connect(self.show_tab)
        self._stack = QStackedWidget()
        self._lay_out()
        self.show_tab("about")
        self.show_item(None)

    @property
    def problem(self) -> str:
        """What went wrong last."""
        return self._problem.text()

    @property
    def editor(self) -> Editor:
        """The form « Décrire », made for the first item: together with the page it would take too long at once."""
        if self._editor is None:
            self._editor = Editor(self._context, self._desk, "evidence", LAYOUT)
            self._editor.told.connect(self.told)
            self._describe.insertWidget(0, self._editor)
        return self._editor

    @property
    def tabs(self) -> Tabs:
        """« Fiche », « Décrire »."""
        return self._tabs

    def show_item(self, item: ItemView | None) -> None:
        """Tell of another item, or of what became of the same one."""
        same = item is not None and self._item is not None and item.id == self._item.id
        self._item = item
        self.setEnabled(item is not None)
        self._title.setText(item.title if item is not None else "")
        clear(self._under)
        clear(self._known)
        clear(self._more)
        if not same:
            clear(self._said)
            self.say("")
        if item is None:
            self.verify_action.hide()
            self.clean_action.hide()
            return
        self._show_state(item)
        self._show_known(item)
        self._show_more(item)
        writes = not self._desk.vault.consultation
        self.verify_action.show()
        self.clean_action.setVisible(item.family in ("image", "video", "sound") and writes)
        if not same:
            self._job(Lane.READ, partial(_said, self._desk, item.id), self.on_said)
        self._turn.start(0)

    def on_turn(self) -> None:
        """The item is told of: its form comes next, once keys and clicks were heard."""
        if self._item is None:
            return
        self.editor.setEnabled(not self._desk.vault.consultation)
        if self._item.id != self.editor.record:
            self.editor.open(self._item.id)
        else:
            self.editor.refresh()

    def show_tab(self, name: str) -> None:
        """One of the two."""
        self._tabs.show_tab(name)
        self._stack.setCurrentIndex(1 if name == "describe" else 0)

    def say(self, sentence: str) -> None:
        """Show what went wrong, or nothing."""
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))

    def on_said(self, found: tuple[uuid.UUID, tuple[tuple[str, str], ...]]) -> None:
        """What the file says of itself."""
        if self._item is None or found[0] != self._item.id:
            return
        clear(self._said)
        self._said.addWidget(label("Ce que le fichier dit de lui-même", "strong", wrap=True))
        self._said.addLayout(self._pairs(found[1], private=()))

    def on_verify_clicked(self) -> None:
        """Read it again."""
        if self._item is not None:
            self.verify_action.setEnabled(False)
            work = partial(_verify, self._desk, self._item.id)
            self._job(Lane.DOCUMENT, work, self.on_verified, title="Vérification de l’empreinte")

    def on_verified(self, result: Result[bool]) -> None:
        """It is as it was, or not."""
        self.verify_action.setEnabled(True)
        if result.value:
            self.say("")
        else:
            self.say(
                "Ce n’est plus le fichier qui a été versé, ou il a disparu du disque. Gardez le coffre tel quel et "
                "reprenez cette pièce dans la dernière sauvegarde."
            )
        self._context.news.publish(result.changes)

    def on_clean_clicked(self) -> None:
        """Make a copy that says nothing."""
        self._derive(())

    def on_mask_wanted(self, item_id: uuid.UUID, hidden: tuple[Box, ...]) -> None:
        """Make a version with these parts painted over."""
        if self._item is not None and item_id == self._item.id:
            self._derive(tuple(hidden))

    def on_made(self, result: Result[uuid.UUID]) -> None:
        """There is a new item."""
        self.clean_action.setEnabled(True)
        self.say("")
        self.made.emit(result.value)
        self._context.news.publish(result.changes)

    def on_failed(self, error: Exception) -> None:
        """It was not done."""
        self._free()
        self.say(sentence_of(error))

    def on_cancelled(self, _job: object) -> None:
        """Somebody stopped it."""
        self._free()

    def _free(self) -> None:
        self.verify_action.setEnabled(True)
        self.clean_action.setEnabled(True)

    def _derive(self, hidden: tuple[Box, ...]) -> None:
        if self._item is not None:
            self.clean_action.setEnabled(False)
            work = partial(_copy, self._desk, self._item.id, hidden)
            self._job(Lane.DOCUMENT, work, self.on_made, title="Copie de la pièce")

    def _job(self, lane: Lane, work: Work, done: object, *, title: str = "") -> None:
        self._context.jobs.start(
            lane,
            work,
            owner=self,
            done=done,  # type: ignore[arg-type]
            failed=self.on_failed,
            cancelled=self.on_cancelled,
            title=title,
        )

    def _show_state(self, item: ItemView) -> None:
        for applies, text, kind in (
            (item.check is True, "empreinte conforme", "ok"),
            (item.check is False, "fichier abîmé", "late"),
            (item.to_describe, "à décrire", "warn"),
            (item.sensitive, "éprouvante", "violet"),
        ):
            if applies:
                self._under.addWidget(chip(text, kind))
        if item.source is None:
            self._under.addWidget(label("Original conservé, inchangé", "hint"))

    def _show_known(self, item: ItemView) -> None:
        self._known.addLayout(self._pairs(item.facts, item.private_facts))
        for sentence in item.odd:
            self._known.addWidget(label(sentence, "hint", wrap=True))
        print_ = label(" ".join(item.sha256[at : at + 8] for at in range(0, 64, 8)), "hint", wrap=True)
        print_.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        print_.setAccessibleName("Empreinte SHA-256")
        self._known.addWidget(label("Empreinte SHA-256", "label"))
        self._known.addWidget(print_)

    def _show_more(self, item: ItemView) -> None:
        if item.cited:
            self._part("Citée comme", item.cited)
        if item.source is not None:
            self._links("Tirée de", (item.source,))
        if item.derived:
            self._links("Pièces tirées de celle-ci", item.derived)
        self._more.addSpacing(8)
        self._more.addWidget(label("Historique de la pièce", "strong"))
        told = ((moment_text(each.at), f"{each.what}\n{each.by}" if each.by else each.what) for each in item.history)
        self._more.addLayout(self._pairs(told, private=()))

    def _part(self, title: str, lines: Iterable[str]) -> None:
        self._more.addSpacing(8)
        self._more.addWidget(label(title, "strong"))
        for each in lines:
            self._more.addWidget(label(each, wrap=True))

    def _links(self, title: str, items: Iterable[Related]) -> None:
        self._more.addSpacing(8)
        self._more.addWidget(label(title, "strong"))
        for each in items:
            shown = label(each.title, wrap=True)
            self._context.veil.cover(shown)
            line = row(gap=8)
            words = column(gap=0)
            words.addWidget(shown)
            words.addWidget(label(each.how, "hint", wrap=True))
            line.addLayout(words, 1)
            there = button("Voir", "link", name=f"Voir la pièce\u00a0: {each.how}")
            there.clicked.connect(partial(self._on_link_clicked, each.id))
            line.addWidget(there)
            self._more.addLayout(line)

    def _on_link_clicked(self, item_id: uuid.UUID, _checked: bool = False) -> None:
        self.go.emit(Place("evidence", item_id))

    def _pairs(self, pairs: Iterable[tuple[str, str]], private: Iterable[str]) -> QGridLayout:
        """What it is and its value, one pair to a line."""
        made, hidden = QGridLayout(), set(private)
        made.setHorizontalSpacing(12)
        made.setVerticalSpacing(6)
        made.setColumnStretch(0, 2)
        made.setColumnStretch(1, 3)
        for at, (name, value) in enumerate(pairs):
            shown = label(_breakable(value), wrap=True)
            if name in hidden:
                self._context.veil.cover(shown)
            made.addWidget(label(name, "hint", wrap=True), at, 0, Qt.AlignmentFlag.AlignTop)
            made.addWidget(shown, at, 1)
        return made

    def _lay_out(self) -> None:
        about = column(margins=(16, 12, 16, 16), gap=12)
        about.addLayout(self._known)
        actions = Flow(8)
        for each in (self.verify_action, self.clean_action):
            actions.addWidget(each)
        about.addLayout(actions)
        about.addLayout(self._said)
        about.addLayout(self._more)
        about.addStretch()
        self._describe = column(margins=(16, 12, 16, 16))
        self._describe.addStretch()
        self._stack.addWidget(Scroller(about, name="Fiche de la pièce"))
        self._stack.addWidget(Scroller(self._describe, name="Description de la pièce"))
        top: QVBoxLayout = column(margins=(16, 14, 16, 0), gap=6)
        top.addWidget(self._title)
        top.addLayout(self._under)
        top.addWidget(self._problem)
        top.addWidget(self._tabs)
        inner = column(margins=(1, 1, 1, 1), gap=0)
        inner.addLayout(top)
        inner.addWidget(self._stack, 1)
        card = frame("card")
        card.setLayout(inner)
        whole = column()
        whole.addWidget(card)
        self.setLayout(whole)
        self.setMinimumWidth(self._context.theme.px(_LEAST))


def _breakable(text: str) -> str:
    """Words too long for a narrow place may be cut where it ends: a file name has no spaces."""
    return re.sub(r"(\S{12})(?=\S{4})", "\\1\u200b", text)
