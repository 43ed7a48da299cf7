# SPDX-License-Identifier: GPL-3.0-or-later
"""The real document beside the words: the last ones win, and what is typed is what is printed."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from forms import preview
from hro_desktop import bootstrap
from hro_desktop.casework.desk import Desk
from hro_desktop.demo import run
from hro_desktop.records.referrals import Referral
from tests.support.practice import practice_vault
from tests.ui.conftest import Stage, flush_deletes
from ui.build.live_page import LivePage

MakeStage = Callable[..., Stage]
SLOW = 60_000


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with bootstrap.open_desk(practice_vault(tmp_path), run.PASSPHRASE, clock=lambda: run.NOW) as opened:
        yield opened


@pytest.fixture
def complaint(desk: Desk) -> uuid.UUID:
    with desk.read() as session:
        return session.scalars(select(Referral.id).where(Referral.reference == "S-2026-0001")).one()


@pytest.fixture
def page(qtbot: QtBot, make_stage: MakeStage, desk: Desk, complaint: uuid.UUID) -> LivePage:
    made = LivePage(make_stage().context, desk)
    qtbot.addWidget(made)
    made.resize(600, 800)
    made.show()
    with qtbot.waitSignal(made.redrawn, timeout=SLOW):
        made.open(("referral", complaint))
    return made


def test_what_is_typed_is_printed_and_the_last_words_win(qtbot: QtBot, page: LivePage) -> None:
    assert preview.find(page.pdf, "pamplemousse") is None
    for text in ("Un pam", "Un pample", "Un pamplemousse."):
        page.type_account(text)
    qtbot.waitUntil(lambda: preview.find(page.pdf, "pamplemousse") is not None, timeout=SLOW)
    assert page.pane.pages.is_drawn(1)


def test_the_papers_are_chosen_and_places_are_found(qtbot: QtBot, page: LivePage) -> None:
    with qtbot.waitSignal(page.redrawn, timeout=SLOW):
        page.show_form("bordereau")
    assert preview.find(page.pdf, "Bordereau") or preview.find(page.pdf, "BORDEREAU")
    with qtbot.waitSignal(page.redrawn, timeout=SLOW):
        page.show_form("plainte_procureur")
    before = page.pane.pages.grab().toImage()
    page.show_place("Fait à")
    page.show_place("procureur de la République")
    qtbot.waitUntil(lambda: page.pane.pages.grab().toImage() != before, timeout=SLOW)
    marked = page.pane.pages.grab().toImage()
    page.on_found(("Fait à", None))  # of the place that was sought before: it came late
    assert page.pane.pages.grab().toImage() == marked
    page.on_found(("procureur de la République", None))
    assert page.pane.pages.grab().toImage() == before


def test_redrawing_does_not_move_the_page(qtbot: QtBot, page: LivePage) -> None:
    bar = page.pane.pages.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    at = bar.value()
    with qtbot.waitSignal(page.redrawn, timeout=SLOW):
        page.type_account("Un exposé qui tient en une ligne de plus, et voilà.")
    assert abs(bar.value() - at) <= 1 or bar.value() == bar.maximum()


def test_its_converter_ends_with_it(qtbot: QtBot, make_stage: MakeStage, desk: Desk, complaint: uuid.UUID) -> None:
    made = LivePage(make_stage().context, desk)
    with qtbot.waitSignal(made.redrawn, timeout=SLOW):
        made.open(("referral", complaint))
    press = made._press
    assert press.worker is not None
    made.deleteLater()
    flush_deletes()
    assert press.worker is None
