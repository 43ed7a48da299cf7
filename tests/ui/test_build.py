# SPDX-License-Identifier: GPL-3.0-or-later
"""The page on which a referral is prepared: by keyboard and by mouse, in any order, its paper beside it."""

import gc
import uuid
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from hro_desktop import bootstrap
from hro_desktop.casework import builder, cases, drafts, editing, exhibits
from hro_desktop.casework.builder import Build
from hro_desktop.casework.desk import Desk
from hro_desktop.demo import run
from hro_desktop.records.people import Person
from hro_desktop.records.referrals import Referral
from tests.support.practice import practice_vault
from tests.ui.conftest import Stage, flush_deletes
from tests.ui.test_window import LONG, unlock
from ui.build.exhibits import ExhibitsPanel
from ui.build.facts import FactsPanel
from ui.build.panel import Panel
from ui.build.people import PeoplePanel
from ui.build.reading import ReadingPanel
from ui.build.rubric import RubricField
from ui.build.text import TextPanel
from ui.main_window import MainWindow
from ui.pages.build import BuildPage
from ui.pages.case import CasePage
from ui.pages.case_referrals import ReferralsPart
from ui.pages.pack import PackPage
from ui.pages.page import Place
from ui.pages.places import place_of
from ui.workspace import Workspace

MakeStage = Callable[..., Stage]
Opened = tuple[Stage, MainWindow, Workspace]
COMPLAINT = "S-2026-0001"
ALT = Qt.KeyboardModifier.AltModifier
P = TypeVar("P", bound=Panel)


@pytest.fixture
def opened(qtbot: QtBot, make_stage: MakeStage, tmp_path: Path) -> Iterator[Opened]:
    stage = make_stage(tmp_path / "sortie")
    window = stage.window(qtbot, practice_vault(tmp_path, follow_up=True))
    yield stage, window, unlock(qtbot, window)
    window.close()


def desk_of(opened: Opened) -> Desk:
    vault = opened[1].vault
    assert vault is not None
    return vault.desk


def referral(opened: Opened, reference: str = COMPLAINT) -> uuid.UUID:
    with desk_of(opened).read() as session:
        return session.scalars(select(Referral.id).where(Referral.reference == reference)).one()


def page_of(qtbot: QtBot, opened: Opened, part: str = "people", reference: str = COMPLAINT) -> BuildPage:
    workspace = opened[2]
    workspace.go_to(Place("build", referral(opened, reference), part))
    page = workspace.page
    assert isinstance(page, BuildPage)
    qtbot.waitUntil(lambda: page.build is not None, timeout=LONG)
    return page


def panel_of(page: BuildPage, code: str, kind: type[P]) -> P:
    found = page.panel(code)
    assert isinstance(found, kind)
    return found


def now(page: BuildPage) -> Build:
    assert page.build is not None
    return page.build


def seen(qtbot: QtBot, widget: QWidget, text: str) -> QAbstractButton:
    """The button of that name, once it is shown."""

    def found() -> list[QAbstractButton]:
        known = widget.findChildren(QAbstractButton)
        return [each for each in known if text in each.accessibleName() and each.isVisible()]

    qtbot.waitUntil(lambda: bool(found()), timeout=LONG)
    return found()[0]


def words(widget: QWidget) -> str:
    return "\n".join(each.text() for each in widget.findChildren(QLabel) if each.isVisible())


def click(qtbot: QtBot, button: QAbstractButton) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def text_of(qtbot: QtBot, page: BuildPage) -> TextPanel:
    panel = panel_of(page, "text", TextPanel)
    qtbot.waitUntil(panel.editor.form.isEnabled, timeout=LONG)
    qtbot.waitUntil(lambda: bool(panel.rubrics.fields), timeout=LONG)
    return panel


def rubric(panel: TextPanel, name: str, whose: str = "") -> RubricField:
    return next(
        each for each in panel.rubrics.fields.values() if each.rubric.field == name and whose in each.rubric.whose
    )


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


def kept(opened: Opened, kind: str) -> drafts.Kept | None:
    with desk_of(opened).read() as session:
        return drafts.get(session, kind, referral(opened))


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


def test_people_are_taken_out_put_back_and_offered(qtbot: QtBot, opened: Opened) -> None:
    page = page_of(qtbot, opened)
    panel = panel_of(page, "people", PeoplePanel)
    assert "Accord enregistré" in words(panel)
    assert "Mineur·e" in words(panel)
    click(qtbot, seen(qtbot, panel, "Retirer de la saisine\u00a0: Mme Selam Habte"))
    qtbot.waitUntil(lambda: len(now(page).parties) == 1, timeout=LONG)
    qtbot.waitUntil(lambda: "mêmes faits" in words(panel.adder) or "même groupe" in words(panel.adder), timeout=LONG)
    click(qtbot, seen(qtbot, panel.adder, "Ajouter\u00a0: Mme Selam Habte"))
    qtbot.waitUntil(lambda: len(now(page).parties) == 2, timeout=LONG)
    with qtbot.waitSignal(page.go) as gone:
        click(qtbot, seen(qtbot, panel, "Accords et identité\u00a0: M. Younès Ishag"))
    assert gone.args[0].part == "identity"


def test_the_authorities_offered_are_those_of_the_procedure(qtbot: QtBot, opened: Opened) -> None:
    page = page_of(qtbot, opened)
    panel = panel_of(page, "people", PeoplePanel)
    qtbot.waitUntil(panel.against.form.isEnabled, timeout=LONG)
    offered = panel.against.form.field("authority").input
    assert [offered.itemData(at) for at in range(offered.count())] == list(now(page).addressees)
    assert offered.value() == now(page).authority


def test_facts_are_taken_out_and_put_back(qtbot: QtBot, opened: Opened) -> None:
    page = page_of(qtbot, opened, "facts")
    panel = panel_of(page, "facts", FactsPanel)
    click(qtbot, seen(qtbot, panel, "Retirer les faits"))
    qtbot.waitUntil(lambda: not now(page).incidents, timeout=LONG)
    assert "Aucun fait" in words(panel)
    click(qtbot, page.undo.action)
    qtbot.waitUntil(lambda: len(now(page).incidents) == 1, timeout=LONG)


def test_a_reading_becomes_outdated_when_the_text_changes(qtbot: QtBot, opened: Opened) -> None:
    page = page_of(qtbot, opened, "reading")
    panel = panel_of(page, "reading", ReadingPanel)
    first = panel.cards[0]
    click(qtbot, seen(qtbot, first, "Noter la relecture"))
    form = first.read_back.kept.form
    qtbot.waitUntil(lambda: form.isEnabled() and first.read_back.isVisible(), timeout=LONG)
    assert form.field("read_back_language").input.value() == "ar"
    click(qtbot, first.read_back.note)
    qtbot.waitUntil(lambda: now(page).parties[0].read_back is not None, timeout=LONG)
    assert "en arabe" in words(panel)
    assert "le texte a changé" not in words(panel)
    desk = desk_of(opened)
    with desk.read() as session:
        draft = editing.read(session, "referral_text", page.referral_id)
    draft.account = "Un autre exposé."
    opened[0].context.news.publish(desk.run(editing.write, "referral_text", draft).changes)
    qtbot.waitUntil(lambda: "le texte a changé depuis" in words(panel), timeout=LONG)


def test_a_second_reading_is_by_somebody_else(qtbot: QtBot, opened: Opened) -> None:
    page = page_of(qtbot, opened, "reading")
    panel = panel_of(page, "reading", ReadingPanel)
    click(qtbot, panel.note_second)
    assert panel.who.problem
    with desk_of(opened).read() as session:
        found = session.get_one(Referral, page.referral_id)
        writer = found.account_by_id
    assert writer is not None
    panel.who.input.set_value(writer)
    click(qtbot, panel.note_second)
    qtbot.waitUntil(lambda: "quelqu’un d’autre" in page.problem, timeout=LONG)


def test_a_signature_with_its_scan(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    scan = tmp_path / "lettre.pdf"
    scan.write_bytes(b"%PDF-1.4 une lettre de fiction")
    page = page_of(qtbot, opened, "reading")
    panel = panel_of(page, "reading", ReadingPanel)
    first = panel.cards[0]
    click(qtbot, seen(qtbot, first, "Noter la signature"))
    qtbot.waitUntil(lambda: first.signature.kept.form.isEnabled() and first.signature.isVisible(), timeout=LONG)
    opened[0].ask._answers[:] = [scan]
    click(qtbot, first.scan)
    field = first.signature.kept.form.field("signed_evidence_id").input
    qtbot.waitUntil(lambda: bool(field.line.text()), timeout=LONG)
    click(qtbot, first.signature.note)
    qtbot.waitUntil(lambda: now(page).parties[0].scan_id is not None, timeout=LONG)
    assert now(page).parties[0].signed


def test_the_paper_is_beside_and_documents_are_made(qtbot: QtBot, opened: Opened) -> None:
    page = page_of(qtbot, opened)
    opened[1].resize(1500, 900)
    qtbot.waitUntil(lambda: page.paper.pane.pages.count > 1, timeout=LONG)
    assert page.paper.isVisible()
    assert not page.tabs.isVisible()
    click(qtbot, page.actions_[0].button)
    qtbot.waitUntil(lambda: isinstance(opened[2].page, PackPage), timeout=LONG)
    qtbot.keyClick(opened[1], Qt.Key.Key_Escape)
    assert isinstance(opened[2].page, BuildPage)


def test_the_paper_is_a_tab_on_a_small_screen(qtbot: QtBot, opened: Opened) -> None:
    page = page_of(qtbot, opened, "text")
    opened[1].resize(1366, 768)
    QApplication.processEvents()
    assert page.tabs.isVisible()
    assert not page.paper.isVisible()
    click(qtbot, page.tabs.tab("paper"))
    assert page.paper.isVisible()
    assert not panel_of(page, "text", TextPanel).isVisible()
    qtbot.keyClick(page, Qt.Key.Key_3, ALT)
    assert panel_of(page, "exhibits", ExhibitsPanel).isVisible()


@pytest.mark.parametrize("part", list(builder.PARTS))
def test_nothing_is_wider_than_its_place(qtbot: QtBot, opened: Opened, part: str) -> None:
    page = page_of(qtbot, opened, part)
    for size in ((1366, 768), (1440, 900)):
        opened[1].resize(*size)
        QApplication.processEvents()
        assert page.panel(part).minimumSizeHint().width() <= page._fill.viewport().width() - 40


def test_a_referral_is_begun_from_a_case(qtbot: QtBot, opened: Opened) -> None:
    workspace = opened[2]
    with desk_of(opened).read() as session:
        case_id = cases.by_reference(session, "D-2026-0001").id
    workspace.go_to(Place("case", case_id, "referrals"))
    case = workspace.page
    assert isinstance(case, CasePage)
    qtbot.waitUntil(lambda: case.head is not None, timeout=LONG)
    part = case.present
    assert isinstance(part, ReferralsPart)
    click(qtbot, seen(qtbot, workspace, "Préparer une saisine"))
    qtbot.waitUntil(lambda: bool(part.begin._ticks), timeout=LONG)
    for tick in part.begin._ticks.values():
        if "Selam" in tick.text():
            tick.click()
    click(qtbot, seen(qtbot, part.begin, "Commencer\u00a0: Signalement à l’IGPN"))
    qtbot.waitUntil(lambda: isinstance(workspace.page, BuildPage), timeout=LONG)
    page = workspace.page
    assert isinstance(page, BuildPage)
    qtbot.waitUntil(lambda: page.build is not None, timeout=LONG)
    assert now(page).procedure == "saisine_igpn"
    assert len(now(page).parties) == 2
    assert now(page).incidents
    assert now(page).exhibits
    click(qtbot, seen(qtbot, workspace, "Fermer"))
    assert isinstance(workspace.page, CasePage)


def test_the_builder_is_come_to_from_everywhere(qtbot: QtBot, opened: Opened) -> None:
    record = referral(opened)
    assert place_of("referral", record) == Place("build", record)
    stage, window, workspace = opened
    workspace.go_to(Place("home"))
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    line = next(each for each in workspace.palette_.findChildren(QLineEdit))
    qtbot.keyClicks(line, COMPLAINT)
    qtbot.waitUntil(
        lambda: "Saisine" in workspace.palette_._list.item(0).text() if workspace.palette_._list.count() else False,
        timeout=LONG,
    )
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert isinstance(workspace.page, BuildPage)
    assert stage.ask.said == []


def test_locking_in_the_middle_keeps_what_is_typed(qtbot: QtBot, opened: Opened) -> None:
    stage, window, _ = opened
    page = page_of(qtbot, opened, "text")
    panel = text_of(qtbot, page)
    qtbot.waitUntil(lambda: panel.rubrics._typed is not None, timeout=LONG)
    record = page.referral_id
    qtbot.keyClicks(panel.editor.form.field("place").input, " et environs")
    field = rubric(panel, "profession", "Ishag")
    field.input.setText("sans")
    field.input.edited.emit()
    window.lock()
    assert stage.restarts
    with bootstrap.open_desk(stage.restarts[0], run.PASSPHRASE) as desk, desk.read() as session:
        typed = drafts.get(session, "referral_text", record)
        undecided = drafts.get(session, "referral_rubrics", record)
        saved = session.get_one(Referral, record).place
        assert "et environs" in (typed.content["draft"]["place"] if typed is not None else saved)
        assert undecided is not None
        assert "sans" in undecided.content.values()


def test_everything_is_reached_and_has_a_name(qtbot: QtBot, opened: Opened) -> None:
    page = page_of(qtbot, opened)
    for code in builder.PARTS:
        page.show_part(code)
        QApplication.processEvents()
        for each in page.findChildren(QAbstractButton):
            if each.isVisible():
                assert each.accessibleName() or each.text(), type(each)
    assert QGuiApplication.focusWindow() is None or page.isVisible()


def test_a_closed_builder_is_freed(qtbot: QtBot, opened: Opened) -> None:
    gone = weakref.ref(_looked_at(qtbot, opened))
    opened[2].go_to(Place("cases"))
    flush_deletes()
    qtbot.wait(300)
    gc.collect()
    assert gone() is None


def _looked_at(qtbot: QtBot, opened: Opened) -> BuildPage:
    page = page_of(qtbot, opened, "text")
    text_of(qtbot, page)
    qtbot.waitUntil(lambda: page.paper.pane.pages.count > 0, timeout=LONG)
    return page
