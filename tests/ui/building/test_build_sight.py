# SPDX-License-Identifier: GPL-3.0-or-later
"""What an action leads to is seen and has the keyboard: nobody looks for it with the wheel."""

from collections.abc import Callable
from pathlib import Path

import attrs
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.support.referrals import sign_all
from tests.ui.building.support import ALT, Opened, click, desk_of, now, page_of, panel_of, referral, seen, text_of
from tests.ui.test_sealing import COMPLAINT, frozen_part, sendings
from tests.ui.test_window import LONG
from ui.build.actions import PrintAction
from ui.build.reading import ReadingPanel
from ui.pages.build import BuildPage
from ui.printing.page import PrintPage
from ui.widgets import Scroller


def in_sight(widget: QWidget) -> Callable[[], bool]:
    """Whether all of it, or as much as a line of it, is not scrolled away."""
    return lambda: widget.visibleRegion().boundingRect().height() >= min(widget.height(), 20)


def test_each_part_is_shown_from_its_beginning(qtbot: QtBot, opened: Opened) -> None:
    page = page_of(qtbot, opened, "text")
    text_of(qtbot, page)
    bar = page._fill.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 1000, timeout=LONG)
    bar.setValue(700)
    page.show_part("text")  # the same one again: one stays where one reads
    assert bar.value() == 700
    qtbot.keyClick(page, Qt.Key.Key_5, ALT)
    assert bar.value() == 0


def test_what_waits_leads_to_where_it_is_seen(qtbot: QtBot, opened: Opened) -> None:
    page = page_of(qtbot, opened, "text")
    panel = text_of(qtbot, page)
    last = list(panel.rubrics.fields.values())[-1]
    assert not in_sight(last.input)()
    todo = next(each for each in now(page).todos if each.part == "text")
    page.on_todo_chosen(attrs.evolve(todo, subject=last.rubric.field))
    held = panel.rubrics.focusWidget()
    assert held is not None
    qtbot.waitUntil(in_sight(held), timeout=LONG)


def test_a_scan_that_is_taken_in_leads_to_noting_the_signature(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    page = page_of(qtbot, opened, "reading")
    panel = panel_of(page, "reading", ReadingPanel)
    second = panel.cards[1]
    click(qtbot, seen(qtbot, second, "Noter la signature"))
    qtbot.waitUntil(second.signature.kept.form.isEnabled, timeout=LONG)
    qtbot.waitUntil(in_sight(second.scan), timeout=LONG)
    scan = tmp_path / "lettre.txt"
    scan.write_text("Lettre signée fictive", encoding="utf-8")
    opened[0].ask._answers.insert(0, scan)
    click(qtbot, second.scan)
    qtbot.waitUntil(second.signature.note.hasFocus, timeout=LONG)
    qtbot.waitUntil(in_sight(second.signature.note), timeout=LONG)


def test_printing_comes_back_to_the_part_one_was_in(qtbot: QtBot, opened: Opened) -> None:
    page = page_of(qtbot, opened)
    qtbot.keyClick(page, Qt.Key.Key_5, ALT)
    (act,) = (each for each in page.actions_ if isinstance(each, PrintAction))
    act.on_clicked()
    there = opened[2].page
    assert isinstance(there, PrintPage)
    there.on_close_clicked()
    back = opened[2].page
    assert isinstance(back, BuildPage)
    assert back.steps.present == "reading"


def test_what_is_frozen_leads_to_noting_its_sending(qtbot: QtBot, opened: Opened) -> None:
    sign_all(desk_of(opened), referral(opened))
    _, part = frozen_part(qtbot, opened)
    qtbot.waitUntil(part.freeze.send_action.hasFocus, timeout=LONG)
    qtbot.waitUntil(in_sight(part.freeze.send_action), timeout=LONG)
    qtbot.keyClick(part.freeze.send_action, Qt.Key.Key_Space)
    assert not part.freeze.isVisible()  # one main action at a time
    channel = part.note.form.form.field("channel").input
    qtbot.waitUntil(channel.hasFocus, timeout=LONG)
    qtbot.waitUntil(in_sight(channel), timeout=LONG)


def test_a_field_that_is_wrong_is_brought_into_sight(qtbot: QtBot, opened: Opened) -> None:
    sign_all(desk_of(opened), referral(opened))
    frozen_part(qtbot, opened)
    _, part = sendings(qtbot, opened, COMPLAINT, "note")
    form = part.note.form.form
    qtbot.waitUntil(form.isEnabled, timeout=LONG)
    opened[1].resize(1366, 480)
    channel = form.field("channel").input
    qtbot.waitUntil(channel.hasFocus, timeout=LONG)
    (scroller,) = part.findChildren(Scroller)
    bar = scroller.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert not in_sight(channel)()
    part.note.action.click()
    qtbot.waitUntil(in_sight(channel), timeout=LONG)
