# SPDX-License-Identifier: GPL-3.0-or-later
"""One meeting: what to bring, its pouch and what became of it."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from forms import preview
from hro_desktop.records.agenda import Appointment, ContactNote
from hro_desktop.records.departures import Departure
from tests.ui.test_agenda import ON, Opened, agenda_of, here, meeting_of, named, opened, panel_editor, words
from tests.ui.test_window import LONG
from ui.pages.meeting import MeetingPage
from ui.pages.page import Place
from ui.pages.pouch import PouchPage
from ui.pages.statement import StatementPage
from ui.printing import engine
from ui.printing.page import PrintPage

__all__ = ["opened"]


@pytest.mark.qt_log_ignore("^This plugin does not support (raise|propagateSizeHints)")  # the screenless platform
def test_a_meeting_is_made_by_keyboard_and_says_what_to_bring(qtbot: QtBot, opened: Opened) -> None:
    agenda_of(qtbot, opened)
    qtbot.keyClick(opened.window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(here(opened, MeetingPage), timeout=LONG)
    page = opened.workspace.page
    assert isinstance(page, MeetingPage)
    qtbot.waitUntil(page.editor.form.isEnabled, timeout=LONG)
    assert "Choisissez pour quoi" in words(page)
    assert not page.print.isEnabled()
    fields = page.editor.form.field
    qtbot.keyClicks(fields("purpose").input, "Signer")
    line = fields("person_id").input.line
    line.setFocus()
    qtbot.keyClicks(line, "Habte")
    qtbot.waitUntil(lambda: line._popup.count() > 0, timeout=LONG)
    qtbot.keyClick(line, Qt.Key.Key_Return)
    day = fields("planned_on").input
    day.setFocus()
    qtbot.keyClicks(day, "20/10/2026")
    fields("time_from").input.setFocus()
    qtbot.waitUntil(lambda: page.meeting is not None, timeout=LONG)
    assert page.title == "Rendez-vous du 20\u00a0oct."
    assert "À demander" in words(page)
    assert page.print.isEnabled()


def test_what_to_ask_read_and_sign_leads_to_each_place(qtbot: QtBot, opened: Opened) -> None:
    page = meeting_of(qtbot, opened)
    qtbot.waitUntil(lambda: "Sans nouvelles depuis le 6\u00a0septembre 2026 (WhatsApp)" in words(page), timeout=LONG)
    assert "Ishag" not in words(page)
    assert [each.line.chip for each in page.parts["read"].buttons] == ["à relire"]
    assert [each.line.chip for each in page.parts["sign"].buttons] == ["à signer"]
    agreement = next(each for each in page.parts["ask"].buttons if each.line.chip == "accord")
    agreement.click()
    assert opened.workspace.page is not None
    assert opened.workspace.page.place == Place("case", opened.case_id, "identity")
    page = meeting_of(qtbot, opened)
    page.parts["read"].buttons[0].click()
    assert isinstance(opened.workspace.page, StatementPage)
    page = meeting_of(qtbot, opened)
    page.parts["sign"].buttons[0].click()
    assert opened.workspace.page is not None
    assert opened.workspace.page.place.page in {"case", "build"}


def test_the_pouch_is_looked_at_then_written_once_noted(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    (tmp_path / "sortie").mkdir()
    page = meeting_of(qtbot, opened)
    qtbot.waitUntil(page.print.isEnabled, timeout=LONG)
    page.print.click()
    qtbot.waitUntil(here(opened, PouchPage), timeout=LONG)
    pouch = opened.workspace.page
    assert isinstance(pouch, PouchPage)
    qtbot.waitUntil(lambda: "page 1 sur" in pouch.preview.place, timeout=LONG)
    assert "Papiers dans la pochette" in words(pouch)
    with opened.desk.read() as session:
        before = len(session.scalars(select(Departure)).all())
    pouch.save_action.click()
    qtbot.waitUntil(lambda: "La pochette est dans" in pouch.message, timeout=LONG)
    (folder,) = (tmp_path / "sortie").iterdir()
    assert folder.name == "pochette-D-2026-0001"
    assert (folder / "pochette.pdf").read_bytes().startswith(b"%PDF")
    with opened.desk.read() as session:
        assert len(session.scalars(select(Departure)).all()) == before + 2
    opened.workspace.on_crumb_clicked()
    assert isinstance(opened.workspace.page, MeetingPage)


def test_the_pouch_is_printed_and_each_of_its_papers_is_noted(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    (tmp_path / "sortie").mkdir()
    page = meeting_of(qtbot, opened)
    qtbot.waitUntil(page.print.isEnabled, timeout=LONG)
    page.print.click()
    qtbot.waitUntil(here(opened, PouchPage), timeout=LONG)
    pouch = opened.workspace.page
    assert isinstance(pouch, PouchPage)
    made = pouch.made
    pouch.print_action.click()
    qtbot.waitUntil(here(opened, PrintPage), timeout=LONG)
    printing = opened.workspace.page
    assert isinstance(printing, PrintPage)
    qtbot.waitUntil(lambda: printing.laid is not None, timeout=LONG)
    printing.choices.printer.setCurrentIndex(printing.choices.printer.place_of(engine.FILE))
    printing.choices.on_printer_edited()
    with opened.desk.read() as session:
        before = {each.id for each in session.scalars(select(Departure))}
    qtbot.waitUntil(printing.print_action.isEnabled, timeout=LONG)
    printing.print_action.click()
    qtbot.waitUntil(lambda: bool(printing.message), timeout=LONG)
    (file,) = (tmp_path / "sortie").glob("*.pdf")
    assert preview.page_count(file.read_bytes()) == made.pages
    with opened.desk.read() as session:
        fresh = [each for each in session.scalars(select(Departure)) if each.id not in before]
        assert [each.channel for each in fresh] == ["impression"] * len(made.packs)
        assert all("1 exemplaire" in each.note for each in fresh)
    printing.on_close_clicked()
    assert isinstance(opened.workspace.page, PouchPage)


def test_a_folder_that_cannot_be_written_is_said_and_the_pouch_stays(qtbot: QtBot, opened: Opened) -> None:
    page = meeting_of(qtbot, opened)
    qtbot.waitUntil(page.print.isEnabled, timeout=LONG)
    page.print.click()
    qtbot.waitUntil(here(opened, PouchPage), timeout=LONG)
    pouch = opened.workspace.page
    assert isinstance(pouch, PouchPage)
    pouch.on_folder(opened.desk.vault.folder)
    qtbot.waitUntil(lambda: bool(pouch.message), timeout=LONG)
    assert pouch.save_action.isEnabled()


def test_a_meeting_that_took_place_is_a_contact_and_that_is_taken_back(qtbot: QtBot, opened: Opened) -> None:
    page = meeting_of(qtbot, opened)
    held = page.after.acts[0]
    held.setFocus()
    qtbot.keyClick(held, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: page.state == "tenu" and page.after.panel.editor is not None, timeout=LONG)
    editor = panel_editor(qtbot, page.after.panel)
    qtbot.waitUntil(lambda: "Joint·e le 16\u00a0octobre 2026 (rencontre)" in words(page), timeout=LONG)
    qtbot.waitUntil(lambda: page.editor.form.isEnabled() and page.editor.form.field("case_id").input.raw() == "")
    assert editor.form.field("words").input.hasFocus()
    qtbot.waitUntil(lambda: "D-2026-0001" in page.editor.form.field("case_id").input.line.text(), timeout=LONG)
    page.after.back.click()
    qtbot.waitUntil(lambda: page.state == "prevu", timeout=LONG)
    with opened.desk.read() as session:
        assert len(session.scalars(select(ContactNote).where(ContactNote.contacted_on == ON)).all()) == 0


def test_what_cannot_be_saved_is_mended_before_the_meeting_is_ended(qtbot: QtBot, opened: Opened) -> None:
    page = meeting_of(qtbot, opened)
    day = page.editor.form.field("planned_on").input
    day.setFocus()
    day.selectAll()
    qtbot.keyClicks(day, "le jour du march")
    page.after.acts[0].click()
    assert day.hasFocus()
    assert "date" in page.editor.form.field("planned_on").problem
    qtbot.wait(100)
    assert page.state == "prevu"


def test_what_was_said_is_written_after_a_meeting_that_was_missed(qtbot: QtBot, opened: Opened) -> None:
    page = meeting_of(qtbot, opened)
    page.after.acts[1].click()
    qtbot.waitUntil(lambda: page.after.panel.editor is not None, timeout=LONG)
    editor = panel_editor(qtbot, page.after.panel)
    editor.form.field("words").input.setPlainText("Parti à Paris 🚆, rappeler lundi")
    editor.on_edited()
    named(page.after, "Terminé").click()
    qtbot.waitUntil(lambda: page.after.panel.editor is None, timeout=LONG)
    with opened.desk.read() as session:
        note = session.scalars(select(ContactNote).where(ContactNote.contacted_on == ON)).one()
        assert (note.reached, note.words) == (False, "Parti à Paris 🚆, rappeler lundi")


def test_the_next_meeting_is_one_press_away_or_to_be_told(qtbot: QtBot, opened: Opened) -> None:
    page = meeting_of(qtbot, opened)
    assert page.after.nexts[0].text() == "Dans une semaine, vendredi 23\u00a0octobre"
    page.after.nexts[0].click()
    qtbot.waitUntil(lambda: opened.workspace.page is not page, timeout=LONG)
    following = opened.workspace.page
    assert isinstance(following, MeetingPage)
    qtbot.waitUntil(lambda: following.title == "Rendez-vous du 23\u00a0oct.", timeout=LONG)
    with opened.desk.read() as session:
        made = session.get_one(Appointment, following.place.record)
        assert (made.time_from, made.purpose, made.state) == ("15:00", "signature", "prevu")
    following.after.nexts[2].click()
    qtbot.waitUntil(lambda: opened.workspace.page is not following, timeout=LONG)
    blank = opened.workspace.page
    assert isinstance(blank, MeetingPage)
    qtbot.waitUntil(blank.editor.form.isEnabled, timeout=LONG)
    assert blank.editor.form.field("planned_on").input.text() == ""
    assert blank.editor.form.field("time_from").input.text() == "15:00"
    with opened.desk.read() as session:
        assert session.get(Appointment, blank.place.record) is None


def test_the_hour_typed_last_is_in_the_pouch_and_on_the_card(qtbot: QtBot, opened: Opened) -> None:
    page = meeting_of(qtbot, opened)
    qtbot.waitUntil(page.print.isEnabled, timeout=LONG)
    hour = page.editor.form.field("time_from").input
    hour.setFocus()
    hour.selectAll()
    qtbot.keyClicks(hour, "14:00")
    page.print.click()
    qtbot.waitUntil(here(opened, PouchPage), timeout=LONG)
    pouch = opened.workspace.page
    assert isinstance(pouch, PouchPage)
    assert "à 14\u00a0h" in pouch.place.given[0].meeting.when
    opened.workspace.on_crumb_clicked()
    back = opened.workspace.page
    assert isinstance(back, MeetingPage)
    qtbot.waitUntil(lambda: back.meeting is not None and "à 14\u00a0h" in words(back), timeout=LONG)
