# SPDX-License-Identifier: GPL-3.0-or-later
"""Pièces: what is chosen is looked at, hidden or played; what is damaged is said."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from hro_desktop.casework import deposits, evidence
from hro_desktop.casework.desk import Desk
from hro_desktop.records.evidence import Evidence
from tests.media.made import sound
from tests.ui.test_evidence import LONG, Opened, card, opened, pour, settled, stand_on, words
from ui.preview.film_view import CANNOT, player_parts
from ui.preview.sealed_device import SealedDevice

__all__ = ["card", "opened"]


def test_a_picture_is_zoomed_turned_and_moved_by_keys(qtbot: QtBot, opened: Opened) -> None:
    page = opened[3]
    stand_on(qtbot, page, "tente fendue")
    view = page.viewer._picture
    fit = view.zoom
    control = Qt.KeyboardModifier.ControlModifier
    for _ in range(8):
        qtbot.keyClick(view, Qt.Key.Key_Plus, control)
    assert view.zoom > 3 * fit
    before = view.verticalScrollBar().value()
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert view.verticalScrollBar().value() > before
    before = view.horizontalScrollBar().value()
    qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    qtbot.mouseMove(view.viewport(), QPoint(60, 100))
    qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(60, 100))
    assert view.horizontalScrollBar().value() >= before
    qtbot.keyClick(view, Qt.Key.Key_R)
    assert view.turns == 1
    qtbot.keyClick(view, Qt.Key.Key_0, control)
    assert view.horizontalScrollBar().maximum() == view.verticalScrollBar().maximum() == 0


@pytest.mark.parametrize("how", ["click", "key", "button"])
def test_what_is_hard_to_see_is_a_blur_until_asked_for(qtbot: QtBot, opened: Opened, how: str) -> None:
    page = opened[3]
    stand_on(qtbot, page, "avant-bras")
    view = page.viewer._picture
    assert page.viewer.hidden
    assert view.image.width() * view.image.height() <= 500, "nothing more than a blur was even decoded"
    if how == "click":
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
    elif how == "key":
        qtbot.keyClick(view, Qt.Key.Key_Space)
    else:
        page.viewer._reveal.click()
    qtbot.waitUntil(lambda: view.image.width() > 500, timeout=LONG)
    assert not page.viewer.hidden
    page.viewer._hide.click()
    qtbot.waitUntil(lambda: 0 < view.image.width() < 100, timeout=LONG)
    stand_on(qtbot, page, "tente fendue")
    stand_on(qtbot, page, "avant-bras")
    assert page.viewer.hidden, "coming back hides it again"


def test_names_hidden_cover_every_item(qtbot: QtBot, opened: Opened) -> None:
    stage, _, _, page = opened
    stand_on(qtbot, page, "Feuilles d’accord")
    assert page.viewer._pdf.isVisible()
    stage.context.veil.toggle()
    settled(qtbot, page)
    assert not page.viewer._pdf.isVisible()
    assert "Caché avec les noms" in words(page.viewer)
    page.viewer.on_reveal()
    assert page.viewer.hidden
    stage.context.veil.toggle()
    qtbot.waitUntil(page.viewer._pdf.isVisible, timeout=LONG)


@pytest.mark.qt_log_ignore("PulseAudio|RHI backend|No audio device", extend=True)  # of the machine, where Qt can play
def test_films_and_sounds_play_or_say_why_not(qtbot: QtBot, opened: Opened, capfd: pytest.CaptureFixture[str]) -> None:
    page = opened[3]
    film = page.viewer._film
    for title in ("camion-benne", "Enregistrement sonore"):
        stand_on(qtbot, page, title)
        qtbot.waitUntil(lambda: film.message != "Ouverture…", timeout=LONG)
        assert film.muted
        if player_parts() is None:
            assert film.message == CANNOT
            assert film.device is None
            continue
        assert film.device is not None
        qtbot.keyClick(film, Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: film._player.position() > 100, timeout=LONG)
        assert film.picture.isNull() is (title != "camion-benne")
        qtbot.keyClick(film, Qt.Key.Key_M)
        assert not film.muted
    stand_on(qtbot, page, "tente fendue")
    assert film.device is None
    assert "Fairphone" not in "".join(capfd.readouterr()), "what a film says of itself stays in the vault"


def test_the_device_reads_any_part_and_nothing_once_closed(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    desk: Desk = opened[3].desk
    content = sound(30.0)
    (tmp_path / "son.wav").write_bytes(content)
    item = deposits.deposit(desk, [tmp_path / "son.wav"]).value[0].evidence_id
    assert item is not None
    stream = evidence.open_item(desk, item)
    device = SealedDevice(stream, len(content), opened[1])
    assert device.size() == len(content)
    assert not device.isSequential()
    for start, length in ((0, 44), (70_000, 200_000), (len(content) - 10, 50), (len(content), 5)):
        assert device.seek(start)
        assert device.read(length).data() == content[start : start + length]
    assert device.writeData(b"x", 1) == -1
    device.close()
    assert stream.closed
    assert device.readData(4) == b""
    device.deleteLater()


def test_a_damaged_item_is_one_sentence_and_one_line(qtbot: QtBot, opened: Opened, card: Path) -> None:
    page = opened[3]
    pour(qtbot, page, card / "IMG_8841.jpg")
    stand_on(qtbot, page, "IMG_8841")
    item = page.viewer.item
    assert item is not None
    with page.desk.read() as session:
        path = page.desk.vault.objects.path(session.get_one(Evidence, item.id).stored.name)
    sealed = bytearray(path.read_bytes())
    sealed[900] ^= 1
    path.write_bytes(sealed)
    stand_on(qtbot, page, "tente fendue")
    stand_on(qtbot, page, "IMG_8841")
    assert "abîmé" in page.viewer.sentence
    page.pane.verify_action.click()
    qtbot.waitUntil(lambda: "dernière sauvegarde" in page.pane.problem, timeout=LONG)
    qtbot.waitUntil(lambda: "fichier abîmé" in words(page.pane), timeout=LONG)
    qtbot.waitUntil(lambda: "ce n’est plus le fichier versé" in words(page.pane), timeout=LONG)
