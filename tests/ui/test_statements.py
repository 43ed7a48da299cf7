# SPDX-License-Identifier: GPL-3.0-or-later
"""Récits et attestations: written, read back, sealed, marked, printed, signed, taken back."""

import datetime as dt
import gc
import uuid
import weakref
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from forms import preview
from hro_desktop import bootstrap
from hro_desktop.casework import drafts, editing
from hro_desktop.demo import run
from hro_desktop.records.base import new_id
from hro_desktop.records.people import Person
from hro_desktop.records.statements import Statement
from tests.ui.conftest import OpenPractice, Stage, flush_deletes, still, words
from tests.ui.test_window import LONG
from ui.editor.reader import selected
from ui.main_window import MainWindow
from ui.pages.pack import PackPage
from ui.pages.page import Place
from ui.pages.statement import StatementPage
from ui.pages.statements import StatementsPage
from ui.workspace import Workspace

Opened = tuple[Stage, MainWindow, Workspace]


@pytest.fixture
def opened(open_practice: OpenPractice) -> Opened:
    return open_practice()


def press(qtbot: QtBot, widget: QWidget, name: str) -> None:
    found: list[QPushButton] = []

    def there() -> bool:
        found[:] = [
            each for each in widget.findChildren(QPushButton) if each.text() == name and each.isVisibleTo(widget)
        ]
        return bool(found) and found[0].isEnabled()

    qtbot.waitUntil(there, timeout=LONG)
    found[0].click()


def open_statement(qtbot: QtBot, workspace: Workspace, reference: str) -> StatementPage:
    here = workspace.page
    assert here is not None
    with here.desk.read() as session:
        known = session.scalars(select(Statement.id).where(Statement.reference == reference)).one()
    workspace.go_to(Place("statement", known))
    page = workspace.page
    assert isinstance(page, StatementPage)
    qtbot.waitUntil(lambda: page.view is not None and page.about.form.isEnabled(), timeout=LONG)
    return page


def text_of(page: StatementPage, part: str = "french_text") -> QPlainTextEdit:
    return page.versions.texts[part]


def select_words(text: QPlainTextEdit, wanted: str) -> None:
    whole = text.toPlainText()
    cursor = text.textCursor()
    cursor.setPosition(len(whole[: whole.index(wanted)].encode("utf-16-le")) // 2)
    end = cursor.position() + len(wanted.encode("utf-16-le")) // 2
    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    text.setTextCursor(cursor)


def renew(qtbot: QtBot, page: StatementPage) -> None:
    press(qtbot, page, "Nouvelle version")
    qtbot.waitUntil(lambda: page.versions.editor is not None and page.versions.editor.form.isEnabled(), timeout=LONG)


def test_the_list_is_asked_by_kind_and_state(qtbot: QtBot, opened: Opened) -> None:
    opened[2].go_to(Place("statements"))
    page = opened[2].page
    assert isinstance(page, StatementsPage)
    count = page.table.model().rowCount
    qtbot.waitUntil(lambda: count() == 5, timeout=LONG)
    pills = {each.text(): each for each in page.pills}
    pills["Attestations"].click()
    qtbot.waitUntil(lambda: count() == 3, timeout=LONG)
    pills["Récits"].click()
    qtbot.waitUntil(lambda: count() == 5, timeout=LONG)
    pills["Retirés"].click()
    qtbot.waitUntil(lambda: "Rien ne correspond." in words(page), timeout=LONG)


def test_a_statement_is_written_from_nothing_sealed_and_begun_again(qtbot: QtBot, opened: Opened) -> None:
    _, _, workspace = opened
    workspace.go_to(Place("statements"))
    here = workspace.page
    assert isinstance(here, StatementsPage)
    here.on_new_clicked()
    page = workspace.page
    assert isinstance(page, StatementPage)
    qtbot.waitUntil(page.about.form.isEnabled, timeout=LONG)
    assert "Choisissez d’abord" in words(page)
    assert not page.versions.isVisible()
    form = page.about.form
    kind = form.field("kind").input
    kind.setFocus()
    for _ in range(3):  # the third: a declaration
        qtbot.keyClick(kind, Qt.Key.Key_Down)
    assert kind.value() == "declaration"
    author = form.field("author_id").input.line
    author.setFocus()
    with page.desk.read() as session:
        rahwa = session.scalars(select(Person.id).where(Person.given_names == "Selam")).one()
    form.field("author_id").input.set_value(rahwa)
    form.field("author_id").input.edited.emit()
    qtbot.keyClick(author, Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: page.view is not None, timeout=LONG)
    assert page.place.given is None, "one may come back to it"
    qtbot.waitUntil(lambda: page.versions.editor is not None and page.versions.editor.form.isEnabled(), timeout=LONG)
    assert set(page.versions.texts) == {"original_text", "french_text"}  # her language is Tigrinya

    text = text_of(page)
    text.setFocus()
    qtbot.keyClicks(text, "Je dormais. ")
    text.insertPlainText("😀")  # QtTest presses the keys of ASCII alone
    press(qtbot, page, "Figer cette version")
    qtbot.waitUntil(lambda: page.view is not None and page.view.versions[0].sealed, timeout=LONG)
    qtbot.waitUntil(lambda: page.versions.editor is None, timeout=LONG)
    qtbot.waitUntil(lambda: "elle ne change plus" in words(page), timeout=LONG)
    assert text_of(page).isReadOnly()
    assert text_of(page).toPlainText() == "Je dormais. 😀"
    renew(qtbot, page)
    assert page.view is not None
    assert len(page.view.versions) == 2
    qtbot.waitUntil(lambda: text_of(page).toPlainText() == "Je dormais. 😀", timeout=LONG)


@pytest.mark.qt_log_ignore("^This plugin does not support (raise|propagateSizeHints|grabbing the keyboard)")
@pytest.mark.parametrize("last", ["kind", "author_id"])
def test_the_text_comes_as_soon_as_the_last_thing_is_chosen(qtbot: QtBot, opened: Opened, last: str) -> None:
    _, _, workspace = opened
    workspace.go_to(Place("statement", new_id()))
    page = workspace.page
    assert isinstance(page, StatementPage)
    qtbot.waitUntil(page.about.form.isEnabled, timeout=LONG)
    kind, line = page.about.form.field("kind").input, page.about.form.field("author_id").input.line

    def choose_kind() -> None:
        kind.setFocus()
        kind.showPopup()
        view = kind.view()
        view.setCurrentIndex(kind.model().index(2, 0))
        qtbot.keyClick(view, Qt.Key.Key_Return)
        assert kind.value() == "attestation"

    def choose_author() -> None:
        line.setFocus()
        qtbot.keyClicks(line, "lindgren")
        qtbot.waitUntil(lambda: line._popup.count() == 1, timeout=LONG)
        line._popup.itemClicked.emit(line._popup.item(0))
        assert "Lindgren" in line.text()

    for choose in (choose_author, choose_kind) if last == "kind" else (choose_kind, choose_author):
        assert page.view is None
        choose()
    qtbot.waitUntil(lambda: page.view is not None, timeout=LONG)
    qtbot.waitUntil(page.versions.isVisible, timeout=LONG)


def test_an_empty_version_is_not_sealed(qtbot: QtBot, opened: Opened) -> None:
    page = open_statement(qtbot, opened[2], "T-2026-0003")
    renew(qtbot, page)
    text_of(page).setFocus()
    text_of(page).selectAll()
    qtbot.keyClick(text_of(page), Qt.Key.Key_Delete)
    press(qtbot, page, "Figer cette version")
    qtbot.waitUntil(lambda: "Une version vide ne peut pas être figée" in page.problem, timeout=LONG)
    assert page.view is not None
    assert not page.view.versions[-1].sealed


def test_what_cannot_be_saved_is_not_sealed_and_stays_typed(qtbot: QtBot, opened: Opened) -> None:
    page = open_statement(qtbot, opened[2], "T-2026-0003")
    renew(qtbot, page)
    editor = page.versions.editor
    assert editor is not None
    day = editor.form.field("read_back_on").input
    day.setFocus()
    qtbot.keyClicks(day, "un jour")
    press(qtbot, page, "Figer cette version")
    assert "Ce n’est pas une date" in editor.form.field("read_back_on").problem
    assert day.text() == "un jour"
    assert page.view is not None
    assert not page.view.versions[-1].sealed


def test_each_text_is_read_in_its_direction_and_versions_side_by_side(qtbot: QtBot, opened: Opened) -> None:
    page = open_statement(qtbot, opened[2], "T-2026-0001")
    arabic = text_of(page, "original_text")
    assert arabic.document().defaultTextOption().textDirection() is Qt.LayoutDirection.RightToLeft
    assert text_of(page).document().defaultTextOption().textDirection() is not Qt.LayoutDirection.RightToLeft
    assert arabic.isReadOnly()
    renew(qtbot, page)
    arabic = text_of(page, "original_text")
    assert arabic.document().defaultTextOption().textDirection() is Qt.LayoutDirection.RightToLeft
    editor = page.versions.editor
    assert editor is not None
    language = editor.form.field("language").input
    language.set_value("en")
    language.edited.emit()
    assert arabic.document().defaultTextOption().textDirection() is not Qt.LayoutDirection.RightToLeft
    language.set_value("ar")
    press(qtbot, page, "Côte à côte")
    titles = [each.text() for each in page.versions.findChildren(QLabel)]
    assert "Version 1, en arabe" in titles
    assert "Version 2, en français" in titles


def test_words_are_marked_decided_taken_back_and_put_again(qtbot: QtBot, opened: Opened) -> None:
    page = open_statement(qtbot, opened[2], "T-2026-0001")
    card = page.passages
    press(qtbot, page, "Marquer la sélection")
    assert "pourquoi" in card.problem
    card.reason.set_value("hebergeur")
    press(qtbot, page, "Marquer la sélection")
    assert "Sélectionnez d’abord" in card.problem
    select_words(text_of(page), "deux couvertures")
    press(qtbot, page, "Marquer la sélection")
    qtbot.waitUntil(lambda: "«\u00a0deux couvertures\u00a0»" in words(card), timeout=LONG)
    assert "à décider avec la personne" in words(card)
    assert len(text_of(page).extraSelections()) == 1
    assert page.view is not None
    assert page.view.blocked
    press(qtbot, card, "Masquer")
    assert "Notez qui a posé la question" in card.problem
    card.who.set_value(page.view.volunteers[0][0])
    card.day.set_value(dt.date(2026, 10, 15))
    press(qtbot, card, "Masquer")
    qtbot.waitUntil(lambda: "masqué" in words(card).split("\n"), timeout=LONG)
    assert page.view.blocked == ()
    press(qtbot, card, "Retirer la marque")
    qtbot.waitUntil(lambda: page.view is not None and page.view.marks == (), timeout=LONG)
    press(qtbot, card, "Remettre la marque retirée")
    qtbot.waitUntil(lambda: page.view is not None and len(page.view.marks) == 1, timeout=LONG)
    assert page.view.marks[0].decision == "masquer"


def test_marks_are_counted_in_characters_whatever_stands_before(qtbot: QtBot, opened: Opened) -> None:
    page = open_statement(qtbot, opened[2], "T-2026-0003")
    renew(qtbot, page)
    text = text_of(page)
    qtbot.waitUntil(lambda: bool(text.toPlainText()), timeout=LONG)
    text.moveCursor(QTextCursor.MoveOperation.Start)
    text.setFocus()
    text.insertPlainText("😀😀 chez Rahwa. ")
    select_words(text, "chez Rahwa")
    found = selected(text)
    assert found is not None
    assert (found.quoted, found.start) == ("chez Rahwa", 3)
    page.passages.reason.set_value("nomme_tiers")
    press(qtbot, page, "Marquer la sélection")
    qtbot.waitUntil(lambda: page.view is not None and len(page.view.marks) == 1, timeout=LONG)
    assert page.view is not None
    assert (page.view.marks[0].start, page.view.marks[0].lost) == (3, False)


def test_the_attestation_says_what_is_met_and_prints_through_the_preview(
    qtbot: QtBot, opened: Opened, tmp_path: Path
) -> None:
    stage, _, workspace = opened
    page = open_statement(qtbot, workspace, "T-2026-0003")
    qtbot.waitUntil(lambda: "Lien de parenté" in words(page.paper), timeout=LONG)
    said = words(page.paper)
    assert "Lien de parenté ou d’alliance avec une partie\u00a0: demandé — rempli" in said
    kinship = page.about.form.field("kinship").input
    kinship.set_value(None)
    kinship.edited.emit()
    page.about.save()
    qtbot.waitUntil(lambda: "demandé — à faire" in words(page.paper), timeout=LONG)
    press(qtbot, page, "Imprimer pour écrire à la main")
    qtbot.waitUntil(lambda: isinstance(workspace.page, PackPage), timeout=LONG)
    pack = workspace.page
    assert isinstance(pack, PackPage)
    qtbot.waitUntil(lambda: "parenté" in words(pack), timeout=LONG)
    (tmp_path / "sortie").mkdir()
    stage.ask._answers.append(tmp_path / "sortie")
    pack.save_action.click()
    qtbot.waitUntil(lambda: bool(pack.message), timeout=LONG)
    (written,) = (tmp_path / "sortie").iterdir()
    assert {each.name for each in written.iterdir()} == {"01-attestation.pdf", "02-guide.pdf", "manifeste.json"}
    pack.on_close_clicked()
    assert isinstance(workspace.page, StatementPage)


def test_the_attestation_is_looked_at_while_it_is_written(qtbot: QtBot, opened: Opened) -> None:
    page = open_statement(qtbot, opened[2], "T-2026-0003")
    renew(qtbot, page)
    page.tabs.show_tab("page")
    page.on_tab_chosen("page")
    qtbot.waitUntil(lambda: page.live.isVisible() and page.live.pane.pages.count > 0, timeout=LONG)
    assert not page.paper.isVisible()
    assert preview.find(page.live.pdf, "pamplemousse") is None
    text = text_of(page)
    qtbot.waitUntil(lambda: bool(text.toPlainText()), timeout=LONG)
    text.setFocus()
    text.moveCursor(QTextCursor.MoveOperation.Start)
    qtbot.keyClicks(text, "Un pamplemousse. ")
    page.versions.save()
    qtbot.waitUntil(lambda: preview.find(page.live.pdf, "pamplemousse") is not None, timeout=LONG)
    page.tabs.show_tab("about")
    page.on_tab_chosen("about")
    assert page.paper.isVisible()
    assert not page.live.isVisible()


def test_an_account_of_the_complainant_prints_no_attestation(qtbot: QtBot, opened: Opened) -> None:
    page = open_statement(qtbot, opened[2], "T-2026-0001")
    assert not page.paper.typed.isVisible()
    assert page.paper.scan.isVisible()
    assert not page.tabs.isVisible()


def test_the_signed_scan_is_kept_with_the_statement(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    stage, _, workspace = opened
    page = open_statement(qtbot, workspace, "T-2026-0001")
    scan = tmp_path / "scan.txt"
    scan.write_text("signé")
    stage.ask._answers += [tmp_path / "absent.pdf", scan]
    press(qtbot, page, "Joindre le scan signé…")
    qtbot.waitUntil(lambda: "Rien n’a été ajouté" in page.problem, timeout=LONG)
    press(qtbot, page, "Joindre le scan signé…")
    qtbot.waitUntil(lambda: "Récit signé, T-2026-0001" in words(page.paper), timeout=LONG)
    assert page.problem == ""


def test_a_statement_taken_back_says_so_and_prints_no_more(qtbot: QtBot, opened: Opened) -> None:
    page = open_statement(qtbot, opened[2], "T-2026-0003")
    form = page.about.form
    form.unfold("withdrawn_on")
    day = form.field("withdrawn_on").input
    day.setFocus()
    qtbot.keyClicks(day, "15/10/2026")
    page.about.save()
    qtbot.waitUntil(lambda: page.view is not None and page.view.state == "retire", timeout=LONG)
    assert "retiré le 15" in page.marks[0][0]
    assert not page.paper.typed.isEnabled()
    assert "a retiré son témoignage" in words(page.paper)


def test_locking_in_the_middle_keeps_the_words(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    _, window, workspace = opened
    page = open_statement(qtbot, workspace, "T-2026-0003")
    renew(qtbot, page)
    qtbot.waitUntil(lambda: bool(text_of(page).toPlainText()), timeout=LONG)
    text_of(page).setPlainText("Un mot de plus.")
    version = page.versions.version
    assert version is not None
    window.lock()
    with bootstrap.open_desk(tmp_path / "coffre", run.PASSPHRASE) as desk, desk.read() as session:
        kept = drafts.get(session, "statement_version", version.id)
        saved = editing.read(session, "statement_version", version.id)
    assert "Un mot de plus." in (saved.french_text, kept.content["draft"]["french_text"] if kept else "")


@pytest.mark.parametrize("size", [(1366, 700), (960, 600)])
def test_nothing_is_cut_off(qtbot: QtBot, opened: Opened, size: tuple[int, int]) -> None:
    _, window, workspace = opened
    open_statement(qtbot, workspace, "T-2026-0003")
    window.resize(*size)
    still(qtbot, window)
    for each in window.findChildren(QAbstractButton):
        if each.isVisible() and each.text() and each.property("role") in ("main", "", "link"):
            assert each.width() >= each.minimumSizeHint().width(), each.text()
            assert each.mapTo(window, each.rect().bottomRight()).x() <= window.width(), each.text()


def test_everything_has_a_name_and_a_label_and_the_page_is_freed(qtbot: QtBot, opened: Opened) -> None:
    _, _, workspace = opened
    page = open_statement(qtbot, workspace, "T-2026-0003")
    buddies = {id(label.buddy()) for label in page.findChildren(QLabel) if label.buddy() is not None}
    for each in page.findChildren(QWidget):
        if isinstance(each, QAbstractButton | QLineEdit | QPlainTextEdit) and not each.objectName().startswith("qt_"):
            assert each.accessibleName(), each
        if isinstance(each, QLineEdit | QPlainTextEdit):
            assert id(each) in buddies, each
    gone = weakref.ref(page)
    del page, each
    workspace.go_to(Place("statements"))
    qtbot.waitUntil(lambda: workspace.page is not None and workspace.page.isVisible(), timeout=LONG)
    flush_deletes()
    gc.collect()
    assert gone() is None


def test_an_unknown_statement_shows_an_empty_form(qtbot: QtBot, opened: Opened) -> None:
    opened[2].go_to(Place("statement", uuid.uuid4()))
    page = opened[2].page
    assert isinstance(page, StatementPage)
    qtbot.waitUntil(page.about.form.isEnabled, timeout=LONG)
    assert page.view is None
    assert page.title == "Nouveau récit"
