# SPDX-License-Identifier: GPL-3.0-or-later
"""Readable letters outside: each is known, wherever it lies and however often it was lent, until it is erased."""

import shutil
import uuid
from pathlib import Path

import pytest

from hro_desktop import bootstrap
from hro_desktop.casework import clear_copies, comparison, outside, outside_files
from hro_desktop.casework.clear_copies import ClearCopy, Lent
from hro_desktop.casework.desk import Desk
from hro_desktop.demo import run
from tests.casework.outside.support import FORM, add, looked_at, refused, state

pytestmark = pytest.mark.usefixtures("qapp")


def known(desk: Desk) -> tuple[ClearCopy, ...]:
    with desk.read() as session:
        return clear_copies.known(session)


def test_lent_twice_and_taken_from_elsewhere(desk: Desk, complaint: uuid.UUID, lent: Lent, tmp_path: Path) -> None:
    again = outside.lend(desk, complaint, FORM, lent.path.parent).value
    elsewhere = tmp_path / "Bureau" / "lettre corrigée.docx"
    elsewhere.parent.mkdir()
    shutil.copy(again.path, elsewhere)
    add(elsewhere)
    outside.take_back(desk, looked_at(desk, again, elsewhere))
    found = {each.path: each.taken for each in known(desk)}
    assert found == {lent.path: False, again.path: False, elsewhere: True}
    assert {each.path for each in state(desk, complaint).copies} == set(found)
    assert {each.lent_id for each in known(desk)} == {lent.document_id, again.document_id}
    for each in found:
        clear_copies.remove(desk, complaint, each)
        assert not each.exists()
    assert known(desk) == ()


def test_it_is_known_after_a_restart(tmp_path: Path, desk: Desk, lent: Lent) -> None:
    folder = desk.vault.folder
    desk.vault.close()
    with bootstrap.open_desk(folder, run.PASSPHRASE, clock=lambda: run.NOW) as opened:
        (copy,) = known(opened)
        assert copy.path == lent.path
        assert copy.reference == "S-2026-0001"


def test_what_did_not_come_back_is_erased_only_when_said(desk: Desk, complaint: uuid.UUID, lent: Lent) -> None:
    add(lent.path)
    with refused("outside.changed"):
        clear_copies.remove(desk, complaint, lent.path)
    outside.take_back(desk, looked_at(desk, lent))
    (copy,) = known(desk)
    assert copy.taken
    add(lent.path, "Modifié encore après la reprise.")
    with refused("outside.changed"):
        clear_copies.remove(desk, complaint, lent.path)
    assert lent.path.exists()
    clear_copies.remove(desk, complaint, lent.path, unread=True)
    assert not lent.path.exists()
    assert known(desk) == ()


def test_a_copy_that_is_not_there_stays_known_until_somebody_says_so(
    desk: Desk, complaint: uuid.UUID, lent: Lent
) -> None:
    lent.path.unlink()
    with refused("outside.absent"):
        clear_copies.remove(desk, complaint, lent.path)
    assert [each.path for each in known(desk)] == [lent.path]
    clear_copies.forget(desk, complaint, lent.path)
    assert known(desk) == ()


def test_a_name_that_became_free_is_a_new_copy(desk: Desk, complaint: uuid.UUID, lent: Lent) -> None:
    add(lent.path)
    outside.take_back(desk, looked_at(desk, lent))
    lent.path.unlink()
    again = outside.lend(desk, complaint, FORM, lent.path.parent).value
    assert again.path == lent.path
    (copy,) = known(desk)
    assert not copy.taken
    assert copy.lent_id == again.document_id


def test_a_file_of_somebody_else_is_never_erased(desk: Desk, complaint: uuid.UUID, lent: Lent) -> None:
    other = lent.path.with_name("autre.docx")
    other.write_bytes(b"x")
    with refused("outside.gone"):
        clear_copies.remove(desk, complaint, other, unread=True)
    assert other.exists()


def test_what_the_disk_refused_is_no_copy(
    desk: Desk, complaint: uuid.UUID, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path, _data: bytes) -> None:
        raise OSError(28, "plein")

    monkeypatch.setattr(outside_files, "write", full)
    with refused("out.disk"):
        outside.lend(desk, complaint, FORM, folder)
    assert known(desk) == ()


def test_looking_leaves_nothing(desk: Desk, lent: Lent) -> None:
    add(lent.path)
    comparison.compare(desk, lent.document_id, lent.path, pause=lambda _seconds: None)
    assert [each.taken for each in known(desk)] == [False]
