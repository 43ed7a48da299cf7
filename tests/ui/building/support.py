# SPDX-License-Identifier: GPL-3.0-or-later
"""What every test of the builder does."""

import uuid
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from hro_desktop.casework import drafts
from hro_desktop.casework.builder import Build
from hro_desktop.casework.desk import Desk
from hro_desktop.records.referrals import Referral
from tests.ui.conftest import Stage
from tests.ui.test_window import LONG
from ui.build.panel import Panel
from ui.build.rubric import RubricField
from ui.build.text import TextPanel
from ui.main_window import MainWindow
from ui.pages.build import BuildPage
from ui.pages.page import Place
from ui.workspace import Workspace

Opened = tuple[Stage, MainWindow, Workspace]
COMPLAINT = "S-2026-0001"
ALT = Qt.KeyboardModifier.AltModifier
P = TypeVar("P", bound=Panel)


def desk_of(opened: Opened) -> Desk:
    vault = opened[1].vault
    assert vault is not None
    return vault.desk


def referral(opened: Opened, reference: str = COMPLAINT) -> uuid.UUID:
    with desk_of(opened).read() as session:
        return session.scalars(select(Referral.id).where(Referral.reference == reference)).one()


def page_of(qtbot: QtBot, opened: Opened, part: str = "people", reference: str = COMPLAINT) -> BuildPage:
    workspace = opened[2]
    workspace.go_to(Place("build", referral(opened, reference), part))
    page = workspace.page
    assert isinstance(page, BuildPage)
    qtbot.waitUntil(lambda: page.build is not None, timeout=LONG)
    return page


def panel_of(page: BuildPage, code: str, kind: type[P]) -> P:
    found = page.panel(code)
    assert isinstance(found, kind)
    return found


def now(page: BuildPage) -> Build:
    assert page.build is not None
    return page.build


def seen(qtbot: QtBot, widget: QWidget, text: str) -> QAbstractButton:
    """The button of that name, once it is shown."""

    def found() -> list[QAbstractButton]:
        known = widget.findChildren(QAbstractButton)
        return [each for each in known if text in each.accessibleName() and each.isVisible()]

    qtbot.waitUntil(lambda: bool(found()), timeout=LONG)
    return found()[0]


def click(qtbot: QtBot, button: QAbstractButton) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def text_of(qtbot: QtBot, page: BuildPage) -> TextPanel:
    panel = panel_of(page, "text", TextPanel)
    qtbot.waitUntil(panel.editor.form.isEnabled, timeout=LONG)
    qtbot.waitUntil(lambda: bool(panel.rubrics.fields), timeout=LONG)
    return panel


def rubric(panel: TextPanel, name: str, whose: str = "") -> RubricField:
    return next(
        each for each in panel.rubrics.fields.values() if each.rubric.field == name and whose in each.rubric.whose
    )


def kept(opened: Opened, kind: str) -> drafts.Kept | None:
    with desk_of(opened).read() as session:
        return drafts.get(session, kind, referral(opened))
