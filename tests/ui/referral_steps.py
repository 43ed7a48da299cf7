# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests of the pages of a referral share: going there, signing, withdrawing, reading what is shown."""

import datetime as dt
import uuid

from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from hro_desktop.casework import exhibits, readings
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.readings import SignatureDraft
from hro_desktop.records.consents import Consent
from hro_desktop.records.referrals import Referral, ReferralParty
from hro_desktop.vault.work import Work
from tests.ui.conftest import Stage
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


def words(widget: QWidget) -> str:
    return "\n".join(each.text() for each in widget.findChildren(QLabel) if each.isVisible())


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


def sign_all(desk: Desk, referral: uuid.UUID) -> None:
    with desk.read() as session:
        parties = [each.id for each in session.get_one(Referral, referral).parties]
        scan = exhibits.lists(session, referral)[-1].exhibits[0].evidence_id
    for party in parties:
        draft = SignatureDraft(id=party, signed_on=desk.today(), signed_evidence_id=scan)
        desk.run(readings.note_signature, draft, desk.today())


def withdraw(work: Work, referral: uuid.UUID) -> None:
    """One of the complainants takes back every agreement."""
    party = work.session.scalars(select(ReferralParty).where(ReferralParty.referral_id == referral)).first()
    assert party is not None
    for each in work.session.scalars(select(Consent).where(Consent.person_id == party.case.person_id)):
        each.withdrawn_on, each.state = dt.date(2026, 10, 16), "retire"
