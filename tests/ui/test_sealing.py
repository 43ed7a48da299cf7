# SPDX-License-Identifier: GPL-3.0-or-later
"""Freezing, noting a sending, copying to an online form: what is said first, what is refused, what is left behind."""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hro_desktop.casework import dispatches, drafts, frozen
from tests.support.practice import practice_vault
from tests.ui.conftest import Stage, unlock
from tests.ui.referral_steps import Opened, desk_of, id_of, page_of, press, sign_all, withdraw, words
from tests.ui.test_window import LONG
from ui import clipboard
from ui.pages.referral import ReferralPage
from ui.pages.referral_sendings import SendingsPart

MakeStage = Callable[..., Stage]
COMPLAINT, IGPN = "S-2026-0001", "S-2026-0005"


@pytest.fixture
def opened(qtbot: QtBot, make_stage: MakeStage, tmp_path: Path) -> Iterator[Opened]:
    stage = make_stage(tmp_path / "sortie")
    (tmp_path / "sortie").mkdir()
    window = stage.window(qtbot, practice_vault(tmp_path, follow_up=True))
    yield stage, window, unlock(qtbot, window)
    window.close()


def sendings(qtbot: QtBot, opened: Opened, reference: str, part: str) -> tuple[ReferralPage, SendingsPart]:
    page = page_of(qtbot, opened, reference, part)
    made = page.part("sendings")
    assert isinstance(made, SendingsPart)
    if part == "freeze":
        qtbot.waitUntil(lambda: made.freeze.checked is not None, timeout=LONG)
    return page, made


def frozen_part(qtbot: QtBot, opened: Opened, reference: str = COMPLAINT) -> tuple[ReferralPage, SendingsPart]:
    page, part = sendings(qtbot, opened, reference, "freeze")
    qtbot.waitUntil(part.freeze.action.isEnabled, timeout=LONG)
    part.freeze.action.click()
    qtbot.waitUntil(lambda: "figée" in part.freeze.outcome, timeout=LONG)
    qtbot.waitUntil(lambda: page.followed is not None and bool(page.followed.versions), timeout=LONG)
    return page, part


def test_what_is_sealed_is_said_first_then_seen_as_it_was(qtbot: QtBot, opened: Opened) -> None:
    page, part = sendings(qtbot, opened, COMPLAINT, "freeze")
    qtbot.waitUntil(lambda: "La signature manque" in words(part.freeze), timeout=LONG)
    said = words(part.freeze)
    assert "Parquet du tribunal judiciaire de Boulogne-sur-Mer" in said
    assert "lettre recommandée" in said
    assert "La signature manque" in said
    assert "Accord enregistré" in said
    assert "accord du" in said  # a witness who appears in an exhibit
    qtbot.waitUntil(lambda: "01-plainte.pdf" in words(part.freeze), timeout=LONG)
    assert page.main_action not in page.buttons  # one main action to a page
    qtbot.mouseClick(part.freeze.action, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "figée" in part.freeze.outcome, timeout=LONG)
    qtbot.waitUntil(part.freeze.write_action.isVisible, timeout=LONG)
    with desk_of(opened).read() as session:
        (version,) = frozen.of_referral(session, id_of(opened, COMPLAINT))
    letter = next(each for each in version.papers if each.media_type == "application/pdf")
    qtbot.waitUntil(lambda: letter.sha256[:12] in words(part.freeze).replace("\u200b", ""), timeout=LONG)
    press(qtbot, part.freeze, "Voir\u00a0: ")
    qtbot.waitUntil(lambda: part.preview.isVisible() and part.preview.pages.is_drawn(1), timeout=LONG)
    assert "tel que figé" in part.preview.place


def test_frozen_then_written_out_byte_for_byte(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    _, part = frozen_part(qtbot, opened)
    qtbot.waitUntil(lambda: part.freeze.write_action.isVisible() and part.freeze.write_action.isEnabled(), timeout=LONG)
    part.freeze.write_action.click()
    qtbot.waitUntil(lambda: "écrits dans" in part.freeze.outcome, timeout=LONG)
    with desk_of(opened).read() as session:
        (version,) = frozen.of_referral(session, id_of(opened, COMPLAINT))
    (folder,) = (tmp_path / "sortie").iterdir()
    found = {hashlib.sha256(each.read_bytes()).hexdigest() for each in folder.rglob("*") if each.is_file()}
    assert {each.sha256 for each in version.papers} <= found
    qtbot.waitUntil(lambda: "fichiers" in words(part), timeout=LONG)


def test_an_agreement_withdrawn_between_looking_and_sealing(qtbot: QtBot, opened: Opened) -> None:
    _, part = sendings(qtbot, opened, COMPLAINT, "freeze")
    qtbot.waitUntil(part.freeze.action.isEnabled, timeout=LONG)
    desk_of(opened).run(withdraw, id_of(opened, COMPLAINT))  # nobody told the page
    part.freeze.action.click()
    qtbot.waitUntil(lambda: bool(part.freeze.problem), timeout=LONG)
    with desk_of(opened).read() as session:
        assert frozen.of_referral(session, id_of(opened, COMPLAINT)) == ()


def test_a_sending_is_noted_by_keyboard_kept_while_typed_and_not_twice(qtbot: QtBot, opened: Opened) -> None:
    desk = desk_of(opened)
    referral = id_of(opened, COMPLAINT)
    sign_all(desk, referral)
    frozen.freeze(desk, referral)
    page, part = sendings(qtbot, opened, COMPLAINT, "note")
    form = part.note.form.form
    qtbot.waitUntil(form.isEnabled, timeout=LONG)
    channel = form.field("channel").input
    qtbot.waitUntil(channel.hasFocus, timeout=LONG)
    assert [channel.itemData(at) for at in range(channel.count())] == ["", "lrar", "greffe", "lettre_suivie"]
    qtbot.keyClick(channel, Qt.Key.Key_Down)
    qtbot.keyClick(channel, Qt.Key.Key_Tab)
    qtbot.keyClicks(QApplication.focusWidget(), "demain")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    qtbot.keyClicks(QApplication.focusWidget(), "1A 000")
    part.note.action.click()
    assert form.field("sent_on").problem or part.note.problem or not part.note.action.isEnabled()
    qtbot.waitUntil(part.note.action.isEnabled, timeout=LONG)
    part.note.form.keep()
    qtbot.waitUntil(lambda: _kept(opened, "dispatch_note") is not None, timeout=LONG)
    form.field("sent_on").input.set_value(desk.today())
    part.note.form.on_edited()
    part.note.action.click()
    part.note.action.click()  # twice
    qtbot.waitUntil(lambda: page.followed is not None and bool(page.followed.sendings), timeout=LONG)
    assert page.followed is not None
    assert len(page.followed.sendings) == 1
    assert "1A 000" in page.followed.sendings[0].sentence
    qtbot.waitUntil(lambda: "preuve manquante" in words(part), timeout=LONG)
    assert {each.status for each in page.followed.parties} == {"deposee"}
    qtbot.waitUntil(lambda: _kept(opened, "dispatch_note") is None, timeout=LONG)


def _kept(opened: Opened, kind: str) -> object:
    with desk_of(opened).read() as session:
        return drafts.get(session, kind, id_of(opened, COMPLAINT))


def test_a_proof_is_deposited_where_it_is_asked_for(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    desk, referral = desk_of(opened), id_of(opened, COMPLAINT)
    sign_all(desk, referral)
    frozen.freeze(desk, referral)
    draft = dispatches.DispatchDraft(referral_id=referral, channel="lrar", sent_on=desk.today())
    dispatches.note(desk, draft)
    scan = tmp_path / "recepisse.txt"
    scan.write_text("Récépissé fictif")
    opened[0].ask._answers.insert(0, scan)
    page, part = sendings(qtbot, opened, COMPLAINT, "sendings")
    qtbot.waitUntil(lambda: "preuve manquante" in words(part), timeout=LONG)
    press(qtbot, part, "Preuves et réception")
    editor = part.proofs.editor
    assert editor is not None
    qtbot.waitUntil(editor.form.isEnabled, timeout=LONG)
    press(qtbot, part.proofs, "Verser le scan\u00a0: preuve du dépôt")
    field = editor.form.field("proof_evidence_id").input
    qtbot.waitUntil(lambda: bool(field.line.text()) and field.value() is not None, timeout=LONG)
    press(qtbot, part.proofs, "Terminé")
    qtbot.waitUntil(lambda: page.followed is not None and page.followed.sendings[0].proof_id is not None, timeout=LONG)
    qtbot.waitUntil(lambda: "réception attendue" in words(part), timeout=LONG)


def test_locking_in_the_middle_keeps_what_was_typed(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    from hro_desktop import bootstrap
    from hro_desktop.demo import run

    _, part = sendings(qtbot, opened, COMPLAINT, "note")
    form = part.note.form.form
    qtbot.waitUntil(form.isEnabled, timeout=LONG)
    line = form.field("tracking_number").input
    line.setFocus()
    qtbot.keyClicks(line, "1A 999")
    referral = id_of(opened, COMPLAINT)
    qtbot.keyClick(opened[1], Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert opened[1].vault is None
    with bootstrap.open_desk(tmp_path / "coffre", run.PASSPHRASE) as desk, desk.read() as session:
        kept = drafts.get(session, "dispatch_note", referral)
    assert kept is not None
    assert kept.content["draft"]["tracking_number"] == "1A 999"


def test_an_online_form_is_copied_box_by_box_once_frozen(qtbot: QtBot, opened: Opened) -> None:
    page, part = sendings(qtbot, opened, IGPN, "online")
    qtbot.waitUntil(lambda: bool(part.online.cards), timeout=LONG)
    assert "Figez d’abord" in part.online.held
    assert not any(each.action.isEnabled() for each in part.online.cards)
    frozen.freeze(desk_of(opened), id_of(opened, IGPN))
    part.online.open()
    qtbot.waitUntil(lambda: not part.online.held, timeout=LONG)
    QGuiApplication.clipboard().clear()
    qtbot.keyClick(
        page.tabs.tab("sendings"),
        Qt.Key.Key_C,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    first = next(each for each in part.online.cards if each.box.text)
    assert QGuiApplication.clipboard().text() == first.box.text
    assert not first.state.isHidden()
    second = [each for each in part.online.cards if each.box.text][1]
    qtbot.mouseClick(second.action, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == second.box.text
    assert "2 sur" in words(part.online)
    desk_of(opened).run(withdraw, id_of(opened, IGPN))
    part.online.open()
    qtbot.waitUntil(lambda: bool(part.online.held), timeout=LONG)
    assert not any(each.action.isEnabled() for each in part.online.cards)


def test_the_clipboard_is_emptied_after_a_while_and_only_if_it_is_ours(qtbot: QtBot, qapp: QApplication) -> None:
    clipboard.copy("Une valeur fictive", kept=30)
    assert QGuiApplication.clipboard().text() == "Une valeur fictive"
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() == "", timeout=LONG)
    clipboard.copy("première", kept=50)
    clipboard.copy("seconde", kept=10_000)
    qtbot.wait(120)
    assert QGuiApplication.clipboard().text() == "seconde"  # the time begins again
    clipboard.forget()
    assert QGuiApplication.clipboard().text() == ""


def test_locking_empties_the_clipboard(qtbot: QtBot, opened: Opened) -> None:
    clipboard.copy("Une valeur fictive")
    qtbot.keyClick(opened[1], Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == ""


def test_a_day_to_come_is_no_sending(qtbot: QtBot, opened: Opened) -> None:
    desk, referral = desk_of(opened), id_of(opened, COMPLAINT)
    sign_all(desk, referral)
    frozen.freeze(desk, referral)
    _, part = sendings(qtbot, opened, COMPLAINT, "note")
    form = part.note.form.form
    qtbot.waitUntil(form.isEnabled, timeout=LONG)
    form.field("channel").input.set_value("lrar")
    form.field("sent_on").input.set_value(desk.today() + dt.timedelta(days=2))
    part.note.form.on_edited()
    part.note.action.click()
    qtbot.waitUntil(lambda: "à venir" in part.note.problem, timeout=LONG)
    assert form.field("channel").input.value() == "lrar"  # what was typed stays
