# SPDX-License-Identifier: GPL-3.0-or-later
"""Who, which facts, what was read and signed; where the builder is come to, and how it is left."""

import gc
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from hro_desktop import bootstrap
from hro_desktop.casework import builder, cases, drafts, editing
from hro_desktop.demo import run
from hro_desktop.records.referrals import Referral
from tests.ui.building.support import (
    ALT,
    COMPLAINT,
    click,
    desk_of,
    now,
    page_of,
    panel_of,
    referral,
    rubric,
    seen,
    text_of,
)
from tests.ui.conftest import Stage, flush_deletes, words
from tests.ui.test_window import LONG
from ui.build.exhibits import ExhibitsPanel
from ui.build.facts import FactsPanel
from ui.build.people import PeoplePanel
from ui.build.reading import ReadingPanel
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
    writers = panel.against.form.field("declared_as").input
    assert [writers.itemData(at) for at in range(writers.count())] == ["personnes"]  # a complaint is its author's


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

    def freed() -> bool:
        flush_deletes()
        gc.collect()
        return gone() is None

    qtbot.waitUntil(freed, timeout=LONG)  # the page that is drawn may still be on its way


def _looked_at(qtbot: QtBot, opened: Opened) -> BuildPage:
    page = page_of(qtbot, opened, "text")
    text_of(qtbot, page)
    qtbot.waitUntil(lambda: page.paper.pane.pages.count > 0, timeout=LONG)
    return page
