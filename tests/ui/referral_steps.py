# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests of the pages of a referral share: going there, signing, withdrawing, reading what is shown."""

import uuid

from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from hro_desktop.casework.desk import Desk
from hro_desktop.records.referrals import Referral
from tests.support.referrals import sign_all, withdraw
from tests.ui.conftest import Stage, words
from tests.ui.test_window import LONG
from ui.main_window import MainWindow
from ui.pages.page import Place
from ui.pages.referral import ReferralPage
from ui.workspace import Workspace

__all__ = ["Opened", "desk_of", "id_of", "named", "page_of", "press", "sign_all", "withdraw", "words"]

Opened = tuple[Stage, MainWindow, Workspace]


def desk_of(opened: Opened) -> Desk:
    assert opened[1].vault is not None
    return opened[1].vault.desk


def id_of(opened: Opened, reference: str) -> uuid.UUID:
    with desk_of(opened).read() as session:
        return session.scalars(select(Referral.id).where(Referral.reference == reference)).one()


def page_of(qtbot: QtBot, opened: Opened, reference: str, part: str = "") -> ReferralPage:
    opened[2].go_to(Place("referral", id_of(opened, reference), part))
    page = opened[2].page
    assert isinstance(page, ReferralPage)
    qtbot.waitUntil(lambda: page.followed is not None, timeout=LONG)
    return page


def named(widget: QWidget, text: str) -> QAbstractButton:
    return next(
        each for each in widget.findChildren(QAbstractButton) if text in each.accessibleName() and each.isVisible()
    )


def press(qtbot: QtBot, widget: QWidget, text: str) -> None:
    """Press a button as soon as it is there."""

    def there() -> bool:
        return any(text in each.accessibleName() and each.isVisible() for each in widget.findChildren(QAbstractButton))

    qtbot.waitUntil(there, timeout=LONG)
    named(widget, text).click()
