# SPDX-License-Identifier: GPL-3.0-or-later
"""Pièces: files come in, are looked at, described, proved unchanged."""

import uuid
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QSplitter, QWidget

from hro_desktop.casework import evidence_facts
from hro_desktop.casework.deposits import Deposit, Links
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.evidence_facts import ItemView
from ui.changes import Changes, touches
from ui.context import Context
from ui.drops import FileDrops
from ui.jobs import Job, Lane, Report, Token
from ui.messages import sentence_of
from ui.models.paged_table import PagedTableModel
from ui.pages.evidence_deposit import BUSY, DepositReport, pending
from ui.pages.evidence_list import COLUMNS, ItemTable
from ui.pages.evidence_pane import ItemPane
from ui.pages.listing import Asked, Filter, ListPage, Source
from ui.pages.page import Place
from ui.preview.item_view import ItemViewer
from ui.table import ListTable
from ui.widgets import button
from ui.words import count

__all__ = ["EvidencePage"]

_SETTLE: Final = 80
"""Milliseconds one stays on a row before its item is read: whoever runs through the list wants none of them."""
_SHARE: Final = 0.4
"""How much of the page the report of a deposit may take."""
_HIGH: Final = 560
"""Height in pixels at 100 % from which there is room for the report and for the item under it."""
_ROOM: Final = 700
"""Width in pixels at 100 % under which the item and what is known of it stand one under the other."""


def _ids(session: Any, asked: Asked) -> Sequence[uuid.UUID]:  # noqa: ANN401 - a session, which is no word of this room
    return evidence_facts.ids(
        session,
        evidence_facts.Asked(
            asked.words,
            tuple(each for each in evidence_facts.FAMILIES if each in asked.filters),
            to_describe="describe" in asked.filters,
            people="people" in asked.filters,
        ),
    )


def _item(desk: Desk, item_id: uuid.UUID, token: Token, _report: Report) -> ItemView | None:
    token.check()
    with desk.read() as session:
        return evidence_facts.item(session, item_id, desk.today())


def _size(desk: Desk, _token: Token, _report: Report) -> int:
    with desk.read() as session:
        return evidence_facts.total_size(session)


class EvidencePage(ListPage):
    """The list, the item that is chosen, and what is known of it."""

    heading = "Pièces"
    one, many = "pièce", "pièces"
    empty = (
        "Ici sont gardés les photos, vidéos, sons et papiers, chiffrés et inchangés. "
        "Versez des fichiers, ou déposez-les sur cette page."
    )
    columns = COLUMNS
    filters = (
        Filter("Photo", "image"),
        Filter("Vidéo", "video"),
        Filter("Son", "sound"),
        Filter("PDF", "pdf"),
        Filter("À décrire", "describe"),
        Filter("Personnes à vérifier", "people"),
    )
    tables = ("evidence", "evidence_person", "person")
    source = Source(_ids, evidence_facts.rows)
    shares = (330, 800)
    narrow = True

    def __init__(self, context: Context, desk: Desk, place: Place) -> None:
        self._shown: uuid.UUID | None = None
        self._reading: Job | None = None
        super().__init__(context, desk, place)
        whole = self.layout()
        assert isinstance(whole, QBoxLayout)
        whole.insertWidget(1, self._report)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE)
        self._settle.timeout.connect(self.on_settled)
        self.files_action = button("Verser des fichiers…", "main")
        self.folder_action = button("Verser un dossier…")
        self.files_action.clicked.connect(self.on_files_clicked)
        self.folder_action.clicked.connect(self.on_folder_clicked)
        for each in (self.folder_action, self.files_action):
            each.setParent(self)
            each.setEnabled(not desk.vault.consultation)
        self.buttons = (self.folder_action, self.files_action)
        if not desk.vault.consultation:
            self.drops = FileDrops(self)
            self.drops.dropped.connect(self.deposit)
        self._resumed = False

    @property
    def viewer(self) -> ItemViewer:
        """The item that is looked at."""
        return self._viewer

    @property
    def pane(self) -> ItemPane:
        """What is known of it."""
        return self._pane

    @property
    def report(self) -> DepositReport:
        """What became of the files of the last deposit."""
        return self._report

    def make_table(self, model: PagedTableModel[Any]) -> ListTable:
        """Tall rows with small pictures."""
        return ItemTable(self.context, self.desk, model, name="Liste\u00a0: Pièces")

    def make_details(self) -> QWidget:
        """The item, and what is known of it."""
        self._report = DepositReport(self.context, self.desk, bounded=True)
        self._report.ended.connect(self.on_deposited)
        self._report.closed.connect(self.on_report_closed)
        self._report.wanted.connect(self.show_record)
        self._report.appeared.connect(self._share)
        self._report.told.connect(self.on_told)
        self._viewer = ItemViewer(self.context, self.desk)
        self._pane = ItemPane(self.context, self.desk)
        self._viewer.mask_wanted.connect(self._pane.on_mask_wanted)
        self._pane.go.connect(self.go)
        self._pane.made.connect(self.on_made)
        self._pane.told.connect(self.on_told)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        for each in (self._viewer, self._pane):
            self._split.addWidget(each)
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(16)
        self._split.setSizes([460, 340])
        self._split.setStretchFactor(0, 3)
        self._split.setStretchFactor(1, 2)
        return self._split

    def start(self) -> None:
        """The list, and how much there is in all."""
        super().start()
        self.read(partial(_size, self.desk), self.on_size)
        if not self._resumed and not self.desk.vault.consultation:
            self._resumed = True
            self.read(partial(pending, self.desk), self._report.show_kept)

    def chosen(self, record_id: uuid.UUID | None) -> None:
        """Read the item a moment later, unless another row is come to."""
        if record_id is None:
            self._settle.stop()
            self._shown = None
            self._viewer.show_item(None)
            self._pane.show_item(None)
        elif record_id != self._shown:
            self._settle.start()

    def on_settled(self) -> None:
        """Somebody stays on a row."""
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None
        if self.wanted is not None:
            self._shown = self.wanted
            work = partial(_item, self.desk, self.wanted)
            self._reading = self.context.jobs.start(
                Lane.READ, work, owner=self, done=self.on_item, failed=self.on_failed
            )

    def on_item(self, item: ItemView | None) -> None:
        """What is known of the item."""
        self._reading = None
        if item is not None and item.id != self._shown:
            return
        self.say("" if item is not None or self._shown is None else "Cette pièce n’est plus dans le coffre.")
        self._viewer.show_item(item)
        self._pane.show_item(item)

    def on_size(self, size: int) -> None:
        """How much there is in all, as a hint where one pours more."""
        self._total.setToolTip(f"En tout\u00a0: {evidence_facts.size_text(size)}")
        number = self._model.rowCount()
        filtered = bool(self.asked().words or self.asked().filters)
        whole = f" · {evidence_facts.size_text(size)}" if number and not filtered else ""
        self._total.setText(count(number, self.one, self.many) + whole)

    def on_changed(self, changes: Changes) -> None:
        """The list asks again by itself; the item does when it is the one that changed, or what cites it did."""
        super().on_changed(changes)
        cited = any(touches(changes, table) for table in ("exhibit", "exhibit_list", "departure", "person"))
        if self._shown is not None and (cited or touches(changes, "evidence", self._shown)):
            self.on_settled()

    def on_files_clicked(self) -> None:
        """Choose files."""
        self.context.ask.files(self.window(), "Quels fichiers verser\u00a0?", self.deposit)

    def on_folder_clicked(self) -> None:
        """Choose a folder."""
        self.context.ask.folder(self.window(), "Quel dossier verser\u00a0?", self._deposit_folder)

    def deposit(self, paths: Sequence[Path]) -> None:
        """Take files in; what a page was come to for, such as a case, is what they are linked to."""
        if self._report.busy:
            self.say(BUSY)
            return
        self.say("")
        given = self.place.given
        self._report.start(paths, given if isinstance(given, Links) else Links())

    def on_deposited(self, told: Sequence[Deposit]) -> None:
        """Stand on the last one that came in."""
        there = [each.evidence_id for each in told if each.evidence_id is not None]
        fresh = [each.evidence_id for each in told if each.fate == "deposited"]
        if there:
            self.show_record((fresh or there)[-1])

    def on_report_closed(self) -> None:
        """Back to the list."""
        self.table.setFocus()

    def on_made(self, record_id: uuid.UUID) -> None:
        """Stand on an item that was made from another."""
        self.show_record(record_id)

    def show_record(self, record_id: uuid.UUID | None) -> None:
        """Stand on an item, whatever was being looked for."""
        for each in self.pills:
            each.blockSignals(True)
            each.setChecked(False)
            each.blockSignals(False)
        self.look.clear()
        self.place = Place(self.place.page, None, self.place.part, self.place.given)
        self._wanted = record_id
        self.start()

    def on_failed(self, error: Exception) -> None:
        """Something could not be read."""
        self._reading = None
        self.say(sentence_of(error))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Side by side where there is room."""
        room = self.width() - self.context.theme.px(330)
        wide = room >= self.context.theme.px(_ROOM)
        self._split.setOrientation(Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical)
        self._report.set_room(round(self.height() * _SHARE))
        self._share(self._report.isVisible())
        super().resizeEvent(event)

    def _share(self, reported: bool) -> None:
        """On a small screen the report of a deposit and the list take all the room."""
        self._split.setVisible(not reported or self.height() >= self.context.theme.px(_HIGH))

    def _deposit_folder(self, folder: Path) -> None:
        self.deposit((folder,))
