# SPDX-License-Identifier: GPL-3.0-or-later
"""The one window: the door first, then the workspace. There is no way back but a new process."""

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QMainWindow

from hro_desktop.faults import Fault
from ui import away, clipboard
from ui.context import Context
from ui.idle import IdleWatch
from ui.opening import OpenVault
from ui.theme import Scheme, Theme, Tokens
from ui.unlock import UnlockPage
from ui.words import count

if TYPE_CHECKING:
    from hro_desktop.casework.settings import Settings
    from ui.pages.page import Place
    from ui.workspace import Workspace

__all__ = ["MainWindow"]


class MainWindow(QMainWindow):
    """Holds the open vault, and closes it whatever way the window goes."""

    def __init__(self, context: Context, folder: Path, *, main: bool) -> None:
        """A locked window.

        Args:
            context: its surroundings.
            folder: of the vault.
            main: it is the one at the usual place.
        """
        super().__init__()
        context.theme.dress(self)
        self._context = context
        self._folder = folder
        self._vault: OpenVault | None = None
        self._workspace: Workspace | None = None
        self._idle: IdleWatch | None = None
        self._away: away.AwayWatch | None = None
        self._locking = False
        self._worn: Tokens = context.tokens
        self.setWindowTitle("Dossiers")
        self.setMinimumSize(960, 600)
        self._fit_to_screen()
        door = UnlockPage(context, folder, main=main)
        door.opened.connect(self.on_opened)
        self.setCentralWidget(door)
        door.setFocus()

    @property
    def vault(self) -> OpenVault | None:
        """The vault, once it is open."""
        return self._vault

    @property
    def context(self) -> Context:
        """What its pages are given; another look is another context."""
        return self._context

    @property
    def idle(self) -> IdleWatch | None:
        """What locks the vault when nobody is there, once it is open."""
        return self._idle

    def on_opened(self, vault: OpenVault) -> None:
        """The door opened: show what is behind it, as whoever opened it likes it."""
        self._vault = vault
        self._folder = vault.folder
        self._dress(vault.settings)
        self._furnish()
        self._idle = IdleWatch(vault.settings.lock_after, self)
        self._idle.over.connect(self.lock)
        self._idle.soon.connect(self.on_lock_soon)
        self._idle.back.connect(self.on_back)
        self._away = away.watch(self)
        if self._away is not None:
            self._away.left.connect(self.lock)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self.on_desktop_scheme_changed)

    def on_preferred(self, settings: "Settings") -> None:
        """Another look or another delay: at once, without losing where one is nor what is typed."""
        if self._idle is not None:
            self._idle.set_delay(settings.lock_after)
        if self._dress(settings) and self._workspace is not None:
            place = self._workspace.page.place if self._workspace.page is not None else None
            self._workspace.keep_now()
            self._furnish(place)

    def on_desktop_scheme_changed(self) -> None:
        """The desktop turned dark or light: so does a window that follows it."""
        theme = self._context.theme
        if theme.scheme is Scheme.SYSTEM and theme.tokens != self._worn and self._workspace is not None:
            place = self._workspace.page.place if self._workspace.page is not None else None
            self._wear(theme)
            self._workspace.keep_now()
            self._furnish(place)

    def on_lock_soon(self, left: int) -> None:
        """Say that the vault is about to lock, and what that interrupts: nothing postpones it."""
        if self._workspace is None:
            return
        running = self._context.jobs.running()
        what = f"\u00a0; «\u00a0{running[0].title}\u00a0» sera interrompu" if running else ""
        seconds = count(left, "seconde", "secondes")
        self._workspace.warn(
            f"Verrouillage dans {seconds}, faute d’activité{what}. Une touche ou un geste de souris suffit à rester."
        )
        QApplication.alert(self)

    def on_back(self) -> None:
        """Somebody is there after all."""
        if self._workspace is not None:
            self._workspace.warn("")

    def lock(self) -> None:
        """Close the vault and become a new process at its door: what was read must leave the memory too."""
        if self._locking:
            return
        self._locking = True
        self._close_vault()
        self._context.restart(self._folder)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """The window goes: so does the vault."""
        self._close_vault()
        super().closeEvent(event)

    def _close_vault(self) -> None:
        """Nothing behind on the screen, nothing on the clipboard, no child process, the vault closed."""
        door = self.centralWidget()
        if isinstance(door, UnlockPage):
            door.give_up()
        if self._idle is not None:
            self._idle.stop()
        self._workspace = None
        if self._vault is not None:
            self.hide()
            behind = self.takeCentralWidget()
            keep_now = getattr(behind, "keep_now", None)
            if keep_now is not None:
                with contextlib.suppress(Fault):  # a full disk must not keep the vault open
                    keep_now()
            if behind is not None:
                behind.deleteLater()
            clipboard.forget()
        _kill_children()  # a letter that is being set would keep its job waiting
        idle = self._context.jobs.shutdown()
        _kill_children()
        if self._vault is not None and idle:
            # A job that does not stop keeps its session: the process ends under it, and its transaction with it.
            self._vault.close()
        self._vault = None

    def _furnish(self, place: "Place | None" = None) -> None:
        """The room behind the door, new, at a place of it."""
        # The casework loads slowly: not before somebody is inside, and by then `warm_up` has done it.
        from ui.workspace import Workspace

        assert self._vault is not None
        before = self._workspace
        if before is not None:
            before.setParent(None)
        workspace = Workspace(self._context, self._vault)
        workspace.lock_wanted.connect(self.lock)
        workspace.preferred.connect(self.on_preferred)
        self._workspace = workspace
        self.setCentralWidget(workspace)
        workspace.start(place)
        if before is not None:
            before.deleteLater()

    def _dress(self, settings: "Settings") -> bool:
        """Look as somebody likes it; whether that is another look."""
        theme = Theme(Scheme(settings.scheme), settings.text_percent / 100)
        if theme == self._context.theme:
            return False
        self._wear(theme)
        return True

    def _wear(self, theme: Theme) -> None:
        self._context = attrs.evolve(self._context, theme=theme)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply(app, app.font().families())
            theme.dress(self)
            self._worn = theme.tokens

    def _fit_to_screen(self) -> None:
        screen = QGuiApplication.primaryScreen()
        room = screen.availableGeometry() if screen is not None else self.rect()
        self.resize(min(1440, round(room.width() * 0.94)), min(900, round(room.height() * 0.92)))


def _kill_children() -> None:
    """The children hold letters, and would outlive a process that is replaced."""
    worker = sys.modules.get("forms.worker")
    if worker is not None:
        worker.kill_all()
