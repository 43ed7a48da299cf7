# SPDX-License-Identifier: GPL-3.0-or-later
import io
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from reportlab.lib.pagesizes import A3, A4, landscape
from reportlab.pdfgen.canvas import Canvas

from tests.ui.conftest import Stage
from ui.preview.pages_view import PagesView
from ui.preview.pane import PreviewPane

MakeStage = Callable[..., Stage]


def paper(sizes: list[tuple[float, float]]) -> bytes:
    """One page to each size, a black square in its corner."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    for size in sizes:
        canvas.setPageSize(size)
        canvas.rect(0, 0, 200, 200, fill=1)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


@pytest.fixture
def view(qtbot: QtBot, make_stage: MakeStage) -> PagesView:
    made = PagesView(make_stage().context)
    qtbot.addWidget(made)
    made.resize(700, 600)
    made.show()
    return made


def test_pages_in_sight_are_drawn_and_only_these(qtbot: QtBot, view: PagesView) -> None:
    view.show_document(paper([A4] * 30), 30)
    qtbot.waitUntil(lambda: view.is_drawn(1), timeout=10_000)
    assert view.count == 30
    assert view.page == 1
    assert not view.is_drawn(20)
    picture = view.picture(1)
    assert picture is not None
    assert picture.pixelColor(5, picture.height() - 5).lightness() < 30
    assert picture.pixelColor(picture.width() - 5, 5).lightness() > 240


def test_going_to_a_page_draws_it_and_says_where_one_is(qtbot: QtBot, view: PagesView) -> None:
    view.show_document(paper([A4] * 30), 30)
    places: list[tuple[int, int]] = []
    view.place_changed.connect(lambda page, count: places.append((page, count)))
    view.go_to(20)
    qtbot.waitUntil(lambda: view.is_drawn(20), timeout=10_000)
    assert places[-1] == (20, 30)
    assert view.accessibleDescription() == "page 20 sur 30"


def test_keys_move_and_zoom(qtbot: QtBot, view: PagesView) -> None:
    view.show_document(paper([A4] * 5), 5)
    bar = view.verticalScrollBar()
    qtbot.keyClick(view, Qt.Key.Key_End)
    assert bar.value() == bar.maximum()
    assert view.page == 5
    qtbot.keyClick(view, Qt.Key.Key_Home)
    assert bar.value() == 0
    qtbot.keyClick(view, Qt.Key.Key_PageDown)
    assert bar.value() == bar.pageStep()
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert bar.value() > bar.pageStep()
    fitting = view.zoom
    qtbot.keyClick(view, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert view.zoom > fitting
    qtbot.keyClick(view, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(view, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    assert view.zoom < fitting
    qtbot.keyClick(view, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert view.zoom == fitting


def test_zoom_stops_at_its_ends_and_stays_where_one_reads(qtbot: QtBot, view: PagesView) -> None:
    view.show_document(paper([A4] * 9), 9)
    view.go_to(5)
    for _ in range(20):
        view.zoom_in()
    assert view.zoom == 300
    assert view.page in (4, 5)
    for _ in range(20):
        view.zoom_out()
    assert view.zoom == 25


def test_wheel_with_control_zooms(qtbot: QtBot, view: PagesView) -> None:
    view.show_document(paper([A4]), 1)
    before = view.zoom
    wheel = QWheelEvent(
        QPointF(50, 50),
        QPointF(50, 50),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.viewport(), wheel)
    assert view.zoom > before


def test_a_wide_page_fits_too(qtbot: QtBot, view: PagesView) -> None:
    view.show_document(paper([A4, landscape(A3)]), 2)
    view.go_to(2)
    qtbot.waitUntil(lambda: view.is_drawn(1) and view.is_drawn(2), timeout=10_000)
    assert view.horizontalScrollBar().maximum() == 0
    picture = view.picture(2)
    assert picture is not None
    assert picture.width() > picture.height()


def test_drawn_anew_when_the_size_changes(qtbot: QtBot, view: PagesView) -> None:
    view.show_document(paper([A4]), 1)
    qtbot.waitUntil(lambda: view.is_drawn(1), timeout=10_000)

    def width() -> int:
        picture = view.picture(1)
        return picture.width() if picture is not None else 0

    before = width()
    view.zoom_in()
    view.zoom_in()
    qtbot.waitUntil(lambda: width() > before, timeout=10_000)


def test_another_document_forgets_the_first(qtbot: QtBot, view: PagesView) -> None:
    view.show_document(paper([A4] * 3), 3)
    qtbot.waitUntil(lambda: view.is_drawn(1), timeout=10_000)
    view.show_document(paper([landscape(A4)]), 1)
    assert not view.is_drawn(1)
    qtbot.waitUntil(lambda: view.is_drawn(1), timeout=10_000)
    picture = view.picture(1)
    assert picture is not None
    assert picture.width() > picture.height()


def test_a_broken_file_says_so_once_and_stays_calm(qtbot: QtBot, make_stage: MakeStage) -> None:
    pane = PreviewPane(make_stage().context)
    qtbot.addWidget(pane)
    pane.resize(700, 600)
    pane.show()
    problems: list[str] = []
    pane.pages.unreadable.connect(problems.append)
    pane.show_document("Lettre", b"%PDF-1.7 rien", 1)
    qtbot.waitUntil(lambda: bool(problems), timeout=10_000)
    pane.pages.viewport().repaint()
    pane.pages.viewport().repaint()
    assert len(problems) == 1
    assert "illisible" in problems[0]
    assert pane.place == "Lettre — page 1 sur 1"


def test_hidden_names_leave_nothing_of_the_pages(qtbot: QtBot, make_stage: MakeStage) -> None:
    context = make_stage().context
    pane = PreviewPane(context)
    qtbot.addWidget(pane)
    pane.resize(700, 600)
    pane.show()
    pane.show_document("Lettre", paper([(A4[0], 200)]), 1)
    qtbot.waitUntil(lambda: pane.pages.is_drawn(1), timeout=10_000)

    def ink() -> int:
        image = pane.pages.viewport().grab().toImage()
        place = pane.pages._places[0]
        return image.pixelColor(place.left() + 10, min(place.bottom(), image.height()) - 10).lightness()

    assert ink() < 60
    context.veil.toggle()
    assert ink() > 240
    context.veil.toggle()
    assert ink() < 60
