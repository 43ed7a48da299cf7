#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of every page of the window, light and dark, in two sizes, into `build/screenshots/`.

Drawn without a screen on the practice vault, which is made anew: nobody real is in them.

    python scripts/screenshots.py [DOSSIER]
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_SCALE_FACTOR"] = "1"

import attrs
from PySide6.QtWidgets import QApplication

from hro_desktop.demo import run
from ui.app import prepare
from ui.ask import ScriptedAsk
from ui.changes import ChangeHub
from ui.context import Context
from ui.jobs import JobRunner
from ui.main_window import MainWindow
from ui.pages import NAV
from ui.pages.cases import CasesPage
from ui.pages.outings import OutingsPage
from ui.pages.pack import PackPage
from ui.pages.page import Place
from ui.theme import Scheme, Theme
from ui.unlock import UnlockPage
from ui.workspace import Workspace

SIZES = ((1366, 768), (1440, 900))
PATIENCE = 60.0


def cases_of(workspace: Workspace) -> CasesPage:
    page = workspace.page_of(CasesPage)
    assert page is not None
    return page


def pack_of(workspace: Workspace) -> PackPage:
    page = workspace.page_of(PackPage)
    assert page is not None
    return page


def wait_for(app: QApplication, condition: Callable[[], bool]) -> None:
    """Let the window work until something is so."""
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            sys.exit("a page did not come")
        app.processEvents()
        time.sleep(0.005)
    app.processEvents()


class Photographer:
    """Walks through the window once and keeps a picture of each page."""

    def __init__(self, app: QApplication, out: Path, vault: Path) -> None:
        self.app = app
        self.out = out
        self.vault = vault

    def walk(self, theme: Theme, size: tuple[int, int]) -> None:
        """One look, one size."""
        prepare(self.app, theme)
        jobs = JobRunner()
        context = Context(
            jobs=jobs,
            news=ChangeHub(),
            ask=ScriptedAsk(),
            theme=theme,
            restart=print,
            practice_folder=self.vault,
        )
        window = MainWindow(context, self.vault, main=True)
        window.resize(*size)
        window.show()
        name = f"{theme.scheme.value}-{size[0]}x{size[1]}-{round(theme.scale * 100)}"

        def keep(page: str) -> None:
            self.app.processEvents()
            window.grab().save(str(self.out / f"{page}-{name}.png"))

        door = window.centralWidget()
        assert isinstance(door, UnlockPage)
        keep("deverrouillage")
        unlock, _, practice = door.buttons
        door.field.setText("mauvaise phrase")
        unlock.click()
        wait_for(self.app, lambda: bool(door.problem))
        keep("deverrouillage-refus")
        practice.click()
        wait_for(self.app, lambda: isinstance(window.centralWidget(), Workspace))
        assert window.vault is not None
        window.on_preferred(
            attrs.evolve(window.vault.settings, scheme=theme.scheme.value, text_percent=round(theme.scale * 100))
        )
        workspace = window.centralWidget()
        assert isinstance(workspace, Workspace)
        self._pages(workspace, keep)
        workspace.go_to(Place("cases"))
        wait_for(self.app, lambda: cases_of(workspace).pane.view is not None)
        keep("dossiers")
        cases_of(workspace).make_action.click()
        wait_for(self.app, lambda: workspace.page_of(PackPage) is not None)
        for number, _ in enumerate(pack_of(workspace).documents):
            pack_of(workspace).documents[number].click()
            wait_for(self.app, lambda: pack_of(workspace).preview.pages.is_drawn(1))
            keep(f"saisine-{number + 1}")
        window.close()
        window.deleteLater()
        jobs.deleteLater()

    def _pages(self, workspace: Workspace, keep: Callable[[str], None]) -> None:
        """Every page of the side bar, the quick sheet, an outing, a case, and the line that finds everything."""
        for page in (*(each.page for each in NAV), "flash"):
            workspace.go_to(Place(page))
            self._settle()
            keep(page)
        outings = workspace.page_of(OutingsPage)
        if outings is not None and outings.wanted is not None:
            workspace.go_to(Place("outing", outings.wanted))
            self._settle()
            keep("outing")
        cases = workspace.page_of(CasesPage)
        if cases is not None and cases.pane.view is not None:
            workspace.go_to(Place("case", cases.pane.view.row.id))
            self._settle()
            keep("case")
        workspace.on_search_wanted()
        workspace.palette_.line.setText("cal")
        self._settle()
        keep("palette")
        workspace.palette_.close_up()

    def _settle(self) -> None:
        """Until what was asked for is shown: a page says nothing of what it waits for."""
        end = time.monotonic() + 1.5
        while time.monotonic() < end:
            self.app.processEvents()
            time.sleep(0.01)


def main() -> None:
    """Every look, every size."""
    out = Path(sys.argv[1] if len(sys.argv) > 1 else "build/screenshots")
    out.mkdir(parents=True, exist_ok=True)
    app = QApplication(sys.argv[:1])
    with tempfile.TemporaryDirectory() as folder:
        vault = Path(folder) / "coffre"
        run.build_vault(vault)
        photographer = Photographer(app, out, vault)
        for scheme in (Scheme.LIGHT, Scheme.DARK):
            for size in SIZES:
                photographer.walk(Theme(scheme), size)
        photographer.walk(Theme(Scheme.LIGHT, 1.5), SIZES[0])
    print(out)


if __name__ == "__main__":
    main()
