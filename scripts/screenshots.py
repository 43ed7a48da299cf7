#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of every page of the window, light and dark, in two sizes and with large text, into `build/screenshots/`.

Drawn without a screen on the practice vault, which is made anew: nobody real is in them. Pages of the side bar and of
`ROUTES` come by themselves, and so do their tabs; a page longer than the window comes twice, its end as `…-fin`.

    python scripts/screenshots.py [DOSSIER [MOT DU NOM]]
"""

import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Final

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_SCALE_FACTOR"] = "1"
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import attrs
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from hro_desktop import bootstrap
from hro_desktop.casework import agenda, cases
from hro_desktop.demo import run
from hro_desktop.vault import paper
from tests.support.tour import Stop, stops
from ui.app import prepare
from ui.ask import ScriptedAsk
from ui.changes import ChangeHub
from ui.context import Context
from ui.jobs import JobRunner
from ui.main_window import MainWindow
from ui.opening import Made
from ui.pages.case import CasePage
from ui.pages.case_referrals import ReferralsPart
from ui.pages.cases import CasesPage
from ui.pages.flash import FlashPage
from ui.pages.listing import ListPage
from ui.pages.meeting import MeetingPage
from ui.pages.pack import PackPage
from ui.pages.page import Page, Place
from ui.pages.pouch import PouchPage
from ui.tabs import Tabs
from ui.theme import Scheme, Theme
from ui.unlock import UnlockPage
from ui.workspace import Workspace

LOOKS: Final = (
    *((Theme(scheme), size) for scheme in (Scheme.LIGHT, Scheme.DARK) for size in ((1366, 768), (1440, 900))),
    (Theme(Scheme.LIGHT, 1.5), (1366, 768)),
)
PATIENCE: Final = 60.0
CALM: Final = 8
"""Rounds of events without work under way after which a page is taken to show all it has."""


def practice(folder: Path) -> Path:
    """The practice vault, with a meeting in it: nobody invented one, since its day is today’s."""
    reference = run.build_vault(folder)
    with bootstrap.open_desk(folder, run.PASSPHRASE) as opened:
        desk = attrs.evolve(opened, clock=lambda: run.NOW)
        with desk.read() as session:
            case = cases.by_reference(session, reference).id
        desk.run(
            agenda.save_appointment,
            agenda.AppointmentDraft(case_id=case, planned_on=desk.today(), time_from="15:00", purpose="relecture"),
        )
    return folder


Keep = Callable[[str], None]
Act = Callable[[Page], Iterator[str]]
"""What is done on a page before another picture of it: gives the name of each picture when it is ready to be taken."""


def filters(page: Page) -> Iterator[str]:
    """Each filter of a list."""
    assert isinstance(page, ListPage)
    for at, each in enumerate(page.pills):
        each.click()
        yield f"filtre-{at + 1}"
        each.click()


def nothing_found(page: Page) -> Iterator[str]:
    """A list without what is looked for."""
    assert isinstance(page, ListPage)
    page.look.setText("zzzz")
    page.start()
    yield "rien"
    page.look.clear()
    page.start()


def filled(page: Page) -> Iterator[str]:
    """The quick sheet with something in it."""
    assert isinstance(page, FlashPage)
    form = page.form.form
    for name, text in (("name", "Dawit"), ("contact", "06 39 98 00 00"), ("when", "hier vers 8h30"), ("where", "Oye")):
        field = form.field(name).input
        field.set_raw(text)
        field.edited.emit()
    yield "remplie"


def new_case(page: Page) -> Iterator[str]:
    """Who a new case is about."""
    assert isinstance(page, CasesPage)
    page.new_action.click()
    yield "nouveau"
    page.new.given_up.emit()


def fresh(page: Page) -> Iterator[str]:
    """The form of a new record, from the main button."""
    page.buttons[-1].click()
    yield "nouveau"


ACTS: Final[Mapping[str, tuple[Act, ...]]] = {
    "cases": (new_case,),
    "directory": (nothing_found, fresh),
    "evidence": (filters,),
    "flash": (filled,),
}
"""Small actions, by page."""


class Photographer:
    """Walks through the window once and keeps a picture of each page."""

    def __init__(self, app: QApplication, out: Path, vault: Path) -> None:
        self.app = app
        self.out = out
        self.vault = vault
        self.taken = 0
        self.window = QWidget()
        self.tall = False
        self.stops: tuple[Stop, ...] = ()

    def walk(self, theme: Theme, size: tuple[int, int], only: str = "") -> None:
        """One look, one size."""
        prepare(self.app, theme)
        jobs = JobRunner()
        jobs.unexpected.connect(lambda error: sys.exit(f"unexpected: {error!r}"))
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
            if only in page:
                self._settle(jobs)
                window.grab().save(str(self.out / f"{page}-{name}.png"))
                self.taken += 1

        self.window = window
        self.tall = size[1] < 800  # on a larger screen the end of a page tells nothing more
        self._door(window, keep)
        assert window.vault is not None
        assert window.idle is not None
        window.idle.stop()  # nobody types here: on a slow machine the vault would lock before the last page
        window.on_preferred(
            attrs.evolve(window.vault.settings, scheme=theme.scheme.value, text_percent=round(theme.scale * 100))
        )
        workspace = window.centralWidget()
        assert isinstance(workspace, Workspace)
        self.stops = tuple(stops(window.vault.desk))
        for stop in self.stops:
            if only in stop.name or stop.name in only:
                workspace.go_to(stop.place)
                self._settle(jobs)
                assert workspace.page is not None
                self._page(workspace.page, stop.name, keep)
        self._frame(workspace, jobs, keep)
        self._documents(workspace, keep)
        self._pouch(workspace, keep)
        window.close()
        window.deleteLater()
        jobs.deleteLater()

    def _door(self, window: MainWindow, keep: Keep) -> None:
        """The door and its faces, then the practice vault."""
        door = window.centralWidget()
        assert isinstance(door, UnlockPage)
        keep("porte")
        door.create_action.click()
        keep("porte-creer")
        create, suggest, back = door.create_face.buttons
        suggest.click()
        create.click()
        keep("porte-creer-phrase")
        back.click()
        door.on_made(Made(None, paper.generate()))  # type: ignore[arg-type] - nothing opens it
        keep("porte-code-papier")
        door.on_confirmed()
        door.on_left()
        door.restore_action.click()
        keep("porte-restaurer")
        door.restore_face.back.click()
        door.paper_action.click()
        keep("porte-avec-code")
        door.paper_action.click()
        unlock, _, practice = door.buttons
        door.field.setText("mauvaise phrase")
        unlock.click()
        self._wait(lambda: bool(door.problem))
        keep("porte-refus")
        practice.click()
        self._wait(lambda: isinstance(window.centralWidget(), Workspace))

    def _page(self, page: Page, name: str, keep: Keep) -> None:
        """A page, tab by tab, and what one does on it."""
        tabs = page.findChild(Tabs)
        if tabs is None:
            self._whole(page, name, keep)
        else:
            for tab in tabs.names:
                tabs.tab(tab).setFocus()
                tabs.tab(tab).click()
                self._whole(page, f"{name}-{tab}", keep)
        for act in ACTS.get(name, ()):
            for done in act(page):
                self._settle(page.context.jobs)
                self._whole(page, f"{name}-{done}", keep)

    def _whole(self, page: QWidget, name: str, keep: Keep) -> None:
        """What is seen first; then the end of what is longer than the window."""
        keep(name)
        bars = [each.verticalScrollBar() for each in page.findChildren(QScrollArea) if each.isVisible()]
        longer = [bar for bar in bars if bar.maximum() > 0]
        if longer and self.tall:
            for bar in longer:
                bar.setValue(bar.maximum())
            keep(f"{name}-fin")
            for bar in longer:
                bar.setValue(0)

    def _frame(self, workspace: Workspace, jobs: JobRunner, keep: Keep) -> None:
        """What lies over every page."""
        workspace.go_to(Place("cases"))
        workspace.on_eye_clicked()
        keep("noms-caches")
        workspace.on_eye_clicked()
        workspace.warn(
            "Verrouillage dans 30 secondes, faute d’activité. Une touche ou un geste de souris suffit à rester."
        )
        keep("verrouillage-proche")
        workspace.warn("")
        workspace.on_search_wanted()
        keep("palette")
        workspace.palette_.line.setText("cal")
        self._settle(jobs)
        keep("palette-cal")
        workspace.palette_.close_up()

    def _documents(self, workspace: Workspace, keep: Keep) -> None:
        """The documents of a referral."""
        referrals = self._referrals(workspace)
        referrals.maker.action.click()
        self._wait(lambda: workspace.page_of(PackPage) is not None)
        pack = workspace.page_of(PackPage)
        assert pack is not None
        for number, each in enumerate(pack.documents):
            each.click()
            self._wait(lambda: pack.preview.pages.is_drawn(1))
            keep(f"saisine-{number + 1}")

    def _pouch(self, workspace: Workspace, keep: Keep) -> None:
        """The pouch of the meeting."""
        workspace.go_to(next(stop.place for stop in self.stops if stop.place.page == "meeting"))
        meeting = workspace.page
        assert isinstance(meeting, MeetingPage)
        self._settle(meeting.context.jobs)
        meeting.print.click()
        self._wait(lambda: workspace.page_of(PouchPage) is not None)
        pouch = workspace.page_of(PouchPage)
        assert pouch is not None
        self._wait(lambda: pouch.preview.pages.is_drawn(1))
        keep("pochette")

    def _referrals(self, workspace: Workspace) -> ReferralsPart:
        """The tab of the first case that has a referral."""
        assert self.stops
        for stop in self.stops:
            workspace.go_to(stop.place)
            page = workspace.page
            if isinstance(page, CasePage):
                page.tabs.tab("referrals").click()
                self._settle(page.context.jobs)
                part = page.present
                assert isinstance(part, ReferralsPart)
                if part.cards.chosen is not None:
                    return part
        sys.exit("no case has a referral")

    def _settle(self, jobs: JobRunner) -> None:
        """Until what was asked for is shown."""
        end, calm = time.monotonic() + PATIENCE, 0
        while calm < CALM and time.monotonic() < end:
            self.app.processEvents()
            waits = (each.isSingleShot() and each.isActive() for each in self.window.findChildren(QTimer))
            calm = calm + 1 if jobs.idle and not any(waits) else 0
            time.sleep(0.005)

    def _wait(self, condition: Callable[[], bool]) -> None:
        """Let the window work until something is so."""
        end = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > end:
                sys.exit("a page did not come")
            self.app.processEvents()
            time.sleep(0.005)
        self.app.processEvents()


def look(theme: Theme, size: tuple[int, int], made: Path, out: Path, only: str) -> int:
    """One look in a process of its own, on its own copy of the vault; how many pictures it gave."""
    app = QApplication(sys.argv[:1])
    with tempfile.TemporaryDirectory() as folder:
        vault = Path(shutil.copytree(made, Path(folder) / "coffre"))
        photographer = Photographer(app, out, vault)
        photographer.walk(theme, size, only)
    return photographer.taken


def main() -> None:
    """Every look, every size, two at a time."""
    out = Path(sys.argv[1] if len(sys.argv) > 1 else "build/screenshots")
    only = sys.argv[2] if len(sys.argv) > 2 else ""
    out.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    apart = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(2, apart, max_tasks_per_child=1) as pool:
        made = Path(folder) / "coffre"
        practice(made)
        walks = [pool.submit(look, theme, size, made, out, only) for theme, size in LOOKS]
        taken = sum(each.result() for each in walks)
    print(f"{out}: {taken} images, {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
