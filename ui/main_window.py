# SPDX-License-Identifier: GPL-3.0-or-later
"""The one window: the door first, then the workspace. There is no way back but a new process."""

import contextlib
from pathlib import Path

from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QMainWindow

from hro_desktop.faults import Fault
from ui.context import Context
from ui.opening import OpenVault
from ui.unlock import UnlockPage

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
        self._context = context
        self._folder = folder
        self._vault: OpenVault | None = None
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

    def on_opened(self, vault: OpenVault) -> None:
        """The door opened: show what is behind it."""
        # The casework loads slowly: not before somebody is inside, and by then `warm_up` has done it.
        from ui.workspace import Workspace

        self._vault = vault
        self._folder = vault.folder
        workspace = Workspace(self._context, vault)
        workspace.lock_wanted.connect(self.lock)
        self.setCentralWidget(workspace)
        workspace.start()

    def lock(self) -> None:
        """Close the vault and become a new process at its door: what was read must leave the memory too."""
        self._close_vault()
        self._context.restart(self._folder)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """The window goes: so does the vault."""
        self._close_vault()
        super().closeEvent(event)

    def _close_vault(self) -> None:
        """Nothing behind on the screen, nothing on the clipboard, the vault closed."""
        if self._vault is not None:
            self.hide()
            behind = self.takeCentralWidget()
            keep_now = getattr(behind, "keep_now", None)
            if keep_now is not None:
                with contextlib.suppress(Fault):  # a full disk must not keep the vault open
                    keep_now()
            if behind is not None:
                behind.deleteLater()
            clipboard = QGuiApplication.clipboard()
            if clipboard.ownsClipboard():
                clipboard.clear()
        idle = self._context.jobs.shutdown()
        if self._vault is not None and idle:
            # A job that does not stop keeps its session: the process ends under it, and its transaction with it.
            self._vault.close()
        self._vault = None

    def _fit_to_screen(self) -> None:
        screen = QGuiApplication.primaryScreen()
        room = screen.availableGeometry() if screen is not None else self.rect()
        self.resize(min(1440, round(room.width() * 0.94)), min(900, round(room.height() * 0.92)))
