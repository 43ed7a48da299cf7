# SPDX-License-Identifier: GPL-3.0-or-later
"""The documents of a case that are kept: looked at always, printed again when they are frozen."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from hro_desktop.casework import case_documents, documents, frozen, sending
from hro_desktop.records.referrals import Referral
from tests.ui.test_printing import Opened, click, desk_of, opened, ready, referral
from tests.ui.test_window import LONG
from ui.pages.case import CasePage
from ui.pages.case_documents import DocumentsPart
from ui.pages.page import Place
from ui.printing.page import PrintPage

__all__ = ["opened"]


def test_a_kept_document_is_printed_from_its_case(qtbot: QtBot, opened: Opened) -> None:
    desk = desk_of(opened)
    frozen.freeze(desk, referral(opened))
    with desk.read() as session:
        case = session.get_one(Referral, referral(opened)).parties[0].case_id
        kept = next(each for each in case_documents.of_case(session, case) if each.pdf)
    opened[2].go_to(Place("case", case, "documents"))
    shown = opened[2].page
    assert isinstance(shown, CasePage)
    qtbot.waitUntil(lambda: bool(shown.findChildren(DocumentsPart)), timeout=LONG)
    (part,) = shown.findChildren(DocumentsPart)
    part.on_pressed(kept.id)
    qtbot.waitUntil(part.print_action.isVisible, timeout=LONG)
    click(qtbot, part.print_action)
    page = opened[2].page
    assert isinstance(page, PrintPage)
    ready(qtbot, page)
    assert page.loaded is not None
    assert page.loaded.printable.papers[0].data == case_documents.opened(desk, kept.id).data


def test_a_kept_paper_that_is_not_frozen_is_looked_at_only(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    desk = desk_of(opened)
    sending.write_pack(desk, documents.make_letters(desk, referral(opened)), tmp_path / "lettres")
    frozen.freeze(desk, referral(opened))
    with desk.read() as session:
        case = session.get_one(Referral, referral(opened)).parties[0].case_id
        kept = [each for each in case_documents.of_case(session, case) if each.pdf and each.title == "Lettre"]
    assert {each.frozen for each in kept} == {False, True}
    opened[2].go_to(Place("case", case, "documents"))
    shown = opened[2].page
    assert isinstance(shown, CasePage)
    qtbot.waitUntil(lambda: bool(shown.findChildren(DocumentsPart)), timeout=LONG)
    (part,) = shown.findChildren(DocumentsPart)
    qtbot.waitUntil(lambda: bool(part.kept), timeout=LONG)
    for each in sorted(kept, key=lambda one: one.frozen):
        part.on_pressed(each.id)
        qtbot.waitUntil(part.print_action.isVisible, timeout=LONG)
        qtbot.waitUntil(lambda each=each: part.print_action.isEnabled() == each.frozen, timeout=LONG)
        assert ("n’est pas figé" in part.print_action.toolTip()) is not each.frozen
