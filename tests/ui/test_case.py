# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of one case: come to from the list, gone through by keyboard, told in few keys, looked at again."""

import datetime as dt
import gc
import uuid
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from hro_desktop import bootstrap
from hro_desktop.casework import cases, drafts
from hro_desktop.demo import run
from hro_desktop.records.cases import Case
from hro_desktop.records.consents import Consent
from hro_desktop.records.incidents import Incident
from hro_desktop.records.statements import Statement
from tests.ui.conftest import OpenPractice, Stage, flush_deletes, still, words
from tests.ui.test_window import LONG, cases_of, stand_on_cases
from ui.main_window import MainWindow
from ui.pages.case import CasePage
from ui.pages.case_documents import DocumentsPart
from ui.pages.case_identity import IdentityPart
from ui.pages.case_journal import JournalPart
from ui.pages.case_lists import EvidencePart, IncidentsPart, StatementsPart
from ui.pages.case_referrals import ReferralsPart
from ui.pages.case_summary import SummaryPart
from ui.pages.pack import PackPage
from ui.pages.page import Place
from ui.workspace import Workspace

Opened = tuple[Stage, MainWindow, Workspace]
YOUNES, SELAM = "D-2026-0001", "D-2026-0002"
NB = "\u00a0"


@pytest.fixture
def opened(open_practice: OpenPractice, tmp_path: Path) -> Opened:
    return open_practice(tmp_path / "sortie", follow_up=True)


def named(widget: QWidget, text: str) -> QAbstractButton:
    return next(
        each for each in widget.findChildren(QAbstractButton) if text in each.accessibleName() and each.isVisible()
    )


def page_of(qtbot: QtBot, opened: Opened, part: str = "", reference: str = YOUNES) -> CasePage:
    _, window, workspace = opened
    assert window.vault is not None
    with window.vault.desk.read() as session:
        case_id = cases.by_reference(session, reference).id
    workspace.go_to(Place("case", case_id, part))
    page = workspace.page
    assert isinstance(page, CasePage)
    qtbot.waitUntil(lambda: page.head is not None, timeout=LONG)
    return page


def identity_of(qtbot: QtBot, opened: Opened) -> tuple[CasePage, IdentityPart]:
    page = page_of(qtbot, opened, "identity")
    part = page.present
    assert isinstance(part, IdentityPart)
    qtbot.waitUntil(lambda: bool(part.consents.answers) and part.person.form.isEnabled(), timeout=LONG)
    shown = part.consents.findChildren
    qtbot.waitUntil(
        lambda: any("Modifier" in each.accessibleName() and each.isVisible() for each in shown(QPushButton)),
        timeout=LONG,
    )
    return page, part


def test_enter_opens_the_case_and_escape_comes_back(qtbot: QtBot, opened: Opened) -> None:
    _, window, workspace = opened
    listed = cases_of(stand_on_cases(qtbot, workspace))
    qtbot.waitUntil(lambda: listed.table.model().index(0, 0).data() == "D-2026-0005", timeout=LONG)
    qtbot.keyClick(listed.table, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(listed.table, Qt.Key.Key_Return)
    page = workspace.page
    assert isinstance(page, CasePage)
    qtbot.waitUntil(lambda: page.head is not None, timeout=LONG)
    assert page.title == "P-2026-0001"
    assert page.crumb == ("Dossiers", Place("cases"))
    assert "Ishag" not in window.windowTitle()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert workspace.page is listed


def test_a_double_click_opens_the_case(qtbot: QtBot, opened: Opened) -> None:
    workspace = opened[2]
    table = cases_of(stand_on_cases(qtbot, workspace)).table
    qtbot.waitUntil(lambda: table.model().index(1, 0).data() == "D-2026-0004", timeout=LONG)
    at = table.visualRect(table.model().index(1, 1)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert isinstance(workspace.page, CasePage)
    qtbot.waitUntil(lambda: workspace.page is not None and workspace.page.title == "P-2026-0009", timeout=LONG)


def test_the_header_says_who_and_how_agreements_stand(qtbot: QtBot, opened: Opened) -> None:
    said = words(page_of(qtbot, opened))
    for text in (
        "P-2026-0001",
        "M. Younès Ishag",
        f"27 ou 28{NB}ans",
        "interprète requis·e",
        "valable après un départ",
        f"Accords{NB}: procureur ✓ · IGPN refusé · DDD ?",
        "Suivi actif",
    ):
        assert text in said
    assert "Mineur·e" in words(page_of(qtbot, opened, reference=SELAM))


def test_the_eye_covers_the_names_of_the_header(qtbot: QtBot, opened: Opened) -> None:
    page = page_of(qtbot, opened)
    opened[2].on_eye_clicked()
    name = next(each for each in page.findChildren(QLabel) if each.text() == "M. Younès Ishag")
    assert name.graphicsEffect() is not None
    opened[2].on_eye_clicked()
    assert name.graphicsEffect() is None


def test_the_summary_shows_the_road_of_each_referral_and_what_happened(qtbot: QtBot, opened: Opened) -> None:
    page = page_of(qtbot, opened, reference="D-2026-0003")
    part = page.present
    assert isinstance(part, SummaryPart)
    qtbot.waitUntil(lambda: bool(part.standings and part.moments), timeout=LONG)
    assert len(part.standings) == 3
    said = words(part)
    for standing in part.standings:
        assert named(part, standing.label).isEnabled()
        assert standing.bar.status.casefold() in said.casefold(), "the present state stands in words"
    bold = [each for each in part.findChildren(QLabel) if each.property("role") == "present"]
    assert len(bold) == 3
    named(part, "Voir les saisines").click()
    assert page.tabs.present == "referrals"


def test_tabs_are_gone_through_by_keyboard(qtbot: QtBot, opened: Opened) -> None:
    _, window, workspace = opened
    page = page_of(qtbot, opened)
    assert page.tabs.tab("evidence").text() == "Pièces\u200217"
    page.tabs.tab("summary").setFocus()
    qtbot.keyClick(page.tabs.tab("summary"), Qt.Key.Key_Right)
    assert page.tabs.present == "identity"
    qtbot.keyClick(page.tabs.tab("identity"), Qt.Key.Key_Left)
    qtbot.keyClick(page.tabs.tab("summary"), Qt.Key.Key_Left)
    assert page.tabs.present == "journal"
    window.activateWindow()
    qtbot.keyClick(page.tabs.tab("journal"), Qt.Key.Key_Tab, Qt.KeyboardModifier.ControlModifier)
    assert page.tabs.present == "summary"
    page.tabs.tab("referrals").click()
    assert page.place.part == "referrals"
    workspace.go_to(Place("cases"))
    workspace.back()
    assert isinstance(workspace.page, CasePage)
    assert workspace.page.tabs.present == "referrals", "one comes back to the tab one left"


def test_an_answer_is_noted_in_few_keys(qtbot: QtBot, opened: Opened) -> None:
    page, part = identity_of(qtbot, opened)
    card = part.consents
    named(card, f"Noter la réponse{NB}: saisine du Défenseur des droits").click()
    editor = card.panel.editor
    assert editor is not None
    qtbot.waitUntil(editor.form.isEnabled, timeout=LONG)
    state = editor.form.field("state").input
    qtbot.waitUntil(state.hasFocus, timeout=LONG)
    qtbot.keyClicks(state, "Info")
    assert state.value() == "non_oppose"
    assert editor.form.field("language").input.value() == "ar"
    named(card, "Terminé").click()
    qtbot.waitUntil(lambda: card.panel.editor is None, timeout=LONG)
    qtbot.waitUntil(lambda: "DDD informé" in words(page), timeout=LONG)
    qtbot.waitUntil(
        lambda: next(each for each in card.answers if each.purpose == "saisine_ddd").id is not None, timeout=LONG
    )


def test_an_answer_without_its_state_stays_open_at_what_is_missing(qtbot: QtBot, opened: Opened) -> None:
    _, part = identity_of(qtbot, opened)
    part.consents.on_add_clicked()
    editor = part.consents.panel.editor
    assert editor is not None
    qtbot.waitUntil(editor.form.isEnabled, timeout=LONG)
    day = editor.form.field("given_on").input
    day.setFocus()
    day.selectAll()
    QGuiApplication.clipboard().setText("31/02/2026 🐻")  # pasted: what no key types
    qtbot.keyClick(day, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert day.text() == "31/02/2026 🐻"
    named(part.consents, "Terminé").click()
    assert part.consents.panel.editor is editor
    assert editor.form.field("given_on").problem.startswith("Ce n’est pas une date")
    assert editor.form.field("purpose").problem
    assert editor.form.field("purpose").input.hasFocus(), "the cursor stands at the first thing that is missing"


def test_an_agreement_is_taken_back_with_what_had_left_and_that_is_undone(
    qtbot: QtBot, opened: Opened, tmp_path: Path
) -> None:
    _, window, _ = opened
    assert window.vault is not None
    from hro_desktop.casework import sending

    sending.write_referral(window.vault.desk, YOUNES, "plainte_procureur", tmp_path / "parti")
    page, part = identity_of(qtbot, opened)
    card = part.consents
    named(card, f"Retirer l’accord{NB}: plainte").click()
    qtbot.waitUntil(lambda: "Déjà parti" in words(card), timeout=LONG)
    assert "Parquet du tribunal judiciaire" in words(card)
    day = next(each for each in card.findChildren(QLineEdit) if each.accessibleName() == "Jour du retrait")
    day.setText("01/01/2020")
    qtbot.keyClick(day, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "il n’a pas pu être retiré avant" in words(card), timeout=LONG)
    day.setText("hier")
    card.confirm.click()
    qtbot.waitUntil(lambda: "procureur retiré" in words(page), timeout=LONG)
    named(card, "Annuler le retrait").click()
    qtbot.waitUntil(lambda: "procureur ✓" in words(page), timeout=LONG)


def test_the_identity_is_told_in_place_and_the_header_follows(qtbot: QtBot, opened: Opened) -> None:
    page, part = identity_of(qtbot, opened)
    name = part.person.form.field("given_names").input
    name.setFocus()
    name.selectAll()
    qtbot.keyClicks(name, "Yonas")
    page.tabs.tab("summary").click()
    qtbot.waitUntil(lambda: "M. Yonas Ishag" in words(page), timeout=LONG)


def test_locking_in_the_middle_keeps_what_was_typed(qtbot: QtBot, opened: Opened) -> None:
    _, window, _ = opened
    page, part = identity_of(qtbot, opened)
    birth = part.person.form.field("birth").input
    birth.setFocus()
    birth.selectAll()
    qtbot.keyClicks(birth, "le printemps des pluies")
    assert window.vault is not None
    folder, person_id = window.vault.folder, page.head.person_id if page.head else uuid.uuid4()
    qtbot.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    with bootstrap.open_desk(folder, run.PASSPHRASE) as desk, desk.read() as session:
        kept = drafts.get(session, "person", person_id)
        assert kept is not None
        assert kept.content["raw"] == {"birth": "le printemps des pluies"}


def test_new_facts_have_the_person_as_complainant(qtbot: QtBot, opened: Opened) -> None:
    page = page_of(qtbot, opened, "incidents")
    part = page.present
    assert isinstance(part, IncidentsPart)
    qtbot.waitUntil(lambda: len(part.lines) == 1, timeout=LONG)
    part.new_action.click()
    editor = part.panel.editor
    assert editor is not None
    qtbot.waitUntil(editor.form.isEnabled, timeout=LONG)
    assert editor.form.field("kind").input.hasFocus()
    qtbot.keyClicks(editor.form.field("kind").input, "Viol")
    editor.form.field("occurred").input.setFocus()
    qtbot.keyClicks(editor.form.field("occurred").input, "13/10/2026")
    named(part, "Terminé").click()
    qtbot.waitUntil(lambda: len(part.lines) == 2, timeout=LONG)
    assert part.lines[0].chip == "violences"
    assert page.head is not None
    qtbot.waitUntil(lambda: page.tabs.tab("incidents").text() == "Faits\u20022", timeout=LONG)
    with page.desk.read() as session:
        made = session.get_one(Incident, part.lines[0].id)
        assert [(each.person_id, each.role) for each in made.involvements] == [(page.head.person_id, "plaignant")]


def test_a_new_account_is_by_the_person(qtbot: QtBot, opened: Opened) -> None:
    page = page_of(qtbot, opened, "statements")
    part = page.present
    assert isinstance(part, StatementsPart)
    qtbot.waitUntil(lambda: len(part.lines) == 5, timeout=LONG)
    part.new_action.click()
    editor = part.panel.editor
    assert editor is not None
    qtbot.waitUntil(editor.form.isEnabled, timeout=LONG)
    taken = editor.form.field("taken_on").input
    taken.setFocus()
    taken.selectAll()
    qtbot.keyClicks(taken, "20/11/2026")
    named(part, "Terminé").click()
    qtbot.waitUntil(lambda: len(part.lines) == 6, timeout=LONG)
    with page.desk.read() as session:
        made = session.scalars(select(Statement).where(Statement.taken_on == dt.date(2026, 11, 20))).one()
        assert page.head is not None
        assert (made.author_id, made.case_id, made.kind) == (page.head.person_id, page.case_id, "recit")


def test_nothing_typed_makes_no_record(qtbot: QtBot, opened: Opened) -> None:
    part = page_of(qtbot, opened, "statements").present
    assert isinstance(part, StatementsPart)
    qtbot.waitUntil(lambda: len(part.lines) == 5, timeout=LONG)
    part.new_action.click()
    editor = part.panel.editor
    assert editor is not None
    qtbot.waitUntil(editor.form.isEnabled, timeout=LONG)
    named(part, "Terminé").click()
    assert part.panel.editor is None
    with part.desk.read() as session:
        assert len(session.scalars(select(Statement).where(Statement.case_id == part.case_id)).all()) == 1


@pytest.mark.qt_log_ignore("^This plugin does not support (raise|propagateSizeHints)")  # the screenless platform
def test_an_item_of_the_vault_is_joined_and_let_go(qtbot: QtBot, opened: Opened) -> None:
    part = page_of(qtbot, opened, "evidence", reference="D-2026-0005").present
    assert isinstance(part, EvidencePart)
    qtbot.waitUntil(lambda: part.head is not None, timeout=LONG)
    before = len(part.lines)
    part.new_action.click()
    line = part.choice.line
    qtbot.keyClicks(line, "avant-bras gauche")
    popup = line._popup  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: popup.isVisible() and popup.count() == 1, timeout=LONG)
    qtbot.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(part.undo_action.isVisible, timeout=LONG)
    qtbot.waitUntil(lambda: len(part.lines) == before + 1, timeout=LONG)
    part.undo_action.click()
    qtbot.waitUntil(lambda: len(part.lines) == before, timeout=LONG)


def test_documents_are_made_in_the_shape_that_is_chosen_and_looked_at_again(
    qtbot: QtBot, opened: Opened, tmp_path: Path
) -> None:
    _, window, workspace = opened
    (tmp_path / "sortie").mkdir()
    page = page_of(qtbot, opened, "referrals")
    part = page.present
    assert isinstance(part, ReferralsPart)
    qtbot.waitUntil(lambda: part.cards.chosen is not None, timeout=LONG)
    assert part.maker.action.text() == "Préparer les documents"
    part.profile.set_value("avocat")
    part.profile.edited.emit()
    qtbot.waitUntil(lambda: "Remise à l’avocat·e" in words(part), timeout=LONG)
    assert "il y faut un accord distinct" in words(part)
    part.maker.action.click()
    qtbot.waitUntil(lambda: workspace.page_of(PackPage) is not None, timeout=LONG)
    pack = workspace.page_of(PackPage)
    assert pack is not None
    assert pack.made.package.profile == "avocat"
    pack.save_action.click()
    qtbot.waitUntil(lambda: bool(pack.message), timeout=LONG)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    back = workspace.page
    assert isinstance(back, CasePage)
    assert back.tabs.present == "referrals"
    back.tabs.tab("documents").click()
    documents = back.present
    assert isinstance(documents, DocumentsPart)
    qtbot.waitUntil(lambda: bool(documents.kept), timeout=LONG)
    qtbot.waitUntil(lambda: "vers l’avocat·e" in words(documents), timeout=LONG)
    named(documents, "Lettre").click()
    qtbot.waitUntil(lambda: documents.preview.pages.is_drawn(1), timeout=LONG)
    assert documents.preview.place.startswith("Lettre — page 1 sur ")
    back.tabs.tab("journal").click()
    journal = back.present
    assert isinstance(journal, JournalPart)
    qtbot.waitUntil(lambda: bool(journal.lines), timeout=LONG)
    qtbot.waitUntil(lambda: "Départ noté au registre" in words(journal), timeout=LONG)


def test_a_new_case_needs_a_nickname_only(qtbot: QtBot, opened: Opened) -> None:
    _, window, workspace = opened
    listed = cases_of(stand_on_cases(qtbot, workspace))
    qtbot.keyClick(listed.table, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert listed.new.isVisible()
    qtbot.keyClick(listed.new.nickname, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: listed.new.problem.startswith("Dites pour qui"), timeout=LONG)
    qtbot.keyClicks(listed.new.nickname, "Yonas T.")
    qtbot.keyClick(listed.new.nickname, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(workspace.page, CasePage), timeout=LONG)
    page = workspace.page
    assert isinstance(page, CasePage)
    qtbot.waitUntil(lambda: page.head is not None, timeout=LONG)
    assert page.head is not None
    assert page.head.who.name == f"«{NB}Yonas T.{NB}»"
    qtbot.waitUntil(lambda: "Aucune saisine" in words(page), timeout=LONG)
    assert window.vault is not None
    with window.vault.desk.read() as session:
        assert len(session.scalars(select(Case)).all()) == 6


def test_a_case_that_is_gone_says_so(qtbot: QtBot, opened: Opened) -> None:
    workspace = opened[2]
    workspace.go_to(Place("case", uuid.uuid4()))
    page = workspace.page
    assert isinstance(page, CasePage)
    qtbot.waitUntil(lambda: page.problem.startswith("Ce dossier n’existe plus"), timeout=LONG)


def parts(qtbot: QtBot, window: MainWindow, page: CasePage) -> Iterator[QWidget]:
    for name in ("summary", "identity", "incidents", "statements", "evidence", "referrals", "documents", "journal"):
        page.tabs.tab(name).click()
        part = page.present
        if isinstance(part, IdentityPart):
            qtbot.waitUntil(part.person.form.isEnabled, timeout=LONG)
        still(qtbot, window)
        yield part


def test_everything_has_a_name_and_every_field_a_label(qtbot: QtBot, opened: Opened) -> None:
    page = page_of(qtbot, opened)
    for part in parts(qtbot, opened[1], page):
        buddies = {id(each.buddy()) for each in part.findChildren(QLabel) if each.buddy() is not None}
        for widget in part.findChildren(QWidget):
            if isinstance(widget, QAbstractButton | QLineEdit):
                assert widget.accessibleName(), widget
            if isinstance(widget, QLineEdit) and widget.isVisible():
                assert id(widget) in buddies, widget.accessibleName()


@pytest.mark.parametrize("size", [(1366, 700), (960, 600)])
def test_nothing_is_cut_off_on_a_small_screen(qtbot: QtBot, opened: Opened, size: tuple[int, int]) -> None:
    _, window, _ = opened
    page = page_of(qtbot, opened)
    window.resize(*size)
    for part in parts(qtbot, window, page):
        assert (window.width(), window.height()) == size
        for each in (*page.tabs.findChildren(QPushButton), *part.findChildren(QAbstractButton), *page.buttons):
            if each.isVisible() and each.property("role") in ("main", "", "link", "tab"):
                corner = each.mapTo(window, each.rect().bottomRight())
                assert each.width() >= each.minimumSizeHint().width(), each.accessibleName()
                assert corner.x() <= window.width(), each.accessibleName()
        for each in part.findChildren(QLabel):
            if each.isVisible() and each.wordWrap() and each.text():
                assert each.height() >= each.heightForWidth(each.width()) - 1, each.text()
                assert each.mapTo(window, QPoint(each.width(), 0)).x() <= window.width(), each.text()


def test_the_page_is_freed_when_it_is_left(qtbot: QtBot, opened: Opened) -> None:
    workspace = opened[2]
    freed = []
    for _ in range(2):
        page = page_of(qtbot, opened)
        for _part in parts(qtbot, opened[1], page):
            pass
        freed.append(weakref.ref(page))
        del page, _part
        workspace.go_to(Place("cases"))
        QApplication.sendPostedEvents()
        flush_deletes()
        gc.collect()
    assert [each() for each in freed] == [None, None]


def test_consents_are_those_of_the_vault(qtbot: QtBot, opened: Opened) -> None:
    page, part = identity_of(qtbot, opened)
    with page.desk.read() as session:
        assert page.head is not None
        known = session.scalars(select(Consent.id).where(Consent.person_id == page.head.person_id)).all()
    assert {each.id for each in part.consents.answers if each.id} == set(known)
