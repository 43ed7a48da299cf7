# SPDX-License-Identifier: GPL-3.0-or-later
"""A letter lent to a folder."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from forms.worker import Worker
from hro_desktop.casework import (
    outside,
)
from hro_desktop.casework.clear_copies import Lent
from hro_desktop.casework.desk import Desk
from hro_desktop.records.referrals import Referral
from tests.casework.outside.support import FORM


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker() as made:
        yield made


@pytest.fixture
def complaint(desk: Desk) -> uuid.UUID:
    with desk.read() as session:
        return session.scalars(select(Referral.id).where(Referral.reference == "S-2026-0001")).one()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "dehors"
    made.mkdir()
    return made


@pytest.fixture
def lent(desk: Desk, complaint: uuid.UUID, folder: Path) -> Lent:
    return outside.lend(desk, complaint, FORM, folder).value
