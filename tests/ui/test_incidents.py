# SPDX-License-Identifier: GPL-3.0-or-later
"""Faits: noted in a few fields, completed later, read beside what the vault knows of them."""

import gc
import uuid
import weakref
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from hro_desktop import bootstrap
from hro_desktop.casework import drafts, editing, incident_overview
from hro_desktop.demo import run
from hro_desktop.records.incidents import Incident
from tests.ui.conftest import OpenPractice, Stage, flush_deletes, still, words
from tests.ui.test_window import LONG
from ui.lines import LineButton
from ui.main_window import MainWindow
from ui.pages.incident import IncidentPage
from ui.pages.incidents import IncidentsPage
from ui.pages.page import Place
from ui.pages.statement import StatementPage
from ui.workspace import Workspace

Opened = tuple[Stage, MainWindow, Workspace]


@pytest.fixture
def opened(open_practice: OpenPractice) -> Opened:
    return open_practice(follow_up=True, outing=True)


def named(qtbot: QtBot, widget: QWidget, name: str) -> QPushButton:
    found: list[QPushButton] = []

    def there() -> bool:
        found[:] = [
            each for each in widget.findChildren(QPushButton) if name in each.accessibleName() and each.isVisible()
        ]
        return bool(found)

    qtbot.waitUntil(there, timeout=LONG)
    return found[0]


def list_of(qtbot: QtBot, workspace: Workspace) -> IncidentsPage:
    workspace.go_to(Place("incidents"))
    page = workspace.page
    assert isinstance(page, IncidentsPage)
    qtbot.waitUntil(lambda: page.table.model().rowCount() > 0, timeout=LONG)
    qtbot.waitUntil(lambda: page.table.model().index(0, 0).data() != "…", timeout=LONG)
    return page


def id_of(workspace: Workspace, reference: str) -> uuid.UUID:
    page = workspace.page
    assert page is not None
    with page.desk.read() as session:
        return session.scalars(select(Incident.id).where(Incident.reference == reference)).one()


def read(workspace: Workspace, record: uuid.UUID) -> Any:
    page = workspace.page
    assert page is not None
    with page.desk.read() as session:
        return editing.read(session, "incident", record)


def open_incident(qtbot: QtBot, workspace: Workspace, reference: str) -> IncidentPage:
    workspace.go_to(Place("incident", id_of(workspace, reference)))
    page = workspace.page
    assert isinstance(page, IncidentPage)
    qtbot.waitUntil(lambda: page.title == reference and page.editor.form.isEnabled(), timeout=LONG)
    return page


def references(page: IncidentsPage) -> list[str]:
    model = page.table.model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def test_the_list_says_what_is_missing_and_pills_narrow_it(qtbot: QtBot, opened: Opened) -> None:
    page = list_of(qtbot, opened[2])
    assert len(references(page)) == 8
    shown = {references(page)[row]: page.table.model().index(row, 6).data() for row in range(8)}
    assert shown["F-2026-0001"] == "complet"
    assert shown["F-2026-0004"] == "à compléter\u00a0: heure de fin, base légale"
    violence, evictions, week, incomplete = page.pills
    evictions.click()
    qtbot.waitUntil(lambda: page.table.model().rowCount() == 5, timeout=LONG)
    incomplete.click()
    qtbot.waitUntil(lambda: page.table.model().rowCount() == 2, timeout=LONG)
    evictions.click()
    incomplete.click()
    violence.click()
    qtbot.waitUntil(lambda: "Rien ne correspond." in words(page), timeout=LONG)
    violence.click()
    week.click()  # the practice day is a Friday, two days after
    qtbot.waitUntil(lambda: page.asked().filters.get("since") is not None)
    week.click()
    page.look.setFocus()
    qtbot.keyClicks(page.look, "halage")
    qtbot.waitUntil(lambda: page.table.model().rowCount() == 1, timeout=LONG)
    qtbot.waitUntil(lambda: references(page) == ["F-2026-0002"], timeout=LONG)


def test_the_heading_of_the_day_turns_the_list_round(qtbot: QtBot, opened: Opened) -> None:
    page = list_of(qtbot, opened[2])
    page.table.sorted_by.emit("day")
    qtbot.waitUntil(lambda: references(page)[0] == "F-2026-0002", timeout=LONG)
    page.table.sorted_by.emit("day")
    qtbot.waitUntil(lambda: references(page)[0] == "F-2026-0008", timeout=LONG)


def test_facts_are_noted_with_the_keyboard_alone_and_saved_as_soon_as_they_can_be(qtbot: QtBot, opened: Opened) -> None:
    _, _, workspace = opened
    page = list_of(qtbot, workspace)
    qtbot.keyClick(page.table, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: isinstance(workspace.page, IncidentPage), timeout=LONG)
    fresh = workspace.page
    assert isinstance(fresh, IncidentPage)
    qtbot.waitUntil(fresh.editor.form.isEnabled, timeout=LONG)
    form = fresh.editor.form
    qtbot.waitUntil(lambda: "D’abord l’essentiel" in words(fresh), timeout=LONG)
    for name in ("involvements", "time_to", "assertions", "tallies", "note"):
        assert not form.field(name).isVisible(), "folded until wanted"
    kind = form.field("kind").input
    kind.setFocus()
    qtbot.keyClicks(kind, "viol")
    assert kind.value() == "violences"
    qtbot.keyClick(kind, Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: fresh.title.startswith("F-2026-"), timeout=LONG)
    day = form.field("occurred").input
    qtbot.keyClicks(day, "hier")
    qtbot.keyClick(day, Qt.Key.Key_Tab)
    place = form.field("place").input
    place.setFocus()
    qtbot.keyClicks(place, "Parking de l")
    place.insert("’hôpital 😀")  # QtTest presses the keys of ASCII alone
    start = form.field("time_from").input
    start.setFocus()
    qtbot.keyClicks(start, "7h05")
    record = fresh.editor.record
    assert record is not None
    list_of(qtbot, workspace)  # leaving saves
    qtbot.waitUntil(lambda: read(workspace, record).time_from == "07:05", timeout=LONG)
    known = read(workspace, record)
    assert (known.kind, known.place) == ("violences", "Parking de l’hôpital 😀")
    assert known.occurred


def test_what_is_missing_leads_to_its_field(qtbot: QtBot, opened: Opened) -> None:
    page = open_incident(qtbot, opened[2], "F-2026-0004")
    end = page.editor.form.field("time_to").input
    assert not end.isVisible()
    named(qtbot, page, "Compléter\u00a0: heure de fin").click()
    assert end.isVisible()
    qtbot.keyClicks(end, "7 h 30")
    page.editor.save()
    qtbot.waitUntil(
        lambda: "heure de fin" not in [each.text() for each in page.findChildren(QPushButton)], timeout=LONG
    )
    assert read(opened[2], page.editor.record or uuid.uuid4()).time_to == "07:30"
    undo = next(each for each in page.buttons if each.text().startswith("Défaire"))
    qtbot.waitUntil(undo.isEnabled, timeout=LONG)
    undo.click()
    qtbot.waitUntil(lambda: read(opened[2], page.editor.record or uuid.uuid4()).time_to == "", timeout=LONG)


def test_people_and_assertions_are_lines_until_they_are_opened(qtbot: QtBot, opened: Opened) -> None:
    page = open_incident(qtbot, opened[2], "F-2026-0001")
    many = page.editor.form.field("assertions").input
    heads = lambda: [each.accessibleName() for each in many.findChildren(QPushButton) if each.isCheckable()]  # noqa: E731
    wanted = "Déplier\u00a0: RIO relevé\u00a0: 0990417 — selon Mme Camille Vasseur"
    qtbot.waitUntil(lambda: wanted in heads(), timeout=LONG)
    assert not many.findChildren(QLineEdit), "fields are made when they are wanted"
    head = next(each for each in many.findChildren(QPushButton) if each.accessibleName() == wanted)
    head.click()
    value = next(each for each in many.findChildren(QLineEdit) if each.text() == "0990417")
    value.setFocus()
    value.selectAll()
    qtbot.keyClicks(value, "0990418")
    assert "0990418" in head.accessibleName()
    page.editor.save()
    record = page.editor.record or uuid.uuid4()
    qtbot.waitUntil(lambda: any(each.value == "0990418" for each in read(opened[2], record).assertions), timeout=LONG)
    assert len(read(opened[2], record).assertions) == 11


def test_bad_input_keeps_everything_typed_through_a_lock(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    _, window, workspace = opened
    page = open_incident(qtbot, workspace, "F-2026-0004")
    record = page.editor.record
    assert record is not None
    day = page.editor.form.field("occurred").input
    day.setFocus()
    day.selectAll()
    qtbot.keyClicks(day, "le trente-deux")
    page.editor.form.field("place").input.setFocus()
    assert "Ce n’est pas une date" in page.editor.form.field("occurred").problem
    note = page.editor.form.field("note").input
    rich = QMimeData()
    rich.setHtml("<b>coll\u00e9</b>")
    rich.setText("coll\u00e9 😀 ")
    note.insertFromMimeData(rich)
    rich.setText("mot " * 100_000)
    note.insertFromMimeData(rich)
    assert "trop long" in page.editor.form.field("note").problem
    assert note.raw() == "collé 😀 "
    window.lock()
    with bootstrap.open_desk(tmp_path / "coffre", run.PASSPHRASE) as desk, desk.read() as session:
        kept = drafts.get(session, "incident", record)
        assert kept is not None
        assert kept.content["raw"]["occurred"] == "le trente-deux"
        assert kept.content["draft"]["note"].startswith("collé 😀")
        assert editing.read(session, "incident", record).occurred == "2026-10-02"


def test_an_observer_who_has_not_written_is_one_press_from_it(qtbot: QtBot, opened: Opened) -> None:
    _, _, workspace = opened
    page = open_incident(qtbot, workspace, "F-2026-0005")
    qtbot.waitUntil(lambda: "1\u00a0personne n’a pas encore écrit." in words(page), timeout=LONG)
    lines = {each.line.title: each for each in page.findChildren(LineButton)}
    assert lines["Mme Inès Carlier"].line.chip == "écrite"
    lines["M. Maël Toussaint"].click()
    fresh = workspace.page
    assert isinstance(fresh, StatementPage)
    qtbot.waitUntil(fresh.about.form.isEnabled, timeout=LONG)
    assert fresh.about.form.field("kind").input.value() == "attestation"
    assert len(fresh.about.form.field("incident_ids").input.value()) == 1


def test_names_are_covered_by_the_eye(qtbot: QtBot, opened: Opened) -> None:
    stage, _, workspace = opened
    page = open_incident(qtbot, workspace, "F-2026-0005")
    qtbot.waitUntil(lambda: bool(page.findChildren(LineButton)), timeout=LONG)
    stage.context.veil.toggle()
    many = page.editor.form.field("involvements").input
    heads = [each for each in many.findChildren(QPushButton) if each.isCheckable()]
    assert heads
    assert all(each.graphicsEffect() is not None for each in heads)
    stage.context.veil.toggle()


@pytest.mark.parametrize("size", [(1366, 700), (960, 600)])
def test_nothing_is_cut_off(qtbot: QtBot, opened: Opened, size: tuple[int, int]) -> None:
    _, window, workspace = opened
    open_incident(qtbot, workspace, "F-2026-0004")
    window.resize(*size)
    still(qtbot, window)
    for each in window.findChildren(QAbstractButton):
        if each.isVisible() and each.text() and each.property("role") in ("main", "", "link"):
            assert each.width() >= each.minimumSizeHint().width(), each.text()
            assert each.mapTo(window, each.rect().bottomRight()).x() <= window.width(), each.text()


def test_everything_has_a_name_and_the_page_is_freed(qtbot: QtBot, opened: Opened) -> None:
    _, _, workspace = opened
    page = open_incident(qtbot, workspace, "F-2026-0001")
    for each in page.findChildren(QWidget):
        if isinstance(each, QAbstractButton | QLineEdit) and not each.objectName().startswith("qt_"):
            assert each.accessibleName(), each
    gone = weakref.ref(page)
    del page, each
    list_of(qtbot, workspace)
    flush_deletes()
    gc.collect()
    assert gone() is None


def test_an_empty_vault_says_what_the_page_is_for() -> None:
    assert "+ Faits" in IncidentsPage.empty
    assert incident_overview.EVICTIONS[0] == "expulsion"
