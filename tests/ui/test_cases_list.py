# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of cases: views, pills, order and columns, by keyboard and by mouse, and what is remembered of them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import attrs
import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from hro_desktop.casework import agenda, cases, views, volunteers
from hro_desktop.casework.case_filters import Filter
from hro_desktop.casework.views import Kept
from tests.support.practice import practice_vault
from tests.ui.conftest import Stage, still, unlock
from tests.ui.test_window import LONG, cases_of, stand_on_cases
from ui.main_window import MainWindow
from ui.pages.cases import CasesPage
from ui.veil import COVERED
from ui.workspace import Workspace

MakeStage = Callable[..., Stage]
Opened = tuple[MainWindow, Workspace, CasesPage]
NB = "\u00a0"


@pytest.fixture
def opened(qtbot: QtBot, make_stage: MakeStage, tmp_path: Path) -> Iterator[Opened]:
    window = make_stage().window(qtbot, practice_vault(tmp_path, follow_up=True))
    window.activateWindow()
    workspace = stand_on_cases(qtbot, unlock(qtbot, window))
    listed(qtbot, cases_of(workspace), 5)
    yield window, workspace, cases_of(workspace)
    window.close()


def column(page: CasesPage, title: str) -> list[str]:
    model = page.table.model()
    at = next(
        n
        for n in range(model.columnCount())
        if str(model.headerData(n, Qt.Orientation.Horizontal)).partition(NB)[0] == title
    )
    return [str(model.index(row, at).data()) for row in range(model.rowCount())]


def listed(qtbot: QtBot, page: CasesPage, count: int) -> list[str]:
    """The references, once there are so many and their rows have come."""

    def there() -> bool:
        shown = column(page, "Dossier")
        return len(shown) == count and "…" not in shown

    qtbot.waitUntil(there, timeout=LONG)
    return column(page, "Dossier")


def choose(menu: QMenu, *texts: str) -> None:
    """Open a menu and take what it says, through its submenus."""
    menu.aboutToShow.emit()
    for text in texts:
        action = next(each for each in menu.actions() if each.text() == text)
        inner = action.menu()
        if isinstance(inner, QMenu):
            menu = inner
        else:
            action.trigger()


def kept(window: MainWindow) -> Kept:
    assert window.vault is not None
    with window.vault.desk.read() as session:
        return views.read(session, window.vault.desk.vault.slot_id, "cases")


def test_each_procedure_has_its_column_in_words(qtbot: QtBot, opened: Opened) -> None:
    window, _, page = opened
    window.resize(1900, 900)
    titles = [
        str(page.table.model().headerData(n, Qt.Orientation.Horizontal)).partition(NB)[0]
        for n in range(page.table.model().columnCount())
    ]
    assert titles[3:8] == ["Plainte", "IGPN", "IGGN", "Défenseur", "Complément"]
    states = column(page, "Plainte")
    assert "en rédaction" in states
    at = page.table.model().index(states.index("en rédaction"), 3)
    assert at.data(Qt.ItemDataRole.AccessibleTextRole) == (f"Plainte au procureur de la République{NB}: en rédaction")
    assert any("images" in each for each in column(page, "Échéance"))


def test_filters_are_typed_and_taken_out_by_keyboard(qtbot: QtBot, opened: Opened) -> None:
    _, _, page = opened
    line = page.bar.line
    qtbot.keyClick(page.table, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(line.hasFocus)
    qtbot.keyClicks(line, "mineur")
    assert page.bar.proposed[0] == "Mineur·es"
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert page.bar.filters == (Filter("minor", "yes"),)
    minors = listed(qtbot, page, 2)
    qtbot.keyClicks(line, "plainte redac")
    assert page.bar.proposed[0] == f"Plainte{NB}: en rédaction"
    qtbot.keyClick(line, Qt.Key.Key_Return)
    (one,) = listed(qtbot, page, 1)
    assert one in minors
    qtbot.keyClick(line, Qt.Key.Key_Backspace)
    assert listed(qtbot, page, 2) == minors
    pill = page.bar.pills[0]
    pill.setFocus()
    qtbot.keyClick(pill, Qt.Key.Key_Delete)
    listed(qtbot, page, 5)
    assert line.hasFocus()


def test_words_are_looked_for_as_they_are_typed(qtbot: QtBot, opened: Opened) -> None:
    _, _, page = opened
    line = page.bar.line
    line.setFocus()
    qtbot.keyClicks(line, "selam")
    assert page.bar.proposed == ()
    assert listed(qtbot, page, 1) == ["D-2026-0002"]
    qtbot.keyClicks(line, " zzzz")
    listed(qtbot, page, 0)
    assert page.bar.filters == (Filter("text", "selam zzzz"),)
    page.bar.clear_action.click()
    line.clear()
    listed(qtbot, page, 5)


@pytest.mark.parametrize("typed", ["\U0001f600" * 80, "x" * 5000, '"OR" (* NEAR', "31/02/2026", "faits 12/10/2026"])
def test_whatever_is_pasted_is_only_words(qtbot: QtBot, opened: Opened, typed: str) -> None:
    _, _, page = opened
    rich = QMimeData()
    rich.setHtml(f"<b>{typed}</b>")
    rich.setText(typed)
    QGuiApplication.clipboard().setMimeData(rich)
    page.bar.line.setFocus()
    page.bar.line.paste()
    qtbot.keyClick(page.bar.line, Qt.Key.Key_Escape)
    qtbot.keyClick(page.bar.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(page.bar.filters) or not typed, timeout=LONG)
    assert page.problem == ""
    assert len(page.bar.line.text()) <= 200


def test_filters_from_the_menu_and_out_by_a_click(qtbot: QtBot, opened: Opened) -> None:
    _, _, page = opened
    choose(page.bar.menu, "Plainte", "En rédaction")
    listed(qtbot, page, 2)
    choose(page.bar.menu, "Personne", "Mineure, ou peut-être")
    listed(qtbot, page, 1)
    assert [each.text() for each in page.bar.pills] == [f"Plainte{NB}: en rédaction", "Mineur·es"]
    assert page.bar.pills[0].accessibleName() == f"Filtre{NB}: Plainte{NB}: en rédaction. L’ôter"
    qtbot.mouseClick(page.bar.pills[1], Qt.MouseButton.LeftButton)
    listed(qtbot, page, 2)
    choose(page.bar.menu, "Plainte", "En rédaction")
    listed(qtbot, page, 5)


def test_headings_and_the_menu_sort(qtbot: QtBot, opened: Opened) -> None:
    _, _, page = opened
    newest = listed(qtbot, page, 5)
    assert newest == sorted(newest, reverse=True)
    heads = page.table.horizontalHeader()
    at = heads.sectionViewportPosition(0) + 20
    qtbot.mouseClick(heads.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(at, 10))
    qtbot.waitUntil(lambda: column(page, "Dossier") == sorted(newest), timeout=LONG)
    assert page.table.model().headerData(0, Qt.Orientation.Horizontal) == f"Dossier{NB}↑"
    assert page.sort_action.accessibleName() == f"Trier la liste{NB}: par Dossier, ordre croissant"
    choose(page.menus[0], "Personne")
    choose(page.menus[0], f"Décroissant{NB}↓")
    people = sorted(column(page, "Personne"), reverse=True)
    qtbot.waitUntil(lambda: column(page, "Personne") == people and "…" not in people, timeout=LONG)
    for order in cases.ORDERS:
        page.on_sorted_by(order)
        listed(qtbot, page, 5)


def test_a_view_is_kept_found_again_renamed_and_removed_with_a_way_back(
    qtbot: QtBot, opened: Opened, make_stage: MakeStage
) -> None:
    window, _, page = opened
    bar = page.views
    choose(page.bar.menu, "Plainte", "En rédaction")
    listed(qtbot, page, 2)
    assert bar.keep_action.isVisible()
    qtbot.mouseClick(bar.keep_action, Qt.MouseButton.LeftButton)
    bar.name.setText("  ça PRESSE ")
    qtbot.keyClick(bar.name, Qt.Key.Key_Return)
    assert bar.said == "Ce nom est déjà pris."
    bar.name.clear()
    qtbot.keyClick(bar.name, Qt.Key.Key_Return)
    assert bar.said == "Donnez un nom à cette vue."
    bar.name.setText("À écrire")
    qtbot.keyClick(bar.name, Qt.Key.Key_Return)
    assert bar.buttons[-1].isChecked()
    qtbot.waitUntil(lambda: [each.name for each in kept(window).views] == ["À écrire"], timeout=LONG)

    bar.buttons[-2].click()
    listed(qtbot, page, 5)
    qtbot.keyClick(bar.buttons[-2], Qt.Key.Key_Right)
    listed(qtbot, page, 2)
    choose(bar.menu, "Renommer…")
    bar.name.setText("Plaintes à écrire")
    qtbot.keyClick(bar.name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: [each.name for each in kept(window).views] == ["Plaintes à écrire"], timeout=LONG)
    choose(bar.menu, "Supprimer")
    qtbot.waitUntil(lambda: kept(window).views == (), timeout=LONG)
    assert bar.said == f"Vue «{NB}Plaintes à écrire{NB}» supprimée."
    qtbot.mouseClick(bar.undo_action, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(kept(window).views) == 1, timeout=LONG)

    assert window.vault is not None
    folder = window.vault.folder
    window.close()
    again = make_stage().window(qtbot, folder)
    other = cases_of(stand_on_cases(qtbot, unlock(qtbot, again)))
    qtbot.waitUntil(lambda: other.views.buttons[-1].text() == "Plaintes à écrire", timeout=LONG)
    other.views.buttons[-1].click()
    listed(qtbot, other, 2)
    again.close()


def test_escape_gives_up_naming_without_leaving_the_page(qtbot: QtBot, opened: Opened) -> None:
    _, workspace, page = opened
    choose(page.menus[0], "Personne")
    page.views.keep_action.click()
    qtbot.keyClick(page.views.name, Qt.Key.Key_Escape)
    assert not page.views.name.isVisible()
    assert workspace.page is page


def test_columns_are_chosen_and_widths_are_remembered(qtbot: QtBot, opened: Opened) -> None:
    window, _, page = opened
    page.show_beside(False)
    qtbot.waitUntil(lambda: "state:saisine_igpn" in page.table.shown)
    assert "charge" not in page.table.shown
    choose(page.menus[1], "Groupe")
    assert "group" in page.table.shown
    choose(page.menus[1], "IGPN")
    assert "state:saisine_igpn" not in page.table.shown
    page.table.horizontalHeader().resizeSection(1, 190)
    qtbot.waitUntil(lambda: kept(window).widths == {"person": 190}, timeout=LONG)
    choose(page.menus[1], "Ajuster les largeurs au contenu")
    choose(page.menus[1], "Largeurs d’origine")
    qtbot.waitUntil(lambda: kept(window).widths == {}, timeout=LONG)
    assert page.table.columnWidth(1) == 112
    choose(page.menus[1], "Selon la place")
    assert "group" not in page.table.shown


def test_locking_keeps_a_width_that_was_just_changed(qtbot: QtBot, opened: Opened, make_stage: MakeStage) -> None:
    window, _, page = opened
    page.table.horizontalHeader().resizeSection(1, 175)
    assert window.vault is not None
    folder = window.vault.folder
    window.lock()
    again = make_stage().window(qtbot, folder)
    other = cases_of(stand_on_cases(qtbot, unlock(qtbot, again)))
    qtbot.waitUntil(lambda: other.table.columnWidth(1) == 175, timeout=LONG)
    again.close()


def test_my_cases_say_that_nobody_knows_who_i_am(qtbot: QtBot, opened: Opened) -> None:
    window, _, page = opened
    page.views.buttons[1].click()
    listed(qtbot, page, 0)
    assert "Réglages, Accès" in page._nothing.text()
    assert window.vault is not None
    desk = window.vault.desk
    who = desk.run(volunteers.save, volunteers.VolunteerDraft(name="Camille", slot_id=desk.vault.slot_id)).value
    with desk.read() as session:
        case = cases.by_reference(session, "D-2026-0003")
        draft = cases.CaseDraft(id=case.id, person_id=case.person_id, in_charge_id=who)
    page.context.news.publish(desk.run(cases.save, draft).changes)
    assert listed(qtbot, page, 1) == ["D-2026-0003"]


def test_what_presses_comes_first_and_changes_with_a_reminder(qtbot: QtBot, opened: Opened) -> None:
    window, _, page = opened
    page.views.buttons[0].click()
    listed(qtbot, page, 5)
    assert window.vault is not None
    desk = window.vault.desk
    with desk.read() as session:
        case_id = cases.by_reference(session, "D-2026-0003").id
    draft = agenda.ReminderDraft(what="Rappeler", due_on=desk.today().replace(day=1), case_id=case_id)
    page.context.news.publish(desk.run(agenda.save_reminder, draft).changes)
    qtbot.waitUntil(lambda: column(page, "Dossier")[0] == "D-2026-0003", timeout=LONG)
    assert column(page, "Échéance")[0].endswith("· rappel")


def test_names_are_covered_and_pseudonyms_are_not(qtbot: QtBot, opened: Opened) -> None:
    _, workspace, page = opened
    assert any("Ishag" in each for each in column(page, "Nom"))
    shown = page.table.itemDelegate()
    workspace.on_eye_clicked()
    for title, covered in ((2, True), (1, False)):
        option = QStyleOptionViewItem()
        shown.initStyleOption(option, page.table.model().index(0, title))
        assert (option.text == COVERED) is covered
    assert page.bar.line.graphicsEffect() is not None
    workspace.on_eye_clicked()


def test_the_case_beside_is_shown_when_asked_for_and_remembered(qtbot: QtBot, opened: Opened) -> None:
    window, _, page = opened
    page.show_beside(False)
    assert not page.pane.isVisible()
    assert page.buttons == (page.new_action,)
    qtbot.mouseClick(page.beside_action, Qt.MouseButton.LeftButton)
    assert page.pane.isVisible()
    assert page.buttons == (page.new_action, page.make_action)
    assert page.beside_action.text() == "Fermer l’aperçu"
    qtbot.waitUntil(lambda: kept(window).beside, timeout=LONG)


@pytest.mark.parametrize("size", [(1366, 768), (960, 600)])
def test_nothing_of_the_head_is_cut(qtbot: QtBot, opened: Opened, size: tuple[int, int]) -> None:
    window, _, page = opened
    window.resize(*size)
    choose(page.bar.menu, "Plainte", "En rédaction")
    choose(page.bar.menu, "Contact", f"Sans nouvelles depuis 180{NB}jours")
    page.views.keep_action.click()
    QApplication.sendPostedEvents()
    for parent in (page.bar, page.views):
        inside = parent.rect()
        for each in parent.findChildren(type(page.new_action)):
            if each.isVisible():
                assert each.width() >= each.minimumSizeHint().width(), each.text()
                corner = each.mapTo(parent, each.rect().bottomRight())
                assert inside.contains(corner), each.text()


def test_the_buttons_of_a_new_case_are_whole_with_large_text(qtbot: QtBot, opened: Opened) -> None:
    window, _, _ = opened
    assert window.vault is not None
    window.on_preferred(attrs.evolve(window.vault.settings, scheme="light", text_percent=150))
    window.resize(1366, 768)
    workspace = window.centralWidget()
    assert isinstance(workspace, Workspace)
    page = cases_of(workspace)
    page.new_action.click()
    qtbot.waitUntil(page.new.action.isVisible, timeout=LONG)
    still(qtbot, window)
    assert page.new.action.width() >= page.new.action.minimumSizeHint().width()
