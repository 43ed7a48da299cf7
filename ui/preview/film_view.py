# SPDX-License-Identifier: GPL-3.0-or-later
"""A film or a sound, played straight from the vault, silent until asked; a sentence where the system cannot play it.

The player is a part of Qt of its own, which may be absent, or find no codec: it is only loaded for the first film.
"""

import importlib
import time
from typing import Any, BinaryIO, Final

import attrs
from PySide6.QtCore import QLoggingCategory, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSlider, QStackedWidget, QWidget

from ui.context import Context
from ui.icons import icon
from ui.preview.sealed_device import SealedDevice
from ui.preview.tool import tool
from ui.widgets import column, label, row

__all__ = ["CANNOT", "FilmView", "Player", "player_parts"]

CANNOT: Final = (
    "Cet ordinateur ne peut pas lire cette vidéo ou ce son ici\u00a0: le lecteur de Qt ou son codec manque. "
    "La pièce est intacte dans le coffre."
)
PATIENCE: Final = 8000
"""Milliseconds a player may take to say that it can play something."""
_SKIP: Final = 5000
_SLOW: Final = 0.02
"""Seconds a picture may take before some are left out."""


@attrs.frozen
class Player:
    """The part of Qt that plays: a module, loaded."""

    multimedia: Any


def player_parts() -> Player | None:
    """Load what plays; `None` where it is not installed, or a library of the system it needs is not.

    Takes a while the first time: to be called in a thread. What it would write of a film to the log of the session,
    down to its position, is not written.
    """
    QLoggingCategory.setFilterRules("qt.multimedia*=false")
    try:
        return Player(importlib.import_module("PySide6.QtMultimedia"))
    except ImportError:
        return None


class _Screen(QWidget):
    """The picture of the moment, painted like everything else: a window of its own could not be covered."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._image = QImage()
        self._next = 0.0

    @property
    def image(self) -> QImage:
        """The picture of the moment."""
        return self._image

    def on_frame(self, frame: Any) -> None:  # noqa: ANN401 - a value of a module loaded late
        """Another picture; where turning it into one takes long, some are left out and the window goes on."""
        now = time.monotonic()
        if now < self._next:
            return
        self._image = frame.toImage()
        spent = time.monotonic() - now
        self._next = now + 3 * spent if spent > _SLOW else 0.0
        self.update()

    def clear(self) -> None:
        """Forget it."""
        self._image = QImage()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """As large as there is room for."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._context.tokens.desk))
        if not self._image.isNull():
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRect(QPoint(0, 0), size)
            place.moveCenter(self.rect().center())
            painter.drawImage(place, self._image)
        painter.end()


class FilmView(QWidget):
    """Picture, play, place, sound. Keys: Space plays and stops, arrows go back and on by five seconds, M sound."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._player: Any = None
        self._device: SealedDevice | None = None
        self._message = label("", "desk", wrap=True)
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._message.setAccessibleName("Lecture")
        self._screen = QStackedWidget()
        self._picture = _Screen(context)
        for each in (self._message, self._picture):
            self._screen.addWidget(each)
        self._play = tool(context, "play", "Lire (Espace)", self.on_play_clicked, size=18)
        self._sound = tool(context, "mute", "Mettre le son (M)", self.on_sound_clicked, size=18)
        self._place = QSlider(Qt.Orientation.Horizontal)
        self._place.setAccessibleName("Position dans l’enregistrement")
        self._place.setSingleStep(_SKIP)
        self._place.setPageStep(6 * _SKIP)
        self._place.sliderMoved.connect(self.on_place_moved)
        self._place.actionTriggered.connect(self.on_place_acted)
        self._time = label("", "desk")
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE)
        self._patience.timeout.connect(self.on_error)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Vidéo ou son")
        line = row(margins=(16, 4, 16, 4), gap=8)
        for widget in (self._play, self._place, self._time, self._sound):
            line.addWidget(widget, 1 if widget is self._place else 0)
        whole = column(gap=4)
        whole.addWidget(self._screen, 1)
        whole.addLayout(line)
        self.setLayout(whole)
        self._enable(on=False)

    @property
    def message(self) -> str:
        """What stands in the place of the picture."""
        return self._message.text() if self._screen.currentWidget() is self._message else ""

    @property
    def picture(self) -> QImage:
        """The picture of the moment."""
        return self._picture.image

    @property
    def device(self) -> SealedDevice | None:
        """What is played."""
        return self._device

    @property
    def muted(self) -> bool:
        """Whether nothing is heard."""
        return self._player is None or bool(self._player.audioOutput().isMuted())

    def show_film(self, parts: Player | None, stream: BinaryIO, size: int) -> None:
        """Make a film or a sound ready, stopped and silent.

        Args:
            parts: what plays, as `player_parts` found it.
            stream: the item, open; closed here.
            size: its bytes.
        """
        self.clear()
        if parts is None:
            stream.close()
            self._say(CANNOT)
            return
        if self._player is None:
            self._make_player(parts)
        self._device = SealedDevice(stream, size, self)
        self._say("Ouverture…")
        self._player.audioOutput().setMuted(True)
        self._show_sound()
        self._player.setSourceDevice(self._device)
        self._patience.start()

    def clear(self) -> None:
        """Stop, and let go of the item."""
        self._patience.stop()
        self._enable(on=False)
        if self._player is not None:
            self._player.stop()
            self._player.setSourceDevice(None)
        device, self._device = self._device, None
        if device is not None:
            device.close()
            device.deleteLater()
        self._picture.clear()
        self._say("")
        self._time.setText("")

    def on_play_clicked(self) -> None:
        """Play, or stop where one is."""
        if self._player is not None and self._play.isEnabled():
            playing = self._player.playbackState() == self._player.PlaybackState.PlayingState
            (self._player.pause if playing else self._player.play)()

    def on_sound_clicked(self) -> None:
        """Let it be heard, or not."""
        if self._player is not None:
            output = self._player.audioOutput()
            output.setMuted(not output.isMuted())
            self._show_sound()

    def on_place_moved(self, place: int) -> None:
        """Somebody pulls the slider."""
        if self._player is not None:
            self._player.setPosition(place)

    def on_place_acted(self, _action: int) -> None:
        """Keys or a click moved the slider."""
        self.on_place_moved(self._place.sliderPosition())

    def on_status(self, status: Any) -> None:  # noqa: ANN401 - a value of a module loaded late
        """The player knows what it was given."""
        kind = self._player.MediaStatus
        if status in (kind.LoadedMedia, kind.BufferedMedia, kind.BufferingMedia):
            self._patience.stop()
            self._enable(on=True)
            if self._player.hasVideo():
                self._screen.setCurrentWidget(self._picture)
            else:
                self._say("Son seul")
        elif status == kind.InvalidMedia:
            self.on_error()

    def on_error(self, *_what: object) -> None:
        """It cannot be played, or not in time."""
        self._patience.stop()
        self._enable(on=False)
        self._say(CANNOT)

    def on_state(self, state: Any) -> None:  # noqa: ANN401
        """It plays, or not any more."""
        playing = state == self._player.PlaybackState.PlayingState
        self._play.setIcon(icon("pause" if playing else "play", self._context.tokens.on_desk))
        words = "Arrêter (Espace)" if playing else "Lire (Espace)"
        self._play.setToolTip(words)
        self._play.setAccessibleName(words)

    def on_duration(self, length: int) -> None:
        """How long it is."""
        self._place.setRange(0, length)
        self.on_position(0)

    def on_position(self, place: int) -> None:
        """How far it is."""
        if not self._place.isSliderDown():
            self._place.setValue(place)
        self._time.setText(f"{_clock(place)}\u00a0/\u00a0{_clock(self._place.maximum())}")

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Play, move and hear without a mouse."""
        key = Qt.Key(event.key())
        steps = {Qt.Key.Key_Left: -_SKIP, Qt.Key.Key_Right: _SKIP}
        if key == Qt.Key.Key_Space:
            self.on_play_clicked()
        elif key == Qt.Key.Key_M:
            self.on_sound_clicked()
        elif key in steps and self._player is not None:
            self._player.setPosition(max(0, self._player.position() + steps[key]))
        else:
            super().keyPressEvent(event)

    def _make_player(self, parts: Player) -> None:
        player = self._player = parts.multimedia.QMediaPlayer(self)
        player.setAudioOutput(parts.multimedia.QAudioOutput(self))
        sink = parts.multimedia.QVideoSink(self)
        sink.videoFrameChanged.connect(self._picture.on_frame)
        player.setVideoSink(sink)
        player.mediaStatusChanged.connect(self.on_status)
        player.errorOccurred.connect(self.on_error)
        player.playbackStateChanged.connect(self.on_state)
        player.durationChanged.connect(self.on_duration)
        player.positionChanged.connect(self.on_position)

    def _show_sound(self) -> None:
        words = "Mettre le son (M)" if self.muted else "Couper le son (M)"
        self._sound.setIcon(icon("mute" if self.muted else "sound", self._context.tokens.on_desk))
        self._sound.setToolTip(words)
        self._sound.setAccessibleName(words)

    def _say(self, sentence: str) -> None:
        self._message.setText(sentence)
        self._screen.setCurrentWidget(self._message)

    def _enable(self, *, on: bool) -> None:
        for each in (self._play, self._place, self._sound):
            each.setEnabled(on)


def _clock(milliseconds: int) -> str:
    minutes, seconds = divmod(milliseconds // 1000, 60)
    return f"{minutes}:{seconds:02}"
