# SPDX-License-Identifier: GPL-3.0-or-later
"""The page on which a referral is prepared: by keyboard and by mouse, in any order, its paper beside it."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from hro_desktop.casework import builder, cases, editing, exhibits
from hro_desktop.records.people import Person
from tests.ui.building.support import (
    ALT,
    click,
    desk_of,
    kept,
    now,
    page_of,
    panel_of,
    referral,
    rubric,
    seen,
    text_of,
)
from tests.ui.conftest import Stage, words
from tests.ui.test_window import LONG
from ui.build.exhibits import ExhibitsPanel
from ui.build.facts import FactsPanel
from ui.build.reading import ReadingPanel
from ui.build.text import TextPanel
from ui.main_window import MainWindow
from ui.pages.page import Place
from ui.workspace import Workspace

MakeStage = Callable[..., Stage]
Opened = tuple[Stage, MainWindow, Workspace]


def test_the_parts_are_gone_through_by_keyboard_in_any_order(qtbot: QtBot, opened: Opened) -> None:
    page = page_of(qtbot, opened)
    assert page.title == "Plainte au procureur de la République"
    assert page.crumb is not None
    assert page.crumb[0].startswith("Y.")
    assert "Ishag" not in page.crumb[0]
    assert page.marks[0][0].startswith("Brouillon enregistré")
    kinds = {"4": ("text", TextPanel), "2": ("facts", FactsPanel), "5": ("reading", ReadingPanel)}
    for key, (code, kind) in kinds.items():
        qtbot.keyClick(page, getattr(Qt.Key, f"Key_{key}"), ALT)
        assert page.steps.present == code
        assert panel_of(page, code, kind).isVisible()
        assert page.steps.step(code).hasFocus()
    qtbot.keyClick(page.steps.step("reading"), Qt.Key.Key_Up)
    assert page.steps.step("text").hasFocus()
    qtbot.keyClick(page.steps.step("text"), Qt.Key.Key_Return)
    assert page.steps.present == "text"
    for code in builder.PARTS:
        assert page.steps.step(code).line
        assert page.steps.step(code).accessibleName().count(",") >= 3


def test_a_step_says_its_state_in_words(qtbot: QtBot, opened: Opened) -> None:
    with desk_of(opened).read() as session:
        draft = editing.read(session, "referral_text", referral(opened))
    draft.account = ""
    desk_of(opened).run(editing.write, "referral_text", draft)
    page = page_of(qtbot, opened)
    waiting = [each for each in now(page).parts if each.state in ("attend", "bloque")]
    assert waiting
    for each in waiting:
        assert any(word in page.steps.step(each.code).line.lower() for word in ("attend", "bloqu"))


def test_each_point_leads_to_its_place(qtbot: QtBot, opened: Opened) -> None:
    page = page_of(qtbot, opened)
    click(qtbot, page.todos.more)
    assert len(page.todos.lines.buttons) == len(now(page).todos)
    held = next(each for each in page.todos.lines.buttons if each.line.place.part == "exhibits")
    qtbot.keyClick(held, Qt.Key.Key_Return)
    assert page.steps.present == "exhibits"
    panel = panel_of(page, "exhibits", ExhibitsPanel)
    assert seen(qtbot, panel, "Ouvrir la pièce\u00a0: pièce n°\u00a01")


def test_dragging_and_keys_put_the_schedule_in_order_and_citations_follow(qtbot: QtBot, opened: Opened) -> None:
    page = page_of(qtbot, opened, "text")
    before = [each.id for each in now(page).exhibits]
    schedule = page.schedule
    schedule.setFocus()
    schedule.setCurrentRow(2)
    qtbot.keyClick(schedule, Qt.Key.Key_Up, ALT)
    qtbot.waitUntil(lambda: now(page).exhibits[1].id == before[2], timeout=LONG)
    assert schedule.currentRow() == 1
    assert [each.number for each in now(page).exhibits] == list(range(1, len(before) + 1))
    viewport = schedule.viewport()
    start = schedule.visualItemRect(schedule.item(0)).center()
    end = schedule.visualItemRect(schedule.item(3)).center() + QPoint(0, 8)
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    for at in (start + QPoint(0, 30), end):
        move = QMouseEvent(
            QEvent.Type.MouseMove,
            QPointF(at),
            QPointF(viewport.mapToGlobal(at)),
            Qt.MouseButton.NoButton,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(viewport, move)
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=end)
    qtbot.waitUntil(lambda: now(page).exhibits[3].id == before[0], timeout=LONG)
    with desk_of(opened).read() as session:
        build = builder.view(session, desk_of(opened), page.referral_id)
    told = next(each for part in build.sections for each in part.rubrics if "pièce n°\u00a04" in each.text)
    assert told  # what the first account said is now said by exhibit 4


def test_exhibits_are_added_taken_out_and_put_back(qtbot: QtBot, opened: Opened) -> None:
    page = page_of(qtbot, opened, "exhibits")
    panel = panel_of(page, "exhibits", ExhibitsPanel)
    before = [each.id for each in now(page).exhibits]
    page.schedule.setFocus()
    page.schedule.setCurrentRow(4)
    qtbot.keyClick(page.schedule, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: len(now(page).exhibits) == len(before) - 1, timeout=LONG)
    click(qtbot, page.undo.action)
    qtbot.waitUntil(lambda: [each.id for each in now(page).exhibits] == before, timeout=LONG)
    page.schedule.setCurrentRow(4)
    qtbot.keyClick(page.schedule, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: len(now(page).exhibits) == len(before) - 1, timeout=LONG)
    qtbot.waitUntil(lambda: "Attestation de Mme Camille Vasseur" in words(panel.adder), timeout=LONG)
    click(qtbot, seen(qtbot, panel.adder, "Ajouter\u00a0: Attestation de Mme Camille Vasseur"))
    qtbot.waitUntil(lambda: now(page).exhibits[-1].id == before[4], timeout=LONG)


def test_an_exhibit_is_called_otherwise_in_this_referral(qtbot: QtBot, opened: Opened) -> None:
    page = page_of(qtbot, opened, "exhibits")
    panel = panel_of(page, "exhibits", ExhibitsPanel)
    panel.open(now(page).exhibits[2].id)
    click(qtbot, seen(qtbot, panel, "Intitulé et chapitre"))
    assert panel.place.editor is not None
    form = panel.place.editor.form
    qtbot.waitUntil(form.isEnabled, timeout=LONG)
    qtbot.keyClicks(form.field("title").input, "Certificat du 13 octobre")
    click(qtbot, seen(qtbot, panel.place, "Terminé"))
    qtbot.waitUntil(lambda: now(page).exhibits[2].title == "Certificat du 13 octobre", timeout=LONG)


def test_a_communicated_exhibit_keeps_its_place(qtbot: QtBot, opened: Opened) -> None:
    desk_of(opened).run(exhibits.freeze, referral(opened), desk_of(opened).today())
    page = page_of(qtbot, opened, "exhibits")
    before = now(page).exhibits
    page.schedule.setFocus()
    page.schedule.setCurrentRow(1)
    with qtbot.assertNotEmitted(page.schedule.moved), qtbot.assertNotEmitted(page.schedule.removed):
        qtbot.keyClick(page.schedule, Qt.Key.Key_Up, ALT)
        qtbot.keyClick(page.schedule, Qt.Key.Key_Delete)
    assert now(page).exhibits == before


def test_a_value_is_for_this_document_only_or_the_record_is_corrected(qtbot: QtBot, opened: Opened) -> None:
    page = page_of(qtbot, opened, "text")
    panel = text_of(qtbot, page)
    field = rubric(panel, "profession", "Ishag")
    was = field.rubric.text
    assert field.source.text() == "depuis Identité"
    field.setFocus()
    field.input.selectAll()
    qtbot.keyClicks(field.input, "Nyala")
    assert field.here.isVisible()
    assert "Identité" in field.in_record.text()
    click(qtbot, field.here)
    qtbot.waitUntil(lambda: rubric(panel, "profession", "Ishag").rubric.mine, timeout=LONG)
    assert rubric(panel, "profession", "Ishag").text == "Nyala"
    assert person(opened).profession == was
    click(qtbot, rubric(panel, "profession", "Ishag").again)
    qtbot.waitUntil(lambda: rubric(panel, "profession", "Ishag").text == was, timeout=LONG)

    field = rubric(panel, "profession", "Ishag")
    field.setFocus()
    field.input.selectAll()
    qtbot.keyClicks(field.input, "Nyala")
    qtbot.keyClick(field.input, Qt.Key.Key_Return)
    assert field.in_record.hasFocus()
    qtbot.keyClick(field.in_record, Qt.Key.Key_Space)
    editor = panel.rubrics.editor.editor
    assert editor is not None
    qtbot.waitUntil(editor.form.isEnabled, timeout=LONG)
    assert editor.form.field("profession").input.text() == "Nyala"  # not typed twice
    click(qtbot, seen(qtbot, panel.rubrics.editor, "Terminé"))
    qtbot.waitUntil(lambda: person(opened).profession == "Nyala", timeout=LONG)
    qtbot.waitUntil(lambda: rubric(panel, "profession", "Ishag").rubric.text == "Nyala", timeout=LONG)
    assert not rubric(panel, "profession", "Ishag").rubric.mine
    assert not rubric(panel, "profession", "Ishag").changed


def person(opened: Opened) -> Person:
    with desk_of(opened).read() as session:
        found = cases.by_reference(session, "D-2026-0001").person
        session.expunge(found)
        return found


@pytest.mark.parametrize("typed", ["un\u202enom", "x" * 4001])
def test_what_cannot_be_printed_is_said_under_the_rubric(qtbot: QtBot, opened: Opened, typed: str) -> None:
    panel = text_of(qtbot, page_of(qtbot, opened, "text"))
    field = rubric(panel, "profession", "Ishag")
    field.input.setText(typed)
    field.input.edited.emit()
    click(qtbot, field.here)
    qtbot.waitUntil(lambda: bool(field.problem), timeout=LONG)
    assert field.text == typed


def test_what_is_typed_when_the_vault_closes_is_kept_and_asks_for_no_job_any_more(qtbot: QtBot, opened: Opened) -> None:
    panel = text_of(qtbot, page_of(qtbot, opened, "text"))
    qtbot.waitUntil(lambda: panel.rubrics._typed is not None, timeout=LONG)
    field = rubric(panel, "profession", "Ishag")
    field.input.setText("menuisier")
    field.input.edited.emit()
    assert panel.rubrics._pause.isActive()
    opened[2].keep_now()
    assert kept(opened, "referral_rubrics") is not None
    assert not panel.rubrics._pause.isActive()


def test_emoji_and_undecided_words_are_kept(qtbot: QtBot, opened: Opened) -> None:
    page = page_of(qtbot, opened, "text")
    panel = text_of(qtbot, page)
    qtbot.waitUntil(lambda: panel.rubrics._typed is not None, timeout=LONG)
    field = rubric(panel, "profession", "Ishag")
    field.input.setText("menuisier 🪚")
    field.input.edited.emit()
    opened[2].go_to(Place("cases"))
    qtbot.waitUntil(lambda: kept(opened, "referral_rubrics") is not None, timeout=LONG)
    again = text_of(qtbot, page_of(qtbot, opened, "text"))
    qtbot.waitUntil(lambda: rubric(again, "profession", "Ishag").changed, timeout=LONG)
    assert rubric(again, "profession", "Ishag").text == "menuisier 🪚"
    click(qtbot, rubric(again, "profession", "Ishag").give_up)
    assert not rubric(again, "profession", "Ishag").changed


def test_an_account_is_inserted_and_saved(qtbot: QtBot, opened: Opened) -> None:
    page = page_of(qtbot, opened, "text")
    panel = text_of(qtbot, page)
    qtbot.waitUntil(
        lambda: any("Insérer" in each.accessibleName() for each in panel.findChildren(QAbstractButton)), timeout=LONG
    )
    before = panel.account.value()
    click(qtbot, seen(qtbot, panel, "Insérer le récit T-2026-0002"))
    assert panel.account.value().startswith(before)
    assert len(panel.account.value()) > len(before)
    qtbot.keyClick(page, Qt.Key.Key_1, ALT)
    qtbot.waitUntil(lambda: len(now(page).account) > len(before), timeout=LONG)


def test_what_changes_elsewhere_is_shown_and_nothing_is_replaced_unseen(qtbot: QtBot, opened: Opened) -> None:
    page = page_of(qtbot, opened, "text")
    panel = text_of(qtbot, page)
    desk = desk_of(opened)
    with desk.read() as session:
        base = editing.read(session, "referral_text", page.referral_id)
    other = editing.KINDS["referral_text"].draft
    assert isinstance(base, other)
    base.place = "Dunkerque"
    opened[0].context.news.publish(desk.run(editing.write, "referral_text", base).changes)
    place = panel.editor.form.field("place").input
    qtbot.waitUntil(lambda: place.text() == "Dunkerque", timeout=LONG)
    place.end(False)
    qtbot.keyClicks(place, " centre")
    base.place = "Lille"
    desk.run(editing.write, "referral_text", base)
    panel.editor.save()
    qtbot.waitUntil(lambda: "ailleurs" in panel.editor.problem, timeout=LONG)
    assert place.text() == "Dunkerque centre"
    with desk.read() as session:
        assert editing.read(session, "referral_text", page.referral_id).place == "Lille"
    qtbot.wait(200)
    panel.editor.save()
    qtbot.waitUntil(lambda: not panel.editor.dirty and not panel.editor.problem, timeout=LONG)
    with desk.read() as session:
        assert editing.read(session, "referral_text", page.referral_id).place == "Dunkerque centre"
