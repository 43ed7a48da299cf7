# SPDX-License-Identifier: GPL-3.0-or-later
"""The statement of facts: citations as chips, by « @ », by the mouse, by pasting; the vault's own text in and out."""

import uuid
from collections.abc import Callable

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QTextCursor
from pytestqt.qtbot import QtBot
from ui.build.account import AccountEdit

from hro_desktop.casework.builder import Listed
from hro_desktop.rules.exhibits import citation
from tests.ui.conftest import Stage

MakeStage = Callable[..., Stage]
ONE, TWO = uuid.UUID(int=1), uuid.UUID(int=2)
LISTED = (
    Listed(id=ONE, title="Certificat médical initial", number=1),
    Listed(id=TWO, title="Photo de l’avant-bras", number=2),
)


@pytest.fixture
def editor(qtbot: QtBot, make_stage: MakeStage) -> AccountEdit:
    made = AccountEdit(make_stage().context)
    qtbot.addWidget(made)
    made.resize(600, 300)
    made.set_exhibits(LISTED)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    made.setFocus()
    return made


def words(text: str) -> QMimeData:
    data = QMimeData()
    data.setText(text)
    return data


def test_what_the_vault_keeps_comes_back_as_it_was(editor: AccountEdit) -> None:
    text = f"Il a vu {citation(str(ONE))}. Puis {citation(str(TWO))}{citation(str(ONE))}.\n\nDeuxième paragraphe."
    editor.set_value(text)
    assert editor.value() == text
    assert editor.cited() == (ONE, TWO)
    assert "[[" not in editor.toPlainText()


def test_an_at_sign_proposes_and_enter_cites(qtbot: QtBot, editor: AccountEdit) -> None:
    told: list[str] = []
    editor.edited.connect(lambda: told.append(editor.value()))
    qtbot.keyClicks(editor, "Une ecchymose @certif")
    assert editor.proposals.isVisible()
    assert editor.proposals.count() == 1
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert editor.value() == f"Une ecchymose {citation(str(ONE))}"
    assert told[-1] == editor.value()
    assert not editor.proposals.isVisible()


def test_arrows_choose_and_escape_leaves_what_was_typed(qtbot: QtBot, editor: AccountEdit) -> None:
    qtbot.keyClicks(editor, "Voir @")
    assert editor.proposals.count() == 2
    qtbot.keyClick(editor, Qt.Key.Key_Down)
    qtbot.keyClick(editor, Qt.Key.Key_Tab)
    assert editor.value() == f"Voir {citation(str(TWO))}"
    qtbot.keyClicks(editor, " et @")
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert editor.value().endswith("et @")
    assert not editor.proposals.isVisible()


def test_an_address_by_mail_proposes_nothing(qtbot: QtBot, editor: AccountEdit) -> None:
    qtbot.keyClicks(editor, "juridique@veille")
    assert not editor.proposals.isVisible()


def test_a_chip_is_deleted_whole_and_comes_back(qtbot: QtBot, editor: AccountEdit) -> None:
    editor.set_value(f"Vu {citation(str(ONE))}")
    editor.moveCursor(QTextCursor.MoveOperation.End)
    qtbot.keyClick(editor, Qt.Key.Key_Backspace)
    assert editor.value() == "Vu"
    editor.undo()
    assert editor.value() == f"Vu {citation(str(ONE))}"


def test_copied_and_pasted_a_citation_stays_one(editor: AccountEdit) -> None:
    text = f"Élan 🌊 vu {citation(str(ONE))} ici.\n\nSuite."
    editor.set_value(text)
    editor.selectAll()
    copied = editor.createMimeDataFromSelection().text()
    assert copied == text
    editor.set_value("")
    editor.insertFromMimeData(words(copied))
    assert editor.value() == text


def test_numbers_follow_the_schedule_and_an_item_taken_out_is_seen(editor: AccountEdit) -> None:
    editor.set_value(f"Vu {citation(str(ONE))}")
    before = editor.grab().toImage()
    editor.set_exhibits([attrs.evolve(LISTED[0], number=9)])
    assert editor.grab().toImage() != before
    editor.set_exhibits(())
    assert editor.value() == f"Vu {citation(str(ONE))}"  # nothing typed is lost


def test_pasted_from_a_word_processor_only_words_stay(editor: AccountEdit) -> None:
    data = QMimeData()
    data.setHtml("<p style='color:red'>Un</p><p><b>Deux</b></p>")
    data.setText("Un\u2029Deux\u2028suite\x0bfin\ufffc")
    editor.insertFromMimeData(data)
    assert editor.value() == "Un\n\nDeux suite fin"


def test_an_account_told_elsewhere_goes_in_where_the_cursor_is(editor: AccountEdit) -> None:
    editor.set_value("Début.")
    editor.moveCursor(QTextCursor.MoveOperation.End)
    editor.insert_account(f"Raconté {citation(str(TWO))}.\nMême paragraphe.\n\nAutre.")
    assert editor.value() == f"Début.\n\nRaconté {citation(str(TWO))}. Même paragraphe.\n\nAutre."


PLAIN = st.text(
    st.characters(
        codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="[]\ufffc\u2028\u2029"
    ),
    max_size=30,
)
PARAGRAPH = st.lists(st.one_of(PLAIN, st.sampled_from([citation(str(ONE)), citation(str(TWO))])), max_size=6).map(
    "".join
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PARAGRAPH, max_size=4))
def test_any_account_comes_back(editor: AccountEdit, paragraphs: list[str]) -> None:
    text = "\n\n".join(each.strip() for each in paragraphs if each.strip())
    editor.set_value(text)
    assert editor.value() == text
    editor.selectAll()
    assert editor.createMimeDataFromSelection().text() == text
