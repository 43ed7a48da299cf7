# SPDX-License-Identifier: GPL-3.0-or-later
"""F1: the help of the page one stands on, read and left with the keyboard, beside the page where there is room."""

from collections.abc import Callable
from pathlib import Path

import attrs
import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QColor, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.conftest import OpenPractice, Stage, still
from ui.help import book
from ui.help.panel import HelpPanel
from ui.main_window import MainWindow
from ui.pages import ROUTES
from ui.pages.page import Place
from ui.theme import Theme
from ui.unlock import UnlockPage
from ui.workspace import Workspace

MakeStage = Callable[..., Stage]
LONG = 60_000


@pytest.fixture
def window(qtbot: QtBot, open_practice: OpenPractice) -> MainWindow:
    made = open_practice()[1]
    still(qtbot, made)
    return made


def inside(window: MainWindow) -> Workspace:
    workspace = window.centralWidget()
    assert isinstance(workspace, Workspace)
    return workspace


def press(key: Qt.Key) -> None:
    held = QApplication.focusWidget()
    assert held is not None
    QTest.keyClick(held, key)


def holds_the_keyboard(panel: HelpPanel) -> bool:
    held = QApplication.focusWidget()
    return held is not None and panel.isAncestorOf(held)


def links(panel: HelpPanel) -> list[str]:
    found, block = [], panel.reader.document().begin()
    while block.isValid():
        piece = block.begin()
        while not piece.atEnd():
            form = piece.fragment().charFormat()
            if form.isAnchor():
                found.append(form.anchorHref())
            piece += 1
        block = block.next()
    return found


def test_f1_opens_the_help_of_the_page_and_escape_gives_the_keyboard_back(qtbot: QtBot, window: MainWindow) -> None:
    workspace = inside(window)
    workspace.go_to(Place("cases"))
    still(qtbot, window)
    before = QApplication.focusWidget()
    press(Qt.Key.Key_F1)
    assert workspace.help.shown == "dossiers"
    assert holds_the_keyboard(workspace.help)
    assert workspace.help.reader.toPlainText().startswith("Dossiers\n")
    press(Qt.Key.Key_Escape)
    assert workspace.help.shown == ""
    assert QApplication.focusWidget() is before
    assert workspace.page is not None
    assert workspace.page.place.page == "cases", "Escape closed the help and left the page where it is"


def test_f1_again_closes_it(window: MainWindow) -> None:
    workspace = inside(window)
    press(Qt.Key.Key_F1)
    assert workspace.help.shown == "accueil"
    press(Qt.Key.Key_F1)
    assert workspace.help.shown == ""


def test_escape_in_the_page_closes_the_help_first_and_then_goes_back(qtbot: QtBot, window: MainWindow) -> None:
    workspace = inside(window)
    workspace.go_to(Place("incidents"))
    still(qtbot, window)
    workspace.on_help_wanted()
    assert workspace.page is not None
    workspace.page.setFocus()
    press(Qt.Key.Key_Escape)
    assert workspace.help.shown == ""
    assert workspace.page.place.page == "incidents"
    press(Qt.Key.Key_Escape)
    assert workspace.page.place.page == "home"


def test_it_follows_from_page_to_page_unless_something_else_is_read(qtbot: QtBot, window: MainWindow) -> None:
    workspace = inside(window)
    workspace.on_help_wanted()
    for page in ("cases", "evidence", "settings"):
        workspace.go_to(Place(page))
        still(qtbot, window)
        of = book.help_of(page)
        assert of is not None
        assert workspace.help.shown == of.name
        assert not holds_the_keyboard(workspace.help), "the keyboard is in the page one goes to"
    workspace.help.open_at("d-un-fait-a-une-saisine")
    workspace.go_to(Place("incidents"))
    still(qtbot, window)
    assert workspace.help.shown == "d-un-fait-a-une-saisine"


def test_links_are_followed_by_keyboard_and_lead_back(window: MainWindow) -> None:
    workspace = inside(window)
    panel = workspace.help
    workspace.on_help_wanted()
    press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Return)
    first = links(panel) and panel.shown
    assert first
    assert first != "accueil"
    assert panel.back.isEnabled()
    panel.back.click()
    assert panel.shown == "accueil"
    assert not panel.back.isEnabled()
    panel.contents.click()
    assert panel.shown == book.CONTENTS


def test_tab_comes_to_everything_of_it_and_out_again(window: MainWindow) -> None:
    workspace = inside(window)
    panel = workspace.help
    workspace.on_help_wanted()
    reached = set()
    for _ in range(200):
        held = QApplication.focusWidget()
        assert held is not None
        if panel.isAncestorOf(held):
            reached.add(id(held))
        press(Qt.Key.Key_Tab)
    wanted = (panel.line, panel.reader, panel.contents, panel.shut)
    assert {id(each) for each in wanted} <= reached
    for each in wanted:
        assert each.accessibleName()


@pytest.mark.parametrize("name", [each.name for each in book.pages()])
def test_every_page_is_shown_with_its_links(window_free_panel: HelpPanel, name: str) -> None:
    panel = window_free_panel
    page = book.page(name)
    assert page is not None
    panel.open_at(name)
    assert panel.reader.toPlainText().startswith(page.title)
    for link in links(panel):
        panel.on_link(QUrl(link))
        assert f"{panel.shown}.md" == link
        panel.open_at(name)


@pytest.fixture
def window_free_panel(qtbot: QtBot, make_stage: MakeStage, tmp_path: Path) -> HelpPanel:
    """The panel over a door: it needs no vault."""
    door = UnlockPage(make_stage().context, tmp_path / "rien", main=True)
    qtbot.addWidget(door)
    door.resize(1000, 700)
    door.show()
    door.on_help_wanted()
    assert door.help is not None
    return door.help


def test_the_door_has_help_too(window_free_panel: HelpPanel, qtbot: QtBot) -> None:
    panel = window_free_panel
    assert panel.shown == book.DOOR
    qtbot.waitUntil(lambda: panel.reader.verticalScrollBar().maximum() > 0)  # a page longer than the window
    assert panel.reader.verticalScrollBar().value() == 0, "and read from its title"
    assert holds_the_keyboard(panel)
    press(Qt.Key.Key_Escape)
    assert panel.shown == ""
    press(Qt.Key.Key_F1)
    assert panel.shown == book.DOOR


@pytest.mark.parametrize("link", ["https://exemple.invalid/", "file:///etc/passwd", "inconnue.md", "../docs/import.md"])
def test_a_link_elsewhere_leads_nowhere(window_free_panel: HelpPanel, link: str) -> None:
    panel = window_free_panel
    panel.on_link(QUrl(link))
    assert panel.shown == book.DOOR
    # Nor is anything fetched to be shown.
    kind = QTextDocument.ResourceType.ImageResource.value
    assert panel.reader.loadResource(kind, QUrl(link)) is None


def test_words_are_searched_and_the_first_page_found_is_opened(window_free_panel: HelpPanel, qtbot: QtBot) -> None:
    panel = window_free_panel
    panel.line.setFocus()
    panel.line.setText("presse-papiers")
    assert "saisine.md" in links(panel)
    qtbot.keyClick(panel.line, Qt.Key.Key_Return)
    assert panel.shown == book.found("presse-papiers")[0][0].name
    assert panel.line.text() == ""
    panel.line.setText("zzzz")
    assert panel.reader.toPlainText() == "Aucune page de l’aide ne contient tous ces mots."
    before = panel.shown
    panel.line.clear()
    page = book.page(before)
    assert page is not None
    assert panel.reader.toPlainText().startswith(page.title)


def test_the_palette_leads_to_the_help(qtbot: QtBot, window: MainWindow) -> None:
    workspace = inside(window)
    workspace.on_search_wanted()
    palette = workspace.palette_
    palette.line.setText("clavier")
    qtbot.waitUntil(lambda: any(each.kind == "Aide" for each in palette.entries), timeout=LONG)
    for _ in range([each.kind for each in palette.entries].index("Aide")):
        press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Return)
    assert workspace.help.shown == "clavier"
    assert holds_the_keyboard(workspace.help)
    palette.open()
    palette.line.setText("aide")
    qtbot.waitUntil(lambda: any(each.place == book.CONTENTS for each in palette.entries), timeout=LONG)
    palette.line.setText("annuaire")
    qtbot.waitUntil(lambda: any(each.title == "Annuaire" for each in palette.entries), timeout=LONG)
    assert [each.kind for each in palette.entries if each.title == "Annuaire"] == ["Aller à"], "one line for one page"


@pytest.mark.parametrize(
    ("size", "percent", "beside"),
    [((1366, 768), 100, True), ((1366, 768), 150, False), ((960, 600), 100, False), ((1440, 900), 100, True)],
)
def test_it_stands_beside_the_page_where_both_have_room(
    qtbot: QtBot, window: MainWindow, size: tuple[int, int], percent: int, beside: bool
) -> None:
    assert window.vault is not None
    window.on_preferred(attrs.evolve(window.vault.settings, scheme="light", text_percent=percent))
    window.resize(*size)
    still(qtbot, window)
    workspace = inside(window)
    workspace.on_help_wanted()
    still(qtbot, window)
    page, panel = workspace.page, workspace.help
    assert page is not None
    right = page.mapTo(workspace, page.rect().topRight()).x()
    left = panel.mapTo(workspace, panel.rect().topLeft()).x()
    assert (right < left) is beside
    assert panel.mapTo(workspace, panel.rect().bottomRight()).x() < size[0]
    assert panel.reader.horizontalScrollBar().maximum() == 0
    for each in (panel.contents, panel.back, panel.shut, panel.line):
        assert each.width() >= each.minimumSizeHint().width()
    workspace.on_escape()
    still(qtbot, window)
    assert page.mapTo(workspace, page.rect().topRight()).x() > left


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_its_text_and_links_are_those_of_the_theme(qtbot: QtBot, window: MainWindow, scheme: str) -> None:
    assert window.vault is not None
    window.on_preferred(attrs.evolve(window.vault.settings, scheme=scheme, text_percent=100))
    still(qtbot, window)
    workspace = inside(window)
    workspace.on_help_wanted()
    theme: Theme = window.context.theme
    colours, block = set(), workspace.help.reader.document().begin()
    while block.isValid():
        piece = block.begin()
        while not piece.atEnd():
            form = piece.fragment().charFormat()
            if form.isAnchor():
                colours.add(form.foreground().color().name().upper())
            piece += 1
        block = block.next()
    assert colours == {QColor(theme.tokens.brand).name().upper()}


def test_every_route_opens_its_own_help() -> None:
    assert len({each.name for each in map(book.help_of, ROUTES) if each is not None}) == len(ROUTES)
