# SPDX-License-Identifier: GPL-3.0-or-later
"""Réglages: who we are, who may open, when it locks, how it looks, how the vault is."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from hro_desktop import bootstrap
from hro_desktop.casework import directory, editing, key_slots, settings, volunteers
from hro_desktop.demo import run
from hro_desktop.vault import age, bech32
from tests.support.practice import practice_vault
from tests.ui.conftest import Stage, flush_deletes, still
from tests.ui.test_lock import enter
from ui.main_window import MainWindow
from ui.pages.page import Place
from ui.pages.settings import SettingsPage
from ui.pages.settings_access import AccessPart
from ui.pages.settings_people import AssociationPart, VolunteersPart
from ui.pages.settings_vault import LookPart, StatePart
from ui.theme import Scheme, Theme
from ui.workspace import Workspace

MakeStage = Callable[..., Stage]
LONG = 60_000
PHRASE = "une autre personne, une autre phrase"
Opened = tuple[Stage, MainWindow, Workspace]


@pytest.fixture
def opened(qtbot: QtBot, make_stage: MakeStage, tmp_path: Path) -> Iterator[Opened]:
    stage = make_stage()
    window = stage.window(qtbot, practice_vault(tmp_path))
    yield stage, window, enter(qtbot, window)
    window.close()


def settings_of(window: MainWindow, part: str) -> SettingsPage:
    workspace = window.centralWidget()
    assert isinstance(workspace, Workspace)
    workspace.go_to(Place("settings", part=part))
    page = workspace.page_of(SettingsPage)
    assert page is not None
    return page


def desk_of(window: MainWindow) -> object:
    assert window.vault is not None
    return window.vault.desk


def test_association_is_corrected_where_it_stands(qtbot: QtBot, opened: Opened) -> None:
    _, window, workspace = opened
    page = settings_of(window, "association")
    part = page.present
    assert isinstance(part, AssociationPart)
    name = part.editor.form.field("name").input
    qtbot.waitUntil(lambda: bool(name.text()), timeout=LONG)
    name.setFocus()
    name.selectAll()
    qtbot.keyClicks(name, "Association Fictive du Littoral")
    with qtbot.waitSignal(part.editor.saved, timeout=LONG):
        workspace.go_to(Place("cases"))
    assert window.vault is not None
    with window.vault.desk.read() as session:
        known = directory.association(session)
        assert known is not None
        assert known.name == "Association Fictive du Littoral"


def test_association_nobody_named_yet_is_named_by_writing_it(qtbot: QtBot, opened: Opened) -> None:
    from hro_desktop.records.settings import Setting

    _, window, workspace = opened
    assert window.vault is not None
    desk = window.vault.desk
    with desk.vault.work() as work:
        work.session.merge(Setting(name="association", value=""))
        work.commit()
    part = settings_of(window, "association").present
    assert isinstance(part, AssociationPart)
    qtbot.waitUntil(lambda: part.editor.record is not None and part.editor.form.isEnabled(), timeout=LONG)
    name = part.editor.form.field("name").input
    name.setFocus()
    qtbot.keyClicks(name, "Nouvelle association")
    workspace.go_to(Place("cases"))

    def named() -> bool:
        with desk.read() as session:
            known = directory.association(session)
            return known is not None and known.name == "Nouvelle association"

    qtbot.waitUntil(named, timeout=LONG)


def test_volunteer_is_added_then_given_an_access_that_opens(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    _, window, _ = opened
    page = settings_of(window, "volunteers")
    part = page.present
    assert isinstance(part, VolunteersPart)
    qtbot.keyClick(part.add, Qt.Key.Key_Space)
    name = part.editor.form.field("name").input
    qtbot.waitUntil(name.hasFocus, timeout=LONG)
    qtbot.keyClicks(name, "Alix Nouveau")
    with qtbot.waitSignal(part.editor.saved, timeout=LONG):
        page.tabs.tab("access").click()
    access = page.present
    assert isinstance(access, AccessPart)
    qtbot.waitUntil(lambda: access.person.findText("Alix Nouveau") > 0, timeout=LONG)
    access.give.click()
    assert "Choisissez la personne" in access.problem
    access.person.setCurrentIndex(access.person.findText("Alix Nouveau"))
    access.first.setText(PHRASE)
    access.again.setText(PHRASE + "x")
    access.give.click()
    assert "pas les mêmes" in access.problem
    access.again.setText(PHRASE)
    qtbot.keyClick(access.again, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "L’accès est donné" in access.done, timeout=LONG)
    assert access.first.text() == access.again.text() == ""
    qtbot.waitUntil(lambda: [each.name for each in access.slots][-1:] == ["Alix Nouveau"], timeout=LONG)
    assert access.person.findText("Alix Nouveau") == -1
    page.tabs.tab("volunteers").click()
    qtbot.waitUntil(lambda: any(each.line.chip == "a un accès" for each in part.list.buttons), timeout=LONG)
    window.close()
    with bootstrap.open_desk(tmp_path / "coffre", PHRASE) as desk, desk.read() as session:
        assert key_slots.actors(session)[desk.vault.slot_id] == "Alix Nouveau"


def test_phrase_of_somebody_else_is_refused_and_nothing_is_lost(qtbot: QtBot, opened: Opened) -> None:
    _, window, _ = opened
    assert window.vault is not None
    someone = editing.blank("volunteer", name="Sam Autre")
    window.vault.desk.run(editing.write, "volunteer", someone)
    access = settings_of(window, "access").present
    assert isinstance(access, AccessPart)
    qtbot.waitUntil(lambda: access.person.findText("Sam Autre") > 0, timeout=LONG)
    access.person.set_value(someone.id)
    for field in (access.first, access.again):
        field.setText(run.PASSPHRASE)
    access.give.click()
    qtbot.waitUntil(lambda: "ouvre déjà" in access.problem, timeout=LONG)
    assert access.give.isEnabled()
    assert access.first.text() == run.PASSPHRASE
    assert len(access.slots) == 2


def test_present_access_is_named_and_a_third_party_added(qtbot: QtBot, opened: Opened) -> None:
    _, window, _ = opened
    assert window.vault is not None
    desk = window.vault.desk
    someone = editing.blank("volunteer", name="Sam Autre")
    desk.run(editing.write, "volunteer", someone)
    access = settings_of(window, "access").present
    assert isinstance(access, AccessPart)
    qtbot.waitUntil(lambda: len(access.owners) == 1, timeout=LONG)
    owner = access.owners[0]
    owner.setFocus()
    owner.setCurrentIndex(owner.findText("Sam Autre"))
    owner.activated.emit(owner.currentIndex())
    qtbot.waitUntil(lambda: access.slots[0].name == "Sam Autre", timeout=LONG)
    assert access.owners[0].currentText() == "Sam Autre"
    access.recipient.setText("age1faux")
    access.add_escrow.click()
    qtbot.waitUntil(lambda: bool(access.problem), timeout=LONG)
    access.recipient.setText(bech32.recipient(age.public_key(age.generate_key())))
    qtbot.keyClick(access.recipient, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: [each.kind for each in access.slots][-1] == "Tiers de confiance", timeout=LONG)


def test_look_is_kept_and_put_on_at_once_at_the_same_place(qtbot: QtBot, opened: Opened) -> None:
    _, window, _ = opened
    part = settings_of(window, "look").present
    assert isinstance(part, LookPart)
    qtbot.waitUntil(part.scheme.isEnabled, timeout=LONG)
    part.scheme.setFocus()
    qtbot.keyClick(part.scheme, Qt.Key.Key_End)
    part.scheme.activated.emit(part.scheme.currentIndex())
    qtbot.waitUntil(lambda: window.context.theme == Theme(Scheme.DARK, 1.0), timeout=LONG)
    flush_deletes()
    workspace = window.centralWidget()
    assert isinstance(workspace, Workspace)
    page = workspace.page_of(SettingsPage)
    assert page is not None
    assert page.isVisible()
    part = page.present
    assert isinstance(part, LookPart)
    qtbot.waitUntil(lambda: part.scheme.isEnabled() and part.scheme.value() == "dark", timeout=LONG)
    part.lock_after.set_value(600)
    part.lock_after.activated.emit(part.lock_after.currentIndex())
    qtbot.waitUntil(lambda: window.idle is not None and window.idle.delay == 600, timeout=LONG)
    assert window.vault is not None
    with window.vault.desk.read() as session:
        kept = settings.read(session, window.vault.desk.vault.slot_id)
    assert (kept.scheme, kept.lock_after) == ("dark", 600)


def test_vault_is_read_again_and_says_what_it_found(qtbot: QtBot, opened: Opened) -> None:
    _, window, _ = opened
    part = settings_of(window, "state").present
    assert isinstance(part, StatePart)
    qtbot.waitUntil(lambda: "Place libre" in part.words[0], timeout=LONG)
    qtbot.keyClick(part.check, Qt.Key.Key_Space)
    qtbot.waitUntil(part.check.isEnabled, timeout=LONG)
    assert part.words[1].startswith("Rien n’est abîmé (lignes du journal")
    assert window.vault is not None
    victim = next(iter(sorted((window.vault.folder / "objets").rglob("*.age"))))
    victim.chmod(0o600)
    victim.write_bytes(victim.read_bytes()[:-1])
    part.check.click()
    qtbot.waitUntil(part.check.isEnabled, timeout=LONG)
    assert part.words[1].startswith("Des dommages ont été trouvés")
    assert any("coupé" in each for each in part.words)


def test_check_can_be_stopped(qtbot: QtBot, opened: Opened) -> None:
    stage, window, _ = opened
    part = settings_of(window, "state").present
    assert isinstance(part, StatePart)
    part.check.click()
    for job in stage.context.jobs.running():
        job.cancel()
    qtbot.waitUntil(part.check.isEnabled, timeout=LONG)
    assert part.words[1]


def test_locking_in_the_middle_keeps_a_volunteer_half_written(
    qtbot: QtBot, opened: Opened, make_stage: MakeStage, tmp_path: Path
) -> None:
    _, window, _ = opened
    assert window.vault is not None
    someone = editing.blank("volunteer", name="Sam Autre")
    window.vault.desk.run(editing.write, "volunteer", someone)
    part = settings_of(window, "volunteers").present
    assert isinstance(part, VolunteersPart)
    qtbot.waitUntil(lambda: bool(part.list.buttons), timeout=LONG)
    next(each for each in part.list.buttons if each.line.place == someone.id).click()
    name = part.editor.form.field("name").input
    qtbot.waitUntil(lambda: name.text() == "Sam Autre", timeout=LONG)
    name.setFocus()
    name.end(False)
    qtbot.keyClicks(name, " et la suite")
    window.lock()
    with bootstrap.open_desk(tmp_path / "coffre", run.PASSPHRASE) as desk, desk.read() as session:
        from hro_desktop.casework import drafts

        kept = drafts.get(session, "volunteer", someone.id)
        names = [each.name for each in volunteers.rows(session)]
    assert "Sam Autre et la suite" in names or (kept is not None and "et la suite" in str(kept.content))


@pytest.mark.parametrize("part", ["association", "volunteers", "access", "look", "state"])
@pytest.mark.parametrize("scale", [100, 150])
def test_every_tab_is_named_labelled_and_whole_on_a_small_screen(
    qtbot: QtBot, opened: Opened, part: str, scale: int
) -> None:
    _, window, _ = opened
    if scale != 100:
        window.on_preferred(settings.Settings(text_percent=150))
        flush_deletes()
    window.resize(1366, 700)
    page = settings_of(window, part)
    still(qtbot, window)
    buddies = {id(each.buddy()) for each in page.findChildren(QLabel) if each.buddy() is not None}
    for widget in page.findChildren(QWidget):
        if isinstance(widget, QAbstractButton | QLineEdit | QComboBox) and widget.isVisible():
            assert widget.accessibleName(), widget
        if isinstance(widget, QLineEdit | QComboBox) and not isinstance(widget.parent(), QComboBox):
            assert id(widget) in buddies, widget.accessibleName()
        if isinstance(widget, QPushButton) and widget.isVisible() and widget.text():
            assert widget.width() >= widget.minimumSizeHint().width(), widget.text()
            corner = widget.mapTo(window, widget.rect().bottomRight())
            assert corner.x() <= window.width(), widget.text()
