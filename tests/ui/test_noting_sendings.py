# SPDX-License-Identifier: GPL-3.0-or-later
"""Noting a sending in the window: which version it was of, and what left all the same."""

import datetime as dt
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from hro_desktop.casework import dispatches, exhibits, frozen, home
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.dispatches import DispatchDraft
from tests.ui.conftest import OpenPractice
from tests.ui.referral_steps import Opened, desk_of, id_of, page_of, press, sign_all, withdraw, words
from tests.ui.test_window import LONG
from ui.pages.referral import ReferralPage
from ui.pages.referral_sendings import SendingsPart

COMPLAINT = "S-2026-0001"


@pytest.fixture
def opened(open_practice: OpenPractice, tmp_path: Path) -> Opened:
    made = open_practice(tmp_path / "sortie", follow_up=True)
    sign_all(desk_of(made), id_of(made, COMPLAINT))
    frozen.freeze(desk_of(made), id_of(made, COMPLAINT))
    return made


def sendings(qtbot: QtBot, opened: Opened) -> tuple[ReferralPage, SendingsPart]:
    page = page_of(qtbot, opened, COMPLAINT, "note")
    made = page.part("sendings")
    assert isinstance(made, SendingsPart)
    qtbot.waitUntil(made.note.form.form.isEnabled, timeout=LONG)
    return page, made


def fill(part: SendingsPart, day: dt.date) -> None:
    form = part.note.form.form
    form.field("channel").input.set_value("lrar")
    form.field("sent_on").input.set_value(day)
    part.note.form.on_edited()


def test_what_left_all_the_same_is_noted_by_keyboard_and_its_remark_is_seen(qtbot: QtBot, opened: Opened) -> None:
    desk = desk_of(opened)
    desk.run(withdraw, id_of(opened, COMPLAINT))
    page, part = sendings(qtbot, opened)
    fill(part, desk.today())
    part.note.action.click()
    qtbot.waitUntil(part.note.left_action.isVisible, timeout=LONG)
    assert "L’envoi n’est pas noté." in part.note.problem
    part.note.form.form.edited.emit()
    assert not part.note.left_action.isVisible()  # another sending: it was not asked of this one
    part.note.action.click()
    qtbot.waitUntil(part.note.left_action.isVisible, timeout=LONG)
    part.note.left_action.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(part.note.left_action, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: page.followed is not None and bool(page.followed.sendings), timeout=LONG)
    qtbot.waitUntil(lambda: "Parti sans accord." in words(part), timeout=LONG)


def test_the_version_that_went_is_chosen_among_those_frozen(qtbot: QtBot, opened: Opened) -> None:
    desk, referral = desk_of(opened), id_of(opened, COMPLAINT)
    with desk.read() as session:
        moved = exhibits.lists(session, referral)[-1].exhibits[0].evidence_id
    desk.run(exhibits.move, referral, moved, 3)
    frozen.freeze(desk, referral)
    page, part = sendings(qtbot, opened)
    choice = part.note.form.form.field("version_id").input
    qtbot.waitUntil(lambda: choice.count() == 3, timeout=LONG)
    assert choice.itemText(0) == "La dernière figée ce jour-là ou avant"
    with desk.read() as session:
        new, old = frozen.of_referral(session, referral)
    assert choice.place_of(new.papers[0].id) == 1
    choice.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(choice, Qt.Key.Key_End)
    assert choice.value() == old.papers[0].id
    fill(part, desk.today())
    part.note.action.click()
    qtbot.waitUntil(lambda: "figez de nouveau" in part.note.problem, timeout=LONG)
    qtbot.keyClick(choice, Qt.Key.Key_Home)
    part.note.action.click()
    qtbot.waitUntil(lambda: page.followed is not None and bool(page.followed.sendings), timeout=LONG)
    assert page.followed is not None
    assert set(page.followed.sendings[0].documents) == {each.id for each in new.papers}


def test_a_sending_is_corrected_in_place_and_says_what_it_said(qtbot: QtBot, opened: Opened) -> None:
    desk, referral = desk_of(opened), id_of(opened, COMPLAINT)
    draft = DispatchDraft(referral_id=referral, channel="lrar", sent_on=desk.today(), tracking_number="1A 111")
    dispatches.note(desk, draft)
    page = page_of(qtbot, opened, COMPLAINT, "sendings")
    part = page.part("sendings")
    assert isinstance(part, SendingsPart)
    press(qtbot, part, "Corriger l’envoi\u00a0: ")
    form = part.correction.form.form
    qtbot.waitUntil(form.isEnabled, timeout=LONG)
    line = form.field("tracking_number").input
    qtbot.waitUntil(lambda: line.value() == "1A 111", timeout=LONG)
    line.setFocus(Qt.FocusReason.TabFocusReason)
    line.selectAll()
    qtbot.keyClicks(line, "1A 222")
    part.correction.form.keep()
    qtbot.waitUntil(lambda: _typed(desk) == ["dispatch_change"], timeout=LONG)
    part.correction.action.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(part.correction.action, Qt.Key.Key_Space)
    qtbot.keyClick(part.correction.action, Qt.Key.Key_Space)  # twice
    qtbot.waitUntil(lambda: "1A 222" in words(part), timeout=LONG)
    assert page.followed is not None
    assert len(page.followed.sendings[0].corrections) == 1
    assert "n°\u00a01A 111" in words(part)
    qtbot.waitUntil(lambda: _typed(desk) == [], timeout=LONG)


def _typed(desk: Desk) -> list[str]:
    with desk.read() as session:
        return [each.kind for each in home.resume(session, desk.vault.slot_id) if each.unsaved]
