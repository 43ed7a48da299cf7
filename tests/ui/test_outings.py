# SPDX-License-Identifier: GPL-3.0-or-later
"""Observation: an outing line by line, what stood in the way, what is settled before parting, the debriefing."""

import gc
import uuid
import weakref
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from hro_desktop import bootstrap
from hro_desktop.casework import drafts, editing, outing_places, outings
from hro_desktop.casework.outing_places import NEXT
from hro_desktop.demo import run
from hro_desktop.records.incidents import Incident
from hro_desktop.records.outings import Outing
from tests.ui.conftest import OpenPractice, Stage, flush_deletes, still, words
from tests.ui.test_window import LONG
from ui.main_window import MainWindow
from ui.pages.incident import IncidentPage
from ui.pages.outing import OutingPage
from ui.pages.outing_line import PlaceRow
from ui.pages.outings import OutingsPage
from ui.pages.page import Place
from ui.workspace import Workspace

Opened = tuple[Stage, MainWindow, Workspace]
DOWN, RETURN, TAB = Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Tab


@pytest.fixture
def opened(open_practice: OpenPractice, tmp_path: Path) -> Opened:
    return open_practice(tmp_path / "ailleurs", follow_up=True, outing=True)


def named(qtbot: QtBot, widget: QWidget, name: str) -> QPushButton:
    found: list[QPushButton] = []

    def there() -> bool:
        found[:] = [
            each for each in widget.findChildren(QPushButton) if name in each.accessibleName() and each.isVisible()
        ]
        return bool(found)

    qtbot.waitUntil(there, timeout=LONG)
    return found[0]


def practice_outing(qtbot: QtBot, workspace: Workspace) -> OutingPage:
    page = workspace.page
    assert page is not None
    with page.desk.read() as session:
        (record,) = outings.ids(session)
    workspace.go_to(Place("outing", record))
    shown = workspace.page
    assert isinstance(shown, OutingPage)
    ready(qtbot, shown, 4)
    return shown


def ready(qtbot: QtBot, page: OutingPage, lines: int) -> None:
    qtbot.waitUntil(lambda: len(page.lines.rows) == lines, timeout=LONG)
    qtbot.waitUntil(lambda: all(each.form.isEnabled() for each in page.lines.rows), timeout=LONG)


def cell(row: PlaceRow, name: str) -> Any:
    return row.form.field(name).input


def places(page: OutingPage) -> list[str]:
    return [cell(each, "place").text() for each in page.lines.rows]


def read(page: OutingPage, record: uuid.UUID, noun: str = "incident") -> Any:
    with page.desk.read() as session:
        return editing.read(session, noun, record)


def type_on(qtbot: QtBot, text: str) -> None:
    """Keys go to whatever has the focus."""
    at = QApplication.focusWidget()
    assert at is not None
    qtbot.keyClicks(at, text)


def press(qtbot: QtBot, key: Qt.Key) -> None:
    at = QApplication.focusWidget()
    assert at is not None
    qtbot.keyClick(at, key)


def test_the_list_says_what_is_left_to_do_and_opens_one(qtbot: QtBot, opened: Opened) -> None:
    _, _, workspace = opened
    workspace.go_to(Place("outings"))
    page = workspace.page
    assert isinstance(page, OutingsPage)
    qtbot.waitUntil(lambda: page.table.model().rowCount() == 1, timeout=LONG)
    qtbot.waitUntil(lambda: page.table.model().index(0, 0).data() == "O-2026-0001", timeout=LONG)
    assert page.table.model().index(0, 7).data() == "3\u00a0à faire"
    qtbot.keyClicks(page.look, "dunkerque")
    qtbot.waitUntil(lambda: "Rien ne correspond." in words(page), timeout=LONG)
    page.look.clear()
    page.look.textEdited.emit("")
    page.pills[1].click()
    qtbot.waitUntil(lambda: page.table.model().rowCount() == 0, timeout=LONG)
    page.pills[1].click()
    qtbot.waitUntil(lambda: page.table.model().rowCount() == 1, timeout=LONG)
    qtbot.keyClick(page.table, RETURN)
    assert isinstance(workspace.page, OutingPage)


def new_outing(qtbot: QtBot, window: MainWindow, workspace: Workspace) -> OutingPage:
    """From the list, by Ctrl N, then Ctrl N again to its first place."""
    window.activateWindow()
    workspace.go_to(Place("outings"))
    listed = workspace.page
    assert isinstance(listed, OutingsPage)
    qtbot.waitUntil(lambda: listed.table.model().rowCount() == 1, timeout=LONG)
    qtbot.keyClick(listed.table, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: isinstance(workspace.page, OutingPage), timeout=LONG)
    page = workspace.page
    assert isinstance(page, OutingPage)
    qtbot.waitUntil(page.day.form.isEnabled, timeout=LONG)
    assert page.day.form.field("occurred_on").input.text()
    assert page.day.form.field("territory").input.value() == "calaisis", "as the last time"
    qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(page.lines.line.hasFocus, timeout=LONG)
    return page


def test_an_outing_is_entered_from_nothing_by_keyboard_alone(qtbot: QtBot, opened: Opened) -> None:
    _, window, workspace = opened
    page = new_outing(qtbot, window, workspace)
    for name, arrival, departure, forces, tents in (
        ("red gate", "8h10", "8h55", "crs 61, paf", "12"),
        ("Plage", "11 h 10", "1130", "gendarmerie", "~ 3"),
    ):
        type_on(qtbot, name)
        lines = len(page.lines.rows) + 1
        press(qtbot, RETURN)
        ready(qtbot, page, lines)
        row = page.lines.rows[-1]
        qtbot.waitUntil(lambda row=row: bool(cell(row, "time_from").hasFocus()), timeout=LONG)
        for text in (arrival, departure, forces, tents):
            type_on(qtbot, text)
            press(qtbot, TAB)
        assert cell(row, "present").hasFocus()
        press(qtbot, RETURN)
        assert page.lines.line.hasFocus(), "Enter goes on to the next place"
    assert workspace.page is page
    assert page.told is not None

    def written() -> bool:
        first, second = (read(page, each.record) for each in page.lines.rows)
        return bool(first.tallies) and bool(second.tallies)

    qtbot.waitUntil(written, timeout=LONG)
    first, second = (read(page, each.record) for each in page.lines.rows)
    assert first.site_id is not None
    assert (first.kind, first.time_from, first.time_to) == ("expulsion", "08:10", "08:55")
    assert [(each.kind, each.value) for each in first.assertions] == [
        ("force", "crs"),
        ("unite", "CRS 61"),
        ("force", "paf"),
    ]
    assert (second.site_id, second.place_kind, second.time_to) == (None, "plage", "11:30")
    assert (second.tallies[0].bound, second.tallies[0].value) == ("environ", 3)
    assert first.outing_id == second.outing_id == page.told.outing_id
    assert page.told.reference == "O-2026-0002"
    qtbot.waitUntil(lambda: "≥\u00a012 + ~\u00a03" in words(page.lines), timeout=LONG)


def test_a_line_leads_to_its_sheet_and_back_by_mouse(qtbot: QtBot, opened: Opened) -> None:
    _, window, workspace = opened
    window.activateWindow()
    page = practice_outing(qtbot, workspace)
    row = page.lines.rows[1]
    assert not cell(row, "kind").isVisible(), "one line until one is in it"
    qtbot.mouseClick(cell(row, "time_to"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: cell(row, "kind").isVisible())
    assert not cell(page.lines.rows[0], "kind").isVisible()
    qtbot.mouseClick(cell(row, "observer_ids").pills[1], Qt.MouseButton.LeftButton)
    record = row.record
    sheet = named(qtbot, row, "Ouvrir la fiche F-2026-0006")
    qtbot.mouseClick(sheet, Qt.MouseButton.LeftButton)
    assert isinstance(workspace.page, IncidentPage)
    shown = workspace.page
    qtbot.waitUntil(
        lambda: sum(each.role == "observateur" for each in read_of(shown, record).involvements) == 2, timeout=LONG
    )
    workspace.back()
    again = workspace.page
    assert isinstance(again, OutingPage)
    ready(qtbot, again, 4)
    assert "à écrire\u00a0: attestation de M.\u00a0T." in words(again.lines)


def read_of(page: Any, record: uuid.UUID) -> Any:
    with page.desk.read() as session:
        return editing.read(session, "incident", record)


def test_another_hour_moves_the_line_and_undo_takes_it_back(qtbot: QtBot, opened: Opened) -> None:
    _, window, workspace = opened
    window.activateWindow()
    page = practice_outing(qtbot, workspace)
    assert places(page) == ["Red Gate", "Vieux Silo", "Les Peupliers", "plage, accès 3"]
    arrival = cell(page.lines.rows[0], "time_from")
    arrival.setFocus()
    arrival.selectAll()
    qtbot.keyClicks(arrival, "10h30")
    qtbot.keyClick(arrival, DOWN)
    assert cell(page.lines.rows[1], "time_from").hasFocus(), "arrows go from line to line"
    qtbot.waitUntil(lambda: read(page, page.lines.rows[0].record).time_from == "10:30", timeout=LONG)
    assert places(page)[0] == "Red Gate", "nothing slips away under the cursor"
    page.debrief.form.focus_first()
    page.start()
    qtbot.waitUntil(lambda: places(page)[2] == "Red Gate", timeout=LONG)
    undo = named(qtbot, window, "Défaire")
    assert undo.isEnabled()
    undo.click()
    qtbot.waitUntil(lambda: places(page)[0] == "Red Gate", timeout=LONG)
    assert read(page, page.lines.rows[0].record).time_from == "08:10"


def test_a_place_is_taken_out_and_put_back(qtbot: QtBot, opened: Opened) -> None:
    page = practice_outing(qtbot, opened[2])
    row = page.lines.rows[2]
    row.set_open(shown=True)
    named(qtbot, row, "Retirer de la sortie\u00a0: Les Peupliers").click()
    qtbot.waitUntil(lambda: len(page.lines.rows) == 3, timeout=LONG)
    assert "Sa fiche F-2026-0007 reste dans Faits" in words(page.lines)
    named(qtbot, page, "Remettre ce lieu").click()
    ready(qtbot, page, 4)
    assert places(page)[2] == "Les Peupliers"


def test_bad_input_is_said_and_a_lock_in_the_middle_keeps_all(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    _, window, workspace = opened
    window.activateWindow()
    page = practice_outing(qtbot, workspace)
    assert page.told is not None
    outing, row = page.told.outing_id, page.lines.rows[0]
    tents = cell(row, "tents")
    tents.setFocus()
    tents.selectAll()
    qtbot.keyClicks(tents, "beaucoup")
    cell(row, "time_to").setFocus()
    assert "Ce n’est pas un nombre" in row.form.field("tents").problem
    cell(row, "time_to").selectAll()
    qtbot.keyClicks(cell(row, "time_to"), "25h")
    rich = QMimeData()
    rich.setHtml("<b>collé</b>")
    rich.setText("collé 😀 " + "x" * 300_000)
    cell(row, "remarks").insertFromMimeData(rich)
    assert "trop long" in row.form.field("remarks").problem
    rich.setText("collé 😀 ")
    cell(row, "remarks").insertFromMimeData(rich)
    page.debrief.form.field("debrief").input.setPlainText("Une phrase au milieu")
    QGuiApplication.clipboard().setText("Hôpital 👋")
    page.lines.line.paste()
    record = row.record
    window.lock()
    flush_deletes()
    with bootstrap.open_desk(tmp_path / "coffre", run.PASSPHRASE) as desk, desk.read() as session:
        kept = drafts.get(session, "incident.place", record)
        assert kept is not None
        assert kept.content["raw"] == {"tents": "beaucoup", "time_to": "25h"}
        assert kept.content["draft"]["remarks"].startswith("collé 😀 équipe")
        debrief = drafts.get(session, "outing.debrief", outing)
        saved = editing.read(session, "outing", outing).debrief
        assert "Une phrase au milieu" in (debrief.content["draft"]["debrief"] if debrief else saved)
        following = drafts.get(session, NEXT, outing)
        assert following is not None
        assert following.content["draft"]["place"] == "Hôpital 👋"
        assert editing.read(session, "incident", record).time_to == "08:55"
        shown = outing_places.page(session, record)
        assert shown is not None
        assert shown.told.outing_id == outing, "what was typed of a place leads to its outing"


def test_what_was_kept_is_there_again(qtbot: QtBot, opened: Opened) -> None:
    _, _, workspace = opened
    page = practice_outing(qtbot, workspace)
    record = page.lines.rows[0].record
    cell(page.lines.rows[0], "arrests").setText("quelques")
    cell(page.lines.rows[0], "arrests").edited.emit()
    page.lines.line.setText("Vers la gare")
    page.lines.line.edited.emit()
    workspace.go_to(Place("outings"))
    qtbot.wait(50)
    workspace.go_to(Place("outing", record))
    again = workspace.page
    assert isinstance(again, OutingPage)
    ready(qtbot, again, 4)
    qtbot.waitUntil(lambda: cell(again.lines.rows[0], "arrests").text() == "quelques", timeout=LONG)
    qtbot.waitUntil(lambda: again.lines.line.text() == "Vers la gare", timeout=LONG)


def test_a_place_waits_for_the_day_of_its_outing(qtbot: QtBot, opened: Opened) -> None:
    _, window, workspace = opened
    window.activateWindow()
    fresh = uuid.uuid4()
    workspace.go_to(Place("outing", fresh))
    page = workspace.page
    assert isinstance(page, OutingPage)
    qtbot.waitUntil(page.day.form.isEnabled, timeout=LONG)
    page.day.form.field("occurred_on").input.setText("le trente-deux")
    page.lines.line.setText("Hôpital")
    page.lines.line.setFocus()
    qtbot.keyClick(page.lines.line, RETURN)
    assert "Notez d’abord le jour" in page.problem
    assert page.lines.line.text() == "Hôpital"
    page.day.form.field("occurred_on").input.setText("hier")
    page.lines.line.setFocus()
    qtbot.keyClick(page.lines.line, RETURN)
    ready(qtbot, page, 1)
    assert page.problem == ""
    with page.desk.read() as session:
        assert session.get(Outing, fresh) is not None


def test_names_are_covered_by_the_eye(qtbot: QtBot, opened: Opened) -> None:
    stage, _, workspace = opened
    page = practice_outing(qtbot, workspace)
    stage.context.veil.toggle()
    covered = [each for each in page.findChildren(QLabel) if each.graphicsEffect() is not None]
    assert any("I. C." in each.text() for each in covered)
    stage.context.veil.toggle()


@pytest.mark.parametrize("size", [(1366, 700), (960, 600)])
@pytest.mark.parametrize("percent", [100, 150])
def test_nothing_is_cut_off(qtbot: QtBot, opened: Opened, size: tuple[int, int], percent: int) -> None:
    import attrs

    _, window, _ = opened
    assert window.vault is not None
    if percent != 100:
        window.on_preferred(attrs.evolve(window.vault.settings, text_percent=percent))
        if size[0] < 1366:
            return  # more than this frame was made for
    workspace = window.centralWidget()
    assert isinstance(workspace, Workspace)
    page = practice_outing(qtbot, workspace)
    window.resize(*size)
    page.lines.rows[0].set_open(shown=True)
    still(qtbot, window)
    for each in page.findChildren(QAbstractButton):
        if each.isVisible() and each.text() and each.property("role") in ("main", "", "link"):
            assert each.width() >= each.minimumSizeHint().width(), each.text()
            assert each.mapTo(window, each.rect().bottomRight()).x() <= window.width(), each.text()
    for line in page.lines.rows[0].findChildren(QLineEdit):
        if line.isVisible():
            assert line.fontMetrics().horizontalAdvance(line.text()) + 14 <= line.width(), line.text()


def test_everything_has_a_name_and_the_page_is_freed(qtbot: QtBot, opened: Opened) -> None:
    _, _, workspace = opened
    page = practice_outing(qtbot, workspace)
    page.lines.rows[0].set_open(shown=True)
    buddies = {id(label.buddy()) for label in page.findChildren(QLabel) if label.buddy() is not None}
    for each in page.findChildren(QWidget):
        if isinstance(each, QAbstractButton | QLineEdit) and not each.objectName().startswith("qt_"):
            assert each.accessibleName(), each
        if isinstance(each, QLineEdit):
            assert id(each) in buddies or each.parent() is not None, each
    gone = weakref.ref(page)
    del page, each
    workspace.go_to(Place("outings"))
    qtbot.wait(100)
    flush_deletes()
    gc.collect()
    assert gone() is None


def test_the_empty_list_says_what_it_is_for() -> None:
    assert "+ Sortie" in OutingsPage.empty
    assert Incident.__tablename__ in OutingsPage.tables
