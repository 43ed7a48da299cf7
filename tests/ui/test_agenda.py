# SPDX-License-Identifier: GPL-3.0-or-later
"""Échéances: the days and what leads from them; what a case awaits."""

import datetime as dt
import gc
import uuid
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from hro_desktop import bootstrap
from hro_desktop.casework import agenda, drafts, editing
from hro_desktop.casework.agenda import AppointmentDraft, ContactNoteDraft, MailDraft, ReminderDraft
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.statements import VersionDraft, add_version
from hro_desktop.demo import run
from hro_desktop.records.agenda import Mail, Reminder
from hro_desktop.records.cases import Case
from hro_desktop.records.statements import Statement
from tests.support.practice import practice_vault
from tests.ui.conftest import Stage, flush_deletes, still, unlock, words
from tests.ui.test_window import LONG
from ui.editor.editor import Editor
from ui.main_window import MainWindow
from ui.pages.agenda import AgendaPage
from ui.pages.case import CasePage
from ui.pages.case_summary import SummaryPart
from ui.pages.home import HomePage
from ui.pages.meeting import MeetingPage
from ui.pages.page import Place
from ui.workspace import Workspace

MakeStage = Callable[..., Stage]
ON = run.NOW.date()


@attrs.frozen
class Opened:
    stage: Stage
    window: MainWindow
    workspace: Workspace
    case_id: uuid.UUID
    person_id: uuid.UUID
    meeting_id: uuid.UUID
    reminder_id: uuid.UUID

    @property
    def desk(self) -> Desk:
        assert self.window.vault is not None
        return self.window.vault.desk


def _planned(folder: Path) -> tuple[uuid.UUID, ...]:
    """A meeting today, one nobody said what became of, a reminder, a letter, a contact of long ago."""
    with bootstrap.open_desk(folder, run.PASSPHRASE, clock=lambda: run.NOW) as desk:
        with desk.read() as session:
            case = session.scalars(select(Case).where(Case.reference == "D-2026-0001")).one()
            case_id, person_id = case.id, case.person_id
        today = AppointmentDraft(
            case_id=case_id, planned_on=ON, time_from="15:00", place_kind="salle", purpose="relecture"
        )
        past = AppointmentDraft(case_id=case_id, planned_on=ON - dt.timedelta(days=3), purpose="accord")
        meeting = desk.run(agenda.save_appointment, today).value
        desk.run(agenda.save_appointment, past)
        due = ReminderDraft(what="Relancer la PASS", due_on=ON + dt.timedelta(days=4), case_id=case_id)
        reminder = desk.run(agenda.save_reminder, due).value
        desk.run(
            agenda.save_mail, MailDraft(received_on=ON, sender="Tribunal judiciaire", subject="avis", case_id=case_id)
        )
        desk.run(
            agenda.save_contact,
            ContactNoteDraft(person_id=person_id, contacted_on=ON - dt.timedelta(days=40), means="whatsapp"),
        )
        with desk.vault.work() as work:
            told = work.session.scalars(select(Statement).where(Statement.author_id == person_id)).first()
            assert told is not None
            add_version(work, told, VersionDraft(language="ar", french_text="Je dormais. Ils ont pris ma tente."))
            work.commit()
    return case_id, person_id, meeting, reminder


@pytest.fixture
def opened(qtbot: QtBot, make_stage: MakeStage, tmp_path: Path) -> Iterator[Opened]:
    stage = make_stage(tmp_path / "sortie")
    folder = practice_vault(tmp_path)
    known = _planned(folder)
    window = stage.window(qtbot, folder)
    yield Opened(stage, window, unlock(qtbot, window), *known)
    window.close()


def named(widget: QWidget, name: str) -> QPushButton:
    found = [each for each in widget.findChildren(QPushButton) if each.text() == name and each.isVisibleTo(widget)]
    assert found, name
    return found[0]


def agenda_of(qtbot: QtBot, opened: Opened) -> AgendaPage:
    opened.workspace.go_to(Place("agenda"))
    page = opened.workspace.page
    assert isinstance(page, AgendaPage)
    qtbot.waitUntil(lambda: page.agenda is not None and len(page.lines) >= 4, timeout=LONG)
    return page


def meeting_of(qtbot: QtBot, opened: Opened) -> MeetingPage:
    opened.workspace.go_to(Place("meeting", opened.meeting_id))
    page = opened.workspace.page
    assert isinstance(page, MeetingPage)
    qtbot.waitUntil(lambda: page.meeting is not None and page.editor.form.isEnabled(), timeout=LONG)
    return page


def here(opened: Opened, kind: type[Any]) -> Callable[[], bool]:
    return lambda: isinstance(opened.workspace.page, kind)


def panel_editor(qtbot: QtBot, panel: Any) -> Editor:
    editor: Editor = panel.editor
    assert editor is not None
    qtbot.waitUntil(editor.form.isEnabled, timeout=LONG)
    return editor


def titles(page: AgendaPage) -> list[str]:
    return [each.line.title for each in page.lines]


def choose(qtbot: QtBot, page: AgendaPage, title: str) -> None:
    line = next(each for each in page.lines if each.line.title.startswith(title))
    line.setFocus()
    qtbot.keyClick(line, Qt.Key.Key_Return)


# ---- the days


def test_the_days_say_every_kind_by_its_name_and_nobody_by_theirs(qtbot: QtBot, opened: Opened) -> None:
    page = agenda_of(qtbot, opened)
    qtbot.waitUntil(lambda: "rappel interne" in words(page), timeout=LONG)
    said = words(page)
    for wanted in ("rendez-vous", "perte de preuve", "rappel interne", "à transmettre", "Avant aujourd’hui"):
        assert wanted in said
    assert "Aujourd’hui, vendredi 16\u00a0octobre" in said
    for name in ("Ishag", "Younès", "Habte", "RIO"):
        assert name not in said
    assert opened.window.windowTitle().count("Ishag") == 0
    assert all(each.accessibleName() for each in page.lines)


def test_a_pill_keeps_its_kind_and_two_widen_the_list(qtbot: QtBot, opened: Opened) -> None:
    page = agenda_of(qtbot, opened)
    pills = {each.text(): each for each in page.pills}
    pills["Rappels internes"].setFocus()
    qtbot.keyClick(pills["Rappels internes"], Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: titles(page) == ["Relancer la PASS"], timeout=LONG)
    qtbot.mouseClick(pills["Rendez-vous"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(page.lines) == 3, timeout=LONG)
    pills["Rappels internes"].click()
    pills["Rendez-vous"].click()
    pills["Échéances légales"].click()
    qtbot.waitUntil(lambda: "Rien de cette nature" in words(page), timeout=LONG)
    page.further.click()
    page.further.click()
    qtbot.waitUntil(lambda: bool(page.lines), timeout=LONG)
    assert not page.further.isVisible()
    assert all(each.line.chip == "échéance légale" for each in page.lines)


def test_each_line_leads_to_its_place(qtbot: QtBot, opened: Opened) -> None:
    page = agenda_of(qtbot, opened)
    choose(qtbot, page, "Rendez-vous Y.\u00a0I., 15\u00a0h")
    assert isinstance(opened.workspace.page, MeetingPage)
    opened.workspace.back()
    page = agenda_of(qtbot, opened)
    choose(qtbot, page, "Tribunal")
    assert opened.workspace.page is page
    editor = panel_editor(qtbot, page.panel)
    assert editor.form.field("sender").input.value() == "Tribunal judiciaire"
    choose(qtbot, page, "Images")
    assert opened.workspace.page is not None
    assert opened.workspace.page.place.page == "incident"


def test_a_reminder_is_made_by_keyboard_and_a_wrong_day_is_said(qtbot: QtBot, opened: Opened) -> None:
    page = agenda_of(qtbot, opened)
    named(opened.workspace, "+ Rappel").click()
    editor = panel_editor(qtbot, page.panel)
    what, due = (editor.form.field(name).input for name in ("what", "due_on"))
    assert what.hasFocus()
    QGuiApplication.clipboard().setText("Appeler Maître Noor 📞")
    what.paste()
    due.setFocus()
    qtbot.keyClicks(due, "31/02/2027")
    named(page, "Terminé").click()
    assert "date" in editor.form.field("due_on").problem
    assert due.hasFocus()
    due.selectAll()
    qtbot.keyClicks(due, "17/10/2026")
    named(page, "Terminé").click()
    qtbot.waitUntil(lambda: page.panel.editor is None, timeout=LONG)
    qtbot.waitUntil(lambda: any(each.startswith("Appeler Maître") for each in titles(page)), timeout=LONG)


def test_a_reminder_is_done_and_that_is_undone(qtbot: QtBot, opened: Opened) -> None:
    page = agenda_of(qtbot, opened)
    choose(qtbot, page, "Relancer")
    panel_editor(qtbot, page.panel)
    assert page.done.isVisible()
    page.done.click()
    qtbot.waitUntil(lambda: "Rappel noté comme fait." in words(page), timeout=LONG)
    qtbot.waitUntil(lambda: page.agenda is not None and len(page.agenda.settled) == 1, timeout=LONG)
    with opened.desk.read() as session:
        assert session.get_one(Reminder, opened.reminder_id).done_on == ON
    page.undone.click()
    qtbot.waitUntil(lambda: page.agenda is not None and page.agenda.settled == (), timeout=LONG)
    with opened.desk.read() as session:
        assert session.get_one(Reminder, opened.reminder_id).done_on is None


def test_a_letter_half_passed_on_is_kept_and_says_what_is_missing(qtbot: QtBot, opened: Opened) -> None:
    page = agenda_of(qtbot, opened)
    choose(qtbot, page, "Tribunal")
    editor = panel_editor(qtbot, page.panel)
    day = editor.form.field("passed_on").input
    day.setFocus()
    qtbot.keyClicks(day, "16/10/2026")
    named(page, "Terminé").click()
    qtbot.waitUntil(lambda: "comment ce courrier a été transmis" in editor.problem, timeout=LONG)
    assert page.panel.editor is editor
    how = editor.form.field("passed_how").input
    how.setFocus()
    qtbot.keyClicks(how, "Lu")
    named(page, "Terminé").click()
    qtbot.waitUntil(lambda: page.panel.editor is None, timeout=LONG)
    qtbot.waitUntil(lambda: any("lu à la personne" in each.line.detail for each in page.lines), timeout=LONG)
    with opened.desk.read() as session:
        assert session.scalars(select(Mail)).one().passed_how == "lu"


def test_locking_in_the_middle_keeps_what_was_typed_and_home_leads_back_to_it(
    qtbot: QtBot, opened: Opened, make_stage: MakeStage
) -> None:
    page = agenda_of(qtbot, opened)
    named(opened.workspace, "+ Courrier reçu").click()
    editor = panel_editor(qtbot, page.panel)
    qtbot.keyClicks(editor.form.field("subject").input, "convocation")
    record = editor.record
    assert record is not None
    folder = opened.desk.vault.folder
    qtbot.keyClick(opened.window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert opened.stage.restarts == [folder]
    with bootstrap.open_desk(folder, run.PASSPHRASE) as desk, desk.read() as session:
        kept = drafts.get(session, "mail", record)
        assert kept is not None
        assert kept.content["draft"]["subject"] == "convocation"
    window = make_stage().window(qtbot, folder)
    workspace = unlock(qtbot, window)
    workspace.go_to(Place("home"))
    home = workspace.page
    assert isinstance(home, HomePage)
    qtbot.waitUntil(lambda: bool(home.resume.lines.buttons), timeout=LONG)
    home.resume.lines.buttons[0].click()
    again = workspace.page
    assert isinstance(again, AgendaPage)
    qtbot.waitUntil(lambda: again.panel.editor is not None and again.panel.editor.form.isEnabled(), timeout=LONG)
    assert again.panel.editor is not None
    assert again.panel.editor.form.field("subject").input.value() == "convocation"
    window.close()


# ---- a case, the first page


def summary_of(qtbot: QtBot, opened: Opened) -> SummaryPart:
    opened.workspace.go_to(Place("case", opened.case_id))
    page = opened.workspace.page
    assert isinstance(page, CasePage)
    part = page.part("summary")
    assert isinstance(part, SummaryPart)
    qtbot.waitUntil(part.follow_up.note.isEnabled, timeout=LONG)
    return part


def test_a_case_says_its_next_meeting_and_its_silence_and_a_contact_ends_it(qtbot: QtBot, opened: Opened) -> None:
    card = summary_of(qtbot, opened).follow_up
    qtbot.waitUntil(lambda: "Sans nouvelles depuis le 6\u00a0septembre 2026 (WhatsApp)" in words(card), timeout=LONG)
    assert [each.line.chip for each in card.lines.buttons] == ["rendez-vous", "rendez-vous", "à transmettre"]
    card.note.click()
    editor = panel_editor(qtbot, card.panel)
    means = editor.form.field("means").input
    assert means.hasFocus()
    qtbot.keyClicks(means, "Sign")
    named(card, "Terminé").click()
    qtbot.waitUntil(lambda: "Joint·e le 16\u00a0octobre 2026 (Signal)" in words(card), timeout=LONG)
    assert "sans nouvelles" not in words(card)
    card.mend.click()
    editor = panel_editor(qtbot, card.panel)
    assert editor.form.field("means").input.value() == "signal"
    card.lines.buttons[1].click()
    assert isinstance(opened.workspace.page, MeetingPage)


def test_a_meeting_begun_from_a_case_is_for_that_case(qtbot: QtBot, opened: Opened) -> None:
    summary_of(qtbot, opened).follow_up.meet.click()
    page = opened.workspace.page
    assert isinstance(page, MeetingPage)
    qtbot.waitUntil(page.editor.form.isEnabled, timeout=LONG)
    assert page.editor.form.field("case_id").input.value() == opened.case_id


def test_home_reads_before_it_says_empty_and_leads_to_an_account_being_typed(qtbot: QtBot, opened: Opened) -> None:
    with opened.desk.read() as session:
        told = session.scalars(select(Statement).where(Statement.author_id == opened.person_id)).first()
        assert told is not None
        statement, version = told.id, told.versions[-1].id
    for noun, record in (("statement_about", statement), ("statement_version", version)):
        with opened.desk.read() as session:
            draft = editing.read(session, noun, record)
        opened.desk.run(drafts.put, noun, record, {"draft": drafts.content_of(draft), "raw": {}})
    fresh = HomePage(opened.stage.context, opened.desk, Place("home"))
    qtbot.addWidget(fresh)
    fresh.show()
    assert {each.said for each in fresh.cards} == {"Lecture du coffre…"}
    fresh.start()
    qtbot.waitUntil(lambda: bool(fresh.leaving.lines.buttons), timeout=LONG)
    assert fresh.leaving.said == ""
    unsaved = [each.line for each in fresh.resume.lines.buttons if each.line.chip == "brouillon"]
    assert [each.place for each in unsaved] == [Place("statement", statement)]
    fresh.close()


# ---- manners


@pytest.mark.parametrize("size", [(1366, 768), (960, 640)])
def test_nothing_is_cut_off(qtbot: QtBot, opened: Opened, size: tuple[int, int]) -> None:
    opened.window.resize(*size)
    for page in (agenda_of(qtbot, opened), meeting_of(qtbot, opened)):
        still(qtbot, opened.window)
        assert (opened.window.width(), opened.window.height()) == size
        for each in page.findChildren(QAbstractButton):
            if each.isVisible() and each.text() and each.property("role") in ("main", "", "link", "pill"):
                assert each.width() >= each.minimumSizeHint().width(), each.text()
                assert each.mapTo(opened.window, each.rect().bottomRight()).x() <= opened.window.width(), each.text()


def test_everything_one_can_act_on_has_a_name_and_a_label(qtbot: QtBot, opened: Opened) -> None:
    days = agenda_of(qtbot, opened)
    named(opened.workspace, "+ Rappel").click()
    panel_editor(qtbot, days.panel)
    pages: tuple[QWidget, ...] = (days, meeting_of(qtbot, opened))
    for page in pages:
        buddies = {id(label.buddy()) for label in page.findChildren(QLabel) if label.buddy() is not None}
        for widget in page.findChildren(QWidget):
            if isinstance(widget, QAbstractButton | QLineEdit):
                assert widget.accessibleName(), widget
            if widget.window() is not opened.window:
                continue  # what a choice opens
            if isinstance(widget, QAbstractScrollArea) and widget.focusPolicy() is not Qt.FocusPolicy.NoFocus:
                assert widget.accessibleName(), widget
            if isinstance(widget, QLineEdit):
                assert id(widget) in buddies, widget


def test_the_eye_covers_who_one_meets(qtbot: QtBot, opened: Opened) -> None:
    page = meeting_of(qtbot, opened)
    who = next(each for each in page.findChildren(QLabel) if each.text() == page.meeting.who)  # type: ignore[union-attr]
    opened.workspace.on_eye_clicked()
    assert who.graphicsEffect() is not None
    opened.workspace.on_eye_clicked()


def test_pages_are_freed(qtbot: QtBot, opened: Opened) -> None:
    freed = []
    for _ in range(2):
        freed.append(weakref.ref(meeting_of(qtbot, opened)))
        opened.workspace.go_to(Place("agenda", opened.reminder_id, "reminder"))
        qtbot.wait(50)
        freed.append(weakref.ref(opened.workspace.page))
        opened.workspace.go_to(Place("cases"))
        qtbot.wait(50)
        flush_deletes()
        gc.collect()
    assert [page() for page in freed] == [None] * 4
