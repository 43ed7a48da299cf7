# SPDX-License-Identifier: GPL-3.0-or-later
"""A new vault from the door, its paper code, and opening with that code: by keyboard alone."""

import errno
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from hro_desktop import bootstrap
from hro_desktop.vault import paper
from hro_desktop.vault.keys import KdfParams
from tests.support.practice import practice_vault
from tests.ui.conftest import Stage
from tests.ui.test_unlock import door
from ui import opening
from ui.ask import WindowAsk
from ui.create import strength_in_words
from ui.paper_code import PaperFace
from ui.unlock import UnlockPage

MakeStage = Callable[..., Stage]
PHRASE = "menthol dauphin belette moumoute paradeur finir cribla"
LONG = 60_000


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """An attempt costs 40 ms instead of the second that is measured."""
    monkeypatch.setattr(KdfParams, "measured", KdfParams.fast)


def fill(page: UnlockPage, folder: Path, first: str = PHRASE, again: str | None = None) -> None:
    for field, text in zip(
        page.create_face.fields, (str(folder), first, first if again is None else again), strict=True
    ):
        field.setText(text)
        field.textEdited.emit(text)


def create(qtbot: QtBot, page: UnlockPage, folder: Path) -> str:
    page.create_action.click()
    fill(page, folder)
    qtbot.keyClick(page.create_face.fields[2], Qt.Key.Key_Return)
    qtbot.waitUntil(page.paper_face.isVisible, timeout=LONG)
    return page.paper_face._code


def test_a_vault_is_made_its_code_confirmed_and_opens_again_with_it(
    qtbot: QtBot, make_stage: MakeStage, tmp_path: Path
) -> None:
    folder = tmp_path / "coffre"
    page = door(qtbot, make_stage(), folder)
    code = create(qtbot, page, folder)
    assert "".join(page.paper_face.shown.split("\n")).replace("\u2002–\u2002", "-").replace("-", "") == code.replace(
        "-", ""
    )
    go_on, _ = page.paper_face.buttons
    assert not go_on.isEnabled()
    qtbot.keyClicks(page.paper_face.field, "0000")
    qtbot.keyClick(page.paper_face.field, Qt.Key.Key_Return)
    assert page.paper_face.isVisible()
    page.paper_face.field.clear()
    qtbot.keyClicks(page.paper_face.field, code.rpartition("-")[2].lower())
    with qtbot.waitSignal(page.opened, timeout=LONG) as opened:
        qtbot.keyClick(page.paper_face.field, Qt.Key.Key_Return)
    vault = opened.args[0]
    assert isinstance(vault, opening.OpenVault)
    assert not vault.practice
    assert any("Une seule phrase de passe" in each for each in vault.notices)
    assert code not in page.paper_face.shown
    assert {field.text() for field in page.create_face.fields[1:]} == {""}
    vault.close()

    again = door(qtbot, make_stage(), folder)
    qtbot.keyClick(again.paper_action, Qt.Key.Key_Space)
    assert again.code.isVisible()
    assert not again.field.isVisible()
    qtbot.keyClicks(again.code, code.replace("-", "").lower())
    assert again.code.text() == code
    with qtbot.waitSignal(again.opened, timeout=LONG) as opened:
        qtbot.keyClick(again.code, Qt.Key.Key_Return)
    assert again.code.text() == ""
    opened.args[0].close()


def test_closing_while_the_code_is_shown_leaves_a_closed_vault(
    qtbot: QtBot, make_stage: MakeStage, tmp_path: Path
) -> None:
    stage = make_stage()
    window = stage.window(qtbot, tmp_path / "coffre")
    page = window.centralWidget()
    assert isinstance(page, UnlockPage)
    create(qtbot, page, tmp_path / "coffre")
    window.close()
    assert not (tmp_path / "coffre" / "verrou").exists()
    with bootstrap.open_desk(tmp_path / "coffre", PHRASE) as desk:
        assert not desk.practice()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (("", ""), "Sept mots"),
        (("azerty", "azerty"), "trop facile à deviner"),
        ((PHRASE, PHRASE[:-1]), "ne sont pas les mêmes"),
    ],
)
def test_what_cannot_be_a_passphrase_makes_nothing(
    qtbot: QtBot, make_stage: MakeStage, tmp_path: Path, typed: tuple[str, str], sentence: str
) -> None:
    page = door(qtbot, make_stage(inline=True), tmp_path / "coffre")
    page.create_action.click()
    fill(page, tmp_path / "coffre", *typed)
    page.create_face.buttons[0].click()
    assert sentence in page.create_face.problem
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("place", ["", "relatif", "plein", "absent/dessous"])
def test_a_place_where_no_vault_can_be_says_so(qtbot: QtBot, make_stage: MakeStage, tmp_path: Path, place: str) -> None:
    (tmp_path / "plein").mkdir()
    (tmp_path / "plein" / "photo.jpg").write_text("à quelqu’un")
    page = door(qtbot, make_stage(inline=True), tmp_path / "rien")
    page.create_action.click()
    fill(page, tmp_path / place if place not in ("", "relatif") else Path(place))
    page.create_face.fields[0].setText("" if not place else page.create_face.fields[0].text())
    page.create_face.buttons[0].click()
    assert page.create_face.problem.endswith(".")
    assert ("n’est pas écrit en entier" in page.create_face.problem) is (place == "relatif")
    assert page.create_face.fields[0].hasFocus() or page.create_face.focusWidget() is page.create_face.fields[0]
    assert page.create_face.fields[1].text() == PHRASE
    assert [path.name for path in tmp_path.iterdir()] == ["plein"]


def test_folder_that_holds_something_gets_a_folder_inside(qtbot: QtBot, make_stage: MakeStage, tmp_path: Path) -> None:
    (tmp_path / "clef").mkdir()
    (tmp_path / "clef" / "photo.jpg").write_text("x")
    page = door(qtbot, make_stage(tmp_path / "clef"), tmp_path / "rien")
    page.create_action.click()
    page.create_face._choose.click()
    assert page.create_face.fields[0].text() == str(tmp_path / "clef" / "coffre")


def test_phrase_drawn_by_lot_is_shown_and_typed_again(qtbot: QtBot, make_stage: MakeStage, tmp_path: Path) -> None:
    page = door(qtbot, make_stage(), tmp_path / "coffre")
    page.create_action.click()
    _, first, again = page.create_face.fields
    QApplication.clipboard().setText("ce qui était là")
    page.create_face.buttons[1].click()
    assert len(first.text().split()) == 7
    assert first.echoMode() is QLineEdit.EchoMode.Normal
    assert again.text() == ""
    assert QApplication.clipboard().text() == "ce qui était là"
    page.create_face.buttons[2].click()
    assert first.text() == ""


@pytest.mark.parametrize(
    ("text", "word", "refused"),
    [
        ("", "Sept mots", False),
        ("bonjour", "trop facile", True),
        ("x" * 2000, "raccourcissez", True),
        ("cheval agrafe pile correcte lune", "Acceptée", False),
        (PHRASE, "Longue", False),
        ("🦊" * 30, "trop facile", True),
    ],
)
def test_strength_is_told_in_words(text: str, word: str, *, refused: bool) -> None:
    said, wrong = strength_in_words(text)
    assert word in said
    assert wrong is refused


def test_whole_code_with_a_wrong_sign_is_said_before_anything_is_tried(
    qtbot: QtBot, make_stage: MakeStage, tmp_path: Path
) -> None:
    page = door(qtbot, make_stage(), practice_vault(tmp_path))
    page.paper_action.click()
    code = paper.generate()
    qtbot.keyClicks(page.code, code[:-1])
    assert page.problem == ""
    qtbot.keyClicks(page.code, "A" if code[-1] != "A" else "B")
    assert "Un signe au moins est faux" in page.problem
    page.paper_action.click()
    assert page.field.isVisible()
    assert page.problem == ""


def test_code_is_printed_on_what_the_person_chose_and_nowhere_else(
    qtbot: QtBot, make_stage: MakeStage, tmp_path: Path
) -> None:
    out = tmp_path / "papier.pdf"
    stage = make_stage(out, None)
    face = PaperFace(stage.context)
    qtbot.addWidget(face)
    code = paper.generate()
    face.show_code(code)
    face.buttons[1].click()
    face.buttons[1].click()
    assert [path.name for path in tmp_path.iterdir()] == ["papier.pdf"]
    pdf = pypdfium2.PdfDocument(out)
    assert len(pdf) == 1
    text = pdf[0].get_textpage().get_text_range()
    assert all(group in text for group in code.split("-"))
    assert code.replace("-", "")[:8] not in out.name
    pdf.close()


def test_printer_is_asked_for_with_the_dialog_of_the_system(qtbot: QtBot, make_stage: MakeStage) -> None:
    from PySide6.QtPrintSupport import QPrintDialog

    face = PaperFace(make_stage().context)
    qtbot.addWidget(face)
    face.show()
    painted: list[object] = []
    WindowAsk().printer(face, "Imprimer", painted.append)
    (dialog,) = face.findChildren(QPrintDialog)
    assert dialog.isVisible()
    assert painted == []
    dialog.reject()
    assert painted == []


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (FileNotFoundError(errno.ENOENT, "x"), "n’existe pas"),
        (PermissionError(errno.EACCES, "x"), "n’est pas accessible"),
        (NotADirectoryError(errno.ENOTDIR, "x"), "est un fichier"),
    ],
)
def test_what_the_system_says_of_the_folder_is_said_beside_it(
    qtbot: QtBot, make_stage: MakeStage, tmp_path: Path, error: OSError, words: str
) -> None:
    page = door(qtbot, make_stage(inline=True), tmp_path / "rien")
    page.create_action.click()
    face = page.create_face
    face.on_failed(error)
    assert words in face.problem
    assert face.focusWidget() is face.fields[0]


def test_where_there_is_no_vault_making_one_is_the_main_thing(
    qtbot: QtBot, make_stage: MakeStage, tmp_path: Path
) -> None:
    page = door(qtbot, make_stage(inline=True), tmp_path / "rien")
    assert page.create_action.property("role") == "main"
    assert not page.create_action.isHidden()
    assert page.buttons[0].isHidden()
