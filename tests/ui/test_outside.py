# SPDX-License-Identifier: GPL-3.0-or-later
"""« Ouvrir en .docx »: lent, opened, edited, compared, kept, set aside; what is wrong is said where one looks."""

from pathlib import Path

import docx
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel
from pytestqt.qtbot import QtBot

from hro_desktop.casework import comparison, outside
from hro_desktop.casework.builder import Todo
from hro_desktop.records.referrals import Referral
from hro_desktop.vault.work import Work
from tests.ui.building.support import Opened, click, desk_of, page_of, seen
from tests.ui.conftest import OpenPractice, words
from tests.ui.test_window import LONG
from ui.build.actions import OutsideAction
from ui.build.outside import OutsidePanel
from ui.pages.build import BuildPage
from ui.pages.home import HomePage
from ui.pages.page import Place

WORDS = "Une phrase de fiction & <b>écrite dehors</b>."


@pytest.fixture
def opened(open_practice: OpenPractice) -> Opened:
    return open_practice(follow_up=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "dehors"
    made.mkdir()
    return made


def action(page: BuildPage) -> OutsideAction:
    return next(each for each in page.actions_ if isinstance(each, OutsideAction))


def panel_of(qtbot: QtBot, opened: Opened) -> tuple[BuildPage, OutsidePanel]:
    opened[1].resize(1500, 900)
    page = page_of(qtbot, opened)
    click(qtbot, seen(qtbot, page, "Ouvrir en .docx"))
    panel = action(page).panel
    assert panel is not None
    qtbot.waitUntil(lambda: bool(panel.states), timeout=LONG)
    return page, panel


def lend(qtbot: QtBot, opened: Opened, panel: OutsidePanel, folder: Path) -> Path:
    opened[0].ask._answers.append(folder)
    click(qtbot, seen(qtbot, panel, "Écrire le .docx dans un dossier"))
    qtbot.waitUntil(lambda: panel.states[0].lent is not None, timeout=LONG)
    lent = panel.states[0].lent
    assert lent is not None
    return lent.path


def add(path: Path, text: str = WORDS) -> None:
    document = docx.Document(str(path))
    document.add_paragraph(text)
    document.save(str(path))


def write_account(work: Work, referral: object, text: str) -> None:
    work.session.get_one(Referral, referral).account = text


def test_lent_edited_compared_and_kept(qtbot: QtBot, opened: Opened, folder: Path) -> None:
    page, panel = panel_of(qtbot, opened)
    assert seen(qtbot, panel, "Écrire le .docx").hasFocus()
    path = lend(qtbot, opened, panel, folder)
    assert opened[0].ask.opened == [path]
    assert "s’ouvre dans votre traitement de texte" in panel.message.text()
    assert "n’est pas chiffré" in words(panel)
    click(qtbot, seen(qtbot, panel, "Reprendre le fichier modifié"))
    qtbot.waitUntil(lambda: "tel qu’il a été prêté" in panel.message.text(), timeout=LONG)
    add(path)
    click(qtbot, seen(qtbot, panel, "Reprendre le fichier modifié"))
    keep = seen(qtbot, panel, "Garder cette version")
    shown = words(panel)
    assert "1\u00a0paragraphe change" in shown
    assert "Ajouté" in shown
    assert "&lt;b&gt;écrite" in shown  # what was written is no markup
    assert seen(qtbot, panel, "Ne rien changer").hasFocus()
    assert panel.states[0].versions == ()
    keep.setFocus()
    qtbot.keyClick(keep, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: panel.states[0].in_force is not None, timeout=LONG)
    qtbot.waitUntil(lambda: "Lettre modifiée hors du programme" in words(panel), timeout=LONG)
    qtbot.waitUntil(page.paper.note.isVisible, timeout=LONG)
    erase = seen(qtbot, panel, "Effacer cette copie")
    assert erase.hasFocus()
    click(qtbot, erase)
    qtbot.waitUntil(lambda: "effacé" in panel.message.text(), timeout=LONG)
    assert not path.exists()
    qtbot.waitUntil(lambda: panel.states[0].copies == (), timeout=LONG)
    assert "se lit encore" not in words(panel)


def test_every_copy_outside_is_told_until_it_is_erased(qtbot: QtBot, opened: Opened, folder: Path) -> None:
    _, panel = panel_of(qtbot, opened)
    first = lend(qtbot, opened, panel, folder)
    opened[0].ask._answers += [folder, 1]
    click(qtbot, seen(qtbot, panel, "Écrire un autre .docx"))
    qtbot.waitUntil(lambda: len(panel.states[0].copies) == 2, timeout=LONG)
    add(first)
    opened[2].go_to(Place("home"))
    home = opened[2].page
    assert isinstance(home, HomePage)
    qtbot.waitUntil(lambda: "2\u00a0copies de la lettre se lisent" in words(home.presses), timeout=LONG)
    _, panel = panel_of(qtbot, opened)
    click(qtbot, seen(qtbot, panel, "Effacer ce fichier"))  # as it was lent: nothing is asked
    qtbot.waitUntil(lambda: len(panel.states[0].copies) == 1, timeout=LONG)
    click(qtbot, seen(qtbot, panel, "Effacer cette copie"))  # it says something that did not come back
    qtbot.waitUntil(lambda: panel.states[0].copies == (), timeout=LONG)
    assert "n’a pas été repris" in opened[0].ask.said[-1]
    assert list(folder.iterdir()) == []


def test_a_copy_that_is_nowhere_is_told_until_somebody_says_so(qtbot: QtBot, opened: Opened, folder: Path) -> None:
    _, panel = panel_of(qtbot, opened)
    lend(qtbot, opened, panel, folder).unlink()
    opened[0].ask._answers += [0, 1]
    click(qtbot, seen(qtbot, panel, "Effacer ce fichier"))
    qtbot.waitUntil(lambda: "n’est plus à cet endroit" in opened[0].ask.said[-1], timeout=LONG)
    assert len(panel.states[0].copies) == 1
    click(qtbot, seen(qtbot, panel, "Effacer ce fichier"))
    qtbot.waitUntil(lambda: panel.states[0].copies == (), timeout=LONG)


def test_another_window_kept_one_meanwhile(qtbot: QtBot, opened: Opened, folder: Path) -> None:
    page, panel = panel_of(qtbot, opened)
    path = lend(qtbot, opened, panel, folder)
    add(path, "Une première phrase.")
    click(qtbot, seen(qtbot, panel, "Reprendre le fichier modifié"))
    keep = seen(qtbot, panel, "Garder cette version")
    desk = desk_of(opened)
    lent = panel.states[0].lent
    assert lent is not None
    other = comparison.compare(desk, lent.document_id, path)
    kept = outside.take_back(desk, other)
    add(path, "Une phrase de plus.")
    click(qtbot, keep)
    qtbot.waitUntil(lambda: "a changé depuis que cette comparaison" in panel.message.text(), timeout=LONG)
    seen(qtbot, panel, "Garder cette version")
    assert panel.comparison is not None
    assert panel.comparison.standing == kept.value
    assert "lui est comparée" in words(panel)
    with desk.read() as session:
        assert outside.letters_of(session, desk, page.referral_id)[0].in_force is not None
    click(qtbot, seen(qtbot, panel, "Garder cette version"))
    qtbot.waitUntil(lambda: len(panel.states[0].versions) == 2, timeout=LONG)


def test_nothing_is_changed_by_looking(qtbot: QtBot, opened: Opened, folder: Path) -> None:
    _, panel = panel_of(qtbot, opened)
    path = lend(qtbot, opened, panel, folder)
    add(path)
    click(qtbot, seen(qtbot, panel, "Reprendre le fichier modifié"))
    click(qtbot, seen(qtbot, panel, "Ne rien changer"))
    assert panel.message.text() == "Rien n’a été changé."
    assert panel.states[0].versions == ()
    assert path.exists()


def test_a_folder_copied_elsewhere_is_asked_about(qtbot: QtBot, opened: Opened, folder: Path) -> None:
    _, panel = panel_of(qtbot, opened)
    synced = folder / "Dropbox"
    synced.mkdir()
    opened[0].ask._answers += [synced, 0, None]
    click(qtbot, seen(qtbot, panel, "Écrire le .docx dans un dossier"))
    assert list(synced.iterdir()) == []
    opened[0].ask._answers += [synced, 1]
    click(qtbot, seen(qtbot, panel, "Écrire le .docx dans un dossier"))
    qtbot.waitUntil(lambda: panel.states[0].lent is not None, timeout=LONG)
    assert len(list(synced.iterdir())) == 1


def test_no_word_processor_opens_it(qtbot: QtBot, opened: Opened, folder: Path) -> None:
    opened[0].ask.opens = False
    _, panel = panel_of(qtbot, opened)
    path = lend(qtbot, opened, panel, folder)
    qtbot.waitUntil(lambda: "Aucun programme ne l’a ouvert" in panel.message.text(), timeout=LONG)
    assert str(path) in panel.message.text().replace("\u200b", "")


def test_a_file_still_open_or_unusable_is_said_here(qtbot: QtBot, opened: Opened, folder: Path) -> None:
    _, panel = panel_of(qtbot, opened)
    path = lend(qtbot, opened, panel, folder)
    lock = path.with_name(f".~lock.{path.name}#")
    lock.write_text(",Camille,portable,26.11.2026 15:23,;", "utf-8")
    opened[0].ask._answers += [0, 1]
    with path.open("rb"):
        click(qtbot, seen(qtbot, panel, "Reprendre le fichier modifié"))
        qtbot.waitUntil(lambda: "encore ouvert" in panel.message.text(), timeout=LONG)
    click(qtbot, seen(qtbot, panel, "Reprendre le fichier modifié"))
    qtbot.waitUntil(lambda: "par Camille sur portable" in opened[0].ask.said[-1], timeout=LONG)
    assert panel.message.text() == ""
    click(qtbot, seen(qtbot, panel, "Reprendre le fichier modifié"))
    qtbot.waitUntil(lambda: "tel qu’il a été prêté" in panel.message.text(), timeout=LONG)
    other = folder / "abime.docx"
    other.write_bytes(b"PK\x03\x04 rien")
    opened[0].ask._answers.append(other)
    click(qtbot, seen(qtbot, panel, "Le fichier est ailleurs"))
    qtbot.waitUntil(lambda: "abîmé" in panel.message.text(), timeout=LONG)
    assert panel.states[0].lent is not None
    assert panel.comparison is None


def test_set_aside_undone_and_checked(qtbot: QtBot, opened: Opened, folder: Path) -> None:
    page, panel = panel_of(qtbot, opened)
    path = lend(qtbot, opened, panel, folder)
    add(path)
    click(qtbot, seen(qtbot, panel, "Reprendre le fichier modifié"))
    click(qtbot, seen(qtbot, panel, "Garder cette version"))
    click(qtbot, seen(qtbot, panel, "Revenir à la lettre du programme"))
    qtbot.waitUntil(lambda: panel.states[0].in_force is None, timeout=LONG)
    assert seen(qtbot, panel, "Remettre en place la version")
    click(qtbot, seen(qtbot, page, "Défaire"))
    qtbot.waitUntil(lambda: panel.states[0].in_force is not None, timeout=LONG)
    desk = desk_of(opened)
    changed = desk.run(write_account, page.referral_id, "Un tout autre exposé.")
    opened[0].context.news.publish(changed.changes)
    checked = seen(qtbot, panel, "C’est vérifié")
    qtbot.waitUntil(lambda: "Elle ne suit plus le dossier" in words(panel), timeout=LONG)
    page.show_part("text")
    qtbot.waitUntil(lambda: any("ne suit plus" in each.sentence for each in now_todos(page)), timeout=LONG)
    click(qtbot, checked)
    qtbot.waitUntil(lambda: not panel.states[0].differences, timeout=LONG)
    qtbot.waitUntil(lambda: not any("ne suit plus" in each.sentence for each in now_todos(page)), timeout=LONG)


def now_todos(page: BuildPage) -> tuple[Todo, ...]:
    assert page.build is not None
    return page.build.todos


def test_everything_has_a_name_and_fits(qtbot: QtBot, opened: Opened, folder: Path) -> None:
    page, panel = panel_of(qtbot, opened)
    path = lend(qtbot, opened, panel, folder)
    add(path, "mot" * 200)
    click(qtbot, seen(qtbot, panel, "Reprendre le fichier modifié"))
    seen(qtbot, panel, "Garder cette version")
    for size in ((1366, 768), (1440, 900)):
        opened[1].resize(*size)
        QApplication.processEvents()
        assert panel.minimumSizeHint().width() <= page._fill.viewport().width()
    assert all(each.accessibleName() or each.text() for each in panel.findChildren(QAbstractButton))
    assert all(each.text() for each in panel.findChildren(QLabel) if each.isVisible())
    assert panel.isVisible()
    click(qtbot, seen(qtbot, panel, "Fermer la modification"))
    assert not panel.isVisible()
    click(qtbot, action(page).button)
    assert panel.isVisible()


def test_a_referral_without_a_letter_says_so(qtbot: QtBot, opened: Opened) -> None:
    opened[1].resize(1500, 900)
    page = page_of(qtbot, opened, reference="S-2026-0002")
    click(qtbot, seen(qtbot, page, "Ouvrir en .docx"))
    panel = action(page).panel
    assert panel is not None
    qtbot.waitUntil(lambda: "pas de lettre" in words(panel) or bool(panel.states), timeout=LONG)
