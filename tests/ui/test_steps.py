# SPDX-License-Identifier: GPL-3.0-or-later
"""« Défaire » and « Refaire »: back one saving at a time to what a form was when it was opened, and forth again."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from hro_desktop import bootstrap
from hro_desktop.casework import drafts, editing
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.directory import OrganisationDraft
from hro_desktop.demo import run
from tests.support.practice import practice_vault
from tests.ui.conftest import Stage
from ui.editor.editor import Editor

MakeStage = Callable[..., Stage]
Made = tuple[Editor, Desk, uuid.UUID]
BACK = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
FORTH = BACK | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def made(qtbot: QtBot, make_stage: MakeStage, tmp_path: Path) -> Iterator[Made]:
    stage = make_stage(inline=True)
    with bootstrap.open_desk(practice_vault(tmp_path), run.PASSPHRASE) as desk:
        record = uuid.uuid4()
        desk.run(editing.write, "organisation", OrganisationDraft(id=record, name="Un", kind="association"))
        editor = Editor(stage.context, desk, "organisation")
        qtbot.addWidget(editor)
        editor.show()
        editor.open(record)
        yield editor, desk, record
        editor.settle()


def name_of(desk: Desk, record: uuid.UUID) -> str:
    with desk.read() as session:
        return str(editing.read(session, "organisation", record).name)


def write(editor: Editor, text: str) -> None:
    name = editor.form.field("name").input
    name.setFocus()
    name.selectAll()
    name.insert(text)


def test_every_saving_is_gone_back_on_and_done_again(qtbot: QtBot, made: Made) -> None:
    editor, desk, record = made
    assert not editor.undo_action.isVisible()
    for text in ("Deux", "Trois", "Quatre"):
        write(editor, text)
        editor.save()
    assert editor.undo_action.isVisible()
    name = editor.form.field("name").input
    for expected in ("Trois", "Deux", "Un"):
        qtbot.keyClick(name, Qt.Key.Key_Z, BACK)
        assert (name.text(), name_of(desk, record)) == (expected, expected)
    assert not editor.can_undo
    assert not editor.undo_action.isEnabled()
    for expected in ("Deux", "Trois", "Quatre"):
        qtbot.keyClick(name, Qt.Key.Key_Z, FORTH)
        assert (name.text(), name_of(desk, record)) == (expected, expected)
    assert not editor.can_redo
    qtbot.mouseClick(editor.undo_action, Qt.MouseButton.LeftButton)
    assert name_of(desk, record) == "Trois"
    write(editor, "Autre")
    assert not editor.can_redo, "what is typed after going back is another way"


def test_what_was_typed_and_is_not_saved_is_the_first_step(qtbot: QtBot, made: Made) -> None:
    editor, desk, record = made
    write(editor, "Deux")
    editor.save()
    write(editor, "\u202eFaux")
    editor.save()
    assert editor.form.field("name").problem
    with desk.read() as session:
        assert drafts.get(session, "organisation", record) is not None
    editor.undo_action.click()
    assert (editor.form.field("name").input.text(), name_of(desk, record)) == ("Deux", "Deux")
    with desk.read() as session:
        assert drafts.get(session, "organisation", record) is None
    editor.redo_action.click()
    assert editor.form.field("name").input.text() == "\u202eFaux"
    assert name_of(desk, record) == "Deux"
    for expected in ("Deux", "Un"):
        editor.undo()
        assert editor.form.field("name").input.text() == expected


def test_a_draft_taken_up_again_can_be_given_up(qtbot: QtBot, made: Made) -> None:
    editor, desk, record = made
    write(editor, "Commencé")
    editor.keep_now()
    editor.settle()
    editor.open(record)
    assert editor.form.field("name").input.text() == "Commencé"
    editor.undo_action.click()
    assert editor.form.field("name").input.text() == "Un"
    editor.redo_action.click()
    assert name_of(desk, record) == "Commencé"


def test_another_record_has_its_own_steps(qtbot: QtBot, made: Made) -> None:
    editor, desk, record = made
    write(editor, "Deux")
    editor.save()
    other = uuid.uuid4()
    desk.run(editing.write, "organisation", OrganisationDraft(id=other, name="Autre", kind="association"))
    editor.open(other)
    assert not editor.can_undo
    assert name_of(desk, record) == "Deux"


def test_what_changed_elsewhere_is_shown_unless_one_types(qtbot: QtBot, made: Made) -> None:
    editor, desk, record = made
    name = editor.form.field("name").input
    desk.run(editing.write, "organisation", OrganisationDraft(id=record, name="Ailleurs", kind="association"))
    editor.refresh()
    assert name.text() == "Ailleurs"
    write(editor, "Ici")
    desk.run(editing.write, "organisation", OrganisationDraft(id=record, name="Encore", kind="association"))
    editor.refresh()
    assert name.text() == "Ici"
