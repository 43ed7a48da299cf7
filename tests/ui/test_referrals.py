# SPDX-License-Identifier: GPL-3.0-or-later
"""« Saisines »: the list, the board and the page of one, gone through by keyboard and by mouse."""

import datetime as dt
import gc
import uuid
import weakref
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from hro_desktop.casework import agenda, drafts, overview
from hro_desktop.casework.agenda import MailDraft
from hro_desktop.casework.follow import EventDraft
from tests.ui.conftest import OpenPractice, flush_deletes, still
from tests.ui.referral_steps import Opened, desk_of, id_of, named, page_of, press, words
from tests.ui.test_window import LONG
from ui.pages.page import Place
from ui.pages.referral import ReferralPage
from ui.pages.referral_follow import FollowPart
from ui.pages.referral_mail import MailPart
from ui.pages.referrals import ReferralsPage

REGISTERED, COMPLAINT = "S-2026-0002", "S-2026-0001"


@pytest.fixture
def opened(open_practice: OpenPractice) -> Opened:
    return open_practice(follow_up=True)


def listed(qtbot: QtBot, opened: Opened, part: str = "list") -> ReferralsPage:
    opened[2].go_to(Place("referrals", part=part))
    page = opened[2].page
    assert isinstance(page, ReferralsPage)
    if part == "list":
        qtbot.waitUntil(lambda: page.list.table.model().rowCount() == 7, timeout=LONG)
    else:
        qtbot.waitUntil(lambda: page.board.board is not None, timeout=LONG)
    return page


def follow_part(
    qtbot: QtBot, opened: Opened, reference: str = REGISTERED, part: str = ""
) -> tuple[ReferralPage, FollowPart]:
    page = page_of(qtbot, opened, reference, part)
    made = page.part("follow")
    assert isinstance(made, FollowPart)
    return page, made


def status_of(opened: Opened, reference: str = REGISTERED) -> list[str]:
    from hro_desktop.records.referrals import Referral

    with desk_of(opened).read() as session:
        found = session.get_one(Referral, id_of(opened, reference))
        return [each.status for each in found.parties]


def fill(part: FollowPart, qtbot: QtBot, status: str, day: str) -> None:
    form = part.event_panel.form.form
    qtbot.waitUntil(form.isEnabled, timeout=LONG)
    form.field("status").input.set_value(status)
    line = form.field("occurred_on").input
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, day)
    qtbot.keyClick(line, Qt.Key.Key_Tab)


def test_the_list_is_narrowed_and_opened_by_keyboard(qtbot: QtBot, opened: Opened) -> None:
    page = listed(qtbot, opened)
    shown = page.list
    table = shown.table
    qtbot.waitUntil(lambda: table.model().index(0, 0).data() == "S-2026-0007", timeout=LONG)
    press(qtbot, shown, "Sans nouvelles")
    qtbot.waitUntil(lambda: table.model().rowCount() == 1, timeout=LONG)
    qtbot.waitUntil(lambda: table.model().index(0, 0).data() == REGISTERED, timeout=LONG)
    press(qtbot, shown, "Sans nouvelles")
    qtbot.waitUntil(lambda: shown.inputs["procedure"].count() > 1, timeout=LONG)
    choice = shown.inputs["procedure"]
    choice.setCurrentIndex(choice.place_of("saisine_ddd"))
    choice.edited.emit()
    qtbot.waitUntil(lambda: table.model().rowCount() == 2, timeout=LONG)
    choice.setCurrentIndex(0)
    choice.edited.emit()
    qtbot.waitUntil(lambda: table.model().rowCount() == 7, timeout=LONG)
    qtbot.keyClicks(shown.look, "0002")
    qtbot.waitUntil(lambda: table.model().rowCount() == 1, timeout=LONG)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert isinstance(opened[2].page, ReferralPage)
    qtbot.keyClick(opened[1], Qt.Key.Key_Escape)
    assert opened[2].page is page


def test_cards_are_gone_through_and_moved_by_keys(qtbot: QtBot, opened: Opened) -> None:
    page = listed(qtbot, opened, "board")
    board = page.board
    assert [len(cards) for cards in board.frames] == [2, 0, 1, 0, 0, 0]
    first = board.frames[0][0].line
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Right)
    last = board.frames[2][0].line
    assert last.hasFocus()
    qtbot.keyClick(last, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    shown = opened[2].page
    assert isinstance(shown, ReferralPage)
    part = shown.part("follow")
    assert isinstance(part, FollowPart)
    qtbot.waitUntil(lambda: part.event_panel.isVisible() and part.event_panel.form.form.isEnabled(), timeout=LONG)
    assert part.event_panel.form.form.field("status").input.value() == "enquete"
    fill(part, qtbot, "enquete", "01/07/2026")
    part.event_panel.action.click()
    qtbot.waitUntil(lambda: status_of(opened) == ["enquete"], timeout=LONG)
    page = listed(qtbot, opened, "board")
    qtbot.waitUntil(lambda: [len(cards) for cards in page.board.frames] == [2, 0, 0, 1, 0, 0], timeout=LONG)


def test_a_prepared_card_moves_by_noting_its_sending(qtbot: QtBot, opened: Opened) -> None:
    page = listed(qtbot, opened, "board")
    qtbot.waitUntil(page.board.frames[0][1].line.isVisible, timeout=LONG)
    press(qtbot, page.board.frames[0][1], "Noter l’étape")
    shown = opened[2].page
    assert isinstance(shown, ReferralPage)
    qtbot.waitUntil(lambda: shown.tabs.present == "sendings", timeout=LONG)
    assert status_of(opened, COMPLAINT) == ["en_redaction"] * 2


def test_the_other_boards(qtbot: QtBot, opened: Opened) -> None:
    page = listed(qtbot, opened, "board")
    press(qtbot, page.board, "Défenseur des droits")
    qtbot.waitUntil(lambda: page.board.board is not None and page.board.board.stages[-1] == "Décision", timeout=LONG)
    qtbot.waitUntil(lambda: len(page.board.frames[0]) == 2, timeout=LONG)


def test_an_event_is_noted_and_undone(qtbot: QtBot, opened: Opened) -> None:
    page, part = follow_part(qtbot, opened)
    qtbot.waitUntil(lambda: "Sans nouvelles depuis le 19\u00a0juin 2026" in words(part), timeout=LONG)
    assert "Récépissé du parquet" in words(part)
    qtbot.keyClick(part.event_action, Qt.Key.Key_Space)
    assert page.main_action not in page.buttons
    fill(part, qtbot, "classee", "hier")
    part.event_panel.action.click()
    qtbot.waitUntil(lambda: status_of(opened) == ["classee"], timeout=LONG)
    qtbot.waitUntil(lambda: "Classée sans suite" in words(part), timeout=LONG)
    assert part.undo.text == "Événement noté."
    qtbot.keyClick(part.undo.action, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: status_of(opened) == ["enregistree"], timeout=LONG)


def test_what_cannot_be_noted_stays_typed_and_says_why(qtbot: QtBot, opened: Opened) -> None:
    _, part = follow_part(qtbot, opened, part="event")
    panel = part.event_panel
    qtbot.waitUntil(panel.form.form.isEnabled, timeout=LONG)
    panel.action.click()
    assert panel.form.form.field("status").problem
    fill(part, qtbot, "classee", "31/02/2026")
    panel.action.click()
    assert "Ce n’est pas une date" in panel.form.form.field("occurred_on").problem
    fill(part, qtbot, "classee", (desk_of(opened).today() + dt.timedelta(days=3)).strftime("%d/%m/%Y"))
    note = panel.form.form.field("note").input
    QGuiApplication.clipboard().setText("Avis 🐻\u2028deuxième ligne")
    note.setFocus()
    qtbot.keyClick(note, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    panel.action.click()
    qtbot.waitUntil(lambda: "à venir" in panel.problem, timeout=LONG)
    assert "🐻" in note.value()
    panel.form.form.field("occurred_on").input.set_value(desk_of(opened).today())
    panel.form.form.field("proof_evidence_id").input.set_value(uuid.UUID(int=7))  # a proof that is gone
    panel.form.on_edited()
    panel.action.click()
    qtbot.waitUntil(lambda: "n’est plus dans le coffre" in panel.problem, timeout=LONG)
    assert status_of(opened) == ["enregistree"]
    panel.empty_action.click()
    assert note.value() == ""
    qtbot.waitUntil(lambda: _kept(opened) is None, timeout=LONG)


def _kept(opened: Opened, reference: str = REGISTERED) -> object:
    with desk_of(opened).read() as session:
        return drafts.get(session, "event", id_of(opened, reference))


def test_an_event_for_one_of_two(qtbot: QtBot, opened: Opened) -> None:
    _, part = follow_part(qtbot, opened, COMPLAINT, "event")
    fill(part, qtbot, "deposee", "hier")
    qtbot.mouseClick(part.event_panel.pills[1], Qt.MouseButton.LeftButton)
    part.event_panel.form.keep()
    qtbot.waitUntil(lambda: _kept(opened, COMPLAINT) is not None, timeout=LONG)
    part.event_panel.action.click()
    qtbot.waitUntil(lambda: status_of(opened, COMPLAINT) == ["en_redaction", "deposee"], timeout=LONG)


def test_an_event_is_corrected_and_removed(qtbot: QtBot, opened: Opened) -> None:
    _, part = follow_part(qtbot, opened)
    qtbot.waitUntil(lambda: "Récépissé" in words(part), timeout=LONG)
    press(qtbot, part, "Corriger\u00a0: enregistrée")
    qtbot.waitUntil(lambda: part.event_panel.action.text() == "Corriger", timeout=LONG)
    fill(part, qtbot, "enregistree", "20/06/2026")
    part.event_panel.action.click()
    qtbot.waitUntil(lambda: "20\u00a0juin\u00a02026" in words(part), timeout=LONG)
    qtbot.waitUntil(lambda: part.undo.text == "Événement corrigé.", timeout=LONG)
    press(qtbot, part, "Retirer\u00a0: enregistrée")
    qtbot.waitUntil(lambda: status_of(opened) == ["deposee"], timeout=LONG)
    part.undo.action.click()
    qtbot.waitUntil(lambda: status_of(opened) == ["enregistree"], timeout=LONG)


def test_locking_in_the_middle_of_an_event_keeps_it(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    from hro_desktop import bootstrap
    from hro_desktop.demo import run

    _, part = follow_part(qtbot, opened, part="event")
    fill(part, qtbot, "classee", "pas une date")
    referral = id_of(opened, REGISTERED)
    qtbot.keyClick(opened[1], Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    with bootstrap.open_desk(tmp_path / "coffre", run.PASSPHRASE) as desk, desk.read() as session:
        kept = drafts.get(session, "event", referral)
    assert kept is not None
    assert kept.content["raw"]["occurred_on"] == "pas une date"
    assert kept.content["draft"]["status"] == "classee"


def test_a_letter_received_becomes_an_event(qtbot: QtBot, opened: Opened) -> None:
    desk = desk_of(opened)
    page, part = follow_part(qtbot, opened, part="mail")
    assert page.followed is not None
    party = page.followed.parties[0]
    draft = MailDraft(received_on=dt.date(2026, 10, 1), sender="Parquet fictif", case_id=party.case_id)
    result = desk.run(agenda.save_mail, draft)
    opened[0].context.news.publish(result.changes)
    mail = page.part("mail")
    assert isinstance(mail, MailPart)
    qtbot.waitUntil(lambda: "Parquet fictif" in words(mail), timeout=LONG)
    assert "à transmettre" in words(mail)
    assert "notifié" in words(mail)  # nobody reached that person
    press(qtbot, mail, "Noter ce qu’il dit")
    assert page.tabs.present == "follow"
    form = part.event_panel.form.form
    qtbot.waitUntil(form.isEnabled, timeout=LONG)
    assert form.field("occurred_on").input.value() == dt.date(2026, 10, 1)


def test_the_same_letter_asks_whether_it_is_another(qtbot: QtBot, opened: Opened) -> None:
    desk = desk_of(opened)
    page = page_of(qtbot, opened, REGISTERED, "mail")
    assert page.followed is not None
    known = MailDraft(
        received_on=desk.today(),
        sender=page.followed.authority_name,
        case_id=page.followed.parties[0].case_id,
        referral_id=page.referral_id,
    )
    desk.run(agenda.save_mail, known)
    mail = page.part("mail")
    assert isinstance(mail, MailPart)
    press(qtbot, mail, "+ Courrier")
    editor = mail.panel.editor
    assert editor is not None
    qtbot.waitUntil(editor.form.isEnabled, timeout=LONG)
    editor.on_edited()
    press(qtbot, mail.panel, "Terminé")
    qtbot.waitUntil(lambda: "semblable est déjà noté" in editor.problem, timeout=LONG)
    qtbot.keyClick(editor.form.field("another").input, Qt.Key.Key_Space)
    press(qtbot, mail.panel, "Terminé")
    qtbot.waitUntil(lambda: page.followed is not None and len(page.followed.letters) == 2, timeout=LONG)


@pytest.mark.parametrize("answer", [0, 1])
@pytest.mark.parametrize("away", [False, True])
def test_a_note_being_typed_gives_way_only_when_asked(qtbot: QtBot, opened: Opened, answer: int, away: bool) -> None:
    page, part = follow_part(qtbot, opened, part="event")
    fill(part, qtbot, "classee", "hier")
    note = part.event_panel.form.form.field("note").input
    qtbot.keyClicks(note, "Appel du greffe")
    if away:  # kept in the vault, then found again by another page
        part.event_panel.form.keep()
        qtbot.waitUntil(lambda: _kept(opened) is not None, timeout=LONG)
        opened[2].go_to(Place("referrals"))
        page, part = follow_part(qtbot, opened)
        qtbot.waitUntil(lambda: page.followed is not None, timeout=LONG)
        note = part.event_panel.form.form.field("note").input
    ask = opened[0].ask
    ask._answers.append(answer)
    today = desk_of(opened).today()
    page.on_event_wanted(EventDraft(referral_id=id_of(opened, REGISTERED), occurred_on=today))
    qtbot.waitUntil(lambda: not ask._answers, timeout=LONG)
    assert "une à la fois" in ask.said[-1]
    form = part.event_panel.form.form
    assert note.value() == ("" if answer else "Appel du greffe")
    assert form.field("status").input.value() == ("" if answer else "classee")
    if answer:  # nothing was typed in what took its place: it gives way at once
        page.on_event_wanted(EventDraft(referral_id=id_of(opened, REGISTERED)))
    assert form.field("occurred_on").input.value() == (None if answer else today - dt.timedelta(days=1))


def test_the_number_of_the_body_is_saved_when_left(qtbot: QtBot, opened: Opened) -> None:
    page, part = follow_part(qtbot, opened)
    line = part._numbers[page.followed.parties[0].id].form.field("body_reference").input  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: line.text() == "26/04417", timeout=LONG)
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, "26/1")
    part.event_action.setFocus()
    qtbot.waitUntil(
        lambda: page.followed is not None and page.followed.parties[0].body_reference == "26/1", timeout=LONG
    )


def test_a_complaint_is_completed(qtbot: QtBot, opened: Opened) -> None:
    _, part = follow_part(qtbot, opened)
    press(qtbot, part, "Commencer\u00a0: ")
    before = opened[2].page
    qtbot.waitUntil(lambda: opened[2].page is not before, timeout=LONG)
    with desk_of(opened).read() as session:
        assert overview.counts(session)["referral"] == 8


def test_the_history_says_everything(qtbot: QtBot, opened: Opened) -> None:
    page = page_of(qtbot, opened, REGISTERED, "history")
    qtbot.waitUntil(lambda: "Enregistrée" in words(page.part("history")), timeout=LONG)
    assert words(page.part("history")).index("Enregistrée") < words(page.part("history")).index("Déposée")


@pytest.mark.parametrize("percent", [100, 150])
def test_nothing_is_cut_off_on_a_small_screen(qtbot: QtBot, opened: Opened, percent: int) -> None:
    import attrs

    _, window, workspace = opened
    if percent != 100:
        assert window.vault is not None
        window.on_preferred(attrs.evolve(window.vault.settings, text_percent=percent))
        workspace = window.centralWidget()  # type: ignore[assignment]
        opened = (opened[0], window, workspace)
    window.resize(1366, 768)
    places = [("referral", REGISTERED, part) for part in ("follow", "event", "sendings", "mail", "history")]
    places += [("referral", COMPLAINT, part) for part in ("freeze", "note")]
    for _, reference, part in places:
        page = page_of(qtbot, opened, reference, part)
        still(qtbot, window)
        _check(page, window)
    for part in ("list", "board"):
        _check(listed(qtbot, opened, part), window)


def _check(page: QWidget, window: QWidget) -> None:
    assert (window.width(), window.height()) == (1366, 768)
    for button in page.findChildren(QAbstractButton):
        if button.isVisible() and button.text() and button.property("role") in ("main", "", "link"):
            assert button.width() >= button.minimumSizeHint().width(), button.text()
            corner = button.mapTo(window, button.rect().bottomRight())
            assert corner.x() <= window.width(), button.text()


def test_pages_are_freed_when_they_are_left(qtbot: QtBot, opened: Opened) -> None:
    freed = []
    for reference in (REGISTERED, COMPLAINT):
        page = page_of(qtbot, opened, reference, "event" if reference == REGISTERED else "freeze")
        freed.append(weakref.ref(page))
        opened[2].go_to(Place("home"))
        assert opened[2].page is not page
        del page
    qtbot.waitUntil(lambda: not opened[0].context.jobs.running(), timeout=LONG)
    flush_deletes()
    gc.collect()
    assert all(each() is None or not shiboken6.isValid(each()) for each in freed)


def test_names_are_covered(qtbot: QtBot, opened: Opened) -> None:
    _, part = follow_part(qtbot, opened)
    opened[0].context.veil.toggle()
    shown = named(part, "Ouvrir le dossier")
    assert shown.graphicsEffect() is not None
    opened[0].context.veil.toggle()
    assert shown.graphicsEffect() is None
